"""The LaTeX that records turn into, before any font or engine is chosen; `--update-golden` writes it anew."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from fixtures import FOLDER, SAMPLES
from reportgen import __version__
from reportgen.base.settings import find_settings
from reportgen.latex.render import render_body
from reportgen.pipeline import build

GOLDEN = Path(__file__).parents[1] / "golden"
RECORDS = {
    **{path.stem: path for path in sorted(SAMPLES.glob("*.json"))},
    **{
        name: FOLDER / f"{name}.json"
        for name in (
            "aggregates_only",
            "corrected",
            "every_chart",
            "every_script",
            "french",
            "german",
            "math_result",
            "mathematics",
            "meta_analysis",
            "no_claims",
            "rich_sections",
            "superseded",
            "whole_report",
        )
    },
}


@pytest.fixture
def body_of(monkeypatch):
    """Take a record through every stage before the choice of fonts."""

    def render(path):
        bodies = []

        def keep(*arguments):
            bodies.append(render_body(*arguments).numbered.tex)
            raise EndError

        monkeypatch.setattr(build, "render_body", keep)
        with pytest.raises(EndError):
            build.make_report(path, find_settings(path.parent))
        return bodies[0].replace(__version__, "VERSION")

    return render


class EndError(Exception):
    """The body is rendered; what follows depends on the machine."""


@pytest.mark.parametrize("name", RECORDS)
def test_the_body_is_the_expected_one(name, body_of, request):
    body = body_of(RECORDS[name])
    golden = GOLDEN / f"{name}.tex"
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(body)
    assert golden.exists(), f"there is no {golden}: run with --update-golden and read what it writes"
    expected = golden.read_text()
    difference = "\n".join(
        difflib.unified_diff(expected.splitlines(), body.splitlines(), "golden", "now", lineterm="")
    )
    assert body == expected, f"{difference}\n\nif this is meant, run with --update-golden"


def test_every_golden_file_belongs_to_a_record():
    assert {path.stem for path in GOLDEN.glob("*.tex")} == {*RECORDS}


def test_no_golden_file_knows_this_machine():
    for path in GOLDEN.glob("*.tex"):
        assert not re.search(r"/(?:tmp|work|home|usr|root)/", path.read_text()), path
