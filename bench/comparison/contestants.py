"""The commands that are compared: reportgen's own, and one a peer."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
from peers import PEERS
from peers.content import read_content
from records import works

if TYPE_CHECKING:
    from collections.abc import Sequence

REPORTGEN = Path(sys.executable).with_name("reportgen")
OURS = "reportgen"
_HEAD_OF_TABLE = "noverdictconfidenceclaim"


def name_of(contestant: str) -> str:
    """Return the printed name."""
    return PEERS[contestant][2] if contestant in PEERS else contestant


def one(contestant: str, record: Path, output: Path) -> list[str | Path]:
    """Return the command that makes one report from cold."""
    if contestant in PEERS:
        return many(contestant, [record], output, 1)
    return [REPORTGEN, "compile", "--quiet", "--output", output, record]


def many(contestant: str, records: Sequence[Path], output: Path, workers: int) -> list[str | Path]:
    """Return the command that makes many reports in so many processes, each kept warm."""
    if contestant in PEERS:
        return [sys.executable, "-m", "peers", contestant, output, str(workers), *records]
    return [REPORTGEN, "batch", "--output", output, "--jobs", str(workers), *records]


def check_same_words(record: Path, pdf: Path) -> None:
    """Make sure that a PDF says what the comparison says it does.

    Raises:
        SystemExit: a claim, or the title of a reference, does not stand in the PDF.

    """
    content = read_content(record)
    cited = {key for _, key in content.sentences}
    wanted = [claim.text for claim in content.claims] + [work.title for work in works() if work.key in cited]
    with pypdfium2.PdfDocument(pdf) as document:
        text = _letters("".join(page.get_textpage().get_text_range() for page in document))
    lost = [words for words in wanted if _letters(words) not in text]
    if lost:
        sys.exit(f"{pdf} does not hold {len(lost)} of {len(wanted)} texts, the first: {lost[0]}")


def _letters(text: str) -> str:
    """Leave out what hyphenation, line ends, styles of capitals and a break of pages change."""
    return re.sub(r"[^a-z]", "", text.lower()).replace(_HEAD_OF_TABLE, "")
