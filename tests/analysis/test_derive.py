from __future__ import annotations

import ast
import csv
import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minimal_record import claim, load
from reportgen import analysis
from reportgen.analysis.derive import CorrectionState, Coverage, GateReason, derive
from reportgen.base import numbers
from reportgen.base.policy import PUBLISHED_TIERS, Policy
from reportgen.base.settings import Settings
from reportgen.record import read_record
from reportgen.record.model import DimensionLevel, EvidenceCounts, GateStatus

ROOT = Path(__file__).parents[2]
with (ROOT / "tests" / "data" / "published-records.csv").open(encoding="utf-8") as file:
    PUBLISHED = list(csv.DictReader(file))
LOW_TO_HIGH = [
    "QUARANTINE_CANDIDATE",
    "WATCHLIST",
    "PUBLIC_RECORD",
    "DOI_GRADE",
    "FLAGSHIP_CANDIDATE",
]
EVIDENCE = list(EvidenceCounts.model_fields)
scores = st.floats(0, 10) | st.sampled_from([4.999, 5.0, 7.499, 7.4999999, 7.5, 8.495, 8.4999, 8.5])


def derived(settings=Settings(), **changes):  # noqa: B008  # settings are frozen
    return derive(load(**changes).record, settings.id_prefix, settings.tier_claims, settings.policy)


def printed_score(score):
    return numbers.score(score, Policy().edges, ".")


def decide_tier(score, claims, *, archived):
    return Policy().tier_of(score, claims, archived=archived).name


def published(row):
    changes = {
        "id": f"{row['display_id'].lower()}-0000-4000-8000-000000000000",
        "doi": row["doi"] or None,
        "claim_counts": {"extracted": int(row["claims"])},
    }
    if row["date"]:
        changes["date"] = row["date"]
    if row["score"]:
        changes["review"] = {"score": float(row["score"])}
    return derived(**changes)


class TestPublishedRecords:
    def rows(self, *columns):
        return [row for row in PUBLISHED if all(row[column] for column in columns)]

    def test_how_many_rows_are_tested(self):
        assert len(PUBLISHED) == 22
        assert len(self.rows("score", "claims", "tier")) == 21
        assert len(self.rows("claims", "level")) == 22
        assert len(self.rows("provenance")) == 1

    def test_the_tier_is_the_published_one(self):
        rows = self.rows("score", "claims", "tier")
        assert [published(row).tier.tier for row in rows] == [row["tier"] for row in rows]

    def test_the_level_is_the_published_one(self):
        rows = self.rows("claims", "level")
        assert [f"L{published(row).level.number}" for row in rows] == [row["level"] for row in rows]

    def test_the_provenance_level_is_the_published_one(self):
        rows = self.rows("provenance")
        assert [f"L{published(row).provenance.level}" for row in rows] == [row["provenance"] for row in rows]

    def test_the_display_id_is_the_published_one(self):
        assert [published(row).display_id for row in PUBLISHED] == [
            f"SRCH:{row['display_id']}" for row in PUBLISHED
        ]

    def test_the_score_is_printed_as_published(self):
        rows = self.rows("score")
        assert [printed_score(float(row["score"])) for row in rows] == [row["score"] for row in rows]

    @pytest.mark.parametrize(
        ("name", "counts", "tier", "provenance", "reason"),
        [
            ("0ff0b073", (10, 10, None), "FLAGSHIP_CANDIDATE", 4, GateReason.NOT_YET_EVALUATED),
            ("5eed0003", (9, 9, 9), "DOI_GRADE", 3, GateReason.PUBLISHED_BEFORE_GATE),
            ("795ca78a", (7, 7, 7), "DOI_GRADE", 4, GateReason.PUBLISHED_BEFORE_GATE),
            ("fbca8ee9", (10, 10, 1), "QUARANTINE_CANDIDATE", 3, GateReason.PUBLISHED_BEFORE_GATE),
        ],
    )
    def test_the_sample_records(self, name, counts, tier, provenance, reason):
        found = derive(read_record(ROOT / "records" / f"{name}.json").record, "SRCH", "extracted", Policy())
        assert (found.claims.extracted, found.claims.grounded, found.claims.verified) == counts
        assert (found.tier.tier, found.provenance.level, found.gate.default_reason) == (
            tier,
            provenance,
            reason,
        )
        assert (found.level.number, found.correction.state) == (2, CorrectionState.CURRENT)


class TestClaims:
    def test_the_three_counts_are_counted_separately(self):
        claims = [claim("a", sources=["x"]), claim("b", verified=False, sources=["y"]), claim("c")]
        counts = derived(claims=claims).claims
        assert (counts.extracted, counts.grounded, counts.verified) == (3, 2, 2)
        assert not counts.from_aggregates

    def test_a_lead_source_grounds_claims_that_name_none(self):
        claims = [claim("a"), claim("b", sources=["x"])]
        assert derived(claims=claims, lead_source="y").claims.grounded == 2
        assert derived(claims=claims).claims.grounded == 1

    @pytest.mark.parametrize(
        ("counts", "expected"),
        [
            ({"extracted": 7}, (7, 7, None)),
            ({"extracted": 7, "verified": 5}, (7, 7, 5)),
            ({"extracted": 7, "grounded": 3, "verified": 0}, (7, 3, 0)),
            ({"extracted": 0}, (0, 0, 0)),
        ],
    )
    def test_aggregates_say_what_they_say(self, counts, expected):
        claims = derived(claim_counts=counts).claims
        assert (claims.extracted, claims.grounded, claims.verified) == expected
        assert claims.from_aggregates

    def test_claims_are_counted_where_both_are_given(self):
        claims = derived(claims=[claim()], claim_counts={"extracted": 9, "verified": 9}).claims
        assert (claims.extracted, claims.verified, claims.from_aggregates) == (1, 1, False)

    def test_a_record_without_claims_has_none(self):
        found = derived()
        assert (found.claims.extracted, found.claims.grounded, found.claims.verified) == (0, 0, 0)
        assert found.confidence is None

    def test_confidences_are_described(self):
        given = [None, 0.08, 0.07, 0.5, 0.9]
        claims = [claim(str(index), confidence=confidence) for index, confidence in enumerate(given)]
        found = derived(claims=claims, confidence_threshold=0.5).confidence
        assert (found.count, found.minimum, found.median, found.maximum) == (4, 0.07, 0.29, 0.9)
        assert derived(claims=claims[1:3]).confidence.median == 0.075

    @given(
        st.lists(st.tuples(st.booleans(), st.lists(st.sampled_from("abc"), max_size=2)), max_size=8),
        st.booleans(),
    )
    def test_counts_agree(self, given, has_lead):
        claims = [
            claim(str(i), verified=verified, sources=sources) for i, (verified, sources) in enumerate(given)
        ]
        found = derived(claims=claims, sources=["a", "d"], lead_source="e" if has_lead else None)
        counts = found.claims
        assert 0 <= counts.verified <= counts.extracted == len(claims)
        assert 0 <= counts.grounded <= counts.extracted
        assert not has_lead or counts.grounded == counts.extracted


class TestSources:
    @pytest.mark.parametrize(
        ("retrieved", "sources", "listed", "unlisted"),
        [(None, ["a"], 1, None), (14, ["a", "b"], 2, 12), (1, ["a", "b"], 2, 0), (3, [], 0, 3)],
    )
    def test_papers_retrieved_are_set_against_works_listed(self, retrieved, sources, listed, unlisted):
        found = derived(sources=[*sources, *sources], search={"papers_retrieved": retrieved}).sources
        assert (found.retrieved, found.listed, found.unlisted) == (retrieved, listed, unlisted)

    def test_of_papers_that_were_included_alone_some_may_be_unlisted(self):
        search = {"papers_retrieved": 151, "included": 3}
        assert derived(sources=["a", "b"], search=search).sources.unlisted == 1
        assert derived(sources=["a", "b", "c"], search=search).sources.unlisted == 0

    def test_without_a_search_nothing_is_known_to_be_unlisted(self):
        assert derived().sources.unlisted is None


class TestLevel:
    def test_a_report_without_grounded_claims_is_a_synthesis(self):
        level = derived(claims=[claim()]).level
        assert (level.number, level.key) == (1, "literature-synthesis")
        level = derived(claims=[claim()], lead_source="a").level
        assert (level.number, level.key) == (2, "source-grounded-claims")

    @pytest.mark.parametrize(("number", "name"), list(enumerate(EVIDENCE, start=3)))
    def test_each_upper_level_is_reached_by_its_counter(self, number, name):
        level = derived(claim_counts={"extracted": 3}, evidence_counts={name: 1}).level
        assert level.number == number
        assert [rung.number for rung in level.ladder if rung.reached] == [0, 1, 2, number]
        assert level.ladder[number].count == 1

    def test_the_ladder_has_eight_rungs_of_which_the_lowest_count_nothing(self):
        ladder = derived(claim_counts={"extracted": 3, "grounded": 2}).level.ladder
        assert [rung.number for rung in ladder] == list(range(8))
        assert [rung.count for rung in ladder] == [None, None, 2, 0, 0, 0, 0, 0]
        assert len({rung.key for rung in ladder}) == 8

    def test_neither_gate_nor_score_nor_doi_nor_proof_raises_it(self):
        found = derived(
            claims=[claim(sources=["a"])],
            doi="10.1000/a",
            review={"score": 10},
            gate={"status": "VERIFIED"},
            kind="math-result",
            math={"statement": "s", "state": "FORMAL_PROOF_VERIFIED"},
        )
        assert found.level.number == 2

    @given(st.lists(st.integers(0, 2), min_size=5, max_size=5), st.integers(0, 4))
    def test_it_never_falls_when_a_counter_rises(self, counts, raised):
        more = [count + (index == raised) for index, count in enumerate(counts)]
        before, after = (
            derived(
                claim_counts={"extracted": 9}, evidence_counts=dict(zip(EVIDENCE, each, strict=True))
            ).level
            for each in (counts, more)
        )
        assert before.number <= after.number


class TestTier:
    @pytest.mark.parametrize(
        ("score", "claims", "archived", "tier"),
        [
            (8.5, 5, True, "FLAGSHIP_CANDIDATE"),
            (8.5, 5, False, "DOI_GRADE"),
            (8.5, 4, True, "DOI_GRADE"),
            (8.499999, 5, True, "DOI_GRADE"),
            (7.5, 1, False, "DOI_GRADE"),
            (7.5, 0, True, "WATCHLIST"),
            (10, 0, True, "WATCHLIST"),
            (7.499999, 9, True, "WATCHLIST"),
            (5.0, 0, False, "WATCHLIST"),
            (4.999999, 9, True, "QUARANTINE_CANDIDATE"),
            (0, 0, False, "QUARANTINE_CANDIDATE"),
        ],
    )
    def test_it_is_decided_on_the_unrounded_score(self, score, claims, archived, tier):
        assert decide_tier(score, claims, archived=archived) == tier

    def test_without_a_review_there_is_none(self):
        tier = derived(doi="10.1000/a", claims=[claim()]).tier
        assert tier.tier is None

    def test_a_registered_record_counts_as_archived(self):
        found = derived(external_record="registered", claim_counts={"extracted": 5}, review={"score": 9})
        assert found.tier.tier == "FLAGSHIP_CANDIDATE"
        found = derived(external_record="not registered", claim_counts={"extracted": 5}, review={"score": 9})
        assert found.tier.tier == "DOI_GRADE"

    @pytest.mark.parametrize(
        ("counts", "counted", "tier"),
        [
            ({"extracted": 9, "verified": 0}, "extracted", "DOI_GRADE"),
            ({"extracted": 9, "verified": 0}, "verified", "WATCHLIST"),
            ({"extracted": 9}, "verified", "WATCHLIST"),
        ],
    )
    def test_the_house_chooses_the_count(self, counts, counted, tier):
        found = derived(Settings(tier_claims=counted), claim_counts=counts, review={"score": 8}).tier
        assert found.tier == tier
        assert found.thresholds == PUBLISHED_TIERS

    @given(scores, st.integers(0, 9), st.booleans())
    def test_the_public_record_is_never_reached(self, score, claims, archived):
        assert decide_tier(score, claims, archived=archived) != "PUBLIC_RECORD"

    @given(scores, scores, st.integers(0, 9), st.integers(0, 9), st.booleans(), st.booleans())
    def test_it_never_falls_when_anything_rises(self, score, other, claims, more, archived, also):
        lower, higher = zip(
            *(sorted(pair) for pair in ((score, other), (claims, more), (archived, also))), strict=True
        )
        before = decide_tier(*lower[:2], archived=lower[2])
        after = decide_tier(*higher[:2], archived=higher[2])
        assert LOW_TO_HIGH.index(before) <= LOW_TO_HIGH.index(after)


class TestScore:
    @pytest.mark.parametrize(
        ("score", "printed"),
        [
            (7.499, "7.49"),
            (7.4999999, "7.49"),
            (7.5, "7.50"),
            (8.496, "8.49"),
            (4.999, "4.99"),
            (8.126, "8.13"),
            (8.125, "8.13"),
            (9.1666666, "9.17"),
            (9.999, "9.99"),
            (10, "10.00"),
            (10.0, "10.00"),
            (0.0, "0.00"),
            (1e-7, "0.00"),
        ],
    )
    def test_it_is_printed_with_two_decimals(self, score, printed):
        assert printed_score(score) == printed

    @given(scores, st.integers(0, 9), st.booleans())
    def test_what_is_printed_lies_in_the_same_tier_and_near(self, score, claims, archived):
        printed = float(printed_score(score))
        tier = decide_tier(score, claims, archived=archived)
        assert decide_tier(printed, claims, archived=archived) == tier
        assert abs(Decimal(repr(score)) - Decimal(printed_score(score))) < Decimal("0.01")

    def test_the_unrounded_score_is_kept(self):
        assert derived(review={"score": 7.499}).score == 7.499


class TestGate:
    @pytest.mark.parametrize(
        ("date", "claims", "gate", "reason"),
        [
            ("2026-06-09", [claim()], None, GateReason.PUBLISHED_BEFORE_GATE),
            ("2026-06-09", [], None, GateReason.PUBLISHED_BEFORE_GATE),
            ("2026-06-10", [claim()], None, GateReason.NOT_YET_EVALUATED),
            ("2026-06-10", [claim()], {}, GateReason.NOT_YET_EVALUATED),
            ("2026-06-10", [], {"status": "UNVERIFIED"}, GateReason.NO_CHECKABLE_CLAIM),
            (
                "2026-06-09",
                [claim()],
                {"evaluated_at": "2026-06-10T06:30:49Z"},
                GateReason.PUBLISHED_BEFORE_GATE,
            ),
            ("2026-06-11", [claim()], {"evaluated_at": "2026-06-12T06:30:49Z"}, None),
            ("2026-06-09", [claim()], {"reason": "Own words."}, None),
            ("2026-06-12", [claim()], {"reason": "published-before-gate"}, GateReason.PUBLISHED_BEFORE_GATE),
            ("2026-06-12", [claim()], {"reason": "NO_CHECKABLE_CLAIM"}, GateReason.NO_CHECKABLE_CLAIM),
            ("2026-06-09", [claim()], {"status": "VERIFIED"}, None),
            ("2026-06-09", [claim()], {"status": "FALSIFIED"}, None),
        ],
    )
    def test_the_default_reason_is_what_date_and_claims_tell(self, date, claims, gate, reason):
        assert derived(date=date, claims=claims, gate=gate).gate.default_reason is reason

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ("EVIDENCE_MISSING", "Evidence missing"),
            ("run_timed_out", "Run timed out"),
            ("no-artifact-found", "No artifact found"),
            ("published-before-gate", None),
            ("Re-run", "Re-run"),
            ("Recomputed by hand_2.", "Recomputed by hand_2."),
        ],
    )
    def test_a_reason_that_is_a_code_is_put_into_words(self, given, said):
        assert derived(gate={"reason": given}).gate.reason == said

    def test_the_verdict_is_the_records_own(self):
        verdict = derived(
            gate={"status": "VERIFIED", "reason": "Recomputed.", "evaluated_at": "2026-06-12T16:02:29Z"}
        ).gate
        assert (verdict.status, verdict.reason) == (GateStatus.VERIFIED, "Recomputed.")
        assert verdict.evaluated_at == dt.datetime(2026, 6, 12, 16, 2, 29, tzinfo=dt.UTC)

    def test_without_a_gate_nothing_was_verified_or_evaluated(self):
        verdict = derived(review={"score": 10}, doi="10.1000/a").gate
        assert (verdict.status, verdict.reason, verdict.evaluated_at) == (GateStatus.UNVERIFIED, None, None)


class TestCorrections:
    def event(self, day):
        return {"event_id": day, "corrected_at": day, "correction_type": "CLAIM", "public_note": "One claim."}

    def test_events_make_a_report_corrected(self):
        found = derived(corrections=[self.event("2026-06-02"), self.event("2026-07-01")]).correction
        assert (found.state, found.count) == (CorrectionState.CORRECTED, 2)
        assert found.last == dt.datetime(2026, 7, 1, tzinfo=dt.UTC)

    def test_without_events_it_is_current(self):
        found = derived(supersedes="10.1000/a").correction
        assert (found.state, found.count, found.last) == (CorrectionState.CURRENT, 0, None)

    def test_a_replaced_report_says_so_whatever_its_events_are(self):
        for events in ([], [self.event("2026-06-02")]):
            found = derived(superseded_by="10.1000/a", corrections=events).correction
            assert (found.state, found.count) == (CorrectionState.SUPERSEDED, len(events))


class TestProvenance:
    @pytest.mark.parametrize(
        ("changes", "level", "key"),
        [
            ({}, 3, "claim-aggregate-record"),
            ({"external_record": "not registered"}, 3, "claim-aggregate-record"),
            ({"external_record": "registered"}, 4, "external-archival-record"),
            ({"doi": "10.1000/a"}, 4, "external-archival-record"),
        ],
    )
    def test_a_doi_or_a_registered_record_archives(self, changes, level, key):
        found = derived(**changes).provenance
        assert (found.level, found.key, found.externally_archived) == (level, key, level == 4)

    def test_archived_is_not_reproducible(self):
        record = load(doi="10.1000/a", external_record="registered").record
        before = record.quality_dimensions.reproducibility_status.level
        derive(record, "SRCH", "extracted", Policy())
        assert before is record.quality_dimensions.reproducibility_status.level is DimensionLevel.UNASSESSED


class TestBenchmark:
    def entry(self, source, score, year=None):
        return {"source": source, "score_pct": score, "year": year}

    def evidence(self, *entries):
        return derived(benchmark={"model": "GPT-4", "benchmark": "MATH", "entries": list(entries)}).benchmark

    def test_there_is_none_without_a_benchmark(self):
        assert derived().benchmark is None

    def test_the_published_cluster(self):
        values = {"2311.00001": (69.69, 2023), "2312.00002": (60.1, 2026), "2401.00003": (48.1, 2024)}
        values |= {"2402.00004": (42.5, None), "2403.00005": (29.8, 2025)}
        found = self.evidence(*(self.entry(name, *value) for name, value in values.items()))
        assert (found.entries, found.distinct_sources, found.coverage) == (5, 5, Coverage.BROAD)
        assert (found.minimum, found.maximum, found.spread) == (29.8, 69.69, 39.89)
        assert (found.first_year, found.last_year) == (2023, 2026)

    def test_a_source_counts_once_and_years_may_be_missing(self):
        found = self.evidence(self.entry("2311.00001v1", 1), self.entry("arxiv:2311.00001v2", 2.5))
        assert (found.entries, found.distinct_sources, found.coverage) == (2, 1, Coverage.SINGLE)
        assert (found.spread, found.first_year, found.last_year) == (1.5, None, None)

    @pytest.mark.parametrize(
        ("sources", "coverage"),
        [(1, Coverage.SINGLE), (2, Coverage.NARROW), (4, Coverage.NARROW), (5, Coverage.BROAD)],
    )
    def test_coverage_follows_from_distinct_sources(self, sources, coverage):
        assert self.evidence(*(self.entry(f"k{index}", 1) for index in range(sources))).coverage is coverage


@pytest.mark.parametrize(("prefix", "shown"), [("SRCH", "SRCH:11111111"), ("", "11111111")])
def test_the_display_id_has_the_prefix_of_the_house(prefix, shown):
    assert derived(Settings(id_prefix=prefix)).display_id == shown


def test_every_derived_value_is_read_somewhere():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "src").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}
    values = [value for value in vars(analysis.derive).values() if dataclasses.is_dataclass(value)]
    fields = {(value.__name__, field.name) for value in values for field in dataclasses.fields(value)}
    properties = {
        (value.__name__, name) for value in values for name in vars(value) if not name.startswith("_")
    }
    assert len(fields) > 30
    assert sorted((value, name) for value, name in fields | properties if name not in read) == []


class TestVerdictsInWords:
    def test_supported_counts_as_verified(self):
        words = ["supported", "refuted", "mixed", "insufficient", "not-checked", "supported"]
        counted = derived(claims=[{"text": f"{n}", "verdict": word} for n, word in enumerate(words)]).claims
        assert (counted.extracted, counted.verified) == (6, 2)
        assert dict(counted.verdicts) == {
            **dict.fromkeys(words[1:5], 1),
            "supported": 2,
        }

    def test_a_mark_is_no_word_where_no_claim_has_one(self):
        assert derived(claims=[claim(), claim("b", verified=False)]).claims.verdicts == ()

    def test_a_true_mark_beside_words_is_supported_and_a_false_one_is_none_of_them(self):
        claims = [claim(), claim("b", verified=False), {"text": "c", "verdict": "mixed"}]
        assert derived(claims=claims).claims.verdicts == (("supported", 1), ("mixed", 1))

    @pytest.mark.parametrize("stance", ["supports", "contradicts", "mentions"])
    def test_evidence_ties_a_claim_to_its_source(self, stance):
        claims = [claim(evidence=[{"source": "a", "stance": stance}]), claim("b", evidence=[{"quote": "q"}])]
        assert derived(claims=claims).claims.grounded == 1
        assert derived(claims=claims, lead_source="b").claims.grounded == 2

    def test_confidences_are_calibrated_where_all_are(self):
        calibrated = claim(confidence=0.5, confidence_kind="calibrated", confidence_of="it holds")
        assert derived(claims=[calibrated, claim("b")]).confidence.is_calibrated
        assert not derived(claims=[calibrated, claim("b", confidence=0.5)]).confidence.is_calibrated


class TestRetraction:
    def events(self, *kinds):
        return [
            {
                "event_id": f"e{number}",
                "corrected_at": f"2026-06-0{number}",
                "correction_type": "CLAIM",
                "public_note": "n",
                **({"kind": kind} if kind else {}),
            }
            for number, kind in enumerate(kinds, 1)
        ]

    @pytest.mark.parametrize("kind", [None, "erratum", "expression_of_concern", "partial_retraction"])
    def test_other_corrections_correct(self, kind):
        assert derived(corrections=self.events(kind)).correction.state is CorrectionState.CORRECTED

    @pytest.mark.parametrize("successor", [None, "10.1000/b"])
    def test_a_retraction_stands_above_all(self, successor):
        found = derived(corrections=self.events("retraction", "erratum"), superseded_by=successor).correction
        assert found.state is CorrectionState.RETRACTED
        assert (found.count, found.retracted.day, found.last.day) == (2, 1, 2)
