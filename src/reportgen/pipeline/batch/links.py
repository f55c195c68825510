"""The links that a path leads through: what changes where it leads is a change of what is there."""

from __future__ import annotations

import os
from pathlib import Path

MOST_LINKS = 40
"""On one way, as in Linux: of more it says that they lead round in a circle."""


def places(path: Path) -> tuple[Path, ...]:
    """Return every link on the way of a path, each once, and its end, each by the real path of its folder.

    Whether anything is there is not asked. A way of more than 40 links, as of those that lead round in a circle, leads
    nowhere: it ends at the link that is one too many.
    """
    links: dict[str, None] = {}
    followed = 0
    here, *ahead = path.absolute().parts
    ahead.reverse()
    while ahead:
        name = ahead.pop()
        if name == "..":
            here = os.path.dirname(here)  # noqa: PTH120 - a Path of thousands of parts is slow to join
            continue
        link = os.path.join(here, name)  # noqa: PTH118 - the same
        try:
            target = Path(os.readlink(link))  # noqa: PTH115 - the same
        except OSError:
            here = link
            continue
        links[link] = None
        followed += 1
        if followed > MOST_LINKS:
            here = link
            break
        here = target.anchor or here
        ahead += reversed(target.parts[1:] if target.anchor else target.parts)
    return (*map(Path, links), Path(here))
