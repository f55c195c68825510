"""The site in a browser: search, filters, keys, phones, dark screens; nothing is asked of another host."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_site_build import missing

from batch_project import Project
from reportgen.site import search as search_index
from reportgen.site import shared
from reportgen.site.preview import PreviewServer, State
from site_project import FIRST, GERMAN, SECOND, Site, lay_out

HREFS = "(links) => links.map((link) => link.getAttribute('href'))"
PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Site:
    """Build a site whose index has several parts."""
    site = lay_out(tmp_path_factory.mktemp("browser"))
    site.batch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "_MOST", 1)
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
    expect(page.locator("#found-count")).to_have_text("2 reports found, newest first.")
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


REPORT = f"report/{FIRST}/v2/index.html"


def test_the_citation_is_copied_as_it_is_read(built, watch):
    watched = watch(built.folder, permissions=["clipboard-read", "clipboard-write"])
    page = watched.open(REPORT)
    expect(page.locator(".citation [role=status]")).to_have_text("")
    page.get_by_role("button", name="Copy").press("Enter")
    expect(page.locator(".citation [role=status]")).to_have_text("The citation was copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#page-citation").inner_text()
    assert "Early stopping and calibration" in copied
    watched.require_quiet()


def test_a_citation_that_may_not_be_copied_is_selected(built, watch):
    page = watch(built.folder).open(REPORT)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    page.get_by_role("button", name="Copy").click()
    page.wait_for_function("getSelection().toString().length > 0")
    assert page.evaluate("getSelection().toString()").strip() == page.locator("#page-citation").inner_text()


def test_a_claim_can_be_linked_to_and_all_that_is_linked_to_is_there(built, watch):
    watched = watch(built.folder, viewport={"width": 1200, "height": 400})
    page = watched.open(f"{REPORT}#claim-lowers")
    expect(page.locator("#claim-lowers")).to_be_in_viewport()
    assert page.evaluate("document.querySelector(':target').id") == "claim-lowers"
    for name in ("#page-record", *page.locator(".contents a").evaluate_all(HREFS)):
        page.locator(f".contents a[href='{name}']").click()
        assert page.evaluate("decodeURIComponent(location.hash)") == name
        expect(page.locator(name)).to_be_in_viewport()
    page.locator("#claim-lowers .label").click()
    assert page.evaluate("location.hash") == "#claim-lowers"
    ends = "(links) => links.map((a) => decodeURIComponent(a.hash.slice(1))).filter((it) => !document.getElementById(it))"
    assert page.locator("a[href^='#']").evaluate_all(ends) == []
    watched.require_quiet()


def test_all_that_a_page_offers_can_be_had_from_its_host(built, watch):
    watched = watch(built.folder)
    page = watched.open(REPORT)
    folder = REPORT.rpartition("/")[0]
    (pdf,) = page.locator(".files .button").evaluate_all(HREFS)
    got = page.request.get(f"{watched.address}{folder}/{pdf}")
    assert got.headers["content-type"] == "application/pdf"
    assert got.body() == (built.project.root / "out" / pdf).read_bytes()
    offered = page.locator(".file-list a, .formats a").evaluate_all(HREFS)
    assert len(offered) > 6
    for name in offered:
        got = page.request.get(f"{watched.address}{folder}/{name}")
        assert (got.status, got.body()) == (200, (built.folder / folder / name).read_bytes()), name
    watched.require_quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_printed_page_is_the_report_on_white_paper(built, watch, scheme):
    watched = watch(built.folder, color_scheme=scheme)
    page = watched.open(REPORT)
    claim = page.locator(".claim .said p").first.inner_text()
    headings = page.locator(".text h2").all_inner_texts()
    page.emulate_media(media="print", color_scheme=scheme)
    for name in (".masthead", ".skip", ".files", ".contents", ".formats"):
        expect(page.locator(name)).to_be_hidden()
    with pypdfium2.PdfDocument(page.pdf(format="A4", print_background=True)) as printed:
        text = " ".join(sheet.get_textpage().get_text_bounded() for sheet in printed)
        corner = printed[0].render(scale=0.2).to_numpy()[2, 2]
    assert corner.min() == 255
    words = " ".join(text.split())
    for each in ("Early stopping and calibration", "One claim was withdrawn", claim, *headings):
        assert each in words
    watched.require_quiet()


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Site:
    """Build a site of 26 reports, of which the 22 newest are a part of the index of their own."""
    root = tmp_path_factory.mktemp("many")
    project = Project.lay_out(root)
    for number in range(26):
        project.write(
            f"{number}.json",
            number,
            title=f"Report {number}" if number != 3 else "Report on quokkas",
            date=f"2026-05-{number + 1:02}",
        )
    site = Site(project, root / "site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "_MOST", 22)
        site.build()
    return site


def test_the_newest_that_are_found_are_shown_before_the_others_are_searched(many, watch):
    watched = watch(many.folder)
    page, held = watched.page, []
    page.goto(watched.address + "index.html")
    newest, oldest = page.locator("#search").get_attribute("data-parts").split()
    page.context.route(f"**/pagefind/{oldest}/index/*", lambda route: held.append(route))  # noqa: PLW0108 - it marks what it is given
    search(page, "claim")
    expect(page.locator("#found-list > li")).to_have_count(20)
    expect(page.locator("#found-list h3").first).to_have_text("Report 25")
    expect(page.locator("#found-list .excerpt mark").first).to_be_visible()
    expect(page.locator("#found-count")).to_have_text("Searching …")
    expect(page.locator("#more")).to_be_hidden()
    for each in held:
        each.continue_()
    expect(page.locator("#found-count")).to_have_text("26 reports found, newest first.")
    page.click("#more")
    titles = [f"Report {number}" if number != 3 else "Report on quokkas" for number in reversed(range(26))]
    expect(page.locator("#found-list h3")).to_have_text(titles)
    expect(page.locator("#more")).to_be_hidden()
    assert newest != oldest
    watched.require_quiet()


def test_of_few_that_are_found_all_are_shown_at_once(many, watch):
    watched = watch(many.folder)
    page = watched.open("index.html?q=report+quokkas")
    expect(page.locator("#found-count")).to_have_text("1 report found.")
    expect(page.locator("#found-list h3")).to_have_text(["Report on quokkas"])
    watched.require_quiet()


def test_when_a_part_of_the_index_cannot_be_read_titles_are_searched_and_that_is_said(many, watch):
    page = watch(many.folder).open("index.html")
    oldest = page.locator("#search").get_attribute("data-parts").split()[1]
    page.context.route(f"**/pagefind/{oldest}/pagefind-entry.json*", lambda route: route.abort())
    search(page, "report")
    expect(page.locator("#found-words")).to_have_text(
        "The search index cannot be read here. Only titles are searched."
    )
    expect(page.locator("#found-count")).to_have_text("26 reports found, newest first.")
    search(page, "quokkas")
    expect(page.locator("#found-list h3")).to_have_text(["Report on quokkas"])
    expect(page.locator("#found-count")).to_have_text("1 report found.")
