"""The measurements are fair: the same records every time, and the same words in every tool's document."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

import pytest

from reportgen.analysis.validation import validate_record
from reportgen.base.settings import find_settings

sys.path.append(str(Path(__file__).parents[1] / "bench"))

from comparison.table import Table
from peers import PEERS, peer
from peers.content import Content, read_content
from records import WORKS, cited_record, works, write_project

SPECIAL = "Half of 50 % & more_than $5 {or} #1 ~ ^ \\ <b> *x* [@no] | `y` costs."


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    write_project(folder, 3, 12)
    return folder


@pytest.fixture(scope="module")
def content(project) -> Content:
    return read_content(project / "records/record-00001.json")


def words(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def written(name: str, content: Content) -> str:
    """What a tool is given to read, without the chart and the copy of the record."""
    files = peer(name).files(content)
    kept = [data.decode() for file, data in files.items() if not file.startswith(("chart", "record"))]
    assert len(files) > len(kept) > 0
    return "\n".join(kept)


@pytest.fixture
def without_typst(monkeypatch) -> None:
    """Typst is not among what tests install; its sources are written without it."""
    monkeypatch.setattr("peers.with_typst.Typst.__init__", lambda _: None)


def test_a_seed_gives_the_same_record_everywhere(project):
    stored = hashlib.sha256((project / "records/record-00001.json").read_bytes()).hexdigest()
    assert stored == "59ee34953cee3518018059c8857eaed2db4f0ff43b509979f50be5dba91013ee"
    assert (
        hashlib.sha256((project / "bib/works.bib").read_bytes()).hexdigest()
        == "b63040f79f6a762fb31a9eb01c2ccc98f680202d45afdd39e42f9c9263c3e4ef"
    )
    assert cited_record(1, 12) == json.loads((project / "records/record-00001.json").read_bytes())
    assert cited_record(1, 12) != cited_record(2, 12)


def test_records_validate_and_cite_what_the_bibliography_holds(project):
    keys = {work.key for work in works()}
    assert len(keys) == WORKS
    for path in sorted((project / "records").iterdir()):
        record = json.loads(path.read_bytes())
        assert len(record["claims"]) == 12
        assert 5 <= len(record["sources"]) <= 10
        assert set(record["sources"]) <= keys
        assert validate_record(path, find_settings(path.parent)) == []


def test_the_report_has_a_chart_of_confidence_and_one_of_years(project, tmp_path):
    from reportgen.pipeline.build import build_report

    path = project / "records/record-00001.json"
    build_report(path, find_settings(path.parent, output=tmp_path), keep_tex=True)
    assert {file.name for file in tmp_path.rglob("fig-*")} == {"fig-confidence.pdf", "fig-years.pdf"}


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.usefixtures("without_typst")
def test_every_tool_is_given_every_word(name, content):
    source = words(written(name, content))
    cited = {key for _, key in content.sentences}
    titles = [work.title for work in works() if work.key in cited]
    assert len(titles) == len(content.sentences) >= 5
    texts = [content.title, content.status, content.abstract, content.question, *titles]
    texts += [cell for claim in content.claims for cell in claim.row]
    texts += [sentence for sentence, _ in content.sentences]
    assert [text for text in texts if words(text) not in source] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("typst", json.dumps(SPECIAL)[1:-1]),
        ("pylatex", r"50 \% \& more\_than \$5 \{or\} \#1"),
        ("pandoc", r"\& more\_than \$5 \{or\} \#1 \~ \^ \\ \<b\> \*x\* \[\@no\] \| \`y\`"),
        ("weasyprint", "&amp; more_than $5 {or} #1 ~ ^ \\ &lt;b&gt;"),
    ],
)
@pytest.mark.usefixtures("without_typst")
def test_what_is_special_in_a_tools_language_is_escaped(name, expected, project, tmp_path):
    record = cited_record(1, 12)
    record["claims"][0]["text"] = SPECIAL
    path = tmp_path / "records/record.json"
    path.parent.mkdir()
    path.write_text(json.dumps(record))
    (tmp_path / "bib").symlink_to(project / "bib")
    assert expected in written(name, read_content(path))


def test_a_table_prints_the_same_figures_in_each_form():
    table = Table(
        "Speed", ("tool", "s", "reports"), (("ours", 0.1234, 1000), ("theirs", None, 12.345)), "A note."
    )
    assert table.text().splitlines()[2:] == [
        "tool       s  reports",
        "ours    0.12    1,000",
        "theirs           12.3",
        "A note.",
    ]
    assert "| ours | 0.12 | 1,000 |" in table.markdown()
    assert table.value()["rows"][0] == {"tool": "ours", "s": 0.1234, "reports": 1000}


def test_formulas_that_are_not_set_are_told_with_their_reasons(tmp_path, capsys):
    from formulas import main

    file = tmp_path / "formulas.txt"
    file.write_text("x^2\n\\nope\n\n\\frac{a}{b}\n\\text{中}\n\\hat{x}\n", encoding="utf-8")
    assert main([str(file)]) == 0
    assert capsys.readouterr().out == (
        "\\nope\n    \\nope is not in the list of allowed commands\n4 of 5 formulas are set: 80.0 %\n"
    )
