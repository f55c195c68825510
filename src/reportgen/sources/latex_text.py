"""LaTeX markup of .bib fields to plain Unicode text; what cannot be read stays visible.

Read by pylatexenc with a narrowed vocabulary: its own would drop unknown commands, print ``<cit.>`` for
a citation, and know today's date and the contents of files.
"""

# pylatexenc has no annotations.
# mypy: disable-error-code="no-untyped-call, no-any-return"

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from pylatexenc import latex2text, latexwalker, macrospec
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec

from reportgen.base.characters import normal
from reportgen.sources.entry import tidy
from reportgen.sources.latex_simple import ACCENTS, simply_read
from reportgen.sources.marked import italic, scripts_read, subscript, superscript, unmarked

_ITALIC = ("emph", "textit", "textsl")
_CONTENT = (
    "textrm", "textbf", "textsc", "texttt", "textsf", "textup", "textmd",
    "textnormal", "text", "mbox", "underline", "uline",
)  # fmt: skip
_NOTHING = (
    "em", "it", "bf", "sc", "tt", "rm", "sf", "sl", "itshape", "bfseries", "scshape", "ttfamily", "sffamily",
    "rmfamily", "upshape", "normalfont", "mdseries", "slshape", "relax", "protect", "allowbreak", "nobreak",
    "ignorespaces", "null", "/", "-", "@", "!",
)  # fmt: skip
_SPACES = (
    "quad", "qquad", "thinspace", "space", "enspace", "newline", "par", ",", ";", ":", " ", "\\", "\n",
)  # fmt: skip
_CHARACTERS = {
    "TeX": "TeX", "LaTeX": "LaTeX", "LaTeXe": "LaTeX2ε", "BibTeX": "BibTeX", "XeTeX": "XeTeX",
    "LuaTeX": "LuaTeX", "textperiodcentered": "·", "eth": "ð", "copyright": "©", "pounds": "£", "S": "§",
    "P": "¶", "dag": "†", "ddag": "‡", "textasciicircum": "^", "textbar": "|", "textless": "<",
    "textgreater": ">", "slash": "/", "textunderscore": "_", "textellipsis": "…", "quotedblbase": "„",
    "quotesinglbase": "‚", "glqq": "„", "grqq": "“", "glq": "‚", "grq": "‘", "flqq": "«", "frqq": "»",
    "flq": "‹", "frq": "›", "SS": "ẞ", "IJ": "Ĳ", "ij": "ĳ", "textmu": "µ", "textohm": "Ω",
    "textquotedbl": '"', "textnumero": "№", "textasteriskcentered": "∗", "lq": "‘", "rq": "’",
    "nobreakspace": "\u00a0", "colon": ":", "textbraceleft": "{", "textbraceright": "}", "degree": "°",
    "celsius": "℃",
}  # fmt: skip
_UNREADABLE = frozenset(["today", "input", "include"])

DEEPEST = 30
"""How deep braces may nest: the parser calls itself many times for each."""
_MARKUP = re.compile(r"[\\$~]|--|``|''|[!?]`")
_SPECIAL = re.compile(r"[\\$~{}\t\n\r\f\v]|--|``|''|[!?]`|  ")
"""What keeps a text from being read as it stands."""
_ESCAPES = re.compile(r"[\\{}\n$&]")
_SIGNS = (
    (re.compile(r"\{?\\(?:textless|lt)(?![a-z])\s*(?:\{\})?\}?|\$\s*(?:<|\\lt)\s*\$|&lt;"), "<"),
    (re.compile(r"\{?\\(?:textgreater|gt)(?![a-z])\s*(?:\{\})?\}?|\$\s*(?:>|\\gt)\s*\$|&gt;"), ">"),
    (re.compile(r"\{?\\(?:textasciicircum)(?![a-z])\s*(?:\{\})?\}?"), "^"),
    (re.compile(r"\{?\\(?:textbar)(?![a-z])\s*(?:\{\})?\}?"), "|"),
    (re.compile(r"&amp;"), "&"),
)
_ADDRESS = re.compile(r"https?://[^\s{}\\]+")
# Characters that TeX would take as markup are carried through the parser in a private plane.
_SHELTER = 0xF0000
_SHELTERED = re.compile("[\U000f0000-\U000f007f]")


class Decoded(NamedTuple):
    """Plain text, the LaTeX commands in it that are not known and so stand as written, and why all of it does."""

    text: str
    unknown: tuple[str, ...] = ()
    fault: str = ""


def decode_latex(source: str) -> Decoded:
    """Turn the LaTeX of one field into text, marked where it is raised, lowered or in italics; ``$...$`` stays.

    A source that is not LaTeX at all (unbalanced braces) stays as written and counts as unknown.
    """
    if source.isascii() and not _SPECIAL.search(source):
        return Decoded(source.strip(" "))
    source = unmarked(source)
    if not _MARKUP.search(source) and source.count("{") == source.count("}"):
        return Decoded(_normal(re.sub(r"[{}]", "", source)))
    if _SHELTERED.search(source):
        return Decoded(_normal(source), (_normal(source),))
    if (text := simply_read(source)) is not None:
        return Decoded(scripts_read(_normal(text)))
    return _too_deep(source) if _nesting(source) > DEEPEST else _parsed(source)


def _parsed(source: str) -> Decoded:
    # What remains of the backslashes is one at the very end, which escapes nothing.
    sheltered = re.sub(r"(\\.)|[%\\]", lambda found: found[1] or _shelter(found[0]), source, flags=re.DOTALL)
    sheltered = _ADDRESS.sub(lambda found: _shelter(found[0]), sheltered)
    # A dollar sign without its partner is a dollar sign.
    literal = re.sub(r"(\\.)|\$", lambda found: found[1] or _shelter("$"), sheltered, flags=re.DOTALL)
    for attempt in (sheltered, literal):
        reader = _Reader()
        try:
            text = reader.latex_to_text(attempt, latex_context=_syntax(), tolerant_parsing=False)
        except latexwalker.LatexWalkerParseError:
            continue
        except RecursionError:
            return _too_deep(source)
        return Decoded(
            scripts_read(_normal(_unshelter(text))), tuple(_unshelter(name) for name in reader.unknown)
        )
    return Decoded(_normal(source), (_normal(source),))


def _too_deep(source: str) -> Decoded:
    return Decoded(_normal(source), fault=f"its commands and braces are nested more than {DEEPEST} deep")


def _nesting(source: str) -> int:
    depth = deepest = 0
    for brace in re.finditer(r"\\.|[{}]", source, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        deepest = max(deepest, depth)
    return deepest


def decode_verbatim(source: str) -> str:
    """Read a DOI, URL or other code: only the escapes people write around its characters are undone."""
    if not _ESCAPES.search(source):
        return source.strip()
    text = re.sub(r"\\(?:url|path|nolinkurl)\s*(?=\{)", "", source)
    text = re.sub(r"\\([_%#&~{}$^-])(?:\{\})?", r"\1", text)
    text = re.sub(r"\\textunderscore\s*(?:\{\})?|\{\\textunderscore\}", "_", text)
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    text = re.sub(r"\\(?:text)?(?:ascii)?tilde\s*(?:\{\})?|\$\\sim\$", "~", text)
    return re.sub(r"(?<!\s)[^\S\n]*+\n\s*+", "", re.sub(r"[{}]", "", text)).strip()


def _normal(text: str) -> str:
    return normal("NFC", tidy(text))


def _shelter(text: str) -> str:
    return "".join(chr(_SHELTER + ord(c)) if ord(c) < 128 and not c.isalnum() else c for c in text)


def _unshelter(text: str) -> str:
    return "".join(chr(ord(c) - _SHELTER) if _SHELTER <= ord(c) < _SHELTER + 128 else c for c in text)


class _Reader(LatexNodes2Text):
    """Reads one field; collects the commands it does not know in ``unknown``."""

    def __init__(self) -> None:
        super().__init__(latex_context=_vocabulary(), math_mode="verbatim", strict_latex_spaces=True)
        self.unknown: list[str] = []
        self._keep_braces = False

    def node_to_text(self, node: Any, prev_node_hint: Any = None, textcol: int = 0) -> str:
        after_unknown, self._keep_braces = self._keep_braces, False
        if after_unknown and node is not None and node.isNodeType(latexwalker.LatexGroupNode):
            content = self.nodelist_to_text(node.nodelist)
            self._keep_braces = True
            return f"{node.delimiters[0]}{content}{node.delimiters[1]}"
        return str(super().node_to_text(node, prev_node_hint, textcol))

    def macro_node_to_text(self, node: Any) -> str:
        name = node.macroname
        if name in _UNREADABLE or self.latex_context.get_macro_spec(name) is None:
            self._keep_braces = True
            return self._as_written(node, f"\\{name}")
        return str(super().macro_node_to_text(node))

    def environment_node_to_text(self, node: Any) -> str:
        return self._as_written(node, f"\\begin{{{node.environmentname}}}")

    def math_node_to_text(self, node: Any) -> str:
        opening, closing = node.delimiters
        return f"${node.latex_verbatim().removeprefix(opening).removesuffix(closing).strip()}$"

    def _as_written(self, node: Any, name: str) -> str:
        self.unknown.append(name)
        return str(node.latex_verbatim())


@cache
def _syntax() -> macrospec.LatexContextDb:
    """Return which commands take arguments, in addition to what pylatexenc knows."""
    syntax = latexwalker.get_default_latex_context_db()
    one_argument = (
        *_CONTENT,
        *_ITALIC,
        "enquote",
        "textsuperscript",
        "textsubscript",
        "url",
        "path",
        "nolinkurl",
    )
    macros = [macrospec.MacroSpec(name, "{") for name in one_argument]
    macros += [macrospec.MacroSpec("href", "{{")]
    syntax.add_context_category("reportgen", prepend=True, macros=macros)
    return syntax


@cache
def _vocabulary() -> macrospec.LatexContextDb:
    """Return what each command prints: pylatexenc's symbols, and our reading of markup and accents."""
    symbols = latex2text.get_default_latex_context_db().filter_context(
        keep_categories=["latex-base", "nonascii-specials", "advanced-symbols"]
    )
    macros = [MacroTextSpec(name, discard=False) for name in _CONTENT]
    macros += [MacroTextSpec(name, simplify_repl="") for name in _NOTHING]
    macros += [MacroTextSpec(name, simplify_repl=" ") for name in _SPACES]
    macros += [MacroTextSpec(name, simplify_repl=text) for name, text in _CHARACTERS.items()]
    macros += [MacroTextSpec(name, simplify_repl=_accent(mark)) for name, mark in ACCENTS.items()]
    macros += [MacroTextSpec(name, simplify_repl=_address) for name in ("url", "path", "nolinkurl")]
    macros += [
        *(
            MacroTextSpec(name, simplify_repl=lambda node, l2tobj: italic(_argument(node, l2tobj)))
            for name in _ITALIC
        ),
        MacroTextSpec("enquote", simplify_repl="“%s”"),
        MacroTextSpec("ensuremath", simplify_repl=lambda node: f"${_written(node)}$"),
        MacroTextSpec(
            "href", simplify_repl=lambda node, l2tobj: f"{_argument(node, l2tobj, 1)} <{_address(node)}>"
        ),
        MacroTextSpec(
            "textsuperscript", simplify_repl=lambda node, l2tobj: superscript(_argument(node, l2tobj))
        ),
        MacroTextSpec("textsubscript", simplify_repl=lambda node, l2tobj: subscript(_argument(node, l2tobj))),
    ]
    symbols.add_context_category("reportgen", prepend=True, macros=macros)
    return symbols


def _accent(mark: str) -> Any:
    """Put the accent on the first character; over nothing at all the accent stands alone."""

    def accented(node: Any, l2tobj: Any) -> str:
        base = _argument(node, l2tobj).strip()
        if not base:
            return {"\u0303": "~", "\u0302": "^"}.get(mark, f"\u00a0{mark}")
        first = {"ı": "i", "ȷ": "j"}.get(base[0], base[0])
        return normal("NFC", first + mark) + base[1:]

    return accented


def _argument(node: Any, reader: Any, index: int = 0) -> str:
    return str(reader.node_arg_to_text(node, index))


def _written(node: Any) -> str:
    written = str(node.nodeargd.argnlist[0].latex_verbatim())
    return written[1:-1] if written.startswith("{") else written


def _address(node: Any) -> str:
    return decode_verbatim(_written(node))
