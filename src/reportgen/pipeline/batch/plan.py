"""Which record makes which report, known of all before the first is built: names belong to ids, not to files."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import Problem, ReportgenError
from reportgen.base.paths import from_here, real_path
from reportgen.base.settings import project_root
from reportgen.pipeline import outputs
from reportgen.pipeline.batch.duplicates import duplicate_ids
from reportgen.pipeline.batch.entries import Ingredients
from reportgen.pipeline.batch.locating import at_line
from reportgen.pipeline.batch.outcome import PROJECT_STOPPED
from reportgen.record.head import read_head, read_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reportgen.pipeline.batch.duplicates import Identity
    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.options import Options
    from reportgen.pipeline.batch.projects import Place, Places


_NONE = Ingredients()
_HOLDS_ID = re.compile(r"\{id8?\}")


@dataclass(frozen=True, slots=True)
class Planned:
    """A record of a run: which one it is, what its report is called, and what is to be done with it.

    ``id``, ``version`` and ``name`` are "" where the record cannot be read so far. ``is_chosen`` tells whether this run
    looks at it; of others ``name`` is known only where it may clash with one of those. ``problems`` keep it from being
    built, their lines counted in its file; ``project_code`` is the exit code where they are its project's, and
    ``skipped`` the reason where those were told with another record.
    """

    source: RecordSource
    place: Place | None = None
    id: str = ""
    version: str = ""
    name: str = ""
    digest: str = ""
    now: Ingredients = _NONE
    is_chosen: bool = True
    problems: tuple[Problem, ...] = ()
    project_code: int = 0
    skipped: str = ""

    @property
    def keeps_versions(self) -> bool:
        """Tell whether each version of the report has a PDF of its own, since the pattern of names holds it."""
        return self.place is not None and "{version}" in self.place.judge.settings.name_pattern


def plan_batch(sources: Iterable[RecordSource], places: Places, options: Options) -> list[Planned]:
    """Read every record, and decide which report is whose.

    A name belongs to the record of this run that had it before, else to the first that asks for it. Only a name that
    no record of this run has is asked of the state: it stays with a record outside this run whose file is there.
    """
    stopped: set[int] = set()
    found = [_identified(source, places, options, stopped) for source in sources]
    return _with_one_name_each(_with_names_that_may_clash(_with_one_id_each(found)))


def _identified(source: RecordSource, places: Places, options: Options, stopped: set[int]) -> Planned:
    place = places.of(source)
    is_chosen = options.chosen is None or source in options.chosen
    if isinstance(place, ReportgenError):
        if id(place) in stopped:
            return Planned(source, skipped=PROJECT_STOPPED)
        stopped.add(id(place))
        return Planned(source, problems=place.problems, project_code=place.exit_code)
    try:
        content = source.content()
    except ReportgenError as error:
        is_ours = options.shard is None or options.shard.holds(_place_name(source))
        problems = at_line(error.problems, source)
        return Planned(source, place, is_chosen=is_chosen and is_ours, problems=problems)
    digest = hashlib.sha256(content).hexdigest()
    known = place.shelf.state.of_record(digest, place.judge.shared)
    if (
        known and known.id.encode() not in content.lower()
    ):  # the state may be anybody's, or the id written otherwise
        known = None
    identity = (known.id, known.version) if known else read_identity(source.path, content) or ("", "")
    if options.shard is not None:
        is_chosen = is_chosen and options.shard.holds(identity[0] or _place_name(source))
    planned = Planned(source, place, *identity, digest=digest, is_chosen=is_chosen)
    if not is_chosen:
        return planned
    name = known.pdf if known else _name_of(source, content, place)
    try:
        return replace(planned, name=name, now=place.judge.ingredients(source, content))
    except ReportgenError as error:
        return replace(planned, name=name, problems=at_line(error.problems, source))


def _place_name(source: RecordSource) -> str:
    """Name a record that has no id by where it lies in its project, the same on every machine."""
    root = project_root(source.path.parent) or Path.cwd()
    path = real_path(source.path)
    inside = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return f"{inside}:{source.line}" if source.line else inside


def _with_one_id_each(records: Sequence[Planned]) -> list[Planned]:
    """Refuse records that say they are the same one."""
    said = duplicate_ids((planned.source, key) for planned in records if (key := _identity(planned)))
    if not said:
        return list(records)
    return [
        replace(planned, problems=(said[key],), name="")
        if (key := _identity(planned)) is not None and key in said
        else planned
        for planned in records
    ]


def _identity(planned: Planned) -> Identity | None:
    if planned.place is None or not planned.id:
        return None
    return planned.place.shelf.state.folder, planned.id, planned.version


def _with_names_that_may_clash(records: Sequence[Planned]) -> list[Planned]:
    """Name the reports of records that this run does not look at, too, where one that it looks at may have that name.

    Names that hold the id are those of one record, so most runs need not read the others.
    """
    count = Counter(planned.id for planned in records)
    return [
        replace(planned, name=_name_of(planned.source, planned.source.content(), planned.place))
        if planned.place
        and planned.id
        and not (planned.is_chosen or planned.problems)
        and (count[planned.id] > 1 or not _HOLDS_ID.search(planned.place.judge.settings.name_pattern))
        else planned
        for planned in records
    ]


def _name_of(source: RecordSource, content: bytes, place: Place) -> str:
    head = read_head(source.path, content)
    return outputs.report_name(head, place.judge.settings.name_pattern) if head else ""


def _with_one_name_each(records: Sequence[Planned]) -> list[Planned]:
    """Refuse a record whose report would be put over another one's."""
    claimants: dict[tuple[Path, str], list[Planned]] = defaultdict(list)
    for planned in records:
        if planned.place and planned.name:
            claimants[planned.place.shelf.state.folder, planned.name].append(planned)
    ids = {planned.id for planned in records}
    files = cache(lambda: frozenset(real_path(planned.source.path) for planned in records))
    return [
        planned
        if not (planned.place and planned.name)
        else _settled(planned, claimants[planned.place.shelf.state.folder, planned.name], ids, files)
        for planned in records
    ]


def _settled(
    planned: Planned, claimants: Sequence[Planned], ids: set[str], files: Callable[[], frozenset[Path]]
) -> Planned:
    assert planned.place is not None  # noqa: S101 - for the type
    shelf = planned.place.shelf
    entry = shelf.state.entries.get(planned.name)
    if entry is not None and entry.id not in ids and shelf.is_there(planned.name):
        for path in shelf.files_of(entry):
            if real_path(path) not in files():
                return _refused(planned, path)
    owners = [each for each in claimants if entry is not None and each.id == entry.id]
    owner = (owners or claimants)[0]
    return planned if owner is planned else _refused(planned, owner.source.name)


def _refused(planned: Planned, owner: Path | str) -> Planned:
    assert planned.place is not None  # noqa: S101 - for the type
    pdf = from_here(planned.place.shelf.state.folder / planned.name)
    error = outputs.name_taken(planned.source.path, f"{pdf} is the report of {owner}")
    return replace(planned, problems=at_line(error.problems, planned.source), name="")
