"""Names of people in references: initials, then the family name whole, as each script has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.sources.entry import LOWER_CASE

if TYPE_CHECKING:
    from reportgen.sources import Name

_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U000323af]"
)
_KATAKANA = re.compile("[\u30a0-\u30ff・]+")
_GLUED = re.compile(r"(?:[^\W\d_]\.-?){2,}[^\W\d_]?")
_SHORT = re.compile(r"[^\W\d_][^\W\d_]{1,2}\.")
_MOST_GLUED = 3


def written_name(name: Name) -> str:
    """Write a name with initials, the family name whole: H. Wang, J. D. van der Waals, 王小明."""
    if name.literal:
        return name.literal
    if _EAST_ASIAN.match(name.family) and (not name.given or _EAST_ASIAN.match(name.given)):
        if _KATAKANA.fullmatch(name.family) and _KATAKANA.fullmatch(name.given):
            return f"{name.given}・{name.family}"  # a name from abroad keeps its order
        return f"{name.family}{name.given}"
    is_loud = len(name.family) > 1 and name.family.isupper()
    initials = " ".join(filter(None, (_initials(part, is_loud=is_loud) for part in name.given.split())))
    full = f"{initials} {name.surname}".strip()
    return f"{full}, {name.suffix}" if name.suffix else full


def _initials(word: str, *, is_loud: bool) -> str:
    """Give the initials of one word of a given name: ``J.R.R.`` holds three, ``EA`` two, ``Jean-Paul`` two.

    Where the family name is in capitals (``is_loud``), so may be a given name.
    """
    if not word[0].isalpha() or not _has_case(word) or LOWER_CASE.match(word):
        return word  # a particle within, a nickname in quotes, a script that has no initials
    if _GLUED.fullmatch(word):
        return " ".join(f"{letter}." for letter in re.findall(r"-?[^\W\d_]", word)).replace(" -", "-")
    if _SHORT.fullmatch(word) and not word[:-1].isupper():
        return word  # Yu., Th. and Chr. are initials as their owners write them
    if word.isalpha() and word.isupper() and 1 < len(word) <= _MOST_GLUED and not is_loud:
        return " ".join(f"{letter}." for letter in word)
    return "-".join(_initial(part) for part in re.split("[-‐‑]", word) if part)


def _initial(part: str) -> str:
    if not part[0].isalpha() or not _has_case(part):
        return part
    return f"{part[:2]}." if part.startswith("IJ") and len(part) > 2 else f"{part[0]}."


def _has_case(text: str) -> bool:
    return text[0].lower() != text[0].upper()
