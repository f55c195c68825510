"""The record of everything, `records/complete.yaml`: every field of the format, printed by both engines."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from page_text import read
from reportgen.base.settings import Settings
from reportgen.base.values import Model
from reportgen.pipeline.build import build_report
from reportgen.record import read_record
from reportgen.record.model import SourceReference
from reportgen.trust.verify import Comparison, verify
from verapdf.validator import require, validate

RECORD = Path(__file__).parents[1] / "records" / "complete.yaml"


def models(value: Any) -> list[Model]:
    if isinstance(value, SourceReference):
        return []
    if isinstance(value, Model):
        return [value, *(found for _, child in value for found in models(child))]
    return [found for child in value for found in models(child)] if isinstance(value, tuple) else []


def test_it_has_every_field():
    given: dict[type, set[str]] = defaultdict(set)
    for model in models(read_record(RECORD).record):
        given[type(model)] |= model.model_fields_set
    assert len(given) > 25
    missing = {kind.__name__: set(kind.model_fields) - names for kind, names in given.items()}
    assert {name: fields for name, fields in missing.items() if fields} == {}


@pytest.fixture(scope="module", params=["pdftex", "luatex"])
def built(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("complete")
    return build_report(RECORD, Settings(root=RECORD.parent, output=folder, engine=request.param))


def test_nothing_is_wrong_with_it(built):
    assert {problem.code for problem in built.problems} <= {"publisher-unset"}


def test_it_is_archival_and_accessible(built):
    require()
    assert [verdict.failures for verdict in validate([built.pdf])] == [(), ()]


def test_it_is_built_again_from_what_it_carries(built):
    assert verify(built.pdf).outcome is Comparison.IDENTICAL


def test_its_parts_stand_in_their_order(built):
    text = " ".join(read(built.pdf).split())
    parts = [
        "Does the made-up drug prevent",
        "In brief",
        "Abstract",
        "What the trials did",
        "Table 1. Patients and events",
        "The trials in a table of the text",
        "Outcomes",
        "Claims Under a claim",
        "Sources",
        "Author contributions",
        "Appendix A",
        "Appendix: how this report was made",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, dict(zip(parts, places, strict=True))
    assert places == sorted(places)
