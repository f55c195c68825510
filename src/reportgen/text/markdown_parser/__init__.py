"""Markdown as people write it, cut into tokens: CommonMark with GitHub's and pandoc's additions.

Two rules of CommonMark are changed, since neither a number nor a word may change in silence: stars and tildes between
letters or digits are themselves, and beside Chinese and Japanese signs emphasis works as its writers mean it. HTML is
text, but for ``<br>``, ``<sub>`` and ``<sup>``. A definition that nothing refers to is printed.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.base.characters import normalise
from reportgen.text.markdown_parser import block_rules, inline_rules, token_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token


_CONTROLS = re.compile("[\x00\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
"""What CommonMark replaces, and what Python takes for blanks."""


@lru_cache(maxsize=64)
def tokens_of(text: str) -> Sequence[Token]:
    """Cut a text into the tokens of its blocks; they are shared, and not to be changed."""
    return _parser().parse(_CONTROLS.sub(lambda found: normalise(found[0]), text))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    options = {"linkify": True, "store_labels": True, "maxNesting": 4 * block_rules.DEEPEST}
    parser = MarkdownIt("commonmark", options)
    parser.enable(["table", "strikethrough", "linkify"]).disable(["html_block", "html_inline"])
    parser.linkify = _linkify()
    # An address is percent-encoded where it is written into the PDF; one that is printed stays as it is.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    footnote_plugin(parser)
    deflist_plugin(parser)
    _add_block_rules(parser)
    _add_inline_rules(parser)
    parser.core.ruler.before("footnote_tail", "unused", token_rules.keep_unused)
    parser.core.ruler.push("captions", token_rules.name_places)
    return parser


def _add_block_rules(parser: MarkdownIt) -> None:
    for name in ("list", "blockquote", "deflist"):
        _change(parser, name, block_rules.bounded)
    _change(parser, "footnote_def", block_rules.note)
    _change(parser, "reference", block_rules.definition)
    _change(parser, "table", block_rules.table)
    parser.block.ruler.before("fence", "display", block_rules.display, {"alt": ["paragraph", "blockquote"]})
    parser.block.ruler.push("longer_row", block_rules.longer_row, {"alt": ["blockquote"]})


def _add_inline_rules(parser: MarkdownIt) -> None:
    rules = parser.inline.ruler
    rules.before("escape", "formula", inline_rules.formula)
    rules.before("link", "citation", inline_rules.citation)
    rules.after("citation", "mention", inline_rules.mention)
    rules.before("strikethrough", "script", inline_rules.script)
    rules.after("script", "tildes", inline_rules.tildes)
    rules.at("emphasis", inline_rules.emphasis)
    rules.before("autolink", "html", inline_rules.html)
    rules.at("image", inline_rules.image)
    _change(parser, "footnote_inline", inline_rules.bounded)


def _change(parser: MarkdownIt, name: str, change: Callable[[Any], Any]) -> None:
    """Put what is made of a rule in its place."""
    ruler: Any = next(
        each for each in (parser.block.ruler, parser.inline.ruler) if name in each.get_all_rules()
    )
    rule = next(rule for rule in ruler.__rules__ if rule.name == name)
    ruler.at(name, change(rule.fn), {"alt": rule.alt})


_ENDLESS = re.compile(r"\S{4000}")
"""No address is so long, and in what is linkify-it looks for one from each place to the end."""
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?:[/?#](?:[^\s<>]*[^\s<>.,;:!?()\[\]{}'\"*_~])?)?")


def _linkify() -> Any:
    """Return what finds bare addresses: with a scheme, or with www."""
    from linkify_it import LinkifyIt

    def length(_: Any, text: str, position: int) -> int:
        found = _DOMAIN.match(text, position)
        return len(found[0]) if found else 0

    def normalised(_: Any, match: Any) -> None:
        match.url = f"http://{match.url}"

    class Finder(LinkifyIt):  # type: ignore[misc]
        def pretest(self, text: str) -> bool:
            return not _ENDLESS.search(text) and bool(super().pretest(text))

    finder = Finder(options={"fuzzy_link": False, "fuzzy_email": False})
    for scheme in ("//", "ftp:"):
        finder.add(scheme, None)
    finder.add("www.", {"validate": length, "normalize": normalised})
    return finder
