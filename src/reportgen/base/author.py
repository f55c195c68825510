"""The authors of a report: named by its record, or by the settings for all records."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from reportgen.base.values import Email, Model, Orcid, Text


class CreditRole(StrEnum):
    """What an author did, in the fourteen words of CRediT (ANSI/NISO Z39.104-2022)."""

    CONCEPTUALIZATION = "conceptualization"
    DATA_CURATION = "data-curation"
    FORMAL_ANALYSIS = "formal-analysis"
    FUNDING_ACQUISITION = "funding-acquisition"
    INVESTIGATION = "investigation"
    METHODOLOGY = "methodology"
    PROJECT_ADMINISTRATION = "project-administration"
    RESOURCES = "resources"
    SOFTWARE = "software"
    SUPERVISION = "supervision"
    VALIDATION = "validation"
    VISUALIZATION = "visualization"
    WRITING_ORIGINAL_DRAFT = "writing-original-draft"
    WRITING_REVIEW_EDITING = "writing-review-editing"


class Author(Model):
    """A person or an organisation answerable for the report; an AI system belongs in ``generator``."""

    name: Text = Field(description="The name as it is printed.", examples=["Ada Lovelace"])
    type: Literal["person", "organization"] = Field(
        "person", description="Whether the author is a person or an organisation."
    )
    given: Text | None = Field(None, description="The given names, for metadata.", examples=["Ada"])
    family: Text | None = Field(None, description="The family name, for metadata.", examples=["Lovelace"])
    orcid: Orcid | None = Field(None, description="The person's ORCID iD, printed as a link.")
    affiliation: Text | None = Field(
        None, description="Where the author works.", examples=["University of Exampleton"]
    )
    email: Email | None = Field(None, description="Where readers can write to, printed as a link.")
    roles: tuple[CreditRole, ...] = Field(
        (), description="What the author did, in the words of CRediT.", examples=[["conceptualization"]]
    )
    guarantor: Annotated[bool, Field(strict=True)] = Field(
        False, description="Whether this is the one person who answers for the content."
    )
