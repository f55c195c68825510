"""A chart that was drawn before is not drawn again; one that differs in anything is."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_examples import claims, confidence
from minimal_record import claim, minimal
from reportgen.base import early_process
from reportgen.base.settings import Settings
from reportgen.charts import Chart, NamedRange, Style
from reportgen.charts import chart as chart_module
from reportgen.charts import pdf as chart_pdf
from reportgen.charts.chart import drawing_key
from reportgen.charts.plots import ReferenceLine, Steps, Strip, Strips
from reportgen.charts.rows import Row, Rows, Span
from reportgen.charts.style import Marker
from reportgen.charts.typeface import bundled_font
from reportgen.pipeline.build import make_report

NUMBERS = st.floats(0, 10)
WORDS = st.text("aÅ,'\"\\)(", max_size=4)
MARKS = st.sampled_from(Marker)
SPANS = st.builds(Span, NUMBERS, NUMBERS, NUMBERS)
ROWS = st.builds(Row, WORDS, WORDS, NUMBERS | st.none(), SPANS | st.none())
STRIPS = st.builds(Strip, WORDS, MARKS, st.lists(NUMBERS, min_size=1, max_size=4).map(tuple))
STYLE = Style(fonts=(bundled_font(),))
LOOK = {
    "style": st.builds(Style, st.floats(300, 400), st.sampled_from(".,"), st.just(STYLE.fonts)),
    "title": WORDS,
    "top": st.just(10.0),
    "reference": st.none() | st.builds(ReferenceLine, NUMBERS, WORDS),
    "bands": st.lists(st.builds(NamedRange, WORDS, st.floats(0, 4), st.floats(5, 10)), max_size=2).map(tuple),
}
DRAWINGS = st.one_of(
    st.builds(Rows, rows=st.lists(ROWS, min_size=1, max_size=4).map(tuple), **LOOK),
    st.builds(
        Strips,
        steps=st.just(Steps(Decimal("0.5"), 10.0)),
        strips=st.lists(STRIPS, min_size=1, max_size=2).map(tuple),
        **LOOK,
    ),
)
ONE = Rows(style=STYLE, title="", top=1.0, rows=(Row("a", "1", 1.0),))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def draws(cache, monkeypatch):
    """The drawings that were drawn, into an empty cache."""
    drawn = []
    write = chart_pdf.write_pdf
    # A command that another test called may have left a process beside this one, which would draw instead.
    monkeypatch.setattr(early_process, "_connections", dict)
    monkeypatch.setattr(chart_pdf, "write_pdf", lambda drawing: drawn.append(drawing) or write(drawing))
    return drawn


@given(DRAWINGS, DRAWINGS)
def test_different_drawings_have_different_keys(one, another):
    if one != another:
        assert drawing_key(one) != drawing_key(another)


@given(DRAWINGS)
def test_any_change_of_a_drawing_changes_its_key(drawing):
    first = drawing_key(drawing)
    assert first == drawing_key(pickle.loads(pickle.dumps(drawing)))
    style = drawing.style
    for other in (
        replace(drawing, title=drawing.title + "a"),
        replace(drawing, top=drawing.top + 1e-9),
        replace(drawing, style=replace(style, width_pt=style.width_pt + 1e-9)),
        replace(drawing, style=replace(style, fonts=(*style.fonts, *style.fonts))),
    ):
        assert drawing_key(other) != first


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
    drawing = replace(ONE, style=Style(fonts=(font,)))
    first = drawing_key(drawing)
    font.write_bytes(font.read_bytes() + b"\0")
    assert drawing_key(drawing) != first


@pytest.mark.parametrize("name", ["matplotlib", "fonttools"])
def test_another_version_of_a_library_is_another_key(name, monkeypatch):
    first = drawing_key(ONE)
    version = chart_module.version
    monkeypatch.setattr(chart_module, "version", lambda asked: "99" if asked == name else version(asked))
    chart_module._writers.cache_clear()
    try:
        assert drawing_key(ONE) != first
    finally:
        monkeypatch.undo()
        chart_module._writers.cache_clear()
    assert drawing_key(ONE) == first


def test_the_code_that_draws_is_part_of_the_key():
    names = (
        "pdf.py",
        "sheet.py",
        "draw_map.py",
        "evidence_map.py",
        "plots.py",
        "typeface.py",
        "charts.mplstyle",
    )
    assert {Path(chart_module.__file__).with_name(name).read_bytes() for name in names} <= set(
        chart_module._writers()
    )


def record(**changes):
    return minimal(**{"claims": claimed(0.7), **changes})


def claimed(confidence):
    """Return five claims, as few as have a chart; the first of them with this confidence."""
    return [claim(confidence=confidence), *(claim(f"Another, {n}.", confidence=0.4) for n in range(4))]


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
    build(tmp_path, claims=claimed(0.8))
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
    chart = confidence(claims(0.2, 0.8, 0.3, 0.4, 0.5))
    assert chart.pdf.startswith(b"%PDF-")
    (kept,) = (cache / "charts").iterdir()
    os.utime(kept, (1, 1))
    assert replace(chart).pdf == chart.pdf
    assert kept.stat().st_mtime > 1
