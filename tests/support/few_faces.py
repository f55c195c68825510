"""A machine with few fonts: which face prints what is known without looking at the installed ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.latex import fonts
from reportgen.text import faces
from reportgen.text.faces import TEXT_FACES, Face, face_for, faces_of, script_faces

LATIN = Face(TEXT_FACES[0], Path("latin.otf"), (0x20, 0x7F, 0xA0, 0x180))
SERIF = Face("FreeSerif.otf", Path("FreeSerif.otf"), (0x300, 0x304, 0x370, 0x530, 0x2A00, 0x2AFF))
ARABIC = Face("Amiri-Regular.ttf", Path("Amiri-Regular.ttf"), (0x600, 0x700))
HAN = Face("wqy-microhei.ttc", Path("wqy-microhei.ttc"), (0x600, 0x605, 0x3000, 0xA000))


@pytest.fixture
def four_faces(monkeypatch):
    """A machine with one text face for Latin, one face for Greek and marks, and two for further scripts."""
    known = dict.fromkeys(TEXT_FACES, LATIN) | {face.file: face for face in (SERIF, ARABIC, HAN)}
    for module in (faces, fonts):
        monkeypatch.setattr(module, "installed_faces", lambda: known)
    monkeypatch.setattr(faces, "script_paths", dict)
    for cached in (face_for, faces_of, script_faces):
        cached.cache_clear()
    yield
    for cached in (face_for, faces_of, script_faces):
        cached.cache_clear()
