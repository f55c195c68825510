"""A site built into a folder that somebody laid out to do harm: nothing outside of it is written, moved or removed."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from test_site_build import missing

from reportgen.base.errors import OutputError
from reportgen.pipeline.batch.inputs import SITE_LEDGER, find_sources
from reportgen.pipeline.batch.outcome import Status
from reportgen.site import shared
from reportgen.site.build import SiteBuild
from site_project import FIRST, Site, lay_out


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory):
    site = lay_out(tmp_path_factory.mktemp("laid-out") / "project")
    site.batch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "pagefind_version", missing)
        site.build()
    return site


@pytest.fixture
def site(laid_out, tmp_path, monkeypatch):
    """Return the project with a site of its own, built without an index of words."""
    monkeypatch.setattr(shared, "pagefind_version", missing)
    shutil.copytree(laid_out.folder, tmp_path / "site")
    return Site(laid_out.project, tmp_path / "site")


@pytest.fixture
def elsewhere(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "precious.txt").write_text("precious")
    yield folder
    assert {path.name for path in folder.rglob("*")} == {"precious.txt"}


@pytest.mark.parametrize("name", ["assets", "source", "about"])
def test_no_shared_place_is_written_behind_a_link(site, elsewhere, name):
    shutil.rmtree(site.folder)
    site.folder.mkdir()
    (site.folder / name).symlink_to(elsewhere)
    with pytest.raises(OutputError) as caught:
        site.build()
    assert [problem.code for problem in caught.value.problems] == ["site-occupied"]


@pytest.mark.parametrize("name", ["report", f"report/{FIRST}"])
def test_no_page_is_written_behind_a_link(site, elsewhere, name):
    shutil.rmtree(site.folder)
    (site.folder / name).parent.mkdir(parents=True)
    (site.folder / name).symlink_to(elsewhere)
    failed = [each for each in site.build() if each.status is Status.FAILED]
    assert {problem.code for each in failed for problem in each.problems} == {"site-occupied"}
    assert failed


@pytest.mark.parametrize("name", ["pagefind", ".reportgen-pagefind"])
def test_no_index_is_written_or_taken_from_behind_a_link(site, elsewhere, monkeypatch, name):
    monkeypatch.undo()
    (site.folder / name).symlink_to(elsewhere)
    if name == "pagefind":
        with pytest.raises(OutputError, match="lies behind a link"):
            site.build()
    else:
        site.build()
        assert not (site.folder / "pagefind" / "precious.txt").exists()


def test_the_folder_itself_may_be_a_link(site, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(site.folder)
    assert {each.status for each in Site(site.project, link).build()} == {Status.UNCHANGED}


LINES = [
    {"address": 5},
    {"address": "", "files": 5, "key": "a"},
    {"address": "about/", "files": ["index.html"], "key": "a"},
    {"address": "about/", "files": {"index.html": 5}, "key": "a"},
    {"address": "about/", "files": {}, "key": 7},
    {"address": "about/", "files": {}, "key": "a", "summary": [1]},
    {"address": "about/", "unknown": 1},
    [],
    "text",
    None,
    7,
]


@pytest.mark.parametrize(
    "line", [*map(json.dumps, LINES), "\udcff", "[" * 100_000, '{"address":'], ids=range(14)
)
def test_a_line_of_a_ledger_that_is_none_counts_as_none(site, line):
    whole = site.files()
    with (site.folder / SITE_LEDGER).open("a", encoding="utf-8", errors="surrogateescape") as ledger:
        ledger.write(line + "\n")
    site.build()
    assert site.files() == whole


@pytest.mark.parametrize(
    "entry",
    [
        {"address": "report/../mine/", "files": {}},
        {"address": "report/../mine/", "files": {"file": ""}},
        {"address": "source/./../mine/", "files": {"file": ""}},
        {"address": "source/", "files": {"../mine/file": ""}},
        {"address": "/mine/", "files": {"file": ""}},
    ],
    ids=range(5),
)
def test_a_ledger_that_goes_round_about_removes_nothing(site, entry):
    mine = site.folder / "mine" / "file"
    mine.parent.mkdir()
    mine.write_text("mine")
    with (site.folder / SITE_LEDGER).open("a") as ledger:
        ledger.write(json.dumps({**entry, "key": "k"}) + "\n")
    site.build()
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_what_bears_the_name_of_the_ledger_and_is_none_is_said(site, elsewhere, kind):
    ledger = site.folder / SITE_LEDGER
    ledger.unlink()
    if kind == "folder":
        ledger.mkdir()
    elif kind == "pipe":
        os.mkfifo(ledger)
    else:
        ledger.symlink_to(elsewhere / "precious.txt")
    with pytest.raises(OutputError, match="what the site's folder holds is not known"):
        site.build()
    assert (elsewhere / "precious.txt").read_text() == "precious"


def test_the_ledger_outlives_two_builds_that_were_killed(site):
    for number in range(2):
        with (site.folder / SITE_LEDGER).open("a") as ledger:
            ledger.write('{"address":"report/none/v1/","files":{},"key":"","summary":""}\n')
        with SiteBuild(find_sources([site.project.records]), site.options()) as build:
            next(build.outcomes())
        assert f'"address":"report/{FIRST}/v1/"' in (site.folder / SITE_LEDGER).read_text(), number
    site.build()


@pytest.mark.parametrize("place", ["records", ".", "records/.."])
def test_no_site_is_made_where_its_records_lie(site, place):
    records = site.project.records
    before = sorted(path.name for path in records.iterdir())
    with pytest.raises(OutputError, match="in a site no record is found any more"):
        Site(site.project, site.project.root / place).build()
    assert sorted(path.name for path in records.iterdir()) == before
    assert find_sources([records])


def test_two_builds_at_once_do_not_meet(site):
    sources = find_sources([site.project.records])
    with (
        SiteBuild(sources, site.options()),
        pytest.raises(OutputError, match="another build is writing into"),
    ):
        SiteBuild(sources, site.options())
    with SiteBuild(sources, site.options()) as build:
        assert list(build.outcomes())
