"""Finish a raw PDF: tags, PDF/A-3a and PDF/UA-1, metadata, navigation, and the sources inside.

TeX gives pages with numbered marks (templates/tagging.tex), rendering gives the tree they belong to
(`reportgen.structure`). The result depends on nothing but the arguments: same input, same bytes.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from reportgen.errors import Level, OutputError, Problem, TemplateError, TypesetError, Where
from reportgen.finish.attachments import Attachment, attach
from reportgen.finish.colour import IDENTIFIER, srgb_profile
from reportgen.finish.figures import figure_boxes
from reportgen.finish.marks import Marks, PageContent
from reportgen.finish.metadata import Metadata, readable
from reportgen.finish.navigation import add_navigation, check_destinations
from reportgen.finish.requirements import tree_problems
from reportgen.finish.tree import TreeBuilder
from reportgen.finish.xmp import xmp_packet
from reportgen.structure import Element

__all__ = ["Attachment", "FinishReport", "Metadata", "finish"]


@dataclass(frozen=True, slots=True)
class FinishReport:
    """What the finished PDF holds: counts, the names a URL fragment can point to, and its size."""

    pages: int
    elements: int
    leaves: int
    link_annotations: int
    destinations: frozenset[str]
    bytes: int


def finish(
    raw_pdf: Path | bytes,
    root: Element,
    metadata: Metadata,
    attachments: Sequence[Attachment],
    destination: Path,
) -> FinishReport:
    """Write the finished PDF to ``destination``, which the caller gives as a temporary place.

    Raises:
        TemplateError: the tree is not what PDF/UA-1 asks for.
        TypesetError: the raw PDF cannot be read, or a leaf of the tree is lost, doubled or unknown in it.
        OutputError: the result cannot be written.

    """
    if problems := tree_problems(root):
        raise TemplateError(problems)
    try:
        pdf = pikepdf.open(io.BytesIO(raw_pdf) if isinstance(raw_pdf, bytes) else raw_pdf)
    except (OSError, pikepdf.PdfError) as error:
        raise TypesetError(f"the PDF that TeX made cannot be read: {error}") from error
    with pdf:
        _clean(pdf)
        report = _tag(pdf, root)
        _describe(pdf, metadata)
        attach(pdf, attachments, metadata.pdf_date)
        try:
            _save(pdf, destination)
        except OSError as error:
            raise OutputError(f"the finished PDF cannot be written to {destination}: {error}") from error
    ...
