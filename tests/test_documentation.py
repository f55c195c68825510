"""The tables of the documentation hold all that the program has, and nothing else."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from pydantic import BaseModel

import reference
import reportgen
from problem_codes import Codes
from reportgen.analysis.checks import CHECKS
from reportgen.base.errors import ReportgenError
from reportgen.base.settings import _NOT_IN_FILE, Settings
from reportgen.cli import PIPE_CLOSED
from reportgen.cli.batch_report import A_RECORD_FAILED
from reportgen.cli.given import WRONG_USE
from reportgen.explanations import exit_codes, explanations
from reportgen.record.schema import field_names
from reportgen.text.mathematics import LONGEST, Formula, parse_formula, split_formulas
from reportgen.text.mathematics.commands import ON_DISPLAY
from reportgen.text.mathematics.cursor import DEEPEST, MOST_COPIES
from reportgen.text.mathematics.environments import MOST_CELLS, MOST_COLUMNS
from reportgen.trust.verify import Comparison

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
OF_SYNTAX = {f"{language}-surrogate": {"error"} for language in ("json", "yaml")}
PASSED_ON = {
    "__init__.check_subject: each.code",  # a check's own
    "errors.ReportgenError: self.default_code()",
    "entries._problem: value['code']",
    "answers.refusal: meaning.code",
    "syntax._problem: f'{language}-{kind}'",  # one of `OF_SYNTAX`
}
"""Where a problem is given the code of something that has one already."""


def rows(file: str, heading: str = "") -> list[list[str]]:
    """Read the rows of a section's tables, or of all of a document, without their heads."""
    text = (ROOT / file).read_text(encoding="utf-8")
    part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0] if heading else text
    tables = re.findall(r"^\|.*\n\|[-|:]+\n((?:\|.*\n)+)", part, re.MULTILINE)
    lines = [line for table in tables for line in table.splitlines()]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def settings_of(table: BaseModel, within: str = "") -> set[str]:
    """Read the names of the settings of a table and of the tables in it."""
    found: set[str] = set()
    for name in type(table).model_fields.keys() - (_NOT_IN_FILE if not within else {}):
        value = getattr(table, name)
        found |= (
            settings_of(value, f"{within}{name}.") if isinstance(value, BaseModel) else {f"{within}{name}"}
        )
    return found


def test_every_setting_has_its_row():
    listed = rows("docs/reference/settings.md", "All settings")
    assert {row[0].strip("`") for row in listed} == settings_of(Settings())
    assert all(len(row) == 4 and row[1] and row[3] for row in listed)
    shown = {row[0].strip("`"): row[2] for row in listed}
    assert shown["limits.seconds"] == f"`{Settings().limits.seconds}`"
    assert shown["publisher.name"] == f'`"{Settings().publisher.name}"`'
    assert shown["license"] == ""


def test_every_exit_code_has_its_row():
    for module in pkgutil.walk_packages(reportgen.__path__, "reportgen."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    codes = {error.exit_code for error in (ReportgenError, *subclasses(ReportgenError))}
    codes |= {each.value for each in Comparison} | {0, A_RECORD_FAILED, WRONG_USE, PIPE_CLOSED}
    codes |= {128 + number for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)}
    assert set(exit_codes()) == codes
    means = {number: each.means for number, each in exit_codes().items()}
    assert {int(row[0]): row[1] for row in rows("ARCHITECTURE.md", "Exit codes")} == means


def subclasses(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_dependency_has_its_row():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needs = {Requirement(need).name for need in project["dependencies"]}
    needs |= {f"{Requirement(need).name} (extra `{extra}`)" for extra in extras for need in extras[extra]}
    listed = [name for row in rows("ARCHITECTURE.md", "Dependencies") for name in row[0].split(", ")]
    assert sorted(listed) == sorted(needs)


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_page_of_the_reference_is_the_one_made_from_the_program(name):
    assert (reference.FOLDER / name).read_text(encoding="utf-8") == reference.PAGES[name](), "./run reference"


def test_the_reference_names_every_field_and_leads_to_what_is_there():
    page = (ROOT / "docs" / "reference" / "record.md").read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^a-z -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^## (.+)$", page, re.MULTILINE)
    }
    assert len(anchors) > 30
    assert set(re.findall(r"\]\(#([a-z-]+)\)", page)) <= anchors
    listed = set(re.findall(r"^\| `([^`]+)`", page, re.MULTILINE))
    assert set(field_names(())) | set(field_names(("claims", 0))) <= listed


def test_every_variable_is_named_in_the_documentation():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    named = set(re.findall(r"\b(?:REPORTGEN|ZENODO)_[A-Z_]+\b", source)) - {"REPORTGEN_COMPLETE"}
    documents = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))
    assert len(named) >= 4
    assert [name for name in sorted(named) if name not in documents] == []


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes(ROOT / "src" / "reportgen")


def test_every_code_is_explained_with_its_levels(codes):
    found = codes.found | OF_SYNTAX
    assert len(found) > 200
    assert {code: set(each.level.split(" or ")) for code, each in explanations().items()} == found


def test_a_code_that_is_made_otherwise_would_be_seen(codes):
    assert codes.passed_on == PASSED_ON


def test_the_remedy_is_the_hint_that_a_check_prints():
    assert {code: explanations()[code].remedy for code in CHECKS} == {
        code: each.hint for code, each in CHECKS.items()
    }
    assert all(explanations()[code].settable for code in CHECKS)


def test_every_formula_of_the_documentation_is_understood():
    text = (ROOT / "docs/reference/mathematics.md").read_text(encoding="utf-8")
    examples = [
        span for row in rows("docs/reference/mathematics.md", "What is understood") for span in _code(row[1])
    ]
    assert len(examples) > 50
    for example in examples:
        parse_formula(example.removeprefix("$").removesuffix("$"))
    for row in rows("docs/reference/mathematics.md", "Where it stands"):
        for example in _code(row[0]):
            assert [type(part) for part in split_formulas(example)] == [Formula]
    for bound in (LONGEST, DEEPEST, MOST_COPIES, MOST_CELLS, MOST_COLUMNS):
        assert re.search(rf"\b{bound}\b", text.partition("## Bounds")[2])
    assert {f"`{name}`" for name in ON_DISPLAY} - set(re.findall("`[a-z]+`", text)) == {"`displaymath`"}


def _code(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell.replace("\\|", "|"))


def test_every_reason_for_building_a_report_again_is_explained():
    page = (ROOT / "docs/how-to/why-rebuilt.md").read_text(encoding="utf-8")
    source = (ROOT / "src/reportgen/pipeline/batch/freshness.py").read_text(encoding="utf-8")
    reasons = re.findall(r'"((?:the|a|an) [^"{}]+ changed|the bibliography has [^"{}]+)"', source)
    assert len(reasons) > 6
    assert [reason for reason in reasons if f"| {reason}" not in page] == []
