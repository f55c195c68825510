"""Many records: each is brought as far as it can be without a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.delivery.zenodo.publication import publish
from reportgen.delivery.zenodo.steps import new_version, upload
from reportgen.record.registration import Stage, read_deposit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.delivery.zenodo.deposit import Case, StepOutcome
    from reportgen.delivery.zenodo.repository import Repository


def sync(
    case: Case,
    repository: Repository,
    moment: str,
    taken: Mapping[Path, Path],
    *,
    publishing: bool = False,
) -> StepOutcome:
    """Reserve, compile and upload; begin a new version where the record has one; publish only where told to.

    Raises:
        ReportgenError: as the steps.

    """
    done: tuple[str, ...] = ()
    deposit = case.deposit
    if deposit and deposit.stage is Stage.PUBLISHED and deposit.version != case.record.version:
        done = new_version(case, repository, moment).done
        case = _reread(case)
    outcome = upload(case, repository, moment, taken)
    if publishing and outcome.stage is not Stage.PUBLISHED:
        done = (*done, *outcome.done)
        outcome = publish(_reread(case), repository, moment)
    return replace(outcome, done=(*done, *outcome.done))


def _reread(case: Case) -> Case:
    return replace(case, deposit=read_deposit(case.lock))
