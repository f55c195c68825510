from __future__ import annotations

import pytest
from pydantic import ValidationError

from reportgen.base.errors import SettingsError
from reportgen.base.settings import FILE_NAME, Settings, find_settings
from reportgen.base.style import Style, contrast


@pytest.mark.parametrize(
    ("colour", "ratio"),
    [("#FFFFFF", 1), ("#000000", 21), ("#777777", 4.48), ("#767676", 4.54), ("#FF0000", 4.0)],
)
def test_the_contrast_is_that_of_wcag(colour, ratio):
    assert contrast(colour) == pytest.approx(ratio, abs=0.01)


def test_colours_hard_to_read_on_paper_are_named():
    assert list(Style().pale_colours) == []
    assert [name for name, _ in Style(accent="#777777", ink="#767676").pale_colours] == ["accent"]


@pytest.mark.parametrize(
    "given",
    [
        {"accent": "red"},
        {"ink": "#12345"},
        {"accent": "#12345g"},
        {"logo": "logo.jpg"},
        {"logo": "a\u202e.png"},
        {"paper": "a5"},
        {"sections": [""]},
        {"faces": {"serif": "x"}},
    ],
)
def test_what_no_style_has_is_refused(given):
    with pytest.raises(ValidationError):
        Style(**given)


def test_sections_are_named_for_all_kinds_or_by_kind():
    assert Style(sections=["claims", "limitations"]).sections == {"all": ("claims", "limitations")}
    assert Style(sections={"synthesis": ["claims"]}).sections == {"synthesis": ("claims",)}


@pytest.mark.parametrize(
    ("toml", "override", "paper", "accent"),
    [
        ('paper = "letter"\n', None, "letter", "#0B5394"),
        ('[style]\npaper = "letter"\naccent = "#aa0000"\n', None, "letter", "#AA0000"),
        ('[style]\npaper = "letter"\naccent = "#aa0000"\n', "a4", "a4", "#AA0000"),
    ],
)
def test_paper_stands_in_the_style_at_the_top_and_on_the_command_line(
    tmp_path, toml, override, paper, accent
):
    (tmp_path / "reportgen.toml").write_text(toml)
    style = find_settings(tmp_path, paper=override).look
    assert (style.paper, style.accent) == (paper, accent)


def test_settings_survive_being_written_and_read():
    settings = Settings(
        style={"accent": "#aa0000", "sections": {"synthesis": ["claims"]}}, policy={"name": "plain"}
    )
    assert Settings.model_validate_json(settings.model_dump_json()) == settings


@pytest.mark.parametrize(
    ("toml", "place"),
    [
        ("[style]\nsections = 3\n", "/style/sections/all"),
        ('[style]\nsections = ["title", 3]\n', "/style/sections/all/1"),
        ("[style.sections]\nsynthesis = 3\n", "/style/sections/synthesis"),
    ],
)
def test_sections_of_a_wrong_type_have_one_plain_place(toml, place, tmp_path):
    (tmp_path / FILE_NAME).write_text(toml)
    with pytest.raises(SettingsError) as caught:
        find_settings(tmp_path)
    assert [problem.where.pointer for problem in caught.value.problems] == [place]
