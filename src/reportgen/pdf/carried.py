"""Files and manifest of a foreign PDF, read within bounds and checked.

Anybody may have made the PDF. Nothing in it runs, and nothing is unpacked that is larger than it says it is.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reportgen.base.errors import Level, Problem, ReportgenError, Where, pointer_of
from reportgen.base.foreign import check_name, parse_foreign_json, read_foreign
from reportgen.pdf.attachments import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pikepdf

LARGEST_PDF = 500_000_000
MOST_FILES = 1000
MOST_BYTES = 400_000_000
"""What the files inside may take together, unpacked."""
LARGEST_MANIFEST = 5_000_000


class ForeignError(ReportgenError):
    """The file is not a report of reportgen's, or not even a PDF."""

    exit_code = 12


class AlteredError(ReportgenError):
    """The files inside a report and its manifest disagree."""

    exit_code = 10


_Name = Annotated[str, StringConstraints(max_length=1000)]


class ListedFile(BaseModel):
    """A file as the manifest names it."""

    model_config = ConfigDict(frozen=True)

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=0, le=MOST_BYTES, strict=True)]


class Manifest(BaseModel):
    """The manifest of a report; ``settings`` are checked by those who use them."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    schema_: Literal["reportgen-manifest-v1"] = Field(alias="schema")
    doi: str | None = None
    sandbox: Annotated[bool, Field(strict=True)] = False
    settings: dict[str, Any]
    tools: dict[_Name, _Name]
    files: Annotated[dict[_Name, ListedFile], Field(max_length=MOST_FILES)]


@dataclass(frozen=True, slots=True)
class Carried:
    """A PDF as it was read: its bytes, what its manifest says, and the files inside, the manifest among them."""

    pdf: bytes
    manifest: Manifest
    files: Mapping[str, bytes]


def read_carried(path: Path) -> Carried:
    """Read a PDF and the files inside it, and check each against the manifest.

    Raises:
        ForeignError: no PDF, or a PDF without reportgen's manifest.
        AlteredError: a file is missing, added, changed, damaged, or has a name that is none.

    """
    import pikepdf

    try:
        content = read_foreign(path, most_bytes=LARGEST_PDF)
    except OSError as error:
        raise _foreign(path, str(error.strerror or error), "file-unreadable") from error
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise _foreign(path, "this PDF is encrypted; no report is")
            streams = _streams(pdf, path)
            manifest = _manifest(streams, path)
            return Carried(content, manifest, _files(streams, manifest, path))
    except pikepdf.PasswordError as error:
        raise _foreign(path, "this PDF is encrypted; no report is") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _foreign(path, f"this is no PDF that can be read: {_said(error)}", "not-a-pdf") from error


def _said(error: Exception) -> str:
    """Return what an error says, without the object that we read from in place of a file's name."""
    return re.sub(r"<_io\.BytesIO object at \w+>:? ?", "", str(error))


def _streams(pdf: pikepdf.Pdf, path: Path) -> dict[str, pikepdf.Object]:
    """Find the streams of the files inside, by name, without unpacking any."""
    found = {}
    for name in islice(pdf.attachments, MOST_FILES + 1):
        try:
            check_name(name)
        except ValueError as error:
            raise _altered(path, f"a file inside is named {name[:200]!r}", "file-name") from error
        found[name] = _stream(pdf, name, path)
    if len(found) > MOST_FILES:
        raise _foreign(path, f"it carries more than {MOST_FILES} files")
    return found


def _stream(pdf: pikepdf.Pdf, name: str, path: Path) -> pikepdf.Object:
    import pikepdf

    try:
        stream = pdf.attachments[name].get_file().obj
    except (AttributeError, KeyError, ValueError, TypeError):
        stream = None
    if not isinstance(stream, pikepdf.Stream):
        raise _altered(path, f"the file {name} inside has no content")
    return stream


def _manifest(streams: Mapping[str, pikepdf.Object], path: Path) -> Manifest:
    if MANIFEST not in streams:
        raise _foreign(path, "this PDF carries no reportgen manifest")
    try:
        return Manifest.model_validate(
            parse_foreign_json(_unpacked(MANIFEST, streams[MANIFEST], LARGEST_MANIFEST, path))
        )
    except ValidationError as error:
        detail = error.errors()[0]
        where = Where(str(path), pointer=pointer_of(detail["loc"]))
        message = f"its manifest is not one of reportgen's: {detail['msg']}"
        raise ForeignError([Problem("not-a-report", Level.ERROR, where, message)]) from error
    except ValueError as error:
        raise _foreign(path, f"its manifest is not one of reportgen's: {error}") from error


def _files(streams: Mapping[str, pikepdf.Object], manifest: Manifest, path: Path) -> dict[str, bytes]:
    listed = manifest.files
    changes = dict.fromkeys(listed.keys() - streams.keys(), "is missing")
    changes |= dict.fromkeys(streams.keys() - listed.keys() - {MANIFEST}, "is not in its manifest")
    if sum(file.bytes for file in listed.values()) > MOST_BYTES:
        raise _foreign(path, f"the files inside take more than {MOST_BYTES // 1_000_000} MB")
    files = {}
    for name, stream in streams.items():
        if name in changes:
            continue
        most = LARGEST_MANIFEST if name == MANIFEST else listed[name].bytes
        files[name] = _unpacked(name, stream, most, path)
        if name != MANIFEST and hashlib.sha256(files[name]).hexdigest() != listed[name].sha256:
            changes[name] = "is not the one its manifest names"
    if changes:
        raise AlteredError(
            [
                problem("file-altered", path, f"the file {name} inside {change}")
                for name, change in sorted(changes.items())
            ]
        )
    return files


def _unpacked(name: str, stream: pikepdf.Object, most: int, path: Path) -> bytes:
    """Unpack a file as reportgen packs it, up to the bytes it may have and one more."""
    import pikepdf

    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array) and len(filters) == 1:
        filters = filters[0]
    content = stream.read_raw_bytes()
    if filters == pikepdf.Name.FlateDecode and "/DecodeParms" not in stream:
        try:
            content = zlib.decompressobj().decompress(content, most + 1)
        except zlib.error as error:
            raise _altered(path, f"the file {name} inside is damaged: {error}") from error
    elif filters is not None:
        raise _altered(path, f"the file {name} inside is packed as no report packs it")
    if len(content) > most:
        raise _altered(path, f"the file {name} inside is larger than its manifest says")
    return content


def _foreign(path: Path, message: str, code: str = "not-a-report") -> ForeignError:
    return ForeignError([problem(code, path, message)])


def _altered(path: Path, message: str, code: str = "file-altered") -> AlteredError:
    return AlteredError([problem(code, path, message)])


def problem(code: str, path: Path, message: str) -> Problem:
    """Make an error about a PDF."""
    return Problem(code, Level.ERROR, Where(str(path)), message)
