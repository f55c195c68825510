"""The links that a path leads through: what changes where it leads is a change of what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Ways:
    """Follows paths link by link, each folder once."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Path, tuple[Path, ...]]] = {}

    def places(self, path: Path) -> tuple[Path, ...]:
        """Return every link on the way of a path, and its end, each by the real path of its folder.

        Whether anything is there is not asked; of links that lead round in a circle each comes once.
        """
        end, links = self._follow(path.absolute())
        return (*links, end)

    def _follow(self, path: Path) -> tuple[Path, tuple[Path, ...]]:
        if path not in self._known:
            # Until more is known of it, it is its own end: so a circle of links is left where it began.
            self._known[path] = path, ()
            self._known[path] = self._step(path)
        return self._known[path]

    def _step(self, path: Path) -> tuple[Path, tuple[Path, ...]]:
        if path == path.parent:
            return path, ()
        folder, links = self._follow(path.parent)
        if path.name == "..":
            return folder.parent, links
        here = folder / path.name
        try:
            target = here.readlink()
        except OSError:
            return here, links
        end, further = self._follow(folder / target)
        return end, (*links, here, *further)
