"""The reference of the codes of problems, from their explanations."""

from __future__ import annotations

from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

from reportgen.explanations import explanations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.explanations import Explanation

INTRODUCTION = """# What each code means

This page is made from the program, by `./run reference`; `reportgen explain unknown-field` says the same of one code.
Every problem that reportgen prints has a code, in brackets behind its level. Find it here by the question that you
have. The tests try all examples: the wrong one reports the code, the right one does not. Examples "in a record" show
only the fields that matter; the rest is a sound record.

The levels are those without settings of yours. Where a code says that its level can be set, `[levels]` in
reportgen.toml sets another one, `code = "error"`, `"warning"` or `"ignore"`, and `--strict` makes every warning an
error. All other errors end what is being done.
"""
_LANGUAGES = {"record": "json", "bib": "bibtex", "lock": "json", "settings": "toml", "command": "text"}
_SUFFIXES = {
    ".json": "json",
    ".yaml": "yaml",
    ".toml": "toml",
    ".j2": "jinja",
    ".bib": "bibtex",
    ".svg": "xml",
}
_PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10)}
"""A page cannot hold control characters: each is shown by its picture, such as ␃."""


def page() -> str:
    """Return the whole page."""
    parts = [INTRODUCTION]
    for question, each in groupby(explanations().values(), key=lambda explained: explained.question):
        codes = list(each)
        rows = (
            f"| [`{c.code}`](#{c.code}) | {c.level} | {_cell(c.means)} | {_cell(c.remedy)} |" for c in codes
        )
        table = "\n".join(("| code | level | meaning | what to do |", "|---|---|---|---|", *rows))
        parts += [f"## {question}", table, *("\n\n".join(_section(code)) for code in codes)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _section(code: Explanation) -> Iterator[str]:
    """Yield the paragraphs and blocks of one code."""
    yield f"### `{code.code}`"
    settable = "Its level can be set." if code.settable else ""
    yield " ".join(filter(None, (f"{_sentence(code.means)} {code.why.strip()}", settable)))
    example = code.example
    yield from (_block(f"Beside it, `{name}`", text, _language(name)) for name, text in example.files.items())
    if example.settings:
        yield _block("With, in `reportgen.toml`", "\n".join(example.settings_lines), "toml")
    language = _LANGUAGES.get(example.kind) or _language(example.file)
    for heading, text in (("Wrong", example.wrong), ("Right", example.right)):
        if example.kind == "scenario":
            yield f"{heading}: {text.strip()}"
        else:
            yield _block(f"{heading}, {example.place}", text, language)
    yield f"To do: {code.remedy}."


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _block(heading: str, text: str, language: str) -> str:
    inside = text.strip("\n").translate(_PICTURES)
    return f"{heading}:\n\n````{language}\n{inside}\n````"


def _language(file: str) -> str:
    return _SUFFIXES.get(PurePath(file).suffix, "text")
