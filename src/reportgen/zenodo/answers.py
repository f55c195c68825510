"""What the repository says, as frozen values; what a newer server says besides is left aside."""

from __future__ import annotations

import json
from collections.abc import Mapping  # noqa: TC003  # a field of a dataclass
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from reportgen.errors import Level, Problem, RepositoryError, Where, pointer_of

_QUOTED = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: status, headers with names in lower case, and the body, or of an error its beginning."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def json(self) -> dict[str, Any]:
        """Give the body as a JSON object; a page of HTML, or anything else, gives an empty one."""
        try:
            value = json.loads(self.body)
        except ValueError:  # also text that is no UTF-8
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def message(self) -> str:
        """Say in one line what the repository said of an error; of a page of HTML, only the status."""
        said = self.json.get("message")
        return (
            f"{self.status}: {' '.join(said.split())[:_QUOTED]}"
            if isinstance(said, str)
            else f"{self.status}"
        )


@dataclass(frozen=True, slots=True)
class Remote:
    """A file as the repository holds it: MD5 in hexadecimal, size in bytes; both unknown until ``completed``."""

    md5: str = ""
    size: int = 0
    completed: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An open draft; ``doi`` is empty until one is reserved.

    ``published`` says that a record with this id is published already, so that the draft is an edit of it.
    ``problems`` are what the repository did not take of the metadata; only the answers that save tell of them.
    """

    id: str
    parent: str = ""
    doi: str = ""
    revision: int = 0
    metadata: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    published: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """A published record; ``version`` is the one its metadata name, ``concept_doi`` stands for all versions."""

    id: str
    parent: str = ""
    doi: str = ""
    version: str = ""
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    concept_doi: str = ""
    metadata: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def read_draft(said: Mapping[str, Any]) -> Draft:
    """Read the JSON of a draft in InvenioRDM's own media type."""
    revision = said.get("revision_id")
    return Draft(
        id=_number(said),
        parent=_text(_table(said, "parent"), "id"),
        doi=_doi(said),
        revision=revision if isinstance(revision, int) else 0,
        metadata=MappingProxyType(_table(said, "metadata")),
        published=said.get("is_published") is True,
        problems=read_problems(said),
    )


def read_published(said: Mapping[str, Any]) -> Published:
    """Read the JSON of a published record in InvenioRDM's own media type."""
    metadata, parent = _table(said, "metadata"), _table(said, "parent")
    links = {name: link for name, link in _table(said, "links").items() if isinstance(link, str)}
    return Published(
        id=_number(said),
        parent=_text(parent, "id"),
        doi=_doi(said),
        version=_text(metadata, "version"),
        links=MappingProxyType(links),
        concept_doi=_doi(parent),
        metadata=MappingProxyType(metadata),
    )


def read_hits(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Read the results of a search."""
    return _tables(_table(said, "hits"), "hits")


def read_files(said: Mapping[str, Any]) -> dict[str, Remote]:
    """Read a list of files, each under its name."""
    return {_text(entry, "key"): read_file(entry) for entry in _tables(said, "entries")}


def read_file(entry: Mapping[str, Any]) -> Remote:
    """Read one file of a list; its checksum and size count only once the upload is complete."""
    algorithm, _, digest = _text(entry, "checksum").partition(":")
    size = entry.get("size")
    if entry.get("status", "completed") != "completed" or algorithm != "md5" or not isinstance(size, int):
        return Remote()
    return Remote(digest, size, completed=True)


def read_problems(said: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Read the ``errors`` of an answer, each with the path of the field it is about.

    They are a list of fields with messages; the files' interface gives a single text instead.
    """
    errors = said.get("errors")
    if isinstance(errors, str) and errors:
        return (Problem("repository-refused", Level.ERROR, Where(), errors[:_QUOTED]),)
    return tuple(_problem(error) for error in _tables({"errors": errors}, "errors"))


def _problem(error: Mapping[str, Any]) -> Problem:
    messages = error.get("messages") or error.get("message") or "refused without a reason"
    said = messages if isinstance(messages, list) else [messages]
    where = Where(pointer=pointer_of(str(error.get("field", "")).split(".")) if error.get("field") else "")
    return Problem("repository-field", Level.ERROR, where, "; ".join(str(one)[:_QUOTED] for one in said))


def _doi(said: Mapping[str, Any]) -> str:
    return _text(_table(_table(said, "pids"), "doi"), "identifier")


def _number(said: Mapping[str, Any]) -> str:
    if number := _text(said, "id"):
        return number
    message = "the repository answers with something that is not a record of InvenioRDM"
    raise RepositoryError([Problem("repository-answer", Level.ERROR, Where(), message)])


def _table(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = said.get(name)
    return value if isinstance(value, dict) else {}


def _tables(said: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = said.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
