r"""Candidates for formulas in a text: between dollars by pandoc's rules, ``\(...\)``, ``\[...\]``, ``$$...$$``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportgen.text.mathematics.commands import ON_DISPLAY, SWITCHES, TEXTS
from reportgen.text.mathematics.tokens import LONGEST, NotMathematics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.text.mathematics.tree import Row

_JOINER = "\u2060"
"""Stands behind a sign that would open a formula with what another text holds."""
_ENVIRONMENT = rf"\\begin\{{((?:{'|'.join(sorted(ON_DISPLAY))})\*?)\}}"
_OPENING = re.compile(rf"(?<![\\$])\$\$?(?![${_JOINER}])|(?<!\\)\\[(\[]|(?<!\\){_ENVIRONMENT}")
_IN_BRACES = r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}"
_WORDS = rf"\\(?:{'|'.join(sorted(TEXTS))})\s*{_IN_BRACES}"
# The words of a formula may hold dollars; each part is taken once and for all, so that reading is linear.
_BETWEEN_DOLLARS = re.compile(
    rf"\$(?![\s$])((?>{_WORDS}|\\.|[^$\\]){{1,{LONGEST}}}+)(?<!\s)\$(?!\$)", re.DOTALL
)
_CLOSINGS = {"$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_CURRENCY = re.compile(r"(?<![A-Za-z])(?:US|AU?|CA?|CAD|NZ|HK|S|SG|NT|R|MX|Mex|J|TT|Z)$")
_GROUP = re.compile(r"(?:\\[A-Za-z]+\s*)?\{[^{}]*\}")
_SWITCH = re.compile(rf"\\(?:{'|'.join(sorted(SWITCHES))})(?![A-Za-z]).*", re.DOTALL)
_PLAIN_WORD = re.compile(r"(?:\s|^)[A-Za-z]{2,}(?=[\s,.;:?!)]|$)")
_TWO_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}\s+[A-Za-z]{2,}")
_SIGN = re.compile(r"\\[A-Za-z]|[\^_=<>+]")
"""What tells mathematics from words in brackets, which Markdown writes behind backslashes, too."""


@dataclass(frozen=True, slots=True)
class Formula:
    r"""A formula that can be read: the record's source, and what stood before it: ``$``, ``\(``, or nothing."""

    source: str
    opening: str = field(default="$", compare=False)

    @property
    def written(self) -> str:
        """The formula as it stands in the text."""
        return f"{self.opening}{self.source}{_CLOSINGS.get(self.opening, self.opening)}"

    @property
    def in_text_faces(self) -> str:
        """The characters of the formula that are set as text is."""
        from reportgen.text.mathematics.letters import set_as_words

        return set_as_words(self.source)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible formula: where it ends in the text, and why it is none."""

    formula: Formula
    end: int
    problem: str = ""

    @property
    def is_amount(self) -> bool:
        """Tell whether it is an amount of money, and the words up to the next dollar."""
        return self.problem in (_AMOUNT, _BEFORE_DIGIT)


_BEFORE_DIGIT = "a digit stands behind its closing dollar"
_AMOUNT = "it begins with a number and holds a plain word"


def candidate_at(
    text: str, start: int, end: int | None = None, *, has_own_lines: bool = False
) -> Candidate | None:
    """Return what may be a formula at a place of a text; None where nothing opens one there, or nothing ends it.

    ``has_own_lines`` tells that nothing stands beside it; what then is in brackets behind backslashes is mathematics.
    """
    opening = _OPENING.match(text, start)
    if opening is None:
        return None
    end = len(text) if end is None else end
    if opening[0] == "$":
        found = _BETWEEN_DOLLARS.match(text, start, end)
        return _between_dollars(text, start, found) if found and not _holds_formula(text, found) else None
    closing = _CLOSINGS.get(opening[0]) or f"\\end{{{opening[1]}}}"
    last = text.find(closing, opening.end(), min(end, opening.end() + 2 * LONGEST))
    source = text[opening.end() : last]
    if last < 0 or not source.strip():
        return None
    if not (has_own_lines or opening[1] or _SIGN.search(source)) and (
        opening[0] == "\\[" or _TWO_WORDS.search(source)
    ):
        return None
    behind = last + len(closing)
    formula = Formula(text[start:behind], "") if opening[1] else Formula(source, opening[0])
    return Candidate(formula, behind, problem_of(formula.source))


def _is_before_digit(text: str, found: re.Match[str]) -> bool:
    return text[found.end() : found.end() + 1].isdigit()


def _holds_formula(text: str, found: re.Match[str]) -> bool:
    """Tell whether a formula in brackets stands between two amounts of money."""
    return _is_before_digit(text, found) and re.search(r"\\[(\[]", found[1]) is not None


def _between_dollars(text: str, start: int, found: re.Match[str]) -> Candidate:
    source = found[1]
    if _is_before_digit(text, found):
        return Candidate(Formula(source), found.end(), _BEFORE_DIGIT)
    is_price = _CURRENCY.search(text, max(0, start - 4), start) is not None and _is_price(source)
    problem = _AMOUNT if is_price or _is_amount(source) else problem_of(source)
    return Candidate(Formula(source), found.end(), problem)


def parse_formula(source: str) -> Row:
    """Read what a formula says.

    Raises:
        NotMathematics: anything outside the grammar.

    """
    from reportgen.text.mathematics.grammar import parse_formula as parse

    return parse(source)


def problem_of(source: str) -> str:
    """Say why a source is no formula; nothing where it is one."""
    try:
        parse_formula(source)
    except NotMathematics as error:
        return str(error)
    return ""


def _is_price(source: str) -> bool:
    return source[0].isdigit() and re.search("[A-Za-z]", source) is not None


def _is_amount(source: str) -> bool:
    """Tell whether a number begins what holds a plain word of several letters."""
    if not re.match(r"[~≈]?\s*\d", source):
        return False
    plain = source
    while (without := _GROUP.sub("\0", plain)) != plain:
        plain = without
    return _PLAIN_WORD.search(re.sub(r"\\[A-Za-z]+\s*", "\0", _SWITCH.sub("", plain))) is not None


def _candidates(text: str) -> Iterator[str | Candidate]:
    """Cut a text into what may be formulas, in order, and what stands between them."""
    position = start = 0
    while opening := _OPENING.search(text, start):
        candidate = candidate_at(text, opening.start())
        if candidate is None:
            start = opening.start() + 1
            continue
        yield text[position : opening.start()]
        yield candidate
        position = start = candidate.end
    yield text[position:]


def _may_hold_formulas(text: str) -> bool:
    return "$" in text or "\\" in text


def split_formulas(text: str) -> list[str | Formula]:
    """Split text into plain strings and formulas, in order; what does not parse stays text."""
    if not _may_hold_formulas(text):
        return [text] if text else []
    parts: list[str | Formula] = []
    plain = ""
    for part in _candidates(text):
        if isinstance(part, Candidate) and not part.problem:
            parts += [plain, part.formula]
            plain = ""
        else:
            plain += part if isinstance(part, str) else part.formula.written
    parts.append(plain)
    return [part for part in parts if part != ""]


def keep_apart(text: str) -> str:
    """Make a text fit to be joined with others: nothing in it opens or ends a formula with something of theirs.

    A joiner without ink stands in each sign that might; it is not in the grammar and not printed.
    """
    return "".join(
        part.written if isinstance(part, Formula) else without_formulas(part) for part in split_formulas(text)
    )


def without_formulas(text: str) -> str:
    """Make a text that is printed as it stands: nothing in it opens a formula."""
    return _OPENINGS_ALONE.sub(rf"\1{_JOINER}", text)


_OPENINGS_ALONE = re.compile(r"(\$|\\(?=[(\[]|begin\{))")


def formula_problem(text: str) -> str | None:
    """Say why a dollar in the text prints as a dollar, or None where every dollar opens a formula."""
    if not _may_hold_formulas(text):
        return None
    plain = ""
    for part in _candidates(text):
        if isinstance(part, str):
            plain += part
        elif part.problem:
            return f"{part.formula.written} is printed as it stands: {part.problem}"
    return "a dollar sign that opens no formula is printed as a dollar sign" if "$" in plain else None
