"""Markdown made of scraps, every mark among them: what people write, and what nobody would."""

from __future__ import annotations

from hypothesis import strategies as st

_BLANKS = [" ", "  ", "\n", "\n\n", "\n    ", "\t", "\r\n", "\u00a0", "  \n", "\\\n"]
_WORDS = ["word", "Ä", "42", "3*4*5", "。", "\x00", "\u202e", "%", "^^M", "\\input{x}", "{", "}"]
_BLOCKS = [
    "- ",
    "* ",
    "1. ",
    "12) ",
    "# ",
    "## a {#b}\n",
    "> ",
    "---\n",
    "===\n",
    "```\n",
    "~~~py\n",
    "- [x] ",
    "\n: ",
]
_TABLES = ["| a | b |\n", "|---|:-:|\n", "a|b\n-|-\n1|2\n", "|", "\\|", "\n\nTable: cap {#tbl-a}\n\n"]
_INLINES = [
    "*",
    "**",
    "***",
    "_",
    "__",
    "~",
    "~~",
    "^",
    "`",
    "``",
    "\\",
    "\\*",
    "<b>",
    "<br>",
    "<sub>2</sub>",
    "<!-- c -->",
]
_MATHEMATICS = ["$x^2$", "$", "$$", "\n$$\nx\n$$ {#eq-a}\n", "\\(", "\\)", "\\[", "\\]", "US$20 "]
_LINKS = ["[", "](", ")", "![", "[t](http://x.org/a)", "[t](ü.html)", '[t](http://e.org "title")', "<http://a.org>", "https://a.org/b_c", "www.a.org", "[d]: http://ref\n", "[d]"]  # fmt: skip
_NOTES = [
    "[^1]",
    "\n[^1]: note\n",
    "^[in ",
    "]",
    "[@key]",
    "[@k1, p. 3; see @k2]",
    "@key",
    "@",
    "&amp;",
    "&copy;",
    "{#fig-x}",
]

SCRAPS = st.sampled_from(
    [*_BLANKS, *_BLANKS, *_WORDS, *_WORDS, *_BLOCKS, *_TABLES, *_INLINES, *_MATHEMATICS, *_LINKS, *_NOTES]
)
PARAGRAPHS = st.lists(SCRAPS, min_size=8, max_size=25).map("".join)
TEXTS = st.one_of(st.lists(SCRAPS, max_size=25).map("".join), st.text(max_size=60))
