"""Running a case in a small world of its own, and judging what came of it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cases import PROJECT, Case, Ended
from letters import missing_texts
from server import OUTSIDE, WALL_SECONDS, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_MEMORY = 1_500_000_000
CANARY = Path(tempfile.gettempdir(), "reportgen-fuzz-canary")
"""An absolute place that hostile files name: nothing may ever come to be there."""
_OUTPUT = "out"
_EXTRACTED = ("inside/", "report/")
# A problem alone stands behind its place; of several that are alike the places stand below.
_SAID = re.compile(
    r"^(?:(?P<place>\S.*?): )?(?P<level>error|warning)\[(?P<code>[\w-]+)\]: .*(?:\n  (?!help: )(?P<below>\S.*))?",
    re.MULTILINE,
)
_WITHOUT_FIELD = {"file-unreadable", "file-too-large", "not-utf-8", "zenodo-lock-unreadable"}
_VERDICTS = {1: "out of date:", 10: "different:", 11: "cannot be told:", 16: "cannot be told:"}


@dataclass(frozen=True)
class Judged:
    """A case that was run: how it ended, the codes it gave, and what is wrong with that, if anything."""

    case: Case
    ended: Ended
    codes: tuple[str, ...]
    flaws: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """Name the outcome for a table: the exit code, and the first error's code."""
        return f"{self.ended.code} {self.codes[0] if self.codes else ''}".strip()

    @property
    def kind(self) -> str:
        """Tell one flaw from another: what is wrong, and where in the code."""
        return self.flaws[0].split(" | ")[0] if self.flaws else ""


class World:
    """A folder for one case at a time, with files around it that nobody may touch, and a warm server."""

    def __init__(self, seconds: float = WALL_SECONDS) -> None:
        self._server = Server(seconds)
        self._root = Path(tempfile.mkdtemp(prefix="reportgen-fuzz-"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()
        shutil.rmtree(self._root)

    def run(self, case: Case) -> Judged:
        world = self._root / "world"
        _clean(world)
        for name in ("home", "tmp", "sentinel"):
            (world / name).mkdir(parents=True)
        (world / "sentinel" / "precious.txt").write_text("precious")
        (world / "home" / ".bashrc").write_text("precious")
        project = world / PROJECT
        project.mkdir()
        case.lay_out(project)
        before = dict(_snapshot(self._root))
        ended = self._server.run(case.arguments, world)
        changed = [
            (str(Path(name).relative_to("world")), name in before)
            for name, value in _changes(before, dict(_snapshot(self._root)))
        ]
        errors = said(ended)
        flaws = [
            *file_flaws(changed, ended, _output(case)),
            *ending_flaws(ended, errors),
            *(_text_flaws(project, case) if ended.code == 0 else ()),
        ]
        return Judged(case, ended, tuple(found["code"] for found in errors), tuple(flaws))


def said(ended: Ended) -> list[re.Match[str]]:
    """Return the errors that a command printed."""
    return [found for found in _SAID.finditer(ended.err) if found["level"] == "error"]


def _clean(world: Path) -> None:
    for path, folders, _ in os.walk(world):
        for name in folders:
            with contextlib.suppress(OSError):
                Path(path, name).chmod(0o700)
    if world.exists():
        shutil.rmtree(world)


def _snapshot(root: Path) -> Iterator[tuple[str, str]]:
    for parent, _, names in os.walk(root):
        for name in names:
            path = Path(parent, name)
            content = (
                str(path.readlink()) if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
            )
            yield str(path.relative_to(root)), f"{path.lstat().st_mode}:{content}"


def _changes(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str]]:
    names = sorted(before.keys() | after.keys())
    return [(name, after.get(name, "")) for name in names if before.get(name) != after.get(name)]


def ending_flaws(ended: Ended, errors: list[re.Match[str]]) -> Iterator[str]:
    if ended.killed:
        yield f"killed after {ended.seconds:.0f} s"
    elif ended.code < 0 or ended.code >= 128:
        yield f"ended by signal or code {ended.code}"
    elif ended.code == 70 or "Traceback (most recent call last)" in ended.err:
        yield f"traceback: {_raised(ended.err)}"
    elif "please report" in ended.err:
        *_, fault = (
            "",
            *(found[0] for found in _SAID.finditer(ended.err[: ended.err.index("please report")])),
        )
        piece = re.search(r"missing is '(.*)'$", fault, re.MULTILINE)
        yield f"asks to be reported: {_code(fault)} {_scripts(piece[1]) if piece else ''} | {fault}"
    elif ended.code and not _is_verdict(ended) and not any(map(_is_placed, errors)):
        yield f"exit {ended.code} without a placed problem: {[found['code'] for found in errors]} | {ended.err[-800:]}"
    if ended.memory > MOST_MEMORY:
        yield f"more memory than allowed | {ended.memory // 1_000_000} MB"
    if ended.strays and not ended.killed:
        yield "left a process running"


def _code(line: str) -> str:
    return found["code"] if (found := _SAID.search(line)) else line[:60]


def _is_verdict(ended: Ended) -> bool:
    return ended.code in _VERDICTS and _VERDICTS[ended.code] in ended.out


def _is_placed(found: re.Match[str]) -> bool:
    place = found["place"] or found["below"] or ""
    file = place.split(" ")[0]
    if not re.search(r"[./]", file):
        return False
    # A record's file has fields and lines; of other files their name is enough.
    precise = re.search(r":\d+", place) or " " in place
    return bool(precise) or found["code"] in _WITHOUT_FIELD or not file.endswith("record.json")


def _raised(text: str) -> str:
    """Name an exception by its type, and the last line of reportgen's that it went through."""
    frames = re.findall(r'File ".*?/reportgen/([\w/]+\.py)", line \d+, in (\w+)', text)
    named = re.findall(r"^(?:\w+\.)*(\w+(?:Error|Exception|Interrupt|\w+)): ", text, re.MULTILINE)
    failed = re.search(r"reportgen itself failed: (\w+)", text)
    name = failed[1] if failed else named[-1] if named else "unknown"
    where = f"{frames[-1][0]} {frames[-1][1]}" if frames else ""
    return f"{name} in {where} | {text[-1500:]}"


def _output(case: Case) -> str:
    """Name the folder below the project that the settings let reports be written to."""
    try:
        settings = tomllib.loads(case.files.get("reportgen.toml", b"").decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return _OUTPUT
    folder = os.path.normpath(str(settings.get("output", _OUTPUT)))
    return _OUTPUT if folder.startswith(("..", "/")) else folder


def file_flaws(changed: list[tuple[str, bool]], ended: Ended, output: str = _OUTPUT) -> Iterator[str]:
    """Find what a command wrote where it may not; of files that were there, it may change those in ``out``."""
    if CANARY.exists() or CANARY.is_symlink():
        shutil.rmtree(CANARY, ignore_errors=True)
        CANARY.unlink(missing_ok=True)
        yield f"wrote outside: {CANARY}"
    if OUTSIDE in ended.err:
        yield f"wrote outside the project | {ended.err[ended.err.index(OUTSIDE) :][:300]}"
    writable = ("" if output == "." else f"{output}/", *_EXTRACTED)
    for name, was_there in changed:
        inside = name.removeprefix(f"{PROJECT}/")
        if name.startswith("tmp/"):
            if not ended.killed and ended.code >= 0:
                yield f"left a temporary file | {name}"
        elif inside == name or not inside.startswith(f"{_OUTPUT}/" if was_there else writable):
            yield f"{'changed' if was_there else 'wrote'} a file outside the output folder | {name}"


def _text_flaws(project: Path, case: Case) -> Iterator[str]:
    """Look for the texts of the record in the PDFs of a command that built some."""
    if case.arguments[0] not in ("compile", "batch") or "--check" in case.arguments:
        return
    pdfs = sorted(project.rglob("*.pdf"), key=lambda path: path.stat().st_mtime_ns)
    if not pdfs:
        yield "exit 0 without a PDF"
        return
    missing = missing_texts(pdfs[-1], _texts(case))
    if missing:
        yield f"not in the text layer: {_scripts(missing[0])} | {missing!r}"


def _scripts(text: str) -> str:
    """Name the alphabets of a text, to tell one loss from another."""
    names = Counter(unicodedata.name(each, "?").split(" ")[0] for each in text if not each.isascii())
    return " ".join(sorted(names))[:80]


def _texts(case: Case) -> list[str]:
    """Return the claims and the title and question of the record, read as plain JSON."""
    record: dict[str, Any] = json.loads(case.files["records/record.json"].decode("utf-8-sig"))
    claims = record.get("claims") or []
    texts = [claim["text"] for claim in claims if isinstance(claim, dict)] if isinstance(claims, list) else []
    return [record["title"], record["question"], *texts]
