"""Documents with every kind of tag, typeset with the house preamble, and a reader of finished structure."""

from __future__ import annotations

import ctypes
import datetime as dt
import io
import re
import subprocess
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Name

from reportgen.base.errors import Where
from reportgen.base.settings import Limits
from reportgen.base.style import Style
from reportgen.latex.fonts import declare_faces, mark_font_runs, plan_fonts
from reportgen.latex.render import render_preamble
from reportgen.pdf.finish import Attachment, FinishReport, Metadata, finish
from reportgen.pdf.typeset import typeset
from reportgen.text.structure import Element, Numbered, number, tag

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENGINES = ("pdftex", "luatex")
CHART_POINTS = (200.0, 100.0)

METADATA = Metadata(
    title="Structure of a “small” report <&>",
    authors=("Ada Example", "The Publisher & Sons"),
    date=dt.date(2026, 5, 30),
    identifier="urn:uuid:11111111-2222-4333-8444-555555555555",
    producer="reportgen 0.0",
    keywords=("tags", "structure & order"),
    description="All kinds of structure.",
    publisher="The Publisher",
    license="CC-BY-4.0",
    doi="10.5281/zenodo.1",
    generator="Machine",
    generator_version="7",
)
ATTACHMENTS = (
    Attachment("record.json", b'{"schema": 1}', "application/json", "Source", "The record"),
    Attachment("Behauptungen Ω.csv", b"id,text\n", "text/csv", "Data", "The claims"),
)


def chart() -> bytes:
    """Return a drawing in grey and red."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=CHART_POINTS)
    pdf.pages[0].Contents = pdf.make_stream(b"0.5 g 10 10 50 50 re f 1 0 0 rg 80 10 50 80 re f")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def words(prefix: str, count: int) -> str:
    return " ".join(f"{prefix}{index}" for index in range(count))


def paragraph(*parts: str, **attributes: str) -> str:
    return tag("P", "".join(parts), **attributes) + "\\par\n"


def heading(role: str, text: str, name: str | None = None) -> str:
    command = {"H1": "Section", "H2": "Section", "H3": "Subsection"}[role]
    return f"\\{command}{{{tag(role, text, id=name, title=text)}}}\n"


def item(label: str, content: str) -> str:
    return tag("LI", f"\\item[{{{tag('Lbl', label)}}}] {tag('LBody', content)}")


def table(rows: int) -> str:
    names = ("Claim", "Text of the claim", "Confidence")
    head = tag("THead", tag("TR", " & ".join(tag("TH", name, scope="Column") for name in names)))
    again = " & ".join(f"\\TagArtifact{{{name}}}" for name in names)
    body = "".join(
        tag(
            "TR",
            f"{tag('TH', f'C{row}', scope='Row', id=f'claim-{row}')} & "
            + tag(
                "TD",
                f"the {words(f'r{row}w', 14)} "
                + tag("Reference", tag("Link", "ref one", goto="ref-1", title="Reference 1")),
            )
            + f" & {tag('TD', f'0.{row}')}",
        )
        + "\\\\\n"
        for row in range(rows)
    )
    columns = "p{20mm}p{80mm}p{20mm}"
    rules = f"\\toprule {head}\\\\\\midrule\\endfirsthead\n\\toprule {again}\\\\\\midrule\\endhead\n"
    opening = f"\\begin{{longtable}}{{{columns}}}\n{rules}\\bottomrule\\endfoot\n"
    return tag("Table", f"{opening}{tag('TBody', body)}\\end{{longtable}}") + "\n"


def sample(rows: int = 40) -> str:
    """Return a document of some pages with headings, lists, links, a table, a figure, formulas and a note."""
    link = tag("Link", words("link", 16), uri="https://example.org/a_b%20c#d&e~f$(g)\\h", alt="An address")
    return "".join(
        [
            paragraph(tag("Title", "Structure of a small report", id="title")),
            heading("H1", "Beginning", "beginning"),
            paragraph(
                words("one", 30),
                " ",
                tag("Em", "\\textit{with emphasis}"),
                " and ",
                link,
                " then ",
                words("two", 10),
            ),
            "\\begin{Items}",
            tag(
                "L",
                item("a", paragraph("First thing."))
                + item(
                    "b",
                    paragraph("Second thing,")
                    + "\\begin{Items}"
                    + tag("L", item("c", paragraph("with one below.")))
                    + "\\end{Items}",
                ),
            ),
            "\\end{Items}\n",
            heading("H2", "Middle"),
            paragraph(
                "Before ",
                tag("Formula", "$a+b=\\sum_i x_i$", alt="a plus b equals the sum of x i"),
                " after it\\footnotemark{}.",
            ),
            f"\\footnotetext{{{tag('Note', 'What the note says.')}}}",
            paragraph(words("three", 900)),
            tag("BlockQuote", paragraph("Quoted words.", lang="fr")),
            heading("H3", "Table", "table"),
            table(rows),
            tag("Figure", "\\includegraphics[width=100bp]{chart.pdf}", alt="Two bars, the red one higher"),
            "\\par\n",
            tag("P", tag("Caption", "What it shows.")) + "\\par\n",
            heading("H2", "End", "end"),
            paragraph("Last, see ", tag("Link", tag("Em", "\\textit{claim 3}"), goto="claim-3"), "."),
            paragraph("The one reference.", id="ref-1"),
        ]
    )


@dataclass(frozen=True)
class Document:
    """A typeset document before finishing."""

    numbered: Numbered
    raw: bytes
    engine: str


def compose(body: str, engine: str) -> Document:
    """Typeset a body without hyphenation, so that its words can be compared."""
    numbered = number(
        f"\\begin{{document}}\\hyphenpenalty=10000\\exhyphenpenalty=10000\n{body}\\end{{document}}\n"
    )
    plan = plan_fonts(numbered.tex, engine=engine)
    result = typeset(
        declare_faces(plan) + mark_font_runs(numbered.tex, plan),
        render_preamble(engine=plan.engine, style=Style()),
        engine=plan.engine,
        faces=plan.faces,
        figures={"chart.pdf": chart()},
        date=METADATA.date,
        limits=Limits(),
        origin=lambda line: Where(pointer=f"line {line}"),
    )
    return Document(numbered, result.pdf, plan.engine)


@cache
def sample_document(engine: str) -> Document:
    return compose(sample(), engine)


def finished(document: Document, folder: Path, name: str = "finished.pdf") -> tuple[Path, FinishReport]:
    path = folder / name
    report = finish(document.raw, document.numbered.root, METADATA, ATTACHMENTS)
    path.write_bytes(report.pdf)
    return path, report


def leaf_texts(numbered: Numbered) -> dict[int, str]:
    """Return the words of each leaf as the source has them, for leaves without commands."""
    pieces = re.findall(r"\\TagBegin\{(\d+)\}(.*?)\\TagEnd\{\}", numbered.tex, re.DOTALL)
    return {int(leaf): squeezed(text) for leaf, text in pieces if "\\" not in text and "$" not in text}


def squeezed(text: str) -> str:
    return " ".join(text.split())


@dataclass
class Node:
    """An element as a finished PDF has it, with the text of its own marked content and of its children.

    ``entries`` are its texts and names, ``layout`` its attribute object, ``pages`` the page of each of its
    own pieces of content, ``annotations`` the target and the description of each.
    """

    role: str
    entries: dict[str, str]
    layout: dict[str, str | list[float]]
    children: list[Node | str] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    annotations: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, role: str) -> list[Node]:
        return [node for node in self.walk() if node.role == role]


@dataclass(frozen=True)
class TextObject:
    """One text object of a page: its marked-content id or -1, the marks around it, its text, its place."""

    page: int
    mcid: int
    marks: tuple[str, ...]
    text: str


def text_objects(pdf: bytes) -> list[TextObject]:
    """Return every text object of a PDF in the order of its content streams, as pdfium reads them."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for number_, page in enumerate(document):
        text_page = page.get_textpage()
        for index in range(pdfium.FPDFPage_CountObjects(page)):
            piece = pdfium.FPDFPage_GetObject(page, index)
            if pdfium.FPDFPageObj_GetType(piece) != pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            size = pdfium.FPDFTextObj_GetText(piece, text_page, None, 0)
            buffer = ctypes.create_string_buffer(size)
            pdfium.FPDFTextObj_GetText(
                piece, text_page, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size
            )
            text = (
                buffer.raw.decode("utf-16-le", "replace").rstrip("\0") or " "
            )  # pdfium leaves out a space before a new line
            mcid = pdfium.FPDFPageObj_GetMarkedContentID(piece)
            found.append(TextObject(number_, mcid, _mark_names(piece), text))
        text_page.close()
        page.close()
    document.close()
    return found


def _mark_names(piece: object) -> tuple[str, ...]:
    names = []
    for index in range(pdfium.FPDFPageObj_CountMarks(piece)):
        mark = pdfium.FPDFPageObj_GetMark(piece, index)
        length = ctypes.c_ulong()
        buffer = ctypes.create_string_buffer(64)
        pdfium.FPDFPageObjMark_GetName(
            mark, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), 64, ctypes.byref(length)
        )
        names.append(buffer.raw[: length.value].decode("utf-16-le").rstrip("\0"))
    return tuple(names)


def read_structure(pdf: bytes) -> Node:
    """Read the structure tree of a finished PDF with the text of its marked content."""
    texts: dict[tuple[int, int], str] = {}
    for piece in text_objects(pdf):
        texts[piece.page, piece.mcid] = texts.get((piece.page, piece.mcid), "") + piece.text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = {page.obj.objgen: index for index, page in enumerate(opened.pages)}
        return _read(opened.Root.StructTreeRoot.K, pages, texts)


def _read(
    entry: pikepdf.Object, pages: dict[tuple[int, int], int], texts: dict[tuple[int, int], str]
) -> Node:
    entries = {
        key[1:]: str(entry[key]) for key in entry.keys() & {"/Alt", "/ActualText", "/Lang", "/T", "/ID"}
    }
    node = Node(
        str(entry.S)[1:], entries, {key[1:]: _plain(value) for key, value in entry.get("/A", {}).items()}
    )
    for kid in entry.K:
        if isinstance(kid, int) or kid.get("/Type") == Name.MCR:
            page, mcid = (entry.Pg, kid) if isinstance(kid, int) else (kid.Pg, int(kid.MCID))
            node.pages.append(pages[page.objgen])
            node.children.append(texts.get((pages[page.objgen], mcid), ""))
        elif kid.get("/Type") == Name.OBJR:
            action = kid.Obj.A
            node.annotations.append(
                (str(action.URI if "/URI" in action else action.D), str(kid.Obj.get("/Contents", "")))
            )
        else:
            node.children.append(_read(kid, pages, texts))
    return node


def _plain(value: pikepdf.Object) -> str | list[float]:
    return [float(part) for part in value] if isinstance(value, Array) else str(value)


def roles_and_leaves(element: Element) -> list[tuple[str, int]]:
    """Return each element of a source tree with the number of its own leaves, in reading order."""
    return [(inner.role, len(inner.marks)) for inner in element.walk()]


def drawn(*streams: bytes, links: dict[int, str] | None = None) -> bytes:
    """Make a raw PDF of hand-written page streams; ``links`` are annotations of page 1 by leaf number."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    for stream in streams:
        pdf.add_blank_page()
        pdf.pages[-1].Resources = Dictionary(Font=Dictionary(F1=font))
        pdf.pages[-1].Contents = pdf.make_stream(stream)
    annotations = [
        pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                RG=leaf,
                Rect=[0, 0, 9, 9],
                A=Dictionary(S=Name.URI, URI=uri),
            )
        )
        for leaf, uri in (links or {}).items()
    ]
    if annotations:
        pdf.pages[0].Annots = pdf.make_indirect(Array(annotations))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def spoken(path: Path) -> str:
    """Return the text of the structure in reading order as poppler has it: no space that is not shown."""
    command = ["pdfinfo", "-struct-text", path]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "".join(re.findall(r'^ *"(.*)"$', lines, re.MULTILINE))


def strokes(path: Path) -> list[str]:
    """Return the mark around each path that is painted on a page."""
    found, marks = [], []
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            for instruction in pikepdf.parse_content_stream(page, "BDC BMC EMC f S"):
                operator = str(instruction.operator)
                if operator in {"BDC", "BMC"}:
                    marks.append(str(instruction.operands[0])[1:])
                elif operator == "EMC":
                    marks.pop()
                else:
                    found.append(marks[-1])
    return found


def page_text(pdf: bytes) -> str:
    """Return the text of all pages as pdfium copies it."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return "\n".join(texts)
