"""What pandoc reads out of generated Markdown, and what stands in the PDF: the same words, in the same order."""

from __future__ import annotations

import re
import subprocess
import unicodedata

import pytest
from hypothesis import strategies as st

from latex_text import set_prose
from reportgen.text.structure import tag
from typeset_strings import examples, read_pages, set_pages

# What the format has beyond CommonMark, pandoc is asked for, too; what it changes is left out, and tested apart.
FORMAT = "commonmark_x-smart-emoji-raw_html-attributes-fancy_lists+autolink_bare_uris"
BEGIN = "BeginsHere"
WORDS = st.sampled_from(
    [
        "alpha",
        "beta",
        "gamma",
        "Delta",
        "epsilon",
        "12",
        "3.5",
        "2026",
        "50%",
        "p<0.05",
        "(zeta)",
        "eta,",
        "theta.",
        "iota;",
        "Kappa:",
        "lambda's",
        "co-op",
        "R&D",
        "3 * 4",
        "snake_case",
        "a/b",
        "x=y",
        "[nu]",
        "#one",
        "1)",
        "~5",
        "\\*xi\\*",
        "&amp;",
        "caf&eacute;",
        "\\_o\\_",
        "\\[4\\]",
        "naïve",
    ]
)
PLAIN = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
LETTERS = st.lists(st.sampled_from(["alpha", "beta", "Gamma", "42"]), min_size=1, max_size=3).map(" ".join)


def marked(inner):
    return st.one_of(
        st.builds("*{}*".format, inner),
        st.builds("**{}**".format, inner),
        st.builds("~~{}~~".format, inner),
        st.builds("[{}](https://example.org/a_b)".format, inner),
        st.builds("[{}](<https://example.org/c> )".format, inner),
    )  # fmt: skip


SPANS = st.one_of(
    marked(LETTERS),
    marked(marked(LETTERS).filter(lambda text: text[0] != "[")).filter(lambda text: not re.search(r"\*\*\*|~~~", text)),
    st.sampled_from(["`code_1(*x*)`", "``a`b``", "H~2~O", "x^2^", "$x$", "<https://example.org/d>", "https://example.org/e_f", "y  \nz", "q\\\nr", "s\nt"]),
)  # fmt: skip
LINES = st.lists(st.one_of(PLAIN, SPANS), min_size=1, max_size=5).map(" ".join).map("Say {}".format)
CELLS = st.one_of(
    LETTERS, st.builds("*{}*".format, LETTERS), st.just("`c|d`".replace("|", "\\|")), st.just("")
)


@st.composite
def tables(draw):
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=4))
    line = "|".join(draw(st.sampled_from(["---", ":--", "--:", ":-:"])) for _ in range(width))
    head = "|".join(f" head {number} " for number in range(width))
    return f"|{head}|\n|{line}|\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)


LEAVES = st.one_of(
    LINES,
    LINES,
    st.builds("{} {}".format, st.sampled_from(["#", "##", "####"]), PLAIN.map("Head {}".format)),
    st.builds("Old {}\n{}".format, LETTERS, st.sampled_from(["===", "---"])),
    st.just("```\ndef f(*args):\n    return a * b\n\n# __end__\n```"),
    st.just("````\n<b> $x$ [i](j)\n````"),
    st.just("    indented *code*"),
    st.just("***"),
    st.builds("Term {}\n:   {}\n".format, LETTERS, LINES.map(lambda line: line.replace("\n", "\n    "))),
    tables(),
)


def indented(text: str, first: str) -> str:
    return first + text.replace("\n", "\n" + " " * len(first))


def containers(blocks):
    several = st.lists(blocks, min_size=1, max_size=3).map("\n\n".join)
    return st.one_of(
        several.map(lambda text: "> " + text.replace("\n", "\n> ")),
        st.lists(several, min_size=1, max_size=3).map(
            lambda items: "\n".join(indented(text, "- ") for text in items)
        ),
        st.lists(several, min_size=1, max_size=3).map(
            lambda items: "\n".join(indented(text, f"{number}. ") for number, text in enumerate(items, 4))
        ),
        LINES.map(lambda line: indented(line, "- [x] ".replace("[x] ", "")).replace("- ", "- [x] ", 1)),
    )


BLOCKS = st.recursive(LEAVES, containers, max_leaves=6)
TEXTS = st.lists(BLOCKS, min_size=2, max_size=5).map("\n\n".join)


@st.composite
def with_notes(draw):
    text, notes = draw(TEXTS), draw(st.lists(LINES.filter(lambda line: "\n" not in line), max_size=2))
    calls = "".join(f"Noted [^n{number}].\n\n" for number in range(len(notes)))
    return f"{calls}{text}\n\n" + "\n".join(f"[^n{number}]: {note}" for number, note in enumerate(notes))


def as_pandoc_reads(text: str) -> str:
    command = ["pandoc", "--from", FORMAT, "--to", "plain", "--columns", "2000"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout.decode()


def words(text: str) -> list[str]:
    """Return the words of a text; a reader of PDFs may set what is raised or lowered on a line of its own."""
    text = unicodedata.normalize("NFKC", text.replace("’", "'").replace("\ufffe", "-").replace("_", "-"))
    return re.findall(
        r"\w+", re.sub(r"\b(H\s*2\s*O|x\s*2)\b", lambda found: re.sub(r"\s", "", found[0]), text)
    )


@pytest.mark.parametrize(("engine", "count"), [("pdftex", 120), ("luatex", 40)])
def test_the_words_of_any_text_stand_in_the_pdf_as_pandoc_reads_them(engine, count):
    texts = examples(with_notes(), count)
    pages = [tag("P", BEGIN) + "\\par\n" + tag("Div", set_prose(text)) for text in texts]
    _, *read = "\n".join(read_pages(set_pages(pages, engine)[0])).split(BEGIN)
    assert len(read) == len(texts)
    assert sum(len(words(page)) for page in read) > 10 * count
    for text, page in zip(texts, read, strict=True):
        assert words(page) == words(as_pandoc_reads(text)), text
