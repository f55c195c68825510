"""Files that lie beside records and are none: what each is, and what is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, Where

if TYPE_CHECKING:
    from pathlib import Path

ROWS = (".parquet",)
OF_MANY = (".jsonl", ".ndjson", *ROWS)
"""The endings of files that `batch` takes for many records; otherwise they are tables."""
BESIDE = {
    ".zenodo.json": "the lock file of a deposit",
    ".lock.json": "a lock file",
    ".schema.json": "a JSON Schema, for editors",
    ".state.json": "what a batch knows of a report",
}
"""By the ending of a name: what lies beside records, is JSON as they are, and is none."""
_TABLE = "a table", "a record names it: as its `claims`, or in `tables`"
_PICTURE = "a picture", "a record names it in `figures`"
_PAGE = "a page", "a record is a .json or .yaml file; `reportgen export` writes pages of one"
_TEXT = (
    "a text",
    "a record is a .json or .yaml file; `reportgen new` writes one, whose `sections` take Markdown",
)
_KINDS = {
    ".bib": (
        "a bibliography",
        "`reportgen bib check {path}` checks it; records cite its entries by their keys",
    ),
    ".pdf": ("a PDF", "`reportgen extract {path}` writes the record that a report of ours carries"),
    ".toml": ("a file of settings", "they are read with each record of their folder, and of those below"),
    ".tex": ("a text in TeX", _TEXT[1]),
    ".csl": ("a style of references", "`style` under [bibliography] in reportgen.toml names it"),
    **dict.fromkeys((".csv", ".tsv", *OF_MANY), _TABLE),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".svg"), _PICTURE),
    **dict.fromkeys((".html", ".htm"), _PAGE),
    **dict.fromkeys((".md", ".markdown", ".txt", ".docx", ".odt"), _TEXT),
}
"""By the ending of a name: what the file is, and what to do."""
_UNREADABLE = frozenset({"json-syntax", "not-utf-8"})


def beside_records(name: str) -> str | None:
    """Say what a file is that lies beside records and has the name of none; None of others."""
    return next((what for ending, what in BESIDE.items() if name.endswith(ending)), None)


def no_record(path: Path, problems: tuple[Problem, ...]) -> Problem | None:
    """Say what a file is that cannot be read and whose name is not that of a record; None of others."""
    kind = _KINDS.get(path.suffix.lower())
    if kind is None or not _UNREADABLE.intersection(problem.code for problem in problems):
        return None
    what, hint = kind
    message = f"this is no record: by its name it is {what}"
    return Problem("not-a-record", Level.ERROR, Where(str(path)), message, hint.format(path=path))
