from __future__ import annotations

from reportgen.base.errors import Level
from reportgen.base.own_templates import read_own_templates
from reportgen.content.template_check import check_templates


def override(folder, name: str, text: str):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def test_the_packaged_templates_print_every_field():
    assert check_templates() == []


def test_an_unknown_field_is_found_with_its_line(tmp_path):
    folder = override(tmp_path, "sections/disclosure.tex.j2", "\n((( report.publisher.nmae )))\n")
    (problem,) = [each for each in check_templates(read_own_templates(folder)) if each.level is Level.ERROR]
    assert problem.code == "field-unknown"
    assert problem.where.line == 2
    assert problem.where.file.endswith("disclosure.tex.j2")
    assert "Publisher has no field nmae" in problem.message
    assert "name" in problem.hint


def test_an_unknown_field_of_a_loop_variable_is_found(tmp_path):
    text = "((* for author in report.authors *))((( author.shoe )))((* endfor *))"
    folder = override(tmp_path, "sections/disclosure.tex.j2", text)
    assert "AuthorLine has no field shoe" in " ".join(
        each.message for each in check_templates(read_own_templates(folder))
    )


def test_a_field_that_nothing_prints_is_a_warning(tmp_path):
    folder = override(tmp_path, "sections/disclosure.tex.j2", "nothing")
    problems = check_templates(read_own_templates(folder))
    assert {each.level for each in problems} == {Level.WARNING}
    assert {each.message.split(" (")[0] for each in problems} == {
        "no template prints ReportView.disclosure",
        "no template prints ReportView.statement",
    }
