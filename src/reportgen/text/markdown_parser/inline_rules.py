"""Rules that find what stands within lines: mathematics, citations, scripts, emphasis."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reportgen.text.markdown_parser.parts import anchor_at, attributes_at
from reportgen.text.mathematics import candidate_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markdown_it.rules_inline import StateInline

    from reportgen.text.mathematics import Candidate

    Rule = Callable[[StateInline, bool], bool]

_DEEPEST = 4
"""How many images and notes may stand within one another: each is read for itself."""
_KEY = r"[^\s\[\]@;,{}]+"
_CITATION = re.compile(r"\[([^\[\]]*)\](?!\()")
_CITED = re.compile(rf"((?:[^@]*[\s\"(])?)-?@(?:\{{({_KEY})\}}|({_KEY}))([^@]*)")
_MENTION = re.compile(rf"(?<![\w.@/+-])@(?:\{{({_KEY})\}}|(\w(?:[\w:.#$%&+?<>~/()-]*[\w/)])?))")
_LOCATOR = re.compile(r" ?\[([^\[\]@*_`$\\<&~^!]*\d[^\[\]@*_`$\\<&~^!]*)\](?![\[(])")
"""What stands in brackets behind a key, as in ``@key [p. 33]``: it holds a number and no markup."""
_ENCLOSED = r"((?:\\[ -~]|[^\s{0}\\\[\]])+){0}(?!{0}|\d)"
_SUBSCRIPT = re.compile(r"(?<=[^\W\d_]|[)\]])~" + _ENCLOSED.format("~"))
_SUPERSCRIPT = re.compile(r"(?<=[^\s\[^])\^" + _ENCLOSED.format(r"\^"))
_ISOTOPE = re.compile(r"(?<![^\s(/–-])\^(\d{1,3}m?)\^(?=[A-Za-z])")
_HTML_SCRIPT = re.compile(r"<(sub|sup)>([^<>]+)</\1>", re.IGNORECASE)
_HTML_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_ON_DISPLAY = ("$$", "\\[", "")
"""What stands before mathematics on display."""
_HAS_MARKUP = re.compile(r"[`\[]")


def bounded(parse: Rule) -> Rule:
    """Leave what is nested too deep as text."""

    def rule(state: StateInline, silent: bool) -> bool:
        depth = state.env.get("depth", 0)
        if depth >= _DEEPEST:
            return False
        state.env["depth"] = depth + 1
        found = parse(state, silent)
        state.env["depth"] = depth
        return found

    return rule


def formula(state: StateInline, silent: bool) -> bool:
    """Take a formula, in its line or on display; what only looks like one is printed as it stands."""
    sign = state.src[state.pos]
    if sign not in "$\\":
        return False
    is_closing = state.env.get("closing_dollar") == (state.src, state.pos)
    candidate = None if is_closing else candidate_at(state.src, state.pos, state.posMax)
    if candidate is None:
        return sign == "$" and _push(state, "literal", "$", state.pos + 1, silent=silent)
    written = state.src[state.pos : candidate.end]
    if not candidate.problem:
        return _mathematics(state, candidate, written, silent=silent)
    if sign == "$" and (candidate.is_amount or _HAS_MARKUP.search(written)):
        # The markup within is read, and the dollar at its end opens nothing.
        state.env["closing_dollar"] = (state.src, candidate.end - 1)
        return _push(state, "literal", "$", state.pos + 1, silent=silent)
    meta = {"problem": candidate.problem}
    return _push(state, "literal", written, candidate.end, silent=silent, meta=meta)


def _mathematics(state: StateInline, candidate: Candidate, written: str, *, silent: bool) -> bool:
    found = candidate.formula
    is_display = found.opening in _ON_DISPLAY
    anchor, behind = anchor_at(state.src, candidate.end, state.posMax) if is_display else ("", candidate.end)
    meta = {"id": anchor, "source": written, "opening": found.opening, "problem": ""}
    kind = "display" if is_display else "formula"
    return _push(state, kind, found.source.strip(), behind, silent=silent, meta=meta)


def citation(state: StateInline, silent: bool) -> bool:
    """Take keys in brackets, with the author's words around each."""
    match = _CITATION.match(state.src, state.pos, state.posMax)
    if match is None or "@" not in match[1]:
        return False
    found = [_CITED.fullmatch(part.strip()) for part in re.split(r";|,(?=\s*-?@)", match[1])]
    if not all(found):
        return False
    cited = [(each[2] or each[3], each[1], each[4]) for each in found if each]
    return _push(state, "citation", match[0], match.end(), silent=silent, meta={"cited": cited})


def mention(state: StateInline, silent: bool) -> bool:
    """Take a key without brackets, and the place that stands in brackets behind it.

    A bracket that the key does not open is none of its own; what has a second sign @ is the name of an account.
    """
    match = _MENTION.match(state.src, state.pos, state.posMax)
    if match is None or state.src.startswith("@", match.end()):
        return False
    key, end = match[1] or match[2], match.end()
    while not match[1] and key.endswith(")") and key.count(")") > key.count("("):
        key = key[:-1].rstrip(":.#$%&+?<>~-")
        end = state.pos + 1 + len(key)
    if not key:
        return False
    locator = _LOCATOR.match(state.src, end, state.posMax)
    meta = {"cited": [(key, "", locator[0] if locator else "")]}
    end = locator.end() if locator else end
    return _push(state, "mention", state.src[state.pos : end], end, silent=silent, meta=meta)


def script(state: StateInline, silent: bool) -> bool:
    """Take what is set lower or higher: H~2~O, x^2^."""
    for kind, pattern in (("sub", _SUBSCRIPT), ("sup", _SUPERSCRIPT), ("sup", _ISOTOPE)):
        if match := pattern.match(state.src, state.pos, state.posMax):
            return _raised(state, kind, match[1], match.end(), silent=silent)
    return False


def html(state: StateInline, silent: bool) -> bool:
    """Take the three elements that are known."""
    if match := _HTML_SCRIPT.match(state.src, state.pos, state.posMax):
        return _raised(state, match[1].lower(), match[2], match.end(), silent=silent)
    if match := _HTML_BREAK.match(state.src, state.pos, state.posMax):
        return _push(state, "hardbreak", "", match.end(), silent=silent)
    return False


def _raised(state: StateInline, kind: str, text: str, end: int, *, silent: bool) -> bool:
    """Take what is set higher or lower, with the markup in it; a blank behind a backslash is a blank."""
    _push(state, kind, text, end, silent=silent)
    if not silent:
        state.tokens[-1].children = []
        state.md.inline.parse(text.replace("\\ ", " "), state.md, state.env, state.tokens[-1].children)
    return True


def image(state: StateInline, silent: bool) -> bool:
    """Take an image with its attributes, and how it was written."""
    from markdown_it.rules_inline import image as parse

    start = state.pos
    if not bounded(parse)(state, silent):
        return False
    anchor, values, state.pos = attributes_at(state.src, state.pos, state.posMax)
    if not silent:
        source = state.src[start : state.pos]
        state.tokens[-1].meta |= {"id": anchor, "attributes": values, "source": source}
    return True


def tildes(state: StateInline, silent: bool) -> bool:
    """Take as text all tildes that strike nothing through."""
    if state.src[state.pos] != "~":
        return False
    run, before, after = _run(state)
    return (len(run) != 2 or _inside_word(before, after)) and _literal(state, run, silent=silent)


def emphasis(state: StateInline, silent: bool) -> bool:
    """Open or close emphasis by what stands on both sides of the run (CommonMark, 6.2)."""
    from markdown_it.common.utils import isMdAsciiPunct, isPunctChar
    from markdown_it.rules_inline.state_inline import Delimiter

    if silent or (marker := state.src[state.pos]) not in "*_":
        return False
    run, before, after = _run(state)
    if _inside_word(before, after) or (run == "*" and _is_product(before, after)):
        return _literal(state, run, silent=silent)

    def is_punctuation(side: str) -> bool:
        return (isMdAsciiPunct(ord(side)) or isPunctChar(side)) and not _EAST_ASIAN.match(side)

    def may_stand_beside(side: str) -> bool:
        return side.isspace() or is_punctuation(side) or bool(_EAST_ASIAN.match(side))

    left = not after.isspace() and (not is_punctuation(after) or may_stand_beside(before))
    right = not before.isspace() and (not is_punctuation(before) or may_stand_beside(after))
    is_star = marker == "*"
    may_open = left and (is_star or not right or is_punctuation(before))
    may_close = right and (is_star or not left or is_punctuation(after))
    for _ in run:
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(ord(marker), len(run), len(state.tokens) - 1, -1, open=may_open, close=may_close)
        )
    state.pos += len(run)
    return True


def _run(state: StateInline) -> tuple[str, str, str]:
    """Return the run of one sign that begins here, and the characters on both sides of it."""
    end = state.pos
    while end < state.posMax and state.src[end] == state.src[state.pos]:
        end += 1
    before = state.src[state.pos - 1] if state.pos else " "
    return state.src[state.pos : end], before, state.src[end] if end < state.posMax else " "


def _inside_word(before: str, after: str) -> bool:
    return all(side.isalnum() and not _EAST_ASIAN.match(side) for side in (before, after))


def _is_product(before: str, after: str) -> bool:
    """Tell whether a star multiplies what stands in brackets: (n-1)*(n-2), (a+b)*2."""
    return before in ")]}" and (after in "([{" or after.isalnum())


def _push(
    state: StateInline,
    kind: str,
    content: str,
    end: int,
    *,
    silent: bool,
    meta: Mapping[str, Any] | None = None,
) -> bool:
    if not silent:
        token = state.push(kind, "", 0)
        token.content, token.meta = content, dict(meta or {})
    state.pos = end
    return True


def _literal(state: StateInline, text: str, *, silent: bool) -> bool:
    if not silent:
        state.pending += text
    state.pos += len(text)
    return True
