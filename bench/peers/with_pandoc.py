"""pandoc: Markdown with a pipe table, citeproc for the references, pdfLaTeX for the pages."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

from peers.chart import draw

if TYPE_CHECKING:
    from pathlib import Path

    from peers.content import Content


class Pandoc:
    """pandoc is a process a report; nothing is kept."""

    def files(self, content: Content) -> dict[str, bytes]:
        """Return the Markdown, the bibliography and the chart."""
        return {
            "report.md": markdown(content).encode(),
            "works.bib": content.bibliography.read_bytes(),
            "chart.pdf": draw(content.claims, "pdf"),
        }

    def make(self, folder: Path) -> Path:
        """Run pandoc."""
        command = ["pandoc", "report.md", "--citeproc", "--pdf-engine=pdflatex", "--output=report.pdf"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return folder / "report.pdf"


def markdown(content: Content) -> str:
    """Write the report; its metadata are JSON, which YAML holds."""
    metadata = {
        "title": content.title,
        "author": content.byline,
        "abstract": escaped(content.abstract),
        "bibliography": "works.bib",
        "papersize": "a4",
        "geometry": "margin=25mm",
        "colorlinks": True,
    }
    cited = " ".join(f"{escaped(sentence)} [@{key}]." for sentence, key in content.sentences)
    rows = "\n".join(f"| {' | '.join(map(escaped, claim.row))} |" for claim in content.claims)
    return f"""---
{json.dumps(metadata)}
---

> {escaped(content.status)}

# Research question

{escaped(content.question)}

# Sources

{cited}

# Results

![{content.caption}](chart.pdf){{width=100%}}

# Claims

| No. | Verdict | Confidence | Claim |
|:---|:-------|-------:|:------------------------------------|
{rows}

# References
"""


def escaped(text: str) -> str:
    """Put a backslash before what Markdown could read as markup."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|$~^@'\"&-])", r"\\\1", text)
