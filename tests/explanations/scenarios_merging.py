"""Output folders that do not go together, or not with the one that they are merged into."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from batch_project import Project, make_quickly
from explained_examples import failures
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.merging import merge_folders
from reportgen.pipeline.batch.state import STATE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import pytest

    from reportgen.base.errors import Problem


def built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Project, Path]:
    """Return a project of one record, and the folder that its report was built into."""
    monkeypatch.setattr(pool, "build_one", make_quickly)
    project = Project.lay_out(folder / "project", 1)
    project.batch(overrides={"output": project.root / "s1"})
    return project, project.root / "s1"


def merge_of_two_versions(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Collection[Problem]:
    project, first = built(tmp_path, monkeypatch)
    if wrong:
        project.write("0.json", question="Is it another question?")
    second = project.root / "s2"
    project.batch(overrides={"output": second})
    return failures(lambda: merge_folders([first, second], project.out))


def merge_of_a_cut_report(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Collection[Problem]:
    project, folder = built(tmp_path, monkeypatch)
    if wrong:
        (pdf,) = folder.glob("*.pdf")
        pdf.write_bytes(pdf.read_bytes()[:100])
    return failures(lambda: merge_folders([folder], project.out))


def merge_without_a_state(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Collection[Problem]:
    project, folder = built(tmp_path, monkeypatch)
    if wrong:
        shutil.rmtree(folder / STATE_FOLDER)
    return failures(lambda: merge_folders([folder], project.out))


def merge_over_a_foreign_pdf(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Collection[Problem]:
    project, folder = built(tmp_path, monkeypatch)
    if wrong:
        project.out.mkdir()
        (pdf,) = folder.glob("*.pdf")
        (project.out / pdf.name).write_bytes(b"%PDF-1.7")
    return failures(lambda: merge_folders([folder], project.out))


def merge_beside_another_report(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Problem]:
    project, folder = built(tmp_path, monkeypatch)
    if wrong:
        project.write("1.json", 1)
        project.batch()
    others = merge_folders([folder], project.out).others
    return [problem for outcome in others for problem in outcome.problems]
