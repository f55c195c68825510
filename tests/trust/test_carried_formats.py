"""Formats that a PDF carries inside: associated with it, named in its manifest, and the same when it is built again."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from minimal_record import claim, minimal
from reportgen import exports
from reportgen.base.errors import SettingsError
from reportgen.base.settings import find_settings
from reportgen.exports import BY_PANDOC, FORMATS, Format, format_named
from reportgen.pipeline.build import make_report
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import publication_of, write_formats
from reportgen.trust.verify import Comparison, extract, verify
from verapdf.validator import require, validate

CARRIED = sorted(FORMATS.keys() - BY_PANDOC)
"""All but those that another program writes."""
SETTINGS = f"""
name_pattern = "{{version}}-{{slug}}.pdf"
formats = ["markdown"]
publisher.name = "The Institute"
style.accent = "#234567"
policy.attachments = {json.dumps(CARRIED)}
"""


def laid_out(folder, settings=SETTINGS, **changes):
    (folder / "reportgen.toml").write_text(settings)
    record = folder / "record.json"
    record.write_text(json.dumps(minimal(claims=[claim(confidence=0.5)] * 5, **changes)))
    return record


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report that carries every format, and its record."""
    record = laid_out(tmp_path_factory.mktemp("carried"))
    made = make_report(record, find_settings(record.parent))
    path = record.parent / made.name
    path.write_bytes(made.pdf)
    return path, record


def test_each_is_the_one_that_export_writes_where_no_pdf_is_known(report):
    path, record = report
    settings = find_settings(record.parent)
    publication = publication_of(compose_report(record, settings), settings, stem="report")
    assert (publication.pdf, publication.url) == (None, "")
    wanted = write_formats(publication, CARRIED)
    inside = extract(path)
    assert {"report.html", "report.md"} <= wanted.keys()
    assert {name: inside[name] for name in wanted} == wanted
    assert wanted.keys() <= json.loads(inside["manifest.json"])["files"].keys()


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_what_says_all_that_the_report_says_is_an_alternative_to_it(report, name):
    form = format_named(name)
    with pikepdf.open(report[0]) as pdf:
        file = pdf.attachments[f"report{form.ending}"]
        associated = {str(each.UF): each for each in pdf.Root.AF}[f"report{form.ending}"]
        assert file.get_file().mime_type == form.media_type
        assert str(associated.AFRelationship) == "/Alternative"
        assert str(associated.Desc) == form.title[:1].upper() + form.title[1:]


def test_the_report_is_built_again_to_the_same_bytes_elsewhere(report, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert verify(report[0]).outcome is Comparison.IDENTICAL


def test_it_is_as_good_for_archives_and_access_as_any(report):
    require()
    assert all(verdict.passed for verdict in validate([report[0]], "3a,ua1"))


def fake(monkeypatch, **changes):
    values = {"title": "a fake", "media_type": "text/plain", "write": lambda _: b"made"}
    form = Format(name="fake", **{"ending": ".fake", **values, **changes})
    named = exports.format_named
    monkeypatch.setattr(exports, "format_named", lambda name: form if name == "fake" else named(name))
    monkeypatch.setattr("reportgen.pipeline.build.format_named", exports.format_named)
    monkeypatch.setattr("reportgen.pipeline.publish.FORMATS", {**FORMATS, "fake": ""})


def inside(record):
    made = make_report(record, find_settings(record.parent))
    path = record.parent / made.name
    path.write_bytes(made.pdf)
    return path, extract(path)


def test_what_the_report_lacks_something_for_is_left_out(tmp_path, monkeypatch):
    fake(monkeypatch, lacking=lambda _: "a benchmark")
    record = laid_out(tmp_path, 'policy.attachments = ["fake"]')
    assert "report.fake" not in inside(record)[1]


def test_a_file_of_the_record_keeps_its_name(tmp_path, monkeypatch):
    fake(monkeypatch, ending=".csv")
    (tmp_path / "report.csv").write_text("a\n4\n")
    record = laid_out(
        tmp_path,
        'policy.attachments = ["fake"]',
        tables=[{"id": "tbl-a", "file": "report.csv", "caption": "A"}],
    )
    path, files = inside(record)
    assert (files["report.csv"], files["report-2.csv"]) == (b"a\n4\n", b"made")
    with pikepdf.open(path) as pdf:
        relations = {str(each.UF): str(each.AFRelationship) for each in pdf.Root.AF}
    assert relations["report-2.csv"] == "/Supplement"
    assert verify(path).outcome is Comparison.IDENTICAL


def test_what_travels_is_the_same_without_any_format(tmp_path):
    plain = inside(laid_out(tmp_path, 'publisher.name = "The Institute"'))[1]
    assert not {"report.html", "report.md"} & plain.keys()


def test_a_format_that_there_is_not_is_refused(tmp_path):
    record = laid_out(tmp_path, 'policy.attachments = ["html", "words"]')
    with pytest.raises(SettingsError) as refused:
        make_report(record, find_settings(Path(tmp_path)))
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.pointer) == ("settings-value", "/policy/attachments/1")


@pytest.mark.parametrize("name", sorted(BY_PANDOC))
def test_what_another_program_writes_is_refused_inside_since_no_pdf_with_it_could_be_verified(tmp_path, name):
    record = laid_out(tmp_path, f'policy.attachments = ["markdown", "{name}"]')
    with pytest.raises(SettingsError) as refused:
        make_report(record, find_settings(tmp_path))
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.pointer) == ("settings-value", "/policy/attachments/1")
    assert f"{name} cannot be carried inside a PDF" in problem.message
