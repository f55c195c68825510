"""Whether a report is up to date, and if not, what changed, in words."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.analysis.validation import cite_record, library_of
from reportgen.base.cache import key_of
from reportgen.base.csl_styles import HOUSE
from reportgen.base.errors import SetupError
from reportgen.base.foreign import LARGEST_ARTIFACT, sha256_of
from reportgen.base.house_files import house_paths
from reportgen.base.own_templates import own_templates_of
from reportgen.base.paths import packaged_folder
from reportgen.base.settings import FILE_NAME
from reportgen.exports import single_names
from reportgen.pdf.attachments import settings_shown, style_processor, tools
from reportgen.pipeline.batch.entries import Ingredients, StateEntry, values_key
from reportgen.pipeline.batch.inputs import named_files
from reportgen.pipeline.batch.locating import moved
from reportgen.pipeline.publish import require_known_formats
from reportgen.record import read_record
from reportgen.record.registration import deposit_of
from reportgen.sources import cited_hash
from reportgen.sources.library import bib_paths
from reportgen.text.faces import installed_faces, script_paths
from reportgen.text.word_library import library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reportgen.base.settings import Settings
    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.plan import Planned
    from reportgen.pipeline.batch.state import State

_TEMPLATE_FILES = (".j2", ".tex", ".toml", ".css")
# How records are handed out and how results are printed shows in no report.
_SHOWN_NOWHERE = ("cli", "delivery", "site", "pipeline/batch", "pipeline/cluster", "pipeline/remote")
_NEVER, _SPOILT = "never built here", "what is known of it cannot be read"
_MOST_NAMED = 20
_LONGEST_NAMED = 80
_IN_WORDS = {
    "record": "the record changed",
    "claims": "a file it names changed",
    "templates": "the templates changed",
    "settings": "the settings changed",
    "tools": "the tools changed",
    "registration": "the reserved DOI changed",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why a report must be built, nothing where it need not; what is known of it, what it is made from now.

    ``keeps_pdf`` tells that its PDF is up to date, and only files in other formats beside it are not. ``renewed`` tells
    that the entry says more than the state on disk does, so that it is worth writing.
    """

    reasons: tuple[str, ...]
    entry: StateEntry | None
    now: Ingredients
    renewed: bool = False
    keeps_pdf: bool = False


class Judge:
    """Tells for one settings file whether reports are up to date; what all records share is hashed once."""

    def __init__(self, settings: Settings, state: State, *, strict: bool = False) -> None:
        """Hash what is shared.

        Raises:
            SettingsError: there is no format of a name that the settings give.
            TemplateError: the project's own templates cannot be read.

        """
        require_known_formats(settings)
        self.settings = settings
        self.formats = single_names(settings.formats)
        self.state = state
        root = os.path.realpath(settings.root)
        self._from_root = cache(lambda folder, place: _relative(folder, (root, place or root)))
        own = own_templates_of(settings)
        shown = _settings(settings, strict)
        present = dict(_tools(settings.engine))
        self.values: Mapping[str, Mapping[str, str]] = {
            values_key(shown): shown,
            values_key(present): present,
        }
        """The settings and the tools behind their hashes, so that a later run can say what changed."""
        self.shared = Ingredients(
            bibliography=_bibliography_hash(settings.bib, settings.lock),
            templates=key_of((_packaged_templates_hash(), own.sha256 if own else "")),
            settings=values_key(shown),
            tools=values_key(present),
        )

    def ingredients(self, source: RecordSource, content: bytes) -> Ingredients:
        """Hash what a report depends on, without reading the record's meaning; ``cited`` stays open.

        Raises:
            ReportgenError: the lock file of the DOI cannot be read.

        """
        folder = source.path.parent
        named = named_files(source, content)
        claims = key_of(_hashes_below(folder, named)) if named else ""
        digest = hashlib.sha256(content).hexdigest()
        return replace(self.shared, record=digest, claims=claims, registration=_registration(source.path))

    def source_of(self, source: RecordSource) -> str:
        """Name a record's file by its path from the root of its project, so that the output folder can be moved.

        Of one that lies outside, as at a URL, the place where it was looked for stands for the root.
        """
        return f"{self._from_root(source.path.parent, source.root)}/{source.path.name}".removeprefix("./")

    def verdict(self, planned: Planned) -> Judgement:
        """Tell whether a record's report must be built, and why.

        Raises:
            ReportgenError: the bibliography changed, and it or the record cannot be read.

        """
        now, entry = planned.now, self.state.entries.get(planned.name)
        if entry is None or entry.id != planned.id:
            before = self.state.newest_of(planned.id, planned.version)
            if before is None:
                is_spoilt = planned.name in self.state.spoilt
                return Judgement((_SPOILT if is_spoilt else _NEVER,), None, now)
            reasons = self._changes(before.ingredients, now) or ["its report has another name now"]
            return Judgement(tuple(reasons), before, now)
        reasons = self._changes(entry.ingredients, now)
        of_pdf = self.state.fault_of(entry)
        seen = entry.ingredients.bibliography
        if now.bibliography == seen:
            now = replace(now, cited=entry.ingredients.cited)
        elif not reasons and not of_pdf:
            now, reasons = self._cited(planned.source, entry, now)
        elif reasons and seen:
            reasons.append("the bibliography changed")
        reasons += [of_pdf] if of_pdf else []
        if reasons:
            return Judgement(tuple(reasons), entry, now)
        if now.bibliography != seen:
            self.state.stamps.of_bibliography(entry.pdf, now.bibliography)
        source = self.source_of(planned.source)
        problems = moved(entry.problems, entry.source, source)
        renewed = replace(entry, source=source, ingredients=now, problems=problems)
        same = replace(renewed, ingredients=replace(now, bibliography=seen)) == entry
        beside = tuple(self._faults_beside(renewed))
        return Judgement(beside, renewed, now, renewed=not same, keeps_pdf=bool(beside))

    def _faults_beside(self, entry: StateEntry) -> Iterator[str]:
        """Say what keeps the files in other formats from being those that belong to the PDF."""
        current = {file.format: file for file in entry.files if file.is_current}
        former = {file.format for file in entry.files}
        for name in self.formats:
            if name not in current:
                yield (
                    f"its {name} is of an earlier build"
                    if name in former
                    else f"there is no {name} of it yet"
                )
            elif current[name].name and (fault := self.state.fault_beside(current[name])):
                yield fault

    def _changes(self, before: Ingredients, now: Ingredients) -> list[str]:
        """Say what differs between two sets of ingredients, the bibliography aside."""
        reasons = []
        for name, words in _IN_WORDS.items():
            old, new = getattr(before, name), getattr(now, name)
            if old != new:
                known = self.state.values.get(old)
                reasons += [words] if known is None else _differences(known, self.values[new])
        return reasons

    def _cited(
        self, source: RecordSource, entry: StateEntry, now: Ingredients
    ) -> tuple[Ingredients, list[str]]:
        """Compare what the record takes from the bibliography; this reads both."""
        library = library_of(self.settings)
        bibliography = cite_record(read_record(source.path, raw=source.content()).record, library)
        now = replace(now, cited=cited_hash(bibliography, library))
        if now.cited != entry.ingredients.cited:
            return now, ["an entry it cites changed"]
        said = {(problem.code, problem.message) for problem in entry.problems}
        levels = self.settings.levels
        new = [
            problem
            for problem in bibliography.problems
            if levels.get(problem.code) != "ignore" and (problem.code, problem.message) not in said
        ]
        return now, ["the bibliography has a problem that concerns it"] if new else []


def _relative(folder: Path, roots: tuple[str | Path, ...]) -> str:
    """Return a folder's path from the first of some roots that it lies in, else from the first of them."""
    real = os.path.realpath(folder)
    found = [os.path.relpath(real, os.path.realpath(root)).replace(os.sep, "/") for root in roots]
    return next((path for path in found if not path.startswith("..")), found[0])


def _registration(record: Path) -> str:
    """Hash what a report may print of a deposit: how far that has come and where it lies shows in no report."""
    deposit = deposit_of(record)
    if deposit is None or not deposit.doi:
        return ""
    return key_of((deposit.record, deposit.version, deposit.doi, str(deposit.sandbox)))


def shared_paths(settings: Settings) -> list[Path]:
    """List the files and folders that every record under these settings depends on."""
    own = [settings.templates] if settings.templates else []
    house = house_paths(settings).values()
    return [settings.root / FILE_NAME, settings.lock, *settings.bib, *own, *house]


def _differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Say what changed between two sets of named values: ``pikepdf 9.1 -> 9.2``."""
    names = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    said = [f"{name} {_short(before.get(name))} -> {_short(now.get(name))}" for name in names]
    others = len(said) - _MOST_NAMED
    return [*said[:_MOST_NAMED], f"and {others} more"] if others > 0 else said


def _short(value: str | None) -> str:
    return (
        "absent"
        if value is None
        else value
        if len(value) <= _LONGEST_NAMED
        else f"{value[:_LONGEST_NAMED]}..."
    )


def _settings(settings: Settings, strict: bool) -> Mapping[str, str]:
    """Return what of the settings decides how a report looks, what it is called and whether it may be built."""
    house = {name: _file_hash(path)[:12] for name, path in house_paths(settings).items()}
    own = {"levels": settings.levels, "name_pattern": settings.name_pattern, "strict": strict}
    processor = style_processor() if settings.bibliography.style != HOUSE else {}
    values = {**settings_shown(settings), **house, **own, **processor}
    return {name: json.dumps(value, sort_keys=True) for name, value in values.items()}


def tools_here(engine: str) -> Mapping[str, str]:
    """Name all that a report's bytes depend on besides its project: tools, fonts, the packaged templates."""
    return {**_tools(engine), "packaged templates": _packaged_templates_hash()[:12]}


@cache
def _tools(engine: str) -> Mapping[str, str]:
    """Name what a report's bytes depend on besides its inputs: engines, libraries, our code, fonts."""
    found: dict[str, str] = {}
    for name in ("pdftex", "luatex") if engine == "auto" else (engine,):
        try:
            versions = dict(tools(name))
        except SetupError:
            found[name] = "absent"
            continue
        found[name] = versions.pop("engine")
        found |= versions
    found["reportgen's code"] = key_of(_own_code())[:12]
    # The size tells another version of a font well enough; to hash them all would take a second.
    if icu := library():
        found["ICU"] = str(icu[1])
    paths = {file: face.path for file, face in installed_faces().items()} | script_paths()
    found |= {file: f"{path.stat().st_size} bytes" for file, path in paths.items()}
    return found


def _own_code() -> Iterator[str | bytes]:
    """Read the modules that make reports: between two releases the version alone does not tell them apart."""
    package = Path(__file__).resolve().parents[2]
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package)
        if not any(name.is_relative_to(folder) for folder in _SHOWN_NOWHERE):
            yield from (name.as_posix(), path.read_bytes())


def _bibliography_hash(bib: Iterable[Path], lock: Path) -> str:
    files = [*bib_paths(path for path in bib if path.exists()), lock]
    return key_of(part for path in files for part in (path.name, _file_hash(path)))


def _packaged_templates_hash() -> str:
    folder = packaged_folder("templates")
    of_site = folder / "site"  # which no report is made of
    found = (path for path in folder.rglob("*") if path.suffix in _TEMPLATE_FILES)
    files = sorted(path for path in found if not path.is_relative_to(of_site))
    return key_of(part for path in files for part in (path.relative_to(folder).as_posix(), _file_hash(path)))


def _hashes_below(folder: Path, paths: Iterable[Path]) -> Iterator[str]:
    """Yield names and hashes of files; of those beyond what is hashed for one record the sizes stand for them."""
    left = LARGEST_ARTIFACT
    for path in paths:
        yield path.relative_to(folder).as_posix()
        size = _size(path)
        left -= size
        yield _file_hash(path) if left >= 0 else f"{size} bytes"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _file_hash(path: Path) -> str:
    """Hash a file's content; a file that is not there, or not a plain one, has none."""
    try:
        status = path.stat()
        return _hash(path, status.st_mtime_ns, status.st_size) if stat.S_ISREG(status.st_mode) else ""
    except OSError:
        return ""


@lru_cache(maxsize=256)
def _hash(path: Path, stamp: int, size: int) -> str:  # noqa: ARG001 - of a file in this state
    return sha256_of(path, most_bytes=LARGEST_ARTIFACT)
