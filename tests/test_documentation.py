"""The tables of the documentation hold all that the program has, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from problem_codes import Codes
from reportgen.analysis.checks import CHECKS
from reportgen.record import READING_CODES

ROOT = Path(__file__).resolve().parents[1]
OF_REPORT_FILES = {"failed": {"error"}, "stale": {"error"}}
"""What stands in a file of results for a record that was not built: `str(outcome.status)`."""
PASSED_ON = {
    "__init__.check_subject: each.code",  # a check's own
    "errors.ReportgenError: self.default_code()",
    "exports._problems: problem.code",
    "exports._problems: str(outcome.status)",
    "outcome._failed: error.code",
    "outcome._problems: failed.code",
    "refusals.refusal: meaning.code",
    "syntax._problem: code",  # one of `READING_CODES`
}
"""Where a problem is given the code of something that has one already."""


def rows(file: str) -> list[list[str]]:
    """Read the rows of all tables of a document, without their heads."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    tables = [line.strip("|").split(" | ") for line in lines if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in tables]


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes(ROOT / "src" / "reportgen")


def test_every_code_has_its_row_and_every_row_its_code(codes):
    found = codes.found | {code: {"error"} for code in READING_CODES} | OF_REPORT_FILES
    listed = {row[0].strip("`"): set(row[1].split(" or ")) for row in rows("docs/checks.md")}
    assert len(found) > 200
    assert listed == found
    assert len(rows("docs/checks.md")) == len(listed)


def test_a_code_that_is_made_otherwise_would_be_seen(codes):
    assert codes.passed_on == PASSED_ON


def test_the_rows_say_what_the_program_says():
    listed = {row[0].strip("`"): row[2:] for row in rows("docs/checks.md")}
    assert {code: listed[code] for code in CHECKS} == {
        code: [each.summary, each.hint] for code, each in CHECKS.items()
    }
    assert {code: listed[code][0] for code in READING_CODES} == READING_CODES
    assert all(len(row) == 2 and all(row) for row in listed.values())
