"""What shells propose: asked as their completion scripts ask."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def proposed(folder, line, shell="fish"):
    """Return what the program proposes for the last word of a line."""
    words = line.split(" ")
    asked = {
        "fish": {"COMP_WORDS": line, "COMP_CWORD": words[-1]},
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
    }[shell]
    environment = {**os.environ, **asked, "_REPORTGEN_COMPLETE": f"{shell}_complete"}
    code = "from reportgen.cli import cli; cli(prog_name='reportgen')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with records of every kind, and what lies beside them."""
    folder = tmp_path_factory.mktemp("records")
    (folder / "below").mkdir()
    for name in (
        *("a.json", "b.yaml", "many.jsonl", "below/c.yml"),
        *("references.lock.json", "record.schema.json", "a.zenodo.json", "notes.txt", ".hidden.json"),
    ):
        (folder / name).touch()
    return folder


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("reportgen compile ", ["a.json", "b.yaml", "many.jsonl"]),
        ("reportgen validate b", ["b.yaml"]),
        ("reportgen batch below/", ["below/c.yml"]),
        ("reportgen bib fetch nowhere/", []),
    ],
)
def test_records_are_proposed_and_nothing_else_but_folders(folder, line, wanted):
    typed = line.rpartition(" ")[2]
    assert proposed(folder, line, "bash").splitlines() == [
        f"dir,{typed}",
        *(f"plain,{each}" for each in wanted),
    ]


def test_options_and_words_are_proposed_with_what_they_mean(folder):
    options = proposed(folder, "reportgen compile --o")
    assert "--open\tShow the PDF in the program that opens PDFs here." in options
    assert proposed(folder, "reportgen new --kind m").split() == ["plain,meta-analysis", "plain,math-result"]
    assert "plain,3/5\n" in proposed(folder, "reportgen batch --shard 3/", "bash")
    assert "latex/claim_list.tex.j2\tat, id, lang" in proposed(
        folder, "reportgen template copy latex/claim_l"
    )
    assert "plain,claims[0].confidence\t" in proposed(folder, "reportgen explain claims[0].con")
    assert "plain,unknown-field\ta field" in proposed(folder, "reportgen explain unknown-f")
