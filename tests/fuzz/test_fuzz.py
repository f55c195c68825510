"""What others made ends in a whole report or in a placed problem: some examples of every fuzzer.

`./run fuzz` takes as many more as there is time for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fuzzers import FUZZERS
from hypothesis import HealthCheck, Phase, given, settings
from world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cases import Case

BRIEFLY = 3  # of so many examples one is tried, but for --all


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as made:
        yield made


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of an example that failed
@pytest.mark.parametrize("name", FUZZERS)
def test_no_input_does_more_than_fail_with_a_placed_problem(
    name: str, world: World, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    number = FUZZERS[name].examples

    # The same examples each time, and as they were drawn: making them smaller takes minutes.
    @settings(
        max_examples=number if pytestconfig.getoption("--all") else max(number // BRIEFLY, 4),
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(FUZZERS[name].cases())
    def examples(case: Case) -> None:
        judged = world.run(case)
        if judged.flaws:
            kept = tmp_path / f"{case.digest}.json"
            kept.write_text(case.as_json(fuzzer=name, flaws=judged.flaws))
            pytest.fail(f"{judged.flaws[0]}\nrun it again with: ./run fuzz --replay {kept}", pytrace=False)

    examples()
