"""Texts whose words may be raised, lowered or set in italics: plain strings with marks that no text can hold.

The marks are code points that Unicode keeps from being characters, in pairs; `unmarked` takes them out of what
others wrote. Where Unicode has raised or lowered digits they stand in place of a mark, so that plain text keeps them.
"""

from __future__ import annotations

import re

RAISED, LOWERED, ITALIC = ("\ufdd0", "\ufdd1"), ("\ufdd2", "\ufdd3"), ("\ufdd4", "\ufdd5")
"""The pairs of marks: what stands between is a superscript, a subscript, or emphasis."""
TAGS = {"sup": RAISED, "sub": LOWERED, "i": ITALIC, "em": ITALIC}
"""The typographic tags of CSL-JSON that are kept."""

SHELTERED = str.maketrans("<>&", "\ufde0\ufde1\ufde2")
"""What HTML would take for its own, in place of it while a text passes a program that writes HTML."""
RESTORED = str.maketrans("\ufde0\ufde1\ufde2", "<>&")

_MARKS = re.compile("[\ufdd0-\ufdef]")
_SUPERSCRIPTS = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SCRIPT = re.compile(
    r"\$\s*+([_^])\s*+(?:\{\s*+(?:\\(?:rm|mathrm|textrm|text|mathit|it)\b\s*+)?\{?([\w+\-−/.,]*+(?:\\circ)?)\}?\s*+\}"
    r"|(\d|\\circ))\s*+\$"
)
_LEADING = re.compile(r"\$(?=[_^])")


def superscript(text: str) -> str:
    """Raise text."""
    return _script(text, _SUPERSCRIPTS, RAISED)


def subscript(text: str) -> str:
    """Lower text."""
    return _script(text, _SUBSCRIPTS, LOWERED)


def italic(text: str) -> str:
    """Set text in italics."""
    return f"{ITALIC[0]}{text}{ITALIC[1]}" if text else ""


def _script(text: str, table: dict[int, int], marks: tuple[str, str]) -> str:
    if not text or all(ord(character) in table for character in text):
        return text.translate(table)
    return f"{marks[0]}{text}{marks[1]}"


def unmarked(text: str) -> str:
    """Return a text without its marks, as a plain one."""
    return _MARKS.sub("", text)


def with_tags(text: str) -> str:
    """Return a marked text with the tags of CSL-JSON in place of its marks."""
    for tag in ("sup", "sub", "i"):
        opening, closing = TAGS[tag]
        text = text.replace(opening, f"<{tag}>").replace(closing, f"</{tag}>")
    return text


def scripts_read(text: str) -> str:
    """Read formulas that are a script alone, such as CO$_2$, as text; one that begins with a script gets a nucleus."""
    if "$_" not in text and "$^" not in text and "$ " not in text:
        return text
    return _LEADING.sub("${}", _SCRIPT.sub(_read_script, text))


def _read_script(found: re.Match[str]) -> str:
    script = found[2] if found[2] is not None else found[3]
    if script == "\\circ":
        return "°" if found[1] == "^" else found[0]
    if not script or "\\" in script or (script.isalpha() and len(script) == 1):
        return found[0]
    return superscript(script) if found[1] == "^" else subscript(script)
