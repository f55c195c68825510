from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from reportgen.base.errors import SettingsError
from reportgen.base.settings import FILE_NAME, Settings, find_settings


def write(folder, text):
    (folder / FILE_NAME).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def problems(folder, text):
    with pytest.raises(SettingsError) as caught:
        find_settings(write(folder, text))
    assert {problem.where.file for problem in caught.value.problems} == {str(folder / FILE_NAME)}
    return caught.value.problems


def test_without_a_file_every_setting_has_its_default_and_paths_start_here(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    settings = find_settings(tmp_path)
    assert settings == Settings(root=tmp_path / "here")
    assert (settings.publisher.name, settings.id_prefix, settings.tier_claims) == (
        "Assignee Research",
        "SRCH",
        "extracted",
    )


def test_the_nearest_file_at_or_above_the_record_is_read(tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    write(tmp_path, '\ufeffid_prefix = "FAR"\n')
    assert (find_settings(below).id_prefix, find_settings(below).root) == ("FAR", tmp_path)
    write(tmp_path / "a", 'id_prefix = "NEAR"\n[levels]\ntext-cut = "ignore"\n')
    settings = find_settings(below)
    assert (settings.id_prefix, settings.root) == ("NEAR", tmp_path / "a")
    assert settings.levels == {"text-cut": "ignore"}


def test_command_line_options_win_and_those_not_given_do_not_count(tmp_path):
    write(tmp_path, 'paper = "letter"\nengine = "luatex"\n')
    settings = find_settings(tmp_path, paper="a4", engine=None)
    assert (settings.look.paper, settings.engine) == ("a4", "luatex")


def test_relative_paths_start_from_the_folder_of_the_file(tmp_path):
    settings = Settings(root=tmp_path, bib=(Path("own"), Path("/srv/bib")), templates=Path("mine"))
    assert settings.bib == (tmp_path / "own", Path("/srv/bib"))
    assert settings.templates == tmp_path / "mine"
    assert (settings.lock, settings.output) == (tmp_path / "references.lock.json", tmp_path / "out")
    assert Settings().output == Path.cwd() / "out"


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        Settings().id_prefix = "X"


@pytest.mark.parametrize(
    ("text", "pointer", "message", "hint"),
    [
        ('papr = "a4"\n', "/papr", "there is no setting papr", "did you mean `paper`?"),
        ("zzz = 1\n", "/zzz", "there is no setting zzz", "the settings here are authors, bib, "),
        ("[limits]\nsecond = 1\n", "/limits/second", "no setting limits.second", "did you mean `seconds`?"),
        ('[publisher]\nnmae = "A"\n', "/publisher/nmae", "no setting publisher.nmae", "did you mean `name`?"),
        (
            '[[authors]]\nname = "A"\nocrid = "x"\n',
            "/authors/0/ocrid",
            "no setting authors[0].ocrid",
            "`orcid`?",
        ),
        ('paper = "a5"\n', "/paper", 'paper: expected one of "a4" or "letter", found "a5"', ""),
        ('id_prefix = "a:b"\n', "/id_prefix", "id_prefix: ", ""),
        ("[limits]\nseconds = 0\n", "/limits/seconds", "seconds: expected a number above 0, found 0", ""),
        (
            '[levels]\ntext-cut = "warn"\n',
            "/levels/text-cut",
            'one of "error", "warning" or "ignore", found "warn"',
            "",
        ),
        ('[publisher]\nurl = "javascript:alert(1)"\n', "/publisher/url", "publisher.url: ", ""),
        ('[publisher]\nname = " "\n', "/publisher/name", "publisher.name: ", ""),
        ('root = "/srv"\n', "/root", "root cannot be set", ""),
    ],
)
def test_a_setting_that_is_wrong_is_named(tmp_path, text, pointer, message, hint):
    (problem,) = problems(tmp_path, text)
    assert (problem.code, problem.where.pointer) == ("settings-value", pointer)
    assert message in problem.message
    assert hint in problem.hint
    assert "root" not in problem.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('style.accent = "blue"', 'a colour of six hex digits, such as #0B5394, found "blue"'),
        ('publisher.name = ""', 'text that is not blank, found ""'),
        ('publisher.url = "x"', 'an address such as https://example.org, found "x"'),
        ('limits.seconds = "a"', 'a whole number, found "a"'),
        ("limits.seconds = 100000", "a number of 86400 or less, found 100000"),
        ('bib = "x"', 'a list: ["..."], found "x"'),
        ("id_prefix = 3", "text in quotes, found 3"),
        ('id_prefix = "a b"', 'up to 12 letters and digits, found "a b"'),
        ("output = 3", "a path in quotes, found 3"),
        ('publisher = "x"', 'a table: lines of `name = value`, found "x"'),
        ('levels = "x"', 'a table: lines of `name = value`, found "x"'),
        ('policy.require_guarantor = "x"', 'true or false, found "x"'),
        ('authors = [{name = "A", email = "x"}]', 'an address such as ada@example.org, found "x"'),
        ('authors = [{name = "A", roles = ["x"]}]', '"conceptualization", "data-curation", '),
    ],
)
def test_what_is_wrong_is_said_in_our_words(tmp_path, text, expected):
    (problem,) = problems(tmp_path, text)
    assert f": expected {'' if expected.startswith(chr(34)) else expected}" in problem.message
    assert expected in problem.message
    for foreign in ("Input", "String", "pattern", "a valid", "<class"):
        assert foreign not in problem.message


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("name = Exampleton", 'put text between quotes: name = "Exampleton"'),
        ("name = Exampleton  # us", 'put text between quotes: name = "Exampleton"'),
        ("name = “Exampleton”", 'put text between quotes: name = "Exampleton"'),
        ("name = 5 apples", 'put text between quotes: name = "5 apples"'),
        ("policy.require_guarantor = True", "write it in small letters: policy.require_guarantor = true"),
        ("name: Exampleton", "each line is `name = value`, or the name of a table: `[publisher]`"),
    ],
)
def test_a_line_that_is_no_toml_is_told_what_it_was_meant_to_be(tmp_path, line, hint):
    (problem,) = problems(tmp_path, f"# A house\n{line}\n")
    assert (problem.code, problem.where.line, problem.hint) == ("settings-syntax", 2, hint)


def test_every_wrong_setting_is_told_at_once(tmp_path):
    assert [
        problem.where.pointer for problem in problems(tmp_path, 'paper = 1\nengine = "tex"\nx = 1\n')
    ] == [*("/paper", "/engine", "/x")]


def test_text_that_is_not_toml_is_placed(tmp_path):
    (problem,) = problems(tmp_path, 'paper = "a4"\nengine = \n')
    assert (problem.code, problem.where.line, problem.where.column) == ("settings-syntax", 2, 10)


def test_toml_that_ends_too_early_is_told_without_a_place(tmp_path):
    (problem,) = problems(tmp_path, 'x = """a')
    assert (problem.code, problem.where.line) == ("settings-syntax", None)


def test_a_file_that_is_not_utf_8_cannot_be_read(tmp_path):
    (problem,) = problems(tmp_path, b'publisher = "Ma\xdf"')
    assert problem.code == "settings-unreadable"


def test_a_file_that_the_system_refuses_cannot_be_read(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("reportgen.base.settings.read_foreign", refuse)
    (problem,) = problems(tmp_path, "")
    assert (problem.code, "Permission denied" in problem.message) == ("settings-unreadable", True)


@pytest.mark.parametrize("line", ['templates = "nope"', 'bib = ["nope"]'])
def test_a_folder_that_does_not_exist_is_said(tmp_path, line):
    (tmp_path / "reportgen.toml").write_text(line, encoding="utf-8")
    with pytest.raises(SettingsError, match="nope does not exist") as caught:
        find_settings(tmp_path)
    assert caught.value.problems[0].code == "settings-path"
