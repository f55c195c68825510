from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from minimal_record import claim, minimal
from reportgen.base.author import Author
from reportgen.base.identifiers import Identifier
from reportgen.record.model import (
    Claim,
    Correction,
    DimensionLevel,
    Gate,
    Kind,
    Record,
    SourceReference,
    claim_id,
)


def record(**changes):
    return Record.model_validate(minimal(**changes))


def refused(**changes):
    with pytest.raises(ValidationError) as caught:
        record(**changes)
    return [error["loc"] for error in caught.value.errors()]


def test_what_is_left_out_has_the_value_the_format_gives():
    left_out = record()
    assert left_out.kind is Kind.SYNTHESIS
    assert (left_out.version, left_out.language, left_out.license) == ("1", "en", None)
    assert (left_out.authors, left_out.claims, left_out.sources, left_out.corrections) == ((), (), (), ())
    assert left_out.review is left_out.gate is left_out.claim_counts is None
    assert left_out.evidence_counts.externally_reviewed == 0
    assert left_out.short_id == "11111111"


def test_the_eight_dimensions_stand_in_their_order_and_unassessed():
    dimensions = record().quality_dimensions
    assert list(type(dimensions).model_fields) == [
        *("evidence_strength", "citation_grounding", "numerical_consistency", "benchmark_validity"),
        *("novelty", "uncertainty_disclosure", "reproducibility_status", "safety_impact"),
    ]
    assert {getattr(dimensions, name).level for name in type(dimensions).model_fields} == {
        DimensionLevel.UNASSESSED
    }


def test_a_record_cannot_be_changed():
    with pytest.raises(ValidationError):
        record().title = "another"


@pytest.mark.parametrize("name", ["schema", "id", "title", "date", "question"])
def test_a_required_field_cannot_be_left_out(name):
    assert refused(**{name: ...}) == [(name,)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("schema", "reportgen-record-v2"),
        ("id", 5),
        ("id", "fbca8ee9d3404bba9b15625d1df52d32"),
        ("id", "urn:uuid:fbca8ee9-d340-4bba-9b15-625d1df52d32"),
        ("kind", "essay"),
        ("title", ""),
        ("title", " \n"),
        ("title", 5),
        ("date", 1717200000),
        ("date", "1717200000"),
        ("date", "2026-02-30"),
        ("date", "2026-05-30T00:00:00"),
        ("date", "٢٠٢٦-٠٥-٣٠"),
        ("version", 1),
        ("language", "english language"),
        ("doi", "10.1"),
        ("doi", "2402.18571"),
        ("external_record", "yes"),
        ("confidence_threshold", 1.01),
        ("confidence_threshold", True),
        ("confidence_threshold", "0.5"),
        ("confidence_threshold", float("nan")),
        ("corrections", None),
        ("search", {"screened": "1"}),
        ("search", {"screened": True}),
        ("benchmark", {"model": "m", "benchmark": "b", "entries": [{"source": "a", "score_pct": "29.8"}]}),
        ("unknown", 1),
    ],
)
def test_a_value_of_another_form_is_refused_at_its_field(name, value):
    assert {place[0] for place in refused(**{name: value})} == {name}


@pytest.mark.parametrize(
    "value", ["2026-06-10T06:30:49", "2026-06-10", 1717200000, "2026-06-10 06:30Z", "10:00Z"]
)
def test_the_gate_was_evaluated_at_a_moment_with_a_time_zone(value):
    with pytest.raises(ValidationError):
        Gate(evaluated_at=value)


def test_moments_are_read_with_their_time_zone():
    gate = Gate(evaluated_at="2026-06-12T16:02:29.386964+02:00")
    assert gate.evaluated_at == dt.datetime(2026, 6, 12, 14, 2, 29, 386964, tzinfo=dt.UTC)


def test_a_correction_may_give_only_its_day():
    event = {"event_id": "1", "correction_type": "CLAIM", "public_note": "One claim was wrong."}
    day = Correction(**event, corrected_at="2026-06-10")
    assert day.corrected_at == dt.datetime(2026, 6, 10, tzinfo=dt.UTC)
    assert Correction(**event, corrected_at=day.corrected_at) == day
    with pytest.raises(ValidationError):
        Correction(**event, corrected_at="June 2026")


@given(st.text("0123456789", min_size=15, max_size=15))
def test_an_orcid_has_one_check_digit(digits):
    def is_taken(check):
        text = digits + check
        try:
            Author(name="A", orcid="-".join(text[start : start + 4] for start in range(0, 16, 4)))
        except ValidationError:
            return False
        return True

    assert len(list(filter(is_taken, "0123456789X"))) == 1


def test_values_that_are_already_what_they_should_be_are_taken():
    made = record(id=uuid.UUID(int=1), date=dt.date(2026, 5, 30))
    assert (made.id.int, made.date) == (1, dt.date(2026, 5, 30))


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://doi.org/10.5281/zenodo.1", "10.5281/zenodo.1"),
        ("doi:10.5281/zenodo.1", "10.5281/zenodo.1"),
        ("10.48550/arXiv.2402.18571", "10.48550/arXiv.2402.18571"),
        ("10.48550/arxiv.2402.18571v3", "10.48550/arXiv.2402.18571v3"),
    ],
)
def test_a_doi_is_read_from_its_bare_form_and_its_address(given, read):
    assert record(doi=given).doi == read


def test_another_version_is_named_by_uuid_or_doi():
    other = record(supersedes="fbca8ee9-d340-4bba-9b15-625d1df52d32", superseded_by="10.5281/zenodo.1")
    assert isinstance(other.supersedes, uuid.UUID)
    assert other.superseded_by == "10.5281/zenodo.1"


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1694-233X"])
def test_an_orcid_is_kept_without_its_address(orcid):
    assert Author(name="A", orcid=orcid).orcid == orcid[-19:]


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0098", "0000-0002-1825", "٠٠٠٠-0002-1825-0097"])
def test_an_orcid_with_a_wrong_form_or_check_digit_is_refused(orcid):
    with pytest.raises(ValidationError):
        Author(name="A", orcid=orcid)


class TestSources:
    @pytest.mark.parametrize(
        ("given", "identifier"),
        [
            ("arxiv:2402.18571v3", Identifier("arxiv", "2402.18571", 3)),
            ({"arxiv": "arXiv:2402.18571v3"}, Identifier("arxiv", "2402.18571", 3)),
            ({"url": "http://arxiv.org/abs/2402.18571v3"}, Identifier("arxiv", "2402.18571", 3)),
            ({"url": "https://doi.org/10.1000/a"}, Identifier("doi", "10.1000/a")),
            ({"doi": "https://doi.org/10.1000/a"}, Identifier("doi", "10.1000/a")),
            ({"pmid": "7"}, Identifier("pmid", "7")),
            ({"isbn": "9780131103627"}, Identifier("isbn", "9780131103627")),
            (" wang2024dpa ", Identifier("key", "wang2024dpa")),
            ({"key": "wang2024dpa"}, Identifier("key", "wang2024dpa")),
            ({"id": "a1", "type": "book", "title": "A"}, Identifier("key", "a1")),
            ({"item": {"id": "a1", "type": "book"}}, Identifier("key", "a1")),
        ],
    )
    def test_every_way_to_name_one_is_read(self, given, identifier):
        assert record(lead_source=given).lead_source.identifier == identifier

    @pytest.mark.parametrize(
        "given",
        [
            *(
                {},
                7,
                "a b",
                [],
                {"doi": "10.1000/a", "key": "k"},
                {"doi": "2402.18571"},
                {"dio": "10.1000/a"},
            ),
            *({"type": "book"}, {"type": "book", "id": 1}, {"type": "book", "id": " "}, {"item": {}}),
        ],
    )
    def test_what_names_none_or_two_is_refused(self, given):
        with pytest.raises(ValidationError):
            SourceReference.model_validate(given)

    def test_a_reference_that_was_not_validated_names_nothing(self):
        with pytest.raises(ValueError, match="names nothing"):
            _ = SourceReference.model_construct().identifier


class TestClaims:
    def test_the_id_is_a_hash_that_spacing_case_and_unicode_form_do_not_change(self):
        assert claim_id("Ein Maß  der\nDinge") == claim_id(" ein MASS der dinge")
        assert claim_id("é") == claim_id("e\u0301")
        assert claim_id("a") != claim_id("b")
        assert Claim(text="a", verified=True).id == claim_id("a")

    @pytest.mark.parametrize("given", ["", "-a", "a b", "a" * 65, "é", None])
    def test_an_id_is_a_plain_name(self, given):
        with pytest.raises(ValidationError):
            Claim(id=given, text="a", verified=True)

    @pytest.mark.parametrize("given", ["true", 1, None])
    def test_the_verdict_is_true_or_false(self, given):
        with pytest.raises(ValidationError):
            Claim(text="a", verified=given)

    def test_equal_texts_get_ids_in_order(self):
        first = claim_id("a")
        claims = record(claims=[claim("a"), claim("b"), claim(" A"), claim("a")]).claims
        assert [each.id for each in claims] == [first, claim_id("b"), f"{first}-2", f"{first}-3"]

    def test_a_given_id_is_kept_and_a_default_gives_way(self):
        first = claim_id("a")
        claims = record(claims=[claim("a"), claim("x", id=f"{first}-2"), claim("a")]).claims
        assert [each.id for each in claims] == [first, f"{first}-2", f"{first}-3"]
        claims = record(claims=[claim("a"), claim("x", id=first)]).claims
        assert [each.id for each in claims] == [f"{first}-2", first]

    def test_two_claims_with_one_given_id_are_refused(self):
        with pytest.raises(ValidationError) as caught:
            record(claims=[claim("a", id="c1"), claim("b"), claim("c", id="c1")])
        assert caught.value.errors()[0]["ctx"] == {"index": 2, "id": "c1"}

    @given(st.lists(st.sampled_from(["a", "A ", "b", "c"]), max_size=12))
    def test_ids_are_unique_and_reading_what_was_written_keeps_them(self, texts):
        read = record(claims=[claim(text) for text in texts])
        assert len({each.id for each in read.claims}) == len(texts)
        again = Record.model_validate_json(read.model_dump_json(by_alias=True))
        assert again == read

    def test_a_claim_without_sources_is_tied_to_the_lead_source(self):
        read = record(claims=[claim(sources=["a", "b"]), claim("b")], lead_source="c")
        tied = [[source.key for source in read.sources_of(each)] for each in read.claims]
        assert tied == [["a", "b"], ["c"]]
        assert record(claims=[claim()]).sources_of(Claim(text="a", verified=True)) == ()

    def test_claims_are_counted_or_stated(self):
        assert record(claims=[claim()], claim_counts={"extracted": 9}).claim_total == 1
        assert record(claim_counts={"extracted": 9}).claim_total == 9
        assert record().claim_total == 0


@pytest.mark.parametrize(
    "text",
    [
        "doi:10.48550/arXiv.2402.18571",
        "https://doi.org/10.48550/arXiv.2402.18571",
        "10.48550/arXiv.2402.18571",
    ],
)
def test_a_doi_of_arxivs_own_is_read_as_the_paper(text):
    source = SourceReference.model_validate(text)
    assert str(source.identifier) == "arXiv:2402.18571"
