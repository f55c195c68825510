"""A large file is split once and found again by its content."""

from __future__ import annotations

import pytest

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
