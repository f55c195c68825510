"""Effect sizes with their intervals, as the sources report them and as the record pools them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from reportgen.base.values import Count, Model, Text
from reportgen.record.model.source import Source  # noqa: TC001  # pydantic reads it at run time

Number = Annotated[float, Field(strict=True, examples=[0.74])]
Weight = Annotated[float, Field(ge=0, strict=True, examples=[18.5])]


class Effect(Model):
    """The effect that one source reports."""

    source: Source = Field(description="The source that reports the effect.")
    value: Number = Field(description="The effect, in the measure of its outcome.")
    lower: Number | None = Field(None, description="The lower end of its interval.", examples=[0.61])
    upper: Number | None = Field(None, description="The upper end of its interval.", examples=[0.9])
    n: Count | None = Field(None, description="How many took part, or how many cases there were.")
    weight: Weight | None = Field(None, description="Its weight in the pooled effect, in percent.")
    group: Text | None = Field(None, description="The subgroup that it belongs to.", examples=["adults"])


class PooledEffect(Model):
    """The effect of all sources together, as the record's authors computed it."""

    value: Number = Field(description="The pooled effect, in the measure of its outcome.", examples=[0.78])
    lower: Number | None = Field(None, description="The lower end of the pooled interval.", examples=[0.69])
    upper: Number | None = Field(None, description="The upper end of the pooled interval.", examples=[0.88])
    note: Text | None = Field(
        None, description="What else is to be said of the pooling.", examples=["95% intervals; I² = 43%"]
    )


class Outcome(Model):
    """An outcome that sources report effects on."""

    name: Text = Field(
        description="The name of the outcome, by which claims name it.", examples=["calibration error"]
    )
    measure: Text = Field(description="What the numbers are.", examples=["mean difference"])
    unit: Text | None = Field(
        None, description="The unit of the numbers, where they have one.", examples=["percentage points"]
    )
    model: Text | None = Field(
        None, description="The statistical model of the pooling.", examples=["random effects"]
    )
    entries: tuple[Effect, ...] = Field(
        min_length=1, description="The effects, one for each source or group."
    )
    pooled: PooledEffect | None = Field(
        None, description="The pooled effect; without it the report pools nothing."
    )
    risk_of_bias: Text | None = Field(
        None, description="The risk of bias over all sources.", examples=["some concerns (RoB 2)"]
    )
    certainty: Text | None = Field(
        None, description="How certain the evidence is.", examples=["moderate (GRADE)"]
    )
