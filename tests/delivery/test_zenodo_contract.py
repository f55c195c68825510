"""One contract for the client, kept by a real InvenioRDM and by the fake that the other tests use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from deposit_example import METADATA, NUMBER, PDF, Pauses, remote
from reportgen.base.errors import RepositoryError
from reportgen.delivery.zenodo.access import Access, Token
from reportgen.delivery.zenodo.repository import Repository
from reportgen.delivery.zenodo.retries import LONGEST_PAUSE
from zenodo_fake import ZenodoFake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STRANGE = "a b#c?d%41 é\N{GREEK SMALL LETTER ALPHA}.pdf"


def error_of(call: Callable[[], object]) -> RepositoryError:
    with pytest.raises(RepositoryError) as caught:
        call()
    return caught.value


def codes(call: Callable[[], object]) -> list[str]:
    return [problem.code for problem in error_of(call).problems]


@pytest.fixture(scope="module")
def fake() -> Iterator[ZenodoFake]:
    with ZenodoFake() as server:
        yield server


@pytest.fixture(params=["fake", pytest.param("invenio", marks=pytest.mark.zenodo_real)])
def server(request: pytest.FixtureRequest) -> Any:
    """Return the fake and the real InvenioRDM in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def alice(server: Any) -> Iterator[Repository]:
    """Yield the client of a user who has nothing yet."""
    with Repository(access(server, server.user(f"contract-{next(NUMBER)}")), Pauses().clock) as repository:
        yield repository


def access(server: Any, token: str) -> Access:
    return Access(server.url, Token(token), f"reportgen-tests-{next(NUMBER)}")


def marked(marker: str, **metadata: Any) -> dict[str, Any]:
    return {**METADATA, "identifiers": [{"identifier": marker, "scheme": "urn"}], **metadata}


def published(repository: Repository, metadata: dict[str, Any] = METADATA) -> str:
    number = repository.create(metadata).id
    repository.upload(number, "report.pdf", PDF)
    return repository.publish(number).id


def test_a_deposit_from_the_draft_to_the_second_version(server, alice):
    draft = alice.create(METADATA)
    assert (draft.doi, draft.published, draft.problems) == ("", False, ())
    assert draft.metadata["title"] == "A report on fusion"
    doi = alice.reserve(draft.id)
    assert doi == f"10.5072/zenodo.{draft.id}"
    assert alice.upload(draft.id, "report.pdf", PDF) == remote(PDF)
    assert alice.files(draft.id) == {"report.pdf": remote(PDF)}
    saved = alice.save(draft.id, METADATA, revision=alice.draft(draft.id).revision)
    assert (saved.doi, saved.parent) == (doi, draft.parent)
    assert alice.published(draft.id) is None
    record = alice.publish(draft.id)
    assert (record.id, record.doi, record.version, record.parent) == (draft.id, doi, "1.0.0", draft.parent)
    assert record == alice.published(draft.id)
    assert alice.draft(draft.id) is None
    assert alice.published_files(draft.id) == {"report.pdf": remote(PDF)}
    assert server.files(draft.id) == {"report.pdf": PDF}

    later = alice.new_version(draft.id)
    assert later.id != draft.id
    assert (later.parent, later.doi, later.published) == (draft.parent, "", False)
    assert alice.new_version(draft.id).id == later.id
    assert alice.files(later.id) == {}
    alice.reserve(later.id)
    alice.upload(later.id, "report.pdf", PDF + b"corrected")
    alice.save(later.id, {**METADATA, "version": "2.0.0"})
    second = alice.publish(later.id)
    assert (second.version, second.parent) == ("2.0.0", draft.parent)
    assert server.files(draft.id) == {"report.pdf": PDF}


def test_publishing_twice_reads_the_record(alice):
    number = published(alice)
    assert alice.publish(number) == alice.published(number)


def test_publishing_an_incomplete_draft_names_every_field(alice):
    number = alice.create({"title": "Incomplete"}).id
    alice.upload(number, "report.pdf", PDF)
    error = error_of(lambda: alice.publish(number))
    assert [problem.code for problem in error.problems][:2] == ["repository-refused", "repository-field"]
    places = {str(problem.where) for problem in error.problems}
    assert {"metadata.creators", "metadata.resource_type", "metadata.publication_date"} <= places
    assert alice.published(number) is None


def test_publishing_without_files_is_refused(server, alice):
    number = alice.create(METADATA).id
    assert "files.enabled" in str(error_of(lambda: alice.publish(number)))
    assert number in server.drafts()


def test_a_draft_that_is_not_there(alice):
    assert alice.draft("999999999") is None
    assert alice.published("999999999") is None
    for call in (alice.files, alice.reserve, alice.publish, alice.new_version, alice.published_files):
        assert codes(lambda call=call: call("999999999"))[0] == "repository-gone"
    assert codes(lambda: alice.save("999999999", METADATA))[0] == "repository-gone"
    assert codes(lambda: alice.upload("999999999", "report.pdf", PDF))[0] == "repository-gone"
    alice.discard("999999999")
    alice.delete_file("999999999", "report.pdf")


def test_a_discarded_draft_is_gone_and_discarded_again_in_peace(server, alice):
    number = alice.create(METADATA).id
    alice.discard(number)
    assert number not in server.drafts()
    assert alice.draft(number) is None
    alice.discard(number)


def test_a_new_version_that_is_discarded_leaves_the_record_as_it_was(server, alice):
    number = published(alice)
    later = alice.new_version(number).id
    alice.discard(later)
    assert later not in server.drafts()
    assert alice.published(number).id == number
    assert server.files(number) == {"report.pdf": PDF}
    assert alice.new_version(number).id not in (number, later)


def test_a_doi_is_reserved_once_and_kept_by_every_save(alice):
    number = alice.create(METADATA).id
    doi = alice.reserve(number)
    assert alice.reserve(number) == doi
    assert alice.save(number, METADATA).doi == doi
    assert alice.save(number, {"metadata": METADATA, "files": {"enabled": True}}).doi == doi
    assert alice.draft(number).doi == doi


def test_what_is_wrong_with_the_metadata_is_told_field_by_field(server, alice):
    draft = alice.create({**METADATA, "title": "ab"})
    assert [str(problem.where) for problem in draft.problems] == ["metadata.title"]
    assert draft.id in server.drafts()
    error = error_of(lambda: alice.save(draft.id, {**METADATA, "title": "ab", "nonsense": 1}))
    assert {str(problem.where) for problem in error.problems} == {"metadata.title", "metadata.nonsense"}
    assert {problem.code for problem in error.problems} == {"repository-field"}


def test_files_that_are_still_missing_do_not_keep_the_metadata_from_being_saved(alice):
    number = alice.create(METADATA).id
    alice.reserve(number)
    assert [str(one.where) for one in alice.save(number, METADATA).problems] == ["files.enabled"]


def test_an_unknown_word_of_a_vocabulary_is_named(server, alice):
    before = set(server.drafts())
    wrong = {**METADATA, "rights": [{"id": "no-such-licence"}]}
    assert "Invalid value no-such-licence." in str(error_of(lambda: alice.create(wrong)))
    assert set(server.drafts()) == before


def test_a_draft_that_somebody_else_changed_is_not_saved_over(server, alice):
    draft = alice.create(METADATA)
    alice.save(draft.id, {**METADATA, "title": "Changed in the browser"})
    assert codes(lambda: alice.save(draft.id, METADATA, revision=draft.revision)) == ["draft-changed"]
    assert alice.draft(draft.id).metadata["title"] == "Changed in the browser"
    alice.save(draft.id, METADATA, revision=alice.draft(draft.id).revision)
    assert alice.draft(draft.id).metadata["title"] == METADATA["title"]


def test_a_file_is_replaced_only_where_it_differs(server, alice):
    number = alice.create(METADATA).id
    alice.upload(number, "report.pdf", PDF)
    assert alice.upload(number, "report.pdf", PDF) == remote(PDF)
    assert alice.upload(number, "report.pdf", b"other") == remote(b"other")
    assert server.files(number) == {"report.pdf": b"other"}
    alice.delete_file(number, "report.pdf")
    alice.delete_file(number, "report.pdf")
    assert alice.files(number) == {}


def test_an_empty_file(server, alice):
    number = alice.create(METADATA).id
    assert alice.upload(number, "empty", b"") == remote(b"")
    assert server.files(number) == {"empty": b""}


def test_a_name_may_hold_any_character(server, alice):
    number = alice.create(METADATA).id
    alice.upload(number, STRANGE, PDF)
    assert alice.files(number) == {STRANGE: remote(PDF)}
    alice.upload(number, STRANGE, b"other")
    alice.publish(number)
    assert server.files(number) == {STRANGE: b"other"}


def test_a_file_that_was_started_only_is_finished(server, alice):
    number = alice.create(METADATA).id
    alice._start(number, "report.pdf")
    assert alice.files(number) == {"report.pdf": None}
    assert "files" in str(error_of(lambda: alice.publish(number)))
    assert alice.upload(number, "report.pdf", PDF) == remote(PDF)


def test_a_file_over_the_quota_is_refused_and_leaves_nothing_behind(server, alice):
    with server.limited(quota=10):
        number = alice.create(METADATA).id
    assert "Bucket quota exceeded." in str(error_of(lambda: alice.upload(number, "report.pdf", PDF)))
    assert alice.files(number) == {}


def test_a_draft_is_found_by_its_marker(server, alice):
    marker = f"urn:uuid:fbca8ee9-0000-4000-8000-{next(NUMBER):012}"
    other = f"urn:uuid:fbca8ee9-0000-4000-8000-{next(NUMBER):012}"
    first = alice.create(marked(marker)).id
    second = alice.create(marked(marker)).id
    alice.create(marked(other))
    alice.create(marked(f"{marker}-and-more"))
    alice.create(METADATA)
    assert [draft.id for draft in alice.find_drafts(marker)] == [second, first]
    assert alice.await_draft(marker).id == second
    assert alice.find_published(marker) == []
    with Repository(access(server, server.bob)) as bob:
        assert bob.find_drafts(marker) == []
    alice.upload(first, "report.pdf", PDF)
    alice.publish(first)
    assert [draft.id for draft in alice.find_drafts(marker)] == [second]
    assert [record.id for record in alice.find_published(marker)] == [first]


def test_an_index_that_lags_does_not_find_the_draft_yet(server, alice):
    marker = f"urn:uuid:fbca8ee9-0000-4000-8000-{next(NUMBER):012}"
    with server.search_lag():
        number = alice.create(marked(marker)).id
        assert alice.await_draft(marker) is None
    assert alice.find_drafts(marker)[0].id == number


def test_a_wrong_token_is_told_from_a_foreign_draft(server, alice):
    number = alice.create(METADATA).id
    assert alice.find_drafts("urn:none") == []
    with Repository(access(server, server.bob)) as bob:
        assert bob.find_drafts("urn:none") == []
        for call in (bob.draft, bob.publish, bob.files, bob.reserve, bob.discard):
            assert codes(lambda call=call: call(number)) == ["repository-denied"]
    with Repository(access(server, "not-a-token")) as stranger:
        for call in (
            lambda: stranger.find_drafts("urn:none"),
            lambda: stranger.draft(number),
            lambda: stranger.create(METADATA),
        ):
            assert codes(call) == ["token-refused"]
    assert number in server.drafts()


def test_a_rate_limit_slows_down_and_a_long_one_is_given_up(server):
    pauses = Pauses()
    with Repository(access(server, server.user(f"patient-{next(NUMBER)}")), pauses.clock) as patient:
        with server.limited(rate="4 per hour"):
            for _ in range(4):
                assert patient.draft("999999999") is None
            assert pauses.made == [LONGEST_PAUSE] * 2
            error = error_of(lambda: patient.draft("999999999"))
        assert [problem.code for problem in error.problems] == ["repository-busy"]
        assert "4 per 1 hour, and asks to wait" in str(error)
        assert patient.draft("999999999") is None
