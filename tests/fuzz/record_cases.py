"""Records to compile or to refuse: as the schema has them, with flaws, and as bytes that are nearly JSON or YAML."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from cases import RECORD, Case
from hypothesis import strategies as st
from mutations import mutated, mutated_bytes, written
from ruamel.yaml import YAML
from strategies import from_schema, known_sources, long_texts, printable_texts, texts

from minimal_record import minimal
from reportgen.base.paths import packaged_folder
from reportgen.record import json_schema

COMPILE = ("compile", RECORD)
VALIDATE = ("validate", RECORD)


@cache
def bibliography() -> dict[str, bytes]:
    return {
        "reportgen.toml": b"",
        "bib/references.bib": (packaged_folder("bib") / "references.bib").read_bytes(),
    }


def case_of(record: bytes, arguments: tuple[str, ...], **files: bytes) -> Case:
    return Case({**bibliography(), **files, RECORD: record}, arguments)


@cache
def by_schema() -> st.SearchStrategy[dict[str, Any]]:
    """Return any record that the schema allows."""
    schema = json_schema()
    return from_schema(schema, schema)


@cache
def printed(words: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a record that says nothing wrong about itself, with hostile texts wherever texts are printed."""
    claims = st.fixed_dictionaries(
        {"text": words, "verified": st.booleans(), "confidence": st.floats(0, 1)},
        optional={
            "quote": words,
            "locator": words,
            "note": words,
            "sources": st.lists(known_sources(), max_size=2),
        },
    )
    optional = {
        "version": words,
        "keywords": st.lists(words, max_size=3),
        "authors": st.lists(
            st.fixed_dictionaries({"name": words}, optional={"affiliation": words}), max_size=2
        ),
        "background": st.fixed_dictionaries({"text": words}),
        "sections": st.lists(st.fixed_dictionaries({"title": words, "text": words}), max_size=2),
        "limitations": st.lists(words, max_size=2),
        "language": st.sampled_from(["en", "de", "ru", "ar", "zh", "xx"]),
        "license": words,
        "generator": st.fixed_dictionaries({"name": words}, optional={"statement": words}),
    }
    required = {"title": words, "question": words, "claims": st.lists(claims, max_size=4)}
    some = st.lists(st.sampled_from(sorted(optional)), max_size=3, unique=True)
    return some.flatmap(
        lambda names: st.fixed_dictionaries(required | {name: optional[name] for name in names})
    ).map(lambda fields: minimal(**fields))


@cache
def compiled_records() -> st.SearchStrategy[Case]:
    return printed(printable_texts()).map(lambda record: case_of(written(record), COMPILE))


@cache
def long_records() -> st.SearchStrategy[Case]:
    one_long = st.tuples(
        printed(printable_texts()), long_texts(), st.sampled_from(["title", "question", "claims", "sections"])
    )

    def case(drawn: tuple[dict[str, Any], str, str]) -> Case:
        record, text, field = drawn
        values = {"claims": [{"text": text, "verified": True}], "sections": [{"title": "T", "text": text}]}
        return case_of(written({**record, field: values.get(field, text)}), COMPILE)

    return one_long.map(case)


@cache
def valid_records() -> st.SearchStrategy[Case]:
    arguments = st.sampled_from([COMPILE, VALIDATE])
    return st.builds(lambda record, given: case_of(written(record), given), by_schema(), arguments)


@cache
def flawed_records() -> st.SearchStrategy[Case]:
    values = st.one_of(by_schema(), printed(texts())).flatmap(mutated)
    return values.map(written).map(lambda record: case_of(record, VALIDATE))


@cache
def nearly_json() -> st.SearchStrategy[Case]:
    values = printed(printable_texts()).map(written).flatmap(mutated_bytes)
    return values.map(lambda record: case_of(record, VALIDATE))


def nearly_yaml() -> st.SearchStrategy[Case]:
    values = printed(printable_texts()).map(_in_yaml).flatmap(mutated_bytes)
    place = "records/record.yaml"
    return values.map(lambda record: Case({**bibliography(), place: record}, ("validate", place)))


def _in_yaml(value: Any) -> bytes:
    out = io.BytesIO()
    YAML(typ="safe", pure=True).dump(value, out)
    return out.getvalue()
