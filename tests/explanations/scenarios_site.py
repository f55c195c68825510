"""Sites that lack something, or are made where something else lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explained_examples import failures
from reportgen.site import shared
from reportgen.site.search import SearchIndexError
from site_project import Site, lay_out

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import pytest

    from reportgen.base.errors import Problem


def without_pagefind() -> str:
    raise SearchIndexError("pagefind is not installed", "install it")


def told(site: Site) -> list[Problem]:
    outcomes = site.build()
    return [*(problem for outcome in outcomes for problem in outcome.problems), *site.said]


def site_before_its_pdfs(wrong: bool, tmp_path: Path) -> list[Problem]:
    site = lay_out(tmp_path)
    if not wrong:
        site.batch()
    return [problem for problem in told(site) if problem.code == "site-without-pdf"]


def site_without_pagefind(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    if wrong:
        monkeypatch.setattr(shared, "pagefind_version", without_pagefind)
    site = lay_out(tmp_path)
    site.batch()
    return told(site)


def page_of_somebody_else(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    site = lay_out(tmp_path)
    site.batch()
    if wrong:
        site.folder.mkdir()
        (site.folder / "index.html").write_text("mine")
    return failures(site.build)
