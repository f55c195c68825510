from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from minimal_record import minimal
from reportgen.base import programs
from reportgen.base.errors import Level, SetupError, TypesetError, Where
from reportgen.base.paths import packaged_folder
from reportgen.base.settings import Limits, Settings
from reportgen.pdf.typeset import Demands, typeset, walls, walls_fault
from reportgen.pdf.typeset.sandbox import faces_folder
from reportgen.pipeline.build import make_report
from typeset_strings import read_pages

TOKEN = "token-that-must-not-leave"
PREAMBLE = "\\documentclass{article}\\pagestyle{empty}\\parindent=0pt\n"
needs_walls = pytest.mark.skipif(bool(walls_fault()), reason="bubblewrap may not be used here")


def tex(body: str = "Text.", preamble: str = PREAMBLE, engine: str = "luatex", **options):
    return typeset(
        f"\\begin{{document}}\n{body}\n\\end{{document}}\n",
        preamble,
        engine=engine,
        figures={},
        date=dt.date(2026, 5, 30),
        limits=options.pop("limits", Limits()),
        origin=lambda _: Where(),
        **options,
    )


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".stamp", ".lock")
    }


@pytest.fixture
def secret(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_TOKEN", TOKEN)
    (tmp_path / "secret").write_text(TOKEN)
    return tmp_path / "secret"


READS = {
    "a-file-of-the-user-is-not-there": "io.open('{secret}') and 'got it' or 'nothing'",
    "passwd-is-not-there": "io.open('/etc/passwd') and 'got it' or 'nothing'",
    "proc-is-not-there": "io.open('/proc/self/environ') and 'got it' or 'nothing'",
    "its-environment-holds-no-token": "os.getenv('SECRET_TOKEN') and 'got it' or 'nothing'",
    "the-root-holds-no-home": "(lfs.attributes('/home') or lfs.attributes('/root')) and 'got it' or 'nothing'",
    "no-socket-opens": "pcall(function() assert(require('socket').udp()) end) and 'got it' or 'nothing'",
}


@needs_walls
@pytest.mark.parametrize("place", ["preamble", "body"])
@pytest.mark.parametrize("lua", READS.values(), ids=READS)
def test_lua_that_reads(lua, place, secret):
    lua = lua.format(secret=secret)
    if place == "body":
        result = tex(f"\\directlua{{tex.print({lua})}}")
    else:
        result = tex("\\Got", PREAMBLE + f"\\edef\\Got{{\\directlua{{tex.print({lua})}}}}\n")
    assert read_pages(result.pdf) == ["nothing"]


@needs_walls
@pytest.mark.parametrize("place", ["preamble", "body"])
def test_lua_that_writes_changes_no_file_outside_its_run(place, tmp_path):
    tex()
    cache = faces_folder().parents[1]
    (tmp_path / "victim").write_text("as it was")
    targets = [
        tmp_path / "victim",
        tmp_path / "new",
        cache / "new",
        faces_folder() / "new.luc",
        "/faces/new.luc",
    ]
    targets += sorted((cache / "formats").glob("*.fmt"))[-2:]
    names = ",".join(f"'{target}'" for target in targets)
    lua = (
        f"\\directlua{{for _, n in ipairs{{{names}}} do local f = io.open(n, 'w') "
        "if f then f:write('x') f:close() end os.remove(n) end}"
    )
    before = contents(cache), contents(tmp_path)
    body, preamble = (lua, "") if place == "body" else ("", f"{lua}\n")
    assert read_pages(tex(f"{body}Text.", PREAMBLE + preamble).pdf) == ["Text."]
    assert before[0].items() <= contents(cache).items()
    assert not any(Path(name).stem == "new" for name in contents(cache))
    assert contents(tmp_path) == before[1]


@needs_walls
@pytest.mark.parametrize("place", ["preamble", "body"])
def test_lua_left_where_fonts_are_kept_is_run_by_no_later_run(place):
    poison = (
        "\\directlua{for p in string.gmatch(os.getenv('TEXMFCACHE'), '[^:]+') do "
        "for _, n in ipairs{'fonts/otl/texgyrepagella-regular.luc', 'fonts/otl/texgyrepagella-regular.lua', "
        "'names/luaotfload-lookup-cache.luc', 'names/luaotfload-names.luc.gz'} do "
        "local name = p .. '/luatex-cache/generic/' .. n os.remove(name) local f = io.open(name, 'w') "
        "if f then f:write('poisoned = true') f:close() end end end}"
    )
    sample = '\\font\\face="[texgyrepagella-regular.otf]:mode=node"\\face\\directlua{tex.print(poisoned and [[Poisoned.]] or [[Clean.]])}'
    clean = tex(sample).pdf
    if place == "body":
        tex(f"{poison}Text.")
    else:
        tex(preamble=f"{PREAMBLE}{poison}\n")
    again = tex(sample).pdf
    assert read_pages(again) == ["Clean."]
    assert again == clean


@needs_walls
def test_files_of_many_megabytes_stop_at_the_bound():
    lua = (
        "\\directlua{local t = string.rep('x', 1000000) local n = 0 for i = 1, 64 do "
        "local f = io.open('f' .. i, 'w') if f and f:write(t) and f:flush() then n = n + 1 end if f then f:close() end end "
        "tex.print(n < 16 and 'bounded' or 'unbounded')}"
    )
    assert read_pages(tex(lua, limits=Limits(output_mb=8)).pdf) == ["bounded"]


@needs_walls
def test_a_relative_cache_is_found_behind_the_walls(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_CACHE", "cache")
    assert read_pages(tex(engine="pdftex").pdf) == ["Text."]


@needs_walls
def test_a_format_holds_no_date_of_the_record_it_was_dumped_for(monkeypatch, tmp_path):
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path))
    preamble = PREAMBLE + "\\edef\\Dumped{\\the\\year}\n"
    assert read_pages(tex("\\Dumped\\ \\the\\year", preamble, "pdftex").pdf) == ["1970 2026"]


@pytest.fixture
def no_walls(monkeypatch, tmp_path):
    """A PATH with TeX and all it needs, but no bubblewrap."""
    cached = (programs._version, walls.walls_fault)
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("pdftex", "luahbtex", "kpsewhich", "prlimit", "setpriv"):
        (folder / tool).symlink_to(Path(shutil.which(tool)).resolve())
    monkeypatch.setenv("PATH", str(folder))
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


def refused(engine: str, demands: Demands):
    with pytest.raises(SetupError) as caught:
        tex(engine=engine, demands=demands)
    assert caught.value.exit_code == 7
    (problem,) = caught.value.problems
    assert (problem.code, problem.level) == ("no-sandbox", Level.ERROR)
    assert "reportgen doctor" in problem.hint
    return problem


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
@pytest.mark.parametrize("own", [False, True], ids=["packaged", "own"])
def test_nothing_runs_without_walls_where_they_are_required(engine, own, no_walls):
    problem = refused(engine, Demands(own, require_sandbox=True, allow_unsandboxed=True))
    assert "bubblewrap is not installed" in problem.message


def test_own_templates_do_not_run_in_luatex_without_walls(no_walls):
    assert "--allow-unsandboxed" in refused("luatex", Demands(own_templates=True)).hint


@pytest.mark.parametrize(
    ("engine", "demands"),
    [
        pytest.param("pdftex", Demands(), id="packaged-templates-in-pdftex-run-with-a-warning"),
        pytest.param("luatex", Demands(), id="packaged-templates-in-luatex-run-with-a-warning"),
        pytest.param("pdftex", Demands(own_templates=True), id="own-templates-in-pdftex-run-with-a-warning"),
        pytest.param(
            "luatex",
            Demands(own_templates=True, allow_unsandboxed=True),
            id="own-templates-in-luatex-run-with-a-warning-where-that-is-allowed",
        ),
    ],
)
def test_without_walls(engine, demands, no_walls):
    result = tex(engine=engine, demands=demands)
    assert read_pages(result.pdf) == ["Text."]
    (problem,) = result.problems
    assert (problem.code, problem.level) == ("no-sandbox", Level.WARNING)
    assert "bubblewrap is not installed" in problem.message


def test_without_walls_pdftex_reads_and_writes_nothing_outside(no_walls, tmp_path):
    (tmp_path / "secret.tex").write_text("the secret")
    body = f"\\newread\\in\\openin\\in={tmp_path}/secret.tex \\ifeof\\in nothing\\else something\\fi"
    assert read_pages(tex(body, engine="pdftex").pdf) == ["nothing"]
    write = f"\\newwrite\\out\\immediate\\openout\\out={tmp_path}/written.tex \\immediate\\write\\out{{x}}x"
    with pytest.raises(TypesetError):
        tex(write, engine="pdftex")
    assert not (tmp_path / "written.tex").exists()


def test_a_bubblewrap_that_may_not_make_namespaces_is_told_with_what_it_says(monkeypatch, tmp_path):
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    walls_fault.cache_clear()
    try:
        assert walls_fault() == "bubblewrap says: bwrap: setting up uid map: Permission denied"
        (problem,) = tex(engine="pdftex").problems
    finally:
        walls_fault.cache_clear()
    assert "setting up uid map: Permission denied" in problem.message


def own_templates(folder: Path) -> Path:
    """Lay out a record beside templates whose preamble holds Lua that reads a file."""
    templates = folder / "templates"
    (templates / "latex").mkdir(parents=True)
    packaged = (packaged_folder("templates") / "latex/preamble.tex.j2").read_text()
    (templates / "latex/preamble.tex.j2").write_text(
        packaged + "\\directlua{assert(not io.open('/etc/passwd'))}\n"
    )
    (folder / "record.json").write_text(json.dumps(minimal()))
    return folder / "record.json"


@needs_walls
def test_lua_in_the_preamble_of_a_project_reads_nothing_when_its_format_is_dumped(tmp_path):
    record = own_templates(tmp_path)
    settings = Settings(root=tmp_path, templates=Path("templates"), engine="luatex", trust_templates=True)
    assert make_report(record, settings).pdf


@pytest.mark.parametrize(
    "asked", [{}, {"require_sandbox": True}], ids=["not-without-walls", "not-where-walls-are-required"]
)
def test_the_lua_of_a_project_does_not_run(asked, tmp_path, no_walls):
    record = own_templates(tmp_path)
    asked = {"templates": Path("templates"), "engine": "luatex", "trust_templates": True} | asked
    with pytest.raises(SetupError) as caught:
        make_report(record, Settings(root=tmp_path, **asked))
    assert [problem.code for problem in caught.value.problems] == ["no-sandbox"]


def test_a_build_without_walls_warns_at_the_level_that_is_set(tmp_path, no_walls):
    record = tmp_path / "record.json"
    record.write_text(json.dumps(minimal()))
    levels = {
        level: [p.level for p in make_report(record, settings).problems if p.code == "no-sandbox"]
        for level, settings in (
            ("warning", Settings(root=tmp_path)),
            ("ignore", Settings(root=tmp_path, levels={"no-sandbox": "ignore"})),
        )
    }
    assert levels == {"warning": [Level.WARNING], "ignore": []}
    with pytest.raises(TypesetError):
        make_report(record, Settings(root=tmp_path, levels={"no-sandbox": "error"}))
