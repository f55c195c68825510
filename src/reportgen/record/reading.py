"""A path read into a record, or into everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, RecordError
from reportgen.base.timings import stage
from reportgen.record.claims_file import ClaimsTable, read_claims
from reportgen.record.document import JsonDocument
from reportgen.record.exhibits import Exhibits, read_exhibits
from reportgen.record.fields import validate
from reportgen.record.files import InputFile, read_file
from reportgen.record.model import Record
from reportgen.record.other_files import OF_MANY, no_record
from reportgen.record.syntax import parse
from reportgen.record.yaml_syntax import is_yaml, parse_yaml

if TYPE_CHECKING:
    from reportgen.base.errors import Where
    from reportgen.record.document import Document


@dataclass(frozen=True)
class Loaded:
    """A record as it was read.

    Attributes: ``source`` is the record's file, ``document`` its text with the places of its values,
    ``claims`` the file its claims come from, where it has one, ``exhibits`` those of its tables and figures.

    """

    record: Record
    source: InputFile
    document: Document
    claims: ClaimsTable | None = None
    exhibits: Exhibits = field(default_factory=Exhibits)

    @property
    def folder(self) -> Path:
        """Return the folder that the record's relative paths start from."""
        return self.source.path.parent

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """Return the files the record was read from: its own, that of its claims, and those of tables and figures."""
        claims = [self.claims.source] if self.claims else []
        return (self.source, *claims, *self.exhibits.files.values())

    def where(self, pointer: str) -> Where:
        """Find the line and column of a value, in the record or in its claims file."""
        return _find(self.document, self.claims, pointer)


def _find(document: Document, claims: ClaimsTable | None, pointer: str, *, key: bool = False) -> Where:
    """Find a value of a record whose claims may stand in another file."""
    find = claims.places if claims and pointer.startswith("/claims/") else document.where
    return find(pointer, key=key)


@stage("read")
def read_record(path: Path, *, raw: bytes | None = None) -> Loaded:
    """Read a record and the claims file it may name; ``raw`` are the bytes where ``path`` is not to be read.

    Raises:
        RecordError: with every problem, in the order of their places.
        SetupError: the claims are in a Parquet file and pyarrow is not installed.

    """
    path = Path(path)
    source = read_file(path) if raw is None else InputFile(path, raw)
    try:
        document, data, problems = parse_record(source)
    except RecordError as error:
        # What was taken out of a file of many records is one of them.
        is_one_of_many = raw is not None and path.suffix.lower() in OF_MANY
        if not is_one_of_many and (other := no_record(path, error.problems)):
            raise RecordError([other]) from error
        raise
    if not isinstance(data, dict):
        message = "a record is one object, and this is something else"
        hint = 'it begins with { "schema": "reportgen-record-v1", ...'
        if is_yaml(path):
            hint = "it begins with schema: reportgen-record-v1"
        raise RecordError([Problem("not-a-record", Level.ERROR, document.at(0), message, hint)])
    claims = None
    if isinstance(data.get("claims"), dict):
        claims, found = read_claims(data["claims"], document)
        problems += found
        data = {**data, "claims": claims.rows if claims else []}
    record, found = validate(Record, data, partial(_find, document, claims))
    seen = {problem.where.pointer for problem in problems}
    problems += [problem for problem in found if problem.where.pointer not in seen]
    if record is None or problems:
        raise RecordError(sorted(problems, key=lambda problem: place_order(problem, document.file)))
    exhibits, problems = read_exhibits(record, path.parent, document.where)
    if problems:
        raise RecordError(problems)
    return Loaded(record, source, document, claims, exhibits)


def parse_record(source: InputFile) -> tuple[Document, Any, list[Problem]]:
    """Parse a record's text, as YAML where the name of its file says so; give its places, its value and its problems.

    Raises:
        RecordError: it cannot be parsed.

    """
    if is_yaml(source.path):
        return parse_yaml(str(source.path), source.text())
    document = JsonDocument(str(source.path), source.text())
    return document, *parse(document)


def place_order(problem: Problem, first: str) -> tuple[bool, str, int, int, str, str]:
    """Order problems by place: the file named ``first`` before others, then line, column and pointer."""
    where = problem.where
    at = (where.line or 0, where.column or 0)
    return (where.file != first, where.file, *at, where.pointer, problem.code)
