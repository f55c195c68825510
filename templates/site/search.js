// The search of the list of reports: over all words with pagefind's index, else over titles.
"use strict";
(() => {
  const form = document.getElementById("search");
  const at = (id) => document.getElementById(id);
  const words = at("words"), found = at("found"), listed = at("listed"), list = at("found-list"), more = at("more");
  const said = form.dataset, filters = [...form.querySelectorAll("select")];
  const BATCH = 20;
  let source = "", run = 0, engine = null, rest = [];

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

  async function byTitle() {
    if (!window.reportTitles) await load(said.titles);
    const { sources, reports } = window.reportTitles;
    const folded = reports.map((report) => fold(`${report[0]} ${report[4]}`));
    return {
      async search(query, chosen) {
        const parts = fold(query).split(/\s+/).filter(Boolean);
        const values = (report, name) => (name === "source" ? report[5].source.map((one) => sources[one]) : report[5][name]);
        const hits = reports.filter((report, index) =>
          parts.every((part) => folded[index].includes(part)) &&
          Object.entries(chosen).every(([name, value]) => values(report, name).includes(value)));
        return hits.map(([title, address, date, notice, number]) => async () =>
          ({ title, address, facts: [date, number], notice, excerpt: null }));
      },
    };
  }

  async function byWords() {
    const pagefind = await import(new URL(said.index, document.baseURI));
    await pagefind.options({ excerptLength: 30 });
    await pagefind.init();
    return {
      async search(query, chosen) {
        const sort = query ? undefined : { date: "desc" };
        const answer = await pagefind.search(query || null, { filters: chosen, sort });
        return answer.results.map((result) => async () => {
          const { raw_url: raw, url, meta, excerpt } = await result.data();
          return {
            title: meta.title,
            address: (raw || url).replace(/^\//, ""),
            facts: [meta.date, meta.number],
            notice: meta.notice,
            excerpt: query ? excerpt : null,
          };
        });
      },
    };
  }

  async function start() {
    if (said.index) {
      try {
        return await byWords();
      } catch {
        at("found-words").textContent = said.failed;
      }
    } else {
      at("found-words").textContent = said.titlesOnly;
    }
    return byTitle();
  }

  // An excerpt is text with marks: only these two are taken over.
  function excerptOf(html, marked) {
    const paragraph = element("p", "", { class: "excerpt", dir: "auto" });
    for (const node of new DOMParser().parseFromString(html, "text/html").body.childNodes) {
      const isMark = node.nodeName === "MARK";
      if (isMark) marked.add(fold(node.textContent));
      paragraph.append(isMark ? element("mark", node.textContent) : node.textContent);
    }
    return paragraph;
  }

  function item({ title, address, facts, notice, excerpt }, marked) {
    const entry = element("li", "");
    const heading = element("h3", "");
    heading.append(element("a", title, { href: said.root + address, dir: "auto" }));
    entry.append(heading);
    if (notice) entry.append(element("p", notice, { class: "notice" }));
    entry.append(element("p", facts.filter(Boolean).join(" · "), { class: "facts" }));
    if (excerpt) entry.append(excerptOf(excerpt, marked));
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
    const part = await Promise.all(rest.splice(0, BATCH).map((result) => result()));
    if (current !== run) return;
    list.append(...part.map((each) => item(each, marked)));
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
    const results = await (await engine).search(query, values);
    if (current !== run) return;
    const count = results.length;
    at("found-count").textContent =
      count === 0 ? said.none : count === 1 ? said.one : said.other.replace("{n}", count.toLocaleString(document.documentElement.lang));
    list.replaceChildren();
    if (said.index && !at("found-words").textContent.startsWith(said.failed)) at("found-words").textContent = "";
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
  if (source) {
    at("source-link").textContent = source;
    at("source-link").href = `${said.root}source/${encodeURIComponent(source)}/index.html`;
  }
  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });
  words.addEventListener("focus", () => { engine ??= start(); });
  words.addEventListener("input", soon);
  for (const each of filters) each.addEventListener("change", search);
  at("clear").addEventListener("click", clear);
  search();
})();
