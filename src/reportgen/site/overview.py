"""The pages that lead to reports: lists of them, of their sources, what rests on each source, what the words mean."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from reportgen import __version__
from reportgen.base import numbers
from reportgen.base.foreign import parse_foreign_toml
from reportgen.base.paths import packaged_folder
from reportgen.content.quality import tier_rule
from reportgen.html.render import HTML, escape, render_words
from reportgen.record.model import GateStatus
from reportgen.site.layout import (
    ABOUT,
    PAGE,
    SOURCES,
    part_address,
    report_address,
    source_address,
    up_from,
    version_order,
)
from reportgen.site.words import site_words
from reportgen.text.inline import inlines
from reportgen.text.templates import Output, Writer, Written
from reportgen.text.wording import LANGUAGES, Phrases, Wording, wording_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.base.settings import Settings
    from reportgen.site.summary import SourceUse, Summary

A_PAGE: Final = 50
"""Reports, sources, or reports that rest on one source, on a page."""
NOT_FOUND: Final = "404.html"
TITLES: Final = "titles.js"
FILTERS: Final = ("tier", "verdict", "gate", "kind", "year")
SEARCHED: Final = (*FILTERS, "source")
"""What a search filters by, in the order of the values in its list; the script has the same."""
_LOCALE = "locale"
_OUTPUT = Output(
    "site",
    ".html.j2",
    escape,
    functions={"address": HTML.functions["address"], "page": PAGE, "version": __version__},
)


class Use(NamedTuple):
    """What a version of a report takes from a source."""

    report: Summary
    source: SourceUse
    is_newest: bool


@dataclass(frozen=True)
class Overview:
    """The reports of a site, and what its lists are written with.

    Without a ``base_url`` the site does not know its own address, and has no feed. ``fragments`` are the names that the
    index of all words has for the pages of reports, by their addresses, ``parts`` the names of its parts: none where
    there is no such index.
    """

    summaries: Sequence[Summary]
    settings: Settings
    base_url: str = ""
    fragments: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()

    @cached_property
    def newest(self) -> tuple[Summary, ...]:
        """Return the newest version of each report, the report of the latest date first."""
        versions: defaultdict[str, list[Summary]] = defaultdict(list)
        for summary in self.summaries:
            versions[summary.id].append(summary)
        last = (max(each, key=lambda one: version_order(one.version)) for each in versions.values())
        return tuple(sorted(last, key=lambda one: (one.date, one.updated, one.id), reverse=True))

    @cached_property
    def wording(self) -> Wording:
        """Return the words of the language that most reports have."""
        spoken = Counter(each.language.partition("-")[0].lower() for each in self.newest)
        language = max(LANGUAGES, key=lambda each: (spoken[each], -LANGUAGES.index(each)))
        folder = packaged_folder("templates") / _LOCALE
        words = wording_for(language, folder)
        own = parse_foreign_toml((folder / f"overview.{language}.toml").read_bytes())
        pages = site_words(language).t.table["page"]
        return Wording(language, Phrases("t", {**words.t.table, "page": pages, "overview": own}))

    @cached_property
    def uses(self) -> Mapping[str, Sequence[Use]]:
        """Return what rests on each source, by the name of its work; the newest report and version first."""
        newest = {each.address for each in self.newest}
        found: defaultdict[str, list[Use]] = defaultdict(list)
        for summary in sorted(self.summaries, key=_order, reverse=True):
            for source in summary.sources:
                found[source.key].append(Use(summary, source, summary.address in newest))
        return found

    def searched(self) -> Iterator[tuple[str, dict[str, bytes]]]:
        """Yield the files of each place from which the reports are searched, with its address; the root last."""
        facets = {name: self._choices(name) for name in FILTERS}
        example = self.newest[0].display_id if self.newest else ""
        lost = self._page("not_found", "", up=urlsplit(self.base_url).path)
        root, *others = self._list("index", self.newest, "", facets=facets, example=example)
        yield from others
        yield "", {**root[1], NOT_FOUND: lost}

    def others(self) -> Iterator[tuple[str, dict[str, bytes]]]:
        """Yield the files of every other place that is no report's, with its address."""
        for summary in self.newest:
            address = report_address(summary.id)
            yield address, {PAGE: self._page("moved", address, report=summary)}
        yield from self._list("sources", self._sources(), SOURCES)
        for key, uses in self.uses.items():
            about = {"key": key, "source": uses[0].source, "reports": len({use.report.id for use in uses})}
            yield from self._list("source", uses, source_address(key), **about)
        yield ABOUT, {PAGE: self._page("about", ABOUT, **self._explained())}

    def titles(self) -> bytes:
        """Write what a search needs to know of each report, the newest first: a list of values each, in one script.

        It is a script, since a page that was opened from a disk may read no other file.
        """
        names = {
            name: sorted({value for each in self.newest for value in each.facets[name]}) for name in SEARCHED
        }
        places = {
            name: {value: place for place, value in enumerate(values)} for name, values in names.items()
        }
        reports = [
            [
                each.address.removeprefix(report_address("")[:-1]).removesuffix("/"),
                each.title,
                each.date,
                each.display_id,
                each.notice,
                self.fragments.get(each.address, ""),
                *([places[name][value] for value in each.facets[name]] for name in SEARCHED),
            ]
            for each in self.newest
        ]
        values = json.dumps({"names": names, "reports": reports}, separators=(",", ":"))
        return f"window.reports = {values};\n".encode()

    def _choices(self, name: str) -> list[tuple[str, str, str]]:
        """List the values of a filter that reports have, each with its word and how many reports that are."""
        found = Counter(value for each in self.newest for value in each.facets.get(name, ()))
        ordered = sorted(found, reverse=True) if name == "year" else sorted(found, key=self._place_of(name))
        return [(value, self._word(name, value), numbers.whole(found[value])) for value in ordered]

    def _place_of(self, name: str) -> Any:
        """Return what orders the values of a filter: tiers as the house's policy has them, else by their words."""
        tiers = self.settings.policy.tier_names
        return lambda value: (tiers.index(value) if value in tiers else len(tiers), self._word(name, value))

    def _word(self, name: str, value: str) -> str:
        return value if name == "year" else self.wording.named(name, value)

    def _sources(self) -> list[tuple[str, SourceUse, int, int]]:
        """List all sources, those that most reports rest on first."""
        listed = [
            (key, uses[0].source, len({use.report.id for use in uses}), _claims_on(uses))
            for key, uses in self.uses.items()
        ]
        return sorted(listed, key=lambda each: (-each[2], -each[3], each[1].text, each[0]))

    def _explained(self) -> Mapping[str, Any]:
        """Return the house's words for what reports are rated by, the same that are printed in them."""
        policy, wording, t = self.settings.policy, self.wording, self.wording.t
        own = t.overview.explained
        levels = [(number, t.level[str(number)]) for number in range(8)] if policy.ladder else []
        return {
            "publisher": self.settings.publisher.name,
            "verdicts": [
                (t.verdict[name], meaning) for name, meaning in t.overview.verdict_meaning.table.items()
            ],
            "stances": [
                (t.overview.source[name], said) for name, said in t.overview.stance_meaning.table.items()
            ],
            "levels": levels,
            "tiers": [tier_rule(tier, wording) for tier in policy.tiers if not tier.printed_only],
            "gates": [(t.gate[str(each)], t.gate_definition[str(each)]) for each in GateStatus]
            if policy.gate
            else [],
            "provenance": [own.provenance_3, own.provenance_4] if policy.ladder else [],
            "dimensions": list(t.dimension.table.values()) if policy.dimensions else [],
        }

    def _list(
        self, template: str, items: Sequence[Any], address: str, **about: Any
    ) -> Iterator[tuple[str, dict[str, bytes]]]:
        """Yield the pages of a list, `A_PAGE` items on each; an empty one has a page, too."""
        total = max(1, -(-len(items) // A_PAGE))
        for number in range(1, total + 1):
            here = part_address(address, number)
            up = up_from(here)
            ways = {
                name: f"{up}{part_address(address, other)}{PAGE}"
                for name, other in (("previous", number - 1), ("next", number + 1))
                if 1 <= other <= total
            }
            part = items[(number - 1) * A_PAGE : number * A_PAGE]
            first = (number - 1) * A_PAGE + 1
            values = {
                **about,
                "items": part,
                "total": len(items),
                "first": first,
                "number": number,
                "pages": total,
            }
            yield here, {PAGE: self._page(template, here, ways=ways, **values)}

    def _page(self, template: str, address: str, **values: Any) -> bytes:
        writer = Writer(
            _OUTPUT, t=self.wording.t, say=self.wording.say, whole=numbers.whole, words=self._words
        )
        writer.give(date=self._date, word=self._word, score=self._score)
        common = {
            "up": up_from(address),
            "language": self.wording.language,
            "site_title": self.settings.publisher.name
            if self.settings.names_publisher
            else self.wording.t.page.reports,
            "names_publisher": self.settings.names_publisher,
            "index_parts": self.parts,
            "has_feed": bool(self.base_url),
            "base_url": self.base_url,
            "filters": FILTERS,
        }
        return writer.document(f"{template}.html.j2", **{**common, **values}).encode()

    def _words(self, text: str) -> Written:
        """Write a text of a record, with its formulas."""
        return render_words(inlines(text), self.wording.language) if "$" in text else Written(escape(text))

    def _date(self, day: str) -> str:
        return self.wording.date(dt.date.fromisoformat(day))

    def _score(self, value: float) -> str:
        shown = numbers.short_score(value, self.settings.policy.edges, self.wording.t.format.decimal)
        return self.wording.say("overview.score", score=shown)


def _order(summary: Summary) -> tuple[Any, ...]:
    return summary.date, summary.updated, summary.id, version_order(summary.version)


def _claims_on(uses: Sequence[Use]) -> int:
    """Count the claims of the newest versions that rest on a source."""
    return sum(len(use.source.claims) for use in uses if use.is_newest)
