"""Proof of the text: after the build, every claim is looked for in the PDF, whole."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from reportgen.base.characters import normal, normalise
from reportgen.base.errors import Level, Problem, Where
from reportgen.base.timings import stage
from reportgen.pdf.page_characters import object_text, text_objects, written_on
from reportgen.text.mathematics import split_formulas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pypdfium2

    from reportgen.text.templates import Printed

# Scripts whose glyphs a reader of PDFs cannot map back one by one: the letters are reordered or joined.
_RESHAPED = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]+")
_JOINED = re.compile("[\u0700-\u08ff]")
_LEFT, _RIGHT = "([{<«‹【「《〈『〔（｛［≤⟨‘“", ")]}>»›】」》〉』〕）｝］≥⟩'”"
_UNREAD = "\ufffd"
_HALVES = re.compile("([\udc00-\udfff])([\ud800-\udbff])")
_HALF = re.compile("[\ud800-\udfff]")
_MIRRORED = str.maketrans(_LEFT, _RIGHT, _UNREAD)
_ANY_MIRRORED = "↔"
"""Stands for the signs that are mirrored, too, and have no partner in the table."""
_FOOT, _HEAD = 0.08, 0.86
"""Parts of a page's height: furniture below and above them may part a text that runs over the page."""
_WITHOUT_DOT = str.maketrans("ıȷ", "ij")


@stage("prove")
def prove_text(pdf: bytes, printed: Sequence[Printed], file: str) -> list[Problem]:
    """Look for every text that was printed in the PDF's text layer; what is not found whole is an error.

    Spaces, hyphens at line ends and the glyphs of formulas are left out of the comparison.
    """
    # Most texts stand within one page, and pages as a whole are read quickly.
    doubtful = [item for item, _ in _missing(printed, _Page(_read_pages(pdf)))]
    if not doubtful:
        return []
    page = _Reordered(_skeleton(extract_text(pdf)))
    return [_lost(Where(file, pointer=item.pointer), piece) for item, piece in _missing(doubtful, page)]


def _lost(where: Where, piece: str) -> Problem:
    message = f"the PDF does not hold this text whole; the first part missing is {piece[:60]!r}"
    return Problem("text-lost", Level.ERROR, where, message, "please report this with the record")


def _missing(printed: Iterable[Printed], page: _Page) -> Iterator[tuple[Printed, str]]:
    """Yield the texts that are not found, each with its first part that is not."""
    for item in printed:
        missing = (part for part in _plain_parts(item.text) if not page.holds(part))
        if (part := next(missing, None)) is not None:
            yield item, _skeleton(part)


def _read_pages(pdf: bytes) -> str:
    """Read what stands on the paper, page by page, without its furniture.

    What was set beyond the paper is in the file and still lost to its readers.
    """
    return "".join(map(_page_skeleton, _pages(pdf)))


def _pages(pdf: bytes) -> Iterator[pypdfium2.PdfPage]:
    import pypdfium2

    with closing(pypdfium2.PdfDocument(pdf)) as document:
        yield from document


def _page_skeleton(page: pypdfium2.PdfPage) -> str:
    from pypdfium2 import PdfObject

    text_page = page.get_textpage()
    text = _skeleton(text_page.get_text_bounded())
    height = page.get_height()
    for item in text_objects(page, marked=False):
        words = _skeleton(object_text(item, text_page).decode("utf-16-le", "replace"))
        if not words:
            continue
        # Heads are read first and feet last: a page number must not be taken out of a title's "1000".
        _, bottom, _, _ = PdfObject(item, page=page).get_bounds()
        if _FOOT * height < bottom < _HEAD * height:
            continue  # on a gauge or over the claims, and within no text
        before, _, after = text.rpartition(words) if bottom < height / 2 else text.partition(words)
        text = before + after
    return text


def extract_text(pdf: bytes) -> str:
    """Read the text of a finished PDF page by page, in the order of its content, without its furniture.

    Running heads, page numbers and repeated table heads stand between the parts of a text that runs over
    a page; they have no marked-content id.
    """
    text = b"\n\0".join(map(written_on, _pages(pdf))).decode("utf-16-le", "surrogatepass")
    # The halves of a character are in the order of their line, from right to left too.
    whole = _HALVES.sub(
        lambda found: (found[2] + found[1]).encode("utf-16", "surrogatepass").decode("utf-16"), text
    )
    return _HALF.sub(_UNREAD, whole)


def _plain_parts(text: str) -> list[str]:
    """Split a text at its formulas, which are drawn, not written."""
    return [normalise(part) for part in split_formulas(text) if isinstance(part, str)]


class _Page:
    """The text of all pages, as a skeleton."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.reached = 0

    def holds(self, part: str) -> bool:
        """Tell whether a text is there as it is; most texts come in the order of the record."""
        piece = _skeleton(part)
        found = self.text.find(piece, self.reached)
        if found < 0:
            found = self.text.find(piece)
        if found >= 0:
            self.reached = found + len(piece)
        return found >= 0


class _Reordered(_Page):
    """A page of the characters in the order of reading, brackets and quotes as either of their mirror images."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.bases, self.marks = _bases_and_marks(text)
        self.characters = frozenset(self.bases).union(*self.marks)
        self.has_unread = _UNREAD in text

    def holds(self, part: str) -> bool:
        """Tell whether a text is there; one of a script whose glyphs cannot be read back, by its characters."""
        if super().holds(part):
            return True
        piece = _skeleton(part)
        if not (_RESHAPED.search(part) or any(map(unicodedata.mirrored, piece))):
            return False
        if not _JOINED.search(piece):
            return self._holds_letters(piece)
        # The words and numbers between the reordered ones must be there whole.
        plain = re.findall(r"[^\W\d_]+|\d+", _RESHAPED.sub(" ", part))
        return all(_skeleton(word) in self.text for word in plain) and self._holds_joined(piece)

    def _holds_joined(self, piece: str) -> bool:
        """Tell whether all characters are on the page, but for joined ones where glyphs of it cannot be read back."""
        bases, marks = _bases_and_marks(piece)
        wanted = frozenset(bases).union(*marks) - self.characters
        return not wanted or (self.has_unread and all(map(_JOINED.match, wanted)))

    def _holds_letters(self, piece: str) -> bool:
        """Look for all letters and signs of a piece one after another, and for its marks on them.

        A mark may be there more often, since a glyph that joins two marks is read as both, and so is its neighbour; and
        it may be drawn before its letter or behind the next one.
        """
        bases, marks = _bases_and_marks(piece)
        wanted = Counter("".join(marks))
        start = self.bases.find(bases)
        while start >= 0:
            if wanted <= Counter("".join(self.marks[max(start - 1, 0) : start + len(bases) + 1])):
                return True
            start = self.bases.find(bases, start + 1)
        return False


def _bases_and_marks(text: str) -> tuple[str, list[str]]:
    """Part a text into its base characters, brackets and quotes as their mirror images, and the marks on each.

    A glyph between two letters that stands for no character is read as U+FFFD, which is left out.
    """
    bases: list[str] = []
    marks = [""]
    for character in normal("NFKD", text).translate(_MIRRORED):
        if unicodedata.combining(character):
            marks[-1] += character
            continue
        is_other = unicodedata.mirrored(character) and character not in _RIGHT
        bases.append(_ANY_MIRRORED if is_other else character)
        marks.append("")
    return "".join(bases), marks[1:]


_DOTLESS = re.compile("[ıȷ](?=[\u0300-\u036f])")
_IGNORED = re.compile(
    "[\\s\u00ad\u2010\u2011\ufffe\u0002\u200b-\u200f\u2060\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef-]+"
)


def _skeleton(text: str) -> str:
    """Return what must agree: letters, digits and signs in compatibility form, without spaces and hyphens."""
    # Fonts draw marks on an i without its dot; what is then read is a letter of its own.
    dotted = _DOTLESS.sub(lambda found: found[0].translate(_WITHOUT_DOT), text)
    folded = normal("NFKC", dotted).replace("’", "'").replace("⁄", "/")
    return _IGNORED.sub("", folded)
