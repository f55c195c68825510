"""What a fuzzer makes: files, and a command to run beside them; and what came of it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROJECT = "project"
"""The folder that a case is laid out in and run in; what lies beside it must never change."""
RECORD = "records/record.json"
REPORT = "report.pdf"


@dataclass(frozen=True)
class Case:
    """Files by their names, and the arguments of a command that reads them."""

    files: Mapping[str, bytes]
    arguments: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<case {self.digest}: {' '.join(self.arguments)}>"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:12]

    @property
    def size(self) -> int:
        return sum(map(len, self.files.values()))

    def lay_out(self, folder: Path) -> None:
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def as_json(self, **facts: Any) -> str:
        files = {name: _as_text(content) for name, content in self.files.items()}
        return json.dumps({**facts, "arguments": self.arguments, "files": files}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Case:
        value = json.loads(text)
        files = {name: _as_bytes(content) for name, content in value["files"].items()}
        return cls(files, tuple(value["arguments"]))


def _as_text(content: bytes) -> str | dict[str, str]:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


def _as_bytes(value: str | dict[str, str]) -> bytes:
    return value.encode() if isinstance(value, str) else base64.b64decode(value["base64"])


@dataclass(frozen=True)
class Ended:
    """How a command ended: its code, or minus the signal; what it printed; seconds, and bytes held at most."""

    code: int
    out: str
    err: str
    seconds: float
    memory: int
    killed: bool
    strays: int
