"""Texts and names as values of BibTeX: what BibTeX, biber and the readers of .bib files give back as it was."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from reportgen.sources.marked import ITALIC, LOWERED, RAISED
from reportgen.text.mathematics import Formula, split_formulas

if TYPE_CHECKING:
    from reportgen.sources.entry import Name

_COMMANDS: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "`": r"\textasciigrave{}",
    "@": r"{@}",
    RAISED[0]: r"\textsuperscript{",
    LOWERED[0]: r"\textsubscript{",
    ITALIC[0]: r"\emph{",
    **dict.fromkeys((RAISED[1], LOWERED[1], ITALIC[1]), "}"),
}
# Pairs that TeX's fonts or readers join into one sign.
_TO_ESCAPE = re.compile(f"[{re.escape(''.join(_COMMANDS))}]|-(?=-)|'(?=')|,(?=,)|<(?=<)|>(?=>)")
# BibTeX counts braces, also those behind a backslash: where they are no pairs, others stand for them.
_UNPAIRED: Final = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_IN_FORMULA: Final = {r"\{": r"\lbrace ", r"\}": r"\rbrace "}


def bibtex_text(text: str) -> str:
    """Write a text, its formulas as formulas, so that it stands for itself."""
    parts = split_formulas(text)
    words = "".join(part for part in parts if isinstance(part, str))
    commands = _COMMANDS if _has_pairs(words) else _COMMANDS | _UNPAIRED

    def escaped(found: re.Match[str]) -> str:
        return commands.get(found[0]) or f"{found[0]}{{}}"

    return "".join(
        _formula(part) if isinstance(part, Formula) else _TO_ESCAPE.sub(escaped, part) for part in parts
    )


def _has_pairs(text: str) -> bool:
    """Tell whether each brace of a text has its partner."""
    depths = [*accumulate({"{": 1, "}": -1}.get(character, 0) for character in text)]
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def _formula(formula: Formula) -> str:
    source = re.sub(r"\\[{}]", lambda found: _IN_FORMULA[found[0]], formula.source)
    return f"${source}$"


def bibtex_name(name: Name) -> str:
    """Write a name as ``von Family, Suffix, Given``; one that has no parts stands in braces."""
    if name.literal or not name.family:
        return f"{{{bibtex_text(name.literal or name.given)}}}"
    particle = " ".join(filter(None, (name.dropping_particle, name.non_dropping_particle)))
    # A word that begins with no capital letter is taken for a particle.
    is_plain = all(word[:1].isupper() for word in name.family.split())
    family = _part(name.family) if is_plain else _whole(name.family)
    parts = [f"{_part(particle)} {family}".strip()]
    parts += [_part(name.suffix)] if name.suffix else []
    return ", ".join([*parts, _part(name.given)] if name.given or name.suffix else parts)


def _part(text: str) -> str:
    """Put a part of a name in braces where something in it would divide the name."""
    divides = re.search(r",|\\|\band\b|[{}$~\"]", text, re.IGNORECASE) or text != text.strip()
    return _whole(text) if divides else bibtex_text(text)


def _whole(text: str) -> str:
    return f"{{{bibtex_text(text)}}}"
