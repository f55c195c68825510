"""Answers of the repository as frozen values, or as an error that says what was refused and what to do.

What a newer server says besides is left aside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003  # a field of a dataclass
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard, TypeVar

from reportgen.base.errors import Level, Problem, RepositoryError, Where, pointer_of
from reportgen.base.foreign import parse_foreign_json
from reportgen.record.registration import Checksum

if TYPE_CHECKING:
    from typing import NoReturn

GONE = frozenset({404, 410})
DENIED = frozenset({401, 403})

_QUOTED = 300
_MOST_PROBLEMS = 50
_LARGEST = 2**63 - 1
_Value = TypeVar("_Value")
_STEERING = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"

# What is kept in the lock file, printed, or made a part of a path has one of these forms.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_DOI = re.compile(rf"10\.[0-9]{{4,9}}/[^\s{_STEERING}]{{1,500}}")
_VERSION = re.compile(rf"(?=.*\S)[^{_STEERING}]{{1,500}}")
_FILE = re.compile(rf"(?!\.\.?$)[^{_STEERING}]{{1,500}}")
_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: status, headers with names in lower case, and the body, or of an error its beginning."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object; a page of HTML, or anything else, gives an empty one."""
        try:
            return _of_kind(dict, parse_foreign_json(self.body))
        except ValueError:  # also text that is no UTF-8, and what is nested too deep
            return {}

    @property
    def message(self) -> str:
        """Say in one line what the repository said of an error; of a page of HTML, only the status."""
        said = self.json.get("message")
        return str(self.status) + (f": {' '.join(said.split())[:_QUOTED]}" if isinstance(said, str) else "")


@dataclass(frozen=True, slots=True)
class Draft:
    """An open draft; ``doi`` is empty until one is reserved, ``version`` is the one its metadata name, or "".

    ``published`` says that a record with this id is published already, so that the draft is an edit of it.
    ``problems`` are what the repository did not take of the metadata; only the answers that save tell of them.
    """

    id: str
    parent: str
    doi: str
    version: str
    revision: int
    metadata: Mapping[str, Any]
    published: bool
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> tuple[Problem, ...]:
        """Return the problems but for that of files which are still missing: publishing finds it."""
        return tuple(one for one in self.problems if one.where.pointer != "/files/enabled")


@dataclass(frozen=True, slots=True)
class Published:
    """A published record; ``version`` is the one its metadata name."""

    id: str
    parent: str
    doi: str
    version: str


def read_draft(said: Mapping[str, Any]) -> Draft:
    """Read the JSON of a draft in InvenioRDM's own media type."""
    revision = said.get("revision_id")
    return Draft(
        *_names(said),
        revision=revision if _is_count(revision) else 0,
        metadata=MappingProxyType(_table(said, "metadata")),
        published=said.get("is_published") is True,
        problems=read_problems(said),
    )


def read_published(said: Mapping[str, Any]) -> Published:
    """Read the JSON of a published record in InvenioRDM's own media type."""
    return Published(*_names(said))


def read_hits(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Read the results of a search."""
    return _tables(_table(said, "hits"), "hits")


def read_files(said: Mapping[str, Any]) -> dict[str, Checksum | None]:
    """Read a list of files, each under its name."""
    return {
        _formed(_FILE, entry, "key") or _refuse("a file without a name"): read_file(entry)
        for entry in _tables(said, "entries")
    }


def read_file(entry: Mapping[str, Any]) -> Checksum | None:
    """Read one file of a list; None until its upload is complete."""
    algorithm, _, digest = _text(entry, "checksum").partition(":")
    size = entry.get("size")
    is_whole = entry.get("status", "completed") == "completed" and algorithm == "md5"
    if not is_whole or not _MD5.fullmatch(digest) or not _is_count(size):
        return None
    return Checksum(digest, size)


def read_problems(said: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Read the ``errors`` of an answer, each with the path of the field it is about.

    They are a list of fields with messages; the files' interface gives a single text instead.
    """
    errors = said.get("errors")
    if isinstance(errors, str) and errors:
        return (Problem("repository-refused", Level.ERROR, Where(), errors[:_QUOTED]),)
    return tuple(_problem(error) for error in _tables({"errors": errors}, "errors")[:_MOST_PROBLEMS])


def _problem(error: Mapping[str, Any]) -> Problem:
    messages = error.get("messages") or error.get("message") or "refused without a reason"
    said = messages if isinstance(messages, list) else [messages]
    field = _text(error, "field")[:_QUOTED]
    where = Where(pointer=pointer_of(field.split(".")) if field else "")
    message = "; ".join(str(one)[:_QUOTED] for one in said[:_MOST_PROBLEMS])
    return Problem("repository-field", Level.ERROR, where, message)


def _names(said: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Read what a draft and a record have alike: id, the id of all versions, DOI, and version."""
    return (
        _formed(_ID, said, "id") or _refuse("no id"),
        _formed(_ID, _table(said, "parent"), "id"),
        _formed(_DOI, _table(_table(said, "pids"), "doi"), "identifier"),
        _formed(_VERSION, _table(said, "metadata"), "version"),
    )


def marked_with(said: Mapping[str, Any]) -> list[str]:
    """Return the identifiers that a record's metadata name besides its own."""
    return [_text(entry, "identifier") for entry in _tables(_table(said, "metadata"), "identifiers")]


def _formed(form: re.Pattern[str], said: Mapping[str, Any], name: str) -> str:
    """Return a text of a certain form, or "" where there is none; any other value is refused."""
    value = said.get(name)
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or not form.fullmatch(value):
        _refuse(f"this {name}: {str(value)[:_QUOTED]!r}")
    return value


def _refuse(what: str) -> NoReturn:
    message = f"the repository answers with something that is not a record of InvenioRDM: it has {what}"
    raise RepositoryError([Problem("repository-answer", Level.ERROR, Where(), message)])


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST


def _table(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    return _of_kind(dict, said.get(name))


def _tables(said: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [one for one in _of_kind(list, said.get(name)) if isinstance(one, dict)]


def _text(said: Mapping[str, Any], name: str) -> str:
    return _of_kind(str, said.get(name))


def _of_kind(kind: type[_Value], value: object) -> _Value:
    return value if isinstance(value, kind) else kind()


class _Meaning(NamedTuple):
    code: str
    hint: str


_MEANINGS = {
    404: _Meaning(
        "repository-gone", "it was deleted, or belongs to another repository; see `reportgen zenodo status`"
    ),
    410: _Meaning("repository-gone", "it was deleted on the repository; see `reportgen zenodo status`"),
    412: _Meaning("draft-changed", "somebody changed the draft meanwhile; look at it there, then run again"),
    413: _Meaning("repository-full", "the repository takes no file of this size"),
}
_REFUSED = _Meaning("repository-refused", "")


def refusal(host: str, what: str, answer: Answer) -> RepositoryError:
    """Make the error for an answer to a call, with one problem for each field that it complains of.

    ``what`` says what was asked, as in "draft 17 cannot be saved".
    """
    meaning = _MEANINGS.get(answer.status, _REFUSED)
    whole = problem(host, meaning.code, f"{what}: it answers {answer.message}", meaning.hint)
    return RepositoryError([whole, *read_problems(answer.json)])


def denial(host: str, what: str, answer: Answer, *, token_is_known: bool) -> RepositoryError:
    """Make the error for a 401 or 403, which the repository gives alike for a wrong token and a foreign record."""
    if not token_is_known:
        message = "it does not know the token"
        hint = (
            "make a new one there, with the scopes deposit:write and deposit:actions; the sandbox has its own"
        )
        return RepositoryError([problem(host, "token-refused", message, hint)])
    hint = "it belongs to another account, or the token lacks the scope deposit:write or deposit:actions"
    return RepositoryError([problem(host, "repository-denied", f"{what}: it answers {answer.message}", hint)])


def problem(host: str, code: str, message: str, hint: str = "") -> Problem:
    """Make a problem that names the repository."""
    return Problem(code, Level.ERROR, Where(), f"{host}: {message}", hint)
