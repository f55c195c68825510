"""The structure tree of the PDF: elements, the marked content they hold, and the links that belong to them.

ISO 32000-1, 14.7 and 14.8; what PDF/UA-1 (ISO 14289-1) adds stands beside the rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from reportgen.base.errors import TypesetError
from reportgen.pdf.finish.formulas import FormulaFiles
from reportgen.pdf.finish.metadata import readable
from reportgen.text.structure import Element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.pdf.finish.figures import Box
    from reportgen.pdf.finish.marks import PageContent

_ROLE_MAP = {"/Title": Name.P, "/Em": Name.Span, "/Strong": Name.Span}  # PDF 1.7 knows none of these
_TEXT_KEYS = {"alt": "/Alt", "actual": "/ActualText", "lang": "/Lang", "title": "/T"}
_STRUCTURE_ELEMENT = Name.StructElem
_PRINTED = 4  # annotation flag: part of the page on paper too, as PDF/A asks


@dataclass(slots=True)
class TreeBuilder:
    """Builds the tree of one document.

    ``pages`` are the rewritten contents in page order, ``boxes`` the places of figures on their pages, in
    points, by leaf.
    """

    pdf: pikepdf.Pdf
    pages: Sequence[PageContent]
    boxes: Mapping[int, Box]
    _page_objects: list[pikepdf.Object] = field(default_factory=list)
    _places: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _owners: dict[int, pikepdf.Object] = field(default_factory=dict)
    _link_elements: dict[int, tuple[Element, pikepdf.Object]] = field(default_factory=dict)
    _notes: list[pikepdf.Object] = field(default_factory=list)
    _formulas: FormulaFiles = field(init=False)

    def build(self, root: Element, language: str = "") -> None:
        """Write the tree into the document's catalogue; ``language`` is the document's.

        Raises:
            TypesetError: the PDF has an annotation that the tree does not know.

        """
        self._formulas = FormulaFiles(self.pdf)
        self._page_objects = [page.obj for page in self.pdf.pages]
        for number, page in enumerate(self.pages):
            for mcid, leaf in enumerate(page.leaves):
                self._places.setdefault(leaf, []).append((number, mcid))
        tree = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, RoleMap=Dictionary(_ROLE_MAP)))
        tree.K = self._element(root, tree, language)
        parents = [*self._page_parents(), *self._annotation_parents()]
        numbers = Array(part for key, parent in enumerate(parents) for part in (key, parent))
        tree.ParentTree = self.pdf.make_indirect(Dictionary(Nums=numbers))
        tree.ParentTreeNextKey = len(parents)
        if self._notes:
            tree.IDTree = self.pdf.make_indirect(self._identifiers())
        self.pdf.Root.StructTreeRoot = tree
        self.pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, element: Element, parent: pikepdf.Object, language: str) -> pikepdf.Object:
        entries = {"/Type": _STRUCTURE_ELEMENT, "/S": Name("/" + element.role), "/P": parent}
        for attribute in _TEXT_KEYS.keys() & element.attributes.keys():
            entries[_TEXT_KEYS[attribute]] = String(readable(element.attributes[attribute]))
        if is_within(language, own := element.attributes.get("lang", language)):
            entries.pop("/Lang", None)
        else:
            language = own
        built = self.pdf.make_indirect(Dictionary(entries))
        self._add_role_attributes(element, built)
        kids: list[pikepdf.Object | int] = []
        own_page: int | None = None
        for child in element.children:
            if isinstance(child, Element):
                kids.append(self._element(child, built, language))
                continue
            self._owners[child] = built
            for number, mcid in self._places.get(child, ()):
                if own_page is None:
                    own_page, built.Pg = number, self._page_objects[number]
                # An element's first page is its own; pieces on others name theirs.
                kids.append(mcid if number == own_page else self._reference(number, mcid))
        built.K = Array(kids)
        if element.role == "Link" and {"uri", "goto"} & element.attributes.keys():
            self._link_elements[next(_leaves(element), -1)] = (element, built)
        return built

    def _reference(self, number: int, mcid: int) -> Dictionary:
        return Dictionary(Type=Name.MCR, Pg=self._page_objects[number], MCID=mcid)

    def _add_role_attributes(self, element: Element, built: pikepdf.Object) -> None:
        match element.role:
            case "TH":
                built.A = Dictionary(
                    O=Name.Table, Scope=Name("/" + element.attributes.get("scope", "Column"))
                )
            case "L":  # Matterhorn 16-001
                built.A = Dictionary(
                    O=Name.List, ListNumbering=Name("/" + element.attributes.get("numbering", "None"))
                )
            case "Figure":
                layout = Dictionary(O=Name.Layout, Placement=Name.Block)
                if boxes := [self.boxes[leaf] for leaf in element.marks if leaf in self.boxes]:
                    layout.BBox = Array(round(edge, 3) for edge in _around(boxes))
                built.A = layout
            case "Formula" if mathml := element.attributes.get("mathml"):
                built.AF = Array([self._formulas.file_of(mathml)])
            case "Note":  # PDF/UA-1, 7.9: a note has an identifier
                built.ID = String(f"note-{len(self._notes) + 1:06}")
                self._notes.append(built)

    def _page_parents(self) -> Iterator[pikepdf.Object]:
        for number, (page, content) in enumerate(zip(self._page_objects, self.pages, strict=True)):
            page.StructParents = number
            page.Tabs = Name.S
            yield self.pdf.make_indirect(Array(self._owners[leaf] for leaf in content.leaves))

    def _annotation_parents(self) -> Iterator[pikepdf.Object]:
        """Yield each annotation to its link; a link broken over lines has an annotation for each line."""
        keys = count(len(self._page_objects))
        for page in self._page_objects:
            for annotation in page.get("/Annots", ()):
                leaf = annotation.get("/RG")
                if leaf is None or int(leaf) not in self._link_elements:
                    raise TypesetError("the PDF has an annotation that belongs to no link of the structure")
                element, built = self._link_elements[int(leaf)]
                del annotation.RG
                annotation.F = _PRINTED
                annotation.Contents = String(_link_description(element))
                annotation.StructParent = next(keys)
                built.K.append(Dictionary(Type=Name.OBJR, Obj=annotation, Pg=page))
                yield built

    def _identifiers(self) -> Dictionary:
        pairs = Array(part for note in self._notes for part in (note.ID, note))
        return Dictionary(Names=pairs, Limits=Array([self._notes[0].ID, self._notes[-1].ID]))


def is_within(language: str, own: str) -> bool:
    """Tell whether a text in a language may hold words in another without naming it: de-AT is German."""
    return own == language or own == language.partition("-")[0]


def _leaves(element: Element) -> Iterator[int]:
    for child in element.children:
        if isinstance(child, Element):
            yield from _leaves(child)
        else:
            yield child


def _link_description(element: Element) -> str:
    """Return what a reader hears of a link before following it; PDF/UA-1, 7.18.5 asks for it."""
    given = element.attributes
    said = (given[name] for name in ("contents", "alt", "uri", "title") if given.get(name))
    return readable(next(said, f"#{given.get('goto')}"))


def _around(boxes: Sequence[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)
