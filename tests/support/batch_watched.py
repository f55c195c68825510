"""A project whose every run is looked at: what is built, what is told, what the folder and its state hold then."""

from __future__ import annotations

import shutil
from random import Random
from typing import TYPE_CHECKING

from batch_edits import Edits
from batch_outlook import Outlook, contents
from batch_project import Project
from reportgen.pipeline.batch.leftovers import PRUNED, may_be_pruned
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.run import Batch, run_batch
from reportgen.pipeline.batch.state import entry_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from batch_outlook import Expected
    from reportgen.pipeline.batch.worker import Result, Task

READY = (Status.BUILT, Status.UNCHANGED)
SUFFIXES = (".json", ".yaml", ".jsonl", ".parquet")


class WatchedProject:
    """A project with random edits; ``build`` makes a report anew, to hold those of the runs against."""

    def __init__(
        self, root: Path, seed: int, build: Callable[[Task], Result], *, is_small: bool = False
    ) -> None:
        self.random = Random(seed)
        self.root = root
        self.project = Project.lay_out(root / "project")
        self.edits = Edits(self.project, self.random, is_small=is_small)
        self.outlook = Outlook(self.project, build)
        self.happened: list[str] = []
        self.saved: list[Path] = []
        self.built = 0

    def run(self) -> None:
        """Run once and look at all that a run promises."""
        expected = self.outlook.expected()
        needed = [each for each in expected if self.outlook.must_be_built(each)]
        before = contents(self.project.out)
        self._settle(needed, expected, self.batch(check=True), Status.STALE)
        assert contents(self.project.out) == before
        outcomes = self.batch()
        self.built += len(needed)
        self._settle(needed, expected, outcomes, Status.BUILT)
        self._look_at_folder(expected, outcomes)
        state = self.outlook.state()
        again = self.batch()
        self._settle([], expected, again, Status.BUILT)
        assert self.outlook.state() == state
        assert left_over(again) == left_over(outcomes)
        self._settle([], expected, self.batch(check=True), Status.STALE)
        assert self.outlook.state() == state
        if self.random.random() < 0.3:
            self.saved.append(self.root / f"saved-{len(self.saved)}")
            shutil.copytree(self.project.out, self.saved[-1])

    def batch(self, **options: object) -> list[Outcome]:
        return list(run_batch(self.outlook.sources, Options(jobs=1, **options)))

    @staticmethod
    def _settle(
        needed: Sequence[Expected], expected: Sequence[Expected], outcomes: Sequence[Outcome], word: Status
    ) -> None:
        """See that each record came to what it must, and was built only where it must be."""
        found = [outcome for outcome in outcomes if outcome.status is not Status.LEFT_OVER]
        must = [
            Status.FAILED if each.codes else word if each in needed else Status.UNCHANGED for each in expected
        ]
        told = [(outcome.name, outcome.status) for outcome in found]
        assert told == [(each.source.name, status) for each, status in zip(expected, must, strict=True)], [
            (e, o) for e, o, m in zip(expected, found, must, strict=True) if o.status != m
        ]
        for each, outcome in zip(expected, found, strict=True):
            assert {problem.code for problem in outcome.errors} == each.codes
            own = {
                problem.where.file for problem in outcome.problems if problem.where.file.endswith(SUFFIXES)
            }
            assert "duplicate-id" in each.codes or own <= {str(each.source.path)}
        doubled = [p for outcome in found for p in outcome.errors if p.code == "duplicate-id"]
        assert len(set(doubled)) == len({each.identity for each in expected if "duplicate-id" in each.codes})

    def _look_at_folder(self, expected: Sequence[Expected], outcomes: Sequence[Outcome]) -> None:
        """See that every report is current, and that of every other PDF something is told."""
        current = {each.name: each.pdf for each in expected if each.pdf}
        found = {name: content for name, content in contents(self.project.out).items() if "/" not in name}
        assert {name: found.get(name) for name in current} == current
        assert all(name.endswith(".pdf") for name in found)
        codes = left_over(outcomes)
        others = found.keys() - current.keys()
        told = {name for name, _ in codes}
        assert told <= others, "a current report is told as left over"
        with_failed = {
            problem.message.split(" is the last ")[0].rpartition("/")[2]
            for outcome in outcomes
            for problem in outcome.problems
            if problem.code == "old-report" and outcome.status is Status.FAILED
        }
        unknown = {name for name in others - with_failed if not entry_file(self.project.out, name).exists()}
        assert others - told - with_failed - unknown <= self._kept_versions(expected)
        said = [p for outcome in outcomes for p in outcome.problems if p.code == "unknown-pdf"]
        assert bool(said) == bool(unknown)
        assert all(any(name in p.message for p in said) or len(unknown) > 3 for name in unknown)
        assert {name for name, code in codes if code == "record-gone"}.isdisjoint(self._of(expected))

    def _of(self, expected: Sequence[Expected]) -> set[str]:
        """Name the PDFs that the state gives to records that are there."""
        ids = {each.id for each in expected}
        return {name for name, entry in self.outlook.entries().items() if entry["id"] in ids}

    def _kept_versions(self, expected: Sequence[Expected]) -> set[str]:
        """Name the reports of earlier versions, where the pattern keeps one of each."""
        pattern = (self.project.root / "reportgen.toml").read_text()
        return self._of(expected) if "{version}" in pattern else set()

    def prune(self) -> None:
        """Remove what is left over, and find nothing more to remove, nor to build."""
        with Batch(self.outlook.sources, Options(jobs=1)) as batch:
            outcomes = list(batch.outcomes())
            mine = [outcome for outcome in outcomes if may_be_pruned(outcome)]
            whole = {outcome.pdf for outcome in mine if self.outlook.is_known(outcome.pdf.name)}
            before = set(self.project.out.glob("*.pdf"))
            removed = {outcome.pdf for outcome in batch.prune(mine) if outcome.status is Status.REMOVED}
        reports = {outcome.pdf for outcome in outcomes if outcome.status in READY}
        assert removed == whole
        after = set(self.project.out.glob("*.pdf"))
        assert after == before - removed
        assert after >= reports
        state = self.outlook.state()
        again = self.batch()
        assert [o.status for o in again if o.status is Status.BUILT] == []
        assert {outcome.pdf for outcome in again if may_be_pruned(outcome)} == {o.pdf for o in mine} - removed
        assert self.outlook.state() == state


def left_over(outcomes: Sequence[Outcome]) -> set[tuple[str, str]]:
    """Return name and code of each PDF that is told as left over."""
    return {
        (outcome.pdf.name, problem.code)
        for outcome in outcomes
        if outcome.status is Status.LEFT_OVER and outcome.pdf
        for problem in outcome.problems
        if problem.code in (*PRUNED, "spoilt-state")
    }
