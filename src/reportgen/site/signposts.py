"""Signposts for machines: typed links that say where a report's files, terms and identifiers are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.exports.interface import Publication
    from reportgen.site.page_context import PageContext


def linkset(publication: Publication, context: PageContext) -> bytes:
    """Write the links of a report's page as a Link Set in JSON (RFC 9264), relative where no address is known."""
    items = [{"href": publication.url + file.name, "type": file.media_type} for file in context.downloads]
    return (
        json.dumps({"linkset": [{"anchor": publication.url or "./", "item": items}]}, indent=1) + "\n"
    ).encode()
