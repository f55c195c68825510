"""The authors of a report: named by its record, or by the settings for all records."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reportgen.base.values import Email, Model, Orcid, Text
from reportgen.base.words import Word, meanings


class CreditRole(Word):
    """What an author did, in the fourteen words of CRediT (ANSI/NISO Z39.104-2022)."""

    CONCEPTUALIZATION = "conceptualization", "Ideas; the aims of the work."
    DATA_CURATION = "data-curation", "Describing, cleaning and keeping the data."
    FORMAL_ANALYSIS = "formal-analysis", "Statistics, mathematics or computing applied to the data."
    FUNDING_ACQUISITION = "funding-acquisition", "Finding the money for the work."
    INVESTIGATION = "investigation", "Doing the experiments, or collecting the evidence."
    METHODOLOGY = "methodology", "Developing the method."
    PROJECT_ADMINISTRATION = "project-administration", "Planning and coordinating the work."
    RESOURCES = "resources", "Providing materials, instruments or computing."
    SOFTWARE = "software", "Writing and testing programs."
    SUPERVISION = "supervision", "Leading others in the work."
    VALIDATION = "validation", "Checking that results can be repeated."
    VISUALIZATION = "visualization", "Preparing figures and other ways of showing the data."
    WRITING_ORIGINAL_DRAFT = "writing-original-draft", "Writing the first draft."
    WRITING_REVIEW_EDITING = "writing-review-editing", "Commenting on the text and revising it."


class Author(Model):
    """A person or an organisation answerable for the report; an AI system belongs in ``generator``."""

    name: Text = Field(description="The name as it is printed.", examples=["Ada Lovelace"])
    type: Literal["person", "organization"] = Field(
        "person",
        description="Whether the author is a person or an organisation.",
        json_schema_extra=meanings("A human being.", "A group, an institute or a company."),
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
