"""Dates of works in the words of a language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.sources.dates import Date, Day
    from reportgen.text.wording import Wording

_FIRST_SEASON = 21
_SEASONS = ("spring", "summer", "autumn", "winter")


def written_date(date: Date, wording: Wording) -> str:
    """Write a date: 2020, February 2020, 3 February 2020; a range with a dash, or from and until where it is open."""
    if date.literal:
        return date.literal
    if date.end is None:
        text = _day(date.start, wording)
    elif not date.end:
        text = wording.say("references.since", date=_day(date.start, wording))
    elif not date.start:
        text = wording.say("references.until", date=_day(date.end, wording))
    elif date.start == date.end:
        text = _day(date.start, wording)
    elif len(date.start) == len(date.end) == 1 and min(date.start + date.end) > 0:
        text = f"{date.start[0]}–{date.end[0]}"
    elif len(date.start) == len(date.end) == 2 and date.start[0] == date.end[0]:
        text = f"{_month(date.start[1], wording)}–{_day(date.end, wording)}"
    else:
        text = f"{_day(date.start, wording)} – {_day(date.end, wording)}"
    if date.circa:
        text = wording.say("references.circa", date=text)
    return f"{text}?" if date.uncertain else text


def _day(day: Day, wording: Wording) -> str:
    year = day[0]
    shown = str(year)
    if year <= 0:
        shown = wording.say("references.before_christ", year=-year or 1)
    if len(day) == 1:
        return shown
    if len(day) == 3 and 0 < year < 10_000:
        try:
            return wording.date(dt.date(*day))
        except ValueError:  # the 31st of a month that has 30 days stands as it was given
            return f"{day[2]} {_month(day[1], wording)} {shown}"
    month = _month(day[1], wording)
    return f"{day[2]} {month} {shown}" if len(day) == 3 else f"{month} {shown}"


def _month(number: int, wording: Wording) -> str:
    if number >= _FIRST_SEASON:
        return str(wording.t.references.seasons[_SEASONS[number - _FIRST_SEASON]])
    months: list[str] = wording.t.format.months
    return months[number - 1] if 1 <= number <= len(months) else str(number)
