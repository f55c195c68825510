from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reportgen.base.errors import TemplateError
from reportgen.base.own_templates import read_own_templates
from reportgen.base.paths import packaged_folder
from reportgen.base.style import Style
from reportgen.latex.escaping import Latex
from reportgen.latex.render import render_body, render_preamble
from reportgen.text.wording import Wording, wording_for


@dataclass
class View:
    """As much of a view as a small template needs."""

    title: Any = "A & B_1"
    items: tuple[str, ...] = ("x%", "y")
    wording: Wording = field(
        default_factory=lambda: wording_for("en", packaged_folder("templates") / "locale")
    )


def rendered(folder: Path, text: str, **values: Any) -> str:
    (folder / "report.tex.j2").write_text(text, encoding="utf-8")
    return render_body(View(**values), read_own_templates(folder)).tex


def test_every_expression_is_escaped_however_it_is_made(tmp_path):
    assert rendered(tmp_path, "((( report.title )))") == r"A \& B\_1"
    assert rendered(tmp_path, "((( report.title ~ '#' )))") == r"A \& B\_1\#"
    assert rendered(tmp_path, "((( report.items|first )))") == r"x\%"
    assert rendered(tmp_path, "((( '\\\\input{x}' )))") == r"\textbackslash{}input\{x\}"
    assert rendered(tmp_path, "((( none )))") == ""


def test_latex_passes_and_loses_its_mark_with_plain_text(tmp_path):
    assert rendered(tmp_path, "((( report.title )))", title=Latex(r"\emph{x}")) == r"\emph{x}"
    assert rendered(tmp_path, "((( report.title ~ '' )))", title=Latex(r"\x")) == r"\textbackslash{}x"


def test_lists_are_joined_with_each_part_escaped(tmp_path):
    assert rendered(tmp_path, "((( report.items|commas )))") == r"x\%, y"


def test_tags_become_marks(tmp_path):
    tex = rendered(tmp_path, "((* tag 'P', id='here' *))Text ((( report.title )))((* endtag *))")
    assert tex == r"\TagDest{here}\TagBegin{0}Text A \& B\_1\TagEnd{}"
    assert rendered(tmp_path, "((( tag('H1', 'X & Y') )))") == r"\TagBegin{0}X \& Y\TagEnd{}"


def test_an_unknown_field_names_template_and_line(tmp_path):
    with pytest.raises(TemplateError) as caught:
        rendered(tmp_path, "first\n((( report.nope )))\n")
    (problem,) = caught.value.problems
    assert problem.code == "template-field"
    assert problem.where.file.endswith("report.tex.j2")
    assert problem.where.line == 2
    assert "template check" in problem.hint


def test_an_unknown_word_is_a_template_error(tmp_path):
    with pytest.raises(TemplateError, match="nope"):
        rendered(tmp_path, "((( t.heading.nope )))")


def test_wrong_syntax_names_template_and_line(tmp_path):
    with pytest.raises(TemplateError) as caught:
        rendered(tmp_path, "one\ntwo\n((* if *))\n")
    assert caught.value.problems[0].code == "template-syntax"
    assert caught.value.problems[0].where.line == 3


def test_a_missing_include_is_named(tmp_path):
    with pytest.raises(TemplateError, match=r"sections/nope\.tex\.j2"):
        rendered(tmp_path, "((* include 'sections/nope.tex.j2' *))")


def test_an_unknown_role_or_attribute_is_a_template_error(tmp_path):
    with pytest.raises(TemplateError, match="not a structure role"):
        rendered(tmp_path, "((* tag 'Q' *))x((* endtag *))")
    with pytest.raises(TemplateError, match="no attribute"):
        rendered(tmp_path, "((( tag('P', 'x', colour='red') )))")


def test_an_own_section_replaces_the_packaged_one_only(tmp_path):
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "disclosure.tex.j2").write_text("own words", encoding="utf-8")
    tex = rendered(tmp_path, "((* include 'sections/disclosure.tex.j2' *))|((* include 'tagging.tex' *))")
    assert tex.startswith("own words|")
    assert r"\TagBegin" in tex


def test_tex_that_a_template_breaks_is_the_templates_fault(tmp_path):
    import json

    from minimal_record import minimal
    from reportgen.base.settings import Settings
    from reportgen.pipeline.build import make_report

    (tmp_path / "mine" / "sections").mkdir(parents=True)
    (tmp_path / "mine" / "sections" / "disclosure.tex.j2").write_text("\\undefinedfoo", encoding="utf-8")
    record = tmp_path / "record.json"
    record.write_text(json.dumps(minimal()), encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        make_report(record, Settings(root=tmp_path, templates=Path("mine"), trust_templates=True))
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.file) == ("template-tex", str(tmp_path / "mine"))
    assert "undefinedfoo" in problem.message


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_preamble_depends_on_engine_and_paper_alone(engine, paper):
    preamble = render_preamble(engine=engine, style=Style(paper=paper))
    assert f"{paper}paper" in preamble
    assert ("\\usepackage[T1]{fontenc}" in preamble) is (engine == "pdftex")
    assert "\\begin{document}" not in preamble
    assert "(((" not in preamble
