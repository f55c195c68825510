"""Situations in which a record cannot be read, and no text of an example could show them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from explained_examples import BASE, SETTINGS, record_with, reported, write
from reportgen import api
from reportgen.base.foreign import DEEPEST_NESTING, LARGEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from reportgen.base.errors import Problem

CLAIMS_FILE = "text,verified,sources\nSleep helps memory.,true,lovelace2024\n"


def validated(record: Path) -> Collection[Problem]:
    return reported(lambda: api.validate(record))


def file_too_large(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {"reportgen.toml": SETTINGS})
    record = tmp_path / "record.json"
    if not wrong:
        record.write_text(record_with(claims=[], sources=[], claim_counts={"extracted": 400_000}))
        return validated(record)
    with record.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)  # a file of nothing but holes takes no room on the disk
    return validated(record)


def not_utf_8(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {"reportgen.toml": SETTINGS})
    record = tmp_path / "record.json"
    text = record_with(authors=[{"name": "Ada Lovelace", "affiliation": "Universität Zürich"}])
    record.write_bytes(text.encode("latin-1" if wrong else "utf-8"))
    return validated(record)


def deep(name: str, wrong: bool, folder: Path) -> Collection[Problem]:
    write(folder, {"reportgen.toml": SETTINGS})
    record = record_with(keywords=["calibration"])
    brackets = DEEPEST_NESTING + 1
    nested = f"{'[' * brackets}{']' * brackets}"
    text = record.replace('[\n    "calibration"\n  ]', nested)
    assert text != record
    write(folder, {name: text if wrong else record})
    return validated(folder / name)


def json_too_deep(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    return deep("record.json", wrong, tmp_path)


def yaml_too_deep(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    return deep("record.yaml", wrong, tmp_path)


def yaml_too_long(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {"reportgen.toml": SETTINGS, "claims.csv": CLAIMS_FILE})
    claims = BASE["claims"] * 20_000 if wrong else {"file": "claims.csv"}
    write(tmp_path, {"record.yaml": json.dumps({**BASE, "claims": claims})})
    return validated(tmp_path / "record.yaml")
