"""Building again what depends on a changed file, in one warm process."""

from __future__ import annotations

from reportgen.watch.changes import FileChanges
from reportgen.watch.project import Event, Project, rebuild

__all__ = ["Event", "FileChanges", "Project", "rebuild"]
