"""Metadata from doi.org and arXiv into the lock file: the only part of the bibliography that goes online."""

from __future__ import annotations

from reportgen.sources.fetch.outcome import FetchOutcome, fetch
from reportgen.sources.fetch.registry import ClientOptions

__all__ = ["ClientOptions", "FetchOutcome", "fetch"]
