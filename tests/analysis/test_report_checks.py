"""Checks of what makes a record a whole report."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import write_record
from minimal_record import claim, load
from reportgen.analysis.checks import check
from reportgen.analysis.validation import validate_record
from reportgen.base.settings import Settings


def found(code, **changes):
    return [each for each in check(load(Path(), **changes), {}) if each.code == code]


def pointers(code, **changes):
    return [each.where.pointer for each in found(code, **changes)]


class TestGuarantor:
    def people(self, *marks, **changes):
        return [{"name": f"Author {n}", "guarantor": mark, **changes} for n, mark in enumerate(marks)]

    def test_there_is_one(self):
        assert found("guarantor", authors=self.people(False, True)) == []
        assert pointers("guarantor", authors=self.people(True, False, True)) == ["/authors/2/guarantor"]

    def test_it_is_a_person(self):
        assert pointers("guarantor", authors=self.people(True, type="organization")) == [
            "/authors/0/guarantor"
        ]

    @pytest.mark.parametrize("required", [False, True])
    @pytest.mark.parametrize("where", ["record", "settings", "nowhere"])
    def test_a_policy_may_ask_for_one(self, tmp_path, required, where):
        authors = {"authors": self.people(True)}
        path = write_record(tmp_path / "record.json", **(authors if where == "record" else {}))
        settings = Settings(
            policy={"require_guarantor": required}, **(authors if where == "settings" else {})
        )
        codes = {problem.code for problem in validate_record(path, settings)}
        assert ("guarantor-missing" in codes) is (required and where == "nowhere")


COUNTS = st.integers(0, 50)


class TestSums:
    @given(st.lists(COUNTS, min_size=1, max_size=4), COUNTS, st.lists(COUNTS, max_size=4), st.integers(-3, 3))
    def test_they_are_told_exactly_where_they_are_wrong(self, per_database, duplicates, excluded, off):
        retrieved = sum(per_database) + off
        screened = retrieved - duplicates
        included = screened - sum(excluded)
        if min(retrieved, screened, included) < 0:
            return
        search = {
            "databases": [{"name": f"d{n}", "found": found} for n, found in enumerate(per_database)],
            "papers_retrieved": retrieved,
            "duplicates_removed": duplicates,
            "screened": screened,
            "excluded": [{"reason": f"r{n}", "n": count} for n, count in enumerate(excluded)],
            "included": included,
        }
        assert pointers("search-sums", search=search) == (["/search/papers_retrieved"] if off else [])
        wrong = {**search, "screened": screened + 1}
        told = {"/search/screened"} | ({"/search/included"} if excluded else set())
        told |= {"/search/papers_retrieved"} if off else set()
        assert set(pointers("search-sums", search=wrong)) == told

    def test_the_arithmetic_is_told(self):
        search = {
            "screened": 13,
            "excluded": [{"reason": "a", "n": 6}, {"reason": "b", "n": 4}],
            "included": 4,
        }
        (problem,) = found("search-sums", search=search)
        assert problem.message == "13 screened without 6 + 4 excluded are 3, and 4 were included"

    @pytest.mark.parametrize(
        "search",
        [
            {"databases": ["a", {"name": "b", "found": 3}], "papers_retrieved": 9},
            {"papers_retrieved": 9, "screened": 4},
            {"screened": 9, "included": 4},
            {"databases": ["a"]},
        ],
    )
    def test_what_is_not_complete_is_no_sum(self, search):
        assert found("search-sums", search=search) == []

    def test_sources_are_counted_against_the_papers_included(self):
        code = "fewer-sources-than-retrieved"
        search = {"papers_retrieved": 9, "included": 2}
        assert pointers(code, sources=["a", "b"], search=search) == []
        assert pointers(code, sources=["a"], search=search) == ["/search/included"]
        assert pointers(code, sources=["a"], search={"papers_retrieved": 9}) == ["/search/papers_retrieved"]


class TestOutcomes:
    def outcome(self, name="error", **changes):
        return {"name": name, "measure": "m", "entries": [{"source": "a", "value": 1, **changes}]}

    def test_a_claim_names_one_that_is_there(self):
        claims = [claim(outcome="error"), claim("b", outcome="eror")]
        told = pointers("outcome-unlisted", outcomes=[self.outcome()], claims=claims)
        assert told == ["/claims/1/outcome"]

    def test_each_has_a_name_of_its_own(self):
        outcomes = [self.outcome(), self.outcome("b"), self.outcome()]
        assert pointers("outcome-unlisted", outcomes=outcomes) == ["/outcomes/2/name"]

    @pytest.mark.parametrize(
        ("lower", "upper", "is_wrong"),
        [(0, 2, False), (1, 1, False), (2, 0, True), (1.1, 2, True), (None, 0.9, True), (None, None, False)],
    )
    def test_an_effect_lies_in_its_interval(self, lower, upper, is_wrong):
        told = pointers("outcome-interval", outcomes=[self.outcome(lower=lower, upper=upper)])
        assert told == (["/outcomes/0/entries/0"] if is_wrong else [])

    def test_so_does_a_pooled_one(self):
        outcome = {**self.outcome(), "pooled": {"value": 3, "lower": 1, "upper": 2}}
        assert pointers("outcome-interval", outcomes=[outcome]) == ["/outcomes/0/pooled"]


def test_a_meta_analysis_may_be_one_of_outcomes():
    outcome = {"name": "error", "measure": "m", "entries": [{"source": "a", "value": 1}]}
    assert found("kind-without-part", kind="meta-analysis", outcomes=[outcome]) == []
    assert pointers("kind-without-part", kind="meta-analysis") == ["/kind"]


def test_words_for_confidence_are_apart():
    words = [("likely", 0.6), ("possible", 0.3), ("likely", 0.8), ("maybe", 0.3)]
    given_words = [{"word": word, "from": lowest} for word, lowest in words]
    told = pointers("confidence-words", confidence_words=given_words)
    assert told == ["/confidence_words/2", "/confidence_words/3"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"claim": "c"}, None),
        ({"claim": "d"}, "claim"),
        ({"files": ["run.py"], "data": ["data/a.csv"]}, None),
        ({"files": ["../run.py"]}, "files/0"),
        ({"data": ["a.csv", "/etc/passwd"]}, "data/1"),
        ({"expected": 1, "tolerance": 0.1}, None),
        ({"expected": "ok", "tolerance": 0.1}, "tolerance"),
        ({"tolerance": 0.1}, "tolerance"),
    ],
)
def test_a_check_can_be_run(changes, place):
    checks = [{"id": "a", "type": "reproduction", "command": "run", **changes}]
    told = pointers("gate-check", claims=[claim(id="c")], gate={"checks": checks})
    assert told == ([f"/gate/checks/0/{place}"] if place else [])


def test_checks_have_names_of_their_own():
    checks = [{"id": "a", "type": "proof", "command": "run"}] * 2
    assert pointers("gate-check", gate={"checks": checks}) == ["/gate/checks/1/id"]


@pytest.mark.parametrize(("verdict", "is_told"), [("supported", True), ("refuted", False), ("mixed", False)])
def test_only_a_mark_can_contradict_the_threshold(verdict, is_told):
    confidence = 0.1 if verdict == "supported" else 0.9
    claims = [{"text": "a", "verdict": verdict, "confidence": confidence}]
    told = pointers("verified-against-threshold", claims=claims, confidence_threshold=0.5)
    assert bool(told) is is_told


def test_a_source_that_any_text_cites_is_cited(tmp_path):
    item = {"id": "guo", "type": "book", "title": "A book"}
    path = write_record(tmp_path / "record.json", sources=[item], summary="It does [@guo].")
    assert "source-never-cited" not in {each.code for each in validate_record(path, Settings())}


def test_a_source_that_a_text_cites_by_its_identifier_is_cited(tmp_path):
    sources = ["isbn:9780141983769", "arxiv:1706.03762", "pmid:17293859", "doi:10.1038/nn1851"]
    summary = "As in [@isbn:9780141983769; @arxiv:1706.03762] and [@pmid:17293859], says @doi:10.1038/nn1851."
    path = write_record(tmp_path / "record.json", sources=[*sources, "https://example.org"], summary=summary)
    told = [problem for problem in validate_record(path, Settings()) if problem.code == "source-never-cited"]
    assert [problem.where.pointer for problem in told] == ["/sources/4"]


@pytest.mark.parametrize(
    ("sources", "cited", "told"),
    [
        (["king2010", "doi:10.1000/a"], "king2010", [("source-listed-twice", "/sources/1")]),
        (["doi:10.1000/a", "king2010"], "king2010", [("source-listed-twice", "/sources/1")]),
        (["doi:10.1000/a"], "king2010", []),
        (["king2010"], "doi:10.1000/a", []),
        (
            ["king2010", "doi:10.1000/a", "other"],
            "other",
            [("source-never-cited", "/sources/0"), ("source-listed-twice", "/sources/1")],
        ),
        (["king2010", "other"], "king2010", [("source-never-cited", "/sources/1")]),
    ],
    ids=str,
)
def test_two_names_of_one_work_are_told_to_be_one(tmp_path, sources, cited, told):
    (tmp_path / "bib").mkdir()
    entries = "@misc{king2010, title = {Desks}, doi = {10.1000/A}} @misc{other, title = {Chairs}}"
    (tmp_path / "bib" / "a.bib").write_text(entries)
    path = write_record(tmp_path / "record.json", sources=sources, claims=[claim(sources=[cited])])
    problems = validate_record(path, Settings(root=tmp_path, bib=[tmp_path / "bib"]))
    assert [(each.code, each.where.pointer) for each in problems if each.code.startswith("source-")] == told
    again = [each.message for each in problems if each.code == "source-listed-twice"]
    assert all(message.endswith("is the same work as sources[0]") for message in again)


@pytest.mark.parametrize(
    ("licence", "hint"),
    [
        ("CC-BY-4.0", None),
        ("cc-by-nc-nd-4.0", None),
        ("MIT OR Apache-2.0", None),
        ("LicenseRef-House", None),
        ("CC BY 4.0", "did you mean `CC-BY-4.0`?"),
        ("nonsense", "write it as https://spdx.org/licenses does"),
        ("MIT AND", "write it as https://spdx.org/licenses does"),
    ],
)
def test_a_licence_that_nobody_knows_is_told_in_the_record_and_in_the_settings(tmp_path, licence, hint):
    for written, set_ in (({"license": licence}, {}), ({}, {"license": licence})):
        path = write_record(tmp_path / "record.json", **written)
        problems = validate_record(path, Settings(root=tmp_path, **set_))
        told = [each for each in problems if each.code == "licence-unknown"]
        assert [each.where.pointer for each in told] == ["/license"] * (hint is not None)
        assert all(each.hint.startswith(hint) for each in told)


CORRECTION = {
    "event_id": "1",
    "corrected_at": "2026-06-10",
    "correction_type": "CLAIM",
    "public_note": "One.",
}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"version": "2"}, ["/version"]),
        ({"version": "v2.1"}, ["/version"]),
        ({"version": "1.0.1"}, ["/version"]),
        ({"version": "2", "corrections": [CORRECTION]}, []),
        ({"version": "2", "supersedes": "21111111-2222-4333-8444-555555555555"}, []),
        ({"version": "1"}, []),
        ({"version": "1.0.0"}, []),
        ({"version": "0.9"}, []),
        ({"version": "2026-05"}, []),
        ({"version": "draft"}, []),
        ({}, []),
    ],
    ids=str,
)
def test_a_later_version_says_what_it_changes(changes, told):
    assert pointers("version-without-correction", **changes) == told


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("title", "", ""),
        ("claims", "", ""),
        ("claims[0].text", "", ""),
        ("claims[0].`text`", "", ""),
        ("claims[].text", "", ""),
        ("/claims/0/text", "", ""),
        ("claims[0].evidence", "", ""),
        ("sources[0].title", "", ""),
        ("review.score", "", ""),
        ("sectons[2].text", "there is no field `sectons[2].text`", "did you mean `sections`?"),
        ("claims[0].txt", "there is no field `claims[0].txt`", "did you mean `text`?"),
        ("claims[77].text", "there is no `claims[77].text`: the list ends at [0]", "name a field"),
        ("the whole text", "`the whole text` is not the name of a field", "name a field"),
        ("title.x", "there is no field `title.x`", "name a field"),
    ],
)
def test_the_fields_that_a_correction_names_are_there(path, message, hint):
    corrections = [{**CORRECTION, "affected_fields": [path]}]
    loaded = load(claims=[claim()], sources=["a"], corrections=corrections)
    problems = [each for each in check(loaded, {}) if each.code == "affected-field-unknown"]
    assert [each.message for each in problems] == ([message] if message else [])
    assert all(each.where.pointer == "/corrections/0/affected_fields/0" for each in problems)
    assert all(each.hint.startswith(hint) for each in problems)
