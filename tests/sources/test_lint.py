from __future__ import annotations

import pytest

from reportgen.base.errors import Level
from reportgen.sources import load_library
from reportgen.sources.lint import check_library


@pytest.fixture
def check(tmp_path):
    """Write one .bib file, give the code and line of every problem in it."""

    def check(text, used=None):
        file = tmp_path / "a.bib"
        file.write_text(text, encoding="utf-8")
        problems = check_library([file], used).problems
        assert all(problem.where.file == str(file) and problem.message for problem in problems)
        return [(problem.code, problem.where.line) for problem in problems]

    return check


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("@misc{a, title = {1}}\n@misc{a, title = {2}}", [("bib-duplicate-key", 2)]),
        ("@misc{a, title = {1}}\n@misc{A, title = {2}}", [("bib-key-case", 2)]),
        (
            "@misc{a, title = {1}, doi = {10.1000/X}}\n@misc{b, title = {2}, doi = {10.1000/x}}",
            [("bib-same-work", 2)],
        ),
        (
            """@misc{a, title = {1}, eprint = {2402.18571v1}}
@misc{b, title = {2}, url = {arxiv.org}}
@misc{c, title = {3}, url = {https://arxiv.org/abs/2402.18571}}""",
            [("bib-identifier", 2), ("bib-same-work", 3)],
        ),
        ("@article{a,\n title = {1}}", [("bib-missing-field", 1)] * 3),
        ("@book{a, editor = {E}, title = {1}, publisher = {P}, date = {2020}}", []),
        ("@misc{a, title = {}}", [("bib-missing-field", 1), ("bib-empty", 1)]),
        ("@misc{a, title = {1}}\n@misc{open, title = {x\n@misc{b, title = {2}}", [("bib-syntax", 2)]),
        ("@misc{a,\n title = {1},\n title = {2}}", [("bib-repeated-field", 3)]),
        ("@misc{a,\n title = {1},\n TITLE = {2}}", [("bib-repeated-field", 3)]),
        ("@misc{a,\n title = nope}", [("bib-unknown-string", 2)]),
        ("@misc{, title = {1}}", [("bib-empty-key", 1)]),
        ("@misc{a b, title = {1}}", [("bib-key", 1)]),
        ("@misc{a, title = {1},\n note = }", [("bib-missing-value", 2)]),
        ("% fine\nstray\n@misc{a, title = {1}}", [("bib-stray-text", 2)]),
        ("@misc{a, title = {1}}}", [("bib-stray-text", 1)]),
        ("@artcle{a, title = {1}}", [("bib-unknown-type", 1)]),
        ("@qqqqqq{a, title = {1}}", [("bib-unknown-type", 1)]),
        ("@misc{a, title = {1},\n jornal = {J}}", [("bib-field", 2)]),
        ("@misc{a, title = {1},\n abstract = {J}, file = {x}}", []),
        ("@misc{a, title = {1},\n crossref = {b}}", [("bib-crossref", 2)]),
        (
            """@inproceedings{a, author = {A}, title = {1}, crossref = {b}}
@proceedings{b, title = {P}, year = 1}""",
            [],
        ),
        ("@misc{a, title = {1},\n note = {\\nosuch}}", [("bib-latex", 2)]),
        ("@misc{a, title = {1} {2}}", [("bib-value", 1)]),
        ('@comment{x} @preamble{"y"} @string{s = {t}}\n@misc{a, title = s}', []),
        ("", []),
    ],
)
def test_every_fault_has_its_code_and_line(check, text, problems):
    assert check(text) == problems


def test_problems_come_in_the_order_of_the_lines(check):
    text = "@misc{b, title = {1}, title = {2}}\nstray\n@misc{B, title = nope}\n@misc{b, title = {}}"
    lines = [line for _, line in check(text)]
    assert lines == sorted(lines)
    assert len(set(lines)) == 4


def test_entries_no_record_uses_are_warnings_when_records_are_given(check, tmp_path):
    text = "@misc{a, title = {1}}\n@misc{b, title = {2}}\n@misc{, title = {3}}"
    assert check(text) == [("bib-empty-key", 3)]
    assert check(text, {"b"}) == [("bib-unused", 1), ("bib-empty-key", 3)]
    (unused,) = [p for p in check_library([tmp_path], {"b"}).problems if p.code == "bib-unused"]
    assert unused.level is Level.WARNING


def test_hints_name_what_was_probably_meant(check, tmp_path):
    check("@artcle{a, title = {1}, jornal = {J}}")
    hints = [problem.hint for problem in check_library([tmp_path]).problems]
    assert sorted(hints) == ["did you mean article?", "did you mean journal?"]


def test_the_same_key_in_two_files_is_a_duplicate_at_the_second(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.bib").write_text(f"@misc{{x, title = {{{name}}}}}", encoding="utf-8")
    (problem,) = check_library([tmp_path]).problems
    assert problem.code == "bib-duplicate-key"
    assert problem.where.file.endswith("b.bib")
    assert "a.bib:1" in problem.message
    assert load_library([tmp_path]).entry("x").title == "a"


def test_unreadable_and_missing_paths_are_problems_too(tmp_path):
    (tmp_path / "a.bib").write_bytes(b"\xff")
    (tmp_path / "empty").mkdir()
    problems = check_library([tmp_path / "none", tmp_path / "empty", tmp_path]).problems
    assert [problem.code for problem in problems] == ["bib-missing", "bib-missing", "bib-encoding"]


def test_of_a_long_list_of_names_it_is_said_how_many_are_printed(check, tmp_path):
    check("@misc{a, title = {T}, author = {" + " and ".join(f"A{n}, B" for n in range(23)) + "}}")
    (checked,) = check_library([tmp_path]).entries
    assert str(checked).endswith("a: printed: title, author (the first 20 of 23)")


def test_a_whole_that_is_missing_is_an_error_of_the_file_and_a_warning_of_a_report(check, tmp_path):
    check("@misc{a, title = {T}, crossref = {none}}")
    assert [str(problem.level) for problem in check_library([tmp_path]).problems] == ["error"]
    assert [str(problem.level) for problem in load_library([tmp_path]).entry("a").problems] == ["warning"]


def test_the_shipped_bibliography_is_clean(request):
    assert check_library([request.config.rootpath / "bib"]).problems == ()
