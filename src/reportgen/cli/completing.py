"""What a shell proposes while a command is typed: records among the files, parts of a batch, templates.

Commands name these functions; what they import is imported only when a shell asks.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

SHARDS = (2, 3, 4, 5, 8, 10)
"""Into how many parts a batch is divided most often."""


def records(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Propose folders, and of the files in the one that is typed those that hold a record, or many."""
    from click.shell_completion import CompletionItem

    from reportgen.pipeline.batch.inputs import is_record_name
    from reportgen.record.other_files import OF_MANY

    folder, start = os.path.split(begun)
    try:
        names = sorted(os.listdir(folder or "."))  # noqa: PTH208 - the shell wants names as they were begun
    except OSError:
        names = []
    found = [
        CompletionItem(os.path.join(folder, name))  # noqa: PTH118
        for name in names
        if name.startswith(start) and (is_record_name(name) or name.endswith(OF_MANY))
    ]
    return [CompletionItem(begun, type="dir"), *found]


def shards(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Propose the parts of a batch that is divided as most are."""
    from click.shell_completion import CompletionItem

    parts = (f"{part}/{count}" for count in SHARDS for part in range(1, count + 1))
    return [CompletionItem(part) for part in parts if part.startswith(begun)]


def templates(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Propose the packaged templates, each with the fields that it is given, and the files of words."""
    from click.shell_completion import CompletionItem

    from reportgen.pipeline.template_files import packaged_templates
    from reportgen.pipeline.word_files import packaged_words

    named = packaged_templates() | dict.fromkeys(packaged_words(), ("words of reports",))
    return [
        CompletionItem(name, help=", ".join(fields))
        for name, fields in named.items()
        if name.startswith(begun)
    ]
