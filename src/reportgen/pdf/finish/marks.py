"""Content streams: numbered marks become marked-content ids, all else on a page becomes artifacts.

TeX writes ``/RG <</MCID n>> BDC ... EMC`` around leaf n of the structure tree and ``/Artifact BMC ... EMC``
around furniture (templates/tagging.tex). Where a page ends inside a leaf, or a footnote comes between, the
leaf has several pieces; each gets a marked-content id of its own, counted from 0 on every page (ISO 32000-1,
14.7.4).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportgen.base.errors import TypesetError
from reportgen.pdf.finish.spaces import without_joints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.pdf.finish.spaces import WordSpaces

# Only what can be a mark, paint, or hide one of these: text objects, strings and comments are one token each.
# pikepdf's parser makes an object of every operator and takes ten times as long.
_TOKEN = re.compile(
    rb"""
    (?<!\S) BT \s (?: \((?:[^()\\]++|\\.)*+\) | [^(E]++ | E(?!T(?!\S)) | (?<=\S)E )*+ ET (?!\S)
    | \((?:[^()\\]++|\\.)*+\)
    | %[^\r\n]*
    | /RG \s* << \s* /MCID \s+ (?P<leaf>\d+) \s* >> \s* BDC (?!\S)
    | (?P<artifact> /Artifact (?: \s* <<[^<>]*>> \s* BDC | \s+ BMC ) (?!\S) )
    | /[^\s()<>\[\]{}/%]*
    | (?<![^\s\])>]) (?P<operator> BT | BDC | BMC | EMC | Do | sh | [fBb]\*? | [FSs] ) (?![^\s\[(</])
    """,
    re.VERBOSE | re.DOTALL,
)
# At least two glyphs in one string; a space between leaves is one.
_WORD = re.compile(rb"\((?:[^()\\]|\\[0-7]{3}|\\[^0-7]){2}|<[0-9A-Fa-f]{8}")
_OPENS = frozenset([b"BDC", b"BMC"])
_ARTIFACT, _FOREIGN = "an artifact", "a mark of another package"


@dataclass(frozen=True, slots=True)
class PageContent:
    """The rewritten stream of one page.

    ``leaves[mcid]`` is the leaf that the marked content belongs to; ``loose_text`` tells that the page has
    words which are neither in a leaf nor marked as furniture: nobody who listens will know of them.
    """

    stream: bytes
    leaves: tuple[int, ...]
    loose_text: bool = False


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of a stream between marks: the leaf it belongs to, or None; whether it has any mark."""

    leaf: int | None
    marked: bool
    body: bytes
    paints: bool


@dataclass(slots=True)
class Marks:
    """The marks of a document, whose pages are rewritten in order, since a leaf may run over a page's end.

    ``roles`` holds the structure role of each leaf; ``spaces`` completes those that are text; ``begun``
    counts how often TeX began each.
    """

    roles: Mapping[int, str]
    spaces: WordSpaces | None = None
    begun: Counter[int] = field(default_factory=Counter)
    _open: list[int | str] = field(default_factory=list)

    def rewrite(self, stream: bytes) -> PageContent:
        """Return the next page with everything painted inside either a leaf or an artifact.

        Raises:
            TypesetError: a mark is unknown, ends before it begins, or is no leaf and runs over the page.

        """
        segments = [*self._segments(self.spaces.sized(stream) if self.spaces else stream)]
        if left := [mark for mark in self._open if isinstance(mark, str)]:
            raise TypesetError(f"{left[0]} does not end on the page it began on")
        last = {segment.leaf: segment for segment in segments if segment.paints}
        out: list[bytes] = []
        leaves: list[int] = []
        for segment in segments:
            if not segment.paints:
                out.append(segment.body)
            elif segment.leaf is None:
                out += [b"/Artifact BMC", segment.body, b"EMC"]
            else:
                opening = b"/%b <</MCID %d>> BDC" % (self.roles[segment.leaf].encode(), len(leaves))
                runs_on = segment.leaf in self._open and segment is last[segment.leaf]
                out += [opening, self._completed(segment.leaf, segment.body, runs_on=runs_on), b"EMC"]
                leaves.append(segment.leaf)
        loose = any(not segment.marked and _WORD.search(segment.body) for segment in segments)
        return PageContent(without_joints(b"\n".join(out)), tuple(leaves), loose)

    def _completed(self, leaf: int, body: bytes, *, runs_on: bool) -> bytes:
        if self.spaces is None or self.roles[leaf] == "Formula":
            return body
        return self.spaces.complete(body, runs_on=runs_on)

    def _segments(self, stream: bytes) -> Iterator[_Segment]:
        start, paints = 0, False
        for token in _TOKEN.finditer(stream):
            operator = token["operator"] if token.lastgroup == "operator" else None
            if token.lastgroup is None:
                paints = paints or token[0].startswith(b"BT")
            elif operator is None or (operator == b"EMC" and self._innermost() != _FOREIGN):
                yield self._segment(stream[start : token.start()], paints)
                start, paints = token.end(), False
                self._follow(token)
            elif operator in _OPENS:
                self._open.append(_FOREIGN)
            elif operator == b"EMC":
                self._open.pop()
            else:
                paints = True
        yield self._segment(stream[start:], paints)

    def _follow(self, token: re.Match[bytes]) -> None:
        if self._innermost() == _FOREIGN:
            raise TypesetError("a leaf of the structure begins inside a mark of another package")
        if token["leaf"]:
            leaf = int(token["leaf"])
            if leaf not in self.roles:
                raise TypesetError(f"the PDF has a mark {leaf} that the structure does not know")
            self._open.append(leaf)
            if _ARTIFACT not in self._open:
                self.begun[leaf] += 1
        elif token["artifact"]:
            self._open.append(_ARTIFACT)
        elif self._open:
            self._open.pop()
        else:
            raise TypesetError(
                "a mark ends before it begins: a tag wraps one brace of a TeX command, not both"
            )

    def _innermost(self) -> int | str | None:
        return self._open[-1] if self._open else None

    def _segment(self, body: bytes, paints: bool) -> _Segment:
        innermost = self._innermost()
        leaf = innermost if isinstance(innermost, int) and _ARTIFACT not in self._open else None
        return _Segment(leaf, innermost is not None, body, paints)
