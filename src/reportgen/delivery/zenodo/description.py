"""The texts of a deposit as HTML: the same sentences and values that the report prints, in few plain tags."""

from __future__ import annotations

import html
import unicodedata
from typing import TYPE_CHECKING

from reportgen.base.house_files import read_house_files
from reportgen.base.paths import packaged_folder
from reportgen.content import disclosure
from reportgen.content.facts import methodology, notice, panel
from reportgen.content.sentences import abstract, limitations
from reportgen.latex.escaping import Latex, normalise
from reportgen.text.wording import wording_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.analysis.derive import Derived
    from reportgen.base.settings import Settings
    from reportgen.record.model import Correction, Record
    from reportgen.sources import Bibliography
    from reportgen.text.wording import Wording

LONGEST = 20_000
"""Characters of one text that are sent at most; the report itself holds all of it."""

_LIGATURES = (0x132, 0x133, *range(0x1C4, 0x1CD), *range(0x1F1, 0x1F4), *range(0xFB00, 0xFB05))
_AS_STORED = str.maketrans(
    {
        **dict.fromkeys("\u02bc\u2018\u2019\u201a\u201b", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
        **{
            character: unicodedata.normalize("NFKC", character)
            for character in map(chr, (*_LIGATURES, 0x3000, *range(0xFF01, 0xFFEF)))
        },
        **dict.fromkeys("\u2060\u200b", ""),
    }
)
"""What InvenioRDM makes of quotation marks, ligatures and wide characters: sent so, they come back as sent."""


def words_of(record: Record, settings: Settings) -> Wording:
    """Return the fixed words in the record's language, or in English."""
    own = read_house_files(settings)
    return wording_for(record.language, packaged_folder("templates") / "locale", own, settings.root)


def description(
    record: Record, derived: Derived, bibliography: Bibliography, settings: Settings, *, sandbox: bool
) -> str:
    """Sum the report up: its notices, abstract, question, status panel, and what was not checked."""
    wording = words_of(record, settings)
    t = wording.t
    facts = [
        f"{_strong(cell.label)}: {_text(' '.join(filter(None, (cell.value, cell.detail))))}"
        for cell in panel(record, derived, wording)
    ]
    # Texts that look cut are marked in the report; how many there are is for the report to say.
    limits = limitations(record, derived, bibliography, 0, wording)
    unstated = methodology(record, derived, wording).note
    parts = [
        *(
            _paragraph(_strong(said))
            for said in (t.title.sandbox if sandbox else "", notice(record, derived, wording))
            if said
        ),
        _paragraph(_text(abstract(record, derived, wording))),
        _paragraph(f"{_strong(t.heading.question)}: {_text(record.question)}"),
        _list(facts),
        _paragraph(_strong(t.heading.limitations)),
        _list([_text(said) for said in (unstated, *limits) if said]),
    ]
    return _bounded(parts)


def ai_statement(record: Record, derived: Derived, settings: Settings, wording: Wording) -> str:
    """Say how AI was used: the report's disclosure, then the words of the record and of the house."""
    own = record.generator.statement if record.generator else None
    said = (disclosure(record, derived, settings, wording), own, settings.zenodo.ai_statement)
    return _bounded(_paragraph(_text(text)) for text in said if text and text.strip())


def corrections(events: Iterable[Correction], wording: Wording) -> str:
    """List the corrections as the report does: day, kind and public note; '' where there are none."""
    items = [
        f"{_text(wording.date(event.corrected_at.date()))}, {_text(wording.t.correction_type[event.correction_type])}: "
        f"{_text(event.public_note)}"
        for event in events
    ]
    return _bounded([_paragraph(_strong(wording.t.heading.corrections)), _list(items)]) if items else ""


def plain(text: str) -> str:
    """Give a text on one line, with what is invisible or turns the direction shown by number."""
    return normalise(normalise(text).translate(_AS_STORED)).strip()


def _text(text: str | Latex) -> str:
    return html.escape(plain(text), quote=False)


def _strong(text: str) -> str:
    return f"<strong>{_text(text)}</strong>"


def _paragraph(inner: str) -> str:
    return f"<p>{inner}</p>"


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _bounded(parts: Iterable[str]) -> str:
    """Join parts for as long as they fit, so that what is sent is whole where it ends."""
    out = ""
    for part in parts:
        if len(out) + len(part) > LONGEST:
            break
        out += part
    return out
