"""What in a text is a formula, and why something else is none."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formula_examples import FORMULAS
from growth import assert_linear
from reportgen.text.mathematics import (
    LONGEST,
    Formula,
    NotMathematics,
    formula_problem,
    keep_apart,
    parse_formula,
    split_formulas,
)
from reportgen.text.mathematics.cursor import DEEPEST
from reportgen.text.mathematics.environments import MOST_CELLS, MOST_COLUMNS
from reportgen.text.mathematics.grammar import parse_formula as cached_parse
from reportgen.text.mathematics.signs import CHARACTER_SIGNS, COMMAND_LETTERS, COMMAND_SIGNS, SIGNS
from reportgen.text.mathematics.tree import Space


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("\\input{x}", r"\\input is not in the list"),
        ("\\def", r"\\def is not in the list"),
        ("\\text{\\write18}", r"\\write is not in the list"),
        ("\\begin{filecontents}x\\end{filecontents}", "the environment filecontents is not known"),
        ("\\begin{align}x", r"\\end\{align\} is missing"),
        ("\\begin{align}x\\end{gather}", r"\\end\{gather\} ends what"),
        ("\\end{align}", r"\\end is not in the list"),
        ("a^^5cb", r"neither \^\^"),
        ("a\n\nb", "empty line"),
        ("a & b", "& is not allowed here"),
        ("{a & b} \\\\ c", "& is not allowed here"),
        ("\\", r"\\ is not allowed here"),
        ("\x07", "is not allowed here"),
        ("x\u2060y", "is not allowed here"),
        ("x^", "ends too early"),
        ("{x", "} is missing"),
        ("x}", "} is not allowed here"),
        ("\\frac{1}", "ends too early"),
        ("\\left( x", r"\\right is missing"),
        ("\\left x \\right)", "x is not a delimiter"),
        ("\\right)", r"\\right is not in the list"),
        ("\\sqrt[3", r"\] is missing"),
        ("\\text ^", "a brace is missing"),
        ("\\text{a", "ends too early"),
        ("\\text{#}", "# is not allowed in words"),
        ("\\not x", "stands before no sign"),
        ("\\over b", "has nothing above or below it"),
        ("\\hspace{x}", "a length is missing"),
        ("\\si{\\parsnip}", r"\\parsnip is no unit"),
        ("\\num{many}", "many is no number"),
        ("\\ce{$x$}", "is no part of a substance"),
        ("\\unicode{x41}", "names no sign"),
        ("{" * 40 + "x" + "}" * 40, "nests too deeply"),
        ("\\hat" * 60 + " x", "nests too deeply"),
        ("\\sqrt[2]{" * 4 + "x" + "}" * 4, "nests roots too deeply"),
        ("\\text{$" * 4 + "x" + "$}" * 4, "nests words too deeply"),
        ("x" * (LONGEST + 1), f"at most {LONGEST} characters"),
        ("\\begin{matrix}" + "&" * MOST_COLUMNS + "\\end{matrix}", f"at most {MOST_COLUMNS} columns"),
        ("\\begin{matrix}" + "x\\\\" * (MOST_CELLS + 1) + "\\end{matrix}", f"{MOST_CELLS} cells"),
        (" ", "the formula is empty"),
        ("\\label{x}", "the formula is empty"),
        ("{}", "the formula is empty"),
        ("\\mathrm{{}}", "the formula is empty"),
        ("\\-", "the formula is empty"),
        ("\\hspace{0pt}", "the formula is empty"),
        ("\u200b", "the formula is empty"),
        ("x" + "\u0302" * 900, "more than 8 marks"),
    ],
)  # fmt: skip
def test_what_is_outside_the_grammar_is_refused_with_a_reason(source, reason):
    with pytest.raises(NotMathematics, match=reason):
        parse_formula(source)


def test_bounds_are_not_reached_by_what_stands_side_by_side():
    assert parse_formula("\\sqrt[2]x" * 9)
    assert parse_formula("\\text{$x$}" * 9)
    assert parse_formula("{" * (DEEPEST - 2) + "x" + "}" * (DEEPEST - 2))


def test_every_name_of_a_sign_is_one_that_the_table_has():
    assert set(COMMAND_SIGNS.values()) <= SIGNS.keys()
    assert set(CHARACTER_SIGNS.values()) <= SIGNS.keys()
    assert not COMMAND_SIGNS.keys() & COMMAND_LETTERS.keys()
    assert all(len(entry.character) == 1 for entry in SIGNS.values())


def formula(source: str) -> Formula:
    parse_formula(source)
    return Formula(source)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("plain", ["plain"]),
        ("a $x$ b", ["a ", formula("x"), " b"]),
        ("$x$$y$", ["$x$$y$"]),
        ("$x$, $y$", [formula("x"), ", ", formula("y")]),
        ("\\$x$", ["\\$x$"]),
        ("$ x$ and $x $", ["$ x$ and $x $"]),
        ("$x$5", ["$x$5"]),
        ("$\\$$", [formula("\\$")]),
        ("$\\text{if $x$}$", [formula("\\text{if $x$}")]),
        ("$\\text{if $x$", ["$\\text{if ", formula("x")]),
        # A refused formula's closing dollar opens nothing.
        ("$\\nope$ and$x$", ["$\\nope$ and", formula("x")]),
        ("2$\\times$10$^5$", ["2$\\times$10", formula("^5")]),
        ("$\\geq$7%, 99$\\%$", ["$\\geq$7%, 99", formula("\\%")]),
        ("C$5-C$9; 5$ and $x$", ["C$5-C$9; 5$ and ", formula("x")]),
        ("US$5 for \\(x\\), not US$6", ["US$5 for ", formula("x"), ", not US$6"]),
        ("$x}$and$y$", ["$x}$and", formula("y")]),
        # With other signs around them.
        ("so $$x$$ and \\(y\\) or \\[z = 1\\]", ["so ", formula("x"), " and ", formula("y"), " or ", formula("z = 1")]),
        ("$$\nx\n$$", [formula("\nx\n")]),
        ("\\begin{align}a &= b\\end{align}", [formula("\\begin{align}a &= b\\end{align}")]),
        ("\\begin{itemize}a\\end{itemize}", ["\\begin{itemize}a\\end{itemize}"]),
        ("\\[sic\\] \\(see above\\) \\\\(x\\)", ["\\[sic\\] \\(see above\\) \\\\(x\\)"]),
        ("rated $$ and more $$", ["rated $$ and more $$"]),
        ("\\(x and $y$", ["\\(x and ", formula("y")]),
        # Chemistry and isotopes: scripts without a base.
        ("CO$_2$/H$_2$O and N$_2$-rich", ["CO", formula("_2"), "/H", formula("_2"), "O and N", formula("_2"), "-rich"]),
        ("$^{13}$C/$^{12}$C", [formula("^{13}"), "C/", formula("^{12}"), "C"]),
        ("$^{238}_{92}$U; 10$^{-3}$--10$^{-2}$ bar", [formula("^{238}_{92}"), "U; 10", formula("^{-3}"), "--10", formula("^{-2}"), " bar"]),
        ("5 km s$^{-1}$, 3 $\\mu$m and 20$\\,^\\circ$C", ["5 km s", formula("^{-1}"), ", 3 ", formula("\\mu"), "m and 20", formula("\\,^\\circ"), "C"]),
    ],
)  # fmt: skip
def test_text_is_split_at_its_formulas(text, parts):
    assert split_formulas(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "cost $5 and $6",
        "$5 or 6$5",
        "It rose from $5-$10 to $1.5 million.",
        "costs $x and $y",
        "The firm paid US$20 million, compared with US$ 35 million before.",
        "prices fell from $40 per tonne to CA$ 30 (or C$30)",
        "Revenue was $12 and cost 9$ in the pilot.",
        "between A$5 million and A$ 6 million",
        "HK$30 a head, or HK$ 40",
        "R$5 (US$1) per litre, up from R$ 4",
        "NZ$7/kg and S$8/kg",
        "€5 or £6, that is $7 (¥800)",
        "A$5/US$",
        "$20 million for A$, $30 million for B$.",
        "from $~3 to$",
    ],
)
def test_money_is_text(text):
    assert split_formulas(text) == [text]
    assert formula_problem(text) is not None


@pytest.mark.parametrize(
    "source",
    [
        "5",
        "5%",
        "10^{-3}",
        "2x + 3y",
        "20-30\\,\\mathrm{km}",
        "10 {\\rm erg s}",
        "3 \\text{ of all}",
        "5 \\sin x",
        "0.5 max(a, b)",
    ],
)
def test_a_number_may_begin_a_formula(source):
    assert split_formulas(f"so ${source}$ it is") == ["so ", formula(source), " it is"]


SCRAPS = st.lists(
    st.sampled_from([*"a $\\^2{}%()[]\n", "$$", "\\(", "\\)", "\\[", "\\]", "\\text{", "US$", "\\begin{align}", "\\end{align}"]),
    max_size=20,
).map("".join)  # fmt: skip


@given(st.one_of(SCRAPS, st.text()))
def test_splitting_loses_nothing(text):
    parts = split_formulas(text)
    assert "".join(part if isinstance(part, str) else part.written for part in parts) == text
    assert all(parts)


@given(st.lists(SCRAPS, min_size=2, max_size=3))
def test_texts_that_are_kept_apart_make_no_formulas_together(texts):
    alone = [part for text in texts for part in split_formulas(text) if isinstance(part, Formula)]
    joined = split_formulas(", ".join(map(keep_apart, texts)))
    assert [part for part in joined if isinstance(part, Formula)] == alone


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("no dollar", None),
        ("$x$ and $y$, \\(z\\)", None),
        ("$\\foo$", r"\$\\foo\$ is printed as it stands: \\foo is not in the list"),
        ("$$\\foo$$", r"\$\$\\foo\$\$ is printed as it stands: \\foo is not in the list"),
        ("\\(\\foo\\)", r"\\\(\\foo\\\) is printed as it stands: \\foo is not in the list"),
        ("it cost $5", "a dollar sign that opens no formula"),
        ("$x$ for $5", "a dollar sign that opens no formula"),
    ],
)
def test_a_dollar_that_prints_as_a_dollar_is_explained(text, problem):
    found = formula_problem(text)
    if problem is None:
        assert found is None
    else:
        with pytest.raises(AssertionError, match=problem):
            raise AssertionError(found)


@pytest.mark.parametrize(
    "piece",
    ["$", "$a", "$a ", "$$", "$$a", "\\(", "\\[a", "\\text{", "$\\text{", "$\\text{a}", "\\begin{align}", "US$1 ", "{", "$1 a{", "$x$"],
)  # fmt: skip
def test_formulas_are_looked_for_in_linear_time(piece):
    assert_linear(split_formulas, piece)
    assert_linear(formula_problem, piece)


@pytest.mark.parametrize(
    "piece",
    ["x", "{", "{x}", "^", "x^", "_2", "\\hat", "\\frac", "\\left(", "\\text{", "$", "&", "\\\\", "\\\\[", "\\begin{align}", "\\bm", "1,", "²", "a\u0304", "\\over ", "\\rm ", "\\displaystyle ", "a\\over b", "\\tfrac1", "\\color{a}", "\\R", "\\SI{1}", "\\ce{", "\\hspace{"],
)  # fmt: skip
def test_the_longest_formulas_are_read_in_no_time(piece):
    def read(text: str) -> None:
        for start in range(0, len(text), LONGEST):
            with suppress(NotMathematics):
                parse_formula(text[start : start + LONGEST])

    cached_parse.cache_clear()
    assert_linear(read, piece, 16_000)


def test_each_construct_is_read_between_dollars():
    for source, _ in FORMULAS:
        assert split_formulas(f"so ${source}$ it is") == ["so ", Formula(source), " it is"]


@pytest.mark.parametrize("source", ["x\\mkern-9999mu y", "x\\hspace{-9cm}y", "x\\kern-99pt y"])
def test_nothing_is_moved_back_over_the_words_before_it(source):
    assert parse_formula(source).items[1] == Space(-18)
