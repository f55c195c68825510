"""The verification gate: its verdict, what backs it, and the checks that it is to run."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from reportgen.base.values import Model, Moment, Sha256, Text
from reportgen.record.model.vocabulary import CheckType, GateStatus

MOST_ARTIFACTS = 1000
MOST_CHECKS = 1000

Name = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
    Field(
        title="name of up to 64 letters, digits, '.', '_' and '-', the first a letter or digit",
        examples=["c7"],
    ),
]
_Whole = Annotated[int, Field(ge=1, strict=True)]
_Number = Annotated[float, Field(strict=True)]


class Artifact(Model):
    """A file that backs the gate verdict."""

    type: Text = Field(description="What the file is.", examples=["proof log"])
    path: Text = Field(description="The file's path, relative to the record.", examples=["artifacts/run.log"])
    sha256: Sha256 = Field(description="The checksum of the file as it was checked.")
    media_type: Text | None = Field(None, description="The file's media type.", examples=["text/plain"])


class CheckLimits(Model):
    """What a check may use at most."""

    seconds: _Whole | None = Field(None, description="How long it may run.", examples=[600])
    megabytes: _Whole | None = Field(None, description="How much memory it may take.", examples=[4000])


class GateCheck(Model):
    """One check that the gate is to run: a result reproduced, or a proof checked."""

    id: Name = Field(description="The name of the check.", examples=["table-2"])
    claim: Name | None = Field(None, description="The id of the claim that it checks.")
    type: CheckType = Field(description="Whether it reproduces a result or checks a proof.")
    command: Text = Field(description="The command that runs it.", examples=["python reproduce.py --seed 7"])
    files: tuple[Text, ...] = Field(
        (),
        description="The programs that it needs, by paths relative to the record.",
        examples=[["reproduce.py"]],
    )
    data: tuple[Text, ...] = Field(
        (),
        description="The data that it reads, by paths relative to the record.",
        examples=[["data/runs.csv"]],
    )
    expected: _Number | Text | None = Field(
        None,
        description="The result that is expected: a number, or a text that must be printed.",
        examples=[0.032],
    )
    tolerance: Annotated[float, Field(ge=0, strict=True)] | None = Field(
        None, description="How far a number may be from the one expected.", examples=[0.002]
    )
    limits: CheckLimits | None = Field(None, description="What it may use at most.")


class Gate(Model):
    """The verdict of the verification gate; it never follows from a score or a claim count."""

    status: GateStatus = Field(GateStatus.UNVERIFIED, description="The verdict.")
    reason: Text | None = Field(
        None, description="Why the verdict is what it is.", examples=["the run matched table 2"]
    )
    evaluated_at: Moment | None = Field(None, description="When the verdict was reached.")
    artifacts: tuple[Artifact, ...] = Field(
        (), max_length=MOST_ARTIFACTS, description="The files that back the verdict."
    )
    checks: tuple[GateCheck, ...] = Field(
        (), max_length=MOST_CHECKS, description="The checks that the gate is to run."
    )
