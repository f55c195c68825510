"""Pauses, limits, redirects, and bodies that are not what they should be."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deposit_example import METADATA, Pauses
from reportgen.base.errors import RepositoryError, UnknownOutcomeError
from reportgen.delivery.zenodo import retries
from reportgen.delivery.zenodo import transport as transport_module
from reportgen.delivery.zenodo.access import Access, Token
from reportgen.delivery.zenodo.answers import (
    Answer,
    read_draft,
    read_file,
    read_files,
    read_hits,
    read_problems,
)
from reportgen.delivery.zenodo.repository import Repository
from reportgen.delivery.zenodo.retries import ONCE, READ, Retry, asked_pause, courtesy_pause, growing_pause
from reportgen.delivery.zenodo.transport import JSON, RECORD_TYPE, Call, Transport
from reportgen.record.registration import Checksum

BASE = "https://repository.example/api"
DRAFT = {"id": "7", "revision_id": 4, "metadata": {"title": "A report"}, "is_draft": True}
GET = Call("GET", "/records/7", READ)
POST = Call("POST", "/records", ONCE, json={})
KINDS = {name: value for name, value in vars(retries).items() if isinstance(value, Retry)}


class Server:
    """Answers in turn what it is given; the requests are kept."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: list[httpx.Response | Exception] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if not answer.is_closed:
            return answer
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content)
        )


@pytest.fixture
def server(monkeypatch):
    server = Server()
    monkeypatch.setattr(transport_module, "Wire", lambda *_, **__: httpx.MockTransport(server))
    return server


@pytest.fixture
def pauses():
    return Pauses()


@pytest.fixture
def transport(server, pauses):
    return Transport(Access(BASE, Token("a-token"), "reportgen/1 (+https://assignee.net)"), pauses.clock)


def ok(**headers):
    return httpx.Response(
        200, json=DRAFT, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def busy(status=429, **headers):
    return httpx.Response(status, headers={name.replace("_", "-"): value for name, value in headers.items()})


# The policy -------------------------------------------------------------------------------------------------


def test_what_may_not_be_done_twice_is_not_sent_twice():
    assert KINDS.keys() > {"READ", "REPLACE", "ONCE", "CONTENT", "COMMIT", "PUBLISH"}
    assert {name for name, kind in KINDS.items() if not kind.repeats} == {
        "ONCE",
        "CONTENT",
        "COMMIT",
        "PUBLISH",
    }
    assert all(kind.read == 300 for kind in (retries.PUBLISH, retries.COMMIT, retries.CONTENT))


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("answer", [busy(), busy(retry_after="30"), busy(503), busy(503, retry_after="80")])
def test_every_kind_of_call_ends_in_bounded_time(server, transport, pauses, kind, answer):
    retry = KINDS[kind]
    server.answers = [httpx.Response(answer.status_code, headers=answer.headers) for _ in range(100)]
    with pytest.raises(RepositoryError):
        transport.send(Call("PUT", "/records/7/draft", retry))
    assert len(server.requests) <= retry.attempts
    assert sum(pauses.made) <= retry.total


def test_what_did_not_connect_is_sent_again_whatever_it_is(server, transport):
    server.answers = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), ok()]
    assert transport.send(POST).status == 200
    server.answers = [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), ok()]
    with pytest.raises(UnknownOutcomeError, match="ReadTimeout: slow"):
        transport.send(POST)
    assert len(server.answers) == 1


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout("slow"), httpx.WriteError("broken"), httpx.RemoteProtocolError("x")]
)
def test_what_was_sent_is_sent_again_only_if_it_may_be(server, transport, error):
    server.answers = [error, ok()]
    assert transport.send(GET).status == 200
    server.answers = [error, ok()]
    with pytest.raises(UnknownOutcomeError):
        transport.send(POST)


def test_other_refusals_are_given_at_once(server, transport, pauses):
    for status in (400, 401, 403, 404, 409, 410, 412, 413, 415):
        server.answers = [httpx.Response(status)]
        assert transport.send(GET).status == status
    assert pauses.made == []


# Pauses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"retry_after": "7"}, 7),
        ({"retry_after": "Fri, 20 Nov 2026 20:00:30 GMT", "date": "Fri, 20 Nov 2026 20:00:00 GMT"}, 30),
        ({"retry_after": "Fri, 20 Nov 2026 19:00:00 GMT", "date": "Fri, 20 Nov 2026 20:00:00 GMT"}, 1.5),
        ({"x_ratelimit_reset": "1795204810", "date": "Fri, 20 Nov 2026 20:00:00 GMT"}, 10),
        ({"retry_after": "soon", "x_ratelimit_reset": "later", "date": "today"}, 1.5),
        ({"retry_after": "soon", "x_ratelimit_reset": "1800000020"}, 20),
        ({"date": "Fri, 20 Nov 99999999999 20:00:00 GMT", "x_ratelimit_reset": "1800000020"}, 20),
        ({"date": "today", "x_ratelimit_reset": "1800000020"}, 20),
        (
            {
                "date": "Fri, 20 Nov 2026 20:00:00 GMT, Fri, 20 Nov 2026 20:00:01 GMT",
                "x_ratelimit_reset": "1795204810",
            },
            10,
        ),
        ({"retry_after": "7", "x_ratelimit_remaining": "0", "x_ratelimit_reset": "1800000020"}, 7),
        ({}, 1.5),
    ],
)
def test_a_busy_repository_is_given_the_time_it_asks_for(server, transport, pauses, headers, pause):
    server.answers = [busy(**headers), ok()]
    assert transport.send(POST).status == 200
    assert pauses.made == [pause]


def test_a_pause_that_is_too_long_is_told_instead(server, transport, pauses):
    server.answers = [busy(retry_after="3600")]
    with pytest.raises(RepositoryError, match="and asks to wait 3600 s") as caught:
        transport.send(POST)
    assert caught.value.problems[0].code == "repository-busy"
    assert pauses.made == []


def test_retry_after_on_a_success_is_no_instruction(server, transport, pauses):
    server.answers = [ok(retry_after="60", x_ratelimit_remaining="50"), ok()]
    transport.send(GET)
    transport.send(GET)
    assert pauses.made == []


def test_who_has_few_requests_left_slows_down(server, transport, pauses):
    reset = str(int(pauses.clock.now()) + 12)
    server.answers = [ok(x_ratelimit_remaining="2", x_ratelimit_reset=reset), ok(), ok()]
    for _ in range(3):
        transport.send(GET)
    assert pauses.made == [12]


@given(st.integers(0, 60), st.floats(0, 1))
def test_pauses_grow_within_bounds(attempt, chance):
    clock = replace(Pauses().clock, jitter=lambda: chance)
    assert 1 <= growing_pause(attempt, clock) <= 60
    assert growing_pause(attempt, clock) <= growing_pause(attempt + 1, clock)


@given(
    st.dictionaries(
        st.sampled_from(["retry-after", "date", "x-ratelimit-reset", "x-ratelimit-remaining"]), st.text()
    )
)
def test_no_header_is_too_strange(headers):
    clock = Pauses().clock
    pause = asked_pause(Answer(429, headers), clock)
    assert pause is None or pause >= 0
    assert 0 <= courtesy_pause(headers, clock) <= retries.LONGEST_PAUSE


# What is sent -----------------------------------------------------------------------------------------------


def test_what_every_request_says(server, transport):
    server.answers = [ok(), ok(), ok()]
    transport.send(GET)
    transport.send(Call("PUT", "/x", ONCE, JSON, content=b"bytes", revision=17))
    transport.send(POST)
    read, put, post = server.requests
    assert read.headers["User-Agent"] == "reportgen/1 (+https://assignee.net)"
    assert read.headers["Authorization"] == "Bearer a-token"
    assert (read.headers["Accept"], put.headers["Accept"]) == (RECORD_TYPE, JSON)
    assert (put.headers["If-Match"], put.headers["Content-Type"]) == ("17", "application/octet-stream")
    assert post.headers["Content-Type"] == "application/json"
    assert "If-Match" not in read.headers
    assert all("a-token" not in str(request.url) for request in server.requests)
    timeout = put.extensions["timeout"]
    assert (timeout["connect"], timeout["read"], timeout["write"]) == (10, 60, 60)


def test_the_vendors_type_is_asked_for_wherever_a_record_comes_back(server):
    with Repository(Access(BASE, Token("a-token"), "tests")) as repository:
        number = "7"
        calls = [
            lambda: repository.create(METADATA),
            lambda: repository.draft(number),
            lambda: repository.save(number, METADATA),
            lambda: repository.publish(number),
            lambda: repository.published(number),
            lambda: repository.new_version(number),
            lambda: repository.find_drafts("urn:uuid:1"),
        ]
        for call in calls:
            server.answers = [httpx.Response(201 if call is calls[0] else 200, json=DRAFT)]
            call()
    assert {request.headers["Accept"] for request in server.requests} == {RECORD_TYPE}
    assert len(server.requests) == len(calls)


# Redirects --------------------------------------------------------------------------------------------------


def redirect(to, status=302):
    return httpx.Response(status, headers={"Location": to})


def test_a_read_follows_redirects_within_the_repository(server, transport):
    server.answers = [redirect("/api/records/8", 301), redirect("9"), ok()]
    assert transport.send(GET).status == 200
    assert [request.url.path for request in server.requests] == [
        "/api/records/7",
        "/api/records/8",
        "/api/records/9",
    ]
    assert all(request.headers["Authorization"] for request in server.requests)


@pytest.mark.parametrize(
    "to",
    [
        "https://other.example/x",
        "http://repository.example/x",
        "//other.example/x",
        "https://repository.example:444/",
    ],
)
def test_a_redirect_to_anywhere_else_is_not_followed(server, transport, to):
    server.answers = [redirect(to)]
    with pytest.raises(RepositoryError, match="leads to another host"):
        transport.send(GET)
    assert len(server.requests) == 1


def test_a_write_is_not_redirected(server, transport):
    server.answers = [redirect("/api/elsewhere", 307)]
    with pytest.raises(RepositoryError, match="it answers 307"):
        transport.ask(POST, "a draft cannot be made", 201)
    assert len(server.requests) == 1


def test_redirects_that_lead_nowhere(server, transport):
    server.answers = [redirect("/api/records/7") for _ in range(10)]
    with pytest.raises(RepositoryError, match="do not end"):
        transport.send(GET)
    server.answers = [redirect("https://repository.example:port/") for _ in range(10)]
    with pytest.raises(RepositoryError, match="RemoteProtocolError"):
        transport.send(GET)


# Bodies -----------------------------------------------------------------------------------------------------


def test_a_page_of_html_is_no_success(server, transport):
    page = {"text": "<html>please sign in</html>", "headers": {"Content-Type": "text/html"}}
    server.answers = [httpx.Response(200, **page), ok()]
    assert transport.send(GET).json == DRAFT
    server.answers = [httpx.Response(200, **page)]
    with pytest.raises(UnknownOutcomeError, match="not JSON"):
        transport.send(POST)


def test_a_draft_that_was_made_but_cannot_be_read_is_not_taken_for_none(server):
    with Repository(Access(BASE, Token("a-token"), "tests")) as repository:
        server.answers = [httpx.Response(201, json={"id": 7, "metadata": {}})]
        with pytest.raises(UnknownOutcomeError, match="not a record of InvenioRDM"):
            repository.create(METADATA)


def test_an_error_in_html_is_told_by_its_status(server, transport):
    server.answers = [httpx.Response(404, text="<html>" + "x" * 10_000)]
    with pytest.raises(RepositoryError) as caught:
        transport.ask(GET, "record 7 cannot be read", 200)
    assert "record 7 cannot be read: it answers 404" in str(caught.value)
    assert "html" not in str(caught.value)


def test_bodies_are_bounded(server, transport, monkeypatch):
    server.answers = [httpx.Response(400, content=b"x" * 1_000_000)]
    assert len(transport.send(GET).body) == 64_000
    server.answers = [httpx.Response(200, content=b"x" * 2_000)]
    monkeypatch.setattr(transport_module, "_MOST_BYTES", 1000)
    with pytest.raises(RepositoryError, match="longer than 1000 bytes"):
        transport.send(GET)
    server.answers = [httpx.Response(201, content=b"x" * 2_000)]
    with pytest.raises(UnknownOutcomeError, match="longer than 1000 bytes"):
        transport.send(POST)


def test_an_answer_that_drips_without_end_is_left(server, transport, pauses):
    def drip():
        while True:
            pauses.made.append(10.0)
            yield b" "

    server.answers = [httpx.Response(200, content=drip())]
    with pytest.raises(RepositoryError, match="its answer does not end"):
        transport.send(GET)


@pytest.mark.parametrize(
    ("errors", "places", "messages"),
    [
        (
            [{"field": "metadata.rights.0.id", "messages": ["One.", "Two."]}],
            ["metadata.rights[0].id"],
            ["One.; Two."],
        ),
        ([{"field": "metadata.title", "message": "Old form."}], ["metadata.title"], ["Old form."]),
        ([{"messages": []}], [""], ["refused without a reason"]),
        ("File upload transfer failed.", [""], ["File upload transfer failed."]),
        ([1, None], [], []),
        (None, [], []),
    ],
)
def test_errors_are_read_in_all_their_forms(errors, places, messages):
    found = read_problems({"errors": errors})
    assert [str(problem.where) for problem in found] == places
    assert [problem.message for problem in found] == messages


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
KEYS = st.sampled_from(
    ["id", "parent", "pids", "doi", "metadata", "errors", "entries", "hits", "revision_id", "checksum"]
)


@given(st.dictionaries(KEYS, JSON_VALUES | st.dictionaries(KEYS, JSON_VALUES)))
def test_no_json_is_too_strange(said):
    with suppress(RepositoryError):
        read_files(said)
    read_hits(said)
    read_problems(said)
    try:
        draft = read_draft(said)
    except RepositoryError as error:
        assert "not a record" in str(error)  # either outcome is right
    else:
        assert draft.id == said["id"]


def test_a_checksum_counts_only_when_the_upload_is_complete():
    entry = {"key": "a", "status": "completed", "checksum": f"md5:{'a1' * 16}", "size": 3}
    assert read_file(entry) == Checksum("a1" * 16, 3)
    wrong = [{"checksum": text} for text in (None, "sha1:abc", "md5:abc", "md5:../x", f"md5:{'A1' * 16}")]
    wrong += [{"size": size} for size in (None, True, -1, 1.5, "3", 2**63)]
    for change in ({"status": "pending"}, *wrong):
        assert read_file({**entry, **change}) is None


def test_a_denial_is_explained_by_asking_who_one_is(server, transport):
    server.answers = [httpx.Response(403, json={"message": "Bucket is locked for modifications."}), ok()]
    with pytest.raises(RepositoryError, match="Bucket is locked for modifications") as caught:
        transport.ask(GET, "x cannot be read", 200)
    assert caught.value.problems[0].code == "repository-denied"
    server.answers = [httpx.Response(401), httpx.Response(401)]
    with pytest.raises(RepositoryError, match="does not know the token"):
        transport.ask(GET, "x cannot be read", 200)
