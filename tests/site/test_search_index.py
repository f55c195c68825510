"""The parts that an index of many reports is made in."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.site import search
from reportgen.site.search import SearchIndexError, fragments_in, part_address, parts_of

ADDRESSES = st.lists(st.integers(0, 10**6).map("report/{}/v1/".format), max_size=60, unique=True)
MANY = [f"report/{number}/v1/" for number in range(10_000)]


@given(ADDRESSES, st.integers(1, 5), st.integers(1, 5), st.integers(5, 20))
def test_each_page_is_in_one_part_and_the_newest_are_in_the_first(newest, fewest, one_in, most):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"_FEWEST": fewest, "_ONE_IN": one_in, "_MOST": most}.items():
            patch.setattr(search, name, value)
        parts = list(parts_of(newest).values())
    assert [page for part in parts for page in part] == newest
    assert all(fewest <= len(part) <= most for part in parts[:-1])
    assert all(0 < len(part) <= most for part in parts[-1:])


def test_ten_thousand_pages_make_parts_that_fit_into_memory():
    sizes = [len(part) for part in parts_of(MANY).values()]
    assert max(sizes) <= 500
    assert 15 < len(sizes) < 40


def changed(before, after):
    """Count the parts that are to be made anew."""
    return len(parts_of(after).items() - parts_of(before).items())


def test_what_is_new_or_gone_changes_few_parts():
    new = [changed(MANY[place:], MANY[place - 1 :]) for place in range(1, 1000, 20)]
    gone = [changed(MANY, [*MANY[:place], *MANY[place + 1 :]]) for place in range(0, 10_000, 200)]
    assert sum(new) / len(new) < 2
    assert sum(gone) / len(gone) < 3


def fragment(site, part, name, address):
    folder = site / part_address(part) / "fragment"
    folder.mkdir(parents=True, exist_ok=True)
    content = b"pagefind_dcd" + json.dumps({"url": f"/{address}index.html"}).encode()
    (folder / f"{name}.pf_fragment").write_bytes(gzip.compress(content))


def test_a_name_that_two_parts_have_names_neither(tmp_path):
    fragment(tmp_path, "one", "en_1", "report/a/v1/")
    fragment(tmp_path, "one", "en_2", "report/b/v1/")
    fragment(tmp_path, "two", "en_1", "report/c/v1/")
    fragment(tmp_path, "two", "en_3", "report/d/v1/")
    assert fragments_in(tmp_path, ("one", "two")) == {"report/b/v1/": "en_2", "report/d/v1/": "en_3"}


def test_an_index_that_is_written_otherwise_is_said_to_be_unreadable(tmp_path):
    folder = tmp_path / part_address("one") / "fragment"
    folder.mkdir(parents=True)
    (folder / "en_1.pf_fragment").write_bytes(b"no gzip")
    with pytest.raises(SearchIndexError, match="cannot be read"):
        fragments_in(tmp_path, ["one"])
