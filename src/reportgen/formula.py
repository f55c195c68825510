r"""Mathematics in text: ``$...$`` is a formula when it parses in a small grammar, else it is text.

The grammar builds new TeX from what it recognised, so nothing else can reach the engine::

    formula := item+
    item    := atom ("^" group | "_" group | "'")*      at most one of each script
    atom    := letter+ | digit+ | operator | greek | symbol | function | "(" ... | "{" formula "}"
             | \frac group group | \sqrt ["[" formula "]"] group | \mathrm group | \text "{" words "}"
             | \left delimiter formula \right delimiter
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 400
_CANDIDATE = re.compile(r"(?<![\\$])\$(?![\s$])((?:\\.|[^$\\])+?)(?<![\s\\])\$(?![\d$])", re.DOTALL)

_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho"
    " sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
).split()
_SYMBOLS = (
    "cdot times div pm mp ast star circ le leq ge geq ne neq ll gg approx sim simeq equiv propto in notin ni"
    " subset subseteq supset supseteq cup cap setminus emptyset to rightarrow leftarrow Rightarrow Leftarrow"
    " leftrightarrow mapsto infty partial nabla forall exists neg wedge vee mid parallel perp angle"
    " ldots cdots dots sum prod int langle rangle lfloor rfloor lceil rceil ell hbar Re Im prime quad"
).split()
_FUNCTIONS = "log ln exp sin cos tan max min sup inf lim det dim Pr arg gcd".split()
_ACCENTS = "hat bar tilde vec dot overline underline".split()
_ALPHABETS = "mathrm mathbf mathit mathsf mathtt mathcal mathbb operatorname".split()
_SPACES = {",", ";", ":", "!", " "}
_LITERALS = {"%", "&", "#", "_", "{", "}", "|", "$"}
_DELIMITERS = {"(", ")", "[", "]", "|", ".", "/", "\\{", "\\}", "\\langle", "\\rangle", "\\|"} | {
    "\\lfloor",
    "\\rfloor",
    "\\lceil",
    "\\rceil",
}
_OPERATORS = set("+-*/=<>!,.;:?()[]|@`\"")
_UNICODE = {
    **{chr(0x3B1 + i): f"\\{n} " for i, n in enumerate(
        "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma"
        " tau upsilon varphi chi psi omega".split()
    ) if n != "o"},
    **{c: f"\\{n} " for c, n in zip("ΓΔΘΛΞΠΣΥΦΨΩϵϕϑ", (
        "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega epsilon phi vartheta"
    ).split(), strict=True)},
    **{c: f"\\{n} " for c, n in zip("·×÷±∓≤≥≠≪≫≈∼≡∝∈∉⊂⊆∪∩→←⇒∞∂∇∀∃∑∏∫√…⋅∘ℓ", (
        "cdot times div pm mp le ge ne ll gg approx sim equiv propto in notin subset subseteq cup cap to"
        " leftarrow Rightarrow infty partial nabla forall exists sum prod int surd ldots cdot circ ell"
    ).split(), strict=True)},
    "−": "-",
    "–": "-",
    "′": "'",
    "°": "^{\\circ}",
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that parsed: the record's source between the dollars, and the TeX made from it."""

    source: str
    tex: str


class NotMathematics(ValueError):
    """The text between two dollars is not in the grammar; the message says where."""


def split_formulas(text: str) -> list[str | Formula]:
    """Split text into plain strings and formulas, in order; what does not parse stays text."""
    parts: list[str | Formula] = []
    position = 0
    for match in _CANDIDATE.finditer(text):
        if match.start() < position:
            continue
        try:
            formula = Formula(match[1], parse_formula(match[1]))
        except NotMathematics:
            continue
        parts += [text[position : match.start()], formula]
        position = match.end()
    parts.append(text[position:])
    return [part for part in parts if part != ""]


def formula_problem(text: str) -> str | None:
    """Say why a dollar in the text prints as a dollar, or None where every dollar opens a formula."""
    plain = "".join(part for part in split_formulas(text) if isinstance(part, str))
    if "$" not in plain:
        return None
    if candidate := _CANDIDATE.search(plain):
        try:
            parse_formula(candidate[1])
        except NotMathematics as error:
            return f"${candidate[1]}$ is printed as it stands: {error}"
    return "a dollar sign that opens no formula is printed as a dollar sign"


def parse_formula(source: str) -> str:
    """Rebuild a formula as safe TeX.

    Raises:
        NotMathematics: anything outside the grammar.

    """
    if len(source) > LONGEST:
        raise NotMathematics(f"a formula is at most {LONGEST} characters long")
    if "^^" in source or re.search(r"\n\s*\n", source):
        raise NotMathematics("neither ^^ nor an empty line is mathematics")
    parser = _Parser(source)
    tex = parser.items(end=None)
    if not tex.strip():
        raise NotMathematics("the formula is empty")
    return tex


_TOKEN = re.compile(r"\\([A-Za-z]+)\s*|\\(.)|([A-Za-z]+)|(\d+(?:\.\d+)?)|(\s+)|(.)", re.DOTALL)


class _Parser:
    def __init__(self, source: str) -> None:
        self.tokens = [(m.lastindex or 0, m[m.lastindex or 0]) for m in _TOKEN.finditer(source)]
        self.position = 0
        self.depth = 0

    COMMAND, ESCAPE, WORD, NUMBER, SPACE, OTHER = range(1, 7)

    def peek(self) -> tuple[int, str] | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> tuple[int, str]:
        token = self.peek()
        if token is None:
            raise NotMathematics("it ends too early")
        self.position += 1
        return token

    def skip_spaces(self) -> None:
        while (token := self.peek()) and token[0] == self.SPACE:
            self.position += 1

    def items(self, end: str | None) -> str:
        """Read items up to the closing token ``end`` (taken), or to the end of the source."""
        self.depth += 1
        if self.depth > 30:
            raise NotMathematics("it nests too deeply")
        out: list[str] = []
        while True:
            self.skip_spaces()
            token = self.peek()
            if token is None:
                if end is not None:
                    raise NotMathematics(f"{end} is missing")
                break
            if self.is_end(token, end):
                self.take()
                break
            out.append(self.item())
        self.depth -= 1
        return "".join(out)

    def is_end(self, token: tuple[int, str], end: str | None) -> bool:
        return end is not None and (token == (self.OTHER, end) or token == (self.COMMAND, end.removeprefix("\\")))

    def item(self) -> str:
        tex = self.atom()
        seen: set[str] = set()
        while True:
            self.skip_spaces()
            token = self.peek()
            if token is None or token[0] != self.OTHER or token[1] not in "^_'":
                return tex
            script = "^" if token[1] == "'" else token[1]
            if script in seen:
                raise NotMathematics(f"a second {token[1]} after the same symbol")
            seen.add(script)
            self.take()
            if token[1] == "'":
                primes = 1
                while self.peek() == (self.OTHER, "'"):
                    self.take()
                    primes += 1
                tex += "^{" + "\\prime " * primes + "}"
            else:
                tex += f"{script}{{{self.argument()}}}"

    def argument(self) -> str:
        self.skip_spaces()
        if self.peek() == (self.OTHER, "{"):
            self.take()
            return self.items("}")
        kind, value = self.peek() or (0, "")
        if kind in (self.WORD, self.NUMBER) and len(value) > 1:
            # TeX takes one character: x^10 is x to the one, then a nought.
            self.tokens[self.position : self.position + 1] = [(kind, value[0]), (kind, value[1:])]
        return self.atom()

    def atom(self) -> str:
        kind, value = self.take()
        if kind == self.COMMAND:
            return self.command(value)
        if kind == self.ESCAPE:
            if value in _SPACES | _LITERALS:
                return f"\\{value}"
            raise NotMathematics(f"\\{value} is not allowed")
        if kind == self.WORD:
            # Two letters side by side are a product, three or more are a word.
            return value if len(value) < 3 else f"\\mathit{{{value}}}"
        if kind == self.NUMBER:
            return value
        return self.other(value)

    def other(self, value: str) -> str:
        if value == "{":
            return "{" + self.items("}") + "}"
        if value in _OPERATORS:
            return {"<": "<", ">": ">", '"': "\\textquotedbl{}", "`": "\\textasciigrave{}"}.get(value, value)
        if value in _UNICODE:
            return _UNICODE[value]
        raise NotMathematics(f"{value!r} is not allowed here")

    def command(self, name: str) -> str:
        if name in _GREEK or name in _SYMBOLS or name in _FUNCTIONS:
            return f"\\{name} "
        if name in ("frac", "dfrac", "tfrac"):
            first = self.argument()
            return f"\\{name}{{{first}}}{{{self.argument()}}}"
        if name == "sqrt":
            self.skip_spaces()
            root = ""
            if self.peek() == (self.OTHER, "["):
                self.take()
                root = f"[{{{self.items(']')}}}]"
            return f"\\sqrt{root}{{{self.argument()}}}"
        if name in _ACCENTS:
            return f"\\{name}{{{self.argument()}}}"
        if name in _ALPHABETS:
            return f"\\{name}{{{self.words(letters_only=name != 'operatorname')}}}"
        if name in ("text", "textrm", "mbox"):
            return f"\\text{{{self.words()}}}"
        if name == "left":
            return self.fenced()
        raise NotMathematics(f"\\{name} is not in the list of allowed commands")

    def words(self, *, letters_only: bool = False) -> str:
        self.skip_spaces()
        if self.take() != (self.OTHER, "{"):
            raise NotMathematics("a brace is missing")
        out = []
        while (token := self.take()) != (self.OTHER, "}"):
            kind, value = token
            if kind in (self.WORD, self.NUMBER):
                out.append(value)
            elif kind == self.SPACE:
                out.append(" " if not letters_only else "\\ ")
            elif kind == self.OTHER and value in "-+.,;:()/=*!?":
                out.append(value)
            elif kind == self.ESCAPE and value in _LITERALS | {" "}:
                out.append(f"\\{value}")
            else:
                raise NotMathematics(f"{value!r} is not allowed in words")
        if not out:
            raise NotMathematics("an empty argument")
        return "".join(out)

    def fenced(self) -> str:
        left = self.delimiter()
        inside = self.items("\\right")
        return f"\\left{left}{inside}\\right{self.delimiter()}"

    def delimiter(self) -> str:
        self.skip_spaces()
        kind, value = self.take()
        name = f"\\{value}" if kind in (self.COMMAND, self.ESCAPE) else value
        if name not in _DELIMITERS:
            raise NotMathematics(f"{name} is not a delimiter")
        return name + (" " if kind == self.COMMAND else "")
