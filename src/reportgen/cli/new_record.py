"""The text of a first record: what must be there, and the fields that people fill first, empty and explained."""

from __future__ import annotations

import json
import textwrap
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.settings import find_settings, project_root
from reportgen.cli.editor import schema_from, schema_near, schema_text
from reportgen.cli.new_files import write_new
from reportgen.pipeline.outputs import slug
from reportgen.record import is_yaml, json_schema, read_record
from reportgen.record.field_reference import Field, fields_of
from reportgen.record.model import SCHEMA, Kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from reportgen.base.settings import Settings

_FIRST: dict[str, tuple[str, ...]] = {
    "summary": (),
    "authors": ("name", "orcid", "affiliation"),
    "license": (),
    "math": ("statement", "state"),
    "search": ("databases", "searched_on", "papers_retrieved", "included"),
    "sources": (),
    "outcomes": ("name", "measure", "entries"),
    "claims": ("text", "verdict", "confidence", "sources", "quote", "locator"),
    "sections": ("title", "text"),
    "limitations": (),
}
"""The fields that people fill first, in that order, and of each the parts."""
_OF_ONE_KIND = {"math": Kind.MATH_RESULT, "outcomes": Kind.META_ANALYSIS}
_MORE = {"title": " Write one of its own here: as long as it is the question, a warning says so."}
"""What a first record says of a field beside what the field is for."""
_HEADING = (
    "What most reports have stands below, each field with what it is for. To fill one in, take the # and the blank "
    "behind it away, and write behind its colon, or under a | two blanks further in. The rest counts as left out."
)


def first_fields(kind: Kind, settings: Settings) -> list[str]:
    """Name the fields that are still to be filled; what the settings say for all records is none of them."""
    said = {name for name in ("authors", "license") if getattr(settings, name)}
    return [name for name in _FIRST if name not in said and _OF_ONE_KIND.get(name, kind) is kind]


def required_fields(question: str, kind: Kind, identity: UUID, date: dt.date) -> dict[str, str]:
    """Return what a record must have; its title is its question, until there is a better one."""
    values = {"schema": SCHEMA, "id": str(identity), "kind": kind.value, "title": question}
    return {**values, "date": date.isoformat(), "question": question}


def as_json(required: Mapping[str, str], fields: Sequence[str], schema: str) -> str:
    """Write a record in JSON, the ``fields`` empty; the schema that it names explains them in an editor."""
    properties = json_schema()["properties"]
    empty = {name: properties[name].get("default") for name in fields}
    return json.dumps({"$schema": schema, **required, **empty}, ensure_ascii=False, indent=2) + "\n"


def as_yaml(required: Mapping[str, str], fields: Sequence[str], schema: str) -> str:
    """Write a record in YAML, the ``fields`` as comments; each is explained in the words of the schema."""
    lines = [f"# yaml-language-server: $schema={schema}", ""]
    for name, value in required.items():
        # Of the ways in which YAML writes a text that of JSON alone does not depend on what the text is.
        written = json.dumps(value, ensure_ascii=False) if name in ("title", "question") else value
        lines += [*_comment(_explained(name, with_example=False) + _MORE.get(name, "")), f"{name}: {written}"]
    lines += ["", *_comment(_HEADING, "# ")]
    for name in fields:
        lines += ["", *_comment(_explained(name)), *_empty(name)]
    return "\n".join(lines) + "\n"


def _empty(name: str) -> Iterator[str]:
    """Yield the lines of a field without a value, as comments: its name, and where it has parts, theirs."""
    yield f"# {name}:{_mark(name)}"
    parts = _FIRST[name]
    if not parts and _is_list(name):
        yield "#   -"
    for number, part in enumerate(parts):
        path = f"{name}.{part}"
        indent = "    " if _is_list(name) else "  "
        start = "  - " if _is_list(name) and not number else indent
        yield from _comment(_explained(path), f"## {indent}")
        yield f"# {start}{part}:{_mark(path)}{' []' if _is_list(path) else ''}"


def _comment(text: str, mark: str = "## ") -> list[str]:
    """Wrap a text into lines of comments: ## where it explains a field, so that # is left for the fields themselves."""
    return textwrap.wrap(text, 100, initial_indent=mark, subsequent_indent=mark, break_on_hyphens=False)


def _explained(path: str, *, with_example: bool = True) -> str:
    field = _fields()[path]
    values = f" It is {field.values}." if field.values.startswith("one of ") else ""
    example = f" For example: {field.example}" if field.example and with_example else ""
    return f"{field.means}{values}{example}".replace("`", "")


def _mark(path: str) -> str:
    return " |" if "Markdown" in _fields()[path].means else ""


def _is_list(path: str) -> bool:
    return _fields()[path].values.startswith("a list")


@cache
def _fields() -> Mapping[str, Field]:
    return {field.path: field for field in fields_of(json_schema(), "record")}


def place_for(question: str, identity: UUID, suffix: str) -> Path:
    """Name the file of a record after its question: in the project's folder `records`, where it has one, else here."""
    folder = (project_root(Path.cwd()) or Path.cwd()) / "records"
    return (folder if folder.is_dir() else Path.cwd()) / f"{slug(question) or identity.hex[:8]}{suffix}"


def new_record(path: Path, question: str, kind: Kind, identity: UUID, date: dt.date) -> list[Path]:
    """Write a first record, and the schema for editors where its project has none; return the files written.

    Raises:
        RecordError: the question is no text that can be printed.
        OutputError: the file is there already, or cannot be written.

    """
    schema = schema_near(path)
    required = required_fields(question, kind, identity, date)
    fields = first_fields(kind, find_settings(path.absolute().parent))
    text = (as_yaml if is_yaml(path) else as_json)(required, fields, schema_from(path, schema))
    read_record(path, raw=text.encode("utf-8", "surrogateescape"))
    missing = {} if schema.exists() else {schema: schema_text()}
    return write_new({path: text, **missing}, otherwise="name another file with -o")
