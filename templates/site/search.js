// The search of the list of reports: over all words with pagefind's index, else over titles.
"use strict";
(() => {
  const form = document.getElementById("search");
  const at = (id) => document.getElementById(id);
  const words = at("words"), found = at("found"), listed = at("listed"), list = at("found-list"), more = at("more");
  const said = form.dataset, parts = Number(form.dataset.parts), filters = [...form.querySelectorAll("select")];
  const BATCH = 20;
  let source = "", run = 0, engine = null, hint = "", rest = [];

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  function load(address) {
    return new Promise((done, failed) => {
      const script = element("script", "", { src: address });
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }

  // A report as assets/titles.js lists it; its last values are numbers of names.
  const FILTERS = ["tier", "verdict", "gate", "kind", "year", "source"];
  const language = document.documentElement.lang;
  const day = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone: "UTC" });

  async function readReports() {
    if (!window.reports) await load(said.titles);
    const { names, reports } = window.reports;
    return reports.map(([place, title, date, number, notice, fragment, ...values]) => ({
      title,
      notice,
      fragment,
      address: `report/${place}/index.html`,
      facts: [day.format(new Date(`${date}T00:00:00Z`)), number],
      folded: fold(`${title} ${number}`),
      values: Object.fromEntries(FILTERS.map((name, at) => [name, values[at].map((each) => names[name][each])])),
    }));
  }

  // Many reports are indexed in parts. A page that was opened from a disk may read no index.
  async function readIndex() {
    if (parts === 0 || location.protocol === "file:") return null;
    try {
      const places = Array.from({ length: parts }, (_, number) => new URL(`${said.index}${number}/`, document.baseURI));
      const pagefind = await import(new URL("pagefind.js", places[0]));
      await pagefind.options({ excerptLength: 30 });
      await pagefind.init();
      await Promise.all(places.slice(1).map((place) => pagefind.mergeIndex(place.pathname)));
      return pagefind;
    } catch {
      return null;
    }
  }

  // Of a word that it does not have, each part of the index finds the longest beginning. Where pages have all words whole,
  // or other forms of them, which it finds of a word in quotes, no others are meant.
  async function searchWords(pagefind, query) {
    const { results } = await pagefind.search(query);
    if (query.includes('"')) return results;
    const idsOf = async (word) => new Set((await pagefind.search(`"${word}"`)).results.map(({ id }) => id));
    const found = await Promise.all(query.split(/\s+/).map(idsOf));
    const whole = results.filter(({ id }) => found.every((ids) => ids.has(id)));
    return whole.length ? whole : results;
  }

  async function start() {
    const [reports, pagefind] = await Promise.all([readReports(), readIndex()]);
    if (!pagefind) hint = parts ? said.failed : said.titlesOnly;
    const known = new Map(reports.map((report) => [report.fragment, report]));
    const places = new Map(reports.map((report) => [report.address, report]));
    // A name that two parts of the index have says nothing; the page that it stands for is read then.
    const reportOf = async (result) =>
      known.get(result.id) ?? places.get((await result.data()).raw_url.replace(/^.*?(?=report\/)/, ""));
    const fits = (report, chosen) => Object.entries(chosen).every(([name, value]) => report.values[name].includes(value));
    return async (query, chosen) => {
      if (!query) return reports.filter((report) => fits(report, chosen));
      if (pagefind) {
        const results = await searchWords(pagefind, query);
        const read = async (result) => ({ ...(await reportOf(result)), data: () => result.data() });
        const hits = await Promise.all(results.map(read));
        return hits.filter((hit) => hit.address && fits(hit, chosen));
      }
      const parts = fold(query).split(/\s+/).filter(Boolean);
      return reports.filter((report) => fits(report, chosen) && parts.every((part) => report.folded.includes(part)));
    };
  }

  // An excerpt is text with marks, of which pagefind escapes `<` and `>` alone: as HTML its `&` would be read as more.
  function excerptOf(html, marked) {
    const paragraph = element("p", "", { class: "excerpt", dir: "auto" });
    for (const [place, part] of html.split(/<\/?mark>/).entries()) {
      const text = part.replaceAll("&lt;", "<").replaceAll("&gt;", ">"), isMark = place % 2 === 1;
      if (isMark) marked.add(fold(text).replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""));
      paragraph.append(isMark ? element("mark", text) : text);
    }
    return paragraph;
  }

  async function item({ title, address, facts, notice, data }, marked) {
    const entry = element("li", "");
    const heading = element("h3", "");
    heading.append(element("a", title, { href: said.root + address, dir: "auto" }));
    entry.append(heading);
    if (notice) entry.append(element("p", notice, { class: "notice" }));
    entry.append(element("p", facts.filter(Boolean).join(" · "), { class: "facts" }));
    if (data) entry.append(excerptOf((await data()).excerpt, marked));
    return entry;
  }

  // Of a word that no page has, pages are found whose words begin like it: say so.
  function sayWords(query, marked) {
    if (!query || !marked.size) return;
    const parts = fold(query).split(/[\s"]+/).filter(Boolean);
    const all = [...marked].join(" ");
    const missing = parts.filter((part) => !all.includes(part.replace(/[.,;!?]+$/, "")));
    const seen = [...marked].sort().join(", ");
    at("found-words").textContent = missing.length
      ? `${said.notMatched} ${missing.join(", ")} → ${seen}`
      : `${said.matched} ${seen}`;
  }

  async function show(query, current, marked) {
    const part = await Promise.all(rest.splice(0, BATCH).map((result) => item(result, marked)));
    if (current !== run) return;
    list.append(...part);
    more.hidden = !rest.length;
    more.onclick = async () => {
      const first = list.children.length;
      await show(query, run, marked);
      list.children[first]?.querySelector("a").focus();
    };
    sayWords(query, marked);
  }

  function chosen() {
    const values = filters.map((each) => [each.name, each.value]);
    return Object.fromEntries([...values, ["source", source]].filter(([, value]) => value));
  }

  function remember(query, values) {
    const parameters = new URLSearchParams(values);
    if (query) parameters.set("q", query);
    const text = parameters.toString();
    try {
      history.replaceState(null, "", text ? `?${text}` : location.pathname);
    } catch {
      // A page that was opened from a disk may have no history of its own.
    }
  }

  async function search() {
    const current = ++run, query = words.value.trim(), values = chosen();
    remember(query, values);
    const isAsked = Boolean(query || Object.keys(values).length);
    found.hidden = !isAsked;
    listed.hidden = isAsked;
    at("of-source").hidden = !source;
    if (!isAsked) return;
    at("found-count").textContent = said.searching;
    engine ??= start();
    const results = await (await engine)(query, values);
    if (current !== run) return;
    const count = results.length;
    at("found-count").textContent =
      count === 0 ? said.none : count === 1 ? said.one : said.other.replace("{n}", count.toLocaleString(language));
    list.replaceChildren();
    at("found-words").textContent = hint;
    rest = results;
    await show(query, current, new Set());
  }

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  };

  function clear() {
    form.reset();
    source = "";
    words.focus();
    search();
  }

  const given = new URLSearchParams(location.search);
  words.value = given.get("q") || "";
  source = given.get("source") || "";
  for (const each of filters) if (given.has(each.name)) each.value = given.get(each.name);
  // The page of a source says what it is; a page that was opened from a disk cannot be read, and is named by its address.
  async function nameSource() {
    const link = at("source-link");
    link.textContent = source;
    link.href = `${said.root}source/${encodeURIComponent(source)}/index.html`;
    if (location.protocol === "file:") return;
    const answer = await fetch(link.href);
    const title = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("h1");
    if (title) link.textContent = title.textContent;
  }
  if (source) nameSource();
  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });
  words.addEventListener("focus", () => { engine ??= start(); });
  words.addEventListener("input", soon);
  for (const each of filters) each.addEventListener("change", search);
  at("clear").addEventListener("click", clear);
  search();
})();
