"""Make the pictures in docs/ from a real report, so that they never show what reportgen no longer does."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from reportgen.base.settings import find_settings
from reportgen.pipeline.build import build_report

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "records" / "fbca8ee9.json"
PAGES = (1, 2, 3)


def main() -> None:
    """Compile the record and draw its first pages as PNG files."""
    with tempfile.TemporaryDirectory() as folder:
        built = build_report(RECORD, find_settings(RECORD.parent, output=Path(folder)))
        for page in PAGES:
            target = ROOT / "docs" / f"page-{page}"
            command = ["pdftoppm", "-png", "-r", "90", "-f", str(page), "-l", str(page), "-singlefile"]
            subprocess.run([*command, str(built.pdf), str(target)], check=True)
            print(f"docs/{target.name}.png")


if __name__ == "__main__":
    main()
