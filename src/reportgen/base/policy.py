"""House rules as data: which of them a report follows, and the names and bounds of its quality tiers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from reportgen.base.values import Count, Line, Model, Score

Flag = Annotated[bool, Field(strict=True)]
GATE_INTRODUCED = dt.date(2026, 6, 10)
UNNAMED = "..."
"""What stands for the name of a publisher that nobody has filled in yet."""


class Tier(Model):
    """A quality tier and what it asks for; one tier asks for nothing and takes what the others leave."""

    name: Annotated[Line, Field(min_length=1, max_length=60)] = Field(
        description="The name as it is printed."
    )
    lowest_score: Score | None = Field(None, description="The lowest score that it takes.")
    below_score: Score | None = Field(None, description="The score from which on it takes no report.")
    lowest_count: Count = Field(0, description="How many claims a report must have.")
    archived: Flag = Field(False, description="Whether it asks for a DOI or another registered record.")
    printed_only: Flag = Field(False, description="Whether it is printed among the tiers, but never given.")

    @property
    def takes_the_rest(self) -> bool:
        """Tell whether it asks for nothing."""
        return self.edges == () and not self.lowest_count and not self.archived

    @property
    def edges(self) -> tuple[float, ...]:
        """List its bounds."""
        return tuple(edge for edge in (self.lowest_score, self.below_score) if edge is not None)

    def holds(self, score: float) -> bool:
        """Tell whether an unrounded score lies between its bounds."""
        low, high = self.lowest_score, self.below_score
        return (low is None or score >= low) and (high is None or score < high)


# The published order asks for quarantine before the public record, which is therefore never reached.
PUBLISHED_TIERS = (
    Tier(name="FLAGSHIP_CANDIDATE", lowest_score=8.5, lowest_count=5, archived=True),
    Tier(name="DOI_GRADE", lowest_score=7.5, lowest_count=1),
    Tier(name="PUBLIC_RECORD", lowest_score=5.0, printed_only=True),
    Tier(name="WATCHLIST"),
    Tier(name="QUARANTINE_CANDIDATE", below_score=5.0),
)
"""The published ladder, in its order."""
_PLAIN = {"gate": False, "ladder": False, "tiers": (), "dimensions": False, "machine_made": False}


class Policy(Model):
    """The house rules that a report follows: a policy by name, and what is changed of it."""

    name: Literal["assignee", "plain"] = Field(
        "assignee", description="The rules that hold where no line below does."
    )
    gate: Flag = Field(
        True,
        description="Print a gate, with a reason that follows from the date, of records that have none, too.",
    )
    ladder: Flag = Field(True, description="Print the levels of verification and provenance.")
    tiers: tuple[Tier, ...] = Field(
        PUBLISHED_TIERS, max_length=20, description="The quality tiers from the highest down, each a table."
    )
    dimensions: Flag = Field(True, description="Print the quality dimensions.")
    machine_made: Flag = Field(
        True, description="Say of a record that names neither authors nor a generator that a machine made it."
    )
    require_guarantor: Flag = Field(
        False, description="Ask each record for a ``guarantor``, one author who answers for the content."
    )

    attachments: tuple[Line, ...] = Field(
        (), max_length=100, description="The formats of ``export --to`` that each PDF carries inside."
    )

    @model_validator(mode="before")
    @classmethod
    def _over_the_named(cls, given: Any) -> Any:
        is_plain = isinstance(given, dict) and given.get("name") == "plain"
        return {**_PLAIN, **given} if is_plain else given

    @model_validator(mode="after")
    def _tiers_cover_all(self) -> Policy:
        if len({tier.name for tier in self.tiers}) < len(self.tiers):
            raise ValueError("two tiers have one name")
        if self.tiers and sum(tier.takes_the_rest for tier in self.tiers) != 1:
            raise ValueError("one tier, and no other, must ask for nothing: it takes what the others leave")
        return self

    @property
    def gate_introduced(self) -> dt.date | None:
        """Return since when there is a gate: a date of the published reports, not of another house's gate."""
        return GATE_INTRODUCED if self.name == "assignee" else None

    @property
    def tier_names(self) -> tuple[str, ...]:
        """Return the names of the tiers, from the highest down."""
        return tuple(tier.name for tier in self.tiers)

    @property
    def edges(self) -> tuple[float, ...]:
        """List the scores at which a tier begins or ends."""
        return tuple(sorted({edge for tier in self.tiers for edge in tier.edges}))

    def tier_of(self, score: float, count: int = 10**9, *, archived: Flag = True) -> Tier | None:
        """Find the first tier whose rule holds for the unrounded score; None where the policy has no tiers."""
        asked = [tier for tier in self.tiers if not tier.printed_only]
        ordered = sorted(asked, key=lambda tier: tier.takes_the_rest)
        fits = (
            tier
            for tier in ordered
            if tier.holds(score) and count >= tier.lowest_count and (archived or not tier.archived)
        )
        return next(fits, None)
