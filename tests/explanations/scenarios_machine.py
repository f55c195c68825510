"""Machines that lack something, or have no more of it to give."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import pandas as pd

from batch_project import Project
from explained_examples import failures
from reportgen.base import cache, paths
from reportgen.base.settings import Limits, find_settings
from reportgen.charts import sheet
from reportgen.charts.typeface import bundled_font, typeface
from reportgen.exports.pandoc.program import pandoc_version, run_pandoc
from reportgen.pdf.typeset import ENGINES, Demands, engine_version
from reportgen.pdf.typeset.formats import dumped_format
from reportgen.pdf.typeset.permission import permit
from reportgen.pdf.typeset.sandbox import Job, run_tex
from reportgen.pipeline import build
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.pipeline.batch.worker import Task, build_one
from reportgen.pipeline.watch.changes import FileChanges

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    import pytest

    from reportgen.base.errors import Problem

DATE = dt.date(2026, 5, 30)


def refusing(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def engine_not_installed(wrong: bool, programs_named: Callable[..., None]) -> Collection[Problem]:
    programs_named(**({} if wrong else {"pdftex": "echo pdfTeX 9"}))
    return failures(lambda: engine_version("pdftex"))


def package_of_tex_missing(wrong: bool) -> Collection[Problem]:
    package = r"\usepackage{nosuchpackage}" if wrong else ""
    return failures(lambda: dumped_format(ENGINES["pdftex"], rf"\documentclass{{article}}{package}"))


def pandoc_not_installed(wrong: bool, programs_named: Callable[..., None]) -> Collection[Problem]:
    programs_named(**({} if wrong else {"pandoc": "echo pandoc 2.17"}))
    return failures(pandoc_version)


def pandoc_stops(wrong: bool, tmp_path: Path, programs_named: Callable[..., None]) -> Collection[Problem]:
    programs_named(pandoc=f"echo stack overflow >&2; exit {2 if wrong else 0}")
    return failures(lambda: run_pandoc(tmp_path, "docx", dt.datetime.combine(DATE, dt.time(), dt.UTC)))


def chart_font_damaged(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    font = tmp_path / "own.ttf"
    if wrong:
        font.write_text("no font")
    else:
        shutil.copy(bundled_font(), font)
    return failures(lambda: typeface((font,)).width("Sleep", 10))


def pyarrow_not_installed(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Collection[Problem]:
    path = tmp_path / "records.parquet"
    pd.DataFrame({"record": ["{}"]}).to_parquet(path)
    if wrong:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
    return failures(lambda: find_sources([path]))


def drawing_without_the_fonts(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Collection[Problem]:
    font = tmp_path / "own.ttf"
    shutil.copy(bundled_font(), font)
    if wrong:
        monkeypatch.setenv("MPL_IGNORE_SYSTEM_FONTS", "1")
    return failures(lambda: sheet.family(font))


def no_walls(wrong: bool, programs_named: Callable[..., None]) -> Collection[Problem]:
    programs_named(**({} if wrong else {"bwrap": "exit 0"}))
    engine = ENGINES["pdftex"]
    return [*permit(engine, Demands()), *failures(lambda: permit(engine, Demands(require_sandbox=True)))]


def link_left_by_tex(wrong: bool, tmp_path: Path, programs_named: Callable[..., None]) -> Collection[Problem]:
    (tmp_path / "secret").write_text("a secret")
    leave = f"/bin/ln -s {tmp_path}/secret" if wrong else f"/bin/cp {tmp_path}/secret"
    programs_named(pdftex=f"{leave} report.pdf")
    return failures(lambda: run_tex(Job(ENGINES["pdftex"], (), {}, ("report.pdf",), DATE, Limits())))


def disk_full(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection[Problem]:
    project = Project.lay_out(tmp_path, records=1)
    path = project.records / "0.json"
    if wrong:
        monkeypatch.setattr(tempfile, "mkdtemp", refusing)
    return build_one(Task(path, path.read_bytes(), find_settings(project.records))).problems


def cache_unwritable(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection[Problem]:
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path))
    monkeypatch.setattr(paths.os, "fsync", refusing)
    if wrong:
        monkeypatch.setattr(tempfile, "mkdtemp", refusing)
    return failures(lambda: cache.recall_file("formats", "x.fmt", lambda: b"x"))


def no_watches_left(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection[Problem]:
    if wrong:
        monkeypatch.setattr("watchfiles._rust_notify.RustNotify", refusing)
    with FileChanges() as changes:
        return failures(lambda: changes.follow(frozenset({tmp_path})))


def fault_of_our_own(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection[Problem]:
    def divide(*_: Any, **__: Any) -> float:
        return 1 / 0

    project = Project.lay_out(tmp_path, records=1)
    path = project.records / "0.json"
    if wrong:
        monkeypatch.setattr(build, "prove_text", divide)
    return build_one(Task(path, path.read_bytes(), find_settings(project.records))).problems
