"""Formulas of reports in both engines: read aloud in the report's language, there as MathML, valid as archive."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from formula_examples import FORMULAS
from minimal_record import claim, minimal
from reportgen.base.settings import find_settings
from reportgen.pipeline.build import make_report
from reportgen.text.faces import unprintable
from reportgen.text.mathematics import parse_formula
from reportgen.text.mathematics.speech import spoken
from reportgen.trust.verify import Comparison, extract, verify
from spoken_formulas import EXAMPLES
from tagged_documents import Node, read_structure
from verapdf.validator import require, validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCES = [source for source, _ in (*EXAMPLES, *FORMULAS) if "$" not in source]


def sources(engine: str) -> list[str]:
    """Return the formulas that an engine sets."""
    return [source for source in SOURCES if not unprintable(f"${source}$", engine=engine)]


def made(folder: Path, engine: str, language: str = "en") -> bytes:
    """Build a report that has every formula in a line and on a line of its own."""
    text = "\n\n".join(f"Here is \\({source}\\) in a line.\n\n$${source}$$" for source in sources(engine))
    sections = [{"title": "Formulas", "text": text}]
    record = minimal(language=language, sections=sections, claims=[claim("It is $x^2$.")])
    (folder / "record.json").write_text(json.dumps(record), encoding="utf-8")
    report = make_report(folder / "record.json", find_settings(folder, engine=engine))
    assert [problem for problem in report.problems if "printed as it stands" in problem.message] == []
    return report.pdf


@pytest.fixture(scope="module", params=["pdftex", "luatex"])
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def report(engine, tmp_path_factory):
    path = tmp_path_factory.mktemp("formulas") / "report.pdf"
    path.write_bytes(made(path.parent, engine))
    return path


def test_every_formula_is_archival_and_accessible(report):
    require()
    assert [verdict.failures for verdict in validate([report], "3a,ua1")] == [(), ()]


def test_every_formula_is_read_aloud_and_says_the_same_to_machines(report, engine):
    said = [node.entries["Alt"] for node in read_structure(report.read_bytes()).all("Formula")]
    expected = [spoken(parse_formula(source), "en") for source in sources(engine) for _ in range(2)]
    assert sorted(said) == sorted([*expected, "x squared"])
    with pikepdf.open(report) as pdf:
        files = [
            item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/AFRelationship" in item
        ]
        formulas = [file for file in files if str(file.F).endswith(".mml")]
        assert len(formulas) > len(sources(engine)) > 200
        for file in formulas:
            assert ET.fromstring(file.EF.F.read_bytes()).tag.endswith("}math")
        owners = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Formula"
        ]
        assert all(len(owner.AF) == 1 for owner in owners)
        assert len(owners) == len(said)


def test_formulas_are_not_among_the_files_that_are_extracted(report):
    assert [name for name in extract(report) if name.endswith(".mml")] == []
    assert verify(report).outcome is Comparison.IDENTICAL


def formulas_in(node: Node, language: str) -> Iterator[tuple[str, Node]]:
    """Yield each formula below a node with the language that it is heard in."""
    language = node.entries.get("Lang", language)
    if node.role == "Formula":
        yield language, node
    for child in node.children:
        if isinstance(child, Node):
            yield from formulas_in(child, language)


@pytest.mark.parametrize(
    ("language", "place", "lang"),
    [("de", 1, "de"), ("fr-CA", 2, "fr-CA"), ("en-GB", 0, "en-GB"), ("sv", 0, "en")],
)
def test_a_formula_is_read_in_the_language_of_the_words_of_the_report(tmp_path, language, place, lang):
    pdf = made(tmp_path, "pdftex", language)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        nodes = list(formulas_in(read_structure(pdf), str(opened.Root.Lang)))
    said = [node.entries["Alt"] for _, node in nodes]
    assert [words[place] for _, words in EXAMPLES if words[place] not in said] == []
    assert {heard for heard, _ in nodes} == {lang}


def test_a_report_without_formulas_has_nothing_of_them(tmp_path):
    record = minimal(claims=[claim()])
    (tmp_path / "record.json").write_text(json.dumps(record), encoding="utf-8")
    pdf = make_report(tmp_path / "record.json", find_settings(tmp_path)).pdf
    assert not re.search(rb"mathml|\.mml", pdf)
