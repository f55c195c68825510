"""The DOI reserved for a record, and the lock file beside the record that keeps what was deposited where."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import ipaddress
import json
import re
from collections.abc import Mapping  # noqa: TC003  # pydantic reads it at run time
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from reportgen.base.errors import Level, OutputError, Problem, RecordError, Where, pointer_of
from reportgen.base.foreign import read_foreign
from reportgen.base.paths import write_atomically
from reportgen.base.values import Doi  # noqa: TC001  # pydantic reads it at run time

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "reportgen-zenodo-v1"
TEST_PREFIX = "10.5072/"
"""The prefix that is kept for tests: no DOI below it is ever registered."""

_MOST_BYTES = 1_000_000  # a deposit has a few files
_MOST_PROBLEMS = 50
_OF_MANY = (".jsonl", ".ndjson", ".parquet")
_CLOSED = ConfigDict(extra="forbid")
_MOMENT = TypeAdapter[dt.datetime](
    Annotated[
        AwareDatetime,
        Field(ge=dt.datetime(2000, 1, 1, tzinfo=dt.UTC), lt=dt.datetime(3000, 1, 1, tzinfo=dt.UTC)),
    ]
)


def _moment(written: Any) -> str:
    return _MOMENT.validate_python(written).isoformat()


def _moment_if_any(written: Any) -> str:
    return "" if written == "" else _moment(written)


_Moment = Annotated[str, PlainValidator(_moment)]
_Sha256 = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$")]


class Stage(StrEnum):
    """The stage a deposit has reached."""

    CREATED = "created"
    RESERVED = "reserved"
    UPLOADED = "uploaded"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Checksum:
    """The fingerprint of a file in a repository: the MD5 in 32 hex digits, and the size in bytes."""

    __pydantic_config__ = _CLOSED

    md5: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    size: Annotated[int, Field(ge=0, strict=True)]

    @classmethod
    def of(cls, content: bytes) -> Checksum:
        """Return the checksum that a repository will have for a content."""
        return cls(hashlib.md5(content, usedforsecurity=False).hexdigest(), len(content))


@dataclass(frozen=True, slots=True)
class Registration:
    """The DOI that a report prints, without prefix; a sandbox's cannot be cited."""

    doi: str
    sandbox: bool


@dataclass(frozen=True, slots=True)
class Deposit:
    """The lock file: where a record is deposited and how far that has come. It never holds a token.

    Attributes: ``host`` is the base URL of the repository's API, ``record`` the record's uuid, ``version`` the
    version of the record that was deposited, ``draft`` the id of the draft and later of the published record,
    ``parent`` the id of all its versions, ``doi`` is "" until one is reserved, ``metadata`` the SHA-256 of the
    metadata last sent or "", ``previous`` the DOIs of earlier versions, oldest first, ``published_at`` the moment
    of publication as ISO 8601 with time zone or "", ``published_before`` those of the earlier versions.

    """

    host: Annotated[str, StringConstraints(pattern=r"^https?://[^\s@]+$")]
    record: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    version: Annotated[str, StringConstraints(pattern=r"\S")]
    draft: _Id
    parent: _Id | Literal[""] = ""
    doi: Doi | Literal[""] = ""
    stage: Stage = Stage.CREATED
    files: Annotated[Mapping[str, Checksum], AfterValidator(MappingProxyType)] = field(
        default_factory=lambda: MappingProxyType({})
    )
    metadata: _Sha256 = ""
    previous: tuple[Doi, ...] = ()
    published_at: Annotated[str, PlainValidator(_moment_if_any)] = ""
    published_before: tuple[_Moment, ...] = ()

    @property
    def sandbox(self) -> bool:
        """Tell whether the deposit is one for trying out."""
        return is_sandbox(self.host, self.doi)

    @property
    def registration(self) -> Registration | None:
        """Return what a report prints of the deposit; nothing before a DOI is reserved."""
        return Registration(self.doi, self.sandbox) if self.doi else None


def is_sandbox(host: str, doi: str) -> bool:
    """Tell whether a DOI cannot be cited: its prefix is the one for tests, or its server is none for readers.

    Servers for trying out are those called ``sandbox.`` and those on this machine. Any other server counts as
    an archive, so that an institution's own repository is not called a sandbox.
    """
    name = (urlsplit(host).hostname or "").lower()
    return doi.startswith(TEST_PREFIX) or name.startswith("sandbox.") or is_loopback(name)


def is_loopback(name: str) -> bool:
    """Tell whether a host, by name or address, is this machine itself."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def lock_path(record: Path) -> Path:
    """Return the lock file of a record: ``a/x.json`` has ``a/x.zenodo.json``."""
    return record.with_suffix(".zenodo.json")


def is_of_many(record: Path) -> bool:
    """Tell a file of many records, beside which no lock file lies."""
    return record.suffix.lower() in _OF_MANY


def deposit_of(record: Path) -> Deposit | None:
    """Read the deposit of a record that is a file of its own; one of a file of many has none.

    Raises:
        RecordError: the lock file cannot be read or is not one.

    """
    return None if is_of_many(record) else read_deposit(lock_path(record))


@dataclass(frozen=True, slots=True, kw_only=True)
class _LockFile(Deposit):
    """A deposit as it is written down."""

    __pydantic_config__ = _CLOSED

    schema: Literal["reportgen-zenodo-v1"]
    stage: Stage
    kept: _Sha256 = ""  # written until November 2026, and no longer used


_FIELDS = tuple(each.name for each in fields(Deposit))
_LOCK_FILE = TypeAdapter(_LockFile)


def read_deposit(path: Path) -> Deposit | None:
    """Read a lock file; None where there is none.

    Raises:
        RecordError: the file cannot be read or is no lock file; the problems say where.

    """
    try:
        content = read_foreign(path, root=path.parent, most_bytes=_MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # no file can have the record's name with this ending
            return None
        message = str(error.strerror or error)
        found = Problem("zenodo-lock-unreadable", Level.ERROR, Where(str(path)), message)
        raise RecordError([found]) from error
    try:
        lock = _LOCK_FILE.validate_json(content)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)[:_MOST_PROBLEMS]
        problems = [_invalid(path, detail["msg"], pointer_of(detail["loc"])) for detail in details]
        raise RecordError(problems) from error
    return Deposit(**{name: getattr(lock, name) for name in _FIELDS})


def write_deposit(path: Path, deposit: Deposit) -> None:
    """Replace a lock file in one step; equal deposits give equal bytes.

    Raises:
        OutputError: the file cannot be written; the one that was there is unchanged.

    """
    files = {name: asdict(deposit.files[name]) for name in sorted(deposit.files)}
    values = {"schema": SCHEMA} | {name: getattr(deposit, name) for name in _FIELDS} | {"files": files}
    content = (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode()
    try:
        write_atomically(path, content)
    except OSError as error:
        message = f"the lock file cannot be written: {error.strerror or error}"
        hint = "make room or give permission, and run the command again: it finds the draft"
        found = Problem("zenodo-lock-unwritable", Level.ERROR, Where(str(path)), message, hint)
        raise OutputError([found]) from error


def _invalid(path: Path, message: str, pointer: str) -> Problem:
    position = re.search(r"line (\d+) column (\d+)", message)
    line, column = (int(position[1]), int(position[2])) if position else (None, None)
    hint = "restore it from your version control; without it, `reportgen zenodo reserve` looks for the draft"
    where = Where(str(path), line, column, pointer)
    return Problem("zenodo-lock-invalid", Level.ERROR, where, f"this is no lock file: {message}", hint)
