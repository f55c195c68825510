"""One file into a draft: started, sent, committed, compared; after every doubt the list of files decides."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from reportgen.base.errors import RepositoryError, UnknownOutcomeError
from reportgen.delivery.zenodo.answers import (
    GONE,
    problem,
    read_file,
    read_files,
    read_problems,
    refusal,
)
from reportgen.delivery.zenodo.retries import COMMIT, CONTENT, ONCE, READ, REPLACE, growing_pause
from reportgen.delivery.zenodo.transport import JSON, Call
from reportgen.record.registration import Checksum

if TYPE_CHECKING:
    from reportgen.delivery.zenodo.transport import Transport

_ROUNDS = 5
_OK = 200
_BAD_REQUEST = 400
_BROKEN_OFF = "transfer failed"  # in the messages for a content that did not arrive whole


class DraftFiles:
    """The calls that list, write and delete the files of a draft."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.host = transport.host

    def files(self, number: str) -> dict[str, Checksum | None]:
        """List the files of a draft by name; RepositoryError ``repository-gone`` where there is no such draft."""
        what = f"the files of draft {number} cannot be listed"
        return read_files(self._transport.ask(Call("GET", _files(number), READ, JSON), what, 200).json)

    def delete_file(self, number: str, name: str) -> None:
        """Delete a file of a draft; one that is not there is as good."""
        what = f"{name} cannot be deleted from draft {number}"
        self._transport.ask(Call("DELETE", _file(number, name), REPLACE, JSON), what, 204, 200, *GONE)

    def upload(self, number: str, name: str, content: bytes) -> Checksum:
        """Bring a file into a draft, in place of one of that name; nothing is sent when it is there already.

        Raises:
            RepositoryError: refused, or what arrived is not what was sent, with the code ``file-differs``.
            UnknownOutcomeError: answers were lost again and again; what is there is found out by the next run.

        """
        wanted = Checksum.of(content)
        outcome: Checksum | UnknownOutcomeError | None = None
        for attempt in range(_ROUNDS):
            if attempt:
                self._transport.clock.sleep(growing_pause(attempt, self._transport.clock))
            there = self.files(number)
            is_started = name in there
            if (held := there.get(name)) == wanted:
                return wanted
            if held is not None:  # sending into it would only destroy it
                self.delete_file(number, name)
                is_started = False
            outcome = self._bring(number, name, content, is_started=is_started)
            if outcome == wanted:
                return wanted
        if isinstance(outcome, UnknownOutcomeError):
            raise outcome
        message = f"{name} does not arrive in draft {number} as it was sent"
        raise RepositoryError([problem(self.host, "file-differs", message)])

    def _bring(
        self, number: str, name: str, content: bytes, *, is_started: bool
    ) -> Checksum | UnknownOutcomeError | None:
        """Go through the three requests; give what arrived, or what makes doubtful how far they came."""
        try:
            if not is_started:
                self._start(number, name)
            self._send(number, name, content)
            return self._commit(number, name)
        except UnknownOutcomeError as error:
            return error

    def _start(self, number: str, name: str) -> None:
        what = f"{name} cannot be added to draft {number}"
        call = Call("POST", _files(number), ONCE, JSON, json=[{"key": name}])
        answer = self._transport.ask(call, what, 201, _BAD_REQUEST)
        if answer.status == _BAD_REQUEST:
            if name not in self.files(number):
                raise refusal(self.host, what, answer)
            raise self._doubt(f"{what}: it is there already")

    def _send(self, number: str, name: str, content: bytes) -> None:
        what = f"{name} cannot be sent to draft {number}"
        call = Call("PUT", f"{_file(number, name)}/content", CONTENT, JSON, content=content)
        answer = self._transport.ask(call, what, 200, 404, _BAD_REQUEST)
        said = " ".join([answer.message, *(problem.message for problem in read_problems(answer.json))])
        if answer.status == _BAD_REQUEST and _BROKEN_OFF not in said:
            self.delete_file(number, name)  # what is left of it would stand in the way of publishing
            raise refusal(self.host, what, answer)
        if answer.status != _OK or answer.json.get("errors"):
            raise self._doubt(f"{what}: {said}")

    def _commit(self, number: str, name: str) -> Checksum | None:
        what = f"{name} cannot be completed in draft {number}"
        call = Call("POST", f"{_file(number, name)}/commit", COMMIT, JSON)
        answer = self._transport.ask(call, what, 200, 404)
        if answer.status != _OK:
            raise self._doubt(f"{what}: it answers {answer.message}")
        return read_file(answer.json)

    def _doubt(self, message: str) -> UnknownOutcomeError:
        hint = "run the same command again, which looks first"
        return UnknownOutcomeError([problem(self.host, "outcome-unknown", message, hint)])


def record_path(number: str) -> str:
    """Return where a record is, below the base URL."""
    return f"/records/{quote(number, safe='')}"


def draft_path(number: str) -> str:
    """Return where a draft is, below the base URL."""
    return f"{record_path(number)}/draft"


def _files(number: str) -> str:
    return f"{draft_path(number)}/files"


def _file(number: str, name: str) -> str:
    return f"{_files(number)}/{quote(name, safe='')}"
