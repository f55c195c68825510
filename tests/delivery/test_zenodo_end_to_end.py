"""A deposit from the record to the file that a reader downloads, on a real InvenioRDM and with nothing left out."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys

import httpx
import pikepdf
import pytest

from page_text import read
from reportgen.record.registration import Stage
from reportgen.trust.verify import Comparison, verify
from zenodo_project import CORRECTION, Project, deposit_of

pytestmark = pytest.mark.zenodo_real
DEPOSITORS = itertools.count()
RECORD = {"Accept": "application/vnd.inveniordm.v1+json"}


@pytest.fixture
def server(invenio, monkeypatch):
    monkeypatch.setenv("ZENODO_URL", invenio.url)
    monkeypatch.setenv("ZENODO_TOKEN", invenio.user(f"depositor-{next(DEPOSITORS)}"))
    return invenio


@pytest.fixture
def zenodo(run):
    def command(*arguments):
        ended = run("zenodo", *arguments)
        assert ended.code == 0, ended
        return ended.out

    return command


def downloaded(server, number, name, folder):
    """Read a file of a published record as anybody does, without a token."""
    answer = httpx.get(f"{server.url}/records/{number}/files/{name}/content")
    path = folder / f"{number}-{name}"
    path.write_bytes(answer.raise_for_status().content)
    return path


def assert_is_the_report(path, doi):
    """Look into a downloaded report: its DOI in the text and in the metadata, and the rebuild that agrees."""
    assert doi in read(path)
    with pikepdf.open(path) as pdf:
        assert doi in str(pdf.Root.Metadata.read_bytes(), "utf-8")
    assert verify(path).outcome is Comparison.IDENTICAL


def test_from_the_record_to_the_reader_and_to_the_corrected_version(tmp_path, server, zenodo, run):
    project = Project.lay_out(tmp_path / "project")
    record = project.write(keywords=["calibration", "early stopping"], language="en")
    drafts = server.drafts().keys()

    zenodo("reserve", record)
    first = deposit_of(record)
    assert server.drafts().keys() - drafts == {first.draft}
    # In a process of its own: what it leaves running for the next report would keep the server's pipe open.
    subprocess.run([sys.executable, "-m", "reportgen", "compile", record], check=True, capture_output=True)
    (pdf,) = project.pdfs
    compiled = pdf.read_bytes()

    zenodo("upload", record)
    assert pdf.read_bytes() == compiled
    assert len(zenodo("status", record).splitlines()) == 2  # nothing differs from what was sent
    assert "nothing to do" in zenodo("upload", record)
    zenodo("publish", record, "--yes")
    assert len(zenodo("status", record).splitlines()) == 2
    report = downloaded(server, first.draft, pdf.name, tmp_path)
    assert report.read_bytes() == compiled
    assert_is_the_report(report, first.doi)
    assert downloaded(server, first.draft, "record.json", tmp_path).read_bytes() == record.read_bytes()
    public = httpx.get(f"{server.url}/records/{first.draft}", headers=RECORD).json()
    assert public["pids"]["doi"]["identifier"] == first.doi
    assert public["files"]["default_preview"] == pdf.name

    record.write_text(
        json.dumps(json.loads(record.read_text()) | {"version": "2", "corrections": [CORRECTION]})
    )
    zenodo("new-version", record)
    zenodo("new-version", record)
    zenodo("upload", record, "--with", "markdown")
    assert "nothing to do" in zenodo("upload", record, "--with", "markdown")
    zenodo("publish", record, "--yes")
    second = deposit_of(record)
    text = pdf.with_suffix(".md")
    assert downloaded(server, second.draft, text.name, tmp_path).read_bytes() == text.read_bytes()
    assert second.doi in text.read_text()
    assert second.stage is Stage.PUBLISHED
    assert (second.parent, second.previous) == (first.parent, (first.doi,))
    assert second.doi != first.doi
    corrected = downloaded(server, second.draft, pdf.name, tmp_path)
    assert corrected.read_bytes() == pdf.read_bytes() != compiled
    assert_is_the_report(corrected, second.doi)
    assert downloaded(server, first.draft, pdf.name, tmp_path).read_bytes() == compiled
    assert server.drafts().keys() == drafts
    assert server.records().keys() >= {first.draft, second.draft}


def test_a_lost_lock_file_and_an_edit_in_the_browser(tmp_path, server, zenodo, run):
    project = Project.lay_out(tmp_path / "project")
    record = project.write(number=2)
    zenodo("upload", record)
    before = deposit_of(record)
    record.with_suffix(".zenodo.json").unlink()
    assert f"found the deposit {before.draft} again" in zenodo("reserve", record)
    zenodo("upload", record)
    assert deposit_of(record) == before

    draft = f"{server.url}/records/{before.draft}/draft"
    headers = {**RECORD, "Authorization": f"Bearer {os.environ['ZENODO_TOKEN']}"}
    with httpx.Client(headers=headers) as browser:
        there = browser.get(draft).json()
        metadata = {
            "title": "Mine",
            "resource_type": {"id": "dataset"},
            "publication_date": "2026-01-01",
            "creators": [{"person_or_org": {"type": "personal", "family_name": "Roe"}}],
            "publisher": "Me",
        }
        sent = {"access": there["access"], "files": {"enabled": True}, "metadata": metadata}
        assert browser.put(draft, json=sent).status_code == 200
        assert "the field title was changed" in zenodo("status", record)
        refused = run("zenodo", "publish", record, "--yes")
        assert (refused.code, "the field title was changed" in refused.err) == (13, True)
        assert "sent the metadata" in zenodo("upload", record)
        browser.delete(draft).raise_for_status()
    gone = run("zenodo", "upload", record)
    assert (gone.code, "somebody has deleted it" in gone.err) == (13, True)
    zenodo("discard", record, "--yes")
    zenodo("reserve", record)
    assert deposit_of(record).draft != before.draft
