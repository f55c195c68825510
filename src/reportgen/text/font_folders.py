"""Where each system keeps fonts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from reportgen.base.packages import tex_tree

FOLDERS = {
    "linux": (
        "~/.fonts",
        "~/.local/share/fonts",
        "/usr/local/share/fonts",
        "/usr/share/fonts",
        "/usr/share/texmf/fonts/opentype",
        "/usr/share/texlive/texmf-dist/fonts/opentype",
        "/usr/share/texmf-dist/fonts/opentype",
        "/usr/share/texmf-dist/fonts/truetype",
    ),
    "darwin": (
        "~/Library/Fonts",
        "/Library/Fonts",
        "/System/Library/Fonts",
        "/opt/homebrew/share/fonts",
        "/usr/local/share/fonts",
    ),
    "win32": ("$LOCALAPPDATA/Microsoft/Windows/Fonts", "$WINDIR/Fonts"),
}
"""The folders of each system, the user's own before all others."""


def font_folders() -> list[Path]:
    """Return the folders searched for fonts: those of ``OSFONTDIR``, the system's, and those of a TeX Live of its own.

    The user's own come before those of all users.
    """
    named = [part for part in os.environ.get("OSFONTDIR", "").split(os.pathsep) if part]
    known = FOLDERS.get(sys.platform, FOLDERS["linux"])
    folders = [*map(Path, named), *(Path(os.path.expandvars(folder)).expanduser() for folder in known)]
    if tree := tex_tree():
        folders += [tree / "texmf-dist/fonts" / kind for kind in ("opentype", "truetype")]
    return [folder for folder in folders if folder.is_dir()]
