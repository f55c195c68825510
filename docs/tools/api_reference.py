"""The reference of the functions for programs, from their signatures and docstrings."""

from __future__ import annotations

import dataclasses
import inspect
import re
from typing import Any

import reportgen
from record_reference import sentence

INTRODUCTION = """# From Python

```pycon
>>> from reportgen import load, validate, build, build_batch, verify
>>> from reportgen import Record, Settings, Problem, ReportgenError

```

These nine names are what stays; this page is made from them, by `./run reference`. `import reportgen` alone imports
nothing else; each name is imported when it is first asked for. All are typed. The examples are those of the project
that `reportgen init` lays out, with the name `Example Group` filled in, and run in its folder.

**A source** is a record in one of four forms:

| form | read as |
|---|---|
| `str` or `Path` | the path of a file, of JSON or YAML |
| `bytes` | the JSON itself |
| `dict`, or another mapping | the values of the JSON; dates, UUIDs and the like may be Python's own |
| `Record` | what `load` returned, or a changed copy of it |

A file lies in a folder: the files that the record names (claims, artifacts), the `reportgen.toml` that holds for it,
and the DOI that `reportgen zenodo` reserved are looked for from there. The other forms lie nowhere, and are taken to
lie in `base`, which is the current folder unless you name another one; no reserved DOI is looked for. A path that is
built carries its file inside byte for byte; values are written as JSON first.

Without `settings`, those of the nearest `reportgen.toml` at or above the record's folder hold (of `base`, for values),
and without one the defaults. Wrong types of arguments are not among the errors below.
"""
_FUNCTIONS = ("load", "validate", "build", "build_batch", "verify")
_RECORD = """## `Record`

What `load` returns: a frozen value with the [fields of a record](record.md), claims and sources as tuples of such.
`record.model_copy(update={...})` returns a changed one.
"""


def page() -> str:
    """Return the whole page."""
    functions = [_function(name) for name in _FUNCTIONS]
    values = [_value(getattr(reportgen, name)) for name in ("Settings", "Problem", "ReportgenError")]
    return "\n".join([INTRODUCTION, *functions, _RECORD, *values, _errors()])


def _function(name: str) -> str:
    function = getattr(reportgen, name)
    signature = inspect.signature(function)
    shown = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    given = str(inspect.Signature(shown)).replace("'", '"')
    return f"## `{name}{given}`\n\n{_described(function)}\n"


def _value(kind: type) -> str:
    """Describe a class: its docstring and, of a dataclass, its fields."""
    parts = [f"## `{kind.__name__}`", _described(kind)]
    if dataclasses.is_dataclass(kind):
        fields = ", ".join(f"`{field.name}`" for field in dataclasses.fields(kind))
        parts.append(f"Its fields: {fields}.")
    return "\n\n".join(parts) + "\n"


def _errors() -> str:
    """List the subclasses of the error, with the exit code of the command line."""
    rows = (
        f"| `{kind.__name__}` | {kind.exit_code} | {sentence(inspect.cleandoc(kind.__doc__ or ''))} |"
        for kind in sorted(reportgen.ReportgenError.__subclasses__(), key=lambda kind: kind.exit_code)
        if kind.__module__ == reportgen.ReportgenError.__module__
    )
    head = "Its subclasses are in `reportgen.base.errors`:\n\n| error | exit code | who must act |\n|---|---|---|"
    return "\n".join([head, *rows]) + "\n"


def _described(thing: Any) -> str:
    """Return a docstring as Markdown: paragraphs, examples in blocks, what is raised as a list."""
    return "\n\n".join(map(_part, inspect.cleandoc(thing.__doc__ or "").split("\n\n")))


def _part(text: str) -> str:
    if text.lstrip().startswith(">>>"):
        return f"```pycon\n{inspect.cleandoc(text)}\n\n```"
    if text.startswith("Raises:"):
        raised = re.findall(r"^    (\w+): (.*(?:\n     .*)*)", text, re.MULTILINE)
        return "Raises:\n\n" + "\n".join(f"* `{name}`: {sentence(why)}" for name, why in raised)
    return sentence(text)
