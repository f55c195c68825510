"""What tells one record from another, and what its report's name is made of, read without the rest of the record."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import ConfigDict, ValidationError

from reportgen.base.errors import RecordError
from reportgen.base.values import Date, Model, Text, Uuid  # pydantic reads them at run time
from reportgen.record.files import InputFile
from reportgen.record.model.vocabulary import Kind
from reportgen.record.reading import parse_record
from reportgen.record.yaml_syntax import is_yaml

if TYPE_CHECKING:
    from pathlib import Path

_YAML_ID = re.compile(rb"^id:[ \t]+[\"']?([0-9a-fA-F-]{36})[\"']?[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_YAML_VERSION = re.compile(rb"^version:[ \t]*(?:[\"']([^\"'\\\n]+)[\"'][ \t]*)?\r?$", re.MULTILINE)


class Head(Model):
    """The fields of a `Record` that say which one it is and what its report is called."""

    model_config = ConfigDict(extra="ignore")

    id: Uuid
    kind: Kind = Kind.SYNTHESIS
    title: Text
    date: Date
    version: Text = "1"


def read_head(path: Path, content: bytes) -> Head | None:
    """Read the head of a record; None where it has none that is right: reading the whole will say what is wrong."""
    try:
        return Head.model_validate(_value(path, content))
    except (ValidationError, ValueError, RecursionError, RecordError):
        return None


def read_identity(path: Path, content: bytes) -> tuple[str, str] | None:
    """Read the id and the version of a record; None where it has none.

    In YAML, which is slow to read, they are taken from their lines where these are plain to see.
    """
    if is_yaml(path):
        ids, versions = _YAML_ID.findall(content), _YAML_VERSION.findall(content)
        lines = content.count(b"\nversion") + content.startswith(b"version")
        if len(ids) == 1 and len(versions) == lines <= 1 and all(versions):
            return _identity(ids[0].decode(), versions[0].decode("utf-8", "replace") if versions else "1")
    head = read_head(path, content)
    return (str(head.id), head.version) if head else None


def _identity(written: str, version: str) -> tuple[str, str] | None:
    try:
        return str(UUID(written)), version
    except ValueError:
        return None


def _value(path: Path, content: bytes) -> Any:
    if is_yaml(path):
        return parse_record(InputFile(path, content))[1]
    return json.loads(content)
