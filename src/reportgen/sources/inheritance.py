"""Fields that an entry inherits: by ``crossref``, biblatex's ``xdata``, and the members of a ``@set``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from reportgen.sources.bibtex_table import NOT_INHERITED, inheritance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reportgen.sources.bibfile import RawEntry, RawField

_DEEPEST = 8
_MOST = 100
"""How many entries one may take something from."""
_XDATA = re.compile(r"xdata=([^\s,{}=]+)-(\w+)(?:-\d+)?", re.IGNORECASE)


class Missing(NamedTuple):
    """A field that names an entry which there is not."""

    field: RawField
    key: str


def fields_with_inherited(
    raw: RawEntry, find: Callable[[str], RawEntry | None]
) -> tuple[Mapping[str, RawField], tuple[Missing, ...]]:
    """Return the fields of an entry, its own before those it inherits, and what names no entry.

    Keys are compared without regard to case, as BibTeX does.
    """
    if not raw.names_others:
        return raw.fields, ()
    reader = _Reader(find)
    return reader.inherited(raw, (raw.key.lower(),)), tuple(reader.missing)


class _Reader:
    """Follows an entry to those it names; what names no entry is ``missing``."""

    def __init__(self, find: Callable[[str], RawEntry | None]) -> None:
        self._find, self._left = find, _MOST
        self.missing: list[Missing] = []

    def inherited(self, raw: RawEntry, above: tuple[str, ...]) -> dict[str, RawField]:
        """Return the fields of an entry with all it inherits; ``above`` are the keys on the way to it."""
        fields = dict(raw.fields)
        for name, field in raw.fields.items():
            if shared := _XDATA.fullmatch(field.source.strip('{}" ')):
                found = self._named(field, shared[1])
                if found is not None and (value := found.fields.get(shared[2].lower())):
                    fields[name] = value._replace(name=name)
        for kind in ("xdata", "crossref"):
            for key in named_keys(fields.get(kind)):
                other = self._named(fields[kind], key)
                if other is None or key.lower() in above or len(above) == _DEEPEST or not self._left:
                    continue
                self._left -= 1
                whole = self.inherited(other, (*above, key.lower()))
                for name, value in (
                    whole.items() if kind == "xdata" else _of_the_whole(whole, other.type, raw.type)
                ):
                    fields.setdefault(name, value._replace(name=name))
        return fields

    def _named(self, field: RawField, key: str) -> RawEntry | None:
        found = self._find(key)
        if found is None:
            self.missing.append(Missing(field, key))
        return found


def _of_the_whole(whole: Mapping[str, RawField], type_: str, part: str) -> Iterator[tuple[str, RawField]]:
    mapped = inheritance(type_, part)
    renamed = {source for source, _ in mapped}
    for source, target in mapped:
        if source in whole:
            yield target, whole[source]
    for name, field in whole.items():
        if name not in NOT_INHERITED and name not in renamed:
            yield name, field


def named_keys(field: RawField | None) -> list[str]:
    """Return the keys that a field names, one or several with commas between."""
    return [key.strip() for key in field.value.text.split(",") if key.strip()] if field else []


def kin(raw: RawEntry, find: Callable[[str], RawEntry | None]) -> Iterator[RawEntry]:
    """Yield an entry and all those it takes something from, each once, itself first."""
    known: dict[str, RawEntry] = {}
    waiting = [raw]
    while waiting:
        entry = waiting.pop(0)
        if known.setdefault(entry.key.lower(), entry) is entry and entry.names_others and len(known) < _MOST:
            keys = [
                key
                for name in ("crossref", "xdata", "entryset")
                for key in named_keys(entry.fields.get(name))
            ]
            keys += [shared[1] for field in entry.fields.values() if (shared := _XDATA.search(field.source))]
            waiting += [found for key in keys if (found := find(key)) is not None]
    yield from known.values()
