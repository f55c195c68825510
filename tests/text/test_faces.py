from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from few_faces import ARABIC, HAN
from reportgen.base.cache import find, keep
from reportgen.text import faces
from reportgen.text.faces import (
    FALLBACK_FACES,
    PDFTEX_CHARACTERS,
    TEXT_FACES,
    Face,
    face_for,
    installed_faces,
    unprintable,
)


@given(st.sets(st.integers(0, 300)), st.integers(0, 301))
def test_a_face_has_the_code_points_of_its_ranges(codes, code):
    ranges = tuple(edge for c in sorted(codes) for edge in (c, c + 1))
    assert Face("f", Path("f"), ranges).has(chr(code)) == (code in codes)


def test_a_face_is_known_to_tex_by_letters_and_to_the_manifest_by_its_hash(tmp_path):
    path = tmp_path / "Noto Sans2-Regular.ttf"
    path.write_bytes(b"font")
    face = Face(path.name, path, ())
    assert face.family == "rgnotosansregular"
    assert face.sha256 == hashlib.sha256(b"font").hexdigest()
    assert (face.script, ARABIC.script) == ("", "arab")


def test_the_families_of_all_faces_differ():
    families = [Face(file, Path(), ()).family for file in FALLBACK_FACES]
    assert len({*families, "rgpagella", "rgheros", "rgcursor"}) == len(FALLBACK_FACES) + 3


@pytest.mark.usefixtures("four_faces")
def test_a_face_made_for_a_script_goes_first():
    assert face_for("\u0601") is ARABIC
    assert face_for("\u3001") is HAN


@pytest.mark.parametrize(
    ("text", "engine", "missing"),
    [
        ("plain – text", "auto", ""),
        ("中 α\u0301 Ж", "auto", ""),
        ("ก and \U0001f600", "auto", "ก\U0001f600"),
        ("thin\u2009space\u200b\u00ad", "auto", ""),
        ("thin\u2009space\u200b\u00ad", "pdftex", ""),
        ("a lone α", "pdftex", ""),
        ("αβ 中", "pdftex", "αβ中"),
        ("$αβ$", "pdftex", ""),
        ("e\u0301", "pdftex", ""),
        ("\u202e", "auto", ""),
    ],
)
@pytest.mark.usefixtures("four_faces")
def test_characters_that_no_font_prints_are_named(text, engine, missing):
    assert unprintable(text, engine=engine) == tuple(missing)


def test_the_machine_has_the_faces_that_reports_need():
    faces = installed_faces()
    assert set(TEXT_FACES) <= faces.keys()
    assert [character for character in "Жλ中あ한اא🙂𝔸→∮" if face_for(character) is None] == []


def test_what_pdftex_prints_luatex_prints_as_well():
    assert [c for c in PDFTEX_CHARACTERS - {"\n", " "} if face_for(c) is None] == []


def test_coverage_is_that_of_the_font_file():
    for file in ("FreeSerif.otf", "wqy-microhei.ttc"):
        face = installed_faces()[file]
        with TTFont(face.path, fontNumber=0, lazy=True) as font:
            codes = font.getBestCmap().keys()
        assert [code for code in range(0x20000) if face.has(chr(code)) != (code in codes)] == []


@pytest.fixture
def own_fonts(monkeypatch, tmp_path):
    """A machine with one font, and a cache that is empty."""
    real = installed_faces()["FreeSerif.otf"].path
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "FreeSerif.otf").symlink_to(real)
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(faces, "font_folders", lambda: [folder])
    installed_faces.cache_clear()
    yield folder
    installed_faces.cache_clear()


def test_coverage_is_read_once_and_kept_for_faces_that_did_not_change(own_fonts, tmp_path, monkeypatch):
    first = installed_faces()
    assert first["FreeSerif.otf"].path == own_fonts / "FreeSerif.otf"
    assert first["FreeSerif.otf"].has("Ж")
    assert not first["FreeSerif.otf"].has("中")
    monkeypatch.setattr(faces, "coverage", lambda path: 1 / 0)
    installed_faces.cache_clear()
    assert installed_faces() == first
    (tmp_path / "cache/fonts/coverage.json").write_text("{broken")  # without its seal
    installed_faces.cache_clear()
    with pytest.raises(ZeroDivisionError):
        installed_faces()


@pytest.mark.usefixtures("own_fonts")
def test_coverage_of_faces_that_are_gone_is_forgotten(tmp_path):
    keep("fonts", "coverage", ".json", json.dumps({"/gone.ttf:1:2": [1, 2]}).encode())
    installed_faces()
    stamps = list(json.loads(find("fonts", "coverage", ".json")))
    assert "/gone.ttf:1:2" not in stamps
    assert any(f"{tmp_path}/fonts/FreeSerif.otf:" in stamp for stamp in stamps)


@pytest.mark.usefixtures("own_fonts")
def test_text_faces_are_also_found_where_tex_keeps_them():
    assert installed_faces().keys() >= set(TEXT_FACES)


def test_a_machine_without_tex_has_the_faces_of_its_folders_only(own_fonts, monkeypatch):
    monkeypatch.setenv("PATH", str(own_fonts))
    assert list(installed_faces()) == ["FreeSerif.otf"]


def test_fonts_are_looked_for_in_the_users_folders_first(monkeypatch, tmp_path):
    own = [tmp_path / "first", tmp_path / "second", tmp_path / ".fonts"]
    for folder in own:
        folder.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("OSFONTDIR", f"{own[0]}:{own[1]}:{tmp_path / 'missing'}")
    assert faces.font_folders()[:3] == own
    assert all(folder.is_dir() for folder in faces.font_folders())
