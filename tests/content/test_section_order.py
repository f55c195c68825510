"""Which sections a report has, and in which order, is the house's to say: in every output alike."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from fixtures import write_record
from logos import svg
from minimal_record import claim
from page_text import read
from reportgen import validate
from reportgen.base.errors import SettingsError
from reportgen.base.settings import FILE_NAME, Settings, find_settings
from reportgen.content import SECTIONS, order_of
from reportgen.pipeline.build import build_report
from reportgen.pipeline.compose import compose_report
from reportgen.record.model import Kind
from reportgen.text.inline import plain_text
from reportgen.text.report import Title
from reportgen.trust.verify import Comparison, verify

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "house-style.md"
REVIEWED = {
    "review": {"score": 7.4, "reviewers": [{"role": name, "score": 7.4} for name in ("Reader", "Editor")]}
}
RICH = {
    "claims": [claim(sources=["arxiv:2402.18571"], confidence=0.7, verified=True), claim("A second claim.")],
    **REVIEWED,
}


def house(sections) -> Settings:
    return Settings(style={"sections": sections})


def example(name: str) -> str:
    """Read the file that the page on house style shows under a name."""
    (found,) = re.findall(
        rf"```toml\n(# {name}\n.*?)```", PAGE.read_text().partition("## A whole house")[2], re.DOTALL
    )
    return found


@pytest.mark.parametrize("given", [(), {}, {"math-result": ["title"]}])
def test_a_house_that_says_nothing_has_all_in_their_usual_order(given):
    assert order_of(Kind.SYNTHESIS, house(given)) == tuple(SECTIONS)


def test_a_kind_of_report_may_have_an_order_of_its_own():
    settings = house({"synthesis": ["title", "references", "claims"], "all": ["title", "claims"]})
    assert order_of(Kind.SYNTHESIS, settings) == ("title", "references", "claims")
    assert order_of(Kind.MATH_RESULT, settings) == ("title", "claims")


@pytest.mark.parametrize(
    ("sections", "place", "message", "hint"),
    [
        (["title", "clams"], "/1", "there is no section `clams`", "did you mean `claims`?"),
        (["title", "?"], "/1", "there is no section `?`", "there are title, question, status, "),
        ({"synthesis": ["title", "x"]}, "/synthesis/1", "there is no section `x`", "there are"),
        (
            {"syntesis": ["title"]},
            "/syntesis",
            "there is no kind `syntesis`",
            "did you mean",
        ),
        (["claims", "title"], "", "begin with `title`", ""),
        (["title", "claims", "claims"], "", "name one twice", ""),
    ],
)
def test_a_name_that_there_is_not_is_told_where_it_stands(sections, place, message, hint):
    settings = house(sections)
    with pytest.raises(SettingsError) as caught:
        order_of(Kind.SYNTHESIS, settings)
    (problem,) = caught.value.problems
    assert (problem.where.file, problem.where.pointer) == (
        str(settings.root / FILE_NAME),
        f"/style/sections{place}",
    )
    assert message in problem.message
    assert hint in problem.hint


def test_validate_names_a_section_that_there_is_not(tmp_path):
    path = write_record(tmp_path / "record.json")
    with pytest.raises(SettingsError, match="there is no section `clams`"):
        validate(path, Settings(root=tmp_path, style={"sections": ["title", "clams"]}))


def test_charts_are_numbered_as_they_are_printed_and_drawn_only_where_they_are(tmp_path):
    claims = [claim(f"Claim {n}.", confidence=n / 10) for n in range(5)]
    review = {"score": 8.0, "reviewers": [{"role": role, "score": 6.5 + n} for n, role in enumerate("abcd")]}
    path = write_record(tmp_path / "record.json", claims=claims, review=review)

    def names(*sections: str) -> list[str]:
        made = compose_report(path, Settings(root=tmp_path, style={"sections": ["title", *sections]}))
        return [chart.name for chart in made.inputs.figures.printed]

    assert names("evidence", "results") == ["fig-confidence", "fig-reviewers"]
    assert names("evidence") == ["fig-reviewers"]
    assert names("claims") == []


@pytest.mark.parametrize(
    "order",
    [
        ["title", "quality", "claims", "provenance", "references", "disclosure"],
        ["title", "side", *[name for name in reversed(SECTIONS) if name not in {"title", "side"}]],
    ],
)
def test_small_type_that_a_house_parts_has_one_heading(tmp_path, order):
    path = write_record(tmp_path / "record.json", **RICH)
    settings = find_settings(tmp_path, style={"sections": order}, output=tmp_path / "out")
    said = read(build_report(path, settings).pdf)
    assert said.count("how this report was made and checked") == 1


def test_what_no_reader_may_miss_is_said_without_the_status_too(tmp_path):
    successor = "99999999-2222-4333-8444-555555555555"
    path = write_record(tmp_path / "record.json", superseded_by=successor)
    made = compose_report(path, Settings(root=tmp_path, style={"sections": ["title", "claims"]}))
    (title,) = made.tree.sections[0].blocks
    assert isinstance(title, Title)
    (notice,) = title.notices
    assert successor in plain_text(notice)
    assert made.tree.warning == "Superseded"


def test_a_whole_house_is_two_files(tmp_path, run):
    (tmp_path / FILE_NAME).write_text(example("reportgen.toml"))
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "en.toml").write_text(example("locale/en.toml"))
    (tmp_path / "logo.svg").write_bytes(svg())
    path = write_record(tmp_path / "record.json", **RICH)
    order = tomllib.loads(example("reportgen.toml"))["style"]["sections"]
    assert set(SECTIONS) - set(order) == {"abstract"}
    built = build_report(path, find_settings(tmp_path), keep_tex=True)
    text = read(built.pdf)
    assert "Abstract" not in text
    places = [
        re.search(rf"^{name}$", text, re.MULTILINE)
        for name in ("Limits of this report", "Findings, by source")
    ]
    assert places[0].start() < places[1].start()
    tex = next(built.pdf.parent.rglob("*.tex")).read_text()
    assert r"\definecolor{accent}{HTML}{7A1F2B}" in tex
    assert r"\renewcommand*\rmdefault{qtm}" in tex
    assert tex.count("{logo.pdf}") == 1
    assert verify(built.pdf).outcome is Comparison.IDENTICAL
    page = run("export", path, "--to", "html", "-o", "-").out
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", page)
    assert "Abstract" not in page
    assert headings.index("Findings, by source") == headings.index("Limits of this report") + 1
    assert "--accent: #7A1F2B" in page
