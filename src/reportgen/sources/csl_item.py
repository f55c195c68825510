"""The form of a CSL-JSON item, as pydantic checks it: texts that may be numbers, names, dates, typographic tags."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    create_model,
    model_validator,
)

from reportgen.sources.dates import Date, Day, date_of
from reportgen.sources.entry import Name, tidy, with_particle
from reportgen.sources.marked import TAGS, subscript, superscript, unmarked
from reportgen.sources.variables import DATES, IDENTIFIERS, NAMES, TEXTS

# Typographic tags count only in pairs: "a<b" and "p<i>q" are text.
_TAG = r"i|b|em|strong|u|sc|scp|tt|span|p|sub|sup|jats:[a-z]+"
_PAIR = re.compile(rf"<({_TAG})(?:\s[^<>]*)?>((?:(?!<(?:{_TAG})[\s>]).)*?)</\1>", re.IGNORECASE | re.DOTALL)
_MOST_TAGS = 100
_SEASONS = {"1": 21, "2": 22, "3": 23, "4": 24, "21": 21, "22": 22, "23": 23, "24": 24}


def _plain(value: Any) -> Any:
    """Take a number, or a list of one, for its text; undo HTML's entities and read typographic tags."""
    if isinstance(value, list) and len(value) <= 1:
        value = value[0] if value else None
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return value
    value = unmarked(value)
    if "<" in value and value.count("<") <= _MOST_TAGS:
        value = _without_tags(value)
    return tidy(html.unescape(value))


def _without_tags(text: str) -> str:
    """Take the innermost pairs of tags away until there is none."""
    found = 1
    while found:
        text, found = _PAIR.subn(_inside, text)
    return text


def _inside(pair: re.Match[str]) -> str:
    tag = pair[1].lower().removeprefix("jats:")
    tag = {"italic": "i"}.get(tag, tag)
    if shift := {"sub": subscript, "sup": superscript}.get(tag):
        return shift(pair[2])
    opening, closing = TAGS.get(tag, ("", ""))
    return f"{opening}{pair[2]}{closing}" if pair[2] else ""


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _dated(value: Any) -> Any:
    """Take a text for EDTF, which CSL's schema allows."""
    return {"raw": value} if isinstance(value, str | int) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_plain)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class _Part(BaseModel):
    """A part of an item; what CSL does not have is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: part for name, part in value.items() if part is not None}
        return value


class _Name(_Part):
    family: Text = ""
    given: Text = ""
    dropping: Text = Field("", alias="dropping-particle")
    non_dropping: Text = Field("", alias="non-dropping-particle")
    suffix: Text = ""
    literal: Text = Field("", validation_alias=AliasChoices("literal", "name"))

    def name(self) -> Name:
        if not self.family and self.literal:
            return Name(literal=self.literal)
        name = Name(self.family, self.given, self.non_dropping, self.suffix, "", self.dropping)
        return with_particle(name) if self.family else name


class _Date(_Part):
    parts: tuple[tuple[Text, ...], ...] = Field((), alias="date-parts")
    literal: Text = ""
    raw: Text = ""
    edtf: Text = ""
    season: Text = ""
    circa: Any = None

    def date(self) -> Date:
        days = [day for part in self.parts if (day := _day(part))]
        written = ["-".join(part) for part in self.parts if part and part[0]]
        if len(days) < len(written):
            found = Date(literal="/".join(written))
        elif days:
            found = Date(days[0], days[1] if len(days) > 1 else () if len(self.parts) > 1 else None)
        else:
            text = self.edtf or self.raw
            found = date_of(text) if text else Date(literal=self.literal)
        if self.season and len(found.start) == 1 and not found.literal:
            number = _SEASONS.get(self.season) or date_of(f"{self.season} {found.start[0]}").start[1:2]
            if not number:
                return Date(found.start, literal=f"{self.season} {found.start[0]}")
            found = replace(found, start=(*found.start, number if isinstance(number, int) else number[0]))
        return (
            replace(found, circa=True) if self.circa and self.circa not in ("0", "false") and found else found
        )


def _day(parts: tuple[str, ...]) -> Day:
    """Return a day of CSL's parts; () where they are none."""
    if not parts or not parts[0]:
        return ()
    days = [int(part) for part in parts[:3] if re.fullmatch(r"-?\d{1,9}", part, re.ASCII)]
    limits = (1_000_000_000, 24, 31)
    fits = all(0 < part <= limit for part, limit in zip(days[1:], limits[1:], strict=False))
    return tuple(days) if len(days) == len([part for part in parts[:3] if part]) and fits else ()


class _Update(_Part):
    type: Text = ""
    doi: Text = Field("", alias="DOI")


class _ItemBase(_Part):
    type_: Text = Field(alias="type")
    id_: Text = Field("", alias="id")
    language: Text = ""
    subtitles: Texts = Field((), alias="subtitle")
    isbns: Texts = Field((), alias="ISBN")
    issns: Texts = Field((), alias="ISSN")
    event: Any = ""
    update_to: tuple[_Update, ...] = Field((), alias="update-to")
    updated_by: tuple[_Update, ...] = Field((), alias="updated-by")

    def variable(self, name: str) -> str:
        """Return a text by its CSL name."""
        if name == "ISSN":
            return ", ".join(dict.fromkeys(filter(None, self.issns)))
        return str(getattr(self, _python(name)))

    def people(self, role: str) -> tuple[Name, ...]:
        """Return the people of a role, without those of whom nothing is said."""
        return tuple(name for each in getattr(self, _python(role)) if str(name := each.name()))

    def day_of(self, name: str) -> Date:
        """Return a date by its CSL name."""
        given: _Date = getattr(self, _python(name))
        return given.date()

    @property
    def subtitle(self) -> str:
        """Return what Crossref has beside the title."""
        return ": ".join(filter(None, self.subtitles))

    @property
    def named_event(self) -> str:
        """Return the event's title from where CSL 1.0.1 and Crossref have it."""
        given = self.event.get("name") if isinstance(self.event, Mapping) else self.event
        return self.variable("event-title") or (_plain(given) if isinstance(given, str) else "")

    @property
    def named_event_place(self) -> str:
        """Return the place that Crossref has with the event."""
        given = self.event.get("location") if isinstance(self.event, Mapping) else ""
        return _plain(given) if isinstance(given, str) else ""


def _python(name: str) -> str:
    return {"type": "type_", "id": "id_"}.get(name, name.replace("-", "_").lower())


_FIELDS: dict[str, Any] = {
    _python(name): (Text, Field("", alias=name))
    for name in (*TEXTS, *IDENTIFIERS)
    if name not in ("ISBN", "ISSN")
}
_FIELDS |= {_python(name): (tuple[_Name, ...], Field((), alias=name)) for name in NAMES}
_FIELDS |= {
    _python(name): (Annotated[_Date, BeforeValidator(_dated)], Field(_Date(), alias=name)) for name in DATES
}
Item: Any = create_model("Item", __base__=_ItemBase, **_FIELDS)
"""An item by its CSL names; what is not printed is passed over."""
ITEM_FIELDS = frozenset(field.alias or name for name, field in Item.model_fields.items())
"""The names of an item's fields that are read."""
_NAME_PARTS = frozenset(field.alias or name for name, field in _Name.model_fields.items()) | {"name"}


def people_of(value: Any) -> Any:
    """Keep of people what is printed: registries add affiliations and the order of authors."""
    if not isinstance(value, list):
        return value
    return [
        {part: text for part, text in person.items() if part in _NAME_PARTS}
        if isinstance(person, dict)
        else person
        for person in value
    ]
