"""Which records have changed since a revision, as git tells."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import ReportgenError
from reportgen.base.foreign import open_foreign
from reportgen.base.paths import path_as_written, real_path
from reportgen.base.settings import FILE_NAME
from reportgen.pipeline.batch.inputs import RecordSource, names_in
from reportgen.pipeline.batch.links import places
from reportgen.pipeline.batch.revisions import Checkout
from reportgen.record.registration import is_of_many, lock_path

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
    checkout = Checkout.around(_nearest_checkout(sources[0].path.parent))
    listed = checkout.ask("ls-tree", "-r", "-z", "--full-tree", checkout.base(revision))
    tree = _Tree(checkout.top, listed)
    for source in sources:
        tree.require(source.path)
    if any(map(tree.differs_at_end, _settings_of(sources))) or any(map(tree.differs_below, shared)):
        return list(sources)
    return [source for source in sources if _differs(source, tree)]


class _Tree:
    """The files of a revision: their hashes by their paths."""

    def __init__(self, top: Path, listed: str) -> None:
        self.top = top
        self._files: dict[Path, tuple[str, str]] = {}
        self._differs = cache(self._is_other)  # a file of many records is asked for once a record
        for line in filter(None, listed.split("\0")):
            about, _, name = line.partition("\t")
            mode, _, digest = about.split()
            self._files[top / name] = (mode, digest)

    def require(self, path: Path) -> None:
        """Make sure that a record lies in the checkout.

        Raises:
            ValueError: it does not, by itself or through a link.

        """
        end = places(path)[-1]
        if not end.is_relative_to(self.top):
            leads = f" leads to {end}, which" if path.absolute().is_relative_to(self.top) else ""
            raise ValueError(f"{path}{leads} is not in the checkout {self.top}")

    def differs(self, path: Path) -> bool:
        """Tell whether a file, or a link on the way to it, is another one than in the revision, or on one side only."""
        return any(map(self._differs, self._places(path)))

    def differs_at_end(self, path: Path) -> bool:
        """Tell the same without the links on the way of a file; what lies outside the checkout does not differ."""
        end = places(path)[-1]
        return end.is_relative_to(self.top) and self._differs(end)

    def _places(self, path: Path) -> list[Path]:
        """Return the links on the way of a path, and its end; git knows nothing of a link above the checkout."""
        *links, end = places(path)
        return [*(link for link in links if link.is_relative_to(self.top)), end]

    def _is_other(self, path: Path) -> bool:
        mode, digest = self._files.get(path, ("", ""))
        if not digest:
            return os.path.lexists(path)
        try:
            is_link = path.is_symlink()
            return (mode == _LINK) != is_link or digest != _blob_hash(path, len(digest), is_link=is_link)
        except OSError:
            return True

    def differs_below(self, path: Path) -> bool:
        """Tell the same of a file that all records depend on, or of those in a folder."""
        *links, end = self._places(path)
        below = {file for file in self._files if end in file.parents}
        if end.is_dir():
            below |= {Path(parent, name) for parent, _, names in os.walk(end) for name in names}
        there = {file for file in below if file.suffix in _SHARED_SUFFIXES}
        files = there if there or end.is_dir() else {end}
        return any(map(self._differs, links)) or any(map(self.differs, files))


def _nearest_checkout(folder: Path) -> Path:
    """Find the folder, as the user wrote it, that a checkout is in; what is there may be a link out of it."""
    written = path_as_written(folder)
    return next((above for above in (written, *written.parents) if os.path.lexists(above / ".git")), folder)


def _settings_of(sources: Sequence[RecordSource]) -> set[Path]:
    """List the places where settings of the records may be: one that is new or gone changes what holds."""
    folders = {source.path.parent for source in sources}
    written = {above for folder in folders for above in _from(path_as_written(folder))}
    real = {above for folder in folders for above in _from(real_path(folder))}
    return {folder / FILE_NAME for folder in written | real}


def _from(folder: Path) -> tuple[Path, ...]:
    return (folder, *folder.parents)


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
    if tree.differs(source.path):
        return True
    try:
        named = names_in(source.path, source.content())
    except ReportgenError:
        # What cannot be read is said by the build.
        return True
    # A file that the record may not name counts, too: it may have been one that it could. Of a name that no file can
    # have the build says so.
    files = [source.path.parent / name for name in named if _can_be(name)]
    deposit = [] if is_of_many(source.path) else [lock_path(source.path)]
    return any(map(tree.differs, (*files, *deposit)))


def _can_be(name: str) -> bool:
    """Tell whether a file can have a name: none has a zero in it, or half of a character."""
    try:
        return b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:
        return False
