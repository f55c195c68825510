"""The house style shows what BibTeX's plain shows of every type of entry; what it shows beyond that has a reason."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from manual_fields import BIBTEX
from references import library_of, printed
from reportgen.sources.bibtex_table import USED, withheld

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = [
    *("address", "annote", "author", "booktitle", "chapter", "edition", "editor", "howpublished"),
    *("institution", "journal", "key", "month", "note", "number", "organization", "pages"),
    *("publisher", "school", "series", "title", "type", "volume", "year"),
]
NAMED = {"author": "Zauthor, Given", "editor": "Zeditor, Given", "pages": "31--57", "year": "1987", "month": "Zmonth",
    "volume": "43", "number": "44", "edition": "Zedition", "chapter": "47"}  # fmt: skip
BEYOND = {
    "article": "address booktitle chapter edition editor howpublished institution organization publisher school series type",
    "book": "booktitle chapter editor howpublished institution journal number organization pages school type",
    "booklet": "booktitle chapter edition editor institution journal number organization pages publisher school series type"
    " volume",
    "conference": "chapter edition howpublished institution journal number school type",
    "inbook": "booktitle editor howpublished institution journal number organization school",
    "incollection": "howpublished institution journal number organization school",
    "inproceedings": "chapter edition howpublished institution journal number school type",
    "manual": "booktitle chapter editor howpublished institution journal number pages publisher school series type volume",
    "mastersthesis": "booktitle chapter edition editor howpublished institution journal number organization pages publisher"
    " series volume",
    "misc": "address booktitle chapter edition editor institution journal number organization pages publisher school series type"
    " volume",
    "phdthesis": "booktitle chapter edition editor howpublished institution journal number organization pages publisher series"
    " volume",
    "proceedings": "author booktitle chapter edition howpublished institution journal number pages school type",
    "techreport": "booktitle chapter edition editor howpublished journal organization pages publisher school series volume",
    "unpublished": "address booktitle chapter edition editor howpublished institution journal number organization pages publisher"
    " school series type volume",
}
"""What the house style prints of an entry with every field, and plain does not."""
_VOLUME = "plain shows one of volume and number of a series, and BibTeX warns; both are printed"
_EDITOR = "plain shows one of author and editor, and BibTeX warns; both are printed"
DIFFERENCES = {
    **{
        (type_, "number"): _VOLUME
        for type_ in ("book", "conference", "inbook", "incollection", "inproceedings", "proceedings")
    },
    ("book", "editor"): _EDITOR,
    ("inbook", "editor"): _EDITOR,
}
"""Of an entry with those fields that BibTeX's manual names for its type: what is printed beyond plain, and why."""


def value(name: str) -> str:
    return NAMED.get(name, f"Z{name}")


def is_shown(name: str, text: str) -> bool:
    word = value(name).split(",")[0].split("--")[0]
    return re.search(rf"\b{word}\b", text, re.IGNORECASE) is not None


def bib_of(type_: str, fields: list[str]) -> str:
    return f"@{type_}{{x{type_},\n" + ",\n".join(f"  {name} = {{{value(name)}}}" for name in fields) + "\n}\n"


def shown_by_plain(folder: Path, fields: dict[str, list[str]]) -> dict[str, str]:
    """Run BibTeX over one entry of each type: the text of each."""
    (folder / "a.bib").write_text(
        "".join(bib_of(type_, names) for type_, names in fields.items()), encoding="utf-8"
    )
    (folder / "a.aux").write_text("\\citation{*}\n\\bibstyle{plain}\n\\bibdata{a}\n", encoding="utf-8")
    subprocess.run(["bibtex", "-terse", "a"], cwd=folder, check=False, capture_output=True)
    text = (folder / "a.bbl").read_text(encoding="utf-8")
    entries = re.findall(r"\\bibitem\{(\w+)\}(.*?)(?=\\bibitem|\\end\{)", text, re.DOTALL)
    return {key[1:]: entry for key, entry in entries}


@pytest.fixture(scope="module")
def of_manual(tmp_path_factory):
    return shown_by_plain(
        tmp_path_factory.mktemp("manual"), {name: fields.split() for name, fields in BIBTEX.items()}
    )


@pytest.fixture(scope="module")
def of_all(tmp_path_factory):
    return shown_by_plain(tmp_path_factory.mktemp("all"), dict.fromkeys(BIBTEX, FIELDS))


def compared(type_: str, fields: list[str], plain: dict[str, str]) -> tuple[set[str], set[str], set[str]]:
    """Return what plain alone shows, what the house style alone shows, and what neither does."""
    reference = printed(library_of(bib_of(type_, fields)).entry(f"x{type_}"))
    theirs = {name for name in fields if is_shown(name, plain[type_])}
    ours = {name for name in fields if is_shown(name, reference)}
    assert theirs
    return theirs - ours, ours - theirs, {*fields} - ours - theirs


@pytest.mark.parametrize("type_", BIBTEX)
def test_the_fields_of_a_type_are_shown_as_plain_shows_them(of_manual, type_):
    lost, added, hidden = compared(type_, BIBTEX[type_].split(), of_manual)
    assert lost == set()
    assert added == {name for kind, name in DIFFERENCES if kind == type_}
    assert all(name in USED or withheld(name) for name in hidden)


@pytest.mark.parametrize("type_", BIBTEX)
def test_a_field_that_bibtex_ignores_in_a_type_is_printed(of_all, type_):
    lost, added, hidden = compared(type_, FIELDS, of_all)
    assert lost == set()
    assert added == set(BEYOND[type_].split())
    assert all(name in USED or withheld(name) for name in hidden)
