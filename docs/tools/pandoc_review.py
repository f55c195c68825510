"""Set the text of records/spacing.json through pandoc as it comes, for the comparison in docs/review.md."""

from __future__ import annotations

import csv
import json
import re
import runpy
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def set_with_pandoc(path: Path, folder: Path) -> Path:
    """Return the PDF that pandoc, citeproc and pdfLaTeX make of a record's title, abstract and sections."""
    record = json.loads(path.read_text(encoding="utf-8"))
    draw = runpy.run_path(str(path.parent / "figures" / "draw.py"))
    draw["draw_forgetting"](folder / "forgetting.pdf")  # pandoc cannot set an SVG without another program
    (folder / "review.md").write_text(_markdown(record, path.parent), encoding="utf-8")
    command = ["pandoc", "review.md", "--citeproc", "--pdf-engine=pdflatex", "--output=review.pdf"]
    bibliography = f"--bibliography={path.parent.parent / 'bib' / 'spacing.bib'}"
    subprocess.run([*command, bibliography], cwd=folder, check=True)
    return folder / "review.pdf"


def _markdown(record: dict, folder: Path) -> str:
    """Write what pandoc's Markdown has no words for as it would be typed there: files of tables, and references."""
    head = {key: record[key] for key in ("title", "subtitle", "date", "abstract")}
    parts = [f"---\n{json.dumps(head, ensure_ascii=False)}\n---", f"**In brief.** {record['summary']}"]
    for section in record["sections"]:
        parts += [f"# {section['title']}", re.sub(r"^#", "##", section["text"], flags=re.MULTILINE)]
    text = "\n\n".join(parts)
    for table in record["tables"]:
        names = {column["name"]: column["heading"] for column in table["columns"]}
        rows = _pipes(folder / table["file"], names)
        text = text.replace(f"![](#{table['id']})", f"{rows}\n\n: {table['caption']} {table['note']}")
    for figure in record["figures"]:
        file = str(folder / figure["file"]).replace(
            str(folder / "figures" / "forgetting.svg"), "forgetting.pdf"
        )
        text = text.replace(f"![](#{figure['id']})", f"![{figure['caption']} {figure['note']}]({file})")
    text = re.sub(
        r"!\[(.*?)\]\((\S+\.csv)\)\{\S+\}", lambda it: f"{_pipes(folder / it[2])}\n\n: {it[1]}", text
    )
    return _numbered(text, [f"claim-{claim['id']}" for claim in record["claims"]])


def _numbered(text: str, claims: list[str]) -> str:
    """Write the number of a place in the stead of each reference, and take the names of places away."""
    said = {name: f"C{number}" for number, name in enumerate(claims, start=1)}
    for kind, word in (("fig", "Figure"), ("tbl", "Table"), ("eq", "Equation")):
        for name in re.findall(rf"@({kind}-\w+)", text):
            number = 1 + sum(each.startswith(f"{kind}-") for each in said)
            said.setdefault(name, f"{word} {number}")
    text = re.sub(r"\s*\{#\S+\}", "", text)
    return re.sub(r"\[?@((?:claim|fig|tbl|eq)-\w+)\]?", lambda it: said[it[1]], text)


def _pipes(path: Path, names: dict[str, str] | None = None) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    lines = [[(names or {}).get(name, name) for name in head], ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
