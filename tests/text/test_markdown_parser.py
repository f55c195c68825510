"""What the users of GitHub, pandoc and Quarto write beside CommonMark."""

from __future__ import annotations

import pytest

from latex_text import KnownKeys, read_markdown
from reportgen.text.markdown import parse_markdown
from reportgen.text.tree import (
    Code,
    CodeBlock,
    Emphasis,
    Equation,
    Heading,
    ItemList,
    Paragraph,
    Quote,
    Strong,
    Superscript,
    Table,
)


@pytest.mark.parametrize(
    ("text", "words", "anchor"),
    [
        ("# A {.unnumbered}", "A", ""),
        ("# A {#sec-a .unnumbered key=value}", "A", "sec-a"),
        ("# A {.b #sec-a}", "A", "sec-a"),
        ("# A {n=42}", "A {n=42}", ""),
        ("# A {42}", "A {42}", ""),
        ("# A {#sec-a #sec-b}", "A {#sec-a #sec-b}", ""),
    ],
)
def test_a_heading_takes_its_anchor_and_leaves_classes_out(text, words, anchor):
    assert read_markdown(text) == (Heading(4, (words,), id=anchor),)


def test_a_formula_takes_an_anchor_with_classes_and_no_words():
    (first, second, words) = read_markdown("$$x$$ {#eq-a .b}\n\n$$y$$ {n=42}")
    assert isinstance(first, Equation)
    assert (first.id, second.id, words) == ("eq-a", "", Paragraph(("{n=42}",)))


def test_a_bar_in_code_parts_no_cells():
    (table, behind) = read_markdown(
        "| a `|` b | c |\n|---|---|\n| `x||y` | z \\| w |\n| ``a|`b`` \\` | `c \\| d` |\n\n`a|b`"
    )
    assert isinstance(table, Table)
    assert table.columns[0].heading == ("a ", Code("|"), " b")
    assert [row.cells for row in table.rows] == [
        ((Code("x||y"),), ("z | w",)),
        ((Code("a|`b"), " `"), (Code("c | d"),)),
    ]
    assert behind == Paragraph((Code("a|b"),))


@pytest.mark.parametrize("caption", [": Words. {#tbl-a}", "Table: Words. {#tbl-a .b}"])
def test_a_caption_may_follow_the_last_row_at_once(caption):
    (table,) = read_markdown(f"| a |\n|---|\n| 1 |\n{caption}")
    assert isinstance(table, Table)
    assert (table.caption, table.id, len(table.rows)) == (("Words.",), "tbl-a", 1)
    (table,) = read_markdown(f"| a |\n|---|\n| {caption} |")
    assert len(table.rows) == 1


@pytest.mark.parametrize("word", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_an_alert_begins_with_its_word(word):
    shown = Paragraph((Strong((word.capitalize(),)),))
    assert read_markdown(f"> [!{word}]\n> Words.\n> - one") == (
        Quote((shown, Paragraph(("Words.",)), ItemList(((Paragraph(("one",)),),)))),
    )
    assert read_markdown(f"> [!{word}]") == (Quote((shown,)),)


@pytest.mark.parametrize("text", ["[!NOTE] Words.", "[!OTHER]", "a [!NOTE]"])
def test_what_is_no_alert_stays_as_it_is(text):
    assert read_markdown(f"> {text}") == (Quote((Paragraph((text,)),)),)


def test_what_is_raised_may_hold_markup():
    (paragraph,) = read_markdown("x<sup>*n*</sup>, y^**2**^ and a^b*c^")
    assert paragraph == Paragraph(
        (
            "x",
            Superscript((Emphasis(("n",)),)),
            ", y",
            Superscript((Strong(("2",)),)),
            " and a",
            Superscript(("b*c",)),
        )
    )


def test_code_keeps_its_columns():
    assert read_markdown("```\na\tb\n\tc\n```") == (CodeBlock("a       b\n        c\n"),)


def test_images_are_described_as_in_quarto():
    placed = []

    class Links(KnownKeys):
        def place(self, image, at):
            placed.append(image)
            return (Paragraph(image.caption, id=image.id),)

    parse_markdown('![Words.](a.png){#fig-a .lightbox fig-alt="A line." width=50%}', Links())
    (image,) = placed
    assert (image.alt, image.id, image.attributes["width"]) == ("A line.", "fig-a", "50%")
