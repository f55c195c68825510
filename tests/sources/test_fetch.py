"""Fetching against a registry on the loopback interface, with everything a registry can do wrong."""

from __future__ import annotations

import datetime as dt
import re
import threading
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_server import CSL, RegistryServer, answer, csl
from reportgen import __version__
from reportgen.base.errors import BibliographyError, Level
from reportgen.base.exchange import Deadline
from reportgen.base.identifiers import Identifier, identify
from reportgen.sources import load_library
from reportgen.sources.fetch import ClientOptions, fetch, registry
from reportgen.sources.fetch.answers import read_atom_answer, read_csl_answer
from reportgen.sources.lock import read_lock

DAY = dt.date(2026, 11, 20)
SCIPY = identify("doi:10.1038/s41592-019-0686-2")
PAPER = identify("arxiv:2402.18571v3")
ATOM = "application/atom+xml; charset=utf-8"


def atom(*papers, head=""):
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{name}</id><title>{title}</title>"
        "<published>2024-02-28T18:00:00Z</published><updated>2024-03-06T00:00:00Z</updated>"
        '<author><name>Haoxiang Wang</name></author><author><name>M\\"uller</name></author>'
        '<arxiv:primary_category term="cs.LG"/><arxiv:journal_ref>ACL 2024</arxiv:journal_ref></entry>'
        for name, title in papers
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:arxiv="http://arxiv.org/schemas/atom">{entries}</feed>'
    ).encode()


@pytest.fixture
def server(registry_server):
    return registry_server


class Asked:
    """Runs fetch against the server; remembers the pauses."""

    def __init__(self, server, lock):
        self.server, self.lock, self.pauses = server, lock, []

    def __call__(self, *identifiers, answers, refresh=False, day=DAY, **options):
        self.server.answers[:] = answers
        base = {
            "doi_url": f"{self.server.base}/doi/",
            "arxiv_url": f"{self.server.base}/query",
            "timeout": 5,
            "pause": self.pauses.append,
            "jitter": lambda: 0.0,
        }
        return fetch(identifiers, self.lock, day, ClientOptions(**(base | options)), refresh=refresh)


@pytest.fixture
def ask(server, tmp_path):
    return Asked(server, tmp_path / "references.lock.json")


def codes(outcome):
    return [problem.code for problem in outcome.problems]


def test_a_doi_is_asked_for_politely_and_its_answer_kept(ask, server):
    outcome = ask(SCIPY, answers=[answer(csl())], mailto="me@x.org")
    assert (outcome.fetched, outcome.unresolved, outcome.problems) == ((SCIPY,), (), ())
    assert outcome.written
    (request,) = server.seen
    assert request.path == "/doi/10.1038/s41592-019-0686-2"
    assert (request.headers["Accept"], request.headers["Accept-Encoding"]) == (CSL, "identity")
    assert request.headers["User-Agent"] == f"reportgen/{__version__} (mailto:me@x.org)"
    locked = read_lock(ask.lock)["doi:10.1038/s41592-019-0686-2"]
    assert (locked.fetched, locked.origin) == (DAY, f"{server.base}/doi/10.1038/s41592-019-0686-2")
    assert "abstract" not in locked.item
    entry = load_library([], ask.lock).find(SCIPY)
    assert (entry.title, entry.dates["issued"].edtf) == ("SciPy 1.0", "2020-02-03")
    assert str(entry.names["author"][0]) == "Pauli Virtanen"
    assert ask.pauses == []
    outcome.raise_errors()


def test_awkward_dois_are_quoted(ask, server):
    awkward = Identifier("doi", "10.1002/(SICI)1097<1::AID-X>3.0.CO;2-#?")
    outcome = ask(awkward, answers=[answer(csl(DOI=awkward.value))])
    assert outcome.fetched == (awkward,)
    assert unquote(server.seen[0].path) == f"/doi/{awkward.value}"
    assert "?" not in server.seen[0].path.removeprefix("/doi/")


def test_papers_of_arxiv_are_asked_for_together(ask, server):
    other = identify("arxiv:2304.05302")
    feed = atom(
        ("2304.05302v3", "&lt;b&gt;RRHF&lt;/b&gt; &amp;amp; so"),
        ("2402.18571v3", 'Arithmetic\n  Control of $O(n)$ na\\"ive'),
    )
    outcome = ask(PAPER, other, answers=[answer(feed, ATOM)])
    assert outcome.fetched == (PAPER, other)
    (request,) = server.seen
    assert parse_qs(urlsplit(request.path).query) == {
        "id_list": ["2402.18571v3,2304.05302"],
        "max_results": ["2"],
    }
    library = load_library([], ask.lock)
    entry = library.find(PAPER)
    assert (entry.title, entry.dates["issued"].edtf, entry.text("archive_collection")) == (
        "Arithmetic Control of $O(n)$ naïve",
        "2024-02-28",
        "cs.LG",
    )
    assert [str(name) for name in entry.names["author"]] == ["Haoxiang Wang", "Müller"]
    assert (entry.identifier("arxiv"), entry.text("note")) == (PAPER, "ACL 2024")
    assert library.find(other).title == "<b>RRHF</b> &amp; so"
    assert library.find(identify("arxiv:2402.18571v2")) is None


def test_many_papers_are_asked_for_in_batches_with_a_pause_between(ask, server):
    papers = [identify(f"arxiv:2402.{number:05}") for number in range(1, 31)]
    feed = answer(atom(*((f"{paper.value}v1", "T") for paper in papers)), ATOM)
    outcome = ask(*papers, answers=[feed])
    assert outcome.fetched == tuple(papers)
    assert len(server.seen) == 2
    assert ask.pauses == [3]


def test_one_bad_paper_does_not_spoil_the_others(ask, server):
    bad = identify("arxiv:2499.99999")
    outcome = ask(
        PAPER,
        bad,
        answers=[answer(status=400), answer(atom(("2402.18571v3", "T")), ATOM), answer(atom(), ATOM)],
    )
    assert outcome.fetched == (PAPER,)
    assert outcome.unresolved == (bad,)
    assert codes(outcome) == ["source-not-found"]
    assert ask.pauses == [3, 3]


def test_another_version_is_no_answer(ask):
    outcome = ask(
        PAPER, answers=[answer(atom(("2402.18571v2", "T"), ("errors", "Error"), ("2402.18571v3", "")), ATOM)]
    )
    assert codes(outcome) == ["source-not-found"]
    assert not ask.lock.exists()


def test_what_is_locked_is_not_asked_for_again(ask, server):
    ask(SCIPY, answers=[answer(csl())])
    before = ask.lock.read_bytes()
    outcome = ask(SCIPY, answers=[answer(status=500)])
    assert (outcome.cached, outcome.fetched, outcome.problems) == ((SCIPY,), (), ())
    assert len(server.seen) == 1
    assert ask.lock.read_bytes() == before


def test_refreshing_asks_again_and_keeps_the_old_answer_when_it_fails(ask):
    ask(SCIPY, answers=[answer(csl())])
    outcome = ask(SCIPY, answers=[answer(csl(title="New"))], refresh=True, day=dt.date(2027, 1, 1))
    assert outcome.fetched == (SCIPY,)
    assert load_library([], ask.lock).find(SCIPY).title == "New"
    outcome = ask(SCIPY, answers=[answer(status=404)], refresh=True)
    assert (codes(outcome), outcome.unresolved) == (["source-not-found"], ())
    assert load_library([], ask.lock).find(SCIPY).title == "New"


def test_the_lock_file_is_the_same_whatever_the_order(ask, tmp_path):
    other = identify("doi:10.1000/other")
    ask(SCIPY, other, answers=[answer(csl()), answer(csl(DOI=other.value))])
    first = ask.lock.read_bytes()
    ask.lock.unlink()
    ask(other, SCIPY, answers=[answer(csl(DOI=other.value)), answer(csl())])
    assert ask.lock.read_bytes() == first


def test_other_identifiers_are_not_asked_for_and_it_is_said(ask, server):
    others = [identify(text) for text in ("pmid:1", "isbn:9780201134476", "https://x.org", "key")]
    outcome = ask(*others, answers=[answer(status=500)])
    assert server.seen == []
    (problem,) = outcome.problems
    assert (problem.code, problem.level) == ("not-fetchable", Level.WARNING)
    assert "PMID 1" in problem.message
    assert outcome.unresolved == outcome.not_asked == tuple(others)
    assert not outcome.written
    outcome.raise_errors()


@pytest.mark.parametrize(
    ("failing", "code", "says"),
    [
        (answer(status=404), "source-not-found", "knows no such work"),
        (answer(status=410), "source-not-found", "knows no such work"),
        (answer(status=403), "fetch-refused", "answers 403"),
        (answer(status=204), "fetch-refused", "answers 204"),
        (answer(b"<html>", "text/html; charset=utf-8"), "fetch-failed", "text/html"),
        (answer(b"{}", ""), "fetch-failed", "no media type"),
        (answer(b"{"), "fetch-failed", "not JSON"),
        (answer(b"\xff"), "fetch-failed", "not JSON"),
        (answer(b"[" * 100_000), "fetch-failed", "not JSON"),
        (answer(csl(volume=float("nan"))), "fetch-failed", "not JSON compliant"),
        (answer(b"[]"), "fetch-failed", "not a CSL-JSON item"),
        (answer(b"{}"), "fetch-failed", "about the DOI None"),
        (answer(csl(DOI="10.1000/another")), "fetch-failed", "about the DOI '10.1000/another'"),
        (answer(csl(title={})), "fetch-failed", "title"),
        (answer(csl(title="")), "fetch-failed", "no title"),
        (answer(csl(title="\ud800")), "fetch-failed", "surrogate"),
        (answer(b" " * 5000), "fetch-failed", "longer than 4000 bytes"),
        (answer(status=302, Location="/doi/again"), "fetch-failed", "redirects"),
        (answer(status=302, Location="ftp://x.org/"), "fetch-failed", "ftp"),
    ],
)
def test_a_bad_answer_is_a_problem_that_names_the_doi_and_is_not_kept(ask, failing, code, says):
    outcome = ask(SCIPY, answers=[failing], most_bytes=4000 if "longer" in says else 4_000_000, attempts=1)
    (problem,) = outcome.problems
    assert (problem.code, problem.level) == (code, Level.ERROR)
    assert str(SCIPY) in problem.message
    assert says in problem.message
    assert problem.hint
    assert (outcome.unresolved, outcome.not_asked, outcome.written) == ((SCIPY,), (), False)
    assert not ask.lock.exists()
    with pytest.raises(BibliographyError) as raised:
        outcome.raise_errors()
    assert raised.value.exit_code == 4


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<feed", "not a feed"),
        (b"<feed/>", "not a feed"),
        (b"\xff", "not a feed"),
        (atom(head='<!DOCTYPE x [<!ENTITY a "aaaa">]>'), "declares entities"),
        (atom(("2402.18571v3", "T")).decode().encode("utf-16"), "not a feed"),
        (atom(("2402.18571v3", "&#xD800;")), "not a feed"),
    ],
)
def test_a_bad_feed_is_a_problem(ask, body, says):
    (problem,) = ask(PAPER, answers=[answer(body, ATOM)]).problems
    assert problem.code == "fetch-failed"
    assert says in problem.message


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_registry_is_asked_again_after_growing_pauses(ask, status):
    outcome = ask(SCIPY, answers=[answer(status=status), answer(status=status), answer(csl())])
    assert outcome.fetched == (SCIPY,)
    assert ask.pauses == [1, 2]


def test_pauses_have_jitter(ask):
    ask(SCIPY, answers=[answer(status=503), answer(csl())], jitter=lambda: 0.5)
    assert ask.pauses == [1.5]


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry_After": "7"}, 7),
        ({"Retry_After": "Fri, 20 Nov 2026 12:00:09 GMT"}, 9),
        ({"Retry_After": "soon"}, 1),
        ({"Retry_After": "0"}, 1),
    ],
)
def test_the_registry_says_how_long_to_wait(ask, headers, pause):
    outcome = ask(SCIPY, answers=[answer(status=429, **headers), answer(csl())])
    assert outcome.fetched == (SCIPY,)
    assert ask.pauses == [pause]


def test_a_registry_that_wants_a_long_wait_is_given_up(ask, server):
    outcome = ask(SCIPY, answers=[answer(status=429, Retry_After="3600")])
    assert len(server.seen) == 1
    assert ask.pauses == []
    assert "asks to wait 3600 s" in outcome.problems[0].message


def test_attempts_are_bounded(ask, server):
    outcome = ask(SCIPY, answers=[answer(status=500)], attempts=3)
    assert len(server.seen) == 3
    assert codes(outcome) == ["fetch-failed"]


def test_attempts_to_arxiv_are_bounded_for_the_whole_list(ask, server):
    outcome = ask(PAPER, identify("arxiv:2304.05302"), answers=[answer(status=500)], attempts=2)
    assert len(server.seen) == 2
    assert codes(outcome) == ["fetch-failed"]
    assert "arXiv:2402.18571v3, arXiv:2304.05302: " in outcome.problems[0].message


def test_attempts_to_arxiv_keep_its_interval(ask):
    ask(PAPER, answers=[answer(status=503), answer(atom(("2402.18571v3", "T")), ATOM)])
    assert ask.pauses == [3]


def test_a_truncated_answer_is_asked_for_again(ask, server):
    outcome = ask(SCIPY, answers=[answer(csl()[:20], Content_Length="5000"), answer(csl())])
    assert outcome.fetched == (SCIPY,)
    assert len(server.seen) == 2


def test_a_registry_that_does_not_answer_is_given_up(ask):
    released = threading.Event()
    outcome = ask(SCIPY, answers=[lambda _: released.wait(10)], timeout=0.05, attempts=2)
    released.set()
    assert codes(outcome) == ["fetch-failed"]
    assert re.search("timed out|does not end", outcome.problems[0].message)


def test_an_answer_that_does_not_end_is_given_up(ask, monkeypatch):
    clock = iter(range(0, 10_000, 60))
    monkeypatch.setattr(registry, "Deadline", lambda: Deadline(lambda: next(clock)))
    outcome = ask(SCIPY, answers=[answer(csl())], attempts=2)
    assert "does not end" in outcome.problems[0].message


def test_offline_is_said_plainly_once_for_all_and_the_rest_is_not_tried(ask, server):
    other = identify("doi:10.1000/other")
    outcome = ask(
        SCIPY, PAPER, other, answers=[answer(atom(("2402.18571v3", "T")), ATOM)], doi_url=_refused()
    )
    assert outcome.fetched == (PAPER,)
    assert outcome.unresolved == (SCIPY, other)
    (problem,) = outcome.problems
    assert problem.code == "offline"
    assert problem.message.startswith(f"{SCIPY}, {other}: 127.0.0.1:")
    assert "cannot be reached" in problem.message
    assert ask.pauses == [1]
    assert load_library([], ask.lock).find(PAPER).title == "T"
    with pytest.raises(BibliographyError):
        outcome.raise_errors()


def _refused():
    with RegistryServer() as free:
        port = free.server_port
    return f"http://127.0.0.1:{port}/"


def test_a_registry_that_leads_nowhere_is_not_offline(ask, server):
    away = _refused().replace("127.0.0.1", "localhost")
    other = identify("doi:10.1000/other")
    redirect = answer(status=302, Location=away)
    outcome = ask(SCIPY, other, answers=[redirect, answer(csl(DOI=other.value))], attempts=1)
    assert outcome.fetched == (other,)
    assert codes(outcome) == ["fetch-failed"]


def test_redirects_are_followed_but_never_away_from_https(ask, server):
    outcome = ask(SCIPY, answers=[answer(status=302, Location="/elsewhere"), answer(csl())])
    assert outcome.fetched == (SCIPY,)
    assert server.seen[1].headers["Accept"] == CSL
    with registry.Registry("https://doi.org/", ClientOptions()) as secure:
        with pytest.raises(registry.NoAnswerError, match=r"insecure address http://x\.org/y"):
            secure._check_scheme(httpx.Request("GET", "http://x.org/y"))
        secure._check_scheme(httpx.Request("GET", "https://x.org/y"))


def test_answers_are_kept_when_the_run_is_interrupted(ask):
    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(SCIPY, PAPER, answers=[answer(csl()), answer(status=500)], pause=interrupt)
    assert load_library([], ask.lock).find(SCIPY).title == "SciPy 1.0"


def test_a_damaged_lock_file_is_refused_before_anything_is_asked(ask, server):
    ask.lock.write_text("{", encoding="utf-8")
    with pytest.raises(BibliographyError):
        ask(SCIPY, answers=[answer(csl())])
    assert server.seen == []


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_body_is_an_item_or_a_value_error(body):
    for read in (lambda: read_csl_answer(body, SCIPY), lambda: read_atom_answer(body, [PAPER])):
        with pytest.raises(ValueError, match="the answer"):
            read()
