"""Hostile texts in every field of records and settings: no page of theirs runs, loads, hides or breaks anything."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest
from lxml import etree
from playwright.sync_api import expect

import site_pages
from attacked_records import Attacked, attack
from batch_project import Project
from hostile import BIB_ENTRIES
from injections import ADDRESSES, LONGEST_WORD, TEXTS
from minimal_record import claim, minimal
from reportgen.base.characters import normalise
from reportgen.base.errors import RecordError
from reportgen.pipeline.batch.outcome import Status
from reportgen.record import read_record
from site_project import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


PHONE = {"viewport": {"width": 360, "height": 740}}
ALL = list(TEXTS.values())
SETTINGS = f"""\
name_pattern = "javascript:window.pwned=1#?%41 &'<b>-{{id8}}-{{version}}.pdf"
[publisher]
name = '"><img src=x onerror=window.pwned=1>{LONGEST_WORD[:80]}'
url = "https://example.org/?a=1&b='\\"><script>"
[policy]
name = "assignee"
[[policy.tiers]]
name = "\\" onfocus=window.pwned=1 x=\\" {LONGEST_WORD[:30]}"
lowest_score = 7.2
[[policy.tiers]]
name = "</option></select><script>window.pwned=1</script>"
"""
BIB = """
@misc{bib-script,
  author = {{<script>window.pwned=1</script>}},
  title = {<img src=x onerror=window.pwned=1> \\\\" onfocus="window.pwned=1" & {{7*7}}},
  url = {javascript:window.pwned=1},
  note = {<svg onload=window.pwned=1>},
  year = {2024},
}
"""
WATCH = """
window.seen = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => seen.push(name);
addEventListener("securitypolicyviolation", (event) => seen.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
# What a page is made of, whether it is shown or only read.
STRUCTURE = """
(text) => {
  const page = text === null ? document : new DOMParser().parseFromString(text, "text/html");
  const all = [...page.querySelectorAll("*")], main = page.querySelector("main");
  const attributes = all.flatMap((each) => [...each.attributes].map(({ name, value }) => [each.localName, name, value]));
  const ids = all.map((each) => each.id).filter(Boolean);
  return {
    elements: [...new Set(all.map((each) => each.localName))],
    scripts: [...page.scripts].map((each) => each.getAttribute("src") || each.type),
    handlers: attributes.filter(([, name]) => name.startsWith("on")),
    addresses: attributes.filter(([, name]) => /^(href|src|srcset|action|formaction|data|poster|xlink:href)$/.test(name)),
    twice: ids.filter((id, at) => ids.indexOf(id) !== at),
    equivalents: [...page.querySelectorAll("[http-equiv]")].map((each) => each.httpEquiv),
    landmarks: ["main", "h1", "title", "header.masthead"].map((name) => page.querySelectorAll(name).length),
    lost: main && [...page.body.children].filter((each) => !each.matches("main, .skip, .masthead, .site-footer")).length,
  };
}
"""
# What lies outside of the box of `main`, but for what scrolls or is cut within a box of its own.
LIVE = """
() => {
  const main = document.querySelector("main").getBoundingClientRect();
  const scrolls = (each) => each && each.localName !== "body" && (getComputedStyle(each).overflowX !== "visible" || scrolls(each.parentElement));
  const out = [...document.querySelectorAll("main *")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > main.right + 1 || box.left < main.left - 1) && !scrolls(each);
  });
  return {
    ran: "pwned" in window || seen.length > 0,
    seen,
    width: document.documentElement.scrollWidth - innerWidth,
    out: out.map((each) => `${each.localName}.${each.className} ${each.textContent.slice(0, 60)}`).slice(0, 5),
  };
}
"""
# All that is said in the page, also to those who hear it, and where it leads.
READ = """
() => {
  const said = [...document.querySelectorAll("main *")].flatMap((each) => ["alt", "href", "aria-label"].map((name) => each.getAttribute(name) || ""));
  return [document.querySelector("main").textContent, ...said].join(" ").split(/\\s+/u).join(" ");
}
"""
ELEMENTS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "style",
        "body",
        "header",
        "nav",
        "main",
        "footer",
        "section",
        "article",
        "aside",
        "div",
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "a",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "img",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "strong",
        "em",
        "small",
        "s",
        "sub",
        "sup",
        "code",
        "pre",
        "blockquote",
        "br",
        "hr",
        "span",
        "bdi",
        "time",
        "details",
        "summary",
        "button",
        "form",
        "input",
        "label",
        "select",
        "option",
        "fieldset",
        "legend",
        "mark",
        "svg",
        "g",
        "path",
        "text",
        "rect",
        "line",
        "circle",
        "math",
        "semantics",
        "annotation",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "ms",
        "mspace",
        "mfrac",
        "msqrt",
        "mroot",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "mpadded",
        "mphantom",
        "menclose",
        "mmultiscripts",
        "mprescripts",
        "none",
    ]
)
SCRIPTS = {"application/ld+json", "copy.js", "search.js", "titles.js"}


@dataclass
class Given:
    """The site of hostile records, the records, and the names of its pages by their kind."""

    site: Site
    records: list[Attacked]

    @property
    def pages(self) -> list[str]:
        return sorted(self.site.pages())

    def page_of(self, attacked: Attacked) -> str:
        record = read_record(attacked.path).record
        (found,) = self.site.folder.glob(f"report/{record.id}/v*/index.html")
        return found.relative_to(self.site.folder).as_posix()


def lay_out(root: Path, turns: int, step: int) -> Given:
    project = Project.lay_out(root, settings=SETTINGS)
    records = [
        attack(
            project.records,
            f"{turn}.json",
            ALL,
            turn * step,
            id=f"{turn:08x}-2222-4333-8444-555555555555",
            language=("en", "ar", "de")[turn % 3],
        )
        for turn in range(turns)
    ]
    names = ("constructor", "hasOwnProperty", "body", "page-report", "document", "toString", "search")
    (root / "bib" / "hostile.bib").write_text(BIB_ENTRIES + BIB)
    project.write(
        "names.json",
        0xFFFF,
        title=f"Names {TEXTS['proto']}",
        claims=[claim(f"A claim that is called {name}.", id=name, theme=name) for name in names],
        sections=[{"title": name, "text": f"# {name} {{#sec-{name}}}"} for name in names],
        sources=[
            *(_item(str(number), text) for number, text in enumerate(ALL)),
            *(
                {"key": key}
                for key in ("bib-input", "bib-others", "bib-unicode", "bib-hostile-doi", "bib-script")
            ),
        ],
    )
    project.write(
        "long.json",
        0xFFFE,
        title=LONGEST_WORD[:2000],
        subtitle=LONGEST_WORD,
        keywords=[LONGEST_WORD],
        question=LONGEST_WORD,
        summary=LONGEST_WORD,
        authors=[{"name": LONGEST_WORD, "affiliation": LONGEST_WORD}],
        sections=[
            {
                "title": LONGEST_WORD,
                "text": f"| {LONGEST_WORD} |\n|--|\n| {LONGEST_WORD} |\n\n- {LONGEST_WORD}",
            }
        ],
        claims=[
            claim(
                LONGEST_WORD, quote=LONGEST_WORD, locator=LONGEST_WORD, theme=LONGEST_WORD, note=LONGEST_WORD
            )
        ],
        review={"score": 7, "method": LONGEST_WORD, "reviewers": [{"role": LONGEST_WORD, "score": 7}]},
        search={"databases": [LONGEST_WORD], "queries": [LONGEST_WORD]},
        sources=[_item("long", LONGEST_WORD)],
    )
    site = Site(project, root / "site")
    site.batch()
    outcomes = site.build(base_url="https://example.org/", formats=("html", "jats", "ro-crate"))
    assert [(each.name, each.problems) for each in outcomes if each.status is not Status.BUILT] == []
    return Given(site, records)


def _item(name: str, text: str) -> dict[str, Any]:
    return {
        "id": name,
        "type": "book",
        "title": text,
        "publisher": text,
        "author": [{"family": text, "given": text}],
    }


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> Given:
    return lay_out(tmp_path_factory.mktemp("attacked"), turns=2, step=39)


@pytest.fixture
def window(watch, given):
    watched = watch(given.site.folder, **PHONE)
    watched.page.context.add_init_script(WATCH)
    watched.page.on("dialog", lambda dialog: watched.faults.append(f"dialog {dialog.message}"))
    return watched


def faults_of_structure(found: dict[str, Any]) -> list[object]:
    """List what a page has that no template of ours writes."""
    return [
        *(set(found["elements"]) - ELEMENTS),
        *({each if "json" in each else each.rpartition("/")[2] for each in found["scripts"]} - SCRIPTS),
        *found["handlers"],
        *found["twice"],
        *(each for each in found["addresses"] if not is_allowed(*each)),
        *(set(found["equivalents"]) - {"Content-Security-Policy", "refresh"}),
    ]


def is_allowed(element: str, name: str, address: str) -> bool:
    """Tell whether a page of ours may have such an address: of the web, of mail, or of a file beside it."""
    if element == "img" and address.startswith("data:image/"):
        return True
    scheme = re.match(r"[\x00-\x20]*([a-zA-Z\s][\w+.\s-]*):", address)
    return (
        name in {"href", "src"}
        and not address.startswith(("//", "\\"))
        and (scheme is None or scheme[1] in {"http", "https", "mailto"})
    )


def test_every_field_that_takes_a_text_has_one(given):
    assert len(TEXTS) + len(ADDRESSES) >= 100
    assert {text for each in given.records for text in each.texts.values()} >= set(ALL)
    assert all(len(each.texts) > 110 for each in given.records)


def test_no_page_has_an_element_a_script_or_an_address_of_theirs(given, window):
    faults = {}
    for name in given.pages:
        found = window.page.evaluate(STRUCTURE, (given.site.folder / name).read_text("utf-8"))
        faults[name] = faults_of_structure(found)
        is_export = not name.endswith("index.html") and name != "404.html"
        if is_export:
            assert found["scripts"] == [], name
        else:
            assert found["landmarks"][:3] == [1, 1, 1], name
            assert found["lost"] == 0, name
    assert {name: each for name, each in faults.items() if each} == {}


def shown(given: Given) -> Iterator[str]:
    """Yield the pages to be looked at: each kind of page, and of each kind those with the most in them."""
    yield from ("index.html", "404.html", "about/index.html", "source/index.html")
    yield from (name for name in given.pages if name.startswith("report/"))
    yield from [name for name in given.pages if name.startswith("source/work")][:5]


@pytest.mark.parametrize("is_dark", [False, True], ids=["phone", "dark"])
def test_nothing_runs_and_nothing_breaks(given, watch, is_dark):
    wide = {"color_scheme": "dark", "viewport": {"width": 1300, "height": 800}}
    watched = watch(given.site.folder, **(wide if is_dark else PHONE))
    watched.page.context.add_init_script(WATCH)
    faults = {}
    for name in shown(given):
        if is_dark and name.startswith("report/") and not re.search(r"/v[^/]+/index", name):
            continue
        watched.open(quote(name))
        if name.startswith("report/") and name.count("/") == 2:
            watched.page.wait_for_url(re.compile(r"/v[^/]+/index\.html"))
        live = watched.page.evaluate(LIVE)
        if live["ran"] or live["width"] > 0 or live["out"]:
            faults[name] = live
    assert faults == {}
    watched.require_quiet()


def words(text: str) -> str:
    return " ".join(text.split())


def test_no_word_of_a_field_is_lost(given, window):
    """What is typed is read: in a field of plain text as it stands, in Markdown each of its words."""
    lost = {}
    for attacked in given.records:
        page = window.open(given.page_of(attacked))
        read = page.evaluate(READ)
        markdown = read_record(attacked.path).record.markdown_texts
        for pointer, text in attacked.texts.items():
            typed = words(normalise(text))
            wanted = re.findall(r"\w+", typed) if pointer in markdown else [typed]
            if missing := [each for each in wanted if each not in read]:
                lost[attacked.path.name, pointer] = [each[:80] for each in missing]
    assert lost == {}


@pytest.mark.parametrize("asked", ["pwned", "onerror=window.pwned"])
def test_what_a_search_finds_is_shown_as_it_was_typed(given, window, asked):
    page = window.open("index.html")
    page.fill("#words", asked)
    page.keyboard.press("Enter")
    page.wait_for_selector("#found-list .excerpt")
    live, structure = page.evaluate(LIVE), page.evaluate(STRUCTURE, None)
    assert (live["ran"], live["out"], live["width"]) == (False, [], 0)
    assert faults_of_structure(structure) == []
    assert page.locator("#found-list :not(li, h3, a, p, mark)").count() == 0
    titles = {words(normalise(read_record(each.path).record.title)) for each in given.records}
    assert set(map(words, page.locator("#found-list h3").all_text_contents())) & titles
    found = page.locator("#found-list li").evaluate_all(
        "all => all.map((each) => [each.querySelector('a').getAttribute('href'), each.querySelector('.excerpt').textContent])"
    )
    window.require_quiet()
    for address, excerpt in found:
        text = window.open(address).evaluate("document.querySelector('main').textContent")
        whole = words(text.replace("&lt;", "<").replace("&gt;", ">").replace("\u200b", ""))
        # The index ends each part of a page with a full stop, and tells `<` from what was typed for it no more.
        assert all(part.rstrip(".") in whole for part in words(excerpt).split(" ")), excerpt


ASKED = [f"?q={quote(text)}&source={quote(text)}&tier={quote(text)}" for text in ALL[::9]]
ASKED += [
    "?source=..%2F..%2F",
    "?source=__proto__",
    "?year=__proto__&q=a",
    "?source=//canary.invalid/",
    "?q=%",
]


def test_nothing_in_the_address_of_the_list_runs(given, window):
    """Ask with hostile words, as a link from elsewhere may."""
    for asked in ASKED:
        page = window.open(f"index.html{asked}")
        expect(page.locator("#found-count")).to_contain_text("found")
        live, structure = page.evaluate(LIVE), page.evaluate(STRUCTURE, None)
        assert (live["ran"], live["width"], faults_of_structure(structure)) == (False, 0, []), asked
    # The page of a source that is none is asked for, and is not there.
    assert {fault for fault in window.faults if "404" not in fault} == set()


def test_addresses_are_led_to_only_where_they_are_of_the_web(tmp_path, window):
    """Give each address in each of the fields that take one: it is refused, or the page leads to no other scheme."""
    led = set()
    for name, address in ADDRESSES.items():
        for place, changes in places_of(address).items():
            path = tmp_path / "record.json"
            path.write_text(json.dumps(minimal(**changes)))
            try:
                made = site_pages.page(path, url="https://example.org/")
            except RecordError:
                continue
            found = window.page.evaluate(STRUCTURE, made)
            assert faults_of_structure(found) == [], (name, place)
            led |= {each for _, _, each in found["addresses"] if each.startswith(("http:", "https:"))}
    # One that steers how it is shown leads to where it was written for.
    assert f"https://example.org/{quote(chr(0x202E))}gpj.exe" in led
    assert ADDRESSES["template"] in led


def places_of(address: str) -> dict[str, dict[str, Any]]:
    item = {"id": "x", "type": "webpage", "title": "T", "URL": address, "DOI": address}
    return {
        "url": {"sources": [{"url": address}], "claims": [claim(sources=[{"url": address}])]},
        "item": {"sources": [item], "claims": [claim(sources=["x"])]},
        "doi": {"doi": address},
        "markdown": {
            "summary": f"[a]({address}) <{address}> [b](<{address}>) {address}\n\n[c]: {address}\n\n[c]"
        },
        "picture": {"summary": f"![a]({address})"},
    }


def test_what_programs_read_is_whole(given):
    """Every file beside the pages is well formed, and no text that was typed is more than text in it."""
    files = given.site.files()
    for name, content in files.items():
        if name.endswith((".xml", ".atom", ".svg")):
            tree = etree.fromstring(content)
            kinds = {etree.QName(each).localname for each in tree.iter(etree.Element)}
            assert not kinds & {"script", "img", "iframe", "foreignObject"}, name
        elif name.endswith(".json"):
            json.loads(content)
    uris = [
        etree.fromstring(content).find(".//self-uri").get("{http://www.w3.org/1999/xlink}href")
        for name, content in files.items()
        if name.endswith(".jats.xml")
    ]
    assert uris
    assert all(quote(unquote(uri), safe=":/") == uri for uri in uris)
    feed = etree.fromstring(files["feed.atom"])
    titles = "\n".join(each.text for each in feed.iterfind("{*}entry/{*}title"))
    assert all(normalise(read_record(each.path).record.title) in titles for each in given.records)
    listed = json.loads(files["assets/titles.js"].removeprefix(b"window.reports = ").rstrip(b";\n"))
    assert files["assets/titles.js"].isascii()
    assert {read_record(each.path).record.title for each in given.records} <= {
        each[1] for each in listed["reports"]
    }
    assert {name for name in files if name.endswith("linkset.json")}


def test_what_a_page_says_to_machines_is_what_was_typed(given, window):
    for attacked in given.records:
        page = window.open(given.page_of(attacked))
        data = json.loads(page.locator("script[type='application/ld+json']").text_content())
        record = read_record(attacked.path).record
        assert (
            data["@graph"][0]["name"] == normalise(record.title) or data["@graph"][0]["name"] == record.title
        )
        texts = [node["text"] for node in data["@graph"] if node["@type"] == "Claim"]
        assert texts == [each.text for each in record.claims]
        links = page.locator("link[rel=item], link[rel=describedby]").evaluate_all(
            "all => all.map((each) => each.href)"
        )
        assert links
        assert {page.request.get(link).status for link in links} == {200}


@pytest.mark.long
def test_every_text_in_every_field(tmp_path, window):
    """Put each text into each field in turn."""
    for first in range(len(ALL)):
        attacked = attack(tmp_path, "record.json", ALL, first)
        page = site_pages.page(attacked.path, url="https://example.org/")
        assert faults_of_structure(window.page.evaluate(STRUCTURE, page)) == [], first
        attacked.path.unlink()
