r"""Mathematics in text: ``$...$`` is a formula when it parses in a small grammar, else it is text.

The grammar builds new TeX from what it recognised, so nothing else can reach the engine::

    formula := item+
    item    := atom ("^" argument | "_" argument | "'"+)*     at most one of each script
    atom    := letter+ | digit+ | operator | greek | symbol | function | "{" formula "}"
             | \frac argument argument | \sqrt ["[" formula "]"] argument | \hat argument
             | \mathrm "{" words "}" | \text "{" words "}" | \left delimiter formula \right delimiter
    argument := "{" formula "}" | atom; of letters and digits side by side, the first
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 400
DEEPEST = 30
DEEPEST_ROOT = 3
"""TeX sets what stands under a root with an index four times over, and so on with the roots inside it."""
CANDIDATE = re.compile(r"(?<![\\$])\$(?![\s$])((?:\\.|[^$\\])+?)(?<![\s\\])\$(?![\d$])", re.DOTALL)
"""What may be a formula: no space inside the dollars, no digit after them; group 1 is what to parse."""


_words = str.split
_AMOUNT = re.compile(r"\d[\d.,]*\s(?:.*\s)?[A-Za-z]{2,}(?:[\s,.;:]|$)", re.DOTALL)
"""A number with a plain word of several letters: money, and the words up to the next dollar."""
_LETTERS = dict(
    zip(
        "αβγδεζηθικλμνξπρςστυφχψωϵϑϕΓΔΘΛΞΠΣΥΦΨΩ",
        _words(
            "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho varsigma"
            " sigma tau upsilon varphi chi psi omega epsilon vartheta phi"
            " Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
        ),
        strict=True,
    )
)
_SIGNS = dict(
    zip(
        "·×÷±∓≤≥≠≪≫≈∼≡∝∈∉⊂⊆∪∩→←⇒∞∂∇∀∃∑∏∫√…⋅∘ℓ",
        _words(
            "cdot times div pm mp le ge ne ll gg approx sim equiv propto in notin subset subseteq cup cap to"
            " leftarrow Rightarrow infty partial nabla forall exists sum prod int surd ldots cdot circ ell"
        ),
        strict=True,
    )
)
_UNICODE = {character: f"\\{name} " for character, name in (_LETTERS | _SIGNS).items()} | {
    "−": "-",
    "–": "-",
    "°": "{^{\\circ}}",
}
_SYMBOLS = _words(
    "cdot times div pm mp ast star circ le leq ge geq ne neq ll gg approx sim simeq equiv propto in notin ni"
    " subset subseteq supset supseteq cup cap setminus emptyset to rightarrow leftarrow Rightarrow Leftarrow"
    " leftrightarrow mapsto infty partial nabla forall exists neg wedge vee mid parallel perp angle"
    " ldots cdots dots sum prod int langle rangle lfloor rfloor lceil rceil ell hbar Re Im prime quad"
)
_FUNCTIONS = _words("log ln exp sin cos tan max min sup inf lim det dim Pr arg gcd")
_PLAIN = frozenset([*_LETTERS.values(), *_SYMBOLS, *_FUNCTIONS])
_FRACTIONS = _words("frac dfrac tfrac")
_ACCENTS = _words("hat bar tilde vec dot overline underline")
_ACCENT_ALONE = re.compile(r"\\(?:hat|bar|tilde|vec|dot)\{(?:\\[A-Za-z]+ |[^\\{}])+\}")
_ACCENTED = ("\\hat{", "\\bar{", "\\tilde{", "\\vec{", "\\dot{")
_ALPHABETS = _words("mathrm mathbf mathit mathsf mathtt operatorname")
_CAPITALS = _words("mathcal mathbb")
_TEXTS = _words("text textrm mbox")
_SPACES = frozenset(",;:! ")
_LITERALS = frozenset("%&#_{}|$")
_DELIMITERS = frozenset(
    [*"()[]|./", *_words("\\{ \\} \\| \\langle \\rangle \\lfloor \\rfloor \\lceil \\rceil")]
)
_OPERATORS = frozenset("+-*/=<>!,.;:?()[]|@")
_IN_WORDS = frozenset("-+.,;:()/=*!?")
_PRIMES = {"'": "\\prime ", "′": "\\prime "}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that parsed: the record's source between the dollars."""

    source: str


class NotMathematics(ValueError):  # noqa: N818 - a verdict on a text, which then prints as it stands
    """The text between two dollars is not in the grammar; the message says where."""


def split_formulas(text: str) -> list[str | Formula]:
    """Split text into plain strings and formulas, in order; what does not parse stays text."""
    parts: list[str | Formula] = []
    position = start = 0
    while match := CANDIDATE.search(text, start):
        try:
            parse_formula(match[1])
        except NotMathematics:
            start = match.start() + 1
            continue
        parts += [text[position : match.start()], Formula(match[1])]
        position = start = match.end()
    parts.append(text[position:])
    return [part for part in parts if part != ""]


def keep_apart(text: str) -> str:
    """Make a text fit to be joined with others: no dollar of it opens or ends a formula with one of theirs.

    A joiner without ink stands after each dollar that is a dollar; it is not in the grammar and not printed.
    """
    return "".join(
        f"${part.source}$" if isinstance(part, Formula) else part.replace("$", "$\u2060")
        for part in split_formulas(text)
    )


def formula_problem(text: str) -> str | None:
    """Say why a dollar in the text prints as a dollar, or None where every dollar opens a formula."""
    plain = "".join(part for part in split_formulas(text) if isinstance(part, str))
    if "$" not in plain:
        return None
    if candidate := CANDIDATE.search(plain):
        try:
            parse_formula(candidate[1])
        except NotMathematics as error:
            return f"${candidate[1]}$ is printed as it stands: {error}"
    return "a dollar sign that opens no formula is printed as a dollar sign"


@lru_cache(maxsize=4096)
def parse_formula(source: str) -> str:
    """Rebuild a formula as safe TeX.

    Raises:
        NotMathematics: anything outside the grammar.

    """
    if len(source) > LONGEST:
        raise NotMathematics(f"a formula is at most {LONGEST} characters long")
    if _AMOUNT.match(source):
        raise NotMathematics("it begins with a number and holds a plain word")
    if "^^" in source or re.search(r"\n\s*\n", source):
        raise NotMathematics("neither ^^ nor an empty line is mathematics")
    tex = _Parser(source).items(end=None)
    if not tex.strip():
        raise NotMathematics("the formula is empty")
    return tex


# The spaces behind a command belong to it.
_TOKEN = re.compile(r"\\([A-Za-z]+)\s*|\\(.)|([A-Za-z]+)|([0-9]+(?:\.[0-9]+)?)|(\s+)|(.)", re.DOTALL)
_COMMAND, _ESCAPE, _WORD, _NUMBER, _SPACE, _OTHER = range(1, 7)
_Token = tuple[int, str]


class _Parser:
    """A reader of tokens that writes TeX; each method reads one part of the grammar."""

    def __init__(self, source: str) -> None:
        self.tokens = [
            (match.lastindex or 0, match[match.lastindex or 0]) for match in _TOKEN.finditer(source)
        ]
        self.position = 0
        self.depth = 0
        self.roots = 0

    def peek(self) -> _Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> _Token:
        token = self.peek()
        if token is None:
            raise NotMathematics("it ends too early")
        self.position += 1
        return token

    def skip_spaces(self) -> None:
        while (token := self.peek()) and token[0] == _SPACE:
            self.position += 1

    def items(self, end: _Token | None) -> str:
        """Read items up to the closing token ``end`` (taken), or to the end of the source."""
        out: list[str] = []
        while True:
            self.skip_spaces()
            token = self.peek()
            if token is None and end is not None:
                raise NotMathematics(f"{_shown(end)} is missing")
            if token == end:
                self.position += 1
                return "".join(out)
            out.append(self.item())

    def item(self) -> str:
        tex = self.atom()
        seen: set[str] = set()
        while True:
            self.skip_spaces()
            kind, value = self.peek() or (0, "")
            if kind != _OTHER or value not in {"^", "_", *_PRIMES}:
                return tex
            script = "^" if value in _PRIMES else value
            if script in seen:
                raise NotMathematics(f"a second {value} after the same symbol")
            seen.add(script)
            self.take()
            tex += f"{script}{{{self.primes(value) if value in _PRIMES else self.argument()}}}"

    def primes(self, first: str) -> str:
        out = _PRIMES[first]
        while (token := self.peek()) and token[0] == _OTHER and token[1] in _PRIMES:
            out += _PRIMES[self.take()[1]]
        return out

    def argument(self) -> str:
        """Read what belongs to a command or script: a group, or of letters and digits the first alone."""
        self.skip_spaces()
        kind, value = self.peek() or (0, "")
        if (kind, value) == (_OTHER, "{"):
            return self.atom()[1:-1]
        if kind in (_WORD, _NUMBER) and len(value) > 1:
            # TeX takes one character: x^10 is x to the one, then a nought.
            self.tokens[self.position : self.position + 1] = [(kind, value[0]), (kind, value[1:])]
        return self.atom()

    def atom(self) -> str:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotMathematics("it nests too deeply")
        kind, value = self.take()
        tex = self.command(value) if kind == _COMMAND else self.sign(kind, value)
        self.depth -= 1
        return tex

    def sign(self, kind: int, value: str) -> str:
        if kind == _WORD:
            # Two letters side by side are a product, three or more are a word.
            return value if len(value) < 3 else f"\\mathit{{{value}}}"
        if kind == _NUMBER or (kind == _OTHER and value in _OPERATORS):
            return value
        if kind == _ESCAPE and value in _SPACES | _LITERALS:
            return f"\\{value}"
        if kind == _OTHER and value == "{":
            return "{" + _kept_whole(self.items((_OTHER, "}"))) + "}"
        if kind == _OTHER and value in _UNICODE:
            return _UNICODE[value]
        raise NotMathematics(f"{_shown((kind, value))} is not allowed here")

    def command(self, name: str) -> str:
        if name in _PLAIN:
            return f"\\{name} "
        readers = (
            (_FRACTIONS, self.fraction),
            (("sqrt",), self.root),
            (_ACCENTS, self.accent),
            (_ALPHABETS, self.alphabet),
            (_CAPITALS, self.capitals),
            (_TEXTS, self.text),
            (("left",), self.fenced),
        )
        for names, read in readers:
            if name in names:
                return read(name)
        raise NotMathematics(f"\\{name} is not in the list of allowed commands")

    def fraction(self, name: str) -> str:
        above = self.argument()
        return f"\\{name}{{{above}}}{{{self.argument()}}}"

    def accent(self, name: str) -> str:
        argument = self.argument()
        if any(accent in argument for accent in _ACCENTED) and not _ACCENT_ALONE.fullmatch(argument):
            # amsmath joins an accent right inside another, and stops on some that stand deeper.
            raise NotMathematics("an accent over a formula that has another")
        return f"\\{name}{{{argument}}}"

    def root(self, name: str) -> str:
        if self.peek() != (_OTHER, "["):
            return f"\\{name}{{{self.argument()}}}"
        self.take()
        index = self.items((_OTHER, "]"))
        self.roots += 1
        if self.roots > DEEPEST_ROOT:
            raise NotMathematics("it nests roots too deeply")
        radicand = self.argument()
        self.roots -= 1
        return f"\\{name}[{{{index}}}]{{{radicand}}}"

    def alphabet(self, name: str) -> str:
        space = " " if name == "operatorname" else "\\ "
        return f"\\{name}{{{self.words().replace(' ', space)}}}"

    def capitals(self, name: str) -> str:
        words = self.words()
        if not re.fullmatch("[A-Z]+", words):
            raise NotMathematics(f"\\{name} has capital letters only")
        return f"\\{name}{{{words}}}"

    def text(self, _name: str) -> str:
        return f"\\text{{{self.words()}}}"

    def words(self) -> str:
        """Read letters, digits, spaces and a few signs in braces."""
        if self.take() != (_OTHER, "{"):
            raise NotMathematics("a brace is missing")
        out = ""
        while (token := self.take()) != (_OTHER, "}"):
            out += _word(*token)
        if not out:
            raise NotMathematics("an empty argument")
        return out

    def fenced(self, _name: str) -> str:
        left = self.delimiter()
        inside = self.items((_COMMAND, "right"))
        return f"\\left{left}{inside}\\right{self.delimiter()}"

    def delimiter(self) -> str:
        kind, value = self.take()
        name = _shown((kind, value))
        if name not in _DELIMITERS:
            raise NotMathematics(f"{name} is not a delimiter")
        return name + (" " if kind == _COMMAND else "")


def _shown(token: _Token) -> str:
    """Give a token as it was written."""
    kind, value = token
    return f"\\{value}" if kind in (_COMMAND, _ESCAPE) else value


def _kept_whole(group: str) -> str:
    """Keep a group that holds one accented symbol a group: TeX would take its scripts for the symbol's own."""
    scripted = "^{" in group or "_{" in group
    return "{}" + group if scripted and group.startswith(_ACCENTED) else group


def _word(kind: int, value: str) -> str:
    if kind in (_WORD, _NUMBER) or (kind == _OTHER and value in _IN_WORDS):
        return value
    if kind == _SPACE or (kind, value) == (_ESCAPE, " "):
        return " "
    if kind == _ESCAPE and value in _LITERALS - {"|"}:
        return f"\\{value}"
    raise NotMathematics(f"{_shown((kind, value))} is not allowed in words")
