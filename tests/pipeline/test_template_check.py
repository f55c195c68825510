from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from fixtures import write_record
from minimal_record import claim
from reportgen.base.errors import Level, TemplateError
from reportgen.base.own_templates import read_own_templates
from reportgen.base.paths import packaged_folder
from reportgen.base.settings import Settings
from reportgen.content import SECTIONS
from reportgen.pipeline.build import make_report
from reportgen.pipeline.template_check import check_templates
from reportgen.text.specimen import specimens

CLAIM_TEXT = "\\ClaimText{((* tag 'P', at=it.at *))((( flow(it.content) )))((* endtag *))}%\n"
LOOP_END = "((* endfor *))((* endtag *))((* endtag *))\\ClaimEnd"


def override(folder, name: str, text: str):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_own_templates(folder)


def test_the_packaged_templates_stop_nowhere_and_print_every_field():
    assert check_templates(None, Settings()) == []


@pytest.mark.parametrize(
    "name", ["latex/question.tex.j2", "html/question.html.j2", "markdown/question.md.j2"]
)
def test_an_unknown_field_is_found_with_its_line_in_every_format(name, tmp_path):
    inside = "((( it.nmae )))" if name.startswith("latex") else "{{ it.nmae }}"
    (problem,) = check_templates(override(tmp_path, name, f"\n{inside}\n"), Settings())
    assert (problem.code, problem.level, problem.where.line) == ("template-field", Level.ERROR, 2)
    assert problem.where.file.endswith(name)
    assert "nmae" in problem.message


def test_a_field_that_nothing_prints_is_a_warning_or_what_the_settings_say(tmp_path):
    own = override(tmp_path, "latex/question.tex.j2", "((* tag 'P' *))nothing((* endtag *))\\par\n")
    (problem,) = check_templates(own, Settings(levels={"field-unprinted": "error"}))
    assert (problem.code, problem.level) == ("field-unprinted", Level.ERROR)
    assert "Question.content" in problem.message


def test_tex_that_does_not_compile_is_found_before_any_record_meets_it(tmp_path):
    own = override(tmp_path, "latex/question.tex.j2", "\\undefinedfoo{((( write(it.content) )))}\n")
    (problem,) = check_templates(own, Settings())
    assert (problem.code, problem.where.file) == ("template-tex", str(tmp_path / "latex/question.tex.j2"))
    assert "undefinedfoo" in problem.message


def test_a_control_character_that_would_pass_for_a_tag_is_refused_with_its_line(tmp_path):
    with pytest.raises(TemplateError) as caught:
        override(tmp_path, "latex/question.tex.j2", "one\ntwo\x03\n")
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.line) == ("template-encoding", 2)
    assert "U+0003" in problem.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sections/panel.tex.j2", "latex/status_strip.tex.j2"),
        ("sections/disclosure.tex.j2", "latex/sections/disclosure.tex.j2"),
        ("preamble.tex.j2", "latex/preamble.tex.j2"),
    ],
)
def test_a_template_of_the_old_layout_is_refused_with_its_new_name(old, new, tmp_path):
    with pytest.raises(TemplateError) as caught:
        override(tmp_path, old, "anything")
    (problem,) = caught.value.problems
    assert problem.code == "template-moved"
    assert new in problem.message


def changed(folder, name: str, *changes: tuple[str, str]):
    """Copy a packaged template with changes."""
    text = (packaged_folder("templates") / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return override(folder, name, text)


def nested(folder):
    """Put the words of a claim into the loop over what supports it."""
    name = "latex/claim.tex.j2"
    return changed(folder, name, (CLAIM_TEXT, ""), (LOOP_END, f"{CLAIM_TEXT}{LOOP_END}"))


def test_words_that_a_loop_loses_are_found_where_a_claim_has_no_support(tmp_path):
    found = check_templates(nested(tmp_path), Settings())
    assert [problem.code for problem in found] == ["field-unprinted"]
    assert found[0].message == "Claim.content is not printed everywhere: 'Claim 1.' is lost"
    assert found[0].where.file == str(tmp_path / "latex/claim.tex.j2")


def test_a_record_whose_words_are_lost_by_a_template_is_told_of_each_claim(tmp_path):
    nested(tmp_path / "templates")
    claims = [claim("Held up by a note.", note="A note."), claim("Held up by nothing.")]
    path = write_record(tmp_path / "record.json", claims=claims, summary="Held up by nothing.")
    settings = Settings(root=tmp_path, templates=Path("templates"), trust_templates=True)
    lost = [each for each in make_report(path, settings).problems if each.code == "field-unprinted"]
    assert [each.where.pointer for each in lost] == ["/claims/1"]
    assert "latex/claim.tex.j2 does not print the words of C2 'Held up by nothing.'" in lost[0].message


def test_the_full_specimen_fills_every_field():
    """A template must meet each field before a record brings it."""
    full, _ = specimens(SECTIONS)
    filled: dict[str, bool] = {}

    def look(value):
        if isinstance(value, tuple):
            for part in value:
                look(part)
        elif dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                part = getattr(value, field.name)
                name = f"{type(value).__name__}.{field.name}"
                filled[name] = filled.get(name, False) or part not in (None, (), "")
                look(part)

    look(full)
    common = {
        f"{kind}.{name}"
        for kind in {each.partition(".")[0] for each in filled}
        for name in ("at", "id", "lang")
    }
    assert {name for name, is_filled in filled.items() if not is_filled} - common == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("flow(it.subtitle)", "floww(it.subtitle)"), "template-field"),
        ((", title=plain(it.content)", ""), "tag-heading-title"),
        (("\\Undivided{}", "\\hrulle heigt\\Undivided{}"), "template-tex"),
        (("\\thispagestyle{first}", "\\thispagestyle{first}Loose words\\par"), "untagged-text"),
    ],
)
def test_what_would_stop_a_report_is_found_in_the_file_of_the_template(change, code, tmp_path):
    override(
        tmp_path,
        "latex/question.tex.j2",
        "((* tag 'P', at=it.at *))((( flow(it.content) )))((* endtag *))\\par\n",
    )
    (problem,) = check_templates(changed(tmp_path, "latex/title.tex.j2", change), Settings())
    named = "" if code == "untagged-text" else str(tmp_path / "latex/title.tex.j2")
    assert (problem.code, problem.where.file) == (code, named)


@pytest.mark.parametrize(
    ("name", "change", "code", "said"),
    [
        (
            "title",
            ("\\Undivided{}", "\\hrulle heigt\\Undivided{}"),
            "template-tex",
            "the project's own template stops TeX",
        ),
        ("title", (", title=plain(it.content)", ""), "tag-heading-title", "no wording for the outline"),
        (
            "question",
            ("((( flow(it.content) )))", "\\MakeUppercase{((( flow(it.content) )))}"),
            "text-lost",
            "not hold this text",
        ),
    ],
)
def test_a_template_that_stops_a_report_is_named_and_no_record(name, change, code, said, tmp_path):
    nested(tmp_path / "templates")
    changed(tmp_path / "templates", f"latex/{name}.tex.j2", change)
    settings = Settings(root=tmp_path, templates=Path("templates"), trust_templates=True)
    with pytest.raises(TemplateError) as caught:
        make_report(write_record(tmp_path / "record.json"), settings)
    (problem,) = (each for each in caught.value.problems if each.level is Level.ERROR)
    assert (problem.code, problem.where.file) == (code, str(settings.templates / f"latex/{name}.tex.j2"))
    assert said in problem.message
    assert "report this" not in problem.hint
