"""The real InvenioRDM of the tests: the life of a deposit, the traps a client has to know, and a proxy that fails."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from faulty_proxy import (
    FaultyProxy,
    Hold,
    lose_answer,
    refuse,
    reset_before_answer,
    reset_in_answer,
    reset_in_request,
)
from invenio_server import check_installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from invenio_server import Invenio

pytestmark = pytest.mark.zenodo_real

VENDOR = "application/vnd.inveniordm.v1+json"
PLAIN_JSON = {"Accept": "application/json"}  # what the files of a published record ask for
OCTETS = {"Content-Type": "application/octet-stream"}
NUMBER = count(1)
PDF = b"%PDF-1.7 a report" * 5000
DOCUMENT: dict[str, Any] = {
    "access": {"record": "public", "files": "public"},
    "files": {"enabled": True},
    "metadata": {
        "resource_type": {"id": "publication-report"},
        "title": "A report on fusion",
        "publication_date": "2026-11-20",
        "publisher": "Zenodo",
        "version": "1.0.0",
        "description": "<p>Of <b>three</b> claims.</p>",
        "creators": [
            {
                "person_or_org": {
                    "type": "personal",
                    "family_name": "Doe",
                    "given_name": "Jane",
                    "identifiers": [{"scheme": "orcid", "identifier": "0000-0002-1825-0097"}],
                },
                "affiliations": [{"name": "An Institute"}],
            }
        ],
        "contributors": [
            {
                "person_or_org": {"type": "organizational", "name": "An Institute"},
                "role": {"id": "hostinginstitution"},
            }
        ],
        "additional_titles": [{"title": "Three claims", "type": {"id": "subtitle"}}],
        "additional_descriptions": [{"description": "Corrected twice.", "type": {"id": "notes"}}],
        "dates": [{"date": "2026-11-20", "type": {"id": "updated"}}],
        "subjects": [{"subject": "fusion"}],
        "rights": [{"id": "cc-by-4.0"}, {"id": "cc0-1.0"}, {"id": "mit"}],
        "languages": [{"id": "eng"}, {"id": "deu"}, {"id": "fra"}],
        "related_identifiers": [
            {
                "identifier": "10.1088/0029-5515/47/6/S01",
                "scheme": "doi",
                "relation_type": {"id": "cites"},
                "resource_type": {"id": "publication-article"},
            }
        ],
    },
}


def client(url: str, token: str | None, **headers: str) -> httpx.Client:
    said = {"Accept": VENDOR, **headers, **({"Authorization": f"Bearer {token}"} if token else {})}
    return httpx.Client(base_url=url, headers=said, timeout=None)


def changed(**metadata: Any) -> dict[str, Any]:
    return {**DOCUMENT, "metadata": {**DOCUMENT["metadata"], **metadata}}


@pytest.fixture
def alice(invenio: Invenio) -> Iterator[httpx.Client]:
    """Yield a client whose user has nothing yet."""
    with client(invenio.url, invenio.user(f"alice-{next(NUMBER)}")) as one:
        yield one


@pytest.fixture
def behind(invenio: Invenio) -> Iterator[tuple[FaultyProxy, httpx.Client]]:
    """Yield a proxy before the server, and a client of a new user that goes through it."""
    token = invenio.user(f"behind-{next(NUMBER)}")
    with FaultyProxy(invenio.url) as proxy, client(proxy.url, token) as one:
        yield proxy, one


def begin(one: httpx.Client, document: dict[str, Any] = DOCUMENT) -> str:
    made = one.post("/records", json=document)
    assert (made.status_code, made.json().get("errors")) == (201, None), made.text
    return f"/records/{made.json()['id']}"


def start(one: httpx.Client, draft: str, *keys: str) -> httpx.Response:
    return one.post(f"{draft}/files", json=[{"key": key} for key in keys])


def upload(one: httpx.Client, draft: str, content: bytes = PDF) -> dict[str, Any]:
    assert start(one, draft, "report.pdf").status_code == 201
    assert one.put(f"{draft}/files/report.pdf/content", content=content, headers=OCTETS).status_code == 200
    return one.post(f"{draft}/files/report.pdf/commit").raise_for_status().json()


def publish(one: httpx.Client, record: str) -> dict[str, Any]:
    return one.post(f"{record}/draft/actions/publish").raise_for_status().json()


def test_a_deposit_from_the_draft_to_the_second_version(invenio: Invenio, alice: httpx.Client) -> None:
    record = begin(alice)
    number = record.removeprefix("/records/")
    draft = f"{record}/draft"
    reserved = alice.post(f"{draft}/pids/doi")
    assert reserved.status_code == 201
    assert reserved.json()["pids"]["doi"]["identifier"] == f"10.5072/zenodo.{number}"
    stored = upload(alice, draft)
    assert (stored["status"], stored["size"]) == ("completed", len(PDF))
    assert stored["checksum"] == f"md5:{hashlib.md5(PDF).hexdigest()}"
    assert invenio.files(number) == {"report.pdf": PDF}
    assert number in invenio.drafts()
    assert publish(alice, record)["is_published"] is True
    assert invenio.records()[number]["metadata"]["title"] == "A report on fusion"
    assert number not in invenio.drafts()
    assert invenio.files(number) == {"report.pdf": PDF}

    with client(invenio.url, None) as anyone:
        read = anyone.get(record).json()
        assert read["pids"]["doi"]["identifier"] == f"10.5072/zenodo.{number}"
        file = anyone.get(f"{record}/files/report.pdf/content", headers=PLAIN_JSON)
        assert (file.content, file.headers["Content-MD5"]) == (PDF, stored["checksum"].removeprefix("md5:"))

    second = alice.post(f"{record}/versions")
    assert second.status_code == 201
    assert alice.post(f"{record}/versions").json()["id"] == second.json()["id"]
    assert (second.json()["pids"], second.json()["versions"]["index"]) == ({}, 2)
    assert "version" not in second.json()["metadata"]
    later = f"/records/{second.json()['id']}"
    alice.post(f"{later}/draft/pids/doi").raise_for_status()
    upload(alice, f"{later}/draft", PDF + b"corrected")
    assert alice.put(f"{later}/draft", json=changed(version="2.0.0")).json().get("errors") is None
    assert publish(alice, later)["parent"]["id"] == read["parent"]["id"]
    latest = alice.get(f"{record}/versions/latest", follow_redirects=True)
    assert latest.json()["id"] == second.json()["id"]
    assert {hit["id"] for hit in alice.get("/user/records").json()["hits"]["hits"]} == {second.json()["id"]}


def test_a_discarded_draft_is_gone_and_an_edit_keeps_the_record(
    invenio: Invenio, alice: httpx.Client
) -> None:
    gone = begin(alice)
    assert alice.delete(f"{gone}/draft").status_code == 204
    assert alice.get(f"{gone}/draft").status_code == 404
    assert gone.removeprefix("/records/") not in invenio.drafts()
    record = begin(alice)
    upload(alice, f"{record}/draft")
    publish(alice, record)
    assert alice.post(f"{record}/draft").status_code == 201
    assert start(alice, f"{record}/draft", "late.txt").status_code == 201
    late = alice.put(f"{record}/draft/files/late.txt/content", content=b"late", headers=OCTETS)
    assert (late.status_code, late.json()["message"]) == (403, "Bucket is locked for modifications.")
    assert alice.delete(f"{record}/draft").status_code == 204
    assert alice.get(record).json()["metadata"]["title"] == "A report on fusion"


def test_a_doi_is_reserved_once_and_lost_by_an_empty_pids(alice: httpx.Client) -> None:
    draft = begin(alice) + "/draft"
    doi = alice.post(f"{draft}/pids/doi").json()["pids"]
    again = alice.post(f"{draft}/pids/doi")
    assert again.status_code == 400
    assert again.json()["errors"] == [
        {"field": "pids.doi", "messages": ["A PID already exists for type doi"]}
    ]
    assert alice.put(f"{draft}", json=DOCUMENT).json()["pids"] == doi
    assert alice.put(f"{draft}", json={**DOCUMENT, "pids": {}}).json()["pids"] == {}
    assert alice.post(f"{draft}/pids/doi").json()["pids"] == doi


def test_a_stale_revision_is_refused(alice: httpx.Client) -> None:
    draft = begin(alice) + "/draft"
    tag = alice.get(draft).headers["ETag"].strip('"')
    assert alice.put(draft, json=DOCUMENT, headers={"If-Match": f'"{tag}"'}).status_code == 400
    assert alice.put(draft, json=DOCUMENT, headers={"If-Match": tag}).status_code == 200
    assert alice.put(draft, json=DOCUMENT, headers={"If-Match": tag}).status_code == 412
    assert alice.delete(draft, headers={"If-Match": tag}).status_code == 412


def test_who_may_not_is_refused_alike(invenio: Invenio, alice: httpx.Client) -> None:
    draft = begin(alice) + "/draft"
    for token in ("not-a-token", None, invenio.bob):
        with client(invenio.url, token) as stranger:
            refused = stranger.get(draft)
        assert (refused.status_code, refused.json()["message"]) == (403, "Permission denied.")


def test_files_are_committed_twice_but_not_sent_twice(alice: httpx.Client) -> None:
    draft = begin(alice) + "/draft"
    upload(alice, draft)
    assert start(alice, draft, "report.pdf").status_code == 400
    assert alice.post(f"{draft}/files/report.pdf/commit").status_code == 200
    again = alice.put(f"{draft}/files/report.pdf/content", content=PDF, headers=OCTETS)
    assert (again.status_code, again.json()["errors"]) == (200, "File upload transfer failed.")
    assert alice.get(f"{draft}/files").json()["entries"] == []
    assert start(alice, draft, "empty").status_code == 201
    assert alice.post(f"{draft}/files/empty/commit").status_code == 500


def test_publishing_needs_a_whole_draft_and_happens_once(alice: httpx.Client) -> None:
    record = begin(alice)
    publishing = f"{record}/draft/actions/publish"
    refused = alice.post(publishing)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "files.enabled")
    start(alice, f"{record}/draft", "pending.txt")
    assert alice.post(publishing).json()["errors"][0]["field"] == "files"
    alice.delete(f"{record}/draft/files/pending.txt").raise_for_status()
    upload(alice, f"{record}/draft")
    assert alice.get(record).status_code == 404
    assert alice.post(publishing).status_code == 202
    again = alice.post(publishing)
    assert (again.status_code, again.json()["message"]) == (404, "Not found.")
    assert alice.get(record).status_code == 200


@pytest.mark.parametrize(
    "metadata",
    [
        {"rights": [{"id": "no-such-licence"}]},
        {"languages": [{"id": "english"}]},
        {"resource_type": {"id": "report"}},
    ],
)
def test_an_unknown_word_of_a_vocabulary_refuses_the_whole_draft(
    alice: httpx.Client, metadata: dict[str, Any]
) -> None:
    refused = alice.post("/records", json=changed(**metadata))
    assert refused.status_code == 400
    assert refused.json()["message"].startswith("Invalid value ")
    assert alice.get("/user/records").json()["hits"]["total"] == 0


def test_other_mistakes_are_saved_without_and_told_in_the_answer(alice: httpx.Client) -> None:
    bad = {
        "person_or_org": {
            "type": "personal",
            "family_name": "D",
            "identifiers": [{"scheme": "orcid", "identifier": "0000"}],
        }
    }
    made = alice.post("/records", json=changed(creators=[bad], nonsense=1))
    assert made.status_code == 201
    fields = {error["field"] for error in made.json()["errors"]}
    assert fields == {"metadata.nonsense", "metadata.creators.0.person_or_org.identifiers.0.identifier"}
    kept = alice.put(f"/records/{made.json()['id']}/draft", json=changed(title="ab"))
    assert kept.status_code == 200
    assert "metadata.title" in {error["field"] for error in kept.json()["errors"]}


def test_who_forgets_the_accept_header_is_found_out(alice: httpx.Client) -> None:
    for accept in ("application/json", "*/*"):
        made = alice.post("/records", json=changed(title="ab"), headers={"Accept": accept}).json()
        assert isinstance(made["id"], int)
        assert made.keys().isdisjoint({"errors", "pids", "versions", "parent"})
        assert isinstance(
            alice.get("/user/records", headers={"Accept": accept}).json()["hits"]["hits"][0]["id"], int
        )
    record = begin(alice)
    upload(alice, f"{record}/draft")
    publish(alice, record)
    for files in (f"{record}/files", f"{record}/files/report.pdf/content"):
        assert alice.get(files).status_code == 406
        assert alice.get(files, headers=PLAIN_JSON).status_code == 200


def test_the_rate_is_limited_as_told(invenio: Invenio) -> None:
    limit = {"User-Agent": "impatient"}
    with client(invenio.url, invenio.alice, **limit) as impatient, invenio.limited(rate="2 per hour"):
        codes = [impatient.get("/user/records").status_code for _ in range(3)]
        refused = impatient.get("/user/records")
        assert codes == [200, 200, 429]
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        assert refused.json()["message"] == "2 per 1 hour"
    with client(invenio.url, invenio.alice, **limit) as impatient:
        assert impatient.get("/user/records").status_code == 200


def test_a_file_over_the_quota_stays_pending(invenio: Invenio, alice: httpx.Client) -> None:
    with invenio.limited(quota=10):
        draft = begin(alice) + "/draft"
    start(alice, draft, "report.pdf")
    refused = alice.put(f"{draft}/files/report.pdf/content", content=PDF, headers=OCTETS)
    assert (refused.status_code, refused.json()["message"]) == (400, "Bucket quota exceeded.")
    assert alice.get(f"{draft}/files/report.pdf").json()["status"] == "pending"


def test_a_search_finds_by_words_and_only_later_when_it_lags(invenio: Invenio, alice: httpx.Client) -> None:
    def found(query: str) -> list[str]:
        answer = alice.get("/user/records", params={"q": query})
        return [f"/records/{hit['id']}" for hit in answer.raise_for_status().json()["hits"]["hits"]]

    first = begin(alice, changed(title="On tokamaks"))
    with invenio.search_lag():
        second = begin(alice, changed(title="On stellarators"))
        assert found("") == [first]
    assert set(found("")) == {first, second}
    assert found("stellarators") == found('metadata.title:"On stellarators"') == [second]
    assert found('metadata.title:"On stellarators" AND id:0') == []


def test_those_who_write_at_once_wait_for_each_other(invenio: Invenio, alice: httpx.Client) -> None:
    def reserve(_: int) -> int:
        return alice.post(begin(alice) + "/draft/pids/doi").status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(reserve, range(8))) == [201] * 8


def test_a_missing_server_is_told_and_fails_in_continuous_integration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"\./run setup"):
        check_installed(tmp_path / "python")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"\./run setup"):
        check_installed(tmp_path / "python")


def test_nothing_else_keeps_the_server_alive(invenio: Invenio) -> None:
    """Only this process can write to the server's standard input, so it ends with this process, however that ends."""
    pipe = str(Path(f"/proc/{invenio.process.pid}/fd/0").readlink())
    assert pipe.startswith("pipe:")
    writers = set()
    for process in Path("/proc").glob("[0-9]*"):
        for open_file in _listed(process / "fd"):
            link = _link(open_file)
            flags = (
                link == pipe
                and (process / "fdinfo" / open_file.name).read_text().split("flags:")[1].split()[0]
            )
            if flags and int(flags, 8) & os.O_ACCMODE == os.O_WRONLY:
                writers.add(int(process.name))
    assert writers == {os.getpid()}


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []  # it has ended, or is somebody else's


def _link(file: Path) -> str:
    try:
        return str(file.readlink())
    except OSError:
        return ""


def test_the_proxy_hands_on_what_it_gets_and_keeps_it(invenio: Invenio, behind: Any) -> None:
    proxy, one = behind
    record = begin(one)
    upload(one, f"{record}/draft")
    links = one.get(f"{record}/draft").json()["links"]
    assert links["self"] == f"{proxy.url}{record}/draft"
    publish(one, record)
    assert one.get(f"{record}/files/report.pdf/content", headers=PLAIN_JSON).content == PDF
    assert one.head(record).status_code == 200
    assert one.get(f"{record}/versions/latest").headers["Location"].startswith(proxy.url)
    sent = next(request for request in proxy.requests if request.path.endswith("/content"))
    assert (sent.method, sent.body, sent.header("content-type")) == ("PUT", PDF, "application/octet-stream")
    assert ("Content-Length", str(len(PDF))) in sent.headers
    second = begin(one)
    chunks = [PDF, b"more"]
    start(one, f"{second}/draft", "a.bin")
    one.put(f"{second}/draft/files/a.bin/content", content=iter(chunks), headers=OCTETS).raise_for_status()
    one.post(f"{second}/draft/files/a.bin/commit").raise_for_status()
    assert invenio.files(second.removeprefix("/records/")) == {"a.bin": b"".join(chunks)}


@pytest.mark.parametrize(
    ("status", "retry_after"), [(429, "7"), (429, None), (500, None), (502, None), (503, "1"), (504, None)]
)
def test_the_proxy_refuses_the_requests_it_is_told_to(
    behind: Any, status: int, retry_after: str | None
) -> None:
    proxy, one = behind
    proxy.fault("GET", "/user/records", refuse(status, retry_after), nth=2, times=2)
    assert one.get("/vocabularies/licenses/mit").status_code == 200
    answers = [one.get("/user/records") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, status, status, 200]
    assert answers[1].headers.get("Retry-After") == retry_after
    assert answers[1].text.startswith("<html>")


def test_a_refused_request_has_not_happened_and_one_with_a_lost_answer_has(behind: Any) -> None:
    proxy, one = behind
    proxy.fault("POST", r"/records$", refuse(504))
    assert one.post("/records", json=DOCUMENT).status_code == 504
    assert one.get("/user/records").json()["hits"]["total"] == 0
    record = begin(one)
    upload(one, f"{record}/draft")
    proxy.fault("POST", r"/actions/publish$", lose_answer(504))
    assert one.post(f"{record}/draft/actions/publish").status_code == 504
    assert one.get(record).json()["is_published"] is True


@pytest.mark.parametrize("fault", [reset_before_answer, reset_in_answer])
def test_a_request_whose_connection_breaks_at_the_answer_has_happened(
    behind: Any, fault: Callable[..., None]
) -> None:
    proxy, one = behind
    proxy.fault("POST", r"/records$", fault)
    with pytest.raises(httpx.NetworkError):
        one.post("/records", json=DOCUMENT)
    assert one.get("/user/records").json()["hits"]["total"] == 1


def test_an_upload_broken_off_in_the_middle_leaves_no_file(behind: Any) -> None:
    proxy, one = behind
    draft = begin(one) + "/draft"
    start(one, draft, "report.pdf")
    proxy.fault("PUT", r"/content$", reset_in_request)
    with pytest.raises(httpx.NetworkError):
        one.put(f"{draft}/files/report.pdf/content", content=PDF, headers=OCTETS)
    assert len(proxy.requests[-1].body) == len(PDF) // 2
    assert one.get(f"{draft}/files").json()["entries"] == []
    assert upload(one, draft)["status"] == "completed"


@pytest.mark.parametrize("forwarded", [True, False], ids=["it happened", "it had not happened yet"])
def test_a_client_that_does_not_wait_for_a_held_answer(
    invenio: Invenio, behind: Any, *, forwarded: bool
) -> None:
    proxy, one = behind
    held = Hold(forward_first=forwarded)
    proxy.fault("POST", r"/records$", held)
    with pytest.raises(httpx.ReadTimeout):
        one.post("/records", json=DOCUMENT, timeout=httpx.Timeout(None, read=0.05))
    held.reached.wait()
    assert one.get("/user/records").json()["hits"]["total"] == int(forwarded)
    held.released.set()


def test_a_fault_that_nobody_met_is_an_error(invenio: Invenio) -> None:
    proxy = FaultyProxy(invenio.url)
    proxy.fault("POST", "/never", refuse(500))
    with pytest.raises(AssertionError, match=r"no request met the fault of .*POST /never"), proxy:
        httpx.get(f"{proxy.url}/records").raise_for_status()
