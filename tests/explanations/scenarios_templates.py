"""Situations behind the codes of templates that no text makes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from explained_examples import failures, write
from reportgen.base.errors import Where
from reportgen.base.own_templates import read_own_templates, trusted_templates
from reportgen.base.settings import Limits, Settings, find_settings
from reportgen.pdf.typeset import typeset
from reportgen.pipeline.template_check import check_templates
from trusted import trust

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from reportgen.base.errors import Problem

QUESTION = "latex/question.tex.j2"
TEMPLATE = "((* tag 'P', id=it.id, at=it.at *))((( flow(it.content) )))((* endtag *))\\par\n"


def templates_untrusted(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {"reportgen.toml": 'templates = "templates"\n', f"templates/{QUESTION}": TEMPLATE})
    if not wrong:
        trust(tmp_path)
    return failures(lambda: trusted_templates(find_settings(tmp_path)))


def template_unreadable(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {"question.tex.j2": TEMPLATE, "templates/latex/heading.tex.j2": TEMPLATE})
    link = tmp_path / "templates" / QUESTION
    if wrong:
        link.symlink_to(tmp_path / "question.tex.j2")
    else:
        link.write_text(TEMPLATE)
    return failures(lambda: read_own_templates(tmp_path / "templates"))


def template_encoding(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    (tmp_path / "latex").mkdir()
    (tmp_path / QUESTION).write_text(f"Für: {TEMPLATE}", encoding="latin-1" if wrong else "utf-8")
    return failures(lambda: read_own_templates(tmp_path))


def template_name(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {"latex\\question.tex.j2" if wrong else QUESTION: TEMPLATE})
    return failures(lambda: read_own_templates(tmp_path))


def template_moved(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {"sections/claims.tex.j2" if wrong else "latex/claim_list.tex.j2": TEMPLATE})
    return failures(lambda: read_own_templates(tmp_path))


def field_unprinted(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    write(tmp_path, {QUESTION: "((* tag 'P' *))The question.((* endtag *))\\par\n" if wrong else TEMPLATE})
    return check_templates(read_own_templates(tmp_path), Settings())


def tex_error(wrong: bool) -> Collection[Problem]:
    """Set a document of no template."""
    body = r"\undefined" if wrong else "Words."
    tex = rf"\begin{{document}}{body}\end{{document}}"
    options = {"figures": {}, "date": dt.date(2026, 1, 1), "limits": Limits(), "origin": lambda _: Where()}
    return failures(lambda: typeset(tex, "\\documentclass{article}\n", engine="pdftex", **options))
