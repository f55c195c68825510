"""What each code of a problem and each exit code means, why, what to do, and examples: one file for each question.

The command ``reportgen explain``, the reference of codes, the rules of SARIF and the help read it here.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

QUESTIONS = (
    *("record", "claims", "sources", "text", "gate", "settings", "templates"),
    *("report", "machine", "batch", "site", "deposit"),
)
"""The files of explanations, in the order in which the questions are asked."""

_PLACES = {
    "record": "in a record",
    "bib": "in a .bib file",
    "lock": "in references.lock.json",
    "settings": "in reportgen.toml",
    "command": "on the command line",
}


@dataclass(frozen=True, slots=True)
class Example:
    """Two texts or situations: ``wrong`` brings a problem about, and ``right`` does not.

    Attributes: ``kind`` says what they are, ``file`` the name that they have in a project; ``files`` are what else lies
    there, and ``settings`` what holds for both. ``scenario`` names the test that makes a situation which no text
    makes. ``build`` says that the problem is only seen when the report is built.

    """

    kind: str
    wrong: str
    right: str
    file: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    scenario: str = ""
    build: bool = False

    @property
    def place(self) -> str:
        """Say where the two texts stand, or nothing of a situation."""
        folder = "templates/" if self.kind == "template" else ""
        return _PLACES.get(self.kind) or (f"in {folder}{self.file}" if self.file else "")

    @property
    def settings_lines(self) -> tuple[str, ...]:
        """Return the settings as lines of reportgen.toml, each with its whole name."""
        return tuple(_lines(self.settings))


def _lines(tables: Mapping[str, Any], within: str = "") -> Iterator[str]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{within}{name}.")
        else:
            yield f"{within}{name} = {json.dumps(value, ensure_ascii=False)}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means: a noun phrase, the reason in sentences, and the remedy, which tells what to do.

    ``settable`` tells whether `[levels]` in the settings can give it another level.
    """

    code: str
    question: str
    level: str
    settable: bool
    means: str
    why: str
    remedy: str
    example: Example


@dataclass(frozen=True, slots=True)
class ExitCode:
    """What a command's exit code means: in a word, in a phrase, who must act, and what to try."""

    number: int
    word: str
    means: str
    actor: str
    remedy: str


@cache
def explanations() -> Mapping[str, Explanation]:
    """Return every explanation by its code, in the order of the questions; read when first asked for."""
    found: dict[str, Explanation] = {}
    for name in QUESTIONS:
        page = _read(name)
        for code, given in page["codes"].items():
            found[code] = _explanation(code, page["question"], **given)
    return MappingProxyType(found)


def _explanation(
    code: str, question: str, *, level: str, example: dict[str, Any], **given: Any
) -> Explanation:
    """Make an explanation of its table; every warning can be set to another level, and of errors those that say so."""
    names = {"with": "settings"}
    made = Example(**{names.get(name, name): value for name, value in example.items()})
    settable = given.pop("settable", "warning" in level)
    return Explanation(code, question, level, settable, example=made, **given)


@cache
def exit_codes() -> Mapping[int, ExitCode]:
    """Return every exit code by its number, in order."""
    table = _read("exit_codes")["exit_codes"]
    return MappingProxyType({int(number): ExitCode(int(number), **given) for number, given in table.items()})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))
