"""Generated records of varied sizes, the same from one seed on every machine: what pages are measured on."""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING, Any

from fixtures import source

if TYPE_CHECKING:
    from collections.abc import Callable

PAPERS = ("a4", "letter")
LANGUAGES = ("en", "de", "fr")
_WORDS = {
    "en": "early stopping lowers the calibration error of small models on held out images when training data is "
    "scarce and raises it in larger networks across seeds although accuracy remains stable between runs",
    "de": "frühes Anhalten senkt den Fehler der Kalibrierung kleiner Modelle bei zurückgehaltenen Bildern wenn "
    "wenige Trainingsdaten vorliegen und erhöht ihn in größeren Netzen obwohl die Genauigkeit stabil bleibt",
    "fr": "arrêter tôt réduit la marge des petits modèles sur les images mises de côté quand les données sont "
    "rares et elle augmente dans les grands réseaux bien que leur justesse reste stable entre les essais",
}


def swept_record(seed: int) -> dict[str, Any]:
    """Return one record of the sweep."""
    return _Draw(seed).record()


class _Draw:
    """Draws one record; every text is of its language."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(f"sweep {seed}")
        self._language = LANGUAGES[seed % 3] if seed % 2 else "en"
        self._words = _WORDS[self._language].split()

    def record(self) -> dict[str, Any]:
        draw = self._draw
        sources = [self._source(number) for number in range(draw.randint(1, 5))]
        claims = [self._claim(sources) for _ in range(self._number_of_claims())]
        record = {
            "schema": "reportgen-record-v1",
            "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "title": self._sentence(draw.randint(4, 18)).rstrip("."),
            "date": "2026-05-30",
            "language": self._language,
            "question": self._text(draw.randint(1, 10)).rstrip(".") + "?",
            "sources": sources,
            "claims": claims,
        }
        return record | self._optional(sources, claims)

    def _number_of_claims(self) -> int:
        low, high = self._draw.choices(((0, 0), (1, 8), (9, 20), (21, 60)), weights=(1, 4, 3, 2))[0]
        return self._draw.randint(low, high)

    def _optional(self, sources: list[Any], claims: list[Any]) -> dict[str, Any]:
        parts: dict[str, tuple[float, Callable[[], Any]]] = {
            "summary": (0.6, lambda: self._text(self._draw.randint(2, 5))),
            "abstract": (0.2, lambda: self._text(self._draw.randint(3, 8))),
            "background": (0.5, lambda: {"text": self._text(3), "source": sources[0]["id"]}),
            "sections": (0.4, self._sections),
            "search": (0.7, lambda: self._search(len(sources))),
            "review": (0.6, self._review),
            "limitations": (0.3, lambda: [self._text(1) for _ in range(self._draw.randint(1, 4))]),
            "quality_dimensions": (0.3, self._dimensions),
            "confidence_threshold": (0.3, lambda: 0.5),
            "authors": (0.3, lambda: [{"name": "Ada Lovelace", "affiliation": "University of Exampleton"}]),
            "generator": (0.4, lambda: {"name": "Assignee", "version": "2.1"}),
            "funding": (0.2, lambda: self._text(1)),
            "corrections": (0.1, self._corrections),
            "outcomes": (0.15, lambda: self._outcomes(sources)),
        }
        given = {name: make() for name, (share, make) in parts.items() if self._draw.random() < share}
        if not claims:
            given.pop("confidence_threshold", None)
        return given

    def _sentence(self, words: int | None = None) -> str:
        chosen = self._draw.choices(self._words, k=words or self._draw.randint(6, 22))
        return " ".join(chosen).capitalize() + "."

    def _text(self, sentences: int) -> str:
        return " ".join(self._sentence() for _ in range(sentences))

    def _source(self, number: int) -> dict[str, Any]:
        title = self._sentence(self._draw.randint(4, 14)).rstrip(".")
        journal = {"container-title": "Journal of Fixtures", "volume": str(number + 1), "page": "11-29"}
        return source(number, title=title, **(journal if self._draw.random() < 0.7 else {}))

    def _claim(self, sources: list[Any]) -> dict[str, Any]:
        draw = self._draw
        claim: dict[str, Any] = {"text": self._text(draw.choice((1, 1, 1, 2, 3)))}
        if draw.random() < 0.85:
            claim["confidence"] = round(draw.betavariate(2, 2), 2)
        claim["verified"] = claim.get("confidence", 0) > 0.5
        if draw.random() < 0.8:
            claim["sources"] = [draw.choice(sources)["id"]]
            if draw.random() < 0.4:
                claim |= {"quote": self._text(1), "locator": f"p. {draw.randint(1, 30)}"}
        if draw.random() < 0.1:
            claim["note"] = self._text(1)
        return claim

    def _sections(self) -> list[dict[str, str]]:
        return [
            {"title": self._sentence(self._draw.randint(2, 6)).rstrip("."), "text": self._section_text()}
            for _ in range(self._draw.randint(1, 4))
        ]

    def _section_text(self) -> str:
        blocks = []
        for _ in range(self._draw.randint(1, 4)):
            if self._draw.random() < 0.25:
                blocks.append(f"# {self._sentence(3).rstrip('.')}")
            blocks.append(self._text(self._draw.randint(1, 7)))
            if self._draw.random() < 0.2:
                blocks.append("\n".join(f"- {self._sentence()}" for _ in range(self._draw.randint(2, 5))))
            if self._draw.random() < 0.2:
                blocks.append(self._table())
        return "\n\n".join(blocks)

    def _search(self, listed: int) -> dict[str, Any]:
        found = listed + self._draw.randint(0, 40)
        return {
            "databases": [
                {"name": "Scopus", "found": found, "searched_on": "2026-05-20", "query": self._sentence(6)}
            ],
            "queries": [self._sentence(5) for _ in range(self._draw.randint(1, 4))],
            "papers_retrieved": found,
            "screened": found,
            "included": listed,
            "criteria": self._sentence(),
        }

    def _review(self) -> dict[str, Any]:
        scores = [round(self._draw.uniform(2, 9.5), 1) for _ in range(self._draw.randint(1, 4))]
        reviewers = [
            {"role": self._sentence(2).rstrip("."), "score": score, "note": self._text(1)}
            if self._draw.random() < 0.5
            else {"role": self._sentence(2).rstrip("."), "score": score}
            for score in scores
        ]
        return {"score": round(sum(scores) / len(scores), 2), "reviewers": reviewers}

    def _table(self) -> str:
        rows = [
            f"| {self._sentence(2).rstrip('.')} | {number} | {number / 7:.2f} |"
            for number in range(self._draw.randint(2, 14))
        ]
        return "\n".join(("| Run | Images | Error |", "|---|--:|--:|", *rows))

    def _dimensions(self) -> dict[str, Any]:
        return {
            name: {"level": self._draw.choice(("LOW", "MEDIUM", "HIGH")), "basis": self._text(1)}
            for name in ("novelty", "evidence_strength")
        }

    def _corrections(self) -> list[dict[str, str]]:
        return [
            {
                "event_id": "c1",
                "corrected_at": "2026-06-20",
                "correction_type": "METADATA",
                "public_note": self._text(1),
            }
        ]

    def _outcomes(self, sources: list[Any]) -> list[dict[str, Any]]:
        entries = [
            {"source": each["id"], "value": round(self._draw.uniform(-1, 1), 2), "lower": -1.2, "upper": 1.2}
            for each in sources
        ]
        return [{"name": self._sentence(2).rstrip("."), "measure": "mean difference", "entries": entries}]
