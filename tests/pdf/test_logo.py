from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pdfplumber
import pikepdf
import pypdfium2
import pytest

from fixtures import write_record
from logos import GOOD, svg
from reportgen.base.house_files import read_house_files
from reportgen.base.settings import FILE_NAME, find_settings
from reportgen.content.exhibits import logo_figure
from reportgen.pdf.logo import read_logo
from reportgen.pipeline.build import build_report
from reportgen.trust.reproduce import check_reproducible
from reportgen.trust.verify import Comparison, extract, verify
from structure_faults import structure_faults
from tagged_documents import read_structure
from verapdf.validator import require, validate

if TYPE_CHECKING:
    from pathlib import Path


def house(folder: Path, name: str, more: str = ""):
    (folder / "art").mkdir()
    (folder / "art" / name).write_bytes(GOOD[name])
    (folder / FILE_NAME).write_text(
        f'{more}[publisher]\nname = "Calibration House"\n[style]\nlogo = "art/{name}"\n'
    )
    return write_record(folder / "record.json"), find_settings(folder)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A report with each kind of logo, and one in LuaTeX."""
    made = {}
    for name in [*GOOD, "luatex"]:
        folder = tmp_path_factory.mktemp("house")
        more = 'engine = "luatex"\n' if name == "luatex" else ""
        record, settings = house(folder, "shapes.svg" if name == "luatex" else name, more)
        made[name] = build_report(record, settings).pdf
    return made


def test_reports_with_each_kind_of_logo_pass_verapdf_for_archive_and_access(reports):
    require()
    verdicts = validate(list(reports.values()), "3a,ua1")
    assert len(verdicts) == 2 * len(reports)
    assert [verdict for verdict in verdicts if not verdict.passed] == []


@pytest.mark.parametrize("name", GOOD)
def test_it_is_a_figure_whose_words_are_the_publishers_name(reports, name):
    figures = read_structure(reports[name].read_bytes()).all("Figure")
    assert [node.entries["Alt"] for node in figures] == ["Calibration House"]
    assert structure_faults(reports[name].read_bytes()) == []


@pytest.mark.parametrize("name", ["transparent.png", "plain.pdf", "shapes.svg"])
def test_it_travels_inside_and_the_report_is_built_again_with_it(reports, name):
    files = extract(reports[name])
    assert files[f"logo.{name[-3:]}"] == GOOD[name]
    assert b"art/" not in files["manifest.json"]
    assert verify(reports[name]).outcome is Comparison.IDENTICAL


def test_two_builds_in_different_worlds_are_the_same(tmp_path):
    record, settings = house(tmp_path, "shapes.svg")
    assert check_reproducible(record, settings)


@pytest.mark.parametrize(
    ("name", "width"),
    [("transparent.png", 27.0), ("plain.pdf", 18.0), ("shifted.pdf", 18.0), ("shapes.svg", 18.0)],
)
def test_it_is_nine_millimetres_high_in_its_own_proportions(tmp_path, name, width):
    _, settings = house(tmp_path, name)
    logo = read_logo(settings, read_house_files(settings))
    assert logo_figure(logo, "").width == pytest.approx(width, abs=0.01)


def test_a_very_wide_one_is_as_wide_as_half_the_text(tmp_path, monkeypatch):
    monkeypatch.setitem(
        GOOD, "wide.svg", svg('<rect width="9" height="9"/>', attributes='viewBox="0 0 900 10"')
    )
    _, settings = house(tmp_path, "wide.svg")
    assert logo_figure(read_logo(settings, read_house_files(settings)), "").width == 75


@pytest.mark.parametrize("name", GOOD)
def test_what_is_printed_shows_something(reports, name):
    import pypdfium2

    with pypdfium2.PdfDocument(reports[name]) as document:
        page = document[0].render(scale=2).to_pil().convert("L")
    # Above the publisher's line there is nothing but the logo.
    assert page.crop((0, 130, page.width, 226)).getextrema()[0] < 250


def test_nothing_of_its_marks_is_left(tmp_path):
    _, settings = house(tmp_path, "marked.pdf")
    with pikepdf.open(io.BytesIO(read_logo(settings, read_house_files(settings)).pdf)) as made:
        assert b"BDC" not in made.pages[0].Resources.XObject.Fm.read_bytes()


@pytest.mark.parametrize("name", [*GOOD, "luatex"])
def test_no_word_stands_upon_it(reports, name):
    page = pypdfium2.PdfDocument(reports[name])[0]
    height = page.get_height()
    forms = [each.get_bounds() for each in page.get_objects() if each.type == pypdfium2.raw.FPDF_PAGEOBJ_FORM]
    left, bottom, right, top = max(forms, key=lambda box: box[3])
    with pdfplumber.open(reports[name]) as document:
        words = document.pages[0].extract_words()
    upon = [
        word["text"]
        for word in words
        if word["x0"] < right
        and word["x1"] > left
        and height - top < word["bottom"]
        and word["top"] < height - bottom
    ]
    assert upon == []
