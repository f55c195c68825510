"""Every fuzzer by its name: what it draws from, and how many examples a run of all tests takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import house_cases
import project_cases
import record_cases
import report_cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases import Case
    from hypothesis import strategies as st


@dataclass(frozen=True)
class Fuzzer:
    """A source of cases, made when it is first asked for, and the number of examples in a run of all tests."""

    cases: Callable[[], st.SearchStrategy[Case]]
    examples: int


FUZZERS = {
    "records printed": Fuzzer(record_cases.compiled_records, 10),
    "records by schema": Fuzzer(record_cases.valid_records, 20),
    "records with flaws": Fuzzer(record_cases.flawed_records, 40),
    "records nearly JSON": Fuzzer(record_cases.nearly_json, 40),
    "records nearly YAML": Fuzzer(record_cases.nearly_yaml, 40),
    "records with long texts": Fuzzer(record_cases.long_records, 4),
    "reports with other files": Fuzzer(report_cases.carried_files, 20),
    "reports with other manifests": Fuzzer(report_cases.manifests, 25),
    "reports stored otherwise": Fuzzer(report_cases.stored_files, 10),
    "reports with damage": Fuzzer(report_cases.pdf_bytes, 25),
    "bibliographies": Fuzzer(project_cases.bibliographies, 25),
    "settings": Fuzzer(project_cases.settings_files, 25),
    "reference locks": Fuzzer(project_cases.reference_locks, 20),
    "deposit locks": Fuzzer(project_cases.deposit_locks, 20),
    "batch states": Fuzzer(project_cases.states, 15),
    "claims files": Fuzzer(project_cases.claims_files, 25),
    "logos": Fuzzer(house_cases.logos, 25),
    "styles of references": Fuzzer(house_cases.styles, 20),
    "words of a house": Fuzzer(house_cases.words, 20),
}
