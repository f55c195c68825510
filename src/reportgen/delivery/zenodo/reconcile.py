"""The repository's truth against the lock file: which draft is ours, and what differs."""

from __future__ import annotations

import time
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reportgen.delivery.zenodo.deposit import blank
from reportgen.delivery.zenodo.metadata import marker_of
from reportgen.record.registration import Deposit, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.delivery.zenodo.answers import Draft, Published
    from reportgen.delivery.zenodo.deposit import Case
    from reportgen.delivery.zenodo.repository import Repository
    from reportgen.record.registration import Checksum

INDEX_LAG = 90.0
"""Seconds after which the repository's index has surely seen a draft."""


def find_again(case: Case, repository: Repository) -> Deposit | None:
    """Look for a deposit of this record that no lock file names; None where there is none.

    Where an earlier command was stopped a moment ago while it asked for a draft, the search goes on until the
    repository's index must know of it.

    Raises:
        RepositoryError: the repository cannot be asked.

    """
    marker = marker_of(case.record)
    published = repository.find_published(marker)
    drafts = []
    for hit in repository.find_drafts(marker):
        # The index lags: what it calls a draft may be deleted or published by now.
        draft = repository.draft(hit.id)
        if draft is not None and not draft.published:
            drafts.append(draft)
        elif (record := repository.published(hit.id)) is not None:
            published.insert(0, record)
    if drafts:
        # Of two, the older is the one whose DOI may have been printed.
        return _deposit_of_draft(case, drafts[-1], published)
    if published:
        return _deposit_of_record(case, repository, published)
    asked_at = case.hold.asked_at if case.hold else None
    if asked_at is not None and time.time() - asked_at < INDEX_LAG:
        late = repository.await_draft(marker)
        return _deposit_of_draft(case, late, published) if late else None
    return None


def find_published(case: Case, repository: Repository) -> Deposit | None:
    """Look for the newest published version of this record; None where there is none.

    Raises:
        RepositoryError: the repository cannot be asked.

    """
    published = repository.find_published(marker_of(case.record))
    return _deposit_of_record(case, repository, published) if published else None


def _deposit_of_draft(case: Case, draft: Draft, published: Sequence[Published]) -> Deposit:
    stage = Stage.RESERVED if draft.doi else Stage.CREATED
    return replace(_deposit_of(case, draft, published), stage=stage)


def _deposit_of_record(case: Case, repository: Repository, published: Sequence[Published]) -> Deposit:
    newest, *earlier = published
    files = checksums(repository.published_files(newest.id))
    return replace(_deposit_of(case, newest, earlier), stage=Stage.PUBLISHED, files=files)


def _deposit_of(case: Case, found: Draft | Published, published: Sequence[Published]) -> Deposit:
    earlier = [each.doi for each in reversed(published) if each.doi and each.parent == found.parent]
    return replace(
        blank(case),
        version=found.version or case.record.version,
        draft=found.id,
        parent=found.parent,
        doi=found.doi,
        previous=tuple(earlier),
    )


def standing(case: Case, repository: Repository) -> Draft | Published:
    """Read what the repository has under the number in the lock file: an open draft, or the published record.

    Raises:
        RepositoryError: there is neither, so somebody has deleted it.

    """
    deposit = case.known
    draft = repository.draft(deposit.draft)
    if draft is not None and not draft.published:
        return draft
    published = repository.published(deposit.draft)
    if published is not None:
        return published
    message = f"the draft {deposit.draft} is gone from {deposit.host}: somebody has deleted it"
    if deposit.doi:
        message += f", and {deposit.doi} will never be registered"
    hint = "hand out no PDF that carries that DOI; `reportgen zenodo discard RECORD --yes` forgets the draft"
    raise case.refused("draft-gone", message, hint)


def checksums(files: Mapping[str, Checksum | None]) -> Mapping[str, Checksum]:
    """Return the checksums of the files that are in the repository as a whole."""
    return MappingProxyType({name: file for name, file in files.items() if file})


def differing_files(wanted: Mapping[str, Checksum], there: Mapping[str, Checksum | None]) -> list[str]:
    """Say in words how the files in the repository differ from those that should be there."""
    said = []
    for name in sorted(wanted.keys() | there.keys()):
        if name not in there:
            said.append(f"the file {name} is missing")
        elif name not in wanted:
            said.append(f"the file {name} was added by somebody else")
        elif there[name] is None:
            said.append(f"the file {name} has not arrived as a whole")
        elif there[name] != wanted[name]:
            said.append(f"the file {name} is another one than was uploaded")
    return said


def differing_fields(sent: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    """Name the fields of the metadata that are not as they were sent; what the repository adds to one is fine."""
    names = [name for name in sent if not _holds(there.get(name), sent[name])]
    return sorted({*names, *(there.keys() - sent.keys())})


def _holds(there: Any, sent: Any) -> bool:
    """Tell whether a value has all of the one that was sent."""
    if isinstance(sent, dict):
        return isinstance(there, dict) and all(_holds(there.get(name), value) for name, value in sent.items())
    if isinstance(sent, list):
        return isinstance(there, list) and len(there) == len(sent) and all(map(_holds, there, sent))
    return bool(there == sent)


def settled(case: Case, published: Published, moment: str) -> Case:
    """Write down that a deposit is published; ``moment`` counts where no earlier one is known.

    Raises:
        OutputError: the lock file cannot be written.
        RepositoryError: it was published with another DOI.

    """
    deposit = case.known
    if deposit.doi and published.doi and published.doi != deposit.doi:
        message = f"the record was published as {published.doi}, and the lock file says {deposit.doi}"
        raise case.refused("other-doi", message, "hand out no PDF that carries the DOI of the lock file")
    return case.changed(
        doi=published.doi or deposit.doi,
        parent=published.parent or deposit.parent,
        stage=Stage.PUBLISHED,
        published_at=deposit.published_at or moment,
    )


def changes(
    case: Case, sent: Mapping[str, Any], draft: Draft, files: Mapping[str, Checksum | None]
) -> Iterator[str]:
    """Say what somebody else has changed in a draft since it was uploaded."""
    yield from differing_files(case.known.files, files)
    for name in differing_fields(sent["metadata"], draft.metadata):
        yield f"the field {name} was changed"
    if draft.doi != case.known.doi:
        yield f"its DOI is {draft.doi or 'no longer reserved'}, and the lock file says {case.known.doi}"
