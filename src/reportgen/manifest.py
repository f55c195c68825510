"""The manifest: what the report was made of and with, as JSON."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING

from reportgen.typeset import engine_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.fonts import FontPlan
    from reportgen.model import Record

LIBRARIES = ("bibtexparser", "jinja2", "markdown-it-py", "matplotlib", "pandas", "pikepdf", "pylatex")


def manifest(record: Record, plan: FontPlan, files: Mapping[str, bytes]) -> bytes:
    """Name the record, the tools by version, the fonts, and every file inside the report by its hash."""
    value = {
        "schema": "reportgen-manifest-v1",
        "record": str(record.id),
        "version": record.version,
        "date": record.date.isoformat(),
        "tools": {
            "reportgen": version("reportgen"),
            "engine": engine_version(plan.engine),
            **{name: version(name) for name in LIBRARIES},
        },
        "fonts": [face.file for face in plan.faces],
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in sorted(files.items())
        },
    }
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
