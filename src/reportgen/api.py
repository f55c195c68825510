"""What `reportgen` offers to programs: reading, checking, building and verifying, from files or from values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from reportgen.base.errors import Level, Problem, RecordError, ReportgenError, Where
from reportgen.base.settings import Settings
from reportgen.record.model import Record  # noqa: TC001 - the package offers it from here

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from reportgen.pipeline.batch.outcome import Outcome
    from reportgen.pipeline.build import Report
    from reportgen.trust.verify import Verification

Place: TypeAlias = "str | PathLike[str]"
Source: TypeAlias = "Place | bytes | Mapping[str, Any] | Record"
"""A record: the path of its file, its JSON as bytes or as plain values, or a `Record`."""


def load(source: Source, *, base: Place = ".") -> Record:
    """Return a record as a value, with its claims where they are kept in a file of their own.

    The value is frozen and its fields are typed.

        >>> record = load("records/example.json")
        >>> record.date.year, len(record.claims), record.claims[0].confidence
        (2026, 5, 0.86)
        >>> try:
        ...     load({"schema": "reportgen-record-v1", "titel": "Calibration"})
        ... except ReportgenError as error:
        ...     print(error.problems[-1].where.pointer, error.problems[-1].code)
        /titel unknown-field

    Raises:
        RecordError: with everything that is wrong with the record, at once.

    """
    from reportgen.record import read_record

    given = _given(source, base)
    with given.located():
        return read_record(given.path, raw=given.raw).record


def validate(
    source: Source, settings: Settings | None = None, *, strict: bool = False, base: Place = "."
) -> tuple[Problem, ...]:
    """Return every problem of a record that can be found without building it, those of reading it included.

    With ``strict``, warnings are errors.

        >>> validate("records/example.json")
        ()
        >>> values = {
        ...     "schema": "reportgen-record-v1",
        ...     "id": "11111111-2222-4333-8444-555555555555",
        ...     "title": "Calibration of small classifiers",
        ...     "date": "2026-05-30",
        ...     "question": "Does early stopping change calibration?",
        ...     "claims": [{"text": "Early stopping lowers the error.", "verified": True, "confidence": 80}],
        ... }
        >>> for problem in validate(values):
        ...     print(problem.where.pointer, problem.message)
        /claims/0/confidence expected a number from 0 to 1 or null, found 80
        >>> values["claims"][0]["confidence"] = 0.8

    Raises:
        ReportgenError: the settings or the bibliography cannot be read.

    """
    from reportgen.analysis.validation import validate_record
    from reportgen.content import require_sections
    from reportgen.pdf.record_pictures import unprintable_pictures
    from reportgen.pipeline.publish import require_known_formats

    try:
        given = _given(source, base)
        settings = settings or Settings.find(given.path.parent)
        require_sections(settings)
        require_known_formats(settings)
        with given.located():
            found = validate_record(
                given.path, settings, raw=given.raw, strict=strict, look_at=unprintable_pictures
            )
            return given.as_given(found)
    except RecordError as error:
        return error.problems


def build(
    source: Source,
    settings: Settings | None = None,
    *,
    strict: bool = False,
    output: Place | None = None,
    base: Place = ".",
) -> Report:
    """Return the report of a record; with ``output``, write its PDF into that folder, too.

    A report has a ``name`` (that of its file), ``pdf`` (bytes), ``problems`` (a tuple of warnings) and ``tex_files``
    (the LaTeX and its figures, bytes by name). No file is written unless ``output`` names a folder; the PDF is then
    there, in place of an older one of that name, and ``path`` says where. Formats, fonts and drawings are kept in the
    cache, as always. It may be called from any thread, and from several at once; environment, current folder and
    signals of the process stay as they were.

        >>> report = build("records/example.json")
        >>> report.pdf[:5], report.problems, report.path
        (b'%PDF-', (), None)
        >>> record = load("records/example.json").model_copy(update={"title": "Calibration, once more"})
        >>> build(record, base="records", output="out").path.name
        '2026-01-15-0d2c5a8e-calibration-once-more.pdf'

    Raises:
        ReportgenError: with every problem of the stage that failed; nothing is written.

    """
    from reportgen.pipeline import outputs
    from reportgen.pipeline.build import make_report

    given = _given(source, base)
    settings = settings or Settings.find(given.path.parent)
    with given.located():
        report = make_report(given.path, settings, raw=given.raw, strict=strict)
    path = None
    if output is not None:
        outputs.place(Path(output), report.files)
        path = Path(output, report.name)
    return replace(report, problems=given.as_given(report.problems), path=path)


def build_batch(
    sources: Place | Iterable[Place],
    settings: Settings | None = None,
    *,
    output: Place | None = None,
    jobs: int = 0,
    strict: bool = False,
    force: bool = False,
    check: bool = False,
    fail_fast: bool = False,
) -> Generator[Outcome, None, None]:
    """Build the reports of folders, patterns and files of records, where something changed; yield what became of each.

    The outcomes come in the order of the records, each as soon as it is known: ``name``, ``status`` (``"built"``,
    ``"unchanged"``, ``"stale"``, ``"failed"`` or ``"skipped"``), ``pdf`` (its path), ``problems``, ``reasons`` (why it
    was built) and ``seconds``. The PDFs go to ``output``, or to the ``output`` of the settings, with the state that
    tells the next run what has changed.

    ``jobs`` is the number of workers; 0 means one for each processor, 1 builds in this process. Workers are processes
    of their own, and a script needs no ``if __name__ == "__main__"`` for them. With ``force`` all is built, with
    ``check`` nothing; ``fail_fast`` begins no record after one that failed. Close the generator to stop early.

        >>> for outcome in build_batch("records", output="pdf", jobs=1):
        ...     print(outcome.name, outcome.status, *outcome.reasons)
        records/example.json built never built here
        >>> [str(outcome.status) for outcome in build_batch("records", output="pdf")]
        ['unchanged']

    Raises:
        RecordError: a place does not exist or holds no record; a record that fails is an outcome.

    """
    from reportgen.pipeline.batch.inputs import find_sources
    from reportgen.pipeline.batch.options import Options
    from reportgen.pipeline.batch.run import run_batch

    places = [sources] if isinstance(sources, str | PathLike) else sources
    overrides = {} if output is None else {"output": Path(output).absolute()}
    options = Options(jobs, force, check, fail_fast, strict, overrides, settings=settings)
    return run_batch(find_sources(map(Path, places)), options)


def verify(
    report: Place | bytes,
    *,
    trust_templates: bool = False,
    require_sandbox: bool = False,
    allow_unsandboxed: bool = False,
) -> Verification:
    """Build a report again from what it carries, compare the bytes, and return what came out.

    It is built in a process of its own. What came out has ``identical``, ``outcome`` (``IDENTICAL``, ``DIFFERENT``,
    ``OTHER_TOOLS`` or ``OWN_TEMPLATES``) and ``differences``, a tuple of words. Nothing that the report carries runs
    unless its templates are trusted.

        >>> verify(build("records/example.json").pdf).identical
        True
        >>> try:
        ...     verify(b"%PDF-1.7")
        ... except ReportgenError as error:
        ...     print(error.exit_code, error.problems[0].code)
        12 not-a-pdf

    Raises:
        ReportgenError: it is no report, was altered, or cannot be built here.

    """
    from reportgen.trust import verify as trust

    user = {"require_sandbox": require_sandbox, "allow_unsandboxed": allow_unsandboxed}
    if not isinstance(report, bytes):
        return trust.verify(Path(report), trust_templates=trust_templates, **user)
    with TemporaryDirectory(prefix="reportgen-") as folder:
        given = _Given(Path(folder, "report.pdf"), report)
        given.path.write_bytes(report)
        with given.located():
            return trust.verify(given.path, trust_templates=trust_templates, **user)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a caller gave: its path, which only stands for one where there are ``raw`` bytes.

    ``lines`` tells whether their lines are the caller's own.
    """

    path: Path
    raw: bytes | None = None
    lines: bool = True

    def as_given(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Leave out of the places of problems what the caller has not: a file; lines, where it is a value."""
        if self.raw is None:
            return tuple(problems)
        return tuple(replace(problem, where=self._as_given(problem.where)) for problem in problems)

    def _as_given(self, where: Where) -> Where:
        file = where.file.removeprefix(str(self.path))
        if file == where.file:
            return where
        where = replace(where, file=file.removeprefix(": "))
        return where if self.lines else replace(where, line=None, column=None)

    @contextmanager
    def located(self) -> Iterator[None]:
        """Raise errors with the places that the caller knows."""
        try:
            yield
        except ReportgenError as error:
            known = type(error)(self.as_given(error.problems))
            raise known.with_traceback(error.__traceback__) from error.__cause__


def _given(source: Source, base: Place) -> _Given:
    if isinstance(source, str | PathLike):
        return _Given(Path(source))
    # A name that no file has: nothing that lies in the folder, such as a lock file, is taken for this record's.
    path = Path(base, "<record>")
    if isinstance(source, bytes):
        return _Given(path, source)
    return _Given(path, _as_json(source), lines=False)


def _as_json(source: Mapping[str, Any] | Record) -> bytes:
    try:
        text = json.dumps(source, ensure_ascii=False, indent=2, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        message = f"these values cannot be written as JSON: {error}"
        raise RecordError([Problem("wrong-value", Level.ERROR, Where(), message)]) from error
    # Half of a character can be written as an escape only.
    return text.encode(errors="backslashreplace")


def _plain(value: object) -> Any:
    """Return what JSON has for a value of Python's or of the model's, such as a date."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return dict(value) if isinstance(value, Mapping) else to_jsonable_python(value)
