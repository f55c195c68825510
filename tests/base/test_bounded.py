from __future__ import annotations

import pytest

from reportgen.base import bounded
from reportgen.base.bounded import BoundError, bounds_fault, call_bounded


class StrangeError(Exception):
    def __init__(self, name: str, place: int) -> None:
        super().__init__(f"{name} at {place}")


def answer(value: int) -> int:
    return value + 1


def fail_strangely() -> None:
    raise StrangeError("x", 3)


def fail() -> None:
    try:
        fail_strangely()
    except StrangeError as error:
        raise ValueError("it cannot be read") from error


def compute_without_end() -> None:
    while True:
        pass


def test_what_computes_too_long_is_stopped():
    # By the processor, or on a busy machine by the clock.
    with pytest.raises(BoundError, match=r"it takes more than [15] s"):
        call_bounded(compute_without_end, megabytes=500, seconds=1)


def test_what_a_function_returns_comes_back():
    assert call_bounded(answer, 1, megabytes=500, seconds=60) == 2


def test_what_it_raises_is_raised_here_without_what_stood_behind_it():
    with pytest.raises(ValueError, match="it cannot be read") as caught:
        call_bounded(fail, megabytes=500, seconds=60)
    assert caught.value.__cause__ is None


def test_an_error_that_cannot_be_made_again_is_told_in_words():
    # A library that is loaded may have taught errors to travel.
    with pytest.raises((BoundError, StrangeError), match="x at 3"):
        call_bounded(fail_strangely, megabytes=500, seconds=60)


ONLY_HERE: list[int] = []


def what_is_shared() -> list[int]:
    return ONLY_HERE


def test_where_no_fork_is_safe_a_process_is_started_anew(monkeypatch):
    monkeypatch.setitem(globals(), "ONLY_HERE", [1])
    assert call_bounded(what_is_shared, megabytes=500, seconds=60) == [1]
    monkeypatch.setattr("sys.platform", "darwin")
    assert call_bounded(what_is_shared, megabytes=500, seconds=60) == []


def take_memory(megabytes: int) -> int:
    return len(bytes(megabytes * 1_000_000))


def test_where_the_system_has_no_bounds_doctor_says_so_and_the_call_is_made(monkeypatch):
    assert bounds_fault() == ""
    with pytest.raises(BoundError, match="more than 50 MB"):
        call_bounded(take_memory, 400, megabytes=50, seconds=60)
    monkeypatch.setattr(bounded, "resource", None)
    assert call_bounded(take_memory, 400, megabytes=50, seconds=60) == 400_000_000
    monkeypatch.setattr("sys.platform", "win32")
    assert bounds_fault() == "Windows bounds no program's memory for us; time on the clock is bounded"
