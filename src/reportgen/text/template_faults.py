"""What a template asked for and was not given, in the words of templates instead of Python's."""

from __future__ import annotations

import dataclasses
import re
import sys

from reportgen.base.suggestions import suggest

_NO_FIELD = re.compile(
    r"'(?P<module>reportgen\.[\w.]+)\.(?P<kind>\w+) object' has no attribute '(?P<field>\w+)'"
)
_NO_NAME = re.compile(r"'(?P<name>\w+)' is undefined")
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


def missing_field(said: str) -> tuple[str, str]:
    """Return what is missing, and what it was meant to be or ''; what Jinja2 says otherwise stays as it is."""
    if found := _NO_NAME.fullmatch(said):
        return f"templates are given nothing called `{found['name']}`", ""
    if not (found := _NO_FIELD.fullmatch(said)):
        return said, ""
    kind = getattr(sys.modules.get(found["module"]), found["kind"], None)
    fields = [field.name for field in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else []
    close = suggest(found["field"], fields)
    name = _WORD_START.sub("_", found["kind"]).lower()
    return f"{name} has no field `{found['field']}`", f"did you mean `{close}`?" if close else ""
