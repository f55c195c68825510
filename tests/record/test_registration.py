"""The lock file of a deposit, and what of it a report prints."""

from __future__ import annotations

import errno
import json
import re
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_project import Project, make_quickly
from fixtures import CASES, deposited, write_record
from minimal_record import load, minimal, only
from reportgen.analysis.derive import derive
from reportgen.analysis.validation import as_registered, registration_for, validate_record
from reportgen.base.errors import Level, OutputError, RecordError
from reportgen.base.policy import Policy
from reportgen.base.settings import Settings
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.build import make_report
from reportgen.record import registration
from reportgen.record.registration import (
    Checksum,
    Deposit,
    Registration,
    Stage,
    deposit_of,
    is_sandbox,
    lock_path,
    read_deposit,
    write_deposit,
)
from reportgen.trust.reproduce import check_reproducible
from reportgen.trust.verify import AlteredError, Comparison, extract, verify

ZENODO = "https://zenodo.org/api"
SANDBOX = "https://sandbox.zenodo.org/api"
RECORD = minimal()["id"]
DOI = "10.5281/zenodo.7"
TEST_DOI = "10.5072/zenodo.7"
RESERVED = Deposit(ZENODO, RECORD, "1", "7", "6", DOI, Stage.RESERVED)

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
md5 = st.text("0123456789abcdef", min_size=32, max_size=32)
deposits = st.builds(
    Deposit,
    host=st.sampled_from([ZENODO, SANDBOX, "http://127.0.0.1:5000/api"]),
    record=st.uuids().map(str),
    version=texts,
    draft=st.integers(1).map(str),
    parent=st.sampled_from(["", "6", "abcde-12345"]),
    doi=st.sampled_from(["", DOI, TEST_DOI]),
    stage=st.sampled_from(Stage),
    files=st.dictionaries(texts, st.builds(Checksum, md5, st.integers(0))),
    metadata=st.sampled_from(["", "0" * 64]),
    previous=st.lists(st.sampled_from([DOI, "10.5281/zenodo.5"])).map(tuple),
)


@given(deposits)
def test_what_is_written_is_read(tmp_path_factory, deposit):
    path = tmp_path_factory.mktemp("lock") / "x.zenodo.json"
    write_deposit(path, deposit)
    assert read_deposit(path) == deposit


@pytest.mark.parametrize("length", [242, 243, 244, 250, 255])
@pytest.mark.parametrize("ending", [".json", ".yaml", ".jsonl"])
def test_a_record_whose_name_leaves_no_room_for_a_lock_file_has_none(tmp_path, length, ending):
    record = tmp_path / ("n" * (length - len(ending)) + ending)
    record.touch()  # a file can have this name
    assert deposit_of(record) is None


def test_moments_of_publication_are_kept_as_moments(tmp_path):
    path = tmp_path / "x.zenodo.json"
    times = ("2026-11-20T10:00:00+01:00", "2026-11-19T10:00:00+00:00")
    write_deposit(path, replace(RESERVED, published_at=times[0], published_before=times[1:]))
    found = read_deposit(path)
    assert (found.published_at, *found.published_before) == times


def test_equal_deposits_give_equal_bytes_whatever_the_order_of_their_files(tmp_path):
    files = {"b": Checksum("0" * 32, 1), "a": Checksum("1" * 32, 2)}
    for name, order in (("one", files), ("two", dict(reversed(files.items())))):
        write_deposit(tmp_path / name, replace(RESERVED, files=MappingProxyType(order)))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_file_says_all_that_a_deposit_holds(tmp_path):
    write_deposit(tmp_path / "x", RESERVED)
    written = json.loads((tmp_path / "x").read_text())
    assert written.keys() == {"schema", *(field.name for field in fields(Deposit))}
    assert written["schema"] == "reportgen-zenodo-v1"


def test_where_there_is_no_file_there_is_no_deposit(tmp_path):
    assert read_deposit(tmp_path / "x.zenodo.json") is None
    assert deposit_of(tmp_path / "x.json") is None


def test_the_lock_file_lies_beside_the_record():
    assert lock_path(Path("a/x.json")) == Path("a/x.zenodo.json")


def broken(tmp_path, **changes):
    path = tmp_path / "x.zenodo.json"
    write_deposit(path, RESERVED)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    with pytest.raises(RecordError) as caught:
        read_deposit(path)
    return caught.value.problems


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"draft": "../7"}, "/draft"),
        ({"draft": ""}, "/draft"),
        ({"host": "ftp://zenodo.org"}, "/host"),
        ({"host": "https://me:secret@zenodo.org/api"}, "/host"),
        ({"stage": "sent"}, "/stage"),
        ({"files": {"a.pdf": {"md5": "x", "size": 1}}}, "/files/a.pdf/md5"),
        ({"files": {"a.pdf": {"md5": "0" * 32, "size": -1}}}, "/files/a.pdf/size"),
        ({"token": "secret"}, "/token"),
        ({"metadata": "abc"}, "/metadata"),
        ({"previous": ["no doi"]}, "/previous/0"),
    ],
)
def test_a_broken_lock_file_is_refused_with_its_place(tmp_path, changes, pointer):
    problem = broken(tmp_path, **changes)[0]
    assert problem.code == "zenodo-lock-invalid"
    assert problem.where.pointer.startswith(pointer)
    assert problem.where.file.endswith("x.zenodo.json")
    assert "secret" not in str(problem)


def test_text_that_is_no_json_is_refused_with_line_and_column(tmp_path):
    path = tmp_path / "x.zenodo.json"
    path.write_text('{\n  "host": \n')
    with pytest.raises(RecordError) as caught:
        read_deposit(path)
    assert (only(caught.value.problems).where.line, only(caught.value.problems).where.column) == (3, 0)


def test_a_lock_file_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / "x.zenodo.json").mkdir()
    with pytest.raises(RecordError) as caught:
        read_deposit(tmp_path / "x.zenodo.json")
    assert only(caught.value.problems).code == "zenodo-lock-unreadable"


def test_a_full_disk_leaves_the_lock_file_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "x.zenodo.json"
    write_deposit(path, RESERVED)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("reportgen.base.paths.os.fsync", full)
    with pytest.raises(OutputError) as caught:
        write_deposit(path, replace(RESERVED, stage=Stage.UPLOADED))
    assert "No space left" in str(caught.value)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("host", "doi", "sandbox"),
    [
        (ZENODO, DOI, False),
        (SANDBOX, TEST_DOI, True),
        (SANDBOX, DOI, True),
        (ZENODO, TEST_DOI, True),
        ("http://127.0.0.1:5000/api", DOI, True),
        ("http://[::1]:5000/api", DOI, True),
        ("http://localhost/api", DOI, True),
        ("https://data.example.org/api", "10.1234/data.7", False),
        ("https://notsandbox.zenodo.org/api", DOI, False),
        ("", DOI, False),
        ("", "10.50720/x", False),
    ],
)
def test_what_cannot_be_cited_is_a_sandbox(host, doi, sandbox):
    assert is_sandbox(host, doi) is sandbox


def lay_out(folder, deposit=RESERVED, **changes):
    path = write_record(folder / "record.json", **changes)
    write_deposit(lock_path(path), deposit)
    return path


def refused(loaded, given=None):
    with pytest.raises(RecordError) as caught:
        registration_for(loaded, given)
    return only(caught.value.problems)


def beside(folder, deposit=RESERVED, **changes):
    lay_out(folder, deposit)
    return load(folder, **changes)


def test_the_reserved_doi_is_printed(tmp_path):
    assert registration_for(beside(tmp_path)) == (Registration(DOI, sandbox=False), [])
    assert deposit_of(tmp_path / "record.json").registration == Registration(DOI, sandbox=False)


def test_before_one_is_reserved_there_is_none(tmp_path):
    assert registration_for(beside(tmp_path, replace(RESERVED, doi=""))) == (None, [])


def test_the_records_own_doi_is_printed_without_a_lock_file(tmp_path):
    assert registration_for(load(tmp_path, doi=DOI)) == (Registration(DOI, sandbox=False), [])
    assert registration_for(load(tmp_path, doi=TEST_DOI)) == (Registration(TEST_DOI, sandbox=True), [])
    assert registration_for(load(tmp_path)) == (None, [])


def test_the_same_doi_in_both_is_no_conflict(tmp_path):
    assert registration_for(beside(tmp_path, doi=DOI.upper()))[0] == Registration(DOI, sandbox=False)


def test_another_doi_in_the_record_is_an_error_with_both_places(tmp_path):
    problem = refused(beside(tmp_path, doi="10.1234/other"))
    assert problem.code == "doi-conflict"
    assert (problem.where.pointer, problem.where.line) == ("/doi", 7)
    assert all(part in problem.message for part in ("10.1234/other", DOI, "record.zenodo.json"))
    assert "leave `doi` out" in problem.hint


def test_the_doi_of_another_version_is_not_printed_and_that_is_said(tmp_path):
    found, problems = registration_for(beside(tmp_path, version="2"))
    assert found is None
    problem = only(problems)
    assert (problem.code, problem.level) == ("doi-of-other-version", Level.WARNING)
    assert "reportgen zenodo new-version" in problem.hint


def test_a_new_version_that_still_states_the_old_doi_is_refused(tmp_path):
    problem = refused(beside(tmp_path, version="2", doi=DOI))
    assert problem.code == "doi-conflict"
    assert "version 1" in problem.message


def test_another_version_without_a_doi_is_nothing_to_say(tmp_path):
    assert registration_for(beside(tmp_path, replace(RESERVED, doi=""), version="2")) == (None, [])


def test_the_lock_file_of_another_record_is_refused(tmp_path):
    other = replace(RESERVED, record="99999999-2222-4333-8444-555555555555")
    problem = refused(beside(tmp_path, other))
    assert problem.code == "doi-of-other-record"
    assert other.record in problem.message


def test_a_record_among_many_in_one_file_has_no_lock_file(tmp_path):
    write_deposit(tmp_path / "many.zenodo.json", RESERVED)
    assert deposit_of(tmp_path / "many.jsonl") is None
    assert deposit_of(tmp_path / "many.json") is not None


def test_validate_says_what_compile_would(tmp_path):
    path = lay_out(tmp_path, version="2")
    settings = Settings(root=tmp_path)
    assert "doi-of-other-version" in {problem.code for problem in validate_record(path, settings)}
    ignored = settings.model_copy(update={"levels": {"doi-of-other-version": "ignore"}})
    assert "doi-of-other-version" not in {problem.code for problem in validate_record(path, ignored)}
    strict = validate_record(path, settings, strict=True)
    assert Level.ERROR in {p.level for p in strict if p.code == "doi-of-other-version"}


def test_a_reserved_doi_counts_as_an_archive_and_a_sandboxs_does_not(tmp_path):
    record = load(tmp_path).record
    real, trial = Registration(DOI, sandbox=False), Registration(TEST_DOI, sandbox=True)
    assert derive(as_registered(record, real), "", "extracted", Policy()).provenance.externally_archived
    assert not derive(as_registered(record, trial), "", "extracted", Policy()).provenance.externally_archived
    own = load(tmp_path, doi=TEST_DOI).record
    assert not derive(as_registered(own, trial), "", "extracted", Policy()).provenance.externally_archived
    assert as_registered(record, None) == record


def xmp_of(pdf):
    with pikepdf.open(pdf) as opened:
        links = [
            str(annotation.A.URI)
            for page in opened.pages
            for annotation in page.get("/Annots", [])
            if "/A" in annotation and "/URI" in annotation.A
        ]
        return opened.Root.Metadata.read_bytes().decode(), links


def test_a_reserved_doi_stands_wherever_a_doi_stands(compiled):
    report = compiled("doi_reserved")
    xmp, links = xmp_of(report.pdf)
    assert report.text.count(f"doi:{DOI}") == 3, "title, citation and provenance"
    assert "reserved for this report" in re.sub(r"\s+", " ", report.text)
    assert "not citable" not in report.text
    assert f"<prism:doi>{DOI}</prism:doi>" in xmp
    assert f"doi:{DOI}" in xmp
    assert f"https://doi.org/{DOI}" in links
    manifest = json.loads(extract(report.pdf)["manifest.json"])
    assert (manifest["doi"], manifest["sandbox"]) == (DOI, False)
    assert "doi" not in json.loads(extract(report.pdf)["record.json"])


def test_a_sandboxs_doi_says_so_and_leads_nowhere(compiled):
    report = compiled("doi_sandbox")
    xmp, links = xmp_of(report.pdf)
    text = re.sub(r"\s+", " ", report.text)
    assert f"doi:{TEST_DOI} (test system, not citable)" in text
    assert "Trial copy: its DOI comes from a test system" in text
    assert f"doi:{TEST_DOI} comes from a test system and cannot be cited." in text
    assert f"<prism:doi>{TEST_DOI}</prism:doi>" in xmp
    assert "Trial copy" in xmp
    assert not [link for link in links if "doi.org" in link]
    manifest = json.loads(extract(report.pdf)["manifest.json"])
    assert (manifest["doi"], manifest["sandbox"]) == (TEST_DOI, True)


@pytest.mark.parametrize(("language", "said"), [("de", "nicht zitierbar"), ("fr", "non citable")])
def test_other_languages_say_it_too(tmp_path, language, said):
    path = deposited(SANDBOX, TEST_DOI, language=language)(tmp_path)
    settings = Settings(root=tmp_path, engine="pdftex")
    report = make_report(path, settings)
    tex = next(content for name, content in report.tex_files.items() if name.endswith(".tex")).decode()
    assert tex.count(said.split()[-1]) >= 2, "in the title and in the notice above it"
    assert said in tex


@pytest.mark.parametrize("name", ["doi_reserved", "doi_sandbox"])
def test_a_report_with_a_doi_is_rebuilt_from_what_is_inside(compiled, name, tmp_path):
    copy = tmp_path / "alone.pdf"
    copy.write_bytes(compiled(name).pdf.read_bytes())
    assert verify(copy).outcome is Comparison.IDENTICAL


def with_manifest(source, target, **changes):
    with pikepdf.open(source) as pdf:
        manifest = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
        content = (json.dumps({**manifest, **changes}, indent=2, sort_keys=True) + "\n").encode()
        pdf.Root.AF[-1].EF.F.write(content)
        pdf.save(target)
    return target


@pytest.mark.parametrize("changes", [{"doi": "10.5281/zenodo.8"}, {"doi": None}, {"sandbox": True}])
def test_an_altered_doi_is_found(compiled, tmp_path, changes):
    altered = with_manifest(compiled("doi_reserved").pdf, tmp_path / "altered.pdf", **changes)
    assert json.loads(extract(altered)["manifest.json"]) | changes == json.loads(
        extract(altered)["manifest.json"]
    )
    assert verify(altered).outcome is Comparison.DIFFERENT


@pytest.mark.parametrize("doi", ["no doi", "x\ny"])
def test_a_manifest_whose_doi_is_none_is_found(compiled, tmp_path, doi):
    altered = with_manifest(compiled("doi_reserved").pdf, tmp_path / "altered.pdf", doi=doi)
    with pytest.raises(AlteredError, match="names no DOI"):
        verify(altered)


def test_the_pdf_depends_on_the_doi_alone(compiled, tmp_path):
    path = CASES["doi_reserved"].lay_out(tmp_path)
    later = replace(
        read_deposit(lock_path(path)),
        stage=Stage.PUBLISHED,
        draft="8",
        parent="5",
        files=MappingProxyType({"a.pdf": Checksum("0" * 32, 1)}),
        metadata="0" * 64,
        published_at="2026-11-20T10:00:00+00:00",
    )
    write_deposit(lock_path(path), later)
    assert make_report(path, Settings(root=tmp_path)).pdf == compiled("doi_reserved").pdf.read_bytes()


def test_a_report_with_a_doi_can_be_built_twice_elsewhere(compiled):
    record = compiled("doi_reserved").record
    assert (
        check_reproducible(record, Settings(root=record.parent)) == compiled("doi_reserved").pdf.read_bytes()
    )


class TestBatch:
    @pytest.fixture
    def project(self, tmp_path, monkeypatch):
        monkeypatch.setattr(pool, "build_one", make_quickly)
        project = Project.lay_out(tmp_path, records=2)
        project.batch()
        return project

    def reasons(self, project):
        found = [outcome.reasons for outcome in project.batch(check=True)]
        project.batch()
        assert [outcome.reasons for outcome in project.batch(check=True)] == [(), ()]
        return found

    def deposit(self, project, **changes):
        path = project.records / "0.json"
        record = json.loads(path.read_text())
        deposit = replace(RESERVED, record=record["id"], version=record.get("version", "1"), **changes)
        write_deposit(lock_path(path), deposit)

    def test_a_reserved_doi_asks_for_a_new_report_and_nothing_else_of_a_deposit_does(self, project):
        self.deposit(project, doi="")
        assert self.reasons(project) == [(), ()]
        self.deposit(project)
        assert self.reasons(project) == [("the reserved DOI changed",), ()]
        self.deposit(project, stage=Stage.UPLOADED, draft="8", metadata="0" * 64)
        assert self.reasons(project) == [(), ()]
        self.deposit(project, host=SANDBOX)
        assert self.reasons(project) == [("the reserved DOI changed",), ()]
        lock_path(project.records / "0.json").unlink()
        assert self.reasons(project) == [("the reserved DOI changed",), ()]

    def test_a_broken_lock_file_fails_its_record_alone(self, project):
        lock_path(project.records / "0.json").write_text("{")
        first, second = project.batch(check=True)
        assert first.problems[0].code == "zenodo-lock-invalid"
        assert second.status is Status.UNCHANGED


def test_the_module_knows_no_token():
    assert "token" not in {field.name for field in fields(Deposit)}
    assert "token" not in {field.name for field in fields(registration._LockFile)}
