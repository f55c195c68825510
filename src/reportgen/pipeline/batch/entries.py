"""What is known of one report: which record it shows, what it was made from, what was said of it; one file each."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from reportgen.base.cache import key_of
from reportgen.base.errors import Level, Problem, Where
from reportgen.base.foreign import is_file_name, parse_foreign_json

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

LARGEST_REPORT = 2_000_000_000
MOST_PROBLEMS = 20_000
_LONGEST_PATH = 4096
_CODE = re.compile(r"[a-z0-9-]{1,80}")
_NOT_KEPT = ("bibliography",)


@dataclass(frozen=True, slots=True)
class Ingredients:
    """The hashes of all that a report's bytes depend on.

    ``claims`` is that of the files that the record names, ``bibliography`` that of the whole bibliography,
    ``cited`` that of the entries the record uses, ``registration`` that of the DOI reserved for it.
    ``bibliography`` only spares to look up what is cited, so the state does not keep it: an entry that no report
    uses would change what is known of every one.
    """

    record: str = ""
    claims: str = ""
    bibliography: str = ""
    cited: str = ""
    templates: str = ""
    settings: str = ""
    tools: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True)
class StateFile:
    """A file beside a PDF: the same report in another format, or that the report lacks something for it.

    ``name`` is '' where it does. ``is_current`` tells that it was made with the PDF of now, not with an earlier one.
    """

    format: str
    name: str = ""
    size: int = 0
    sha256: str = ""
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class StateEntry:
    """Which version of which record made which PDF from which ingredients, and what was said about it.

    ``id`` is the record's, ``source`` its file's path from the root of its project; ``size`` and ``sha256`` are the
    PDF's. ``files`` are those in other formats beside it, in the order of these.
    """

    pdf: str
    id: str
    version: str
    source: str
    size: int
    sha256: str
    ingredients: Ingredients
    problems: tuple[Problem, ...] = ()
    files: tuple[StateFile, ...] = ()

    @property
    def written(self) -> tuple[StateFile, ...]:
        """Return those of the files that were written."""
        return tuple(file for file in self.files if file.name)


def entry_bytes(entry: StateEntry) -> bytes:
    """Write an entry as JSON, the same entry always as the same bytes."""
    values = asdict(replace(entry, problems=()))
    values["ingredients"] = {
        name: value for name, value in values["ingredients"].items() if name not in _NOT_KEPT
    }
    values["problems"] = [problem.as_dict() for problem in entry.problems]
    return json_bytes({**values, "seal": _seal(values)})


def json_bytes(values: Mapping[str, Any]) -> bytes:
    """Write values as JSON with a line for each, so that a comparison shows what changed."""
    return (json.dumps(values, indent=1, sort_keys=True) + "\n").encode()


def _seal(values: Mapping[str, Any]) -> str:
    """Hash an entry: one that git put together from two sides, each line from one of them, says what no build made."""
    return key_of([json.dumps(values, sort_keys=True)])


def values_key(values: Mapping[str, str]) -> str:
    """Hash named values, such as settings, to what an entry names them by."""
    return key_of(json.dumps(pair) for pair in sorted(values.items()))


def read_entry(content: bytes) -> StateEntry:
    """Read an entry, which may be anybody's: nothing is believed that no entry of ours could say.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is no entry.

    """
    value = parse_foreign_json(content)
    seal = value.pop("seal")
    problems, files = value["problems"], value.get("files", [])
    if seal != _seal(value) or len(problems) > MOST_PROBLEMS:
        raise ValueError("not an entry that was written as a whole")
    pdf = _report(value["pdf"])
    return StateEntry(
        pdf=pdf,
        id=str(UUID(_text(value["id"]))),
        version=_text(value["version"]),
        source=_path(value["source"]),
        size=_number(value["size"], LARGEST_REPORT),
        sha256=_text(value["sha256"]),
        ingredients=Ingredients(**{name: _text(given) for name, given in value["ingredients"].items()}),
        problems=tuple(map(_problem, problems)),
        files=tuple(_file(file, pdf) for file in files),
    )


def read_values(content: bytes) -> dict[str, str]:
    """Read the named values behind a hash.

    Raises:
        ValueError, TypeError, AttributeError: they are none.

    """
    return {_text(name): _text(value) for name, value in parse_foreign_json(content).items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _number(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("not a number that is possible here")
    return value


def _report(value: Any) -> str:
    """Return the name of a report: what else the folder holds, and what it does not, is no report."""
    if not is_file_name(_text(value)) or not value.endswith(".pdf"):
        raise ValueError("not the name of a PDF of the folder")
    return str(value)


def _file(value: Mapping[str, Any], pdf: str) -> StateFile:
    """Return what is known of a file beside a PDF, whose name begins as the PDF's does: no other one is ours."""
    name = _text(value["name"])
    stem = pdf.removesuffix(".pdf")
    if name and not (is_file_name(name) and name.startswith(stem) and not name.endswith(".pdf")):
        raise ValueError("not the name of a file beside the PDF")
    if not _CODE.fullmatch(value["format"]) or type(value["is_current"]) is not bool:
        raise ValueError("not a format that was written")
    size, digest = _number(value["size"], LARGEST_REPORT), _text(value["sha256"])
    return StateFile(value["format"], name, size, digest, value["is_current"])


def _path(value: Any) -> str:
    # A name that the system takes may hold bytes that are not UTF-8.
    if "\0" in _text(value) or len(os.fsencode(value)) > _LONGEST_PATH:
        raise ValueError("not a path")
    return str(value)


def _problem(value: Mapping[str, Any]) -> Problem:
    if not _CODE.fullmatch(value["code"]):
        raise ValueError("not a code of a problem")
    line, column = (
        each if each is None else _number(each, 2**31) for each in (value["line"], value["column"])
    )
    where = Where(_path(value["file"]), line, column, _text(value["pointer"]))
    if value["level"] != Level.WARNING:
        raise ValueError("not what is said of a report that was built")
    return Problem(value["code"], Level.WARNING, where, _text(value["message"]), _text(value["hint"]))


def is_earlier(version: str, others: Collection[str]) -> bool:
    """Tell whether a version comes before all others, numbers counted as such: 2 before 10, 1.9 before 1.10."""
    return all(_order(version) < _order(other) for other in others)


def _order(version: str) -> list[tuple[bool, int, str]]:
    parts = re.findall(r"0*([0-9]+)|([^0-9.]+)", version)
    # Of numbers without zeros in front the longer one is larger, however long: to read them has its bounds.
    return [(bool(word), len(number), number or word) for number, word in parts]
