"""Building again what depends on a changed file, in one warm process."""

from __future__ import annotations

from reportgen.pipeline.watch.changes import FileChanges
from reportgen.pipeline.watch.project import Event, Project, rebuild

__all__ = ["Event", "FileChanges", "Project", "rebuild"]
