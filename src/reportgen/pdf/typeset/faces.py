"""LuaTeX's cache of a font, made once by a run that holds nothing but our own words.

It is Lua code that every later run executes. So no run writes where others read: what a run keeps for itself is
gone with it, and what all read comes from here.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.cache import key_of, recall_file
from reportgen.base.errors import TypesetError
from reportgen.base.paths import write_atomically
from reportgen.base.settings import Limits
from reportgen.base.timings import stage
from reportgen.latex.fonts import FontPlan, declare_faces
from reportgen.pdf.typeset.engines import ENGINES, engine_version
from reportgen.pdf.typeset.formats import installation
from reportgen.pdf.typeset.sandbox import FLAGS, Job, faces_folder, run_tex
from reportgen.text.faces import TEXT_FACES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.text.faces import Face, ScriptFaces

_HEAD = r"""\documentclass{article}
\newcommand\DeclareRunFace[3]{\font\run="#2:#3;-tlig;"\relax}
\let\DeclareBoldRunFace\DeclareRunFace
\newcommand\DeclareSansRun[1]{}
\begin{document}
"""
_TEXT = "".join(
    rf"\DeclareRunFace{{}}{{[{file}]}}{{mode=node;script=latn;language=dflt;+liga;+kern}}" + "\n"
    for file in TEXT_FACES
)


@stage("load fonts")
def load_faces(faces: Iterable[Face | ScriptFaces]) -> None:
    """Have LuaTeX read the text faces and these, each once a machine."""
    _load_once(_TEXT, ())
    for face in faces:
        _load_once(declare_faces(FontPlan("luatex", (face,))), face.files)


def _load_once(declarations: str, faces: Iterable[Face]) -> None:
    engine = ENGINES["luatex"]
    stamps = [f"{face.path}:{face.path.stat().st_mtime_ns}" for face in faces]
    key = key_of([engine_version(engine.name), *installation(engine), declarations, *stamps])[:24]
    recall_file("texmf", f"{key}.faces", lambda: _load(declarations, faces))


def _load(declarations: str, faces: Iterable[Face]) -> bytes:
    """Run LuaTeX, and put what it keeps where all runs read; give the list of that."""
    shared = faces_folder()
    with tempfile.TemporaryDirectory(prefix="reportgen-faces-") as name:
        scratch = Path(name)
        job = Job(
            ENGINES["luatex"],
            ("-fmt=lualatex", *FLAGS, "faces.tex"),
            {"faces.tex": f"{_HEAD}{declarations}\\end{{document}}\n".encode()},
            ("faces.log",),
            dt.date(1970, 1, 1),
            Limits(),
            links={face.file: face.path for face in faces},
            scratch=scratch,
        )
        # What could not be kept is read again by each run, which takes longer and is right all the same.
        with suppress(TypesetError):
            run_tex(job)
        kept = sorted(path.relative_to(scratch) for path in scratch.rglob("*.l*") if path.is_file())
        with suppress(OSError):
            for path in kept:
                write_atomically(shared / path, (scratch / path).read_bytes())
    return "".join(f"{path}\n" for path in kept).encode()
