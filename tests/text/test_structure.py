from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.text.structure import CLOSE, CONTENT, GROUPING, OPEN, Element, number, tag

MARK = re.compile(r"\\TagBegin\{(\d+)\}(.*?)\\TagEnd\{\}", re.DOTALL)
WORDS = st.text("abc \n", max_size=8)
ROLES = {"grouping": sorted(GROUPING), "content": sorted(CONTENT)}


def nested(children):
    return st.tuples(st.sampled_from([*GROUPING, *CONTENT]), st.lists(children, max_size=4))


TREES = st.recursive(WORDS, nested, max_leaves=20)


def marked(tree) -> str:
    return tree if isinstance(tree, str) else tag(tree[0], "".join(map(marked, tree[1])))


def plain(tree) -> str:
    return tree if isinstance(tree, str) else "".join(map(plain, tree[1]))


def roles(tree) -> list[str]:
    return [] if isinstance(tree, str) else [tree[0], *(role for child in tree[1] for role in roles(child))]


def content_words(tree, role: str = "Document") -> str:
    """Return the words that stand in elements with content, in the order of the text."""
    if isinstance(tree, str):
        return "".join(tree.split()) if role in CONTENT else ""
    return "".join(content_words(child, tree[0]) for child in tree[1])


@given(TREES)
def test_without_its_marks_the_numbered_text_is_what_was_tagged(tree):
    tex = number(marked(tree)).tex
    assert re.sub(r"\\Tag(?:Begin\{\d+\}|End\{\})", "", tex) == plain(tree)


@given(TREES)
def test_the_tree_holds_every_element_in_the_order_of_the_text(tree):
    root = number(marked(tree)).root
    assert [element.role for element in root.walk()] == ["Document", *roles(tree)]


@given(TREES)
def test_marks_are_numbered_in_order_and_each_belongs_to_one_element(tree):
    numbered = number(marked(tree))
    in_text = [int(found) for found, _ in MARK.findall(numbered.tex)]
    assert in_text == list(range(len(in_text)))
    assert [mark for element in in_order(numbered.root) for mark in element] == in_text


def in_order(element: Element):
    """Yield the marks of a tree in reading order, in lists."""
    for child in element.children:
        if isinstance(child, int):
            yield [child]
        else:
            yield from in_order(child)


@given(TREES)
def test_marks_hold_the_words_of_content_and_none_of_the_layout(tree):
    tex = number(marked(tree)).tex
    assert "".join("".join(text.split()) for _, text in MARK.findall(tex)) == content_words(tree)


@given(TREES, st.integers(min_value=0))
def test_a_text_that_lost_an_end_or_a_beginning_is_refused(tree, index):
    text = tag("P", marked(tree))
    ends = [at for at, character in enumerate(text) if character in OPEN + CLOSE]
    at = ends[index % len(ends)]
    end_of_head = text.index("\x02", at) if text[at] == OPEN else at
    with pytest.raises(ValueError, match=r"never (closed|opened)"):
        number(text[:at] + text[end_of_head + 1 :])


def test_content_is_marked_and_what_groups_is_not():
    numbered = number(tag("L", "\n" + tag("LI", "\\item " + tag("Lbl", "1.") + " " + tag("P", "One"))))
    assert numbered.tex == "\n\\item \\TagBegin{0}1.\\TagEnd{} \\TagBegin{1}One\\TagEnd{}"
    assert [(element.role, element.marks) for element in numbered.root.walk()] == [
        *(("Document", ()), ("L", ()), ("LI", ()), ("Lbl", (0,)), ("P", (1,)))
    ]


def test_text_around_an_inner_element_keeps_its_spaces_inside_the_marks():
    numbered = number(tag("P", " Some " + tag("Em", "fine") + " words "))
    assert numbered.tex == (
        " \\TagBegin{0}Some \\TagEnd{}\\TagBegin{1}fine\\TagEnd{}\\TagBegin{2} words \\TagEnd{}"
    )
    (paragraph,) = numbered.root.children
    assert paragraph.children == (0, Element("Em", {}, (1,)), 2)


def test_attributes_are_kept_and_empty_ones_left_out():
    numbered = number(tag("TH", "Source", scope="Column", alt=None, id="", title="a=b"))
    assert numbered.root.children == (Element("TH", {"scope": "Column", "title": "a=b"}, (0,)),)


@given(st.text(max_size=20).filter(str.strip))
def test_no_value_of_an_attribute_can_end_it(value):
    (element,) = number(tag("P", "x", alt=value)).root.children
    assert element.attributes["alt"] == re.sub(r"[\x00-\x08\x0b-\x1f]", " ", value)


def test_an_unknown_role_or_attribute_names_itself():
    with pytest.raises(ValueError, match=r"'Paragraph' is not a structure role; known are .*P, "):
        tag("Paragraph", "x")
    with pytest.raises(ValueError, match="P has no attribute href"):
        tag("P", "x", href="y")


def test_a_destination_stands_at_the_first_content_of_its_element():
    numbered = number(tag("TR", "\n" + tag("TD", "x") + " & " + tag("TD", "y"), id="claim-1"))
    assert numbered.tex == "\n\\TagDest{claim-1}\\TagBegin{0}x\\TagEnd{} & \\TagBegin{1}y\\TagEnd{}"


@pytest.mark.parametrize(
    ("target", "action"),
    [
        ({"goto": "ref-a"}, "\\TagGoTo{ref-a}"),
        ({"uri": "https://a.org/?b=c&d=%20#e_f~g"}, "\\TagURI{https://a.org/?b=c\\&d=\\%20\\#e\\_f\\~g}"),
        ({"uri": "https://ü.org/(a) {b}"}, "\\TagURI{https://\\%C3\\%BC.org/\\%28a\\%29\\%20\\%7Bb\\%7D}"),
    ],
)
def test_a_link_starts_at_its_first_content_and_ends_behind_it(target, action):
    numbered = number("See " + tag("P", tag("Link", tag("Span", "the source") + " here", **target) + "."))
    assert numbered.tex == (
        f"See \\TagLink{{0}}{{{action}}}\\TagBegin{{0}}the source\\TagEnd{{}}"
        "\\TagBegin{1} here\\TagEnd{}\\TagEndLink{}\\TagBegin{2}.\\TagEnd{}"
    )


def test_a_link_without_content_or_target_is_no_link():
    assert "\\TagLink" not in number(tag("P", tag("Link", " ", uri="https://a.org/") + tag("Link", "x"))).tex


@given(
    st.lists(st.tuples(st.text("ab \n", min_size=1), st.sampled_from(["", "/title", "/claims/0/text", "/b"])))
)
def test_each_line_of_content_points_to_its_field(parts):
    # One word in each text names the part that it came from.
    text = "\n".join(
        tag("P", f"{words}w{index}w\n{words}", at=pointer) for index, (words, pointer) in enumerate(parts)
    )
    numbered = number(text)
    lines = numbered.tex.split("\n")
    for index, (_, pointer) in enumerate(parts):
        (line,) = [at for at, content in enumerate(lines, 1) if f"w{index}w" in content]
        assert numbered.pointer_at(line) == pointer


def test_lines_of_one_value_that_was_set_on_several_point_to_it():
    numbered = number("\n\n" + tag("P", "a\nb\nc", at="/title") + "\n" + tag("P", "d", at="/question"))
    first = numbered.tex.split("\n").index("\\TagBegin{0}a") + 1
    assert [numbered.pointer_at(line) for line in range(1, first + 5)] == [
        *[""] * (first - 1),
        *["/title"] * 4,
        "/question",
    ]


def test_an_element_inside_another_points_to_the_nearest_field():
    numbered = number(tag("TD", tag("P", "a") + "\n" + tag("P", "b", at="/note"), at="/claims/0"))
    assert [pointer for _, pointer in numbered.origins] == ["/claims/0", "/note"]


@given(TREES)
def test_numbering_adds_no_line_where_no_field_is_named(tree):
    text = marked(tree)
    numbered = number(text)
    assert (numbered.tex.count("\n"), numbered.origins) == (text.count("\n"), ())


def test_origins_rise():
    numbered = number("\n".join(tag("P", "x", at=f"/{index % 3}") for index in range(20)))
    assert len(numbered.origins) == 20
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(numbered.origins))
