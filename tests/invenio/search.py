"""What stands in for OpenSearch: documents in memory, matched literally, and found as soon as they are written.

It answers the requests that InvenioRDM makes of a cluster in the shapes of a cluster. It ranks nothing, counts no
facets, and refuses with an error what it does not know, so that no test can lean on an answer that was made up.
"""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

Json = dict[str, Any]
Answer = tuple[int, Json]

ACKNOWLEDGED: Json = {"acknowledged": True}
SHARDS: Json = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
TEMPLATES = ("_index_template", "_template", "_component_template", "_ingest", "_plugins")
INNER = ("query", "filter")  # where a query that only wraps another keeps it
QUERY_STRING = re.compile(r'(?:([\w.]+):)?(?:"([^"]*)"|([^\s":()]+))\s*')


def values(document: Any, path: str) -> Iterator[str]:
    """Yield all values at a dotted path, as the words that a filter names them by."""
    if isinstance(document, list):
        for one in document:
            yield from values(one, path)
    elif not path or path == "*":
        yield from leaves(document)
    elif isinstance(document, dict):
        head, _, rest = path.partition(".")
        if path in document:
            yield from leaves(document[path])
        elif head in document:
            yield from values(document[head], "" if rest in ("keyword", "raw") else rest)


def leaves(document: Any) -> Iterator[str]:
    """Yield every value in a document, however deep."""
    if isinstance(document, dict | list):
        for one in document.values() if isinstance(document, dict) else document:
            yield from leaves(one)
    elif document is not None:
        yield word(document)


def word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def listed(clauses: Any) -> list[Json]:
    return clauses if isinstance(clauses, list) else [clauses] if clauses else []


def matches(query: Json, document: Json, name: str) -> bool:
    """Say whether a document, stored under this name, answers a query of the search language."""
    if not query:
        return True
    ((kind, body),) = query.items()
    if kind not in MATCHERS:
        raise NotImplementedError(f"a query of the kind {kind!r}: {json.dumps(query)}")
    return MATCHERS[kind](body, document, name)


def _bool(body: Json, document: Json, name: str) -> bool:
    def hits(clause: str) -> list[bool]:
        return [matches(query, document, name) for query in listed(body.get(clause))]

    should = hits("should")
    needed = body.get("minimum_should_match", 0 if body.get("must") or body.get("filter") else 1)
    return (
        all(hits("must") + hits("filter"))
        and not any(hits("must_not"))
        and (not should or sum(should) >= int(needed))
    )


def _term(body: Json, document: Json, name: str) -> bool:
    field, wanted = next((key, value) for key, value in body.items() if key != "boost")
    if isinstance(wanted, dict):
        wanted = wanted.get("value", wanted.get("query"))
    wanted = {word(one) for one in wanted} if isinstance(wanted, list) else {word(wanted)}
    return bool(wanted & ({name} if field == "_id" else set(values(document, field))))


def _prefix(body: Json, document: Json, _: str) -> bool:
    ((field, start),) = body.items()
    start = start["value"] if isinstance(start, dict) else start
    return any(value.startswith(word(start)) for value in values(document, field))


def _range(body: Json, document: Json, _: str) -> bool:
    compare: dict[str, Callable[[str, str], bool]] = {
        "gt": lambda value, bound: value > bound,
        "gte": lambda value, bound: value >= bound,
        "lt": lambda value, bound: value < bound,
        "lte": lambda value, bound: value <= bound,
    }
    ((field, bounds),) = body.items()
    tests = [(compare[key], word(bound)) for key, bound in bounds.items() if key in compare]
    return any(all(test(value, bound) for test, bound in tests) for value in values(document, field))


def _query_string(body: Json, document: Json, _: str) -> bool:
    asked = body["query"].replace("\\", "").strip()
    if asked in ("", "*", "*:*"):
        return True
    terms = list(QUERY_STRING.finditer(asked))
    if "".join(term[0] for term in terms) != asked or any(term[3] in ("OR", "NOT") for term in terms):
        raise NotImplementedError(f"the search {asked!r}")
    return all(
        any(_spoken(term[2] or term[3]) in _spoken(value) for value in values(document, term[1] or ""))
        for term in terms
        if term[3] != "AND"
    )


def _spoken(text: str) -> str:
    """Return the words of a text, each with a space on both sides, so that one text can be looked for in another."""
    return "".join(f" {one} " for one in re.findall(r"\w+", text.lower()))


def _wrapped(body: Json, document: Json, name: str) -> bool:
    return matches(next((body[key] for key in INNER if key in body), {}), document, name)


MATCHERS: dict[str, Callable[[Json, Json, str], bool]] = {
    "match_all": lambda *_: True,
    "match_none": lambda *_: False,
    "percolate": lambda *_: False,  # no set of records is described by a stored query here
    "ids": lambda body, _, name: name in map(word, body["values"]),
    "exists": lambda body, document, _: any(True for _ in values(document, body["field"])),
    "bool": _bool,
    **dict.fromkeys(("term", "terms", "match", "match_phrase"), _term),
    "prefix": _prefix,
    "range": _range,
    **dict.fromkeys(("query_string", "simple_query_string", "multi_match"), _query_string),
    **dict.fromkeys(("nested", "constant_score", "function_score"), _wrapped),
}


class Search:
    """A cluster of one: its indices, their aliases and their documents.

    `lagging` is the switch for what a real cluster does for a moment after each write: while it is on, searches
    answer from what was there when it was put on.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._indices: dict[str, Json] = {}
        self._aliases: dict[str, set[str]] = defaultdict(set)
        self._seen: dict[str, Json] | None = None
        self._count = 0

    def save(self, file: Path) -> None:
        aliases = {name: sorted(indices) for name, indices in self._aliases.items()}
        file.write_text(json.dumps({"indices": self._indices, "aliases": aliases, "count": self._count}))

    def load(self, file: Path) -> None:
        saved = json.loads(file.read_text())
        self._indices, self._count = saved["indices"], saved["count"]
        self._aliases.update({name: set(indices) for name, indices in saved["aliases"].items()})

    @property
    def lagging(self) -> bool:
        return self._seen is not None

    @lagging.setter
    def lagging(self, on: bool) -> None:
        with self._lock:
            copied = {
                name: {**index, "documents": dict(index["documents"])}
                for name, index in self._indices.items()
            }
            self._seen = copied if on else None

    def answer(self, method: str, path: str, parameters: Mapping[str, Any], body: bytes) -> Answer:
        """Answer one request as a node does: the status, and the JSON of the body."""
        parts = [part for part in path.split("/") if part]
        if not parts:
            return 200, {"version": {"distribution": "opensearch", "number": "2.19.0"}}
        if parts[0] in TEMPLATES:
            return (404 if method in ("GET", "HEAD") else 200), ACKNOWLEDGED
        if parts[0].startswith("_"):
            parts.insert(0, "_all")
        index, operation, *rest = [*parts, ""] if len(parts) == 1 else parts
        with self._lock:
            if operation == "_bulk":
                return 200, self._bulk(index, body)
            if operation == "_msearch":
                return 200, self._many_searches(body)
            asked = json.loads(body) if body.strip() else {}
            if operation in ("_doc", "_create"):
                return self._document(method, index, rest, asked, parameters)
            return self._on_index(method, index, operation, rest, asked, parameters)

    def _on_index(
        self,
        method: str,
        index: str,
        operation: str,
        rest: list[str],
        asked: Json,
        parameters: Mapping[str, Any],
    ) -> Answer:
        match operation:
            case "":
                return self._whole_index(method, index, asked)
            case "_search":
                return 200, self._search(index, asked, parameters)
            case "_count":
                found = self._search(index, asked, {})["hits"]["total"]["value"]
                return 200, {"count": found, "_shards": SHARDS}
            case "_alias" | "_aliases":
                return self._alias(method, index, rest, asked)
            case "_refresh" | "_flush" | "_cluster":
                return 200, {"status": "green", "_shards": SHARDS}
            case _:
                raise NotImplementedError(f"{method} {index}/{operation}")

    def _expand(self, names: str) -> list[str]:
        found: list[str] = []
        for name in names.split(","):
            pattern = "*" if name == "_all" else name
            found += [index for index in self._indices if fnmatch(index, pattern)]
            for alias, indices in self._aliases.items():
                found += sorted(indices) if fnmatch(alias, pattern) else []
        return list(dict.fromkeys(found))

    def _documents(self, name: str) -> dict[str, Json]:
        known = self._expand(name)
        index = known[0] if known else name
        self._indices.setdefault(index, {"documents": {}})
        return self._indices[index]["documents"]

    def _whole_index(self, method: str, name: str, asked: Json) -> Answer:
        known = self._expand(name)
        if method == "PUT":
            if known:
                return 400, {"error": {"type": "resource_already_exists_exception"}, "status": 400}
            self._indices[name] = {"documents": {}}
            for alias in asked.get("aliases", {}):
                self._aliases[alias].add(name)
            return 200, {**ACKNOWLEDGED, "index": name}
        if method == "DELETE":
            for index in known:
                del self._indices[index]
            return 200, ACKNOWLEDGED
        return (200 if known else 404), {index: {"aliases": {}, "mappings": {}} for index in known}

    def _alias(self, method: str, index: str, rest: list[str], asked: Json) -> Answer:
        if method in ("GET", "HEAD"):
            known = bool(rest) and rest[0] in self._aliases
            return (200 if known else 404), {one: {"aliases": {}} for one in self._aliases.get(rest[0], ())}
        if rest:
            self._aliases[rest[0]].update(self._expand(index))
        for action in asked.get("actions", []):
            ((verb, what),) = action.items()
            if verb != "add":
                raise NotImplementedError(f"the alias action {verb!r}")
            self._aliases[what["alias"]].add(what["index"])
        return 200, ACKNOWLEDGED

    def _document(
        self, method: str, index: str, rest: list[str], asked: Json, parameters: Mapping[str, Any]
    ) -> Answer:
        documents = self._documents(index)
        self._count += 1
        name = rest[0] if rest else f"unnamed-{self._count}"
        held = documents.get(name)
        about = {"_index": index, "_id": name, "_primary_term": 1, "_shards": SHARDS}
        if method in ("GET", "HEAD"):
            return (200, {**about, "found": True, **held}) if held else (404, {**about, "found": False})
        if method == "DELETE":
            gone = documents.pop(name, None)
            return (200 if gone else 404), {**about, "result": "deleted" if gone else "not_found"}
        version = parameters.get("version") or (held["_version"] + 1 if held else 1)
        documents[name] = {"_source": asked, "_version": int(version), "_seq_no": self._count}
        result = {
            "result": "updated" if held else "created",
            "_version": int(version),
            "_seq_no": self._count,
        }
        return (200 if held else 201), {**about, **result}

    def _bulk(self, index: str, body: bytes) -> Json:
        lines = (json.loads(line) for line in body.splitlines() if line.strip())
        items = []
        for line in lines:
            ((verb, about),) = line.items()
            if verb not in ("index", "create", "delete"):
                raise NotImplementedError(f"the bulk action {verb!r}")
            method, source = ("DELETE", {}) if verb == "delete" else ("PUT", next(lines))
            status, said = self._document(method, about.get("_index", index), [about["_id"]], source, about)
            items.append({verb: {**said, "status": status}})
        return {"took": 0, "errors": False, "items": items}

    def _many_searches(self, body: bytes) -> Json:
        lines = [json.loads(line) for line in body.splitlines() if line.strip()]
        answers = []
        for about, asked in zip(lines[::2], lines[1::2], strict=True):
            names = about.get("index", "_all")
            found = self._search(",".join(names) if isinstance(names, list) else names, asked, {})
            answers.append({**found, "status": 200})
        return {"took": 0, "responses": answers}

    def _search(self, names: str, asked: Json, parameters: Mapping[str, Any]) -> Json:
        indices = self._indices if self._seen is None else self._seen
        hits = [
            {"_index": index, "_id": name, "_score": 1.0, "_primary_term": 1, **held}
            for index in self._expand(names)
            for name, held in indices.get(index, {"documents": {}})["documents"].items()
            if matches(asked.get("query") or {}, held["_source"], name)
        ]
        for field, descending in reversed(list(_order(asked.get("sort") or []))):
            hits.sort(key=lambda hit: list(values(hit["_source"], field)), reverse=descending)
        first = int(asked.get("from", parameters.get("from", 0)))
        size = int(asked.get("size", parameters.get("size", 10)))
        found: Json = {"total": {"value": len(hits), "relation": "eq"}, "max_score": 1.0}
        answer = {"took": 0, "timed_out": False, "_shards": SHARDS}
        facets = asked.get("aggs") or asked.get("aggregations") or {}
        return {
            **answer,
            "hits": {**found, "hits": hits[first : first + size]},
            "aggregations": {name: _no_facet(facet) for name, facet in facets.items()},
        }


def _order(sort: Iterable[Any]) -> Iterator[tuple[str, bool]]:
    for key in sort:
        field, order = (key, "asc") if isinstance(key, str) else next(iter(key.items()))
        yield field, (order.get("order") if isinstance(order, dict) else order) == "desc"


def _no_facet(facet: Json) -> Json:
    inner = facet.get("aggs") or facet.get("aggregations") or {}
    return {"doc_count": 0, "buckets": [], **{name: _no_facet(one) for name, one in inner.items()}}
