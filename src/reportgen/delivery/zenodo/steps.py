"""The steps of a deposit. Each reads what the repository has, goes on from there, and may be stopped anywhere."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, RecordError, RepositoryError, UnknownOutcomeError
from reportgen.delivery.zenodo.answers import Draft
from reportgen.delivery.zenodo.deposit import RESERVE, StepOutcome, blank, outcome_of
from reportgen.delivery.zenodo.metadata import marker_of
from reportgen.delivery.zenodo.payload import build_payload, formats_among, make_payload
from reportgen.delivery.zenodo.publication import publish
from reportgen.delivery.zenodo.reconcile import (
    differing_fields,
    differing_files,
    find_again,
    find_published,
    settled,
    standing,
)
from reportgen.record.registration import Stage, read_deposit
from reportgen.sources.lock import item_sha256

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.base.errors import Problem
    from reportgen.delivery.zenodo.deposit import Case
    from reportgen.delivery.zenodo.payload import Payload
    from reportgen.delivery.zenodo.repository import Repository


def reserve(case: Case, repository: Repository, moment: str) -> StepOutcome:
    """Make a draft, reserve its DOI and write both into the lock file; what is there already stays.

    ``moment`` is now, as ISO 8601 with time zone.

    Raises:
        RecordError: the record could not be compiled, or names a DOI of its own.
        RepositoryError: the repository refuses, or the draft of the lock file is gone.
        OutputError: the lock file cannot be written.

    """
    case, done = _reserved(case, repository, moment)
    return outcome_of(case, done or ("nothing to do",))


def _reserved(case: Case, repository: Repository, moment: str) -> tuple[Case, tuple[str, ...]]:
    done: tuple[str, ...] = ()
    if case.deposit is None:
        case.require_sound()
        case, done = _begun(case, repository)
    found = standing(case, repository)
    if not isinstance(found, Draft):
        case = settled(case, found, moment)
        case.require_version()
        return case, done
    case = _of_this_version(case)
    deposit = case.known
    doi = found.doi or repository.reserve(deposit.draft)
    if deposit.doi and doi != deposit.doi:
        message = f"the draft {deposit.draft} has the DOI {doi}, and the lock file says {deposit.doi}"
        hint = "somebody has changed it in the repository; put the DOI of the lock file back there"
        raise case.refused("other-doi", message, hint)
    if not found.doi:
        done = (*done, f"reserved {doi}")
    stage = Stage.RESERVED if deposit.stage is Stage.CREATED else deposit.stage
    return case.changed(doi=doi, parent=found.parent or deposit.parent, stage=stage), done


def _of_this_version(case: Case) -> Case:
    """Let a draft follow its record to another version: what was never published may change."""
    deposit = case.known
    if deposit.version == case.record.version:
        return case
    stage = Stage.RESERVED if deposit.stage is Stage.UPLOADED else deposit.stage
    return case.changed(version=case.record.version, stage=stage)


def _begun(case: Case, repository: Repository) -> tuple[Case, tuple[str, ...]]:
    hold = case.hold
    assert hold is not None  # noqa: S101 - for mypy: a step that writes holds its record
    found = find_again(case, repository)
    if found is not None:
        hold.answered()
        return case.kept(found), (f"found the deposit {found.draft} again",)
    if case.record.doi:
        message = f"the record names a DOI of its own, {case.record.doi}, and a report has one"
        hint = "take `doi` out of the record to have one reserved"
        raise RecordError([case.deposit_problem("doi-given", message, hint, Level.ERROR)])
    hold.ask()
    try:
        draft = repository.create(case.metadata(), marker=marker_of(case.record))
    except RepositoryError as error:
        if not isinstance(error, UnknownOutcomeError):
            hold.answered()
        raise
    case = case.kept(replace(blank(case), draft=draft.id, parent=draft.parent))
    hold.answered()
    if draft.refused:
        raise RepositoryError(draft.refused)
    return case, (f"made the draft {draft.id}",)


def upload(
    case: Case, repository: Repository, moment: str, taken: Mapping[Path, Path] = MappingProxyType({})
) -> StepOutcome:
    """Compile the report with its reserved DOI, and bring it, its sources and its metadata into the draft.

    ``taken`` are the PDFs already written in this run, with their records.

    Raises:
        ReportgenError: the record cannot be compiled, the repository refuses, or a file cannot be written.

    """
    case, done = _reserved(case, repository, moment)
    payload = build_payload(case.loaded, case.settings, case.formats, taken)
    _require_doi(case, payload)
    if case.known.stage is Stage.PUBLISHED:
        return _unchanged_since_publication(case, repository, payload)
    case, sent = _files_sent(case, repository, payload)
    case, saved = _metadata_saved(case, repository, payload)
    there = repository.files(case.known.draft)
    wrong = differing_files(payload.checksums, {name: there[name] for name in there if name in payload.files})
    if wrong:
        raise case.refused("upload-differs", f"after the upload, {'; '.join(wrong)}", "run the command again")
    case = case.changed(files=MappingProxyType(payload.checksums), stage=Stage.UPLOADED)
    done = (*done, *sent, *saved) or ("nothing to do: files and metadata are unchanged",)
    strangers = tuple(_stranger(case, name) for name in sorted(there.keys() - payload.files.keys()))
    return outcome_of(case, done, (*payload.problems, *strangers), pdf=payload.place)


def _require_doi(case: Case, payload: Payload) -> None:
    if payload.doi != case.known.doi:
        message = f"the PDF carries the DOI {payload.doi or 'none'}, and {case.known.doi} is reserved"
        raise case.refused("pdf-doi", message, "compile it anew with the lock file beside the record")


def _unchanged_since_publication(case: Case, repository: Repository, payload: Payload) -> StepOutcome:
    differences = differing_files(payload.checksums, repository.published_files(case.known.draft))
    if differences:
        message = f"version {case.record.version} is published, and the record gives other files now"
        hint = "a published version stays as it is: raise `version` in the record, then run new-version"
        raise case.refused("published", message, hint)
    return outcome_of(case, ("nothing to do: published, and unchanged",), payload.problems, pdf=payload.place)


def _files_sent(case: Case, repository: Repository, payload: Payload) -> tuple[Case, tuple[str, ...]]:
    number = case.known.draft
    there = repository.files(number)
    wanted = payload.checksums
    missing = [name for name in wanted if there.get(name) != wanted[name]]
    left = sorted((there.keys() & case.known.files.keys()) - wanted.keys())
    if missing or left:
        # Written before they are sent, so that a file is known as ours whenever this is stopped.
        names = MappingProxyType({**case.known.files, **wanted})
        case = case.changed(files=names, stage=Stage.RESERVED)
    for name in left:
        repository.delete_file(number, name)
    for name in missing:
        repository.upload(number, name, payload.files[name])
    done = [f"uploaded {name}" for name in missing] + [f"deleted {name}" for name in left]
    return case, tuple(done)


def _metadata_saved(case: Case, repository: Repository, payload: Payload) -> tuple[Case, tuple[str, ...]]:
    document = case.metadata(payload.report)
    draft = standing(case, repository)
    if not isinstance(draft, Draft):
        raise case.refused("published", "the draft was published while files were sent", "run status")
    sent = item_sha256(document)
    if sent == case.known.metadata and not differing_fields(document["metadata"], draft.metadata):
        return case, ()
    case = case.changed(stage=Stage.RESERVED)
    repository.save(draft.id, document, revision=draft.revision)
    return case.changed(metadata=sent), ("sent the metadata",)


def _stranger(case: Case, name: str) -> Problem:
    message = f"the draft has a file that reportgen did not put there: {name}"
    return case.deposit_problem(
        "foreign-file", message, "delete it in the repository; until then publish refuses"
    )


def new_version(case: Case, repository: Repository, moment: str) -> StepOutcome:
    """Open the draft of the record's new version, reserve its DOI and turn the lock file to it.

    Raises:
        RecordError: the record has changed, but not its ``version``.
        RepositoryError: no version is published yet, or the repository refuses.
        OutputError: the lock file cannot be written.

    """
    if case.deposit is None:
        found = find_again(case, repository)
        if found is None:
            raise case.refused("not-reserved", "nothing has been deposited of this record", RESERVE)
        case = case.kept(found)
    deposit = case.known
    if deposit.stage is not Stage.PUBLISHED and deposit.previous and deposit.version == case.record.version:
        return reserve(case, repository, moment)
    found_now = standing(case, repository)
    if isinstance(found_now, Draft):
        message = f"version {deposit.version} is a draft still, and a new version follows a published one"
        hint = "run `reportgen zenodo upload RECORD`: the draft follows its record"
        raise case.refused("not-published", message, hint)
    case = settled(case, found_now, moment)
    if case.record.version == deposit.version:
        return _no_new_version(case, repository)
    case.require_sound()
    draft = repository.new_version(deposit.draft)
    before = case.known
    turned = replace(
        blank(case),
        draft=draft.id,
        parent=draft.parent,
        previous=(*before.previous, before.doi),
        published_before=(*before.published_before, before.published_at),
    )
    case, done = _reserved(case.kept(turned), repository, moment)
    # The draft has come with the metadata of the version before.
    again = standing(case, repository)
    if isinstance(again, Draft):
        repository.save(again.id, case.metadata(), revision=again.revision)
    begun = f"began version {case.record.version} as the draft {draft.id}"
    return outcome_of(case, (begun, *done))


def _no_new_version(case: Case, repository: Repository) -> StepOutcome:
    payload = make_payload(case.loaded, case.settings, formats_among(case.known.files))
    if differing_files(payload.checksums, repository.published_files(case.known.draft)):
        message = f"the record has changed since version {case.record.version} was published"
        hint = "raise `version` in the record, then run new-version again"
        raise RecordError([case.deposit_problem("same-version", message, hint, Level.ERROR)])
    return outcome_of(case, ("nothing to do: published, and unchanged",), payload.problems)


def discard(case: Case, repository: Repository) -> StepOutcome:
    """Delete a draft that was never published, and then the lock file.

    A draft of a new version gives way to the published version before it.

    Raises:
        RepositoryError: the record is published, or the repository refuses.
        OutputError: the lock file cannot be written.

    """
    deposit = case.known
    draft = repository.draft(deposit.draft)
    if (draft is not None and draft.published) or repository.published(deposit.draft) is not None:
        message = f"{deposit.doi} is published, and that cannot be taken back"
        raise case.refused("published", message, "a mistake is corrected by a new version")
    if draft is not None:
        repository.discard(deposit.draft)
    done = (
        f"deleted the draft {deposit.draft}" if draft else f"forgot the draft {deposit.draft}, which was gone"
    )
    before = find_published(case, repository) if deposit.previous else None
    return outcome_of(case.kept(before) if before else case.forgotten(), (done,))


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
