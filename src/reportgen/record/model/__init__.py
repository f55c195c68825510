"""The record: frozen models that are the glossary of the domain and the source of its JSON Schema."""

from __future__ import annotations

from reportgen.record.model.claim import Claim, ClaimsFile, EvidenceCounts, claim_id
from reportgen.record.model.record import (
    MOST_ARTIFACTS,
    MOST_CLAIMS,
    Artifact,
    Benchmark,
    Correction,
    Dimension,
    Gate,
    Generator,
    QualityDimensions,
    Record,
    Reviewer,
)
from reportgen.record.model.source import SourceReference
from reportgen.record.model.vocabulary import DimensionLevel, GateStatus, Kind, MathState

__all__ = [
    "MOST_ARTIFACTS",
    "MOST_CLAIMS",
    "Artifact",
    "Benchmark",
    "Claim",
    "ClaimsFile",
    "Correction",
    "Dimension",
    "DimensionLevel",
    "EvidenceCounts",
    "Gate",
    "GateStatus",
    "Generator",
    "Kind",
    "MathState",
    "QualityDimensions",
    "Record",
    "Reviewer",
    "SourceReference",
    "claim_id",
]
