"""The site in a browser: search, filters, keys, phones, dark screens; nothing is asked of another host."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_site_build import missing

from reportgen.site import search as search_index
from reportgen.site import shared
from reportgen.site.preview import PreviewServer, State
from site_project import FIRST, GERMAN, SECOND, Site, lay_out

PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Site:
    """Build a site whose index has several parts."""
    site = lay_out(tmp_path_factory.mktemp("browser"))
    site.batch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "_PAGES_A_PART", 1)
        site.build(base_url="https://example.org/")
    assert len(list((site.folder / "pagefind").iterdir())) > 1
    return site


@pytest.fixture(scope="module")
def without_index(tmp_path_factory) -> Site:
    site = lay_out(tmp_path_factory.mktemp("titles"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "pagefind_version", missing)
        site.build()
    return site


def search(page, words):
    page.fill("#words", words)
    page.keyboard.press("Enter")


def test_words_in_reports_are_found_with_the_place_they_stand_in(built, watch):
    watched = watch(built.folder)
    page = watched.open("index.html")
    search(page, "throughput rises")
    expect(page.locator("#found-count")).to_have_text("1 report found.")
    expect(page.locator("#found-list h3")).to_have_text(["Tokens & <b>throughput</b>"])
    expect(page.locator("#found-list mark").first).to_be_visible()
    expect(page.locator("#found-words")).to_contain_text("throughput")
    expect(page.locator("#listed")).to_be_hidden()
    page.click("#found-list a")
    expect(page).to_have_url(re.compile(f"report/{SECOND}/v1/index.html"))
    watched.require_quiet()


@pytest.mark.parametrize("words", ["SRCH:00000001", "tokens", "größerer"], ids=["number", "title", "german"])
def test_a_report_is_found_by_number_title_and_in_its_language(built, watch, words):
    watched = watch(built.folder)
    page = watched.open("index.html")
    search(page, "Größere" if words == "größerer" else words)
    expect(page.locator("#found-count")).to_have_text("1 report found.")
    watched.require_quiet()


def test_a_page_whose_name_in_the_index_is_another_ones_too_is_found_by_its_address(tmp_path, watch):
    site = lay_out(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "fragments_in", lambda *_: {})
        site.build()
    watched = watch(site.folder)
    page = watched.open("index.html")
    search(page, "throughput rises")
    expect(page.locator("#found-count")).to_have_text("1 report found.")
    expect(page.locator("#found-list h3")).to_have_text(["Tokens & <b>throughput</b>"])
    watched.require_quiet()


def test_only_the_newest_version_is_found(built, watch):
    page = watch(built.folder).open("index.html")
    search(page, "Early stopping")
    expect(page.locator("#found-list a").first).to_have_attribute("href", f"report/{FIRST}/v2/index.html")
    expect(page.locator("#found-list h3").filter(has_text="Early stopping and calibration")).to_have_count(1)


def test_words_that_no_report_has_are_said_to_be_missing(built, watch):
    page = watch(built.folder).open("index.html")
    search(page, "throughputless")
    expect(page.locator("#found-count")).not_to_have_text("Searching …")
    if page.locator("#found-list li").count():
        expect(page.locator("#found-words")).to_contain_text("Not found as a whole")
    search(page, "zzzzqqqq")
    expect(page.locator("#found-count")).to_have_text("No report found.")


def test_filters_narrow_down_and_stand_in_the_address(built, watch):
    watched = watch(built.folder)
    page = watched.open("index.html")
    page.select_option("#filter-year", "2025")
    expect(page.locator("#found-count")).to_have_text("1 report found.")
    expect(page.locator("#found-list h3")).to_have_text(["Überkalibrierung großer Modelle"])
    assert page.url.endswith("?year=2025")
    page.reload()
    expect(page.locator("#found-count")).to_have_text("1 report found.")
    page.click("#clear")
    expect(page.locator("#listed")).to_be_visible()
    expect(page.locator("#words")).to_be_focused()
    watched.require_quiet()


def test_the_reports_that_rest_on_a_source_can_be_searched(built, watch):
    watched = watch(built.folder)
    page = watched.open(built.source_page("doi-10-1038"))
    page.click("text=Search in these reports")
    expect(page.locator("#found-count")).to_have_text("2 reports found.")
    expect(page.locator("#source-link")).to_contain_text("10.1038/s41592-019-0686-2")
    search(page, "Modelle")
    expect(page.locator("#found-count")).to_have_text("1 report found.")
    watched.require_quiet()


def test_all_can_be_done_with_keys_alone(built, watch):
    page = watch(built.folder).open("index.html")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#words")).to_be_focused()
    page.keyboard.type("tokens")
    expect(page.locator("#found-count")).to_have_text("1 report found.")
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    expect(page.locator("#words")).to_have_value("")


def test_without_an_index_titles_are_searched(without_index, watch):
    watched = watch(without_index.folder)
    page = watched.open("index.html")
    expect(page.locator("label[for=words]")).to_have_text("Words in the titles")
    search(page, "uberkalibrierung")
    expect(page.locator("#found-list a")).to_have_attribute("href", f"report/{GERMAN}/v1/index.html")
    expect(page.locator("#found-words")).to_have_text("Only titles are searched here.")
    page.select_option("#filter-year", "2026")
    expect(page.locator("#found-count")).to_have_text("No report found.")
    watched.require_quiet()


def test_pages_opened_from_a_disk_read_fine_and_search_titles(built, watch):
    page = watch(built.folder).page
    page.goto(f"file://{built.folder}/index.html")
    search(page, "tokens")
    expect(page.locator("#found-count")).to_have_text("1 report found.")
    page.click("#found-list a")
    expect(page.locator("h1")).to_contain_text("Tokens")


def test_without_scripts_the_lists_are_whole(built, watch):
    page = watch(built.folder, java_script_enabled=False).open("index.html")
    expect(page.locator("#search")).to_be_hidden()
    assert page.locator(".reports > li").count() == 3


def test_the_address_of_a_report_leads_on(built, watch):
    page = watch(built.folder).open(f"report/{FIRST}/index.html")
    page.wait_for_url(re.compile(f"report/{FIRST}/v2/index.html"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier_or_scrolls_sideways(built, watch, scheme):
    watched = watch(built.folder, color_scheme=scheme, **PHONE)
    for place in (
        "index.html",
        "about/index.html",
        "source/index.html",
        built.source_page("doi-"),
        "404.html",
    ):
        page = watched.open(place)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    page = watched.open("index.html?q=calibration")
    page.wait_for_selector("#found-list li")
    assert Axe().run(page).violations_count == 0


def test_the_preview_shows_the_pdf_of_the_report_beside_its_page(built, browser):
    page, faults = browser.new_page(), []
    page.on("console", lambda said: faults.append(said.text))
    with PreviewServer(built.folder) as server:
        server.show(State(1, "ready"))
        page.goto(f"{server.url}#report/{FIRST}/v2/index.html")
        expect(page.frame_locator("#page").locator("h1")).to_have_text("Early stopping and calibration")
        expect(page.locator("#pdf")).to_be_visible()
        page.frame_locator("#page").locator(".masthead .home").click()
        expect(page.locator("#no-pdf")).to_have_text("Open a report on the left to see its PDF here.")
        expect(page.locator("#pdf")).to_be_hidden()
        page.close()
    assert faults == []
