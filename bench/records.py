"""Seeded records of any size, the same on every machine."""

from __future__ import annotations

import json
import random
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WORDS = [
    "alignment",
    "throughput",
    "preference",
    "model",
    "benchmark",
    "latency",
    "reward",
    "evaluation",
    "scalar",
    "drafter",
    "decoding",
    "training",
    "accuracy",
    "dataset",
    "gradient",
    "token",
    "verification",
    "sampling",
    "context",
    "retrieval",
    "tuning",
    "calibration",
    "robust",
    "sparse",
]


def sentence(generator: random.Random, words: int) -> str:
    """Give a sentence of so many words."""
    chosen = [generator.choice(WORDS) for _ in range(words)]
    return " ".join(chosen).capitalize() + "."


def record(seed: int, claims: int) -> dict[str, object]:
    """Give a record with so many claims from five sources."""
    generator = random.Random(seed)
    sources = [f"arxiv:2401.{generator.randrange(10000, 99999)}v1" for _ in range(5)]
    return {
        "schema": "reportgen-record-v1",
        "id": str(uuid.UUID(int=generator.getrandbits(128), version=4)),
        "title": sentence(generator, 9).rstrip("."),
        "date": "2026-05-30",
        "question": sentence(generator, 25).rstrip(".") + "?",
        "sources": sources,
        "search": {"papers_retrieved": 5},
        "claims": [
            {
                "text": sentence(generator, generator.randrange(12, 30)),
                "verified": generator.random() < 0.5,
                "confidence": round(generator.random(), 2),
                "sources": [generator.choice(sources)],
            }
            for _ in range(claims)
        ],
        "review": {"score": round(generator.uniform(2, 9), 2)},
    }


def write(folder: Path, count: int, claims: int, seed: int = 0) -> list[Path]:
    """Write so many records into a folder and give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"record-{number:05d}.json"
        path.write_text(json.dumps(record(seed + number, claims)), encoding="utf-8")
        paths.append(path)
    return paths
