"""Confidences in words: their number, the record's word for it, and what it is the number of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base import numbers

if TYPE_CHECKING:
    from reportgen.analysis.derive.claims import ConfidenceMeaning
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Record
    from reportgen.text.wording import Wording


def confidence_word(value: float, record: Record) -> str:
    """Find the record's word for a confidence; '' where it has none."""
    reached = [each for each in record.confidence_words if each.from_ <= value]
    return max(reached, key=lambda each: each.from_).word if reached else ""


def confidence_text(value: float, record: Record, wording: Wording) -> str:
    """Write a confidence of a record, on its side of the record's threshold."""
    return numbers.confidence(value, wording.t.format.decimal, record.confidence_threshold)


def confidence_meaning(meaning: ConfidenceMeaning, inputs: Inputs) -> str:
    """Say where a confidence comes from, and what it is a probability or a score of."""
    kind, of = meaning
    wording = inputs.wording
    if kind is None and of is None:
        t = wording.t.search
        return str(t.confidence_text if inputs.derived.machine_made else t.confidence_stated)
    named = wording.t.confidence_kind[kind or "unknown"]
    if of is None:
        return wording.say("search.confidence_from", kind=named)
    return wording.say("search.confidence_meaning", kind=named, of=of)
