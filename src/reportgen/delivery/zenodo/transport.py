"""One repository over HTTP: the token only to its origin, bounded answers, retries by the table in ``retries``."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # a field of a dataclass
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from reportgen.base.errors import RepositoryError, UnknownOutcomeError
from reportgen.base.exchange import Deadline, Wire, read_body
from reportgen.delivery.zenodo.access import Bearer, origin
from reportgen.delivery.zenodo.answers import DENIED, Answer, denial, problem, refusal
from reportgen.delivery.zenodo.retries import (
    BUSY,
    CONNECT_SECONDS,
    LONGEST_PAUSE,
    READ,
    WRITE_SECONDS,
    Clock,
    Retry,
    asked_pause,
    courtesy_pause,
    growing_pause,
    leaves_open,
)

if TYPE_CHECKING:
    from reportgen.delivery.zenodo.access import Access

RECORD_TYPE = "application/vnd.inveniordm.v1+json"
"""Plain JSON is Zenodo's old one: no errors, no reserved DOI."""
JSON = "application/json"  # the only type of the interface of files
OCTETS = "application/octet-stream"

_MOST_BYTES = 32_000_000
_MOST_ERROR_BYTES = 64_000
_MOST_REDIRECTS = 5
_LONGEST_HOST = 255
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True)
class Call:
    """One request: ``path`` below the base URL, already percent-encoded; ``json`` or ``content`` as its body."""

    method: str
    path: str
    retry: Retry
    accept: str = RECORD_TYPE
    json: Any = None
    content: bytes | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    revision: int | None = None


OWN_RECORDS = Call("GET", "/user/records", READ, parameters={"size": "1"})


@dataclass(frozen=True, slots=True)
class _Failure:
    """A request without an answer: why, and whether the repository may have seen it."""

    reason: str
    is_sent: bool


class Transport:
    """Sends calls one at a time; what comes back is an answer below 500 other than 429, or an error is raised."""

    def __init__(self, access: Access, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.host = access.host
        self._base = access.base
        self._origin = origin(httpx.URL(access.base))
        self._token = access.token
        self._courtesy = 0.0
        self._deadline = Deadline(self.clock.elapsed)
        proxied = self._origin[0] == "https"  # a proxy sees what is sent to it in the open
        self._client = httpx.Client(
            transport=Wire(access.base, self._deadline, proxied=proxied),
            auth=Bearer(access),
            headers={"User-Agent": access.user_agent, "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(self, call: Call) -> Answer:
        """Make a call, as often as its retry policy says.

        Raises:
            RepositoryError: it could not be reached, or stays busy; nothing was done.
            UnknownOutcomeError: the call may have been done, and may not be sent again blindly.

        """
        began = self.clock.elapsed()
        is_open = False
        for attempt in range(call.retry.attempts):
            outcome = self._attempt(call)
            if isinstance(outcome, Answer) and outcome.status != BUSY and not leaves_open(outcome.status):
                return outcome
            is_open = is_open or _leaves_open(outcome)
            if is_open and not call.retry.repeats:
                break
            pause = self._pause(outcome, attempt)
            spent = self.clock.elapsed() - began
            is_last = attempt + 1 == call.retry.attempts
            if is_last or pause > LONGEST_PAUSE or spent + pause > call.retry.total:
                break
            self.clock.sleep(pause)
        raise self._given_up(call, outcome, is_open=is_open)

    def ask(self, call: Call, what: str, *expected: int) -> Answer:
        """Make a call and give its answer where it has one of the expected statuses.

        ``what`` says in an error what came to nothing, as in "draft 17 cannot be read".

        Raises:
            RepositoryError: refused, with one problem for each field complained of, or as ``send``.

        """
        answer = self.send(call)
        if answer.status in expected:
            return answer
        if answer.status in DENIED:
            known = self.send(OWN_RECORDS).status not in DENIED
            raise denial(self.host, what, answer, token_is_known=known)
        raise refusal(self.host, what, answer)

    def _pause(self, outcome: Answer | _Failure, attempt: int) -> float:
        """Return the seconds to wait before the next attempt: what the repository asks, at least our own."""
        asked = asked_pause(outcome, self.clock) if isinstance(outcome, Answer) else None
        return max(asked or 0.0, growing_pause(attempt, self.clock))

    def _attempt(self, call: Call) -> Answer | _Failure:
        """Send a request once, after the pause that the last answer made advisable."""
        if self._courtesy:
            self.clock.sleep(self._courtesy)
            self._courtesy = 0.0
        self._deadline.begin(call.retry.total)
        try:
            answer = self._follow(call)
            if _is_readable(answer):
                return answer
            return _Failure("its answer is not JSON", is_sent=True)
        except UnicodeError:  # the address it leads to is in no script
            return _Failure("it leads nowhere", is_sent=True)
        except httpx.RequestError as error:
            # The error leads to frames that hold the headers, so only its words go on.
            return _Failure(_scrubbed(error), is_sent=not isinstance(error, _NOT_SENT))

    def _follow(self, call: Call) -> Answer:
        url = httpx.URL(self._base + call.path, params=call.parameters or None)
        for _ in range(_MOST_REDIRECTS):
            answer = self._request(call, url)
            if answer.status not in (301, 302, 303, 307, 308) or call.method != "GET":
                return answer
            url = url.join(answer.headers.get("location", ""))
            if origin(url) != self._origin:
                where = url.raw_host.decode("ascii")[:_LONGEST_HOST]
                raise self._error("repository-redirect", f"it leads to another host, {where}")
        raise self._error("repository-redirect", "its redirects do not end")

    def _request(self, call: Call, url: httpx.URL) -> Answer:
        headers = {"Accept": call.accept}
        if call.content is not None:
            headers["Content-Type"] = OCTETS
        if call.revision is not None:
            headers["If-Match"] = str(call.revision)  # the quoted form, as ETag has it, is refused
        timeout = httpx.Timeout(CONNECT_SECONDS, read=call.retry.read, write=WRITE_SECONDS)
        with self._client.stream(
            call.method, url, json=call.json, content=call.content, headers=headers, timeout=timeout
        ) as response:
            answered = {name.lower(): self._hidden(value) for name, value in response.headers.items()}
            is_busy = response.status_code == BUSY  # then the loop above waits
            self._courtesy = 0.0 if is_busy else courtesy_pause(answered, self.clock)
            return Answer(response.status_code, answered, self._body(call, response))

    def _body(self, call: Call, response: httpx.Response) -> bytes:
        """Read a body within its bounds: of an error as much as a person would, of the rest all or nothing."""
        most = _MOST_ERROR_BYTES if response.is_error else _MOST_BYTES
        body = read_body(response, most, self._deadline)
        if len(body) > most and not response.is_error:
            found = problem(self.host, "repository-answer", f"its answer is longer than {most} bytes")
            raise (RepositoryError if call.method == "GET" else UnknownOutcomeError)([found])
        return self._token.hidden_in(body)[:most]

    def _hidden(self, header: str) -> str:
        return self._token.hidden_in(header.encode()).decode()

    def _given_up(self, call: Call, outcome: Answer | _Failure, *, is_open: bool) -> RepositoryError:
        said = f"it answers {outcome.message}" if isinstance(outcome, Answer) else outcome.reason
        message = f"{call.method} {call.path}: {said}"
        if is_open and call.method != "GET":
            hint = "whether it was done is not known; run the same command again, which looks first"
            return UnknownOutcomeError([problem(self.host, "outcome-unknown", message, hint)])
        if isinstance(outcome, Answer) and outcome.status == BUSY:
            asked = asked_pause(outcome, self.clock)
            message += f", and asks to wait {asked:.0f} s" if asked else ""
            hint = "it allows no more requests for now; run again later"
            return self._error("repository-busy", message, hint)
        return self._error("repository-unreachable", message, "nothing was lost; run the same command again")

    def _error(self, code: str, message: str, hint: str = "") -> RepositoryError:
        return RepositoryError([problem(self.host, code, message, hint)])


def _leaves_open(outcome: Answer | _Failure) -> bool:
    return leaves_open(outcome.status) if isinstance(outcome, Answer) else outcome.is_sent


def _is_readable(answer: Answer) -> bool:
    """Say whether a success is one: a page of HTML with status 200 comes from something in between."""
    is_empty = answer.status == httpx.codes.NO_CONTENT
    return is_empty or not httpx.codes.is_success(answer.status) or bool(answer.json)


def _scrubbed(error: httpx.RequestError) -> str:
    """Return an error's kind and, where it comes from the system and not from a header, its words."""
    kind = type(error).__name__
    says_nothing_of_ours = isinstance(error, httpx.NetworkError | httpx.TimeoutException)
    return f"{kind}: {error}" if says_nothing_of_ours and str(error) else kind
