"""A check as a value, and the record that checks look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, pointer_of
from reportgen.base.policy import Policy
from reportgen.record.exhibits import places
from reportgen.record.model import Database, Model, SourceReference
from reportgen.sources.citation import NamedSource, named_sources
from reportgen.text.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from reportgen.record import Loaded
    from reportgen.record.model import Record

    Find = Callable[["Subject"], Iterable["Finding"]]

Identity = tuple[str, str]
"""What two references to one work have in common: kind and value of the identifier."""
Finding = tuple[str, str] | tuple[str, str, str]
"""The JSON pointer of what is wrong, the message, and what to do where that is not what the check says of all."""

# Codes, names and addresses: text that no reader takes for prose.
_NOT_PROSE = frozenset(
    [
        *(
            "id",
            "schema",
            "$schema",
            "language",
            "license",
            "doi",
            "orcid",
            "type",
            "path",
            "sha256",
            "media_type",
        ),
        *("supersedes", "superseded_by", "translation_of", "event_id", "affected_fields", "lean4_source"),
        *("email", "settings_sha256", "claim", "command", "files", "data"),
    ]
)


@dataclass(frozen=True, slots=True)
class FieldText:
    """A text of the record: where it stands, and whether it is prose, and Markdown."""

    pointer: str
    text: str
    prose: bool
    markdown: bool


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Facts from later rooms that some checks ask for; without them those checks find nothing.

    Attributes: ``number_of`` returns the number of a source's reference; ``titles`` are the titles of works by
    identity; ``works`` maps an identity to the one it is cited by, where a key and a DOI name the same work;
    ``math_problem`` says why a dollar in a text opens no
    formula, or None, and ``markdown_math_problem`` the same of Markdown; ``printed_as_they_stand``,
    ``cited_keys``, ``mentioned_keys``, ``anchors``, ``unread_equations``, ``images``, ``undescribed_images`` and
    ``placements`` read a text in Markdown; ``known_keys`` returns the keys that could be cited; ``is_cited`` tells
    whether a key is among the references;
    ``tier_edges`` are the scores at which a quality tier begins or ends, ``languages`` those that
    the report has words in.

    """

    number_of: Callable[[SourceReference], int | None] = lambda _: None
    titles: Mapping[Identity, str] = field(default_factory=dict)
    works: Mapping[Identity, Identity] = field(default_factory=dict)
    math_problem: Callable[[str], str | None] = lambda _: None
    markdown_math_problem: Callable[[str], str | None] = lambda _: None
    printed_as_they_stand: Callable[[str], Iterable[tuple[str, str]]] = lambda _: ()
    cited_keys: Callable[[str], Sequence[str]] = lambda _: ()
    mentioned_keys: Callable[[str], Sequence[str]] = lambda _: ()
    anchors: Callable[[str], Sequence[str]] = lambda _: ()
    unread_equations: Callable[[str], Sequence[str]] = lambda _: ()
    images: Callable[[str], Sequence[str]] = lambda _: ()
    undescribed_images: Callable[[str], Sequence[str]] = lambda _: ()
    placements: Callable[[str], Sequence[str]] = lambda _: ()
    known_keys: Callable[[], Iterable[str]] = lambda: ()
    is_cited: Callable[[str], bool] = lambda _: False
    tier_edges: Sequence[float] = Policy().edges
    languages: Sequence[str] = LANGUAGES


@dataclass(frozen=True)
class Subject:
    """A record under examination."""

    loaded: Loaded
    knowledge: Knowledge

    @property
    def record(self) -> Record:
        """Return the record itself."""
        return self.loaded.record

    @cached_property
    def texts(self) -> tuple[FieldText, ...]:
        """Return every text of the record, in its order."""
        written = self.record.markdown_texts
        return tuple(_texts(self.record, "", written, prose=True))

    @cached_property
    def places(self) -> frozenset[str]:
        """Return the names that references in a text may lead to."""
        return places(self.record).union(f"claim-{claim.id}" for claim in self.record.claims)

    @cached_property
    def named(self) -> tuple[NamedSource, ...]:
        """Return every source that a field of the record names, where and what for."""
        return tuple(named_sources(self.record))

    def work(self, source: SourceReference) -> Identity:
        """Return what two references to one work have in common."""
        identity = source.identifier.identity
        return self.knowledge.works.get(identity, identity)


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: its stable code, its level unless the project sets another, and what to do about it."""

    code: str
    level: Level
    hint: str
    find: Find


def error(code: str, hint: str) -> Callable[[Find], Check]:
    """Make a function that finds errors into a check."""
    return lambda find: Check(code, Level.ERROR, hint, find)


def warning(code: str, hint: str) -> Callable[[Find], Check]:
    """Make a function that finds things a reader should know into a check."""
    return lambda find: Check(code, Level.WARNING, hint, find)


def _texts(value: Any, pointer: str, written: Mapping[str, str], *, prose: bool) -> Iterator[FieldText]:
    if isinstance(value, str):
        if not isinstance(value, Enum):
            yield FieldText(pointer, value, prose, pointer in written)
    elif isinstance(value, SourceReference):
        # Whether it was written as a string or as an object is not kept, so its own place is the nearest.
        given = value.item if value.item is not None else value.identifier.value
        yield from _texts(given, pointer, written, prose=False)
    elif isinstance(value, Database) and not value.is_detailed:
        yield FieldText(pointer, value.name, prose, markdown=False)
    elif isinstance(value, Model):
        for field_name, field in type(value).model_fields.items():
            child, name = getattr(value, field_name), field.alias or field_name
            if child is not None:
                yield from _texts(child, f"{pointer}/{name}", written, prose=prose and name not in _NOT_PROSE)
    elif isinstance(value, (dict, tuple, list)):
        members: Iterable[tuple[str | int, Any]] = (
            value.items() if isinstance(value, dict) else enumerate(value)
        )
        for part, child in members:
            yield from _texts(child, pointer + pointer_of([part]), written, prose=prose)
