from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.cache import find, keep
from reportgen.base.errors import SetupError
from reportgen.latex import fonts
from reportgen.latex.fonts import (
    FALLBACK_FACES,
    PDFTEX_CHARACTERS,
    TEXT_FACES,
    Face,
    FontPlan,
    declare_faces,
    face_for,
    installed_faces,
    mark_font_runs,
    plan_fonts,
    unprintable,
)

LATIN = Face(TEXT_FACES[0], Path("latin.otf"), (0x20, 0x7F, 0xA0, 0x180))
SERIF = Face("FreeSerif.otf", Path("FreeSerif.otf"), (0x300, 0x304, 0x370, 0x530, 0x2A00, 0x2AFF))
ARABIC = Face("Amiri-Regular.ttf", Path("Amiri-Regular.ttf"), (0x600, 0x700))
HAN = Face("wqy-microhei.ttc", Path("wqy-microhei.ttc"), (0x600, 0x605, 0x3000, 0xA000))


@pytest.fixture
def four_faces(monkeypatch):
    """A machine with one text face for Latin, one face for Greek and marks, and two for further scripts."""
    known = dict.fromkeys(TEXT_FACES, LATIN) | {face.file: face for face in (SERIF, ARABIC, HAN)}
    monkeypatch.setattr(fonts, "installed_faces", lambda: known)
    for cached in (face_for, fonts._faces):
        cached.cache_clear()
    yield
    for cached in (face_for, fonts._faces):
        cached.cache_clear()


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


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("plain, “quoted” – naïve §5 ±2 € ≤ x", FontPlan("pdftex")),
        ("a lone α, and Ω.\n", FontPlan("pdftex")),
        ("λόγος", FontPlan("luatex", (SERIF,))),
        ("αβ", FontPlan("luatex", (SERIF,))),
        ("10²", FontPlan("luatex", unprintable=())),
        ("中文 and Ж", FontPlan("luatex", (SERIF, HAN))),
        ("مرحبا", FontPlan("luatex", (ARABIC,), bidirectional=True)),
        ("ก", FontPlan("luatex", unprintable=("ก",))),
        ("control \x01\x03", FontPlan("pdftex")),
    ],
)
@pytest.mark.usefixtures("four_faces")
def test_the_engine_and_faces_follow_from_the_characters(text, plan):
    assert plan_fonts(text) == plan


@pytest.mark.usefixtures("four_faces")
def test_an_engine_that_is_asked_for_is_taken():
    assert plan_fonts("plain", engine="luatex") == FontPlan("luatex")
    assert plan_fonts("中 ok", engine="pdftex") == FontPlan("pdftex", unprintable=("中",))


@pytest.mark.parametrize("text_faces", [{}, dict.fromkeys(TEXT_FACES[1:], LATIN)])
def test_luatex_without_its_text_faces_is_a_matter_of_the_machine(monkeypatch, text_faces):
    monkeypatch.setattr(fonts, "installed_faces", lambda: text_faces)
    with pytest.raises(SetupError, match=r"texgyrepagella-regular\.otf.*fonts-texgyre"):
        plan_fonts("plain", engine="luatex")
    assert plan_fonts("plain").engine == "pdftex"


@pytest.mark.usefixtures("four_faces")
def test_one_face_draws_a_letter_and_its_marks():
    assert face_for("é") is LATIN
    assert face_for("x\u0304") is None
    assert face_for("α\u0301") is SERIF
    # A sign that falls apart into a base and a mark has no face of its own in these fonts.
    plan = plan_fonts("\u2add\u0338")
    assert plan.unprintable == ("\u0338",)
    assert mark_font_runs("\u2add\u0338", plan) == "\\FontRun{rgfreeserif}{\u2add}\u0338"


@pytest.mark.usefixtures("four_faces")
def test_a_face_made_for_a_script_goes_first():
    assert face_for("\u0601") is ARABIC
    assert face_for("\u3001") is HAN


@pytest.mark.parametrize(
    ("tex", "marked"),
    [
        ("plain", "plain"),
        ("aж", "a<s>ж</>"),
        ("жя ж, ж", "<s>жя ж</>, <s>ж</>"),
        ("ж  ж", "<s>ж</>  <s>ж</>"),
        ("ж中ж", "<s>ж</><h>中</><s>ж</>"),
        ("x ж y", "x <s>ж</> y"),
        ("ж ", "<s>ж</> "),
        ("α\u0301é", "<s>α\u0301</>é"),
        ("\\emph{ж} ж", "\\emph{<s>ж</>} <s>ж</>"),
    ],
)
@pytest.mark.usefixtures("four_faces")
def test_runs_that_the_text_face_lacks_are_wrapped(tex, marked):
    plan = FontPlan("luatex", (SERIF, HAN))
    short = {"s": "\\FontRun{rgfreeserif}{", "h": "\\FontRun{rgwqymicrohei}{"}
    expected = re.sub(r"<([sh])>", lambda match: short[match[1]], marked).replace("</>", "}")
    assert mark_font_runs(tex, plan) == expected


@given(st.text("aé жя中 \\{}\u0301", max_size=30))
def test_wrapping_changes_no_character(tex):
    plan = plan_fonts(tex, engine="luatex")
    assert re.sub(r"\\FontRun\{rg[a-z]+\}\{([^{}\\]*)\}", r"\1", mark_font_runs(tex, plan)) == tex


def test_the_replacement_character_is_written_by_number():
    plan = plan_fonts("a\ufffdb")
    assert "\ufffd" not in mark_font_runs("a\ufffdb", plan)
    assert 'char"FFFD{}' in mark_font_runs("a\ufffdb", plan)


def test_faces_are_declared_with_their_shaping():
    assert declare_faces(FontPlan("pdftex")) == ""
    assert declare_faces(FontPlan("luatex", (SERIF, ARABIC, HAN))) == (
        "\\DeclareRunFace{rgfreeserif}{[FreeSerif.otf]}{mode=node}\n"
        "\\DeclareRunFace{rgamiriregular}{[Amiri-Regular.ttf]}{mode=harf;script=arab}\n"
        "\\DeclareRunFace{rgwqymicrohei}{[wqy-microhei.ttc](0)}{mode=node}\n"
    )
    assert declare_faces(FontPlan("luatex", (), bidirectional=True)).startswith("\\usepackage[bidi=basic")


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
    monkeypatch.setattr(fonts, "font_folders", lambda: [folder])
    installed_faces.cache_clear()
    yield folder
    installed_faces.cache_clear()


def test_coverage_is_read_once_and_kept_for_faces_that_did_not_change(own_fonts, tmp_path, monkeypatch):
    first = installed_faces()
    assert first["FreeSerif.otf"].path == own_fonts / "FreeSerif.otf"
    assert first["FreeSerif.otf"].has("Ж")
    assert not first["FreeSerif.otf"].has("中")
    monkeypatch.setattr(fonts, "coverage", lambda path: 1 / 0)
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
    assert fonts.font_folders()[:3] == own
    assert all(folder.is_dir() for folder in fonts.font_folders())
