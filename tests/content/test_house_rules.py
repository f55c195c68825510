from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from fixtures import write_record
from minimal_record import claim
from page_text import read
from reportgen.base.settings import FILE_NAME, find_settings
from reportgen.pipeline.build import build_report
from reportgen.trust.verify import Comparison, verify

RICH = {
    "claims": [claim(sources=["arxiv:2402.18571"], confidence=0.7, verified=True), claim("A second claim.")],
    "review": {"score": 7.4, "reviewers": [{"role": "Reader", "score": 7.4, "note": "Sound."}]},
    "quality_dimensions": {"novelty": {"level": "LOW", "basis": "Nothing new was found."}},
    "doi": "10.5281/zenodo.7",
}
HOUSE_WORDS = re.compile(
    r"tier|flagship|watchlist|quarantine|\bDOI grade|\bL[0-7]\b|ladder|gate|provenance level|dimension|machine"
    r"|generat|Nothing new",
    re.IGNORECASE,
)
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "house-style.md"


def report(folder, toml, **changes):
    (folder / FILE_NAME).write_text(toml, encoding="utf-8")
    path = write_record(folder / "record.json", **{**RICH, **changes})
    return build_report(path, find_settings(folder), keep_tex=True)


@pytest.mark.parametrize(
    "policy", ['[policy]\nname = "plain"\n', "[policy]\nrequire_guarantor = false\n", ""]
)
def test_a_report_of_a_house_that_names_itself_prints_no_rule_of_another_and_is_proven(tmp_path, policy):
    built = report(tmp_path, f'[publisher]\nname = "House"\n{policy}')
    text = read(built.pdf)
    assert HOUSE_WORDS.findall(text) == []
    assert "7.4 of 10" in text
    assert "Sound." in text
    assert verify(built.pdf).outcome is Comparison.IDENTICAL


def test_the_same_record_under_the_published_rules_prints_them(tmp_path):
    text = read(report(tmp_path, "").pdf)
    found = {word.lower() for word in HOUSE_WORDS.findall(text)}
    assert {"tier", "watchlist", "gate", "dimension", "machine", "nothing new"} <= found
    assert "Verification level" in text


def test_a_record_with_nothing_to_judge_has_no_section_on_it(tmp_path):
    changes = {"review": ..., "quality_dimensions": ..., "claims": []}
    text = read(report(tmp_path, '[policy]\nname = "plain"\n', **changes).pdf)
    assert "Verification" not in text
    assert "Review" not in text
    assert "Corrections: none." in text


def test_a_gate_that_the_record_has_is_printed_under_every_policy(tmp_path):
    gate = {"status": "UNVERIFIED"}
    text = read(report(tmp_path, '[policy]\nname = "plain"\n', gate=gate).pdf)
    assert "Verification gate: not passed." in text
    assert "Verification gate. Not passed." in text
    assert "10 June 2026" not in text


def test_a_house_that_asks_for_the_published_rules_has_them(tmp_path):
    text = read(report(tmp_path, '[publisher]\nname = "House"\n[policy]\nname = "assignee"\n').pdf)
    assert {"tier", "gate", "dimension"} <= {word.lower() for word in HOUSE_WORDS.findall(text)}


def test_a_gate_of_another_house_has_not_the_date_of_the_published_one(tmp_path):
    text = read(report(tmp_path, '[publisher]\nname = "House"\n[policy]\ngate = true\n').pdf)
    assert "Verification gate" in text
    assert "10 June 2026" not in text


def test_a_machine_that_the_record_names_is_disclosed_under_every_policy(tmp_path):
    built = report(tmp_path, '[policy]\nname = "plain"\n', generator={"name": "Writer 3"})
    assert "Written by a machine: Writer 3." in " ".join(read(built.pdf).split())


@pytest.mark.parametrize(("score", "tier"), [(7.4, "Solid"), (6.0, "Tentative")])
def test_the_example_of_the_documentation_is_a_policy(tmp_path, score, tier):
    (example,) = [
        text for text in re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL) if "tiers" in text
    ]
    assert tomllib.loads(example)["policy"]["name"] == "plain"
    built = report(tmp_path, example, review={"score": score})
    text = " ".join(read(built.pdf).split())
    assert f"{score:.1f} of 10 {tier}" in text
    assert "Nothing new was found." in text
    assert [problem.code for problem in built.problems if problem.code == "publisher-unset"] == []


@pytest.mark.parametrize(("toml", "name"), [("", "Assignee Research"), ('[policy]\nname = "plain"\n', "...")])
def test_a_house_that_does_not_say_who_publishes_is_told_whose_name_is_printed(tmp_path, toml, name):
    (problem,) = [one for one in report(tmp_path, toml).problems if one.code == "publisher-unset"]
    assert f"“{name}”" in problem.message
    assert problem.where.file == str(tmp_path / FILE_NAME)
