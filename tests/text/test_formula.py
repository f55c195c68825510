from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latex_text import set_text
from reportgen.text import formula as grammar
from reportgen.text.mathematics import (
    LONGEST,
    Formula,
    NotMathematics,
    formula_problem,
    parse_formula,
    split_formulas,
)
from reportgen.text.structure import number, tag
from typeset_strings import examples, read_pages, set_pages

# The grammar as a generator: whatever it makes must be accepted and must compile.
PLAIN_COMMANDS = sorted(grammar._PLAIN)
LETTERS = st.text("abcxyzABC", min_size=1, max_size=4)
WORDS = st.lists(
    st.sampled_from(["a", "Bc", "12", " ", *"-+.,;:()/=*!?", *(f"\\{sign}" for sign in "%&#_{}$ ")]),
    min_size=1,
    max_size=5,
).map(lambda parts: "{" + "".join(parts) + "}")
LEAVES = st.one_of(
    LETTERS,
    st.integers(0, 999).map(str),
    st.sampled_from(["3.14", *sorted(grammar._OPERATORS), *sorted(grammar._UNICODE)]),
    st.sampled_from(PLAIN_COMMANDS).map(lambda name: f"\\{name} "),
    st.sampled_from(sorted(grammar._SPACES | grammar._LITERALS)).map(lambda sign: f"\\{sign}"),
    st.builds("\\{}{}".format, st.sampled_from([*grammar._ALPHABETS, *grammar._TEXTS]), WORDS),
    st.builds(
        "\\{}{{{}}}".format, st.sampled_from(grammar._CAPITALS), st.text("ABCZ", min_size=1, max_size=3)
    ),
)
DELIMITERS = st.sampled_from(sorted(grammar._DELIMITERS))


def scripts(argument):
    below = st.one_of(st.just(""), argument.map(lambda tex: f"_{tex}"))
    above = st.one_of(st.just(""), st.sampled_from(["'", "''", "′"]), argument.map(lambda tex: f"^{tex}"))
    return st.one_of(st.builds("{}{}".format, below, above), st.builds("{} {}".format, above, below))


def composed(formula):
    argument = st.one_of(
        formula.map("{{{}}}".format),
        st.sampled_from(["x", "2", " y", "\\alpha ", "\\hat x", "\\frac12", "+"]),
    )
    atom = st.one_of(
        LEAVES,
        formula.map("{{{}}}".format),
        st.builds("\\{} {}{}".format, st.sampled_from(grammar._FRACTIONS), argument, argument),
        st.builds("\\sqrt {}".format, argument),
        st.builds("\\sqrt[{}]{}".format, LETTERS, argument),
        st.builds("\\{} {}".format, st.sampled_from(grammar._ACCENTS), argument),
        st.builds("\\left{} {}\\right{} ".format, DELIMITERS, formula, DELIMITERS),
    )
    return st.lists(st.builds("{}{}".format, atom, scripts(argument)), min_size=1, max_size=5).map("".join)


FORMULAS = st.recursive(st.lists(LEAVES, min_size=1, max_size=6).map("".join), composed, max_leaves=12)
SCRAPS = st.lists(
    st.one_of(
        st.sampled_from(PLAIN_COMMANDS).map(lambda name: f"\\{name}"),
        st.sampled_from(
            [*"abx12{}[]()^_'$\\%#&~|<>+-=/ \n", "\\left", "\\right", "\\frac", "\\sqrt", "\\text"]
        ),
        st.sampled_from(
            ["\\input", "\\def", "\\write18", "\\csname", "\\mathcal", "\\hat", "^^5c", "\\\\", "°", "′"]
        ),
        st.characters(),
    ),
    max_size=25,
).map("".join)


def accepted(source: str) -> bool:
    try:
        return bool(parse_formula(source))
    except NotMathematics:
        return False


@given(FORMULAS.filter(lambda source: len(source) <= LONGEST and "^^" not in source))
def test_whatever_the_grammar_describes_is_accepted_but_for_accents_over_accents(source):
    try:
        assert parse_formula(source)
    except NotMathematics as refusal:
        assert str(refusal) == "an accent over a formula that has another"
        assert sum(source.count(f"\\{name} ") for name in grammar._ACCENTS) > 1


@given(st.one_of(SCRAPS, st.text()))
def test_any_text_is_a_formula_or_is_not_mathematics(source):
    if accepted(source):
        tex = parse_formula(source)
        assert tex.isascii()
        assert not set(tex) & set("$#%&~\x00\r") - {tex[i + 1] for i, c in enumerate(tex[:-1]) if c == "\\"}
        assert tex.count("{") - tex.count("\\{") == tex.count("}") - tex.count("\\}")


@cache
def accepted_formulas() -> list[str]:
    described = [source for source in examples(FORMULAS, 400) if accepted(source)]
    scraps = [source for source in examples(SCRAPS, 1200) if accepted(source)]
    assert len(described) > 300
    assert len(scraps) > 60
    each_sign = [f"\\{name} x" for name in PLAIN_COMMANDS] + [f"x{sign}y" for sign in grammar._UNICODE]
    return [*described, *scraps, *each_sign]


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_every_formula_that_is_accepted_compiles(engine):
    sources = accepted_formulas()
    pages = [tag("P", tag("Formula", f"${parse_formula(source)}$", alt=source)) for source in sources]
    assert len(read_pages(set_pages(pages, engine)[0])) == len(sources)


@given(FORMULAS.filter(lambda source: "$" not in source and accepted(source) and source == source.strip()))
def test_the_alternative_text_of_a_formula_is_its_source(source):
    (paragraph,) = number(tag("P", set_text(f"with ${source}$ inside"))).root.children
    (formula,) = (element for element in paragraph.walk() if element.role == "Formula")
    assert formula.attributes["alt"] == source


@pytest.mark.parametrize(
    ("source", "tex"),
    [
        ("x^2", "x^{2}"),
        ("x^10", "x^{1}0"),
        ("x_{i,j}^{n+1}", "x_{i,j}^{n+1}"),
        ("f''_k", "f^{\\prime \\prime }_{k}"),
        ("f′", "f^{\\prime }"),
        ("{\\hat x_1}^2", "{{}\\hat{x}_{1}}^{2}"),
        ("{\\hat x}^2", "{\\hat{x}}^{2}"),
        ("\\dot{\\vec x}", "\\dot{\\vec{x}}"),
        ("ab", "ab"),
        ("max(abc, 3.14)", "\\mathit{max}(\\mathit{abc},3.14)"),
        ("\\frac12", "\\frac{1}{2}"),
        ("\\frac{a}\n{b}", "\\frac{a}{b}"),
        ("\\sqrt[3]{x}", "\\sqrt[{3}]{x}"),
        ("\\sqrt x", "\\sqrt{x}"),
        ("\\sqrt [3] {x}", "\\sqrt[{3}]{x}"),
        ("\\sqrt[2]x" * 5, "\\sqrt[{2}]{x}" * 5),
        ("\\text {a} \\left ( x \\right )", "\\text{a}\\left(x\\right)"),
        ("\\hat{y} \\approx α", "\\hat{y}\\approx \\alpha "),
        ("\\left[ x \\right\\}", "\\left[x\\right\\}"),
        ("\\left\\langle x \\right.", "\\left\\langle x\\right."),
        ("5 °C", "5{^{\\circ}}C"),
        ("\\text{5 \\% of all}", "\\text{5 \\% of all}"),
        ("\\mathrm{d x}", "\\mathrm{d\\ x}"),
        ("\\operatorname{arg max}", "\\operatorname{arg max}"),
        ("\\mathbb{R}", "\\mathbb{R}"),
        ("a−b", "a-b"),
        ("p \\le .05", "p\\le .05"),
        ("x," * (LONGEST // 2), "x," * (LONGEST // 2)),
    ],
)
def test_a_formula_is_written_anew(source, tex):
    assert parse_formula(source) == tex


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("\\input{x}", r"\\input is not in the list"),
        ("\\def", r"\\def is not in the list"),
        ("a^^5cb", r"neither \^\^"),
        ("a\n\nb", "empty line"),
        ("x % y", "% is not allowed here"),
        ("a & b", "& is not allowed here"),
        ("a \\\\ b", r"\\\\ is not allowed here"),
        ("\\", r"\\ is not allowed here"),
        ("x~y", "~ is not allowed here"),
        ("'", "' is not allowed here"),
        ("é", "é is not allowed here"),
        ("x^", "ends too early"),
        ("{x", "} is missing"),
        ("x}", "} is not allowed here"),
        ("x_a_b", "a second _ after the same symbol"),
        ("x'^2", r"a second \^ after the same symbol"),
        ("x^2'", "a second ' after the same symbol"),
        ("\\frac{1}", "ends too early"),
        ("\\left( x", r"\\right is missing"),
        ("\\left x \\right)", "x is not a delimiter"),
        ("\\right)", r"\\right is not in the list"),
        ("\\sqrt[3", r"\] is missing"),
        ("\\text x", "a brace is missing"),
        ("\\text{}", "an empty argument"),
        ("\\text{$x$}", r"\$ is not allowed in words"),
        ("\\text{\\|}", r"\\\| is not allowed in words"),
        ("\\mathcal{a}", r"\\mathcal has capital letters only"),
        ("\\mathbb{1}", r"\\mathbb has capital letters only"),
        ("{" * 40 + "x" + "}" * 40, "nests too deeply"),
        ("\\dot{\\vec x_1}", "an accent over a formula that has another"),
        ("\\hat" * 60 + " x", "nests too deeply"),
        ("\\sqrt[2]{" * 4 + "x" + "}" * 4, "nests roots too deeply"),
        ("x" * (LONGEST + 1), "at most 400 characters"),
        (" ", "the formula is empty"),
    ],
)
def test_what_is_outside_the_grammar_is_refused_with_a_reason(source, reason):
    with pytest.raises(NotMathematics, match=reason):
        parse_formula(source)


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
        ("cost $5 and $6", ["cost $5 and $6"]),
        ("$5 or 6$5", ["$5 or 6$5"]),
        ("\\$x$", ["\\$x$"]),
        ("$ x$ and $x $", ["$ x$ and $x $"]),
        ("$\\$$", [formula("\\$")]),
        ("from $~3 to$x^2$", ["from $~3 to", formula("x^2")]),
        ("$x%$ of $y$", ["$x%$ of ", formula("y")]),
    ],
)
def test_text_is_split_at_its_formulas(text, parts):
    assert split_formulas(text) == parts


@given(st.one_of(st.text("a $\\^2{}%", max_size=20), SCRAPS))
def test_splitting_loses_nothing(text):
    parts = split_formulas(text)
    assert "".join(part if isinstance(part, str) else f"${part.source}$" for part in parts) == text
    assert all(parts)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("no dollar", None),
        ("$x$ and $y$", None),
        ("$\\foo$", r"\$\\foo\$ is printed as it stands: \\foo is not in the list"),
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
