"""The lock file: what the registries answered, kept beside the records so that a build needs no network."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads it at run time
import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reportgen.base.errors import BibliographyError, Level, Problem, Where, pointer_of
from reportgen.base.foreign import read_foreign
from reportgen.base.paths import write_atomically
from reportgen.sources.csl_item import Item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.base.identifiers import Identifier

_MOST_PROBLEMS = 50
SCHEMA = "reportgen-references-v1"


class LockedItem(BaseModel):
    """One answer: a CSL-JSON item as given, when and from where, and its checksum."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    fetched: dt.date
    origin: str = Field(alias="from")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    item: dict[str, Any]


class _LockFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal["reportgen-references-v1"] = Field(alias="schema")
    references: dict[str, LockedItem]


def lock_key(identifier: Identifier) -> str:
    """Name an identifier in the lock file: ``doi:10.1038/…`` in lower case, ``arxiv:2402.18571v3``."""
    version = f"v{identifier.version}" if identifier.version else ""
    return ":".join(identifier.identity) + version


def lock_item(item: Mapping[str, Any], fetched: dt.date, origin: str) -> LockedItem:
    """Seal an item with its checksum."""
    return LockedItem(fetched=fetched, origin=origin, sha256=item_sha256(item), item=dict(item))


def item_sha256(item: Mapping[str, Any]) -> str:
    """Hash an item whatever the order of its fields."""
    canonical = json.dumps(item, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def read_lock(path: Path) -> dict[str, LockedItem]:
    """Read the lock file; one that does not exist is empty.

    Raises:
        BibliographyError: the file cannot be read, is no lock file, or an item is not what was fetched.

    """
    try:
        content = read_foreign(path, root=path.parent)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BibliographyError([_problem(path, "lock-unreadable", str(error.strerror or error))]) from error
    try:
        references = _LockFile.model_validate_json(content).references
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)[:_MOST_PROBLEMS]
        flaws = [_problem(path, "lock-invalid", each["msg"], pointer_of(each["loc"])) for each in details]
        raise BibliographyError(flaws) from error
    if problems := [flaw for named in references.items() for flaw in _item_problems(path, *named)]:
        raise BibliographyError(problems)
    return references


def write_lock(path: Path, references: Mapping[str, LockedItem]) -> None:
    """Replace the lock file in one step; equal references give equal bytes.

    Raises:
        BibliographyError: the file cannot be written.

    """
    try:
        write_atomically(path, lock_bytes(references))
    except OSError as error:
        raise BibliographyError([_problem(path, "lock-unwritable", str(error.strerror or error))]) from error


def lock_bytes(references: Mapping[str, LockedItem]) -> bytes:
    """Write references as the text of a lock file, sorted."""
    sealed = {key: locked.model_dump(mode="json", by_alias=True) for key, locked in references.items()}
    text = json.dumps({"schema": SCHEMA, "references": sealed}, ensure_ascii=False, indent=2, sort_keys=True)
    return f"{text}\n".encode()


def _item_problems(path: Path, key: str, locked: LockedItem) -> list[Problem]:
    pointer = pointer_of(["references", key])
    if item_sha256(locked.item) != locked.sha256:
        return [_problem(path, "lock-changed", f"the item of {key} is not the one that was fetched", pointer)]
    try:
        Item.model_validate(locked.item)
    except ValidationError as error:
        return [_problem(path, "lock-item", f"{key}: {detail['msg']}", pointer) for detail in error.errors()]
    return []


def _problem(path: Path, code: str, message: str, pointer: str = "") -> Problem:
    hint = "remove the reference from the file and run `reportgen bib fetch` again" if pointer else ""
    return Problem(code, Level.ERROR, Where(str(path), pointer=pointer), message, hint)
