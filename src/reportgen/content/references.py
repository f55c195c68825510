"""References: entries set the way the field sets them, with links and back-references."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reportgen.content.report import ReferenceView
from reportgen.latex.escaping import Latex, escape_breakable, to_latex
from reportgen.text.formula import keep_apart
from reportgen.text.structure import tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.record.model import Record
    from reportgen.sources import Bibliography, Entry, Name, Reference
    from reportgen.text.wording import Wording

MOST_AUTHORS = 20


def reference_views(
    bibliography: Bibliography, record: Record, wording: Wording
) -> tuple[ReferenceView, ...]:
    """Set every reference, in the order of its number."""
    return tuple(
        ReferenceView(
            label=f"[{reference.number}]",
            anchor=reference.anchor,
            entry=set_reference(reference, wording),
            note=_note(reference, record, wording),
        )
        for reference in bibliography.references
    )


def citation(references: Sequence[Reference]) -> Latex:
    """Set the numbers of references as links: [2, 5]."""
    links = [
        tag("Link", f"\\LinkText{{{reference.number}}}", goto=reference.anchor, alt=reference_alt(reference))
        for reference in references
    ]
    return Latex(f"[{', '.join(links)}]") if links else Latex("")


def reference_alt(reference: Reference) -> str:
    """Say in words where a citation leads, for those who do not see the page."""
    title = reference.entry.title if reference.entry else str(reference.identifier)
    return f"{reference.number}: {title}"


def set_reference(reference: Reference, wording: Wording) -> Latex:
    """Set one reference: authors, title, where it appeared, year, link. What is unknown is left out."""
    if reference.entry is None:
        return Latex(f"{_identifier_link(reference)}.")
    entry = reference.entry
    parts = [_authors(entry, wording), _title(entry), _container(entry, wording), _imprint(entry, wording)]
    parts += [to_latex(entry.note), _identifier_link(reference)]
    return Latex(" ".join(_sentence(part) for part in parts if part))


def _sentence(part: str) -> str:
    plain = part.rstrip("}\x03")
    return part if plain.endswith((".", "?", "!")) else f"{part}."


def _authors(entry: Entry, wording: Wording) -> str:
    names = [keep_apart(_name(name)) for name in entry.authors]
    and_others = entry.authors_et_al
    if len(names) > MOST_AUTHORS:
        names, and_others = names[:MOST_AUTHORS], True
    if not names and entry.editors:
        editors = wording.listing([keep_apart(_name(name)) for name in entry.editors])
        return f"{to_latex(wording.t.references.editors)} {to_latex(editors)}"
    if and_others and names:
        return to_latex(f"{', '.join(names)} {wording.t.references.and_others}")
    return to_latex(wording.listing(names))


def _name(name: Name) -> str:
    """Write a name with initials, the family name whole: H. Wang, J. D. van der Waals."""
    if name.literal:
        return name.literal
    initials = " ".join(_initial(part) for part in name.given.split())
    family = " ".join(part for part in (name.particle, name.family) if part)
    full = f"{initials} {family}".strip()
    return f"{full}, {name.suffix}" if name.suffix else full


def _initial(given: str) -> str:
    return "-".join(
        f"{part[0]}." if len(part) > 1 and part[0].isalpha() else part for part in given.split("-") if part
    )


def _title(entry: Entry) -> str:
    if not entry.title:
        return ""
    title = to_latex(entry.title)
    return title if entry.container else f"\\emph{{{title}}}"


def _container(entry: Entry, wording: Wording) -> str:
    if not entry.container:
        return ""
    out = f"\\emph{{{to_latex(entry.container)}}}"
    if entry.type not in ("article", "article-journal", "periodical"):
        out = f"{to_latex(wording.t.references['in'])} {out}"
    if entry.volume:
        out += f" {to_latex(entry.volume)}"
    if entry.issue:
        out += f"({to_latex(entry.issue)})"
    if entry.pages:
        out += (
            f": {to_latex(entry.pages)}"
            if entry.volume
            else f", {to_latex(wording.t.references.pages)} {to_latex(entry.pages)}"
        )
    return out


def _imprint(entry: Entry, wording: Wording) -> str:
    edition = (
        wording.t.references.edition.replace("{n}", entry.edition)
        if entry.edition.isdigit()
        else entry.edition
    )
    number = entry.number if not entry.container else ""
    pages = f"{wording.t.references.pages} {entry.pages}" if entry.pages and not entry.container else ""
    volume = f"{wording.t.references.volume} {entry.volume}" if entry.volume and not entry.container else ""
    series = " ".join(part for part in (entry.series, number) if part)
    place = ": ".join(part for part in (entry.place, entry.publisher) if part)
    parts = [entry.genre, volume, edition, series, place, pages, entry.version, entry.year]
    return to_latex(", ".join(keep_apart(part) for part in parts if part))


def _identifier_link(reference: Reference) -> str:
    """Print what the record named; the version of an arXiv paper stays pinned."""
    identifier = reference.identifier
    entry = reference.entry
    if identifier.kind == "key" and entry is not None:
        found = entry.doi or entry.arxiv or entry.pmid or entry.url or entry.isbn
        if found is None:
            return ""
        identifier = found
    label = escape_breakable(str(identifier))
    if entry is not None and identifier.kind == "arxiv" and entry.arxiv_class:
        label = Latex(f"{label} [{to_latex(entry.arxiv_class)}]")
    if identifier.url is None:
        return label
    return tag("Link", f"\\LinkText{{{label}}}", uri=identifier.url)


def _note(reference: Reference, record: Record, wording: Wording) -> Latex:
    say = wording.t.references
    notes: list[str] = []
    if reference.entry is None:
        notes.append(to_latex(say.unresolved))
    if reference.cited_by:
        links = _claim_links(reference.cited_by, record, wording)
        before, after = say.cited_by.split("{labels}")
        notes.append(to_latex(before) + links + to_latex(after))
    if "background" in reference.uses:
        notes.append(to_latex(say.cited_background))
    if "text" in reference.uses:
        notes.append(to_latex(say.cited_text))
    if "benchmark" in reference.uses:
        notes.append(to_latex(say.cited_benchmark))
    if not reference.cited:
        notes.append(to_latex(say.uncited))
    return Latex(" ".join(notes))


def _claim_links(indices: Sequence[int], record: Record, wording: Wording) -> str:
    """Name claims as C1 to C4, C9; each end of a run is a link."""
    runs = []
    for _, group in groupby(enumerate(sorted(indices)), key=lambda pair: pair[1] - pair[0]):
        run = [index for _, index in group]
        runs.append((run[0], run[-1]))
    parts = []
    for first, last in runs:
        if first == last:
            parts.append(_claim_link(first, record))
        else:
            joint = ", " if last == first + 1 else f" {to_latex(wording.t.references.to)} "
            parts.append(_claim_link(first, record) + joint + _claim_link(last, record))
    return ", ".join(parts)


def _claim_link(index: int, record: Record) -> str:
    return tag("Link", f"\\LinkText{{C{index + 1}}}", goto=claim_anchor(record, index), alt=f"C{index + 1}")


def claim_anchor(record: Record, index: int) -> str:
    """Name a claim's place in the PDF: ``claim-3f9a...``, stable while its text is."""
    return f"claim-{record.claims[index].id}"
