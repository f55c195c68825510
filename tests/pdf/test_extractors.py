"""Five readers of PDFs find the same words in the same order, and so does who listens to the tags."""

from __future__ import annotations

import io
import re
import sys
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from extractors import EXTRACTORS, without_drawings, words
from fixtures import CASES
from reportgen.base.settings import find_settings
from reportgen.pipeline.build import build_report

sys.path.append(str(Path(__file__).parents[2] / "bench"))

from linear_reading import Element, Text, read_tree

RECORDS = (
    *("sample_5eed0003", "sample_fbca8ee9", "sample_0ff0b073", "sample_795ca78a", "german"),
    *("french", "meta_analysis", "corrected", "superseded", "reviewers"),
)
ENGINES = ("pdftex", "luatex")
_ARTIFACT = re.compile(rb"/Artifact BMC.*?\nEMC", re.DOTALL)
_SHOWN = re.compile(
    rb"\[(?:\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>|[^\]()<])*\]\s*TJ|\((?:[^()\\]|\\.)*\)\s*Tj|<[0-9A-Fa-f]+>\s*Tj",
    re.DOTALL,
)


@pytest.fixture(
    scope="module", params=[(name, engine) for name in RECORDS for engine in ENGINES], ids="-".join
)
def report(request, tmp_path_factory) -> Path:
    name, engine = request.param
    folder = tmp_path_factory.mktemp(name)
    case = CASES[name]
    record = case.lay_out(folder)
    settings = find_settings(record.parent, **{**case.settings, "output": folder / "out", "engine": engine})
    return build_report(record, settings).pdf


def test_five_readers_find_the_same_words_in_the_same_order(report):
    pdf = without_drawings(report.read_bytes())
    read = {name: words(extract(pdf)) for name, extract in EXTRACTORS.items()}
    assert len(read["pdftotext"]) > 200
    for name, found in read.items():
        assert (name, found) == (name, read["pdftotext"])


def test_the_tags_hold_the_words_that_are_read_from_the_pages(report, tmp_path):
    content = tmp_path / "content.pdf"
    content.write_bytes(without_furniture(without_drawings(report.read_bytes())))
    heard = words("\n".join(blocks(read_tree(content))))
    assert heard == words(EXTRACTORS["pdftotext"](content.read_bytes()))


def without_furniture(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            page.Contents.write(_ARTIFACT.sub(_unshown, page.Contents.read_bytes()))
        opened.save(out)
    return out.getvalue()


def _unshown(artifact: re.Match[bytes]) -> bytes:
    """Take the words out of furniture; what moves the pen stays, since what follows stands where it leads."""
    return _SHOWN.sub(b"", artifact[0])


def blocks(element: Element) -> list[str]:
    """Return the words of each block, where those of its leaves stand side by side."""
    found = [""]
    for child in element.children:
        if isinstance(child, Text) or (child.is_inline and child.role != "Lbl"):
            found[-1] += inline(child)
        else:
            found += [*blocks(child), ""]
    return found


@cache
def inline(child: Element | Text) -> str:
    return child.text if isinstance(child, Text) else "".join(map(inline, child.children))
