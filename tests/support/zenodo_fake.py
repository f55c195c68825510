"""A small repository in this process that answers as InvenioRDM does, as far as `reportgen.delivery.zenodo` asks it.

    with ZenodoFake() as fake:
        Access(fake.url, Token(fake.alice), "tests")

It is used like the fixture `invenio`, the real server; tests/delivery/test_zenodo_contract.py holds both to one contract.
A request it does not know is an error of the test that makes it, which the end of the `with` raises.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
VENDOR = "application/vnd.inveniordm.v1+json"
PLAIN = "application/json"
REQUIRED = ("resource_type", "creators", "title", "publication_date")
LICENCES = {"cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc0-1.0", "mit", "apache-2.0", "gpl-3.0-only"}
LANGUAGES = {"eng", "deu", "fra", "spa", "ita", "ara", "zho", "jpn", "rus", "por", "nld"}
TYPES = {
    "publication-report",
    "publication-article",
    "publication",
    "publication-other",
    "dataset",
    "software",
}
NO_PID = "The persistent identifier does not exist."
LATER = count()
INTERNAL = "The server encountered an internal error and was unable to complete your request."


class RefusedError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, message: str, errors: list[Json] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"status": status, "message": message, **({"errors": errors} if errors else {})}


@dataclass
class File:
    """A file of a draft or a record; its content is there before it is committed."""

    content: bytes | None = None
    completed: bool = False

    def shown(self, name: str) -> Json:
        shown: Json = {"key": name, "status": "completed" if self.completed else "pending", "metadata": None}
        if self.completed and self.content is not None:
            digest = hashlib.md5(self.content).hexdigest()
            shown |= {"checksum": f"md5:{digest}", "size": len(self.content)}
        return shown


@dataclass
class Item:
    """A draft or a published record."""

    id: str
    parent: str
    owner: str
    index: int
    document: Json
    created: str
    revision: int = 4
    doi: str = ""
    published: bool = False
    files: dict[str, File] = field(default_factory=dict)
    quota: int = 50 * 10**9


@dataclass
class State:
    """All that the repository holds; every request is answered under its lock."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    users: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, Item] = field(default_factory=dict)
    records: dict[str, Item] = field(default_factory=dict)
    numbers: int = 0
    quota: int = 50 * 10**9
    rate: int | None = None
    said_rate: str = ""
    period: int = 3600
    asked: dict[str, int] = field(default_factory=dict)
    index: list[tuple[Json, str]] | None = None

    def number(self) -> str:
        self.numbers += 1
        return str(self.numbers)

    def draft(self, number: str, user: str | None) -> Item:
        if number in self.drafts:
            return owned(self.drafts[number], user)
        raise RefusedError(404, NO_PID)

    def uploads(self) -> list[tuple[Json, str]]:
        """Return what a search would find: of each number the draft, or else the record."""
        both = {**self.records, **self.drafts}
        return [(deepcopy(self.shown(item)), item.owner) for item in both.values()]

    def shown(self, item: Item) -> Json:
        is_draft = self.drafts.get(item.id) is item
        pids = {"doi": {"identifier": item.doi, "provider": "datacite"}} if item.doi else {}
        parent_pids = {"doi": {"identifier": f"10.5072/zenodo.{item.parent}"}}
        is_parent_public = any(one.parent == item.parent for one in self.records.values())
        return {
            "id": item.id,
            "created": item.created,
            "updated": item.created,
            "links": {"self": f"/api/records/{item.id}" + ("/draft" if is_draft else "")},
            "revision_id": item.revision,
            "parent": {"id": item.parent, "pids": parent_pids if is_parent_public else {}},
            "versions": {"index": item.index},
            "is_published": item.published,
            "is_draft": is_draft,
            "status": ("published" if item.published else "draft"),
            "pids": pids,
            **deepcopy(item.document),
        }


def owned(item: Item, user: str | None) -> Item:
    if item.owner != user:
        raise RefusedError(403, "Permission denied.")
    return item


def later() -> str:
    """Return a time of creation; each is later than the one before."""
    return (datetime(2026, 11, 20, tzinfo=UTC) + timedelta(milliseconds=next(LATER))).isoformat()


def saved(item: Item, sent: Json, *, is_new: bool = False) -> list[Json]:
    """Put a document into a draft as far as it is valid; give what is wrong with it."""
    metadata = dict(sent.get("metadata") or {})
    known = [(metadata.get("resource_type"), TYPES)]
    known += [(right, LICENCES) for right in metadata.get("rights", []) if "id" in right]
    known += [(language, LANGUAGES) for language in metadata.get("languages", [])]
    for entry, ids in known:
        if entry and entry["id"] not in ids:
            raise RefusedError(400, f"Invalid value {entry['id']}.")
    errors = missing(metadata)
    if metadata.get("title") and len(metadata["title"]) < 3:
        errors.append({"field": "metadata.title", "messages": ["Shorter than minimum length 3."]})
        del metadata["title"]
    if "nonsense" in metadata:
        errors.append({"field": "metadata.nonsense", "messages": ["Unknown field."]})
        del metadata["nonsense"]
    if not is_new and item.doi and not item.files:
        errors.append({"field": "files.enabled", "messages": ["Missing uploaded files."]})
    if not metadata.get("publisher"):
        why = "Missing publisher field required for DOI registration."
        errors.append({"field": "metadata.publisher", "messages": [why]})
    if sent.get("pids") == {}:
        item.doi = ""
    item.document = {**{key: sent[key] for key in ("access", "files") if key in sent}, "metadata": metadata}
    item.revision += 0 if is_new else 2
    return errors


def missing(metadata: Json) -> list[Json]:
    needed = [name for name in REQUIRED if not metadata.get(name)]
    return [
        {"field": f"metadata.{name}", "messages": ["Missing data for required field."]} for name in needed
    ]


@dataclass
class Request:
    """A request with its parts."""

    method: str
    parts: list[str]
    parameters: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    user: str | None

    @property
    def json(self) -> Any:
        if self.body and not self.headers.get("content-type", "").startswith(PLAIN):
            raise RefusedError(415, "Invalid 'Content-Type' header. Expected one of: application/json")
        return json.loads(self.body or b"{}")


def check_revision(item: Item, request: Request) -> None:
    given = request.headers.get("if-match")
    if given is None:
        return
    if not given.isdigit():
        raise RefusedError(
            400, "A validation error occurred.", [{"field": "if_match", "messages": ["Not a valid integer."]}]
        )
    if int(given) != item.revision:
        raise RefusedError(412, f"Expected revision id {item.revision}, {given} was given")


class Routes:
    """What each request does; a pair of status and JSON, or bytes, comes back."""

    def __init__(self, state: State) -> None:
        self.state = state

    def answer(self, request: Request) -> tuple[int, Json | bytes | None]:
        match request.method, *request.parts:
            case "GET", "user", "records":
                return self.search(request)
            case "POST", "records":
                return self.create(request)
            case method, "records", number, "draft", *rest:
                return self.draft(method, number, rest, request)
            case "POST", "records", number, "versions":
                return self.new_version(number, request)
            case "GET", "records", number, *rest:
                return self.record(number, rest, request)
        raise AssertionError(f"the fake does not know {request.method} {request.parts}")

    def search(self, request: Request) -> tuple[int, Json]:
        if request.user is None:
            raise RefusedError(403, "Permission denied.")
        words = re.findall(r"\w+", re.sub(r"^[\w.]+:", "", request.parameters.get("q", [""])[0]).lower())
        found = self.state.uploads() if self.state.index is None else self.state.index
        hits = []
        for said, owner in found:
            text = " " + " ".join(re.findall(r"\w+", json.dumps(said["metadata"]).lower())) + " "
            if owner == request.user and f" {' '.join(words)} ".replace("  ", " ") in text:
                hits.append(said)
        return 200, {"hits": {"hits": hits, "total": len(hits)}}

    def create(self, request: Request) -> tuple[int, Json]:
        if request.user is None:
            raise RefusedError(403, "Permission denied.")
        parent = self.state.number()
        item = Item(self.state.number(), parent, request.user, 1, {}, later(), quota=self.state.quota)
        errors = saved(item, request.json, is_new=True)
        self.state.drafts[item.id] = item
        return 201, {**self.state.shown(item), "errors": errors or None}

    def draft(self, method: str, number: str, rest: list[str], request: Request) -> tuple[int, Any]:
        if rest[:1] == ["files"]:
            if number not in self.state.drafts:
                raise RefusedError(404, "Not found." if number in self.state.records else NO_PID)
            return self.files(method, self.state.draft(number, request.user), rest[1:], request)
        if (method, *rest) == ("POST", "actions", "publish") and number in self.state.records:
            raise RefusedError(404, "Not found.")
        item = self.state.draft(number, request.user)
        match method, *rest:
            case ["GET"]:
                return 200, {**self.state.shown(item), "errors": None}
            case ["PUT"]:
                check_revision(item, request)
                errors = saved(item, request.json)
                return 200, {**self.state.shown(item), "errors": errors or None}
            case ["DELETE"]:
                check_revision(item, request)
                del self.state.drafts[number]
                return 204, None
            case "POST", "pids", "doi":
                if item.doi:
                    why = {"field": "pids.doi", "messages": ["A PID already exists for type doi"]}
                    raise RefusedError(400, "A validation error occurred.", [why])
                item.doi = f"10.5072/zenodo.{number}"
                item.revision += 2
                return 201, {**self.state.shown(item), "errors": None}
            case "POST", "actions", "publish":
                return self.publish(item)
        raise AssertionError(f"the fake does not know {method} {request.parts}")

    def publish(self, item: Item) -> tuple[int, Json]:
        errors = missing(item.document["metadata"])
        if not item.files:
            errors.append({"field": "files.enabled", "messages": ["Missing uploaded files."]})
        elif not all(file.completed for file in item.files.values()):
            why = "One or more files have not completed their transfer, please wait."
            errors.append({"field": "files", "messages": [why]})
        if errors:
            raise RefusedError(400, "A validation error occurred.", errors)
        del self.state.drafts[item.id]
        item.doi = item.doi or f"10.5072/zenodo.{item.id}"
        item.published, item.revision = True, 4
        self.state.records[item.id] = item
        return 202, {**self.state.shown(item), "errors": []}

    def files(self, method: str, item: Item, rest: list[str], request: Request) -> tuple[int, Any]:
        match method, *rest:
            case ["GET"]:
                return 200, entries(item)
            case ["POST"]:
                names = [one["key"] for one in request.json]
                if taken := [name for name in names if name in item.files]:
                    raise RefusedError(400, f"File with key {taken[0]} already exists.")
                item.files |= {name: File() for name in names}
                return 201, entries(item)
        name = rest[0]
        if name not in item.files:
            raise RefusedError(404, f"Record '{item.id}' has no file '{name}'.")
        match method, *rest[1:]:
            case ["DELETE"]:
                del item.files[name]
                return 204, None
            case "PUT", "content":
                return 200, self.content(item, name, request)
            case "POST", "commit":
                if item.files[name].content is None:
                    raise RefusedError(500, INTERNAL)
                item.files[name].completed = True
                return 200, item.files[name].shown(name)
        raise AssertionError(f"the fake does not know {method} {request.parts}")

    def content(self, item: Item, name: str, request: Request) -> Json:
        if request.headers.get("content-type") != "application/octet-stream":
            raise RefusedError(
                415, "Invalid 'Content-Type' header. Expected one of: application/octet-stream"
            )
        if item.files[name].completed:
            file = item.files.pop(name)
            return {**file.shown(name), "errors": "File upload transfer failed."}
        if len(request.body) > item.quota:
            raise RefusedError(400, "Bucket quota exceeded.")
        item.files[name].content = request.body
        return item.files[name].shown(name)

    def new_version(self, number: str, request: Request) -> tuple[int, Json]:
        if number not in self.state.records:
            known = number in self.state.drafts
            raise RefusedError(404, "The persistent identifier is not registered." if known else NO_PID)
        last = owned(self.state.records[number], request.user)
        for item in self.state.drafts.values():
            if item.parent == last.parent and not item.published:
                return 201, {**self.state.shown(item), "errors": None}
        document = deepcopy(last.document)
        document["metadata"].pop("version", None)
        document["metadata"]["publication_date"] = datetime.now(UTC).date().isoformat()
        item = Item(
            self.state.number(),
            last.parent,
            last.owner,
            last.index + 1,
            document,
            later(),
            quota=self.state.quota,
        )
        self.state.drafts[item.id] = item
        return 201, {**self.state.shown(item), "errors": None}

    def record(self, number: str, rest: list[str], request: Request) -> tuple[int, Any]:
        if number not in self.state.records:
            known = number in self.state.drafts
            raise RefusedError(404, "The persistent identifier is not registered." if known else NO_PID)
        item = self.state.records[number]
        if rest and not {PLAIN, "*/*"} & {request.headers.get("accept", "*/*")}:
            raise RefusedError(406, "Invalid 'Accept' header. Expected one of: application/json")
        match rest:
            case []:
                return 200, self.state.shown(item)
            case ["files"]:
                return 200, entries(item)
            case ["files", name, "content"] if name in item.files:
                return 200, item.files[name].content
            case ["files", name, *_]:
                raise RefusedError(404, f"Record '{number}' has no file '{name}'.")
        raise AssertionError(f"the fake does not know GET {request.parts}")


def entries(item: Item) -> Json:
    shown = [file.shown(name) for name, file in item.files.items()]
    return {"enabled": True, "default_preview": None, "order": [], "entries": shown}


def old_json(said: Any) -> Any:
    """Write a record as Zenodo does for who does not ask for InvenioRDM's type: no errors, no pids."""
    if "hits" in said:
        hits = [old_json(one) for one in said["hits"]["hits"]]
        return {"hits": {**said["hits"], "hits": hits}}
    if "revision_id" not in said:
        return said
    title = said["metadata"].get("title")
    return {"id": int(said["id"]), "conceptrecid": said["parent"]["id"], "metadata": {"title": title}}


class ZenodoFake(ThreadingHTTPServer):
    """Listens on a free port of this machine while its `with` lasts; each request is kept in `requests`."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = State()
        self.routes = Routes(self.state)
        self.requests: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/api"
        self.alice, self.bob = self.user("alice"), self.user("bob")
        self._clients: set[Any] = set()
        self._errors: list[BaseException] = []

    def user(self, name: str) -> str:
        """Add a user, who has nothing yet, and give a token of theirs."""
        token = hashlib.sha256(f"{name} {len(self.state.users)}".encode()).hexdigest()[:40]
        self.state.users[token] = f"{name} {len(self.state.users)}"
        return token

    @contextmanager
    def limited(self, *, rate: str | None = None, quota: int | None = None) -> Iterator[None]:
        """Allow only so many requests ("5 per minute") or bytes in a new draft for a while."""
        before = self.state.quota
        if rate:
            number, _, period = rate.split()
            self.state.rate, self.state.said_rate = int(number), f"{number} per 1 {period}"
            self.state.period = {"minute": 60, "hour": 3600}[period]
        self.state.quota = before if quota is None else quota
        self.state.asked.clear()
        try:
            yield
        finally:
            self.state.rate, self.state.quota = None, before

    @contextmanager
    def search_lag(self) -> Iterator[None]:
        """Let searches answer for a while from what there was when it began."""
        with self.state.lock:
            self.state.index = self.state.uploads()
        try:
            yield
        finally:
            self.state.index = None

    def drafts(self) -> dict[str, Json]:
        """Return the open drafts of all users, each under its number."""
        with self.state.lock:
            return {number: self.state.shown(item) for number, item in self.state.drafts.items()}

    def records(self) -> dict[str, Json]:
        """Return the published records, each under its number."""
        with self.state.lock:
            return {number: self.state.shown(item) for number, item in self.state.records.items()}

    def files(self, number: str) -> dict[str, bytes]:
        """Return the contents of the files of a published record, or where there is none of a draft."""
        with self.state.lock:
            item = self.state.records.get(number) or self.state.drafts[number]
            return {name: file.content or b"" for name, file in item.files.items()}

    def __enter__(self) -> Self:
        self._serving = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._serving.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.shutdown()
        self._serving.join()
        for client in list(self._clients):
            with suppress(OSError):
                client.shutdown(0)
        self.server_close()
        if kind is None and self._errors:
            raise self._errors[0]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._clients.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._clients.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client may leave; what the fake itself gets wrong is kept by its handler

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        with self.state.lock:
            headers, is_refused = self._counted(request)
            try:
                status, said = self.routes.answer(request) if not is_refused else self._refuse()
            except RefusedError as refused:
                status, said = refused.status, refused.body
        if isinstance(said, bytes):
            return status, {**headers, "Content-Type": "application/octet-stream"}, said
        if said is None:
            return status, headers, b""
        if status < 400 and request.headers.get("accept", "*/*") != VENDOR:
            said = old_json(said)
        return status, {**headers, "Content-Type": PLAIN}, json.dumps(said).encode()

    def _refuse(self) -> tuple[int, None]:
        raise RefusedError(429, self.state.said_rate)

    def _counted(self, request: Request) -> tuple[dict[str, str], bool]:
        """Count a request of a client; the headers stand on every answer, also where nothing is refused."""
        name = request.headers.get("user-agent", "")
        self.state.asked[name] = self.state.asked.get(name, 0) + 1
        allowed = self.state.rate or 1_000_000
        left = max(0, allowed - self.state.asked[name])
        headers = {
            "X-RateLimit-Limit": str(allowed),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": str(int(time.time()) + self.state.period),
            "Retry-After": str(self.state.period),
        }
        return headers, self.state.asked[name] > allowed


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: ZenodoFake

    def log_message(self, *_: object) -> None:
        """Say nothing: what came is kept."""

    def meet(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        split = urlsplit(self.path)
        parts = [unquote(part) for part in split.path.removeprefix("/api/").split("/")]
        headers = {name.lower(): value for name, value in self.headers.items()}
        user = self.server.state.users.get(headers.get("authorization", "").removeprefix("Bearer "))
        request = Request(self.command, parts, parse_qs(split.query), headers, body, user)
        if len(body) < length:
            self.close_connection = True
            self.broken_off(request)
            return
        self.server.requests.append(f"{self.command} {split.path}")
        try:
            status, said, content = self.server.answer(request)
        except Exception as error:
            self.server._errors.append(error)
            raise
        self.send_response(status)
        for name, value in said.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def broken_off(self, request: Request) -> None:
        """Take the entry of a file away whose content did not arrive whole."""
        match request.parts:
            case "records", number, "draft", "files", name, "content":
                with self.server.state.lock:
                    if number in self.server.state.drafts:
                        self.server.state.drafts[number].files.pop(name, None)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = meet  # noqa: N815
