"""Seeded records of any size and the bibliography they cite, the same on every machine."""

from __future__ import annotations

import json
import random
import uuid
from dataclasses import dataclass
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
FAMILIES = ["Adler", "Brandt", "Costa", "Duarte", "Ekberg", "Fischer", "Girard", "Haddad", "Ito", "Jansen"]
GIVEN = ["Ada", "Bruno", "Clara", "Dario", "Elsa", "Felix", "Greta", "Hugo", "Ines", "Jonas"]
WORKS = 100
"""Entries of the bibliography that all records of a project share."""


@dataclass(frozen=True, slots=True)
class Work:
    """One article of the bibliography; an author is a family name and a given name."""

    key: str
    authors: tuple[tuple[str, str], ...]
    title: str
    journal: str
    year: int
    volume: int
    pages: tuple[int, int]
    doi: str

    def bibtex(self) -> str:
        """Write the work as an entry of a ``.bib`` file."""
        fields = {
            "author": " and ".join(f"{family}, {given}" for family, given in self.authors),
            "title": self.title,
            "journal": self.journal,
            "year": self.year,
            "volume": self.volume,
            "pages": f"{self.pages[0]}--{self.pages[1]}",
            "doi": self.doi,
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@article{{{self.key},\n{lines}}}\n"


def sentence(generator: random.Random, words: int) -> str:
    """Return a sentence of so many words."""
    chosen = [generator.choice(WORDS) for _ in range(words)]
    return " ".join(chosen).capitalize() + "."


def record(seed: int, claims: int) -> dict[str, object]:
    """Return a record with so many claims, each resting on one of five sources: two charts, no bibliography."""
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


def works(seed: int = 0) -> list[Work]:
    """Return the articles that the records of `cited_record` choose from."""
    generator = random.Random(f"works {seed}")
    return [_work(generator, number) for number in range(WORKS)]


def _work(generator: random.Random, number: int) -> Work:
    authors = [
        (generator.choice(FAMILIES), generator.choice(GIVEN)) for _ in range(generator.randrange(1, 5))
    ]
    year = generator.randrange(1996, 2026)
    first = generator.randrange(1, 900)
    return Work(
        key=f"{authors[0][0].lower()}{year}n{number}",
        authors=tuple(dict.fromkeys(authors)),
        title=sentence(generator, generator.randrange(6, 12)).rstrip("."),
        journal=f"Journal of {sentence(generator, 2).rstrip('.')}",
        year=year,
        volume=generator.randrange(1, 60),
        pages=(first, first + generator.randrange(4, 30)),
        doi=f"10.5555/bench.{number:03d}",
    )


def cited_record(seed: int, claims: int) -> dict[str, object]:
    """Return a record that cites five to ten works in a section, its claims tied to the first of them: one chart."""
    generator = random.Random(f"cited {seed}")
    cited = [work.key for work in generator.sample(works(), generator.randrange(5, 11))]
    shared = record(seed, claims)
    return {
        **shared,
        "sources": cited,
        "lead_source": cited[0],
        "search": {"papers_retrieved": len(cited)},
        "claims": [
            {name: value for name, value in claim.items() if name != "sources"} for claim in shared["claims"]
        ],
        "sections": [{"title": "Sources", "text": " ".join(_cited(generator, key) for key in cited)}],
    }


def _cited(generator: random.Random, key: str) -> str:
    return f"{sentence(generator, 8).rstrip('.')} [@{key}]."


def write(folder: Path, count: int, claims: int, seed: int = 0) -> list[Path]:
    """Write so many records into a folder and give their paths."""
    return _write(folder, [record(seed + number, claims) for number in range(count)])


def write_project(folder: Path, count: int, claims: int, seed: int = 0) -> list[Path]:
    """Write settings, ``bib/works.bib`` and so many records that cite it; give the paths of the records."""
    (folder / "bib").mkdir(parents=True, exist_ok=True)
    (folder / "bib/works.bib").write_text("\n".join(work.bibtex() for work in works()), encoding="utf-8")
    (folder / "reportgen.toml").write_text(
        'id_prefix = "BENCH"\n\n[publisher]\nname = "Bench"\n', encoding="utf-8"
    )
    return _write(folder / "records", [cited_record(seed + number, claims) for number in range(count)])


def _write(folder: Path, values: list[dict[str, object]]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, value in enumerate(values):
        path = folder / f"record-{number:05d}.json"
        path.write_text(json.dumps(value), encoding="utf-8")
        paths.append(path)
    return paths
