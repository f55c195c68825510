"""The records interface of an InvenioRDM, call by call, each with its own rule for an outcome that is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from reportgen.base.errors import RepositoryError, UnknownOutcomeError
from reportgen.delivery.zenodo.answers import (
    GONE,
    Draft,
    Published,
    marked_with,
    problem,
    read_draft,
    read_files,
    read_hits,
    read_published,
    refusal,
)
from reportgen.delivery.zenodo.retries import ONCE, OPEN_VERSION, PUBLISH, READ, REPLACE
from reportgen.delivery.zenodo.transfer import DraftFiles, draft_path, record_path
from reportgen.delivery.zenodo.transport import JSON, Call, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reportgen.delivery.zenodo.access import Access
    from reportgen.delivery.zenodo.answers import Answer
    from reportgen.delivery.zenodo.retries import Clock
    from reportgen.record.registration import Checksum

LOOKS = (2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before each look for what may have happened; indexes lag

_BAD_REQUEST = 400
_NOT_PUBLISHED = 404  # 410 is a record that was published once
_PUBLIC = {"record": "public", "files": "public"}
_MARKED = "metadata.identifiers.identifier"
_Found = TypeVar("_Found", Draft, Published)


class Repository(DraftFiles):
    """One account on one repository; use it as a context, which closes its connections.

    Every method may raise RepositoryError: refused, not reachable, too busy; and UnknownOutcomeError, a
    RepositoryError: the request went out and what became of it could not be found out, so run again later.
    ``metadata`` is the value of the field of that name, or the whole document where it holds that field.
    """

    def __init__(self, access: Access, clock: Clock | None = None) -> None:
        super().__init__(Transport(access, clock))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    def create(self, metadata: Mapping[str, Any], *, marker: str = "") -> Draft:
        """Make a draft; what was wrong with the metadata is in its ``problems``.

        When the answer is lost, own drafts that carry the marker are looked for, so that no second one is made.
        """
        call = Call("POST", "/records", ONCE, json=_document(metadata))
        try:
            answer = self._transport.ask(call, "a draft cannot be made", 201, 200, 202)
        except UnknownOutcomeError:
            if marker and (draft := self.await_draft(marker)):
                return draft
            raise
        return _done_or_not(read_draft, answer)

    def draft(self, number: str) -> Draft | None:
        """Read an open draft; None when there is none: deleted, or published and not being edited."""
        call = Call("GET", draft_path(number), READ)
        answer = self._transport.ask(call, f"draft {number} cannot be read", 200, *GONE)
        return None if answer.status in GONE else read_draft(answer.json)

    def save(self, number: str, metadata: Mapping[str, Any], *, revision: int | None = None) -> Draft:
        """Replace the metadata; with ``revision`` only where nobody else has changed the draft since.

        That files are still missing is no error here: publishing finds it.

        Raises:
            RepositoryError: also when the repository took only a part: one problem for each field.

        """
        what = f"draft {number} cannot be saved"
        retry = REPLACE if revision is None else ONCE
        call = Call("PUT", draft_path(number), retry, json=_document(metadata), revision=revision)
        try:
            answer = self._transport.ask(call, what, 200)
        except UnknownOutcomeError:
            # Our own save would make the second one look like a conflict with somebody else.
            now = self.draft(number)
            if revision is None or now is None or now.revision != revision:
                raise
            answer = self._transport.ask(call, what, 200)
        saved = _done_or_not(read_draft, answer)
        if saved.refused:
            raise RepositoryError(saved.refused)
        return saved

    def reserve(self, number: str) -> str:
        """Reserve the DOI of a draft and give it; one that is reserved already is given again."""
        what = f"a DOI cannot be reserved for draft {number}"
        call = Call("POST", f"{draft_path(number)}/pids/doi", REPLACE)
        if doi := self._doi(number, what):
            return doi
        answer = self._transport.ask(call, what, 201, 200, _BAD_REQUEST)
        if answer.status != _BAD_REQUEST and (doi := _done_or_not(read_draft, answer).doi):
            return doi
        # Another run, or a request whose answer was lost, may have been first.
        if doi := self._doi(number, what):
            return doi
        raise refusal(self.host, what, answer)

    def publish(self, number: str) -> Published:
        """Publish a draft, for good; one that is published already is read back.

        The request is not sent again unless it certainly was not carried out. When its answer is lost, it has
        happened if the draft is gone and the record is there.
        """
        what = f"draft {number} cannot be published"
        call = Call("POST", f"{draft_path(number)}/actions/publish", PUBLISH)
        try:
            answer = self._transport.ask(call, what, 202, 200, *GONE)
            if answer.status not in GONE:
                return _done_or_not(read_published, answer)
        except UnknownOutcomeError:
            if record := self._looked_for(lambda: None if self.draft(number) else self.published(number)):
                return record
            raise
        if record := self.published(number):
            return record
        raise refusal(self.host, what, answer)

    def published(self, number: str) -> Published | None:
        """Read a published record; None when it is not published.

        Raises:
            RepositoryError: also when it was published and deleted, with the code ``repository-gone``.

        """
        call = Call("GET", record_path(number), READ)
        answer = self._transport.ask(call, f"record {number} cannot be read", 200, _NOT_PUBLISHED)
        return None if answer.status == _NOT_PUBLISHED else read_published(answer.json)

    def published_files(self, number: str) -> dict[str, Checksum | None]:
        """List the files of a published record."""
        call = Call("GET", f"{record_path(number)}/files", READ, JSON)
        answer = self._transport.ask(call, f"the files of record {number} cannot be listed", 200)
        return read_files(answer.json)

    def new_version(self, number: str) -> Draft:
        """Open the draft of the next version of a published record; one that is open already is given again."""
        call = Call("POST", f"{record_path(number)}/versions", OPEN_VERSION)
        answer = self._transport.ask(call, f"record {number} gets no new version", 201, 200)
        return _done_or_not(read_draft, answer)

    def discard(self, number: str) -> None:
        """Delete a draft; one that is not there is as good."""
        what = f"draft {number} cannot be deleted"
        self._transport.ask(Call("DELETE", draft_path(number), REPLACE), what, 204, 200, *GONE)

    def find_drafts(self, marker: str) -> list[Draft]:
        """Find one's own drafts that carry a marker, newest first; the repository's index lags by seconds."""
        return [read_draft(said) for said in self._uploads(marker) if said.get("is_draft")]

    def find_published(self, marker: str) -> list[Published]:
        """Find one's own published records that carry a marker, all versions, newest first."""
        return [read_published(said) for said in self._uploads(marker) if not said.get("is_draft")]

    def await_draft(self, marker: str) -> Draft | None:
        """Look for a draft that may just have been made until the index has caught up, about a minute."""
        return self._looked_for(lambda: next(iter(self.find_drafts(marker)), None))

    def _doi(self, number: str, what: str) -> str:
        draft = self.draft(number)
        if draft is None:
            message = f"{what}: there is no such draft"
            hint = "it was deleted, or published; see `reportgen zenodo status`"
            raise RepositoryError([problem(self.host, "repository-gone", message, hint)])
        return draft.doi

    def _uploads(self, marker: str) -> list[dict[str, Any]]:
        """Search one's own uploads; the index knows words, so whole markers are compared here."""
        words = {"q": f'{_MARKED}:"{marker}"', "size": "100", "sort": "newest", "allversions": "true"}
        call = Call("GET", "/user/records", READ, parameters=words)
        hits = read_hits(self._transport.ask(call, "one's own records cannot be searched", 200).json)
        marked = [said for said in hits if marker in marked_with(said)]
        return sorted(marked, key=lambda said: str(said.get("created")), reverse=True)

    def _looked_for(self, look: Callable[[], _Found | None]) -> _Found | None:
        """Look for what may have happened, with growing pauses."""
        for pause in LOOKS:
            self._transport.clock.sleep(pause)
            if found := look():
                return found
        return None


def _done_or_not(read: Callable[[Mapping[str, Any]], _Found], answer: Answer) -> _Found:
    """Take an answer to a write that cannot be read for none: it may have been done, whatever was said of it."""
    try:
        return read(answer.json)
    except RepositoryError as error:
        raise UnknownOutcomeError(error.problems) from error


def _document(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole document; it never holds ``pids``, since an empty one would release the DOI."""
    given = dict(metadata) if "metadata" in metadata else {"metadata": dict(metadata)}
    return {"access": _PUBLIC, "files": {"enabled": True}, **given}
