"""The page on Markdown: each of its examples is read, set and free of warnings; its tables say what is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from latex_text import read_markdown
from minimal_record import claim, load
from reportgen.analysis.validation import cite_record, judge
from reportgen.base.settings import Settings
from reportgen.sources import load_library
from reportgen.text.inline import plain_text
from reportgen.text.report import blocks_in
from reportgen.text.tree import (
    CodeBlock,
    DefinitionList,
    Equation,
    Heading,
    ItemList,
    NoteList,
    Quote,
    Rule,
    Table,
)

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "markdown.md").read_text(encoding="utf-8")
EXAMPLES = [text for _, text in re.findall(r"^(`{3,})markdown\n(.*?)^\1$", PAGE, re.DOTALL | re.MULTILINE)]
KEY = {"id": "key2024", "type": "book", "title": "A book", "author": [{"family": "Key", "given": "A."}]}


def rows(heading: str) -> list[tuple[str, str]]:
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(.*?)` \| (.*?) \|$", part, re.MULTILINE)


def warnings_of(text: str) -> list[str]:
    loaded = load(
        sections=[{"title": "Results", "text": text}],
        claims=[claim(id="main")],
        sources=[KEY, "doi:10.1000/xyz123"],
    )
    bibliography = cite_record(loaded.record, load_library([]))
    found = judge(loaded, bibliography, Settings(), strict=False)
    return [each.code for each in found if each.where.pointer == "/sections/0/text"]


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text[:20])
def test_no_example_has_a_problem(text):
    assert set(warnings_of(text)) <= {"text-cut"}


def test_the_examples_show_every_block():
    kinds = {type(block) for text in EXAMPLES for block in blocks_in(read_markdown(text))}
    assert len(EXAMPLES) == 8
    assert {CodeBlock, DefinitionList, Equation, Heading, ItemList, NoteList, Quote, Rule, Table} <= kinds


def test_what_differs_from_commonmark_is_printed_as_the_page_says():
    shown = rows("Where it differs from CommonMark")
    assert len(shown) == 8
    for written, printed in shown:
        (block,) = read_markdown(written)
        shown_on_the_page = plain_text(block.content).replace("\\(x\\)", "$x$")
        assert shown_on_the_page == printed.replace("\\*", "*")


def test_what_is_printed_as_it_stands_is_said():
    shown = rows("What is printed as it stands")
    assert len(shown) == 8
    for written, code in shown:
        assert set(warnings_of(written)) - {"text-cut"} == {code.strip("`")}
