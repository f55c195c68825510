"""Which records a batch finds, in which order, and how they are divided."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_project import numbered
from minimal_record import only
from reportgen.base.errors import RecordError, SetupError
from reportgen.pipeline.batch.inputs import RecordSource, find_sources, named_files
from reportgen.pipeline.batch.many import read_span, spans


def names(places, folder):
    return [str(source.path.relative_to(folder)) for source in find_sources(places)]


def touch(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("{}")


def test_a_folder_gives_its_records_in_order_of_path(tmp_path):
    touch(tmp_path, "b.json", "a/z.json", "a/b/c.json", "c.txt", "d.csv")
    assert names([tmp_path], tmp_path) == ["a/b/c.json", "a/z.json", "b.json"]


def test_what_lies_beside_records_is_no_record(tmp_path):
    touch(
        tmp_path,
        "record.json",
        "references.lock.json",
        "x.zenodo.json",
        "record.schema.json",
        "out/reportgen-state/report.state.json",
        ".hidden.json",
        ".git/objects.json",
        "claims.jsonl",
    )
    assert names([tmp_path], tmp_path) == ["record.json"]


def test_a_hidden_folder_above_the_records_hides_none(tmp_path):
    touch(tmp_path, ".work/records/a.json")
    assert names([tmp_path / ".work/records"], tmp_path) == [".work/records/a.json"]


def test_a_pattern_gives_the_records_it_matches(tmp_path):
    touch(tmp_path, "a/1.json", "a/2.json", "b/1.json", "b/1.lock.json")
    assert names([f"{tmp_path}/*/1*.json"], tmp_path) == ["a/1.json", "b/1.json"]
    assert names([f"{tmp_path}/**/2.json"], tmp_path) == ["a/2.json"]


def test_a_pattern_may_match_files_of_many_records(tmp_path):
    (tmp_path / "a.jsonl").write_text("{}\n{}\n")
    assert [source.line for source in find_sources([f"{tmp_path}/*.jsonl"])] == [1, 2]


def test_a_file_is_taken_whatever_it_is_called(tmp_path):
    touch(tmp_path, "record.txt", "[1].json")
    assert names([tmp_path / "record.txt", tmp_path / "[1].json"], tmp_path) == ["record.txt", "[1].json"]


def test_a_record_named_twice_is_one_record(tmp_path, monkeypatch):
    touch(tmp_path, "a.json", "b.json")
    monkeypatch.chdir(tmp_path)
    assert [source.name for source in find_sources(["b.json", ".", str(tmp_path)])] == ["b.json", "a.json"]


@pytest.mark.parametrize("place", ["nowhere", "nowhere/*.json", "empty", "lock/references.lock.json.d"])
def test_a_place_without_records_is_said(place, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecordError) as caught:
        find_sources([tmp_path / place])
    problem = only(caught.value.problems)
    assert problem.code == "no-records"
    assert str(tmp_path / place) in problem.message


LINE = st.sampled_from(["", "  ", '{"a": 1}', '{"ä": "\u2028"}', '{"b": [1, 2]}'])


@given(st.lists(LINE, max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_lines_are_found_where_they_stand(tmp_path_factory, lines, end, ended, marked):
    path = tmp_path_factory.mktemp("lines") / "records.jsonl"
    text = end.join(lines) + (end if ended else "")
    path.write_bytes((b"\xef\xbb\xbf" if marked else b"") + text.encode())
    expected = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not expected:
        with pytest.raises(RecordError, match="no records"):
            find_sources([path])
        return
    sources = find_sources([path])
    assert [(source.line, source.content().decode()) for source in sources] == expected
    assert [source.name for source in sources] == [f"{path}:{number}" for number, _ in expected]


def test_rows_of_a_table_are_records(tmp_path):
    path = tmp_path / "records.parquet"
    texts = [json.dumps(numbered(number)) for number in range(5)]
    pq.write_table(pa.table({"record": texts, "other": range(5)}), path, row_group_size=2)
    sources = find_sources([path])
    assert [source.content().decode() for source in sources] == texts
    assert sources[3].name == f"{path}:4"
    pq.write_table(pa.table({"record": [text.encode() for text in texts]}), path)
    assert find_sources([path])[4].content().decode() == texts[4]


def test_a_table_without_records_is_said(tmp_path):
    path = tmp_path / "records.parquet"
    for write, said in (
        (lambda: path.write_text("no table"), "not a Parquet file"),
        (lambda: pq.write_table(pa.table({"text": ["{}"]}), path), "no column `record`"),
    ):
        write()
        with pytest.raises(RecordError, match=said):
            find_sources([path])
    pq.write_table(pa.table({"record": [1]}), path)
    with pytest.raises(RecordError, match="holds a int where text is expected"):
        find_sources([path])[0].content()


def test_a_table_needs_pyarrow(tmp_path, monkeypatch):
    pq.write_table(pa.table({"record": ["{}"]}), tmp_path / "records.parquet")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(SetupError, match="needs pyarrow"):
        find_sources([tmp_path / "records.parquet"])


def test_a_file_that_vanishes_is_said_when_it_is_read(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text("{}\n")
    touch(tmp_path, "a.json")
    sources = find_sources([path, tmp_path / "a.json"])
    path.unlink()
    (tmp_path / "a.json").unlink()
    for source in sources:
        with pytest.raises(RecordError, match="cannot be read: No such file"):
            source.content()


def test_files_that_cannot_be_read_are_said(tmp_path):
    for name, span in (("a.jsonl", (0, 2)), ("a.parquet", (0, 0))):
        with pytest.raises(RecordError, match="No such file"):
            list(spans(tmp_path / name))
        with pytest.raises(RecordError, match="cannot be read: No such file"):
            read_span(tmp_path / name, span)


def test_the_files_that_a_record_names():
    def named(**record):
        return [
            str(path)
            for path in named_files(RecordSource(Path("records/a.json")), json.dumps(record).encode())
        ]

    assert named(claims={"file": "claims.csv"}) == ["records/claims.csv"]
    assert named(gate={"artifacts": [{"path": "a/b.log"}, {"path": "c"}]}) == ["records/a/b.log", "records/c"]
    assert named(claims={"file": "../../etc/passwd"}, gate={"artifacts": [{"path": "/etc/passwd"}]}) == []
    assert named(claims={"file": 1}, gate={"artifacts": {"file": "x"}}) == []
    assert named(claims=[{"text": "file"}], gate=None, note='"file"') == []
    assert named_files(RecordSource(Path("a.json")), b'{"file"') == []
    assert named_files(RecordSource(Path("a.json")), b'"file"' + b"[" * 100_000) == []


def test_a_named_file_is_found_however_its_key_is_written():
    content = rb'{"claims": {"fil\u0065": "claims.csv"}}'
    assert named_files(RecordSource(Path("a.json")), content) == [Path("claims.csv")]
