from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base import errors
from reportgen.base.errors import Level, Problem, ReportgenError, Where, field_path, pointer_of


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("", ""),
        ("/claims/3/confidence", "claims[3].confidence"),
        ("/title", "title"),
        ("/sources/0/DOI", "sources[0].DOI"),
        ("/a~1b/c~0d", "['a/b']['c~d']"),
        ("/a b", "['a b']"),
    ],
)
def test_a_pointer_is_written_as_people_write_it(pointer, path):
    assert field_path(pointer) == path


@given(st.lists(st.text(min_size=1) | st.integers(min_value=0)))
def test_a_pointer_keeps_its_parts(parts):
    pointer = pointer_of(parts)
    read = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    assert read == [str(part) for part in parts]


def test_a_problem_says_where_what_and_what_to_do():
    problem = Problem(
        "cut", Level.WARNING, Where("r.json", 4, 12, "/claims/3/text"), "it ends early", "finish it"
    )
    assert str(problem) == "r.json:4:12 claims[3].text: warning[cut]: it ends early (finish it)"
    assert str(Problem("x", Level.ERROR, Where(), "plain")) == "error[x]: plain"
    assert problem.as_dict()["pointer"] == "/claims/3/text"
    assert problem.as_dict()["line"] == 4


def test_an_error_made_of_words_is_a_problem_of_its_class():
    error = errors.TypesetError("TeX is gone")
    assert [problem.code for problem in error.problems] == ["typeset"]
    assert str(error) == "error[typeset]: TeX is gone"


def test_every_error_class_has_an_exit_code_of_its_own():
    import reportgen.trust.reproduce
    import reportgen.trust.verify

    assert reportgen.trust.reproduce
    assert reportgen.trust.verify
    classes = ReportgenError.__subclasses__()
    codes = {each.__name__: each.exit_code for each in classes}
    # Two ways to find that bytes are not what they should be share one code.
    shared = {"AlteredError", "NotReproducibleError"}
    assert len({code for name, code in codes.items() if name not in shared}) == len(codes) - len(
        shared & codes.keys()
    )
    assert not set(codes.values()) & {0, 1, 2, ReportgenError.exit_code}
