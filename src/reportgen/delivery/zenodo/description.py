"""The texts of a deposit as HTML: the same sentences and values that the report prints, in few plain tags."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from reportgen.base.characters import normalise
from reportgen.base.house_files import read_house_files
from reportgen.base.paths import packaged_folder
from reportgen.content import closing, opening, side
from reportgen.content.facts import correction_name
from reportgen.content.figures import Figures
from reportgen.content.inputs import Inputs
from reportgen.content.prose import prose
from reportgen.content.references import entry_of
from reportgen.content.status import notices, status_strip
from reportgen.html.render import render_part
from reportgen.record.model import BACK_MATTER
from reportgen.record.registration import Registration
from reportgen.text.inline import inlines, plain_text
from reportgen.text.report import blocks_in, plain_words
from reportgen.text.tree import (
    Block,
    Blocks,
    Definition,
    DefinitionList,
    Heading,
    ItemList,
    Paragraph,
    Strong,
)
from reportgen.text.wording import wording_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reportgen.analysis.derive import Derived
    from reportgen.base.settings import Settings
    from reportgen.record.model import AiUse, Correction, Record
    from reportgen.sources import Bibliography
    from reportgen.text.report import StatusCell
    from reportgen.text.tree import Inlines
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
    return wording_for(
        record.language,
        packaged_folder("templates") / "locale",
        own,
        settings.root,
        settings.policy.tier_names,
    )


def description(
    record: Record, derived: Derived, bibliography: Bibliography, settings: Settings, *, sandbox: bool
) -> str:
    """Sum the report up: its notices, question, what it says in brief, its status, and what was not checked."""
    # Texts that look cut are marked in the report; how many there are is for the report to say.
    inputs = replace(
        _inputs(record, derived, bibliography, settings),
        registration=Registration("", sandbox=True) if sandbox else None,
    )
    t = inputs.wording.t
    brief, limits = _items(opening.brief(inputs)), _items(opening.limitations(inputs))
    missing = [(block,) for block in (*side.search(inputs)[1:], *side.verified(inputs)[1:])]
    abstract = (plain_words((block,)) for block in opening.abstract(inputs)[1:])
    return _bounded(
        [
            *(Paragraph((Strong((plain_text(notice),)),)) for notice in notices(inputs)),
            Paragraph((Strong((t.heading.question,)), ": ", plain_text(inlines(record.question)))),
            _listed(brief),
            *(Paragraph((text,)) for text in abstract if text),
            ItemList(tuple((_status(cell),) for cell in status_strip(inputs).cells)),
            Paragraph((Strong((t.heading.limits,)),)),
            _listed([*missing, *limits]),
        ]
    )


def _inputs(record: Record, derived: Derived, bibliography: Bibliography, settings: Settings) -> Inputs:
    return Inputs(
        record=record,
        record_sha256="",
        derived=derived,
        bibliography=bibliography,
        sources=(),
        figures=Figures({}),
        wording=words_of(record, settings),
        publisher=settings.publisher,
        authors=record.authors or settings.authors,
        license=None,
        tier_claims=settings.tier_claims,
    )


def declarations(record: Record, derived: Derived, bibliography: Bibliography, settings: Settings) -> str:
    """Say who did what, who answers for it, who paid, and what else is declared; '' where nothing is."""
    inputs = _inputs(record, derived, bibliography, settings)
    said = [_in_few_tags(block) for block in closing.contributions(inputs)]
    for name in BACK_MATTER:
        if (text := getattr(record, name)) is not None:
            heading = Paragraph((Strong((plain_text(inputs.heading(name).content),)),))
            said += [heading, *(Paragraph((part,)) for part in _texts(prose(inputs, f"/{name}"), text))]
    return _bounded(said)


def _in_few_tags(block: Block) -> Block:
    if isinstance(block, Heading):
        return Paragraph((Strong((plain_text(block.content),)),))
    if isinstance(block, DefinitionList):
        return ItemList(tuple((_defined(item),) for item in block.items))
    return Paragraph((plain_words((block,)),))


def _defined(item: Definition) -> Paragraph:
    values = "; ".join(plain_text(cast("Inlines", value)) for value in item.values)
    return Paragraph((Strong((plain_text(item.term),)), ": ", values))


def _texts(blocks: Blocks, source: str) -> list[str]:
    """Return the words of paragraphs and lists; of a text with links or more its Markdown, which holds all of it."""
    if "](" not in source and all(isinstance(block, Paragraph | ItemList) for block in blocks_in(blocks)):
        return [plain_words((block,)) for block in blocks]
    return [part for part in source.split("\n\n") if part.strip()]


def references(bibliography: Bibliography, wording: Wording) -> list[str]:
    """Write every reference as the house style does, in the order of the report; without metadata, what names it."""
    return [plain(plain_text(entry_of(each, wording))) for each in bibliography.references]


def _items(blocks: Blocks) -> list[Blocks]:
    return [item for block in blocks if isinstance(block, ItemList) for item in block.items]


def _listed(items: Iterable[Blocks]) -> ItemList:
    said = ([plain_words((block,)) for block in item] for item in items)
    return ItemList(tuple(tuple(Paragraph((text,)) for text in texts) for texts in said))


def _status(cell: StatusCell) -> Paragraph:
    return Paragraph((Strong((cell.label,)), ": ", " ".join(filter(None, (cell.value, cell.detail)))))


def ai_statement(record: Record, derived: Derived, settings: Settings, wording: Wording) -> str:
    """Say how AI was used: the report's disclosure, then what the record and the house say of it."""
    own = record.generator.statement if record.generator else None
    said = (
        closing.machine_and_publisher(record, derived, settings.publisher.name, wording),
        own,
        _told(wording.t.disclosure.ai_use, [_use(use, wording) for use in record.ai_use]),
        _told(
            wording.t.disclosure.human_review, [f"{each.who}: {each.what}" for each in record.human_review]
        ),
        settings.zenodo.ai_statement,
    )
    return _bounded(Paragraph((text,)) for text in said if text and text.strip())


def _told(opening: str, said: Sequence[str]) -> str:
    return f"{opening} {'; '.join(said)}." if said else ""


def _use(use: AiUse, wording: Wording) -> str:
    t = wording.t
    tool = " ".join(filter(None, (use.tool, use.version)))
    checked = f"{wording.within(t.column.checked_by)}: {use.checked_by or t.disclosure.unstated}"
    return f"{use.task} ({', '.join(filter(None, (tool, checked)))})"


def corrections(events: Iterable[Correction], wording: Wording) -> str:
    """List the corrections as the report does: day, kind and public note; '' where there are none."""
    t = wording.t
    items = tuple((_correction(event, wording),) for event in events)
    return _bounded([Paragraph((Strong((t.heading.corrections,)),)), ItemList(items)]) if items else ""


def _correction(event: Correction, wording: Wording) -> Paragraph:
    day, kind = wording.date(event.corrected_at.date()), correction_name(event, wording)
    return Paragraph((f"{day}, {kind}: {event.public_note}",))


def plain(text: str) -> str:
    """Return a text on one line, with what is invisible or turns the direction shown by number."""
    return normalise(normalise(text).translate(_AS_STORED)).strip()


def _bounded(blocks: Iterable[Block]) -> str:
    """Write blocks for as long as they fit, so that what is sent is whole where it ends."""
    out = ""
    for block in blocks:
        part = render_part((block,), _escape).replace("\n", "")
        if len(out) + len(part) > LONGEST:
            break
        out += part
    return out


def _escape(text: str) -> str:
    # What stands between two texts is kept.
    return text if text == ": " else html.escape(plain(text), quote=False)
