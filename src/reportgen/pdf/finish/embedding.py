"""Associated files: what the report was made from travels inside it (PDF/A-3, ISO 19005-3 annex E)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, String

from reportgen.pdf.finish.metadata import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

Relationship = Literal["Source", "Data", "Supplement", "Alternative"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file inside the PDF: its name without folders, its bytes, and what it is to the report."""

    name: str
    data: bytes
    media_type: str
    relationship: Relationship
    description: str


def attach(pdf: pikepdf.Pdf, attachments: Sequence[Attachment], pdf_date: str) -> None:
    """Embed the files, name them in the catalogue and associate them with the document.

    Raises:
        ValueError: two files of the same name.

    """
    if not attachments:
        return
    names = [attachment.name for attachment in attachments]
    if len(set(names)) < len(names):
        raise ValueError(f"two attachments have the same name: {', '.join(sorted(names))}")
    tree = NameTree.new(pdf)
    files = Array()
    for attachment in attachments:
        file = pdf.make_indirect(_file_specification(pdf, attachment, pdf_date))
        tree[attachment.name] = file
        files.append(file)
    pdf.Root.AF = pdf.make_indirect(files)
    if Name.Names not in pdf.Root:
        pdf.Root.Names = Dictionary()
    pdf.Root.Names.EmbeddedFiles = tree.obj


def _file_specification(pdf: pikepdf.Pdf, attachment: Attachment, pdf_date: str) -> Dictionary:
    checksum = hashlib.md5(attachment.data, usedforsecurity=False).digest()  # the PDF format's own choice
    stream = pdf.make_stream(
        attachment.data,
        Type=Name.EmbeddedFile,
        Subtype=Name("/" + attachment.media_type),
        Params=Dictionary(
            Size=len(attachment.data),
            CheckSum=String(checksum),
            ModDate=String(pdf_date),
            CreationDate=String(pdf_date),
        ),
    )
    return Dictionary(
        Type=Name.Filespec,
        F=String(attachment.name.encode("ascii", "replace").replace(b"?", b"_")),
        UF=String(attachment.name),
        Desc=String(readable(attachment.description)),
        AFRelationship=Name("/" + attachment.relationship),
        EF=Dictionary(F=stream, UF=stream),
    )
