"""A site of a few reports: what is in it, what a second build touches, and what becomes of records that are gone."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from lxml import etree

import vnu
from minimal_record import claim
from reportgen.base.errors import OutputError
from reportgen.base.paths import hidden_name, is_unfinished
from reportgen.pipeline.batch.inputs import SITE_LEDGER, find_sources
from reportgen.pipeline.batch.outcome import Status
from reportgen.site import files, page_files, shared
from reportgen.site.build import SiteBuild
from reportgen.site.layout import version_order
from reportgen.site.search import SearchIndexError
from site_project import FIRST, GERMAN, PAPER, SECOND, Site, dead_links, lay_out

URL = "https://example.org/reports/"
NEWEST = f"report/{FIRST}/v2/index.html"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Site:
    """A site with search, feed and PDFs, which no test changes."""
    site = lay_out(tmp_path_factory.mktemp("built"))
    site.batch()
    assert {outcome.status for outcome in site.build(base_url=URL)} == {Status.BUILT}
    assert not site.said
    return site


@pytest.fixture
def site(tmp_path, monkeypatch) -> Site:
    """A site without search, to be changed."""
    monkeypatch.setattr(shared, "pagefind_version", missing)
    site = lay_out(tmp_path / "project")
    site.batch()
    site.build()
    return site


def missing() -> str:
    raise SearchIndexError("pagefind is not installed", "install it")


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} - {
        SITE_LEDGER
    }


def test_every_version_has_a_page_with_its_pdf_beside_it(built):
    for identity, version in ((FIRST, "1"), (FIRST, "2"), (SECOND, "1"), (GERMAN, "1")):
        folder = built.folder / "report" / identity / f"v{version}"
        (pdf,) = folder.glob("*.pdf")
        (original,) = (built.project.out).glob(f"{identity[:8]}-{version}.pdf")
        assert pdf.read_bytes() == original.read_bytes()
        assert pdf.name in (folder / "index.html").read_text()
        assert list(folder.glob("*.md"))


def test_the_address_of_a_report_leads_to_its_newest_version(built):
    page = built.page(f"report/{FIRST}/index.html")
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url=../../{NEWEST}"]
    assert page.xpath("//main//a/@href") == [f"../../{NEWEST}"]
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{URL}report/{FIRST}/v2/"]


def test_no_link_is_dead(built):
    assert len(built.pages()) >= 13
    assert dead_links(built) == []


def test_pages_are_valid_html(built):
    vnu.require()
    kinds = [
        "index.html",
        "404.html",
        "about/index.html",
        "source/index.html",
        built.source_page("doi-"),
        f"report/{FIRST}/index.html",
        NEWEST,
    ]
    found = vnu.errors(*(built.folder / name for name in kinds))
    # The checker knows an older Content-Security-Policy than the browsers do: one without WebAssembly.
    assert [each for each in found if "'wasm-unsafe-eval'" not in each] == []


def test_the_list_has_the_newest_version_of_each_report_the_latest_first(built):
    titles = [
        " ".join(each.text_content().split())
        for each in built.page("index.html").xpath("//ol[@class='reports']/li/h2")
    ]
    assert titles == [
        "Early stopping and calibration",
        "Tokens & <b>throughput</b>",
        "Überkalibrierung großer Modelle",
    ]
    assert "Corrected" in built.text("index.html")


def test_a_source_has_one_page_with_every_claim_that_rests_on_it(built):
    page = built.page(built.source_page("doi-10-1038"))
    uses = page.xpath("//ol[@class='uses']/li")
    links = [use.xpath("./h3/a/@href")[0] for use in uses]
    assert [link.removeprefix("../../") for link in links] == [
        NEWEST, f"report/{FIRST}/v1/index.html", f"report/{GERMAN}/v1/index.html",
    ]  # fmt: skip
    claims = [" ".join(each.text_content().split()) for each in uses[1].xpath("./ul/li")]
    assert claims[0].startswith("C1 verified · supports it Early stopping")
    assert claims[1].startswith("C2 not verified · contradicts it Later stopping")
    assert uses[1].xpath("./ul/li/p/a/@href")[1].endswith("v1/index.html#claim-later")
    assert "an older version" in " ".join(uses[1].text_content().split())
    assert "an older version" not in uses[0].text_content()


def test_what_a_record_assigns_as_a_whole_is_not_said_to_support(built):
    name = built.source_page("arxiv-2402-18571")
    assert "assigned to it by the record as a whole" in built.text(name)
    assert "supports it" not in built.text(name)
    assert built.page(name).xpath("//math")


def test_words_are_explained_as_the_policy_has_them(built, tmp_path):
    assert "Reports have no quality tiers here." in built.text("about/index.html")
    other = lay_out(tmp_path, "")
    other.build()
    said = other.text("about/index.html")
    assert "Flagship candidate (from 8.5, with five claims and with an external archive)" in said
    assert "Nothing here has been proved or reproduced." in said
    assert "Public record" not in said


def test_the_feed_says_when_records_changed_and_links_to_pages(built):
    feed = etree.parse(built.folder / "feed.atom")
    assert feed.xpath("string(/a:feed/a:updated)", namespaces=ATOM) == "2026-06-03T00:00:00Z"
    entries = feed.xpath("/a:feed/a:entry", namespaces=ATOM)
    assert [each.xpath("string(a:title)", namespaces=ATOM) for each in entries] == [
        "Early stopping and calibration [Corrected]", "Tokens & <b>throughput</b>", "Überkalibrierung großer Modelle",
    ]  # fmt: skip
    for address in feed.xpath("//a:link/@href", namespaces=ATOM):
        path = address.removeprefix(URL)
        assert (built.folder / path / ("index.html" if path.endswith("/") or not path else "")).is_file(), (
            address
        )
    assert entries[0].xpath("string(a:id)", namespaces=ATOM) == f"urn:uuid:{FIRST}"


def test_the_sitemap_names_the_newest_versions_and_no_other(built):
    listed = etree.parse(built.folder / "sitemap.xml").xpath("//s:loc/text()", namespaces=SITEMAP)
    assert all((built.folder / each.removeprefix(URL) / "index.html").is_file() for each in listed)
    reports = [each for each in listed if "/report/" in each]
    assert f"{URL}report/{FIRST}/v2/" in reports
    assert len(reports) == 3
    assert f"Sitemap: {URL}sitemap.xml" in (built.folder / "robots.txt").read_text()


def test_many_pages_are_listed_in_several_sitemaps(site, monkeypatch):
    monkeypatch.setattr("reportgen.site.feeds.IN_SITEMAP", 4)
    monkeypatch.setattr(shared, "__version__", "next")
    site.build(base_url=URL)
    parts = etree.parse(site.folder / "sitemap.xml").xpath(
        "/s:sitemapindex/s:sitemap/s:loc/text()", namespaces=SITEMAP
    )
    assert len(parts) == 2
    counts = [
        len(etree.parse(site.folder / each.removeprefix(URL)).xpath("//s:url", namespaces=SITEMAP))
        for each in parts
    ]
    assert counts == [4, 4]


def test_a_site_that_does_not_know_its_address_invents_none(site):
    assert not {"feed.atom", "sitemap.xml"} & site.files().keys()
    assert (site.folder / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    for name in site.pages():
        assert not re.search(r"canonical|citation_pdf_url", (site.folder / name).read_text())


def test_a_long_list_stands_on_several_pages(site, monkeypatch):
    monkeypatch.setattr("reportgen.site.overview.A_PAGE", 2)
    monkeypatch.setattr(shared, "__version__", "next")
    site.build()
    assert {"index.html", "page/2/index.html"} <= site.pages()
    assert "page/3/index.html" not in site.pages()
    assert site.page("index.html").xpath("//a[@rel='next']/@href") == ["page/2/index.html"]
    assert site.page("page/2/index.html").xpath("//a[@rel='prev']/@href") == ["../../index.html"]
    assert len(site.page("page/2/index.html").xpath("//ol[@class='reports']/li")) == 1
    assert dead_links(site) == []
    monkeypatch.setattr("reportgen.site.overview.A_PAGE", 50)
    monkeypatch.setattr(shared, "__version__", "last")
    site.build()
    assert "page/2/index.html" not in site.pages()
    assert not (site.folder / "page").exists()


def test_a_second_build_touches_no_file(site, monkeypatch):
    before = site.stamps()
    assert {outcome.status for outcome in site.build()} == {Status.UNCHANGED}
    assert site.stamps() == before
    # Without what this machine remembers, files are read, and still not written.
    monkeypatch.setattr(files, "find", lambda *_: None)
    assert {outcome.status for outcome in site.build()} == {Status.UNCHANGED}
    assert site.stamps() == before


def test_two_builds_give_the_same_bytes_wherever_they_are(built, tmp_path, monkeypatch):
    shutil.copytree(built.project.root, tmp_path / "copy", ignore=shutil.ignore_patterns("site"))
    copy = Site(type(built.project)(tmp_path / "copy"), tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.time", lambda: 4e9)
    copy.build(base_url=URL)
    assert changed(built.files(), copy.files()) == set()
    assert copy.files()[SITE_LEDGER] == built.files()[SITE_LEDGER]


def test_workers_write_the_same_bytes(site, tmp_path):
    several = Site(site.project, tmp_path / "several")
    several.build(jobs=2)
    assert changed(site.files(), several.files()) == set()


def test_a_changed_record_changes_its_page_its_sources_and_the_lists_alone(site):
    before = site.files()
    site.project.write(
        "second.json",
        1,
        title="Tokens and latency",
        date="2026-06-02",
        lead_source={"arxiv": "2402.18571v3"},
        claims=[claim("Latency falls.")],
    )
    site.batch()
    outcomes = site.build()
    assert [outcome.status for outcome in outcomes].count(Status.BUILT) == 1
    own = {name for name in site.files() if SECOND in name}
    lists = {"index.html", "assets/titles.js", site.source_page("arxiv-2402-18571")}
    found = changed(before, site.files())
    assert found <= own | lists
    assert lists < found


def test_the_page_of_a_record_that_is_gone_goes_with_its_sources(site):
    site.project.records.joinpath("second.json").unlink()
    site.build()
    assert not (site.folder / "report" / SECOND).exists()
    assert not [name for name in site.pages() if "arxiv-2402-18571" in name]
    assert "Tokens" not in site.text("index.html")
    assert dead_links(site) == []


def test_files_of_others_stay(site):
    kept = [
        site.folder / "CNAME",
        site.folder / "report" / SECOND / "v1" / "notes.txt",
        site.folder / "assets" / "own.css",
    ]
    for path in kept:
        path.write_text("mine")
    site.project.records.joinpath("second.json").unlink()
    site.build()
    assert [path.read_text() for path in kept] == ["mine"] * 3
    assert not (site.folder / "report" / SECOND / "v1" / "index.html").exists()


def test_nothing_is_put_over_a_file_of_others(tmp_path):
    site = lay_out(tmp_path / "project")
    site.folder.mkdir()
    (site.folder / "index.html").write_text("my page")
    with pytest.raises(OutputError) as caught:
        site.build()
    (problem,) = caught.value.problems
    assert problem.code == "site-occupied"
    assert (site.folder / "index.html").read_text() == "my page"


@pytest.mark.parametrize("change", ["altered", "removed"])
def test_a_file_that_was_altered_or_removed_is_made_again(site, change):
    before = site.files()
    for name in (NEWEST, "index.html", site.source_page("doi-"), "assets/site.css"):
        path = site.folder / name
        if change == "altered":
            path.write_bytes(before[name].replace(b"a", b"b"))
        else:
            path.unlink()
    site.build()
    assert site.files() == before


def test_a_ledger_of_a_stranger_removes_nothing_outside(site, tmp_path):
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    link = site.folder / "report" / "link"
    link.symlink_to(tmp_path)
    lines = [
        {"address": "report/x/v1/", "key": "k", "files": {"../../../../../victim.txt": "", str(victim): ""}},
        {"address": "report/link/v9/../", "key": "k", "files": {"victim.txt": ""}},
        {"address": "source/../../../", "key": "k", "files": {"victim.txt": ""}},
    ]
    with (site.folder / SITE_LEDGER).open("a") as ledger:
        ledger.writelines(json.dumps(line) + "\n" for line in lines)
    site.build()
    assert victim.read_text() == "precious"


class KilledWriter:
    """Writes so many files, and half of one more; then the build is stopped."""

    def __init__(self, files_left: int) -> None:
        self.left = files_left
        self.write = files.write_atomically

    def __call__(self, path, content, *, synced):
        self.left -= 1
        if self.left < 0:
            path.parent.mkdir(parents=True, exist_ok=True)
            hidden_name(path).write_bytes(content[: len(content) // 2])
            raise KeyboardInterrupt
        self.write(path, content, synced=synced)


@pytest.mark.parametrize("stop", range(0, 27, 3))
def test_a_build_that_was_killed_is_completed_by_the_next(site, monkeypatch, stop):
    whole = site.files()
    shutil.rmtree(site.folder)
    monkeypatch.setattr(files, "write_atomically", KilledWriter(stop))
    with pytest.raises(KeyboardInterrupt):
        site.build()
    for name, content in site.files().items():
        assert is_unfinished(name.rpartition("/")[2]) or name == SITE_LEDGER or content == whole[name]
    monkeypatch.undo()
    monkeypatch.setattr(shared, "pagefind_version", missing)
    site.build()
    assert site.files() == whole


def test_a_line_that_was_cut_counts_as_none(site):
    whole = site.files()
    ledger = site.folder / SITE_LEDGER
    ledger.write_bytes(whole[SITE_LEDGER][:-30])
    site.build()
    assert site.files() == whole


def test_a_broken_record_is_told_and_has_no_page(site):
    (site.project.records / "second.json").write_text('{"schema": "reportgen-record-v1", "id": 3}')
    outcomes = site.build()
    assert [outcome.status for outcome in outcomes].count(Status.FAILED) == 1
    assert not (site.folder / "report" / SECOND).exists()
    assert (site.folder / NEWEST).exists()


def test_without_a_pdf_that_is_up_to_date_there_is_none(site):
    site.project.write(
        "second.json", 1, title="Changed since", lead_source=PAPER, claims=[claim("Another one.")]
    )
    (outcome,) = [each for each in site.build() if each.status is Status.BUILT]
    assert "site-without-pdf" in {problem.code for problem in outcome.problems}
    assert not list((site.folder / "report" / SECOND / "v1").glob("*.pdf"))
    assert ".pdf" not in (site.folder / "report" / SECOND / "v1" / "index.html").read_text()
    site.batch()
    site.build()
    assert list((site.folder / "report" / SECOND / "v1").glob("*.pdf"))


def test_a_pdf_is_a_second_name_and_stays_when_the_first_is_replaced(site):
    (pdf,) = (site.folder / "report" / SECOND / "v1").glob("*.pdf")
    before = pdf.read_bytes()
    original = site.project.out / pdf.name
    assert original.samefile(pdf)
    site.project.write("second.json", 1, title="Changed since")
    site.batch()
    assert pdf.read_bytes() == before != original.read_bytes()


def test_versions_that_would_share_an_address_are_told(site):
    site.project.write("dot.json", 7, version="1.0")
    site.project.write("dash.json", 7, version="1-0", date="2026-07-01")
    codes = {
        problem.code
        for outcome in site.build()
        if outcome.status is Status.FAILED
        for problem in outcome.problems
    }
    assert codes == {"name-taken"}


def test_records_of_one_id_and_version_are_told(site):
    shutil.copy(site.project.records / "second.json", site.project.records / "copy.json")
    failed = [outcome for outcome in site.build() if outcome.status is Status.FAILED]
    assert {problem.code for outcome in failed for problem in outcome.problems} >= {"duplicate-id"}
    assert len(failed) == 2


def test_two_builds_do_not_write_into_one_folder(site):
    with SiteBuild(find_sources([site.project.records]), site.options()), pytest.raises(OutputError):
        SiteBuild([], site.options())


def test_a_site_is_not_searched_for_records(site):
    assert list((site.folder / "report").rglob("*.json"))
    found = find_sources([site.project.root / "records", site.project.root])
    assert {source.path.name for source in found} <= {
        "first.json",
        "first-2.json",
        "second.json",
        "german.json",
    }


def test_what_reportgen_itself_does_wrong_fails_one_record(site, monkeypatch):
    site.project.write("second.json", 1, title="Changed since")

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(page_files, "summarise", broken)
    (outcome,) = [each for each in site.build() if each.status is Status.FAILED]
    assert {problem.code for problem in outcome.problems} == {"internal"}


def test_the_command_makes_a_site_and_says_what_it_lacks(tmp_path, run, monkeypatch):
    monkeypatch.setattr(shared, "pagefind_version", missing)
    site = lay_out(tmp_path)
    ended = run("site", "records", "-j", "1", cwd=tmp_path)
    assert ended.code == 0
    assert "the site is in site" in ended.out
    assert "which need --base-url" in ended.err
    assert "search-index" in ended.err
    assert ended.err.count("site-without-pdf") == 1
    assert NEWEST in site.pages()


@pytest.mark.parametrize(
    "url",
    ["example.org", "ftp://example.org", "https://example.org/?a=b", "https://a b/", "javascript:alert(1)"],
)
def test_what_is_no_address_is_refused(tmp_path, run, url):
    assert run("site", "records", "--base-url", url, cwd=tmp_path).code == 2


def test_an_empty_folder_is_told(tmp_path, run):
    (tmp_path / "records").mkdir()
    ended = run("site", "records", cwd=tmp_path)
    assert ended.code == 2
    assert "no-records" in ended.err
    assert not (tmp_path / "site").exists()


def test_a_failed_record_fails_the_command(tmp_path, run, monkeypatch):
    monkeypatch.setattr(shared, "pagefind_version", missing)
    site = lay_out(tmp_path)
    (site.project.records / "second.json").write_text("{")
    ended = run("site", "records", "-j", "1", "--report", "results.json", cwd=tmp_path)
    assert ended.code == 1
    assert json.loads((tmp_path / "results.json").read_text())["counts"]["failed"] == 1
    assert (site.folder / NEWEST).exists()


def test_a_site_without_a_publisher_has_a_name(tmp_path, monkeypatch):
    monkeypatch.setattr(shared, "pagefind_version", missing)
    site = lay_out(tmp_path, settings="")
    site.build()
    for name in ("index.html", NEWEST):
        assert site.page(name).xpath("//a[@class='home']/text()") == ["Reports"]
        assert len(site.page(name).xpath("//header//a")) == 3
    assert site.page("index.html").xpath("//title/text()") == ["Reports"]


def test_versions_are_ordered_as_people_count_however_long_they_are():
    ordered = ["1", "1.9", "1.10", "2", "010", "9" * 5000, "1" + "0" * 5000]
    backwards = ordered[::-1]
    assert sorted(backwards, key=version_order) == ordered
    assert version_order("1.٣") == version_order("1.3")
    assert version_order("x²") < version_order("1")
