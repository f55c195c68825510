"""What the standards lay down, from the wheels that `./run setup` puts into .tools, and the programs that check it."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOOLS = Path(__file__).parents[2] / ".tools"
_DTD = "packtools/catalogs/jats-publishing-dtd-1.1/JATS-journalpublishing1.dtd"
CRATE_CONTEXT = "https://w3id.org/ro/crate/1.2/context"
# The validator asks for the context of a crate by its address; put into its cache, it is found without a network.
_PRIME = """
import pathlib, sys
from requests import Request
from requests_cache import CachedRequest, CachedResponse, CachedSession
cache, address, file = sys.argv[1:]
session = CachedSession(cache_name=cache, backend="sqlite", expire_after=-1, allowable_methods=("GET",))
asked = Request("GET", address).prepare()
answer = CachedResponse(
    status_code=200,
    url=address,
    headers={"Content-Type": "application/ld+json"},
    content=pathlib.Path(file).read_bytes(),
    request=CachedRequest.from_request(asked),
)
session.cache.responses[session.cache.create_key(asked)] = answer
"""


def _file(name: str) -> Path:
    path = _TOOLS / name
    if not path.exists():
        pytest.fail(f"there is no {path}: ./run setup installs it")
    return path


@cache
def jats_dtd() -> etree.DTD:
    """Return the DTD of JATS Journal Publishing 1.1."""
    return etree.DTD(str(_file(f"standards/{_DTD}")))


def jats_errors(article: bytes) -> list[str]:
    """Return what the DTD has against an article."""
    dtd = jats_dtd()
    dtd.validate(etree.fromstring(article))
    return [f"{error.line}: {error.message}" for error in dtd.error_log]


@cache
def cff_schema() -> dict[str, Any]:
    """Return the JSON Schema of CITATION.cff 1.2.0."""
    return json.loads(_file("standards/cffconvert/schemas/1.2.0/schema.json").read_text())


@cache
def crate_context() -> dict[str, Any]:
    """Return the JSON-LD context of RO-Crate: that of 1.3, which adds to 1.2's and takes nothing away."""
    return json.loads(_file("standards/rocrate/data/ro-crate.jsonld").read_text())


def crate_issues(crate: Path, folder: Path, severity: str) -> list[str]:
    """Return what roc-validator has against a crate, a folder or a file, up to a severity; it asks no network."""
    program, context = (
        _file("crate/bin/rocrate-validator"),
        _file("standards/rocrate/data/ro-crate.jsonld"),
    )
    surroundings = {"PYTHONPATH": str(_TOOLS / "crate"), "HOME": str(folder), "PATH": "/usr/bin:/bin"}
    cache, answer = folder / "http-cache", folder / "answer.json"
    _run([sys.executable, "-c", _PRIME, cache, CRATE_CONTEXT, context], surroundings)
    options = ["--offline", "--cache-path", cache, "--no-paging", "-p", "ro-crate-1.2", "-l", severity]
    output = ["-f", "json", "-o", answer]
    _run(
        [sys.executable, program, "-y", "--disable-color", "validate", *options, *output, crate], surroundings
    )
    return [issue["message"] for issue in json.loads(answer.read_text())["issues"]]


def _run(command: Iterable[str | Path], surroundings: dict[str, str]) -> None:
    done = subprocess.run(
        [*map(str, command)], env=surroundings, capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"{done.stdout}{done.stderr}")
