"""Random months of a project: after each run the folder holds the reports of its records, and all else is told."""

from __future__ import annotations

import pytest

from batch_outlook import make_fully
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.worker import build_one

pytest.register_assert_rewrite("batch_months", "batch_watched")
from batch_months import Month  # noqa: E402 - what it asserts is told in full

MONTHS = 200
IN_EVERY_RUN = 12
STEPS = 5


def months(count, in_every_run):
    marks = pytest.mark.long
    return [pytest.param(seed, marks=() if seed < in_every_run else marks) for seed in range(count)]


@pytest.mark.parametrize("seed", months(MONTHS, IN_EVERY_RUN))
def test_months_with_a_quick_build(seed, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "build_one", make_fully)
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    month = Month(tmp_path, seed, make_fully)
    month.live(STEPS)
    assert month.built


@pytest.mark.parametrize("seed", months(10, 1))
def test_months_with_the_real_build(seed, tmp_path):
    month = Month(tmp_path, seed, build_one, is_small=True)
    month.live(2)
    assert month.built
