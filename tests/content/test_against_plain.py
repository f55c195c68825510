"""The house style shows what BibTeX's plain shows of every type of entry; what it shows beyond that has a reason."""

from __future__ import annotations

import re
import subprocess

import pytest

from references import library_of, printed
from reportgen.sources.bibtex_table import USED, withheld

FIELDS = [
    "address",
    "annote",
    "author",
    "booktitle",
    "chapter",
    "edition",
    "editor",
    "howpublished",
    "institution",
    "journal",
    "key",
    "month",
    "note",
    "number",
    "organization",
    "pages",
    "publisher",
    "school",
    "series",
    "title",
    "type",
    "volume",
    "year",
]
TYPES = [
    "article",
    "book",
    "booklet",
    "conference",
    "inbook",
    "incollection",
    "inproceedings",
    "manual",
    "mastersthesis",
    "misc",
    "phdthesis",
    "proceedings",
    "techreport",
    "unpublished",
]
NAMED = {"author": "Zauthor, Given", "editor": "Zeditor, Given", "pages": "31--57", "year": "1987", "month": "Zmonth",
    "volume": "43", "number": "44", "edition": "Zedition", "chapter": "47"}  # fmt: skip
BEYOND = {
    "article": "address booktitle chapter edition editor howpublished institution organization publisher school series type",
    "book": "booktitle chapter editor howpublished institution journal organization pages school type",
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
_IGNORED = "plain never asks for it in this type, though the manual's list has it"
DIFFERENCES = {
    ("article", "key"): "",
}
"""Of an entry with those fields alone that the manual names for its type: what is printed beyond plain, and why."""


def value(name: str) -> str:
    return NAMED.get(name, f"Z{name}")


def is_shown(name: str, text: str) -> bool:
    word = value(name).split(",")[0].split("--")[0]
    return re.search(rf"\b{word}\b", text, re.IGNORECASE) is not None


def bib_of(type_: str, fields: list[str]) -> str:
    return f"@{type_}{{x{type_},\n" + ",\n".join(f"  {name} = {{{value(name)}}}" for name in fields) + "\n}\n"


def shown(name: str, text: str, fields: list[str]) -> set[str]:
    return {name for name in fields if is_shown(name, text)}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Run BibTeX once: the text of each type's entry with every field."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "a.bib").write_text("".join(bib_of(type_, FIELDS) for type_ in TYPES), encoding="utf-8")
    (folder / "a.aux").write_text("\\citation{*}\n\\bibstyle{plain}\n\\bibdata{a}\n", encoding="utf-8")
    subprocess.run(["bibtex", "-terse", "a"], cwd=folder, check=False, capture_output=True)
    text = (folder / "a.bbl").read_text(encoding="utf-8")
    return {
        key[1:]: entry
        for key, entry in re.findall(r"\\bibitem\{(\w+)\}(.*?)(?=\\bibitem|\\end\{)", text, re.DOTALL)
    }


@pytest.mark.parametrize("type_", TYPES)
def test_what_plain_shows_is_shown_and_what_is_shown_beyond_it_is_listed(plain, type_):
    theirs = {name for name in FIELDS if is_shown(name, plain[type_])}
    entry = library_of(bib_of(type_, FIELDS)).entry(f"x{type_}")
    reference = printed(entry)
    ours = {name for name in FIELDS if is_shown(name, reference)}
    assert {"author", "title", "year"} & theirs
    assert theirs - ours == set()
    assert ours - theirs == set(BEYOND[type_].split())
    hidden = {*FIELDS} - ours
    assert all(name in USED or withheld(name) for name in hidden), hidden
