"""The retries of each kind of call, as one table: how often, and how long."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping  # noqa: TC003  # fields of dataclasses
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.delivery.zenodo.answers import Answer

BUSY = 429
_REQUEST_TIMEOUT = 408
_SERVER_ERROR = 500
NEARLY_USED_UP = 2  # requests that the repository still allows when we slow down by ourselves


@dataclass(frozen=True, slots=True)
class Retry:
    """A kind of call; times in seconds.

    ``attempts`` counts all tries, ``total`` bounds the time until the last one begins and that of each exchange,
    ``read`` the silence of the repository. ``repeats`` says that doing it twice is doing it once: only then
    it is sent again when its outcome is not known. What certainly was not done, for want of a connection or
    after a 429, is always tried again.
    """

    attempts: int
    total: float
    read: float
    repeats: bool


READ = Retry(attempts=6, total=300, read=60, repeats=True)
REPLACE = Retry(attempts=5, total=300, read=60, repeats=True)  # save, reserve, delete
OPEN_VERSION = Retry(attempts=3, total=120, read=60, repeats=True)  # known to answer 500 for hours
ONCE = Retry(attempts=5, total=300, read=60, repeats=False)  # create, start a file, save over a revision
CONTENT = Retry(attempts=5, total=3600, read=300, repeats=False)  # sent twice it deletes the file
COMMIT = Retry(attempts=5, total=300, read=300, repeats=False)
PUBLISH = Retry(attempts=5, total=300, read=300, repeats=False)

CONNECT_SECONDS = 10.0
WRITE_SECONDS = 60.0  # for one piece of a body, not for all of it
LONGEST_PAUSE = 90.0  # limits are per minute, so their windows end sooner


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance, exchanged by tests: ``now`` is Unix time, ``jitter`` gives numbers from 0 to 1."""

    now: Callable[[], float] = time.time
    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random


def leaves_open(status: int) -> bool:
    """Say whether an answer leaves open what was done: the proxy's word, or a failure half-way."""
    return status >= _SERVER_ERROR or status == _REQUEST_TIMEOUT


def growing_pause(attempt: int, clock: Clock) -> float:
    """Return the seconds to wait after the attempt of this number, counted from 0: 1 to 2, 2 to 4, up to 60."""
    return min(2.0**attempt, 30.0) * (1 + clock.jitter())


def asked_pause(answer: Answer, clock: Clock) -> float | None:
    """Return the seconds that a refusal asks to wait, in whichever way it says so; None where it does not."""
    after = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", after):
        return float(after)
    if (until := _timestamp(after)) is not None:
        return max(0.0, until - _their_now(answer.headers, clock))
    return until_reset(answer.headers, clock) if answer.status == BUSY else None


def until_reset(headers: Mapping[str, str], clock: Clock) -> float | None:
    """Return the seconds until the repository counts requests anew."""
    reset = headers.get("x-ratelimit-reset", "")
    if not re.fullmatch(r"\d{1,12}", reset):
        return None
    return max(0.0, float(reset) - _their_now(headers, clock))


def courtesy_pause(headers: Mapping[str, str], clock: Clock) -> float:
    """Return the seconds to wait before the next request so that it is not refused."""
    remaining = headers.get("x-ratelimit-remaining", "")
    if not re.fullmatch(r"\d{1,9}", remaining) or int(remaining) > NEARLY_USED_UP:
        return 0.0
    return min(until_reset(headers, clock) or 0.0, LONGEST_PAUSE)


def _their_now(headers: Mapping[str, str], clock: Clock) -> float:
    """Return the time by the repository's clock, to which its times belong; ours may be wrong."""
    # Two servers in a row may each have added a date.
    said = _timestamp(re.sub(r"GMT,.*", "GMT", headers.get("date", "")))
    return clock.now() if said is None else said


def _timestamp(date: str) -> float | None:
    """Read a date of HTTP as Unix time; None where it is none."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
