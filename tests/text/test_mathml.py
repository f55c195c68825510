"""Formulas as MathML: every construct is valid, nothing of it is lost, and another writer says the same."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import latex2mathml.converter
import pytest
from hypothesis import given

import vnu
from formula_trees import CONSTRUCTS, FORMULAS, N, X, Y, leaves, row
from reportgen.text.mathematics import parse_formula
from reportgen.text.mathematics.mathml import NAMESPACE, mathml
from reportgen.text.mathematics.tree import (
    Fraction,
    Function,
    Grid,
    Identifier,
    Node,
    Number,
    Scripts,
    Sign,
    Space,
    Words,
)

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.text.mathematics.tree import Row as Formula


def write(formula: Formula, *, is_display: bool = True) -> str:
    """Write a formula without the element around it."""
    written = mathml(formula, is_display=is_display, spoken="")
    return re.sub(r"^<math [^>]*>|</math>$", "", written)


def test_every_node_has_a_construct():
    kinds = {type(leaf) for formula in CONSTRUCTS.values() for leaf in leaves(formula)}
    assert kinds == set(Node.__args__)
    assert len(CONSTRUCTS) > 400


def test_every_construct_is_valid_on_a_page(tmp_path: Path):
    vnu.require()
    page, broken = tmp_path / "page.html", tmp_path / "broken.html"
    written = [
        mathml(formula, is_display=is_display, spoken=f"{name} <&>\"'")
        for name, formula in CONSTRUCTS.items()
        for is_display in (True, False)
    ]
    head = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>x</title></head><body>'
    page.write_text("\n".join([head, *(f"<p>{each}</p>" for each in written), "</body></html>"]), "utf-8")
    broken.write_text(f"{head}<math><mfrac><mi>x</mi></mfrac></math></body></html>", "utf-8")
    (error,) = vnu.errors(page, broken)
    assert error.startswith("broken.html:")


@given(FORMULAS)
def test_no_formula_loses_a_letter_or_breaks_out_of_its_element(formula):
    for is_display in (True, False):
        written = mathml(formula, is_display=is_display, spoken="<\"&'>")
        assert written == mathml(formula, is_display=is_display, spoken="<\"&'>")
        math = ET.fromstring(written)
        assert math.get("alttext") == "<\"&'>"
        text = unicodedata.normalize("NFKC", "".join(math.itertext()))
        for leaf in leaves(formula):
            if isinstance(leaf, Identifier):
                assert unicodedata.normalize("NFKC", leaf.letters) in text
            if isinstance(leaf, Number):
                assert leaf.digits in text


def test_the_element_says_where_it_stands_and_what_is_said():
    assert mathml(row(X), is_display=True, spoken="x") == (
        f'<math xmlns="{NAMESPACE}" display="block" alttext="x"><mi>x</mi></math>'
    )
    assert 'display="inline"' in mathml(row(X), is_display=False, spoken="x")


@pytest.mark.parametrize(
    ("letters", "alphabet", "written"),
    [
        ("x", "", "<mi>x</mi>"),
        ("x", "italic", "<mi>x</mi>"),
        ("x", "upright", '<mi mathvariant="normal">x</mi>'),
        ("Γ", "", '<mi mathvariant="normal">Γ</mi>'),
        ("γ", "", "<mi>γ</mi>"),
        ("eff", "upright", "<mi>eff</mi>"),
        ("ha", "italic", "<mi>ℎ𝑎</mi>"),
        ("x", "bold", "<mi>𝐱</mi>"),
        ("α", "bold-italic", "<mi>𝜶</mi>"),
        ("R", "blackboard", "<mi>ℝ</mi>"),
        ("A", "blackboard", "<mi>𝔸</mi>"),
        ("LM", "script", "<mi>ℒℳ</mi>"),
        ("P", "calligraphic", "<mi>𝒫</mi>"),
        ("Cg", "fraktur", "<mi>ℭ𝔤</mi>"),
        ("T", "sans", "<mi>𝖳</mi>"),
        ("é1", "mono", "<mi>é𝟷</mi>"),
    ],
)
def test_letters_are_those_of_their_alphabet(letters, alphabet, written):
    assert write(row(Identifier(letters, alphabet))) == written


def test_a_plus_or_minus_is_a_prefix_where_nothing_stands_before_it():
    assert "form" not in write(row(X, Sign("-"), Y))
    for before in (Sign("="), Sign("("), Sign(","), Sign("times"), Sign("sum")):
        assert '<mo form="prefix">−</mo>' in write(row(X, before, Space(3), Sign("-"), Y))


def test_limits_stand_where_tex_sets_them():
    def name(base: Node, *, is_display: bool) -> str:
        return re.match(r"<(\w+)", write(row(Scripts(base, X, Y)), is_display=is_display))[1]

    assert name(Sign("sum"), is_display=True) == "munderover"
    assert name(Sign("sum"), is_display=False) == "msubsup"
    assert name(Sign("int"), is_display=True) == "msubsup"
    assert name(Sign("int", limits=True), is_display=False) == "munderover"
    assert name(Sign("sum", limits=False), is_display=True) == "msubsup"
    assert name(Function("max"), is_display=True) == "munderover"
    assert name(Function("log"), is_display=True) == "msubsup"
    assert 'movablelimits="false"' in write(row(Scripts(Sign("sum", limits=True), X)), is_display=False)
    assert "munder" not in write(row(Fraction(Scripts(Sign("sum"), X), Y)))


def test_a_function_is_applied_to_what_follows():
    apply = "<mo>\u2061</mo>"
    assert write(row(Function("log"), X)).startswith(f"<mi>log</mi>{apply}<mspace")
    assert f"{apply}<mo" in write(row(Function("log"), Sign("("), X, Sign(")")))
    assert apply not in write(row(Function("log"), Sign("+"), X))
    assert apply not in write(row(X, Sign("="), Function("log")))


def test_what_leads_goes_before_its_base():
    written = write(row(Scripts(None, N, Number("3")), Scripts(X, Y)))
    assert written == (
        "<mmultiscripts><mi>x</mi><mi>y</mi><mrow></mrow><mprescripts/><mn>2</mn><mn>3</mn></mmultiscripts>"
    )
    assert write(row(Scripts(None, None, N), Sign("="), X)).startswith("<msup><mrow></mrow><mn>2</mn></msup>")


def test_primes_stand_before_what_is_raised():
    assert write(row(Scripts(X, None, N, 2))) == "<msup><mi>x</mi><mrow><mo>″</mo><mn>2</mn></mrow></msup>"
    assert write(row(Scripts(X, primes=5))) == "<msup><mi>x</mi><mo>⁗′</mo></msup>"


def test_columns_stand_as_their_kind_has_them():
    cells = ((row(X), row(Sign("="), Y)),) * 3
    sides = {
        kind: re.findall(r"text-align: (\w+)", write(row(Grid(kind, cells))))
        for kind in ("align", "cases", "matrix", "multline")
    }
    assert sides["align"] == ["right", "left"] * 3
    assert sides["cases"] == ["left"] * 6
    assert sides["matrix"] == []
    assert sides["multline"] == ["left", "left", "right", "right"]
    assert re.findall(r"text-align: (\w+)", write(row(Grid("array", cells, "rc")))) == ["right"] * 3


def test_words_keep_the_spaces_at_their_ends():
    assert write(row(Words((" if ",)))) == "<mtext>\u00a0if\u00a0</mtext>"
    assert write(row(Words(("   ",)))) == "<mtext>\u00a0\u00a0\u00a0</mtext>"


def test_a_number_with_a_comma_in_braces_is_one():
    assert write(parse_formula("1{,}540")) == "<mn>1,540</mn>"


# What both writers know. A row's letters and signs are compared as one text, so that it does not matter which of
# them count as operators; rows of one element are that element.
SAME = r"""
x^2 | x_i | x_i^2 | x^{n+1} | x_{i+1} | {x}^{2} | E = mc^2 | p < 0.05 | p \le 0.001 | a \ge b | a \ne b | a \approx b
a \pm b | a \times b | a / b | -x | f(x) | f(x, y) | f'(x) | f''(x) | \frac{a}{b} | \frac{x+1}{y-1}
\frac{\frac{a}{b}}{c} | \dfrac{a}{b} | \tfrac{a}{b} | \sqrt{x} | \sqrt{x+1} | \sqrt[3]{x} | \sqrt[n]{x+y}
\sum_{i=1}^{n} x_i | \sum_i x_i | \prod_{k=1}^n k | \int_0^1 f(x)\,dx | \int f | \iint_D g | \oint_C f | \bar{x}
\log_2 n | \ln x | \sin^2 x | \exp(x) | \operatorname{foo} x | \left( \frac{a}{b} \right)^2 | \left[ x \right]
\left| x \right| | |x| | \langle x \rangle | [0, 1) | n! | \binom{n}{k} | \vec{v} | \dot{x} | \ddot{x}
\check{x} | \widehat{ab} | \overbrace{a+b}^{n} | \underbrace{a+b}_{n} | \overset{!}{=} | \underset{x}{y}
\mathbb{R}^n | \mathcal{L} | \mathbf{x} | \mathrm{eff} | \mathfrak{g} | x_{\mathrm{eff}} | \text{a b} | x \text{ if } y
\alpha + \beta | \Gamma \Omega | \varepsilon | \hbar \ell | \infty | \nabla f | \forall x | x \in A | A \subset B
A \cup B | A \cap B | x \to y | a \Rightarrow b | a \iff b | 25^\circ | 20\% | M_\odot | a \, b \quad c | 1, \ldots, n
\begin{matrix} a & b \\ c & d \end{matrix} | \begin{pmatrix} a & b \\ c & d \end{pmatrix} | \phantom{x} y
\begin{bmatrix} a \\ b \end{bmatrix} | \begin{vmatrix} a & b \\ c & d \end{vmatrix} | \bigl( x \bigr)
\begin{cases} x & y \\ 0 & z \end{cases} | \not\subset | \|x\| | \displaystyle x
\begin{array}{lr} a & b \end{array} | 10^{-3} | {}^{14}_{6} + x | a \equiv b | \xrightarrow{f} | \substack{a \\ b} | \begin{align*} a &= b \\ c &= d \end{align*}
"""
DIFFERENT = {
    r"\lim_{x \to 0} f": "a limit stands below on a line of its own; latex2mathml sets it beside",
    r"\max_x f": "as the limit",
    r"\bigcup_i A_i": "as the limit",
    r"a \cdot b": "the dot operator U+22C5, not the middle dot of text",
    r"{}_5F_4": "scripts that lead go to their base (mmultiscripts), not to an empty one",
    r"\hat{x}": "the accent of a letter U+02C6, not the wide one",
    r"\tilde{x}": "as the hat",
    r"\boxed{x}": "MathML Core has no menclose: a border is drawn",
    r"\overline{ab}": "an overline U+203E, not a horizontal bar U+2015",
    r"\underline{ab}": "a low line, not a horizontal bar",
    r"a * b": "an asterisk operator as TeX sets it, not the star of text",
}


def same() -> list[str]:
    lines = [part.strip() for line in SAME.strip().splitlines() for part in re.split(r" \| (?!x)", line)]
    return [line for line in lines if line]


def shape(markup: str) -> list[object]:
    """Return what MathML says: texts, and elements with what is in them; no attributes, spaces, rows of one."""
    return _row(ET.fromstring(re.sub(r'\sxmlns="[^"]*"', "", markup)))


_AS_ROW = {"math", "mrow", "mstyle", "mpadded"}
_SINGLE = {"msqrt", "mtd", "mphantom", "menclose"}


def _row(element: ET.Element) -> list[object]:
    out: list[object] = []
    for child in element:
        if child.tag in {"mi", "mo", "mn", "mtext"}:
            found = [re.sub(r"[\s\u2061]", "", unicodedata.normalize("NFKC", child.text or ""))]
        elif child.tag in _AS_ROW:
            found = _row(child)
        elif child.tag == "mspace":
            found = []
        elif child.tag in _SINGLE:
            found = [(child.tag, _row(child))]
        else:
            found = [(child.tag, [_row_of(part) for part in child])]
        for each in found:
            if isinstance(each, str) and out and isinstance(out[-1], str):
                out[-1] += each
            elif each != "":
                out.append(each)
    return out


def _row_of(part: ET.Element) -> list[object]:
    around = ET.Element("mrow")
    around.append(part)
    return _row(around)


def test_latex2mathml_is_asked_often():
    assert len(same()) > 90


@pytest.mark.parametrize("source", same())
def test_the_elements_and_texts_are_those_of_latex2mathml(source):
    ours = mathml(parse_formula(source), is_display=True, spoken="")
    assert shape(ours) == shape(latex2mathml.converter.convert(source, display="block"))


@pytest.mark.parametrize("source", DIFFERENT)
def test_what_differs_is_known(source):
    ours = mathml(parse_formula(source), is_display=True, spoken="")
    assert shape(ours) != shape(latex2mathml.converter.convert(source, display="block"))
