"""Letters: of appendices, which are numbered apart from the sections before them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.content.numbering import _Numbering, _resolved
from reportgen.text.report import Section

if TYPE_CHECKING:
    from reportgen.text.tree import Block, Heading
    from reportgen.text.wording import Wording

APPENDICES = "appendices"
"""The section whose headings have letters."""


def number_report(sections: tuple[Section, ...], wording: Wording) -> tuple[Section, ...]:
    """Give numbers to blocks as `number_blocks` does, and letters to the headings of appendices."""
    numbering = _Lettered(wording)
    numbered = numbering.numbered(sections)
    return _resolved(numbered, numbering.places) if numbering.places else numbered  # type: ignore[no-any-return]


class _Lettered(_Numbering):
    """Counts; within the appendices a letter stands for the number of a section."""

    def __init__(self, wording: Wording) -> None:
        super().__init__(wording)
        self._lettered: dict[str, str] = {}
        self._within = False

    def _block(self, block: Block) -> Block:
        if isinstance(block, Section):
            self._within = block.name == APPENDICES
        return super()._block(block)

    def _heading(self, heading: Heading) -> Heading:
        heading = super()._heading(heading)
        if not self._within or not heading.number:
            return heading
        section, *parts = heading.number.split(".")
        letter = self._lettered.setdefault(section, _letter(len(self._lettered)))
        if parts:
            number = ".".join([letter, *parts])
            place = self._wording.say("place.section", number=number)
        else:
            number = place = self._wording.say("place.appendix", letter=letter)
        if heading.id:
            self.places[heading.id] = place
        return replace(heading, number=number)


def _letter(index: int) -> str:
    """Give A to Z, then AA, AB and so on."""
    more, letter = divmod(index, 26)
    return (_letter(more - 1) if more else "") + chr(ord("A") + letter)
