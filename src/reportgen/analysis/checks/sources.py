"""Checks of the sources, of what is cited of them, and of titles taken from them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from reportgen.analysis.checks.subject import error, warning
from reportgen.base.characters import normal
from reportgen.base.identifiers import identify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.analysis.checks.subject import Finding, Identity, Subject


@warning(
    "fewer-sources-than-retrieved",
    "list every such paper in `sources`; those that no claim cites are printed as such",
)
def fewer_sources_than_retrieved(subject: Subject) -> Iterator[Finding]:
    """Compare the papers included, or else those retrieved, with the different works listed."""
    search = subject.record.search
    listed = len({subject.work(source) for source in subject.record.sources})
    if search is None:
        return
    name = "papers_retrieved" if search.included is None else "included"
    count = getattr(search, name)
    if count is not None and listed < count:
        yield f"/search/{name}", f"{count} papers {name.removeprefix('papers_')}, {listed} listed"


@warning(
    "source-never-cited",
    "name it in the `sources` of the claims it supports; otherwise it is printed as not cited",
)
def source_never_cited(subject: Subject) -> Iterator[Finding]:
    """Find sources that no claim, section, background or benchmark entry cites; of a work listed twice the first."""
    cited, repeated = _cited(subject), {index for index, _ in _listed_again(subject)}
    for index, source in enumerate(subject.record.sources):
        if index not in repeated and subject.work(source) not in cited:
            yield f"/sources/{index}", f"nothing cites {source.identifier}"


@warning(
    "source-listed-twice",
    "remove one of the two: the work is printed once, with what is known under either name",
)
def source_listed_twice(subject: Subject) -> Iterator[Finding]:
    """Find sources that are one reference with an earlier one, such as a DOI beside the key of its entry."""
    for index, first in _listed_again(subject):
        identifier = subject.record.sources[index].identifier
        yield f"/sources/{index}", f"{identifier} is the same work as sources[{first}]"


def _listed_again(subject: Subject) -> Iterator[tuple[int, int]]:
    """Yield the place of each source that is listed already, and that of its first mention."""
    seen: dict[int, int] = {}
    for index, source in enumerate(subject.record.sources):
        number = subject.knowledge.number_of(source)
        if number is not None and (first := seen.setdefault(number, index)) != index:
            yield index, first


def _cited(subject: Subject) -> set[Identity]:
    cited = {subject.work(each.source) for each in subject.named if each.use not in {"listed", "lead"}}
    for text in subject.record.markdown_texts.values():
        named = (*subject.knowledge.cited_keys(text), *subject.knowledge.mentioned_keys(text))
        identities = [identity for key in named for identity in _identities(key)]
        cited.update(subject.knowledge.works.get(identity, identity) for identity in identities)
    return cited


def _identities(key: str) -> Iterator[Identity]:
    """Yield what a key in a text may name: an entry, and the work whose identifier it is."""
    yield ("key", key)
    with suppress(ValueError):  # a key of unusual characters is no identifier
        yield identify(key).identity


@error(
    "duplicate-citation-key",
    "give each item its own `id`",
)
def duplicate_citation_key(subject: Subject) -> Iterator[Finding]:
    """Find inline CSL items that share an id and say different things."""
    items: dict[str, object] = {}
    for pointer, source, *_ in subject.named:
        if source.item is not None and items.setdefault(source.item["id"], source.item) != source.item:
            yield pointer, f"an earlier source has the id `{source.item['id']}` and is another"


@warning(
    "title-not-own",
    "give the report a title of its own",
)
def title_not_own(subject: Subject) -> Iterator[Finding]:
    """Find a title that is the research question, or the title of one of the sources."""
    record = subject.record
    title = _folded(record.title)
    if title == _folded(record.question):
        yield "/title", "the title is the research question"
    sources = [each.source for each in subject.named]
    titles = {subject.knowledge.titles.get(source.identifier.identity, "") for source in sources}
    titles |= {str(source.item.get("title", "")) for source in sources if source.item}
    for other in sorted(titles):
        if _folded(other) == title:
            yield "/title", f"the title is that of a source: {other}"
            return


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, normal("NFKC", text).casefold()))


CHECKS = (
    fewer_sources_than_retrieved,
    source_never_cited,
    source_listed_twice,
    duplicate_citation_key,
    title_not_own,
)
