"""The LaTeX that records turn into, before any font or engine is chosen; `--update-golden` writes it anew."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from fixtures import FOLDER, SAMPLES
from reportgen.bibliography import cite  # noqa: F401  # the stages below need it loaded
from reportgen.settings import find_settings

GOLDEN = Path(__file__).parent / "golden"
RECORDS = {
    **{path.stem: path for path in sorted(SAMPLES.glob("*.json"))},
    **{
        name: FOLDER / f"{name}.json"
        for name in (
            "aggregates_only",
            "corrected",
            "every_script",
            "french",
            "german",
            "math_result",
            "mathematics",
            "meta_analysis",
            "no_claims",
            "rich_sections",
            "superseded",
        )
    },
}


def body_of(path):
    """Take a record through every stage before typesetting."""
    from reportgen import build
    from reportgen.render import render_body

    bodies = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "_typeset", lambda view, *_: bodies.append(render_body(view)) or stop())
        with pytest.raises(_Rendered):
            build.make_report(path, find_settings(path.parent))
    return bodies[0].tex


class _Rendered(Exception):
    """The body is rendered: what follows depends on the machine."""


def stop():
    raise _Rendered


@pytest.mark.parametrize("name", RECORDS)
def test_the_body_is_the_expected_one(name, request):
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
        text = path.read_text()
        assert str(Path.home()) not in text.replace("/root", str(Path.home())) or Path.home() == Path("/root")
        assert not re.search(r"/(?:tmp|work|home|usr)/", text), path
