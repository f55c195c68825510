"""Hyphens at the ends of lines: TeX's own are soft ones, those of the text stay, for every reader of PDFs."""

from __future__ import annotations

import re

import pytest

import tagged_documents as documents
from extractors import EXTRACTORS, SOFT_HYPHEN, words
from reportgen.latex.escaping import escape_breakable

COMPOUNDS = "self-supervised high-dose 25-hydroxyvitamin"
TEXT = f"Predecessors and responsibilities of {COMPOUNDS} pre- and posttraining under\u00adstanding. " * 9
NARROW = "\\pretolerance=-1\\hyphenpenalty=0\\exhyphenpenalty=0\\hsize=38mm\\Ragged "


@pytest.fixture(scope="module", params=documents.ENGINES)
def pdf(request, tmp_path_factory) -> bytes:
    body = documents.paragraph(NARROW, escape_breakable(TEXT))
    document = documents.compose(body, request.param)
    return documents.finished(document, tmp_path_factory.mktemp("hyphens"))[0].read_bytes()


@pytest.mark.parametrize("name", EXTRACTORS)
def test_every_reader_joins_divided_words_and_keeps_the_hyphens_of_the_text(pdf, name):
    read = EXTRACTORS[name](pdf)
    assert len(re.findall(f"{SOFT_HYPHEN}\\s", read)) > 5
    assert len(re.findall(r"-\s", read)) > 5
    # Some of them drop a blank at the end of a line.
    wanted = words(re.sub(r"pre-\s+", "pre-", TEXT.replace(SOFT_HYPHEN, "")))
    assert [word for word in words(re.sub(r"pre-\s+", "pre-", read)) if word != "1"] == wanted


def test_a_face_without_a_soft_hyphen_of_the_same_width_has_it_as_a_mark(tmp_path):
    """Amiri's is a blank: the hyphen is drawn, and marked as what it stands for."""
    face = '\\font\\amiri="[Amiri-Regular.ttf]:mode=node" at 10pt\\amiri '
    body = documents.paragraph(NARROW, face, "responsibilities and predecessors " * 9)
    pdf = documents.finished(documents.compose(body, "luatex"), tmp_path)[0].read_bytes()
    read = EXTRACTORS["pdftotext"](pdf)
    assert read.count(SOFT_HYPHEN) > 3
    assert "-" not in read
    assert words(read)[:-1] == ["responsibilities", "and", "predecessors"] * 9
