from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Name

from reportgen.pdf.finish.marks import Marks

# A page is a list of what TeX writes: the number of a leaf with pieces inside, furniture, or loose pieces.
PIECES = st.sampled_from(
    [
        b"BT /F1 9 Tf 1 2 Td [(word)-250(EMC \\) BT)]TJ ET",
        b"BT\n/F1 9 Tf <00410042> Tj\nET",
        b"q 1 0 0 1 9 9 cm 0 0 9 9 re f Q",
        b"q\n1 0 0 1 9 9 cm\n/Im1 Do\nQ",
        b"0 0 m 9 9 l S",
        b"0.5 g 1 w",
        b"/Span <</Lang (en EMC)>> BDC\nBT (x) Tj ET\nEMC",
        b"% EMC and BT",
        b"BT (a \\(BDC\\) b) Tj ET",
    ]
)
BODIES = st.lists(PIECES, max_size=4)
LEAF, FURNITURE, LOOSE, PAGE_END = "leaf", "furniture", "loose", "page end"
DOCUMENTS = st.lists(
    st.tuples(st.sampled_from([LEAF, LEAF, FURNITURE, LOOSE, PAGE_END]), BODIES), max_size=12
)
PAINTING = {"Tj", "TJ", "f", "S", "Do"}


def painted(stream: bytes) -> list[tuple[str, str, int | None]]:
    """Return each painting operator with its operands, the role around it and its id, as pikepdf sees them."""
    pdf = pikepdf.new()
    marks: list[tuple[str, int | None]] = []
    found = []
    in_text = False
    for instruction in pikepdf.parse_content_stream(pdf.make_stream(stream)):
        operator, operands = str(instruction.operator), instruction.operands
        if operator in {"BT", "ET"}:
            in_text = operator == "BT"
        elif operator in {"BDC", "BMC"}:
            assert not in_text
            mcid = operands[1].get("/MCID") if operator == "BDC" and len(operands) > 1 else None
            marks.append((str(operands[0])[1:], None if mcid is None else int(mcid)))
        elif operator == "EMC":
            assert not in_text
            marks.pop()
        elif operator in PAINTING:
            own = [mark for mark in marks if mark[0] != "Span"]
            assert len(own) == 1, marks
            found.append((f"{operator} {[str(operand) for operand in operands]}", *own[0]))
    assert marks == []
    return found


def operators(body: list[bytes]) -> list[str]:
    pdf = pikepdf.new()
    stream = pdf.make_stream(b"\n".join(body))
    return [
        f"{instruction.operator} {[str(operand) for operand in instruction.operands]}"
        for instruction in pikepdf.parse_content_stream(stream)
        if str(instruction.operator) in PAINTING
    ]


@given(DOCUMENTS)
def test_everything_painted_is_in_the_mark_it_belongs_to(document):
    pages, expected, leaf = [b""], [[]], 0
    for kind, body in document:
        content = b"\n".join(body)
        if kind == PAGE_END:  # inside a leaf, with furniture at the head of the next page
            pages[-1] += b"/RG <</MCID %d>> BDC\n%b\n/Artifact BMC\n1 w\nEMC\n" % (leaf, content)
            pages.append(b"/Artifact BMC\nBT (head) Tj ET\nEMC\n%b\nEMC\n" % content)
            expected[-1] += [(operator, leaf) for operator in operators(body)]
            expected.append([("Tj ['head']", None), *((operator, leaf) for operator in operators(body))])
            leaf += 1
        elif kind == LEAF:
            pages[-1] += b"/RG <</MCID %d>> BDC\n%b\nEMC\n" % (leaf, content)
            expected[-1] += [(operator, leaf) for operator in operators(body)]
            leaf += 1
        else:
            pages[-1] += b"/Artifact BMC\n%b\nEMC\n" % content if kind == FURNITURE else content + b"\n"
            expected[-1] += [(operator, None) for operator in operators(body)]
    marks = Marks(dict.fromkeys(range(leaf), "P"))
    for page, wanted in zip(pages, expected, strict=True):
        rewritten = marks.rewrite(page)
        found = painted(rewritten.stream)
        owners = [(operator, None if mcid is None else rewritten.leaves[mcid]) for operator, _, mcid in found]
        assert owners == wanted
        assert {role for _, role, _ in found} <= {"P", "Artifact"}
        assert len(rewritten.leaves) == len({mcid for _, _, mcid in found if mcid is not None})
    assert marks.begun == dict.fromkeys(range(leaf), 1)


def test_the_role_of_a_leaf_names_its_mark():
    page = Marks({3: "TH"}).rewrite(b"/RG <</MCID 3>> BDC\n0 0 9 9 re f\nEMC\n")
    assert b"/TH <</MCID 0>> BDC" in page.stream
    assert page.leaves == (3,)


def test_a_note_inside_an_open_leaf_is_its_own():
    stream = (
        b"/RG <</MCID 0>> BDC\nBT (a) Tj ET\n/RG <</MCID 1>> BDC\nBT (note) Tj ET\nEMC\nBT (b) Tj ET\nEMC\n"
    )
    page = Marks({0: "P", 1: "Note"}).rewrite(stream)
    assert page.leaves == (0, 1, 0)
    assert [role for _, role, _ in painted(page.stream)] == ["P", "Note", "P"]


def test_a_leaf_that_paints_nothing_is_counted_without_content():
    marks = Marks({0: "P"})
    assert marks.rewrite(b"/RG <</MCID 0>> BDC\n0.5 g\nEMC\n").leaves == ()
    assert marks.begun[0] == 1


@pytest.mark.parametrize(
    ("loose", "text"),
    [
        (True, b"BT (ab) Tj ET"),
        (True, b"BT [(a)-20(b\\051)]TJ ET"),
        (True, b"BT <00410042> Tj ET"),
        (False, b"BT ( ) Tj ET"),
        (False, b"BT [(\\040)]TJ ET"),
        (False, b"BT <0001> Tj ET"),
        (False, b"0 0 9 9 re f"),
    ],
)
def test_words_in_no_mark_are_noticed_and_a_single_space_is_not(loose, text):
    assert Marks({}).rewrite(text).loose_text is loose
    assert Marks({}).rewrite(b"/Artifact BMC\n" + text + b"\nEMC").loose_text is False
    assert Marks({0: "P"}).rewrite(b"/RG <</MCID 0>> BDC\n" + text + b"\nEMC").loose_text is False


def test_artifacts_with_properties_are_furniture():
    page = Marks({}).rewrite(b"/Artifact <</Type /Pagination>> BDC\nBT (head) Tj ET\nEMC")
    assert not page.loose_text
    assert [role for _, role, _ in painted(page.stream)] == ["Artifact"]


def test_what_is_checked_is_what_pikepdf_would_read():
    stream = b"BT (text) Tj ET"
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.pages[0].Contents = pdf.make_stream(Marks({}).rewrite(stream).stream)
    out = io.BytesIO()
    pdf.save(out)
    with pikepdf.open(out) as again:
        first = pikepdf.parse_content_stream(again.pages[0])[0]
    assert first.operands[0] == Name.Artifact
