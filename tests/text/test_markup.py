from __future__ import annotations

import pytest
from hypothesis import given

from markdown_texts import TEXTS
from reportgen.text.markup import (
    anchors,
    cited_keys,
    mathematics_problem,
    mentioned_keys,
    printed_as_they_stand,
)


def test_keys_are_given_in_the_order_of_their_first_mention():
    text = "[@b; @a] then [@c,@a] `[@x]` but not @d, [@e f], @a.\n\n> [@g]\n\n| a |\n|---|\n| [@h] |\n\n```\n[@y]\n```"
    assert cited_keys(text) == ("b", "a", "c", "e", "g", "h")
    assert mentioned_keys(text) == ("d", "a")


def test_keys_in_notes_are_cited_too():
    assert cited_keys("a[^1]^[see [@b]]\n\n[^1]: See [@a].") == ("a", "b")


def test_keys_in_captions_and_in_raised_words_are_cited_too():
    assert cited_keys("![See [@a].](b.png) x<sup>[@c]</sup>") == ("a", "c")
    assert mentioned_keys("![As @a says.](b.png)") == ("a",)


def test_the_anchors_of_a_text_are_those_of_what_can_be_led_to():
    text = "# A {#sec-a}\n\n$$x$$ {#eq-a}\n\nB $$y$$ {#eq-b}\n\n| a |\n|---|\n| 1 |\n\n: C {#tbl-c}\n\nText {#fig-d} `{#fig-e}`"
    assert sorted(anchors(text)) == ["eq-a", "eq-b", "sec-a", "tbl-c"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain text, 1 < 2 > 0 and a\\b", []),
        ("a <b>c</b>", [("HTML", "<b>"), ("HTML", "</b>")]),
        ("<!-- note -->", [("HTML", "<!--")]),
        ('<a href="x">', [("HTML", '<a href="x">')]),
        ("\\textbf{x} \\input{y}", [("TeX", "\\textbf{"), ("TeX", "\\input{")]),
        ("\\begin{x}", [("TeX", "\\begin{")]),
        ("`<b> \\input{x}` ``a`b <i>``", []),
        ("$\\frac{1}{2}$ \\(\\frac12\\)", []),
        ("<https://a.org> x <b", []),
        ("a[^b] \\[^c\\] d[^e]\n\n[^e]: F.", [("a note that nothing defines", "[^b]")]),
        ("[a]{.b} `x`{.c} `{.d}` {e.f} {n=4}", [("an attribute", "{.b}"), ("an attribute", "{.c}")]),
        ("::: tip\nWords::: here.\n:::", [("a fence of colons", ":::")] * 2),
        ("[a](javascript:b) and [c](d)", [("an address that is not opened", "](javascript:")]),
        (
            "[@a, *b*] [@c, 3 * 4] [*d* @e]",
            [("markup in a citation", "[@a, *b*]"), ("markup in a citation", "[*d* @e]")],
        ),
        ("> " * 52 + "deep", [("what is nested too deep", "> > > > deep")]),
    ],
)
def test_markup_without_meaning_is_found(text, found):
    assert list(printed_as_they_stand(text)) == found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("$x$, \\(y\\), $$z$$ and `$5`", None),
        ("```\n$5\n```\n\n    $6\n\n\\$7 &dollar;8", None),
        ("It costs $5.", "a dollar sign that opens no formula is printed as a dollar sign"),
        ("$\\nope$", "$\\nope$ is printed as it stands: \\nope is not in the list of allowed commands"),
        ("\\(\\nope\\)", "\\(\\nope\\) is printed as it stands: \\nope is not in the list of allowed commands"),
        ("$$\\nope$$", "$$\\nope$$ is printed as it stands: \\nope is not in the list of allowed commands"),
        ("so \\[\\nope\\] x", "\\[\\nope\\] is printed as it stands: \\nope is not in the list of allowed commands"),
    ],
)  # fmt: skip
def test_what_only_looks_like_mathematics_is_told(text, problem):
    assert mathematics_problem(text) == problem


@given(TEXTS)
def test_what_is_found_stands_in_the_text(text):
    plain = text.replace("\x00", "<U+0000>")
    assert all(found in plain for _, found in printed_as_they_stand(text))
