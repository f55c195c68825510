"""Projects whose files beside the record were changed: bibliography, settings, lock files, state, claims."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from cases import RECORD, Case
from hypothesis import strategies as st
from mutations import mutated, mutated_bytes, odd_values, written
from record_cases import COMPILE, VALIDATE, case_of
from strategies import from_schema, long_texts, texts
from world import CANARY

from minimal_record import claim, minimal
from reportgen.base.settings import Settings
from reportgen.pipeline.batch.state import STATE_FOLDER
from reportgen.record import json_schema

_LOCK = "references.lock.json"
_DEPOSIT = "records/record.zenodo.json"
_RECORD = minimal(
    sources=["wang2024dpa", "doi:10.1000/locked"],
    claims=[claim(sources=["wang2024dpa"]), claim("Another.")],
    license="CC-BY-4.0",
)


def _with_file(
    name: str, contents: st.SearchStrategy[bytes], commands: list[tuple[str, ...]], record: Any = _RECORD
) -> st.SearchStrategy[Case]:
    drawn = st.tuples(contents, st.sampled_from(commands))
    return drawn.map(lambda case: case_of(written(record), case[1], **{name: case[0]}))


# Bibliographies


@st.composite
def _bib_values(draw: st.DrawFn) -> str:
    text = draw(
        texts()
        | st.sampled_from(["Ada, A. and others", '{\\"u}ber {\\o} \\ss{}', "$x^{2}$", "2024", "\\emph{x}"])
    )
    depth = draw(st.sampled_from([0, 0, 1, 5, 500, 4000]))
    command = draw(st.sampled_from(["{", "\\emph{", "$", "\\'{", "\\cite{", "\\textbf{\\emph{"]))
    text = command * depth + text + "}" * (depth * command.count("{"))
    form = draw(
        st.sampled_from(["{%s}", '"%s"', "%s", "{%s", '"%s', '{%s} # "x" # inst', "inst", "none # none"])
    )
    return form.replace("%s", text)


@st.composite
def _bib_blocks(draw: st.DrawFn) -> str:
    kind = draw(
        st.sampled_from(
            ["article", "misc", "book", "string", "preamble", "comment", "ARTICLE", "set", "x y", ""]
        )
    )
    key = draw(st.sampled_from(["wang2024dpa", "wang2024dpa", "one", "", "a b", "{", "é"]) | texts())
    names = st.sampled_from(
        [
            "author",
            "title",
            "year",
            "doi",
            "url",
            "eprint",
            "crossref",
            "isbn",
            "month",
            "a b",
            "",
            "pages",
            "xdata",
            "entryset",
        ]
    )
    fields = draw(st.lists(st.tuples(names, _bib_values()), max_size=5))
    body = draw(st.sampled_from([",\n", "\n", ",,", " "])).join(f"{name} = {value}" for name, value in fields)
    head, end = draw(st.sampled_from([("{", "}"), ("(", ")"), ("{", ""), ("", "")]))
    return draw(st.sampled_from(["", "% a line\n", "junk "])) + f"@{kind}{head}{key},\n{body}\n{end}\n"


@cache
def bibliographies() -> st.SearchStrategy[Case]:
    whole = (Path(__file__).parents[2] / "bib" / "references.bib").read_bytes()
    made = st.lists(_bib_blocks(), min_size=1, max_size=4).map(
        lambda blocks: "".join(blocks).encode("utf-8", "surrogatepass")
    )
    string = (
        '@string{a0 = "x"}\n'
        + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(40))
        + "@misc{b, title = a40}"
    )
    contents = made | mutated_bytes(whole) | made.map(lambda text: whole + text) | st.just(string.encode())
    return _with_file(
        "bib/references.bib", contents, [COMPILE, VALIDATE, ("bib", "check"), ("bib", "check", RECORD)]
    )


# Settings


def _toml(value: Any) -> str:
    """Write a value as TOML has it in a line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case None:
            return '"null"'
        case str() if value.startswith("\ue0ff"):
            return value.strip("\ue0ff")
    return json.dumps(value, ensure_ascii=False)


@cache
def settings_files() -> st.SearchStrategy[Case]:
    schema = Settings.model_json_schema()
    for name in ("root", "trust_templates", "require_sandbox", "allow_unsandboxed"):
        del schema["properties"][name]
    paths = st.sampled_from(
        [
            "out",
            "bib",
            ".",
            "..",
            "../sentinel",
            str(CANARY),
            "/",
            "/etc",
            "records/record.json",
            "a\0b",
            "n" * 300,
            "~",
            "",
        ]
    )
    patterns = st.sampled_from(
        [
            "{date}",
            "{id8}-{slug}.pdf",
            "{date:>300000000}",
            "{x}",
            "{",
            "{id.__class__}",
            "../{id8}.pdf",
            "a/b.pdf",
            "",
            "\x1b.pdf",
            "{slug!r}",
        ]
    )
    limits = st.sampled_from([0, 1, 60, 10**14, 10**20, -1, 2.5, "1e9"])
    chosen = st.fixed_dictionaries(
        {},
        optional={
            "output": paths, "bib": st.lists(paths, max_size=2), "lock": paths, "templates": paths, "name_pattern": patterns,
            "limits": st.dictionaries(st.sampled_from(["seconds", "memory_mb", "output_mb"]), limits),
        },
    )  # fmt: skip
    values = st.one_of(from_schema(schema, schema), from_schema(schema, schema).flatmap(mutated), chosen)

    def text(value: Any) -> bytes:
        pairs = value.items() if isinstance(value, dict) else [("output", value)]
        lines = [f"{json.dumps(key)} = {_toml(each)}" for key, each in pairs]
        return "\n".join(lines).encode("utf-8", "surrogatepass")

    contents = values.map(text)
    commands = [COMPILE, VALIDATE, ("batch", "records", "--jobs", "1")]
    return _with_file("reportgen.toml", contents | contents.flatmap(mutated_bytes), commands)


# Lock files and state


@cache
def _lock() -> dict[str, Any]:
    from reportgen.sources.lock import item_sha256

    item = {
        "id": "x",
        "type": "book",
        "title": "A locked book",
        "author": [{"family": "A"}],
        "issued": {"date-parts": [[2020]]},
    }
    sealed = {"fetched": "2026-01-01", "from": "https://doi.org/", "sha256": item_sha256(item), "item": item}
    return {"schema": "reportgen-references-v1", "references": {"doi:10.1000/locked": sealed}}


def _sealed(item: Any) -> Any:
    from reportgen.sources.lock import item_sha256

    try:
        digest = item_sha256(item)
    except (ValueError, TypeError, AttributeError):
        digest = "0" * 64
    lock = json.loads(json.dumps(_lock()))
    lock["references"]["doi:10.1000/locked"] |= {"item": item, "sha256": digest}
    return lock


@cache
def reference_locks() -> st.SearchStrategy[Case]:
    item = _lock()["references"]["doi:10.1000/locked"]["item"]
    values = st.one_of(mutated(_lock()), odd_values(), mutated(item).map(_sealed))
    contents = values.map(written) | mutated_bytes(written(_lock()))
    return _with_file(_LOCK, contents, [COMPILE, VALIDATE])


@cache
def deposit_locks() -> st.SearchStrategy[Case]:
    lock = {
        "schema": "reportgen-zenodo-v1", "host": "https://zenodo.org/api", "record": _RECORD["id"], "version": "1",
        "draft": "7", "parent": "6", "doi": "10.5281/zenodo.7", "stage": "published", "metadata": "0" * 64,
        "files": {"a.pdf": {"md5": "0" * 32, "size": 7}}, "previous": ["10.5281/zenodo.5"],
        "published_at": "2026-01-01T00:00:00+00:00", "published_before": ["2025-01-01T00:00:00+00:00"],
    }  # fmt: skip
    contents = (mutated(lock) | odd_values()).map(written) | mutated_bytes(written(lock))
    return _with_file(_DEPOSIT, contents, [COMPILE, VALIDATE, ("zenodo", "status", RECORD)])


@cache
def _state() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Run a batch, once; give the files of its state, and the PDFs beside it."""
    from reportgen.pipeline.batch.inputs import find_sources
    from reportgen.pipeline.batch.options import Options
    from reportgen.pipeline.batch.run import run_batch

    with tempfile.TemporaryDirectory() as name:
        case_of(written(_RECORD), ()).lay_out(Path(name))
        list(run_batch(find_sources([str(Path(name, "records"))]), Options(jobs=1)))
        state = {
            path.relative_to(name).as_posix(): path.read_bytes()
            for path in sorted(Path(name, "out", STATE_FOLDER).rglob("*.json"))
        }
        return state, {f"out/{path.name}": path.read_bytes() for path in Path(name, "out").glob("*.pdf")}


@cache
def states() -> st.SearchStrategy[Case]:
    state, pdfs = _state()

    def with_one_damaged(name: str) -> st.SearchStrategy[dict[str, bytes]]:
        values = mutated(json.loads(state[name])).map(written) | mutated_bytes(state[name])
        return values.map(lambda content: {**state, name: content})

    contents = st.sampled_from(sorted(state)).flatmap(with_one_damaged)
    batch = ("batch", "records", "--jobs", "1")
    commands = st.sampled_from(
        [batch, (*batch, "--check"), (*batch, "--check", "--explain"), (*batch, "--explain")]
    )
    drawn = st.tuples(contents, commands)
    return drawn.map(lambda case: case_of(written(_RECORD), case[1], **pdfs, **case[0]))


# Claims in files


def _rows() -> st.SearchStrategy[list[dict[str, Any]]]:
    schema = json_schema()
    claims = from_schema(schema["$defs"]["Claim"], schema)
    return st.lists(
        claims | claims.flatmap(mutated).filter(lambda row: isinstance(row, dict)), min_size=1, max_size=4
    )


def _csv(rows: list[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow(names)
    for row in rows:
        writer.writerow(["" if (value := row.get(name)) is None else _cell(value) for name in names])
    return out.getvalue().encode("utf-8", "surrogatepass")


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@st.composite
def _parquet(draw: st.DrawFn) -> bytes:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    size = draw(st.integers(1, 3))
    kinds = st.sampled_from([
        pa.string(), pa.bool_(), pa.float64(), pa.int64(), pa.date32(), pa.timestamp("ns"), pa.binary(), pa.list_(pa.string()),
        pa.struct([("doi", pa.string())]), pa.list_(pa.struct([("key", pa.string())])), pa.decimal128(30, 3), pa.null(),
        pa.dictionary(pa.int8(), pa.string()), pa.time64("us"), pa.duration("s"), pa.map_(pa.string(), pa.string()),
    ])  # fmt: skip
    values = {
        "string": ["a", "", None], "bool": [True, False, None], "double": [0.5, float("nan"), float("inf")],
        "int64": [1, -(2**63), None], "list<element: string>": [["a"], [], None],
    }  # fmt: skip
    names = ["text", "verified", "confidence", "sources", "id", "quote", "locator", "x", ""]
    columns = {"text": pa.array(["A claim."] * size), "verified": pa.array([True] * size)}
    for name in draw(st.lists(st.sampled_from(names), max_size=4, unique=True)):
        kind = draw(kinds)
        some = values.get(str(kind)) or [None]
        columns[name] = pa.array([draw(st.sampled_from(some)) for _ in range(size)], type=kind)
    table = pa.table(columns)
    if draw(st.integers(0, 9)) == 0:
        # Columns of one value are hardly stored at all.
        table = table.take(np.zeros(draw(st.sampled_from([3_000, 1_000_000])), dtype="uint8"))
    out = io.BytesIO()
    pq.write_table(table, out, compression=draw(st.sampled_from(["none", "gzip", "zstd"])))
    return out.getvalue()


@cache
def claims_files() -> st.SearchStrategy[Case]:
    def lines(rows: list[dict[str, Any]]) -> bytes:
        return b"\n".join(written(row).replace(b"\n", b" ") for row in rows)

    long = long_texts().map(lambda text: [{"text": text, "verified": True}])
    tables = {
        "claims.csv": (_rows() | long).map(_csv),
        "claims.jsonl": (_rows() | long).map(lines),
        "claims.parquet": _parquet(),
    }
    cases = [
        _with_file(
            f"records/{name}",
            contents | contents.flatmap(mutated_bytes),
            [COMPILE, VALIDATE, VALIDATE],
            minimal(claims={"file": name}),
        )
        for name, contents in tables.items()
    ]
    return st.one_of(cases)
