"""Formats by name and in groups, and those that a report has nothing for."""

from __future__ import annotations

import pytest

from fixtures import FOLDER
from reportgen import exports
from reportgen.base.settings import find_settings
from reportgen.exports import FORMATS, Format, formats_named
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import publication_of, write_formats


def format_of(name: str, lacking: str = "") -> Format:
    return Format(
        name=name,
        title=name,
        ending=f".{name}",
        media_type="text/plain",
        write=lambda publication: publication.stem.encode(),
        lacking=lambda _: lacking,
    )


ONE, TWO, ABSENT = format_of("one"), format_of("two"), format_of("absent", "a benchmark")


@pytest.fixture(autouse=True)
def some_formats(monkeypatch):
    found = {name: f"{__name__}:{name.upper()}" for name in ("one", "two", "absent")}
    monkeypatch.setattr(exports, "FORMATS", {**FORMATS, **found})
    monkeypatch.setattr(exports, "GROUPS", {"all": ("one", "two", "absent")})
    yield
    exports.format_named.cache_clear()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["two", "one", "two"], [TWO, ONE]),
        (["all"], [ONE, TWO, ABSENT]),
        (["absent", "all", "all"], [ABSENT, ONE, TWO]),
        ([], []),
    ],
    ids=["twice", "group", "both", "none"],
)
def test_each_format_is_taken_once_in_the_order_of_the_names(names, expected):
    assert list(formats_named(names)) == expected


def test_what_a_report_lacks_something_for_is_left_out():
    path = FOLDER / "one_claim.json"
    settings = find_settings(path.parent)
    publication = publication_of(compose_report(path, settings), settings)
    stem = publication.stem.encode()
    assert write_formats(publication, ["absent", "all"]) == {
        f"{publication.stem}.{name}": stem for name in ("one", "two")
    }
