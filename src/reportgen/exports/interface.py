"""What every format is given and what it is: a report with all it was made from, and a name with what writes it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.settings import Settings
    from reportgen.content.inputs import Inputs
    from reportgen.text.report import Report


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a finished file: its name, its size in bytes and its hash, SHA-256 in hex."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> FileFacts:
        """Return what is said of a file of this content."""
        return cls(name, len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A composed report and what it was made from, as every format is given it.

    ``stem`` is the name of its files without an ending. ``pdf`` is the finished PDF, None where there is none or none
    is looked at; ``files`` are those beside it, as far as they are known. ``url`` is the address of the folder that
    holds its page and files, ending in a slash; '' where it is not known: nothing may then be written as if it were.
    """

    tree: Report
    inputs: Inputs
    settings: Settings
    own: OwnTemplates | None
    stem: str
    pdf: FileFacts | None = None
    files: tuple[FileFacts, ...] = ()
    url: str = ""


def _nothing(_: Publication) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: its ``name`` for ``--to``, a ``title`` for people, the ``ending`` and media type of its file.

    ``holds_all`` tells that its file says all that the report says, so that it can be read in place of it. One that
    ``describes_files`` is written last, with what is known of the others. ``write`` may raise a `ReportgenError`. The
    same publication gives the same bytes on any day. ``lacking`` says in a few words what the format needs and the
    report has not, such as "a benchmark"; '' where it can be written.
    """

    name: str
    title: str
    ending: str
    media_type: str
    write: Callable[[Publication], bytes]
    lacking: Callable[[Publication], str] = _nothing
    holds_all: bool = False
    describes_files: bool = False
