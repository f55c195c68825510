"""Sources that were retracted, and whether a note of the record says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.record.model import Record
    from reportgen.sources.entry import Entry
    from reportgen.sources.grouping import Work

_WORD = re.compile(
    r"\b(?:retract(?:ed|ions?)|withdraw(?:n|al)|rétract\w+|retirée?s?|zurückgezogen\w*|widerrufen\w*)\b",
    re.IGNORECASE,
)
"""In the languages that reports have words in; in all others the DOI of the notice says it."""


def retraction_problems(works: Sequence[Work], record: Record) -> Iterator[Problem]:
    """Find retracted works of which the record does not say that they are.

    It says so in the work's own note, in the notes of all claims that cite it, or in a limitation that gives its
    identifier or the notice.
    """
    for work in works:
        if (entry := work.entry) and entry.retraction and not _is_said(entry, work, record):
            message = f"{work.identifier} was retracted, says the notice doi:{entry.retraction}, and no note says so"
            hint = (
                "say so in the `note` of the source, in that of each claim that cites it, or with its DOI in "
                "`limitations`; or remove what rests on it"
            )
            where = Where(pointer=work.mentions[0].pointer)
            yield Problem("source-retracted", Level.ERROR, where, message, hint)


def _is_said(entry: Entry, work: Work, record: Record) -> bool:
    notice = entry.retraction.lower()

    def says(note: str) -> bool:
        return notice in note.lower() or _WORD.search(note) is not None

    cited_by = {mention.claim for mention in work.mentions if mention.claim is not None}
    notes = [record.claims[index].note or "" for index in cited_by]
    named = {value for mention in work.mentions for kind, value in mention.identities if kind != "key"}
    limitations = [
        text for text in record.limitations if any(name in text.lower() for name in (*named, notice))
    ]
    return says(entry.text("note")) or (bool(notes) and all(map(says, notes))) or any(map(says, limitations))
