"""The command line: every command and option, what is printed where, and what it ends with."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from fixtures import FOLDER, SAMPLES, write_record
from minimal_record import claim, minimal
from own_terminal import plain
from reportgen import __version__

ONE_CLAIM = FOLDER / "one_claim.json"
COMMANDS = [
    "new",
    "init",
    "compile",
    "batch",
    "site",
    "serve",
    "export",
    "validate",
    "explain",
    "extract",
    "verify",
    "schema",
    "trust",
    "doctor",
    "template",
    "bib",
    "cache",
    "zenodo",
    "completion",
]


def program(*arguments, **options):
    """Run the installed program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "reportgen", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def all_commands():
    """Yield every command and subcommand that the program has."""
    from reportgen.cli import cli

    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        yield (name,), command
        for inner in getattr(command, "commands", {}):
            yield (name, inner), command.commands[inner]


def test_the_lists_of_commands_say_what_each_does_in_whole_sentences(run):
    groups = [(), *(name for name, command in all_commands() if hasattr(command, "commands"))]
    assert len(groups) > 4
    for group in groups:
        listed = run(*group, "--help").out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
        assert listed
        assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


@pytest.fixture
def record(tmp_path):
    """A project of its own with one small record in it."""
    (tmp_path / "reportgen.toml").write_text('id_prefix = "CLI"\n[publisher]\nname = "House"\n')
    return write_record(tmp_path / "record.json", claims=[claim(sources=[{"url": "https://example.org/a"}])])


class TestHelp:
    def test_it_lists_the_commands_in_order(self, run):
        ended = run("--help")
        assert ended.code == 0
        assert (
            re.findall(r"^  (\w+) ", ended.out.split("Commands:")[1], re.MULTILINE)[: len(COMMANDS)]
            == COMMANDS
        )
        assert ended.err == ""

    @pytest.mark.parametrize("path", [path for path, _ in all_commands()], ids=" ".join)
    @pytest.mark.parametrize("flag", ["-h", "--help"])
    def test_every_command_explains_itself_with_an_example(self, run, path, flag):
        ended = run(*path, flag)
        assert ended.code == 0
        assert f"reportgen {path[0]}" in ended.out
        if path not in (("template",), ("bib",), ("cache",), ("zenodo",)):
            assert "Example" in ended.out

    def test_every_option_says_what_it_does(self):
        options = [
            each for _, command in all_commands() for each in command.params if isinstance(each, click.Option)
        ]
        assert len(options) >= 12
        assert [option.name for option in options if not option.help] == []

    def test_it_does_not_load_what_it_does_not_need(self):
        code = "import sys, reportgen.cli; print([m for m in sys.modules if m in ('pandas','matplotlib','pydantic')])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"

    @pytest.mark.parametrize("flag", ["-V", "--version"])
    def test_version(self, run, flag):
        assert run(flag).out == f"reportgen, version {__version__}\n"

    def test_without_a_command_it_shows_the_help(self, run):
        ended = run()
        assert "Commands:" in ended.out + ended.err
        assert ended.code in (0, 2)


class TestUsage:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [("complie", "compile"), ("validat", "validate"), ("schem", "schema"), ("biib", "bib")],
    )
    def test_a_command_near_one_that_exists_is_suggested(self, run, typed, meant):
        ended = run(typed, "record.json")
        assert ended.code == 2
        assert f"Did you mean {meant!r}?" in ended.err
        assert ended.out == ""

    def test_another_is_not(self, run):
        ended = run("xyzzy")
        assert ended.code == 2
        assert "there is no command 'xyzzy'." in ended.err
        assert "mean" not in ended.err

    @pytest.mark.parametrize(
        "arguments",
        [
            ("compile",),
            ("validate",),
            ("compile", "--engine", "xetex", "r.json"),
            ("compile", "--paper", "a5", "r.json"),
            ("compile", "--format", "yaml", "r.json"),
            ("compile", "--stirct", "r.json"),
            ("init",),
            ("completion", "tcsh"),
            ("bib",),
            ("bib", "fetch"),
            ("verify",),
        ],
        ids=" ".join,
    )
    def test_wrong_arguments_end_with_2_and_a_message(self, run, arguments):
        ended = run(*arguments)
        assert ended.code == 2
        assert ended.err
        assert "Traceback" not in ended.err

    def test_a_misspelled_option_is_corrected(self, run):
        assert "--strict" in run("compile", "--stirct", "r.json").err


class TestCompile:
    def test_it_prints_the_path_and_the_number_of_warnings(self, run, record):
        ended = run("compile", record, cwd=record.parent)
        assert ended.code == 0
        path, warnings = re.fullmatch(r"(out/\S+\.pdf)  (\d+) warnings?\n", ended.out).groups()
        assert Path(path).read_bytes().startswith(b"%PDF-1.7")
        assert ended.err.count("warning[") == int(warnings) == 1
        assert "warning[source-unresolved]" in ended.err
        assert sorted(file.name for file in (record.parent / "out").iterdir()) == [Path(path).name]

    def test_quiet_prints_no_warning(self, run, record):
        ended = run("compile", "-q", record, cwd=record.parent)
        assert ended.code == 0
        assert ended.err == ""
        assert ended.out.endswith("1 warning\n")

    def test_json_tells_programs_the_same(self, run, record, tmp_path):
        ended = run("compile", record, "--format", "json", "-o", tmp_path / "pdf")
        assert ended.err == ""
        (result,) = json.loads(ended.out)
        assert result["ok"] is True
        assert result["record"] == str(record)
        assert Path(result["pdf"]).parent == tmp_path / "pdf"
        (problem,) = result["problems"]
        assert problem["code"] == "source-unresolved"
        assert problem["level"] == "warning"
        assert problem["pointer"].startswith("/claims/0/sources/0")
        assert problem["file"] == str(record)
        assert problem["line"] > 1

    def test_strict_makes_a_warning_an_error_and_leaves_no_pdf(self, run, record):
        ended = run("compile", "--strict", record, cwd=record.parent)
        assert ended.code == 3
        assert "error[source-unresolved]" in ended.err
        assert ended.out == ""
        assert not (record.parent / "out").exists()

    def test_a_failure_does_not_stop_the_others_and_its_code_is_kept(self, run, record, tmp_path):
        broken = write_record(tmp_path / "broken.json", title="")
        missing = tmp_path / "missing.json"
        ended = run("compile", broken, missing, record, cwd=tmp_path)
        assert ended.code == 3
        assert ended.out.count(".pdf") == 1
        assert "broken.json" in ended.err
        assert "missing.json cannot be read" in ended.err

    def test_a_report_of_this_run_is_not_overwritten_by_another(self, run, record, tmp_path):
        copy = tmp_path / "copy.json"
        copy.write_bytes(record.read_bytes())
        ended = run("compile", "-q", record, copy, cwd=tmp_path)
        assert ended.code == 9
        assert re.search(
            r"^\S*copy\.json: error\[name-taken\]: .* was written from \S*record\.json", ended.err
        )
        assert len(list((tmp_path / "out").iterdir())) == 1

    def test_json_of_several_records_keeps_their_order(self, run, record, tmp_path):
        broken = write_record(tmp_path / "broken.json", titel="x")
        ended = run("compile", "--format", "json", broken, record, cwd=tmp_path)
        assert ended.code == 3
        results = json.loads(ended.out)
        assert [Path(result["record"]).name for result in results] == ["broken.json", "record.json"]
        assert [result["ok"] for result in results] == [False, True]
        assert [result["pdf"] is None for result in results] == [True, False]
        assert "did you mean `title`?" in results[0]["problems"][0]["hint"]

    def test_keep_tex_writes_a_folder_beside_the_pdf(self, run, record, tmp_path):
        ended = run(
            "compile", "--keep-tex", "--engine", "luatex", "--paper", "letter", "-o", tmp_path / "o", record
        )
        assert ended.code == 0
        (pdf,) = (tmp_path / "o").glob("*.pdf")
        tex = (pdf.with_suffix("") / f"{pdf.stem}.tex").read_text()
        assert "letterpaper" in tex
        assert "\\directlua" in tex

    def test_a_forced_engine_refuses_what_it_cannot_print(self, run, tmp_path):
        record = write_record(tmp_path / "record.json", claims=[claim("Ничего не исчезает.")])
        ended = run("compile", "--engine", "pdftex", record, cwd=tmp_path)
        assert ended.code == 3
        assert "claims[0].text: error[missing-glyph]" in ended.err

    def test_reproducible_is_checked_by_building_again(self, run, record):
        assert run("compile", "--check-reproducible", record, cwd=record.parent).code == 0

    def test_a_build_unlike_two_others_is_told(self, run, record, monkeypatch):
        monkeypatch.setattr(
            "reportgen.trust.reproduce.check_reproducible", lambda *_: b"two others agree on this"
        )
        ended = run("compile", "-q", "--check-reproducible", record, cwd=record.parent)
        assert ended.code == 10
        assert "error[not-reproducible]: this build differs" in ended.err

    def test_problems_cannot_steer_the_terminal(self, run, tmp_path):
        record = write_record(
            tmp_path / "record.json",
            claims=[claim("red \x1b[31m and \u202eback $\u202c and \x9b2J^$")],
        )
        ended = run("validate", record)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ended.err)
        assert "\\u202c and \\u009b2J" in ended.err

    @pytest.mark.parametrize(
        ("settings", "code"),
        [('papre = "a4"', 5), ("id_prefix = ", 5), ('name_pattern = "{nothing}"', 5), ('templates = "t"', 6)],
    )
    def test_who_must_act_is_told_by_the_exit_code(self, run, record, tmp_path, settings, code):
        (tmp_path / "reportgen.toml").write_text(settings)
        (tmp_path / "t" / "latex").mkdir(parents=True)
        (tmp_path / "t" / "latex" / "report.tex.j2").write_text("((( report.nothing )))")
        ended = run("compile", "-q", "--trust-templates", record, cwd=tmp_path)
        assert ended.code == code, ended.err
        assert re.search(r"error\[[\w-]+\]", ended.err)
        assert not (tmp_path / "out").exists()

    def test_an_output_folder_that_cannot_be_written_ends_with_9(self, run, record, tmp_path):
        (tmp_path / "file").write_text("")
        ended = run("compile", record, "-q", "-o", tmp_path / "file" / "below")
        assert ended.code == 9
        assert "error[output]" in ended.err

    def test_a_machine_without_tex_ends_with_7(self, run, record, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", str(tmp_path))
        ended = run("compile", "-q", record, cwd=tmp_path)
        assert ended.code == 7
        assert "reportgen doctor" in ended.err


class TestValidate:
    def test_samples_can_be_compiled(self, run):
        ended = run("validate", *sorted(SAMPLES.glob("*.json")))
        assert ended.code == 0
        (told,) = re.findall(r"^5 of 5 records can be compiled; (\d+) warnings$", ended.out, re.MULTILINE)
        assert run("validate", "--all", *sorted(SAMPLES.glob("*.json"))).err.count("warning[") == int(told)

    def test_problems_name_line_column_and_field(self, run, tmp_path):
        record = write_record(tmp_path / "record.json", date="30 May", clams=[])
        ended = run("validate", record)
        assert ended.code == 3
        assert re.search(
            rf"^{re.escape(str(record))}:\d+:\d+ date: error\[wrong-value\]: ", ended.err, re.MULTILINE
        )
        assert "did you mean `claims`?" in ended.err
        assert ended.out == "0 of 1 record can be compiled; 2 errors, 0 warnings\n"

    def test_json_and_strict(self, run):
        ended = run("validate", "--strict", "--format", "json", SAMPLES / "fbca8ee9.json")
        assert ended.code == 3
        (result,) = json.loads(ended.out)
        assert result["pdf"] is None
        assert {problem["level"] for problem in result["problems"]} == {"error"}
        assert ended.err == ""

    def test_quiet(self, run):
        ended = run("validate", "-q", SAMPLES / "fbca8ee9.json")
        assert (ended.code, ended.err) == (0, "")

    def test_nothing_is_written(self, run, record):
        before = sorted(record.parent.rglob("*"))
        assert run("validate", record, cwd=record.parent).code == 0
        assert sorted(record.parent.rglob("*")) == before


class TestProject:
    def test_a_new_project_with_a_name_compiles_without_a_warning(self, run, tmp_path):
        ended = run("init", tmp_path / "new")
        assert ended.code == 0
        assert {Path(line).name for line in ended.out.splitlines()} >= {
            "example.json",
            "references.bib",
            "reportgen.toml",
        }
        assert f"cd {tmp_path / 'new'}" in ended.err
        assert "write your name under [publisher]" in ended.err
        settings = tmp_path / "new" / "reportgen.toml"
        settings.write_text(settings.read_text().replace('"..."', '"Example Group"'))
        built = run("compile", "--strict", tmp_path / "new" / "records" / "example.json")
        assert built.code == 0, built.err
        assert list((tmp_path / "new" / "out").glob("*.pdf"))

    def test_nothing_is_overwritten(self, run, tmp_path):
        assert run("init", tmp_path).code == 0
        (tmp_path / "reportgen.toml").write_text("# mine\n")
        ended = run("init", tmp_path)
        assert ended.code == 9
        assert "error[init-exists]" in ended.err
        assert (tmp_path / "reportgen.toml").read_text() == "# mine\n"

    def test_the_schema_is_the_published_one(self, run):
        ended = run("schema")
        assert ended.code == 0
        published = Path(__file__).parents[2] / "schema" / "record.schema.json"
        assert json.loads(ended.out) == json.loads(published.read_text())

    def test_doctor_finds_what_these_tests_run_on(self, run):
        ended = run("doctor")
        assert ended.code == 0
        assert re.search(r"^ +ok +pdftex +pdfTeX", ended.out, re.MULTILINE)
        assert "MISSING" not in ended.out

    def test_doctor_ends_with_7_where_something_needed_is_missing(self, run, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        ended = run("doctor")
        assert ended.code == 7
        assert "MISSING" in ended.out
        assert "apt-get install" in ended.out

    def test_the_packaged_templates_print_every_field(self, run, tmp_path):
        ended = run("template", "check", cwd=tmp_path)
        assert ended.code == 0
        assert ended.out == "0 own templates: 0 warnings\n"

    def test_a_template_with_an_unknown_field_is_told_where(self, run, tmp_path):
        (tmp_path / "mine" / "latex").mkdir(parents=True)
        (tmp_path / "mine" / "latex" / "question.tex.j2").write_text("\n((( it.contnt )))\n")
        (tmp_path / "reportgen.toml").write_text('templates = "mine"\n')
        ended = run("template", "check", "--trust-templates", cwd=tmp_path)
        assert ended.code == 6
        assert re.search(r"question\.tex\.j2:2: error\[template-field\]", ended.err)
        assert ended.out == "1 own template: 1 error, 0 warnings\n"

    def test_a_template_is_copied_once_and_listed_as_ones_own(self, run, tmp_path):
        ended = run("template", "copy", "claim_list", cwd=tmp_path)
        assert (ended.code, ended.out.strip()) == (0, "templates/latex/claim_list.tex.j2")
        assert 'templates = "templates"' in ended.err
        assert run("template", "copy", "claim_list", cwd=tmp_path).code == 9
        assert run("template", "copy", "nothing", cwd=tmp_path).code == 6
        (tmp_path / "reportgen.toml").write_text('templates = "templates"\n')
        listed = run("template", "list", cwd=tmp_path).out
        assert re.search(
            r"^own +latex/claim_list\.tex\.j2 +at, id, lang, headings, groups, scale$", listed, re.MULTILINE
        )
        assert run("template", "check", "--trust-templates", cwd=tmp_path).code == 0

    @pytest.mark.parametrize(("name", "ending"), [("html", ".html"), ("markdown", ".md")])
    def test_a_report_is_exported_beside_its_pdf_or_to_the_stream(self, run, record, tmp_path, name, ending):
        ended = run("export", record, "--to", name, "-q", cwd=tmp_path)
        (made,) = tmp_path.rglob(f"*{ending}")
        assert (ended.code, ended.out.split()[0].endswith(made.name)) == (0, True)
        assert run("export", record, "--to", name, "-q", "-o", "-", cwd=tmp_path).out == made.read_text()

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion_is_a_script_for_the_shell(self, run, shell):
        ended = run("completion", shell)
        assert ended.code == 0
        assert "_REPORTGEN_COMPLETE" in ended.out

    def test_completion_knows_the_commands(self):
        environment = {
            **os.environ,
            "_REPORTGEN_COMPLETE": "bash_complete",
            "COMP_WORDS": "reportgen va",
            "COMP_CWORD": "1",
        }
        done = subprocess.run(
            [sys.executable, "-c", "from reportgen.cli import cli; cli(prog_name='reportgen')"],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        assert done.stdout == "plain,validate\n"


class TestBibliography:
    def test_a_clean_bibliography(self, run, tmp_path):
        run("init", tmp_path)
        ended = run("bib", "check", tmp_path / "records" / "example.json")
        assert ended.code == 0
        assert ended.out.splitlines()[-1].startswith("0 warnings in ")
        ended = run("bib", "check", "--quiet", tmp_path / "records" / "example.json")
        assert ended.out.startswith("0 warnings in ")

    def test_a_folder_of_bib_files_is_checked_and_so_is_one_of_records(self, run, tmp_path):
        run("init", tmp_path)
        for place in ("bib", "bib/references.bib"):
            ended = run("bib", "check", "-q", place, cwd=tmp_path)
            assert (ended.code, ended.out) == (0, f"0 warnings in {place}\n")
        (tmp_path / "bib" / "more.bib").write_text("@misc{nobody, title={A}}\n")
        ended = run("bib", "check", "bib", "records", cwd=tmp_path)
        assert "nobody is cited by none of the given records" in ended.err

    def test_entries_whose_fields_are_all_used_are_counted_and_listed_on_request(self, run, tmp_path):
        file = tmp_path / "a.bib"
        file.write_text("@misc{a, title={A}}\n@misc{b, title={B}}\n@misc{c, title={C}, abstract={D}}\n")
        ended = run("bib", "check", file)
        assert ended.out.splitlines() == [
            f"{file}:3: c: printed: title; not printed: abstract (a summary, not a description)",
            "2 of 3 entries: each field is used (-v lists them)",
            f"0 warnings in {file}",
        ]
        assert [line.split(": ")[1] for line in run("bib", "check", "-v", file).out.splitlines()[:-1]] == [
            *"abc"
        ]

    def test_metadata_are_fetched_for_a_folder_of_records(self, run, tmp_path):
        run("init", tmp_path)
        ended = run("bib", "fetch", "records", cwd=tmp_path)
        assert (ended.code, ended.out.splitlines()[-1]) == (0, "0 found, 0 missing")
        (tmp_path / "empty").mkdir()
        ended = run("bib", "fetch", "empty", cwd=tmp_path)
        assert (ended.code, "no records at empty" in ended.err) == (3, True)

    def test_of_each_field_it_is_said_whether_it_is_printed(self, run, tmp_path):
        file = tmp_path / "a.bib"
        file.write_text(
            "@misc{w, title={W}}\n@misc{a, title={A}, crossref={W}, abstract={B}, colour={red}}\n"
        )
        ended = run("bib", "check", "--bib", file)
        assert ended.code == 0
        assert ended.out.splitlines()[0] == (
            f"{file}:2: a: printed: title; used: crossref; not printed: abstract (a summary, not a description); "
            "unknown: colour"
        )
        assert re.search(r"a\.bib:2.*warning\[bib-field\]", ended.err)
        ended = run("bib", "check", "--format", "json", "--strict", "--bib", file)
        assert ended.code == 4
        told = json.loads(ended.out)
        assert [problem["code"] for problem in told["problems"]] == ["bib-field"]
        assert told["entries"][1] == {
            "key": "a",
            "type": "misc",
            "file": str(file),
            "line": 2,
            "fields": [
                {"field": "title", "fate": "printed"},
                {
                    "field": "crossref",
                    "fate": "used",
                    "reason": "what the whole says is printed with the part",
                },
                {"field": "abstract", "fate": "not printed", "reason": "a summary, not a description"},
                {"field": "colour", "fate": "unknown"},
            ],
        }

    def test_a_duplicate_key_is_told_with_its_line(self, run, tmp_path):
        file = tmp_path / "twice.bib"
        file.write_text("@misc{a, title={A}}\n\n@misc{a, title={B}}\n")
        ended = run("bib", "check", "--bib", file)
        assert ended.code == 4
        assert re.search(r"twice\.bib:3.*error\[bib-duplicate-key\]", ended.err)

    def test_strict(self, run, tmp_path):
        file = tmp_path / "thin.bib"
        file.write_text("@article{a, title={A}}\n")
        assert run("bib", "check", "--bib", file).code == 0
        assert run("bib", "check", "--strict", "--bib", file).code == 4

    def test_a_fetch_that_fails_says_each_thing_once(self, run, tmp_path):
        (tmp_path / "reportgen.toml").write_text('[fetch]\ndoi_url = "http://127.0.0.1:9/"\n')
        given = minimal(sources=["isbn:9780306406157", "doi:10.1000/182"])
        (tmp_path / "record.json").write_text(json.dumps(given))
        ended = run("bib", "fetch", tmp_path / "record.json")
        assert ended.code == 4
        assert ended.err.count("warning[not-fetchable]") == ended.err.count("error[offline]") == 1
        assert ended.out.splitlines() == [
            "not asked ISBN 9780306406157",
            "not asked doi:10.1000/182",
            "0 found, 0 missing, 2 not asked",
        ]
        assert not (tmp_path / "references.lock.json").exists()

    def test_fetching_what_is_known_asks_nobody(self, run, tmp_path):
        run("init", tmp_path)
        ended = run("bib", "fetch", tmp_path / "records" / "example.json")
        assert ended.code == 0
        assert ended.out == "0 found, 0 missing\n"

    @pytest.mark.parametrize(("level", "code"), [("warning", 0), ("error", 4)])
    def test_what_a_fetch_says_has_the_level_that_is_set(self, run, tmp_path, level, code):
        (tmp_path / "reportgen.toml").write_text(f'[levels]\nnot-fetchable = "{level}"\n')
        record = tmp_path / "record.json"
        record.write_text(json.dumps(minimal(sources=["isbn:9780201134476"])))
        ended = run("bib", "fetch", record)
        assert (ended.code, f"{level}[not-fetchable]" in ended.err) == (code, True)


class TestInside:
    def test_what_a_report_carries_can_be_taken_out(self, run, compiled, tmp_path):
        report = compiled("one_claim")
        ended = run("extract", report.pdf, "-o", tmp_path / "inside")
        assert ended.code == 0
        names = {Path(line).name for line in ended.out.splitlines()}
        assert {"record.json", "report.tex", "manifest.json"} <= names
        assert (tmp_path / "inside" / "record.json").read_bytes() == report.record.read_bytes()

    def test_a_report_is_built_again_from_what_it_carries(self, run, compiled):
        ended = run("verify", compiled("one_claim").pdf)
        assert ended.code == 0, ended.out + ended.err
        assert ended.out.endswith(": identical\n")

    def test_a_changed_report_is_told(self, run, compiled, tmp_path):
        import pikepdf

        changed = tmp_path / "changed.pdf"
        with pikepdf.open(compiled("one_claim").pdf) as pdf:
            pdf.pages[0].Rotate = 180
            pdf.save(changed)
        assert run("verify", changed).code == 10

    def test_another_pdf_is_no_report(self, run, tmp_path):
        import pikepdf

        other = tmp_path / "other.pdf"
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.save(other)
        assert run("verify", other).code == 12
        assert run("extract", other).code == 12


class TestProcess:
    def test_a_reader_that_goes_away_is_no_error(self):
        command = f"{sys.executable} -m reportgen schema | head -c 1"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
        assert done.stdout == "{"
        assert done.stderr == ""

    def test_an_error_goes_to_the_error_stream_without_colour(self, tmp_path):
        done = program("validate", write_record(tmp_path / "record.json", title=""))
        assert done.returncode == 3
        assert "\x1b" not in done.stderr
        assert "error[wrong-value]" in done.stderr

    def test_an_interrupt_stops_quietly(self, run, record, monkeypatch):
        def interrupted(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr("reportgen.analysis.validation.validate_record", interrupted)
        ended = run("validate", record)
        assert (ended.code, ended.err.strip()) == (130, "stopped")

    def test_our_own_fault_is_said_to_be_ours(self, run, record, monkeypatch):
        def faulty(*_, **__):
            raise ZeroDivisionError("oops")

        monkeypatch.setattr("reportgen.analysis.validation.validate_record", faulty)
        ended = run("validate", record)
        assert ended.code == 70
        assert "error[internal]" in ended.err
        assert "ZeroDivisionError: oops" in ended.err
        assert "Traceback" not in ended.err

    def test_a_file_name_that_is_not_utf_8_is_told(self, tmp_path):
        name = os.fsdecode(b"bad\xff.json")
        (tmp_path / name).write_text(json.dumps(minimal()))
        done = program(
            "validate",
            "--format",
            "json",
            name,
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)[0]["record"] == name

    def test_a_progress_bar_is_for_terminals(self, run, tmp_path, monkeypatch):
        broken = [write_record(tmp_path / f"{name}.json", title="") for name in "ab"]
        assert "compiling" not in run("compile", *broken).err
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        ended = run("compile", *broken)
        assert ended.code == 3
        assert "compiling" in ended.err
        assert ended.err.count("help") == 2
        assert [row.split(": ")[0] for row in plain(ended.err)[-2:]] == ["failed", "failed"]
