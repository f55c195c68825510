"""The public contracts: their schemas, the published words and numbers, and that every text is whole in them."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import contracts_reference
import reference
from fixtures import FOLDER, SAMPLES, deposited, hostile, hostile_names, long_texts
from minimal_record import claim, load
from reportgen import __version__
from reportgen.analysis.derive import derive
from reportgen.base import numbers
from reportgen.base.characters import STEERING
from reportgen.base.settings import Settings, find_settings
from reportgen.exports import FORMATS, GROUPS, FileFacts, format_named
from reportgen.exports.contracts import CONTRACTS, contract_named
from reportgen.exports.contracts.parts import ORIGINS
from reportgen.exports.contracts.review_monitor import TRIGGERS
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import publication_of, require_formats, write_formats

ROOT = Path(__file__).parents[2]
RECORDS = {path.stem: path for path in (*sorted(SAMPLES.glob("*.json")), *sorted(FOLDER.glob("*.json")))} | {
    "verified": FOLDER / "verified" / "record.json"
}
PDF = FileFacts("2026-05-30-x.pdf", 76_000, "ab" * 32)
URL = "https://example.org/reports/x/"
ALWAYS = {"paper-manifest", "correction-record", "source-provenance", "review-monitor"}
with (ROOT / "tests" / "data" / "published-records.csv").open(encoding="utf-8") as file:
    PUBLISHED = list(csv.DictReader(file))
REQUIRED = {
    "paper-manifest": "publisher work artifact_set quality_assessment interpretation limitations",
    "verification-levels": "paper_level paper_level_key paper_level_label basis generated_from claim_summary "
    "artifact_types levels unsupported_upper_levels enforcement limitations",
    "quality-tiers": "tier basis generated_from inputs thresholds enforcement limitations",
    "quality-dimensions": "dimensions interpretation limitations",
    "gate-verdict": "status label definition reason evaluated_at gate enforcement",
    "correction-record": "contract_updated generated_from publisher work manifest correction_state correction_count "
    "last_corrected_at correction_events known_superseded_manifest_urls policy interpretation limitations",
    "source-provenance": "interpretation limitations",
    "review-monitor": "monitor_state active_triggers monitored_triggers enforcement limitations",
    "benchmark-evidence": "model benchmark source_count source_coverage source_profile reported_range spread_pp severity "
    "entries interpretation limitations",
    "math-result": "publisher result verification artifact_set interpretation limitations",
}
"""What the publisher's schemas require, besides the three fields that all begin with."""


@cache
def publication(path, **changes):
    settings = find_settings(path.parent, **changes)
    return publication_of(compose_report(path, settings), settings)


def of(name):
    return publication(RECORDS[name])


@cache
def schema_of(name):
    return contract_named(name).json_schema()


def written(name, of_report):
    return json.loads(format_named(name).write(of_report))


def all_written(of_report):
    formats = (format_named(name) for name in CONTRACTS)
    return {each.name: json.loads(each.write(of_report)) for each in formats if not each.lacking(of_report)}


def with_record(of_report, settings=None, **changes):
    """Put another record in the place of a report's, and what follows from it."""
    settings = settings or of_report.settings
    record = load(**changes).record
    derived = derive(record, settings.id_prefix, settings.tier_claims, settings.policy)
    inputs = replace(
        of_report.inputs,
        record=record,
        derived=derived,
        tier_claims=settings.tier_claims,
        publisher=settings.publisher,
    )
    return replace(of_report, inputs=inputs, settings=settings)


def strings(value):
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in strings(part)]


def properties(schema):
    for where, part in (("", schema), *schema["$defs"].items()):
        for name, value in part.get("properties", {}).items():
            yield f"{where}.{name}", value


class TestSchemas:
    @pytest.mark.parametrize("name", CONTRACTS)
    def test_the_published_copy_is_the_one_made_from_the_models(self, name):
        text = (ROOT / "schema" / "contracts" / f"{name}.schema.json").read_text(encoding="utf-8")
        assert text == contracts_reference.schemas()[f"{name}.schema.json"], "./run reference"
        assert {path.name for path in reference.SCHEMAS.iterdir()} == set(contracts_reference.schemas())

    @pytest.mark.parametrize("name", CONTRACTS)
    def test_each_field_says_whose_it_is_and_what_it_means(self, name):
        schema = schema_of(name)
        jsonschema.Draft202012Validator.check_schema(schema)
        found = dict(properties(schema))
        assert len(found) > 20
        assert {value["x-origin"] for value in found.values()} <= set(ORIGINS)
        # One that says what its object does has no words of its own.
        assert [path for path, value in found.items() if not {"description", "$ref"} & value.keys()] == []

    @pytest.mark.parametrize("name", CONTRACTS)
    def test_what_the_publisher_requires_is_required_and_not_called_ours(self, name):
        schema = schema_of(name)
        required = {"schema", "schema_version", "contract_version", *REQUIRED[name].split()}
        assert required <= set(schema["required"])
        ours = [each for each in required if schema["properties"][each]["x-origin"] == "reportgen"]
        assert ours == []

    @pytest.mark.parametrize("name", CONTRACTS)
    def test_it_names_the_contract_and_is_not_the_publisher_s(self, name):
        schema = schema_of(name)
        address = f"https://assignee.net/schemas/{name}-v1"
        assert schema["properties"]["schema"]["const"] == schema["x-follows"] == address
        assert schema["$id"].startswith("urn:reportgen:")
        version = "1.1" if name == "paper-manifest" else "1.0"
        assert schema["properties"]["contract_version"]["const"] == f"{name}-v{version}"
        assert schema["properties"]["schema_version"]["const"] == "1.0"

    def test_the_published_words_are_there(self):
        tiers, gate, corrections = map(schema_of, ("quality-tiers", "gate-verdict", "correction-record"))
        levels = ["UNASSESSED", "LOW", "MEDIUM", "HIGH"]
        ladder = ["FLAGSHIP_CANDIDATE", "DOI_GRADE", "PUBLIC_RECORD", "WATCHLIST", "QUARANTINE_CANDIDATE"]
        assert tiers["properties"]["tier"]["enum"] == ladder
        assert tiers["$defs"]["DimensionLevel"]["enum"] == levels
        assert [(each.pop("tier"), each) for each in map(dict, tiers["x-thresholds"])] == [
            (
                "FLAGSHIP_CANDIDATE",
                {
                    "minimum_review_score": 8.5,
                    "minimum_verified_claim_count": 5,
                    "required_reproducibility_level": "HIGH",
                },
            ),
            ("DOI_GRADE", {"minimum_review_score": 7.5, "minimum_verified_claim_count": 1}),
            ("PUBLIC_RECORD", {"minimum_review_score": 5.0}),
            ("WATCHLIST", {"maximum_review_score": 7.49}),
            ("QUARANTINE_CANDIDATE", {"maximum_review_score": 4.99}),
        ]
        assert gate["$defs"]["GateStatus"]["enum"] == ["UNVERIFIED", "VERIFIED", "FALSIFIED"]
        assert [each["label"] for each in gate["x-statuses"]] == ["Unverified", "Verified", "Falsified"]
        assert gate["x-contract-introduced"] == "2026-06-10"
        states = corrections["$defs"]["CorrectionState"]["enum"]
        assert states == [*corrections["x-published-states"], "RETRACTED"]
        assert corrections["x-published-states"] == ["CURRENT", "CORRECTED", "SUPERSEDED"]
        assert set(corrections["$defs"]["CorrectionType"]["enum"]) == {
            *("METADATA", "ARTIFACT", "CLAIM", "BENCHMARK", "PROVENANCE", "QUALITY_ASSESSMENT")
        }
        assert [tuple(each.values()) for each in schema_of("math-result")["x-verification-states"]] == [
            ("FALSIFIED", "Falsified", False),
            ("COMPUTATIONAL_EVIDENCE", "Computational evidence", False),
            ("FORMAL_PROOF_ATTEMPTED", "Formal proof attempted", False),
            ("FORMAL_PROOF_VERIFIED", "Formal proof verified", True),
        ]

    def test_the_eight_dimensions_have_their_definitions(self):
        found = schema_of("quality-dimensions")["$defs"]["Dimensions"]
        assert found["required"] == [
            *("evidence_strength", "citation_grounding", "numerical_consistency", "benchmark_validity"),
            *("novelty", "uncertainty_disclosure", "reproducibility_status", "safety_impact"),
        ]
        origins = [each["properties"]["definition"]["x-origin"] for each in found["properties"].values()]
        assert origins == ["published"] * 3 + ["reportgen"] * 5


class TestEveryRecord:
    @pytest.mark.parametrize("name", RECORDS)
    def test_its_contracts_are_valid(self, name):
        for known in (of(name), replace(of(name), pdf=PDF, url=URL)):
            made = all_written(known)
            assert made.keys() >= ALWAYS
            for contract, values in made.items():
                schema = schema_of(contract)
                jsonschema.Draft202012Validator(
                    schema, format_checker=jsonschema.FormatChecker(["uuid", "date"])
                ).validate(values)
                assert values.keys() <= schema["properties"].keys()

    @pytest.mark.parametrize("name", RECORDS)
    def test_the_numbers_are_the_derived_ones(self, name):
        report = of(name)
        derived, made = report.inputs.derived, all_written(report)
        manifest = made["paper-manifest"]
        assert manifest["claims"] == {
            "extracted": derived.claims.extracted,
            "grounded": derived.claims.grounded,
            "verified": derived.claims.verified,
            "from_aggregates": derived.claims.from_aggregates,
        }
        assert manifest["quality_assessment"]["review_score"] == derived.score
        assert manifest["work"]["display_id"] == derived.display_id
        assert made["correction-record"]["correction_count"] == derived.correction.count
        assert made["source-provenance"]["source_list"]["not_named"] == derived.sources.unlisted
        levels = made["verification-levels"]
        assert levels["paper_level"] == manifest["verification_levels"]["paper_level"] == derived.level.number
        assert levels["claim_summary"]["source_grounded_claims"] == derived.claims.grounded
        assert levels["claim_summary"]["per_claim_public_record_count"] == len(report.inputs.record.claims)
        assert len(levels["unsupported_upper_levels"]) == 7 - derived.level.number
        if tiers := made.get("quality-tiers"):
            assert (
                tiers["tier"] == derived.tier.tier == manifest["quality_assessment"]["quality_tier"]["tier"]
            )
            assert tiers["inputs"]["review_score"] == derived.score
            assert numbers.short_score(derived.score, derived.score_edges, ".") in tiers["basis"]
        if scores := made.get("benchmark-evidence"):
            evidence = derived.benchmark
            assert scores["reported_range"] == {
                "min_score_pct": evidence.minimum,
                "max_score_pct": evidence.maximum,
            }
            assert (scores["spread_pp"], scores["source_count"]) == (
                evidence.spread,
                evidence.distinct_sources,
            )
            profile = scores["source_profile"]
            assert (
                profile["source_url_count"] + profile["missing_source_url_count"] == evidence.distinct_sources
            )

    @pytest.mark.parametrize("name", ["complete", "every_chart", "long"])
    def test_every_claim_is_there_with_its_passages(self, name, tmp_path):
        path = (
            ROOT / "records" / "complete.yaml"
            if name == "complete"
            else RECORDS.get(name) or long_texts(tmp_path)
        )
        report = publication(path)
        made = written("verification-levels", report)["claim_summary"]["per_claim_public_records"]
        claims = report.inputs.record.claims
        assert claims
        assert [(each["id"], each["text"], each["verified"], each["confidence"]) for each in made] == [
            (each.id, each.text, each.verified, each.confidence) for each in claims
        ]
        for record, shown in zip(claims, made, strict=True):
            assert [each.get("quote") for each in shown["evidence"]] == [
                each.quote for each in record.all_evidence
            ]
            assert [each["stance"] for each in shown["evidence"]] == [
                each.stance for each in record.all_evidence
            ]
            numbered = [each["number"] for each in shown["sources"]]
            assert numbered == list(report.inputs.bibliography.numbers_of_claim(claims.index(record)))

    def test_the_same_report_gives_the_same_bytes(self):
        path = RECORDS["every_chart"]
        settings = find_settings(path.parent)
        again = publication_of(compose_report(path, settings), settings)
        assert write_formats(of("every_chart"), ["contracts"]) == write_formats(again, ["contracts"])

    def test_reports_in_other_languages_are_described_in_english(self):
        for name in ("german", "french"):
            tiers = written("quality-tiers", of(name))
            assert "The tier counts extracted claims" in tiers["basis"]
            assert "score" in tiers["basis"]
            assert written("gate-verdict", of(name))["printed_label"] == "Not passed"


class TestPublishedRecords:
    @pytest.mark.parametrize("row", PUBLISHED, ids=[row["display_id"] for row in PUBLISHED])
    def test_a_published_record_has_its_published_tier_level_and_provenance(self, row):
        report = with_record(
            of("no_claims"),
            Settings(),
            id=f"{row['display_id'].lower()}-0000-4000-8000-000000000000",
            date=row["date"] or "2026-06-01",
            doi=row["doi"] or None,
            claim_counts={"extracted": int(row["claims"])},
            **({"review": {"score": float(row["score"])}} if row["score"] else {}),
        )
        made = all_written(report)
        assert made["verification-levels"]["paper_level"] == int(row["level"][1:])
        assert made["paper-manifest"]["work"]["display_id"] == f"SRCH:{row['display_id']}"
        if row["tier"] and row["score"]:
            assert made["quality-tiers"]["tier"] == row["tier"]
            assert made["quality-tiers"]["inputs"]["verified_claim_count"] == int(row["claims"])
        if row["provenance"]:
            assert f"L{made['source-provenance']['provenance_level']['level']}" == row["provenance"]

    @pytest.mark.parametrize(
        ("name", "score", "tier", "counts", "provenance", "archive", "doi", "dimensions"),
        [
            ("fbca8ee9", 4.5, "Quarantine candidate", (10, 1), 3, "NOT_REGISTERED", None, "LMUUUMMU"),
            ("795ca78a", 7.5, "DOI grade", (7, 7), 4, "REGISTERED", None, "MMUUUMHU"),
            ("5eed0003", 8.7, "DOI grade", (9, 9), 3, "NOT_REGISTERED", None, "UUUUUUUU"),
            (
                *("0ff0b073", 8.5, "Flagship candidate", (10, None), 4),
                *("REGISTERED", "10.5281/zenodo.20636503", "MMUUUMHU"),
            ),
        ],
    )
    def test_the_sample_records_have_the_rows_of_their_pages(
        self, name, score, tier, counts, provenance, archive, doi, dimensions
    ):
        made = all_written(of(name))
        assert made["quality-tiers"]["inputs"]["review_score"] == score
        assert made["quality-tiers"]["label"] == tier
        claims = made["quality-tiers"]["inputs"]["claims"]
        assert (claims["extracted"], claims["verified"]) == counts
        assert made["verification-levels"]["paper_level_label"] == "Source-grounded claims"
        assert made["gate-verdict"]["label"] == "Unverified"
        assert made["gate-verdict"]["gate"].startswith("Gate 2 —")
        corrections = made["correction-record"]
        assert (corrections["correction_state"], corrections["correction_count"]) == ("CURRENT", 0)
        assert corrections["manifest"]["contract_version"] == "paper-manifest-v1.1"
        sources = made["source-provenance"]
        assert sources["provenance_level"]["level"] == provenance
        assert sources["external_record"]["state"] == archive
        assert made["paper-manifest"]["work"]["doi"] == doi
        levels = [each["level"][0] for each in made["quality-dimensions"]["dimensions"].values()]
        assert "".join(levels) == dimensions

    @pytest.mark.parametrize(
        ("host", "doi", "known", "state", "level"),
        [
            ("https://zenodo.org/api", "10.5281/zenodo.7", "10.5281/zenodo.7", "RESERVED", 4),
            ("https://sandbox.zenodo.org/api", "10.5072/zenodo.7", None, "NOT_REGISTERED", 3),
        ],
        ids=["reserved", "test system"],
    )
    def test_a_doi_is_reserved_until_the_record_names_it_and_none_of_a_test_system_counts(
        self, host, doi, known, state, level, tmp_path
    ):
        made = all_written(publication(deposited(host, doi)(tmp_path)))
        sources = made["source-provenance"]
        assert sources["external_record"]["state"] == state
        assert sources["external_record"]["doi"] == made["paper-manifest"]["work"]["doi"] == known
        assert sources["provenance_level"]["level"] == level
        types = made["verification-levels"]["artifact_types"]
        assert types == ["manifest"] + ["external_record"] * (known is not None)

    def test_labels_of_provenance_are_the_published_ones(self):
        labels = [
            written("source-provenance", of(name))["provenance_level"]["label"]
            for name in ("fbca8ee9", "0ff0b073")
        ]
        assert labels == ["Claim aggregate record", "External archival record"]


class TestHonesty:
    @pytest.mark.parametrize(("counted", "number"), [("extracted", 10), ("verified", 1)])
    def test_the_basis_says_which_claims_the_tier_counts(self, counted, number):
        report = of("fbca8ee9")
        inputs = replace(report.inputs, tier_claims=counted)
        tiers = written("quality-tiers", replace(report, inputs=inputs))
        assert tiers["inputs"]["verified_claim_count"] == number
        assert tiers["inputs"]["counted_claims"] == counted
        assert f"counts {counted} claims. Extracted: 10; marked verified: 1." in tiers["basis"]

    def test_a_score_just_below_a_tier_is_not_rounded_into_it(self):
        report = with_record(
            of("no_claims"), Settings(), review={"score": 7.4999}, claim_counts={"extracted": 4}
        )
        tiers = written("quality-tiers", report)
        assert (tiers["inputs"]["review_score"], tiers["tier"]) == (7.4999, "WATCHLIST")
        assert "7.49 of 10" in tiers["basis"]
        assert "7.5 of 10" not in tiers["basis"]

    def test_a_doi_raises_no_level_of_reproducibility(self):
        report = with_record(
            *(of("no_claims"), Settings()),
            doi="10.5281/zenodo.7",
            review={"score": 9},
            claim_counts={"extracted": 9},
        )
        tiers = written("quality-tiers", report)
        assert tiers["tier"] == "FLAGSHIP_CANDIDATE"
        assert tiers["inputs"]["reproducibility_level"] == "UNASSESSED"
        assert any("keeps the report and reproduces nothing" in text for text in tiers["limitations"])

    def test_a_count_that_is_not_stated_is_null(self):
        report = with_record(of("no_claims"), Settings(), claim_counts={"extracted": 4}, review={"score": 8})
        assert written("paper-manifest", report)["claims"]["verified"] is None
        assert "marked verified: not stated" in written("quality-tiers", report)["basis"]
        math = {"statement": "x", "state": "COMPUTATIONAL_EVIDENCE"}
        verification = written("math-result", with_record(of("no_claims"), math=math))["verification"]
        assert (verification["n_cases"], verification["cpu_seconds"]) == (None, None)

    @pytest.mark.parametrize("name", CONTRACTS)
    def test_no_address_is_made_up(self, name):
        able = (report for report in map(of, RECORDS) if not format_named(name).lacking(report))
        report = replace(next(able), pdf=PDF)
        known = written(name, replace(report, url=URL))
        mine = [text for text in strings(known) if text.startswith(URL)]
        assert mine
        assert all(
            text == URL or text.startswith(f"{URL}{report.stem}") or text.endswith(".pdf") for text in mine
        )
        unknown = written(name, report)
        assert [text for text in strings(unknown) if text.startswith(URL)] == []
        assert json.dumps(known) != json.dumps(unknown)

    def test_the_pdf_is_named_only_where_there_is_one(self):
        report = of("fbca8ee9")
        (manifest,) = written("paper-manifest", report)["artifact_set"]
        assert manifest["type"] == "manifest"
        found = written("paper-manifest", replace(report, pdf=PDF, url=URL))["artifact_set"][1]
        assert (found["sha256"], found["size"], found["url"]) == (PDF.sha256, PDF.size, f"{URL}{PDF.name}")
        assert "report" in written("quality-tiers", replace(report, pdf=PDF))["inputs"]["artifact_types"]

    def test_another_house_publishes_under_its_own_name(self):
        settings = Settings.model_validate(
            {"publisher": {"name": "Example House"}, "policy": {"name": "plain"}}
        )
        made = all_written(with_record(of("no_claims"), settings, claims=[claim()]))
        assert made.keys() == ALWAYS
        for values in made.values():
            assert values["publisher"] == {"name": "Example House"}
            assert values["generated_by"] == {"name": "reportgen", "version": __version__}
            assert not {"schema_documentation", "changelog_url"} & values.keys()
            assert values["schema"].startswith("https://assignee.net/schemas/")
        assert made["source-provenance"]["provenance_level"] is None
        assert made["paper-manifest"]["gate_verdict"] is None

    def test_a_gate_of_another_house_has_no_published_name(self):
        settings = Settings.model_validate({"publisher": {"name": "Example House"}, "policy": {"gate": True}})
        gate = written("gate-verdict", with_record(of("fbca8ee9"), settings))
        assert gate["gate"] == "Verification gate"

    @pytest.mark.parametrize(
        ("name", "state", "trigger"),
        [
            ("corrected", "CORRECTED", "report-changed"),
            ("superseded", "SUPERSEDED", "report-changed"),
            ("falsified", "CURRENT", "result-falsified"),
            ("no_claims", "CURRENT", "not-reviewed"),
        ],
    )
    def test_what_calls_for_a_review_is_said(self, name, state, trigger):
        made = all_written(of(name))
        assert made["correction-record"]["correction_state"] == state
        monitor = made["review-monitor"]
        assert monitor["monitor_state"] == "REVIEW_SUGGESTED"
        assert trigger in {each["key"] for each in monitor["active_triggers"]}
        assert all(each["reason"] for each in monitor["active_triggers"])
        assert made["paper-manifest"]["review_monitor"]["active_triggers"] == [
            each["key"] for each in monitor["active_triggers"]
        ]

    def test_a_retraction_is_no_correction(self):
        event = {
            "event_id": "e1",
            "corrected_at": "2026-07-01",
            "correction_type": "CLAIM",
            "kind": "retraction",
            "public_note": "The claim is wrong.",
        }
        made = written("correction-record", with_record(of("no_claims"), corrections=[event]))
        assert (made["correction_state"], made["retracted_at"]) == ("RETRACTED", "2026-07-01T00:00:00+00:00")
        assert made["correction_events"][0]["kind"] == "retraction"

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, {"not-reviewed"}),
            ({"review": {"score": 8}}, set()),
            ({"search": {"papers_retrieved": 3}}, {"not-reviewed", "papers-not-named"}),
            (
                {"claims": [claim("It is so.", verified=..., verdict="refuted")]},
                {"not-reviewed", "claim-refuted"},
            ),
            ({"superseded_by": "10.1234/x"}, {"not-reviewed", "report-changed"}),
            ({"math": {"statement": "x", "state": "FALSIFIED"}}, {"not-reviewed", "result-falsified"}),
        ],
        ids=["plain", "reviewed", "not named", "refuted", "superseded", "false"],
    )
    def test_each_trigger_is_found_by_itself(self, changes, expected):
        changes = {
            name: [{key: each for key, each in part.items() if each is not ...} for part in value]
            if name == "claims"
            else value
            for name, value in changes.items()
        }
        report = with_record(of("no_claims"), **changes)
        report = replace(report, inputs=replace(report.inputs, cut=frozenset()))
        found = {each.key for each in TRIGGERS if each.found(report.inputs)}
        assert found - {"source-unresolved"} == expected

    def test_a_source_that_was_retracted_or_is_not_known_calls_for_a_review(self):
        inputs = of("fbca8ee9").inputs
        found = {each.key: each.found(inputs) for each in TRIGGERS}
        assert found["source-unresolved"] == "Source 1."
        assert found["source-retracted"] == ""
        first, second, *others = inputs.bibliography.references
        second = replace(second, entry=replace(second.entry, retraction="10.1234/notice"))
        report = replace(
            of("fbca8ee9"),
            inputs=replace(
                inputs, bibliography=replace(inputs.bibliography, references=(first, second, *others))
            ),
        )
        assert {each.key: each.found(report.inputs) for each in TRIGGERS}["source-retracted"] == "Source 2."
        sources = written("source-provenance", report)["source_list"]["sources"]
        assert [each.get("retraction_notice") for each in sources] == [None, "10.1234/notice", None]


class TestLacking:
    @pytest.mark.parametrize(
        ("changes", "house", "lacking"),
        [
            ({"review": {"score": 8}}, {}, set()),
            ({}, {}, {"quality-tiers"}),
            ({"review": {"score": 8}}, {"gate": False}, {"gate-verdict"}),
            ({"review": {"score": 8}}, {"ladder": False}, {"verification-levels"}),
            ({"review": {"score": 8}}, {"dimensions": False}, {"quality-dimensions"}),
            ({"review": {"score": 8}}, {"tiers": [{"name": "All"}]}, {"quality-tiers"}),
        ],
        ids=["whole", "no review", "no gate", "no ladder", "no dimensions", "own tiers"],
    )
    def test_what_has_nothing_to_say_is_left_out(self, changes, house, lacking):
        report = with_record(of("no_claims"), Settings(policy=house), **changes)
        missing = {name for name in CONTRACTS if format_named(name).lacking(report)}
        assert missing == lacking | {"benchmark-evidence", "math-result"}
        listed = {each["name"] for each in written("paper-manifest", report)["contracts"]}
        assert listed == set(CONTRACTS) - missing - {"paper-manifest"}
        files = {f"{report.stem}.{name}.json" for name in set(CONTRACTS) - missing}
        assert write_formats(report, ["contracts"]).keys() == files

    def test_one_that_is_named_itself_is_refused_and_one_of_a_group_is_not(self):
        report = of("no_claims")
        require_formats(report, ["contracts", "html"])
        with pytest.raises(Exception, match=r"format-lacks.*lacks reported scores \(`benchmark`\)"):
            require_formats(report, ["contracts", "benchmark-evidence"])

    def test_the_contracts_are_formats_and_a_group(self):
        assert GROUPS["contracts"] == tuple(CONTRACTS)
        assert set(CONTRACTS) <= set(FORMATS)
        for name in CONTRACTS:
            assert (format_named(name).name, format_named(name).ending) == (name, f".{name}.json")


class TestTexts:
    @pytest.mark.parametrize("number", range(len(list(hostile_names()))))
    def test_hostile_texts_are_whole(self, number, tmp_path):
        report = publication(hostile(list(hostile_names())[number])(tmp_path))
        record, made = report.inputs.record, all_written(report)
        assert set(made) == set(CONTRACTS) - (set() if report.inputs.derived.tier else {"quality-tiers"})
        texts = set(strings(made))
        expected = [
            *(record.title, record.subtitle, record.question, *record.keywords, *record.limitations),
            *(
                getattr(each, name)
                for each in record.claims
                for name in ("text", "quote", "locator", "note", "theme")
            ),
            *(each.note for each in record.review.reviewers),
            *(each.public_note for each in record.corrections),
            *(
                record.gate.reason,
                record.math.statement,
                record.math.counterexample,
                record.math.lean4_source,
            ),
            *(record.benchmark.model, *(each.protocol for each in record.benchmark.entries)),
        ]
        assert [text for text in expected if text not in texts] == []

    @given(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).map(
            lambda text: f"x{text}"
        )
    )
    def test_any_text_comes_back_and_nothing_in_the_file_steers_a_terminal(self, text):
        report = with_record(of("no_claims"), title=text, claims=[claim(text, note=text)])
        for name in ("paper-manifest", "verification-levels"):
            raw = format_named(name).write(report).decode()
            assert not re.search(f"(?!\n)[{STEERING}]", raw)
            assert json.loads(raw)["work"]["title"] == text
        (made,) = json.loads(raw)["claim_summary"]["per_claim_public_records"]
        assert (made["text"], made["note"]) == (text, text)


class TestCommands:
    def test_the_group_is_written_into_a_folder(self, run, tmp_path):
        ended = run("export", RECORDS["fbca8ee9"], "--to", "contracts", "-q", "-o", tmp_path)
        assert ended.code == 0
        names = {path.name.split(".")[1] for path in tmp_path.iterdir()}
        assert names == set(CONTRACTS) - {"benchmark-evidence", "math-result"}
        for path in tmp_path.iterdir():
            assert path.read_bytes() == format_named(path.name.split(".")[1]).write(of("fbca8ee9"))

    def test_a_contract_that_the_report_lacks_something_for_is_an_error(self, run, tmp_path):
        ended = run(
            "export", RECORDS["fbca8ee9"], "--to", "html", "--to", "math-result", "-q", "-o", tmp_path
        )
        assert ended.code == 3
        assert (
            "error[format-lacks]: the report lacks a mathematical statement (`math`) for the format math-result"
            in ended.err
        )
        assert list(tmp_path.iterdir()) == []

    def test_a_schema_is_printed_or_written(self, run, tmp_path):
        ended = run("schema", "--contract", "quality-tiers")
        assert json.loads(ended.out) == schema_of("quality-tiers")
        path = tmp_path / "quality-tiers.schema.json"
        assert run("schema", "--contract", "quality-tiers", "-o", path).code == 0
        assert path.read_text(encoding="utf-8") == contracts_reference.schemas()[path.name]
