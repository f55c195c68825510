"""The projects whose settings, or the trust in which, stop every record in them: said once, with the first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportgen.base.errors import SettingsError
from reportgen.base.settings import project_root
from reportgen.base.trusted_projects import TrustError

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.base.errors import ReportgenError


@dataclass(slots=True)
class Projects:
    """The projects of a run, and which of them no record can be read under."""

    _stopped: set[Path | None] = field(default_factory=set)

    def stopped(self, path: Path) -> bool:
        """Tell whether a record lies in a project that stopped an earlier one."""
        return bool(self._stopped) and self._root(path) in self._stopped

    def remember(self, path: Path, error: ReportgenError) -> None:
        """Keep in mind what stopped a record, where it stops all others of its project."""
        if isinstance(error, SettingsError | TrustError):
            self._stopped.add(self._root(path))

    @staticmethod
    def _root(path: Path) -> Path | None:
        return project_root(path.parent)
