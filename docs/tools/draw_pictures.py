"""Make the pictures of the documentation from real reports, so that they show what reportgen does."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from page_pictures import look_of_site, photograph_site
from pandoc_review import set_with_pandoc
from reportgen.base.settings import find_settings
from reportgen.pipeline.build import build_report
from reportgen.pipeline.compose import compose_report

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
MADE_FROM = IMAGES / "made-from.json"
LOOK = ("preamble.tex.j2", "page.tex")
"""The templates that are in no report's own LaTeX, and say how its pages look."""
RECORDS, FIXTURES = ROOT / "records", ROOT / "tests" / "fixtures"
REVIEW = RECORDS / "spacing.json"
EVERY_CHART = FIXTURES / "every_chart.json"
BEFORE = FIXTURES / "releases" / "second-plan.pdf"
PAGES = {
    "page": (RECORDS / "fbca8ee9.json", (1, 2)),
    "review": (REVIEW, (1, 4, 7)),
    "english": (EVERY_CHART, (1,)),
    "german": (FIXTURES / "german.json", (1,)),
    "french": (FIXTURES / "french.json", (1,)),
    "after": (RECORDS / "5eed0003.json", (1, 2)),
}
COLOURS = 128
"""So many are enough for a page, and make its picture a third as large."""


def main() -> None:
    """Draw pages and charts of the records' reports as PNG files; pages of their site and pandoc's where both are."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for stem, (record, pages) in PAGES.items():
            built = build_report(record, find_settings(record.parent, output=folder))
            for page in pages:
                draw(built.pdf, page, f"{stem}-{page}")
        for page in (1, 2, 3):
            draw(BEFORE, page, f"before-{page}")
        draw_charts(folder)
        if shutil.which("pandoc"):
            made = set_with_pandoc(REVIEW, folder)
            draw(made, 1, "review-pandoc-1")
            draw(made, 4, "review-pandoc-4")
        for picture in photograph_site(folder, IMAGES):
            reduce(picture, colours=256)
    MADE_FROM.write_text(json.dumps(made_from(), indent=1) + "\n", encoding="utf-8")


def made_from() -> dict[str, str]:
    """Return for each report that is drawn the hash of the LaTeX that the tests expect of it, and of its look.

    ``site`` is that of the look of pages.
    """
    look = b"".join((ROOT / "templates" / "latex" / name).read_bytes() for name in LOOK)
    reports = {record.stem for record, _ in PAGES.values()}
    golden = ((name, ROOT / "tests" / "golden" / f"{name}.tex") for name in sorted(reports))
    drawn = {name: hashlib.sha256(file.read_bytes() + look).hexdigest() for name, file in golden}
    return {**drawn, "site": look_of_site()}


def draw_charts(folder: Path) -> None:
    """Draw one chart of each kind."""
    made = compose_report(EVERY_CHART, find_settings(EVERY_CHART.parent))
    for chart in made.inputs.figures.printed:
        file = folder / f"{chart.name}.pdf"
        file.write_bytes(chart.pdf)
        draw(file, 1, chart.name, resolution=110)


def draw(pdf: Path, page: int, name: str, resolution: int = 80) -> None:
    """Draw a page into docs/images/."""
    command = ["pdftoppm", "-png", "-r", str(resolution), "-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run([*command, str(pdf), str(IMAGES / name)], check=True)
    reduce(IMAGES / f"{name}.png")


def reduce(picture: Path, colours: int = COLOURS) -> None:
    """Write a picture again with few colours."""
    with Image.open(picture) as drawn:
        drawn.convert("P", palette=Image.Palette.ADAPTIVE, colors=colours).save(picture, optimize=True)
    print(picture.relative_to(ROOT))


if __name__ == "__main__":
    main()
