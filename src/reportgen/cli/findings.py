"""What this machine has and lacks of all that reports need, and what brings what is missing."""

from __future__ import annotations

import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reportgen.base.bounded import bounds_fault
from reportgen.base.packages import package_of, system_manager, tex_tree
from reportgen.base.paths import cache_folder
from reportgen.base.programs import PROGRAMS, find_tex_files
from reportgen.base.systems import on_linux, system_name
from reportgen.pdf.typeset import ENGINES, refused_calls, walls_fault
from reportgen.text import word_library
from reportgen.text.faces import TEXT_FACES, installed_faces
from reportgen.text.families import installed_families, tex_families
from reportgen.text.missing_fonts import FALLBACKS, NOTO, has_face, scripts_without_faces
from reportgen.text.scripts import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.base.programs import Program

TEX_FILES = {
    "article.cls": "latex",
    "fontenc.sty": "latex",
    "mathpazo.sty": "psnfss",
    "fplmri.pfb": "mathpazo",
    "uplr8a.pfb": "palatino",
    "tgpagella.sty": "tex-gyre",
    "tgheros.sty": "tex-gyre",
    "tgcursor.sty": "tex-gyre",
    "qplr.pfb": "tex-gyre",
    "amsmath.sty": "amsmath",
    "amssymb.sty": "amsfonts",
    "msam10.pfb": "amsfonts",
    "eusm10.pfb": "amsfonts",
    "geometry.sty": "geometry",
    "xcolor.sty": "xcolor",
    "graphicx.sty": "graphics",
    "lscape.sty": "graphics",
    "array.sty": "tools",
    "longtable.sty": "tools",
    "multicol.sty": "tools",
    "booktabs.sty": "booktabs",
    "glyphtounicode.tex": "pdftex-files",
    "dummy-space.pfb": "pdftex-files",
    "luaotfload.lua": "luaotfload",
}
"""The files of TeX that the templates load, and their fonts, each with what `base.packages` knows it by."""
_MOST_NAMED = 4
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
    """One thing that was looked at: whether it is well, what it is, and what to do if not.

    ``things`` are what is to be installed, by the names that `base.packages` knows; ``remedy`` is what else to do.
    ``listed`` are names that are too many for a line.
    """

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    needed: bool = True
    group: Literal["Needed", "Helpful", "Fonts", "Here"] = "Needed"
    things: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


def examine() -> list[Finding]:
    """Look at Python, the programs that are run, the files of TeX, the fonts, the sandbox and the cache."""
    programs = [program for program in PROGRAMS.values() if on_linux() or not program.for_linux]
    found = [_python(), *map(_program, programs), *_formats(), _tex_files(), _text_faces()]
    found += [
        _sandbox(),
        _bounds(),
        *map(_fallback, FALLBACKS),
        _scripts(),
        _word_library(),
        *_families(),
        *_here(),
    ]
    order = ("Needed", "Helpful", "Fonts", "Here")
    return sorted(found, key=lambda finding: order.index(finding.group))


def _python() -> Finding:
    is_new = sys.version_info >= (3, 11)
    return Finding("Python", is_new, platform.python_version(), "install Python 3.11 or later")


def _program(program: Program) -> Finding:
    group: Literal["Needed", "Helpful"] = "Needed" if program.needed else "Helpful"
    things = (program.name,)
    try:
        return Finding(program.name, True, program.version(), needed=program.needed, group=group)
    except (OSError, subprocess.SubprocessError) as error:
        state = f"does not run: {error}" if program.path else f"is not installed; it {program.purpose}"
        detail = f"{state} ({package_of(program.name)})"
        return Finding(program.name, False, detail, needed=program.needed, group=group, things=things)


def _formats() -> Iterator[Finding]:
    """Look for what each engine's own LaTeX is dumped into, which is made when TeX is installed."""
    for engine in ENGINES.values():
        name = f"{engine.base_format}.fmt"
        found = find_tex_files(f"-engine={engine.program}", name)
        thing = {"pdflatex": "pdflatex", "lualatex": "lualatex"}[engine.base_format]
        detail = (
            str(found[0]) if found else f"not found; {engine.program} begins with it ({package_of(thing)})"
        )
        yield Finding(name, bool(found), detail, things=(thing,))


def _tex_files() -> Finding:
    found = {path.name for path in find_tex_files(*TEX_FILES)}
    missing = [file for file in TEX_FILES if file not in found]
    if not missing:
        return Finding("files of TeX", True, f"all {len(TEX_FILES)} found")
    things = tuple(dict.fromkeys(TEX_FILES[file] for file in missing))
    detail = f"missing: {_some(missing)} ({_packages(things)})"
    return Finding("files of TeX", False, detail, things=things, listed=tuple(missing))


def _some(names: list[str]) -> str:
    """Return names for a line: of many the first ones, and how many more there are."""
    more = len(names) - _MOST_NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_MOST_NAMED])} and {more} more"


def _packages(things: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(map(package_of, things)))


def _text_faces() -> Finding:
    missing = [file for file in TEXT_FACES if file not in installed_faces()]
    if missing:
        detail = f"missing: {_some(missing)} ({package_of('text-fonts')})"
        return Finding("fonts of the text", False, detail, things=("text-fonts",))
    return Finding("fonts of the text", True, "TeX Gyre Pagella, Heros and Cursor")


_PRINTS = {
    "FreeSerif.otf": "Greek, Cyrillic, Hebrew and most signs",
    "Amiri-Regular.ttf": "Arabic",
    "wqy-microhei.ttc": "Chinese, Japanese and Korean",
    "Symbola_hint.ttf": "emoji and rare signs",
}


def _fallback(file: str) -> Finding:
    found = has_face(file)
    detail = (
        f"prints {_PRINTS[file]}" if found else f"not found; it prints {_PRINTS[file]} ({package_of(file)})"
    )
    return Finding(file, found, detail, needed=False, group="Fonts", things=(file,))


def _scripts() -> Finding:
    """Tell the scripts whose faces are missing."""
    missing = scripts_without_faces()
    if not missing:
        detail = f"faces for {len(SCRIPTS)} scripts, from Devanagari to Tibetan"
        return Finding("Noto", True, detail, needed=False, group="Fonts")
    detail = f"no faces for {_some(missing)} ({package_of(NOTO)})"
    return Finding("Noto", False, detail, needed=False, group="Fonts", things=(NOTO,), listed=tuple(missing))


def _word_library() -> Finding:
    found = word_library.library()
    detail = "divides lines of Thai, Lao, Khmer and Burmese between words"
    if found is None:
        detail = "not found; without it lines of Thai, Lao, Khmer and Burmese are divided between syllables"
    return Finding(
        "ICU", found is not None, detail, "it comes with TeX on most systems", needed=False, group="Fonts"
    )


def _families() -> list[Finding]:
    """List what a house may set its reports in."""
    lists = {"pdfTeX": tex_families(), "LuaTeX": [*installed_families()]}
    return [
        Finding(
            f"families, {engine}",
            bool(names),
            f"{len(names)} to choose from; `reportgen doctor --all` lists them",
            needed=False,
            group="Fonts",
            listed=tuple(names),
        )
        for engine, names in lists.items()
    ]


def _sandbox() -> Finding:
    if fault := walls_fault():
        detail = f"TeX runs without walls, under limits and its own restrictions only: {fault}"
        things = ("bwrap",) if on_linux() and PROGRAMS["bwrap"].path is None else ()
        return Finding(
            "sandbox", False, detail, _sandbox_remedy(), needed=False, group="Helpful", things=things
        )
    detail = "bubblewrap: no network, no files but TeX's own, no other process, nothing of your environment"
    detail = f"{detail}; {'' if refused_calls() else 'no '}filter of system calls"
    return Finding("sandbox", True, detail, needed=False, group="Helpful")


def _sandbox_remedy() -> str:
    """Tell what lets bubblewrap work here: what the system says of itself, or what a container must be given."""
    if not on_linux():
        return "build records of strangers on Linux, in a virtual machine or with the Docker image"
    if PROGRAMS["bwrap"].path is None:
        return ""
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


def _bounds() -> Finding:
    fault = bounds_fault()
    detail = fault or "memory and time of all that reads files of others"
    return Finding("bounds", not fault, detail, needed=False, group="Helpful")


def _here() -> list[Finding]:
    manager = system_manager()
    tree = tex_tree()
    by = f"packages by {manager.name}" if manager else "no package manager that is known here"
    system = f"{system_name()}, {by}{f'; TeX Live of its own in {tree}' if tree else ''}"
    return [
        Finding("system", True, system, group="Here"),
        Finding("cache", True, str(cache_folder("formats").parent), group="Here"),
    ]
