"""Publishing: for good, so everything is looked at again right before it, and read back after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.errors import Level, PolicyError
from reportgen.base.foreign import read_foreign
from reportgen.delivery.zenodo.answers import Draft
from reportgen.delivery.zenodo.deposit import UPLOAD, StepOutcome, outcome_of
from reportgen.delivery.zenodo.lock import alone
from reportgen.delivery.zenodo.payload import formats_among, make_payload
from reportgen.delivery.zenodo.policy import prepublication_check
from reportgen.delivery.zenodo.reconcile import changes, differing_files, settled, standing
from reportgen.record.registration import Checksum, Stage
from reportgen.sources.lock import item_sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.base.errors import Problem
    from reportgen.delivery.zenodo.deposit import Case
    from reportgen.delivery.zenodo.payload import Payload
    from reportgen.delivery.zenodo.repository import Repository


def publish(case: Case, repository: Repository, moment: str) -> StepOutcome:
    """Publish what was uploaded, if nothing has changed since, here or in the repository.

    ``moment`` is now, as ISO 8601 with time zone.

    Raises:
        PolicyError: the check before publication found what must be settled, or today's number is reached.
        RepositoryError: something has changed since the upload, or the repository refuses.
        ReportgenError: the record cannot be compiled, or a file cannot be written.

    """
    with alone(case.settings.root):
        return _published(case, repository, moment)


def _published(case: Case, repository: Repository, moment: str) -> StepOutcome:
    case.require_version()
    found = standing(case, repository)
    if not isinstance(found, Draft):
        return _published_already(settled(case, found, moment), repository)
    if case.known.stage is not Stage.UPLOADED:
        raise case.refused("not-uploaded", "not all of the report is uploaded", UPLOAD)
    problems = _policy(case, moment)
    payload = make_payload(case.loaded, case.settings, formats_among(case.known.files))
    _require_same(case, _changes_here(case, payload), UPLOAD)
    # Asked for again: compiling takes a while, and this is the last look before it counts.
    draft = standing(case, repository)
    if not isinstance(draft, Draft):
        return _published_already(settled(case, draft, moment), repository)
    hint = f"look at the draft; {UPLOAD} to bring back what was uploaded"
    document = case.metadata(payload.report)
    _require_same(case, changes(case, document, draft, repository.files(draft.id)), hint)
    case = settled(case, repository.publish(draft.id), moment)
    _read_back(case, repository)
    done = (f"published {case.known.doi}",)
    return outcome_of(case, done, (*problems, *payload.problems), pdf=payload.place)


def _published_already(case: Case, repository: Repository) -> StepOutcome:
    _read_back(case, repository)
    return outcome_of(case, ("nothing to do: published already",))


def _policy(case: Case, moment: str) -> tuple[Problem, ...]:
    problems = prepublication_check(case.record, case.derived, case.settings, case.known, moment)
    if any(problem.level is Level.ERROR for problem in problems):
        raise PolicyError(problems)
    return tuple(problems)


def _changes_here(case: Case, payload: Payload) -> Iterator[str]:
    """Say what has changed on this machine since the upload."""
    wanted = payload.checksums
    for name in sorted(wanted.keys() | case.known.files.keys()):
        if wanted.get(name) != case.known.files.get(name):
            yield f"compiling now gives {'another' if name in wanted else 'no'} {name}"
    if payload.place and not is_copy(payload.place, case.known.files.get(payload.report)):
        yield f"{payload.place} is not the file that was uploaded"
    if item_sha256(case.metadata(payload.report)) != case.known.metadata:
        yield "the metadata would be others now"


def is_copy(place: Path, uploaded: Checksum | None) -> bool:
    """Tell whether what lies in the output folder, which may have come with the project, is what was uploaded."""
    try:
        most = uploaded.size if uploaded else 0
        return uploaded == Checksum.of(read_foreign(place, root=place.parent, most_bytes=most))
    except OSError:
        return False


def _require_same(case: Case, differences: Iterator[str], hint: str) -> None:
    if said := list(differences):
        message = f"something has changed since the upload, so nothing was published: {'; '.join(said)}"
        raise case.refused("changed-since-upload", message, hint)


def _read_back(case: Case, repository: Repository) -> None:
    differences = differing_files(case.known.files, repository.published_files(case.known.draft))
    if differences:
        message = f"{case.known.doi} is published, but {'; '.join(differences)}"
        hint = "look at the record; a mistake is corrected by a new version"
        raise case.refused("published-differs", message, hint)
