"""Read a record: bytes to `Record`, with every problem at once and the place of each.

The steps: the bytes of a file (`files`), which others it may name (`named_paths`), its JSON or YAML (`syntax`,
`yaml_syntax`), where each value stands (`document`), the claims that a record keeps in a file of their own
(`claims_file`), and the fields against the model (`fields`), whose expectations are worded from the published JSON
Schema (`schema`).
"""

from __future__ import annotations

from reportgen.record.files import InputFile
from reportgen.record.named_paths import name_inside, name_outside, path_inside, places_in_project, project_of
from reportgen.record.reading import Loaded, parse_record, place_order, read_record
from reportgen.record.schema import json_schema
from reportgen.record.yaml_syntax import SUFFIXES as YAML_SUFFIXES
from reportgen.record.yaml_syntax import is_yaml

__all__ = [
    "YAML_SUFFIXES",
    "InputFile",
    "Loaded",
    "is_yaml",
    "json_schema",
    "name_inside",
    "name_outside",
    "parse_record",
    "path_inside",
    "place_order",
    "places_in_project",
    "project_of",
    "read_record",
]
