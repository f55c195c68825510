"""Finish a raw PDF: tags, PDF/A-3a and PDF/UA-1, metadata, navigation, and the sources inside.

TeX gives pages with numbered marks (templates/tagging.tex), rendering gives the tree they belong to
(`reportgen.text.structure`). The result depends on nothing but the arguments: same input, same bytes.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from reportgen.base.errors import Problem, TemplateError, TypesetError
from reportgen.base.timings import stage
from reportgen.pdf.finish.colour import IDENTIFIER, srgb_profile
from reportgen.pdf.finish.embedding import Attachment, attach
from reportgen.pdf.finish.figures import Box, figure_boxes, put_in_place
from reportgen.pdf.finish.hyphens import add_soft_hyphens
from reportgen.pdf.finish.marks import Marks, PageContent
from reportgen.pdf.finish.metadata import Metadata, instance_of, readable
from reportgen.pdf.finish.navigation import add_navigation, check_destinations
from reportgen.pdf.finish.requirements import problem_at, tree_problems
from reportgen.pdf.finish.spaces import WordSpaces
from reportgen.pdf.finish.tree import TreeBuilder
from reportgen.pdf.finish.xmp import xmp_packet

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from reportgen.text.structure import Element

__all__ = ["Attachment", "FinishReport", "Metadata", "finish", "instance_of"]


@dataclass(frozen=True, slots=True)
class FinishReport:
    """The finished PDF.

    ``loose_text`` names the pages, from 1, that have words outside the structure which are not marked as
    furniture either: a template printed them without a tag.
    """

    pdf: bytes
    loose_text: tuple[int, ...]


@stage("finish")
def finish(
    raw_pdf: Path | bytes,
    root: Element,
    metadata: Metadata,
    attachments: Sequence[Attachment],
    drawings: Mapping[str, bytes] = MappingProxyType({}),
) -> FinishReport:
    """Turn the PDF that TeX made into the one that is read and kept.

    ``drawings`` are PDFs of one page by the name under which TeX set an empty page in their place.

    Raises:
        TemplateError: the tree is not what PDF/UA-1 asks for.
        TypesetError: the raw PDF cannot be read, or a leaf of the tree is lost, doubled or unknown in it.

    """
    if problems := tree_problems(root):
        raise TemplateError(problems)
    try:
        pdf = pikepdf.open(io.BytesIO(raw_pdf) if isinstance(raw_pdf, bytes) else raw_pdf)
    except (OSError, pikepdf.PdfError) as error:
        raise TypesetError(f"the PDF that TeX made cannot be read: {error}") from error
    with pdf:
        put_in_place(pdf, drawings)
        _clean(pdf)
        owners = {leaf: element for element in root.walk() for leaf in element.marks}
        contents, boxes = _rewrite_pages(pdf, owners)
        TreeBuilder(pdf, contents, boxes).build(root, metadata.language)
        check_destinations(pdf, root)
        page_of = {
            leaf: page for page, content in reversed([*enumerate(contents)]) for leaf in content.leaves
        }
        add_navigation(pdf, root, page_of)
        _describe(pdf, metadata)
        attach(pdf, attachments, metadata.pdf_date)
        finished = _saved(pdf)
    loose = tuple(number for number, content in enumerate(contents, 1) if content.loose_text)
    return FinishReport(finished, loose)


def _clean(pdf: pikepdf.Pdf) -> None:
    """Take out what TeX or a drawing program wrote and the standards do not allow here; compress fonts."""
    for item in pdf.objects:
        if not isinstance(item, Dictionary | pikepdf.Stream):
            continue
        if item.get("/Type") == Name.FontDescriptor:
            if "/CIDSet" in item:
                del item.CIDSet  # LuaTeX lists fewer glyphs than it embeds; the entry is optional
            if "/FontFile" in item:
                compress_type1(item.FontFile)
        elif item.get("/Subtype") == Name.Form:  # a drawing is one leaf, whatever structure it had of its own
            for key in {"/StructParent", "/StructParents"} & item.keys():
                del item[key]


def compress_type1(file: pikepdf.Object) -> None:
    """Compress the readable part of a Type 1 font and store the encrypted one as it is.

    Encrypted bytes are as good as random: trying to compress them took a sixth of all finishing, in vain.
    """
    if "/Filter" in file:
        return
    data = file.read_bytes()
    readable = int(file.get("/Length1", 0))
    packed, stored = zlib.compressobj(), zlib.compressobj(level=0, wbits=-zlib.MAX_WBITS)
    parts = [
        packed.compress(data[:readable]),
        packed.flush(zlib.Z_SYNC_FLUSH),  # ends on a whole byte, where a second coder may go on
        stored.compress(data[readable:]),
        stored.flush(),
        zlib.adler32(data).to_bytes(4, "big"),
    ]
    file.write(b"".join(parts), filter=Name.FlateDecode)


def _rewrite_pages(
    pdf: pikepdf.Pdf, owners: Mapping[int, Element]
) -> tuple[list[PageContent], dict[int, Box]]:
    """Return the pages their final streams; also where their figures stand."""
    figures = frozenset(leaf for leaf, element in owners.items() if element.role == "Figure")
    spaces = WordSpaces(pdf)
    marks = Marks({leaf: element.role for leaf, element in owners.items()}, spaces)
    contents: list[PageContent] = []
    boxes: dict[int, Box] = {}
    for page in pdf.pages:
        page.contents_coalesce()
        content = marks.rewrite(page.Contents.read_bytes())
        if not figures.isdisjoint(content.leaves):
            boxes |= figure_boxes(page, figures)
        page.Contents = pdf.make_stream(content.stream)
        contents.append(content)
    add_soft_hyphens(spaces.fonts_with_soft_hyphens)
    if problems := [*_miscounted(owners, marks.begun)]:
        raise TypesetError(problems)
    return contents, boxes


def _miscounted(owners: Mapping[int, Element], begun: Counter[int]) -> Iterator[Problem]:
    for leaf, element in owners.items():
        if begun[leaf] != 1:
            fate = "is not in the PDF" if not begun[leaf] else f"is in the PDF {begun[leaf]} times"
            message = f"the text of a {element.role} (mark {leaf}) {fate}"
            hint = "its template puts it into a box that is not printed, or is printed more than once"
            yield problem_at("tag-count", element, message, hint)


def _describe(pdf: pikepdf.Pdf, metadata: Metadata) -> None:
    """Write XMP, the document information that repeats it, the language and the output intent."""
    pdf.Root.Lang = String(metadata.language)
    pdf.Root.Metadata = pdf.make_stream(xmp_packet(metadata), Type=Name.Metadata, Subtype=Name.XML)
    profile = pdf.make_stream(srgb_profile(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(IDENTIFIER),
        Info=String(IDENTIFIER),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([intent])
    entries = {
        "/Title": metadata.title,
        "/Author": ", ".join(metadata.authors),
        "/Subject": metadata.description or "",
        "/Keywords": ", ".join(metadata.keywords),
        "/Creator": metadata.creator_tool,
        "/Producer": metadata.producer,
        "/CreationDate": metadata.pdf_date,
        "/ModDate": metadata.pdf_date,
        "/doi": metadata.doi or "",
    }
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary({key: String(readable(text)) for key, text in entries.items() if text})
    )


def _saved(pdf: pikepdf.Pdf) -> bytes:
    if "/ID" in pdf.trailer:
        del pdf.trailer.ID
    out = io.BytesIO()
    pdf.save(
        out,
        min_version="1.7",
        deterministic_id=True,
        fix_metadata_version=False,  # it would rewrite our XMP packet
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return out.getvalue()
