"""One registry, asked politely: one request at a time, with pauses, bounds and a name to write to."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable  # noqa: TC003  # a field of a dataclass
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Self

import httpx

from reportgen import __version__
from reportgen.base.errors import Level, Problem, SettingsError, Where
from reportgen.base.exchange import Deadline, Wire, read_body

_QUOTED = 300
_TRY_AGAIN = frozenset([408, 429, 500, 502, 503, 504])


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """Limits and pauses of the requests: times in seconds, sizes in bytes.

    ``mailto`` is an address the registries can write to. One request runs at a time; ``arxiv_interval``
    lies between two to arXiv. A registry that asks for more than ``longest_wait`` is given up. ``timeout`` bounds an
    exchange as a whole, redirects and all.
    """

    mailto: str = ""
    doi_url: str = "https://doi.org/"
    arxiv_url: str = "https://export.arxiv.org/api/query"
    timeout: float = 30
    attempts: int = 4
    longest_wait: float = 120
    arxiv_interval: float = 3
    most_bytes: int = 4_000_000
    pause: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    @property
    def user_agent(self) -> str:
        """Return the name we go by."""
        contact = f" (mailto:{self.mailto})" if self.mailto else ""
        name = f"reportgen/{__version__}{contact}"
        return name if name.isascii() and name.isprintable() else f"reportgen/{__version__}"


class NoAnswerError(Exception):
    """A registry did not give what was asked for: a problem code, what happened and the next step."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        self.problem = Problem(code, Level.ERROR, Where(), message, hint)
        super().__init__(message)


class Registry:
    """One host, asked one thing at a time; once it cannot be reached it is not asked again."""

    def __init__(self, url: str, options: ClientOptions, interval: float = 0) -> None:
        self._url = _address(url)
        self.host = self._url.netloc.decode("ascii")
        self._options = options
        self._interval = interval
        self._asked = False
        self._unreachable: NoAnswerError | None = None
        self._deadline = Deadline()
        self._client = httpx.Client(
            transport=Wire(url, self._deadline, proxied=True),
            timeout=options.timeout,
            follow_redirects=True,
            max_redirects=5,
            headers={"User-Agent": options.user_agent, "Accept-Encoding": "identity"},
            event_hooks={"request": [self._check_scheme]},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, url: str, media_type: str) -> bytes:
        """Return the body of an answer of the media type.

        Raises:
            NoAnswerError: there is none: not found, refused, offline, or still failing after all attempts.

        """
        if self._unreachable:
            raise self._unreachable
        wait, reason, offline = 0.0, "", False
        for attempt in range(self._options.attempts):
            self._pause(wait)
            wait = min(2.0**attempt, 30) * (1 + self._options.jitter())
            try:
                return self._attempt(url, media_type)
            except _TryAgainError as again:
                reason, offline = str(again), False
                wait = max(wait, again.wait)
                if wait > self._options.longest_wait:
                    reason += f" and asks to wait {again.wait:.0f} s"
                    break
            except httpx.TransportError as error:
                reason = str(error) or type(error).__name__
                offline = self._is_unreachable(error)
                if offline and attempt:
                    break
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
                raise self._failed("fetch-failed", str(error)) from error
        if not offline:
            raise self._failed("fetch-failed", reason)
        message = f"{self.host} cannot be reached: {reason}"
        hint = "run again with a connection; until then they are printed as identifiers"
        self._unreachable = NoAnswerError("offline", message, hint)
        raise self._unreachable

    def not_found(self) -> NoAnswerError:
        """Say that the registry does not know the work."""
        hint = "check the identifier against the source: it may be mistyped, or invented"
        return NoAnswerError("source-not-found", f"{self.host} knows no such work", hint)

    def _is_unreachable(self, error: httpx.TransportError) -> bool:
        """Tell a registry that cannot be reached from one that leads to a server that cannot."""
        connecting = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        return connecting and error.request.url.host == self._url.host

    def _pause(self, wait: float) -> None:
        wait = max(wait, self._interval if self._asked else 0)
        self._asked = True
        if wait:
            self._options.pause(wait)

    def _attempt(self, url: str, media_type: str) -> bytes:
        self._deadline.begin(self._options.timeout)
        with self._client.stream("GET", url, headers={"Accept": media_type}) as response:
            if response.status_code in _TRY_AGAIN:
                raise _TryAgainError(f"it answers {response.status_code}", _retry_after(response.headers))
            if response.status_code in (404, 410):
                raise self.not_found()
            if response.status_code != httpx.codes.OK:
                raise self._failed("fetch-refused", f"it answers {response.status_code}")
            answered = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if answered != media_type:
                reason = f"it answers with {answered or 'no media type'}, not {media_type}"
                raise self._failed("fetch-failed", reason)
            most = self._options.most_bytes
            body = read_body(response, most, self._deadline)
            if len(body) > most:
                raise self._failed("fetch-failed", f"its answer is longer than {most} bytes")
            return body

    def _check_scheme(self, request: httpx.Request) -> None:
        if self._url.scheme == "https" and request.url.scheme != "https":
            raise self._failed("fetch-failed", f"it leads to the insecure address {request.url}")

    def _failed(self, code: str, reason: str) -> NoAnswerError:
        hint = "try again later, or add an entry to the bibliography"
        return NoAnswerError(code, f"{self.host}: {reason[:_QUOTED]}", hint)


def _address(url: str) -> httpx.URL:
    with suppress(httpx.InvalidURL, UnicodeError):
        address = httpx.URL(url)
        if address.scheme in ("http", "https") and address.host:
            return address
    message = f"{url!r:.200} is not the address of a registry, such as https://doi.org/"
    raise SettingsError([Problem("registry-url", Level.ERROR, Where(), message, "correct [fetch]")])


class _TryAgainError(Exception):
    """The registry is busy; it asks to ``wait`` so many seconds."""

    def __init__(self, reason: str, wait: float) -> None:
        self.wait = wait
        super().__init__(reason)


def _retry_after(headers: httpx.Headers) -> float:
    """Read the seconds to wait, from a number or from a date compared with the answer's own."""
    value = headers.get("retry-after", "")
    if re.fullmatch(r"\d{1,6}", value):
        return float(value)
    try:
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(headers["date"])
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError, KeyError, OverflowError):  # no date: our own growing pause is as good
        return 0.0
