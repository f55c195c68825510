"""What a text refers to: works, claims, and the places of the report by their numbers."""

from __future__ import annotations

import pytest
from pypdfium2 import PdfDocument

from fixtures import write_record
from minimal_record import claim
from reportgen.base.settings import Settings
from reportgen.pipeline.build import build_report
from reportgen.pipeline.compose import compose_report
from reportgen.text.inline import plain_text
from reportgen.text.report import blocks_in
from reportgen.text.tree import CrossReference, Equation, Heading, NoteList, Paragraph, Table

AUTHORS = [
    {"family": "Walker", "given": "A."},
    {"family": "Lee", "given": "B."},
    {"family": "Kim", "given": "C."},
]
GOGH = {"family": "Gogh", "non-dropping-particle": "van", "given": "V."}
ITEMS = [
    {"id": "one", "type": "book", "title": "On one", "author": AUTHORS[:1]},
    {"id": "two", "type": "book", "title": "On two", "author": AUTHORS[:2]},
]
NAMED = [
    {"id": "three", "type": "book", "title": "On three", "author": AUTHORS},
    {
        "id": "house",
        "type": "report",
        "title": "On house",
        "author": [{"literal": "World Health Organization"}],
    },
    {"id": "edited", "type": "book", "title": "On edited", "editor": [GOGH]},
    {"id": "nobody", "type": "book", "title": "On nobody: with a subtitle"},
    "doi:10.1000/unknown",
]
GRID = "| a |\n|---|\n| 1 |"


@pytest.fixture
def blocks_of(tmp_path):
    def compose(*texts, **changes):
        sections = [
            {"title": f"S{number}", "text": text} if isinstance(text, str) else text
            for number, text in enumerate(texts)
        ]
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
        ("[@one] and [@two; @one], @two says", "[1] and [2, 1], Walker and Lee [2] says"),
        ("[see @one, p. 3; also @two, chap. 2]", "[see 1, p. 3; also 2, chap. 2]"),
        ("[-@one] [@one;@two, p. 4]", "[1] [1; 2, p. 4]"),
        ("[see @claim-main; @one] and @claim-main", "see C1, [1] and C1"),
        ("@nobody, `@one` and a@one.org", "@nobody, @one and a@one.org"),
        ("@fig-none and @claim-none stay", "@fig-none and @claim-none stay"),
        ("@doi:10.1000/xyz, (see @doi:10.1000/xyz)", "[3], (see [3])"),
        (
            "@one [p. 33] and @two's, @one [sic]",
            "Walker [1, p. 33] and Walker and Lee [2]'s, Walker [1] [sic]",
        ),
        ("@{one}, @one@two.org and @claim-main [p. 3]", "Walker [1], @one@two.org and C1 [p. 3]"),
        ("@nobody [p. 3], @{nobody} and @x@one.org", "@nobody [p. 3], @{nobody} and @x@one.org"),
    ],
)
def test_works_and_claims_are_cited_by_their_numbers(blocks_of, text, printed):
    blocks, _ = blocks_of(text)
    assert paragraphs(blocks) == [printed]


@pytest.mark.parametrize(
    ("key", "en", "de"),
    [
        ("one", "Walker", "Walker"),
        ("two", "Walker and Lee", "Walker und Lee"),
        ("three", "Walker et al.", "Walker u.\u202fa."),
        ("house", "World Health Organization", "World Health Organization"),
        ("edited", "van Gogh", "van Gogh"),
        ("nobody", "“On nobody”", "„On nobody“"),
    ],
)
def test_a_key_in_a_sentence_says_who_wrote_the_work(blocks_of, key, en, de):
    for language, name in (("en", en), ("de", de)):
        blocks, _ = blocks_of(f"As @{key} say.", sources=[*ITEMS, *NAMED], language=language)
        number = 1 + [each.get("id") for each in [*ITEMS, *NAMED[:-1]]].index(key)
        assert paragraphs(blocks) == [f"As {name} [{number}] say."]


def test_a_work_of_which_nothing_is_known_is_its_number(blocks_of):
    blocks, _ = blocks_of("As @doi:10.1000/unknown says.", sources=NAMED)
    assert paragraphs(blocks) == ["As [5] says."]


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
    assert headings[1:4] == [("", "A"), ("", "B"), ("", "C")]
    assert [block.label for block in blocks if isinstance(block, Table)] == ["Table 1.", "", "Table 2."]
    assert [block.label for block in blocks if isinstance(block, Equation)] == ["", "(1)", "(2)"]
    said = "See “A”, “C”, Equation (1), Equation (2), Table 1, Table 2."
    assert paragraphs(blocks) == [said]
    (paragraph,) = (block for block in blocks if isinstance(block, Paragraph))
    assert {anchor for _, anchor, _ in references(paragraph)} <= tree.anchors
    assert all(label == spoken for label, _, spoken in references(paragraph))


@pytest.mark.parametrize(("language", "spoken"), [("en", "Note 2"), ("de", "Anmerkung 2"), ("fr", "Note 2")])
def test_notes_are_numbered_through_the_report_and_called_in_its_language(blocks_of, language, spoken):
    appendix = {"title": "E", "text": "c^[Three.]", "appendix": True}
    blocks, tree = blocks_of(
        "a[^x]\n\n[^x]: One.", "b^[Two $$y$$ {#eq-y}.] and again^[Twice.]", appendix, language=language
    )
    every = list(blocks_in(tree.sections))
    labels = [[item.label for item in block.items] for block in every if isinstance(block, NoteList)]
    assert labels == [["1"], ["2", "3"], ["4"]]
    second = [
        block for block in blocks if isinstance(block, Paragraph) and plain_text(block.content)[0] == "b"
    ]
    ((label, anchor, said),) = references(second[0].content[1])
    assert (label, said) == ("2", spoken)
    assert anchor in tree.anchors


def test_a_place_in_round_brackets_keeps_them_around_its_name(blocks_of):
    blocks, _ = blocks_of(f"(see @tbl-a) and (@tbl-a), (@two)\n\n{GRID}\n\n: One. {{#tbl-a}}")
    (paragraph,) = (block for block in blocks if isinstance(block, Paragraph))
    assert plain_text(paragraph.content) == "(see Table 1) and (Table 1), (Walker and Lee [2])"
    assert references(paragraph) == [("Table 1", "tbl-a", "Table 1")] * 2


def test_the_description_names_places_and_notes_as_the_report_does(blocks_of):
    _, tree = blocks_of(f"{GRID}\n\n: One. {{#tbl-a}}", summary="As @tbl-a shows, @fig-none does not.")
    assert "As Table 1 shows, @fig-none does not." in tree.description


def test_a_rule_may_stand_at_the_end_of_any_page(tmp_path):
    text = "***\n\n" * 150 + "***\n\nword\n\nword\n\n" * 150
    record = write_record(tmp_path / "record.json", sections=[{"title": "S", "text": text}])
    built = build_report(record, Settings(root=tmp_path, output=tmp_path / "out"))
    assert len(PdfDocument(built.pdf)) > 6
