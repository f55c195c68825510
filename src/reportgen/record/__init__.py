"""Read a record: bytes to `Record`, with every problem at once and the place of each.

The steps: the bytes of a file (`files`), its JSON (`syntax`), where each value stands (`document`), the
claims that a record keeps in a file of their own (`claims_file`), and the fields against the model
(`fields`), whose expectations are worded from the published JSON Schema (`schema`).
"""

from __future__ import annotations

from reportgen.record.files import path_inside
from reportgen.record.reading import READING_CODES, Loaded, place_order, read_record
from reportgen.record.schema import json_schema

__all__ = [
    "READING_CODES",
    "Loaded",
    "json_schema",
    "path_inside",
    "place_order",
    "read_record",
]
