"""Explanations laid out for the terminal: headings, paragraphs as wide as it is, and examples as they stand."""

from __future__ import annotations

import shutil
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

import click

from reportgen.cli.console import printable
from reportgen.explanations import ExitCode, Explanation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reportgen.cli.explain import Topic
    from reportgen.explanations import Example
    from reportgen.record.field_reference import Field

PAGES = {
    "code": "docs/reference/codes.md",
    "field": "docs/reference/record.md",
    "setting": "docs/reference/settings.md",
    "exit code": "docs/reference/exit-codes.md",
}
"""The page of the documentation that has all of a kind."""
PAGES_OF_WORDS = {
    "docs/reference/markdown.md": "markdown heading list quotation table note footnote citation cite emphasis "
    "bold italic superscript subscript anchor cross-reference",
    "docs/reference/mathematics.md": "mathematics formula latex tex",
    "docs/reference/bibliography.md": "bibtex biblatex csl .bib",
    "docs/how-to/figures-and-tables.md": "image caption svg png",
    "docs/reference/templates.md": "jinja",
    "docs/explanation/what-the-words-mean.md": "tier level verified extracted grounded",
    "docs/glossary.md": "manifest shard",
}
"""By page of the documentation, the words that it tells of and that are no field, setting or code."""
WIDEST = 100
"""The longest line of text that is easy to read."""
LEAST = 20
"""The shortest line that text is still broken into."""
_INDENT = "  "
_COLOURS = {"error": "red", "warning": "yellow"}


def print_topics(found: Mapping[str, Topic]) -> None:
    """Print what bears one name, each kind after the other."""
    for number, (kind, topic) in enumerate(found.items()):
        if number:
            click.echo()
        match topic:
            case Explanation():
                lines = _code(topic)
            case ExitCode():
                lines = _exit_code(topic)
            case _:
                lines = _field(kind, topic)
        click.echo("\n".join(lines))


def page_of(word: str) -> str | None:
    """Return the page that tells of a word, in the singular or the plural; None where none is known."""
    said = word.strip().casefold()
    names = {said, said.removesuffix("s")}
    return next((page for page, words in PAGES_OF_WORDS.items() if names & set(words.split())), None)


def print_codes(codes: Iterable[Explanation]) -> None:
    """Print how the command is used, and every code with what it means, by question."""
    usage = (
        "`reportgen explain CODE` says what a code means, why, and what to do. It explains fields, settings and exit "
        "codes, too: `claims.confidence`, `record` for all fields, `style.accent`, `settings` for all settings, `3`."
    )
    click.echo("\n".join(_wrapped(usage)))
    for question, each in groupby(codes, key=lambda code: code.question):
        click.echo(f"\n{_heading(question)}")
        click.echo("\n".join(_table({code.code: code.means for code in each})))


def _code(code: Explanation) -> Iterator[str]:
    yield _title(code.code, _COLOURS[code.level.split()[0]])
    yield from _paragraph(f"{code.means}.")
    yield from _part("Level", _paragraph(_level(code)))
    yield from _part("Why", _paragraph(code.why))
    example = code.example
    where = f", {example.place}" if example.place else ""
    for name, text in example.files.items():
        yield from _part(f"Beside it, {name}", _as_it_stands(text))
    if example.settings:
        yield from _part("With, in reportgen.toml", _as_it_stands("\n".join(example.settings_lines)))
    yield from _part(f"Wrong{where}", _example(example, example.wrong))
    yield from _part(f"Right{where}", _example(example, example.right))
    yield from _part("What to do", _paragraph(f"{code.remedy}."))
    yield from _more("code", f"#{code.code}")


def _level(code: Explanation) -> str:
    if not code.settable:
        return f"{code.level}; it ends what is being done, so no setting changes that."
    others = [f'"{level}"' for level in ("error", "warning", "ignore") if level != code.level]
    strict = "; --strict makes it an error" if "warning" in code.level else ""
    return (
        f"{code.level}; under [levels] in reportgen.toml, `{code.code} = {others[-1]}` sets another one "
        f"(or {' or '.join(others[:-1])}){strict}."
    )


def _example(example: Example, text: str) -> Iterator[str]:
    if example.kind == "scenario" and not text.startswith("reportgen "):
        yield from _paragraph(text.strip())
    else:
        yield from _as_it_stands(text)


def _field(kind: str, field: Field) -> Iterator[str]:
    yield _title(field.path, "cyan")
    yield from _paragraph(field.means)
    said = {
        "values": field.values,
        "needed": field.required or "may be left out",
        "default": field.default,
        "example": field.example,
    }
    yield ""
    yield from _table({name: text for name, text in said.items() if text})
    if field.words:
        yield from _part("What each word means", _table(field.words))
    if field.below:
        below = {each.path: " ".join(filter(None, (each.means, _needed(each)))) for each in field.below}
        yield from _part(f"{kind.capitalize()}s in it", _table(below))
    yield from _more(kind)


def _needed(field: Field) -> str:
    return f"({field.required})" if field.required else ""


def _exit_code(code: ExitCode) -> Iterator[str]:
    yield _title(f"{code.number}: {code.word}", "green" if code.number == 0 else "red")
    yield from _paragraph(f"{code.means}.")
    yield from _part("Who must act", _paragraph(f"{code.actor}."))
    yield from _part("What to try", _paragraph(f"{code.remedy}."))
    yield from _more("exit code")


def _more(kind: str, anchor: str = "") -> Iterator[str]:
    yield ""
    yield click.style(f"More: {PAGES[kind]}{anchor}", dim=True)


def _title(text: str, colour: str) -> str:
    return click.style(text, fg=colour, bold=True)


def _heading(text: str) -> str:
    return click.style(text, bold=True)


def _part(heading: str, lines: Iterator[str]) -> Iterator[str]:
    yield ""
    yield _heading(heading)
    yield from lines


def _paragraph(text: str) -> Iterator[str]:
    yield from (f"{_INDENT}{line}" for line in _wrapped(f"{text[:1].upper()}{text[1:]}", len(_INDENT)))


def _as_it_stands(text: str) -> Iterator[str]:
    for line in text.strip("\n").split("\n"):
        yield f"{_INDENT}{printable(line)}".rstrip()


def _table(rows: Mapping[str, str]) -> Iterator[str]:
    """Lay out names and what they mean in two columns; a name too long for its own has a line for itself."""
    column = min(max(map(len, rows), default=0), 30) + 2
    for name, text in rows.items():
        first, *others = _wrapped(text, column + len(_INDENT)) or [""]
        shown = click.style(name.ljust(column), fg="cyan")
        if len(name) >= column:
            yield f"{_INDENT}{shown}"
            shown = " " * column
        yield f"{_INDENT}{shown}{first}".rstrip()
        yield from (f"{_INDENT}{' ' * column}{line}" for line in others)


def _wrapped(text: str, indent: int = 0) -> list[str]:
    """Break a text into lines that fit beside an indent; a name such as ``reportgen-claims`` stays whole."""
    width = min(shutil.get_terminal_size().columns, WIDEST) - indent
    return textwrap.wrap(text, max(width, LEAST), break_on_hyphens=False, break_long_words=False)
