"""The fields of one .bib entry, decoded; what is wrong with them is noted with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from reportgen.base.errors import Level, Problem
from reportgen.sources.bibfile import RawEntry, RawField, bib_problem
from reportgen.sources.entry import Name
from reportgen.sources.latex_text import Decoded, decode_latex

if TYPE_CHECKING:
    from collections.abc import Mapping

# A part takes over what describes the whole it appeared in, never what identifies that whole.
_INHERITED = frozenset(
    (
        "booktitle", "booksubtitle", "title", "subtitle", "editor", "series", "volume", "publisher",
        "organization", "institution", "address", "location", "year", "month", "date", "edition",
    )
)  # fmt: skip
_OTHERS = frozenset(["others", "et al", "et al."])


class Fields:
    """Reads an entry's fields, and those of its ``crossref`` parent where it has none itself."""

    def __init__(self, raw: RawEntry, parent: RawEntry | None) -> None:
        self._key = raw.key
        self.raw: Mapping[str, RawField] = _with_inherited(raw, parent)
        self._noted: dict[Problem, None] = {}
        seen: set[str] = set()
        for field in raw.every_field():
            if field.name in seen:
                message = f"{raw.key}: the field {field.name} is given twice; the first is used"
                self._note("bib-repeated-field", field, message, "remove one of them", Level.ERROR)
            seen.add(field.name)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Give what is wrong with the fields read so far, each once."""
        return tuple(self._noted)

    def text(self, *names: str) -> str:
        """Decode the first of these fields that is not empty."""
        for name in names:
            decoded = decode_latex(self._latex(name))
            self._note_unknown(name, decoded.unknown)
            self._note_fault(name, decoded.fault)
            if decoded.text:
                return decoded.text
        return ""

    def joined(self, *names: str, by: str = ", ") -> str:
        """Decode these fields and join those that are not empty, each text once."""
        return by.join(dict.fromkeys(text for name in names if (text := self.text(name))))

    def titled(self, *titles: str, subtitle: str) -> str:
        """Join a title and its subtitle."""
        main, sub = self.text(*titles), self.text(subtitle)
        if main and sub:
            return f"{main} {sub}" if main[-1] in ".:?!" else f"{main}: {sub}"
        return main or sub

    def people(self, name: str) -> tuple[tuple[Name, ...], bool]:
        """Split and decode ``Knuth, Donald E. and {CERN} and others``; say whether it ends with "and others"."""
        read: list[Decoded] = []
        unsplit: list[str] = []

        def decode(text: str) -> str:
            read.append(decode_latex(text))
            return read[-1].text

        def person(text: str) -> Name:
            if _is_one_group(text):
                return Name(literal=decode(text))
            try:
                parts = parse_single_name_into_parts(text)
            except InvalidNameError:
                unsplit.append(decode(text))
                return Name(literal=unsplit[-1])
            return Name(
                *(decode(" ".join(words)) for words in (parts.last, parts.first, parts.von, parts.jr))
            )

        written = split_multiple_persons_names(self._latex(name))
        named = [text for text in written if text.strip().lower() not in _OTHERS]
        people = tuple(person(text) for text in named)
        self._note_unknown(name, tuple(command for each in read for command in each.unknown))
        self._note_fault(name, max((each.fault for each in read), default=""))
        for text in unsplit:
            message = f"{self._key}: {name}: {text!r} is not a name in BibTeX's form; it stands whole"
            hint = "write 'Family, Given and Family, Given'; put an organisation in braces"
            self._note("bib-name", self.raw[name], message, hint)
        return people, len(named) < len(written)

    def reject(self, name: str, code: str) -> None:
        """Note that a field does not hold the identifier it is meant for."""
        message = f"{self._key}: {name}: {code!r} is not recognised; it is printed as a note"
        self._note("bib-identifier", self.raw[name], message, "correct the field")

    def _latex(self, name: str) -> str:
        if (field := self.raw.get(name)) is None:
            return ""
        value = field.value
        self._note_fault(name, value.fault)
        for undefined in value.undefined:
            message = f"{self._key}: {name}: no @string defines {undefined!r}; it stands as written"
            hint = "put the text in braces, or define the string"
            self._note("bib-unknown-string", field, message, hint, Level.ERROR)
        return value.text

    def _note_fault(self, name: str, fault: str) -> None:
        if fault:
            message = f"{self._key}: {name} cannot be read as BibTeX: {fault}"
            hint = "check its commas, quotes and braces"
            self._note("bib-value", self.raw[name], message, hint, Level.ERROR)

    def _note_unknown(self, name: str, commands: tuple[str, ...]) -> None:
        if commands:
            message = f"{self._key}: {name}: {', '.join(commands)} is not known LaTeX and stands as written"
            self._note("bib-latex", self.raw[name], message, "write the character itself, in Unicode")

    def _note(
        self, code: str, field: RawField, message: str, hint: str, level: Level = Level.WARNING
    ) -> None:
        self._noted[bib_problem(code, field.path, field.line, message, hint, level)] = None


def _with_inherited(raw: RawEntry, parent: RawEntry | None) -> Mapping[str, RawField]:
    if parent is None:
        return raw.fields
    whole = {name: field for name, field in parent.fields.items() if name in _INHERITED}
    for own, inherited in (("title", "booktitle"), ("subtitle", "booksubtitle")):
        if field := whole.pop(own, None):
            whole.setdefault(inherited, field)
    return {**whole, **raw.fields}


def _is_one_group(text: str) -> bool:
    """Say whether a single pair of braces holds the whole text."""
    if not (text.startswith("{") and text.endswith("}")):
        return False
    depth = 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1
    return False
