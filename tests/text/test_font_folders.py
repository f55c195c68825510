"""Where each system keeps fonts, tried with its folders below another root."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.text import font_folders, word_library


@pytest.fixture
def system(monkeypatch, tmp_path):
    """Another system with a home, and the folders of its table below ``tmp_path``."""

    def be(platform, there):
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
        monkeypatch.setenv("WINDIR", str(tmp_path / "Windows"))
        monkeypatch.setenv("OSFONTDIR", "")
        moved = tuple(
            f"{tmp_path}{folder}" if folder.startswith("/") else folder
            for folder in font_folders.FOLDERS[platform]
        )
        monkeypatch.setitem(font_folders.FOLDERS, platform, moved)
        monkeypatch.setattr("sys.platform", platform)
        for folder in there:
            (tmp_path / folder).mkdir(parents=True)
        return [str(folder.relative_to(tmp_path)) for folder in font_folders.font_folders()]

    return be


@pytest.mark.parametrize(
    ("platform", "there"),
    [
        ("darwin", ["home/Library/Fonts", "Library/Fonts", "opt/homebrew/share/fonts"]),
        ("win32", ["local/Microsoft/Windows/Fonts", "Windows/Fonts"]),
        ("linux", ["home/.fonts", "usr/share/fonts", "usr/share/texmf-dist/fonts/truetype"]),
    ],
)
def test_fonts_are_looked_for_where_the_system_has_them_the_user_s_own_first(platform, there, system):
    assert system(platform, there) == there


def test_a_tex_live_of_its_own_brings_its_fonts(monkeypatch, tmp_path):
    fonts = tmp_path / "texmf-dist/fonts/truetype"
    fonts.mkdir(parents=True)
    monkeypatch.setattr(font_folders, "tex_tree", lambda: tmp_path)
    assert font_folders.font_folders()[-1] == fonts


@pytest.mark.parametrize(
    ("platform", "name", "ending"),
    [("darwin", "libicucore.dylib", ""), ("win32", "icu.dll", ""), ("linux", None, "_")],
)
def test_the_library_of_words_has_the_name_and_the_functions_of_its_system(
    platform, name, ending, monkeypatch
):
    real = word_library.library()
    asked = []
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(word_library.ctypes, "CDLL", lambda file: asked.append(file) or Path(file))
    found = word_library.library.__wrapped__()
    assert asked == [name or "libicuuc.so.99"]
    assert found[1].startswith(ending)
    assert real is None or real[1].startswith("_")
