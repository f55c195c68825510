"""Every report there is a fixture for meets PDF/A-3a and PDF/UA-1, in both engines, and its tags say what it is."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest

from fixtures import CASES
from reportgen.base.settings import find_settings
from reportgen.pdf.finish.metadata import TRAINED_ALGORITHMIC_MEDIA
from reportgen.pipeline.build import make_report
from reportgen.trust.verify import extract
from structure_faults import structure_faults
from tagged_documents import Node, read_structure
from verapdf.validator import require, validate

if TYPE_CHECKING:
    from pathlib import Path

BIG = {"two_thousand_claims"}


MAIN = (
    "sample_5eed0003",
    "sample_fbca8ee9",
    "whole_report",
    "every_chart",
    "meta_analysis",
    "corrected",
    "mathematics",
)


@pytest.fixture(scope="module")
def in_luatex(compiled, tmp_path_factory, request) -> list[Path]:
    """Every record that pdfTeX sets of itself, in LuaTeX; without `--all` the main ones."""
    folder = tmp_path_factory.mktemp("luatex")
    paths = []
    for name in CASES if request.config.getoption("--all") else MAIN:
        case = CASES[name]
        report = compiled(name)
        if json.loads(extract(report.pdf)["manifest.json"])["tools"]["engine"].startswith("pdfTeX"):
            settings = find_settings(report.record.parent, **{**case.settings, "engine": "luatex"})
            paths.append(folder / f"{name}.pdf")
            paths[-1].write_bytes(make_report(report.record, settings).pdf)
    return paths


def test_every_report_passes_verapdf_for_archive_and_access(compiled, in_luatex):
    require()
    paths = [*(compiled(name).pdf for name in CASES), *in_luatex]
    verdicts = validate(paths, "3a,ua1")
    assert len(in_luatex) > 4, "most records need no LuaTeX of themselves"
    assert len(verdicts) == 2 * len(paths) > 90
    assert [verdict for verdict in verdicts if not verdict.passed] == []
    assert all(verdict.checks > 1000 for verdict in verdicts)


@pytest.mark.parametrize("name", sorted(CASES.keys() - BIG))
def test_no_report_has_a_fault_of_structure(compiled, name):
    assert structure_faults(compiled(name).pdf.read_bytes()) == []


def nodes(root: Node, role: str) -> list[Node]:
    return [node for node in root.walk() if node.role == role]


def test_the_claims_are_items_of_lists_each_with_its_label_verdict_and_words(compiled):
    report = compiled("sample_fbca8ee9")
    root = read_structure(report.pdf.read_bytes())
    found = {}
    for item in nodes(root, "LI"):
        label, *bodies = item.children
        if re.fullmatch(r"C\d+", label.text.strip()):
            assert (label.role, [body.role for body in bodies]) == ("Lbl", ["LBody"])
            found[label.text.strip()] = [" ".join(child.text.split()) for child in bodies[0].children]
            assert {child.role for child in bodies[0].children} == {"P"}
    from reportgen.record import read_record

    claims = read_record(report.record).record.claims
    assert sorted(found) == sorted(f"C{number}" for number in range(1, len(claims) + 1))
    for number, claim in enumerate(claims, 1):
        confidence, verdict, words, *_ = found[f"C{number}"]
        assert re.fullmatch(r"[01]\.\d+", confidence)
        assert verdict == ("verified" if claim.verified else "not verified")
        assert words.split()[:3] == claim.text.split()[:3]


def test_headings_nest_and_stand_in_the_outline(compiled):
    path = compiled("rich_sections").pdf
    root = read_structure(path.read_bytes())
    levels = [int(node.role[1]) for node in root.walk() if re.fullmatch("H[1-6]", node.role)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        (title,) = outline.root
        assert len(title.children) >= 8


def test_figures_and_formulas_have_words(compiled):
    for name in ("meta_analysis", "mathematics", "two_hundred_claims"):
        root = read_structure(compiled(name).pdf.read_bytes())
        pictured = [*nodes(root, "Figure"), *nodes(root, "Formula")]
        assert pictured
        assert all(node.entries.get("Alt") for node in pictured)


def test_claims_sections_and_references_are_named_places(compiled):
    report = compiled("sample_fbca8ee9")
    with pikepdf.open(report.pdf) as pdf:
        names = set(pikepdf.NameTree(pdf.Root.Names.Dests))
    from reportgen.record import read_record

    record = read_record(report.record).record
    assert {f"claim-{claim.id}" for claim in record.claims} <= names
    assert {"question", "brief", "claims", "references", "title"} <= names
    assert {"ref-arxiv-2602.00426v1", "ref-arxiv-2402.18571v3"} <= names


def test_a_claims_name_stays_when_others_come_and_go(tmp_path):
    from minimal_record import claim, load

    first = load(tmp_path, claims=[claim("One stands."), claim("Two stands.")]).record.claims
    second = load(tmp_path, claims=[claim("New."), claim("Two  stands.")]).record.claims
    assert second[1].id == first[1].id


def test_the_metadata_say_who_what_when_and_that_a_machine_wrote_it(compiled):
    with pikepdf.open(compiled("sample_0ff0b073").pdf) as pdf:
        with pdf.open_metadata() as xmp:
            text = str(xmp)
        info = {str(key): str(value) for key, value in pdf.docinfo.items()}
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert "/PageLabels" in pdf.Root
    assert TRAINED_ALGORITHMIC_MEDIA in text
    assert "10.5281/zenodo.20636503" in text
    assert "urn:uuid:0ff0b073-add4-4c9c-9fd3-a3fab50e5efa" in text
    assert info["/CreationDate"].startswith("D:20260611000000")
    assert info["/Author"] == "Assignee Research"


@pytest.mark.parametrize(
    "words",
    [
        "Žluťoučký kůň pěl",
        "Ξεσκεπάζω την",
        "Съешь же ещё этих",
        "機械学習のモデルは",
        "초기 종료는",
        "עצירה מוקדמת מקטינה",
        "يقلل التوقف المبكر",
    ],
)
def test_text_copied_from_any_script_has_its_spaces_and_its_order(compiled, words):
    document = pypdfium2.PdfDocument(compiled("every_script").pdf)
    pages = [document[index].get_textpage().get_text_range() for index in range(len(document))]
    document.close()
    assert words in re.sub(r"\s+", " ", " ".join(pages))
