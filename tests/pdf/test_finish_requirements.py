from __future__ import annotations

import pytest

from reportgen.pdf.finish.requirements import tree_problems
from reportgen.text.structure import Element, number, tag


def tree(*children: Element) -> Element:
    return Element("Document", {}, children)


def heading(role: str, **attributes: str) -> Element:
    return Element(role, {"title": role, **attributes})


def row(*roles: str) -> Element:
    return Element("TR", {}, tuple(Element(role) for role in roles))


def codes(root: Element) -> list[str]:
    return [problem.code for problem in tree_problems(root)]


@pytest.mark.parametrize("role", ["Figure", "Formula"])
def test_what_is_not_text_needs_an_alternative(role):
    assert codes(tree(Element(role, {"at": "/math/statement"}))) == ["tag-alternative"]
    assert tree_problems(tree(Element(role, {"at": "/x"})))[0].where.pointer == "/x"
    assert codes(tree(Element(role, {"alt": "words"}))) == []
    assert codes(tree(Element(role, {"actual": "x"}))) == []


def test_a_heading_needs_its_wording():
    assert codes(tree(Element("H1"))) == ["tag-heading-title"]


@pytest.mark.parametrize(
    ("roles", "faults"),
    [
        ("H1 H2 H3 H2 H1 H2", 0),
        ("H2", 1),
        ("H1 H3", 1),
        ("H3 H1 H3", 2),
    ],
)
def test_headings_go_down_one_level_at_a_time(roles, faults):
    assert codes(tree(*(heading(role) for role in roles.split()))) == ["tag-heading-level"] * faults


def test_an_id_names_one_place():
    assert (
        codes(tree(heading("H1", id="a"), Element("P", {"id": "a"}), Element("P", {"id": "b"})))
        == ["tag-id"] * 2
    )


def test_a_link_leads_somewhere():
    nowhere = Element("Link", {"goto": "b"})
    (problem,) = tree_problems(tree(Element("P", {"id": "a"}, (nowhere,))))
    assert problem.code == "tag-target"
    assert "'b'" in problem.message
    assert codes(tree(Element("P", {"id": "b"}, (nowhere,)))) == []


def test_rows_of_a_table_are_equally_long():
    even = Element(
        "Table", {}, (Element("THead", {}, (row("TH", "TH"),)), Element("TBody", {}, (row("TH", "TD"),)))
    )
    odd = Element("Table", {}, (row("TH", "TH"), row("TH", "TD"), row("TD")))
    assert codes(tree(even)) == []
    (problem,) = tree_problems(tree(odd))
    assert problem.code == "tag-table"
    assert "1 of 1, 2 of 2" in problem.message


def test_faults_come_from_a_template_as_well():
    numbered = number(tag("H1", "Heading") + tag("P", "see " + tag("Link", "that", goto="nowhere")))
    assert codes(numbered.root) == ["tag-heading-title", "tag-target"]
