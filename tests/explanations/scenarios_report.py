"""PDFs that are no reports any more, and builds that do not give the same one twice."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from explained_examples import failures
from fixtures import write_record
from forged_reports import RECORD, forge, stream_of
from reportgen.base.settings import Settings
from reportgen.pipeline.build import build_report
from reportgen.trust import reproduce, verify
from reportgen.trust.verify import extract

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import pikepdf
    import pytest

    from reportgen.base.errors import Problem


CORRECTION = {
    "event_id": "1",
    "corrected_at": "2026-06-10",
    "correction_type": "CLAIM",
    "public_note": "One.",
}


def extracted(path: Path) -> Collection[Problem]:
    return failures(lambda: extract(path))


def pdf_without_manifest(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    def take_out(pdf: pikepdf.Pdf) -> None:
        del pdf.attachments["manifest.json"]

    return extracted(forge(tmp_path / "x.pdf", change=take_out) if wrong else forge(tmp_path / "x.pdf"))


def reading_out_of_bounds(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Collection[Problem]:
    path = forge(tmp_path / "x.pdf")
    if wrong:
        monkeypatch.setattr(verify, "MEGABYTES", 1)
    return extracted(path)


def file_inside_replaced(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    def replace(pdf: pikepdf.Pdf) -> None:
        stream_of(pdf, "record.json").write(b"{}")

    return extracted(forge(tmp_path / "x.pdf", change=replace) if wrong else forge(tmp_path / "x.pdf"))


def name_that_leads_out(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    name = "../up.txt" if wrong else "up.txt"
    return extracted(forge(tmp_path / "x.pdf", {"record.json": RECORD, name: b"up"}))


def built_twice(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Collection[Problem]:
    """Build a record twice by a program that stands for the real build, which takes seconds."""
    program = folder / "build"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    record = folder / "record.json"
    return failures(lambda: reproduce.check_reproducible(record, Settings(root=folder)))


def second_build_fails(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection[Problem]:
    pdf = forge(tmp_path / "x.pdf")
    return built_twice(tmp_path, monkeypatch, "exit 1" if wrong else f'cp {pdf} "$4"')


def two_builds_differ(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection[Problem]:
    forge(tmp_path / "1.pdf")
    forge(tmp_path / "2.pdf", {"record.json": RECORD if not wrong else b"{}"})
    return built_twice(tmp_path, monkeypatch, f'cp "{tmp_path}/$PYTHONHASHSEED.pdf" "$4"')


def version_of_the_same_name(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    settings = Settings(root=tmp_path, name_pattern="{id8}.pdf" if wrong else "{id8}-v{version}.pdf")
    found: Collection[Problem] = ()
    for version in ("1", "2"):
        corrected = {"corrections": [CORRECTION]} if version == "2" else {}
        path = write_record(tmp_path / "record.json", version=version, **corrected)
        found = build_report(path, settings).problems
    return [problem for problem in found if problem.code == "version-replaced"]
