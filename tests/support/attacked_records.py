"""Records with a hostile text in every field that takes one: the record of everything, changed field by field."""

from __future__ import annotations

import copy
import csv
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import RecordError
from reportgen.record import read_record
from reportgen.record.files import InputFile
from reportgen.record.reading import parse_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

RECORDS = Path(__file__).parents[2] / "records"
_NAMES = {
    "source",
    "lead_source",
    "$schema",
    "schema",
    "id",
    "type",
    "language",
    "file",
    "path",
    "sha256",
    "outcome",
    "claim",
}
"""Fields that name something by a form of their own; what their models let through is tried on its own."""
_FIGURE = '"><img src=x onerror=window.pwned=1>.svg'
_TABLE = "a?b#c&d=<script>%00.csv"
_Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Attacked:
    """A record in a folder, and the text in each of its fields by JSON pointer."""

    path: Path
    texts: Mapping[str, str]


def attack(folder: Path, name: str, texts: Sequence[str], first: int = 0, **changes: Any) -> Attacked:
    """Write the record of everything with the texts in its fields in turn, beginning with one of them.

    What a field does not take stays as it was.
    """
    lay_out_files(folder, texts)
    whole = _complete() | changes
    places = [place for place in _places(whole) if not _is_name(place)]
    record = copy.deepcopy(whole)
    put = {place: texts[(first + number) % len(texts)] for number, place in enumerate(places)}
    while put:
        for place in places:
            _set(record, place, put.get(place) or _get(whole, place))
        record["claims"][0]["outcome"] = record["outcomes"][0]["name"]  # one text, in two places
        try:
            read_record(folder / name, raw=json.dumps(record).encode("utf-8"))
        except RecordError as error:
            refused = {problem.where.pointer for problem in error.problems}
            kept = {place: text for place, text in put.items() if not _is_below(_pointer(place), refused)}
            assert len(kept) < len(put), error
            put = kept
        else:
            break
    (folder / name).write_text(json.dumps(record))
    return Attacked(folder / name, {_pointer(place): text for place, text in put.items()})


def lay_out_files(folder: Path, texts: Sequence[str]) -> None:
    """Write the files that the record names, under hostile names: a drawing, and a table of hostile cells."""
    if (folder / "complete").exists():
        return
    shutil.copytree(RECORDS / "complete", folder / "complete")
    shutil.copy(RECORDS / "complete" / "risk.svg", folder / _FIGURE)
    with (folder / _TABLE).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(texts[:3])
        rows.writerows([text, f"{text}!", "1"] for text in texts)


def _complete() -> dict[str, Any]:
    """Return the record of everything as values of JSON, with files of hostile names."""
    path = RECORDS / "complete.yaml"
    _, data, _ = parse_record(InputFile(path, path.read_bytes()))
    record: dict[str, Any] = json.loads(json.dumps(data))
    record["figures"][0]["file"] = _FIGURE
    record["tables"][0] |= {"file": _TABLE, "columns": []}
    return record


def _places(value: Any, place: _Place = ()) -> Iterator[_Place]:
    """Yield the place of each text."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _places(child, (*place, name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _places(child, (*place, index))
    elif isinstance(value, str):
        yield place


def _is_name(place: _Place) -> bool:
    return place[-1] in _NAMES or (len(place) > 1 and place[-2] in {"sources", "files", "data"})


def _pointer(place: _Place) -> str:
    return "".join(f"/{part}" for part in place)


def _is_below(pointer: str, refused: set[str]) -> bool:
    return any(f"{pointer}/".startswith(f"{each}/") for each in refused)


def _get(value: Any, place: _Place) -> Any:
    for part in place:
        value = value[part]
    return value


def _set(value: Any, place: _Place, text: str) -> None:
    _get(value, place[:-1])[place[-1]] = text
