"""Typst: one template that reads the data as JSON, one compiler for all reports, its built-in face."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from peers.chart import draw

if TYPE_CHECKING:
    from peers.content import Content

TEMPLATE = Path(__file__).with_name("report.typ")
TEXTS = ("title", "byline", "status", "abstract", "question", "sentences", "caption", "alternative")


class Typst:
    """Typst as it comes nearest to what is compared: a tagged PDF/A-3a and PDF/UA-1 with the record inside."""

    standards: tuple[str, ...] = ("a-3a", "ua-1")
    record_inside = True

    def __init__(self) -> None:
        """Start a compiler that looks for no fonts but its own."""
        import typst

        self.compiler = typst.Compiler(ignore_system_fonts=True)

    def files(self, content: Content) -> dict[str, bytes]:
        """Return the template, its data, the bibliography and the chart."""
        values = {
            **{name: getattr(content, name) for name in TEXTS},
            "day": {"year": content.date.year, "month": content.date.month, "day": content.date.day},
            "claims": [claim.row for claim in content.claims],
            "inside": self.record_inside,
        }
        return {
            "report.typ": TEMPLATE.read_bytes(),
            "report.json": json.dumps(values).encode(),
            "works.bib": content.bibliography.read_bytes(),
            "record.json": content.record.read_bytes(),
            "chart.svg": draw(content.claims, "svg"),
        }

    def make(self, folder: Path) -> Path:
        """Compile."""
        pdf = folder / "report.pdf"
        self.compiler.compile(
            input=str(folder / "report.typ"),
            root=str(folder),
            output=str(pdf),
            pdf_standards=list(self.standards),
        )
        return pdf


class DefaultTypst(Typst):
    """Typst as it is when not told: a tagged PDF 1.7."""

    standards = ("1.7",)
    record_inside = False
