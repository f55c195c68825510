"""CSL-JSON: the report, and its sources, as reference managers and processors of citations read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reportgen.exports.cited import CitedWork, report_of, sources_of
from reportgen.exports.interface import Format
from reportgen.sources.csl_json import item_of
from reportgen.sources.entry import sentences
from reportgen.sources.marked import with_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.exports.interface import Publication

MEDIA_TYPE = "application/vnd.citationstyles.csl+json"


def _item(work: CitedWork) -> dict[str, Any]:
    item = item_of(work.entry, work.key, named=work.named, written=with_tags)
    arxiv = str(work.identifiers.get("arxiv", ""))
    unsaid = arxiv if arxiv not in (item.get("number"), "") else ""
    more = {
        "note": sentences((work.entry.text("note"), unsaid, *work.notes)),
        "keyword": ", ".join(work.keywords),
        "abstract": work.abstract,
        "license": work.license,
        "language": work.entry.language,
    }
    return item | {name: text for name, text in more.items() if text}


def csl_bytes(works: Sequence[CitedWork]) -> bytes:
    """Write works as a list of CSL-JSON items."""
    return (json.dumps([*map(_item, works)], ensure_ascii=False, indent=2) + "\n").encode()


def _report(publication: Publication) -> bytes:
    return csl_bytes([report_of(publication)])


def _sources(publication: Publication) -> bytes:
    return csl_bytes(sources_of(publication))


CSL_JSON = Format(name="csl-json", title="CSL-JSON", ending=".csl.json", media_type=MEDIA_TYPE, write=_report)
REFERENCES = Format(
    name="references-csl-json",
    title="the sources in CSL-JSON",
    ending=".references.json",
    media_type=MEDIA_TYPE,
    write=_sources,
)
