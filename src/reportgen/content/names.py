"""Names of people in references: initials, then the family name whole, as each script has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.sources.entry import EAST_ASIAN, LOWER_CASE, initials_apart

if TYPE_CHECKING:
    from reportgen.sources import Name

_KATAKANA = re.compile("[\u30a0-\u30ff・]+")
_SHORT = re.compile(r"[^\W\d_][^\W\d_]{1,2}\.")


def written_name(name: Name) -> str:
    """Write a name with initials, the family name whole: H. Wang, J. D. van der Waals, 王小明."""
    if name.literal:
        return name.literal
    if EAST_ASIAN.match(name.family) and (not name.given or EAST_ASIAN.match(name.given)):
        if _KATAKANA.fullmatch(name.family) and _KATAKANA.fullmatch(name.given):
            return f"{name.given}・{name.family}"  # a name from abroad keeps its order
        return f"{name.family}{name.given}"
    initials = " ".join(filter(None, (_initials(word, name.family) for word in name.given.split())))
    full = f"{initials} {name.surname}".strip()
    return f"{full}, {name.suffix}" if name.suffix else full


def _initials(word: str, family: str) -> str:
    """Return the initials of one word of a given name: ``J.R.R.`` holds three, ``EA`` two, ``Jean-Paul`` two."""
    if not word[0].isalpha() or not _has_case(word) or LOWER_CASE.match(word):
        return word  # a particle within, a nickname in quotes, a script that has no initials
    if (apart := initials_apart(word, family)) != word or (
        _SHORT.fullmatch(word) and not word[:-1].isupper()
    ):
        return apart  # Yu., Th. and Chr. are initials as their owners write them
    return "-".join(_initial(part) for part in re.split("[-‐‑]", word) if part)


def _initial(part: str) -> str:
    if not part[0].isalpha() or not _has_case(part):
        return part
    return f"{part[:2]}." if part.startswith("IJ") and len(part) > 2 else f"{part[0]}."


def _has_case(text: str) -> bool:
    return text[0].lower() != text[0].upper()
