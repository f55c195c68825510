"""The parts that an index of many reports is made in."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.site import search
from reportgen.site.search import SearchIndexError, fragments_in, part_address, parts_of

ADDRESSES = st.sets(st.integers(0, 10**6).map("report/{}/v1/".format), max_size=60)


@given(ADDRESSES, st.integers(1, 20))
def test_each_page_is_in_one_part_whatever_the_order(addresses, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_PAGES_A_PART", size)
        parts = parts_of(sorted(addresses))
        assert parts == parts_of(sorted(addresses, reverse=True))
    assert sorted(page for part in parts for page in part) == sorted(addresses)
    assert len(parts) <= max(1, -(-len(addresses) // size))


def test_ten_thousand_pages_make_parts_that_fit_into_memory():
    sizes = [len(part) for part in parts_of([f"report/{number}/v1/" for number in range(10_000)])]
    assert max(sizes) < 1000
    assert sum(sizes) == 10_000


def fragment(site, part, name, address):
    folder = site / part_address(part) / "fragment"
    folder.mkdir(parents=True, exist_ok=True)
    content = b"pagefind_dcd" + json.dumps({"url": f"/{address}index.html"}).encode()
    (folder / f"{name}.pf_fragment").write_bytes(gzip.compress(content))


def test_a_name_that_two_parts_have_names_neither(tmp_path):
    fragment(tmp_path, 0, "en_1", "report/a/v1/")
    fragment(tmp_path, 0, "en_2", "report/b/v1/")
    fragment(tmp_path, 1, "en_1", "report/c/v1/")
    fragment(tmp_path, 1, "en_3", "report/d/v1/")
    assert fragments_in(tmp_path, range(2)) == {"report/b/v1/": "en_2", "report/d/v1/": "en_3"}


def test_an_index_that_is_written_otherwise_is_said_to_be_unreadable(tmp_path):
    folder = tmp_path / part_address(0) / "fragment"
    folder.mkdir(parents=True)
    (folder / "en_1.pf_fragment").write_bytes(b"no gzip")
    with pytest.raises(SearchIndexError, match="cannot be read"):
        fragments_in(tmp_path, range(1))
