"""A large file is split once and found again by its content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.sources import bibsplit
from reportgen.sources.bibsplit import split_text

TEXT = """@preamble{"\\newcommand{\\both}[2]{#2#1}"}
@string{p = "Fell"} @string{p = "Other"}
@misc{a, title = {One}, publisher = p,
  note = {Two}}
stray
@misc{open, title = {x
@comment{@misc{hidden, title = {T}}}
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path))
    monkeypatch.setattr(bibsplit, "_LARGE", 10)
    return tmp_path / "bibliography"


def test_what_is_kept_is_what_was_split(cache, monkeypatch):
    made = split_text(TEXT)
    assert len(list(cache.iterdir())) == 1
    monkeypatch.setattr(bibsplit, "_split", lambda _: pytest.fail("split again"))
    kept = split_text(TEXT)
    assert kept == made
    assert {problem.code for problem in kept.problems} == {
        "bib-stray-text",
        "bib-syntax",
        "bib-commented",
        "bib-duplicate-string",
    }


def test_another_text_is_split_anew(cache):
    split_text(TEXT)
    assert split_text(TEXT.replace("One", "Uno")).entries != split_text(TEXT).entries
    assert len(list(cache.iterdir())) == 2


def test_a_kept_file_that_was_altered_is_made_again(cache):
    made = split_text(TEXT)
    (file,) = cache.iterdir()
    file.write_bytes(file.read_bytes().replace(b"One", b"Two"))
    assert split_text(TEXT).entries == made.entries


PIECES = ["@misc{a, title = {One {Two}},\n note = {x}}\n", '@book{b,title="q",year=2001}', "\n", " ", "@string{s = {t}}\n", "stray\n", "@misc{c, title = s # {u}}\n",
    "@misc{d, title = {x\n", "@misc{e}\n", '@misc{r, title = {M{\\"u} \\\\ "x"}}\n', "@article{f, title = {\\{ y}}\n", "@article{g, a@b = {z}, note = {m@n.org}}\n", "@commentary{h, title = {T},}\n", "}", "@misc(i, title = {T})\n",
    "@misc{j, title = {A}, Title = {B}}\n", "@misc{, title = {}}\n", "@misc{k, title = }\n", '@preamble{"x"}\n', "  @misc { l , title = {\n\n} , }\n", "% @misc{m, title = {T}}\n", "@comment{n}\n", "@misc{o, note = {@misc{p, q = {r}}}}\n"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_plain_entries_are_found_as_the_parser_finds_them(text):
    slow = bibsplit._split(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bibsplit, "_LARGE", 0)
        fast = bibsplit._split(text)
    assert [tuple(entry) for entry in fast.entries] == slow.entries
    assert (fast.strings, fast.commands, fast.failed, fast.problems) == (
        slow.strings,
        slow.commands,
        slow.failed,
        slow.problems,
    )
