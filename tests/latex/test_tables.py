from __future__ import annotations

import re
import unicodedata
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latex_text import set_node as set_table
from reportgen.latex.tables import (
    GAP_MM,
    LONGEST_BLOCK,
    TEXT_WIDTH_MM,
    chunks,
    in_blocks,
)
from reportgen.text.inline import inlines, plain_text
from reportgen.text.mathematics import Formula, split_formulas
from reportgen.text.structure import CLOSE, OPEN, number, tag
from reportgen.text.table_room import COMMON, LEAST, WIDE
from reportgen.text.tree import Cite, Code, Column, Emphasis, Link, Row, Table
from typeset_strings import as_printed, as_read, read_pages, set_pages

TWO = (Column("Source", 30), Column("Says"))


def row(*cells: str, below: tuple[str, ...] = (), **attributes: str) -> Row:
    return Row(tuple(map(inlines, cells)), tuple(map(inlines, below)), **attributes)


def tree(table: Table):
    """Return the roles, attributes and texts of a table, nested."""
    (root,) = number(set_table(table)).root.children
    return root


def cells(table: Table) -> list[list[tuple[str, dict]]]:
    _, body = tree(table).children
    return [[(cell.role, dict(cell.attributes)) for cell in row.children] for row in body.children]


def test_a_table_has_a_head_a_body_and_cells_that_name_their_rows():
    table = Table(TWO, (row("a", "b", id="claim-1", at="/claims/0"), row("c", "d")))
    head, body = tree(table).children
    assert (tree(table).role, head.role, body.role) == ("Table", "THead", "TBody")
    (heading,) = head.children
    assert [(cell.role, cell.attributes) for cell in heading.children] == [("TH", {"scope": "Column"})] * 2
    assert [row.attributes for row in body.children] == [{"id": "claim-1"}, {}]
    assert cells(table) == [
        [("TH", {"scope": "Row", "at": "/claims/0"}), ("TD", {"at": "/claims/0"})],
        [("TH", {"scope": "Row"}), ("TD", {})],
    ]


@pytest.mark.parametrize(
    ("columns", "widths"),
    [
        ((Column("a", 30), Column("b")), [30, TEXT_WIDTH_MM - GAP_MM - 30]),
        ((Column("a"), Column("b", 43), Column("c")), [58, 43, 58]),
        ((Column("a", 10), Column("b", 20)), [10, 20]),
    ],
)
def test_columns_without_a_width_share_what_is_left(columns, widths):
    table = set_table(Table(columns, (row(*["x"] * len(columns)),)))
    assert [float(width) for width in re.findall(r"p\{([\d.]+)mm\}", table)] == widths


def widths_of(*rows, columns=None):
    head = tuple(Column(name) for name in columns or "abcdefghijklmnop"[: len(rows[0])])
    table = set_table(Table(head, tuple(row(*given) for given in rows)))
    return [float(width) for width in re.findall(r"p\{([\d.]+)mm\}", table)]


def test_a_table_without_widths_is_as_wide_as_its_texts():
    widths = widths_of(("Base", "71.2"), ("Tuned", "7"))
    assert sum(widths) < 40
    assert widths_of(("a",)) == widths_of(("b",))


def test_columns_of_long_texts_share_what_those_of_short_ones_leave():
    short, long, longer = widths_of(("12", "word " * 30, "word " * 60))
    assert sum((short, long, longer)) + 2 * GAP_MM == pytest.approx(TEXT_WIDTH_MM, abs=0.1)
    assert short < 10 < long <= longer


@given(
    st.integers(1, 12).flatmap(
        lambda width: st.lists(
            st.lists(st.text("ab 漢", max_size=80), min_size=width, max_size=width), min_size=1, max_size=4
        )
    )
)
def test_no_table_without_widths_is_wider_than_its_line(rows):
    head = tuple(Column("x") for _ in rows[0])
    table = set_table(Table(head, tuple(row(*given) for given in rows)))
    widths = [float(width) for width in re.findall(r"p\{([\d.]+)mm\}", table)]
    gaps = [float(gap) for gap in re.findall(r"@\{\\hspace\{([\d.]+)mm\}\}", table)]
    assert (len(widths), len(gaps)) == (len(rows[0]), len(rows[0]) - 1)
    assert min(widths) > 0
    lines = {"\\Turned{": LEAST.line, "\\BeginWide": WIDE.line}
    line = next((line for begin, line in lines.items() if table.startswith(begin)), COMMON.line)
    assert sum(widths) + sum(gaps) <= line + 0.1


def test_a_table_of_many_columns_is_set_smaller():
    assert "\\Notes" not in set_table(Table(tuple(map(Column, "abcdefg")), ())).partition("longtable")[0]
    assert "{\\Notes" in set_table(Table(tuple(map(Column, "abcdefgh")), ())).partition("longtable")[0]


@pytest.mark.parametrize(
    ("columns", "letters", "size", "turned"),
    [(7, 30, "Small", False), (8, 6, "Notes", False), (14, 6, "Notes", True), (20, 6, "Least", True)],
)
def test_a_table_is_turned_where_a_smaller_size_divides_its_words(columns, letters, size, turned):
    heads = tuple(map(Column, "abcdefghijklmnopqrstuvwxyz"[:columns]))
    table = set_table(Table(heads, (row(*["x" * letters] * columns),), id="tbl-x"))
    assert f"{{\\{size}\n" in table
    assert table.startswith("\\Turned{") is turned


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_a_turned_table_is_read_in_order_on_a_page_that_a_viewer_turns(engine):
    words = [[f"{letter}{number}xxxxx" for letter in "abcdefghijklmn"] for number in range(3)]
    table = set_table(Table(tuple(map(Column, "ABCDEFGHIJKLMN")), tuple(row(*each) for each in words)))
    pages = read_pages(set_pages([f"Before.\n{table}\nBehind."], engine)[0])
    assert [page.split() for page in pages] == [
        ["Before."],
        [*"ABCDEFGHIJKLMN", *chain(*words)],
        ["Behind."],
    ]


def test_a_caption_stands_above_its_table_and_in_its_structure():
    table = Table((Column("a"),), (row("1"),), ("Costs of ", Emphasis(("x",))), "Table 1.", id="tbl-x")
    element = tree(table)
    assert (element.role, element.attributes["id"]) == ("Table", "tbl-x")
    assert [child.role for child in element.children] == ["Caption", "THead", "TBody"]


def test_a_column_is_aligned_and_small():
    table = set_table(Table((Column("a", 9, align="right", small=True), Column("b")), ()))
    assert (
        "{>{\\Rightward\\Notes\\strut\\nobreak\\hskip0pt}p{9.00mm}@{\\hspace{3.5mm}}>{\\Ragged\\strut\\nobreak\\hskip0pt}p{153.50mm}@{}}"
        in table
    )


def test_columns_that_leave_no_room_are_refused():
    with pytest.raises(ValueError, match="leave no room"):
        set_table(Table((Column("a", 165), Column("b")), ()))


NASTY = [
    "* starred",
    "[bracket]",
    "*",
    "[1pt]",
    "a & b \\\\ c",
    "\\hline",
    "}{",
    "%",
    "$x",
    "#1",
    "~^_",
    "-",
    "--",
]


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_every_cell_is_printed_whatever_it_begins_with(engine):
    rows = tuple(row(f"row{index}", text, at=f"/{index}") for index, text in enumerate(NASTY))
    reverse = tuple(row(text, f"row{index}") for index, text in enumerate(NASTY))
    pages = [set_table(Table((Column("A", 2000), Column("B", 2000)), rows)) for rows in (rows, reverse)]
    read = [as_read(" ".join(page.split())) for page in read_pages(set_pages(pages, engine)[0])]
    assert read == [
        " ".join(["A B", *(f"row{index} {as_printed(text)}" for index, text in enumerate(NASTY))]),
        " ".join(["A B", *(f"{as_printed(text)} row{index}" for index, text in enumerate(NASTY))]),
    ]


def test_the_head_is_repeated_on_every_page_and_marked_once():
    rows = tuple(row(f"row{index}", "text " * 150) for index in range(30))
    content = set_table(Table((Column("Label", 100), Column("What it says", 60)), rows))
    pages = read_pages(set_pages([content], "pdftex")[0])
    assert len(pages) > 3
    assert all("What it says" in page for page in pages)
    assert content.count(tag("TH", "\\HeadCell{Label}", scope="Column")) == 1
    assert [index for index in range(30) if not any(f"row{index} " in page for page in pages)] == []


def test_what_is_tagged_in_a_head_is_furniture_where_the_head_is_repeated():
    heading = (*inlines("Effect $d$ "), Cite(()), Link((Code("x"),), "https://example.org"))
    table = set_table(Table((Column(heading), Column("Says")), (row("a", "b"),)))
    assert "Formula" in table.partition(r"\endfirsthead")[0]
    again = table.split(r"\endfirsthead")[1].partition(r"\endhead")[0]
    assert r"\TagArtifact{\HeadCell{Effect $" in again
    assert r"\LinkText{\texttt{x}}" in again
    assert not set(again) & {OPEN, CLOSE}


def test_no_page_holds_the_first_or_the_last_row_alone():
    rows = [row(str(index), "x") for index in range(4)]
    ends = re.findall(r"\\\\(\*?)(?=%|\n)", set_table(Table(TWO, tuple(rows))).split("endlastfoot")[1])
    assert ends == ["*", "", "*", ""]


def test_blocks_stand_below_one_another_in_one_cell():
    table = Table(TWO, (Row((("a",), ("One",)), ((Emphasis(("two",)),),), at="/claims/0"),))
    _, body = tree(table).children
    (row,) = body.children
    assert [child.role for child in row.children] == ["TH", "TD"]
    (stack,) = row.children[1].children
    assert (stack.role, [child.role for child in stack.children]) == ("Div", ["P", "P"])
    assert "\\par " in set_table(table)


def test_one_block_is_a_paragraph_of_its_cell():
    _, body = tree(Table(TWO, (row("a", "One"),))).children
    (paragraph,) = body.children[0].children[1].children
    assert paragraph.role == "P"


def test_long_blocks_go_on_in_further_rows_of_the_same_cell():
    first, *others = (f"Block{index} " + "word " * 120 for index in range(4))
    rows = (row("a", first, below=tuple(others)),)
    table = set_table(Table(TWO, rows))
    assert table.count("\\\\ & ") == 3
    assert len(cells(Table(TWO, rows))[0]) == 2
    (page,) = read_pages(set_pages([table], "pdftex")[0])
    assert [page.count(f"Block{index}") for index in range(4)] == [1] * 4


SENTENCES = st.lists(
    st.one_of(
        st.text("abc déf", min_size=1, max_size=40),
        st.sampled_from(
            [". ", "? ", "。", "中文字", "$x + y$", "$", "e\u0301", "\u0301", "👩\u200d🔬", "-" * 60]
        ),
    ),
    max_size=60,
).map("".join)


@given(SENTENCES, st.integers(10, 120))
def test_a_long_text_is_cut_into_blocks_that_lose_only_spaces(text, longest):
    found = chunks(text, longest)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(len(block) <= longest for block in found)
    assert all(found) or found == [""] == [text]


@given(
    st.lists(st.sampled_from(["e\u0301", "x\u0323\u0304", "👩\u200d🔬", "b"]), max_size=80),
    st.integers(10, 40),
)
def test_no_letter_is_parted_from_its_marks(clusters, longest):
    starts = [block[0] for block in chunks("".join(clusters), longest)[1:]]
    assert [c for c in starts if unicodedata.combining(c) or c == "\u200d"] == []


def test_a_cut_stands_at_the_end_of_a_sentence_where_there_is_one():
    text = "One sentence is here. Another one is there? And a third one follows."
    assert chunks(text, 50) == ["One sentence is here. Another one is there?", "And a third one follows."]
    assert chunks("word " * 9 + "end", 24) == ["word word word word word", "word word word word end"]
    assert chunks("x" * 50, 20) == ["x" * 20, "x" * 20, "x" * 10]


@given(st.integers(0, 80))
def test_no_formula_is_cut(before):
    text = "a" * before + " $x = y + z$ and " + "b" * 80
    joined = [
        part for block in chunks(text, 60) for part in split_formulas(block) if isinstance(part, Formula)
    ]
    assert [formula.source for formula in joined] == ["x = y + z"]


def test_east_asian_letters_count_twice():
    assert max(map(len, chunks("字" * 200, 100))) == 50
    assert chunks("字" * 40, 100) == ["字" * 40]


def test_a_short_text_is_one_block():
    assert chunks("") == [""]
    assert chunks("x " * 100) == ["x " * 100]
    assert len(chunks("word " * LONGEST_BLOCK)) > 4


def test_what_stands_behind_a_long_text_stays_with_its_last_block():
    text, cited = "A sentence of some words. " * 120, Cite(())
    *before, last = in_blocks((*inlines(text), " ", cited))
    assert len(before) > 1
    assert last[-1] == cited
    assert " ".join(plain_text(part[0]).strip() for part in (*before, last)) == text.strip()


@pytest.mark.parametrize(("rows", "room"), [(3, 8), (200, 6)])
def test_a_short_table_asks_for_all_the_room_it_takes(rows, room):
    table = Table(TWO, (row("a", "b"),) * rows, caption=inlines("Words."), label="Table 1.")
    assert f"\\NeedSpace{{{room}\\baselineskip}}" in set_table(table)
