"""The directions of a line's characters: Unicode's bidirectional algorithm (UAX 9), from P2 to I2, and L4.

A text comes without embeddings, overrides and isolates: such controls are printed by number. What is to be kept
apart, a formula say, stands in it as one neutral sign and is resolved as a text of its own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import accumulate, groupby

_MOST_OPEN = 63
_IDLE = ("BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_NEUTRAL = ("B", "S", "WS", "ON")
_STRONG_AS = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
_SWAPPED = (("LEFT", "RIGHT"), ("LESS", "GREATER"), ("SUBSET", "SUPERSET"), ("PRECEDES", "SUCCEEDS"))
_ALIKE = {"ELEMENT OF": "CONTAINS AS MEMBER", "NOT AN ELEMENT OF": "DOES NOT CONTAIN AS MEMBER"}
_SIDES = re.compile("|".join(word for pair in _SWAPPED for word in sorted(pair, key=len, reverse=True)))


def levels(text: str, base: int) -> list[int]:
    """Return the embedding level of each character of a paragraph, or of a part kept apart, whose own is ``base``."""
    classes = [unicodedata.bidirectional(character) or "L" for character in text]
    places = [place for place, kind in enumerate(classes) if kind not in _IDLE]
    kept = "".join(text[place] for place in places)
    resolved = _resolved(kept, [classes[place] for place in places], "LR"[base % 2])
    out = [base] * len(text)
    for place, kind in zip(places, resolved, strict=True):
        out[place] = base + _rise(kind, base)
    for place, kind in enumerate(classes):  # What has no class takes the level of what stands before it.
        if kind in _IDLE and place:
            out[place] = out[place - 1]
    return out


def _rise(kind: str, base: int) -> int:
    """Rules I1 and I2."""
    if base % 2:
        return 0 if kind == "R" else 1
    return {"L": 0, "R": 1}.get(kind, 2)


def _resolved(text: str, kinds: list[str], embedding: str) -> list[str]:
    """Rules W1 to N2 for one run: each class becomes L, R, EN or AN."""
    original = kinds[:]
    _weak(kinds, embedding)
    _brackets(text, kinds, original, embedding)
    return _neutral(kinds, embedding)


def _weak(kinds: list[str], embedding: str) -> None:
    """Rules W1 to W7."""
    before = strong = embedding
    for place, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[place] = before
        elif kind == "EN" and strong == "AL":
            kinds[place] = "AN"
        before = kinds[place]
        if before in ("L", "R", "AL"):
            strong = before
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for place in range(1, len(kinds) - 1):
        between = {kinds[place - 1], kinds[place + 1]}
        if (kinds[place] in ("ES", "CS") and between == {"EN"}) or (
            kinds[place] == "CS" and between == {"AN"}
        ):
            kinds[place] = kinds[place - 1]
    _terminators(kinds)
    strong = embedding
    for place, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[place] = "L"


def _terminators(kinds: list[str]) -> None:
    """Rules W5 and W6: signs beside a number are its own, all others are neutral."""
    start = 0
    for kind, run in groupby(kinds[:]):
        end = start + len(list(run))
        if kind == "ET":
            beside = (kinds[start - 1] if start else "", kinds[end] if end < len(kinds) else "")
            kinds[start:end] = ["EN" if "EN" in beside else "ON"] * (end - start)
        elif kind in ("ES", "CS"):
            kinds[start:end] = ["ON"] * (end - start)
        start = end


def _brackets(text: str, kinds: list[str], original: list[str], embedding: str) -> None:
    """Rule N0: a pair of brackets has one direction."""
    strong = [_STRONG_AS.get(kind, "") for kind in kinds]
    along = [0, *accumulate(each == embedding for each in strong)]
    against = [0, *accumulate(each not in ("", embedding) for each in strong)]
    before, reached = embedding, 0
    for opening, closing in _pairs(text, kinds):
        for kind in kinds[reached:opening]:
            before = _STRONG_AS.get(kind, before)
        reached = opening
        if along[closing] > along[opening]:
            direction = embedding
        elif against[closing] > against[opening]:
            direction = before
        else:
            continue
        for place in (opening, closing):
            kinds[place] = direction
            behind = place + 1
            while behind < len(kinds) and original[behind] == "NSM":
                kinds[behind] = direction
                behind += 1


def _pairs(text: str, kinds: list[str]) -> list[tuple[int, int]]:
    """Find the pairs of brackets (BD16) in the order of their openings."""
    opened: list[tuple[str, int]] = []
    found = []
    for place, character in enumerate(text):
        if kinds[place] != "ON" or not (partner := bracket_partner(character)):
            continue
        if unicodedata.category(character) == "Ps":
            if len(opened) == _MOST_OPEN:
                break
            opened.append((partner, place))
            continue
        for depth in range(len(opened) - 1, -1, -1):
            if opened[depth][0] == character:
                found.append((opened[depth][1], place))
                del opened[depth:]
                break
    return sorted(found)


def _neutral(kinds: list[str], embedding: str) -> list[str]:
    """Rules N1 and N2: what is neutral goes with its neighbours where they agree, else with the text."""
    out: list[str] = []
    start = 0
    for is_neutral, run in groupby(kinds, key=_NEUTRAL.__contains__):
        end = start + len(list(run))
        if is_neutral:
            before = _STRONG_AS[out[-1]] if out else embedding
            behind = _STRONG_AS[kinds[end]] if end < len(kinds) else embedding
            out += [before if before == behind else embedding] * (end - start)
        else:
            out += kinds[start:end]
        start = end
    return out


def bracket_partner(character: str) -> str:
    """Return the bracket that makes a pair with this one, or ''."""
    is_bracket = unicodedata.category(character) in ("Ps", "Pe") and unicodedata.mirrored(character)
    return mirror_image(character) if is_bracket else ""


@cache
def mirror_image(character: str) -> str:
    """Return the character that looks as this one in a mirror, or '' where it is none of those that are mirrored."""
    if not unicodedata.mirrored(character):
        return ""
    name = unicodedata.name(character)
    other = _ALIKE.get(name) or _SIDES.sub(_other_side, name)
    try:
        image = unicodedata.lookup(other)
    except KeyError:
        return ""
    return image if image != character and unicodedata.mirrored(image) else ""


def _other_side(found: re.Match[str]) -> str:
    return next(b if found[0] == a else a for a, b in _SWAPPED if found[0] in (a, b))


_ALIKE |= {image: name for name, image in _ALIKE.items()}


def mirrored(text: str) -> str:
    """Return a text from right to left with its brackets and signs turned round (L4)."""
    return "".join(mirror_image(character) or character for character in text)
