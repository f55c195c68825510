"""Records, settings and deposits that the check before publication looks at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from explained_examples import BASE
from reportgen.analysis.derive import derive
from reportgen.base.settings import find_settings
from reportgen.delivery.zenodo.policy import prepublication_check
from reportgen.record import read_record
from reportgen.record.registration import Deposit

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.base.errors import Problem
    from reportgen.explanations import Explanation

HOUSE = '[policy]\nname = "assignee"\n'  # with quality tiers
MOMENT = "2026-11-20T12:00:00+00:00"
SOUND = BASE | {
    "authors": [{"name": "Doe, Jane"}],
    "license": "CC-BY-4.0",
    "generator": {"name": "Example Model", "statement": "It extracted the claims; Jane Doe checked each."},
    "review": {"score": 7.0},
    "gate": {"status": "VERIFIED", "artifacts": [{"type": "log", "path": "run.log", "sha256": "0" * 64}]},
}
"""A record that may be published."""


def found(
    folder: Path, settings: str = HOUSE, doi: str = "10.5281/zenodo.7", **changes: object
) -> list[Problem]:
    """Check the sound record, changed, before it is published at Zenodo."""
    path = folder / "record.json"
    given = {name: value for name, value in {**SOUND, **changes}.items() if value is not None}
    path.write_text(json.dumps(given), encoding="utf-8")
    (folder / "reportgen.toml").write_text(settings, encoding="utf-8")
    record, used = read_record(path).record, find_settings(folder)
    derived = derive(record, used.id_prefix, used.tier_claims, used.policy)
    deposit = Deposit("https://zenodo.org/api", str(record.id), "1", "7", doi=doi)
    return prepublication_check(record, derived, used, deposit, MOMENT)


def before_publication(wrong: bool, tmp_path: Path, explanation: Explanation) -> list[Problem]:
    text = explanation.example.wrong if wrong else explanation.example.right
    if explanation.example.kind == "settings":
        return found(tmp_path, text)
    return found(tmp_path, **json.loads(text))


def doi_of_a_sandbox(wrong: bool, tmp_path: Path) -> list[Problem]:
    return found(tmp_path, doi="10.5072/zenodo.7" if wrong else "10.5281/zenodo.7")
