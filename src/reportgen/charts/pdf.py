"""Draw a chart with matplotlib as a PDF of one page."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from reportgen.charts.calibration import Calibration
from reportgen.charts.draw_calibration import draw_calibration
from reportgen.charts.draw_flow import draw_flow
from reportgen.charts.draw_forest import draw_forest
from reportgen.charts.draw_map import draw_map
from reportgen.charts.draw_rows import draw_rows
from reportgen.charts.draw_strips import draw_strips
from reportgen.charts.draw_years import draw_years
from reportgen.charts.evidence_map import EvidenceMap
from reportgen.charts.flow import Flow
from reportgen.charts.forest import Forest
from reportgen.charts.plots import Drawing, Strips
from reportgen.charts.rows import Rows
from reportgen.charts.sheet import Sheet
from reportgen.charts.style import STYLE_SHEET
from reportgen.charts.years import Years

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

_NO_DATES: dict[str, Any] = {"CreationDate": None, "Creator": None, "Producer": None}

# matplotlib's parameters and fonts belong to the whole process: one drawing at a time.
_LOCK = Lock()


def write_pdf(drawing: Drawing) -> bytes:
    """Draw a page of exactly the drawing's size; the same drawing gives the same bytes on any day.

    Raises:
        reportgen.base.errors.SetupError: matplotlib does not use the fonts that the words were measured with.

    """
    out = BytesIO()
    with _LOCK, mpl.rc_context(parameters()):
        draw(drawing).savefig(out, format="pdf", metadata=_NO_DATES)
    return out.getvalue()


@cache
def parameters() -> dict[Any, Any]:
    """Return matplotlib's own defaults with ours over them; a user's matplotlibrc is set aside."""
    own = mpl.rc_params_from_file(STYLE_SHEET)
    return {name: value for name, value in own.items() if name != "backend"}


def draw(drawing: Drawing) -> Figure:
    """Draw a figure, whose pixels are points."""
    sheet = Sheet(drawing)
    draw_on(sheet, drawing)
    return sheet.figure


def draw_on(sheet: Sheet, drawing: Drawing) -> None:
    """Draw a chart on a sheet of its size."""
    _DRAWN_BY[type(drawing)](sheet, drawing)


_DRAWN_BY: dict[type[Drawing], Callable[[Sheet, Any], None]] = {
    Rows: draw_rows,
    Strips: draw_strips,
    EvidenceMap: draw_map,
    Flow: draw_flow,
    Forest: draw_forest,
    Years: draw_years,
    Calibration: draw_calibration,
}
