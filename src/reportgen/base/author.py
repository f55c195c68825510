"""Who answers for a report: named by its record, or by the settings for all records."""

from __future__ import annotations

from typing import Literal

from reportgen.base.values import Model, Orcid, Text


class Author(Model):
    """A person or an organisation answerable for the report; an AI system belongs in ``generator``."""

    name: Text
    type: Literal["person", "organization"] = "person"
    given: Text | None = None
    family: Text | None = None
    orcid: Orcid | None = None
    affiliation: Text | None = None
