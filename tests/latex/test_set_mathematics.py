"""What is read as mathematics is written as TeX that both engines set, and as nothing else."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formula_examples import FORMULAS
from latex_text import set_text
from reportgen.latex.mathematics import set_formula
from reportgen.text.faces import unprintable
from reportgen.text.mathematics import LONGEST, NotMathematics, parse_formula
from reportgen.text.mathematics import commands as table
from reportgen.text.mathematics.signs import (
    ACCENTS,
    CHARACTER_SIGNS,
    COMMAND_LETTERS,
    COMMAND_SIGNS,
    DELIMITERS,
    FUNCTIONS,
    SIGNS,
)
from reportgen.text.structure import number, tag
from typeset_strings import examples, read_pages, set_pages

# The grammar as a generator: whatever it makes must be accepted and must compile.
NAMES = sorted([*COMMAND_SIGNS, *COMMAND_LETTERS, *FUNCTIONS, *table.MACROS])
WORDS = st.lists(
    st.sampled_from(
        ["a", "Bc", "12", " ", "é", "$x_1$", *"-+.,;:()/=*!?'~", *(f"\\{each}" for each in "%&#_{}$ ,")]
    ),
    max_size=5,
).map(lambda parts: f"{{{''.join(parts)}}}")
LEAVES = st.one_of(
    st.text("abcxyzABC", min_size=1, max_size=4),
    st.integers(0, 9999).map(str),
    st.sampled_from(["3.14", "1,000", "²", "₁₂", *"+-*/=<>!,.;:?()[]|@%~"]),
    st.sampled_from(sorted(CHARACTER_SIGNS)),
    st.sampled_from(NAMES).map(lambda name: f"\\{name} "),
    st.sampled_from([f"\\{each}" for each in ",;:! %&#_{}|$"]),
    st.builds("\\{}{}".format, st.sampled_from(sorted(table.TEXTS)), WORDS),
    st.builds("\\not\\{} ".format, st.sampled_from(sorted(COMMAND_SIGNS))),
)
DELIMITER = st.sampled_from(sorted(DELIMITERS)).map(
    lambda name: f"\\{name} " if name.isalpha() and len(name) > 1 else name
)
SIZES = st.sampled_from(sorted(table.DELIMITER_SIZES))


def scripts(argument):
    below = st.one_of(st.just(""), argument.map(lambda tex: f"_{tex}"))
    above = st.one_of(st.just(""), st.sampled_from(["'", "''", "′"]), argument.map(lambda tex: f"^{tex}"))
    return st.one_of(st.builds("{}{}".format, below, above), st.builds("{} {}".format, above, below))


def grids(formula):
    row = st.lists(formula, min_size=1, max_size=3).map(" & ".join)
    name = st.sampled_from(sorted(set(table.GRIDS) - table.WITH_COLUMNS))
    body = st.lists(row, min_size=1, max_size=3).map("\\\\".join)
    return st.builds(lambda name, body: f"\\begin{{{name}}}{body}\\end{{{name}}}", name, body)


def composed(formula):
    group = formula.map("{{{}}}".format)
    argument = st.one_of(group, st.sampled_from(["x", "2", " y", "\\alpha ", "\\hat x", "\\frac12", "+"]))
    one = st.sampled_from(
        [*table.ALPHABETS, *ACCENTS, *table.TRANSPARENT, *table.PHANTOMS, *table.BOXES, *table.FENCES]
    )
    two = st.sampled_from([*table.FRACTIONS, *table.BINOMIALS, *table.SLASHED, *table.STACKS])
    atom = st.one_of(
        LEAVES,
        group,
        st.builds("\\{}{}".format, one, group),
        st.builds("\\{} {}{}".format, two, argument, argument),
        st.builds("\\sqrt {}".format, argument),
        st.builds("\\sqrt[{}]{}".format, st.sampled_from(["3", "n", "n+1"]), argument),
        st.builds("\\{}[{}]{}".format, st.sampled_from(sorted(table.LONG_ARROWS)), st.just("a"), group),
        st.builds("\\left{} {}\\right{} ".format, DELIMITER, formula, DELIMITER),
        st.builds("\\{} {}".format, SIZES, DELIMITER),
        st.builds("{{{}\\{} {}}}".format, formula, st.sampled_from(sorted(table.INFIXES)), formula),
        st.builds("{{\\{} {}}}".format, st.sampled_from([*table.SWITCHES, *table.SIZES]), formula),
        st.builds("\\substack{{{}\\\\{}}}".format, formula, formula),
        grids(formula),
    )
    return st.lists(st.builds("{}{}".format, atom, scripts(argument)), min_size=1, max_size=5).map("".join)


DESCRIBED = st.recursive(st.lists(LEAVES, min_size=1, max_size=6).map("".join), composed, max_leaves=12)
SCRAPS = st.lists(
    st.one_of(
        st.sampled_from(NAMES).map(lambda name: f"\\{name}"),
        st.sampled_from(
            [*"abx12{}[]()^_'$\\%#&~|<>+-=/ \n", "\\left", "\\right", "\\frac", "\\sqrt", "\\text", "\\\\"]
        ),
        st.sampled_from(
            ["\\input", "\\def", "\\write18", "\\csname", "\\mathcal", "\\hat", "^^5c", "°", "′", "\\ce"]
        ),
        st.sampled_from(
            ["\\begin{array}", "\\end{array}", "\\begin{align}", "{cc}", "\\SI", "\\hspace", "\\over"]
        ),
        st.characters(),
    ),
    max_size=25,
).map("".join)
REFUSALS = re.compile(
    r"too deeply|at most|^neither|too early|stands before no sign|the formula is empty|has nothing above"
)
"""Why a formula of the right form is not set: it is too large, or says nothing."""


def tex_of(source: str) -> str:
    return set_formula(parse_formula(source))


def accepted(source: str) -> bool:
    try:
        return bool(tex_of(source)) or True
    except NotMathematics:
        return False


@pytest.mark.parametrize(("source", "tex"), FORMULAS, ids=lambda each: repr(each)[:40])
def test_each_construct_is_written_anew(source, tex):
    assert tex_of(source) == tex


def test_the_table_of_constructs_covers_the_grammar():
    written = "\n".join(source for source, _ in FORMULAS)
    assert len(FORMULAS) > 150
    for names in (
        table.FRACTIONS,
        table.BINOMIALS,
        table.TEXTS.keys() & {"text", "mbox"},
        table.FENCES.keys() - {"set", "expval"},
    ):
        assert all(f"\\{name}" in written for name in names)


@given(DESCRIBED.filter(lambda source: len(source) <= LONGEST))
def test_whatever_the_grammar_describes_is_accepted_within_bounds(source):
    try:
        tex_of(source)
    except NotMathematics as refusal:
        assert REFUSALS.search(str(refusal)), refusal


@given(st.one_of(SCRAPS, st.text()))
def test_any_text_is_a_formula_or_is_not_mathematics(source):
    if accepted(source):
        tex = tex_of(source)
        bare = re.sub(r"\\text\{(?:[^{}]|\{\})*\}", "", tex)
        assert not set(re.sub(r"\\[$#%&_{}]", "", bare)) & set("#%~\x00\r")
        assert set(re.findall(r"\\([A-Za-z]+)", tex)) <= written_commands()
        assert tex.count("{") - tex.count("\\{") == tex.count("}") - tex.count("\\}")


@cache
def written_commands() -> frozenset[str]:
    """The commands that may be written: those in the tables, and those of text that is escaped."""
    known = {name for entry in SIGNS.values() for name in re.findall(r"\\([A-Za-z]+)", entry.tex)}
    known |= COMMAND_LETTERS.keys() | FUNCTIONS.keys() | ACCENTS | set(table.GREEK_CAPITALS_IN_ITALICS)
    known |= {f"big{side}" for side in ("", "l", "r", "m", "g", "gl", "gr", "gm")}
    known |= {f"Big{side}" for side in ("", "l", "r", "m", "g", "gl", "gr", "gm")}
    known |= {
        "Run",  # words from right to left
        "Together",  # joined emoji
        "frac",
        "dfrac",
        "tfrac",
        "binom",
        "dbinom",
        "tbinom",
        "genfrac",
        "sqrt",
        "left",
        "right",
        "middle",
        "text",
        "textit",
        "textbf",
        "textsf",
        "texttt",
        "operatorname",
        "mathrm",
        "mathbf",
        "mathit",
        "mathsf",
        "mathtt",
        "mathcal",
        "mathscr",
        "mathbb",
        "mathfrak",
        "boldsymbol",
        "not",
        "limits",
        "nolimits",
        "prime",
        "quad",
        "qquad",
        "mskip",
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "boxed",
        "phantom",
        "begin",
        "end",
        "substack",
        "mathop",
        "mathrel",
        "mathbin",
        "kern",
        "xrightarrow",
        "xleftarrow",
        "notin",
        "nexists",
        "nmid",
        "nparallel",
        "textasciicircum",
        "textasciitilde",
        "textasciigrave",
        "textquotedbl",
        "textquotesingle",
        "textbackslash",
        "enspace",
        "allowbreak",
        "def",
        "arraystretch",
    }
    return frozenset(known)


NESTED = (
    "{#}", "x^{#}", "x_{#}", "\\frac{#}{#}", "\\frac{1}{#}", "\\binom{#}{1}", "\\sqrt{#}", "\\sqrt[3]{#}", "\\hat{#}",
    "\\overline{#}", "\\overbrace{#}", "\\overrightarrow{#}", "\\left(#\\right)", "\\overset{a}{#}", "\\overset{#}{a}",
    "\\xrightarrow{#}", "\\text{$#$}", "\\boxed{#}", "\\phantom{#}", "{\\displaystyle #}", "{a \\over #}",
    "\\begin{pmatrix}#\\end{pmatrix}", "\\begin{aligned}#&a\\end{aligned}", "\\begin{cases}#&a\\end{cases}",
    "\\substack{#\\\\a}", "\\begin{array}{c}#\\end{array}", "\\begin{smallmatrix}#\\end{smallmatrix}",
    "\\begin{gather}#\\\\\\end{gather}", "\\mathbf{#}", "\\text{\\textbf{#}}",
)  # fmt: skip
"""What may hold a formula, which stands for the sharp."""


def nested(pattern: str) -> str:
    """Nest a pattern in itself as deep as the grammar allows, within the longest formula."""
    found, source = "", "x"
    while len(source) <= LONGEST and accepted(source := pattern.replace("#", source, 1).replace("#", "y")):
        found = source
    return found


@cache
def accepted_formulas() -> list[str]:
    described = [source for source in examples(DESCRIBED, 400) if accepted(source)]
    scraps = [source for source in examples(SCRAPS, 1200) if accepted(source)]
    assert len(described) > 300
    assert len(scraps) > 60
    each = [f"x\\{name} x" for name in NAMES] + [f"x{sign}y" for sign in CHARACTER_SIGNS]
    each += [
        f"\\left{left}x\\right."
        for left in (f"\\{n} " if n.isalpha() else n for n in DELIMITERS)
        if left != "|"
    ]
    each += [f"\\{accent}{{xy}}" for accent in ACCENTS]
    each += [deepest for pattern in NESTED if (deepest := nested(pattern))]
    alphabets = "AaZz09αΓ"
    each += [f"\\{name}{{{letter}}}" for name in table.ALPHABETS for letter in alphabets]
    return [*described, *scraps, *each, *(source for source, _ in FORMULAS)]


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_every_formula_that_is_accepted_compiles(engine):
    sources = accepted_formulas()
    # A character that pdfTeX has no sign for stands in words, and makes a report one of LuaTeX's.
    written = [
        (source, tex)
        for source in sources
        if (tex := tex_of(source)).isascii() or (engine == "luatex" and not unprintable(f"${source}$"))
    ]
    pages = [tag("P", tag("Formula", f"${tex}$", alt="formula")) for _, tex in written]
    assert len(written) > 0.7 * len(sources)
    assert len(read_pages(set_pages(pages, engine)[0])) == len(pages)


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_what_stands_under_accents_stays_in_its_place(engine):
    sources = [
        "\\hat{\\dot{x}_1+y}",
        "\\bar{a\\vec{b}c}",
        "\\tilde{\\hat{\\dot{x}}y}",
        "\\widehat{\\dot{x}_1+y}",
    ]
    pages = [tag("P", tag("Formula", f"${tex_of(source)}$", alt="formula")) for source in sources]
    letters = [re.sub("[^a-z]", "", page) for page in read_pages(set_pages(pages, engine)[0])]
    assert letters == ["xy", "abc", "xy", "xy"]


def test_the_alternative_text_of_a_formula_is_asked_for_in_one_place():
    (paragraph,) = number(tag("P", set_text("with $x^2$ inside"))).root.children
    (formula,) = (element for element in paragraph.walk() if element.role == "Formula")
    assert formula.attributes["alt"]
