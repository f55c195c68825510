"""What a hostile server, or somebody who leads to one, may not do: wait for ever, crash us, or learn and spread."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
import os
import threading
import time
from dataclasses import replace
from urllib.parse import quote

import httpcore
import httpx
import pytest
from hostile_server import PACE, answer, hostile_server, saying

from reportgen.base import exchange
from reportgen.base.errors import OutputError, RepositoryError, SettingsError, UnknownOutcomeError
from reportgen.base.exchange import Deadline, ForbiddenPlaceError, Wire
from reportgen.base.identifiers import identify
from reportgen.delivery.zenodo.access import Access, Token
from reportgen.delivery.zenodo.lock import held
from reportgen.delivery.zenodo.repository import Repository
from reportgen.delivery.zenodo.retries import ONCE, READ
from reportgen.delivery.zenodo.transport import Call, Transport
from reportgen.sources.fetch import ClientOptions, fetch
from reportgen.sources.fetch.answers import read_atom_answer, read_csl_answer
from reportgen.sources.lock import lock_item, read_lock, write_lock

SECRET = "Sec.ret-Token/0123456789+abcDEF"
DRAFT = {"id": "7", "revision_id": 4, "metadata": {"title": "A report"}, "is_draft": True}
SCIPY = identify("doi:10.1038/s41592-019-0686-2")
PAPER = identify("arxiv:2402.18571v3")
CSL = "application/vnd.citationstyles.csl+json"
ATOM = "application/atom+xml"
ITEM = {"type": "article-journal", "title": "SciPy 1.0", "DOI": SCIPY.value}
DEADLINE = 0.4
FAR_TOO_LONG = 8.0
"""Seconds: an exchange that keeps its deadline ends long before, one that waits for the server after."""
BRIEF = replace(READ, attempts=1, total=DEADLINE)
GET = Call("GET", "/records/7", BRIEF)
POST = Call("POST", "/records", replace(ONCE, attempts=1, total=DEADLINE), json={})


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server():
    with hostile_server() as server:
        yield server


@pytest.fixture
def transport(server):
    transport = Transport(Access(server.url, Token(SECRET), "tests"))
    yield transport
    transport.close()


# A server that never ends -----------------------------------------------------------------------------------

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def header_drip(visit):
    visit.say(HEAD)
    visit.drip(b"X: y\r\n")
    visit.say(b"Content-Length: 12\r\n\r\n", b'{"id": "7"} ')


def header_drip_byte_by_byte(visit):
    visit.say(HEAD, b"X: ")
    visit.drip(b"y")
    visit.say(b"\r\nContent-Length: 12\r\n\r\n", b'{"id": "7"} ')


def status_line_drip(visit):
    visit.say(b"HTTP/1.1 200 ")
    visit.drip(b"O")
    visit.say(b"\r\nContent-Length: 12\r\n\r\n", b'{"id": "7"} ')


def body_drip(visit):
    visit.say(HEAD, b"Content-Length: 600\r\n\r\n", b'{"id": "7"}')
    visit.drip(b" ")
    visit.say(b" " * 100)


def chunk_size_drip(visit):
    visit.say(HEAD, b"Transfer-Encoding: chunked\r\n\r\n")
    visit.drip(b"0")
    visit.say(b"c\r\n", b'{"id": "7"} ', b"\r\n0\r\n\r\n")


def interim_answers(visit):
    visit.drip(b"HTTP/1.1 100 Continue\r\n\r\n")
    visit.say(answer(DRAFT))


def redirects_with_a_pause_each(visit):
    visit.stop.wait(PACE * 10)
    visit.say(answer(status="302 Found", Location="/again"))


def silence(visit):
    visit.stop.wait(FAR_TOO_LONG + 2)
    visit.say(answer(DRAFT))


NEVER_ENDING = [
    header_drip,
    header_drip_byte_by_byte,
    status_line_drip,
    body_drip,
    chunk_size_drip,
    interim_answers,
    silence,
]


def names(attacks):
    return [f"{attack.__name__.replace('_', '-')}-ends-at-the-deadline" for attack in attacks]


@pytest.mark.parametrize("attack", NEVER_ENDING, ids=names(NEVER_ENDING))
def test_a_read_from_a_repository(server, transport, attack):
    server.handler = attack
    began = time.monotonic()
    with pytest.raises(RepositoryError) as caught:
        transport.send(GET)
    assert time.monotonic() - began < FAR_TOO_LONG
    assert caught.value.exit_code == 13


def test_a_body_that_is_read_too_slowly_ends_at_the_deadline(server, transport):
    def read_slowly(visit):
        while not visit.stop.wait(PACE) and visit.connection.recv(2000):
            pass

    server.handler = read_slowly
    began = time.monotonic()
    with pytest.raises(UnknownOutcomeError):
        transport.send(replace(POST, json=None, content=b"x" * 50_000_000))
    assert time.monotonic() - began < FAR_TOO_LONG


@pytest.mark.parametrize("attack", NEVER_ENDING, ids=names(NEVER_ENDING))
def test_a_write_whose_answer_does_not_end_is_an_unknown_outcome(server, transport, attack):
    server.handler = attack
    with pytest.raises(UnknownOutcomeError):
        transport.send(POST)
    assert len(server.requests) == 1


def test_redirects_share_one_deadline(server):
    server.handler = redirects_with_a_pause_each
    with pytest.raises(RepositoryError, match=r"does not end|timed out"), repository(server) as opened:
        opened._transport.send(replace(GET, retry=replace(BRIEF, total=PACE * 25)))
    assert len(server.requests) < 5


def repository(server):
    return Repository(Access(server.url, Token(SECRET), "tests"))


def handshake_drip(visit):
    visit.say(b"\x16\x03\x03\x40\x00")
    visit.drip(b"\x02")


handshake_drip.speaks_first = True


def test_a_tls_handshake_that_drips_ends_at_the_deadline(server):
    server.handler = handshake_drip
    wire = Wire(server.url, deadline := Deadline(), proxied=False)
    deadline.begin(DEADLINE)
    began = time.monotonic()
    with httpx.Client(transport=wire) as client, pytest.raises(httpx.ConnectTimeout):
        client.get(server.url.replace("http:", "https:"), timeout=60)
    assert time.monotonic() - began < FAR_TOO_LONG


def test_a_name_with_many_addresses_that_do_not_answer_ends_at_the_deadline(monkeypatch):
    asked = []

    def connect_tcp(self, host, port, timeout, *args, **options):
        asked.append(threading.Event().wait(timeout))
        raise httpcore.ConnectTimeout("timed out")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    monkeypatch.setattr(exchange, "_addresses", lambda *_: [f"198.51.100.{n}" for n in range(250)])
    wire = Wire("https://repository.example", deadline := Deadline(), proxied=False)
    deadline.begin(DEADLINE)
    with httpx.Client(transport=wire) as client, pytest.raises(httpx.ConnectTimeout):
        client.get("https://repository.example", timeout=DEADLINE / 4)
    assert 1 < len(asked) < 10


@pytest.mark.parametrize(
    "attack",
    [*NEVER_ENDING, redirects_with_a_pause_each],
    ids=names([*NEVER_ENDING, redirects_with_a_pause_each]),
)
def test_a_question_to_a_registry(server, tmp_path, attack):
    server.handler = attack
    began = time.monotonic()
    assert codes(asked(server, tmp_path, attempts=1)) == ["fetch-failed"]
    assert time.monotonic() - began < FAR_TOO_LONG


def asked(server, folder, *identifiers, **options):
    base = {
        "doi_url": f"{server.url}/doi/",
        "arxiv_url": f"{server.url}/query",
        "timeout": DEADLINE,
        "pause": lambda _: None,
        "attempts": 1,
    }
    lock = folder / "references.lock.json"
    return fetch(identifiers or [SCIPY], lock, dt.date(2026, 11, 20), ClientOptions(**(base | options)))


def codes(outcome):
    return [problem.code for problem in outcome.problems]


# Where a server may lead ------------------------------------------------------------------------------------

INSIDE = [
    "http://localhost:{port}/",
    "http://127.0.0.2:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://0.0.0.0:{port}/",
    "http://10.0.0.1/",
    "http://192.168.1.1/reboot",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://2130706434:{port}/",
    "http://0x7f000002:{port}/",
    "http://224.0.0.1/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:{port}/",
    "http://xn--zzzzzzzz99999/",
    "http://[::1/",
    "http://x:99999999/",
    "http://a" + "b" * 70_000,
]


@pytest.mark.parametrize(
    "place", INSIDE, ids=[f"redirect-to-{place[:40]}-is-not-followed" for place in INSIDE]
)
def test_a_registry_leads_inside(server, tmp_path, place):
    def lead(visit):
        first = len(server.requests) == 1
        place_here = place.format(port=server.url.rpartition(":")[2])
        visit.say(answer(status="302 Found", Location=place_here) if first else answer(ITEM, kind=CSL))

    server.handler = lead
    outcome = asked(server, tmp_path)
    assert codes(outcome) in (["fetch-failed"], ["fetch-refused"])
    assert len(server.requests) == 1
    assert len(outcome.problems[0].message) < 600


@pytest.mark.parametrize(
    "place", INSIDE, ids=[f"redirect-to-{place[:40]}-is-not-followed" for place in INSIDE]
)
def test_a_repository_leads_away(server, transport, place):
    server.handler = saying(answer(status="302 Found", Location=place.format(port=1)))
    with pytest.raises(RepositoryError) as caught:
        transport.send(GET)
    assert caught.value.exit_code == 13
    assert len(server.requests) == 1
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.0.0.1"]
)
def test_a_public_name_with_a_private_address_is_not_connected_to(monkeypatch, address):
    monkeypatch.setattr(exchange, "_addresses", lambda *_: [address])
    wire = Wire("https://doi.org", deadline := Deadline(), proxied=False)
    deadline.begin(10)
    with (
        httpx.Client(transport=wire) as client,
        pytest.raises(ForbiddenPlaceError, match="no public address"),
    ):
        client.get("https://rebound.example/")


def test_behind_a_proxy_a_private_address_is_not_asked_for(server, monkeypatch, tmp_path):
    monkeypatch.setenv("http_proxy", server.url)
    server.handler = saying(answer(status="302 Found", Location="http://169.254.169.254/latest"))
    outcome = asked(server, tmp_path, doi_url="http://registry.example/")
    assert "no public address" in outcome.problems[0].message
    assert [request.split(b"\r\n")[0] for request in server.requests] == [
        b"GET http://registry.example/10.1038/s41592-019-0686-2 HTTP/1.1"
    ]


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "file:///etc/passwd", "http://[::1"])
def test_a_proxy_of_another_kind_is_said_not_to_be_one(server, monkeypatch, tmp_path, proxy):
    monkeypatch.setenv("http_proxy", proxy)
    (problem,) = asked(server, tmp_path, doi_url="http://registry.example/").problems
    assert (problem.code, "not one for HTTP" in problem.message) == ("fetch-failed", True)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "not a url", "http://[::1", "http://x:port/", "", "gopher://x/"]
)
def test_settings_that_name_no_registry_are_said_to_be_wrong(server, tmp_path, url):
    with pytest.raises(SettingsError, match="not the address of a registry"):
        asked(server, tmp_path, doi_url=url)


@pytest.mark.parametrize("mailto", ["a\r\nAuthorization: x", "\u00e9@x.org", "\ud800", "\x00"])
def test_an_address_that_is_no_header_is_left_out(server, tmp_path, mailto):
    server.handler = saying(answer(ITEM, kind=CSL))
    assert asked(server, tmp_path, mailto=mailto).fetched == (SCIPY,)
    assert b"Authorization" not in server.requests[0]


# What a registry may say ------------------------------------------------------------------------------------

ENTRY = "<entry><id>http://arxiv.org/abs/2402.18571v3</id><title>{}</title></entry>"
FEED = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
LAUGHS = "<!DOCTYPE lolz [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)
FEEDS = {
    "billion-laughs": LAUGHS + "]>" + FEED.format(ENTRY.format("&j;")),
    "external-entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    + FEED.format(ENTRY.format("&e;")),
    "external-dtd": '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">' + FEED.format(ENTRY.format("t")),
    "parameter-entity": '<!DOCTYPE x [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]>' + FEED.format(""),
    "utf-16-doctype": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY e "x">]><x>&e;</x>',
    "utf-7-doctype": '<?xml version="1.0" encoding="utf-7"?>+ADw-!DOCTYPE x+AD4-<x/>',
    "undeclared-entity": FEED.format(ENTRY.format("&nbsp;")),
    "nested-deep": "<a>" * 200_000,
    "nested-deep-and-closed": FEED.format("<a>" * 200_000 + "</a>" * 200_000),
    "many-attributes": "<a " + " ".join(f"a{n}=''" for n in range(100_000)) + ">",
    "huge-title": FEED.format(ENTRY.format("x" * 1_000_000)),
    "tex-nested-deep": FEED.format(ENTRY.format("\\emph{" * 3000 + "}" * 3000)),
    "lone-surrogate": FEED.format(ENTRY.format("&#xD800;")),
    "nul": FEED.format(ENTRY.format("a&#0;b")),
    "other-root": "<x/>",
    "empty": "",
    "blank-title": FEED.format(ENTRY.format(" ")),
    "stylesheet": '<?xml-stylesheet href="file:///etc/passwd"?>' + FEED.format(""),
}


@pytest.mark.parametrize("feed", FEEDS.values(), ids=[f"{name}-is-a-problem" for name in FEEDS])
def test_a_feed(server, tmp_path, feed):
    server.handler = saying(answer(feed.encode(), kind=ATOM))
    outcome = asked(server, tmp_path, PAPER, timeout=60)
    assert outcome.fetched == ()
    assert codes(outcome) in (["fetch-failed"], ["source-not-found"])
    assert len(outcome.problems[0].message) < 600


def test_a_feed_of_many_entries_is_read_in_time_that_grows_with_it():
    papers = [identify(f"arxiv:2402.{10_000 + n}") for n in range(25)]

    def seconds(entries):
        body = FEED.format(ENTRY.format("t") * entries).encode()
        began = time.process_time()
        read_atom_answer(body, papers)
        return time.process_time() - began

    assert seconds(8_000) < 60 * max(seconds(800), 0.01)


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


ITEMS = {
    "deep": b'{"a":' * 100_000,
    "deep-and-closed": b"[" * 100_000 + b"]" * 100_000,
    "deep-where-anything-may-stand": json.dumps({**ITEM, "issued": {"circa": nested(190)}}).encode(),
    "deep-beside-what-is-read": json.dumps({**ITEM, "update-to": [{"type": "x", "y": nested(150)}]}).encode(),
    "huge-number": b'{"DOI": "' + SCIPY.value.encode() + b'", "title": "t", "volume": ' + b"9" * 5000 + b"}",
    "infinite-number": b'{"DOI": "'
    + SCIPY.value.encode()
    + b'", "type": "x", "title": "t", "volume": 1e999}',
    "lone-surrogate": b'{"DOI": "' + SCIPY.value.encode() + b'", "type": "x", "title": "\\ud800"}',
    "huge-title": json.dumps({**ITEM, "title": "x" * 2_000_000}).encode(),
    "many-authors": json.dumps({**ITEM, "author": [{"family": "x"}] * 200_000}).encode(),
    "huge-doi": json.dumps({**ITEM, "DOI": "10.1/" + "x" * 1_000_000}).encode(),
    "too-long": b" " * 5_000_000,
    "bom": b"\xef\xbb\xbf" + json.dumps(ITEM).encode(),
    "utf-16": json.dumps(ITEM).encode("utf-16"),
    "list": b"[]",
    "number": b"1",
    "null": b"null",
}
WRONG = [
    None,
    True,
    7,
    1.5,
    [],
    {},
    [[]],
    [1],
    {"a": 1},
    [{"family": []}],
    nested(5),
    "\ud800",
    "x" * 2_000_000,
]


@pytest.mark.parametrize("body", ITEMS.values(), ids=[f"{name}-is-a-problem" for name in ITEMS])
def test_an_item(server, tmp_path, body):
    server.handler = saying(answer(body, kind=CSL))
    outcome = asked(server, tmp_path, timeout=60)
    assert (outcome.fetched, codes(outcome)) == ((), ["fetch-failed"])
    assert len(outcome.problems[0].message) < 600
    assert read_lock(tmp_path / "references.lock.json") == {}


FIELDS = ["DOI", "type", "title", "author", "editor", "container-title", "volume", "page", "issued", "accessed",
          "ISBN", "URL", "PMID", "language", "archive", "archive_location", "number", "update-to", "updated-by", "note"]  # fmt: skip


@pytest.mark.parametrize(
    "field", FIELDS, ids=[f"{field}-of-any-type-is-kept-readable-or-a-problem" for field in FIELDS]
)
def test_a_field_of_an_item(tmp_path, field):
    lock = tmp_path / "references.lock.json"
    for value in WRONG:
        try:
            item = read_csl_answer(json.dumps({**ITEM, field: value}).encode(), SCIPY)
        except ValueError as error:
            assert str(error).startswith(("the answer", "what the answer"))
            assert len(str(error)) < 600
            continue
        write_lock(lock, {"doi:x": lock_item(item, dt.date(2026, 1, 1), "x")})
        assert read_lock(lock)["doi:x"].item == item


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "zstd", "gzip, gzip", "x"])
def test_a_compressed_answer_is_refused_before_it_is_unpacked(server, tmp_path, encoding):
    bomb = gzip.compress(b" " * 50_000_000 + json.dumps(ITEM).encode())
    server.handler = saying(answer(bomb, kind=CSL, Content_Encoding=encoding))
    (problem,) = asked(server, tmp_path, timeout=60, most_bytes=100_000_000).problems
    assert (problem.code, "compressed" in problem.message) == ("fetch-failed", True)


STRANGE = {
    "no-http": b"SSH-2.0-OpenSSH\r\n",
    "nothing": b"",
    "only-a-line": b"HTTP/1.1 200 OK\r\n",
    "switched-protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nxyz",
    "status-999": answer(b"{}", status="999 x"),
    "status-000": answer(b"{}", status="000 x"),
    "status-of-letters": answer(b"{}", status="abc x"),
    "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "negative-length": answer(b"{}", Content_Length="-1"),
    "length-of-letters": answer(b"{}", Content_Length="x"),
    "huge-length": answer(b"{}", Content_Length="9" * 400),
    "bad-chunks": answer(b"zzz\r\n", Transfer_Encoding="chunked"),
    "huge-header": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000,
    "many-headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000,
    "header-not-utf-8": b"HTTP/1.1 503 x\r\nRetry-After: \xff\xfe\r\nContent-Length: 0\r\n\r\n",
    "header-with-nul": b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
    "strange-type": b'HTTP/1.1 200 OK\r\nContent-Type: \xff; charset="\r\nContent-Length: 2\r\n\r\n{}',
    "cookies": answer(b"{}", Set_Cookie="a=" + ";" * 50_000),
    "date-out-of-range": answer(b"{}", status="503 x", Retry_After="Fri, 31 Dec 9999 23:59:59 -2359"),
    "empty-location": answer(b"", status="302 x", Location=""),
}  # fmt: skip


@pytest.mark.parametrize("said", STRANGE.values(), ids=[f"{name}-is-a-problem" for name in STRANGE])
def test_a_strange_answer(server, transport, tmp_path, said):
    server.handler = saying(said)
    (problem,) = asked(server, tmp_path, timeout=30).problems
    assert problem.code.startswith("fetch-")
    with pytest.raises(RepositoryError) as caught:
        transport.ask(GET, "record 7 cannot be read", 200)
    assert caught.value.exit_code == 13
    with pytest.raises(RepositoryError):
        transport.ask(POST, "no draft can be made", 201)


# The token --------------------------------------------------------------------------------------------------


def in_json(text):
    return "".join(f"\\u{ord(character):04X}" for character in text)


WAYS = {
    "plain": SECRET,
    "percent": "".join(f"%{ord(character):02x}" for character in SECRET),
    "percent-where-needed": quote(SECRET, safe=""),
    "percent-twice": quote(quote(SECRET, safe=""), safe=""),
    "json-escapes": in_json(SECRET),
    "json-slash": SECRET.replace("/", "\\/"),
    "json-half": SECRET[:4] + in_json(SECRET[4:]),
    "json-escaped-percent": quote(SECRET, safe="").replace("%", "\\u0025"),
    "html": "".join(f"&#{ord(character)};" for character in SECRET),
    "html-hex": "".join(f"&#x{ord(character):X};" for character in SECRET),
    "upper-case": SECRET.upper(),
    "hex": SECRET.encode().hex(),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64-of-the-header": base64.b64encode(f"Bearer {SECRET}".encode()).decode(),
    "base64-of-a-login": base64.b64encode(f"me:{SECRET}".encode()).decode(),
    "base64-for-urls": base64.urlsafe_b64encode(f"a:{SECRET}".encode()).decode(),
    "base64-in-json": base64.b64encode(SECRET.encode()).decode().replace("/", "\\/"),
}
BODIES = {
    "message-of-a-400": ("400 x", '{"message": "%s"}'),
    "field-of-a-400": ("400 x", '{"errors": [{"field": "%s", "messages": ["%s"]}]}'),
    "text-of-a-400": ("400 x", '{"errors": "%s"}'),
    "errors-of-a-200": ("200 x", '{"id": "7", "errors": [{"field": "metadata.title", "messages": ["%s"]}]}'),
    "id-of-a-200": ("200 x", '{"id": "%s"}'),
    "doi-of-a-200": ("200 x", '{"id": "7", "pids": {"doi": {"identifier": "10.1/%s"}}}'),
    "metadata-of-a-200": ("200 x", '{"id": "7", "metadata": {"version": "%s", "title": "%s"}}'),
    "message-of-a-503": ("503 x", '{"message": "%s"}'),
    "message-of-a-429": ("429 x", '{"message": "%s"}'),
}


def leaks(text):
    """Tell whether a text has the token in any of the ways, or enough of it to be worth stealing."""
    return any(way in text or way.lower() in text.lower() for way in WAYS.values()) or SECRET[8:-4] in text


@pytest.mark.parametrize("way", WAYS.values(), ids=[f"token-{name}-is-hidden" for name in WAYS])
def test_a_token_that_the_server_quotes(server, transport, way, caplog):
    for status, body in BODIES.values():
        server.handler = saying(answer(body.replace("%s", way).encode(), status=status, X_Said=way))
        for call in (GET, POST):
            try:
                said = transport.ask(call, "x cannot be done", 200)
            except RepositoryError as error:
                assert not leaks(str(error))
                assert not leaks(repr(error.problems))
            else:
                assert not leaks(repr(said))
                assert not leaks(json.dumps(said.json))
    server.handler = saying(answer(status="302 Found", Location=f"http://{way.lower()}.example/{way}"))
    with pytest.raises(RepositoryError) as caught:
        transport.send(GET)
    assert not leaks(str(caught.value))
    assert caplog.text == ""


def test_hiding_a_token_takes_time_that_grows_with_the_body():
    token = Token(SECRET)

    def seconds(body):
        began = time.process_time()
        token.hidden_in(body)
        return time.process_time() - began

    for unit in (b"%", b"%25", b"25", b"\\u00", b"\\u0025", b"&#0", b"Sec.ret-", b"&#x0"):
        assert seconds(unit * 50_000) < 60 * max(seconds(unit * 5_000), 0.005)


# What a repository may say ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["200 x", "201 x", "202 x"])
@pytest.mark.parametrize(
    "body",
    [b'{"a":' * 100_000, b"[" * 100_000, b'{"id": ' + b"[" * 3000 + b"]" * 3000 + b"}"],
    ids=["objects", "lists", "closed"],
)
def test_a_deep_answer_is_an_error_to_a_read_and_leaves_a_write_open(server, transport, status, body):
    server.handler = saying(answer(body, status=status))
    with pytest.raises(RepositoryError) as caught:
        transport.send(GET)
    assert caught.value.exit_code == 13
    with pytest.raises(UnknownOutcomeError):
        transport.send(POST)


@pytest.mark.parametrize("status", ["400 x", "403 x", "404 x", "412 x", "429 x"])
def test_a_deep_refusal_is_a_refusal(server, transport, status):
    server.handler = saying(answer(b'{"message":' * 5_000, status=status))
    with pytest.raises(RepositoryError) as caught:
        transport.ask(POST, "no draft can be made", 201)
    assert caught.value.exit_code == 13


def test_a_refusal_with_a_million_complaints_is_told_in_brief(server, transport):
    complaints = [{"field": "metadata." + "x" * 400, "messages": ["no" * 500] * 100}] * 900
    server.handler = saying(answer({"errors": complaints[:100]}, status="400 x"), b"")
    with pytest.raises(RepositoryError) as caught:
        transport.ask(POST, "no draft can be made", 201)
    assert len(caught.value.problems) <= 51
    server.handler = saying(answer({**DRAFT, "errors": complaints}))
    with repository(server) as opened, pytest.raises(RepositoryError) as caught:
        opened.save("7", {"title": "x"})
    assert len(str(caught.value)) < 2_000_000
    assert len(caught.value.problems) <= 50


UNREADABLE = {
    "create": (lambda opened: opened.create({"title": "x"}), "201 x"),
    "save": (lambda opened: opened.save("7", {"title": "x"}), "200 x"),
    "publish": (lambda opened: opened.publish("7"), "202 x"),
    "new-version": (lambda opened: opened.new_version("7"), "201 x"),
}


@pytest.mark.parametrize(
    "said", [{"id": 7}, {"id": "../../x"}, {"id": "7", "parent": {"id": "a/b"}}, {"id": "x" * 65}]
)
@pytest.mark.parametrize(
    "step", UNREADABLE, ids=[f"{step}-answered-unreadably-is-an-unknown-outcome" for step in UNREADABLE]
)
def test_a_write(server, monkeypatch, step, said):
    monkeypatch.setattr("reportgen.delivery.zenodo.repository.LOOKS", ())
    call, status = UNREADABLE[step]
    server.handler = saying(answer(said, status=status))
    with repository(server) as opened, pytest.raises(UnknownOutcomeError):
        call(opened)


# Lock files of somebody else --------------------------------------------------------------------------------


def test_a_link_in_place_of_the_hold_is_refused_and_its_target_stays(tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("words that stay")
    folder = tmp_path / "project"
    folder.mkdir()
    hidden = folder / ".r.zenodo.json.lock"
    for target in ("../precious", "/dev/zero", "nowhere", ".r.zenodo.json.lock"):
        hidden.symlink_to(target)
        with pytest.raises(OutputError, match="link"), held(folder / "r.zenodo.json") as hold:
            hold.answered()
        hidden.unlink()
    assert precious.read_text() == "words that stay"
    assert sorted(path.name for path in folder.iterdir()) == []


def test_a_pipe_or_a_folder_in_place_of_the_hold_is_refused(tmp_path):
    hidden = tmp_path / ".r.zenodo.json.lock"
    os.mkfifo(hidden)
    with pytest.raises(OutputError), held(tmp_path / "r.zenodo.json"):
        pass
    hidden.unlink()
    hidden.mkdir()
    with pytest.raises(OutputError), held(tmp_path / "r.zenodo.json"):
        pass
