"""Which records have changed since a revision, as git tells."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import ReportgenError
from reportgen.base.foreign import open_foreign
from reportgen.base.paths import real_path
from reportgen.pipeline.batch.inputs import RecordSource, named_files
from reportgen.pipeline.batch.revisions import Checkout

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LINK = "120000"
_SHARED_SUFFIXES = (".bib", ".j2", ".tex", ".toml", ".json")


def changed_since(
    sources: Sequence[RecordSource], revision: str, shared: Iterable[Path]
) -> list[RecordSource]:
    """Keep the records that this branch changed since it left a revision, untracked ones included.

    Where a file that all share has changed, all are kept. What changed at the revision meanwhile is not this branch's.
    A file that a record names counts as part of it; ``shared`` are the files and folders that every
    record depends on.

    git is asked only what the revision holds: comparing it with the files is done here, since git would run
    programs that the settings of the checkout name (filters, a monitor of files), and those are a stranger's.

    Raises:
        ValueError: the revision is not in this clone, or a record lies in no checkout or in another one.

    """
    if not sources:
        return []
    checkout = Checkout.around(sources[0].path.parent)
    top = checkout.top
    tree = _Tree(top, checkout.ask("ls-tree", "-r", "-z", "--full-tree", checkout.base(revision)))
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
