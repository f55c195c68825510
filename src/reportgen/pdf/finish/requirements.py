"""The demands of PDF/UA-1 on the tree, checked before a page is touched; a fault is the template author's to mend."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, Where
from reportgen.text.structure import CELLS, HEADINGS, Element

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NEED_ALTERNATIVES = frozenset(["Figure", "Formula"])


def tree_problems(root: Element) -> list[Problem]:
    """Return every fault of the structure tree, in reading order within each rule."""
    elements = [*root.walk()]
    rules = (_without_alternative, _headings, _names, _irregular_tables)
    return [problem for rule in rules for problem in rule(elements)]


def problem_at(code: str, element: Element, message: str, hint: str) -> Problem:
    """Make an error about an element, laid to the field of the record that it shows."""
    return Problem(code, Level.ERROR, Where(pointer=element.attributes.get("at", "")), message, hint)


def _without_alternative(elements: Sequence[Element]) -> Iterator[Problem]:
    for element in elements:
        if element.role in _NEED_ALTERNATIVES and not {"alt", "actual"} & element.attributes.keys():
            message = f"a {element.role} has no alternative text"
            yield problem_at("tag-alternative", element, message, "give its tag alt=... or actual=...")


def _headings(elements: Sequence[Element]) -> Iterator[Problem]:
    level = 0
    for element in elements:
        if element.role not in HEADINGS:
            continue
        title = element.attributes.get("title", "")
        if not title:
            message = f"a heading {element.role} has no wording for the outline"
            yield problem_at("tag-heading-title", element, message, "give its tag title=...")
        if HEADINGS[element.role] > level + 1:
            message = f"the heading {title!r} is {element.role} where H{level + 1} is the deepest possible"
            yield problem_at(
                "tag-heading-level", element, message, "headings may go one level down at a time"
            )
        level = HEADINGS[element.role]


def _names(elements: Sequence[Element]) -> Iterator[Problem]:
    names = Counter(element.attributes["id"] for element in elements if "id" in element.attributes)
    for element in elements:
        name, target = element.attributes.get("id"), element.attributes.get("goto")
        if name is not None and names[name] > 1:
            message = f"{names[name]} elements have the id {name!r}"
            yield problem_at("tag-id", element, message, "an id names one place")
        if target is not None and target not in names:
            message = f"a link leads to {target!r}, which is nowhere in the document"
            yield problem_at("tag-target", element, message, "give the target's tag this id")


def _irregular_tables(elements: Sequence[Element]) -> Iterator[Problem]:
    for table in elements:
        if table.role != "Table":
            continue
        rows = [element for element in table.walk() if element.role == "TR"]
        counts = Counter(_cells(row) for row in rows)
        if len(counts) > 1:
            found = ", ".join(f"{rows} of {cells}" for cells, rows in sorted(counts.items()))
            message = f"a table has rows of different length: {found} cells"
            yield problem_at("tag-table", table, message, "give empty cells a tag too")


def _cells(row: Element) -> int:
    return sum(isinstance(child, Element) and child.role in CELLS for child in row.children)
