"""The record's own tables and figures: files beside it, and what is said of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from reportgen.base.values import Model, Text
from reportgen.base.words import meanings
from reportgen.record.model.source import Source  # noqa: TC001  # pydantic reads it at run time

FIGURE_KINDS = (".png", ".jpg", ".jpeg", ".pdf", ".svg")
TABLE_KINDS = (".csv", ".jsonl", ".ndjson", ".parquet")
MOST_EXHIBITS = 500


def _named(given: Any) -> Any:
    return {"name": given} if isinstance(given, str) else given


_Alignment = Annotated[
    Literal["left", "right", "center"],
    Field(json_schema_extra=meanings("As texts are.", "As numbers are.", "As marks and short words are.")),
]


class TableColumn(Model):
    """A column of a table by its name in the file, and how it is printed; a name alone is short for it."""

    name: Text = Field(description="The column's name in the file.", examples=["n_patients"])
    heading: Text | None = Field(
        None, description="The heading to print; the name where it is missing.", examples=["Patients"]
    )
    align: _Alignment | None = Field(
        None, description="How cells are aligned; columns of numbers stand to the right where it is missing."
    )
    decimals: int | None = Field(
        None,
        ge=0,
        le=6,
        description="The decimals that numbers are rounded to; as they stand where it is missing.",
        examples=[2],
    )


Column = Annotated[TableColumn, BeforeValidator(_named)]


class Exhibit(Model):
    """What tables and figures have in common."""

    caption: Text = Field(description="The caption, in Markdown.", examples=["Patients **by arm**."])
    note: Text | None = Field(
        None, description="A note behind the caption, in Markdown.", examples=["Randomised patients only."]
    )
    source: Source | None = Field(
        None, description="The source that it is taken from.", examples=["doi:10.1000/xyz123"]
    )


class OwnTable(Exhibit):
    """A table in a file beside the record."""

    id: Annotated[str, StringConstraints(pattern=r"^tbl-[A-Za-z0-9_-]+$", max_length=100)] = Field(
        description="The name that texts refer to it by.", examples=["tbl-arms"]
    )
    file: Text = Field(
        description="A CSV, JSON Lines or Parquet file, relative to the record.", examples=["data/arms.csv"]
    )
    columns: tuple[Column, ...] = Field(
        (),
        description="The columns to print, in this order; all of the file where it is empty.",
        max_length=40,
    )


class OwnFigure(Exhibit):
    """A figure in a file beside the record."""

    id: Annotated[str, StringConstraints(pattern=r"^fig-[A-Za-z0-9_-]+$", max_length=100)] = Field(
        description="The name that texts refer to it by.", examples=["fig-flow"]
    )
    file: Text = Field(
        description="A PNG, JPEG, PDF or SVG file, relative to the record.", examples=["figures/flow.svg"]
    )
    alt: Text | None = Field(
        None,
        description="What it shows, in words, for those who do not see it; the caption serves where it is missing.",
        examples=["A flow chart: of 120 patients screened, 80 were included."],
    )
    width: Annotated[str, StringConstraints(pattern=r"^(100|[1-9][0-9]?)%$")] | None = Field(
        None, description="The width in per cent of the text's.", examples=["60%"]
    )
