"""Problems are data: a stable code, a place, a message and a next step."""

from __future__ import annotations

import errno
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Level(StrEnum):
    """How serious a problem is; ``--strict`` turns warnings into errors."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in an input: file, 1-based line and column where known, and a JSON pointer."""

    file: str = ""
    line: int | None = None
    column: int | None = None
    pointer: str = ""

    def __str__(self) -> str:
        position = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{position} {field_path(self.pointer)}".strip()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or that a reader should know, about an input or a result."""

    code: str
    level: Level
    where: Where
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if str(self.where) else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.level}[{self.code}]: {self.message}{hint}"

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the problem as JSON-ready values, for ``--format json``."""
        return {
            "code": self.code,
            "level": str(self.level),
            **asdict(self.where),
            "message": self.message,
            "hint": self.hint,
        }


_PLAIN_NAME = re.compile(r"[\w-]+")


def field_path(pointer: str) -> str:
    """Turn the JSON pointer ``/claims/3/text`` into the path people write: ``claims[3].text``."""
    path = ""
    for part in pointer.split("/")[1:]:
        if part.isdigit():
            path += f"[{part}]"
        elif _PLAIN_NAME.fullmatch(part):
            path += f".{part}" if path else part
        else:
            path += f"[{part.replace('~1', '/').replace('~0', '~')!r}]"
    return path


def pointer_of(parts: Iterable[str | int]) -> str:
    """Join the parts of a path into a JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


class ReportgenError(Exception):
    """The root of every error a user can meet; subclasses say who must act.

    ``exit_code`` is what the command line ends with; ``problems`` are what it prints.
    """

    exit_code = 70

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        if isinstance(problems, str):
            problems = [Problem(self.default_code(), Level.ERROR, Where(), problems)]
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ReportgenError], tuple[tuple[Problem, ...]]]:
        # An error that comes from another process keeps its problems.
        return type(self), (self.problems,)

    @classmethod
    def default_code(cls) -> str:
        """Name the error class as a problem code: ``RecordError`` gives ``record``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__.removesuffix("Error")).lower()


class RecordError(ReportgenError):
    """The author of the record must act: a field, a claim or a source is wrong."""

    exit_code = 3


class BibliographyError(ReportgenError):
    """The keeper of the bibliography must act: an entry is missing, broken or cannot be fetched."""

    exit_code = 4


class SettingsError(ReportgenError):
    """The owner of ``reportgen.toml`` must act."""

    exit_code = 5


class TemplateError(ReportgenError):
    """The author of a template must act."""

    exit_code = 6


class SetupError(ReportgenError):
    """The machine lacks something: an engine, a font, a package."""

    exit_code = 7


class TypesetError(ReportgenError):
    """TeX stopped, ran out of its limits, or made a PDF whose text is not the record's."""

    exit_code = 8


class OutputError(ReportgenError):
    """The result could not be written: disk, permission or name."""

    exit_code = 9


class RepositoryError(ReportgenError):
    """The repository refused a request, or could not be reached."""

    exit_code = 13


class UnknownOutcomeError(RepositoryError):
    """A request was sent and its outcome is not known; running the command again finds out."""

    exit_code = 14


class PolicyError(ReportgenError):
    """The check before publication found what a person must settle first."""

    exit_code = 15


DISK_REFUSALS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
REFUSALS = DISK_REFUSALS | {errno.ENOMEM, errno.EMFILE, errno.ENFILE}
"""What the system says when it is out of something; no fault of a record's or of reportgen's."""


def refusal(error: BaseException, where: Where | None = None) -> ReportgenError | None:
    """Say what the system refused, where that is what an error is about: room, memory, open files."""
    where = where or Where()
    if isinstance(error, MemoryError):
        hint = "split the report, or give it more memory"
        return SetupError([Problem("system", Level.ERROR, where, "the memory ran out", hint)])
    if not isinstance(error, OSError):
        return None
    if error.errno == errno.ENOENT and "temporary directory" in str(error.strerror):
        message, hint = "there is no folder for temporary files", "name one that can be written with TMPDIR"
        return SetupError([Problem("system", Level.ERROR, where, message, hint)])
    if error.errno not in REFUSALS:
        return None
    place = error.filename or "a temporary file"
    message = f"the system refused {place}: {error.strerror}"
    hint = "make room on the disk that holds it (TMPDIR names another one for temporary files), and run again"
    kind = OutputError if error.errno in DISK_REFUSALS else SetupError
    return kind([Problem("system", Level.ERROR, where, message, hint)])
