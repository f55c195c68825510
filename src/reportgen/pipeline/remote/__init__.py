"""Records and reports in places with a URL, such as an object store: fetched, built here, put back."""

from __future__ import annotations

from reportgen.pipeline.remote.location import is_url, without_file_scheme
from reportgen.pipeline.remote.records import fetch_records
from reportgen.pipeline.remote.reports import Reports
from reportgen.pipeline.remote.staging import Staging

__all__ = ["Reports", "Staging", "fetch_records", "is_url", "without_file_scheme"]
