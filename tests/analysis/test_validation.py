"""Validation: every problem of a record at once, with its code and its field, and nothing built."""

from __future__ import annotations

import hashlib
import json

import pytest

from fixtures import CASES, SAMPLES, source, write_record
from minimal_record import claim, minimal
from reportgen.analysis.validation import validate_record
from reportgen.base.errors import Level, RecordError
from reportgen.base.settings import Publisher, Settings, find_settings
from reportgen.record.model import BACK_MATTER
from unprintable import unprintable_character

SMALL = [name for name in CASES if name != "two_thousand_claims" and not name.startswith("hostile")]
NOW = "2026-06-01T00:00:00Z"
DIGEST = "0" * 64


def validated(folder, settings=None, **changes):
    """Return code and field of every problem of a changed minimal record, in a house that names its publisher."""
    path = write_record(folder / "record.json", **changes)
    try:
        problems = validate_record(
            path,
            (settings or Settings(root=folder)).model_copy(update={"publisher": Publisher(name="House")}),
        )
    except RecordError as refused:
        problems = refused.problems
    assert all(problem.where.file for problem in problems)
    assert all(problem.hint or "expected" in problem.message for problem in problems)
    return {(problem.code, problem.where.pointer, str(problem.level)) for problem in problems}


def errors(folder, settings=None, **changes):
    found = validated(folder, settings, **changes)
    return {(code, pointer) for code, pointer, level in found if level == "error"}


@pytest.mark.parametrize("name", SMALL)
def test_what_compiles_is_valid_with_the_same_warnings(compiled, name):
    report = compiled(name)
    settings = find_settings(report.record.parent, **CASES[name].settings)
    problems = validate_record(report.record, settings)
    assert [problem for problem in problems if problem.level == "error"] == []
    assert problems == [problem for problem in report.problems if problem.where.file]


def test_a_minimal_record_has_no_problem(tmp_path):
    assert validated(tmp_path) == set()


def test_all_problems_come_at_once(tmp_path):
    found = errors(
        tmp_path, title=" ", date="2026-13-40", lisence="MIT", claims=[claim(verified="yes"), {"txt": "x"}]
    )
    assert found == {
        ("wrong-value", "/title"),
        ("wrong-value", "/date"),
        ("unknown-field", "/lisence"),
        ("wrong-value", "/claims/0/verified"),
        ("missing-field", "/claims/1/verified"),
        ("unknown-field", "/claims/1/txt"),
    }


def verified(path, digest, status="VERIFIED"):
    return {"status": status, "artifacts": [{"type": "log", "path": path, "sha256": digest}]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"schema": "reportgen-record-v2"}, ("wrong-value", "/schema")),
        ({"id": "fbca8ee9"}, ("wrong-value", "/id")),
        ({"question": ...}, ("missing-field", "/question")),
        ({"doi": "10.1"}, ("wrong-value", "/doi")),
        ({"language": "English"}, ("wrong-value", "/language")),
        ({"confidence_threshold": 1.5}, ("wrong-value", "/confidence_threshold")),
        ({"claims": [claim(confidence=2)]}, ("wrong-value", "/claims/0/confidence")),
        ({"claims": [claim(id="a"), claim("B.", id="a")]}, ("duplicate-claim-id", "/claims/1/id")),
        (
            {"claims": [claim()], "claim_counts": {"extracted": 2}},
            ("counts-disagree", "/claim_counts/extracted"),
        ),
        ({"claim_counts": {"extracted": 2, "verified": 3}}, ("counts-disagree", "/claim_counts/verified")),
        (
            {"claims": [claim()], "evidence_counts": {"sandbox_executed": 2}},
            ("evidence-above-claims", "/evidence_counts/sandbox_executed"),
        ),
        ({"sources": ["no such key"]}, ("wrong-value", "/sources/0")),
        ({"sources": ["nosuchkey"]}, ("unknown-key", "/sources/0")),
        ({"sources": [source(1), source(1, title="Another")]}, ("duplicate-citation-key", "/sources/1")),
        ({"gate": {"status": "VERIFIED"}}, ("gate-without-artifact", "/gate/status")),
        ({"gate": {"status": "FALSIFIED"}}, ("gate-without-evidence", "/gate/status")),
        ({"gate": verified("gone.log", DIGEST)}, ("artifact-missing", "/gate/artifacts/0/path")),
        ({"gate": verified("../x.log", DIGEST)}, ("artifact-outside", "/gate/artifacts/0/path")),
        ({"gate": verified("record.json", DIGEST)}, ("artifact-changed", "/gate/artifacts/0/sha256")),
        (
            {
                "corrections": [
                    {
                        "event_id": "e",
                        "corrected_at": "2020-01-01",
                        "correction_type": "CLAIM",
                        "public_note": "x",
                    }
                ]
            },
            ("correction-before-report", "/corrections/0/corrected_at"),
        ),
        ({"kind": "meta-analysis"}, ("kind-without-part", "/kind")),
        ({"kind": "math-result"}, ("kind-without-part", "/kind")),
        (
            {"review": {"score": 9, "reviewers": [{"role": "a", "score": 5}]}},
            ("review-mean", "/review/score"),
        ),
        (
            {"superseded_by": "11111111-2222-4333-8444-555555555555"},
            ("superseded-by-itself", "/superseded_by"),
        ),
        (
            {"sections": [{"title": "T", "text": "See [@fig-x]."}]},
            ("reference-leads-nowhere", "/sections/0/text"),
        ),
        (
            {"sections": [{"title": "T", "text": "# A {#sec-a}\n\n# B {#sec-a}"}]},
            ("anchor-twice", "/sections/0/text"),
        ),
        ({"sections": [{"title": "T", "text": "As said [@nobody]."}]}, ("unknown-key", "/sections/0/text")),
    ],
)
def test_a_broken_rule_is_an_error_at_its_field(tmp_path, changes, expected):
    assert expected in errors(tmp_path, **changes)


def test_an_artifact_that_is_there_and_unchanged_is_no_problem(tmp_path):
    (tmp_path / "run.log").write_bytes(b"ok\n")
    digest = hashlib.sha256(b"ok\n").hexdigest()
    assert errors(tmp_path, gate=verified("run.log", digest)) == set()
    (tmp_path / "run.log").write_bytes(b"changed\n")
    assert errors(tmp_path, gate=verified("run.log", digest)) == {
        ("artifact-changed", "/gate/artifacts/0/sha256")
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"claims": [claim("x" * 120), claim("y" * 120)]}, ("text-cut", "/claims/0/text")),
        ({"claims": [claim("It stops in the mid-")]}, ("text-cut", "/claims/0/text")),
        ({"claims": [claim()]}, ("claim-without-source", "/claims/0")),
        ({"title": "Abstract: Abstract"}, ("heading-doubled", "/title")),
        ({"sections": [{"title": "T", "text": "Raw <b>HTML</b>."}]}, ("section-markup", "/sections/0/text")),
        ({"sections": [{"title": "T", "text": "Raw \\input{x}."}]}, ("section-markup", "/sections/0/text")),
        ({"sections": [{"title": "T", "text": "A @dataclass."}]}, ("mention-literal", "/sections/0/text")),
        ({"sections": [{"title": "T", "text": "It costs $5."}]}, ("math-literal", "/sections/0/text")),
        ({"sections": [{"title": "T", "text": "So \\(\\foo{x}\\)."}]}, ("math-literal", "/sections/0/text")),
        ({"title": "A **bold** title"}, ("raw-markup", "/title")),
        ({"question": "What does $5 buy?"}, ("math-literal", "/question")),
        ({"question": "Is \\(\\foo{x}\\) so?"}, ("math-literal", "/question")),
        ({"title": "user\u202egnp.exe"}, ("control-character", "/title")),
        ({"title": "Does early stopping change calibration?"}, ("title-not-own", "/title")),
        ({"sources": [source(1)]}, ("source-never-cited", "/sources/0")),
        ({"sources": [{"url": "https://a.example/"}]}, ("source-unresolved", "/sources/0")),
        ({"search": {"papers_retrieved": 3}}, ("fewer-sources-than-retrieved", "/search/papers_retrieved")),
        ({"review": {"score": 7.499}}, ("score-near-edge", "/review/score")),
        ({"authors": [{"name": "GPT-4o"}]}, ("author-is-machine", "/authors/0/name")),
        ({"language": "tlh"}, ("language-unsupported", "/language")),
        (
            {"claims": [claim(confidence=0.2)], "confidence_threshold": 0.5},
            ("verified-against-threshold", "/claims/0/verified"),
        ),
    ],
)
def test_what_a_reader_should_know_is_a_warning_at_its_field(tmp_path, changes, expected):
    assert (*expected, "warning") in validated(tmp_path, **changes)


def test_a_project_sets_the_level_of_a_check(tmp_path):
    changes = {"claims": [claim()]}
    codes = {"claim-without-source"}
    assert {code for code, _, _ in validated(tmp_path, **changes)} == codes
    stricter = Settings(root=tmp_path, levels={"claim-without-source": "error"})
    assert {code for code, _ in errors(tmp_path, stricter, **changes)} == codes
    assert (
        validated(tmp_path, Settings(root=tmp_path, levels={"claim-without-source": "ignore"}), **changes)
        == set()
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "claim-without-sources",
            "there is no code `claim-without-sources` (did you mean `claim-without-source`?)",
        ),
        ("xyzzy", "there is no code `xyzzy` (`reportgen explain` lists all codes)"),
        ("json-syntax", "`json-syntax` ends what is being done, whatever its level (remove it)"),
    ],
)
def test_a_level_that_changes_nothing_is_told(tmp_path, code, said):
    settings = Settings(root=tmp_path, levels={code: "warning"}, publisher={"name": "Example House"})
    (problem,) = validate_record(write_record(tmp_path / "record.json"), settings)
    assert (problem.code, problem.level, problem.where.pointer) == (
        "level-without-effect",
        Level.WARNING,
        f"/levels/{code}",
    )
    assert f"{problem.message} ({problem.hint})" == said


def test_strict_makes_every_warning_an_error():
    path = SAMPLES / "fbca8ee9.json"
    problems = validate_record(path, find_settings(path.parent), strict=True)
    assert len(problems) >= 5
    assert {str(problem.level) for problem in problems} == {"error"}


PRINTED = [
    "/title",
    "/subtitle",
    "/question",
    "/version",
    "/license",
    "/keywords/0",
    "/authors/0/name",
    "/authors/0/affiliation",
    "/generator/name",
    "/generator/version",
    "/generator/statement",
    *(f"/generator/run/{name}" for name in ("id", "cost", "tools/0")),
    *(f"/ai_use/0/{name}" for name in ("task", "tool", "version", "checked_by")),
    *(f"/human_review/0/{name}" for name in ("who", "what")),
    *("/summary", "/abstract", "/funding", "/conflicts_of_interest", "/acknowledgements"),
    *("/data_availability", "/ethics", "/sections/1/title", "/sections/1/text"),
    "/background/text",
    "/sections/0/title",
    "/sections/0/text",
    *("/search/databases/0", "/search/databases/1/name", "/search/databases/1/query"),
    "/search/excluded/0/reason",
    "/search/queries/0",
    "/search/criteria",
    "/sources/0",
    "/claims/0/text",
    "/claims/0/quote",
    "/claims/0/locator",
    *(f"/claims/0/{name}" for name in ("note", "theme", "outcome", "confidence_of", "verdict_by/name")),
    *(f"/claims/0/evidence/0/{name}" for name in ("quote", "locator")),
    "/confidence_words/0/word",
    *(f"/outcomes/0/{name}" for name in ("name", "measure", "unit", "model", "risk_of_bias", "certainty")),
    *("/outcomes/0/entries/0/group", "/outcomes/0/pooled/note"),
    "/claim_record_source",
    "/review/method",
    "/review/reviewers/0/role",
    "/review/reviewers/0/note",
    "/quality_dimensions/novelty/basis",
    "/gate/reason",
    *(f"/gate/checks/0/{name}" for name in ("command", "files/0", "data/0", "expected")),
    "/corrections/0/public_note",
    "/corrections/0/affected_fields/0",
    "/benchmark/model",
    "/benchmark/benchmark",
    "/benchmark/entries/0/protocol",
    "/math/statement",
    "/math/domain",
    "/math/method",
    "/math/counterexample",
    "/math/lean4_source",
    "/limitations/0",
]


def everything(text):
    """Return a record with this text in every field that is printed."""
    return {
        "title": text,
        "subtitle": text,
        **dict.fromkeys(("summary", "abstract", *BACK_MATTER), text),
        "ai_use": [{"task": text, "tool": text, "version": text, "checked_by": text}],
        "human_review": [{"who": text, "what": text}],
        "confidence_words": [{"word": text, "from": 0.5}],
        "outcomes": [
            {
                **dict.fromkeys(("name", "measure", "unit", "model", "risk_of_bias", "certainty"), text),
                "entries": [{"source": "source1", "value": 1, "group": text}],
                "pooled": {"value": 1, "note": text},
            }
        ],
        "question": text,
        "version": text,
        "license": text,
        "keywords": [text],
        "authors": [{"name": text, "affiliation": text}],
        "generator": {
            "name": text,
            "version": text,
            "statement": text,
            "run": {"id": text, "cost": text, "tools": [text]},
        },
        "background": {"text": text},
        "sections": [{"title": text, "text": text}, {"title": text, "text": text, "appendix": True}],
        "search": {
            "databases": [text, {"name": text, "query": text}],
            "queries": [text],
            "criteria": text,
            "excluded": [{"reason": text, "n": 1}],
        },
        "sources": [source(1, title=text)],
        "claims": [
            claim(
                text,
                **dict.fromkeys(("quote", "locator", "note", "theme", "outcome", "confidence_of"), text),
                verdict_by={"type": "person", "name": text},
                evidence=[{"source": "source1", "quote": text, "locator": text}],
            )
        ],
        "claim_record_source": text,
        "review": {"score": 5, "method": text, "reviewers": [{"role": text, "score": 5, "note": text}]},
        "quality_dimensions": {"novelty": {"level": "LOW", "basis": text}},
        "gate": {
            "status": "UNVERIFIED",
            "reason": text,
            "checks": [
                {
                    **{name: [text] for name in ("files", "data")},
                    "id": "a",
                    "type": "proof",
                    "command": text,
                    "expected": text,
                }
            ],
        },
        "corrections": [
            {
                "event_id": "e",
                "corrected_at": "2026-06-01",
                "correction_type": "CLAIM",
                "public_note": text,
                "affected_fields": [text],
            }
        ],
        "benchmark": {
            "model": text,
            "benchmark": text,
            "entries": [{"source": "source1", "score_pct": 5, "protocol": text}],
        },
        "math": {
            "statement": text,
            "domain": text,
            "state": "FALSIFIED",
            "method": text,
            "counterexample": text,
            "lean4_source": text,
        },
        "limitations": [text],
    }


def test_a_character_that_no_font_has_is_named_in_every_printed_field(tmp_path):
    character = unprintable_character()
    found = {
        pointer
        for code, pointer, level in validated(tmp_path, None, **everything(f"Lost {character} here."))
        if (code, level) == ("missing-glyph", "warning")
    }
    assert found == set(PRINTED)


@pytest.mark.parametrize("name", ["abstract", "keyword"])
def test_what_is_not_printed_of_a_source_needs_no_glyph(tmp_path, name):
    character = unprintable_character()
    found = validated(tmp_path, None, sources=[source(1, **{name: f"x {character}"})])
    assert "missing-glyph" not in {code for code, _, _ in found}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "json-syntax"),
        ("{", "json-syntax"),
        ("[]", "not-a-record"),
        ('{"schema": NaN}', "json-number"),
        ('{"schema": 1e999}', "json-number"),
        ('{"a": 1, "a": 2}', "json-duplicate-key"),
        ("[" * 300 + "]" * 300, "json-too-deep"),
        ("```json\n{}\n```", "json-syntax"),
    ],
)
def test_what_is_no_record_is_said_to_be_none(tmp_path, text, code):
    path = tmp_path / "record.json"
    path.write_text(text)
    with pytest.raises(RecordError) as refused:
        validate_record(path, Settings(root=tmp_path))
    assert code in {problem.code for problem in refused.value.problems}


def test_bytes_that_are_not_utf_8_are_placed(tmp_path):
    path = tmp_path / "record.json"
    path.write_bytes(json.dumps(minimal(), indent=1).encode().replace(b"Calibration", b"Calibr\xe4tion"))
    with pytest.raises(RecordError) as refused:
        validate_record(path, Settings(root=tmp_path))
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.line) == ("not-utf-8", 4)
