"""The judge of the fuzzers: whatever it must not let pass is shown to it once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from cases import RECORD, Case, Ended
from letters import missing_texts
from mutations import raw, written
from record_cases import case_of
from world import CANARY, World, ending_flaws, file_flaws, said

from minimal_record import claim, minimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Report


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(seconds=20) as made:
        yield made


def ended(code: int = 3, err: str = "", **changes: object) -> Ended:
    return Ended(
        **{
            "code": code,
            "out": "",
            "err": err,
            "seconds": 1.0,
            "memory": 1,
            "killed": False,
            "strays": 0,
            **changes,
        }
    )


PLACED = "records/record.json:3:4 title: error[wrong-value]: no"


@pytest.mark.parametrize(
    ("how", "flaw"),
    [
        (ended(-9, killed=True), "killed after 1 s"),
        (ended(-11), "ended by signal or code -11"),
        (ended(70, "error[internal]: reportgen itself failed: KeyError: 'x'"), "traceback: KeyError"),
        (ended(1, 'Traceback (most recent call last):\n  File "x"\nOSError: full'), "traceback: OSError"),
        (
            ended(8, "a.json:1:1 title: error[text-lost]: gone\n  help: please report this"),
            "asks to be reported: text-lost",
        ),
        (ended(8, "error[lost-glyph]: no glyph"), "exit 8 without a placed problem"),
        (ended(3, "records/record.json: error[wrong-value]: no"), "exit 3 without a placed problem"),
        (ended(3, "error[wrong-value]: no\n  help: a.json says more"), "exit 3 without a placed problem"),
        (ended(3), "exit 3 without a placed problem"),
        (ended(3, PLACED, memory=2_000_000_000), "more memory than allowed"),
        (ended(0, strays=1), "left a process running"),
    ],
)
def test_an_ending_that_is_not_allowed_is_a_flaw(how: Ended, flaw: str) -> None:
    assert [found[: len(flaw)] for found in ending_flaws(how, said(how))] == [flaw]


@pytest.mark.parametrize(
    "how",
    [
        ended(0),
        ended(3, PLACED),
        ended(3, "error[wrong-value]: no (2 times)\n  records/record.json:3:4 title\n  help: say yes"),
        ended(4, "bib/references.bib: error[bib-syntax]: no"),
        ended(3, "records/record.json: error[file-unreadable]: no"),
        ended(10, out="report.pdf: different: x"),
        ended(1, out="records/record.json  out of date: never built"),
        ended(11, out="report.pdf: cannot be told: x"),
    ],
)
def test_an_ending_that_is_allowed_is_none(how: Ended) -> None:
    assert list(ending_flaws(how, said(how))) == []


@pytest.mark.parametrize(
    ("name", "was_there", "flaw"),
    [
        ("sentinel/precious.txt", True, "changed a file outside"),
        ("home/.bashrc", True, "changed a file outside"),
        ("project/records/record.json", True, "changed a file outside"),
        ("x", False, "wrote a file outside"),
        ("project/x", False, "wrote a file outside"),
        ("tmp/reportgen-x/y", False, "left a temporary file"),
    ],
)
def test_a_file_outside_the_output_folder_is_a_flaw(name: str, was_there: bool, flaw: str) -> None:
    assert [found[: len(flaw)] for found in file_flaws([(name, was_there)], ended())] == [flaw]


def test_a_file_in_an_output_folder_is_none() -> None:
    names = ["project/out/a.pdf", "project/inside/a/b", "project/report/record.json"]
    assert list(file_flaws([(name, False) for name in names], ended())) == []


@pytest.mark.parametrize(
    ("output", "name", "was_there", "allowed"),
    [
        (".", "project/a.pdf", False, True),
        (".", "project/records/record.json", True, False),
        ("bib", "project/bib/a.pdf", False, True),
        ("bib", "project/bib/references.bib", True, False),
        ("bib", "project/out/a.pdf", False, False),
    ],
)
def test_settings_say_where_a_file_may_be_written_anew(
    output: str, name: str, was_there: bool, allowed: bool
) -> None:
    assert (not list(file_flaws([(name, was_there)], ended(), output))) is allowed


def test_a_file_in_an_absolute_place_that_attacks_name_is_a_flaw_and_is_taken_away() -> None:
    CANARY.mkdir()
    (CANARY / "x").touch()
    assert re.match("wrote outside: ", next(file_flaws([], ended())))
    assert not CANARY.exists()


def test_a_command_that_does_not_end_is_ended(tmp_path: object) -> None:
    with World(seconds=2) as world:
        judged = world.run(case_of(written(minimal()), ("watch", RECORD)))
    assert judged.ended.killed
    assert judged.kind.startswith("killed after")


def test_a_record_is_compiled_and_its_texts_are_found(world: World) -> None:
    record = minimal(
        claims=[claim("Überall $x^2$ שלום <U+202E> \u202e ﬁ ½ e\u0301.", sources=["wang2024dpa"])]
    )
    judged = world.run(case_of(written(record), ("compile", RECORD)))
    assert (judged.outcome, judged.flaws) == ("0", ())


def test_a_flawed_record_is_refused_with_a_place(world: World) -> None:
    record = minimal(title=raw("1e999"), claims=7)
    judged = world.run(case_of(written(record), ("validate", RECORD)))
    assert (judged.outcome, judged.flaws) == ("3 json-number", ())


def test_a_text_that_a_pdf_lacks_is_missed(compiled: Callable[[str], Report]) -> None:
    report = compiled("sample_795ca78a")
    texts = ["No such claim.", "לא כאן"]
    assert missing_texts(report.pdf, texts) == texts


def test_a_case_comes_back_from_its_file() -> None:
    case = Case({"a": b"text", "b": b"\xff\0"}, ("verify", "a"))
    assert Case.from_json(case.as_json(flaws=["x"])) == case


def test_a_place_elsewhere_on_the_machine_is_refused_and_told(world: World) -> None:
    files = {"reportgen.toml": f'output = "{CANARY}"'.encode()}
    judged = world.run(case_of(written(minimal()), ("compile", RECORD, "-o", str(CANARY)), **files))
    assert judged.kind == "wrote outside the project"
    assert not CANARY.exists()
