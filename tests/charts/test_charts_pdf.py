"""The PDFs of charts: of known size, archival, the same everywhere, in the fonts they were measured with."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import pikepdf
import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from chart_examples import every_kind, words_of
from reportgen.base.errors import SetupError
from reportgen.charts import (
    ChartWording,
    ClaimPoint,
    Marker,
    NamedRange,
    ReportedScore,
    ReviewerScore,
    Style,
    confidence_chart,
    reviewers_chart,
    spread_chart,
)
from reportgen.charts.pdf import write_pdf
from reportgen.charts.sheet import family
from reportgen.charts.typeface import Typeface, bundled_font, typeface

ROOT = Path(__file__).parents[2]
EN = ChartWording(tomllib.loads((ROOT / "templates/locale/charts.en.toml").read_text("utf-8"))["charts"])
HEROS = Path("/usr/share/texmf/fonts/opentype/public/tex-gyre/texgyreheros-regular.otf")
FONTS = [
    (),
    pytest.param((HEROS,), marks=pytest.mark.skipif(not HEROS.exists(), reason="needs fonts-texgyre")),
]


def claims(n):
    return [
        ClaimPoint(f"C{i}", (i * 37 % 101) / 100, Marker.VERIFIED if i % 3 else Marker.MIXED)
        for i in range(n)
    ]


REVIEWERS = [
    ReviewerScore(role, score)
    for role, score in (("method", 8), ("novelty", 6.5), ("statistics", 7.25), ("ethics", 7))
]


def every_chart(style):
    rows = [ReportedScore("arXiv:2402.18571v3", 5), ReportedScore("$x_1$ Ελλάδα – שלום العربية ½ → fi", 7)]
    bands = (NamedRange("low", 0, 5), NamedRange("high", 5, 10))
    return [
        confidence_chart(claims(12), 0.5, EN, style),
        confidence_chart(claims(70), 0.5, EN, style),
        confidence_chart(claims(300), 0.5, EN, style),
        spread_chart(rows, EN, style),
        reviewers_chart(REVIEWERS, 7.25, bands, EN, style),
        *every_kind(EN, style).values(),
        spread_chart([ReportedScore("A", 80.5, 2020), ReportedScore("B", 90.0, 2024)], EN, style),
    ]


@pytest.fixture(scope="module", params=FONTS, ids=["bundled", "heros"])
def pairs(request):
    charts = every_chart(Style(fonts=request.param))
    opened = [pikepdf.open(BytesIO(chart.pdf)) for chart in charts]
    yield list(zip(charts, opened, strict=True))
    for pdf in opened:
        pdf.close()


def test_a_page_has_the_size_that_was_known_before_it_was_drawn(pairs):
    for chart, pdf in pairs:
        assert len(pdf.pages) == 1
        box = [float(number) for number in pdf.pages[0].mediabox]
        assert box == pytest.approx([0, 0, chart.drawing.style.width_pt, chart.drawing.height], abs=1e-6)


def test_every_font_is_embedded_as_type_3_with_its_characters(pairs):
    for _, pdf in pairs:
        fonts = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        ]
        assert fonts
        for font in fonts:
            assert font.Subtype == "/Type3"
            assert len(font.CharProcs) > 0
            assert b"beginbfrange" in font.ToUnicode.read_bytes()
            names = [name for name in font.Encoding.Differences if isinstance(name, pikepdf.Name)]
            assert len(set(names)) == len(names)


def test_nothing_is_transparent_and_nothing_is_dated(pairs):
    for _, pdf in pairs:
        for state in pdf.pages[0].Resources.ExtGState.values():
            assert {float(state[key]) for key in ("/ca", "/CA") if key in state} <= {1}
            assert "/SMask" not in state
        assert "/Group" not in pdf.pages[0]
        assert dict(pdf.docinfo) == {}


def test_no_text_is_smaller_than_seven_and_a_half_points(pairs):
    for _, pdf in pairs:
        sizes = {
            float(operands[1])
            for operands, operator in pikepdf.parse_content_stream(pdf.pages[0])
            if str(operator) == "Tf"
        }
        assert sizes
        assert min(sizes) >= 7.5


def test_each_word_is_read_where_it_was_drawn(pairs):
    for chart, _ in pairs:
        with pypdfium2.PdfDocument(chart.pdf) as document:
            page = document[0].get_textpage()
            found = {word: first_letters(page, word.text) for word in words_of(chart) if word.text.isascii()}
        assert found
        for word, places in found.items():
            assert any(near(word, place) for place in places), (word, places)


def first_letters(page, text):
    """Return left, bottom, right and top of the first letter, everywhere a text stands."""
    search, places = page.search(text, match_case=True), []
    while (found := search.get_next()) is not None:
        places.append(page.get_charbox(found[0]))
    return places


def near(word, place):
    """Tell whether a letter stands where a word starts; the screen's fonts push entries of a legend apart."""
    left, bottom, _, top = place
    return abs(left - word.left) < 8 and word.baseline - 3 < bottom < top < word.baseline + word.size


def test_drawing_leaves_the_parameters_of_the_process_alone():
    with mpl.rc_context({"pdf.fonttype": 42, "hatch.linewidth": 9, "lines.linewidth": 7}):
        before = dict(mpl.rcParams.copy())
        with pikepdf.open(BytesIO(write_pdf(every_chart(Style())[0].drawing))) as pdf:
            assert {font.Subtype for font in pdf.pages[0].Resources.Font.values()} == {"/Type3"}
        assert dict(mpl.rcParams.copy()) == before


def test_a_chart_is_drawn_once():
    chart = every_chart(Style())[0]
    assert chart.pdf is chart.pdf


def test_a_chart_is_planned_without_matplotlib_and_drawn_alike_in_every_process(tmp_path):
    (tmp_path / "matplotlibrc").write_text("pdf.fonttype: 42\ntext.usetex: True\nmarkers.fillstyle: left\n")
    script = tmp_path / "draw.py"
    script.write_text(
        "import hashlib, sys, tomllib\n"
        "from reportgen.charts import *\n"
        f"table = tomllib.loads(open({str(ROOT / 'templates/locale/charts.en.toml')!r}).read())\n"
        "words = ChartWording(table['charts'])\n"
        "claims = [ClaimPoint(f'C{i}', (i * 37 % 101) / 100, Marker.REFUTED) for i in range(70)]\n"
        "rows = [ReportedScore('Ελλάδα', 5), ReportedScore('שלום', 1)]\n"
        "charts = [confidence_chart(claims, 0.5, words, Style()), spread_chart(rows, words, Style())]\n"
        "assert charts[0].drawing.height > 50 and 'matplotlib' not in sys.modules\n"
        "from reportgen.charts.pdf import write_pdf\n"
        "print(*[hashlib.sha256(write_pdf(chart.drawing)).hexdigest() for chart in charts])\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, script],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": epoch},
            stdout=subprocess.PIPE,
            text=True,
        )
        for folder, seed, zone, epoch in (
            (ROOT, "1", "UTC", "0"),
            (tmp_path, "2", "Asia/Tokyo", "1790000000"),
        )
    ]
    outputs = [process.communicate(timeout=60)[0] for process in running]
    assert len(outputs[0].split()) == 2
    assert outputs[0] == outputs[1]


def test_charts_drawn_at_the_same_time_are_the_same():
    drawing = every_chart(Style())[0].drawing
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(write_pdf, [drawing] * 8))) == 1


# Fonts

SCRIPTS = "AVTofi.,-–0123½éÅΑλЖф\u05e9\u05dc\u05e2\u0639\u0628\u0644 →≥"
LETTERS = st.text(st.sampled_from(SCRIPTS), min_size=1, max_size=40)


@settings(max_examples=100, deadline=None)
@given(LETTERS, st.sampled_from([(), (HEROS,)] if HEROS.exists() else [()]))
def test_no_text_is_drawn_wider_than_it_was_measured(text, fonts):
    face = typeface(fonts)
    font = FontProperties(family=[family(path) for path in face.fonts_for(text)], size=10.0)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    assert width <= face.width(text, 10.0) * 1.02 + 1


@given(st.text(max_size=40), st.floats(12, 120))
def test_a_shortened_text_fits_and_is_a_part_of_the_whole(text, width):
    face = Typeface((bundled_font(),))
    fitted = face.fit(text, 7.0, width)
    assert face.width(fitted, 7.0) <= width
    start, cut, end = fitted.partition("…")
    assert fitted == text or (cut and text.startswith(start) and text.endswith(end))


@given(st.text("Wi é", min_size=30, max_size=60), st.floats(60, 120))
def test_a_shortened_name_keeps_its_year(name, width):
    fitted = Typeface((bundled_font(),)).fit(f"[7] {name} 2022a", 8.0, width)
    assert fitted.startswith("[7]")
    assert fitted.endswith("… 2022a")


def test_a_year_without_room_for_a_name_is_cut_like_any_word():
    face = Typeface((bundled_font(),))
    assert face.fit("World Health 2022", 8.0, 30) == "Worl…"


def test_a_text_is_not_cut_between_a_letter_and_its_mark():
    face = Typeface((bundled_font(),))
    text = "x\u0304" * 30
    for width in range(20, 60):
        assert len(face.fit(text, 7.0, width)) % 2 == 1  # pairs and the ellipsis


def test_a_line_is_set_in_the_font_that_has_all_its_letters(tmp_path):
    latin = build_font(tmp_path / "latin.ttf", "ab λ")
    face = typeface((latin,))
    assert face.fonts_for("ab ba") == (latin,)
    assert face.fonts_for("λό") == (bundled_font(),)
    assert face.fonts_for("ab →") == (latin, bundled_font())
    assert face.fonts_for("λ日") == (latin, bundled_font())


def build_font(path, characters, post_names=None):
    """Build a font of equal boxes; ``post_names`` replaces the names that its glyphs have."""
    names = [".notdef", *(f"uni{ord(character):04X}" for character in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"uni{ord(c):04X}" for c in characters})
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    pen.lineTo((50, 700))
    pen.lineTo((450, 700))
    pen.closePath()
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.font["post"].mapping = post_names or {}
    builder.save(path)
    return path


def test_a_font_whose_glyphs_have_no_names_is_passed_over(tmp_path):
    nameless = build_font(tmp_path / "nameless.ttf", "abc", {"uni0061": "", "uni0062": ""})
    face = typeface((nameless,))
    assert face.fonts_for("abc") == (bundled_font(),)
    assert face.fonts_for("") == (bundled_font(),)
    assert face.width("abc", 10) == typeface(()).width("abc", 10)
    named = build_font(tmp_path / "named.ttf", "abc")
    assert typeface((named,)).fonts_for("abc") == (named,)


def test_a_font_that_is_missing_or_broken_is_named(tmp_path):
    with pytest.raises(SetupError, match=r"none\.otf cannot be read: there is no such file"):
        confidence_chart(claims(5), None, EN, Style(fonts=(tmp_path / "none.otf",)))
    broken = tmp_path / "broken.otf"
    broken.write_bytes(b"not a font")
    with pytest.raises(SetupError, match=r"broken\.otf cannot be read") as caught:
        confidence_chart(claims(5), None, EN, Style(fonts=(broken,)))
    assert "leave it out" in caught.value.problems[0].hint


def test_drawing_with_another_font_than_the_measured_one_is_refused(tmp_path, monkeypatch):
    font = build_font(tmp_path / "own.ttf", "ab")
    monkeypatch.setenv("MPL_IGNORE_SYSTEM_FONTS", "1")
    chart = confidence_chart([ClaimPoint("ab", 0.5, Marker.VERIFIED)] * 5, None, EN, Style(fonts=(font,)))
    with pytest.raises(SetupError, match=r"own\.ttf"):
        write_pdf(chart.drawing)


def test_without_matplotlib_the_next_step_is_said(monkeypatch):
    monkeypatch.setattr("reportgen.charts.typeface.find_spec", lambda name: None)
    bundled_font.cache_clear()
    typeface.cache_clear()
    try:
        with pytest.raises(SetupError, match="matplotlib is not installed"):
            typeface(())
    finally:
        bundled_font.cache_clear()
