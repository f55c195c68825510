"""Rules that find blocks: bounded, and so that none drops a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reportgen.text.markdown_parser.parts import anchor_at
from reportgen.text.markdown_parser.token_rules import CAPTION, GRID
from reportgen.text.mathematics import candidate_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_block import StateBlock

    Rule = Callable[[StateBlock, int, int, bool], bool]

DEEPEST = 24
"""What is nested deeper than so many lists and quotations stays text: TeX groups no deeper than 255."""


def bounded(parse: Rule) -> Rule:
    """Leave what is nested too deep as text: markdown-it would drop it."""

    def rule(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        return state.level < 2 * DEEPEST and parse(state, first, last, silent)

    return rule


def note(parse: Rule) -> Rule:
    """Leave as text a note within a note, and a second one of the same name: they would be dropped."""

    def rule(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        if silent:
            return parse(state, first, last, silent)
        label = _line(state, first)[1:].partition("]:")[0].replace("^", ":", 1)
        known = state.env.get("footnotes", {}).get("refs", {})
        if state.env.get("in_note") or label in known or state.level >= 2 * DEEPEST:
            return False
        state.env["in_note"] = True
        found = parse(state, first, last, silent)
        state.env["in_note"] = False
        return found

    return rule


def definition(parse: Rule) -> Rule:
    """Keep the words of an address that is defined, for the case that nothing refers to it."""

    def rule(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        known = len(state.env.get("references", {}))
        is_note = _line(state, first).startswith("[^")
        if is_note or silent or not parse(state, first, last, silent):
            return False
        token = state.push("definition", "", 0)
        token.content = state.getLines(first, state.line, state.blkIndent, keepLastLF=False).strip()
        names = list(state.env["references"])
        token.meta["label"] = names[-1] if len(names) > known else None
        return True

    return rule


_BARS_IN_CODE = re.compile(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)")
_BAR = "\x1f"
"""What stands for a bar in code while a table is cut into cells; no text that is read holds it."""


def table(parse: Rule) -> Rule:
    """End a table before a row that has more cells than its head: what is over would be dropped.

    A bar in code parts no cells, as in pandoc.
    """

    def rule(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        if first + 1 >= last or not GRID.search(_line(state, first + 1)):
            return parse(state, first, last, silent)
        source, count = state.src, len(state.tokens)
        state.src = _with_bars_kept(state, first, last)
        if not silent:
            state.env["columns"] = _cells(_line(state, first))
        found = parse(state, first, last, silent)
        state.src = source
        for token in state.tokens[count:]:
            token.content = token.content.replace(_BAR, "|")
        if found and not silent and state.line < last:
            row = _line(state, state.line)
            if _cells(row) > state.env["columns"]:
                state.tokens[-1].meta["longer_row"] = row
        return found

    return rule


def _with_bars_kept(state: StateBlock, first: int, last: int) -> str:
    """Return the text of which a table is read, the bars of its code under another sign."""
    end = first
    while end + 1 < last and not state.isEmpty(end + 1):
        end += 1
    start, stop = state.bMarks[first], state.eMarks[end]
    rows = _BARS_IN_CODE.sub(lambda code: re.sub(r"(?<!\\)\|", _BAR, code[0]), state.src[start:stop])
    return state.src[:start] + rows + state.src[stop:]


def longer_row(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: ARG001 - markdown-it's signature
    """Tell whether a line ends the table that is being read: a row that is longer, or its caption."""
    if not silent or state.parentType != "table":
        return False
    row = _line(state, first)
    return _cells(row) > state.env["columns"] or ("|" not in row and bool(CAPTION.match(row)))


_DISPLAYS = ("$$", "\\[", "\\begin{")
"""What begins mathematics on lines of its own."""


def display(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Take mathematics on lines of its own, whatever its lines begin with."""
    start = state.bMarks[first] + state.tShift[first]
    if state.is_code_block(first) or not state.src.startswith(_DISPLAYS, start):
        return False
    candidate = candidate_at(state.src, start, has_own_lines=True)
    if candidate is None:
        return False
    end = candidate.end
    line = first
    while state.eMarks[line] < end:
        line += 1
        if line >= last or state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return False
    anchor, behind = anchor_at(state.src, end, state.eMarks[line])
    if state.src[behind : state.eMarks[line]].strip():
        return False
    if not silent:
        source = state.getLines(first, line + 1, state.blkIndent, keepLastLF=False).strip()
        within = candidate_at(source, 0, has_own_lines=True) or candidate
        token = state.push("display", "", 0)
        token.content = within.formula.source.strip()
        token.meta = {
            "id": anchor,
            "source": source,
            "opening": within.formula.opening,
            "problem": within.problem,
        }
        token.map = [first, line + 1]
        state.line = line + 1
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _cells(row: str) -> int:
    """Count the cells of a row as markdown-it does."""
    from markdown_it.rules_block.table import escapedSplit

    cells: list[Any] = escapedSplit(row.strip())
    return len(cells) - int(cells[0] == "") - int(len(cells) > 1 and cells[-1] == "")
