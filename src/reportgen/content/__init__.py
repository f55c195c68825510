"""The content tree of a report, composed from the record and what was derived from it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reportgen.base.characters import normalise
from reportgen.base.errors import Level, Problem, SettingsError, Where
from reportgen.base.settings import FILE_NAME
from reportgen.base.style import ALL
from reportgen.base.suggestions import suggest
from reportgen.base.timings import stage
from reportgen.content import (
    claims,
    closing,
    facts,
    method,
    opening,
    quality,
    references,
    results,
    side,
    status,
)
from reportgen.content.languages import with_languages
from reportgen.content.numbering import APPENDICES, number_blocks
from reportgen.record.model import Kind
from reportgen.text.report import Band, Heard, Report, Section, plain_words
from reportgen.text.tree import Blocks, Heading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from reportgen.base.settings import Settings
    from reportgen.content.inputs import Inputs
    from reportgen.text.report import Place


@stage("compose")
def compose(inputs: Inputs, order: Sequence[str]) -> Report:
    """Return everything a report says in the named sections, in their order."""
    wording = inputs.wording
    composed = ((name, SECTIONS[name](inputs)) for name in order)
    said = [Section(name, blocks, _PLACES.get(name, "main")) for name, blocks in composed if blocks]
    sections = number_blocks(side.with_room(said, inputs), wording)
    short = status.warning(inputs)
    language = _language_of_words(inputs)
    sections = with_languages(sections, inputs.record, language)
    return Report(
        language=language,
        title=normalise(inputs.record.title),
        authors=tuple(author.name for author in inputs.authors),
        description=normalise(" ".join(filter(None, (short, plain_words(_said(sections, inputs)))))),
        head=(
            (inputs.publisher.name,),
            (inputs.derived.display_id, wording.date(inputs.record.date)),
        ),
        bands=_bands(sections, inputs),
        warning=short,
        text_language=inputs.record.language,
        description_language=inputs.record.language if _is_described(inputs) else language,
        heard=Heard(wording.t.heard.nothing, wording.t.heard.reference, wording.t.heard.confidence),
    )


def _said(sections: Sequence[Section], inputs: Inputs) -> Blocks:
    """Return what describes the report: its abstract, else what it says in brief, without the headings."""
    printed = {section.name: section.blocks for section in sections}
    said = (
        printed.get("abstract") or printed.get("brief") or opening.abstract(inputs) or opening.brief(inputs)
    )
    return tuple(block for block in said if not isinstance(block, Heading))


def _bands(sections: Sequence[Section], inputs: Inputs) -> tuple[Band, ...]:
    """Put sections together that follow one another in one place; small type has one heading, where it begins."""
    bands: list[Band] = []
    for place, group in groupby(sections, key=lambda section: section.place):
        is_first = place == "columns" and all(band.place != place for band in bands)
        bands.append(Band(place, tuple(group), inputs.heading("appendix") if is_first else None))
    return tuple(bands)


def _is_described(inputs: Inputs) -> bool:
    return inputs.record.summary is not None or inputs.record.abstract is not None


def _language_of_words(inputs: Inputs) -> str:
    """Return the language of the fixed words: the record's, as it is tagged there, where they exist in it."""
    of_record, of_words = inputs.record.language, inputs.wording.language
    return of_record if of_record.partition("-")[0].lower() == of_words else of_words


SECTIONS: Mapping[str, Callable[[Inputs], Blocks]] = {
    "title": opening.title,
    "question": opening.question,
    "status": status.status,
    "brief": opening.brief,
    "limitations": opening.limitations,
    "side": side.side,
    "abstract": opening.abstract,
    "background": opening.background,
    "statement": facts.statement,
    "results": results.results,
    "claims": claims.claims,
    "references": references.references,
    "methodology": method.methodology,
    "evidence": quality.evidence,
    "corrections": facts.corrections,
    "work": closing.work,
    "declarations": closing.declarations,
    APPENDICES: closing.appendices,
    "quality": quality.quality,
    "notes": side.notes,
    "disclosure": closing.disclosure,
    "provenance": facts.provenance,
}
"""The sections of a report by name, in their usual order; one that has nothing to say is left out."""

_PLACES: Mapping[str, Place] = {
    **dict.fromkeys(("title", "question", "status", "claims", "references"), "wide"),
    "side": "side",
    **dict.fromkeys(("quality", "disclosure", "notes", "provenance"), "columns"),
}
"""Where sections stand on paper, but for those in the column of the text."""


def order_of(kind: Kind, settings: Settings) -> Sequence[str]:
    """Return the names of a report's sections in the order that the house's style asks for, else in the usual one.

    Raises:
        SettingsError: as `require_sections` does.

    """
    require_sections(settings)
    given = settings.style.sections
    return given.get(kind) or given.get(ALL) or tuple(SECTIONS)


def require_sections(settings: Settings) -> None:
    """Look through the sections that the house's style names.

    Raises:
        SettingsError: it names a section or a kind that there is not, or one twice, or begins with no title.

    """
    given = settings.style.sections
    problems = list(_unknown(given, (ALL, *Kind), "/style/sections", "kind"))
    for name, sections in given.items():
        pointer = "/style/sections" if given.keys() == {ALL} else f"/style/sections/{name}"
        problems += _unknown(sections, SECTIONS, pointer, "section")
        if sections and (sections[0] != "title" or len(set(sections)) < len(sections)):
            problems.append((pointer, "these sections do not begin with `title`, or name one twice", ""))
    if problems:
        file = str(settings.root / FILE_NAME)
        raise SettingsError(
            [
                Problem("settings-value", Level.ERROR, Where(file, pointer=pointer), message, hint)
                for pointer, message, hint in problems
            ]
        )


def _unknown(
    given: Collection[str], known: Collection[str], pointer: str, what: str
) -> Iterator[tuple[str, str, str]]:
    for index, name in enumerate(given):
        if name not in known:
            close = suggest(name, known)
            hint = f"did you mean `{close}`?" if close else f"there are {', '.join(known)}"
            place = name if what == "kind" else index
            yield f"{pointer}/{place}", f"there is no {what} `{name}`", hint
