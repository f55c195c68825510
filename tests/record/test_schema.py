from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from minimal_record import claim, load, minimal, problems_of
from reportgen.record import json_schema
from reportgen.record.schema import at_place

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "records").glob("*.json"))

GOOD = [
    {},
    {"claims": [claim()]},
    {"claims": {"file": "claims.csv"}},
    {
        "claims": [{"text": "a", "verdict": "refuted"}, claim(verdict="supported")],
        "$schema": "record.schema.json",
    },
    {"search": {"databases": ["a", {"name": "b", "found": 3}], "excluded": [{"reason": "r", "n": 1}]}},
    {"outcomes": [{"name": "o", "measure": "m", "entries": [{"source": "a", "value": -1}]}]},
    {"gate": {"checks": [{"id": "a", "type": "proof", "command": "c", "expected": "ok"}]}},
    {"confidence_words": [{"word": "likely", "from": 0.66}], "ai_use": [{"task": "t"}]},
    {
        "sources": [
            "a",
            {"doi": "10.1000/a"},
            {"type": "book", "id": "a", "title": "A"},
            "https://example.org",
        ]
    },
    {"doi": "https://doi.org/10.1000/a", "supersedes": "10.1000/b", "superseded_by": None},
    {"review": {"score": 7, "reviewers": [{"role": "challenger", "score": 7.5}]}},
    {"gate": {"status": "VERIFIED", "evaluated_at": "2026-06-10T06:30:49.25Z"}},
    {
        "corrections": [
            {"event_id": "1", "corrected_at": "2026-06-10", "correction_type": "CLAIM", "public_note": "n"}
        ]
    },
    {
        "benchmark": {
            "model": "m",
            "benchmark": "b",
            "entries": [{"source": "a", "score_pct": 29.8, "year": 2023}],
        }
    },
    {"kind": "math-result", "math": {"statement": "s", "state": "FALSIFIED", "cpu_seconds": 0.02}},
    {"quality_dimensions": {"novelty": {"level": "LOW", "score": None}}, "external_record": "registered"},
]
BAD = [
    *(
        {"title": ...},
        {"title": " "},
        {"titel": "a"},
        {"id": "fbca8ee9d3404bba9b15625d1df52d32"},
        {"date": "soon"},
    ),
    *({"date": 1717200000}, {"kind": "essay"}, {"schema": "v1"}, {"language": "?"}, {"doi": "10.1"}),
    *(
        {"claims": [{"text": "a"}]},
        {"claims": [{"text": "a", "verdict": None}]},
        {"claims": [{"text": "a", "verdict": "true"}]},
        {"authors": [{"name": "a", "roles": ["boss"]}]},
        {"search": {"databases": [{"found": 3}]}},
        {"outcomes": [{"name": "o", "measure": "m", "entries": []}]},
        {"gate": {"checks": [{"id": "a b", "type": "proof", "command": "c"}]}},
        {"confidence_words": [{"word": "likely", "from": 66}]},
        {"claims": [claim(id="")]},
        {"claims": [claim(id=None)]},
        {"claims": [claim(verified=1)]},
    ),
    *(
        {"claims": {"fil": "a"}},
        {"claims": {"file": "a", "x": 1}},
        {"claims": [claim(confidence=1.5)]},
        {"claims": "a"},
    ),
    *({"sources": [{"doi": "10.1000/a", "key": "a"}]}, {"sources": [{"type": "book"}]}, {"sources": [{}]}),
    *({"sources": [7]}, {"sources": "a"}, {"corrections": None}, {"review": {"score": 11}}, {"review": {}}),
    *(
        {"gate": {"status": "verified"}},
        {"gate": {"evaluated_at": "2026-06-10"}},
        {"search": {"screened": -1}},
    ),
    *(
        {"gate": {"artifacts": [{"type": "log", "path": "a", "sha256": "A" * 64}]}},
        {"confidence_threshold": "0.5"},
    ),
    *({"benchmark": {"model": "m", "benchmark": "b", "entries": []}}, {"math": {"statement": "s"}}),
    *(
        {"quality_dimensions": {"fame": {}}},
        {"evidence_counts": {"artifact_inspected": 1.5}},
        {"external_record": ""},
    ),
    {
        "corrections": [
            {"event_id": "1", "corrected_at": "soon", "correction_type": "CLAIM", "public_note": "n"}
        ]
    },
]


def objects(place=()):
    """Yield the place of each object of the format, with its fields as the schema describes them."""
    for schema in at_place(place):
        if fields := schema.get("properties"):
            if "additionalProperties" in schema and schema["additionalProperties"] is False:
                yield place, fields
            for name in fields:
                yield from objects((*place, name))
        elif "items" in schema:
            yield from objects((*place, 0))


def lists_of_words(schema):
    """Yield each part of a schema that lists the words a value may be."""
    if isinstance(schema, dict):
        if "enum" in schema:
            yield schema
        for part in schema.values():
            yield from lists_of_words(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from lists_of_words(part)


def is_obvious(schema):
    """Tell whether a value needs no example: a word of a list, true or false, or what has fields of its own."""
    known = "enum" in schema or "const" in schema or schema["type"] in {"boolean", "object"}
    return known or (schema["type"] == "array" and "$ref" in schema["items"])


class TestSchema:
    def validator(self):
        checker = jsonschema.FormatChecker(["uuid", "date"])
        return jsonschema.Draft202012Validator(json_schema(), format_checker=checker)

    def test_the_published_copy_is_the_one_made_from_the_models(self):
        published = (ROOT / "schema" / "record.schema.json").read_text(encoding="utf-8")
        assert published == json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"

    def test_it_is_a_schema_that_knows_every_field_and_no_other(self):
        schema = json_schema()
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"].startswith("urn:reportgen:")
        assert schema["title"]
        parts = [schema, *(part for part in schema["$defs"].values() if part.get("type") == "object")]
        assert len(parts) > 15
        for part in parts:
            assert part["additionalProperties"] is False
            assert part["description"]

    def test_each_field_has_a_sentence_of_its_own(self):
        for place, fields in objects():
            sentences = [field.get("description", "") for field in fields.values()]
            assert all(re.fullmatch(r"[A-Z].*\w.*[.]", each) for each in sentences), (place, sentences)
            assert len(set(sentences)) == len(sentences), place

    def test_each_word_that_a_field_takes_is_explained(self):
        enums = list(lists_of_words(json_schema()))
        assert len(enums) >= 15
        for each in enums:
            sentences = each.get("enumDescriptions", [])
            assert len(sentences) == len(each["enum"]), each["enum"]
            assert all(re.fullmatch(r"[A-Z].*\w[.]", sentence) for sentence in sentences), sentences
            assert len(set(sentences)) == len(sentences), sentences

    def test_each_field_that_is_not_obvious_has_an_example(self):
        without = [
            (*place, name)
            for place, fields in objects()
            for name in fields
            if not any("examples" in each or is_obvious(each) for each in at_place((*place, name)))
        ]
        assert without == []

    def test_each_example_is_read(self):
        checked = 0
        for place, fields in objects():
            for name, field in fields.items():
                for example in field.get("examples", []):
                    schema = {**json_schema()["$defs"], "at": field}
                    whole = {"$defs": schema, "$ref": "#/$defs/at"}
                    assert jsonschema.Draft202012Validator(whole).is_valid(example), (*place, name)
                    checked += 1
        assert checked > 80

    def test_a_change_to_it_changes_no_other(self):
        json_schema()["properties"].clear()
        assert json_schema()["properties"]

    @pytest.mark.parametrize("changes", GOOD, ids=str)
    def test_the_reader_and_the_schema_take(self, changes, tmp_path):
        (tmp_path / "claims.csv").write_text("text,verified\na,1\n")
        assert load(tmp_path, **changes).record.title
        assert [error.message for error in self.validator().iter_errors(minimal(**changes))] == []

    @pytest.mark.parametrize("changes", BAD, ids=str)
    def test_the_reader_and_the_schema_refuse(self, changes):
        assert problems_of(**changes)
        assert not self.validator().is_valid(minimal(**changes))

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_a_published_record_is_valid(self, path):
        assert self.validator().is_valid(json.loads(path.read_text()))
