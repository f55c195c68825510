"""The versions of each report, for the pages that lead from one to the other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.errors import ReportgenError
from reportgen.record import read_record
from reportgen.site.layout import PAGE, up_from, version_address, version_order
from reportgen.site.page_context import VersionLink

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reportgen.pipeline.batch.plan import Planned


@dataclass(frozen=True, slots=True)
class History:
    """The versions of a report, the newest first, as a page is given them; () where it has one version alone.

    ``newest`` is set where there is a newer one than this.
    """

    links: tuple[VersionLink, ...] = ()
    newest: VersionLink | None = None


def histories(records: Sequence[Planned]) -> Mapping[str, History]:
    """Return the history of each record, by its page's address; only records of several versions are read for it."""
    versions: defaultdict[str, list[Planned]] = defaultdict(list)
    for planned in records:
        versions[planned.id].append(planned)
    found: dict[str, History] = {}
    for identity, same in versions.items():
        same.sort(key=lambda planned: version_order(planned.version), reverse=True)
        told = [_told(planned) for planned in same] if len(same) > 1 else []
        for planned in same:
            address = version_address(identity, planned.version)
            links = tuple(
                VersionLink(
                    version=other.version,
                    date=date,
                    href=f"{up_from(address)}{version_address(identity, other.version)}{PAGE}",
                    is_this=other is planned,
                    note=note,
                )
                for other, (date, note) in zip(same, told, strict=False)
            )
            newest = links[0] if links and not links[0].is_this else None
            found[address] = History(links, newest)
    return found


def _told(planned: Planned) -> tuple[str, str]:
    """Return the day of a version and what its last correction says was changed; '' of one that cannot be read."""
    try:
        record = read_record(planned.source.path, raw=planned.source.content()).record
    except ReportgenError:  # told with the record
        return "", ""
    last = max(record.corrections, key=lambda each: each.corrected_at, default=None)
    return record.date.isoformat(), last.public_note if last else ""
