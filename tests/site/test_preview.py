"""The preview's server: what it gives, and to whom."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
from contextlib import ExitStack, closing

import pytest

from reportgen.base.errors import OutputError
from reportgen.site import preview
from reportgen.site.preview import PreviewServer, State


@pytest.fixture
def server(tmp_path):
    site = tmp_path / "site"
    (site / "report/a").mkdir(parents=True)
    (site / "index.html").write_text("the index")
    (site / "report/a/index.html").write_text("a report")
    (site / "report/a/a.pdf").write_bytes(b"%PDF-")
    (tmp_path / "secret").write_text("not for you")
    (site / "leads-out").symlink_to(tmp_path / "secret")
    with PreviewServer(site) as server:
        yield server


def answer(server, path, method="GET", **headers):
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
        connection.request(method, path, headers={"Host": f"127.0.0.1:{server.port}", **headers})
        response = connection.getresponse()
        return response.status, response.headers, response.read()


@pytest.mark.parametrize(
    ("path", "content"),
    [("/site/", b"the index"), ("/site/report/a/", b"a report"), ("/site/report/a/a.pdf?x=1", b"%PDF-")],
)
def test_files_of_the_site_are_given_and_never_kept_by_the_browser(server, path, content):
    status, headers, body = answer(server, path)
    assert (status, body, headers["Cache-Control"]) == (200, content, "no-store")


def test_the_frame_is_given_with_a_policy_of_its_own(server):
    for path, kind in (("/", "text/html"), ("/preview.js", "text/javascript"), ("/preview.css", "text/css")):
        status, headers, body = answer(server, path)
        assert status == 200, path
        assert headers["Content-Type"].startswith(kind)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert body


def test_a_folder_is_led_to_its_own_address(server):
    status, headers, _ = answer(server, "/site/report/a")
    assert (status, headers["Location"]) == (301, "/site/report/a/")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/site/none.html",
            "/site/../secret",
            "/site/%2e%2e/secret",
            "/site/..%2fsecret",
            "/site/leads-out",
        ),
        *("/secret", "/etc/passwd", "/site//etc/passwd", "/site/%00", "/site/" + "a" * 5000),
    ],
    ids=lambda path: path[:20],
)
def test_nothing_else_is_given(server, path):
    status, _, body = answer(server, path)
    assert status == 404
    assert b"not for you" not in body
    assert b"root:" not in body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost.evil.example"])
def test_who_asks_by_another_name_gets_nothing(server, host):
    for path in ("/", "/site/", "/events"):
        status, _, body = answer(server, path, Host=host)
        assert status == 421
        assert b"index" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_sent(server, method):
    assert answer(server, "/site/", method)[0] == 501


def test_another_file_has_another_stamp_and_a_head_tells_it(server, tmp_path):
    before = answer(server, "/site/report/a/a.pdf", "HEAD")
    assert (before[0], before[2], before[1]["Content-Length"]) == (200, b"", "5")
    (tmp_path / "site/report/a/a.pdf").write_bytes(b"%PDF-2")
    assert answer(server, "/site/report/a/a.pdf", "HEAD")[1]["ETag"] != before[1]["ETag"]


def test_each_state_is_told_and_the_end_ends_the_stream(tmp_path):
    states = [State(1, "pdfs", "a\nproblem: <b>\u2028"), State(2, "ready")]
    with closing(http.client.HTTPConnection("127.0.0.1", timeout=20)) as connection:
        with PreviewServer(tmp_path) as server:
            connection.port = server.port
            connection.request("GET", "/events")
            stream = connection.getresponse()
            told = [_state(stream)]
            for state in states:
                server.show(state)
                told.append(_state(stream))
        assert stream.read() == b""
    assert told == [State(), *states]


def _state(stream):
    line = stream.readline()
    assert stream.readline() == b"\n"
    return State(**json.loads(line.removeprefix(b"data: ")))


def test_a_port_that_is_taken_is_said(server, tmp_path):
    with pytest.raises(OutputError, match=f"port {server.port} of this machine cannot be listened on"):
        PreviewServer(tmp_path, server.port)


@pytest.mark.parametrize("asked", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/site/", "/site/assets/titles.js", "/events", "/"])
def test_no_page_of_another_host_takes_in_what_is_previewed(server, path, asked):
    for mode in ("no-cors", "cors", "websocket"):
        status, headers, body = answer(server, path, **{"Sec-Fetch-Site": asked, "Sec-Fetch-Mode": mode})
        assert status == 403
        assert b"index" not in body
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_link_may_lead_to_the_preview_and_no_page_may_frame_it(server):
    led = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    for path, framed in (("/", "frame-ancestors 'none'"), ("/site/", "frame-ancestors 'self'")):
        status, headers, _ = answer(server, path, **led)
        assert status == 200
        assert framed in headers["Content-Security-Policy"]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_pipe_is_not_waited_for(server, tmp_path):
    os.mkfifo(tmp_path / "site" / "pipe")
    assert answer(server, "/site/pipe")[0] == 404


@pytest.mark.parametrize(
    "lines",
    [
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
    ids=["address", "header", "headers", "version", "tls"],
)
def test_what_is_no_request_is_refused_and_the_next_is_answered(server, lines):
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(lines)
        said = connection.recv(1000)
    assert re.search(rb"\b(400|414|431|505)\b", said)
    assert answer(server, "/site/")[0] == 200


def test_who_sends_nothing_is_let_go(server, monkeypatch):
    monkeypatch.setattr(preview._Handler, "timeout", 0.05)
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(b"GET / HT")
        assert connection.recv(1000) == b""


def test_many_streams_end_with_the_preview(tmp_path):
    with ExitStack() as stack:
        with PreviewServer(tmp_path) as server:
            streams = []
            for _ in range(20):
                connection = stack.enter_context(
                    closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20))
                )
                connection.request("GET", "/events")
                streams.append(connection.getresponse())
            assert {_state(stream) for stream in streams} == {State()}
        assert {stream.read() for stream in streams} == {b""}
