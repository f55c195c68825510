"""The content tree as Markdown that CommonMark and GitHub read back as it was."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from reportgen.base.characters import normalise
from reportgen.exports.interface import Format
from reportgen.text.inline import plain_text
from reportgen.text.templates import Output, Writer, Written, of_written

if TYPE_CHECKING:
    from reportgen.base.own_templates import OwnTemplates
    from reportgen.exports.interface import Publication
    from reportgen.text.report import Report
    from reportgen.text.tree import Inlines

# What means something wherever it stands, and what does at the beginning of a line.
_SPECIAL = re.compile(r"[\\`*_\[\]<>~$]|&(?=#?\w+;)|^\s*(?:[#+\-=](?=\s|[#+\-=]|$)|\d{1,9}[.)](?=\s|$))")
_FENCE = re.compile("`+")
_TAGS = {"*": "em", "**": "strong", "~~": "s"}


def escape(text: str) -> str:
    """Return a text that stands for itself wherever it stands in a line."""
    return _SPECIAL.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", normalise(text))


def _anchor(name: str) -> Written:
    return Written(html.escape(name))


def _formula(source: str) -> Written:
    """Write a formula as GitHub reads it where its signs could mean emphasis, too."""
    return Written(f"${_code(source)}$") if "`" not in source else Written(escape(f"${source}$"))


def _code(text: str) -> Written:
    """Put a text between more backticks than it has."""
    plain = normalise(text)
    ticks = "`" * (1 + max(map(len, _FENCE.findall(plain)), default=0))
    space = " " if plain.startswith(("`", " ")) or plain.endswith(("`", " ")) else ""
    return Written(f"{ticks}{space}{plain}{space}{ticks}" if plain.strip() else escape(plain))


def _display(source: str) -> Written:
    return Written(f"$${source}$$") if "`" not in source else Written(escape(f"$${source}$$"))


def _fenced(text: str, language: str = "") -> Written:
    """Put lines between fences longer than any in them; a language with a backtick stands behind tildes alone."""
    lines = "\n".join(map(normalise, text.rstrip("\n").split("\n")))
    sign = "~" if "`" in language else "`"
    fence = sign * max(3, 1 + max(map(len, re.findall(f"{sign}+", lines)), default=0))
    return Written(f"{fence}{escape(' '.join(language.split()))}\n{lines}\n{fence}")


@of_written
def _indented(written: str, by: int) -> str:
    return re.sub(r"\n(?=.)", "\n" + " " * by, written.strip("\n"))


@of_written
def _quoted(written: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in written.strip("\n").split("\n"))


def _address(uri: str) -> Written:
    return Written(re.sub(r"[<>\\\s\x00-\x1f]", lambda found: f"%{ord(found[0]):02X}", uri))


_OUTPUT = Output(
    "markdown",
    ".md.j2",
    escape,
    functions={
        "address": _address,
        "anchor": _anchor,
        "code": _code,
        "display": _display,
        "fenced": _fenced,
        "formula": _formula,
        "hashes": lambda level: Written("#" * level),
        "indented": _indented,
        "quoted": _quoted,
    },
)


def render_markdown(report: Report, own: OwnTemplates | None = None) -> str:
    """Write a report as Markdown.

    Raises:
        TemplateError: a template is missing or wrong, or asks for what a node does not have.

    """
    writer = Writer(_OUTPUT, own, leads_to=report.anchors.__contains__)

    def marked(mark: str, content: Inlines) -> Written:
        # Beside a sign, Markdown's marks may mean themselves.
        words, written = plain_text(content), writer.write(content)
        if words[:1].isalnum() and words[-1:].isalnum():
            return Written(f"{mark}{written}{mark}")
        return Written(f"<{_TAGS[mark]}>{written}</{_TAGS[mark]}>")

    def cell(content: Inlines) -> Written:
        # A bar ends a cell, in code, too.
        return Written(writer.write(content).strip().replace("|", "\\|") or "&nbsp;")

    writer.give(marked=marked, cell=cell)
    return writer.document("report.md.j2", report=report)


def _text(publication: Publication) -> bytes:
    return render_markdown(publication.tree, publication.own).encode()


MARKDOWN = Format(
    name="markdown", title="Markdown", ending=".md", media_type="text/markdown", write=_text, holds_all=True
)
