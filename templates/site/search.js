// The search of the list of reports: over all words with pagefind's index, else over titles.
"use strict";
(() => {
  const form = document.getElementById("search");
  const at = (id) => document.getElementById(id);
  const words = at("words"), found = at("found"), listed = at("listed"), list = at("found-list"), more = at("more");
  const said = form.dataset;
  const parts = said.parts.split(" ").filter(Boolean), selects = [...form.querySelectorAll("select")];
  const BATCH = 20;
  let source = "", run = 0, engine = null, hint = "";

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

  // Reports as assets/titles.js lists them; the last values of each are numbers of names. With 10,000 of them a list of
  // objects is all that is made before the first answer.
  const FILTERS = ["tier", "verdict", "gate", "kind", "year", "source"];
  const language = document.documentElement.lang;
  const day = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone: "UTC" });

  async function readReports() {
    if (!window.reports) await load(said.titles);
    return window.reports.reports.map(([place, title, date, number, notice, fragment, ...values], order) => ({
      order,
      title,
      date,
      number,
      notice,
      fragment,
      address: `report/${place}/index.html`,
      values,
    }));
  }

  const asked = (chosen) =>
    Object.entries(chosen).map(([name, value]) => [FILTERS.indexOf(name), window.reports.names[name].indexOf(value)]);
  const fits = ({ values }, filters) => filters.every(([at, number]) => values[at].includes(number));

  // Many reports are indexed in parts, that of the newest first. It is searched apart, so that the first reports are
  // there before the others are searched. A page that was opened from a disk may read no index.
  async function readIndexes() {
    if (!parts.length || location.protocol === "file:") return [];
    try {
      const [newest, ...others] = parts.map((name) => new URL(`${said.index}${name}/`, document.baseURI).pathname);
      const pagefind = await import(`${newest}pagefind.js`);
      // All share one engine, and the second may only be read when it stands. Nobody waits for that before it is asked.
      const first = await readIndex(pagefind, [newest]);
      return others.length ? [first, readIndex(pagefind, others)] : [first];
    } catch {
      return [];
    }
  }

  async function readIndex(pagefind, [first, ...others]) {
    const index = pagefind.createInstance({ basePath: first });
    await index.filters(); // of which there are none: it answers when the engine stands
    await index.options({ excerptLength: 30 });
    await Promise.all(others.map((place) => index.mergeIndex(place)));
    return index;
  }

  // Of a word that it does not have, each part of the index finds the longest beginning. Where pages have all words whole,
  // or other forms of them, which it finds of a word in quotes, no others are meant.
  async function searchWords(index, query) {
    const all = index.search(query);
    if (query.includes('"')) return all.then(({ results }) => ({ results, whole: results }));
    const idsOf = async (word) => new Set((await index.search(`"${word}"`)).results.map(({ id }) => id));
    const [{ results }, ...found] = await Promise.all([all, ...query.split(/\s+/).map(idsOf)]);
    return { results, whole: results.filter(({ id }) => found.every((ids) => ids.has(id))) };
  }

  // What answers a search: it yields the reports found, the newest first, and whether these are all; and where no index
  // can be read, others than before, found by their titles.
  async function start() {
    const [reports, indexes] = await Promise.all([readReports(), readIndexes()]);
    if (!indexes.length) hint = parts.length ? said.failed : said.titlesOnly;
    const known = new Map(reports.map((report) => [report.fragment, report]));
    // A name that two parts of the index have says nothing; the page that it stands for is read then.
    async function reportOf(result) {
      if (known.has(result.id)) return known.get(result.id);
      const address = (await result.data()).raw_url.replace(/^.*?(?=report\/)/, "");
      return reports.find((report) => report.address === address);
    }

    async function hitsOf(results, filters) {
      const read = async (result) => ({ report: await reportOf(result), data: () => result.data() });
      const hits = await Promise.all(results.map(read));
      const fitting = hits.filter(({ report }) => report && fits(report, filters));
      return fitting.sort((one, other) => one.report.order - other.report.order);
    }

    function byTitle(query, filters) {
      const parts = fold(query).split(/\s+/).filter(Boolean);
      const isFound = ({ title, number }) => parts.every((part) => fold(`${title} ${number}`).includes(part));
      return reports.filter((report) => fits(report, filters) && isFound(report)).map((report) => ({ report }));
    }

    async function* byWords(query, filters) {
      const found = [];
      for (const index of indexes) {
        found.push(await searchWords(await index, query));
        const whole = found.flatMap((each) => each.whole), areAll = found.length === indexes.length;
        if (whole.length) yield { hits: await hitsOf(whole, filters), areAll };
        else if (areAll) yield { hits: await hitsOf(found.flatMap((each) => each.results), filters), areAll };
      }
    }

    return async function* (query, chosen) {
      const filters = asked(chosen);
      if (query && indexes.length) {
        try {
          return yield* byWords(query, filters);
        } catch {
          hint = said.failed;
        }
      }
      yield { hits: byTitle(query, filters), areAll: true, areOthers: true };
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

  function item({ report: { title, address, date, number, notice }, data }, marked) {
    const facts = [day.format(new Date(`${date}T00:00:00Z`)), number];
    const entry = element("li", "");
    const heading = element("h3", "");
    heading.append(element("a", title, { href: said.root + address, dir: "auto" }));
    entry.append(heading);
    if (notice) entry.append(element("p", notice, { class: "notice" }));
    entry.append(element("p", facts.filter(Boolean).join(" · "), { class: "facts" }));
    if (!data) return { entry, isRead: null };
    const excerpt = element("p", "", { class: "excerpt" });
    entry.append(excerpt);
    return { entry, isRead: data().then((page) => excerpt.replaceWith(excerptOf(page.excerpt, marked))) };
  }

  // Of a word that no page has, pages are found whose words begin like it: say so.
  function sayWords(query, marked) {
    if (hint || !query || !marked.size) return; // found by titles alone, which the hint says
    const parts = fold(query).split(/[\s"]+/).filter(Boolean);
    const all = [...marked].join(" ");
    const missing = parts.filter((part) => !all.includes(part.replace(/[.,;!?]+$/, "")));
    const seen = [...marked].sort().join(", ");
    at("found-words").textContent = missing.length
      ? `${said.notMatched} ${missing.join(", ")} → ${seen}`
      : `${said.matched} ${seen}`;
  }

  // The reports stand there at once, and what they say of the words as it is read.
  function show(query, hits, marked) {
    const current = run, items = hits.map((hit) => item(hit, marked));
    list.append(...items.map(({ entry }) => entry));
    Promise.all(items.map(({ isRead }) => isRead)).then(() => { if (current === run) sayWords(query, marked); });
  }

  function offerMore(query, rest, marked) {
    more.hidden = !rest.length;
    more.onclick = () => {
      const first = list.children.length;
      show(query, rest.splice(0, BATCH), marked);
      offerMore(query, rest, marked);
      list.children[first]?.querySelector("a").focus();
    };
  }

  function chosen() {
    const values = selects.map((each) => [each.name, each.value]);
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
    const marked = new Set();
    let isShown = false;
    for await (const { hits, areAll, areOthers } of (await engine)(query, values)) {
      if (current !== run) return;
      if (!areAll && hits.length < BATCH) continue;
      if (!isShown || areOthers) {
        list.replaceChildren();
        more.hidden = true;
        at("found-words").textContent = hint;
        show(query, hits.slice(0, BATCH), marked);
        isShown = true;
      }
      if (areAll) {
        sayCount(hits.length);
        offerMore(query, hits.slice(BATCH), marked);
      }
    }
  }

  function sayCount(count) {
    at("found-count").textContent =
      count === 0 ? said.none : count === 1 ? said.one : said.other.replace("{n}", count.toLocaleString(language));
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
  for (const each of selects) if (given.has(each.name)) each.value = given.get(each.name);
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
  for (const each of selects) each.addEventListener("change", search);
  at("clear").addEventListener("click", clear);
  search();
})();
