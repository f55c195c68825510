"""Hooks of MkDocs: the reports that the gallery offers are built, and a table of them stands in its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from reportgen import Settings, build_batch
from reportgen.html.render import render_page
from reportgen.pipeline.compose import compose_report

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
PLACE = "<!-- reports -->"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the PDF, the page of HTML and the record of each report; a PDF that would be the same is not built again."""
    paths = [ROOT / record for record in config.extra["reports"]]
    for path, outcome in zip(paths, build_batch(paths, output=ROOT / "build" / "reports"), strict=True):
        if outcome.pdf is None:
            raise PluginError("\n".join(map(str, outcome.problems)))
        tree = compose_report(path, Settings.find(path.parent)).tree
        files.append(File.generated(config, f"reports/{path.stem}.pdf", abs_src_path=str(outcome.pdf)))
        files.append(File.generated(config, f"reports/{path.stem}.html", content=render_page(tree)))
        files.append(File.generated(config, f"reports/{path.name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Put the table of the reports into the gallery."""
    if page.file.src_uri != "gallery.md":
        return markdown
    lines = ["| what it is | report | record |", "|---|---|---|"]
    for record, meaning in config.extra["reports"].items():
        file = f"reports/{Path(record).stem}"
        report = f"[PDF]({file}.pdf), [HTML]({file}.html)"
        lines.append(
            f"| {meaning[:1].upper()}{meaning[1:]} | {report} | [{Path(record).name}](reports/{Path(record).name}) |"
        )
    return markdown.replace(PLACE, "\n".join(lines))
