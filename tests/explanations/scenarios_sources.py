"""Situations behind the codes of sources that no text makes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from explained_examples import SETTINGS, record_with, reported, write
from registry_server import RegistryServer, answer, csl
from reportgen import api
from reportgen.base.identifiers import identify
from reportgen.base.settings import find_settings
from reportgen.sources.fetch import ClientOptions, fetch
from reportgen.sources.lint import check_library

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from registry_server import Answer
    from reportgen.base.errors import Problem

ENTRY = "@misc{lee2019, author = {Müller, Eva}, title = {Sleep}}\n"
DOI = "10.1000/naps"


def bib_unreadable(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {"elsewhere.bib": ENTRY, "bib/notes.txt": ""})
    bib = tmp_path / "bib" / "sleep.bib"
    if wrong:
        bib.symlink_to(tmp_path / "elsewhere.bib")
    else:
        bib.write_text(ENTRY)
    return check_library([tmp_path / "bib"]).problems


def bib_encoding(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    (tmp_path / "sleep.bib").write_text(ENTRY, encoding="latin-1" if wrong else "utf-8")
    return check_library([tmp_path]).problems


def bib_set(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    keys = [f"part{number}" for number in range(51)]
    entries = [f"@misc{{{key}, title = {{{key}}}}}\n" for key in keys]
    sets = [keys] if wrong else [keys[:26], keys[26:]]
    entries += [f"@set{{set{number}, entryset = {{{','.join(each)}}}}}\n" for number, each in enumerate(sets)]
    write(tmp_path, {"parts.bib": "".join(entries)})
    return check_library([tmp_path]).problems


def lock_unreadable(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {"reportgen.toml": SETTINGS, "record.json": record_with()})
    if wrong:
        (tmp_path / "references.lock.json").mkdir()
    return reported(lambda: api.validate(tmp_path / "record.json", find_settings(tmp_path)))


def lock_unwritable(wrong: bool, tmp_path: Path, registry_server: RegistryServer) -> Collection[Problem]:
    if wrong:
        (tmp_path / "shared").symlink_to(tmp_path / "not-mounted")
    lock = tmp_path / "shared" / "references.lock.json"
    return reported(lambda: asked(registry_server, answer(csl(DOI=DOI)), lock))


def not_fetchable(wrong: bool, tmp_path: Path, registry_server: RegistryServer) -> Collection[Problem]:
    source = "isbn:9780201134476" if wrong else f"doi:{DOI}"
    return asked(registry_server, answer(csl(DOI=DOI)), tmp_path / "lock.json", source)


def source_not_found(wrong: bool, tmp_path: Path, registry_server: RegistryServer) -> Collection[Problem]:
    return asked(
        registry_server, answer(status=404) if wrong else answer(csl(DOI=DOI)), tmp_path / "lock.json"
    )


def fetch_refused(wrong: bool, tmp_path: Path, registry_server: RegistryServer) -> Collection[Problem]:
    return asked(
        registry_server, answer(status=403) if wrong else answer(csl(DOI=DOI)), tmp_path / "lock.json"
    )


def fetch_failed(wrong: bool, tmp_path: Path, registry_server: RegistryServer) -> Collection[Problem]:
    login = answer(b"<html><title>Log in</title></html>", kind="text/html")
    return asked(registry_server, login if wrong else answer(csl(DOI=DOI)), tmp_path / "lock.json")


def offline(wrong: bool, tmp_path: Path, registry_server: RegistryServer) -> Collection[Problem]:
    with RegistryServer() as closed:
        nobody = f"{closed.base}/doi/"
    options = {"doi_url": nobody} if wrong else {}
    return asked(registry_server, answer(csl(DOI=DOI)), tmp_path / "lock.json", **options)


def registry_url(wrong: bool, tmp_path: Path, registry_server: RegistryServer) -> Collection[Problem]:
    options = {"doi_url": "doi.org"} if wrong else {}
    return reported(lambda: asked(registry_server, answer(csl(DOI=DOI)), tmp_path / "lock.json", **options))


def asked(
    server: RegistryServer, given: Answer, lock: Path, source: str = f"doi:{DOI}", **options: str
) -> Collection[Problem]:
    """Ask the registry for a source, and return what is reported of it."""
    server.answers[:] = [given]
    asking = ClientOptions(**{"doi_url": f"{server.base}/doi/", "pause": lambda _: None, **options})
    return fetch([identify(source)], lock, dt.date(2026, 5, 30), asking).problems
