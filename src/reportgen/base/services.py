"""Services of others that some commands ask: registries of metadata, and a repository for deposits."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from reportgen.base.values import Line, Model

Url = Annotated[Line, StringConstraints(pattern=r"^https?://\S+$")]


class Fetch(Model):
    """Where ``reportgen bib fetch`` asks, and who asks."""

    mailto: Line = Field("", description="An address at which the registries that are asked can reach you.")
    doi_url: Line = Field("https://doi.org/", description="Where DOIs are asked for.")
    arxiv_url: Line = Field(
        "https://export.arxiv.org/api/query", description="Where papers of arXiv are asked for."
    )


class Zenodo(Model):
    """The repository that ``reportgen zenodo`` deposits in."""

    url: Url = Field("https://zenodo.org/api", description="The address of its interface for programs.")
    ai_statement: str = Field(
        "", max_length=20_000, description="How AI was used and who answers for it, in the publisher's words."
    )
    daily_cap: int = Field(
        5, ge=0, le=100_000, strict=True, description="How many reports may be published in 24 hours."
    )
    formats: tuple[Line, ...] = Field(
        (), max_length=100, description="The formats of ``export --to`` that are deposited beside each PDF."
    )
