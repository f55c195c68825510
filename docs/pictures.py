"""Make the pictures in docs/ from real reports, so that they never show what reportgen no longer does."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from pandoc_review import set_with_pandoc

from reportgen.base.settings import find_settings
from reportgen.pipeline.build import build_report

ROOT = Path(__file__).resolve().parent.parent
REVIEW = ROOT / "records" / "spacing.json"
PAGES = {"page": (ROOT / "records" / "fbca8ee9.json", (1, 2, 3)), "review": (REVIEW, (1, 4, 7))}


def main() -> None:
    """Compile the records and draw pages of theirs as PNG files; where pandoc is, its page of the review, too."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (record, pages) in PAGES.items():
            built = build_report(record, find_settings(record.parent, output=Path(folder)))
            for page in pages:
                draw(built.pdf, page, f"{name}-{page}")
        if shutil.which("pandoc"):
            made = set_with_pandoc(REVIEW, Path(folder))
            draw(made, 1, "review-pandoc-1")
            draw(made, 4, "review-pandoc-4")


def draw(pdf: Path, page: int, name: str) -> None:
    """Draw a page into docs/."""
    command = ["pdftoppm", "-png", "-r", "90", "-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run([*command, str(pdf), str(ROOT / "docs" / name)], check=True)
    print(f"docs/{name}.png")


if __name__ == "__main__":
    main()
