"""Every fuzzer by its name: what it draws from, and how many examples a run of the tests takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import projects
import records
import reports

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases import Case
    from hypothesis import strategies as st


@dataclass(frozen=True)
class Fuzzer:
    """A source of cases, made when it is first asked for, and the number of examples in a run of the tests."""

    cases: Callable[[], st.SearchStrategy[Case]]
    examples: int


FUZZERS = {
    "records printed": Fuzzer(records.compiled_records, 20),
    "records by schema": Fuzzer(records.valid_records, 20),
    "records with flaws": Fuzzer(records.flawed_records, 60),
    "records nearly JSON": Fuzzer(records.nearly_json, 60),
    "records with long texts": Fuzzer(records.long_records, 6),
    "reports with other files": Fuzzer(reports.carried_files, 30),
    "reports with other manifests": Fuzzer(reports.manifests, 40),
    "reports stored otherwise": Fuzzer(reports.stored_files, 15),
    "reports with damage": Fuzzer(reports.pdf_bytes, 40),
    "bibliographies": Fuzzer(projects.bibliographies, 40),
    "settings": Fuzzer(projects.settings_files, 40),
    "reference locks": Fuzzer(projects.reference_locks, 30),
    "deposit locks": Fuzzer(projects.deposit_locks, 30),
    "batch states": Fuzzer(projects.states, 30),
    "claims files": Fuzzer(projects.claims_files, 40),
}
