from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latex_text import set_prose
from reportgen.base.characters import normalise
from reportgen.text.markdown import Refusal, cited_keys, refusals
from reportgen.text.structure import number, tag
from typeset_strings import examples, read_pages, set_pages

if TYPE_CHECKING:
    from collections.abc import Sequence


def cite(keys: Sequence[str]) -> str:
    return f"[{', '.join(f'<{key}>' for key in keys)}]"


def prose(text: str) -> str:
    return set_prose(text, cite)


def paragraph(tex: str) -> str:
    return tag("P", tex) + "\\par\n"


def items(*pairs: tuple[str, str]) -> str:
    inside = "".join(
        tag("LI", f"\\item[{{{tag('Lbl', label)}}}] {tag('LBody', body)}\n") for label, body in pairs
    )
    return f"\\begin{{Items}}{tag('L', inside)}\\end{{Items}}\n\n"


BULLET = "\\textbullet{}"


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("", ""),
        ("One\nline.\n\nTwo", paragraph("One line.") + paragraph("Two")),
        ("*a* _b_ **c** __d__", paragraph(r"\emph{a} \emph{b} \textbf{c} \textbf{d}")),
        ("***both***", paragraph(r"\emph{\textbf{both}}")),
        ("a `co_de` b", paragraph("a " + tag("Code", r"\texttt{co\_de}") + " b")),
        ("`$x$ <b>`", paragraph(tag("Code", r"\texttt{\$x\$ <b>}"))),
        ("$x^2$ $5", paragraph(tag("Formula", "$x^{2}$", alt="x^2") + r" \$5")),
        ("\\$x$ \\*y\\*", paragraph(r"\$x\$ *y*")),
        ("$$x$$", paragraph(r"\$\$x\$\$")),
        ("[@a] and [@b; @c,@d]", paragraph("[<a>] and [<b>, <c>, <d>]")),
        ("[a@b] [@] [@a b]", paragraph("[a@b] [@] [@a b]")),
        (
            "[*text*](https://a.org/?q=1)",
            paragraph(tag("Link", r"\LinkText{\emph{text}}", uri="https://a.org/?q=1")),
        ),
        ("[t](mailto:a@b.org)", paragraph(tag("Link", r"\LinkText{t}", uri="mailto:a@b.org"))),
        (
            '[t](https://a.org "Home & more")',
            paragraph(tag("Link", r"\LinkText{t}", uri="https://a.org") + r" (Home \& more)"),
        ),
        ("[t](ü_b.html)", paragraph(r"t (ü\_b.html)")),
        ("[t](javascript:alert(1))", paragraph("[t](javascript:alert(1))")),
        (
            "![alt](https://a.org/i.png)",
            paragraph("!" + tag("Link", r"\LinkText{alt}", uri="https://a.org/i.png")),
        ),
        ("<https://a.org>", paragraph("<https://a.org>")),
        ("# Not a heading\n---", paragraph(r"\# Not a heading -{}-{}-")),
        ("> not a quote", paragraph("> not a quote")),
        ("    not code", paragraph("not code")),
        ("```\nno block\n```", paragraph(tag("Code", r"\texttt{no block}"))),
        ("~~~\nno block\n~~~", paragraph(3 * r"\textasciitilde{}" + " no block " + 3 * r"\textasciitilde{}")),
        ("a\x00b", paragraph("a<U+0000>b")),
        ("<b>bold</b> &amp; &#65;", paragraph(r"<b>bold</b> \&amp; \&\#65;")),
        ("[a]: https://a.org", paragraph("[a]: https://a.org")),
        ("- a\n- b", items((BULLET, tag("P", "a")), (BULLET, tag("P", "b")))),
        ("3. a\n4. b", items(("3.", tag("P", "a")), ("4.", tag("P", "b")))),
        ("- a\n\n  b\n- c", items((BULLET, paragraph("a") + tag("P", "b")), (BULLET, tag("P", "c")))),
        ("- a\n  1. b", items((BULLET, paragraph("a") + items(("1.", tag("P", "b")))))),
        ("-\n- b", items((BULLET, ""), (BULLET, tag("P", "b")))),
    ],
)
def test_markup_is_set(text, tex):
    # Places to break are another test's.
    assert prose(text).replace("\\BreakHere{}", "") == tex


def test_every_paragraph_points_to_its_field():
    found = number(set_prose("One\n\n- two\n\n  three", cite, at="/sections/1/text"))
    paragraphs = [element for element in found.root.walk() if element.role == "P"]
    assert [element.attributes for element in paragraphs] == [{"at": "/sections/1/text"}] * 3


SCRAPS = st.sampled_from(
    [
        *(
            "word",
            "Ä",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\n    ",
            "\t",
            "\r\n",
            "\u00a0",
            "\\",
            "\\*",
            "\\\n",
            "\x00",
        ),
        *("- ", "* ", "+ ", "1. ", "12) ", "*", "**", "***", "_", "__", "`", "``", "~~~\n", "```\n", "# "),
        *(
            "> ",
            "---\n",
            "===\n",
            "| a | b |\n",
            "$x^2$",
            "$",
            "$$",
            "[",
            "](",
            ")",
            "![",
            "<b>",
            "<!-- c -->",
        ),
        *(
            "&amp;",
            "&copy;",
            "[t](http://x.org/a)",
            "[t](ü.html)",
            '[t](http://e.org "title")',
            "[@key]",
            "@",
        ),
        *("[@k1; @k2]", "<http://a.org>", "[d]: http://ref\n", "{", "}", "%", "^^M", "\\input{x}", "\u202e"),
    ]
)
PARAGRAPHS = st.lists(SCRAPS, min_size=8, max_size=25).map("".join)
TEXTS = st.one_of(st.lists(SCRAPS, max_size=25).map("".join), st.text(max_size=60))


def letters(text: str) -> Counter[str]:
    return Counter(character for character in text if character.isalpha())


@given(TEXTS)
def test_any_text_can_be_set_and_no_letter_of_it_is_lost(text):
    tex = prose(text)
    number(tex)
    assert not letters(normalise(text)) - letters(tex)


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_any_text_compiles(engine):
    texts = examples(PARAGRAPHS, 250)
    pages = [tag("Div", prose(text) + "\\mbox{}") for text in texts]
    assert len(read_pages(set_pages(pages, engine)[0])) == len(texts)


def test_lists_nest_without_end_and_lose_nothing():
    deep = "".join(f"{'  ' * depth}- level{depth}\n" for depth in range(40))
    in_one_line = "- " * 3000 + "deepest"
    marked = "**a " * 400 + "inside" + "**" * 400
    pages = [prose(text) for text in (deep, in_one_line, marked)]
    first, second, third = read_pages(set_pages(pages, "pdftex")[0])
    assert [f"level{depth}" in first for depth in range(40)] == [True] * 40
    assert "deepest" in second
    assert third.count("a") == 400
    assert "inside" in third


@pytest.mark.parametrize(
    "text", ["[" * 5000, "*a " * 3000, "`" * 20000, "$a" * 3000, "[@a;" * 3000, "<!--" * 1000]
)
def test_a_text_of_openings_without_ends_takes_no_time(text):
    assert prose(text)
    assert not refusals(text)
    assert not cited_keys(text)


def test_keys_are_given_in_the_order_of_their_first_mention():
    assert cited_keys("[@b; @a] then [@c,@a] but not @d or [@e f].") == ("b", "a", "c")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain text, 1 < 2 > 0 and a\\b", []),
        ("a <b>c</b>", [("raw HTML", "<b>", 2), ("raw HTML", "</b>", 6)]),
        ("<!-- note -->", [("raw HTML", "<!-- note -->", 0)]),
        ('<a href="x">', [("raw HTML", '<a href="x">', 0)]),
        ("\\textbf{x} \\input{y}", [("raw TeX", "\\textbf{", 0), ("raw TeX", "\\input{", 11)]),
        ("\\begin{x}", [("raw TeX", "\\begin{", 0)]),
        ("`<b> \\input{x}` ``a`b <i>``", []),
        ("$\\frac{1}{2}$", []),
        ("$\\foo{1}$", [("raw TeX", "\\foo{", 1)]),
        ("<https://a.org>", []),
        ("x <b", []),
    ],
)
def test_raw_markup_is_found_where_it_stands(text, found):
    assert refusals(text) == [Refusal(*each) for each in found]


@given(TEXTS)
def test_what_is_found_stands_in_the_text(text):
    assert all(text.startswith(each.found, each.offset) for each in refusals(text))
