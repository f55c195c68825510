"""Answers of a repository with one value of a wrong kind, lock files of somebody else, and where the token goes."""

from __future__ import annotations

import copy
import json
import os
import threading
from contextlib import contextmanager

import httpx
import pytest
from pydantic import ValidationError

from deposit_example import Pauses
from reportgen.base.errors import BibliographyError, RecordError, RepositoryError, SettingsError
from reportgen.base.services import Zenodo
from reportgen.base.settings import Settings
from reportgen.delivery.zenodo import transport as transport_module
from reportgen.delivery.zenodo.access import Access, Token, find_access
from reportgen.delivery.zenodo.publication import is_copy
from reportgen.delivery.zenodo.repository import Repository
from reportgen.record.registration import Checksum, Deposit, Stage, lock_path, read_deposit, write_deposit
from reportgen.sources.lock import read_lock
from zenodo_project import Project

BASE = "https://repository.example/api"
DOI = "10.5281/zenodo.7"
ID = "00000001-2222-4333-8444-555555555555"
MARKER = f"urn:uuid:{ID}"
DRAFT = {
    "id": "7",
    "revision_id": 4,
    "is_draft": True,
    "is_published": False,
    "parent": {"id": "6"},
    "pids": {"doi": {"identifier": DOI}},
    "metadata": {"title": "A", "version": "1", "identifiers": [{"identifier": MARKER, "scheme": "urn"}]},
    "errors": [{"field": "files.enabled", "messages": ["Missing."]}],
}
PUBLISHED = {
    **DRAFT,
    "is_draft": False,
    "created": "2026-11-20",
    "parent": {"id": "6", "pids": {"doi": {"identifier": "10.5281/zenodo.6"}}},
    "links": {"self": BASE},
    "errors": [],
}
FILES = {"entries": [{"key": "a.pdf", "checksum": "md5:" + "0" * 32, "size": 3, "status": "completed"}]}


def hits(*found):
    return {"hits": {"hits": list(found)}}


DRAFTED = {"GET /records/7/draft": (200, DRAFT), "GET /records/7/draft/files": (200, FILES)}
SCENES = {
    "reserve-anew": (
        "reserve",
        {
            "GET /user/records": (200, hits()),
            "POST /records": (201, DRAFT),
            "GET /records/7/draft": (200, {**DRAFT, "pids": {}}),
            "POST /records/7/draft/pids/doi": (201, DRAFT),
        },
    ),
    "reserve-a-draft-found": ("reserve", {"GET /user/records": (200, hits(DRAFT)), **DRAFTED}),
    "reserve-what-is-published": (
        "reserve",
        {
            "GET /user/records": (200, hits(PUBLISHED)),
            "GET /records/7/draft": (404, {"message": "no"}),
            "GET /records/7": (200, PUBLISHED),
            "GET /records/7/files": (200, FILES),
        },
    ),
    "status-of-a-draft": ("status", DRAFTED),
}
LATER = Deposit(
    BASE,
    ID,
    "1",
    "7",
    "6",
    DOI,
    Stage.UPLOADED,
    {"a.pdf": Checksum("0" * 32, 3)},
    previous=("10.5281/zenodo.5",),
)


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


WRONG = [
    None,
    True,
    -1,
    2**70,
    [],
    {},
    [None, 1, []],
    nested(150),
    "\ud800",
    "../..",
    "x\ny\x1b[2J",
    "x" * 100_000,
]


def places(value, path=()):
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, child in children:
        yield from places(child, (*path, name))


def changed(value, path, wrong):
    if not path:
        return wrong
    value = copy.deepcopy(value)
    inner = value
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = wrong
    return value


EVERY = 4
"""Of the fields one in so many is tried in every run of the tests, and each with --all."""


def case(number, scene, call, path):
    name = f"{scene}:{call.replace(' ', '')}:{'.'.join(map(str, path)) or 'whole'}"
    return pytest.param(scene, call, path, id=name, marks=[pytest.mark.long] if number % EVERY else [])


FIELDS = [
    (scene, call, path)
    for scene, (_, said) in SCENES.items()
    for call, (_, body) in said.items()
    for path in places(body)
]
CASES = [case(number, *field) for number, field in enumerate(FIELDS)]


@pytest.mark.parametrize(("scene", "call", "path"), CASES)
def test_a_value_of_a_wrong_kind_is_refused_or_harmless(scene, call, path, tmp_path, monkeypatch, run):
    step, said = SCENES[scene]
    record = Project.lay_out(tmp_path / "project").write()
    monkeypatch.setenv("ZENODO_URL", BASE)
    monkeypatch.setenv("ZENODO_TOKEN", "a-token")
    monkeypatch.setattr("reportgen.delivery.zenodo.repository.LOOKS", ())
    monkeypatch.setattr(transport_module, "Clock", lambda: Pauses().clock)
    for wrong in WRONG:
        answers = {**said, call: (said[call][0], changed(said[call][1], path, wrong))}

        def answered(request, answers=answers):
            name = f"{request.method} {request.url.path.removeprefix('/api')}"
            status, body = answers.get(name, (404, {"message": "no"}))
            return httpx.Response(status, stream=httpx.ByteStream(json.dumps(body).encode()))

        wire = httpx.MockTransport(answered)
        monkeypatch.setattr(transport_module, "Wire", lambda *_, wire=wire, **__: wire)
        if step == "status":
            write_deposit(lock_path(record), LATER)
        else:
            lock_path(record).unlink(missing_ok=True)
        ended = run("zenodo", step, record)
        assert ended.code in (0, 13, 14), (wrong, ended)
        assert len(ended.out + ended.err) < 20_000
        assert "\x1b[2J" not in ended.out + ended.err
        read_deposit(lock_path(record))  # what was written down can be read


@pytest.mark.parametrize("name", ["..", ".", "", "a\0b", "a\nb", "\ud800", "x" * 501, 7, None, []], ids=repr)
def test_a_file_with_a_name_that_is_none_is_refused_and_not_asked_for(monkeypatch, name):
    asked = []

    def answered(request):
        asked.append(str(request.url))
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps({"entries": [{"key": name}]}).encode()))

    monkeypatch.setattr(transport_module, "Wire", lambda *_, **__: httpx.MockTransport(answered))
    with Repository(Access(BASE, Token("a-token"), "tests"), Pauses().clock) as repository:
        with pytest.raises(RepositoryError, match=r"a file without a name|this key"):
            repository.files("7")
        with pytest.raises(RepositoryError):
            repository.published_files("7")
    assert len(asked) == 2


# Lock files of somebody else --------------------------------------------------------------------------------

READERS = {
    "x.zenodo.json": (read_deposit, RecordError, "zenodo-lock"),
    "references.lock.json": (read_lock, BibliographyError, "lock"),
}


@contextmanager
def pipe(path):
    """Make a pipe whose other end comes so late that who waits for it is found out."""
    os.mkfifo(path)
    stop = threading.Event()

    def come_late():
        if not stop.wait(3):
            other = os.open(path, os.O_RDWR | os.O_NONBLOCK)
            stop.wait(0.2)
            os.close(other)

    thread = threading.Thread(target=come_late)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("name", READERS)
def test_a_pipe_in_place_of_a_lock_file_is_not_waited_for(tmp_path, name):
    read, error, code = READERS[name]
    with pipe(tmp_path / name), pytest.raises(error) as caught:
        read(tmp_path / name)
    assert caught.value.problems[0].code == f"{code}-unreadable"
    assert caught.value.problems[0].where.file.endswith(name)


@pytest.mark.parametrize(
    "target", ["../outside", "/dev/zero", "/dev/full", "/etc/passwd", "/proc/self/environ", "{name}", "."]
)
@pytest.mark.parametrize("name", READERS)
def test_a_link_in_place_of_a_lock_file_is_not_followed_out(tmp_path, name, target):
    read, error, code = READERS[name]
    (tmp_path / "outside").write_text("{}")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / name).symlink_to(target.format(name=name))
    with pytest.raises(error) as caught:
        read(folder / name)
    assert caught.value.problems[0].code == f"{code}-unreadable"


@pytest.mark.parametrize("name", READERS)
def test_a_lock_file_over_the_bound_is_not_read(tmp_path, name):
    read, error, code = READERS[name]
    with (tmp_path / name).open("wb") as file:
        file.truncate(150_000_000)
    with pytest.raises(error, match="larger than") as caught:
        read(tmp_path / name)
    assert caught.value.problems[0].code == f"{code}-unreadable"


GOOD_LOCK = (
    b'{"schema": "reportgen-references-v1", "references": {"doi:10.1/x": {"fetched": "2026-01-01", "from": "x", '
    b'"sha256": "' + b"0" * 64 + b'", "item": %s}}}'
)
CONTENTS = {
    "empty": b"",
    "nul": b"\0",
    "bom": b"\xef\xbb\xbf{}",
    "utf-16": "{}".encode("utf-16"),
    "latin-1": b'{"schema": "\xe9"}',
    "lone-surrogate": b'{"schema": "\\ud800"}',
    "deep": b"[" * 100_000,
    "deep-and-closed": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "list": b"[]",
    "number": b"1",
    "null": b"null",
    "huge-number": b"9" * 10_000,
    "nan": b"NaN",
    "key-twice": b'{"schema": 1, "schema": 2}',
    "huge-key": b'{"' + b"x" * 500_000 + b'": 1}',
    "many-keys": json.dumps(dict.fromkeys(map(str, range(30_000)))).encode(),
    "item-deep": GOOD_LOCK % (b'{"a":' * 300 + b"1" + b"}" * 300),
    "item-huge-number": GOOD_LOCK % b'{"volume": %s}' % (b"9" * 5000),
    "item-nan": GOOD_LOCK % b'{"volume": NaN}',
    "item-list": GOOD_LOCK % b"[]",
    "item-surrogate": GOOD_LOCK % b'{"title": "\\udcff"}',
}


@pytest.mark.parametrize(
    "content", CONTENTS.values(), ids=[f"{name}-is-a-placed-problem" for name in CONTENTS]
)
@pytest.mark.parametrize("name", READERS)
def test_a_lock_file(tmp_path, name, content):
    read, error, code = READERS[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as caught:
        read(tmp_path / name)
    assert len(caught.value.problems) <= 50
    for problem in caught.value.problems:
        assert problem.code in (f"{code}-invalid", "lock-changed")
        assert problem.where.file.endswith(name)


FIELDS = ["host", "record", "version", "draft", "parent", "doi", "stage", "files", "metadata", "previous",
          "published_at", "published_before"]  # fmt: skip
DATES = ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", 1e308, "2026-01-01"]


@pytest.mark.parametrize(
    "field", FIELDS, ids=[f"{field}-of-any-kind-is-read-or-a-placed-problem" for field in FIELDS]
)
def test_a_field_of_a_deposit(tmp_path, field, run):
    record = Project.lay_out(tmp_path / "project").write()
    lock = lock_path(record)
    write_deposit(lock, LATER)
    good = json.loads(lock.read_text())
    for wrong in [*WRONG, *DATES, [DATES[0]] * 9, {"..": {"md5": "0" * 32, "size": 2**70}}]:
        lock.write_text(json.dumps({**good, field: wrong}))
        for command in (("zenodo", "status", record), ("validate", record)):
            ended = run(*command)
            assert ended.code in (0, 3, 13), (wrong, ended)
            assert len(ended.out + ended.err) < 200_000


def test_moments_beyond_all_clocks_do_not_stop_the_count_of_a_day(tmp_path):
    lock = tmp_path / "x.zenodo.json"
    write_deposit(lock, LATER)
    lock.write_text(json.dumps({**json.loads(lock.read_text()), "published_at": DATES[0]}))
    with pytest.raises(RecordError) as caught:
        read_deposit(lock)
    assert caught.value.problems[0].where.pointer.startswith("/published_at")


@pytest.mark.parametrize("kind", ["pipe", "zero", "outside"])
def test_the_commands_end_with_their_codes(tmp_path, kind, run):
    project = Project.lay_out(tmp_path / "project")
    record = project.write()
    for path, command, code in (
        (lock_path(record), ("zenodo", "status", record), 3),
        (project.root / "references.lock.json", ("bib", "fetch", record), 4),
    ):
        if kind == "pipe":
            os.mkfifo(path)
        else:
            path.symlink_to("/dev/zero" if kind == "zero" else "/etc/hostname")
        ended = run(*command)
        # Beside the record a link out is refused; that of the project is a place outside it, which needs trust.
        needs_trust = kind != "pipe" and command[0] == "bib"
        assert ended.code == (16 if needs_trust else code), ended
        assert needs_trust or path.name in ended.err
        path.unlink()


def test_a_pipe_or_a_device_in_place_of_the_pdf_is_not_what_was_uploaded(tmp_path):
    place = tmp_path / "report.pdf"
    with pipe(place):
        assert not is_copy(place, Checksum("0" * 32, 3))
    for target in ("/dev/zero", "../x"):
        place.unlink()
        place.symlink_to(target)
        assert not is_copy(place, Checksum("0" * 32, 3))
    place.unlink()
    place.write_bytes(b"pdf")
    assert is_copy(place, Checksum.of(b"pdf"))
    assert not is_copy(place, Checksum.of(b"pd"))
    assert not is_copy(place, None)


# Where the token goes ---------------------------------------------------------------------------------------


class Nobody(httpx.BaseTransport):
    """Is asked nothing."""

    def handle_request(self, request):
        raise AssertionError(f"{request.url} was asked")


@pytest.fixture
def nobody(monkeypatch):
    monkeypatch.setattr(transport_module, "Wire", lambda *_, **__: Nobody())
    monkeypatch.setenv("ZENODO_TOKEN", "a-token")
    monkeypatch.delenv("ZENODO_URL", raising=False)


@pytest.mark.parametrize(
    "host",
    ["https://evil.example/api", "https://zenodo.org.evil.example/api", "https://zenodo.org/api/../evil",
     "https://zenodo.org/api/", "https://zenodo.org:444/api", "http://zenodo.org/api", "https://127.0.0.1/api",
     "https://zenodo.org/api?x=", "https://zenodo.org/api#x", "https://ZENODO.org/api"],
)  # fmt: skip
@pytest.mark.parametrize("step", ["upload", "publish", "discard", "sync"])
def test_a_lock_file_that_names_another_place_sends_the_token_nowhere(tmp_path, run, nobody, host, step):
    record = Project.lay_out(tmp_path / "project").write()
    write_deposit(lock_path(record), LATER)
    lock = lock_path(record)
    lock.write_text(json.dumps({**json.loads(lock.read_text()), "host": host}))
    before = lock.read_bytes()
    target = record.parent if step == "sync" else record
    ended = run("zenodo", step, target, *(["--yes"] if step in ("publish", "discard") else []))
    assert (ended.code, "zenodo-other-host" in ended.err) == (13, True)
    assert lock.read_bytes() == before


PLACES = [
    "https://evil.example/api", "https://zenodo.org.evil.example/api", "https://zenodo.org@evil.example/api",
    "https://zenodo.org:x@evil.example/api", "https://evil.example\\@zenodo.org/", "https://zenodo.org\\.evil.example/",
    "https://zenodo.org%2eevil.example/", "https://zenodo.org%00.evil.example/", "https://zenodo.org#@evil.example/",
    "https://zenodo.org?@evil.example/", "http://zenodo.org/api", "https://zenodo.org:8443/api", "https:zenodo.org",
    "https:///zenodo.org/", "https://zenodo\u3002org/", "https://\uff5aenodo.org.evil.example/", "https://zenodo.org./",
    "http://localhost/api", "https://127.0.0.1/api", "https://[::1]/api", "https://sandbox.zenodo.org.evil.example/",
    "https://xn--zzzzzzzz99999/", "https://[::1/", "https://zen\u00f6do.org/",
]  # fmt: skip


@pytest.mark.parametrize("url", PLACES, ids=[f"{url}-in-the-settings-gets-no-token" for url in PLACES])
def test_an_address_in_a_settings_file_that_came_along(monkeypatch, url):
    monkeypatch.setenv("ZENODO_TOKEN", "a-token")
    monkeypatch.delenv("ZENODO_URL", raising=False)
    monkeypatch.setattr("reportgen.delivery.zenodo.access._from_keyring", lambda _: Token(""))
    try:
        access = find_access(Settings(zenodo=Zenodo(url=url)))
    except ValidationError:
        assert url == "https:zenodo.org"
    except (RepositoryError, SettingsError) as error:
        assert error.problems[0].code in ("token-missing", "repository-url")
    else:
        assert httpx.URL(access.base).raw_host in (b"zenodo.org", b"sandbox.zenodo.org")
        assert (httpx.URL(access.base).scheme, httpx.URL(access.base).port) == ("https", None)
