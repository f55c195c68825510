"""Formulas as MathML in files of their own, associated with their structure elements, as PDF/UA-2 asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pikepdf import Dictionary, Name, String

if TYPE_CHECKING:
    import pikepdf


@dataclass(slots=True)
class FormulaFiles:
    """The files of one document; formulas that say the same share one.

    They are named in no tree: nobody is offered hundreds of attachments. A report may have many, so each takes as few
    bytes as PDF/A-3 (ISO 19005-3, 6.8) allows.
    """

    pdf: pikepdf.Pdf
    _files: dict[str, pikepdf.Object] = field(default_factory=dict)

    def file_of(self, mathml: str) -> pikepdf.Object:
        """Return the file specification of a formula."""
        if (known := self._files.get(mathml)) is None:
            known = self._files[mathml] = self.pdf.make_indirect(self._embedded(mathml.encode()))
        return known

    def _embedded(self, content: bytes) -> Dictionary:
        stream = self.pdf.make_stream(
            content,
            Type=Name.EmbeddedFile,
            Subtype=Name("/application/mathml+xml"),
            Params=Dictionary(Size=len(content)),
        )
        name = String(f"formula-{len(self._files) + 1}.mml")
        return Dictionary(
            Type=Name.Filespec, F=name, UF=name, AFRelationship=Name.Supplement, EF=Dictionary(F=stream)
        )
