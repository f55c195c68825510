"""Dates of works: ISO 8601 and EDTF as biblatex and CSL write them, and what people write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

Day = tuple[int, ...]
"""A year, with a month and a day where they are known; a season is a month from 21, spring, to 24, winter."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(MONTHS, 1)} | {
    "januar": 1, "jänner": 1, "janvier": 1, "februar": 2, "février": 2, "fevrier": 2, "märz": 3, "maerz": 3,
    "mars": 3, "avril": 4, "mai": 5, "juni": 6, "juin": 6, "juli": 7, "juillet": 7, "août": 8, "aout": 8,
    "sept": 9, "septembre": 9, "oktober": 10, "octobre": 10, "novembre": 11, "dezember": 12, "décembre": 12,
    "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
}  # fmt: skip
_SEASONS = {
    "spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24, "frühjahr": 21, "frühling": 21,
    "sommer": 22, "herbst": 23, "printemps": 21, "été": 22, "automne": 23, "hiver": 24,
}  # fmt: skip
_EDTF = re.compile(
    r"(-?\d{4}|[Yy]-?\d{5,9}|-\d{1,3})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ][\d:.Z+-]*)?)?)?([~?%]?)"
)
_SPAN = re.compile(r"(\d{2}(?:\d[Xu]|[Xu]{2}))([~?%]?)")
_NAME = r"([^\W\d_]{3,9})\.?"
_WRITTEN = (
    (re.compile(rf"{_NAME}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})"), (3, 1, 2)),
    (re.compile(rf"(\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:de\s+)?{_NAME},?\s+(?:de\s+)?(\d{{4}})"), (3, 2, 1)),
    (re.compile(rf"{_NAME},?\s+(\d{{4}})"), (2, 1)),
    (re.compile(rf"(\d{{4}})\s+{_NAME}(?:\s+(\d{{1,2}}))?"), (1, 2, 3)),
    (re.compile(r"(\d{4})/(\d{1,2})(?:/(\d{1,2}))?"), (1, 2, 3)),
)
_MONTHS_WRITTEN = re.compile(rf"{_NAME}\s*(?:/|-{{1,3}}|–)\s*{_NAME}")
_DAYS_WRITTEN = re.compile(r"(\d{1,2})\s*(?:/|-{1,3}|–)\s*(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Date:
    """A day, month, season or year, or a range of them; what is none of these is kept as ``literal``.

    A year before our era is negative as people count: 44 BC is -44. ``end`` is None where there is no range, and ()
    where it is open. A text that is no date may still tell its year: it then stands in ``start``.
    """

    start: Day = ()
    end: Day | None = None
    circa: bool = False
    uncertain: bool = False
    literal: str = ""

    def __bool__(self) -> bool:
        return bool(self.start or self.end or self.literal)

    @property
    def year(self) -> str:
        """Return the year, both years of a range; what is no date stands as it is."""
        if self.literal:
            return self.literal
        ends = [f"{day[0]}" if day else "" for day in (self.start, *([] if self.end is None else [self.end]))]
        text = ends[0] if len({*ends}) == 1 else "–".join(ends)
        return f"{'c. ' if self.circa else ''}{text}{'?' if self.uncertain else ''}"

    @property
    def edtf(self) -> str:
        """Return the date as EDTF, '' where it is none."""
        mark = "%" if self.circa and self.uncertain else "~" if self.circa else "?" if self.uncertain else ""
        days = (self.start, *([] if self.end is None else [self.end]))
        return "" if self.literal else "/".join(_edtf(day) + mark if day else ".." for day in days)


def _edtf(day: Day) -> str:
    year = f"{day[0] + 1:05d}" if day[0] < -1 else "0000" if day[0] == -1 else f"{day[0]:04d}"
    return "-".join((year, *(f"{part:02d}" for part in day[1:])))


@lru_cache(maxsize=4096)
def date_of(text: str) -> Date:
    """Read a date, whether EDTF or as people write one; what is neither is kept as it is."""
    text = text.strip()
    if found := _from_edtf(text):
        return found
    for pattern, places in _WRITTEN:
        if match := pattern.fullmatch(text):
            day = _day(*(match[place] or "" for place in places))
            return Date(day) if day else _literal(text)
    return _literal(text)


def _literal(text: str) -> Date:
    year = re.search(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)", text)
    return Date((int(year[1]),) if year else (), literal=text)


def _from_edtf(text: str) -> Date | None:
    if span := _SPAN.fullmatch(text):
        first, last = (int(re.sub("[Xu]", digit, span[1])) for digit in "09")
        return _marked(Date((first,), (last,)), span[2])
    ends = text.split("/")
    if len(ends) == 1:
        return _one(text)
    if len(ends) != 2 or ends == ["", ""]:
        return None
    opening, closing = (Date() if end.strip() in ("", "..") else _one(end.strip()) for end in ends)
    if opening is None or closing is None or not (opening or closing):
        return None
    return replace(
        opening,
        end=closing.start,
        circa=opening.circa or closing.circa,
        uncertain=opening.uncertain or closing.uncertain,
    )


def _one(text: str) -> Date | None:
    match = _EDTF.fullmatch(text)
    if not match:
        return None
    day = _day(match[1].lstrip("Yy"), match[2] or "", match[3] or "")
    if day and day[0] <= 0 and len(match[1]) > 4:
        day = (day[0] - 1, *day[1:])  # ISO 8601 has a year 0
    return _marked(Date(day), match[4]) if day else None


def _marked(date: Date, mark: str) -> Date:
    return replace(date, circa=mark in ("~", "%"), uncertain=mark in ("?", "%"))


def _day(year: str, month: str = "", day: str = "") -> Day:
    """Put the parts of a day together; () where they are none."""
    if not re.fullmatch(r"-?\d{1,9}", year, re.ASCII):
        return ()
    parts: Day = (int(year),)
    if not month:
        return parts if not day else ()
    number = month_of(month)
    if number is None or (number > 12 and day):
        return ()
    if not day:
        return (*parts, number)
    if not (re.fullmatch(r"\d{1,2}", day, re.ASCII) and 1 <= int(day) <= 31):
        return ()
    return (*parts, number, int(day))


def month_of(text: str) -> int | None:
    """Return the number of a month or season, by number or by its name in English, German or French."""
    text = text.strip().rstrip(".").lower()
    if text.isascii() and text.isdigit():
        return int(text) if 1 <= int(text) <= 12 or 21 <= int(text) <= 24 else None
    return _MONTHS.get(text) or _SEASONS.get(text)


@lru_cache(maxsize=4096)
def date_of_parts(year: str, month: str, day: str = "") -> Date:
    """Read a date from the fields ``year``, ``month`` and ``day``; the month may hold the day, or two months."""
    if not month:
        found = date_of(year)
        return found if year or not day else Date(literal=day)
    month, year = " ".join(month.split()), year.strip()
    if spans := _MONTHS_WRITTEN.fullmatch(month):
        first, last = _day(year, spans[1]), _day(year, spans[2])
        if first and last:
            return Date(first, last)
    name, number = month, day
    if named := re.fullmatch(rf"{_NAME},?\s*(\d{{1,2}}.*)", month):
        name, number = named[1], named[2]
    elif named := re.fullmatch(rf"(\d{{1,2}}[^\s.]*)\.?\s*{_NAME}", month):
        name, number = named[2], named[1]
    number = re.sub(r"(?:st|nd|rd|th|,|\.)$", "", number)
    if (days := _DAYS_WRITTEN.fullmatch(number)) and (first := _day(year, name, days[1])):
        return Date(first, _day(year, name, days[2]))
    if found_day := _day(year, name, number):
        return Date(found_day)
    return _literal(" ".join(part for part in (day, month, year) if part))
