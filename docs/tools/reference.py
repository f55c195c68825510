"""Write the pages of docs/reference/ that are made from the program; a test holds each to what made it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import api_reference
import codes_reference
import commands_reference
import contracts_reference
import exit_codes_reference
import record_reference
import settings_reference
import templates_reference
import words_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER = Path(__file__).resolve().parents[1] / "reference"
PAGES: Mapping[str, Callable[[], str]] = {
    "record.md": record_reference.page,
    "settings.md": settings_reference.page,
    "commands.md": commands_reference.page,
    "codes.md": codes_reference.page,
    "exit-codes.md": exit_codes_reference.page,
    "templates.md": templates_reference.page,
    "words.md": words_reference.page,
    "api.md": api_reference.page,
    "contracts.md": contracts_reference.page,
}
SCHEMAS = Path(__file__).resolve().parents[2] / "schema" / "contracts"


def main() -> None:
    """Write every page, and the schemas of the contracts."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
        print(f"docs/reference/{name}")
    SCHEMAS.mkdir(exist_ok=True)
    for name, text in contracts_reference.schemas().items():
        (SCHEMAS / name).write_text(text, encoding="utf-8")
        print(f"schema/contracts/{name}")


if __name__ == "__main__":
    main()
