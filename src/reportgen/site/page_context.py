"""What a report's page is told of the site around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file beside the page: its name, what it is for people, its media type and its size in bytes."""

    name: str
    title: str
    media_type: str
    size: int

    @property
    def href(self) -> str:
        """Return its address from the page: a name may hold what means something else in an address."""
        return quote(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLink:
    """A version of the report: its day in ISO form, its page relative to this one, and what changed in it."""

    version: str
    date: str
    href: str
    is_this: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """Where a page stands in its site, and the files beside it.

    ``up`` leads to the site's root, such as ``../../../``; '' at the root. ``charts`` names the SVG of each chart,
    ``pictures`` the file of each picture by its
    `Figure.name`, both only what a browser shows; ``newest`` is set where there is a newer version;
    ``source_pages`` leads to the page of each reference by its anchor in the report; ``linkset`` is the name of the
    file of links, '' without one.
    """

    up: str = ""
    site_title: str = ""
    downloads: tuple[Download, ...] = ()
    charts: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    history: tuple[VersionLink, ...] = ()
    newest: VersionLink | None = None
    source_pages: Mapping[str, str] = field(default_factory=dict)
    linkset: str = ""
