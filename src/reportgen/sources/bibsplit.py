"""The text of a .bib file split into entries and definitions, kept by content between runs.

bibtexparser finds the blocks. What it leaves out of its failures is found here: an empty key, text
between the entries, a definition given twice, and what comments hide.
"""

from __future__ import annotations

import gc
import json
import logging
import re
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from bibtexparser import model as blocks
from bibtexparser.splitter import Splitter

from reportgen import __version__
from reportgen.base.cache import find, keep, key_of
from reportgen.base.errors import Level, Problem, Where
from reportgen.sources.bibcommands import Command, commands_of
from reportgen.sources.bibcomments import without_comments
from reportgen.sources.bibplain import Plain, Rest, pieces_of
from reportgen.sources.bibvalue import Definitions, evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

# bibtexparser logs every failure to standard error; here each becomes a problem.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

_LARGE = 500_000
"""Characters of a file that is worth keeping split: a smaller one is read as fast."""
_FORMAT = "1"
_LIKE_OTHERS = re.compile(r"@(?=(?:comment|string|preamble)\w+[ \t]*[{(])", re.IGNORECASE)

RawFields = list[tuple[str, str, int]]


@dataclass
class Split:
    """The entries and definitions of a text; ``failed`` gives for a key the problem of its entry, counted from 0.

    An entry is its line, its type, its key and its fields; a field its name, its value as it stands, and its line.
    """

    entries: list[tuple[int, str, str, RawFields]] = field(default_factory=list)
    strings: dict[str, str] = field(default_factory=dict)
    commands: dict[str, Command] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def note_fault(self, code: str, line: int, message: str, hint: str, level: Level = Level.ERROR) -> None:
        """Note what is wrong at a line; the file has no name here."""
        self.problems.append(Problem(code, level, Where("", line), message, hint))


def split_text(text: str) -> Split:
    """Split a text, or find it split in the cache."""
    if len(text) < _LARGE:
        return _split(text)
    key = key_of(("bibliography", _FORMAT, __version__, text))
    with without_collection():
        if (kept := find("bibliography", key, ".json")) is not None:
            return _loaded(kept)
        split = _split(text)
        keep("bibliography", key, ".json", _dumped(split))
        return split


@contextmanager
def without_collection() -> Iterator[None]:
    """Keep the collector from searching hundreds of thousands of new objects again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _dumped(split: Split) -> bytes:
    kept = vars(split) | {"problems": [asdict(problem) for problem in split.problems]}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _loaded(content: bytes) -> Split:
    kept: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    kept["entries"] = [(*entry, [tuple(each) for each in fields]) for *entry, fields in kept["entries"]]
    kept["commands"] = {name: Command(*command) for name, command in kept["commands"].items()}
    typed = ({"level": Level(each["level"]), "where": Where(**each["where"])} for each in kept["problems"])
    kept["problems"] = [Problem(**(each | more)) for each, more in zip(kept["problems"], typed, strict=True)]
    return Split(**kept)


def _split(text: str) -> Split:
    split = Split()
    cleaned = without_comments(text)
    for line, keys in cleaned.put_aside:
        message = f"what stands in @comment is not read: {', '.join(keys[:5])}{' ...' * (len(keys) > 5)}"
        split.note_fault(
            "bib-commented", line, message, "take the entries out of @comment, or remove them", Level.WARNING
        )
    preamble: list[str] = []
    pieces = pieces_of(cleaned.text) if len(text) >= _LARGE else [Rest(cleaned.text, 0)]
    for piece in pieces:
        if isinstance(piece, Plain):
            split.entries.append(piece)
        else:
            _parse(split, piece, preamble)
    definitions = Definitions(split.strings, {})
    split.commands = commands_of("\n".join(evaluate(source, definitions).text for source in preamble))
    return split


def _parse(split: Split, rest: Rest, preamble: list[str]) -> None:
    # What never closes ends, as the parser says, where the next entry begins: an empty one stands for that.
    text = f"{rest.text}\n{rest.before}{{}}" if rest.before else rest.text
    # The parser takes @commentary, which is biblatex's, for @comment.
    found = Splitter(_LIKE_OTHERS.sub("@_", text)).split().blocks
    for read in found[:-1] if rest.before else found:
        line = (read.start_line or 0) + 1 + rest.lines
        # Of repeated keys and fields the parser makes failures; we take what was written and judge it.
        block = getattr(read, "ignore_error_block", None) or read
        if isinstance(block, blocks.Entry):
            fields = [
                (each.key.lower(), each.value, each.start_line + 1 + rest.lines) for each in block.fields
            ]
            type_ = str(block.entry_type).lower().removeprefix("_")
            split.entries.append((line, type_, str(block.key), fields))
        elif isinstance(block, blocks.String):
            if split.strings.setdefault(block.key.lower(), block.value) != block.value:
                message = f"@string {block.key} is defined twice; the first definition is used"
                split.note_fault("bib-duplicate-string", line, message, "remove one of them")
        elif isinstance(block, blocks.Preamble):
            preamble.append(block.value.strip())
        elif isinstance(block, blocks.ParsingFailedBlock):
            if key := re.match(r"@\w+\s*[{(]\s*([^\s,={}]+)\s*(?:,|$)", block.raw or ""):
                split.failed.setdefault(key[1], len(split.problems))
            split.note_fault("bib-syntax", line, _unreadable(block), "check its commas, quotes and braces")
        elif isinstance(block, blocks.ImplicitComment):
            _note_stray_text(split, block.comment, line)


def _unreadable(block: blocks.ParsingFailedBlock) -> str:
    reason = str(getattr(block.error, "abort_reason", "") or block.error).strip()
    head = (block.raw or "").split("\n", 1)[0].strip()
    return f"{head!r} cannot be read, its entry is left out: {reason}"


def _note_stray_text(split: Split, comment: str, line: int) -> None:
    """Tell of text outside entries, which BibTeX skips; lines that start with % are meant as comments."""
    for offset, text in enumerate(comment.split("\n")):
        if (text := text.strip()) and not text.startswith("%"):
            shown = text if len(text) <= 60 else f"{text[:60]}…"
            message = f"this text is outside every entry and is ignored: {shown!r}"
            hint = "repair the entry it belongs to, or start the line with %"
            split.note_fault("bib-stray-text", line + offset, message, hint, Level.WARNING)
            return
