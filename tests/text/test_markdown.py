from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latex_text import read_markdown, set_prose
from markdown_texts import PARAGRAPHS, TEXTS
from reportgen.base.characters import normalise
from reportgen.text.inline import plain_text
from reportgen.text.markup import mathematics_problem
from reportgen.text.mathematics import Formula
from reportgen.text.report import blocks_in
from reportgen.text.structure import number, tag
from reportgen.text.tree import (
    Code,
    CodeBlock,
    CrossReference,
    Definition,
    DefinitionList,
    Emphasis,
    Equation,
    Heading,
    ItemList,
    LineBreak,
    Link,
    NoteItem,
    NoteList,
    Paragraph,
    Quote,
    Rule,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Table,
    Task,
)
from typeset_strings import examples, read_pages, set_pages


def p(*content):
    return Paragraph(content)


def items(*texts):
    return tuple((p(text),) for text in texts)


def link(words, uri=""):
    return Link((words,), uri or words)


def note(number):
    return Superscript((CrossReference(str(number), f"text-note-{number}", ""),))


def notes(*texts):
    return NoteList(
        tuple(NoteItem(str(n), (p(text),), id=f"text-note-{n}") for n, text in enumerate(texts, 1))
    )


LINES = [
    ("*a* _b_ **c** __d__", (Emphasis(("a",)), " ", Emphasis(("b",)), " ", Strong(("c",)), " ", Strong(("d",)))),
    ("***both***", (Emphasis((Strong(("both",)),)),)),
    ("a ~~gone~~ b", ("a ", Strike(("gone",)), " b")),
    ("H~2~O, CO~2~ and x^2^", ("H", Subscript(("2",)), "O, CO", Subscript(("2",)), " and x", Superscript(("2",)))),
    ("^13^C and (^99m^Tc)", (Superscript(("13",)), "C and (", Superscript(("99m",)), "Tc)")),
    ("10^-3^ and 5^th^", ("10", Superscript(("-3",)), " and 5", Superscript(("th",)))),
    ("P~a\\ cat~", ("P", Subscript(("a cat",)))),
    ("x<sub>&alpha;</sub>y<SUP>2</SUP>", ("x", Subscript(("α",)), "y", Superscript(("2",)))),
    ("One<br>two<br/>three", ("One", LineBreak(), "two", LineBreak(), "three")),
    ("One  \ntwo\\\nthree", ("One", LineBreak(), "two", LineBreak(), "three")),
    ("`co_de` ``a`b`` `$x$ <b>`", (Code("co_de"), " ", Code("a`b"), " ", Code("$x$ <b>"))),
    ("caf&eacute; R&amp;D AT&T x &lt; 5 &#8239;% &nosuch;", ("café R&D AT&T x < 5 \u202f% &nosuch;",)),
    ("\\*no\\* \\`code\\` 1\\) \\[2\\] \\$5", ("*no* `code` 1) [2] $5",)),
    ("<b>bold</b> <!-- c --> List<String> <|end|>", ("<b>bold</b> <!-- c --> List<String> <|end|>",)),
    ("p<0.05, a<b, x <y> z", ("p<0.05, a<b, x <y> z",)),
    ("a\x00b", ("a<U+0000>b",)),
    ("No hash#tag, 50% #1 and 3 > 2", ("No hash#tag, 50% #1 and 3 > 2",)),
]  # fmt: skip
NUMBERS_AND_WORDS = [
    "a grid of 3*4*5 cells, p*q*r and f(x)=2*x*y",
    "(n-1)*(n-2)*(n-3), n*(n-1)*(n-2) and (a)*2*(b)",
    "2 * 3 * 4 and ~5 to ~10 or 10~20~30",
    "snake_case_name, __init and a__b__c",
    "2^3^4 is 2^(3^4)",
    "x~~y~~z and 1~~2~~3",
    "un*frigging*believable",
]
EAST_ASIAN = [
    ("これは**重要。**です", ("これは", Strong(("重要。",)), "です")),
    ("结果**「显著」**优于对照", ("结果", Strong(("「显著」",)), "优于对照")),
    ("他说**（注意）**然后*走。*了", ("他说", Strong(("（注意）",)), "然后", Emphasis(("走。",)), "了")),
    ("이것은 **'인용'**입니다", ("이것은 ", Strong(("'인용'",)), "입니다")),
    ("**中文**和**English.**再", (Strong(("中文",)), "和", Strong(("English.",)), "再")),
]
MATHEMATICS = [
    ("$x^2$ and \\(s = a/b\\)", (Formula("x^2"), " and ", Formula("s = a/b"))),
    ("`$x$`, \\$x\\$", (Code("$x$"), ", $x$")),
    ("US$20 million, compared with US$ 35 million", ("US", "$", "20 million, compared with US", "$", " 35 million")),
    ("Sold for $12 (*net*) and bought for 9$.", ("Sold for ", "$", "12 (", Emphasis(("net",)), ") and bought for 9", "$", ".")),
    ("from $40 per head to CA$ 30", ("from ", "$", "40 per head to CA", "$", " 30")),
    ("as $\\nope_{a}*b*_{c}$ here", ("as ", "$\\nope_{a}*b*_{c}$", " here")),
    ("as \\(\\nope_{a}*b*\\) here", ("as ", "\\(\\nope_{a}*b*\\)", " here")),
    ("CO$_2$/H$_2$O", ("CO", Formula("_2"), "/H", Formula("_2"), "O")),
    ("$\\nope$and$x$", ("$\\nope$", "and", Formula("x"))),
    ("US$20 *per* t, or 3$x$", ("US", "$", "20 ", Emphasis(("per",)), " t, or 3", "$", "x", "$")),
    ("*not* \\[sic\\] \\(see above\\)", (Emphasis(("not",)), " [sic] (see above)")),
]  # fmt: skip
CITATIONS = [
    ("[@a] and [@b; @c,@d]", ("[<a>]", " and ", "[<b>; <c>; <d>]")),
    ("[see @a, p. 3; also @doi:10.1/x, chap. 2]", ("[see <a>, p. 3; also <doi:10.1/x>, chap. 2]",)),
    ("[-@10.1000/xyz(3)4] [@{a b}]", ("[<10.1000/xyz(3)4>]", " [@{a b}]")),
    ("@a says (see @b), @c's, @d. @nobody", ("<a>", " says (see ", "<b>", "), ", "<c>", "'s, ", "<d>", ". ", "@nobody")),
    ("[a@b] [@] me@example.org @", ("[a@b] [@] me@example.org @",)),
    ("[@nokey] `[@a]` [@a](https://a.org)", ("[@nokey]", " ", Code("[@a]"), " ", Link(("<a>",), "https://a.org"))),
    ("As shown [1], [2, 3] and 【4†source】.", ("As shown [1], [2, 3] and 【4†source】.",)),
]  # fmt: skip
LINKS = [
    ("[*text*](https://a.org/?q=1)", (Link((Emphasis(("text",)),), "https://a.org/?q=1"),)),
    ("[t](mailto:a@b.org)", (link("t", "mailto:a@b.org"),)),
    ('[t](https://a.org "Home & more")', (link("t", "https://a.org"), " (Home & more)")),
    ("[t](ü_b.html)", ("t", " (ü_b.html)")),
    ("[t](javascript:alert(1))", ("[t](javascript:alert(1))",)),
    ("<https://a.org/x> https://b.org/c_d_e.", (link("https://a.org/x"), " ", link("https://b.org/c_d_e"), ".")),
    ("www.a.org/x, (www.b.org)", (link("www.a.org/x", "http://www.a.org/x"), ", (", link("www.b.org", "http://www.b.org"), ")")),
    ("example.org e.g.this node.js <a@b.org>", ("example.org e.g.this node.js ", link("a@b.org", "mailto:a@b.org"))),
    ("![alt](https://a.org/i.png){width=60%}", ("![alt](https://a.org/i.png){width=60%}",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "content"),
    [*LINES, *EAST_ASIAN, *MATHEMATICS, *CITATIONS, *LINKS],
    ids=lambda each: str(each)[:30],
)
def test_a_line_is_read(text, content):
    assert read_markdown(text) == (p(*content),)


@pytest.mark.parametrize("text", NUMBERS_AND_WORDS)
def test_neither_a_number_nor_a_word_changes_in_silence(text):
    assert read_markdown(text) == (p(text),)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", ()),
        ("One\nline.\n\nTwo", (p("One", " ", "line."), p("Two"))),
        ("# A\n\n### B\n\nC", (Heading(4, ("A",)), Heading(6, ("B",)), p("C"))),
        ("### A\n\n###### B ##", (Heading(4, ("A",)), Heading(6, ("B",)))),
        ("Old\n===\n\nNew {#sec-x}\n---", (Heading(4, ("Old",)), Heading(5, ("New",), id="sec-x"))),
        ("# *E. coli* {#sec-e}", (Heading(4, (Emphasis(("E. coli",)),), id="sec-e"),)),
        ("# {#sec-e}\n\n##", (p("#"), p("##"))),
        ("text {#fig-x}", (p("text {#fig-x}"),)),
        ("a\n\n***\n\n---\n\nb", (p("a"), Rule(), Rule(), p("b"))),
        ("> Said.\n> > Deep.\n\nWe.", (Quote((p("Said."), Quote((p("Deep."),)))), p("We."))),
        ("- a\n- b", (ItemList(items("a", "b")),)),
        ("3. a\n4. b", (ItemList(items("a", "b"), 3),)),
        ("0) a\n1) b", (ItemList(items("a", "b"), 0),)),
        ("- a\n\n  b\n- c", (ItemList(((p("a"), p("b")), (p("c"),))),)),
        ("- a\n  1. b", (ItemList(((p("a"), ItemList(items("b"), 1)),)),)),
        ("-\n- b", (ItemList(((), (p("b"),))),)),
        ("- [ ] a\n- [x] b\n- [y] c", (ItemList(((p(Task(False), " ", "a"),), (p(Task(True), " ", "b"),), (p("[y] c"),))),)),
        ("T *x*\n: one\n: two\n\nU\n\n:   three\n\n    four", (DefinitionList((Definition(("T ", Emphasis(("x",))), ((p("one"),), (p("two"),))), Definition(("U",), ((p("three"), p("four")),)))),)),
        ("```python\na  = '*x*'\n\n  __y__ $z$\n```\nend", (CodeBlock("a  = '*x*'\n\n  __y__ $z$\n", "python"), p("end"))),
        ("~~~\n<b>\n~~~\n\n    [i](j)\n\n\n    k", (CodeBlock("<b>\n"), CodeBlock("[i](j)\n\n\nk\n"))),
        ("- a\n\n  ```\n  b\n  ```", (ItemList(((p("a"), CodeBlock("b\n")),)),)),
        ("$$E = mc^2$$", (Equation(Formula("E = mc^2")),)),
        ("\\[\nx\n- y\n\\] {#eq-x}\n\nz", (Equation(Formula("x\n- y"), id="eq-x"), p("z"))),
        ("so\n$$\nx\n$$\nand $$y$$ {#eq-y} more", (p("so"), Equation(Formula("x")), p("and"), Equation(Formula("y"), id="eq-y"), p("more"))),
        ("\\begin{align}\na &= b \\\\\n- c\n\\end{align} {#eq-a}\n\nz", (Equation(Formula("\\begin{align}\na &= b \\\\\n- c\n\\end{align}"), id="eq-a"), p("z"))),
        ("so \\begin{gather*}x\\end{gather*} is", (p("so"), Equation(Formula("\\begin{gather*}x\\end{gather*}")), p("is"))),
        ("*a **b $$x$$ c** d*", (p(Emphasis(("a ", Strong(("b ",))))), Equation(Formula("x")), p(Emphasis((Strong((" c",)), " d"))))),
        ("*$$x$$*", (Equation(Formula("x")),)),
        ("\\begin{align}\n\\nope\n\\end{align}", (p("\\begin{align}\n\\nope\n\\end{align}"),)),
        ("> $$x\n> +y$$", (Quote((Equation(Formula("x\n+y")),)),)),
        ("$$\n\\nope_{a} b_{c}\n$$", (p("$$\n\\nope_{a} b_{c}\n$$"),)),
        ("$$\nx\n\ny\n$$", (p("$", "$", " ", "x"), p("y", " ", "$", "$"))),
        ("a[^1] b^[in *x*] c[^1]\n\n[^1]: One.", (p("a", note(1), " b", note(2), " c", note(1)), NoteList((NoteItem("1", (p("One."),), id="text-note-1"), NoteItem("2", (p("in ", Emphasis(("x",))),), id="text-note-2"))))),
        ("a[^x]\n\n[^x]: One.\n\n    Two.\n[^y]: Three.", (p("a", note(1)), NoteList((NoteItem("1", (p("One."), p("Two.")), id="text-note-1"), NoteItem("2", (p("Three."),), id="text-note-2"))))),
        ("[^1]: One.\n[^1]: Again.", (p(note(1), ": Again."), notes("One."))),
        ("[^1] is no note", (p("[^1] is no note"),)),
        ("[Foo], [bar][FOO]\n\n[foo]: https://a.org", (p(link("Foo", "https://a.org"), ", ", link("bar", "https://a.org")),)),
        ("[Foo]: https://a.org (T)\n\nEnd", (p("[Foo]: ", link("https://a.org"), " (T)"), p("End"))),
        ("[a]: /x\n[a]: /y\n\n[a]", (p("[a]: /y"), p("a", " (/x)"))),
    ],
    ids=lambda each: repr(each)[:40],
)  # fmt: skip
def test_blocks_are_read(text, blocks):
    assert read_markdown(text) == blocks


class TestTables:
    def table(self, text):
        (table,) = read_markdown(text)
        assert isinstance(table, Table)
        return table

    def cells(self, table):
        return [tuple(map(plain_text, row.cells)) for row in table.rows]

    def test_columns_are_aligned_and_cells_hold_markup(self):
        table = self.table("| M | n | Δ | d |\n|:--|--:|:-:|---|\n| `a\\|b` | **7** | – | $x$ |\n| q |")
        assert [column.align for column in table.columns] == ["left", "right", "center", "left"]
        assert [column.heading for column in table.columns] == [("M",), ("n",), ("Δ",), ("d",)]
        assert table.rows[0].cells == ((Code("a|b"),), (Strong(("7",)),), ("–",), (Formula("x"),))
        assert self.cells(table)[1] == ("q", "", "", "")

    @pytest.mark.parametrize(
        "text",
        ["a|b\n-|-\n1|2", "| a | b |\n|---|---|\n| 1 | 2 |\n", "> a | b\n> --|--\n> 1 | 2", "- a | b\n  --|--\n  1 | 2"],
    )  # fmt: skip
    def test_it_stands_wherever_blocks_do(self, text):
        (table,) = (block for block in blocks_in(read_markdown(text)) if isinstance(block, Table))
        assert self.cells(table) == [("1", "2")]

    def test_it_may_have_a_head_alone_or_one_column(self):
        assert self.table("| a | b |\n|---|---|").rows == ()
        assert self.cells(self.table("| a |\n|---|\n| 1 |")) == [("1",)]

    @pytest.mark.parametrize("text", ["{0}\n\n{1}", "{1}\n\n{0}"], ids=["above", "below"])
    @pytest.mark.parametrize("mark", ["Table:", ":"])
    def test_a_line_above_or_below_it_is_its_caption(self, text, mark):
        table = self.table(text.format(f"{mark} Cost of *x* {{#tbl-x}}", "| a |\n|---|\n| 1 |"))
        assert (table.caption, table.id) == (("Cost of ", Emphasis(("x",))), "tbl-x")

    def test_a_caption_between_two_tables_is_the_upper_one_s(self):
        grid = "| a |\n|---|\n| 1 |"
        upper, lower = read_markdown(f"{grid}\n\n: One.\n\n{grid}\n\n: Two.")
        assert (upper.caption, lower.caption) == (("One.",), ("Two.",))
        upper, lower = read_markdown(f": One.\n\n{grid}\n\n: Two.\n\n{grid}")
        assert (upper.caption, lower.caption) == (("One.",), ("Two.",))

    def test_words_that_begin_like_a_caption_stay_words_where_no_table_is(self):
        assert read_markdown("Table: one {#tbl-x}") == (p("Table: one {#tbl-x}"),)

    def test_a_row_with_more_cells_than_the_head_is_printed_as_it_stands(self):
        table, rest = read_markdown("| a | b |\n|---|---|\n| 1 | 2 |\n|| 3 | 4 |\n| 5 | 6 |")
        assert self.cells(table) == [("1", "2")]
        assert plain_text(rest.content) == "|| 3 | 4 | | 5 | 6 |"

    def test_what_is_no_table_keeps_its_lines(self):
        (paragraph,) = read_markdown("| a | b |\n|---|\n| 1 | 2 |")
        assert paragraph.content == ("| a | b |", LineBreak(), "|---|", LineBreak(), "| 1 | 2 |")


def test_lists_and_quotations_nest_and_lose_nothing():
    text = "".join(f"{'  ' * depth}- level{depth}\n" for depth in range(6)) + "- second\n\nClosing."
    outer, closing = read_markdown(text)
    assert [plain_text(item[0].content) for item in outer.items] == ["level0", "second"]
    assert closing == p("Closing.")
    words = [plain_text(block.content) for block in blocks_in(outer) if isinstance(block, Paragraph)]
    assert words == [*(f"level{depth}" for depth in range(6)), "second"]


def test_every_block_points_to_its_field():
    found = number(set_prose("One\n\n- two\n\n  three\n\n> four\n\n# five\n\n$$x$$", at="/sections/1/text"))
    blocks = [element for element in found.root.walk() if element.role in ("P", "H4", "Formula")]
    assert [element.attributes["at"] for element in blocks] == ["/sections/1/text"] * 6


def signs(text: str) -> Counter[str]:
    return Counter(character for character in text if character.isalnum())


# What its meaning takes the place of: the marks of lists and languages, names of anchors, and entities.
PLAIN_TEXTS = st.lists(
    st.sampled_from(
        ["word", "Ä9", "3*4", " ", "  ", "\n", "\n\n", "*", "**", "_", "~", "~~", "^", "[", "]", "(", ")", "<", ">", "|", "$", "$$",
        "\\", "\\(", "\\]", "@", "#", "+", "= ", "5$ ", "$7", "{", "}", "`", "!", ": ", "& ", "&;", "'", '"', "p < 0.05", "%"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(st.one_of(PLAIN_TEXTS, st.text(max_size=60)))
def test_no_letter_and_no_digit_of_any_text_is_lost(text):
    tex = set_prose(text)
    number(tag("Document", tex))
    printed = signs(normalise(plain_text(tuple(_words(read_markdown(text))))))
    assert not signs(normalise(text)) - printed - _of_meaning(text)


def _words(blocks):
    for block in blocks_in(blocks):
        for name in ("content", "text", "language", "term", "label"):
            value = getattr(block, name, "")
            yield from (value,) if isinstance(value, str) else value
        if isinstance(block, Equation):
            yield block.formula
        if isinstance(block, Table):
            yield from (each for column in block.columns for each in column.heading)
            yield from (each for row in block.rows for cell in row.cells for each in cell)


def _of_meaning(text: str) -> Counter[str]:
    """Count what stands for something else: numbers of lists, entities, addresses."""
    found = re.findall(r"^[\s>+*-]*\d{1,9}[.)]|&#?\w+;|\]\([^)]*\)", text, re.MULTILINE)
    return signs("".join(found))


SIGNS = list("!\"%&'()+,-./:;=?{}|")


@given(st.lists(st.sampled_from(["ab", "7", " ", *SIGNS]), max_size=20).map("".join))
def test_every_sign_of_prose_is_printed(text):
    text = "x" + text + "x"
    printed = plain_text(tuple(_words(read_markdown(text))))
    assert Counter(re.sub(r"\s", "", printed)) == Counter(re.sub(r"\s", "", text))


@given(TEXTS)
def test_any_text_can_be_set(text):
    number(tag("Document", set_prose(text)))
    assert mathematics_problem(text) is None or "printed" in mathematics_problem(text)


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_any_text_compiles(engine):
    texts = [text for text in examples(PARAGRAPHS, 250) if engine == "luatex" or "。" not in text]
    pages = [tag("Div", set_prose(text) + "\\mbox{}") for text in texts]
    assert len(read_pages(set_pages(pages, engine)[0])) >= len(texts)


def test_lists_nest_without_end_and_lose_nothing():
    deep = "".join(f"{'  ' * depth}- level{depth}\n" for depth in range(40))
    in_one_line = "- " * 3000 + "deepest"
    marked = "**a " * 400 + "inside" + "**" * 400
    pages = [set_prose(text) for text in (deep, in_one_line, marked)]
    first, second, third = read_pages(set_pages(pages, "pdftex")[0])
    assert [f"level{depth}" in first for depth in range(40)] == [True] * 40
    assert "deepest" in second
    assert third.count("a") == 400
    assert "inside" in third
