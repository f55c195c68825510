"""The DOI reserved for a record, and the lock file beside the record that keeps what was deposited where."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reportgen.base.errors import Level, OutputError, Problem, RecordError, Where, pointer_of
from reportgen.base.foreign import read_foreign
from reportgen.base.paths import write_atomically
from reportgen.record.model import Doi  # noqa: TC001  # pydantic reads it at run time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA = "reportgen-zenodo-v1"
TEST_PREFIX = "10.5072/"
"""The prefix that is kept for tests: no DOI below it is ever registered."""

_MOST_BYTES = 1_000_000  # a deposit has a few files
_MOST_PROBLEMS = 50
_OF_MANY = (".jsonl", ".ndjson", ".parquet")


class Stage(StrEnum):
    """How far a deposit has come."""

    CREATED = "created"
    RESERVED = "reserved"
    UPLOADED = "uploaded"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Checksum:
    """What tells two files apart in a repository: the MD5 in 32 hex digits, and the size in bytes."""

    md5: str
    size: int


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

    host: str
    record: str
    version: str
    draft: str
    parent: str = ""
    doi: str = ""
    stage: Stage = Stage.CREATED
    files: Mapping[str, Checksum] = field(default_factory=lambda: MappingProxyType({}))
    metadata: str = ""
    previous: tuple[str, ...] = ()
    published_at: str = ""
    published_before: tuple[str, ...] = ()

    @property
    def sandbox(self) -> bool:
        """Tell whether the deposit is one for trying out."""
        return is_sandbox(self.host, self.doi)

    @property
    def registration(self) -> Registration | None:
        """Give what a report prints of the deposit; nothing before a DOI is reserved."""
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
    """Give the lock file of a record: ``a/x.json`` has ``a/x.zenodo.json``."""
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


def registration_of(record: Path, version: int | str) -> Registration | None:
    """Give the DOI reserved for this version of the record in this file; nothing where there is none.

    Raises:
        RecordError: the lock file cannot be read or is not one.

    """
    deposit = deposit_of(record)
    return deposit.registration if deposit is not None and deposit.version == str(version) else None


class _Checksum(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    md5: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    size: Annotated[int, Field(ge=0, strict=True)]


_Sha256 = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$")]
_Moment = Annotated[
    AwareDatetime,
    Field(ge=dt.datetime(2000, 1, 1, tzinfo=dt.UTC), lt=dt.datetime(3000, 1, 1, tzinfo=dt.UTC)),
]


class _LockFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal["reportgen-zenodo-v1"] = Field(alias="schema")
    host: Annotated[str, StringConstraints(pattern=r"^https?://[^\s@]+$")]
    record: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    version: Annotated[str, StringConstraints(pattern=r"\S")]
    draft: _Id
    parent: _Id | Literal[""] = ""
    doi: Doi | Literal[""] = ""
    stage: Stage
    files: dict[str, _Checksum] = {}
    metadata: _Sha256 = ""
    kept: Annotated[_Sha256, Field(exclude=True)] = ""  # written until November 2026, and no longer used
    previous: tuple[Doi, ...] = ()
    published_at: _Moment | Literal[""] = ""
    published_before: tuple[_Moment, ...] = ()


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
        raise RecordError([_problem("zenodo-lock-unreadable", path, str(error.strerror or error))]) from error
    try:
        lock = _LockFile.model_validate_json(content)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)[:_MOST_PROBLEMS]
        problems = [_invalid(path, detail["msg"], pointer_of(detail["loc"])) for detail in details]
        raise RecordError(problems) from error
    files = {name: Checksum(file.md5, file.size) for name, file in lock.files.items()}
    values = lock.model_dump(exclude={"schema_", "files", "published_at", "published_before"})
    return Deposit(
        **values,
        files=MappingProxyType(files),
        published_at=lock.published_at.isoformat() if lock.published_at else "",
        published_before=tuple(moment.isoformat() for moment in lock.published_before),
    )


def write_deposit(path: Path, deposit: Deposit) -> None:
    """Replace a lock file in one step; equal deposits give equal bytes.

    Raises:
        OutputError: the file cannot be written; the one that was there is unchanged.

    """
    content = (json.dumps(_as_json(deposit), indent=2, ensure_ascii=False) + "\n").encode()
    try:
        write_atomically(path, content)
    except OSError as error:
        message = f"the lock file cannot be written: {error.strerror or error}"
        hint = "make room or give permission, and run the command again: it finds the draft"
        raise OutputError(
            [Problem("zenodo-lock-unwritable", Level.ERROR, Where(str(path)), message, hint)]
        ) from error


def _as_json(deposit: Deposit) -> dict[str, object]:
    files = {name: asdict(deposit.files[name]) for name in sorted(deposit.files)}
    return {
        "schema": SCHEMA,
        "host": deposit.host,
        "record": deposit.record,
        "version": deposit.version,
        "draft": deposit.draft,
        "parent": deposit.parent,
        "doi": deposit.doi,
        "stage": deposit.stage.value,
        "files": files,
        "metadata": deposit.metadata,
        "previous": list(deposit.previous),
        "published_at": deposit.published_at,
        "published_before": list(deposit.published_before),
    }


def _invalid(path: Path, message: str, pointer: str) -> Problem:
    position = re.search(r"line (\d+) column (\d+)", message)
    line, column = (int(position[1]), int(position[2])) if position else (None, None)
    hint = "restore it from your version control; without it, `reportgen zenodo reserve` looks for the draft"
    where = Where(str(path), line, column, pointer)
    return Problem("zenodo-lock-invalid", Level.ERROR, where, f"this is no lock file: {message}", hint)


def _problem(code: str, path: Path, message: str) -> Problem:
    return Problem(code, Level.ERROR, Where(str(path)), message)
