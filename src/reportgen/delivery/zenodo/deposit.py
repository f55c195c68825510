"""One record on its way into the repository: what is known of it here, and the lock file that it keeps."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # a field of a dataclass
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path  # noqa: TC003  # a field of a dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reportgen.analysis.derive import derive
from reportgen.analysis.validation import as_registered, cite_record, judge, library_of
from reportgen.base.errors import Level, Problem, RecordError, RepositoryError, Where
from reportgen.delivery.zenodo.lock import held
from reportgen.delivery.zenodo.metadata import deposit_metadata
from reportgen.delivery.zenodo.payload import formats_among
from reportgen.exports import single_names
from reportgen.record import read_record
from reportgen.record.registration import Deposit, Stage, is_of_many, lock_path, read_deposit, write_deposit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.analysis.derive import Derived
    from reportgen.base.settings import Settings
    from reportgen.delivery.zenodo.lock import Hold
    from reportgen.record import Loaded
    from reportgen.record.model import Record


@dataclass(frozen=True, slots=True)
class Case:
    """A record, the repository ``host`` (base URL of its interface) it is to go to, and the deposit known so far.

    ``hold`` is None where nothing may be written.
    """

    loaded: Loaded
    settings: Settings
    host: str
    deposit: Deposit | None
    hold: Hold | None = None

    @property
    def path(self) -> Path:
        """Return the record's file."""
        return self.loaded.source.path

    @property
    def record(self) -> Record:
        """Return the record."""
        return self.loaded.record

    @property
    def lock(self) -> Path:
        """Return the place of the lock file."""
        return lock_path(self.path)

    @property
    def known(self) -> Deposit:
        """Return the deposit, of which there must be one.

        Raises:
            RepositoryError: nothing has been reserved for the record.

        """
        if self.deposit is None:
            raise self.refused("not-reserved", "no DOI has been reserved for this record", RESERVE)
        return self.deposit

    @property
    def derived(self) -> Derived:
        """Return what the report derives from the record, as it prints it with its DOI."""
        deposit = self.deposit
        of_this = deposit if deposit and deposit.version == self.record.version else None
        record = as_registered(self.record, of_this.registration if of_this else None)
        settings = self.settings
        return derive(record, settings.id_prefix, settings.tier_claims, settings.policy)

    @property
    def formats(self) -> tuple[str, ...]:
        """Return the formats to deposit beside the PDF: those asked for, and of a published record those it has."""
        published = self.deposit is not None and self.deposit.stage is Stage.PUBLISHED
        there = formats_among(self.known.files) if published else ()
        return single_names((*there, *self.settings.zenodo.formats))

    def kept(self, deposit: Deposit) -> Case:
        """Write the lock file.

        Raises:
            OutputError: it cannot be written; the one before is unchanged.

        """
        write_deposit(self.lock, deposit)
        return replace(self, deposit=deposit)

    def changed(self, **changes: Any) -> Case:
        """Write the lock file with some values changed.

        Raises:
            OutputError: as `kept`.

        """
        deposit = replace(self.known, **changes)
        return self if deposit == self.deposit else self.kept(deposit)

    def forgotten(self) -> Case:
        """Remove the lock file."""
        self.lock.unlink(missing_ok=True)
        return replace(self, deposit=None)

    def metadata(self, report: str = "") -> dict[str, Any]:
        """Return the document that is sent; ``report`` is the PDF's name once it is there to be shown first."""
        bibliography = cite_record(self.record, library_of(self.settings))
        deposit = self.deposit or blank(self)
        document = deposit_metadata(self.record, self.derived, bibliography, self.settings, deposit)
        shown = {"default_preview": report} if report else {}
        return {**document, "files": {"enabled": True, **shown}}

    def require_sound(self) -> None:
        """Refuse a record that could not be compiled.

        Raises:
            RecordError: with all its problems.

        """
        bibliography = cite_record(self.record, library_of(self.settings))
        problems = judge(self.loaded, bibliography, self.settings, strict=False)
        if any(problem.level is Level.ERROR for problem in problems):
            raise RecordError(problems)

    def require_version(self) -> Deposit:
        """Return the deposit, which must be of the version that the record has.

        Raises:
            RepositoryError: nothing is reserved, or for another version.

        """
        deposit = self.known
        if deposit.version != self.record.version:
            message = (
                f"the lock file is of version {deposit.version}, the record of version {self.record.version}"
            )
            hint = f"`reportgen zenodo new-version {self.path}` begins the deposit of the new version"
            raise self.refused("other-version", message, hint)
        return deposit

    def refused(self, code: str, message: str, hint: str = "") -> RepositoryError:
        """Return the error for something that a person must look at."""
        hint = hint.replace("RECORD", str(self.path))
        return RepositoryError([self.deposit_problem(code, message, hint, Level.ERROR)])

    def deposit_problem(
        self, code: str, message: str, hint: str = "", level: Level = Level.WARNING
    ) -> Problem:
        """Return a problem of this record's deposit."""
        return Problem(f"zenodo-{code}", level, Where(str(self.path)), message, hint)


RESERVE = "run `reportgen zenodo reserve RECORD`"
UPLOAD = "run `reportgen zenodo upload RECORD`"


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """The result of a step: what was ``done``, in words, and the state of the deposit after it.

    ``stage`` is None where nothing is deposited; ``url`` is the page for people; ``metadata`` is what a plan
    would send.
    """

    record: Path
    stage: Stage | None = None
    doi: str = ""
    sandbox: bool = False
    url: str = ""
    done: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    pdf: Path | None = None
    metadata: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def outcome_of(
    case: Case,
    done: tuple[str, ...],
    problems: tuple[Problem, ...] = (),
    *,
    pdf: Path | None = None,
    metadata: Mapping[str, Any] = MappingProxyType({}),
) -> StepOutcome:
    """Say where a case stands."""
    found = StepOutcome(case.path, done=done, problems=problems, pdf=pdf, metadata=metadata)
    if (deposit := case.deposit) is None:
        return found
    url = page_of(deposit)
    return replace(found, stage=deposit.stage, doi=deposit.doi, sandbox=deposit.sandbox, url=url)


def page_of(deposit: Deposit) -> str:
    """Return the page on which a person sees a deposit: the record's, or that of its draft."""
    kind = "records" if deposit.stage is Stage.PUBLISHED else "uploads"
    return f"{deposit.host.rstrip('/').removesuffix('/api')}/{kind}/{deposit.draft}"


def blank(case: Case) -> Deposit:
    """Return the deposit of a record that has no draft yet."""
    return Deposit(host=case.host, record=str(case.record.id), version=case.record.version, draft="")


@contextmanager
def opened(path: Path, settings: Settings, host: str) -> Iterator[Case]:
    """Hold a record for a step that writes.

    Raises:
        RecordError: the record or its lock file cannot be read, or they do not belong together.
        RepositoryError: the lock file is of another repository.
        OutputError: another command is at work on the record.

    """
    loaded = _loaded(path)
    with held(lock_path(path)) as hold:
        # Read only now: who held the record before may have written its lock file.
        yield _case(loaded, settings, host, hold)


def looked_at(path: Path, settings: Settings, host: str) -> Case:
    """Return a record for a step that writes nothing.

    Raises:
        RecordError, RepositoryError: as `opened`.

    """
    return _case(_loaded(path), settings, host, None)


def _loaded(path: Path) -> Loaded:
    if is_of_many(path):
        message = "a lock file lies beside one record, and this is a file of many"
        hint = "give each record that is to be deposited a .json file of its own"
        raise RecordError([Problem("zenodo-of-many", Level.ERROR, Where(str(path)), message, hint)])
    return read_record(path)


def _case(loaded: Loaded, settings: Settings, host: str, hold: Hold | None) -> Case:
    deposit = read_deposit(lock_path(loaded.source.path))
    case = Case(loaded, settings, host, deposit, hold)
    if deposit is None:
        return case
    if deposit.record != str(case.record.id):
        message = f"this lock file is of the record {deposit.record}, and {case.path} is {case.record.id}"
        hint = "lock files are moved and renamed with their record; a copy of a record has none"
        where = Where(str(case.lock), pointer="/record")
        raise RecordError([Problem("zenodo-other-record", Level.ERROR, where, message, hint)])
    if deposit.host != host:
        message = f"this record is deposited at {deposit.host}, as {case.lock} says, and {host} was asked for"
        hint = "leave out or give --sandbox or --url; to deposit it in both, give each a copy of the record's folder"
        raise case.refused("other-host", message, hint)
    return case
