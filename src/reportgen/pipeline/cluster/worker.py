"""The worker's side of a cluster: it compares its tools with ours, lays out what travelled, and builds."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.base.paths import cache_folder
from reportgen.base.settings import FILE_NAME
from reportgen.pipeline.batch.freshness import tools_here
from reportgen.pipeline.batch.locating import renamed, with_names
from reportgen.pipeline.batch.worker import Result, Task
from reportgen.record import place_order, places_in_project

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reportgen.base.settings import Settings
    from reportgen.pipeline.cluster.travel import Bundle, Parcel

# The libraries under us are not made for threads, and a worker may have several.
_ONE_AT_A_TIME = Lock()
_laid_out: dict[str, Path] = {}
_NAMED = 5  # differences that a message names; fonts alone may be fifty


def differences(worker: str, ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    """Say in what a worker's tools are not ours, one sentence a tool; nothing where they are the same."""
    names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    told = [
        f"the worker {worker} has {name} {theirs.get(name, 'absent')}, this machine has {ours.get(name, 'absent')}"
        for name in names[:_NAMED]
    ]
    more = len(names) - _NAMED
    return told + ([f"{more} more tools of the worker {worker} differ"] if more > 0 else [])


def require_same_tools(client: Any, engine: str, ours: Mapping[str, str]) -> None:
    """Ask every worker there is for its tools.

    Raises:
        SetupError: a worker has others, or cannot say; each difference is named.

    """

    def asked() -> Mapping[str, str]:
        # Travels as code: a worker without reportgen could not even read the name of a function of ours.
        from reportgen.pipeline.batch.freshness import tools_here

        return tools_here(engine)

    problems = []
    for worker, theirs in sorted(client.run(asked, on_error="return").items()):
        if isinstance(theirs, Exception):
            message = f"the worker {worker} cannot say which tools it has: {type(theirs).__name__}: {theirs}"
            hint = "install the same reportgen there as here, with TeX"
            problems.append(Problem("worker-tools", Level.ERROR, Where(), message, hint))
            continue
        hint = "give every worker this machine's tools: the same image, or the same lock file"
        problems += [
            Problem("other-tools", Level.ERROR, Where(), text, hint)
            for text in differences(worker, ours, theirs)
        ]
    if problems:
        raise SetupError(problems)


def keep(bundle: Bundle) -> Bundle:
    """Return a bundle back: as the result of a task it is stored by the cluster, and made again where it is lost."""
    return bundle


def build_there(build: Callable[[Task], Result], parcel: Parcel, bundle: Bundle) -> Result:
    """Build a record on the worker that this is called on, in its folder for temporary files."""
    from distributed import get_worker

    worker = get_worker()
    with _ONE_AT_A_TIME:
        return build_in(Path(worker.local_directory), worker.address, build, parcel, bundle)


def build_in(
    folder: Path, worker: str, build: Callable[[Task], Result], parcel: Parcel, bundle: Bundle
) -> Result:
    """Build a record below a folder; the result names files as the client does, and this worker where need be."""
    other = differences(worker, bundle.tools, tools_here(bundle.settings.engine))
    if other:
        where = Where(str(parcel.source_path))
        hint = "give every worker the client's tools: the same image, or the same lock file"
        return Result(
            "", b"", tuple(Problem("other-tools", Level.ERROR, where, text, hint) for text in other)
        )
    project = _project(folder, bundle)
    with tempfile.TemporaryDirectory(prefix="reportgen-", dir=folder) as name:
        place, places = places_in_project(parcel.files)
        top = Path(os.path.realpath(name))
        beside = top / place
        beside.mkdir(parents=True, exist_ok=True)
        _write(top, {FILE_NAME: b""} | {places[file]: content for file, content in parcel.files.items()})
        record = beside / parcel.source_path.name
        settings = _moved(bundle.settings, project)
        result = build(Task(record, parcel.raw, settings, parcel.strict, parcel.pdf))
    at_home = str(parcel.source_path.parent)
    inside = "" if at_home == "." else at_home.rstrip("/") + "/"
    names = {f"{beside}/": inside, str(beside): at_home, str(project): ""}
    return _named_as_at_home(result, names, worker, str(parcel.source_path))


def _project(folder: Path, bundle: Bundle) -> Path:
    """Lay out a project once a process: its files stay as they are, so the bibliography is read once."""
    if bundle.key not in _laid_out:
        place = Path(os.path.realpath(tempfile.mkdtemp(prefix="reportgen-project-", dir=folder)))
        for name in (str(bundle.settings.root), *bundle.folders):
            _below(place, name).mkdir(parents=True, exist_ok=True)
        _write(place, bundle.files)
        _laid_out[bundle.key] = place
    return _laid_out[bundle.key]


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = _below(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _below(folder: Path, name: str) -> Path:
    return Path(f"{folder}/{name.lstrip('/')}")


def _moved(settings: Settings, folder: Path) -> Settings:
    def moved(path: Path) -> Path:
        return _below(folder, str(path))

    logo = settings.style.logo
    return settings.model_copy(
        update={
            "root": moved(settings.root),
            "bib": tuple(map(moved, settings.bib)),
            "lock": moved(settings.lock),
            "style": settings.style.model_copy(update={"logo": logo and moved(logo)}),
            "templates": settings.templates and moved(settings.templates),
        }
    )


def _named_as_at_home(result: Result, names: Mapping[str, str], worker: str, record: str) -> Result:
    kept_here = str(cache_folder("logs"))

    def named(problem: Problem) -> Problem:
        problem = renamed(problem, names)
        if problem.code == "system" or kept_here in problem.hint:
            return replace(problem, hint=f"{problem.hint} (this is on the worker {worker})")
        return problem

    problems: list[Problem] = []
    # Checks tell problems in the order of their files' names, which were others here.
    told = map(named, result.problems)
    for elsewhere, group in groupby(told, lambda problem: problem.where.file not in ("", record)):
        run = list(group)
        problems += sorted(run, key=lambda problem: place_order(problem, record)) if elsewhere else run
    return replace(result, problems=tuple(problems), trace=with_names(result.trace, names))
