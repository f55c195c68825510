"""What a text refers to: works, claims, and the places of the report by their numbers."""

from __future__ import annotations

import pytest

from fixtures import write_record
from minimal_record import claim
from reportgen.base.settings import Settings
from reportgen.pipeline.compose import compose_report
from reportgen.text.inline import plain_text
from reportgen.text.report import blocks_in
from reportgen.text.tree import CrossReference, Equation, Heading, NoteList, Paragraph, Table

ITEMS = [
    {"id": key, "type": "book", "title": f"On {key}", "author": [{"family": "A", "given": "B."}]}
    for key in ("one", "two")
]
GRID = "| a |\n|---|\n| 1 |"


@pytest.fixture
def blocks_of(tmp_path):
    def compose(*texts, **changes):
        sections = [{"title": f"S{number}", "text": text} for number, text in enumerate(texts)]
        record = {"claims": [claim(id="main"), claim("Another.")], "sources": ITEMS, **changes}
        path = write_record(tmp_path / "record.json", sections=sections, **record)
        made = compose_report(path, Settings(root=tmp_path))
        (results,) = (section for section in made.tree.sections if section.name == "results")
        found = list(blocks_in(results.blocks))
        return [block for block in found if block.at.startswith("/sections")], made.tree

    return compose


def paragraphs(blocks):
    return [plain_text(block.content) for block in blocks if isinstance(block, Paragraph)]


def references(block):
    inside = (part for part in block.content if isinstance(part, CrossReference))
    return [(each.label, each.anchor, each.spoken) for each in inside]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("[@one] and [@two; @one], @two says", "[1] and [2, 1], [2] says"),
        ("[see @one, p. 3; also @two, chap. 2]", "[see 1, p. 3; also 2, chap. 2]"),
        ("[-@one] [@one;@two, p. 4]", "[1] [1; 2, p. 4]"),
        ("[see @claim-main; @one] and @claim-main", "see C1, [1] and C1"),
        ("@nobody, `@one` and a@one.org", "@nobody, @one and a@one.org"),
        ("@fig-none and @claim-none stay", "@fig-none and @claim-none stay"),
        ("@doi:10.1000/xyz, (see @doi:10.1000/xyz)", "[3], (see [3])"),
    ],
)
def test_works_and_claims_are_cited_by_their_numbers(blocks_of, text, printed):
    blocks, _ = blocks_of(text)
    assert paragraphs(blocks) == [printed]


def test_what_is_mentioned_without_brackets_is_cited_in_the_text(blocks_of):
    _, tree = blocks_of("As @two says.")
    (listed,) = (section for section in tree.sections if section.name == "references")
    notes = [plain_text(item.note) for item in listed.blocks[1].items]
    assert "text" in notes[1]
    assert notes[0] != notes[1]


def test_places_have_one_numbering_over_all_sections_and_are_called_by_it(blocks_of):
    first = f"# A {{#sec-a}}\n\n## B\n\n### C {{#sec-c}}\n\n$$x$$\n\n$$y$$ {{#eq-y}}\n\n{GRID}\n\n: One. {{#tbl-1}}"
    second = f"{GRID}\n\nSee [@sec-a], @sec-c, @eq-y, [@eq-z], @tbl-1, @tbl-2.\n\n$$z$$ {{#eq-z}}\n\n{GRID}\n\n: Two. {{#tbl-2}}"
    blocks, tree = blocks_of(first, second)
    headings = [(block.number, plain_text(block.content)) for block in blocks if isinstance(block, Heading)]
    prefix = headings[0][0]
    assert headings[1:4] == [(f"{prefix}.1", "A"), ("", "B"), ("", "C")]
    assert [block.label for block in blocks if isinstance(block, Table)] == ["Table 1.", "", "Table 2."]
    assert [block.label for block in blocks if isinstance(block, Equation)] == ["", "(1)", "(2)"]
    said = f"See Section {prefix}.1, C, Equation (1), Equation (2), Table 1, Table 2."
    assert paragraphs(blocks) == [said]
    (paragraph,) = (block for block in blocks if isinstance(block, Paragraph))
    assert {anchor for _, anchor, _ in references(paragraph)} <= tree.anchors
    assert all(label == spoken for label, _, spoken in references(paragraph))


@pytest.mark.parametrize(("language", "spoken"), [("en", "Note 1"), ("de", "Anmerkung 1"), ("fr", "Note 1")])
def test_notes_are_numbered_by_section_and_called_in_the_language_of_the_report(blocks_of, language, spoken):
    blocks, tree = blocks_of("a[^x]\n\n[^x]: One.", "b^[Two $$y$$ {#eq-y}.]", language=language)
    labels = [[item.label for item in block.items] for block in blocks if isinstance(block, NoteList)]
    assert labels == [["1"], ["1"]]
    first = next(block for block in blocks if isinstance(block, Paragraph))
    ((label, anchor, said),) = references(first.content[1])
    assert (label, said) == ("1", spoken)
    assert anchor in tree.anchors
