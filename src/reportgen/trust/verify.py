"""Proof of a report: its files come out, their hashes are checked, it is built again and compared."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from reportgen.base.bounded import BoundError, call_bounded
from reportgen.base.errors import (
    BibliographyError,
    Level,
    OutputError,
    Problem,
    RecordError,
    ReportgenError,
    SettingsError,
    TemplateError,
    Where,
    pointer_of,
)
from reportgen.base.foreign import lay_out, parse_foreign_json, path_within, read_foreign
from reportgen.base.identifiers import identify
from reportgen.base.own_templates import SUFFIXES
from reportgen.base.settings import FILE_NAME, Settings
from reportgen.pdf import attachments
from reportgen.pdf.attachments import tools
from reportgen.pdf.carried import AlteredError, Carried, ForeignError, problem, read_carried
from reportgen.pipeline.build import make_report
from reportgen.record import name_inside, name_outside, places_in_project
from reportgen.record.registration import Registration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pikepdf

T = TypeVar("T")

MEGABYTES = 4000
SECONDS = 600
"""What reading and rebuilding a PDF may take; the limits on TeX come on top."""


class Comparison(Enum):
    """The result of the rebuild; the value is the exit code."""

    IDENTICAL = 0
    DIFFERENT = 10
    OTHER_TOOLS = 11
    OWN_TEMPLATES = 16


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome and, where it is not identity, what differs; of own templates, their names."""

    outcome: Comparison
    differences: tuple[str, ...] = ()

    @property
    def identical(self) -> bool:
        """Tell whether the same bytes came out."""
        return self.outcome is Comparison.IDENTICAL


def extract(path: Path) -> Mapping[str, bytes]:
    """Return the files inside a report, byte for byte, after checking each against the manifest.

    Raises:
        ForeignError: no PDF, a PDF without reportgen's manifest, or one that takes too much to read.
        AlteredError: a file is missing, added or changed.

    """
    return _bounded(path, read_carried).files


def extract_to(path: Path, folder: Path) -> list[Path]:
    """Write the files inside a report into a folder and give their paths.

    Raises:
        ForeignError, AlteredError: as `extract`.
        OutputError: a file of another content has one of the names, or the folder cannot be written.

    """
    files = extract(path)
    try:
        _require_room(files, folder)
        return lay_out(files, folder)
    except ValueError as error:
        raise _altered(path, f"the files inside have no names: {error}", "file-name") from error
    except OSError as error:
        message = f"cannot write {error.filename or folder}: {error.strerror or error}"
        hint = "name another folder with -o"
        raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)]) from error


def _altered(path: Path, message: str, code: str = "file-altered") -> AlteredError:
    return AlteredError([problem(code, path, message)])


def _require_room(files: Mapping[str, bytes], folder: Path) -> None:
    """Refuse to replace anything: who made the PDF chose the names."""
    for name, content in files.items():
        target = folder / name
        if target.exists() and read_foreign(path_within(folder, target)) != content:
            message = f"{target} is there already and is another file"
            hint = "nothing was written; name a new folder with -o"
            raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)])


def verify(path: Path, *, trust_templates: bool = False, **user: bool) -> Verification:
    """Build a report again from what it carries and compare the bytes.

    Templates inside are code of whoever made the PDF: they run only where ``trust_templates`` says so. ``user`` are
    settings that only a user may give: ``require_sandbox``, ``allow_unsandboxed``.

    Raises:
        ForeignError, AlteredError: as `extract`; or what it carries cannot have made it.
        ReportgenError: the report cannot be built again here.

    """
    with tempfile.TemporaryDirectory(prefix="reportgen-verify-") as folder:
        return _bounded(path, _verify, Path(folder), {**user, "trust_templates": trust_templates})


def _bounded(path: Path, function: Callable[..., T], *arguments: Any) -> T:
    try:
        return call_bounded(function, path, *arguments, megabytes=MEGABYTES, seconds=SECONDS)
    except BoundError as error:
        raise ForeignError([problem("too-much", path, f"this PDF cannot be read: {error}")]) from error


def _verify(path: Path, folder: Path, user: Mapping[str, bool]) -> Verification:
    """Verify in a folder that the caller removes, however this process ends."""
    tempfile.tempdir = str(folder)
    carried = read_carried(path)
    registration = _registration(path, carried)
    record = _record_in(path, carried.files)
    given = {name_outside(name): content for name, content in _as_named(record, carried.files).items()}
    own = sorted(name for name in given if name.startswith(attachments.TEMPLATES) and name.endswith(SUFFIXES))
    if own and not user["trust_templates"]:
        return Verification(Comparison.OWN_TEMPLATES, tuple(own))
    place, places = places_in_project(given)
    project = folder / "project" / place
    settings = _settings(
        path, carried, project, {**user, "templates": attachments.TEMPLATES if own else None}
    )
    other = tuple(_other_tools(carried.manifest.tools))
    try:
        laid_out = {places[name]: content for name, content in given.items()}
        lay_out({**laid_out, FILE_NAME: b""}, folder / "project")
        report = make_report(project / record, settings, registration=registration)
    except ValueError as error:
        raise _altered(path, f"what it carries cannot be laid out: {error}", "file-name") from error
    except ReportgenError as error:
        if other:
            return Verification(Comparison.OTHER_TOOLS, other)
        if isinstance(error, (RecordError, BibliographyError, SettingsError, TemplateError)):
            raise AlteredError([_from_inside(each, project, path) for each in error.problems]) from error
        raise
    if report.pdf == carried.pdf:
        return Verification(Comparison.IDENTICAL)
    if other:
        return Verification(Comparison.OTHER_TOOLS, other)
    return Verification(Comparison.DIFFERENT, tuple(differing_objects(carried.pdf, report.pdf)))


def _from_inside(found: Problem, folder: Path, path: Path) -> Problem:
    """Name the file of a problem as it is named inside the PDF."""
    name = found.where.file.removeprefix(f"{folder}/")
    where = replace(found.where, file=f"{path}: {name}" if name else str(path))
    return replace(found, where=where, hint="no report was made from this")


def _registration(path: Path, carried: Carried) -> Registration | None:
    """Return the DOI that the report says it prints."""
    doi = carried.manifest.doi
    if doi is None:
        return None
    try:
        return Registration(identify(doi, "doi").value, carried.manifest.sandbox)
    except ValueError as error:
        raise _altered(path, f"its manifest names no DOI: {doi[:200]!r}") from error


def _record_in(path: Path, files: Mapping[str, bytes]) -> str:
    """Name the record among the files inside a report."""
    in_json, in_yaml = attachments.RECORD, attachments.RECORD_IN_YAML
    name = in_yaml if in_yaml in files and in_json not in files else in_json
    if name not in files:
        raise _altered(path, f"it carries no {name}")
    return name


def _as_named(record: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files by the names that they have now; in earlier releases' reports the claims lay in no folder."""
    try:
        claims = parse_foreign_json(files[record])["claims"]
        named = name_inside(claims["file"])
    except (ValueError, LookupError, TypeError, AttributeError):
        return dict(files)
    plain = PurePosixPath(named).name
    if named in files or plain not in files or plain in _OURS:
        return dict(files)
    return {named if name == plain else name: content for name, content in files.items()}


_OURS = {
    attachments.MANIFEST, attachments.RECORD, attachments.RECORD_IN_YAML, attachments.BIBTEX, attachments.LOCK
}  # fmt: skip


def _settings(path: Path, carried: Carried, root: Path, ours: Mapping[str, object]) -> Settings:
    """Make the settings that the manifest names, and no others: those of places and trust are not a PDF's to give."""
    given = carried.manifest.settings
    if unknown := sorted(given.keys() - attachments.settings_names()):
        raise _altered(path, f"its manifest has the setting {unknown[0][:100]!r}, which no report's has")
    try:
        settings = Settings.model_validate(
            {"root": root, **given, "bib": [attachments.BIBTEX], "lock": attachments.LOCK, **ours}
        )
    except ValidationError as error:
        detail = error.errors()[0]
        where = Where(str(path), pointer=pointer_of(("settings", *detail["loc"])))
        message = f"its manifest has settings that none can be: {detail['msg']}"
        raise AlteredError([Problem("file-altered", Level.ERROR, where, message)]) from error
    levels = {**settings.levels, **dict.fromkeys(attachments.ARTIFACT_CHECKS, "ignore")}
    return settings.model_copy(update={"levels": levels})


def _other_tools(then: Mapping[str, str]) -> list[str]:
    engine = "luatex" if "Lua" in then.get("engine", "") else "pdftex"
    now = tools(engine, styled=attachments.STYLE_PROCESSOR in then)
    return [
        _other_tool(name, then.get(name), now.get(name))
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    ]


def _other_tool(name: str, then: str | None, now: str | None) -> str:
    if now is None and name == attachments.STYLE_PROCESSOR:
        return f"{name}: the report was made with {then}, which is not installed here; {attachments.STYLE_INSTALL}"
    return f"{name}: the report was made with {then or 'none'}, here is {now or 'none'}"


def differing_objects(first: bytes, second: bytes) -> list[str]:
    """Name the PDF objects in which two files differ, a few at most."""
    import io

    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(first)) as one, pikepdf.open(io.BytesIO(second)) as other:
            left, right = _objects(one), _objects(other)
    except pikepdf.PdfError as error:
        return [f"its objects cannot all be read: {error}"]
    numbers = [
        number for number in sorted(left.keys() | right.keys()) if left.get(number) != right.get(number)
    ]
    named = [f"object {number} ({(left.get(number) or right[number])[0]})" for number in numbers]
    if not named:
        return ["bytes outside every object: the file was saved again, or something was added to it"]
    return named[:5] + ([f"and {len(named) - 5} more"] if len(named) > 5 else [])


def _objects(pdf: pikepdf.Pdf) -> dict[int, tuple[str, bytes]]:
    import pikepdf

    found = {}
    for number, item in enumerate(pdf.objects, 1):
        if not isinstance(item, pikepdf.Object):  # damage can leave a bare number or nothing
            found[number] = (type(item).__name__, repr(item).encode())
            continue
        content = item.unparse(resolved=True)
        kind = type(item).__name__
        if isinstance(item, pikepdf.Stream):
            content += item.read_raw_bytes()
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            kind = str(item.get("/Type", item.get("/Subtype", kind))).lstrip("/")
        found[number] = (kind, content)
    return found
