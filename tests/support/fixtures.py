"""Records to compile: the samples, the small ones in fixtures/, and large or odd ones made here."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hostile import TEXTS, URLS
from minimal_record import claim, minimal
from reportgen.record.registration import Deposit, Stage, lock_path, write_deposit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FOLDER = Path(__file__).parents[1] / "fixtures"
SAMPLES = Path(__file__).parents[2] / "records"
HOSTILE_GROUP = 11


@dataclass(frozen=True)
class Case:
    """A record to compile: a file, or a function that writes one into an empty folder."""

    record: Path | Callable[[Path], Path]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def lay_out(self, folder: Path) -> Path:
        return self.record if isinstance(self.record, Path) else self.record(folder)


def words(seed: int, characters: int) -> str:
    """Return running text of exactly this length, the same each time, that ends as a sentence does."""
    draw = random.Random(seed)
    stems = [
        "the",
        "model",
        "data",
        "error",
        "training",
        "early",
        "stopping",
        "lowers",
        "raises",
        "calibration",
        "on",
        "every",
        "set",
        "of",
        "images",
    ]
    text = ""
    while len(text) < characters:
        text += " ".join(draw.choices(stems, k=draw.randint(6, 15))).capitalize() + ". "
    return text[: characters - 1].rstrip(" .").ljust(characters - 1, "n") + "."


def source(number: int, **changes: Any) -> dict[str, Any]:
    """Return an inline item of the bibliography."""
    return {
        "id": f"source{number}",
        "type": "article-journal",
        "title": f"Study number {number} of calibration",
        "author": [{"family": f"Author{chr(97 + number % 26)}", "given": "Ada"}],
        "issued": {"date-parts": [[2000 + number % 25]]},
        **changes,
    }


def written(**changes: Any) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        return write_record(folder / "record.json", **changes)

    return write


def write_record(path: Path, **changes: Any) -> Path:
    """Write a minimal record with changes; characters that JSON need not escape stand as they are."""
    content = json.dumps(minimal(**changes), ensure_ascii=False, indent=1)
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    return path


def deposited(host: str, doi: str, **changes: Any) -> Callable[[Path], Path]:
    """Write a record with the lock file of a deposit beside it."""

    def write(folder: Path) -> Path:
        path = write_record(folder / "record.json", **changes)
        record = minimal(**changes)
        deposit = Deposit(host, record["id"], record.get("version", "1"), "7", doi=doi, stage=Stage.RESERVED)
        write_deposit(lock_path(path), deposit)
        return path

    return write


def many_claims(count: int) -> list[dict[str, Any]]:
    draw = random.Random(count)
    return [
        claim(
            words(number, draw.randint(40, 260)),
            verified=number % 3 == 0,
            confidence=round(draw.betavariate(2, 5), 2),
            sources=[f"source{number % 40}"],
        )
        for number in range(count)
    ]


def claims_in_parquet(folder: Path) -> Path:
    import pandas as pd

    rows = [{**each, "sources": each["sources"][:1]} for each in many_claims(3)]
    rows[1] |= {"confidence": None, "locator": "p. 7"}
    pd.DataFrame(rows).to_parquet(folder / "claims.parquet", index=False)
    return write_record(
        folder / "record.json", claims={"file": "claims.parquet"}, sources=list(map(source, range(3)))
    )


def long_texts(folder: Path) -> Path:
    """Return every table and paragraph more than a page holds."""
    return write_record(
        folder / "record.json",
        question=words(1, 3000),
        background={"text": words(2, 4000), "source": source(1)},
        claims=[
            claim(words(3, 5000), confidence=0.3, quote=words(4, 3000), note=words(5, 2000)),
            claim("x" * 400),
            claim("W" * 5000),
            claim("機械学習の文章です。" * 300),
            claim("A last claim of one line."),
        ],
        limitations=[words(6, 4000), "A short one."],
        search={"queries": [words(7, 2000)], "criteria": words(8, 1500)},
        corrections=[
            {
                "event_id": "e1",
                "corrected_at": "2026-06-01",
                "correction_type": "CLAIM",
                "public_note": words(9, 3000),
                "affected_fields": [f"claims[{index}].text" for index in range(200)],
            }
        ],
        review={"score": 5, "reviewers": [{"role": words(10, 150), "score": 5, "note": words(11, 3000)}]},
        quality_dimensions={"novelty": {"level": "LOW", "basis": words(12, 3000)}},
        gate={"status": "UNVERIFIED", "reason": words(13, 900)},
        generator={"name": "G" * 100, "statement": words(14, 3000)},
    )


def unbroken_words(folder: Path) -> Path:
    """Put words that no dictionary divides into the narrowest columns, and more of them than fit a page."""
    words = ["W" * 20, "W" * 30, "W" * 44, "p" * 30, "Donaudampfschifffahrtsgesellschaft"]
    return write_record(
        folder / "record.json",
        title=f"On {words[2]}",
        question=f"{words[2]} or {words[1]}?",
        sources=list(map(source, range(60))),
        claims=[
            claim(f"{word}.", quote=word, sources=[f"source{number}" for number in range(60)])
            for word in words
        ],
        review={"score": 5, "reviewers": [{"role": word, "score": 5, "note": word} for word in words * 6]},
        benchmark={
            "model": words[2],
            "benchmark": words[1],
            "entries": [
                {"source": f"source{number}", "score_pct": number, "protocol": words[number % 5]}
                for number in range(60)
            ],
        },
        math={
            "statement": words[2],
            "state": "FORMAL_PROOF_ATTEMPTED",
            "lean4_source": "\n".join(
                "  " * (n % 9) + f"lemma l{n} : ∀ x, x = x -- {'c' * n}" for n in range(99)
            ),
        },
        search={"queries": words * 20, "databases": words * 3},
        authors=[{"name": word, "affiliation": word} for word in words],
        keywords=words * 5,
    )


def hostile_names() -> Iterator[tuple[str, ...]]:
    names = list(TEXTS)
    for start in range(0, len(names), HOSTILE_GROUP):
        yield tuple(names[start : start + HOSTILE_GROUP])


def hostile(names: tuple[str, ...]) -> Callable[[Path], Path]:
    """Put texts into every field that takes free text: all into each list, one after another into the others."""
    texts = [TEXTS[name] for name in names]

    def joined(first: int) -> str:
        return " ¶ ".join([*texts[first:], *texts[:first]])

    return written(
        title=joined(0),
        subtitle=joined(1),
        question=joined(1),
        version=joined(2),
        license=joined(3),
        keywords=texts,
        authors=[{"name": text, "affiliation": text} for text in texts],
        generator={
            "name": joined(4),
            "version": joined(5),
            "statement": joined(6),
            "run": {"id": joined(7), "cost": joined(8), "tools": texts},
        },
        ai_use=[{"task": text, "tool": text, "version": text, "checked_by": text} for text in texts],
        human_review=[{"who": text, "what": text} for text in texts],
        background={"text": joined(7), "source": "item0"},
        sections=[{"title": joined(8), "text": "A paragraph of its own."}],
        search={
            "databases": [*texts, *({"name": text, "query": text} for text in texts)],
            "queries": texts,
            "excluded": [{"reason": text, "n": 1} for text in texts],
            "criteria": joined(9),
        },
        sources=[source(number, id=f"item{number}") for number in range(len(texts))],
        claims=[
            claim(
                text,
                **dict.fromkeys(("quote", "locator", "note", "theme", "confidence_of"), text),
                confidence=0.5,
                sources=[f"item{number}"],
                evidence=[
                    {"source": f"item{number}", "quote": text, "locator": text, "stance": "contradicts"}
                ],
                verdict_by={"type": "person", "name": text},
            )
            for number, text in enumerate(texts)
        ],
        claim_record_source=joined(10),
        review={
            "score": 5,
            "method": joined(0),
            "reviewers": [{"role": text, "score": 5, "note": text} for text in texts],
        },
        quality_dimensions={"novelty": {"level": "LOW", "basis": joined(1)}},
        confidence_words=[{"word": text, "from": number / 100} for number, text in enumerate(texts)],
        outcomes=[
            {
                **dict.fromkeys(("name", "measure", "unit", "model", "risk_of_bias", "certainty"), text),
                "entries": [{"source": f"item{number}", "value": 1, "group": text}],
                "pooled": {"value": 1, "note": text},
            }
            for number, text in enumerate(texts)
        ],
        gate={
            "status": "UNVERIFIED",
            "reason": joined(2),
            "checks": [
                {"id": f"c{number}", "type": "proof", "command": text, "expected": text}
                for number, text in enumerate(texts)
            ],
        },
        corrections=[
            {
                "event_id": text,
                "corrected_at": "2026-06-01",
                "correction_type": "METADATA",
                "public_note": text,
                "affected_fields": [text],
            }
            for text in texts
        ],
        benchmark={
            "model": joined(3),
            "benchmark": joined(4),
            "entries": [
                {"source": f"item{number}", "score_pct": number, "protocol": text}
                for number, text in enumerate(texts)
            ],
        },
        math={
            "statement": joined(5),
            "domain": joined(6),
            "state": "COMPUTATIONAL_EVIDENCE",
            "method": joined(7),
            "counterexample": joined(8),
            "lean4_source": "\n".join(texts),
        },
        limitations=texts,
    )


def in_code() -> dict[str, str]:
    """Return the texts that Markdown can hold between backticks."""
    return {
        name: text for name, text in TEXTS.items() if not re.search(r"[`\n\r]", text) and text == text.strip()
    }


def hostile_sections(folder: Path) -> Path:
    """Put every text into a section, but for those that cite: as Markdown, and as code."""
    raw = [text for text in TEXTS.values() if "[@" not in text]
    code = "\n\n".join(f"Code `` {text} `` ends." for text in in_code().values())
    sections = [{"title": "Code", "text": code}]
    sections += [{"title": f"Raw {number}", "text": f"{text}\n\n- {text}"} for number, text in enumerate(raw)]
    return write_record(folder / "record.json", sections=sections)


def hostile_items(folder: Path) -> Path:
    """Put texts into every field of a source."""
    items = [
        source(
            number,
            id=f"item{number}",
            title=text,
            author=[{"literal": text}, {"family": text, "given": text}],
            editor=[{"literal": text}],
            note=text,
            publisher=text,
            edition=text,
            volume=text,
            **{"container-title": text, "collection-title": text, "publisher-place": text},
        )
        for number, text in enumerate(TEXTS.values())
    ]
    claims = [claim(f"A claim of item {number}.", sources=[f"item{number}"]) for number in range(len(items))]
    return write_record(folder / "record.json", sources=items, claims=claims)


def accepted_urls() -> list[str]:
    from reportgen.base.identifiers import identify

    accepted = []
    for url in URLS.values():
        try:
            accepted.append(identify(url, "url").value)
        except ValueError:
            continue
    return accepted


def hostile_urls(folder: Path) -> Path:
    urls = accepted_urls()
    items = [source(number, id=f"item{number}", URL=url) for number, url in enumerate(urls)]
    return write_record(
        folder / "record.json",
        sources=[*urls, *items],
        claims=[claim(f"A claim of the page {url}.", sources=[url]) for url in urls],
        sections=[
            {
                "title": "Links",
                "text": "\n\n".join(f"See [this](<{url}>)." for url in urls if "\\" not in url),
            }
        ],
    )


CASES: dict[str, Case] = {
    **{f"sample_{path.stem}": Case(path) for path in sorted(SAMPLES.glob("*.json"))},
    **{path.stem: Case(path) for path in sorted(FOLDER.glob("*.json"))},
    "verified": Case(FOLDER / "verified" / "record.json"),
    "long_title": Case(written(title=words(5, 300))),
    "forty_sources": Case(
        written(sources=list(map(source, range(40))), claims=many_claims(45), search={"papers_retrieved": 52})
    ),
    "two_hundred_claims": Case(
        written(sources=list(map(source, range(40))), claims=many_claims(200), confidence_threshold=0.4)
    ),
    "two_thousand_claims": Case(
        written(sources=list(map(source, range(40))), claims=many_claims(2000), confidence_threshold=0.4)
    ),
    "claims_in_parquet": Case(claims_in_parquet),
    "long_texts": Case(long_texts),
    "unbroken_words": Case(unbroken_words),
    "russian": Case(
        written(
            language="ru",
            title="Воспроизводимость исследования нейронных сетей",
            question="Насколько воспроизводимы исследования предварительного обучения нейросетевых моделей?",
            claims=[
                claim(
                    "Воспроизводимость экспериментов предварительного обучения остаётся низкой. " * 3,
                    confidence=0.5,
                )
            ],
        )
    ),
    "letter": Case(FOLDER / "one_claim.json", {"paper": "letter"}),
    "luatex_forced": Case(FOLDER / "one_claim.json", {"engine": "luatex"}),
    "doi_reserved": Case(deposited("https://zenodo.org/api", "10.5281/zenodo.7", license="CC-BY-4.0")),
    "doi_sandbox": Case(deposited("https://sandbox.zenodo.org/api", "10.5072/zenodo.7")),
    "hostile_urls": Case(hostile_urls),
    "hostile_items": Case(hostile_items),
    "hostile_sections": Case(hostile_sections),
    **{f"hostile_{number}": Case(hostile(names)) for number, names in enumerate(hostile_names())},
}
"""Every record that must compile, by the name of its property."""
