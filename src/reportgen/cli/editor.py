"""What an editor needs to complete and explain records: the schema, and which files it is for."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.foreign import read_foreign
from reportgen.base.paths import real_path
from reportgen.base.settings import project_root
from reportgen.record import json_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_NAME = "record.schema.json"


def schema_text(schema: Mapping[str, Any] | None = None) -> str:
    """Return a JSON Schema, by default that of a record, as the text of a file."""
    return json.dumps(schema or json_schema(), ensure_ascii=False, indent=2) + "\n"


def schema_near(record: Path) -> Path:
    """Say where the schema lies that explains a record: in its project, or beside it where that is none."""
    folder = record.absolute().parent
    return (project_root(folder) or real_path(folder)) / SCHEMA_NAME


def schema_from(record: Path, schema: Path) -> str:
    """Name the schema as a record names it: relative to itself, with slashes on every machine."""
    return Path(os.path.relpath(schema, real_path(record.absolute().parent))).as_posix()


def is_outdated(schema: Path) -> bool:
    """Tell whether a file is there that is not the schema of this version."""
    try:
        return read_foreign(schema) != schema_text().encode()
    except OSError:
        return False


def editor_files() -> dict[str, str]:
    """Return the files of a project that are for editors, by name."""
    schema = f"./{SCHEMA_NAME}"
    files = {"fileMatch": ["/records/**/*.json", "!*.zenodo.json", "!*.lock.json"], "url": schema}
    settings = {
        "json.schemas": [files],
        "yaml.schemas": {schema: ["/records/**/*.yaml", "/records/**/*.yml"]},
    }
    extensions = {"recommendations": ["redhat.vscode-yaml"]}
    return {
        SCHEMA_NAME: schema_text(),
        ".vscode/settings.json": json.dumps(settings, indent=2) + "\n",
        ".vscode/extensions.json": json.dumps(extensions, indent=2) + "\n",
    }
