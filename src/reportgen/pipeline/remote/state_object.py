"""The state of an output folder at a URL: one object with a line a report, since a thousand objects take a minute."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from reportgen.base.foreign import parse_foreign_json
from reportgen.pipeline.batch.entries import entry_bytes, json_bytes, read_entry, read_values
from reportgen.pipeline.batch.stamps import Stamp, Stamps
from reportgen.pipeline.batch.state import State, entry_file, value_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STATE_OBJECT = "reportgen-state.jsonl"


def unpack(content: bytes, folder: Path) -> dict[str, int]:
    """Write a state into a folder, and return the stamps that its files have at the URL.

    Lines that are none of ours are passed over.
    """
    stamps, there = Stamps(folder), {}
    for line in content.splitlines():
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            value = parse_foreign_json(line)
            if "made_with" in value:
                for key, named in value["made_with"].items():
                    _write(value_file(folder, key), json_bytes(read_values(json.dumps(named).encode())))
                continue
            entry = read_entry(json.dumps(value["report"]).encode())
            _write(entry_file(folder, entry.pdf), entry_bytes(entry))
            there[entry.pdf] = int(value["stamp"])
            stamps.put(entry.pdf, Stamp(entry.sha256, there[entry.pdf], str(value["bibliography"])))
            beside = value.get("beside", {})
            for file in entry.written:
                there[file.name] = int(beside.get(file.name, 0))
                stamps.put(file.name, Stamp(file.sha256, there[file.name]))
    stamps.save()
    return there


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def pack(folder: Path, there: Mapping[str, int]) -> bytes:
    """Write the state of a folder as lines, sorted, with the stamps of its files; nothing where there is no report."""
    state = State(folder, read_only=True)
    made_with = [{"made_with": {key: dict(value)}} for key, value in sorted(state.values.items())]
    reports = []
    for pdf, entry in sorted(state.entries.items()):
        report = json.loads(entry_bytes(entry))
        bibliography = entry.ingredients.bibliography
        beside = {file.name: there.get(file.name, 0) for file in entry.written}
        known = {"report": report, "stamp": there.get(pdf, 0), "bibliography": bibliography}
        reports.append({**known, **({"beside": beside} if beside else {})})
    lines = [*made_with, *reports] if reports else []
    return "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines).encode()
