"""The steps of a deposit, each from every state that a record, its lock file and the repository can be in."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
from dataclasses import replace

import pytest

from reportgen.base import locks, paths
from reportgen.base.errors import OutputError, RepositoryError, UnknownOutcomeError
from reportgen.delivery.zenodo import publication, steps
from reportgen.delivery.zenodo import repository as client
from reportgen.delivery.zenodo.lock import held
from reportgen.record.registration import Stage, lock_path, read_deposit, write_deposit
from zenodo_fake import ZenodoFake
from zenodo_project import CORRECTION, Project, deposit_of, remember_reports


@pytest.fixture
def server(monkeypatch):
    """A repository, whose address and token are in the environment."""
    with ZenodoFake() as fake:
        monkeypatch.setenv("ZENODO_URL", fake.url)
        monkeypatch.setenv("ZENODO_TOKEN", fake.alice)
        monkeypatch.setattr(client, "LOOKS", (0.0, 0.0))
        yield fake


@pytest.fixture
def project(tmp_path, monkeypatch, shared_folder):
    remember_reports(shared_folder / "reports", monkeypatch)
    return Project.lay_out(tmp_path / "project")


@pytest.fixture
def record(project):
    return project.write()


@pytest.fixture
def zenodo(run):
    """Run a command that must end well, or with the given code; give what it printed."""

    def command(*arguments, code=0):
        ended = run("zenodo", *arguments)
        assert ended.code == code, ended
        return ended

    return command


@pytest.fixture
def uploaded(record, zenodo, server):
    zenodo("upload", record)
    return record


@pytest.fixture
def published(uploaded, zenodo):
    zenodo("publish", uploaded, "--yes")
    return uploaded


def change(record, **changes):
    """Change a record in its file."""
    value = json.loads(record.read_text()) | changes
    record.write_text(json.dumps({name: each for name, each in value.items() if each is not ...}))


def only_draft(server):
    (number,) = server.state.drafts
    return server.state.drafts[number]


def writes(server):
    """Return the requests since the last call that were not only to read."""
    asked = [request for request in server.requests if not request.startswith("GET ")]
    server.requests.clear()
    return asked


class TestReserve:
    def test_it_makes_a_draft_and_keeps_its_doi(self, record, server, zenodo):
        ended = zenodo("reserve", record)
        deposit = deposit_of(record)
        draft = only_draft(server)
        assert (deposit.draft, deposit.parent, deposit.doi) == (draft.id, draft.parent, draft.doi)
        assert deposit.doi == f"10.5072/zenodo.{draft.id}"
        assert (deposit.host, deposit.stage, deposit.version) == (server.url, Stage.RESERVED, "1")
        assert f"{deposit.doi} (sandbox, not citable)" in ended.out
        assert f"{server.url.removesuffix('/api')}/uploads/{draft.id}" in ended.out
        assert f"made the draft {draft.id}" in ended.out

    def test_again_it_does_nothing(self, record, server, zenodo):
        zenodo("reserve", record)
        before = lock_path(record).read_bytes()
        writes(server)
        assert "nothing to do" in zenodo("reserve", record).out
        assert writes(server) == []
        assert lock_path(record).read_bytes() == before
        assert sorted(path.name for path in record.parent.iterdir()) == ["record.json", "record.zenodo.json"]

    def test_the_next_compile_prints_it(self, record, server, zenodo, run, project):
        zenodo("reserve", record)
        assert run("compile", record).code == 0
        from page_text import read

        assert deposit_of(record).doi in read(project.pdfs[0])

    def test_a_record_that_cannot_be_compiled_gets_no_draft(self, project, server, zenodo):
        record = project.write(claims=[{"text": "[@nobody]", "verified": True, "sources": ["nobody"]}])
        ended = zenodo("reserve", record, code=3)
        assert "nobody" in ended.err
        assert server.requests == []

    def test_a_record_with_a_doi_of_its_own_gets_no_other(self, project, server, zenodo):
        record = project.write(doi="10.5281/zenodo.1")
        assert "zenodo-doi-given" in zenodo("reserve", record, code=3).err
        assert writes(server) == []

    def test_a_file_of_many_records_has_no_lock_file(self, project, record, server, zenodo):
        many = record.rename(record.with_suffix(".jsonl"))
        assert "zenodo-of-many" in zenodo("reserve", many, code=3).err
        assert server.requests == []

    def test_what_the_repository_does_not_take_is_told_by_field(self, project, server, zenodo):
        record = project.write(title="Ab")
        ended = zenodo("reserve", record, code=13)
        assert "metadata.title" in ended.err
        assert deposit_of(record).draft == only_draft(server).id
        change(record, title="About")
        zenodo("upload", record)
        assert only_draft(server).document["metadata"]["title"] == "About"

    def test_a_reservation_that_was_thrown_away_is_made_again(self, record, server, zenodo):
        zenodo("reserve", record)
        doi = deposit_of(record).doi
        only_draft(server).doi = ""
        assert f"reserved {doi}" in zenodo("reserve", record).out
        assert only_draft(server).doi == doi

    def test_another_doi_in_the_repository_is_refused(self, record, server, zenodo):
        zenodo("reserve", record)
        only_draft(server).doi = "10.1234/theirs"
        ended = zenodo("reserve", record, code=13)
        assert "zenodo-other-doi" in ended.err
        assert deposit_of(record).doi != "10.1234/theirs"

    def test_a_draft_follows_its_record_to_another_version(self, uploaded, server, zenodo):
        doi = deposit_of(uploaded).doi
        change(uploaded, version="2")
        zenodo("reserve", uploaded)
        assert (deposit_of(uploaded).version, deposit_of(uploaded).doi) == ("2", doi)
        assert deposit_of(uploaded).stage is Stage.RESERVED
        assert "zenodo-not-uploaded" in zenodo("publish", uploaded, "--yes", code=13).err


class TestLockFile:
    def test_lost_it_is_found_again_by_the_records_id(self, uploaded, server, zenodo):
        before = deposit_of(uploaded)
        lock_path(uploaded).unlink()
        assert f"found the deposit {before.draft} again" in zenodo("reserve", uploaded).out
        assert deposit_of(uploaded) == replace(before, stage=Stage.RESERVED, files={}, metadata="")
        writes(server)
        zenodo("upload", uploaded)
        assert [request.split()[0] for request in writes(server)] == ["PUT"]
        assert deposit_of(uploaded) == before

    def test_lost_after_publication_no_second_record_is_made(self, published, server, zenodo):
        before = deposit_of(published)
        lock_path(published).unlink()
        writes(server)
        assert "nothing to do" in zenodo("upload", published).out
        assert writes(server) == []
        found = deposit_of(published)
        assert replace(found, published_at="") == replace(before, published_at="", metadata="")
        assert found.published_at >= before.published_at

    def test_lost_during_a_new_version_its_draft_is_found(self, published, server, zenodo):
        change(published, version="2", corrections=[CORRECTION])
        zenodo("new-version", published)
        before = deposit_of(published)
        lock_path(published).unlink()
        zenodo("reserve", published)
        found = deposit_of(published)
        assert (found.draft, found.doi, found.previous) == (before.draft, before.doi, before.previous)

    def test_lost_while_somebody_edits_the_published_record(self, published, server, zenodo):
        before = deposit_of(published)
        item = server.state.records[before.draft]
        server.state.drafts[before.draft] = replace(item)
        lock_path(published).unlink()
        zenodo("reserve", published)
        assert deposit_of(published).stage is Stage.PUBLISHED
        assert deposit_of(published).draft == before.draft
        assert len(server.state.records) == 1

    def test_a_deleted_draft_that_the_index_still_has_is_not_taken(self, record, server, zenodo):
        zenodo("reserve", record)
        with server.search_lag():
            server.state.drafts.clear()
            lock_path(record).unlink()
            zenodo("reserve", record)
        assert deposit_of(record).draft == only_draft(server).id

    def test_a_draft_asked_for_by_a_run_that_was_killed_is_waited_for(self, record, server, zenodo):
        with server.search_lag():
            zenodo("reserve", record)
            before = deposit_of(record)
            lock_path(record).unlink()
            with held(lock_path(record)) as hold:
                hold.ask()
            looks = []
            real = client.Repository.await_draft

            def late(repository, marker):
                looks.append(marker)
                server.state.index = None
                return real(repository, marker)

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(client.Repository, "await_draft", late)
                zenodo("reserve", record)
        assert len(looks) == 1
        assert deposit_of(record) == before
        assert len(server.state.drafts) == 1
        assert not list(record.parent.glob(".*"))

    def test_where_none_was_made_after_all_one_is(self, record, server, zenodo):
        with held(lock_path(record)) as hold:
            hold.ask()
        assert list(record.parent.glob(".*"))
        zenodo("reserve", record)
        assert deposit_of(record).draft == only_draft(server).id
        assert not list(record.parent.glob(".*"))

    def test_after_a_while_the_index_is_up_to_date(self, record, server, zenodo, monkeypatch):
        with held(lock_path(record)) as hold:
            hold.ask()
        os.utime(hold.path, (0, 0))
        monkeypatch.setattr(client.Repository, "await_draft", None)
        zenodo("reserve", record)

    @pytest.mark.parametrize("option", ["--sandbox", "--url=https://repository.example.org/api"])
    def test_of_another_repository_it_is_refused(self, uploaded, server, zenodo, option):
        before = lock_path(uploaded).read_bytes()
        server.requests.clear()
        for command in (["upload"], ["status"], ["plan"], ["publish", "--yes"], ["discard", "--yes"]):
            ended = zenodo(*command, uploaded, option, code=13)
            assert f"is deposited at {server.url}" in ended.err
        assert server.requests == []
        assert lock_path(uploaded).read_bytes() == before

    def test_of_another_record_it_is_refused(self, uploaded, server, zenodo):
        change(uploaded, id="99999999-2222-4333-8444-555555555555")
        server.requests.clear()
        assert "zenodo-other-record" in zenodo("upload", uploaded, code=3).err
        assert server.requests == []

    def test_two_commands_at_once_do_not_get_into_each_others_way(self, record, server, zenodo):
        with held(lock_path(record)):
            ended = zenodo("upload", record, code=9)
            assert "another reportgen zenodo is at work" in ended.err
            assert server.requests == []
            # Who only looks need not wait.
            zenodo("status", record)
        zenodo("upload", record)

    @pytest.mark.parametrize("full_at", [1, 2])
    def test_a_full_disk_loses_nothing(self, record, server, zenodo, monkeypatch, full_at):
        real, calls = os.fsync, []

        def fails_once(handle):
            calls.append(handle)
            if len(calls) == full_at + 1:  # the first is that of the note before
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(handle)

        with monkeypatch.context() as patched:
            patched.setattr(paths.os, "fsync", fails_once)
            ended = zenodo("reserve", record, code=9)
        assert "No space left on device" in ended.err
        first = only_draft(server).id
        zenodo("reserve", record)
        assert (only_draft(server).id, deposit_of(record).draft) == (first, first)
        assert deposit_of(record).doi

    def test_a_full_disk_before_the_draft_asks_for_none(self, record, server, zenodo, monkeypatch):
        def full(handle):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patched:
            patched.setattr(paths.os, "fsync", full)
            assert "No space left on device" in zenodo("reserve", record, code=9).err
        assert server.state.drafts == {}

    def test_a_folder_that_is_not_there_is_told(self, tmp_path, server, zenodo):
        assert zenodo("reserve", tmp_path / "no" / "record.json", code=3).err

    @pytest.mark.parametrize(("error", "left"), [(RepositoryError, 0), (UnknownOutcomeError, 1)])
    def test_only_an_answer_that_is_not_known_leaves_a_note(
        self, record, server, zenodo, monkeypatch, error, left
    ):
        def fail(*_, **__):
            raise error("it answers nothing")

        monkeypatch.setattr(client.Repository, "create", fail)
        zenodo("reserve", record, code=error.exit_code)
        assert len(list(record.parent.glob(".*"))) == left
        assert not lock_path(record).exists()

    def test_a_note_that_cannot_be_written_is_told(self, record, server, zenodo):
        record.with_name(".record.zenodo.json.lock").mkdir()
        assert "cannot write" in zenodo("reserve", record, code=9).err
        assert server.requests == []

    def test_a_record_whose_name_leaves_no_room_for_a_lock_file_is_told_before_a_draft_is_made(
        self, record, server, zenodo
    ):
        for length in (238, 245):  # the first leaves room for the lock file, and none for the hold
            long = record.rename(record.with_name("n" * length + ".json"))
            ended = zenodo("reserve", long, code=9)
            assert "File name too long" in ended.err
            assert "give the record a shorter name" in ended.err
            record = long
        assert server.requests == []

    def test_a_hold_whose_file_was_removed_while_it_was_taken_is_taken_anew(self, record, monkeypatch):
        real, removed = locks.hold_alone, []

        def late(handle, *, wait):
            if not removed:
                removed.append(next(record.parent.glob(".*")))
                removed[0].unlink()
            real(handle, wait=wait)

        monkeypatch.setattr("reportgen.delivery.zenodo.lock.hold_alone", late)
        with held(lock_path(record)) as hold:
            assert os.path.samestat(os.fstat(hold.handle), hold.path.stat())
            with pytest.raises(OutputError), held(lock_path(record)):
                pass
        assert removed
        assert not removed[0].exists()


class TestUpload:
    def test_it_brings_the_report_its_sources_and_its_metadata(self, record, project, server, zenodo):
        zenodo("upload", record)
        draft = only_draft(server)
        (pdf,) = project.pdfs
        files = server.files(draft.id)
        assert files.keys() == {pdf.name, "record.json", "manifest.json"}
        assert files[pdf.name] == pdf.read_bytes()
        assert files["record.json"] == record.read_bytes()
        manifest = json.loads(files["manifest.json"])
        assert (manifest["doi"], manifest["sandbox"]) == (draft.doi, True)
        assert draft.document["files"] == {"enabled": True, "default_preview": pdf.name}
        assert draft.document["metadata"]["title"] == "Calibration of small classifiers"
        deposit = deposit_of(record)
        assert deposit.stage is Stage.UPLOADED
        assert deposit.files.keys() == files.keys()

    def test_the_claims_file_and_the_entries_used_come_along(self, project, server, zenodo):
        (project.root / "bib").mkdir()
        entry = (
            "@article{doe,\n author = {Doe, Jane},\n title = {Stopping},\n journal = {J},\n year = 2020\n}\n"
        )
        (project.root / "bib" / "a.bib").write_text(entry)
        claims = project.root / "records" / "my claims.csv"
        claims.write_text("text,verified,sources\nIt lowers the error.,true,doe\n")
        record = project.write(claims={"file": claims.name})
        zenodo("upload", record)
        files = server.files(only_draft(server).id)
        assert files["my claims.csv"] == claims.read_bytes()
        assert "Stopping" in files["references.bib"].decode()

    def test_the_report_in_other_formats_comes_along(self, record, project, server, zenodo):
        zenodo("upload", record, "--with", "html", "--with", "markdown")
        (pdf,) = project.pdfs
        files = server.files(only_draft(server).id)
        beside = [pdf.with_suffix(ending) for ending in (".html", ".md")]
        assert {path.name: files.get(path.name) for path in beside} == {
            path.name: path.read_bytes() for path in beside
        }
        assert deposit_of(record).files.keys() == files.keys()
        server.requests.clear()
        zenodo("upload", record, "--with", "html", "--with", "markdown")
        assert [request.split()[0] for request in server.requests] == ["GET"] * 4
        planned = zenodo("plan", record, "--with", "html").out
        assert f"would delete {beside[1].name}" in planned
        out = zenodo("upload", record, "--with", "html").out
        assert f"deleted {beside[1].name}" in out
        assert server.files(only_draft(server).id).keys() == files.keys() - {beside[1].name}

    def test_the_settings_may_name_them_and_those_beside_the_pdf_are_others(self, project, server, zenodo):
        (project.root / "reportgen.toml").write_text(
            'formats = ["markdown"]\n[zenodo]\nformats = ["html"]\n', encoding="utf-8"
        )
        zenodo("upload", project.write())
        names = server.files(only_draft(server).id).keys()
        assert sorted(name.rpartition(".")[2] for name in names) == ["html", "json", "json", "pdf"]
        beside = (project.root / "out").iterdir()
        assert sorted(path.suffix for path in beside) == [".html", ".md", ".pdf"]

    def test_a_file_that_was_altered_there_is_sent_again(self, record, server, zenodo):
        zenodo("upload", record, "--with", "html")
        number = only_draft(server).id
        page = next(name for name in server.files(number) if name.endswith(".html"))
        whole = server.files(number)[page]
        server.state.drafts[number].files[page].content = b"another"
        assert f"uploaded {page}" in zenodo("upload", record, "--with", "html").out
        assert server.files(number)[page] == whole

    def test_they_are_published_and_known_again_without_being_asked_for(self, record, server, zenodo):
        zenodo("upload", record, "--with", "html")
        zenodo("publish", record, "--yes")
        assert any(name.endswith(".html") for name in server.files(deposit_of(record).draft))
        assert "nothing to do: published, and unchanged" in zenodo("upload", record).out
        assert "nothing to do: published, and unchanged" in zenodo("new-version", record).out
        lock_path(record).unlink()
        assert "nothing to do: published, and unchanged" in zenodo("new-version", record).out
        assert (
            "the record gives other files now" in zenodo("upload", record, "--with", "markdown", code=13).err
        )

    def test_a_page_that_would_be_another_is_not_published(self, record, server, zenodo, monkeypatch):
        zenodo("upload", record, "--with", "html")
        real = publication.make_payload

        def another(*given):
            made = real(*given)
            page = next(name for name in made.files if name.endswith(".html"))
            return replace(made, files={**made.files, page: b"another"})

        monkeypatch.setattr(publication, "make_payload", another)
        assert "compiling now gives another " in zenodo("publish", record, "--yes", code=13).err
        assert server.state.drafts

    def test_again_it_sends_nothing(self, uploaded, server, zenodo):
        before = lock_path(uploaded).read_bytes()
        server.requests.clear()
        assert "nothing to do: files and metadata are unchanged" in zenodo("upload", uploaded).out
        assert [request.split()[0] for request in server.requests] == ["GET"] * 4
        assert lock_path(uploaded).read_bytes() == before

    def test_only_what_changed_is_sent(self, uploaded, server, zenodo):
        change(uploaded, title="Calibration of large classifiers")
        old = next(name for name in server.files(only_draft(server).id) if name.endswith(".pdf"))
        out = zenodo("upload", uploaded).out
        names = server.files(only_draft(server).id).keys()
        assert old not in names
        assert f"deleted {old}" in out
        assert len(names) == 3
        assert only_draft(server).document["metadata"]["title"] == "Calibration of large classifiers"
        assert deposit_of(uploaded).files.keys() == names

    @pytest.mark.parametrize("broken", ["altered", "deleted", "pending"])
    def test_a_file_that_is_not_right_in_the_repository_is_sent_again(self, uploaded, server, zenodo, broken):
        draft = only_draft(server)
        right = server.files(draft.id)
        if broken == "altered":
            draft.files["record.json"].content = b"{}"
        elif broken == "pending":
            draft.files["record.json"].completed = False
        else:
            del draft.files["record.json"]
        assert any("record.json" in line for line in zenodo("status", uploaded).out.splitlines()[1:])
        assert "uploaded record.json" in zenodo("upload", uploaded).out
        assert server.files(draft.id) == right

    def test_a_file_of_somebody_else_is_left_and_told(self, uploaded, server, zenodo):
        draft = only_draft(server)
        draft.files["notes.txt"] = replace(draft.files["record.json"], content=b"mine")
        ended = zenodo("upload", uploaded)
        assert "zenodo-foreign-file" in ended.err
        assert server.files(draft.id)["notes.txt"] == b"mine"
        refused = zenodo("publish", uploaded, "--yes", code=13)
        assert "notes.txt was added by somebody else" in refused.err

    def test_metadata_that_somebody_changed_are_sent_again(self, uploaded, server, zenodo):
        draft = only_draft(server)
        right = dict(draft.document["metadata"])
        draft.document["metadata"] |= {"title": "Mine", "contributors": []}
        del draft.document["metadata"]["subjects" if "subjects" in right else "creators"]
        draft.revision += 2
        told = zenodo("status", uploaded).out
        assert "the field title was changed" in told
        assert "sent the metadata" in zenodo("upload", uploaded).out
        assert draft.document["metadata"] == right

    def test_a_draft_that_changes_while_it_is_saved_is_not_overwritten(
        self, uploaded, server, zenodo, monkeypatch
    ):
        real = client.Repository.save

        def while_edited(repository, *arguments, **options):
            only_draft(server).revision += 2
            return real(repository, *arguments, **options)

        monkeypatch.setattr(client.Repository, "save", while_edited)
        change(uploaded, keywords=["calibration"])
        ended = zenodo("upload", uploaded, code=13)
        assert "somebody changed the draft" in ended.err
        assert deposit_of(uploaded).stage is Stage.RESERVED
        monkeypatch.setattr(client.Repository, "save", real)
        zenodo("upload", uploaded)
        assert deposit_of(uploaded).stage is Stage.UPLOADED

    def test_a_pdf_without_the_reserved_doi_is_not_sent(self, record, server, zenodo, monkeypatch):
        zenodo("reserve", record)
        writes(server)
        real = steps.build_payload
        monkeypatch.setattr(steps, "build_payload", lambda *given: replace(real(*given), doi=""))
        assert "zenodo-pdf-doi" in zenodo("upload", record, code=13).err
        assert writes(server) == []

    def test_what_arrives_otherwise_is_told(self, record, server, zenodo, monkeypatch):
        real = client.Repository.files

        def damaged(repository, number):
            files = real(repository, number)
            return {name: replace(file, md5="0" * 32) for name, file in files.items()}

        monkeypatch.setattr(client.Repository, "files", damaged)
        ended = zenodo("upload", record, code=13)
        assert "zenodo-upload-differs" in ended.err
        assert deposit_of(record).stage is Stage.RESERVED

    def test_a_deleted_draft_is_not_made_anew(self, uploaded, server, zenodo):
        server.state.drafts.clear()
        for command in (["upload"], ["status"], ["publish", "--yes"], ["reserve"]):
            ended = zenodo(*command, uploaded, code=13)
            assert "somebody has deleted it" in ended.err
            assert deposit_of(uploaded).doi in ended.err
        assert server.state.drafts == {}
        zenodo("discard", uploaded, "--yes")
        assert not lock_path(uploaded).exists()
        zenodo("upload", uploaded)
        assert deposit_of(uploaded).draft == only_draft(server).id

    def test_what_is_published_stays(self, published, server, zenodo):
        writes(server)
        assert "nothing to do" in zenodo("upload", published).out
        change(published, keywords=["calibration"])
        ended = zenodo("upload", published, code=13)
        assert "raise `version`" in ended.err
        change(published, version="2")
        assert "new-version" in zenodo("upload", published, code=13).err
        assert writes(server) == []

    def test_a_record_published_by_hand_while_files_were_sent(self, uploaded, server, zenodo, monkeypatch):
        change(uploaded, keywords=["calibration"])
        real = client.Repository.upload

        def and_published(repository, number, *arguments):
            sent = real(repository, number, *arguments)
            if arguments[0] == "manifest.json":
                repository.publish(number)
            return sent

        monkeypatch.setattr(client.Repository, "upload", and_published)
        assert "was published while files were sent" in zenodo("upload", uploaded, code=13).err
        assert "published" in zenodo("status", uploaded).out


class TestPublish:
    def test_it_publishes_what_was_uploaded(self, uploaded, server, zenodo):
        before = server.files(only_draft(server).id)
        ended = zenodo("publish", uploaded, "--yes")
        deposit = deposit_of(uploaded)
        assert f"published {deposit.doi}" in ended.out
        assert server.state.drafts == {}
        assert server.records()[deposit.draft]["pids"]["doi"]["identifier"] == deposit.doi
        assert server.files(deposit.draft) == before
        assert deposit.stage is Stage.PUBLISHED
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", deposit.published_at)
        assert f"{server.url.removesuffix('/api')}/records/{deposit.draft}" in ended.out

    def test_only_when_told_to(self, uploaded, server, zenodo):
        server.requests.clear()
        assert "say --yes" in zenodo("publish", uploaded, code=2).err
        assert server.requests == []

    def test_again_it_does_nothing(self, published, server, zenodo):
        before = lock_path(published).read_bytes()
        writes(server)
        assert "nothing to do: published already" in zenodo("publish", published, "--yes").out
        assert writes(server) == []
        assert lock_path(published).read_bytes() == before

    def test_what_was_published_meanwhile_is_noted(self, uploaded, server, zenodo):
        deposit = deposit_of(uploaded)
        server.routes.publish(only_draft(server))
        assert "run publish to note that" in zenodo("status", uploaded).out
        assert "published already" in zenodo("publish", uploaded, "--yes").out
        assert deposit_of(uploaded).stage is Stage.PUBLISHED
        assert deposit_of(uploaded).doi == deposit.doi

    def test_what_was_published_while_it_was_compiled_is_noted(self, uploaded, server, zenodo, monkeypatch):
        real = publication.make_payload

        def meanwhile(*given):
            server.routes.publish(only_draft(server))
            return real(*given)

        monkeypatch.setattr(publication, "make_payload", meanwhile)
        writes(server)
        assert "published already" in zenodo("publish", uploaded, "--yes").out
        assert writes(server) == []
        assert deposit_of(uploaded).stage is Stage.PUBLISHED

    def test_nothing_before_the_upload(self, record, server, zenodo):
        assert "zenodo reserve" in zenodo("publish", record, "--yes", code=13).err
        zenodo("reserve", record)
        assert "zenodo upload" in zenodo("publish", record, "--yes", code=13).err
        assert server.state.records == {}

    def test_nothing_where_the_record_changed_since(self, uploaded, server, zenodo):
        change(uploaded, question="Does it?")
        ended = zenodo("publish", uploaded, "--yes", code=13)
        assert "another record.json" in ended.err
        assert "upload" in ended.err
        assert server.state.records == {}

    def test_nothing_where_the_metadata_would_be_others(self, uploaded, project, server, zenodo):
        settings = project.root / "reportgen.toml"
        settings.write_text(settings.read_text().replace("people checked them", "nobody checked them"))
        assert "the metadata would be others" in zenodo("publish", uploaded, "--yes", code=13).err
        assert server.state.records == {}

    def test_nothing_where_the_pdf_is_another(self, uploaded, project, server, zenodo):
        (pdf,) = project.pdfs
        pdf.write_bytes(pdf.read_bytes() + b"\n")
        assert f"{pdf} is not the file that was uploaded" in zenodo("publish", uploaded, "--yes", code=13).err
        assert server.state.records == {}

    @pytest.mark.parametrize("what", ["file", "metadata", "doi"])
    def test_nothing_where_the_draft_was_changed(self, uploaded, server, zenodo, what):
        draft = only_draft(server)
        if what == "file":
            draft.files["record.json"].content = b"{}"
        elif what == "metadata":
            draft.document["metadata"]["title"] = "Mine"
        else:
            draft.doi = "10.1234/theirs"
        ended = zenodo("publish", uploaded, "--yes", code=13)
        said = {"file": "record.json is another one", "metadata": "field title", "doi": "10.1234/theirs"}
        assert said[what] in ended.err
        assert server.state.records == {}

    def test_nothing_that_the_policy_forbids(self, project, server, zenodo):
        record = project.write(authors=[{"name": "ChatGPT"}])
        zenodo("upload", record)
        ended = zenodo("publish", record, "--yes", code=15)
        assert "zenodo-creator-is-machine" in ended.err
        assert server.state.records == {}

    def test_no_more_in_a_day_than_the_cap(self, project, server, zenodo):
        settings = project.root / "reportgen.toml"
        settings.write_text(settings.read_text() + "daily_cap = 1\n")
        records = [project.write(f"{number}.json", number) for number in (1, 2)]
        zenodo("upload", *records)
        assert "zenodo-daily-cap" in zenodo("publish", *records, "--yes", code=15).err
        assert len(server.state.records) == 1

    def test_one_at_a_time_so_that_the_cap_holds(self, uploaded, project, server, zenodo, monkeypatch):
        real, refused = client.Repository.publish, []

        def beside_another(repository, number):
            handle = os.open(project.root, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                refused.append(error)
            finally:
                os.close(handle)
            return real(repository, number)

        monkeypatch.setattr(client.Repository, "publish", beside_another)
        zenodo("publish", uploaded, "--yes")
        assert len(refused) == 1

    def test_what_comes_out_otherwise_is_told(self, uploaded, server, zenodo, monkeypatch):
        real = client.Repository.publish

        def tampered(repository, number):
            only_draft(server).files["record.json"].content = b"{}"
            return real(repository, number)

        monkeypatch.setattr(client.Repository, "publish", tampered)
        ended = zenodo("publish", uploaded, "--yes", code=13)
        assert "zenodo-published-differs" in ended.err
        assert deposit_of(uploaded).stage is Stage.PUBLISHED

    def test_another_doi_than_the_printed_one_is_told(self, uploaded, server, zenodo):
        draft = only_draft(server)
        draft.doi = "10.1234/theirs"
        server.routes.publish(draft)
        ended = zenodo("publish", uploaded, "--yes", code=13)
        assert "published as 10.1234/theirs" in ended.err


class TestNewVersion:
    def test_it_gets_a_draft_and_a_doi_of_its_own(self, published, server, zenodo):
        first = deposit_of(published)
        change(published, version="2", corrections=[CORRECTION])
        zenodo("new-version", published)
        second = deposit_of(published)
        draft = only_draft(server)
        assert (second.draft, second.doi, second.version) == (draft.id, draft.doi, "2")
        assert second.parent == first.parent
        assert second.previous == (first.doi,)
        assert second.published_before == (first.published_at,)
        zenodo("upload", published)
        related = draft.document["metadata"]["related_identifiers"]
        assert {
            "identifier": first.doi,
            "scheme": "doi",
            "relation_type": {"id": "isnewversionof"},
        } in related
        zenodo("publish", published, "--yes")
        assert server.records().keys() == {first.draft, second.draft}
        manifest = json.loads(server.files(second.draft)["manifest.json"])
        assert (manifest["doi"], manifest["version"]) == (second.doi, "2")

    def test_again_it_goes_on_with_the_same_draft(self, published, server, zenodo):
        change(published, version="2")
        zenodo("new-version", published)
        before = deposit_of(published)
        zenodo("new-version", published)
        assert deposit_of(published) == before
        assert len(server.state.drafts) == 1

    def test_where_nothing_changed_nothing_is_done(self, published, server, zenodo):
        before = lock_path(published).read_bytes()
        writes(server)
        assert "nothing to do" in zenodo("new-version", published).out
        assert writes(server) == []
        assert lock_path(published).read_bytes() == before

    def test_a_change_without_a_version_is_refused(self, published, server, zenodo):
        change(published, corrections=[CORRECTION])
        writes(server)
        assert "raise `version`" in zenodo("new-version", published, code=3).err
        assert writes(server) == []

    def test_a_draft_has_no_new_version(self, uploaded, server, zenodo):
        change(uploaded, version="2")
        writes(server)
        assert "zenodo-not-published" in zenodo("new-version", uploaded, code=13).err
        assert writes(server) == []

    def test_without_a_lock_file_the_published_version_is_found(self, published, server, zenodo):
        first = deposit_of(published)
        lock_path(published).unlink()
        change(published, version="2")
        zenodo("new-version", published)
        assert deposit_of(published).previous == (first.doi,)
        assert len(server.state.records) == 1

    def test_where_nothing_was_deposited_it_says_so(self, record, server, zenodo):
        assert "zenodo reserve" in zenodo("new-version", record, code=13).err
        assert writes(server) == []


class TestDiscard:
    def test_it_deletes_the_draft_then_the_lock_file(self, uploaded, server, zenodo):
        zenodo("discard", uploaded, "--yes")
        assert server.state.drafts == {}
        assert not lock_path(uploaded).exists()

    def test_only_when_told_to(self, uploaded, server, zenodo):
        assert "say --yes" in zenodo("discard", uploaded, code=2).err
        assert len(server.state.drafts) == 1

    def test_what_is_published_stays(self, published, server, zenodo):
        writes(server)
        assert "cannot be taken back" in zenodo("discard", published, "--yes", code=13).err
        assert writes(server) == []
        assert lock_path(published).exists()

    def test_an_edit_of_a_published_record_stays(self, published, server, zenodo):
        number = deposit_of(published).draft
        server.state.drafts[number] = replace(server.state.records[number])
        assert "cannot be taken back" in zenodo("discard", published, "--yes", code=13).err
        assert number in server.state.drafts

    def test_a_new_version_gives_way_to_the_one_before(self, published, server, zenodo):
        first = deposit_of(published)
        change(published, version="2")
        zenodo("new-version", published)
        zenodo("discard", published, "--yes")
        assert server.state.drafts == {}
        found = deposit_of(published)
        assert (found.draft, found.doi, found.stage) == (first.draft, first.doi, Stage.PUBLISHED)

    def test_nothing_reserved_is_nothing_to_discard(self, record, server, zenodo):
        assert "zenodo-not-reserved" in zenodo("discard", record, "--yes", code=13).err


class TestLooking:
    def test_plan_changes_nothing_and_shows_the_metadata(self, record, project, server, zenodo):
        before = project.texts()
        ended = zenodo("plan", record)
        assert "would make a draft" in ended.out
        planned = json.loads(ended.out[ended.out.index("\n{") :])
        assert writes(server) == []
        assert project.texts() == before
        zenodo("reserve", record)
        assert only_draft(server).document["metadata"] == planned["metadata"]

    def test_plan_says_what_is_missing_in_the_draft(self, uploaded, project, server, zenodo):
        assert "would upload nothing" in zenodo("plan", uploaded).out
        change(uploaded, title="Calibration of large classifiers")
        before = project.texts()
        writes(server)
        out = zenodo("plan", uploaded).out
        assert "would upload record.json" in out
        assert re.search(r"would delete .*\.pdf", out)
        assert writes(server) == []
        assert project.texts() == before

    def test_plan_of_other_stages(self, record, server, zenodo):
        zenodo("reserve", record)
        reserved = deposit_of(record)
        write_deposit(lock_path(record), replace(reserved, doi="", stage=Stage.CREATED))
        assert "would reserve a DOI" in zenodo("plan", record).out
        write_deposit(lock_path(record), reserved)
        zenodo("upload", record)
        zenodo("publish", record, "--yes")
        assert "a change needs a new version" in zenodo("plan", record).out
        change(record, version="2")
        assert "would begin version 2 after version 1" in zenodo("plan", record).out

    def test_without_a_token_the_lock_file_alone_is_read(self, uploaded, server, zenodo, monkeypatch):
        monkeypatch.delenv("ZENODO_TOKEN")
        server.requests.clear()
        for command in ("plan", "status"):
            assert "the repository was not asked: there is no token" in zenodo(command, uploaded).out
        assert server.requests == []

    def test_status_of_each_stage(self, record, server, zenodo):
        assert "nothing reserved" in zenodo("status", record).out
        zenodo("reserve", record)
        doi = deposit_of(record).doi
        assert f"{doi} reserved; the upload is not complete" in zenodo("status", record).out
        zenodo("upload", record)
        ended = zenodo("status", record)
        assert ended.out.splitlines()[1:] == [f"  {doi} reserved, 3 files uploaded"]
        zenodo("publish", record, "--yes")
        ended = zenodo("status", record)
        assert ended.out.splitlines()[1:] == [f"  {doi} published"]
        change(record, version="2")
        assert "this is of version 1; the record is of version 2" in zenodo("status", record).out

    def test_status_says_what_differs_from_a_publication(self, published, server, zenodo):
        deposit = deposit_of(published)
        server.state.records[deposit.draft].files["record.json"].content = b"{}"
        assert "record.json is another one" in zenodo("status", published).out
        item = server.state.records.pop(deposit.draft)
        server.state.drafts[item.id] = replace(item, published=False)
        assert "the repository has only a draft" in zenodo("status", published).out

    def test_status_of_a_draft_without_its_doi(self, record, server, zenodo):
        zenodo("reserve", record)
        write_deposit(lock_path(record), replace(deposit_of(record), doi="", stage=Stage.CREATED))
        assert "no DOI reserved yet" in zenodo("status", record).out
        zenodo("upload", record)
        only_draft(server).doi = ""
        assert "no longer reserved" in zenodo("status", record).out


def test_no_file_holds_the_token(published, project, server):
    assert len(server.alice) == 40
    assert server.alice.encode() not in project.texts()


def test_a_lock_file_of_no_record_is_left_alone(project, record, server, zenodo):
    other = record.with_name("gone.zenodo.json")
    other.write_text("{}")
    zenodo("reserve", record)
    assert other.read_text() == "{}"
    assert read_deposit(lock_path(record)) is not None
