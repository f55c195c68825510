"""What the tests of charts share: the wording, a style, claims, and a look at what is drawn."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib as mpl
from matplotlib.text import Text

from reportgen.charts import (
    FULL_MM,
    MILLIMETRE,
    ChartWording,
    ClaimPoint,
    Counted,
    EffectRow,
    Judged,
    Marker,
    NamedRange,
    OutcomeEffects,
    PaperCounts,
    ReportedScore,
    ReviewerScore,
    Stand,
    Style,
    calibration_chart,
    confidence_chart,
    evidence_map,
    flow_chart,
    forest_chart,
    reviewers_chart,
    spread_chart,
    years_chart,
)
from reportgen.charts.evidence_map import STANCES
from reportgen.charts.pdf import draw, parameters
from reportgen.charts.typeface import typeface

LOCALES = Path(__file__).parents[2] / "templates/locale"


def words(language="en"):
    return ChartWording(tomllib.loads((LOCALES / f"charts.{language}.toml").read_text("utf-8"))["charts"])


EN = words()
STYLE = Style()
BANDS = (
    NamedRange("Quarantine candidate", 0, 5),
    NamedRange("Watchlist", 5, 7.5),
    NamedRange("DOI grade", 7.5, 8.5),
    NamedRange("Flagship candidate", 8.5, 10),
)


VERDICTS = {"supported", "mixed", "insufficient", "refuted", "unverified", "not_checked"}


def point(label, confidence, verified):
    return ClaimPoint(label, confidence, Marker.VERIFIED if verified else Marker.UNVERIFIED)


def claims(*values, verified=lambda value: value > 0.5):
    return [point(f"C{n}", value, value is not None and verified(value)) for n, value in enumerate(values, 1)]


def every_kind(wording=EN, style=STYLE):
    """Return a chart of each kind, by what it shows; of some the sparse and the crowded form."""
    wide = replace(style, width_pt=FULL_MM * MILLIMETRE)
    verdicts = [mark for mark in Marker if mark.value in VERDICTS]
    points = [ClaimPoint(f"C{n + 1}", n * 29 % 100 / 100, verdicts[n % 6]) for n in range(24)]
    crowd = [ClaimPoint(f"C{n + 1}", n % 9 / 10, verdicts[n % 3 > 0]) for n in range(400)]
    scores = [
        ReportedScore(
            f"[{n + 1}] Wei {2015 + n}", 55.5 + n * 7 % 30, 2015 + n, ("5-shot", "", "zero-shot")[n % 3]
        )
        for n in range(9)
    ]
    stands = [Stand(n, n % 4, tuple(STANCES)[n % 3]) for n in range(30)]
    names = [f"[{n}] Wei 20{10 + n}" for n in range(1, 5)]
    reviewers = [
        ReviewerScore(role, score)
        for role, score in (("methods", 8.0), ("domain", 7.5), ("law", 9.1), ("ethics", 7.9))
    ]
    effects = [
        ("[1] Wei 2017", 0.74, 0.61, 0.9),
        ("[2] Li 2019", 1.1, 0.7, 1.7),
        ("[3] Bo 2021", 0.9, None, None),
    ]
    rows = tuple(
        EffectRow(
            label=label,
            said=str(value),
            value=value,
            lower=lower,
            upper=upper,
            weight=20.0 * n,
            group="ab"[n % 2],
        )
        for n, (label, value, lower, upper) in enumerate(effects, 1)
    )
    pooled = EffectRow(label="", said="0.8 (0.7 to 0.9)", value=0.8, lower=0.7, upper=0.9)
    ratios = OutcomeEffects(name="x", measure="odds ratio", title="odds ratio", effects=rows, pooled=pooled)
    judged = [Judged(f"C{n}", n / 20, supported=n % 3 > 0) for n in range(21)]
    found = PaperCounts(
        found=216,
        databases=(Counted("Scopus", 120), Counted("PubMed", 96)),
        duplicates=31,
        screened=185,
        excluded=(Counted("no control group", 150), Counted("no full text", 21)),
        included=14,
    )
    bands = [("unlikely", 0.0), ("likely", 0.66)]
    return {
        "confidence": confidence_chart(points, 0.5, wording, style, words=bands),
        "confidence of many": confidence_chart(crowd, 0.5, wording, style),
        "map": evidence_map([f"C{n + 1}" for n in range(12)], names, stands[:12], wording, style, wide=wide),
        "wide map": evidence_map([f"C{n + 1}" for n in range(30)], names, stands, wording, style, wide=wide),
        "flow": flow_chart(found, wording, style),
        "forest": forest_chart("fig-forest-1", ratios, wording, style),
        "spread": spread_chart([replace(each, protocol="") for each in scores], wording, style, wide=wide),
        "spread by protocol": spread_chart(scores, wording, style, wide=wide),
        "spread of many": spread_chart(scores * 4, wording, style, wide=wide),
        "years": years_chart([2019, 2021, 2021, 2020, 2024, None], wording, style),
        "reviewers": reviewers_chart(reviewers, 8.2, BANDS, wording, style),
        "many reviewers": reviewers_chart(reviewers * 9, 8.2, BANDS, wording, style),
        "calibration": calibration_chart(judged, wording, style),
    }


KINDS = list(every_kind())


def figure(chart):
    """Draw a chart, without a page, and give the figure."""
    with mpl.rc_context(parameters()):
        drawn = draw(chart.drawing)
        drawn.draw_without_rendering()
    return drawn


@dataclass(frozen=True)
class Word:
    """A word of a figure; its places are points from the lower left corner."""

    text: str
    left: float
    baseline: float
    width: float
    size: float
    align: str

    @property
    def right(self):
        return self.left + self.width


def words_of(chart, drawn=None):
    """Return the words of a chart from top to bottom, each as wide as it was measured: at least as it is drawn."""
    face, drawn = typeface(chart.drawing.style.fonts), drawn or figure(chart)
    words = [_word(text, face) for text in drawn.findobj(Text) if text.get_text() and text.get_visible()]
    return sorted(words, key=lambda word: (-word.baseline, word.left))


def _word(text, face):
    x, y = text.get_transform().transform(text.get_position())
    size, align = text.get_size(), text.get_horizontalalignment()
    width = face.width(text.get_text(), size)
    below = {"baseline": 0, "top": 0.76, "center_baseline": 0.36}[text.get_verticalalignment()]
    left = x - width * {"left": 0, "center": 0.5, "right": 1}[align]
    return Word(text.get_text(), left, y - below * size, width, size, align)


def texts(chart):
    return [word.text for word in words_of(chart)]


def marks(chart):
    """Return the marks of a chart: their shape, their colour and the values they stand at."""
    return [
        (line.get_marker(), line.get_color(), [float(value) for value in line.get_xdata()])
        for axes in figure(chart).axes
        for line in axes.lines
        if line.get_marker() not in ("None", "", "|") and len(line.get_xdata())
    ]


def dashed(chart):
    """Return the values at which dashed lines stand."""
    return [line.get_xdata()[0] for axes in figure(chart).axes for line in axes.lines if line.is_dashed()]


def bars(chart):
    """Return the bars of a chart: left edge, lower edge, width, height and fill, by the numbers on its axes."""
    return [
        (bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height(), mpl.colors.to_hex(bar.get_facecolor()))
        for axes in figure(chart).axes
        for container in axes.containers
        for bar in container
    ]


def confidence(points, threshold=None, wording=EN, style=STYLE, **more):
    chart = confidence_chart(points, threshold, wording, style, **more)
    assert chart is not None
    return chart


def box(word):
    return word.left, word.baseline - 0.21 * word.size, word.right, word.baseline + 0.72 * word.size


def overlaps(words):
    boxes = sorted((box(word), word.text) for word in words)
    for index, ((_, bottom, right, top), text) in enumerate(boxes):
        for (other_left, other_bottom, _, other_top), other in boxes[index + 1 :]:
            if other_left >= right - 0.01:
                break
            if other_bottom < top - 0.01 and bottom < other_top - 0.01:
                yield text, other


def check_layout(chart):
    """See that every word stands on its page, is large enough, and touches no other."""
    face = typeface(chart.drawing.style.fonts)
    sheet = figure(chart)
    drawn = words_of(chart, sheet)
    assert drawn
    for word in drawn:
        left, bottom, right, top = box(word)
        assert left >= -0.01, word
        assert right <= chart.drawing.style.width_pt + 0.01, word
        assert bottom >= 0, word
        assert top <= chart.drawing.height, word
        assert word.size >= 7.5
        assert not face.lacks(word.text)
    assert list(overlaps(drawn)) == []
    for x, y in _places(sheet):
        assert -0.01 <= x <= chart.drawing.style.width_pt + 0.01
        assert -0.01 <= y <= chart.drawing.height + 0.01


def _places(sheet):
    """Yield where marks, ends of lines and corners of boxes stand, in points from the lower left corner."""
    for axes in sheet.axes:
        for line in axes.lines:
            yield from line.get_transform().transform(line.get_xydata())
        for patch in axes.patches:
            yield from patch.get_transform().transform(patch.get_path().vertices)
        for drawn in axes.collections:
            for path in drawn.get_paths():
                yield from drawn.get_transform().transform(path.vertices)
