from __future__ import annotations

import io

import pikepdf
import pytest

from reportgen.base.errors import TypesetError
from reportgen.charts.place import empty_page
from reportgen.pdf.finish.figures import put_in_place


def drawing(content: bytes, width: float = 120.5, height: float = 60) -> bytes:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(width, height))
    page.Contents = pdf.make_stream(content)
    page.Resources = pikepdf.Dictionary(ExtGState=pikepdf.Dictionary(A1=pikepdf.Dictionary(CA=1)))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def with_places(*names: str) -> pikepdf.Pdf:
    """Return a page that shows empty pages as forms, as TeX does."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    forms = pikepdf.Dictionary()
    for name in names:
        with pikepdf.open(io.BytesIO(empty_page(name, 120.5, 60))) as place:
            forms[f"/{name}"] = pdf.copy_foreign(place.pages[0].as_form_xobject())
    page.Resources = pikepdf.Dictionary(XObject=forms)
    return pdf


def test_an_empty_page_has_the_size_it_was_asked_for_and_shows_nothing():
    with pikepdf.open(io.BytesIO(empty_page("fig-one", 425.19685, 100.25))) as pdf:
        assert not pdf.check_pdf_syntax()
        (page,) = pdf.pages
        assert [float(edge) for edge in page.mediabox] == pytest.approx([0, 0, 425.19685, 100.25])
        assert pikepdf.parse_content_stream(page) == []


def test_each_drawing_comes_into_its_own_place():
    pdf = with_places("fig-one", "fig-two")
    put_in_place(pdf, {"fig-two": drawing(b"2 w"), "fig-one": drawing(b"1 w", 120.25)})
    one, two = (pdf.pages[0].Resources.XObject[name] for name in ("/fig-one", "/fig-two"))
    assert (one.read_bytes().strip(), two.read_bytes().strip()) == (b"1 w", b"2 w")
    assert [float(edge) for edge in one.BBox] == [0, 0, 120.25, 60]
    assert one.Resources.ExtGState.A1.CA == 1


def test_other_forms_are_left_alone():
    pdf = with_places("fig-one")
    other = pikepdf.Stream(pdf, b"0 0 m", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    pdf.pages[0].Resources.XObject["/other"] = other
    put_in_place(pdf, {"fig-one": drawing(b"1 w")})
    assert pdf.pages[0].Resources.XObject["/other"].read_bytes() == b"0 0 m"


def test_a_place_without_its_drawing_is_an_error():
    with pytest.raises(TypesetError, match="fig-one"):
        put_in_place(with_places("fig-one"), {"fig-two": drawing(b"2 w")})
