"""The fixed words of a report, by language, and how numbers, dates and lists are written in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reportgen.base import numbers
from reportgen.base.errors import Level, Problem, TemplateError, Where
from reportgen.base.foreign import LARGEST_TOML, parse_foreign_toml, read_foreign
from reportgen.text.own_words import lay_over

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

LANGUAGES = ("en", "de", "fr")
"""The languages in which the report's own words exist."""
OWN = "locale/"
_LANGUAGE = re.compile(rf"{OWN}[a-z]{{2,3}}\.toml")


@dataclass(frozen=True)
class Phrases:
    """One table of a language's words: ``phrases.heading.gate`` is a text, or a further table."""

    name: str
    table: dict[str, Any]
    _tables: dict[str, Phrases] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __getattr__(self, name: str) -> Any:
        """Find a text or a table by its name.

        Raises:
            AttributeError: the language has no such text; a template then fails on it.

        """
        try:
            value = self.table[name]
        except KeyError:
            raise AttributeError(f"the wording has no {self.name}.{name}") from None
        if not isinstance(value, dict):
            return value
        if name not in self._tables:
            self._tables[name] = Phrases(f"{self.name}.{name}", value)
        return self._tables[name]

    __getitem__ = __getattr__


@dataclass(frozen=True)
class Wording:
    """A language: its texts under ``t``, and its ways to write numbers, dates and lists."""

    language: str
    t: Phrases

    def say(self, path: str, n: int | None = None, /, **values: Any) -> str:
        """Fill a text; with a count ``n`` its singular or plural is chosen.

        The text has the count as ``{n}`` in digits, or as ``{count}`` in words where they are short.

        Raises:
            AttributeError: the language has no such text.

        """
        text: Any = self.t
        for part in path.split("."):
            text = text[part]
        if isinstance(text, Phrases):
            text = text[self._form(n, text.table)]
        counts = {} if n is None else {"n": numbers.whole(n), "count": self.in_words(n)}
        return str(text).format(**{"n": n, **counts, **values})

    def sentence(self, path: str, n: int | None = None, /, **values: Any) -> str:
        """Fill a text that begins a sentence."""
        return raised(self.say(path, n, **values))

    def named(self, table: str, key: str) -> str:
        """Return the word of a table for a key; a key that a house made up stands for itself."""
        return str(self.t[table].table.get(key, key))

    def _form(self, n: int | None, forms: Mapping[str, Any]) -> str:
        """Choose the plural form for a count; two has one of its own where it is both, neither and the like."""
        if n == 1 or (n == 0 and self.language == "fr"):
            return "one"
        return "two" if n == 2 and "two" in forms else "other"

    def in_words(self, count: int, *others: int) -> str:
        """Write a count as prose does: in words up to twelve, unless another count of the sentence is larger."""
        words: list[str] = self.t.format.numbers
        return words[count] if max((count, *others)) < len(words) else numbers.whole(count)

    def decimal(self, value: float, places: int = 2) -> str:
        """Write a number with the language's decimal sign."""
        return numbers.fixed(value, places, self.t.format.decimal)

    def localise(self, number: str) -> str:
        """Return an already formatted number the language's decimal sign, and its digits their groups."""
        return numbers.localised(number, self.t.format.decimal)

    def after_colon(self, text: str) -> str:
        """Write a sentence as it stands behind a colon: German gives it a capital."""
        return raised(text) if self.language == "de" else text

    def date(self, day: dt.date) -> str:
        """Write a date in full."""
        pattern: str = self.t.format.date
        number = self.t.format.first_day if day.day == 1 else day.day
        return pattern.format(day=number, month=self.t.format.months[day.month - 1], year=day.year)

    def listing(self, items: Sequence[str]) -> str:
        """Join items as prose does: a, b and c."""
        if len(items) < 2:
            return "".join(items)
        last: str = self.t.format.list_last
        return ", ".join(items[:-1]) + last + items[-1]

    def clauses(self, items: Sequence[str]) -> str:
        """Join items that hold commas of their own."""
        return ("\N{NARROW NO-BREAK SPACE}; " if self.language == "fr" else "; ").join(items)

    def quoted(self, text: str) -> str:
        """Put a text between the language's quotation marks."""
        pattern: str = self.t.format.quote
        return pattern.replace("{text}", text)

    def within(self, label: str) -> str:
        """Write a label as it stands inside a sentence: with a small letter, but for German nouns and for DOI."""
        is_kept = self.language == "de" or label[1:2].isupper()
        return label if is_kept else label[:1].lower() + label[1:]

    def texts(self) -> Iterator[str]:
        """Return every text of the language, one by one."""
        return _texts(self.t.table)


def raised(text: str) -> str:
    """Return a text with a capital for its first letter, as a sentence begins."""
    return text[:1].upper() + text[1:]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def wording_for(
    language: str,
    folder: Path,
    own: Mapping[str, bytes] = MappingProxyType({}),
    root: Path = Path(),
    tiers: tuple[str, ...] = (),
) -> Wording:
    """Load the words for a BCP 47 tag; a language without words of its own gets English.

    ``own`` are a house's files, of which those below ``locale/`` hold words laid over the packaged ones; ``root`` is
    the folder that they are in, ``tiers`` are the names of its tiers.

    Raises:
        TemplateError: a locale file is missing or broken.

    """
    primary = language.split("-", maxsplit=1)[0].lower()
    if primary not in (*LANGUAGES, *own_languages(own)):
        primary = "en"
    names = [name for name in own if name in (f"{OWN}{primary}.toml", f"{OWN}charts.{primary}.toml")]
    if not names:
        return _load(primary, folder)
    return _laid_over(primary, folder, tuple((str(root / name), own[name]) for name in names), tiers)


def own_languages(names: Iterable[str]) -> tuple[str, ...]:
    """List the languages for which a house has words, by the names of its files."""
    return tuple(name.removeprefix(OWN).removesuffix(".toml") for name in names if _LANGUAGE.fullmatch(name))


@lru_cache(maxsize=16)
def _laid_over(
    language: str, folder: Path, files: tuple[tuple[str, bytes], ...], tiers: tuple[str, ...]
) -> Wording:
    known = {name: _load(name, folder).t.table for name in LANGUAGES}
    is_new = language not in known
    packaged = known["en" if is_new else language]
    words = lay_over(packaged, dict(files), tuple(known.values()), is_whole=is_new, tiers=tiers)
    return Wording(language, Phrases("t", words))


@cache
def _load(language: str, folder: Path) -> Wording:
    table: dict[str, Any] = {}
    for name in (f"{language}.toml", f"charts.{language}.toml"):
        file = folder / name
        try:
            part = parse_foreign_toml(read_foreign(file, most_bytes=LARGEST_TOML))
        except (OSError, ValueError) as error:
            message = f"the words of a report cannot be read: {error}"
            hint = "restore the file, or write it anew after en.toml and charts.en.toml beside it"
            raise TemplateError([Problem("locale", Level.ERROR, Where(str(file)), message, hint)]) from error
        table |= part
    return Wording(language, Phrases("t", table))
