"""Permissions: what the user allows a project beyond being read, once for a folder and its content.

Templates are code, and a place outside the project belongs to somebody else. A project that came from a stranger
gets neither by being compiled: its user looks at it and runs `reportgen trust`, as with git's ``safe.directory``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.base.errors import Level, OutputError, Problem, ReportgenError, Where
from reportgen.base.foreign import parse_foreign_json, read_foreign
from reportgen.base.paths import is_ours_alone, write_atomically

_SCHEMA = "reportgen-trust-v1"
_MOST_BYTES = 10_000_000


class TrustError(ReportgenError):
    """A project asks for what its user has not allowed."""

    exit_code = 16


@dataclass(frozen=True, slots=True)
class Wish:
    """Permissions a project asks for: ``templates`` is the SHA-256 of its own, ``places`` lie outside its ``root``.

    A place is written as in the settings with its real path: ``output = /srv/reports``. ``files`` are the templates
    by name, each with its SHA-256.
    """

    root: Path
    templates: str = ""
    places: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Tell whether it asks for anything."""
        return bool(self.templates or self.places)


def require_places(wish: Wish, file: Path) -> None:
    """Stop where a project leads outside itself and its user has not allowed that.

    Raises:
        TrustError: with one problem for each place.

    """
    if not wish.places:
        return
    allowed = _known().get(str(wish.root), {}).get("places", ())
    problems = [
        Problem(
            "place-untrusted",
            Level.ERROR,
            Where(str(file), pointer="/" + place.partition(" ")[0]),
            f"{place} lies outside the project, and nobody has allowed that yet",
            f"if that is meant, run `reportgen trust {wish.root}`; for one run, add --trust-templates",
        )
        for place in wish.places
        if place not in allowed
    ]
    if problems:
        raise TrustError(problems)


def require_templates(wish: Wish, folder: Path) -> None:
    """Stop where a project's own templates are not those that its user has allowed to run.

    Raises:
        TrustError: with one problem that names the templates, or those of them that have changed.

    """
    known = _known().get(str(wish.root), {})
    if known.get("templates", "") == wish.templates:
        return
    names = tuple(name for name, _ in wish.files)
    if not known.get("templates"):
        message = f"templates are code, and those of this project are not trusted yet: {_listed(names)}"
    else:
        listed = _listed(_changed(wish, known.get("files")) or names)
        message = (
            f"templates are code, and some of this project have changed since they were trusted: {listed}"
        )
    hint = f"read them, then run `reportgen trust {wish.root}`; for one run, add --trust-templates"
    raise TrustError([Problem("templates-untrusted", Level.ERROR, Where(str(folder)), message, hint)])


def _changed(wish: Wish, kept: Any) -> tuple[str, ...]:
    """Name what is new, another or gone; nothing where only the hash of all was kept, as in older lists."""
    if not isinstance(kept, dict):
        return ()
    now = dict(wish.files)
    gone = [f"{name} (removed)" for name in kept if name not in now]
    return (*(name for name, sha256 in wish.files if kept.get(name) != sha256), *gone)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def grant(wish: Wish) -> None:
    """Allow what a project asks for now, in place of what it was allowed before.

    Raises:
        OutputError: the list of what is trusted cannot be written.

    """
    allowed = {"templates": wish.templates, "places": list(wish.places), "files": dict(wish.files)}
    _keep({**_known(), str(wish.root): allowed})


def is_trusted(root: Path, templates: str) -> bool:
    """Tell whether a project's templates of that hash are allowed to run."""
    return bool(_known().get(str(root), {}).get("templates") == templates)


def renew(wish: Wish, before: str) -> bool:
    """Trust a project's templates as they are now, where they were trusted as they were before.

    ``before`` is the hash of all of them. What else the project was allowed stays. Tells whether they are trusted now.

    Raises:
        OutputError: the list of what is trusted cannot be written.

    """
    known = _known()
    allowed = known.get(str(wish.root), {})
    if allowed.get("templates") != before:
        return False
    if wish.templates != before:
        files = dict(wish.files)
        _keep({**known, str(wish.root): {**allowed, "templates": wish.templates, "files": files}})
    return True


def forget(root: Path) -> bool:
    """Take back what a project was allowed; tell whether it was allowed anything.

    Raises:
        OutputError: the list of what is trusted cannot be written.

    """
    known = _known()
    found = known.pop(str(root), None) is not None
    if found:
        _keep(known)
    return found


def trusted_folders() -> list[Path]:
    """List the projects that are allowed anything."""
    return sorted(map(Path, _known()))


def _file() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("reportgen")) / "trusted.json"


def _known() -> dict[str, dict[str, Any]]:
    """Read what is allowed, folder by folder; a list that cannot be read allows nothing."""
    try:
        if not is_ours_alone(_file()):
            return {}
        value = parse_foreign_json(read_foreign(_file(), most_bytes=_MOST_BYTES))
    except (OSError, ValueError):
        return {}
    folders = value.get("folders") if isinstance(value, dict) and value.get("schema") == _SCHEMA else None
    if not isinstance(folders, dict):
        return {}
    return {root: allowed for root, allowed in folders.items() if isinstance(allowed, dict)}


def _keep(folders: dict[str, dict[str, Any]]) -> None:
    text = json.dumps({"schema": _SCHEMA, "folders": folders}, indent=2, sort_keys=True) + "\n"
    try:
        write_atomically(_file(), text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        message = f"the list of trusted projects, {_file()}, cannot be written: {error.strerror}"
        hint = "make room or give permission; for one run, add --trust-templates"
        raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)]) from error
