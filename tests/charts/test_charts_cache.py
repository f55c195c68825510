"""A chart that was drawn before is not drawn again; one that differs in anything is."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_examples import claims, confidence
from minimal_record import claim, minimal
from reportgen.base.settings import Settings
from reportgen.charts import Chart, key
from reportgen.charts import pdf as chart_pdf
from reportgen.charts.key import drawing_key
from reportgen.charts.shapes import Box, Drawing, Line, Point, Word
from reportgen.charts.typeface import bundled_font
from reportgen.pipeline.build import make_report

NUMBERS = st.floats(0, 300)
COLOURS = st.sampled_from(["#1A2433", "#566170"])
SHAPES = st.one_of(
    st.builds(Line, *[NUMBERS] * 4, COLOURS, st.floats(0.1, 2), st.booleans()),
    st.builds(Point, *[NUMBERS] * 2, st.sampled_from(["circle", "cross"]), COLOURS, st.floats(1, 9)),
    st.builds(Box, *[NUMBERS] * 4, COLOURS, st.none() | COLOURS),
    st.builds(
        Word,
        *[NUMBERS] * 2,
        st.text("aÅ,'\"\\)(", max_size=4),
        st.floats(5, 9),
        COLOURS,
        st.sampled_from(["left", "center", "right"]),
    ),
)
DRAWINGS = st.builds(
    Drawing,
    st.floats(300, 400),
    st.floats(100, 200),
    st.lists(SHAPES, max_size=4).map(tuple),
    st.just((bundled_font(),)),
)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def draws(cache, monkeypatch):
    """The drawings that were drawn, into an empty cache."""
    drawn = []
    write = chart_pdf.write_pdf
    monkeypatch.setattr(chart_pdf, "write_pdf", lambda drawing: drawn.append(drawing) or write(drawing))
    return drawn


@given(DRAWINGS, DRAWINGS)
def test_different_drawings_have_different_keys(one, another):
    if one != another:
        assert drawing_key(one) != drawing_key(another)


@given(DRAWINGS, st.data())
def test_any_change_of_a_drawing_changes_its_key(drawing, data):
    first = drawing_key(drawing)
    assert first == drawing_key(pickle.loads(pickle.dumps(drawing)))
    for other in (
        replace(drawing, width=drawing.width + 1e-9),
        replace(drawing, height=drawing.height + 1e-9),
        replace(drawing, fonts=(*drawing.fonts, *drawing.fonts)),
        replace(drawing, shapes=(*drawing.shapes, data.draw(SHAPES))),
    ):
        assert drawing_key(other) != first
    backwards = drawing.shapes[::-1]
    assert (drawing_key(replace(drawing, shapes=backwards)) == first) == (backwards == drawing.shapes)


@settings(max_examples=15)
@given(DRAWINGS)
def test_what_is_kept_is_what_would_be_drawn(drawing):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORTGEN_CACHE", folder)
        fresh = chart_pdf.write_pdf(drawing)
        assert Chart("fig-one", drawing, "", "").pdf == fresh
        patch.setattr(chart_pdf, "write_pdf", None)
        assert Chart("fig-one", drawing, "", "").pdf == fresh


def test_another_font_under_the_same_name_is_another_key(tmp_path):
    font = tmp_path / "font.ttf"
    font.write_bytes(bundled_font().read_bytes())
    drawing = Drawing(300.0, 100.0, (), (font,))
    first = drawing_key(drawing)
    font.write_bytes(font.read_bytes() + b"\0")
    assert drawing_key(drawing) != first


@pytest.mark.parametrize("name", ["matplotlib", "fonttools"])
def test_another_version_of_a_library_is_another_key(name, monkeypatch):
    drawing = Drawing(300.0, 100.0, (), ())
    first = drawing_key(drawing)
    version = key.version
    monkeypatch.setattr(key, "version", lambda asked: "99" if asked == name else version(asked))
    key._writers.cache_clear()
    try:
        assert drawing_key(drawing) != first
    finally:
        monkeypatch.undo()
        key._writers.cache_clear()
    assert drawing_key(drawing) == first


def test_the_code_that_draws_is_part_of_the_key():
    sources = [
        Path(chart_pdf.__file__).read_bytes(),
        Path(key.__file__).with_name("typeface.py").read_bytes(),
    ]
    assert set(sources) <= set(key._writers())


def record(**changes):
    return minimal(**{"claims": [claim(confidence=0.7), claim("Another.", confidence=0.4)], **changes})


def build(folder, **changes):
    content = record(**changes)
    return make_report(folder / "record.json", Settings(root=folder), raw=json.dumps(content).encode())


def test_a_changed_title_draws_no_chart(draws, tmp_path):
    first = build(tmp_path)
    count = len(draws)
    assert count >= 1
    second = build(tmp_path, title="Another title")
    assert len(draws) == count
    assert second.pdf != first.pdf
    build(tmp_path, claims=[claim(confidence=0.8), claim("Another.", confidence=0.4)])
    assert len(draws) > count


def test_a_chart_from_the_cache_needs_no_matplotlib(cache, tmp_path):
    build(tmp_path)
    (tmp_path / "build.py").write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from reportgen.pipeline.build import make_report\n"
        "from reportgen.base.settings import Settings\n"
        f"text = {json.dumps(record())!r}\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "make_report(folder / 'record.json', Settings(root=folder), raw=text.encode())\n"
        "print('matplotlib' in sys.modules)\n"
    )
    command = [sys.executable, str(tmp_path / "build.py")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
    for chart in (cache / "charts").iterdir():
        chart.unlink()
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "True\n"


def test_a_chart_that_is_read_counts_as_used(cache):
    chart = confidence(claims(0.2, 0.8))
    assert chart.pdf.startswith(b"%PDF-")
    (kept,) = (cache / "charts").iterdir()
    os.utime(kept, (1, 1))
    assert replace(chart).pdf == chart.pdf
    assert kept.stat().st_mtime > 1
