"""A project with records to run batches over, and a builder that is quick because it leaves out TeX."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minimal_record import claim, minimal
from reportgen.analysis.validation import cite_record, judge, library_of
from reportgen.base.errors import Level, RecordError, ReportgenError
from reportgen.exports import formats_named
from reportgen.pipeline import outputs
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.pipeline.batch.leftovers import may_be_pruned
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.run import Batch, run_batch
from reportgen.pipeline.batch.worker import Result
from reportgen.pipeline.publish import Exported
from reportgen.record import read_record
from reportgen.sources import cited_hash

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.pipeline.batch.outcome import Outcome
    from reportgen.pipeline.batch.worker import Task

ENTRY = "@article{{{key},\n title = {{{title}}},\n author = {{Doe, Jane}},\n journal = {{Journal}},\n year = 2020\n}}\n"


def numbered(number: int, **changes: Any) -> dict[str, Any]:
    """Return a record whose report has a name of its own."""
    return minimal(
        **{
            "id": f"{number:08x}-2222-4333-8444-555555555555",
            "claims": [claim(sources=[{"url": "https://example.org/a"}])],
            **changes,
        }
    )


def make_quickly(task: Task) -> Result:
    """Build as a worker does, with a PDF that holds no more than the record's text."""
    try:
        loaded = read_record(task.source_path, raw=task.raw)
        library = library_of(task.settings)
        bibliography = cite_record(loaded.record, library)
        problems = tuple(judge(loaded, bibliography, task.settings, strict=task.strict))
        if any(problem.level is Level.ERROR for problem in problems):
            raise RecordError(problems)
    except ReportgenError as error:
        return Result("", b"", error.problems)
    name = outputs.report_name(loaded.record, task.settings.name_pattern)
    stem = (task.pdf.name if task.pdf else name).removesuffix(".pdf")
    exports = tuple(
        Exported(form.name, f"{stem}{form.ending}", form.name.encode() + task.raw)
        for form in formats_named(task.settings.formats)
    )
    if task.pdf:
        return Result(task.pdf.name, b"", problems, exports=exports)
    return Result(name, task.raw, problems, cited_hash(bibliography, library), exports=exports)


@dataclass
class Project:
    """A folder with settings, a bibliography and records."""

    root: Path

    @classmethod
    def lay_out(cls, root: Path, records: int = 0, settings: str = "") -> Project:
        (root / "records").mkdir(parents=True)
        (root / "bib").mkdir()
        (root / "reportgen.toml").write_text(settings)
        project = cls(root)
        for number in range(records):
            project.write(f"{number}.json", number)
        return project

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def records(self) -> Path:
        return self.root / "records"

    @property
    def pdfs(self) -> list[str]:
        return sorted(path.name for path in self.out.glob("*.pdf"))

    def write(self, name: str, number: int = 0, **changes: Any) -> Path:
        path = self.records / name
        path.write_text(json.dumps(numbered(number, **changes)))
        return path

    def write_lines(self, *numbers: int, **changes: Any) -> Path:
        path = self.records / "records.jsonl"
        path.write_text("".join(json.dumps(numbered(number, **changes)) + "\n" for number in numbers))
        return path

    def cite(self, **titles: str) -> None:
        """Write the bibliography: an entry of this title for each key."""
        (self.root / "bib" / "a.bib").write_text(
            "".join(ENTRY.format(key=key, title=title) for key, title in titles.items())
        )

    def run(self, *places: Path, **options: Any) -> list[Outcome]:
        """Run a batch; give what became of the records, and what is left over."""
        sources = find_sources(places or [self.records])
        return list(run_batch(sources, Options(**{"jobs": 1, **options})))

    def batch(self, *places: Path, **options: Any) -> list[Outcome]:
        return [outcome for outcome in self.run(*places, **options) if outcome.status is not Status.LEFT_OVER]

    def left_over(self, *places: Path, **options: Any) -> dict[str, str]:
        """Run a batch; give the code of each report that is left over, by its name."""
        outcomes = self.run(*places, **options)
        left = [outcome for outcome in outcomes if outcome.status is Status.LEFT_OVER]
        return {Path(outcome.name).name: outcome.problems[0].code for outcome in left}

    def pruned(self, *places: Path, between: Callable[[], object] = bool, **options: Any) -> list[Outcome]:
        """Run a batch, and remove what it left over after what happens ``between``; give what became of that."""
        with Batch(find_sources(places or [self.records]), Options(**{"jobs": 1, **options})) as batch:
            left = [outcome for outcome in batch.outcomes() if may_be_pruned(outcome)]
            between()
            return batch.prune(left)

    def statuses(self, *places: Path, **options: Any) -> list[Status]:
        return [outcome.status for outcome in self.batch(*places, **options)]
