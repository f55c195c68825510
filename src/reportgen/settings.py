"""House settings: ``reportgen.toml`` beside the records or in a folder above them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reportgen.errors import Level, Problem, SettingsError, Where, field_path, pointer_of
from reportgen.model import Author

FILE_NAME = "reportgen.toml"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Publisher(_Part):
    """Who publishes the reports."""

    name: str = "Assignee Research"
    url: str | None = "https://assignee.net"


class Limits(_Part):
    """Bounds on one run of TeX."""

    seconds: Annotated[int, Field(gt=0)] = 60
    memory_mb: Annotated[int, Field(gt=0)] = 2000
    output_mb: Annotated[int, Field(gt=0)] = 200


class Settings(_Part):
    """Every setting with its default; ``root`` is the folder that relative paths start from."""

    root: Path = Path()
    publisher: Publisher = Publisher()
    id_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{0,12}$")] = "SRCH"
    authors: tuple[Author, ...] = ()
    license: str | None = None
    templates: Path | None = None
    bib: tuple[Path, ...] = (Path("bib"),)
    lock: Path = Path("references.lock.json")
    output: Path = Path("out")
    name_pattern: str = "{date}-{id8}-{slug}.pdf"
    paper: Literal["a4", "letter"] = "a4"
    engine: Literal["auto", "pdftex", "luatex"] = "auto"
    tier_claims: Literal["extracted", "verified"] = "extracted"
    levels: dict[str, Literal["error", "warning", "ignore"]] = {}
    limits: Limits = Limits()

    def path(self, path: Path) -> Path:
        """Resolve a path of the settings against the folder they were found in."""
        return path if path.is_absolute() else self.root / path


def find_settings(start: Path, **overrides: Any) -> Settings:
    """Read the nearest ``reportgen.toml`` at or above a record's folder; without one, the defaults.

    ``overrides`` are command line options; those that are None do not count.

    Raises:
        SettingsError: the file cannot be read, or holds an unknown or ill-typed setting.

    """
    given = {name: value for name, value in overrides.items() if value is not None}
    folder = start.resolve()
    for parent in (folder, *folder.parents):
        file = parent / FILE_NAME
        if file.is_file():
            return _checked({**_parse(file), "root": parent, **given}, file)
    return _checked({"root": folder, **given}, Path(FILE_NAME))


def _parse(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(found[1]), int(found[2])) if found else (None, None)
        where = Where(str(file), line, column)
        raise SettingsError([Problem("settings-syntax", Level.ERROR, where, str(error))]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([Problem("settings-unreadable", Level.ERROR, Where(str(file)), str(error))]) from error


def _checked(values: dict[str, Any], file: Path) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        problems = [
            Problem(
                "settings-value",
                Level.ERROR,
                Where(str(file), pointer=pointer_of(detail["loc"])),
                f"{field_path(pointer_of(detail['loc']))}: {detail['msg']}",
                f"the settings are {', '.join(sorted(Settings.model_fields.keys() - {'root'}))}"
                if detail["type"] == "extra_forbidden"
                else "",
            )
            for detail in error.errors()
        ]
        raise SettingsError(problems) from error
