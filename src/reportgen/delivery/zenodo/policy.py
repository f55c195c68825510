"""The check before publication, and the number of publications allowed in a day.

`docs/explanation/zenodo-policy.md` says what is asked and why.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.analysis.checks import apply_levels
from reportgen.analysis.checks.verdicts import looks_like_machine
from reportgen.analysis.derive import CorrectionState
from reportgen.base.errors import Level, Problem, Where
from reportgen.base.policy import UNNAMED
from reportgen.delivery.zenodo.vocabulary import licence_id
from reportgen.record.model import GateStatus
from reportgen.record.registration import TEST_PREFIX, is_sandbox, read_deposit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.analysis.derive import Derived
    from reportgen.base.settings import Settings
    from reportgen.record.model import Record
    from reportgen.record.registration import Deposit

WINDOW = dt.timedelta(hours=24)

ALWAYS = frozenset(
    {
        "zenodo-creator-is-machine",
        "zenodo-no-ai-statement",
        "zenodo-no-doi",
        "zenodo-no-publisher",
        "zenodo-sandbox-doi",
        "zenodo-other-version",
        "zenodo-daily-cap",
    }
)
"""The codes whose level no setting changes."""


def prepublication_check(
    record: Record, derived: Derived, settings: Settings, deposit: Deposit, moment: str
) -> list[Problem]:
    """Find what a person must settle before a report is published, as errors, or should know, as warnings.

    ``moment`` is now, as ISO 8601 with time zone. What the settings' levels say of a code holds, but for those
    in `ALWAYS`.

    Raises:
        RecordError: a lock file below the folder of the settings is broken, so that the day cannot be counted.

    """
    found = [
        *_responsibility(record, settings),
        *_deposit(record, deposit),
        *_rights(record.license or settings.license),
        *_standing(record, derived),
        *_daily_cap(settings, deposit, dt.datetime.fromisoformat(moment)),
    ]
    kept = [problem for problem in found if problem.code in ALWAYS]
    return kept + apply_levels((problem for problem in found if problem.code not in ALWAYS), settings.levels)


def _responsibility(record: Record, settings: Settings) -> Iterator[Problem]:
    """Ask for people or organisations as creators, and for their own words on the use of AI."""
    pointer = "/authors"
    for index, author in enumerate(record.authors or settings.authors):
        if looks_like_machine(author.name, record.generator):
            message = f"“{author.name}” looks like an AI system, and those cannot be creators"
            hint = (
                "name the people or the organisation that answer for it; the machine belongs in `generator`"
            )
            yield _error("creator-is-machine", f"{pointer}/{index}/name", message, hint)
    if settings.publisher.name == UNNAMED:
        hint = "give its `name` under [publisher] in reportgen.toml"
        yield _error("no-publisher", "", "no publisher is named", hint)
    elif not (record.authors or settings.authors):
        message = f"no author is named, so the creator is the publisher, {settings.publisher.name}"
        hint = "where people worked on it, name them in `authors`, with affiliation and ORCID"
        yield _warning("creator-is-publisher", pointer, message, hint)
        if looks_like_machine(settings.publisher.name, record.generator):
            message = f"the publisher, “{settings.publisher.name}”, looks like an AI system"
            hint = "name the people who answer for it in `authors`"
            yield _error("creator-is-machine", pointer, message, hint)
    in_record = (record.generator and record.generator.statement) or record.ai_use
    if not (in_record or settings.zenodo.ai_statement.strip()):
        message = "nothing says in your words how AI was used and what people did"
        hint = (
            "write it into the record's generator.statement, or for all records into ai_statement of [zenodo]"
        )
        yield _error("no-ai-statement", "/generator/statement", message, hint)


def _deposit(record: Record, deposit: Deposit) -> Iterator[Problem]:
    if not deposit.doi:
        hint = "`reportgen zenodo reserve`, then `upload`: the report prints its DOI"
        yield _error("no-doi", "", "no DOI is reserved, so the report prints none", hint)
    if deposit.doi.startswith(TEST_PREFIX) and not is_sandbox(deposit.host, ""):
        message = f"the DOI {deposit.doi} is one of a sandbox, and {deposit.host} is none"
        hint = "remove the lock file and reserve a DOI there"
        yield _error("sandbox-doi", "", message, hint)
    if deposit.version != record.version:
        message = f"the deposit is of version {deposit.version}, the record is version {record.version}"
        hint = "`reportgen zenodo new-version` begins the deposit of this version"
        yield _error("other-version", "/version", message, hint)


def _rights(licence: str | None) -> Iterator[Problem]:
    if licence is None:
        hint = "state `license` in the record or in reportgen.toml, such as CC-BY-4.0"
        yield _error("no-licence", "/license", "no licence says what readers may do with the report", hint)
    elif licence_id(licence) is None:
        message = f"the licence {licence} is sent as text: it is not among those that the repository lists"
        yield _warning("licence-unlisted", "/license", message, "check its SPDX id")


def _standing(record: Record, derived: Derived) -> Iterator[Problem]:
    """Look at what the report itself says of its worth."""
    if derived.tier and derived.tier.tier == "QUARANTINE_CANDIDATE":
        message = "the report's own tier is that of a quarantine candidate: its review score is below 5"
        hint = "keep it as a draft; who publishes it all the same lowers the level of this code in reportgen.toml"
        yield _error("quarantined", "/review/score", message, hint)
    if derived.correction.state is CorrectionState.SUPERSEDED:
        message = f"the report is superseded by {record.superseded_by}"
        yield _error("superseded", "/superseded_by", message, "publish the report that replaces it")
    if derived.correction.state is CorrectionState.RETRACTED:
        message = "the report is retracted"
        yield _error(
            "retracted", "/corrections", message, "a report that was never published needs no retraction"
        )
    if derived.gate and derived.gate.status is GateStatus.FALSIFIED:
        message = "the verification gate found the result false; the report and its description say so"
        yield _warning("falsified", "/gate/status", message, "publish it as a negative result, or not at all")
    if derived.gate is None or derived.gate.status is GateStatus.UNVERIFIED:
        gate = "the gate is UNVERIFIED" if derived.gate else "the record names no gate"
        level = f", the level L{derived.level.number}" if derived.level else ""
        message = f"nothing of it was verified: {gate}{level}"
        hint = (
            "Zenodo does not take AI output without a research basis that can be verified; a person decides"
        )
        yield _warning("unverified", "/gate/status", message, hint)
    if not derived.claims.extracted and not record.has_text:
        message = "the report has no claims and no text of its own"
        hint = "a deposit that holds an abstract only counts as misuse"
        yield _error("no-content", "/claims", message, hint)


def _daily_cap(settings: Settings, deposit: Deposit, now: dt.datetime) -> Iterator[Problem]:
    counted = publications(settings.root, deposit.host, now)
    if len(counted) >= settings.zenodo.daily_cap:
        message = (
            f"{len(counted)} reports were published at {deposit.host} in the last 24 hours, and daily_cap is "
            f"{settings.zenodo.daily_cap}"
        )
        again = (min(counted) + WINDOW).isoformat(timespec="minutes") if counted else ""
        when = f"the next may follow after {again}; " if again else ""
        yield _error("daily-cap", "", message, f"{when}the cap is daily_cap in [zenodo] of reportgen.toml")


def publications(folder: Path, host: str, now: dt.datetime) -> list[dt.datetime]:
    """Return the moments of the last 24 hours at which reports of a folder were published at a repository.

    They stand in the lock files, which belong under version control with the records: so a desk and a CI
    count alike.

    Raises:
        RecordError: a lock file is broken.

    """
    found = []
    for path in _lock_files(folder):
        deposit = read_deposit(path)
        if deposit is not None and deposit.host == host:
            moments = (deposit.published_at, *deposit.published_before)
            found += [dt.datetime.fromisoformat(moment) for moment in moments if moment]
    return [moment for moment in found if now - WINDOW < moment]


def _lock_files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent) / name for name in names if name.endswith(".zenodo.json"))


def _error(code: str, pointer: str, message: str, hint: str) -> Problem:
    return Problem(f"zenodo-{code}", Level.ERROR, Where(pointer=pointer), message, hint)


def _warning(code: str, pointer: str, message: str, hint: str) -> Problem:
    return Problem(f"zenodo-{code}", Level.WARNING, Where(pointer=pointer), message, hint)
