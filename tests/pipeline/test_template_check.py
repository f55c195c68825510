from __future__ import annotations

import pytest

from reportgen.base.errors import Level, TemplateError
from reportgen.base.own_templates import read_own_templates
from reportgen.base.settings import Settings
from reportgen.pipeline.template_check import check_templates


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
    own = override(tmp_path, "latex/question.tex.j2", "nothing\n")
    (problem,) = check_templates(own, Settings(levels={"field-unprinted": "error"}))
    assert (problem.code, problem.level) == ("field-unprinted", Level.ERROR)
    assert "Question.content" in problem.message


def test_tex_that_does_not_compile_is_found_before_any_record_meets_it(tmp_path):
    own = override(tmp_path, "latex/question.tex.j2", "\\undefinedfoo{((( write(it.content) )))}\n")
    (problem,) = check_templates(own, Settings())
    assert (problem.code, problem.where.file) == ("template-tex", str(tmp_path))
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
