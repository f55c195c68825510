"""Ask for identifiers, tell what became of each, keep the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from reportgen.base.errors import BibliographyError, Level, Problem, Where
from reportgen.sources.fetch.answers import read_atom_answer, read_csl_answer
from reportgen.sources.fetch.registry import ClientOptions, NoAnswerError, Registry
from reportgen.sources.lock import lock_item, lock_key, read_lock, write_lock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from reportgen.base.identifiers import Identifier

_CSL_JSON = "application/vnd.citationstyles.csl+json"
_ATOM = "application/atom+xml"
_BATCH = 25


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """The result for each identifier; ``cached`` ones were in the lock file already.

    ``not_asked`` are those of the unresolved of which no registry heard; ``written`` tells whether the lock file was.
    """

    fetched: tuple[Identifier, ...] = ()
    cached: tuple[Identifier, ...] = ()
    unresolved: tuple[Identifier, ...] = ()
    problems: tuple[Problem, ...] = ()
    not_asked: tuple[Identifier, ...] = ()
    written: bool = False

    def raise_errors(self) -> None:
        """End with the problems when one of them is an error.

        Raises:
            BibliographyError: an identifier was not found, or a registry could not be asked.

        """
        if any(problem.level is Level.ERROR for problem in self.problems):
            raise BibliographyError(self.problems)


_DEFAULT = ClientOptions()


def fetch(
    identifiers: Iterable[Identifier],
    lock: Path,
    fetched_on: dt.date,
    options: ClientOptions = _DEFAULT,
    *,
    refresh: bool = False,
) -> FetchOutcome:
    """Ask the registries for identifiers and keep the answers in the lock file.

    What is in the lock file is not asked for again unless ``refresh``. What was answered is kept even
    when something else fails; the lock file is replaced in one step, and only when it changes.

    Raises:
        BibliographyError: the lock file cannot be read or written.
        SettingsError: a registry has no address.

    """
    locked = read_lock(lock)
    wanted = {lock_key(identifier): identifier for identifier in identifiers}
    cached = tuple(found for key, found in wanted.items() if key in locked and not refresh)
    asked = [found for found in wanted.values() if found not in cached]
    answers = dict(locked)
    outcomes: dict[Identifier, _Found | Problem] = {}
    try:
        for identifier, outcome in _ask_all(asked, options):
            outcomes[identifier] = outcome
            if isinstance(outcome, _Found):
                answers[lock_key(identifier)] = lock_item(outcome.item, fetched_on, outcome.origin)
    finally:
        if answers != locked:
            write_lock(lock, answers)
    fetched = tuple(found for found, outcome in outcomes.items() if isinstance(outcome, _Found))
    unresolved = tuple(found for found in asked if lock_key(found) not in answers)
    not_asked = tuple(found for found in unresolved if _is_unasked(outcomes.get(found)))
    problems = tuple(_problems(outcomes))
    return FetchOutcome(fetched, cached, unresolved, problems, not_asked, answers != locked)


def _is_unasked(outcome: _Found | Problem | None) -> bool:
    return not isinstance(outcome, _Found) and (
        outcome is None or outcome.code in ("offline", "not-fetchable")
    )


class _Found(NamedTuple):
    item: dict[str, Any]
    origin: str


def _problems(outcomes: dict[Identifier, _Found | Problem]) -> Iterator[Problem]:
    """Tell of each failure once, with all identifiers it concerns."""
    concerned: dict[Problem, list[str]] = {}
    for identifier, outcome in outcomes.items():
        if isinstance(outcome, Problem):
            concerned.setdefault(outcome, []).append(str(identifier))
    for failed, names in concerned.items():
        yield replace(failed, message=f"{', '.join(names)}: {failed.message}")


def _ask_all(
    asked: Sequence[Identifier], options: ClientOptions
) -> Iterator[tuple[Identifier, _Found | Problem]]:
    if dois := [identifier for identifier in asked if identifier.kind == "doi"]:
        with Registry(options.doi_url, options) as registry:
            for identifier in dois:
                yield identifier, _ask_doi(identifier, registry, options)
    if papers := [identifier for identifier in asked if identifier.kind == "arxiv"]:
        with Registry(options.arxiv_url, options, interval=options.arxiv_interval) as registry:
            for start in range(0, len(papers), _BATCH):
                yield from _ask_arxiv(papers[start : start + _BATCH], registry, options).items()
    for identifier in asked:
        if identifier.kind not in ("doi", "arxiv"):
            message = "only DOIs and arXiv papers can be asked for"
            hint = "add an entry to the bibliography, or give the source as a CSL-JSON item"
            yield identifier, Problem("not-fetchable", Level.WARNING, Where(), message, hint)


def _ask_doi(identifier: Identifier, registry: Registry, options: ClientOptions) -> _Found | Problem:
    url = options.doi_url + str(identifier.url).removeprefix("https://doi.org/")
    try:
        body = registry.get(url, _CSL_JSON)
        return _Found(read_csl_answer(body, identifier), url)
    except NoAnswerError as error:
        return error.problem
    except ValueError as error:
        hint = "check the DOI; the registry may not offer metadata"
        return Problem("fetch-failed", Level.ERROR, Where(), f"{registry.host}: {error}", hint)


def _ask_arxiv(
    papers: Sequence[Identifier], registry: Registry, options: ClientOptions
) -> dict[Identifier, _Found | Problem]:
    names = [str(identifier).removeprefix("arXiv:") for identifier in papers]
    url = f"{options.arxiv_url}?id_list={quote(','.join(names), safe=',/')}&max_results={len(names)}"
    try:
        found = read_atom_answer(registry.get(url, _ATOM), papers)
    except NoAnswerError as error:
        if error.problem.code == "fetch-refused" and len(papers) > 1:
            # One bad id spoils the answer for the whole list.
            alone = [_ask_arxiv([paper], registry, options) for paper in papers]
            return {identifier: outcome for answer in alone for identifier, outcome in answer.items()}
        return dict.fromkeys(papers, error.problem)
    except ValueError as error:
        message = f"{registry.host}: {error}"
        failed = Problem("fetch-failed", Level.ERROR, Where(), message, "try again later")
        return dict.fromkeys(papers, failed)
    return {
        paper: _Found(found[paper], url) if paper in found else registry.not_found().problem
        for paper in papers
    }
