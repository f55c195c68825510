"""A long search: random examples of every fuzzer in turn, and each new flaw made small and kept in a file."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cases import Case
from fuzzers import FUZZERS
from hypothesis import HealthCheck, Phase, given, seed, settings
from world import Judged, World

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ROUND = 25
"""Examples of one fuzzer before the next one's turn."""
SMALLER_SECONDS = 100
"""How long an input that failed is made smaller."""


class _EnoughError(BaseException):
    """The time is over: hypothesis lets through what is no Exception."""


Counts = Counter[tuple[str, str]]


def search(folder: Path, deadline: float, names: Sequence[str], number: int) -> tuple[Counts, Counts]:
    """Search until a moment, with a number that other workers do not have; count outcomes and flaws by fuzzer."""
    chance = random.Random(number)
    found = _Found(folder, deadline)
    start = number % len(names)
    with World() as world:
        for name in itertools.cycle([*names[start:], *names[:start]]):
            if time.time() > deadline:
                break
            _Round(found, world, name, chance.getrandbits(32)).run()
    return found.outcomes, found.flaws


@dataclass
class _Found:
    """What a search saw: the outcomes by fuzzer, and how often each kind of flaw came; the first is kept."""

    folder: Path
    deadline: float
    outcomes: Counts = field(default_factory=Counter)
    flaws: Counts = field(default_factory=Counter)


@dataclass
class _Round:
    """Some examples of one fuzzer. A flaw that is new ends it, after its input was made small."""

    search: _Found
    world: World
    name: str
    seed: int
    found: Judged | None = None
    until: float = 0

    def run(self) -> None:
        @seed(self.seed)
        @settings(
            max_examples=ROUND,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )
        @given(FUZZERS[self.name].cases())
        def examples(case: Case) -> None:
            self._example(case)

        try:
            examples()
        except (_EnoughError, Exception):
            if self.found is None and time.time() < self.search.deadline:
                raise
        if self.found is not None:
            self._keep(self.found)

    def _example(self, case: Case) -> None:
        now = time.time()
        if now > (self.until or self.search.deadline):
            raise _EnoughError
        judged = self.world.run(case)
        if self.found is not None:
            if judged.kind == self.found.kind:
                if case.size <= self.found.case.size:
                    self.found = judged
                raise AssertionError(judged.flaws)
            return
        self.search.outcomes[self.name, judged.outcome] += 1
        if judged.flaws:
            flaw = (self.name, judged.kind)
            self.search.flaws[flaw] += 1
            if self.search.flaws[flaw] == 1:
                self.found, self.until = judged, now + SMALLER_SECONDS
                raise AssertionError(judged.flaws)

    def _keep(self, judged: Judged) -> None:
        self.search.folder.mkdir(parents=True, exist_ok=True)
        facts = {"fuzzer": self.name, "seed": self.seed, "outcome": judged.outcome, "flaws": judged.flaws}
        path = self.search.folder / f"{self.name.replace(' ', '-')}-{judged.case.digest}.json"
        path.write_text(judged.case.as_json(**facts))
        print(f"{path}: {judged.kind}", flush=True)


def replay(path: Path) -> Judged:
    """Run a case that was kept."""
    with World() as world:
        return world.run(Case.from_json(path.read_text()))


def table(outcomes: Counts) -> str:
    """Count the outcomes of each fuzzer, the most frequent first."""
    lines = []
    for name, found in itertools.groupby(sorted(outcomes), key=lambda key: key[0]):
        counted = sorted(((outcomes[key], key[1]) for key in found), reverse=True)
        lines.append(f"{name}: {sum(count for count, _ in counted)}")
        lines += [f"  {count:6}  {outcome}" for count, outcome in counted]
    return "\n".join(lines)
