"""Files of many records that lie in a folder of records and that a run over it does not read: it must name them."""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, Where
from reportgen.base.foreign import LARGEST_BYTES, open_foreign
from reportgen.base.paths import from_here, real_path
from reportgen.pipeline.batch.inputs import bound_of, visible_folders
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.record.other_files import OF_MANY, ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class UnreadFiles:
    """The files of many records in the searched ``folders`` that are not among those ``read``, by their real paths.

    They are looked for only where something asks.

    Such a file may be a table as well: the ids that stand in it tell whether a report may be of one of its records.
    """

    def __init__(self, folders: Collection[Path], read: Callable[[], Collection[Path]]) -> None:
        self._searched = folders
        self._read = read
        self._told: set[Path] = set()

    def hold(self, identity: str) -> bool:
        """Tell whether the id of a record stands in one of them; that one will be told."""
        found = [path for path, ids in self._ids.items() if identity.encode() in ids]
        self._told.update(found)
        return bool(found)

    def keep_in_mind(self, files: Collection[Path]) -> None:
        """Remember to tell those of some files that are among them: the state says that a report is made from them."""
        self._told.update(path for each in files if (path := real_path(each)) in self._folders)

    def outcomes(self) -> list[Outcome]:
        """Return an outcome, which fails nothing, for each file that is to be told."""
        return [_not_read(path, self._folders[path]) for path in sorted(self._told)]

    @cached_property
    def _folders(self) -> dict[Path, Path]:
        """Map each file to the folder, as the user named it, that it was found in."""
        read = self._read()
        return {
            path: folder
            for folder in self._searched
            for parent, names in visible_folders(folder)
            for name in names
            if name.lower().endswith(OF_MANY) and (path := real_path(Path(parent, name))) not in read
        }

    @cached_property
    def _ids(self) -> dict[Path, set[bytes]]:
        """Map each file to all that looks like an id in it; rows of a table in Parquet are not looked through."""
        texts = [path for path in self._folders if not path.name.lower().endswith(ROWS)]
        return {path: _ids_in(path, bound_of(self._folders[path])) for path in texts}


def _ids_in(path: Path, root: Path) -> set[bytes]:
    found: set[bytes] = set()
    with suppress(OSError), open_foreign(path, root=root) as file:
        for line in iter(lambda: file.readline(LARGEST_BYTES), b""):
            found.update(each.lower() for each in _ID.findall(line))
    return found


def _not_read(path: Path, folder: Path) -> Outcome:
    name = str(from_here(path))
    message = f"{name} is not read, and there are PDFs of records in it: in a folder only JSON and YAML count"
    command = shlex.join(["reportgen", "batch", str(from_here(folder)), name])
    problem = Problem("not-read", Level.WARNING, Where(name), message, f"name it, too: `{command}`")
    return Outcome(name, Status.LEFT_OVER, None, (problem,))
