"""The author and editor fields of .bib files: names split first, their parts decoded after."""

from __future__ import annotations

from dataclasses import dataclass

from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from reportgen.sources.entry import Name
from reportgen.sources.latex_text import decode_latex

_OTHERS = frozenset(["others", "et al", "et al."])


@dataclass(frozen=True, slots=True)
class AuthorList:
    """Names in order; ``et_al`` when the list ends with "and others".

    ``unknown`` holds LaTeX commands left as written, ``unsplit`` names that are no BibTeX names and so
    stand whole; ``fault`` says why one of them could not be decoded.
    """

    names: tuple[Name, ...] = ()
    et_al: bool = False
    unknown: tuple[str, ...] = ()
    unsplit: tuple[str, ...] = ()
    fault: str = ""


def read_author_list(source: str) -> AuthorList:
    """Split ``Knuth, Donald E. and {CERN Collaboration} and others`` into names."""
    names: list[Name] = []
    unknown: list[str] = []
    unsplit: list[str] = []
    faults: list[str] = []
    et_al = False

    def decode(text: str) -> str:
        decoded = decode_latex(text)
        unknown.extend(decoded.unknown)
        faults.append(decoded.fault)
        return decoded.text

    for person in split_multiple_persons_names(source):
        if person.strip().lower() in _OTHERS:
            et_al = True
        elif _is_one_group(person):
            names.append(Name(literal=decode(person)))
        else:
            try:
                parts = parse_single_name_into_parts(person)
            except InvalidNameError:
                names.append(Name(literal=decode(person)))
                unsplit.append(names[-1].literal)
                continue
            names.append(
                Name(
                    family=decode(" ".join(parts.last)),
                    given=decode(" ".join(parts.first)),
                    particle=decode(" ".join(parts.von)),
                    suffix=decode(" ".join(parts.jr)),
                )
            )
    return AuthorList(tuple(names), et_al, tuple(unknown), tuple(unsplit), max(faults, default=""))


def _is_one_group(text: str) -> bool:
    """Say whether a single pair of braces holds the whole text."""
    if not (text.startswith("{") and text.endswith("}")):
        return False
    depth = 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1
    return False
