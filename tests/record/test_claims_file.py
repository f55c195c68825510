from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

import pandas as pd
import pytest

from minimal_record import claim, load, only, place, problems_of
from reportgen.base.errors import SetupError
from reportgen.record.model import claim_id

ROOT = Path(__file__).parents[2]


class TestClaimsFile:
    """Claims kept in a file of their own."""

    def write(self, folder, content, name="claims.csv"):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return {"file": name}

    def claims(self, folder, content, name="claims.csv"):
        return load(folder, claims=self.write(folder, content, name)).record.claims

    def problems(self, folder, content, name="claims.csv"):
        return problems_of(folder, claims=self.write(folder, content, name))

    def test_csv(self, tmp_path):
        text = (
            "\ufeffverified, text ,confidence,sources,locator\r\n"
            'TRUE,"He said ""no"",\r\nand left.",0.5,arxiv:2402.18571v3; wang2024dpa ;,NA\r\n'
            "\r\n"
            "no,007,,,\r\n"
            "1,null,1,,\r\n"
            "0,nan,5e-1\r\n"
        )
        first, second, third, fourth = self.claims(tmp_path, text)
        assert (first.text, first.verified, first.confidence) == ('He said "no",\r\nand left.', True, 0.5)
        assert [source.identifier.value for source in first.sources] == ["2402.18571", "wang2024dpa"]
        assert (first.locator, first.id) == ("NA", claim_id(first.text))
        assert (second.text, second.verified, second.confidence, second.sources) == ("007", False, None, ())
        assert (third.text, third.verified, third.confidence) == ("null", True, 1.0)
        assert (fourth.text, fourth.verified, fourth.confidence, fourth.locator) == ("nan", False, 0.5, None)

    @pytest.mark.parametrize(
        ("cell", "verified"),
        [("true", True), ("Yes", True), ("1", True), (" FALSE ", False), ("no", False), ("0", False)],
    )
    def test_the_words_for_a_verdict(self, tmp_path, cell, verified):
        (read,) = self.claims(tmp_path, f"text,verified\na,{cell}\n")
        assert read.verified is verified

    def test_csv_with_only_a_heading_has_no_claims(self, tmp_path):
        assert self.claims(tmp_path, "text,verified\n") == ()

    def test_the_files_are_both_inputs_and_a_claim_is_placed_in_its_own(self, tmp_path):
        given = self.write(tmp_path, 'text,verified\n"a\nb",1\n\nc,0\n')
        loaded = load(tmp_path, claims=given)
        assert [source.path.name for source in loaded.inputs] == ["record.json", "claims.csv"]
        assert loaded.inputs[1].sha256 == hashlib.sha256((tmp_path / "claims.csv").read_bytes()).hexdigest()
        places = [loaded.where(f"/claims/{index}/text") for index in (0, 1)]
        assert [(Path(where.file).name, where.line) for where in places] == [
            ("claims.csv", 2),
            ("claims.csv", 5),
        ]
        assert (
            Path(loaded.where("/title").file).name == Path(loaded.where("/claims").file).name == "record.json"
        )

    def test_every_wrong_cell_is_told_with_its_line(self, tmp_path):
        text = 'text,verified,confidence,sources\n"a\nb",maybe,"0,5",x y\n,1,2,\nc,,nan,\nd,yes,1_0,\n'
        problems = self.problems(tmp_path, text)
        assert [(problem.where.line, problem.where.pointer, problem.code) for problem in problems] == [
            (2, "/claims/0/confidence", "wrong-value"),
            (2, "/claims/0/sources/0", "wrong-value"),
            (2, "/claims/0/verified", "wrong-value"),
            (4, "/claims/1/confidence", "wrong-value"),
            (4, "/claims/1/text", "missing-field"),
            (5, "/claims/2/confidence", "wrong-value"),
            (5, "/claims/2/verified", "missing-field"),
            (6, "/claims/3/confidence", "wrong-value"),
        ]
        assert 'expected true or false, found "maybe"' in problems[2].message

    @pytest.mark.parametrize(
        ("text", "line", "message"),
        [
            ("", None, "empty"),
            ("\n\n", None, "empty"),
            ("text,verified\na,1\n\nb,1,2\n", 4, "the row has 3 cells, the first row has 2"),
            ('text,verified\n"a\nb",1\nc,1,2\n', 4, "the row has 3 cells, the first row has 2"),
            ('text,verified\na,1\n"b,1\n', 3, "never closed"),
            ("text;verified\na, b;1\n", None, "set off by semicolons"),
            ("text,verfied\na,1\n", 1, "no field `verfied`"),
            ("text\na\n", 1, "the column `verified` is missing"),
            ("text,verified,text\na,1,b\n", 1, "the column `text` stands there twice"),
            ("text,verified,\na,1,\n", 1, "no field ``"),
        ],
    )
    def test_a_csv_file_that_is_no_table_of_claims(self, tmp_path, text, line, message):
        problems = self.problems(tmp_path, text)
        assert [problem for problem in problems if message in problem.message]
        assert {(problem.where.line, Path(problem.where.file).name) for problem in problems} == {
            (line, "claims.csv")
        }

    def test_an_unknown_column_is_likened_to_a_known_one(self, tmp_path):
        problems = self.problems(tmp_path, "Text,verfied,confidence\na,1,0.5\n")
        hints = [problem.hint for problem in problems]
        assert "did you mean `text`?" in hints
        assert "did you mean `verified`?" in hints

    def test_a_cell_longer_than_the_csv_module_likes(self, tmp_path):
        given = self.write(tmp_path, f'text,verified\n"{"a" * 200_000}",1\nb,1\n')
        assert load(tmp_path, claims=given).where("/claims/1").line == 3

    @pytest.mark.parametrize("name", ["claims.jsonl", "CLAIMS.NDJSON"])
    def test_json_lines(self, tmp_path, name):
        lines = [claim("a\u2028b", confidence=0.25, sources=["x"]), claim("c", verified=False, id="c7")]
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        first, second = self.claims(tmp_path, text.replace("\n", "\n\n") + "\n", name)
        assert (first.text, first.confidence, first.sources[0].key) == ("a\u2028b", 0.25, "x")
        assert (second.id, second.verified) == ("c7", False)

    def test_a_wrong_value_in_json_lines_is_placed_by_line_and_column(self, tmp_path):
        text = '{"text": "a", "verified": true}\n\n{"text": "b", "verified": 1, "nota": 2}\n[]\n'
        problems = self.problems(tmp_path, text, "claims.jsonl")
        assert [(*place(problem), problem.code) for problem in problems] == [
            (3, 27, "/claims/1/verified", "wrong-value"),
            (3, 30, "/claims/1/nota", "unknown-field"),
            (4, 1, "/claims/2", "wrong-value"),
        ]

    def test_lines_that_are_not_json_are_all_told(self, tmp_path):
        text = '{"text": }\n{"text": "b", "text": "c", "verified": true}\n{"text": "d", "verified": NaN}\nx\n'
        problems = self.problems(tmp_path, text, "claims.jsonl")
        assert [(*place(problem), problem.code) for problem in problems] == [
            (1, 10, "/claims/0", "json-syntax"),
            (2, 15, "/claims/1/text", "json-duplicate-key"),
            (3, 27, "/claims/2/verified", "json-number"),
            (4, 1, "/claims/3", "json-syntax"),
        ]

    def test_parquet(self, tmp_path):
        frame = pd.DataFrame(
            {
                "text": ["a", "b"],
                "verified": [True, False],
                "confidence": [0.5, None],
                "sources": [["x", {"doi": "10.1000/a", "key": None}], None],
                "note": [None, "n"],
            }
        )
        frame["sources"] = [[{"doi": "10.1000/a", "key": None}, {"doi": None, "key": "k"}], None]
        frame.to_parquet(tmp_path / "claims.parquet")
        loaded = load(tmp_path, claims={"file": "claims.parquet"})
        first, second = loaded.record.claims
        assert [str(source.identifier) for source in first.sources] == ["doi:10.1000/a", "k"]
        assert (first.confidence, first.note, second.confidence, second.note) == (0.5, None, None, "n")
        assert (first.verified, second.verified, second.sources) == (True, False, ())
        where = loaded.where("/claims/1/text")
        assert (Path(where.file).name, where.line, where.pointer) == (
            "claims.parquet",
            None,
            "/claims/1/text",
        )

    def test_a_wrong_value_in_parquet(self, tmp_path):
        pd.DataFrame({"text": ["a"], "verified": [1]}).to_parquet(tmp_path / "claims.parquet")
        problem = only(problems_of(tmp_path, claims={"file": "claims.parquet"}))
        assert (problem.where.pointer, problem.message) == (
            "/claims/0/verified",
            "expected true or false, found 1",
        )

    def test_an_unknown_column_in_parquet(self, tmp_path):
        pd.DataFrame({"text": ["a"], "Verified": [True]}).to_parquet(tmp_path / "claims.parquet")
        codes = [problem.code for problem in problems_of(tmp_path, claims={"file": "claims.parquet"})]
        assert codes == ["claims-file", "unknown-field"]

    @pytest.mark.parametrize("content", [b"", b"PAR1", b"text,verified\n" * 10])
    def test_a_file_that_is_not_parquet(self, tmp_path, content):
        problem = only(self.problems(tmp_path, content, "claims.parquet"))
        assert (problem.code, problem.message[:26]) == ("claims-file", "this is not a Parquet file")

    def test_parquet_without_pyarrow_says_what_to_install(self, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        with pytest.raises(SetupError, match=r"pip install \"reportgen-claims\[parquet\]\""):
            load(tmp_path, claims=self.write(tmp_path, b"", "claims.parquet"))

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("/etc/passwd", "is not a path relative to the record"),
            ("C:\\claims.csv", "is not a path relative to the record"),
            ("a\0b.csv", "is not a path relative to the record"),
            ("../claims.csv", "leaves the record's project"),
            ("a\\..\\..\\claims.csv", "climbs with `..` behind"),
            ("claims.xlsx", "is of no kind that claims are read from: .csv, .jsonl"),
            ("claims", "is of no kind"),
        ],
    )
    def test_a_path_that_is_not_taken(self, tmp_path, name, message):
        problem = only(problems_of(tmp_path, claims={"file": name}))
        assert (problem.code, problem.where.pointer) == ("claims-file", "/claims/file")
        assert message in problem.message

    def test_a_link_out_of_the_folder_is_not_followed(self, tmp_path):
        folder = tmp_path / "records"
        folder.mkdir()
        self.write(tmp_path, "text,verified\n")
        (folder / "claims.csv").symlink_to(tmp_path / "claims.csv")
        assert "through a link" in only(problems_of(folder, claims={"file": "claims.csv"})).message

    def test_a_link_and_a_folder_inside_are_followed(self, tmp_path):
        (tmp_path / "data").mkdir()
        self.write(tmp_path / "data", "text,verified\na,1\n")
        (tmp_path / "link.csv").symlink_to(tmp_path / "data" / "claims.csv")
        for name in ("data/claims.csv", "link.csv"):
            assert len(load(tmp_path, claims={"file": name}).record.claims) == 1

    def test_a_file_that_is_not_there_is_placed_in_the_record(self, tmp_path):
        problem = only(problems_of(tmp_path, claims={"file": "none.csv"}))
        assert (problem.code, problem.where.pointer) == ("file-unreadable", "/claims/file")
        assert problem.where.line

    @pytest.mark.parametrize(
        ("given", "pointer", "code"),
        [
            ({}, "/claims/file", "missing-field"),
            ({"file": 7}, "/claims/file", "wrong-value"),
            ({"fil": "claims.csv"}, "/claims/fil", "unknown-field"),
        ],
    )
    def test_an_object_that_names_no_file(self, given, pointer, code):
        problems = {problem.where.pointer: problem for problem in problems_of(claims=given)}
        assert problems[pointer].code == code

    def test_problems_of_the_record_come_before_those_of_its_claims(self, tmp_path):
        given = self.write(tmp_path, "text,verified\na,x\n")
        problems = problems_of(tmp_path, claims=given, limitations="none")
        assert [problem.where.pointer for problem in problems] == ["/limitations", "/claims/0/verified"]

    def test_ids_in_a_file_are_made_unique_and_given_ones_are_refused_twice(self, tmp_path):
        first, second = self.claims(tmp_path, "text,verified\na,1\nA,0\n")
        assert second.id == f"{first.id}-2"
        problem = only(self.problems(tmp_path, "id,text,verified\nx,a,1\nx,b,0\n"))
        assert (problem.code, problem.where.line, problem.where.pointer) == (
            "duplicate-claim-id",
            3,
            "/claims/1/id",
        )

    def test_pandas_is_imported_only_for_a_file_it_reads(self):
        path = ROOT / "records" / "fbca8ee9.json"
        code = (
            "import sys, pathlib; from reportgen.record import read_record;"
            f"read_record(pathlib.Path({str(path)!r})); assert 'pandas' not in sys.modules"
        )
        assert os.spawnl(os.P_WAIT, sys.executable, sys.executable, "-c", code) == 0
