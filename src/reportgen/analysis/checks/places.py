"""Checks of the places in a report, and of what refers to them and to sources from a text."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from reportgen.analysis.checks.subject import error, warning
from reportgen.base.suggestions import fold, suggest
from reportgen.sources.citation import PLACE, is_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.analysis.checks.subject import Finding, Subject

_MOST_COMPARED = 100_000
"""How many names are compared in all to find those that were meant."""
_LEAST_BEGUN = 3
"""Letters behind `claim-` from which on a name may be the beginning of the one that is meant."""
_NAME_IT = "name the place: `{#fig-costs}` behind an image, `{#sec-methods}` behind a heading"
_CLAIM = "a claim is named by its `id`: `@claim-c1` is the one with `id: c1`"


@error(
    "anchor-twice",
    "give each a name of its own: `{#fig-costs}`",
)
def anchor_twice(subject: Subject) -> Iterator[Finding]:
    """Find names that a reference could not tell apart."""
    record = subject.record
    seen = {exhibit.id for exhibit in record.exhibits}
    if len(seen) < len(record.exhibits):
        yield "/figures", "two tables or figures of the record have one `id`"
    for pointer, text in record.markdown_texts.items():
        for anchor in subject.knowledge.anchors(text):
            if anchor in seen:
                yield pointer, f"an earlier place has the name `{anchor}`"
            seen.add(anchor)


@error(
    "reference-leads-nowhere",
    _NAME_IT,
)
def reference_leads_nowhere(subject: Subject) -> Iterator[Finding]:
    """Find references in brackets to places that the report does not have."""
    meant, unread = _Meant(subject), _unread_equations(subject)
    for pointer, text in subject.record.markdown_texts.items():
        for key in subject.knowledge.cited_keys(text):
            if is_place(key) and key not in subject.places and key not in unread:
                yield pointer, f"no place in the report is called `{key}`", meant.hint(key)


@warning(
    "mention-literal",
    "write `[@key]` to cite, or put it between backticks: `@dataclass`",
)
def mention_literal(subject: Subject) -> Iterator[Finding]:
    """Find what looks like a citation or a reference and is printed as it stands."""
    meant, unread = _Meant(subject), _unread_equations(subject)
    for pointer, text in subject.record.markdown_texts.items():
        mentioned = subject.knowledge.mentioned_keys(text)
        cited = [key for key in subject.knowledge.cited_keys(text) if key in unread] if unread else []
        for key in dict.fromkeys([*mentioned, *cited]):
            if key in subject.places or subject.knowledge.is_cited(key):
                continue
            said = f"@{key} is printed as it stands"
            if key in unread:
                yield (
                    pointer,
                    f"{said}: its equation is not understood, and has no number",
                    "mend the formula, of which `math-literal` tells",
                )
            elif is_place(key):
                yield pointer, f"{said}: no place in the report is called that", meant.hint(key)
            else:
                yield pointer, f"{said}: nothing has that key", meant.hint(key)


def _unread_equations(subject: Subject) -> frozenset[str]:
    texts = subject.record.markdown_texts.values()
    named = frozenset(name for text in texts for name in subject.knowledge.unread_equations(text))
    return named - subject.places


class _Meant:
    """What references that lead nowhere were meant to be, as long as few enough names were compared."""

    def __init__(self, subject: Subject) -> None:
        self._subject, self._compared = subject, 0

    def hint(self, key: str) -> str:
        """Say what was probably meant, or what a place of that kind needs; nothing of a key."""
        if self._compared <= _MOST_COMPARED:
            names = self._places if is_place(key) else self._names
            self._compared += len(names)
            if name := _meant(key, names):
                return f"did you mean `@{name}`?"
        if not is_place(key):
            return ""
        return _CLAIM if key.startswith("claim-") else _NAME_IT

    @cached_property
    def _places(self) -> list[str]:
        return sorted(self._subject.places)

    @cached_property
    def _names(self) -> list[str]:
        return [*self._places, *self._subject.knowledge.known_keys()]


def _meant(key: str, names: list[str]) -> str | None:
    """Return the name that a key was meant to be: of a place, one of the same kind, or the same of another kind."""
    prefix = PLACE.match(key)
    if prefix is None:
        return suggest(key, names)
    kind, rest = prefix[0], key[prefix.end() :]
    same = {name.removeprefix(kind): name for name in names if name.startswith(kind)}
    if close := suggest(rest, same):
        return same[close]
    begun = [name for behind, name in same.items() if fold(behind).startswith(fold(rest))]
    if len(rest) >= _LEAST_BEGUN and len(begun) == 1:
        return begun[0]
    return next((name for name in names if is_place(name) and PLACE.sub("", name, count=1) == rest), None)


CHECKS = (anchor_twice, reference_leads_nowhere, mention_literal)
