"""The fields that make a record a whole report: read, and refused with their place."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from minimal_record import claim, load, minimal, only, problems_of
from reportgen.base.author import Author
from reportgen.base.errors import RecordError
from reportgen.base.settings import Settings
from reportgen.record import read_record
from reportgen.record.model import Evidence, Record, Stance, Verdict


def read(**changes):
    return load(**changes).record


class TestVerdicts:
    @pytest.mark.parametrize("verdict", list(Verdict))
    def test_supported_counts_as_verified_and_nothing_else(self, verdict):
        one = read(claims=[{"text": "a", "verdict": verdict}]).claims[0]
        assert one.verified is (verdict is Verdict.SUPPORTED)
        assert one.verdict is verdict

    @pytest.mark.parametrize(
        ("verified", "verdict"), [(True, "refuted"), (True, "not-checked"), (False, "supported")]
    )
    def test_the_two_may_not_disagree(self, verified, verdict):
        problem = only(problems_of(claims=[claim(verified=verified, verdict=verdict)]))
        assert problem.where.pointer == "/claims/0/verdict"
        assert "may not disagree" in problem.message

    def test_not_verified_is_none_of_the_words(self):
        assert read(claims=[claim(verified=False)]).claims[0].verdict is None

    def test_a_claim_without_either_is_refused(self):
        problem = only(problems_of(claims=[{"text": "a"}]))
        assert (problem.code, problem.where.pointer) == ("missing-field", "/claims/0/verified")

    def test_a_word_that_is_almost_right_is_told(self):
        problem = only(problems_of(claims=[{"text": "a", "verdict": "suported"}]))
        assert problem.hint == "did you mean `supported`?"


class TestEvidence:
    def test_short_and_long_are_the_same(self):
        short = read(claims=[claim(sources=["a", "b"], quote="q", locator="p. 1")]).claims[0]
        evidence = [{"source": "a", "quote": "q", "locator": "p. 1"}, {"source": "b", "stance": "supports"}]
        long = read(claims=[claim(evidence=evidence)]).claims[0]
        assert short.all_evidence == long.all_evidence
        assert short.own_sources == long.own_sources == short.sources

    def test_a_quote_without_a_source_is_the_lead_source_s(self):
        record = read(lead_source="a", claims=[claim(quote="q")])
        assert record.claims[0].all_evidence == (Evidence(quote="q"),)
        assert record.sources_of(record.claims[0]) == (record.lead_source,)

    def test_what_contradicts_is_kept_apart(self):
        evidence = [{"source": "a", "stance": "contradicts", "relevance": 0.4}]
        found = read(claims=[claim(sources=["b"], evidence=evidence)]).claims[0].all_evidence
        assert [each.stance for each in found] == [Stance.SUPPORTS, Stance.CONTRADICTS]

    def test_without_any_there_is_none(self):
        assert read(claims=[claim()]).claims[0].all_evidence == ()


class TestSearch:
    def test_a_name_stands_for_a_database(self):
        search = {"databases": ["Scopus", {"name": "PubMed", "found": 3}]}
        first, second = read(search=search).search.databases
        assert (first.name, first.is_detailed, second.found, second.is_detailed) == ("Scopus", False, 3, True)

    def test_it_is_written_as_it_was_given(self):
        search = {"databases": ["Scopus", {"name": "PubMed", "found": 3}]}
        dumped = read(search=search).search.model_dump(mode="json", exclude_unset=True)
        assert dumped == search


class TestMarkdown:
    def test_texts_come_in_the_order_in_which_they_are_printed(self):
        sections = [{"title": "A", "text": "a", "appendix": True}, {"title": "B", "text": "b"}]
        record = read(abstract="x", summary="y", ethics="e", funding="f", sections=sections)
        assert list(record.markdown_texts) == [
            *("/summary", "/abstract", "/sections/1/text", "/funding", "/ethics", "/sections/0/text"),
        ]

    @pytest.mark.parametrize("name", ["summary", "abstract", "sections"])
    def test_any_text_answers_the_question(self, name):
        text = [{"title": "a", "text": "b"}] if name == "sections" else "b"
        assert read(**{name: text}).has_text
        assert not read().has_text


def test_an_author_may_have_roles_in_settings_too():
    author = {"name": "Ada", "email": "ada@example.org", "roles": ["software"], "guarantor": True}
    assert Settings(authors=[author]).authors == (Author(**author),)
    assert only(problems_of(authors=[{"name": "a", "email": "a b@c"}])).where.pointer == "/authors/0/email"


def test_everything_can_be_dumped_and_read_again():
    record = read(
        claims=[{"text": "a", "verdict": "mixed"}, claim()],
        confidence_words=[{"word": "likely", "from": 0.66}],
        **{"$schema": "record.schema.json"},
    )
    dumped = record.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert Record.model_validate(json.loads(json.dumps(dumped))) == record
    assert minimal().items() <= dumped.items()


class TestClaimsInFiles:
    """Claims kept in a file have the same fields, as columns."""

    COLUMNS = ("text", "verdict", "theme", "outcome", "confidence", "confidence_kind", "confidence_of")
    ROW = ("A claim.", "refuted", "error", "calibration", "0.5", "classifier", "it holds")

    def read(self, folder, name, content):
        (folder / name).write_bytes(content)
        return read_record(folder / "record.json", raw=json.dumps(minimal(claims={"file": name})).encode())

    def same(self, loaded):
        (one,) = loaded.record.claims
        shown = tuple(str(getattr(one, name)) for name in self.COLUMNS)
        assert shown == self.ROW
        assert one.verified is False

    def test_csv(self, tmp_path):
        self.same(self.read(tmp_path, "c.csv", f"{','.join(self.COLUMNS)}\n{','.join(self.ROW)}\n".encode()))

    def test_json_lines_with_evidence(self, tmp_path):
        row = dict(zip(self.COLUMNS, self.ROW, strict=True)) | {"confidence": 0.5}
        row |= {"evidence": [{"source": "a", "stance": "contradicts"}], "verdict_by": {"type": "person"}}
        loaded = self.read(tmp_path, "c.jsonl", json.dumps(row).encode())
        self.same(loaded)
        assert loaded.record.claims[0].evidence[0].stance is Stance.CONTRADICTS

    def test_parquet_with_evidence(self, tmp_path):
        row = dict(zip(self.COLUMNS, self.ROW, strict=True)) | {"confidence": 0.5}
        row["evidence"] = [{"source": "a", "stance": "contradicts"}]
        pd.DataFrame([row]).to_parquet(tmp_path / "c.parquet")
        loaded = self.read(tmp_path, "c.parquet", (tmp_path / "c.parquet").read_bytes())
        self.same(loaded)
        assert loaded.record.claims[0].own_sources[0].key == "a"

    @pytest.mark.parametrize("names", ["text,theme", "verdict,theme"])
    def test_a_table_needs_text_and_one_of_the_two(self, tmp_path, names):
        with pytest.raises(RecordError) as caught:
            self.read(tmp_path, "c.csv", f"{names}\na,mixed\n".encode())
        assert only(caught.value.problems).code == "claims-file"

    def test_what_has_fields_of_its_own_is_no_cell(self, tmp_path):
        with pytest.raises(RecordError) as caught:
            self.read(tmp_path, "c.csv", b"text,verdict,evidence\na,mixed,b\n")
        assert only(caught.value.problems).where.pointer == "/claims/0/evidence"
