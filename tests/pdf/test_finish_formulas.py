"""Formulas in a finished PDF: each carries what it says as MathML, and none is taken for a file of the report's."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Name

from reportgen.pdf.finish import finish
from reportgen.text.structure import Element
from tagged_documents import ATTACHMENTS, METADATA, drawn

MARK = b"/RG <</MCID %d>> BDC\nBT /F1 12 Tf 20 700 Td (x) Tj ET\nEMC\n"
ONE, OTHER = "<math><mi>x</mi></math>", "<math><mi>é</mi></math>"


def finished(*formulas: str) -> bytes:
    """Finish a page of formulas, each with its MathML or none."""
    elements = [
        Element("P", {}, (Element("Formula", {"alt": "x"} | ({"mathml": each} if each else {}), (leaf,)),))
        for leaf, each in enumerate(formulas)
    ]
    raw = drawn(b"".join(MARK % leaf for leaf in range(len(formulas))))
    return finish(raw, Element("Document", {}, tuple(elements)), METADATA, ATTACHMENTS).pdf


@pytest.fixture
def formulas():
    with pikepdf.open(io.BytesIO(finished(ONE, OTHER, ONE, ""))) as pdf:
        paragraphs = pdf.Root.StructTreeRoot.K.K
        yield pdf, [paragraph.K[0] for paragraph in paragraphs]


def test_a_formula_has_its_mathml_as_an_associated_file(formulas):
    _, (first, second, _, _) = formulas
    for formula, source in ((first, ONE), (second, OTHER)):
        (file,) = formula.AF
        assert file.Type == Name.Filespec
        assert file.AFRelationship == Name.Supplement
        assert file.EF.F.Subtype == Name("/application/mathml+xml")
        assert file.EF.F.read_bytes().decode() == source
        assert int(file.EF.F.Params.Size) == len(source.encode())


def test_formulas_that_say_the_same_share_a_file(formulas):
    _, (first, second, third, bare) = formulas
    assert first.AF[0].objgen == third.AF[0].objgen != second.AF[0].objgen
    assert "/AF" not in bare
    assert [str(formula.AF[0].UF) for formula in (first, second)] == ["formula-1.mml", "formula-2.mml"]


def test_formulas_are_no_attachments_of_the_report(formulas):
    pdf, _ = formulas
    names = {attachment.name for attachment in ATTACHMENTS}
    assert {*pdf.attachments} == names
    assert len(pdf.Root.AF) == len(names)


def test_without_formulas_nothing_is_there():
    assert b"mathml" not in finished("")
    with pikepdf.open(io.BytesIO(finished(""))) as pdf:
        assert not any(
            item.get("/Subtype") == Name("/application/mathml+xml")
            for item in pdf.objects
            if isinstance(item, pikepdf.Stream)
        )


def test_the_bytes_are_the_same_again():
    assert finished(ONE, OTHER) == finished(ONE, OTHER)
