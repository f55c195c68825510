"""The preview's server: what it gives, and to whom."""

from __future__ import annotations

import http.client
import json
from contextlib import closing

import pytest

from reportgen.base.errors import OutputError
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
