"""Every example of an explanation is tried: the wrong one reports its code, the right one reports nothing."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pytest

from explained_examples import BASE, merge_patch, try_example
from reportgen.explanations import Explanation, explanations

if TYPE_CHECKING:
    from collections.abc import Collection

    from reportgen.base.errors import Problem

SCENARIOS: dict[str, FunctionType] = {
    name.replace("_", "-"): function
    for path in sorted(Path(__file__).parent.glob("scenarios*.py"))
    for name, function in vars(importlib.import_module(path.stem)).items()
    if isinstance(function, FunctionType)
    and next(iter(inspect.signature(function).parameters), "") == "wrong"
}
"""What makes a situation that no text makes: functions of the files ``scenarios*.py`` whose first parameter is `wrong`.

Each returns the problems reported; its other parameters are fixtures, by their names.
"""
EXPLAINED = list(explanations().values())


def tried(explanation: Explanation, request: pytest.FixtureRequest, *, wrong: bool) -> Collection[Problem]:
    example = explanation.example
    if example.scenario:
        scenario = SCENARIOS[example.scenario]
        fixtures = list(inspect.signature(scenario).parameters)[1:]
        return scenario(wrong, **{name: request.getfixturevalue(name) for name in fixtures})
    fixtures = [request.getfixturevalue(name) for name in ("tmp_path", "reportgen")]
    return try_example(example, example.wrong if wrong else example.right, *fixtures)


def said(problems: Collection[Problem]) -> set[tuple[str, str]]:
    return {(problem.code, str(problem.level)) for problem in problems}


@pytest.mark.parametrize("explanation", EXPLAINED, ids=lambda each: each.code)
def test_the_wrong_example_reports_its_code(explanation, request):
    problems = said(tried(explanation, request, wrong=True))
    assert explanation.code in dict(problems), problems
    levels = {level for code, level in problems if code == explanation.code}
    assert levels <= set(explanation.level.split(" or "))


@pytest.mark.parametrize("explanation", EXPLAINED, ids=lambda each: each.code)
def test_the_right_example_reports_nothing(explanation, request):
    problems = said(tried(explanation, request, wrong=False))
    if explanation.example.kind in {"scenario", "command"}:  # the machine has a say there, too
        assert explanation.code not in dict(problems)
    else:
        assert problems == set()


def is_tried_with_a_level(explanation: Explanation) -> bool:
    """Tell whether the example is a text; where it is built, what no level changes need not be built again."""
    example = explanation.example
    is_built = example.kind == "template" or example.build
    return not (example.kind == "command" or example.scenario) and (explanation.settable or not is_built)


@pytest.mark.parametrize(
    "explanation", list(filter(is_tried_with_a_level, EXPLAINED)), ids=lambda each: each.code
)
def test_a_level_can_be_set_where_the_explanation_says_so(explanation, tmp_path, reportgen):
    example, levels = explanation.example, {explanation.code: "ignore"}
    problems = said(try_example(example, example.wrong, tmp_path, reportgen, levels=levels))
    assert explanation.settable == (explanation.code not in dict(problems))


def test_every_scenario_is_some_example():
    named = {each.example.scenario for each in EXPLAINED} - {""}
    assert named == SCENARIOS.keys()


@pytest.mark.parametrize(
    ("patch", "merged"),
    [
        ({"title": "Another"}, BASE | {"title": "Another"}),
        ({"title": None}, {name: value for name, value in BASE.items() if name != "title"}),
        ({"search": {"included": 3, "screened": None}}, BASE | {"search": {"included": 3}}),
    ],
)
def test_a_merge_patch_changes_replaces_and_removes(patch: Any, merged: Any):
    assert merge_patch(BASE, patch) == merged
