"""Everything that can go wrong between the client and the repository, and what is there afterwards."""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from deposit_example import METADATA, NUMBER, PDF, Pauses, remote
from faulty_proxy import (
    Answer,
    FaultyProxy,
    Hold,
    lose_answer,
    refuse,
    reset_before_answer,
    reset_in_answer,
    reset_in_request,
)
from reportgen.base.errors import RepositoryError, UnknownOutcomeError
from reportgen.delivery.zenodo import repository as repository_module
from reportgen.delivery.zenodo import transport as transport_module
from reportgen.delivery.zenodo.access import Access, Bearer, Token
from reportgen.delivery.zenodo.repository import Repository
from zenodo_fake import File, ZenodoFake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "a-secret-in-a-frame"
REQUESTS = {
    "create": ("POST", r"/records$"),
    "read": ("GET", r"/draft$"),
    "reserve": ("POST", r"/pids/doi$"),
    "list": ("GET", r"/draft/files$"),
    "start": ("POST", r"/draft/files$"),
    "content": ("PUT", r"/content$"),
    "commit": ("POST", r"/commit$"),
    "save": ("PUT", r"/draft$"),
    "publish": ("POST", r"/actions/publish$"),
}
WITH_BODY = ("create", "start", "content", "save")
FAULTS = {
    "answers 429": refuse(429),
    "answers 429 and says how long": refuse(429, "7"),
    "answers 429 and says until when": refuse(429, "Fri, 20 Nov 2026 20:00:00 GMT"),
    **{f"answers {status}": refuse(status) for status in (500, 502, 503, 504)},
    **{f"does it and answers {status}": lose_answer(status) for status in (500, 502, 504)},
    "is reset in the request": reset_in_request,
    "is reset before the answer": reset_before_answer,
    "is reset in the answer": reset_in_answer,
}
CASES = [
    pytest.param(step, fault, id=f"{step} {fault}")
    for step in REQUESTS
    for fault in FAULTS
    if step in WITH_BODY or fault != "is reset in the request"
]
RUN_AGAIN = {False: ("create", "publish"), True: ("save",)}  # by whether only the answer was lost
REAL_CASES = [
    ("create", "does it and answers 504"),
    ("create", "is reset before the answer"),
    ("reserve", "does it and answers 502"),
    ("start", "is reset before the answer"),
    ("content", "is reset in the request"),
    ("content", "does it and answers 504"),
    ("commit", "does it and answers 500"),
    ("save", "does it and answers 504"),
    ("publish", "does it and answers 504"),
    ("publish", "is reset in the answer"),
]


class Deposit:
    """A deposit as a program makes it that may be run again: it looks before it makes."""

    def __init__(self, server: Any, proxy: FaultyProxy, token: str) -> None:
        self.server, self.proxy, self.token = server, proxy, token
        self.marker = f"urn:uuid:fbca8ee9-0000-4000-8000-{next(NUMBER):012}"
        self.metadata = {**METADATA, "identifiers": [{"identifier": self.marker, "scheme": "urn"}]}
        self.pauses = Pauses()
        self.runs = 0
        self.published = False

    def run(self) -> str:
        self.runs += 1
        access = Access(self.proxy.url, Token(self.token), f"reportgen-tests-{next(NUMBER)}")
        with Repository(access, self.pauses.clock) as repository:
            drafts = repository.find_drafts(self.marker)
            draft = drafts[0] if drafts else repository.create(self.metadata, marker=self.marker)
            doi = repository.reserve(draft.id)
            repository.upload(draft.id, "report.pdf", PDF)
            now = repository.draft(draft.id)
            repository.save(draft.id, self.metadata, revision=now.revision)
            record = repository.publish(draft.id)
            assert record.doi == doi
            return record.id

    def run_until_done(self) -> str:
        """Run as the message of an unknown outcome says: again."""
        while self.runs < 3:
            try:
                return self.run()
            except UnknownOutcomeError:
                continue
        raise AssertionError("three runs were not enough")

    def check(self, number: str) -> None:
        """One record, no draft, the right file."""
        mine = [
            found
            for found in (*self.server.drafts().values(), *self.server.records().values())
            if self.marker in str(found["metadata"].get("identifiers"))
        ]
        assert [found["id"] for found in mine] == [number]
        assert number in self.server.records()
        assert self.server.files(number) == {"report.pdf": PDF}


@pytest.fixture(scope="module")
def fake() -> Iterator[ZenodoFake]:
    with ZenodoFake() as server:
        yield server


@pytest.fixture
def deposit(fake: ZenodoFake) -> Iterator[Deposit]:
    with FaultyProxy(fake.url) as proxy:
        yield Deposit(fake, proxy, fake.user("faults"))


@pytest.fixture
def behind(fake: ZenodoFake) -> Iterator[tuple[FaultyProxy, Repository, Pauses]]:
    pauses = Pauses()
    with FaultyProxy(fake.url) as proxy:
        access = Access(proxy.url, Token(fake.user("behind")), f"reportgen-tests-{next(NUMBER)}")
        with Repository(access, pauses.clock) as repository:
            yield proxy, repository, pauses


@pytest.mark.parametrize(("step", "fault"), CASES)
def test_whatever_happens_once_there_is_one_record_in_the_end(fake, step, fault):
    with FaultyProxy(fake.url) as proxy:
        deposit = Deposit(fake, proxy, fake.user("whatever"))
        proxy.fault(*REQUESTS[step], FAULTS[fault])
        deposit.check(deposit.run_until_done())
    # A second run is needed where the first could not find out what became of its request.
    is_refused = fault.startswith("answers 5") or fault == "is reset in the request"
    is_unknown = "429" not in fault and step in RUN_AGAIN[not is_refused]
    assert deposit.runs == (2 if is_unknown else 1)


@pytest.mark.zenodo_real
@pytest.mark.parametrize(("step", "fault"), REAL_CASES)
def test_so_it_is_with_a_real_server(invenio, step, fault):
    with FaultyProxy(invenio.url) as proxy:
        deposit = Deposit(invenio, proxy, invenio.user(f"faults-{next(NUMBER)}"))
        proxy.fault(*REQUESTS[step], FAULTS[fault])
        deposit.check(deposit.run_until_done())


def sent(proxy: FaultyProxy, step: str) -> int:
    method, path = REQUESTS[step]
    return sum(request.method == method and bool(re.search(path, request.path)) for request in proxy.requests)


@pytest.mark.parametrize("fault", ["does it and answers 504", "is reset before the answer"])
def test_what_was_done_is_not_sent_again(deposit, fault):
    deposit.proxy.fault(*REQUESTS["create"], FAULTS[fault])
    deposit.proxy.fault(*REQUESTS["publish"], FAULTS[fault])
    deposit.proxy.fault(*REQUESTS["commit"], FAULTS[fault])
    deposit.check(deposit.run())
    counts = {step: sent(deposit.proxy, step) for step in ("create", "start", "content", "commit", "publish")}
    assert counts == dict.fromkeys(counts, 1)


def test_a_publication_that_is_under_way_while_we_look_is_not_sent_again(deposit, monkeypatch):
    monkeypatch.setattr(repository_module, "PUBLISH", replace(repository_module.PUBLISH, read=0.01))
    hold = Hold(forward_first=True)
    deposit.proxy.fault(*REQUESTS["publish"], hold)
    sleep = deposit.pauses.clock.sleep

    def sleep_until_done(seconds: float) -> None:
        sleep(seconds)
        hold.reached.wait()

    deposit.pauses.clock = replace(deposit.pauses.clock, sleep=sleep_until_done)
    number = deposit.run()
    hold.released.set()
    deposit.check(number)
    assert sent(deposit.proxy, "publish") == 1


def test_an_index_that_lags_keeps_a_run_from_making_a_second_draft(fake):
    with FaultyProxy(fake.url) as proxy:
        deposit = Deposit(fake, proxy, fake.user("lag"))
        proxy.fault(*REQUESTS["create"], lose_answer(504))
        lag = fake.search_lag()
        lag.__enter__()
        sleep, looks = deposit.pauses.clock.sleep, []

        def catch_up(seconds: float) -> None:
            sleep(seconds)
            looks.append(seconds)
            if len(looks) == 3:
                lag.__exit__(None, None, None)

        deposit.pauses.clock = replace(deposit.pauses.clock, sleep=catch_up)
        deposit.check(deposit.run())
        assert looks == [2.0, 4.0, 8.0]
        assert sent(proxy, "create") == 1


def test_a_create_whose_outcome_stays_unknown_is_told_and_not_repeated(behind):
    proxy, repository, pauses = behind
    proxy.fault(*REQUESTS["create"], refuse(504))
    with pytest.raises(UnknownOutcomeError) as caught:
        repository.create(METADATA, marker="urn:uuid:nobody-has-it")
    assert caught.value.problems[0].code == "outcome-unknown"
    assert "run the same command again" in str(caught.value)
    assert sent(proxy, "create") == 1
    assert pauses.made == list(repository_module.LOOKS)
    proxy.fault(*REQUESTS["create"], refuse(504))
    with pytest.raises(UnknownOutcomeError):
        repository.create(METADATA)


def test_a_publication_whose_outcome_stays_unknown_is_told_and_not_repeated(behind, fake):
    proxy, repository, _ = behind
    number = repository.create(METADATA).id
    repository.upload(number, "report.pdf", PDF)
    proxy.fault(*REQUESTS["publish"], refuse(504))
    with pytest.raises(UnknownOutcomeError):
        repository.publish(number)
    assert sent(proxy, "publish") == 1
    assert number in fake.drafts()


def test_a_save_that_may_have_happened_is_told_since_somebody_else_may_have_done_it(behind):
    proxy, repository, _ = behind
    draft = repository.create(METADATA)
    proxy.fault(*REQUESTS["save"], lose_answer(504))
    with pytest.raises(UnknownOutcomeError):
        repository.save(draft.id, METADATA, revision=draft.revision)
    assert sent(proxy, "save") == 1
    proxy.fault(*REQUESTS["save"], refuse(504))
    now = repository.draft(draft.id)
    assert repository.save(draft.id, METADATA, revision=now.revision).revision > now.revision
    proxy.fault(*REQUESTS["save"], lose_answer(504), times=2)
    assert repository.save(draft.id, METADATA).id == draft.id


def test_a_draft_that_is_deleted_under_way_is_told(behind, fake):
    proxy, repository, _ = behind
    number = repository.create(METADATA).id

    def delete(exchange: Any) -> None:
        del fake.state.drafts[number]
        exchange.read()
        exchange.answer(exchange.forward())

    proxy.fault(*REQUESTS["content"], delete)
    with pytest.raises(RepositoryError) as caught:
        repository.upload(number, "report.pdf", PDF)
    assert caught.value.problems[0].code == "repository-gone"


def altered(exchange: Any) -> None:
    """Let other bytes arrive than were sent."""
    exchange.read()
    exchange.request = replace(exchange.request, body=exchange.request.body[::-1])
    exchange.answer(exchange.forward())


def test_a_file_that_arrives_altered_is_sent_anew(behind):
    proxy, repository, _ = behind
    number = repository.create(METADATA).id
    proxy.fault(*REQUESTS["content"], altered)
    assert repository.upload(number, "report.pdf", PDF) == remote(PDF)
    assert repository.files(number) == {"report.pdf": remote(PDF)}


def test_a_file_that_always_arrives_altered_is_told(behind):
    proxy, repository, _ = behind
    number = repository.create(METADATA).id
    proxy.fault(*REQUESTS["content"], altered, times=100)
    with pytest.raises(RepositoryError) as caught:
        repository.upload(number, "report.pdf", PDF)
    assert [problem.code for problem in caught.value.problems] == ["file-differs"]


def test_an_upload_whose_answers_are_always_lost_is_told(behind):
    proxy, repository, pauses = behind
    number = repository.create(METADATA).id
    proxy.fault(*REQUESTS["content"], reset_in_request, times=100)
    with pytest.raises(UnknownOutcomeError):
        repository.upload(number, "report.pdf", PDF)
    assert sent(proxy, "content") == 5
    assert sum(pauses.made) < 120


def test_a_file_that_comes_by_another_run_is_seen(behind, fake):
    """Between the list and the start another run adds the file: it must not be sent into."""
    proxy, repository, _ = behind
    number = repository.create(METADATA).id

    def first(exchange: Any) -> None:
        fake.state.drafts[number].files["report.pdf"] = File(PDF, completed=True)
        exchange.read()
        exchange.answer(exchange.forward())

    proxy.fault(*REQUESTS["start"], first)
    assert repository.upload(number, "report.pdf", PDF) == remote(PDF)
    assert sent(proxy, "content") == 0


def test_a_file_that_is_complete_is_taken_away_before_another_is_sent(behind):
    proxy, repository, pauses = behind
    number = repository.create(METADATA).id
    repository.upload(number, "report.pdf", b"old")
    assert repository.upload(number, "report.pdf", PDF) == remote(PDF)
    assert (sent(proxy, "content"), pauses.made) == (2, [])


def test_a_content_that_destroyed_the_file_of_another_run_is_not_completed(behind, fake):
    proxy, repository, _ = behind
    number = repository.create(METADATA).id

    def complete(exchange: Any) -> None:
        fake.state.drafts[number].files["report.pdf"] = File(b"of another run", completed=True)
        exchange.read()
        exchange.answer(exchange.forward())

    proxy.fault(*REQUESTS["content"], complete)
    assert repository.upload(number, "report.pdf", PDF) == remote(PDF)
    assert (sent(proxy, "content"), sent(proxy, "commit")) == (2, 1)


def test_a_start_that_is_refused_is_told_at_once(behind):
    proxy, repository, pauses = behind
    number = repository.create(METADATA).id
    proxy.fault(*REQUESTS["start"], refuse(400))
    with pytest.raises(RepositoryError, match="cannot be added"):
        repository.upload(number, "report.pdf", PDF)
    assert pauses.made == []


def test_a_file_that_is_deleted_before_it_is_complete_is_brought_again(behind, fake):
    proxy, repository, _ = behind
    number = repository.create(METADATA).id

    def delete(exchange: Any) -> None:
        fake.state.drafts[number].files.clear()
        exchange.read()
        exchange.answer(exchange.forward())

    proxy.fault(*REQUESTS["commit"], delete)
    proxy.fault(*REQUESTS["content"], delete)
    assert repository.upload(number, "report.pdf", PDF) == remote(PDF)
    assert fake.files(number) == {"report.pdf": PDF}


def test_a_reservation_that_is_refused_is_told(behind):
    proxy, repository, _ = behind
    number = repository.create(METADATA).id
    proxy.fault(*REQUESTS["reserve"], refuse(400))
    with pytest.raises(RepositoryError, match="a DOI cannot be reserved for draft"):
        repository.reserve(number)


def test_a_reservation_that_another_run_made_first_is_read(behind, fake):
    proxy, repository, _ = behind
    number = repository.create(METADATA).id

    def first(exchange: Any) -> None:
        fake.state.drafts[number].doi = f"10.5072/zenodo.{number}"
        exchange.read()
        exchange.answer(exchange.forward())

    proxy.fault(*REQUESTS["reserve"], first)
    assert repository.reserve(number) == f"10.5072/zenodo.{number}"


def test_a_repository_that_stays_broken_is_given_up_in_bounded_time(behind):
    proxy, repository, pauses = behind
    proxy.fault("GET", "/draft$", refuse(503), times=100)
    with pytest.raises(RepositoryError) as caught:
        repository.draft("1")
    assert [problem.code for problem in caught.value.problems] == ["repository-unreachable"]
    assert "answers 503" in str(caught.value)
    assert len(proxy.requests) == 6
    assert pauses.made == sorted(pauses.made)
    assert sum(pauses.made) <= 300


def test_a_new_version_that_fails_for_hours_is_given_up_soon(behind):
    proxy, repository, pauses = behind
    proxy.fault("POST", "/versions$", refuse(500), times=100)
    with pytest.raises(UnknownOutcomeError):
        repository.new_version("1")
    assert (len(proxy.requests), len(pauses.made)) == (3, 2)


def test_nobody_listens():
    with FaultyProxy("http://127.0.0.1:1/api") as proxy:
        url = proxy.url
    pauses = Pauses()
    with Repository(Access(url, Token("a-token"), "tests"), pauses.clock) as repository:
        find = partial(repository.find_drafts, "urn:none")
        for call in (lambda: repository.create(METADATA), lambda: repository.draft("1"), find):
            with pytest.raises(RepositoryError) as caught:
                call()
            assert type(caught.value) is RepositoryError
            assert "ConnectError" in str(caught.value)


def test_what_goes_out_in_the_open_goes_through_no_proxy_of_the_environment(fake, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Repository(Access(fake.url, Token(fake.alice), "tests"), Pauses().clock) as repository:
        repository.find_drafts("urn:none")


# What must not be seen ------------------------------------------------------------------------------------


def everything_said(error: BaseException) -> str:
    """Return all that a person, a log or a crash report could show of an error, with the locals of every frame."""
    seen: list[str] = []
    chain: list[BaseException] = [error]
    for one in chain:
        shown = traceback.TracebackException.from_exception(one, capture_locals=True)
        seen += [str(one), repr(one), repr(vars(one)), *shown.format()]
        chain += [linked for linked in (one.__cause__, one.__context__) if linked is not None]
    return "\n".join(seen)


def call_of(step: str, repository: Repository, number: str) -> Callable[[], object]:
    return {
        "create": lambda: repository.create(METADATA),
        "read": lambda: repository.draft(number),
        "reserve": lambda: repository.reserve(number),
        "list": lambda: repository.files(number),
        "start": lambda: repository.upload(number, "report.pdf", PDF),
        "content": lambda: repository.upload(number, "report.pdf", PDF),
        "commit": lambda: repository.upload(number, "report.pdf", PDF),
        "save": lambda: repository.save(number, METADATA),
        "publish": lambda: repository.publish(number),
    }[step]


def error_of_either(call: Callable[[], object]) -> Exception:
    """Return the error of a call, or where it found out that all is well one that is raised just here."""
    try:
        call()
        raise AssertionError("it found out that all is well")  # noqa: TRY301
    except (RepositoryError, AssertionError) as error:
        return error


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "is reset in the request"])
@pytest.mark.parametrize("step", ["read", "create", "content", "publish"])
def test_the_token_is_nowhere_to_be_seen(fake, caplog, capfd, step, fault):
    token = fake.user(f"secret {next(NUMBER)}")
    caplog.set_level(logging.DEBUG)
    with FaultyProxy(fake.url) as proxy:
        access = Access(proxy.url, Token(token), f"reportgen-tests-{next(NUMBER)}")
        with Repository(access, Pauses().clock) as repository:
            number = repository.create(METADATA).id
            repository.upload(number, "other.pdf", PDF)
            proxy.fault(*REQUESTS[step], FAULTS[fault], times=100)
            error = error_of_either(call_of(step, repository, number))
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    said = everything_said(error) + logged + "".join(capfd.readouterr()) + repr(access)
    assert "http://127.0.0.1" in said
    assert token not in said


def fails_with_the_headers_in_hand(request: httpx.Request) -> httpx.Response:
    """Fail as a broken connection does, in a frame that holds what was to be written."""
    written = request.headers.raw
    raise httpx.WriteError(f"{len(written)} headers were not written")


def read_with_httpx_alone(access: Access) -> None:
    transport = httpx.MockTransport(fails_with_the_headers_in_hand)
    with httpx.Client(transport=transport, auth=Bearer(access)) as client:
        client.get(access.base)


def read_with_the_client(access: Access) -> None:
    with Repository(access, Pauses().clock) as repository:
        repository.draft("1")


def said_by(read: Callable[[Access], None], access: Access) -> str:
    try:
        read(access)
    except (httpx.HTTPError, RepositoryError) as error:
        return everything_said(error)
    raise AssertionError("it did not fail")


def test_a_frame_that_holds_the_token_is_not_led_to(monkeypatch):
    access = Access("https://repository.example/api", Token(SECRET), "tests")
    assert SECRET in said_by(read_with_httpx_alone, access)  # so the search would find it
    broken = httpx.MockTransport(fails_with_the_headers_in_hand)
    monkeypatch.setattr(transport_module, "Wire", lambda *_, **__: broken)
    said = said_by(read_with_the_client, access)
    assert "headers were not written" in said
    assert SECRET not in said


def test_a_server_that_quotes_the_token_is_not_quoted(behind, fake):
    proxy, repository, _ = behind

    def quote(exchange: Any) -> None:
        exchange.read()
        token = exchange.request.header("Authorization").removeprefix("Bearer ")
        exchange.answer(Answer(400, (), f'{{"message": "no such token: {token}"}}'.encode()))

    proxy.fault("GET", "/draft$", quote)
    with pytest.raises(RepositoryError, match=r"no such token: \*\*\*"):
        repository.draft("1")
