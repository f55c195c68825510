"""WeasyPrint: HTML from a Jinja2 template, the chart as SVG, the references from the ``.bib`` file by hand.

WeasyPrint has no bibliography, so its user reads the file with bibtexparser, once for all reports.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import bibtexparser
from jinja2 import Environment, FileSystemLoader

from peers.chart import draw

if TYPE_CHECKING:
    from peers.content import Content


class WeasyPrint:
    """WeasyPrint with its template and its fonts ready; it writes an untagged PDF, as it does when not told."""

    def __init__(self) -> None:
        """Read the template."""
        folder = Path(__file__).parent
        environment = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True)
        self.template = environment.get_template("report.html")
        self.fonts: object = None

    def files(self, content: Content) -> dict[str, bytes]:
        """Return the HTML and the chart."""
        entries = entries_of(content.bibliography)
        numbers = {key: number for number, (_, key) in enumerate(content.sentences, 1)}
        references = [entries[key] for key in numbers]
        html = self.template.render(content=content, numbers=numbers, references=references)
        return {"report.html": html.encode(), "chart.svg": draw(content.claims, "svg")}

    def make(self, folder: Path) -> Path:
        """Lay out and write."""
        from weasyprint import HTML
        from weasyprint.text.fonts import FontConfiguration

        self.fonts = self.fonts or FontConfiguration()
        pdf = folder / "report.pdf"
        HTML(folder / "report.html").write_pdf(pdf, font_config=self.fonts)
        return pdf


@cache
def entries_of(bibliography: Path) -> dict[str, str]:
    """Format each entry of a bibliography."""
    entries = bibtexparser.parse_string(bibliography.read_text(encoding="utf-8")).entries
    return {
        entry.key: _formatted({name: field.value for name, field in entry.fields_dict.items()})
        for entry in entries
    }


def _formatted(fields: dict[str, str]) -> str:
    authors = [" ".join(reversed(name.split(", "))) for name in fields["author"].split(" and ")]
    place = f"{fields['journal']} {fields['volume']}: {fields['pages'].replace('--', '–')}"
    return f"{', '.join(authors)}. {fields['title']}. {place}. {fields['year']}. doi:{fields['doi']}"
