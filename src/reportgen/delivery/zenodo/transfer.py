"""One file into a draft: started, sent, committed, compared; after every doubt the list of files decides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from reportgen.base.errors import RepositoryError, UnknownOutcomeError
from reportgen.delivery.zenodo.answers import Remote, read_file, read_files, read_problems
from reportgen.delivery.zenodo.refusals import GONE, problem, refusal
from reportgen.delivery.zenodo.retries import COMMIT, CONTENT, ONCE, READ, REPLACE, growing_pause
from reportgen.delivery.zenodo.transport import JSON, Call

if TYPE_CHECKING:
    from reportgen.delivery.zenodo.transport import Transport

_ROUNDS = 5
_OK = 200
_BAD_REQUEST = 400
_BROKEN_OFF = "transfer failed"  # in the messages for a content that did not arrive whole


@dataclass(frozen=True, slots=True)
class DraftFiles:
    """The files of one draft."""

    transport: Transport
    number: str

    @property
    def path(self) -> str:
        """Give where they are, below the base URL."""
        return f"/records/{quote(self.number, safe='')}/draft/files"

    def list(self) -> dict[str, Remote]:
        """List them under their names; RepositoryError ``repository-gone`` where there is no such draft."""
        what = f"the files of draft {self.number} cannot be listed"
        return read_files(self.transport.ask(Call("GET", self.path, READ, JSON), what, 200).json)

    def delete(self, name: str) -> None:
        """Delete one; one that is not there is as good."""
        what = f"{name} cannot be deleted from draft {self.number}"
        self.transport.ask(Call("DELETE", self._entry(name), REPLACE, JSON), what, 204, 200, *GONE)

    def upload(self, name: str, content: bytes) -> Remote:
        """Bring one in, in place of one of that name; nothing is sent when it is there already.

        Raises:
            RepositoryError: refused, or what arrived is not what was sent, with the code ``file-differs``.
            UnknownOutcomeError: answers were lost again and again; what is there is found out by the next run.

        """
        wanted = Remote(hashlib.md5(content, usedforsecurity=False).hexdigest(), len(content), completed=True)
        outcome: Remote | UnknownOutcomeError = Remote()
        for attempt in range(_ROUNDS):
            if attempt:
                self.transport.clock.sleep(growing_pause(attempt, self.transport.clock))
            held = self.list().get(name)
            if held == wanted:
                return held
            if held is not None and held.completed:  # sending into it would only destroy it
                self.delete(name)
                held = None
            outcome = self._bring(name, content, is_started=held is not None)
            if outcome == wanted:
                return wanted
        if isinstance(outcome, UnknownOutcomeError):
            raise outcome
        message = f"{name} does not arrive in draft {self.number} as it was sent"
        raise RepositoryError([problem(self.transport.host, "file-differs", message)])

    def _bring(self, name: str, content: bytes, *, is_started: bool) -> Remote | UnknownOutcomeError:
        """Go through the three requests; give what arrived, or what makes doubtful how far they came."""
        try:
            if not is_started:
                self._start(name)
            self._send(name, content)
            return self._commit(name)
        except UnknownOutcomeError as error:
            return error

    def _start(self, name: str) -> None:
        what = f"{name} cannot be added to draft {self.number}"
        call = Call("POST", self.path, ONCE, JSON, json=[{"key": name}])
        answer = self.transport.ask(call, what, 201, _BAD_REQUEST)
        if answer.status == _BAD_REQUEST:
            if name not in self.list():
                raise refusal(self.transport.host, what, answer)
            raise self._doubt(f"{what}: it is there already")

    def _send(self, name: str, content: bytes) -> None:
        what = f"{name} cannot be sent to draft {self.number}"
        call = Call("PUT", f"{self._entry(name)}/content", CONTENT, JSON, content=content)
        answer = self.transport.ask(call, what, 200, 404, _BAD_REQUEST)
        said = " ".join([answer.message, *(problem.message for problem in read_problems(answer.json))])
        if answer.status == _BAD_REQUEST and _BROKEN_OFF not in said:
            self.delete(name)  # what is left of it would stand in the way of publishing
            raise refusal(self.transport.host, what, answer)
        if answer.status != _OK or answer.json.get("errors"):
            raise self._doubt(f"{what}: {said}")

    def _commit(self, name: str) -> Remote:
        what = f"{name} cannot be completed in draft {self.number}"
        answer = self.transport.ask(Call("POST", f"{self._entry(name)}/commit", COMMIT, JSON), what, 200, 404)
        if answer.status != _OK:
            raise self._doubt(f"{what}: it answers {answer.message}")
        return read_file(answer.json)

    def _entry(self, name: str) -> str:
        return f"{self.path}/{quote(name, safe='')}"

    def _doubt(self, message: str) -> UnknownOutcomeError:
        hint = "run the same command again, which looks first"
        return UnknownOutcomeError([problem(self.transport.host, "outcome-unknown", message, hint)])
