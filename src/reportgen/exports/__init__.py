"""Exports: a report in other formats, each from the content tree, one module a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.exports.markdown import render_markdown
from reportgen.html.render import render_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.style import Style
    from reportgen.text.report import Report

FORMATS: Mapping[str, tuple[str, Callable[[Report, OwnTemplates | None, Style], str]]] = {
    "html": (".html", render_page),
    "markdown": (".md", lambda report, own, _: render_markdown(report, own)),
}
"""The formats by name: the ending of a file, and what writes it."""
