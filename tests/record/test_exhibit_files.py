from __future__ import annotations

import json

import pytest

from fixtures import write_record
from reportgen.base.errors import RecordError
from reportgen.record import read_record
from reportgen.record.data_table import MOST_COLUMNS, MOST_ROWS, read_data_table
from reportgen.record.files import InputFile

FIGURE = {"id": "fig-a", "file": "a.png", "caption": "A."}
TABLE = {"id": "tbl-a", "file": "a.csv", "caption": "A."}


def table(tmp_path, name: str, content: bytes):
    return read_data_table(InputFile(tmp_path / name, content))


@pytest.mark.parametrize(
    ("name", "content", "names", "rows"),
    [
        ("a.csv", b"n,name\n1,x\n2.50,\n", ("n", "name"), (("1", "x"), ("2.50", None))),
        ("a.csv", b'n\n"a, ""b""\nc"\n', ("n",), (('a, "b"\nc',),)),
        ("a.csv", b'"a;b"\n1\n', ("a;b",), (("1",),)),
        ("a.csv", "n\nÄ中\n007\nNA\n".encode(), ("n",), (("Ä中",), ("007",), ("NA",))),
        ("a.jsonl", b'{"a": 1}\n\n{"b": [2]}\n', ("a", "b"), ((1, None), (None, "[2]"))),
    ],
)
def test_cells_are_read_as_they_stand(tmp_path, name, content, names, rows):
    found = table(tmp_path, name, content)
    assert (found.names, found.rows) == (names, rows)


def test_a_number_in_json_lines_keeps_its_decimals(tmp_path):
    assert str(table(tmp_path, "a.jsonl", b'{"a": 2.50}\n').rows[0][0]) == "2.50"


def test_a_table_in_parquet_is_read(tmp_path):
    import pandas as pd

    pd.DataFrame({"a": [1, 2], "b": ["x", None]}).to_parquet(tmp_path / "a.parquet")
    found = table(tmp_path, "a.parquet", (tmp_path / "a.parquet").read_bytes())
    assert (found.names, found.rows) == (("a", "b"), ((1, "x"), (2, None)))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"a,b\n", "no rows"),
        ("a.csv", b"a\n1,2\n", "line 2 has 2 cells, and line 1 has 1 cell"),
        ("a.csv", b'\na,b\n"1\n",2\n\n3\n', "line 6 has 1 cell, and line 2 has 2 cells"),
        ("a.csv", b'a\n1\n"2\n', "line 3 opens a quotation mark that is never closed"),
        ("a.csv", b'a\n"5" nails\n', "line 2 has words behind a quoted cell"),
        ("a.csv", b"a;b\n1,5;2\n", "set off by semicolons"),
        ("a.csv", b"a\tb\n1\t2\n", "set off by tabs"),
        ("a.csv", b"a,a\n1,2\n", "stands twice"),
        ("a.csv", b"a\n" + b"1\n" * (MOST_ROWS + 1), "most that are printed"),
        (
            "a.csv",
            b",".join(b"c%d" % n for n in range(MOST_COLUMNS + 1)) + b"\n" + b"1," * MOST_COLUMNS + b"1\n",
            "most that",
        ),
        ("a.jsonl", b'{"a": 1}\n[2]\n', "line 2 is no object"),
        ("a.jsonl", b"{\n", "line 1 is no JSON"),
        ("a.jsonl", b"[" * 100_000, "line 1 is no JSON"),
        ("a.parquet", b"PAR1", "Parquet"),
    ],
)
def test_what_is_no_table_or_too_much_is_an_error(tmp_path, name, content, said):
    with pytest.raises(ValueError, match=said):
        table(tmp_path, name, content)


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"figures": [FIGURE]}, "/figures/0/file", "cannot be read"),
        ({"figures": [FIGURE | {"file": "../a.png"}]}, "/figures/0/file", "leaves the record's project"),
        ({"figures": [FIGURE | {"file": "/etc/a.png"}]}, "/figures/0/file", "not a path relative"),
        ({"figures": [FIGURE | {"file": "a.gif"}]}, "/figures/0/file", "of no kind"),
        ({"figures": [FIGURE | {"file": "logo.png"}]}, "/figures/0/file", "the house's logo"),
        ({"tables": [TABLE | {"file": "a.png"}]}, "/tables/0/file", "of no kind"),
        ({"tables": [TABLE]}, "/tables/0/file", "cannot be printed as a table"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error_at_its_field(tmp_path, changes, pointer, said):
    (tmp_path / "a.csv").write_text("a\n")
    with pytest.raises(RecordError) as caught:
        read_record(write_record(tmp_path / "record.json", **changes))
    (problem,) = caught.value.problems
    assert problem.where.pointer == pointer
    assert said in problem.message


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"figures": [FIGURE | {"file": "a.gif"}]}, "save it as PNG or PDF or SVG"),
        ({"tables": [TABLE | {"file": "a.xlsx"}]}, "save it as CSV"),
        ({"figures": [FIGURE | {"file": "logo.png"}]}, "give the file another name"),
        ({"figures": [FIGURE | {"file": "../a.png"}]}, "keep the file in the project"),
        ({"figures": [FIGURE | {"file": ".a.png"}]}, "begins with no dot"),
        ({"tables": [TABLE | {"file": "trial.csv"}]}, "did you mean `trials.csv`?"),
        ({"figures": [FIGURE | {"file": "trial.svg"}]}, "check the path"),
        ({"figures": [FIGURE | {"file": "curve.jpg"}]}, "did you mean `curve.jpeg`?"),
        ({"claims": {"file": "trial.csv"}}, "did you mean `trials.csv`?"),
    ],
)
def test_the_remedy_of_a_file_that_cannot_be_used_is_its_own(tmp_path, changes, hint):
    for name in ("trials.csv", "curve.jpeg"):
        (tmp_path / name).write_text("a\n1\n")
    with pytest.raises(RecordError) as caught:
        read_record(write_record(tmp_path / "record.json", **changes))
    assert hint in caught.value.problems[0].hint


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["arm", "week"], [("/tables/0/columns/1", "has no column `week`", "did you mean `weeks`?")]),
        ([{"name": "Zeit"}], [("/tables/0/columns/0", "has no column `Zeit`", "it has `arm`, `weeks`")]),
        (
            ["arms", "n"],
            [("/tables/0/columns/0", "`arms`", "`arm`"), ("/tables/0/columns/1", "`n`", "it has")],
        ),
    ],
)
def test_every_column_that_the_file_lacks_is_an_error_at_its_place(tmp_path, columns, said):
    (tmp_path / "a.csv").write_text("arm,weeks\n1,2\n")
    path = write_record(tmp_path / "record.json", tables=[TABLE | {"columns": columns}])
    with pytest.raises(RecordError) as caught:
        read_record(path)
    assert {problem.code for problem in caught.value.problems} == {"exhibit-file"}
    for problem, (pointer, message, hint) in zip(caught.value.problems, said, strict=True):
        assert (problem.where.pointer, problem.where.line is not None) == (pointer, True)
        assert message in problem.message
        assert hint in problem.hint


def test_files_in_texts_are_read_where_they_are(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text("a\n1\n")
    text = "![x](data/a.csv) ![y](none.png) ![z](https://example.org/z.png) ![o](../o.png)"
    loaded = read_record(write_record(tmp_path / "record.json", sections=[{"title": "T", "text": text}]))
    assert list(loaded.exhibits.files) == list(loaded.exhibits.tables) == ["data/a.csv"]


def test_names_of_columns_may_stand_alone(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    path = write_record(
        tmp_path / "record.json", tables=[TABLE | {"columns": ["b", {"name": "a", "decimals": 1}]}]
    )
    (own,) = read_record(path).record.tables
    assert [column.name for column in own.columns] == ["b", "a"]
    assert json.loads(path.read_text())["tables"][0]["columns"][0] == "b"


def test_days_in_parquet_have_no_time_and_moments_keep_theirs(tmp_path):
    import pandas as pd

    days = pd.to_datetime(["2025-01-01", None, "2025-02-03"])
    moments = pd.to_datetime(["2025-01-01", "2025-01-01 12:30", "2025-02-03"], format="mixed")
    pd.DataFrame({"day": days, "moment": moments}).to_parquet(tmp_path / "a.parquet")
    rows = table(tmp_path, "a.parquet", (tmp_path / "a.parquet").read_bytes()).rows
    assert [str(row[0]) for row in rows] == ["2025-01-01", "None", "2025-02-03"]
    assert str(rows[0][1]) == "2025-01-01 00:00:00"
