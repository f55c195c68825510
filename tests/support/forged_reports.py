"""PDFs that look like reports and are not: what a stranger would send to be verified."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pikepdf

from minimal_record import minimal
from reportgen.pdf.attachments import tools

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

RECORD = json.dumps(minimal()).encode()


def manifest_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest of a report that carries these files: every hash agrees."""
    return {
        "schema": "reportgen-manifest-v1",
        "record": minimal()["id"],
        "version": "1",
        "date": minimal()["date"],
        "doi": None,
        "sandbox": False,
        "settings": {"levels": {}},
        "tools": dict(tools("pdftex")),
        "fonts": {},
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in files.items()
        },
    }


def forge(
    path: Path,
    files: Mapping[str, bytes] | None = None,
    manifest: bytes | Callable[[dict[str, Any]], Any] = lambda value: None,
    change: Callable[[pikepdf.Pdf], object] = lambda pdf: None,
    **saving: Any,
) -> Path:
    """Write a PDF with these files inside, a manifest that agrees with them but for what is changed, and a blank page."""
    files = {"record.json": RECORD} if files is None else files
    if callable(manifest):
        value = manifest_of(files)
        replaced = manifest(value)
        manifest = json.dumps(value if replaced is None else replaced).encode()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, data in {**files, "manifest.json": manifest}.items():
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename="x")
        change(pdf)
        pdf.save(path, **saving)
    return path


def stream_of(pdf: pikepdf.Pdf, name: str) -> pikepdf.Stream:
    """The stream of a file inside."""
    return pdf.attachments[name].get_file().obj
