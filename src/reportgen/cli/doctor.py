"""What this machine has and lacks, one line each, with the command that installs what is missing."""

from __future__ import annotations

import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.paths import cache_folder
from reportgen.base.programs import PROGRAMS, find_tex_files
from reportgen.pdf.typeset import refused_calls, walls_fault
from reportgen.text.faces import FALLBACK_FACES, TEXT_FACES, installed_faces
from reportgen.text.families import installed_families, tex_families
from reportgen.text.font_packages import FACE_PACKAGES, scripts_without_faces
from reportgen.text.scripts import PACKAGE, SCRIPTS

if TYPE_CHECKING:
    from reportgen.base.programs import Program

TEX_FILES = {
    "mathpazo.sty": "texlive-latex-base",
    "tgpagella.sty": "tex-gyre",
    "amsmath.sty": "texlive-latex-base",
    "longtable.sty": "texlive-latex-base",
    "booktabs.sty": "texlive-latex-recommended",
    "xcolor.sty": "texlive-latex-recommended",
    "geometry.sty": "texlive-latex-base",
    "glyphtounicode.tex": "texlive-base",
    "luaotfload.lua": "texlive-luatex",
    "fplmri.pfb": "texlive-fonts-recommended",
}
SYSCTLS = Path("/proc/sys")
_SWITCHES = {"kernel/unprivileged_userns_clone": 1, "user/max_user_namespaces": 10_000}
"""What forbids namespaces where it is 0, and the value that allows them."""
_APPARMOR = (
    "AppArmor keeps bubblewrap from making namespaces: write `abi <abi/4.0>, profile bwrap /usr/bin/bwrap "
    "flags=(unconfined) { userns, }` to /etc/apparmor.d/bwrap and run `apparmor_parser -r /etc/apparmor.d/bwrap`; "
    "or, for all programs, sysctl kernel.apparmor_restrict_unprivileged_userns=0"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, what it is, and what to do if not."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    needed: bool = True


def examine() -> list[Finding]:
    """Look at Python, the programs that are run, the files of TeX, the fonts, the sandbox and the cache."""
    return [
        Finding(
            "Python", sys.version_info >= (3, 11), platform.python_version(), "install Python 3.11 or later"
        ),
        *map(_program, PROGRAMS.values()),
        _tex_files(),
        _text_faces(),
        *(_face(file, package) for file, package in FACE_PACKAGES.items()),
        _scripts(),
        *_families(),
        _sandbox(),
        Finding("cache", True, str(cache_folder("formats").parent)),
    ]


def _program(program: Program) -> Finding:
    name = f"program {program.name}"
    try:
        return Finding(name, True, program.version())
    except (OSError, subprocess.SubprocessError) as error:
        detail = f"does not run: {error}" if program.path else f"is not installed; it {program.purpose}"
        return Finding(name, False, detail, program.remedy, needed=program.needed)


def _tex_files() -> Finding:
    found = {path.name for path in find_tex_files(*TEX_FILES)}
    missing = [file for file in TEX_FILES if file not in found]
    if not missing:
        return Finding("TeX files", True, f"all {len(TEX_FILES)} found")
    packages = sorted({TEX_FILES[file] for file in missing})
    return Finding(
        "TeX files", False, f"missing: {', '.join(missing)}", f"apt-get install {' '.join(packages)}"
    )


def _text_faces() -> Finding:
    missing = [file for file in TEXT_FACES if file not in installed_faces()]
    if missing:
        return Finding("text fonts", False, f"missing: {', '.join(missing)}", "apt-get install fonts-texgyre")
    return Finding("text fonts", True, "TeX Gyre Pagella, Heros and Cursor")


def _face(file: str, package: str) -> Finding:
    known = installed_faces()
    others = [name for name in FALLBACK_FACES if name in known]
    found = file in known
    detail = "found" if found else f"not found; {len(others)} other fallback fonts are"
    return Finding(f"font {file}", found, detail, f"apt-get install {package}", needed=False)


def _scripts() -> Finding:
    """Tell the scripts whose faces are missing, and the package that holds them."""
    missing = scripts_without_faces()
    if not missing:
        return Finding("scripts", True, f"faces for {len(SCRIPTS)} scripts, from Devanagari to Tibetan")
    detail = f"no faces for {', '.join(missing)}"
    return Finding("scripts", False, detail, f"apt-get install {PACKAGE}", needed=False)


def _families() -> list[Finding]:
    """List what a house may set its reports in."""
    lists = {"pdfTeX": tex_families(), "LuaTeX": installed_families()}
    remedy = "apt-get install tex-gyre fonts-texgyre"
    return [
        Finding(f"families for {engine}", bool(names), ", ".join(names) or "none", remedy, needed=False)
        for engine, names in lists.items()
    ]


def _sandbox() -> Finding:
    if fault := walls_fault():
        detail = f"TeX runs without walls, under limits and its own restrictions only: {fault}"
        return Finding("sandbox", False, detail, _sandbox_remedy(), needed=False)
    detail = "bubblewrap: no network, no files but TeX's own, no other process, nothing of your environment"
    return Finding("sandbox", True, f"{detail}; {'' if refused_calls() else 'no '}filter of system calls")


def _sandbox_remedy() -> str:
    """Tell what lets bubblewrap work here: what the system says of itself, or what a container must be given."""
    if PROGRAMS["bwrap"].path is None:
        return PROGRAMS["bwrap"].remedy
    if _kernel_says("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return _APPARMOR
    for switch, on in _SWITCHES.items():
        if _kernel_says(switch) == "0":
            return f"let users make namespaces: sysctl {switch.replace('/', '.')}={on}"
    return (
        "bubblewrap 0.7 or later is needed; in a container, start it with "
        "--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
    )


def _kernel_says(name: str) -> str:
    try:
        return (SYSCTLS / name).read_text(encoding="ascii").strip()
    except OSError:
        return ""
