"""Which records have changed since a revision, as git tells."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import ReportgenError
from reportgen.pipeline.batch.inputs import RecordSource, named_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A hook sets these to paths that count from its own folder; git finds them anew from the records'.
_OF_A_HOOK = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}


def changed_since(
    sources: Sequence[RecordSource], revision: str, shared: Iterable[Path]
) -> list[RecordSource]:
    """Keep the records that differ from a revision, untracked ones included; all where a shared file does.

    A file that a record names counts as part of it. ``shared`` are the files and folders that every
    record depends on.

    Raises:
        ValueError: git does not know the revision, or a record lies in no checkout or in another one.

    """
    if not sources:
        return []
    top = Path(_git(sources[0].path.parent, "rev-parse", "--show-toplevel").removesuffix("\n"))
    commit = _git(top, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").strip()
    listed = _git(top, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", commit, "--")
    listed += _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    changed = {top / name for name in listed.split("\0") if name}
    roots = {path.resolve() for path in shared}
    if any(path in roots or not roots.isdisjoint(path.parents) for path in changed):
        return list(sources)
    for source in sources:
        if not source.path.resolve().is_relative_to(top):
            raise ValueError(f"{source.path} is not in the checkout {top}")
    return [source for source in sources if _differs(source, changed)]


def _differs(source: RecordSource, changed: set[Path]) -> bool:
    if source.path.resolve() in changed:
        return True
    try:
        named = named_files(source, source.content())
    except ReportgenError:
        # What cannot be read is said by the build.
        return True
    return any(path.resolve() in changed for path in named)


def _git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
    except OSError as error:
        raise ValueError(f"git cannot be run: {error.strerror}") from error
    if done.returncode:
        lines = os.fsdecode(done.stderr).strip().splitlines()
        raise ValueError(f"git: {lines[0] if lines else 'failed'}")
    return os.fsdecode(done.stdout)
