"""The two steps that only read: ``status`` and ``plan``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.delivery.zenodo.answers import Draft
from reportgen.delivery.zenodo.deposit import StepOutcome, outcome_of
from reportgen.delivery.zenodo.payload import make_payload
from reportgen.delivery.zenodo.reconcile import changes, checksums, differing_files, standing
from reportgen.record.registration import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.delivery.zenodo.answers import Published
    from reportgen.delivery.zenodo.deposit import Case
    from reportgen.delivery.zenodo.repository import Repository
    from reportgen.record.registration import Deposit

UNASKED = "the repository was not asked: there is no token"


def plan(case: Case, repository: Repository | None) -> StepOutcome:
    """Say what reserve and upload would do, and give the metadata as it would be sent; nothing is changed.

    Without a repository it goes by the lock file alone, and says so.

    Raises:
        ReportgenError: the record cannot be compiled, or the repository cannot be asked.

    """
    case.require_sound()
    deposit = case.deposit
    if deposit is None:
        first = "would make a draft and reserve a DOI, unless a draft of this record is found"
        then = "would compile the PDF with that DOI, and upload it with the record and its sources"
        return _planned(case, [first, then], repository, "")
    if deposit.version != case.record.version:
        step = f"would begin version {case.record.version} after version {deposit.version} with new-version"
        return _planned(case, [step], repository, "")
    if not deposit.doi:
        return _planned(case, ["would reserve a DOI, compile the PDF with it, and upload"], repository, "")
    payload = make_payload(case.loaded, case.settings, case.formats)
    found = standing(case, repository) if repository else None
    if deposit.stage is Stage.PUBLISHED or (found is not None and not isinstance(found, Draft)):
        return _planned(case, ["published; a change needs a new version"], repository, payload.report)
    there = checksums(repository.files(deposit.draft)) if repository else deposit.files
    wanted = payload.checksums
    steps = [f"would upload {name}" for name in wanted if there.get(name) != wanted[name]]
    left = sorted((there.keys() & deposit.files.keys()) - wanted.keys())
    steps += [f"would delete {name}" for name in left]
    return _planned(case, steps or ["would upload nothing: the files are there"], repository, payload.report)


def _planned(case: Case, steps: list[str], repository: Repository | None, report: str) -> StepOutcome:
    said = (*steps, *(() if repository else (UNASKED,)))
    return outcome_of(case, said, metadata=case.metadata(report))


def status(case: Case, repository: Repository | None) -> StepOutcome:
    """Say where the deposit stands in the repository, and how that differs from the lock file; nothing is changed.

    Raises:
        RepositoryError: the repository cannot be asked, or the draft is gone.

    """
    deposit = case.deposit
    if deposit is None:
        return outcome_of(case, ("nothing reserved",))
    if repository is None:
        return outcome_of(case, (*_of_lock(case, deposit), UNASKED))
    said = [*_of_lock(case, deposit), *_of_repository(case, repository, standing(case, repository))]
    return outcome_of(case, tuple(said))


def _of_lock(case: Case, deposit: Deposit) -> Iterator[str]:
    words = {
        Stage.CREATED: f"draft {deposit.draft}, no DOI reserved yet",
        Stage.RESERVED: f"{deposit.doi} reserved; the upload is not complete",
        Stage.UPLOADED: f"{deposit.doi} reserved, {len(deposit.files)} files uploaded",
        Stage.PUBLISHED: f"{deposit.doi} published",
    }
    yield words[deposit.stage]
    if deposit.version != case.record.version:
        yield f"this is of version {deposit.version}; the record is of version {case.record.version}"


def _of_repository(case: Case, repository: Repository, found: Draft | Published) -> Iterator[str]:
    deposit = case.known
    if not isinstance(found, Draft):
        if deposit.stage is not Stage.PUBLISHED:
            yield "the repository has published it since; run publish to note that"
        yield from differing_files(deposit.files, repository.published_files(found.id))
    elif deposit.stage is Stage.PUBLISHED:
        yield "the repository has only a draft, though the lock file says that it is published"
    elif deposit.stage is Stage.UPLOADED and deposit.version == case.record.version:
        report = next((name for name in deposit.files if name.endswith(".pdf")), "")
        yield from changes(case, case.metadata(report), found, repository.files(found.id))
