"""One report, from the record to the PDF in its place: the pipeline on one page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import fonts, outputs
from reportgen.bibliography import cite, load_library
from reportgen.checks import apply_levels, check
from reportgen.derive import derive
from reportgen.errors import Level, Problem, RecordError, ReportgenError, Where
from reportgen.finish import Attachment, Metadata, finish
from reportgen.places import packaged_folder
from reportgen.proof import Expected, prove_text
from reportgen.prose import cited_keys
from reportgen.record import Loaded, read_record
from reportgen.render import render_body, render_preamble
from reportgen.tables import by_source, claims_csv, claims_frame
from reportgen.typeset import typeset
from reportgen.view import Inputs, make_view
from reportgen.view.figures import plan_figures
from reportgen.wording import wording_for

if TYPE_CHECKING:
    from reportgen.bibliography import Bibliography, Library
    from reportgen.settings import Settings


@dataclass(frozen=True, slots=True)
class Built:
    """A report in its place, the files beside it, and what a reader of the log should know."""

    pdf: Path
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
