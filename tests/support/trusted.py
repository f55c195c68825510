"""Trust, as `reportgen trust` grants it: for tests that are about what own templates do, not whether they may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.own_templates import wish_of
from reportgen.base.settings import find_settings
from reportgen.base.trusted_projects import grant

if TYPE_CHECKING:
    from pathlib import Path


def trust(folder: Path) -> None:
    grant(wish_of(find_settings(folder, trust_templates=True)))
