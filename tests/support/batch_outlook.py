"""What a run over a project must come to, told from the files alone: the plainest reading of what is promised."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from batch_project import make_quickly
from reportgen.base.errors import Level
from reportgen.base.settings import find_settings
from reportgen.pipeline.batch.entries import read_entry
from reportgen.pipeline.batch.inputs import RecordSource, find_sources
from reportgen.pipeline.batch.state import STATE_FOLDER, STATE_SUFFIX, entry_file
from reportgen.pipeline.batch.worker import Result, Task
from reportgen.pipeline.outputs import report_name
from reportgen.record import read_record
from reportgen.record.head import read_head

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from batch_project import Project


def make_fully(task: Task) -> Result:
    """Build quickly, with a PDF that shows all that a report depends on."""
    result = make_quickly(task)
    if not result.name:
        return result
    loaded = read_record(task.source_path, raw=task.raw)
    claims = [claim.model_dump_json() for claim in loaded.record.claims]
    shown = [task.raw.decode(), claims, result.cited, task.settings.paper, task.settings.name_pattern]
    return replace(result, pdf=json.dumps(shown).encode())


MANY = (".jsonl", ".parquet")
"""Files of many records, which a run over a folder does not look for."""


@dataclass(frozen=True)
class Expected:
    """A record, and what a run must make of it: a PDF of this name and content, or a failure with these codes."""

    source: RecordSource
    id: str = ""
    version: str = ""
    name: str = ""
    pdf: bytes = b""
    codes: frozenset[str] = frozenset()

    @property
    def identity(self) -> tuple[str, str]:
        return self.id, self.version


class Outlook:
    """Tells what a run of a project must come to; ``build`` makes a report anew, and may know those it made."""

    def __init__(self, project: Project, build: Callable[[Task], Result]) -> None:
        self.project = project
        self._build = build
        self._made: dict[Any, Result] = {}

    @property
    def sources(self) -> list[RecordSource]:
        paths = sorted(self.project.records.rglob("*"))
        return find_sources([self.project.records, *(path for path in paths if path.suffix in MANY)])

    def expected(self) -> list[Expected]:
        """Return what each record must come to, in the order of the records."""
        read = [_read(source) for source in self.sources]
        count = Counter(each.identity for each in read if each.id)
        double = {identity for identity, number in count.items() if number > 1}
        owners: dict[str, Expected] = {}
        settings = find_settings(self.project.records)
        named = []
        for each in read:
            head = read_head(each.source.path, each.source.content()) if each.identity not in double else None
            named.append(replace(each, name=report_name(head, settings.name_pattern) if head else ""))
        for each in named:
            owner = owners.setdefault(each.name, each)
            kept = self.entry(each.name)
            if kept is not None and each.id == kept["id"] != owner.id:
                owners[each.name] = each
        return [self._of(each, double, owners) for each in named]

    def _of(self, each: Expected, double: set[tuple[str, str]], owners: dict[str, Expected]) -> Expected:
        if each.identity in double:
            return replace(each, codes=frozenset({"duplicate-id"}))
        if each.name and owners[each.name] is not each:
            return replace(each, name="", codes=frozenset({"name-taken"}))
        result = self._fresh(each.source)
        errors = (problem.code for problem in result.problems if problem.level is Level.ERROR)
        codes = frozenset() if result.name else frozenset(errors)
        assert result.name in {each.name, ""}
        return replace(each, name=result.name, pdf=result.pdf, codes=codes)

    def _fresh(self, source: RecordSource) -> Result:
        path, raw, root = source.path, source.content(), self.project.root
        claims = path.parent / "claims.csv"
        around = (root / "reportgen.toml", root / "bib" / "a.bib", claims)
        key = (path, raw, *(each.read_bytes() if each.exists() else b"" for each in around))
        if key not in self._made:
            self._made[key] = self._build(Task(path, raw, find_settings(path.parent)))
        return self._made[key]

    def entry(self, pdf: str) -> dict[str, Any] | None:
        """Return what the state says of a PDF, where it says anything that is whole."""
        try:
            content = entry_file(self.project.out, pdf).read_bytes()
            read_entry(content)  # which knows the seal of one that was written as a whole
            found = json.loads(content)
            return found if found["pdf"] == pdf else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def entries(self) -> dict[str, dict[str, Any]]:
        """Return what the state says, by the names of the PDFs."""
        files = (self.project.out / STATE_FOLDER).glob(f"*{STATE_SUFFIX}")
        names = (f"{path.name.removesuffix(STATE_SUFFIX)}.pdf" for path in files)
        return {name: found for name in names if (found := self.entry(name))}

    def is_known(self, pdf: str) -> bool:
        """Tell whether a PDF lies there as the state says."""
        entry, path = self.entry(pdf), self.project.out / pdf
        return (
            bool(entry) and path.exists() and entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        )

    def must_be_built(self, each: Expected) -> bool:
        """Tell whether the report that lies there is another one than a fresh one, or not known as this record's."""
        if not each.name or not self.is_known(each.name):
            return bool(each.name)
        of_it = self.entry(each.name)["id"] == each.id
        return not of_it or (self.project.out / each.name).read_bytes() != each.pdf

    def state(self) -> dict[str, bytes]:
        """Return every file of the state with its bytes."""
        return contents(self.project.out / STATE_FOLDER)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@cache
def _parsed(text: bytes, is_yaml: bool) -> Any:
    try:
        return yaml.safe_load(text) if is_yaml else json.loads(text)
    except (ValueError, yaml.YAMLError):
        return None


def parsed(path: Path, text: bytes) -> Any:
    """Read the text of a record; None where it is none."""
    value = _parsed(text, path.suffix == ".yaml")
    return dict(value) if isinstance(value, dict) else None


def _read(source: RecordSource) -> Expected:
    value = parsed(source.path, source.content())
    return Expected(source, value["id"], value.get("version", "1")) if value else Expected(source)
