from __future__ import annotations

import datetime as dt
import os
import re
import select
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from reportgen.base import programs
from reportgen.base.errors import Level, SetupError, TypesetError, Where
from reportgen.base.settings import Limits
from reportgen.latex.fonts import FontPlan, declare_faces, mark_font_runs
from reportgen.pdf.typeset import engine_version, sandbox, typeset, walls_fault
from reportgen.pdf.typeset.engines import ENGINES
from reportgen.pdf.typeset.formats import dumped_format, installation
from reportgen.pdf.typeset.log import first_error, log_problems
from reportgen.pdf.typeset.process import limited, run
from reportgen.pdf.typeset.sandbox import Job, private_environment
from reportgen.pdf.typeset.sandbox import run_tex as run_job
from reportgen.text.faces import face_for
from reportgen.text.structure import number, tag
from typeset_strings import read_pages

PREAMBLE = r"""\documentclass{article}
\newcommand\TagBegin[1]{}\newcommand\TagEnd[1]{}
\pagestyle{empty}\parindent=0pt\hfuzz=2pt
"""
DATE = dt.date(2026, 5, 30)


def run_tex(content: str, engine: str = "pdftex", *, preamble: str = PREAMBLE, **options):
    """Typeset marked content; problems point to the field that a line was made from."""
    numbered = number(f"\\begin{{document}}\n{content}\n\\end{{document}}\n")
    return typeset(
        numbered.tex,
        preamble,
        engine=engine,
        figures=options.pop("figures", {}),
        date=DATE,
        limits=options.pop("limits", Limits()),
        origin=lambda line: Where(pointer=numbered.pointer_at(line)),
        **options,
    )


def fail(content: str, engine: str = "pdftex", **options):
    with pytest.raises(TypesetError) as caught:
        run_tex(content, engine, **options)
    (problem,) = caught.value.problems
    assert problem.level is Level.ERROR
    return problem


@pytest.fixture
def fresh_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def other_path(monkeypatch, tmp_path):
    """A PATH with nothing but links to the programs that a test puts there."""
    from reportgen.pdf.typeset import walls

    folder = tmp_path / "bin"
    folder.mkdir()
    cached = (programs._version, walls.walls_fault)
    for function in cached:
        function.cache_clear()
    monkeypatch.setenv("PATH", str(folder))
    yield folder
    for function in cached:
        function.cache_clear()


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_a_document_becomes_a_pdf_with_its_text(engine):
    result = run_tex(tag("P", "Some text."), engine)
    assert result.pdf.startswith(b"%PDF-")
    assert read_pages(result.pdf) == ["Some text."]
    assert result.problems == ()


def test_figures_lie_beside_the_document():
    figure = run_tex("\\rule{1cm}{1cm}").pdf
    content = r"\leavevmode\pdfximage width 3cm {fig-one.pdf}\pdfrefximage\pdflastximage"
    assert b"/Form" in run_tex(content, figures={"fig-one": figure}).pdf
    assert "fig-one" in fail(content).message


def test_a_face_is_found_in_the_folder_of_the_run():
    face = face_for("Ж")
    plan = FontPlan("luatex", (face,))
    preamble = r"""\documentclass{article}\pagestyle{empty}
\newcommand\DeclareRunFace[3]{\font\run=#2:#3;\relax}\newcommand\FontRun[2]{{\run #2}}
"""
    body = declare_faces(plan) + f"\\begin{{document}}{mark_font_runs('Ж', plan)}\\end{{document}}"
    options = {"figures": {}, "date": DATE, "limits": Limits(), "origin": lambda line: Where()}
    result = typeset(body, preamble, engine="luatex", faces=[face], **options)
    assert read_pages(result.pdf) == ["Ж"]


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_the_same_document_gives_the_same_bytes_whatever_the_clock(engine, monkeypatch):
    first = run_tex("Text, \\the\\year-\\the\\month-\\the\\day.", engine).pdf
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert read_pages(first) == ["Text, 2026-5-30."]
    second = run_tex("Text, \\the\\year-\\the\\month-\\the\\day.", engine).pdf
    ids = partial(re.sub, rb"/ID ?\[[^]]*\]", b"")
    assert ids(first) == ids(second)


FIELDS = tag("P", "Fine.", at="/title") + "\n\n" + tag("P", "One\ntwo\n%s three", at="/claims/0/text")


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
@pytest.mark.parametrize(
    ("tex", "message"),
    [
        ("\\undefined", "Undefined control sequence"),
        ("}", r"Too many \}'s"),
        ("$x", r"Missing \$ inserted"),
        ("\\def\\x{\\x\\x}\\x", "TeX capacity exceeded"),
        ("\\errmessage{own words}", "own words"),
        ("\\begin{table}", "Not in outer par mode|LaTeX Error|ended by"),
    ],
)
def test_an_error_names_the_field_it_came_from(engine, tex, message):
    problem = fail(FIELDS % tex, engine)
    assert (problem.code, problem.where.pointer) == ("tex-error", "/claims/0/text")
    assert re.search(message, problem.message)
    log = re.search(r"please report this with (\S+)", problem.hint)
    assert re.search(message, Path(log[1]).read_text(errors="replace"))


def test_an_endless_loop_is_stopped_when_its_time_is_over():
    problem = fail(FIELDS % "\\loop\\iftrue\\repeat", limits=Limits(seconds=1))
    assert problem.code == "tex-time"
    assert problem.message == "TeX was stopped after 1 s"
    assert "limits.seconds" in problem.hint


def test_memory_is_limited():
    grow = (
        r"\directlua{local t = {} while true do t[\string#t+1] = string.rep(\string#t .. 'x', 20000000) end}"
    )
    problem = fail(FIELDS % grow, "luatex", limits=Limits(memory_mb=400))
    assert problem.code in ("tex-error", "tex-stopped")
    assert "memory" in problem.message
    assert run_tex("Small.", "luatex", limits=Limits(memory_mb=400)).pdf


def test_output_is_limited():
    doubled = "\\edef\\x{\\x\\x}" * 12
    pages = f"\\pdfcompresslevel=0 \\def\\x{{q Q }}{doubled}" + "\\pdfliteral{\\x}x\\newpage" * 100
    problem = fail(pages, limits=Limits(output_mb=1))
    assert problem.code in ("tex-error", "tex-stopped")
    assert "1 MB of output" in problem.message + problem.hint


@pytest.mark.parametrize("content", ["", r"\pdfximage{fig-one.pdf}\pdfrefximage\pdflastximage"])
def test_a_run_without_a_page_is_an_error(content):
    # The whole page as a figure is taller than the text: TeX drops it and leaves an empty file.
    problem = fail(content, figures={"fig-one": run_tex("x").pdf})
    assert (problem.code, problem.message) == ("no-pdf", "TeX ended without a page and without an error")
    assert "No pages of output" in problem.hint


def test_a_program_and_what_it_started_end_together(tmp_path):
    # Every process that holds the pipe open for writing must have ended before a reader sees its end.
    os.mkfifo(tmp_path / "alive")
    reader = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    script = "exec 3> alive; sleep 60 > /dev/null 2>&1 & wait"
    outcome = run(["sh", "-c", script], tmp_path, os.environ, Limits(seconds=1))
    assert outcome.timed_out
    closed = select.poll()
    closed.register(reader, 0)
    assert closed.poll(30_000)
    os.close(reader)


def test_a_program_is_stopped_with_the_one_that_waits_for_it(tmp_path, monkeypatch):
    def interrupted(self, *args, **kwargs):
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(["sh", "-c", "echo $$ > pid; exec >&- 2>&-; sleep 1000"], tmp_path, os.environ, Limits())
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_what_a_program_prints_need_not_be_text(tmp_path):
    outcome = run(["printf", "a\\377b"], tmp_path, os.environ, Limits())
    assert (outcome.returncode, outcome.output) == (0, "a\ufffdb")


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_no_program_can_be_started(engine, tmp_path):
    proof = tmp_path / "proof"
    write18 = (
        "\\immediate\\write18{touch %s}" if engine == "pdftex" else "\\directlua{os.execute('touch %s')}"
    )
    result = run_tex(tag("P", "Before. " + write18 % proof + " After."), engine)
    assert not proof.exists()
    assert read_pages(result.pdf) == ["Before. After."]


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_no_file_outside_is_read(engine, tmp_path):
    secret = tmp_path / "secret.tex"
    secret.write_text("the secret")
    for path in (secret, f"../{tmp_path.name}/secret.tex", Path("/etc/passwd")):
        opened = f"\\newread\\in\\openin\\in={path} \\ifeof\\in nothing\\else something\\fi"
        assert read_pages(run_tex(opened, engine).pdf) == ["nothing"]
    problem = fail(tag("P", f"\\input{{{secret}}}", at="/title"), engine)
    assert problem.where.pointer == "/title"


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_no_file_outside_is_written(engine, tmp_path):
    target = tmp_path / "written.tex"
    write = f"\\newwrite\\out\\immediate\\openout\\out={target} \\immediate\\write\\out{{x}}\\immediate\\closeout\\out x"
    fail(write, engine)
    assert not target.exists()


@pytest.mark.skipif(bool(walls_fault()), reason="bubblewrap is not installed, or may not be used here")
class TestSandbox:
    def test_lua_sees_only_its_folder_and_tex(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("x")
        lua = "\\directlua{tex.print(io.open('%s') and 'open' or 'closed')}"
        paths = [secret, "/etc/passwd", "report.tex", "/usr/share/texlive"]
        pages = "\\newpage".join(tag("P", lua % path) for path in paths)
        assert read_pages(run_tex(pages, "luatex").pdf) == ["closed", "closed", "open", "open"]

    def test_lua_writes_nothing_outside(self, tmp_path):
        target = tmp_path / "written"
        lua = "\\directlua{local f = io.open('%s', 'w') if f then f:write('x') f:close() end} done"
        assert read_pages(run_tex(lua % target, "luatex").pdf) == ["done"]
        assert not target.exists()

    def test_a_tex_of_ones_own_is_readable_inside(self, tmp_path, monkeypatch):
        program = tmp_path / "texlive/2026/bin/x86_64-linux/pdftex"
        style = tmp_path / "texlive/2026/texmf-dist/x.sty"
        for path in (program, style, tmp_path / "run/x", tmp_path / "secret"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("#!/bin/sh\n")
            path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
        program.write_text(f"#!/bin/sh\ntest -r {style} && ! test -e {tmp_path / 'secret'}\n")
        job = Job(ENGINES["pdftex"], (), {}, (), DATE, Limits())
        assert run_job(job).outcome.returncode == 0


def test_without_prlimit_the_command_runs_without_limits(other_path):
    assert limited(["tex"], Limits()) == ["tex"]


def test_limits_are_given_in_bytes():
    assert limited(["tex", "x"], Limits(memory_mb=2, output_mb=3)) == [
        *("prlimit", "--as=2097152", "--fsize=3145728", "--cpu=61", "--nofile=256", "--nproc=32", "--core=0"),
        *("--", "tex", "x"),
    ]


def test_a_limit_that_this_process_is_under_is_not_raised(monkeypatch):
    monkeypatch.setattr("resource.getrlimit", lambda _: (50, 50))
    assert {"--cpu=50", "--nofile=50", "--nproc=32", "--core=0"} <= {*limited(["tex"], Limits())}


def test_a_date_before_1970_does_not_stop_tex():
    assert (
        private_environment(dt.date(1969, 7, 20), path="", scratch="", faces="")["SOURCE_DATE_EPOCH"] == "0"
    )


@pytest.mark.parametrize(
    ("engine", "package"), [("pdftex", "texlive-latex-base"), ("luatex", "texlive-luatex")]
)
def test_a_missing_engine_is_named_with_its_package(other_path, engine, package):
    with pytest.raises(SetupError) as caught:
        run_tex("x", engine)
    (problem,) = caught.value.problems
    assert problem.code == "engine-missing"
    assert ENGINES[engine].program in problem.message
    assert f"apt-get install {package}" in problem.hint


def test_the_version_of_an_engine_is_asked_for_once_a_machine(other_path, fresh_cache):
    program = other_path / "pdftex"
    program.write_text("#!/bin/sh\necho 'pdfTeX 9'\necho 'more'\n")
    program.chmod(0o755)
    os.environ["PATH"] += ":/bin"
    assert engine_version("pdftex") == "pdfTeX 9"
    stored = program.stat()
    program.write_text("#!/bin/sh\nexit 1\n")
    os.utime(program, ns=(stored.st_atime_ns, stored.st_mtime_ns))
    programs._version.cache_clear()
    assert engine_version("pdftex") == "pdfTeX 9"


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_a_missing_package_is_named(engine):
    with pytest.raises(SetupError) as caught:
        run_tex("x", engine, preamble="\\documentclass{article}\\usepackage{nosuchpackage}\n")
    (problem,) = caught.value.problems
    assert (problem.code, problem.message) == ("tex-file-missing", "TeX cannot find nosuchpackage.sty")
    assert "reportgen doctor" in problem.hint


def test_what_stops_tex_in_the_preamble_is_said():
    problem = fail("x", preamble="\\documentclass{article}\n\\undefined\n")
    assert problem.code == "tex-error"
    assert "in the preamble, Undefined control sequence" in problem.message
    assert "report this with" in problem.hint


def test_a_format_is_dumped_once_for_each_preamble_and_engine(fresh_cache):
    first = dumped_format(ENGINES["pdftex"], PREAMBLE)
    stamp = first.stat().st_mtime_ns
    assert dumped_format(ENGINES["pdftex"], PREAMBLE) == first
    assert first.stat().st_mtime_ns == stamp
    assert first.read_bytes()[:2] != b"\x1f\x8b"
    others = {
        dumped_format(ENGINES["pdftex"], PREAMBLE + "%"),
        dumped_format(ENGINES["luatex"], PREAMBLE),
    }
    assert len(others - {first}) == 2
    assert {path.parent for path in others} == {fresh_cache / "formats"}


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_a_cache_that_is_cleared_before_tex_starts_is_filled_again(engine, fresh_cache, monkeypatch):
    import reportgen.pdf.typeset as stage

    def cleared_behind_our_back(*arguments):
        path = dumped_format(*arguments)
        shutil.rmtree(fresh_cache)
        monkeypatch.setattr(stage, "dumped_format", dumped_format)
        return path

    monkeypatch.setattr(stage, "dumped_format", cleared_behind_our_back)
    assert run_tex("Text.", engine).pdf


def test_a_format_outside_the_cache_can_be_read(fresh_cache, tmp_path, monkeypatch):
    import reportgen.pdf.typeset as stage

    def moved(*arguments):
        path = dumped_format(*arguments)
        (tmp_path / "elsewhere").mkdir()
        return path.rename(tmp_path / "elsewhere" / path.name)

    monkeypatch.setattr(stage, "dumped_format", moved)
    assert run_tex("Text.").pdf


def test_another_version_of_an_engine_has_its_own_format(fresh_cache, monkeypatch):
    from reportgen.pdf.typeset import formats

    first = dumped_format(ENGINES["pdftex"], PREAMBLE)
    monkeypatch.setattr(formats, "engine_version", lambda name: "another")
    assert dumped_format(ENGINES["pdftex"], PREAMBLE) != first


def test_two_processes_may_dump_the_same_format_at_once(fresh_cache):
    program = (
        "import sys\n"
        "from reportgen.pdf.typeset.formats import dumped_format\n"
        "from reportgen.pdf.typeset.engines import ENGINES\n"
        f"sys.stdout.write(str(dumped_format(ENGINES['pdftex'], {PREAMBLE!r})))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    paths = {process.communicate(timeout=60)[0] for process in running}
    assert [process.returncode for process in running] == [0, 0]
    (path,) = paths
    assert [file.name for file in (fresh_cache / "formats").glob("*.fmt")] == [Path(path).name]
    assert read_pages(run_tex("Text.").pdf) == ["Text."]


def test_a_format_that_was_cut_is_dumped_anew(fresh_cache):
    path = dumped_format(ENGINES["pdftex"], PREAMBLE)
    whole = path.stat().st_size
    os.truncate(path, whole // 2)
    assert dumped_format(ENGINES["pdftex"], PREAMBLE) == path
    assert path.stat().st_size == whole
    assert read_pages(run_tex("Text.").pdf) == ["Text."]


def test_an_upgraded_package_has_its_own_format(fresh_cache, monkeypatch, tmp_path):
    listed = tmp_path / "ls-R"
    listed.touch()
    program = tmp_path / "kpsewhich"
    program.write_text(f"#!/bin/sh\necho {listed}\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    before = installation(ENGINES["pdftex"])
    assert installation(ENGINES["pdftex"]) == before
    first = dumped_format(ENGINES["pdftex"], PREAMBLE)
    os.utime(listed, (1, 1))
    assert dumped_format(ENGINES["pdftex"], PREAMBLE) != first
    upgraded = installation(ENGINES["pdftex"])
    assert upgraded != before
    listed.unlink()
    assert installation(ENGINES["pdftex"]) not in (before, upgraded)


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_the_installation_is_known_by_its_lists_and_its_own_format(engine):
    names = [Path(stamp.rpartition(":")[0]).name for stamp in installation(ENGINES[engine])]
    assert {"ls-R", f"{ENGINES[engine].base_format}.fmt"} == set(names)
    assert all(int(stamp.rpartition(":")[2]) for stamp in installation(ENGINES[engine]))


def test_without_a_look_at_the_installation_formats_are_dumped_all_the_same(other_path):
    assert installation(ENGINES["pdftex"]) == []


@pytest.mark.parametrize(
    ("engine", "code", "face", "shown"),
    [
        ("pdftex", 200, "cmsy10", r"\xc8"),
        ("luatex", 200, "cmsy10", "È (U+00C8)"),
        ("luatex", 0xE01, "[lmroman10-regular]:+tlig;", "ก (U+0E01)"),
        ("luatex", 129, "[lmroman10-regular]:+tlig;", "(U+0081)"),
    ],
)
def test_a_character_without_a_glyph_is_an_error(engine, code, face, shown):
    chosen = "\\font\\x=cmsy10 \\x " if face == "cmsy10" else ""
    (problem,) = run_tex(tag("P", f"a {chosen}\\char{code} \\char{code} "), engine).problems
    assert (problem.code, problem.level) == ("lost-glyph", Level.ERROR)
    assert (
        problem.message
        == f"the face {face} lacks the character {shown}, which would be missing from the page"
    )
    assert "look in the templates" in problem.hint


def test_a_line_that_is_too_wide_names_its_field():
    wide = (
        tag("P", "Fine.", at="/title")
        + "\n\n"
        + tag("P", "a\n\\hbox to 3cm{}\\parbox{1cm}{%s}" % ("x" * 40), at="/note")
    )
    (problem,) = run_tex(wide).problems
    assert (problem.code, problem.level, problem.where.pointer) == ("overfull", Level.WARNING, "/note")
    assert re.fullmatch(r"a line is \d+\.\d pt wider than its column", problem.message)


def test_a_line_that_is_hardly_too_wide_is_passed():
    assert run_tex("\\hbox to 1cm{\\hskip1cm\\hskip3pt}").problems == ()
    assert len(run_tex("\\hbox to 1cm{\\hskip1cm\\hskip5pt}").problems) == 1


def test_an_undefined_reference_and_an_overfull_page_are_told():
    tall = tag("P", "\\ref{nowhere}\\pageref{elsewhere}\\vbox to 60cm{}")
    codes = [problem.code for problem in run_tex(tall).problems]
    assert sorted(set(codes)) == ["overfull-page", "undefined-reference"]
    assert codes.count("undefined-reference") == 2


@pytest.mark.parametrize(
    ("log", "found"),
    [
        ("", None),
        ("report.tex:7: Undefined.\n<x>\nl.7 \\foo\n", (7, "Undefined. l.7 \\foo")),
        ("./report.tex:12: A\nb\nc\n\nl.12 x", (12, "A l.12 x")),
        ("./other.tex:3: Missing.\n", (3, "Missing.")),
        ("! I can't.\n", (None, "I can't.")),
        ("!pdfTeX error: no image\n", (None, "pdfTeX error: no image")),
    ],
)
def test_the_first_error_of_a_log_is_found(log, found):
    assert first_error(log) == found


def test_a_log_without_complaints_has_no_problems():
    assert (
        list(
            log_problems(
                "Underfull \\hbox (badness 10000) in paragraph at lines 1--2\n", lambda line: Where()
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("code", "code_of_end", "said"),
    [
        ("print('x' * 70_000 + 'end')", 0, "end"),
        ("print('x' * 3_000_000)", -9, "it printed more than that"),
        ("import sys; sys.stdin.close(); import threading; threading.Event().wait()", -9, ""),
    ],
    ids=["the-end-is-kept", "too-much-ends-it", "its-time-ends-it"],
)
def test_where_no_pipe_can_be_polled_a_thread_reads_it(code, code_of_end, said, tmp_path, monkeypatch):
    monkeypatch.delattr(select, "poll")
    monkeypatch.delattr(os, "killpg")
    ended = run([sys.executable, "-c", code], tmp_path, os.environ, Limits(seconds=2, output_mb=1))
    assert ended.returncode == code_of_end
    assert ended.output.rstrip().endswith(said)
    assert ended.timed_out is (code_of_end == -9 and not said)


def test_where_no_link_may_be_made_the_files_of_a_run_are_copied(tmp_path, monkeypatch):
    def refused(link, target):
        raise OSError("a required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refused)
    (tmp_path / "font").write_bytes(b"glyphs")
    sandbox._link(tmp_path / "copy", tmp_path / "font")
    assert (tmp_path / "copy").read_bytes() == b"glyphs"
