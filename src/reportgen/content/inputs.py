"""The results of the stages before, from which the sections of one record are composed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from reportgen.record.exhibits import Exhibits
from reportgen.text.inline import inlines
from reportgen.text.tree import Heading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.analysis.derive import Derived
    from reportgen.analysis.tabulate import SourceSummary
    from reportgen.base.author import Author
    from reportgen.base.settings import Publisher
    from reportgen.content.exhibits import SizedPicture
    from reportgen.content.figures import Figures
    from reportgen.record.model import Record
    from reportgen.record.registration import Registration
    from reportgen.sources import Bibliography
    from reportgen.sources.csl_rendering import Styled
    from reportgen.text.tree import Figure
    from reportgen.text.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """A record, what follows from it, and what the house says.

    ``sources`` are its claims by source; ``cut`` holds the JSON pointers of the texts that look cut, and the page
    says so beside them; ``tier_claims`` says which claims count for the tier, ``group_claims`` whether they stand in
    groups; ``exhibits`` are the files of its own tables and figures, ``pictures`` the drawings among them, by file;
    ``styled`` the references as a CSL style writes them, None in the house's own.
    """

    record: Record
    record_sha256: str
    derived: Derived
    bibliography: Bibliography
    sources: tuple[SourceSummary, ...]
    figures: Figures
    wording: Wording
    publisher: Publisher
    authors: tuple[Author, ...]
    license: str | None
    tier_claims: str
    group_claims: Literal["none", "source", "theme"] = "source"
    logo: Figure | None = None
    exhibits: Exhibits = field(default_factory=Exhibits)
    pictures: Mapping[str, SizedPicture] = field(default_factory=dict)
    cut: frozenset[str] = frozenset()
    registration: Registration | None = None
    styled: Styled | None = None

    def heading(self, name: str, anchor: str = "", level: int = 2) -> Heading:
        """Return the heading of a section or of a part of one, by its name among the words."""
        return Heading(level, inlines(self.wording.t.heading[name]), id=anchor or name)
