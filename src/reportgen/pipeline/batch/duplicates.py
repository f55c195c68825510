"""Records that say they are the same one: which of them a report is to show is not ours to guess."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, Where
from reportgen.base.settings import project_root
from reportgen.record.head import read_identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from reportgen.pipeline.batch.inputs import RecordSource

    Identity = tuple[Path | None, str, str]
    """A place that two records of one id and one version cannot share: a project, or an output folder; id, version."""


_NAMED = 5


def duplicate_ids(records: Iterable[tuple[RecordSource, Identity]]) -> dict[Identity, Problem]:
    """Say of each identity that several records have which ones they are, in one problem for all of them."""
    of_one: dict[Identity, list[RecordSource]] = defaultdict(list)
    for source, identity in records:
        of_one[identity].append(source)
    return {identity: _duplicate(identity[1], same) for identity, same in of_one.items() if len(same) > 1}


def duplicates_among(sources: Sequence[RecordSource]) -> dict[RecordSource, Problem]:
    """Find the records of one project that have one id and one version, with what to say of each."""
    identities = {source: found for source in sources if (found := _identity(source))}
    said = duplicate_ids(identities.items())
    return {source: said[identity] for source, identity in identities.items() if identity in said}


def _identity(source: RecordSource) -> Identity | None:
    try:
        found = read_identity(source.path, source.content())
    except ReportgenError:  # what cannot be read is said when all of it is
        return None
    return (project_root(source.path.parent), *found) if found else None


def _duplicate(identity: str, sources: Sequence[RecordSource]) -> Problem:
    names = [source.name for source in sources[:_NAMED]]
    if len(sources) > _NAMED:
        names.append(f"{len(sources) - _NAMED:,} more")
    message = f"{', '.join(names[:-1])} and {names[-1]} are records of one id, {identity}"
    hint = "remove one, or give it an id of its own: `python -c 'import uuid; print(uuid.uuid4())'`"
    return Problem("duplicate-id", Level.ERROR, Where(str(sources[0].path), sources[0].line), message, hint)
