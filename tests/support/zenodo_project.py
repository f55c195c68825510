"""A project whose reports are deposited, and a builder that makes each different report once for all tests."""

from __future__ import annotations

import hashlib
import json
import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from minimal_record import claim, minimal
from reportgen.analysis.validation import registration_for
from reportgen.base.paths import write_atomically
from reportgen.delivery.zenodo import payload
from reportgen.pipeline import build
from reportgen.record import read_record
from reportgen.record.registration import lock_path, read_deposit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from reportgen.record.registration import Deposit

SETTINGS = """
license = "CC-BY-4.0"
[zenodo]
ai_statement = "A language model extracted the claims; people checked them."
"""
CLAIMS = [claim(sources=[{"url": "https://example.org/a"}])]
AUTHORS = [{"name": "Doe, Jane", "family": "Doe", "given": "Jane", "orcid": "0000-0002-1825-0097"}]
CORRECTION = {
    "event_id": "correction-1",
    "corrected_at": "2026-06-02",
    "correction_type": "METADATA",
    "public_note": "The title was misspelt.",
}


@dataclass(frozen=True)
class Project:
    """A folder with settings, and records that may be deposited."""

    root: Path

    @classmethod
    def lay_out(cls, root: Path, settings: str = SETTINGS) -> Project:
        (root / "records").mkdir(parents=True)
        (root / "reportgen.toml").write_text(settings)
        return cls(root)

    def write(self, name: str = "record.json", number: int = 1, **changes: Any) -> Path:
        """Write a record that could be published, with changes."""
        path = self.root / "records" / name
        given = {"id": f"{number:08x}-2222-4333-8444-555555555555", "claims": CLAIMS, "authors": AUTHORS}
        path.write_text(json.dumps(minimal(**{**given, **changes})))
        return path

    @property
    def pdfs(self) -> list[Path]:
        return sorted((self.root / "out").glob("*.pdf"))

    def texts(self) -> bytes:
        """Return the bytes of every file of the project, one after the other."""
        return b"\n".join(path.read_bytes() for path in self.root.rglob("*") if path.is_file())


def deposit_of(record: Path) -> Deposit:
    """Read the lock file of a record, which there must be."""
    deposit = read_deposit(lock_path(record))
    assert deposit is not None
    return deposit


def remember_reports(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Let each report that differs be made once, and its making be quick from then on."""
    make_report = remembering(build.make_report, folder)
    patch.setattr(build, "make_report", make_report)
    patch.setattr(payload, "make_report", make_report)


def remembering(make_report: Callable[..., build.Report], folder: Path) -> Callable[..., build.Report]:
    def make_once(path: Path, settings: Any, **options: Any) -> build.Report:
        registration, _ = registration_for(read_record(path))
        shown = settings.model_dump_json(exclude={"root", "bib", "lock", "output", "templates"})
        key = repr((path.read_bytes(), registration, shown, sorted(options.items())))
        kept = folder / hashlib.sha256(key.encode()).hexdigest()
        if not kept.exists():
            write_atomically(kept, pickle.dumps(make_report(path, settings, **options)))
        return pickle.loads(kept.read_bytes())

    return make_once
