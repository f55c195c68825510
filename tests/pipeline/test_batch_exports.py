"""The results of a run as other programs read them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from urllib.request import url2pathname

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Failure, JUnitXml, Skipped
from markdown_it import MarkdownIt
from sarif_pydantic import Sarif
from sarif_pydantic.sarif import SarifBaseModel

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.explanations import explanations
from reportgen.pipeline.batch.exports import FORMATS, write_report
from reportgen.pipeline.batch.exports.github import ANNOTATIONS_SHOWN, github_annotations
from reportgen.pipeline.batch.exports.json_results import as_json
from reportgen.pipeline.batch.exports.junit import as_junit
from reportgen.pipeline.batch.exports.markdown import SUMMARY_ROWS, as_markdown
from reportgen.pipeline.batch.exports.sarif import as_sarif
from reportgen.pipeline.batch.outcome import Outcome, Status
from workflows import commands

ERROR = Problem(
    "unknown-field", Level.ERROR, Where("records/a b.json", 4, 7, "/claims/0/txt"), "no field txt", "text?"
)
WARNING = Problem("text-cut", Level.WARNING, Where("records/c.json"), "cut")
OUTCOMES = [
    Outcome("records/c.json", Status.BUILT, Path("out/c.pdf"), (WARNING,), ("it was never built",), 0.25),
    Outcome("records/u.json", Status.UNCHANGED, Path("out/u.pdf")),
    Outcome("records/a b.json", Status.FAILED, None, (ERROR,), (), 0.5),
    Outcome("all.jsonl:3", Status.STALE, None, (), ("the record changed", "the templates changed")),
    Outcome("records/z.json", Status.SKIPPED, reasons=("records/a b.json failed",)),
]
LEFT = "the record that it was made from is gone"


def left_over(level: Level, name: str = "out/old.pdf") -> Outcome:
    problem = Problem("text-cut", level, Where(), LEFT)
    return Outcome(name, Status.LEFT_OVER, Path(name), (problem,))


HOSTILE = [
    "\n::set-output name=report::/etc/passwd",
    "\r\n::add-mask::secret",
    "##[set-output name=report;]x",
    "]]></failure><testcase/>",
    "a|b\n| --- |\n<img src=x onerror=alert(1)> [x](javascript:1) `code` @user www.example.org",
    "%0A::error::x%25,:title=y",
    "\x1b[2Jcleared\u202egnp.exe\x00\ufffe\ud800",
]
texts = st.text() | st.sampled_from(HOSTILE) | st.text(alphabet="\r\n\t:%,#[]|=<>&\\\"'` ae\x1b\u2028\x85")
files = st.text(min_size=1).filter(lambda file: "\0" not in file and not file.startswith("/"))
wheres = st.builds(
    Where,
    st.just("") | files,
    st.none() | st.integers(1),
    st.none() | st.integers(1),
    st.just("") | st.just("/title"),
)
problems = st.builds(
    Problem,
    st.sampled_from(["text-cut", "tex-error"]),
    st.sampled_from(Level),
    wheres,
    texts,
    st.just("") | texts,
)


def with_its_error(outcome: Outcome) -> Outcome:
    """Give a failed outcome what each has: an error."""
    lacks = outcome.status in (Status.FAILED, Status.LEFT_OVER) and not outcome.errors
    return replace(outcome, problems=(*outcome.problems, ERROR)) if lacks else outcome


outcomes = st.lists(
    st.builds(
        Outcome,
        files,
        st.sampled_from(Status),
        st.none() | st.just(Path("out/a.pdf")),
        st.lists(problems, max_size=3).map(tuple),
        st.lists(texts, max_size=2).map(tuple),
        st.floats(0, 100),
    ).map(with_its_error),
    max_size=4,
)


def shown(text: str) -> str:
    """Say what a person reads where a format cannot hold a character, or it would steer what shows it."""
    unshown = {*range(9), *range(11, 32), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF}
    unshown |= {0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)}
    return "".join(f"\\u{ord(each):04x}" if ord(each) in unshown else each for each in text)


def message(problem: Problem) -> str:
    return f"{problem.message} ({problem.hint})" if problem.hint else problem.message


def test_junit_is_read_by_a_program_that_shows_it():
    (suite,) = JUnitXml.fromstring(as_junit(OUTCOMES))
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (5, 2, 0, 1)
    assert suite.time == 0.75
    built, unchanged, failed, stale, skipped = suite
    assert (built.name, built.time, built.result) == ("records/c.json", 0.25, [])
    assert built.system_out == "status: built\npdf: out/c.pdf\nreason: it was never built"
    assert built.system_err == str(WARNING)
    assert unchanged.result == []
    (failure,) = failed.result
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message, failure.text) == ("unknown-field", "no field txt", str(ERROR))
    (failure,) = stale.result
    assert failure.type == "stale"
    assert failure.message == "the PDF is missing or out of date: the record changed; the templates changed"
    assert failure.text.startswith("all.jsonl:3: error[stale]: ")
    (skip,) = skipped.result
    assert isinstance(skip, Skipped)
    assert skip.message == "records/a b.json failed"


@pytest.mark.parametrize(("level", "fails"), [(Level.WARNING, 0), (Level.ERROR, 1)])
def test_a_report_that_is_left_over_is_told_in_every_format_and_fails_where_it_is_an_error(level, fails):
    outcomes = [left_over(level), Outcome("out/gone.pdf", Status.REMOVED, Path("out/gone.pdf"))]
    (suite,) = JUnitXml.fromstring(as_junit(outcomes))
    assert (suite.tests, suite.failures, suite.skipped) == (2, fails, 0)
    left, removed = suite
    assert (left.name, len(left.result), removed.result) == ("out/old.pdf", fails, [])
    assert LEFT in (left.result[0].text if fails else left.system_err)
    assert json.loads(as_json(outcomes))["counts"].items() >= {"left over": 1, "removed": 1}.items()
    (result,) = read_sarif(as_sarif(outcomes))
    assert (result["level"], result["message"]["text"]) == (str(level), LEFT)
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "out/old.pdf"
    (annotation,) = github_annotations(outcomes)
    assert annotation.startswith(f"::{level} title=text-cut,file=out/old.pdf::{LEFT}")
    counts, told = cells(as_markdown(outcomes))
    assert counts[0][:2] == ["left over", "removed"]
    assert told[1] == ["out/old.pdf", "left over", LEFT]


@given(outcomes)
def test_any_text_gives_junit_that_reads_back(given_outcomes: list[Outcome]) -> None:
    (suite,) = JUnitXml.fromstring(as_junit(given_outcomes))
    cases = list(suite)
    assert [case.name for case in cases] == [shown(outcome.name) for outcome in given_outcomes]
    for case, outcome in zip(cases, given_outcomes, strict=True):
        assert len(case.result) == (outcome.is_bad or outcome.status is Status.SKIPPED)
        if outcome.status is Status.FAILED:
            assert case.result[0].message == shown(outcome.errors[0].message)
            for problem in outcome.errors:
                assert shown(problem.message) in case.result[0].text


def test_json_holds_every_value():
    report = json.loads(as_json(OUTCOMES))
    assert report["counts"] == {
        "built": 1,
        "unchanged": 1,
        "stale": 1,
        "failed": 1,
        "skipped": 1,
        "valid": 0,
        "left over": 0,
        "removed": 0,
    }
    assert [record["status"] for record in report["records"]] == [str(each.status) for each in OUTCOMES]
    assert report["records"][0] == {
        "record": "records/c.json",
        "status": "built",
        "pdf": "out/c.pdf",
        "files": [],
        "reasons": ["it was never built"],
        "seconds": 0.25,
        "errors": 0,
        "warnings": 1,
        "problems": [WARNING.as_dict()],
    }
    assert report["tool"]["name"] == "reportgen"
    assert (report["errors"], report["warnings"]) == (1, 1)
    assert [record["errors"] for record in report["records"]] == [0, 0, 1, 0, 0]


def test_json_names_reports_from_here(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    pdfs = [tmp_path / "here" / "out" / "a.pdf", tmp_path / "b.pdf", "s3://bucket/c.pdf", None]
    made = [Outcome("a.json", Status.BUILT, pdf) for pdf in pdfs]
    named = [record["pdf"] for record in json.loads(as_json(made))["records"]]
    assert named == ["out/a.pdf", str(tmp_path / "b.pdf"), "s3://bucket/c.pdf", None]


@given(outcomes)
def test_any_text_gives_json_that_reads_back(given_outcomes: list[Outcome]) -> None:
    records = json.loads(as_json(given_outcomes))["records"]
    assert [record["problems"] for record in records] == [
        [problem.as_dict() for problem in outcome.problems] for outcome in given_outcomes
    ]


def test_a_file_name_that_is_not_utf_8_has_a_place_in_every_format():
    name = b"records/\xe4.json".decode("utf-8", "surrogateescape")
    bad = [Outcome(name, Status.STALE)]
    assert json.loads(as_json(bad))["records"][0]["record"] == name
    (location,) = json.loads(as_sarif(bad))["runs"][0]["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "records/%E4.json"
    ((case,),) = JUnitXml.fromstring(as_junit(bad))
    assert case.name == "records/\\udce4.json"
    assert b"records\\/\\\\udce4\\.json" in as_markdown(bad)
    assert "file=records/\\udce4.json" in next(github_annotations(bad))


def unknown(value: object, place: str = "") -> list[str]:
    """Return the properties that the SARIF model does not know."""
    if isinstance(value, SarifBaseModel):
        found = [f"{place}.{name}" for name in value.model_extra or ()]
        return found + [each for name, child in value for each in unknown(child, f"{place}.{name}")]
    children = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return [each for child in children for each in unknown(child, place)]


def read_sarif(content: bytes) -> list[dict]:
    """Read SARIF strictly: only known properties, and of each result what the standard asks for."""
    # The standard has a kind of columns and numbers for tools, the model of this library has not.
    assert unknown(Sarif.model_validate_json(content)) == [".runs.columnKind", ".runs.tool.driver.guid"]
    log = json.loads(content)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        (location,) = result["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert re.fullmatch(r"(?:[\w.~/+-]|%[0-9A-F]{2})+", artifact["uri"].removeprefix("file:"), re.ASCII)
        assert artifact["uri"].startswith("file:///") == ("uriBaseId" not in artifact)
        assert artifact.get("uriBaseId", "%SRCROOT%") in run["originalUriBaseIds"]
        region = location["physicalLocation"].get("region", {"startLine": 1, "startColumn": 1})
        assert min(region.values()) >= 1
    return run["results"]


def test_sarif_places_each_problem_at_its_line():
    cut, unknown_field, stale = read_sarif(as_sarif(OUTCOMES))
    assert (cut["level"], unknown_field["level"], stale["ruleId"]) == ("warning", "error", "stale")
    assert unknown_field["message"]["text"] == "no field txt (text?)"
    assert unknown_field["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "records/a%20b.json", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 4, "startColumn": 7},
            },
            "logicalLocations": [{"fullyQualifiedName": "claims[0].txt"}],
        }
    ]
    place = stale["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "all.jsonl"
    assert place["region"] == {"startLine": 3, "startColumn": 1}


def test_sarif_describes_its_rules():
    (run,) = json.loads(as_sarif(OUTCOMES))["runs"]
    described = run["tool"]["driver"]["rules"]
    assert described[1]["help"]["text"] == explanations()["text-cut"].remedy
    assert described[1]["fullDescription"]["text"] == explanations()["text-cut"].why
    rules = {rule["id"]: rule["shortDescription"]["text"] for rule in described}
    assert list(rules) == ["stale", "text-cut", "unknown-field"]
    assert rules["unknown-field"].startswith("a field")
    assert rules["text-cut"] == explanations()["text-cut"].means
    assert rules["stale"] == explanations()["stale"].means
    helps = {rule["id"]: rule["help"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert helps["text-cut"] == explanations()["text-cut"].remedy


def test_sarif_names_files_outside_of_the_folder_whole(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    inside, outside, above = "sub/../#1?.json", "/else/where é.json", "../up.json"
    results = read_sarif(as_sarif([Outcome(name, Status.STALE) for name in (inside, outside, above)]))
    artifacts = [each["locations"][0]["physicalLocation"]["artifactLocation"] for each in results]
    assert artifacts[0] == {"uri": "%231%3F.json", "uriBaseId": "%SRCROOT%"}
    assert artifacts[1] == {"uri": "file:///else/where%20%C3%A9.json"}
    assert url2pathname(artifacts[2]["uri"].removeprefix("file://")) == str(tmp_path / "up.json")
    below = str(tmp_path / "here" / "records" / "a.json")
    (result,) = read_sarif(as_sarif([Outcome(below, Status.STALE)]))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "records/a.json"


def test_a_fault_of_a_shared_file_is_one_result():
    shared = Problem("bib-syntax", Level.ERROR, Where("bib/a.bib", 3), "no closing brace")
    many = [Outcome(f"{number}.json", Status.FAILED, problems=(shared,)) for number in range(50)]
    assert len(read_sarif(as_sarif(many))) == 1
    assert len(list(github_annotations(many))) == 1


@given(outcomes)
def test_any_text_gives_sarif_that_reads_back(given_outcomes: list[Outcome]) -> None:
    results = read_sarif(as_sarif(given_outcomes))
    told = [result["message"]["text"] for result in results]
    for outcome in given_outcomes:
        for problem in outcome.problems:
            assert shown(message(problem)) in told
    for result in results:
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert unquote(artifact["uri"], errors="strict")


def cells(content: bytes) -> list[list[list[str]]]:
    """Render a summary as GitHub does and give its tables: rows of cells, which hold text and nothing else."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(content.decode())
    tables: list[list[list[str]]] = []
    for token in tokens:
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline" and token.level >= 4:
            assert {child.type for child in token.children or ()} <= {"text", "text_special"}
            tables[-1][-1].append("".join(child.content for child in token.children or ()))
    return tables


def test_the_summary_counts_and_names_what_needs_somebody():
    counts, bad = cells(as_markdown(OUTCOMES))
    assert counts == [["built", "unchanged", "stale", "failed", "skipped", "warnings"], list("111111")]
    assert bad[1] == ["records/a b.json", "failed", "no field txt (text?)"]
    assert bad[2][0] == "all.jsonl:3"
    assert len(cells(as_markdown(OUTCOMES[:2]))) == 1
    (checked,) = cells(as_markdown([Outcome("a.json", Status.VALID)]))
    assert checked == [["valid", "warnings"], ["1", "0"]]


def test_the_summary_is_short():
    bad = [Outcome(f"{number}.json", Status.FAILED, problems=(ERROR,)) for number in range(SUMMARY_ROWS + 7)]
    content = as_markdown(bad)
    assert len(cells(content)[1]) == SUMMARY_ROWS + 1
    assert b"\n7 more are in the log.\n" in content


@given(texts.filter(str.strip))
def test_any_text_is_one_plain_cell_of_the_summary(text: str) -> None:
    problem = Problem("tex-error", Level.ERROR, Where("a.json"), text)
    _, (_, row) = cells(as_markdown([Outcome("a.json", Status.FAILED, problems=(problem,))]))
    assert row == ["a.json", "failed", " ".join(shown(text).split())]


def test_annotations_stand_at_the_lines_errors_first():
    given_lines = list(github_annotations(OUTCOMES))
    assert given_lines[0] == (
        "::error title=unknown-field,file=records/a b.json,line=4,col=7::no field txt (text?)"
    )
    assert given_lines[1].startswith("::error title=stale,file=all.jsonl,line=3::the PDF is missing")
    assert given_lines[2:] == ["::warning title=text-cut,file=records/c.json::cut"]


def test_a_file_name_cannot_end_its_property():
    name = "a,line=9::b%2C c.json"
    place = Problem("tex-error", Level.ERROR, Where(name, 3), "x")
    (found,) = commands("\n".join(github_annotations([Outcome(name, Status.FAILED, problems=(place,))])))
    assert found == ("error", {"title": "tex-error", "file": name, "line": "3"}, "x")


def places_said(name: str) -> set[str]:
    """Return where the formats that a server of CI shows beside a change place a record."""
    stale = [Outcome(name, Status.STALE)]
    (line,) = github_annotations(stale)
    (result,) = read_sarif(as_sarif(stale))
    said = commands(line)[0][1]["file"]
    return {said, url2pathname(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])}


@pytest.fixture
def docs(tmp_path, monkeypatch):
    """Stand in a folder of a repository of several projects."""
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    docs = tmp_path / "mono" / "docs"
    (docs / "records").mkdir(parents=True)
    monkeypatch.chdir(docs)
    return docs


@pytest.mark.parametrize("name", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_files_are_named_from_the_repository_that_a_server_names(docs, monkeypatch, name):
    monkeypatch.setenv(name, str(docs.parent))
    assert places_said("records/z.json") == {"docs/records/z.json"}
    assert places_said(str(docs / "records" / "z.json")) == {"docs/records/z.json"}
    monkeypatch.setenv(name, str(docs.parent / "elsewhere"))
    assert places_said("records/z.json") == {"records/z.json"}


def test_files_are_named_from_the_nearest_checkout_elsewhere(docs):
    (docs.parents[1] / ".git").mkdir()
    assert places_said("records/z.json") == {"mono/docs/records/z.json"}
    # That of a submodule or a work tree is a file.
    (docs.parent / ".git").touch()
    assert places_said("records/z.json") == {"docs/records/z.json"}


def test_a_file_is_named_by_no_path_that_leads_through_a_link(docs, monkeypatch):
    linked = docs.parents[1] / "linked"
    linked.symlink_to(docs.parent)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(linked))
    (docs / "short").symlink_to("records")
    assert places_said("short/z.json") == {"docs/records/z.json"}
    assert places_said(str(linked / "docs" / "records" / "z.json")) == {"docs/records/z.json"}


def test_what_github_would_not_show_is_counted():
    many = tuple(
        Problem("tex-error", level, Where("a.json", line), "x") for level in Level for line in range(1, 14)
    )
    found = commands("\n".join(github_annotations([Outcome("a.json", Status.FAILED, problems=many)])))
    assert [name for name, _, _ in found] == (
        ["error"] * ANNOTATIONS_SHOWN + ["warning"] * ANNOTATIONS_SHOWN + ["notice"]
    )
    assert found[-1][2].startswith("3 more with level error and 3 more with level warning")


@given(outcomes)
def test_no_text_starts_another_command(given_outcomes: list[Outcome]) -> None:
    lines = list(github_annotations(given_outcomes))
    found = commands("\n".join(lines))
    assert len(found) == len(lines)
    assert {name for name, _, _ in found} <= {"error", "warning", "notice"}
    said = {shown(message(problem)) for outcome in given_outcomes for problem in outcome.problems}
    said |= {
        data for name, values, data in found if name == "notice" or values["title"] in ("stale", "failed")
    }
    assert {data for _, _, data in found} <= said
    assert all(values.keys() <= {"title", "file", "line", "col"} for _, values, _ in found)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_suffix_names_the_format(suffix: str, tmp_path) -> None:
    path = tmp_path / "new" / f"results{suffix}"
    write_report(path, OUTCOMES)
    assert path.read_bytes() == FORMATS[suffix].write(OUTCOMES)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_an_empty_batch_has_every_format():
    (suite,) = JUnitXml.fromstring(as_junit([]))
    assert (suite.tests, list(suite)) == (0, [])
    assert read_sarif(as_sarif([])) == []
    assert json.loads(as_json([]))["records"] == []
    assert len(cells(as_markdown([]))) == 1
    assert list(github_annotations([])) == []


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"results\.txt ends in none of \.xml, \.json, \.sarif, \.md"):
        write_report(tmp_path / "results.txt", OUTCOMES)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"cannot write the results into .*results\.xml"):
        write_report(tmp_path / "file" / "results.xml", OUTCOMES)
