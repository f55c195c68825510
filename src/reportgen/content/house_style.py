"""The house's own style of references: who, what, where it appeared, when, and where it can be found.

Every variable is taken once: what no part of the style asks for stands at the end, with a word for what it is, so that
nothing that was read is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reportgen.content.dates import written_date
from reportgen.content.marked_text import marked_inlines
from reportgen.content.names import written_name
from reportgen.sources.entry import CREATORS, MOST_NAMES
from reportgen.text.inline import inlines, joined, plain_text
from reportgen.text.mathematics import keep_apart
from reportgen.text.tree import Emphasis, Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.base.identifiers import Identifier
    from reportgen.sources import Entry
    from reportgen.text.tree import Inlines
    from reportgen.text.wording import Wording

_IN_JOURNAL = frozenset((
    "article-journal", "article-magazine", "article-newspaper", "review", "review-book", "periodical", "legal_case",
    "bill", "legislation", "regulation", "post-weblog",
))  # fmt: skip
"""CSL's types that stand in their container by volume and number: no "in" before it."""
_NUMBERED = frozenset(("report", "patent", "standard", "thesis", "legislation", "bill", "regulation"))
"""CSL's types whose number follows the name of their genre."""
_OF_WHOLE = ("editor", "container-author", "editorial-director", "collection-editor")
"""The roles that belong to what a part appeared in."""
_PLACE = re.compile(r"\{(\w+)\}")
_PMC = "https://www.ncbi.nlm.nih.gov/pmc/articles/"


def house_reference(entry: Entry, named: Identifier | None, wording: Wording) -> Inlines:
    """Describe one work; ``named`` is the identifier that the record has for it, if it is no key."""
    if entry.members:
        members = (house_reference(member, None, wording) for member in entry.members)
        lettered = ((f"({chr(ord('a') + place)}) ", *member) for place, member in enumerate(members))
        return joined(tuple(lettered), " ")
    return joined(tuple(_ended(part) for part in _Style(entry, named, wording).parts() if part), " ")


class _Word(str):
    """A word of our own, which begins a sentence with a capital letter."""

    __slots__ = ()


def _ended(part: Inlines) -> Inlines:
    """Make a sentence of a part."""
    first = part[0]
    if isinstance(first, _Word):
        part = (first[:1].upper() + first[1:], *part[1:])
    said = tuple(str(each) if isinstance(each, _Word) else each for each in part)
    return said if plain_text(said).endswith((".", "?", "!", "。")) else (*said, ".")


class _Style:
    """One reference in the making: holds what of the entry is still to be said."""

    def __init__(self, entry: Entry, named: Identifier | None, wording: Wording) -> None:
        self.entry, self.named, self.wording = entry, named, wording
        self.t = wording.t.references
        self.texts, self.names, self.dates = dict(entry.texts), dict(entry.names), dict(entry.dates)

    def parts(self) -> Iterator[Inlines]:
        """Yield the sentences of the reference."""
        # The identifiers and what is left over come last, but what they print is taken before the rest is looked at.
        found = self._found()
        note = self._take("note")
        yield self._creators()
        yield self._title()
        yield self._role_sentence(
            [role for role in self.names if role not in _OF_WHOLE or not self._in_whole]
        )
        yield self._container()
        event, original, reviewed, held = self._event(), self._original(), self._reviewed(), self._archive()
        yield event
        yield self._imprint()
        yield from (original, reviewed, held)
        yield from self._rest()
        yield note
        yield found

    # What is taken

    def _take(self, name: str) -> Inlines:
        return marked_inlines(self.texts.pop(name, ""))

    def _say(self, phrase: str, name: str) -> Inlines:
        """Take a text and put it into a phrase."""
        return self._put(phrase, text=self._take(name)) if name in self.texts else ()

    @staticmethod
    def _put(phrase: str, **contents: Inlines) -> Inlines:
        """Put contents into a phrase, each in the place of its name."""
        before, *rest = _PLACE.split(phrase)
        filled: list[Any] = [_Word(before)]
        for name, after in zip(rest[::2], rest[1::2], strict=True):
            filled += [*contents.pop(name, (f"{{{name}}}",)), after]
        # What a house's own phrase has no place for is said all the same.
        filled += [part for content in contents.values() for part in content]
        return tuple(part for part in filled if part != "")

    def _date(self, name: str) -> str:
        date = self.dates.pop(name, None)
        return written_date(date, self.wording) if date else ""

    def _listed(self, role: str) -> str:
        """Take the people of a role: a list as prose has it."""
        people = self.names.pop(role, ())
        names = [keep_apart(written_name(name)) for name in people[:MOST_NAMES]]
        if names and (len(people) > MOST_NAMES or role in self.entry.and_others):
            return f"{', '.join(names)} {self.t.and_others}"
        return self.wording.listing(names)

    def _role(self, role: str) -> Inlines:
        people = self._listed(role)
        phrase = str(self.t.roles.table.get(role, "{text}"))
        return self._put(phrase, text=inlines(people)) if people else ()

    # The parts

    def _creators(self) -> Inlines:
        role = next((role for role in CREATORS if self.names.get(role)), "")
        people = inlines(self._listed(role)) if role == "author" else self._role(role) if role else ()
        if group := self._take("collaboration"):
            people = (*people, " (", *group, ")") if people else group
        return people

    def _title(self) -> Inlines:
        title = self._take("title")
        return title if "container-title" in self.texts or not title else (Emphasis(title),)

    @property
    def _in_whole(self) -> bool:
        return "container-title" in self.texts

    def _role_sentence(self, roles: list[str]) -> Inlines:
        return joined(tuple(filter(None, map(self._role, roles))), "; ")

    def _container(self) -> Inlines:
        container = self._take("container-title")
        if not container:
            return ()
        if self.entry.type in _IN_JOURNAL or self.entry.type.startswith("article"):
            return self._in_journal((Emphasis(container),))
        said: list[Inlines] = [(f"{self.t['in']} ", Emphasis(container))]
        said += [found for role in _OF_WHOLE if (found := self._role(role))]
        return joined(tuple(filter(None, (*said, *self._volumes(), *self._places()))), ", ")

    def _in_journal(self, journal: Inlines) -> Inlines:
        said = [journal]
        if "collection-title" in self.texts:
            said.append(self._take("collection-title"))
        volume, issue = self._take("volume"), self._take("issue")
        if volume:
            said[-1] = (*said[-1], " ", *volume, *(("(", *issue, ")") if issue else ()))
        elif issue:
            said.append(self._put(self.t.number, text=issue))
        if volume and "article-number" not in self.texts and "volume-title" not in self.texts:
            pages = self._take("page")
            said[-1] = (*said[-1], *((": ", *pages) if pages else ()))
        said.append(self._emphasised("volume-title"))
        said += self._places()
        said += [self._role(role) for role in _OF_WHOLE]
        return joined(tuple(filter(None, said)), ", ")

    def _emphasised(self, name: str) -> Inlines:
        text = self._take(name)
        return (Emphasis(text),) if text else ()

    def _volumes(self) -> Iterator[Inlines]:
        """Say of which volumes and series the work is."""
        volume, main = self._take("volume"), self._emphasised("main-title")
        series, number = self._take("collection-title"), self._take("collection-number")
        whole = main or (() if number else series)
        if volume and whole:
            yield self._put(self.t.volume_of, volume=volume, series=whole)
        else:
            yield (_Word(f"{self.t.volume} "), *volume) if volume else ()
            yield main
        yield self._emphasised("volume-title")
        if series and number:
            yield self._put(self.t.number_in, number=number, series=series)
        elif number:
            yield self._put(self.t.number, text=number)
        elif series and (main or not volume):
            yield series
        yield self._say(self.t.number, "issue")
        yield self._say(self.t.volumes, "number-of-volumes")

    def _places(self) -> Iterator[Inlines]:
        """Say where in a whole the part stands."""
        for name in ("part-number", "chapter-number", "section", "article-number"):
            yield self._say(self.t.labels[name], name)
        yield self._pages()

    def _pages(self) -> Inlines:
        pages = self.texts.get("page", "")
        if not pages:
            return ()
        if not pages[:1].isdigit() and not any(character.isdigit() for character in pages):
            is_single = "–" not in pages
        else:
            is_single = not any(sign in pages for sign in "–-,;&+ ")
        return (_Word(f"{self.t.page if is_single else self.t.pages} "), *self._take("page"))

    def _edition(self) -> Inlines:
        edition = self.texts.get("edition", "")
        if not edition.isdigit():
            return self._take("edition")
        self.texts.pop("edition")
        if int(edition) == 1:
            return inlines(self.t.first_edition)
        number = _ordinal(int(edition)) if self.wording.language == "en" else edition
        return inlines(str(self.t.edition).replace("{n}", number))

    def _imprint(self) -> Inlines:
        said: list[Inlines] = [*self._genre(), *self._volumes(), *self._places(), self._edition()]
        said.append(self._say(self.t.labels["printing-number"], "printing-number"))
        version = self.texts.get("version", "")
        said.append(self._say(self.t.version if version[:1].isdigit() else "{text}", "version"))
        said += [self._take(name) for name in ("medium", "dimensions", "scale")]
        said.append(joined(tuple(filter(None, (self._take("authority"), self._take("jurisdiction")))), ", "))
        said.append(
            joined(tuple(filter(None, (self._take("publisher-place"), self._take("publisher")))), ": ")
        )
        said.append(self._say(self.t.total_pages, "number-of-pages"))
        status = self.texts.pop("status", "")
        known = self.t.statuses.table.get(status.lower().replace(" ", ""))
        said.append((_Word(known),) if known else marked_inlines(status))
        said.append(inlines(self._date("issued")))
        return joined(tuple(filter(None, said)), ", ")

    def _genre(self) -> Iterator[Inlines]:
        genre, number = self._take("genre"), self._take("number")
        if genre and number and self.entry.type in _NUMBERED:
            yield (*genre, " ", *number)
            return
        yield genre
        if number:
            is_bare = self.entry.type in _NUMBERED and not plain_text(number)[:1].isdigit()
            yield number if is_bare else self._put(self.t.number, text=number)

    def _event(self) -> Inlines:
        said = (self._take("event-title"), self._take("event-place"), inlines(self._date("event-date")))
        return joined(tuple(filter(None, said)), ", ")

    def _original(self) -> Inlines:
        """Say how the work first appeared."""
        place = joined(
            tuple(filter(None, (self._take("original-publisher-place"), self._take("original-publisher")))),
            ": ",
        )
        language = self._take("original-language")
        said = (self._emphasised("original-title"), language, place, inlines(self._date("original-date")))
        content = joined(tuple(filter(None, said)), ", ")
        return self._put(self.t.original, text=content) if content else ()

    def _reviewed(self) -> Inlines:
        """Say what the work is a review of."""
        author = self._role("reviewed-author")
        said = (self._take("reviewed-genre"), self._emphasised("reviewed-title"), author)
        content = joined(tuple(filter(None, said)), ", ")
        return self._put(self.t.review_of, text=content) if content else ()

    def _archive(self) -> Inlines:
        if self.entry.identifier("arxiv") and "archive" not in self.texts:
            self.texts.pop("archive_collection", "")  # stands behind the identifier
        names = ("archive", "archive-place", "archive_collection", "archive_location", "call-number")
        return joined(tuple(filter(None, map(self._take, names))), ", ")

    def _rest(self) -> Iterator[Inlines]:
        """Say what no part of the style has asked for."""
        for name in list(self.texts):
            yield self._say(str(self.t.labels.table.get(name, "{text}")), name)
        yield self._role_sentence(list(self.names))
        for name in list(self.dates):
            yield self._put(str(self.t.labels.table.get(name, "{text}")), text=inlines(self._date(name)))

    def _found(self) -> Inlines:
        """Say where the work can be found: what the record names first, then whatever else identifies it."""
        known = {found.identity: found for found in self.entry.identifiers}
        if self.named is not None:
            known = {self.named.identity: self.named} | {
                name: found for name, found in known.items() if name != self.named.identity
            }
        said = [self._identifier(found) for found in known.values()]
        if code := self.texts.pop("PMCID", ""):
            said.append((Link((code,), f"{_PMC}{code}/"),))
        if numbers := self._take("ISSN"):
            said.append(("ISSN ", *numbers))
        if accessed := self._date("accessed"):
            said.append(inlines(self.wording.say("references.accessed", date=accessed)))
        return joined(tuple(said), ", ")

    def _identifier(self, identifier: Identifier) -> Inlines:
        label: Inlines = (str(identifier),)
        if identifier.kind == "arxiv" and "archive_collection" in self.entry.texts:
            label += (" [", *marked_inlines(self.entry.texts["archive_collection"]), "]")
        return label if identifier.url is None else (Link(label, identifier.url),)


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"
