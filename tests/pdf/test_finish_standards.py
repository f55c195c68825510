"""veraPDF's verdict on finished reports, and proof that a broken structure does not pass our own rules."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Array, Name

import tagged_documents as documents
from structure_faults import structure_faults
from verapdf.validator import require, validate

if TYPE_CHECKING:
    from verapdf.validator import Verdict


SCRIPTS = ("שלום עולם 123", "السلام عليكم", "数据表明", "Ωμέγα и кириллица", "😀 ℵ 𝒜")
SIGNS = (
    "\\alpha \\beta \\gamma \\delta \\epsilon \\varepsilon \\zeta \\eta \\theta \\vartheta \\iota "
    "\\kappa \\lambda \\mu \\nu \\xi \\pi \\rho \\sigma \\tau \\upsilon \\phi \\varphi \\chi \\psi "
    "\\omega \\Gamma \\Delta \\Theta \\Lambda \\Xi \\Pi \\Sigma \\Upsilon \\Phi \\Psi \\Omega \\cdot "
    "\\times \\div \\pm \\mp \\ast \\star \\circ \\le \\ge \\ne \\ll \\gg \\approx \\sim \\simeq "
    "\\equiv \\propto \\in \\notin \\ni \\subset \\subseteq \\supset \\supseteq \\cup \\cap "
    "\\setminus \\emptyset \\rightarrow \\leftarrow \\Rightarrow \\Leftarrow \\leftrightarrow "
    "\\mapsto \\hookleftarrow \\infty \\partial \\nabla \\forall \\exists \\neg \\wedge \\vee \\mid "
    "\\parallel \\perp \\angle \\ldots \\cdots \\sum \\prod \\int \\langle \\rangle \\lfloor \\rfloor "
    "\\lceil \\rceil \\ell \\hbar \\Re \\Im \\prime \\log \\max \\leadsto \\lvertneqq \\nshortmid "
    "\\blacksquare \\surd "
)
DELIMITERS = (
    "(",
    "[",
    "\\{",
    "|",
    "\\|",
    "\\langle",
    "\\lfloor",
    "\\lceil",
    "/",
    "\\uparrow",
    "\\Updownarrow",
)
TALL = "\\frac{\\frac{\\frac{a}{b}}{c}}{\\frac{d}{e}}"


def formulas() -> list[str]:
    """Return every sign of mathematics that a record may use, and brackets of every height."""
    heights = ("x", "\\frac{a}{b}", "\\displaystyle\\sum_{i=1}^n", TALL, f"\\frac{{{TALL}}}{{{TALL}}}")
    brackets = [f"\\left{mark} {body}\\right." for mark in DELIMITERS for body in heights]
    roots = [f"\\sqrt{{{body}}}" for body in heights]
    accents = [f"\\{name}{{x}}" for name in ("hat", "bar", "tilde", "vec", "dot", "overline", "underline")]
    wide = ["\\widehat{abc}", "\\widetilde{abc}", "\\overbrace{abc}", "\\underbrace{abc}", "\\not\\ni"]
    alphabets = [f"\\{name}{{ABCxyz}}" for name in ("mathrm", "mathbf", "mathit", "mathsf", "mathtt")]
    return [
        SIGNS,
        *brackets,
        *roots,
        *accents,
        *wide,
        *alphabets,
        "\\mathcal{ABC}",
        "\\displaystyle\\prod\\int",
    ]


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("standards")
    made = {engine: documents.sample_document(engine) for engine in documents.ENGINES}
    signs = [documents.paragraph(documents.tag("Formula", f"${tex}$", alt="a sign")) for tex in formulas()]
    made["signs"] = documents.compose("".join(signs), "pdftex")
    made["scripts"] = documents.compose("".join([*map(documents.paragraph, SCRIPTS), *signs]), "luatex")
    return {name: documents.finished(document, folder, f"{name}.pdf")[0] for name, document in made.items()}


@pytest.fixture(scope="module")
def verdicts(reports, tmp_path_factory) -> dict[tuple[str, str], Verdict]:
    """Ask once for all files, since Java takes its time to start; two of them are broken."""
    require()
    folder = tmp_path_factory.mktemp("broken")
    untagged, silent = folder / "untagged.pdf", folder / "silent.pdf"
    untagged.write_bytes(broken(reports["pdftex"], untag))
    silent.write_bytes(broken(reports["pdftex"], lambda pdf: delete(pdf, "/Figure", "/Alt")))
    asked = validate([*reports.values(), untagged, silent])
    return {(Path(verdict.file).stem, verdict.flavour): verdict for verdict in asked}


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
@pytest.mark.parametrize("name", ["pdftex", "luatex", "signs", "scripts"])
def test_a_report_meets_the_standard(verdicts, name, flavour):
    verdict = verdicts[name, flavour]
    assert verdict.failures == ()
    assert verdict.passed
    assert verdict.checks > 100


def test_the_validator_sees_what_is_wrong(verdicts):
    assert not verdicts["untagged", "3a"].passed
    assert "6.7.3.3-1" in verdicts["untagged", "3a"].rules
    assert not verdicts["untagged", "ua1"].passed
    assert verdicts["silent", "ua1"].rules == {"7.3-1"}


def untag(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot


def elements(pdf: pikepdf.Pdf, role: str) -> list[pikepdf.Object]:
    return [
        item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == Name(role)
    ]


def delete(pdf: pikepdf.Pdf, role: str, key: str) -> None:
    del elements(pdf, role)[0][key]


def rename(pdf: pikepdf.Pdf, role: str, new: str) -> None:
    elements(pdf, role)[-1].S = Name(new)


def swap_content(pdf: pikepdf.Pdf) -> None:
    one, two = elements(pdf, "/TD")[:2]
    one.K, two.K = two.K, one.K


def drop_cell(pdf: pikepdf.Pdf) -> None:
    row = elements(pdf, "/TR")[3]
    row.K = Array([*row.K][:-1])


def empty_parents(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[1].StructParents


def orphan_link(pdf: pikepdf.Pdf) -> None:
    annotation = pdf.pages[0].Annots[0]
    del annotation.StructParent
    del annotation.Contents


def unmark(pdf: pikepdf.Pdf) -> None:
    content = pdf.pages[0].Contents.read_bytes()
    start = content.index(b"/Artifact BMC")
    end = content.index(b"EMC", start)
    pdf.pages[0].Contents = pdf.make_stream(content[:start] + content[start + 13 : end] + content[end + 3 :])


def broken(path: Path, change) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(path) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda pdf: delete(pdf, "/Figure", "/Alt"), "Figure without alternative"),
        (lambda pdf: delete(pdf, "/TH", "/A"), "a header cell without scope"),
        (lambda pdf: rename(pdf, "/H1", "/P"), "H2 after level 0"),
        (lambda pdf: rename(pdf, "/TH", "/TD"), "a row without header cell"),
        (lambda pdf: rename(pdf, "/LI", "/P"), "Lbl in P"),
        (swap_content, "is not held by its element"),
        (drop_cell, "a table is irregular"),
        (empty_parents, "page 2 has no parents"),
        (orphan_link, "belongs to no link"),
        (unmark, "loose text"),
    ],
)
def test_a_broken_tree_has_faults(reports, change, fault):
    faults = structure_faults(broken(reports["luatex"], change))
    assert faults
    assert fault in " ".join(faults)


@pytest.mark.parametrize("name", ["pdftex", "luatex", "signs", "scripts"])
def test_an_unbroken_tree_has_none(reports, name):
    assert structure_faults(reports[name].read_bytes()) == []
