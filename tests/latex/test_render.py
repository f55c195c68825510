from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.base.errors import TemplateError
from reportgen.base.own_templates import read_own_templates
from reportgen.base.style import Style
from reportgen.latex.escaping import Latex
from reportgen.latex.render import render_body, render_preamble
from reportgen.text.report import Band, Question, Report, Section


def rendered(folder: Path, text: str, title: Any = "A & B_1") -> str:
    """Set a question with a template of its own, and nothing around it."""
    (folder / "latex").mkdir(exist_ok=True)
    (folder / "latex" / "question.tex.j2").write_text(text, encoding="utf-8")
    (folder / "latex" / "band.tex.j2").write_text("((( write(it.sections) )))", encoding="utf-8")
    (folder / "latex" / "report.tex.j2").write_text("((( body )))", encoding="utf-8")
    band = Band("main", (Section("status", (Question((title,)),)),))
    report = Report("en", "", (), "", ((), ()), (band,))
    return render_body(report, (), read_own_templates(folder)).numbered.tex


def test_every_expression_is_escaped_however_it_is_made(tmp_path):
    assert rendered(tmp_path, "((( it.content|first )))") == r"A \& B\_1"
    assert rendered(tmp_path, "((( it.content|first ~ '#' )))") == r"A \& B\_1\#"
    assert rendered(tmp_path, "((( plain(it.content) )))") == r"A \& B\_1"
    assert rendered(tmp_path, "((( '\\\\input{x}' )))") == r"\textbackslash{}input\{x\}"
    assert rendered(tmp_path, "((( none )))") == ""


def test_latex_passes_and_loses_its_mark_with_plain_text(tmp_path):
    assert rendered(tmp_path, "((( it.content|first )))", title=Latex(r"\emph{x}")) == r"\emph{x}"
    assert rendered(tmp_path, "((( it.content|first ~ '' )))", title=Latex(r"\x")) == r"\textbackslash{}x"


def test_tags_become_marks(tmp_path):
    tex = rendered(tmp_path, "((* tag 'P', id='here' *))Text ((( write(it.content) )))((* endtag *))")
    assert tex == r"\TagDest{here}\TagBegin{0}Text A \& B\_1\TagEnd{}"
    assert rendered(tmp_path, "((( tag('H1', 'X & Y') )))") == r"\TagBegin{0}X \& Y\TagEnd{}"


@pytest.mark.parametrize(
    "text",
    [
        "tag('P', it.content|first)",
        "it.content|first",
        "plain(it.content)",
        "write(it.content|first)",
        "furniture(it.content|first)",
    ],
)
def test_nothing_a_template_may_call_lets_a_text_pass_unescaped(tmp_path, text):
    assert r"\input\{x\}" not in rendered(tmp_path, f"((( {text} )))", title=r"\input{x}")
    assert "textbackslash" in rendered(tmp_path, f"((( {text} )))", title=r"\input{x}")


def test_what_changes_written_latex_takes_no_plain_text(tmp_path):
    with pytest.raises(TemplateError, match="no plain text"):
        rendered(tmp_path, "((( run_in(it.content|first) )))")


def test_an_unknown_field_names_template_and_line(tmp_path):
    with pytest.raises(TemplateError) as caught:
        rendered(tmp_path, "first\n((( it.nope )))\n")
    (problem,) = caught.value.problems
    assert problem.code == "template-field"
    assert problem.where.file.endswith("latex/question.tex.j2")
    assert problem.where.line == 2
    assert "template list" in problem.hint


@pytest.mark.parametrize(
    ("asked", "message", "hint"),
    [
        ("it.contend", "question has no field `contend`", "did you mean `content`?"),
        ("it.nope", "question has no field `nope`", "`reportgen template list`"),
        ("floww(it.content)", "templates are given nothing called `floww`", "`reportgen template list`"),
    ],
)
def test_what_is_not_given_is_named_in_the_words_of_templates(tmp_path, asked, message, hint):
    with pytest.raises(TemplateError) as caught:
        rendered(tmp_path, f"((( {asked} )))\n")
    (problem,) = caught.value.problems
    assert problem.message == message
    assert hint in problem.hint


def test_wrong_syntax_names_template_and_line(tmp_path):
    with pytest.raises(TemplateError) as caught:
        rendered(tmp_path, "one\ntwo\n((* if *))\n")
    assert caught.value.problems[0].code == "template-syntax"
    assert caught.value.problems[0].where.line == 3


def test_a_missing_include_is_named(tmp_path):
    with pytest.raises(TemplateError, match=r"latex/nope\.tex\.j2"):
        rendered(tmp_path, "((* include 'latex/nope.tex.j2' *))")


def test_an_unknown_role_or_attribute_is_a_template_error(tmp_path):
    with pytest.raises(TemplateError, match="not a structure role"):
        rendered(tmp_path, "((* tag 'Q' *))x((* endtag *))")
    with pytest.raises(TemplateError, match="no attribute"):
        rendered(tmp_path, "((( tag('P', 'x', colour='red') )))")


def test_an_own_section_replaces_the_packaged_one_only(tmp_path):
    (tmp_path / "latex" / "sections").mkdir(parents=True)
    own = tmp_path / "latex" / "sections" / "status.tex.j2"
    own.write_text("own words, then ((( write(it.blocks) )))", encoding="utf-8")
    assert rendered(tmp_path, "((( write(it.content) )))|((* include 'latex/tagging.tex' *))").startswith(
        r"own words, then A \& B\_1|"
    )


def test_tex_that_a_template_breaks_is_the_templates_fault(tmp_path):
    import json

    from minimal_record import minimal
    from reportgen.base.settings import Settings
    from reportgen.pipeline.build import make_report

    (tmp_path / "mine" / "latex" / "sections").mkdir(parents=True)
    own = tmp_path / "mine" / "latex" / "sections" / "disclosure.tex.j2"
    own.write_text("\\undefinedfoo", encoding="utf-8")
    record = tmp_path / "record.json"
    record.write_text(json.dumps(minimal()), encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        make_report(record, Settings(root=tmp_path, templates=Path("mine"), trust_templates=True))
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.file) == ("template-tex", str(own))
    assert "undefinedfoo" in problem.message


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_preamble_depends_on_engine_and_paper_alone(engine, paper):
    preamble = render_preamble(engine=engine, style=Style(paper=paper))
    assert f"{paper}paper" in preamble
    assert ("\\usepackage[T1]{fontenc}" in preamble) is (engine == "pdftex")
    assert "\\begin{document}" not in preamble
    assert "(((" not in preamble
