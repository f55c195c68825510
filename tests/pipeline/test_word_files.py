from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from reportgen.base.errors import OutputError, TemplateError
from reportgen.base.paths import packaged_folder
from reportgen.cli import cli
from reportgen.pipeline.word_files import copy_words, packaged_words
from reportgen.text.wording import wording_for

FOLDER = packaged_folder("templates") / "locale"


def words(language, folder, **options):
    own = {f"locale/{file.name}": file.read_bytes() for file in (folder / "locale").iterdir()}
    return wording_for(language, FOLDER, own, folder, **options)


@pytest.mark.parametrize("name", packaged_words())
def test_a_copy_holds_every_text_and_changes_nothing_until_a_line_is_taken_in(tmp_path, name):
    copy = copy_words(name, tmp_path)
    language = name.rpartition("/")[2].split(".")[-2]
    assert words(language, tmp_path).t == wording_for(language, FOLDER).t
    opened = "\n".join(
        line.removeprefix("# ") for line in copy.read_text().splitlines()[3:] if " = " in line or "[" in line
    )
    assert tomllib.loads(opened) == tomllib.loads((packaged_folder("templates") / name).read_text())


def test_a_language_of_its_own_begins_with_the_english_texts(tmp_path):
    copy_words("locale/es.toml", tmp_path)
    with pytest.raises(TemplateError) as caught:
        words("es", tmp_path)
    assert "locale/charts.es.toml; where such a file is not there yet" in caught.value.problems[0].hint
    copy_words("charts.es.toml", tmp_path)
    assert words("es", tmp_path).t.heading.gate == "Verification gate"


def test_a_file_that_is_there_is_not_replaced(tmp_path):
    copy_words("locale/en.toml", tmp_path)
    with pytest.raises(OutputError, match="exists"):
        copy_words("en.toml", tmp_path)


def test_the_commands_copy_words_beside_the_settings_and_list_them(tmp_path, monkeypatch):
    (tmp_path / "reportgen.toml").write_text("")
    (tmp_path / "records").mkdir()
    monkeypatch.chdir(tmp_path / "records")
    assert CliRunner().invoke(cli, ["template", "copy", "locale/en.toml"]).exit_code == 0
    assert (tmp_path / "locale" / "en.toml").is_file()
    listed = CliRunner().invoke(cli, ["template", "list"]).output
    assert "own locale/en.toml" in listed
    assert "    locale/charts.de.toml" in listed


def test_a_name_without_the_folder_is_that_of_the_project(tmp_path):
    assert copy_words("fr.toml", tmp_path) == Path(tmp_path, "locale", "fr.toml")
