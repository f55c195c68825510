"""Proof of a report: its files come out, their hashes are checked, it is built again and compared."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from reportgen.associated import ARTIFACT_CHECKS, BIBTEX, LOCK, MANIFEST, RECORD, TEMPLATES, tools
from reportgen.build import make_report
from reportgen.errors import Level, Problem, ReportgenError, Where
from reportgen.identifiers import identify
from reportgen.places import write_atomically
from reportgen.registration import Registration
from reportgen.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pikepdf


class ForeignError(ReportgenError):
    """The file is not a report of reportgen's, or not even a PDF."""

    exit_code = 12


class AlteredError(ReportgenError):
    """What the report carries is not what its manifest says."""

    exit_code = 10


class Outcome(Enum):
    """What the rebuild showed; the value is the exit code."""

    IDENTICAL = 0
    DIFFERENT = 10
    OTHER_TOOLS = 11


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome and, where it is not identity, what differs."""

    outcome: Outcome
    differences: tuple[str, ...] = ()


def extract(path: Path) -> dict[str, bytes]:
    """Give the files inside a report, byte for byte, after checking each against the manifest.

    Raises:
        ForeignError: no PDF, or a PDF without reportgen's manifest.
        AlteredError: a file is missing, added or changed.

    """
    files = _files_inside(path)
    if MANIFEST not in files:
        raise ForeignError([_problem("not-a-report", path, "this PDF carries no reportgen manifest")])
    _check_hashes(path, files, _manifest(path, files))
    return files


def extract_to(path: Path, folder: Path) -> list[Path]:
    """Write the files inside a report into a folder and give their paths.

    Raises:
        ForeignError, AlteredError: as `extract`.

    """
    written = []
    for name, content in extract(path).items():
        target = folder / name
        write_atomically(target, content)
        written.append(target)
    return written


def verify(path: Path) -> Verdict:
    """Build a report again from what it carries and compare the bytes.

    Raises:
        ForeignError, AlteredError: as `extract`.
        ReportgenError: the report cannot be built again.

    """
    files = extract(path)
    manifest = _manifest(path, files)
    registration = _registration(path, manifest)
    with tempfile.TemporaryDirectory(prefix="reportgen-verify-") as name:
        record, settings = _lay_out(files, manifest, Path(name))
        other = _other_tools(manifest)
        try:
            rebuilt = make_report(record, settings, registration=registration).pdf
        except ReportgenError:
            if other:
                return Verdict(Outcome.OTHER_TOOLS, tuple(other))
            raise
    content = path.read_bytes()
    if rebuilt == content:
        return Verdict(Outcome.IDENTICAL)
    if other:
        return Verdict(Outcome.OTHER_TOOLS, tuple(other))
    return Verdict(Outcome.DIFFERENT, tuple(differing_objects(content, rebuilt)))


def _files_inside(path: Path) -> dict[str, bytes]:
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            return {_safe(name, path): file.get_file().read_bytes() for name, file in pdf.attachments.items()}
    except OSError as error:
        raise ForeignError([_problem("file-unreadable", path, str(error.strerror or error))]) from error
    except pikepdf.PdfError as error:
        raise ForeignError(
            [_problem("not-a-pdf", path, f"this is no PDF that can be read: {error}")]
        ) from error


def _safe(name: str, path: Path) -> str:
    """Refuse a name that would lead out of the folder it is written to."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or "\\" in name or ".." in parts:
        raise AlteredError([_problem("file-name", path, f"a file inside is named {name!r}")])
    return name


def _manifest(path: Path, files: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        manifest = json.loads(files[MANIFEST])
        known = manifest["schema"] == "reportgen-manifest-v1"
        _ = manifest["files"], manifest["tools"]["reportgen"], manifest["settings"]
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise ForeignError([_problem("not-a-report", path, "its manifest is not one of reportgen's")])
    return dict(manifest)


def _registration(path: Path, manifest: Mapping[str, Any]) -> Registration | None:
    """Give the DOI that the report says it prints."""
    doi = manifest.get("doi")
    if doi is None:
        return None
    try:
        return Registration(identify(doi, "doi").value, manifest.get("sandbox") is True)
    except (ValueError, AttributeError) as error:
        raise AlteredError([_problem("file-altered", path, f"its manifest names no DOI: {doi!r}")]) from error


def _check_hashes(path: Path, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    expected = {name: file["sha256"] for name, file in manifest["files"].items()}
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != MANIFEST}
    problems = [
        _problem("file-altered", path, f"the file {name} inside {what}")
        for name in sorted(expected.keys() | found.keys())
        if (what := _change(expected.get(name), found.get(name)))
    ]
    if problems:
        raise AlteredError(problems)


def _change(expected: str | None, found: str | None) -> str:
    if expected == found:
        return ""
    if found is None:
        return "is missing"
    return "is not in its manifest" if expected is None else "is not the one its manifest names"


def _lay_out(files: Mapping[str, bytes], manifest: Mapping[str, Any], folder: Path) -> tuple[Path, Settings]:
    """Write the inputs as they lay beside each other when the report was built."""
    record = json.loads(files[RECORD])
    claims = record.get("claims")
    claims_file = Path(claims["file"]) if isinstance(claims, dict) else None
    for name, content in files.items():
        place = claims_file if claims_file is not None and name == claims_file.name else Path(name)
        write_atomically(folder / place, content)
    values = manifest["settings"]
    levels = {**values.get("levels", {}), **dict.fromkeys(ARTIFACT_CHECKS, "ignore")}
    templates = Path(TEMPLATES) if any(name.startswith(TEMPLATES) for name in files) else None
    settings = Settings.model_validate(
        {**values, "levels": levels, "root": folder, "bib": [BIBTEX], "lock": LOCK, "templates": templates}
    )
    return folder / RECORD, settings


def _other_tools(manifest: Mapping[str, Any]) -> list[str]:
    then = manifest["tools"]
    engine = "luatex" if "Lua" in then.get("engine", "") else "pdftex"
    now = tools(engine)
    return [
        f"{name}: the report was made with {then.get(name, 'none')}, here is {now.get(name, 'none')}"
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    ]


def differing_objects(first: bytes, second: bytes) -> list[str]:
    """Name the PDF objects in which two files differ, a few at most."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(first)) as one, pikepdf.open(io.BytesIO(second)) as other:
        left, right = _objects(one), _objects(other)
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


def _problem(code: str, path: Path, message: str) -> Problem:
    return Problem(code, Level.ERROR, Where(str(path)), message)
