from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minimal_record import load
from reportgen.base import paths
from reportgen.base.errors import OutputError
from reportgen.base.paths import cache_folder, packaged_folder, write_atomically
from reportgen.base.settings import Settings
from reportgen.pipeline.outputs import LONGEST_SLUG, place, report_name, slug


def named(pattern: str | None = None, **record) -> str:
    return report_name(load(**record).record, pattern or Settings().name_pattern)


def test_the_name_is_date_id_and_title():
    assert named() == "2026-05-30-11111111-calibration-of-small-classifiers.pdf"


def test_a_pattern_may_use_every_field():
    name = named("{kind}_{version}_{id}_{id8}_{date}", version="2.0 beta", kind="synthesis")
    assert name == "synthesis_2-0-beta_11111111-2222-4333-8444-555555555555_11111111_2026-05-30.pdf"


@given(st.text())
def test_a_slug_is_a_plain_file_name_whatever_the_title(text):
    made = slug(text)
    assert len(made) <= LONGEST_SLUG
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in f"-{made}-" or not made
    assert slug(made) == made


@given(st.text(st.characters(max_codepoint=127)))
def test_the_words_of_a_plain_title_stay_as_they_are(text):
    words = re.findall("[a-z0-9]+", text.lower())
    assert slug(text) == slug(" ".join(words))
    assert slug(text).split("-")[0] == (words[0][:LONGEST_SLUG] if words else "")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Die großen Übergänge schöner Äpfel", "die-grossen-uebergaenge-schoener-aepfel"),
        ("Die grossen U\u0308berga\u0308nge", "die-grossen-uebergaenge"),
        ("Łódź — naïve Æther, œuvre?", "lodz-naive-aether-oeuvre"),
        ("日本語", "ri-ben-yu"),
        ("Привет, мир", "privet-mir"),
        ("Ελλάδα", "ellada"),
        ("1,000 papers don't lie: AT&amp;T", "1-000-papers-don-t-lie-at-amp-t"),
        ("../../etc/passwd\\x\u2215y", "etc-passwd-x-y"),
        ("🎉", ""),
    ],
)
def test_a_title_is_written_in_the_letters_of_file_names(title, name):
    assert slug(title) == name


def test_a_slug_is_of_whole_words_but_for_one_that_is_too_long():
    assert slug("word " * 60).endswith("word")
    assert slug("x" * 200) == "x" * LONGEST_SLUG
    assert slug("ß" * 200) == "s" * LONGEST_SLUG


def test_a_title_without_a_letter_leaves_the_id_alone():
    assert named(title="🎉 — 🎈") == "2026-05-30-11111111.pdf"
    assert named("{slug}_{date}.pdf", title="🎉") == "2026-05-30.pdf"
    assert named("{slug}.pdf", title="🎉") == "11111111-2222-4333-8444-555555555555.pdf"
    assert named("{{slug}}-{slug}", title="🎉") == "{slug}.pdf"


def test_a_name_is_the_same_whatever_else_is_installed(monkeypatch):
    unidecode = SimpleNamespace(unidecode=lambda text: "other")
    monkeypatch.setitem(sys.modules, "unidecode", unidecode)
    assert slug("日本") == "ri-ben"


def test_a_long_name_is_cut_but_stays_a_pdf():
    name = named("{slug}{slug}{slug}{slug}{slug}", title="many words " * 30)
    assert len(name) <= 200
    assert name.endswith(".pdf")


def test_files_are_placed_whole_and_readable(tmp_path):
    folder = tmp_path / "new" / "out"
    place(folder, {"a.pdf": b"A", "b.tex": b"B"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a.pdf": b"A", "b.tex": b"B"}
    assert stat.S_IMODE((folder / "a.pdf").stat().st_mode) == 0o644


def test_a_folder_that_is_a_file_is_said(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutputError, match="cannot write"):
        place(tmp_path / "out", {"a.pdf": b"A"})


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_cache_goes_where_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    assert cache_folder("formats") == tmp_path / "cache" / "formats"
    assert cache_folder("formats").is_dir()


def test_a_cache_that_cannot_be_made_falls_back_to_temporary_files(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    paths._own_folder.cache_clear()
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert cache_folder("formats") == tmp_path / f"reportgen-{os.getuid()}" / "formats"
    paths._own_folder.cache_clear()


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Yield the folder that stands for /tmp, with a cache that is another user's."""
    paths._own_folder.cache_clear()
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("os.access", lambda path, _: not Path(path).is_relative_to(tmp_path / "cache"))
    yield tmp_path
    paths._own_folder.cache_clear()


def test_a_cache_that_cannot_be_written_falls_back_to_temporary_files(temporary):
    (temporary / "cache" / "formats").mkdir(parents=True)
    assert cache_folder("formats") == temporary / f"reportgen-{os.getuid()}" / "formats"
    assert (temporary / f"reportgen-{os.getuid()}").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("planted", ["link", "file"])
def test_a_folder_that_another_user_has_put_there_is_not_used(temporary, planted):
    place = temporary / f"reportgen-{os.getuid()}"
    if planted == "link":
        place.symlink_to(temporary)
    else:
        place.write_text("")
    folder = cache_folder("formats")
    assert folder.is_dir()
    assert folder.parent.parent == temporary
    assert folder.parent != place
    assert cache_folder("formats") == folder


def test_templates_and_bibliography_are_found():
    assert (packaged_folder("templates") / "latex/report.tex.j2").is_file()
    assert Path(packaged_folder("bib")).is_dir()


@pytest.mark.parametrize(
    ("title", "name"), [("Con", "con-{id8}.pdf"), ("LPT1", "lpt1-{id8}.pdf"), ("Cons", "cons.pdf")]
)
def test_no_report_is_named_as_a_device_of_windows_is(title, name):
    given = load(title=title)
    assert report_name(given.record, "{slug}.pdf") == name.format(id8=given.record.id.hex[:8])
