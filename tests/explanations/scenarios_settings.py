"""Situations behind the codes of settings that no text makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explained_examples import failures, write
from reportgen.base.cache.bounds import bound
from reportgen.base.settings import Settings, find_settings
from reportgen.delivery.zenodo.access import base_url
from trusted import trust

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import pytest

    from reportgen.base.errors import Problem


def settings_unreadable(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    text = '[publisher]\nname = "Müller House"\n'
    (tmp_path / "reportgen.toml").write_text(text, encoding="latin-1" if wrong else "utf-8")
    return failures(lambda: find_settings(tmp_path))


def place_untrusted(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {"project/reportgen.toml": 'output = "../reports"\n'})
    if not wrong:
        trust(tmp_path / "project")
    return failures(lambda: find_settings(tmp_path / "project"))


def repository_url(wrong: bool, monkeypatch: pytest.MonkeyPatch) -> Collection[Problem]:
    monkeypatch.delenv("ZENODO_URL", raising=False)
    scheme = "http" if wrong else "https"
    return failures(lambda: base_url(Settings().zenodo.url, url=f"{scheme}://repository.example.org/api"))


def cache_size(wrong: bool, monkeypatch: pytest.MonkeyPatch) -> Collection[Problem]:
    monkeypatch.setenv("REPORTGEN_CACHE_MB", "2GB" if wrong else "2000")
    return failures(bound)
