"""The content tree of a report, composed from the record and what was derived from it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from reportgen.base.characters import normalise
from reportgen.base.errors import Level, Problem, SettingsError, Where
from reportgen.base.settings import FILE_NAME
from reportgen.base.style import ALL
from reportgen.base.timings import stage
from reportgen.content import claims, closing, facts, method, opening, quality, references, results
from reportgen.content.numbering import APPENDICES, number_blocks
from reportgen.content.sentences import limitations
from reportgen.record.model import Kind
from reportgen.text.inline import inlines
from reportgen.text.report import Report, Section, plain_words
from reportgen.text.tree import Blocks, ItemList, Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from reportgen.base.settings import Settings
    from reportgen.content.inputs import Inputs


@stage("compose")
def compose(inputs: Inputs, order: Sequence[str]) -> Report:
    """Return everything a report says in the named sections, in their order."""
    wording = inputs.wording
    composed = [(name, SECTIONS[name](inputs)) for name in order]
    if "status" not in order:
        composed.insert(1, ("notices", opening.notices(inputs)))
    sections = number_blocks(tuple(Section(name, blocks) for name, blocks in composed if blocks), wording)
    numbered = {section.name: section.blocks for section in sections}
    said = (
        numbered.get("brief") or numbered.get("abstract") or opening.brief(inputs) or opening.abstract(inputs)
    )
    return Report(
        language=inputs.record.language,
        title=normalise(inputs.record.title),
        authors=tuple(author.name for author in inputs.authors),
        description=normalise(" ".join(filter(None, (opening.sandbox_notice(inputs), plain_words(said))))),
        head=(
            (inputs.publisher.name, wording.t.kind[inputs.record.kind]),
            (inputs.derived.display_id, wording.date(inputs.record.date)),
        ),
        sections=sections,
    )


def _limitations(inputs: Inputs) -> Blocks:
    said = limitations(inputs.record, inputs.derived, inputs.bibliography, len(inputs.cut), inputs.wording)
    items = tuple((Paragraph(inlines(text), at=pointer),) for text, pointer in said)
    return (inputs.heading("limitations"), ItemList(items))


SECTIONS: Mapping[str, Callable[[Inputs], Blocks]] = {
    "title": opening.title,
    "status": opening.status,
    "brief": opening.brief,
    "abstract": opening.abstract,
    "question": opening.question,
    "methodology": method.methodology,
    "statement": facts.statement,
    "results": results.results,
    "claims": claims.claims,
    "limitations": _limitations,
    "quality": quality.quality,
    "corrections": facts.corrections,
    "provenance": facts.provenance,
    "declarations": closing.declarations,
    "references": references.references,
    "disclosure": closing.disclosure,
    APPENDICES: closing.appendices,
}
"""The sections of a report by name, in their usual order; one that has nothing to say is left out."""


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
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"there are {', '.join(known)}"
            place = name if what == "kind" else index
            yield f"{pointer}/{place}", f"there is no {what} `{name}`", hint
