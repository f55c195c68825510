"""The fields of one .bib entry, decoded; what is wrong with them is noted with its line."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem
from reportgen.sources.bibfile import RawEntry, RawField, bib_problem
from reportgen.sources.bibtex_names import Names, read_names
from reportgen.sources.bibtex_table import PRINTED, USED, withheld
from reportgen.sources.entry import Fate, FieldFate, titled
from reportgen.sources.inheritance import Missing, fields_with_inherited
from reportgen.sources.latex_text import Decoded, decode_latex, decode_verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SHORTEST_GUESS, _LONGEST_GUESS = 4, 20
_HINTS = {
    "looks like several people": "write 'and' between the names, whatever the number",
    "": "write 'Family, Given and Family, Given'; put an organisation in braces",
}


class Fields:
    """Reads an entry's fields, and those it inherits where it has none itself; notes what is wrong with them."""

    def __init__(self, raw: RawEntry, find: Callable[[str], RawEntry | None]) -> None:
        self._key, self._own = raw.key, raw.fields
        self._noted: dict[Problem, None] = {}
        self.raw: Mapping[str, RawField]
        self.raw, missing = fields_with_inherited(raw, find)
        for each in missing:
            self.note_missing(each)
        for field in raw.repeated_fields():
            message = f"{raw.key}: the field {field.name} is given twice; the first is used"
            self.note("bib-repeated-field", field, message, "remove one of them")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the fields read so far, each once."""
        return tuple(self._noted)

    def fates(self) -> tuple[FieldFate, ...]:
        """Say of each field what becomes of it; unknown ones are noted."""
        found = _fates(tuple(self.raw))
        for fate in found:
            if fate.fate is Fate.UNKNOWN and fate.name in self._own:
                message = f"{self._key}: the field {fate.name} is not known and not printed"
                close = _meant(fate.name)
                hint = (
                    f"did you mean {close}?" if close else "correct its name, or put what it says into `note`"
                )
                self.note("bib-field", self.raw[fate.name], message, hint)
        return found

    def text(self, *names: str) -> str:
        """Decode the first of these fields that is not empty."""
        return next(filter(None, map(self._text, names)), "")

    def _text(self, name: str) -> str:
        if name not in self.raw:
            return ""
        latex = self._latex(name)
        decoded = _decoded(latex) if "\\" in latex else decode_latex(latex)
        if decoded.unknown or decoded.fault:
            self._note_decoded(name, decoded)
        return decoded.text

    def date_text(self, name: str) -> str:
        """Return a date as it is written: a tilde is EDTF's, not TeX's."""
        if name not in self.raw or "~" not in self.raw[name].source:
            return self.text(name)
        return decode_verbatim(self._latex(name))

    def joined(self, *names: str, by: str = ", ") -> str:
        """Decode these fields and join those that are not empty, each text once."""
        return by.join(dict.fromkeys(text for name in names if (text := self._text(name))))

    def titled(self, *titles: str, subtitle: str) -> str:
        """Join a title and its subtitle."""
        if subtitle not in self.raw:
            return self.text(*titles)
        return titled(self.text(*titles), self._text(subtitle))

    def names(self, name: str, *, use_prefix: bool | None = None) -> Names:
        """Split and decode a list of names."""
        if name not in self.raw:
            return Names((), and_others=False)
        found = read_names(self._latex(name), use_prefix=use_prefix)
        if found.unknown or found.fault:
            self._note_decoded(name, Decoded("", found.unknown, found.fault))
        for text, why in found.doubtful:
            message = f"{self._key}: {name}: {text!r} {why}; it stands whole"
            self.note("bib-name", self.raw[name], message, _HINTS.get(why) or _HINTS[""])
        return found

    def reject(self, name: str, code: str) -> None:
        """Note that a field does not hold the identifier it is meant for."""
        message = f"{self._key}: {name}: {code!r} is not recognised; it is printed as a note"
        self.note("bib-identifier", self.raw[name], message, "correct the field")

    def note(self, code: str, field: RawField, message: str, hint: str, level: Level = Level.WARNING) -> None:
        """Note what is wrong at a field."""
        self._noted[bib_problem(code, field.path, field.line, message, hint, level)] = None

    def note_missing(self, missing: Missing) -> None:
        """Note that a field names an entry which there is not."""
        name = missing.field.name
        message = f"{self._key}: {name} names {missing.key}, which is no entry"
        self.note("bib-crossref", missing.field, message, "correct the key")

    def _latex(self, name: str) -> str:
        field = self.raw[name]
        value = field.value
        if value.fault:
            self._note_fault(name, value.fault)
        for undefined in value.undefined:
            message = f"{self._key}: {name}: no @string defines {undefined!r}; it stands as written"
            hint = "put the text in braces, or define the string"
            self.note("bib-unknown-string", field, message, hint, Level.ERROR)
        return value.text

    def _note_fault(self, name: str, fault: str) -> None:
        if fault:
            message = f"{self._key}: {name} cannot be read as BibTeX: {fault}"
            hint = "check its commas, quotes and braces"
            self.note("bib-value", self.raw[name], message, hint, Level.ERROR)

    def _note_decoded(self, name: str, decoded: Decoded) -> None:
        self._note_fault(name, decoded.fault)
        if decoded.unknown:
            commands = ", ".join(decoded.unknown)
            message = f"{self._key}: {name}: {commands} is not known LaTeX and stands as written"
            self.note("bib-latex", self.raw[name], message, "write the character itself, in Unicode")


@lru_cache(maxsize=4096)
def _fates(names: tuple[str, ...]) -> tuple[FieldFate, ...]:
    return tuple(map(_fate, names))


@cache
def _fate(name: str) -> FieldFate:
    if name in PRINTED:
        return FieldFate(name, Fate.PRINTED)
    if name in USED:
        return FieldFate(name, Fate.USED, USED[name])
    reason = withheld(name)
    return FieldFate(name, Fate.WITHHELD if reason else Fate.UNKNOWN, reason)


def _meant(name: str) -> str:
    """Return the field whose name this is but for one letter, or two that changed places; '' where there is none."""
    if not _SHORTEST_GUESS <= len(name) <= _LONGEST_GUESS:
        return ""
    fields = _fields_by_slips()
    return next((fields[slip] for slip in _slips(name) if slip in fields), "")


def _slips(name: str) -> Iterator[str]:
    """Yield a name, and what is left of it without one of its letters."""
    yield name
    for place in range(len(name)):
        yield name[:place] + name[place + 1 :]


@cache
def _fields_by_slips() -> Mapping[str, str]:
    return {slip: name for name in sorted({*PRINTED, *USED}, reverse=True) for slip in _slips(name)}


@lru_cache(maxsize=20_000)
def _decoded(source: str) -> Decoded:
    return decode_latex(source)
