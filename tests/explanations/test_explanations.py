"""Explanations are complete, and each is written in one form."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files

import pytest

from minimal_record import minimal
from reportgen.explanations import QUESTIONS, exit_codes, explanations

EXPLAINED = explanations()


def test_every_file_of_explanations_is_read():
    names = {path.name for path in files("reportgen.explanations").iterdir() if path.name.endswith(".toml")}
    assert names == {f"{name}.toml" for name in (*QUESTIONS, "exit_codes")}


@pytest.mark.parametrize("explained", EXPLAINED.values(), ids=lambda each: each.code)
def test_an_explanation_is_written_in_the_form_of_all(explained):
    assert set(explained.level.split(" or ")) <= {"error", "warning"}
    assert not explained.means.endswith(".")
    assert not explained.remedy.endswith(".")
    assert explained.means == explained.means.strip() != ""
    assert explained.remedy == explained.remedy.strip() != ""
    assert explained.why.strip().endswith((".", ".”"))
    assert len(re.findall(r"[.?!]”?(?:\s|$)", explained.why)) <= 4
    assert explained.example.wrong.strip() != explained.example.right.strip() != ""


def test_an_exit_code_says_who_must_act_and_what_to_try():
    assert len(exit_codes()) > 10
    for number, each in exit_codes().items():
        assert number == each.number
        assert all((each.word, each.means, each.actor, each.remedy))
        assert not each.remedy.endswith(".")


def test_the_help_of_the_program_reads_no_explanation():
    program = (
        "import sys, reportgen.cli as cli; cli.cli.main(['--help'], standalone_mode=False); sys.exit({})"
    )
    command = program.format(
        "'reportgen.explanations' in sys.modules or 'reportgen.cli.explain' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", command], check=False, timeout=60).returncode == 0


def test_the_remedy_of_markup_names_all_fields_that_read_markdown():
    from reportgen.record.model.record import Record

    written = Record.model_validate(
        minimal(
            summary="*A*",
            abstract="*B*",
            sections=[{"title": "C", "text": "*C*"}],
            funding="*D*",
            figures=[{"id": "fig-a", "file": "a.png", "caption": "*E*", "note": "*F*", "alt": "G"}],
        )
    )
    words = ("summary", "abstract", "section", "declaration", "caption", "note")
    assert len(written.markdown_texts) == len(words)
    assert all(word in explanations()["raw-markup"].remedy for word in words)
