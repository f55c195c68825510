"""A project that lives through months: random edits, accidents and merges, with a run after each that is looked at."""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from batch_outlook import MANY, contents
from batch_watched import WatchedProject, left_over
from git_repository import Repository
from reportgen.base.errors import OutputError
from reportgen.base.paths import hidden_name
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.pipeline.batch.leftovers import may_be_pruned
from reportgen.pipeline.batch.merging import merge_folders
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.projects import Places
from reportgen.pipeline.batch.run import Batch, run_batch
from reportgen.pipeline.batch.shards import Shard
from reportgen.pipeline.batch.stamps import Stamps
from reportgen.pipeline.batch.state import STATE_FOLDER, State

if TYPE_CHECKING:
    from pathlib import Path


class Killed(BaseException):
    """The process ends here."""


class Month(WatchedProject):
    """Random months of a project."""

    _repository: Repository | None = None

    def live(self, steps: int) -> None:
        """Live through some steps; what happened is told with what fails."""
        try:
            self.run()
            for _ in range(steps):
                self.happened += self.edits.some()
                self.edits.keep_one_file()
                happening = self.random.choice(self.HAPPENINGS)
                self.happened.append(happening.__name__)
                happening(self)
                self.happened.append("run")
                self.run()
                if self.random.random() < 0.3:
                    self.happened.append("prune")
                    self.prune()
        except Exception as error:
            error.add_note(f"what happened: {', '.join(self.happened)}")
            raise

    # What happens between an edit and the run that is looked at.

    def nothing(self) -> None:
        """Let nothing else happen."""

    def alter_report(self) -> None:
        if pdf := self._any_report():
            pdf.write_bytes(pdf.read_bytes() + b"%")

    def lose_report(self) -> None:
        if pdf := self._any_report():
            pdf.unlink()

    def add_foreign_pdf(self) -> None:
        self.project.out.mkdir(exist_ok=True)
        (self.project.out / f"foreign-{self.random.randint(1, 5)}.pdf").write_bytes(b"%PDF")

    def _any_report(self) -> Path | None:
        found = sorted(self.project.out.glob("*.pdf"))
        return self.random.choice(found) if found else None

    def touch_all(self) -> None:
        for path in self.project.root.rglob("*"):
            if ".git" not in path.parts and path.is_file():
                self.edits.restamp(path)

    def lose_cache(self) -> None:
        """Forget what this machine saw of the reports, as a fresh one has seen none."""
        Stamps(self.project.out).forget()

    def restore(self) -> None:
        """Put an old copy of the output folder in its place, as a cache of CI may."""
        if self.saved:
            shutil.rmtree(self.project.out, ignore_errors=True)
            shutil.copytree(self.random.choice(self.saved), self.project.out)

    def damage_state(self) -> None:
        """Damage one file of the state, or lose all of it."""
        state = self.project.out / STATE_FOLDER
        files = sorted(path for path in state.rglob("*.json"))
        if not files:
            return
        path, other = self.random.choice(files), self.random.choice(files)
        kind = self.random.randrange(6)
        if kind == 0:
            path.write_bytes(b"<<<<<<< HEAD\n" + path.read_bytes() + b"=======\n" + other.read_bytes())
        elif kind == 1:
            path.write_bytes(path.read_bytes()[:100])
        elif kind == 2:
            path.write_bytes(other.read_bytes())
        elif kind == 3:
            path.unlink()
        elif kind == 4 and self.saved:
            old = self.random.choice(self.saved) / path.relative_to(self.project.out)
            if old.exists():
                shutil.copy(old, path)
        elif kind == 5:
            shutil.rmtree(state)

    def stop_early(self) -> None:
        """Stop a run after some outcomes, as Ctrl-C does."""
        with closing(run_batch(self.outlook.sources, Options(jobs=1))) as outcomes:
            for _ in range(self.random.randint(0, 4)):
                next(outcomes, None)

    def kill(self) -> None:
        """Kill a run between a PDF and its entry in the state, and leave what a writer leaves then."""
        left, add = self.random.randint(1, 3), State.add

        def add_or_die(state: State, *arguments: object) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise Killed
            add(state, *arguments)

        def close(places: Places) -> None:
            for shelf in places.shelves.values():
                if shelf.state._lock is not None:
                    os.close(shelf.state._lock)

        with pytest.MonkeyPatch.context() as patch, suppress(Killed):
            patch.setattr(State, "add", add_or_die)
            patch.setattr(Places, "close", close)
            self.batch()
        if self.project.out.is_dir():
            hidden_name(self.project.out / "report.pdf").write_bytes(b"%PDF")

    def run_some(self) -> None:
        """Run over some of the files only; what the others make must stay."""
        expected = self.outlook.expected()
        current = {each.name for each in expected if each.pdf and not self.outlook.must_be_built(each)}
        files = {each.source.path for each in expected}
        some = [path for path in sorted(files) if self.random.random() < 0.5]
        outcomes = list(run_batch(find_sources(some), Options(jobs=1)))
        # What a file of many holds no longer is gone, as far as a run over that file can tell.
        many = {str(path.relative_to(self.project.root)) for path in some if path.suffix in MANY}
        told = {name for name, _ in left_over(outcomes)}
        assert {name for name in told & current if self.outlook.entry(name)["source"] not in many} == set()
        still = {each.name for each in expected if each.pdf and not self.outlook.must_be_built(each)}
        assert current <= still

    def run_shards(self) -> None:
        """Run in parts, one after the other, in one folder: together they do what one run does."""
        expected = self.outlook.expected()
        needed = [each.source.name for each in expected if self.outlook.must_be_built(each)]
        count = self.random.randint(2, 3)
        outcomes: list[Outcome] = []
        for number in range(1, count + 1):
            part = self.batch(shard=Shard(number, count))
            stale = {each.name for each in expected if self.outlook.must_be_built(each)}
            current = {each.name for each in expected if each.pdf} - stale
            assert current.isdisjoint(name for name, _ in left_over(part))
            outcomes += [outcome for outcome in part if outcome.status is not Status.LEFT_OVER]
        assert sorted(outcome.name for outcome in outcomes) == sorted(each.source.name for each in expected)
        built = {outcome.name: outcome.reasons for outcome in outcomes if outcome.status is Status.BUILT}
        assert built.keys() == set(needed), built

    def merge_shards(self) -> None:
        """Run in parts, each in a folder that it had before, as on machines with caches, and merge the folders."""
        expected = self.outlook.expected()
        count = self.random.randint(2, 3)
        folders = [self.project.root / "shards" / str(number) for number in range(1, count + 1)]
        for number, folder in enumerate(folders, 1):
            with Batch(
                self.outlook.sources,
                Options(jobs=1, shard=Shard(number, count), overrides={"output": folder}),
            ) as part:
                part.prune([outcome for outcome in part.outcomes() if may_be_pruned(outcome)])
        before = contents(self.project.out)
        try:
            merge_folders([folder for folder in folders if folder.is_dir()], self.project.out)
        except OutputError as error:
            # Of what fails each shard may have another old report, and who altered one that was merged altered it in its
            # shard, too, of which it is a link; what lies in the way may be anybody's.
            codes = {problem.code for problem in error.problems}
            of_failed = {"two-versions"} | ({"spoilt-report"} if "alter_report" in self.happened else set())
            assert codes <= {"unknown-in-the-way"} | (of_failed if any(e.codes for e in expected) else set())
            assert contents(self.project.out) == before
            self.happened.append(f"refused: {codes}")
            return
        # Who has a name that two ask for is for the state to say, and that is another one now.
        now = self.outlook.expected()
        assert [each for each in now if self.outlook.must_be_built(each)] == []

    def merge(self) -> None:
        """Change and run on two branches, and let git merge them: it must, where different records changed."""
        repository = self._repository = self._repository or Repository(self.project.root)
        self.run()
        repository.commit()
        base = self._reports()
        touched = []
        for branch in ("theirs", "ours"):
            repository.switch(branch)
            self.happened += [f"on {branch}:", *self.edits.some()]
            self.edits.keep_one_file()
            self.run()
            repository.commit()
            touched.append(_touched(base, self._reports()))
            repository.switch("main")
        repository.merge("ours")
        conflicts = [path for path in repository.merge("theirs") if path.startswith(f"out/{STATE_FOLDER}/")]
        assert not conflicts or touched[0] & touched[1], conflicts
        self.happened.append(f"merged with {len(conflicts)} conflicts")
        repository.take_sides(self.random)
        self.edits.keep_one_file()
        repository.commit()

    def _reports(self) -> dict[str, frozenset[tuple[str, str, bytes]]]:
        """Return what the records come to, by their ids, with the files that they lie in."""
        found: dict[str, frozenset[tuple[str, str, bytes]]] = {}
        for each in self.outlook.expected():
            seen = (str(each.source.path), each.name, each.pdf)
            found[each.id] = found.get(each.id, frozenset()) | {seen}
        return found

    HAPPENINGS = (
        nothing,
        nothing,
        alter_report,
        lose_report,
        add_foreign_pdf,
        touch_all,
        lose_cache,
        restore,
        damage_state,
        stop_early,
        kill,
        run_some,
        run_shards,
        merge_shards,
        merge_shards,
        merge,
        merge,
    )


def _touched(before: dict[str, frozenset], after: dict[str, frozenset]) -> set[str]:
    """Return the ids, and the names of the reports, that differ between two states of a project."""
    ids = {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)}
    sides = [side.get(each, frozenset()) for side in (before, after) for each in ids]
    return ids | {name for side in sides for _, name, _ in side}
