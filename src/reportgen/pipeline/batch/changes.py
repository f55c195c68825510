"""Which records have changed since a revision, as git tells."""

from __future__ import annotations

import hashlib
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import ReportgenError
from reportgen.base.foreign import open_foreign
from reportgen.base.paths import real_path
from reportgen.base.programs import PROGRAMS
from reportgen.pipeline.batch.inputs import RecordSource, named_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A hook sets these to paths that count from its own folder; git finds them anew from the records'.
_OF_A_HOOK = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}
# Objects that a clone left out are fetched when they are asked for, by programs that the clone itself may name.
_FETCH_NOTHING = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
_LINK = "120000"
_SHARED_SUFFIXES = (".bib", ".j2", ".tex", ".toml", ".json")


def changed_since(
    sources: Sequence[RecordSource], revision: str, shared: Iterable[Path]
) -> list[RecordSource]:
    """Keep the records that differ from a revision, untracked ones included; all where a shared file does.

    A file that a record names counts as part of it. ``shared`` are the files and folders that every
    record depends on.

    git is asked only what the revision holds: comparing it with the files is done here, since git would run
    programs that the settings of the checkout name (filters, a monitor of files), and those are a stranger's.

    Raises:
        ValueError: git does not know the revision, or a record lies in no checkout or in another one.

    """
    if not sources:
        return []
    top = Path(_git(sources[0].path.parent, "rev-parse", "--show-toplevel").removesuffix("\n"))
    commit = _git(top, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").strip()
    tree = _Tree(top, _git(top, "ls-tree", "-r", "-z", "--full-tree", commit))
    if any(map(tree.differs_below, shared)):
        return list(sources)
    for source in sources:
        if not real_path(source.path).is_relative_to(top):
            raise ValueError(f"{source.path} is not in the checkout {top}")
    return [source for source in sources if _differs(source, tree)]


class _Tree:
    """The files of a revision: their hashes by their paths."""

    def __init__(self, top: Path, listed: str) -> None:
        self._files: dict[Path, tuple[str, str]] = {}
        self.differs = cache(self._differs)  # a file of many records is asked for once a record
        for line in filter(None, listed.split("\0")):
            about, _, name = line.partition("\t")
            mode, _, digest = about.split()
            self._files[top / name] = (mode, digest)

    def _differs(self, path: Path) -> bool:
        """Tell whether a file is another one than in the revision, or on one side only."""
        mode, digest = self._files.get(path, ("", ""))
        try:
            return digest != _blob_hash(path, len(digest), is_link=mode == _LINK)
        except OSError:
            return bool(digest) or os.path.lexists(path)

    def differs_below(self, path: Path) -> bool:
        """Tell the same of a file that all records depend on, or of those in a folder."""
        path = real_path(path)
        below = {file for file in self._files if path in file.parents and file.suffix in _SHARED_SUFFIXES}
        if path.is_dir():
            below |= {Path(parent, name) for parent, _, names in os.walk(path) for name in names}
        there = {file for file in below if file.suffix in _SHARED_SUFFIXES}
        return any(map(self.differs, there if there or path.is_dir() else {path}))


def _blob_hash(path: Path, digits: int, *, is_link: bool) -> str:
    """Hash a file as git does: with SHA-256 in a repository that has those, else with SHA-1."""
    digest = hashlib.sha256() if digits == 64 else hashlib.sha1(usedforsecurity=False)
    if is_link:
        target = os.fsencode(path.readlink())
        digest.update(b"blob %d\0" % len(target) + target)
        return digest.hexdigest()
    with open_foreign(path) as file:
        digest.update(b"blob %d\0" % os.fstat(file.fileno()).st_size)
        hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()


def _differs(source: RecordSource, tree: _Tree) -> bool:
    if tree.differs(real_path(source.path)):
        return True
    try:
        named = named_files(source, source.content())
    except ReportgenError:
        # What cannot be read is said by the build.
        return True
    return any(tree.differs(real_path(path)) for path in named)


def _git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    command = [PROGRAMS["git"].path or "git", "-C", str(folder), "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment | _FETCH_NOTHING)
    except OSError as error:
        raise ValueError(f"git cannot be run: {error.strerror}") from error
    if done.returncode:
        lines = os.fsdecode(done.stderr).strip().splitlines()
        raise ValueError(f"git: {lines[0] if lines else 'failed'}")
    return os.fsdecode(done.stdout)
