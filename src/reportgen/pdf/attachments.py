"""The files inside a report: put in when it is finished, taken out by ``extract`` and ``verify``."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import requires, version
from importlib.util import find_spec
from itertools import chain, count
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from reportgen import DISTRIBUTION, __version__
from reportgen.analysis.tabulate import claims_csv
from reportgen.base.csl_styles import HOUSE
from reportgen.base.house_files import STYLE
from reportgen.base.timings import stage
from reportgen.pdf.finish import Attachment
from reportgen.pdf.typeset import engine_version
from reportgen.record import is_yaml, name_inside
from reportgen.sources import used_bibtex, used_lock

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.settings import Settings
    from reportgen.charts import Chart
    from reportgen.latex.fonts import FontPlan
    from reportgen.record import Loaded
    from reportgen.record.registration import Registration
    from reportgen.sources import Bibliography, Library

MANIFEST = "manifest.json"
RECORD = "record.json"
RECORD_IN_YAML = "record.yaml"
BIBTEX = "references.bib"
LOCK = "references.lock.json"
TEMPLATES = "templates/"
HOUSE_FILES = {
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".csl": "application/vnd.citationstyles.style+xml",
}
"""The kinds of files that belong to a house's style and words."""
# What of the settings a report depends on; places and bounds are this machine's own affair.
_SETTINGS = {"publisher", "id_prefix", "authors", "license", "engine", "tier_claims", "policy"}
STYLE_PROCESSOR = "citeproc-py"
STYLE_INSTALL = (
    "install it with `pip install 'reportgen-claims[styles]'`, from a clone with `pip install '.[styles]'`"
)
ARTIFACT_CHECKS = ("artifact-outside", "artifact-missing", "artifact-changed")
"""The checks that look at files which a report does not carry."""


@dataclass(frozen=True, slots=True)
class Material:
    """The texts and files of a build that a report carries inside; ``exports`` are the report in other formats."""

    loaded: Loaded
    bibliography: Bibliography
    library: Library
    source: str
    plan: FontPlan
    settings: Settings
    registration: Registration | None = None
    templates: OwnTemplates | None = None
    house: Mapping[str, bytes] = field(default_factory=dict)
    charts: Sequence[Chart] = ()
    exports: Sequence[Attachment] = ()


@stage("attach")
def associated_files(material: Material) -> list[Attachment]:
    """Return the record, its claims, the bibliography used, the LaTeX, the house's files and, last, the manifest.

    The tables of claims and charts follow from the record, as do the other formats: they are for readers, and no report
    is built from them.
    """
    loaded = material.loaded
    kind = "application/yaml" if is_yaml(loaded.source.path) else "application/json"
    record = record_name(loaded.source.path)
    files = [Attachment(record, loaded.source.raw, kind, "Source", "The record")]
    files += _named_by(loaded)
    table = claims_csv(loaded.record.claims, material.bibliography.numbers_of_claim)
    derived = {"report-claims": (table, "The claims as a table")}
    derived |= {f"report-{chart.name}": (chart.csv, "The values of a chart") for chart in material.charts}
    names = {file.name for file in files}
    for stem, (content, what) in derived.items():
        name = _free_name(stem, ".csv", names)
        files.append(Attachment(name, content, "text/csv", "Data", what))
    if bibtex := used_bibtex(material.bibliography, material.library):
        files.append(Attachment(BIBTEX, bibtex, "text/x-bibtex", "Data", "The bibliography entries used"))
    if lock := used_lock(material.bibliography, material.library):
        files.append(Attachment(LOCK, lock, "application/json", "Data", "The fetched metadata used"))
    source = material.source.encode()
    files.append(Attachment("report.tex", source, "text/x-tex", "Source", "The LaTeX source"))
    files += _templates(material.templates)
    for name, content in material.house.items():
        kind = HOUSE_FILES[PurePath(name).suffix]
        files.append(Attachment(name, content, kind, "Source", "A file of the house's style"))
    names = {file.name for file in files} | {MANIFEST}
    for file in material.exports:
        stem, dot, ending = file.name.partition(".")
        files.append(replace(file, name=_free_name(stem, dot + ending, names)))
    listed = manifest(material, files)
    return [*files, Attachment(MANIFEST, listed, "application/json", "Supplement", "The manifest")]


def _named_by(loaded: Loaded) -> list[Attachment]:
    """Return the files that the record names, each once."""
    named = {
        name: (file.raw, "A file of a table or a figure") for name, file in loaded.exhibits.files.items()
    }
    if loaded.claims is not None:
        named[loaded.claims.name] = (loaded.claims.source.raw, "The record's claims")
    inside = {name_inside(name): given for name, given in named.items()}
    return [Attachment(name, raw, _media_type(name), "Source", what) for name, (raw, what) in inside.items()]


def _free_name(stem: str, ending: str, taken: Collection[str]) -> str:
    """Return a name that no other file inside has: the record chooses those of its own files."""
    numbered = (f"{stem}-{number}{ending}" for number in count(2))
    return next(name for name in chain([f"{stem}{ending}"], numbered) if name not in taken)


_PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
}


def record_name(path: PurePath) -> str:
    """Name a record as it is named inside its report."""
    return RECORD_IN_YAML if is_yaml(path) else RECORD


def _media_type(name: str) -> str:
    kinds = {".csv": "text/csv", ".jsonl": "application/jsonl", ".ndjson": "application/jsonl", **_PICTURES}
    return kinds.get(PurePath(name).suffix.lower(), "application/octet-stream")


def _templates(own: OwnTemplates | None) -> list[Attachment]:
    """Return the project's own templates; the packaged ones belong to the version of reportgen."""
    return [
        Attachment(f"{TEMPLATES}{name}", text.encode(), "text/plain", "Source", "A template")
        for name, text in (own.texts if own else ())
    ]


def manifest(material: Material, files: Sequence[Attachment]) -> bytes:
    """Name the record, its DOI, the settings, the tools by version, the fonts, and every file inside by its hash."""
    record = material.loaded.record
    value = {
        "schema": "reportgen-manifest-v1",
        "record": str(record.id),
        "version": record.version,
        "date": record.date.isoformat(),
        "doi": material.registration.doi if material.registration else None,
        "sandbox": material.registration is not None and material.registration.sandbox,
        "settings": settings_shown(material.settings),
        "tools": tools(material.plan.engine, styled=STYLE in material.house),
        "fonts": {face.file: face.sha256 for face in material.plan.files},
        "files": {
            file.name: {"sha256": hashlib.sha256(file.data).hexdigest(), "bytes": len(file.data)}
            for file in sorted(files, key=lambda file: file.name)
        },
    }
    return (json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()


def settings_names() -> set[str]:
    """Return the names of the settings that a manifest holds."""
    return {*_SETTINGS, "paper", "style", "levels", "bibliography"}


def settings_shown(settings: Settings) -> dict[str, Any]:
    """Return the settings that show in the report; a check's level shows only when it is ignored."""
    ignored = {code: level for code, level in settings.levels.items() if level == "ignore"}
    levels = {code: level for code, level in ignored.items() if code not in ARTIFACT_CHECKS}
    style = settings.style.model_dump(mode="json", exclude={"paper"})
    if logo := settings.style.logo:
        style["logo"] = f"logo{logo.suffix.lower()}"  # by its name inside the report
    shown = settings.model_dump(mode="json", include=_SETTINGS)
    if settings.bibliography.style != HOUSE:
        shown["bibliography"] = {"style": STYLE}  # by its name inside the report
    return {**shown, "paper": settings.look.paper, "style": style, "levels": levels}


def tools(engine: str, *, styled: bool = False) -> Mapping[str, str]:
    """Name what a report's bytes depend on besides its inputs; ``styled`` where a CSL style wrote its references."""
    return {"engine": engine_version(engine), **_libraries(), **(style_processor() if styled else {})}


def style_processor() -> Mapping[str, str]:
    """Name what writes references in CSL styles, where it is installed."""
    return {STYLE_PROCESSOR: version(STYLE_PROCESSOR)} if find_spec("citeproc") else {}


@cache
def _libraries() -> Mapping[str, str]:
    """Return reportgen and what it needs on every system, by version; the needs of an extra do not count."""
    needs = (re.split(r"[^\w.-]", need)[0] for need in requires(DISTRIBUTION) or () if ";" not in need)
    return {"reportgen": __version__, **{name: version(name) for name in needs}}
