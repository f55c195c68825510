from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minimal_record import claim, load, minimal
from reportgen.errors import Level, RecordError, pointer_of
from reportgen.record import (
    DEEPEST_NESTING,
    READING_CODES,
    Document,
    files,
    json_schema,
    read_record,
)

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "records").glob("*.json"))


def problems_of(folder=Path(), text=None, **changes):
    """Read what must not be readable, and give its problems."""
    text = json.dumps(minimal(**changes), ensure_ascii=False, indent=1) if text is None else text
    with pytest.raises(RecordError) as caught:
        read_record(folder / "record.json", text=text)
    assert {problem.code for problem in caught.value.problems} <= READING_CODES.keys()
    assert {problem.level for problem in caught.value.problems} == {Level.ERROR}
    return caught.value.problems


def only(problems):
    assert len(problems) == 1, problems
    return problems[0]


def place(problem):
    return (problem.where.line, problem.where.column, problem.where.pointer)


class TestReading:
    def test_there_are_samples_to_read(self):
        assert len(SAMPLES) == 4

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_a_published_record_is_read(self, path):
        loaded = read_record(path)
        assert loaded.record.short_id == path.stem
        assert loaded.source.raw == path.read_bytes()
        assert loaded.source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert loaded.inputs == (loaded.source,)
        assert loaded.folder == path.parent

    def test_a_value_is_found_in_its_file(self):
        path = ROOT / "records" / "fbca8ee9.json"
        loaded = read_record(path)
        where = loaded.where("/claims/6/text")
        line = path.read_text().splitlines()[where.line - 1]
        assert line[where.column - 1 :].startswith('"Empirical evaluations show that DPA offers')
        assert (where.file, where.pointer) == (str(path), "/claims/6/text")

    def test_what_is_not_there_is_placed_at_what_it_is_missing_from(self):
        loaded = load(review={"score": 7})
        assert loaded.where("/review/method").line == loaded.where("/review").line
        assert loaded.where("/gate/artifacts/0").line == 1

    def test_a_byte_order_mark_is_no_part_of_the_text(self, tmp_path):
        path = tmp_path / "bom.json"
        path.write_bytes(b"\xef\xbb\xbf" + json.dumps(minimal()).encode())
        assert read_record(path).where("/schema").column == 12

    def test_every_problem_is_told_at_once_and_in_order(self):
        problems = problems_of(
            title="", question=..., date="soon", tilte="x", claims=[{"text": "a"}, {"text": "b"}]
        )
        assert [problem.where.pointer for problem in problems] == [
            *("/question", "/title", "/date", "/tilte", "/claims/0/verified", "/claims/1/verified")
        ]
        assert [problem.where.line for problem in problems] == sorted(
            problem.where.line for problem in problems
        )

    def test_flaws_of_the_json_and_of_the_fields_are_told_together(self):
        text = json.dumps(minimal())[:-1] + ', "id": 5, "id": 6, "review": {"score": NaN}, "extra": 1}'
        codes = [(problem.code, problem.where.pointer) for problem in problems_of(text=text)]
        assert codes == [
            ("json-duplicate-key", "/id"),
            ("json-number", "/review/score"),
            ("unknown-field", "/extra"),
        ]


class TestFiles:
    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(RecordError) as caught:
            read_record(tmp_path / "none.json")
        problem = only(caught.value.problems)
        assert (problem.code, problem.where.file) == ("file-unreadable", str(tmp_path / "none.json"))
        assert "No such file" in problem.message

    def test_a_folder(self, tmp_path):
        with pytest.raises(RecordError, match="file-unreadable"):
            read_record(tmp_path)

    def test_a_file_that_is_too_large(self, tmp_path, monkeypatch):
        monkeypatch.setattr(files, "LARGEST_BYTES", 200)
        path = tmp_path / "record.json"
        path.write_bytes(b" " * 200)
        with pytest.raises(RecordError, match="json-syntax"):
            read_record(path)
        path.write_bytes(b" " * 201)
        with pytest.raises(RecordError, match="file-too-large"):
            read_record(path)

    def test_bytes_that_are_not_utf_8(self, tmp_path):
        path = tmp_path / "record.json"
        path.write_bytes('{\n "title": "Maß\xe9"'.encode("latin-1").replace(b"\xdf", "ß".encode()))
        with pytest.raises(RecordError) as caught:
            read_record(path)
        problem = only(caught.value.problems)
        assert (problem.code, problem.where.line, problem.where.column) == ("not-utf-8", 2, 15)
        assert "0xE9" in problem.message

    def test_text_with_half_a_character_is_not_utf_8(self):
        assert only(problems_of(text='{"title": "\ud83d"}')).code == "not-utf-8"


class TestSyntax:
    @pytest.mark.parametrize(
        ("text", "line", "column", "hint"),
        [
            ("", 1, 1, "one JSON object"),
            ("\n \n", 1, 1, "one JSON object"),
            ('{\n "a": 1,\n}', 3, 1, "no comma after the last"),
            ("{\n \"a\": 'x'}", 2, 7, "double quotes"),
            ('{"a": 1 // b\n}', 1, 9, "no comments"),
            ('{"a": [1, 2', 1, 12, "ends too early"),
            ("```json\n{}\n```", 1, 1, "code fence"),
            ('{"a": 1} {"b": 2}', 1, 10, "no comments"),
            ('{"a": "b\nc"}', 1, 9, "double quotes"),
        ],
    )
    def test_text_that_is_not_json(self, text, line, column, hint):
        problem = only(problems_of(text=text))
        assert (problem.code, *place(problem)) == ("json-syntax", line, column, "")
        assert hint in problem.hint

    @pytest.mark.parametrize("text", ["[]", '"x"', "1", "null", '[{"a": 1}]'])
    def test_json_that_is_not_one_object(self, text):
        assert only(problems_of(text=text)).code == "not-a-record"

    def test_a_key_that_stands_twice_is_placed_at_its_second(self):
        text = json.dumps(minimal())[:-1] + ',\n "review": {"score": 1,\n  "score": 2}}'
        problem = only(problems_of(text=text))
        assert (problem.code, *place(problem)) == ("json-duplicate-key", 3, 3, "/review/score")

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
    def test_a_number_that_is_not_finite(self, number):
        text = json.dumps(minimal())[:-1] + f',\n "review": {{"score": {number}}}}}'
        problem = only(problems_of(text=text))
        assert (problem.code, *place(problem)) == ("json-number", 2, 22, "/review/score")

    def test_a_number_that_is_not_finite_inside_a_csl_item(self):
        text = json.dumps(minimal())[:-1] + ', "sources": [{"type": "book", "id": "a", "volume": NaN}]}'
        assert only(problems_of(text=text)).where.pointer == "/sources/0/volume"

    def test_an_integer_too_long_to_read(self):
        text = '{"a": 1,\n "b": ' + "9" * 5000 + "}"
        problem = only(problems_of(text=text))
        assert (problem.code, *place(problem)) == ("json-number", 2, 7, "")

    def test_an_integer_too_large_for_a_float_is_out_of_range(self):
        text = json.dumps(minimal())[:-1] + ', "review": {"score": ' + "9" * 400 + "}}"
        assert only(problems_of(text=text)).code == "wrong-value"

    @pytest.mark.parametrize("field", ["title", "version"])
    def test_half_a_character(self, field):
        text = json.dumps(minimal(**{field: ...}))[:-1] + f',\n "{field}": "a\\ud83d"}}'
        problem = only(problems_of(text=text))
        assert (problem.code, *place(problem)) == ("json-surrogate", 2, len(field) + 6, f"/{field}")
        assert "D83D" in problem.message

    def test_half_a_character_in_a_key(self):
        text = json.dumps(minimal())[:-1] + ', "\\udc00": {}}'
        assert only(problems_of(text=text)).code == "json-surrogate"

    def test_both_halves_are_a_character(self):
        text = json.dumps(minimal(title="a 😀"))
        assert "\\ud83d\\ude00" in text
        assert read_record(Path("record.json"), text=text).record.title == "a 😀"

    @pytest.mark.parametrize("depth", [DEEPEST_NESTING + 1, 100_000])
    @pytest.mark.parametrize("opening", ["[", '{"a":'])
    def test_nesting_that_is_too_deep(self, depth, opening):
        closing = "]" if opening == "[" else "}"
        text = f"{opening * depth}1{closing * depth}"
        problem = only(problems_of(text=text))
        assert problem.code == "json-too-deep"
        assert problem.where.column == len(opening) * DEEPEST_NESTING + 1

    def test_brackets_in_texts_and_beside_one_another_nest_nothing(self):
        many = [claim("[" * 300 + '"\\' + "." + str(index)) for index in range(300)]
        assert len(load(claims=many).record.claims) == 300
        text = '{"a": "\\"[[", "b": []' + ', "c": ' + "[" * 201 + "]" * 201 + "}"
        assert only(problems_of(text=text)).where.column == text.index("[[[") + 200

    @pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"schema": NaN}'])
    def test_the_deepest_nesting_allowed_is_no_problem_of_its_own(self, text):
        nested = json.loads("[" * (DEEPEST_NESTING - 3) + "]" * (DEEPEST_NESTING - 3))
        loaded = load(sources=[{"type": "book", "id": "a", "x": nested}])
        assert loaded.where("/sources/0").line > 1
        assert problems_of(text=text)


class TestFields:
    @pytest.mark.parametrize(
        ("changes", "pointer", "message", "hint"),
        [
            ({"title": ...}, "/title", "the field `title` is missing", "add `title`: text"),
            ({"date": ...}, "/date", "the field `date` is missing", 'a date, for example "2026-05-30"'),
            ({"tilte": "x"}, "/tilte", "no field `tilte`", "did you mean `title`?"),
            ({"Doi": None}, "/Doi", "no field `Doi`", "did you mean `doi`?"),
            ({"lead source": "x"}, "/lead source", "no field `lead source`", "did you mean `lead_source`?"),
            ({"xyzzy": 1}, "/xyzzy", "no field `xyzzy`", "the fields here are authors, background"),
            ({"x/y~z": 1}, "/x~1y~0z", "no field `x/y~z`", "the fields here are"),
            ({"title": 5}, "/title", "expected text that is not blank, found 5", ""),
            ({"title": "  "}, "/title", 'expected text that is not blank, found "  "', ""),
            ({"id": "x"}, "/id", 'expected a UUID, found "x"', 'for example "fbca8ee9-'),
            ({"date": "soon"}, "/date", 'expected a date, found "soon"', 'for example "2026-05-30"'),
            (
                {"kind": "Meta analysis"},
                "/kind",
                "expected one of `synthesis`, `meta-",
                "mean `meta-analysis`?",
            ),
            ({"schema": "v1"}, "/schema", 'expected `reportgen-record-v1`, found "v1"', ""),
            ({"language": "?"}, "/language", "expected a BCP 47 language tag", 'for example "en"'),
            ({"doi": "10.1"}, "/doi", "'10.1' is not a DOI such as", "for example"),
            ({"doi": 7}, "/doi", "expected a DOI or null, found 7", "for example"),
            ({"keywords": "a, b"}, "/keywords", 'expected a list, found "a, b"', "leave `keywords` out"),
            ({"keywords": ["a", None]}, "/keywords/1", "expected text that is not blank, found null", ""),
            ({"corrections": None}, "/corrections", "expected a list, found null", "leave `corrections` out"),
            ({"background": "text"}, "/background", "expected an object with `text` or null", "leave"),
            (
                {"supersedes": "x"},
                "/supersedes",
                'expected a UUID or a DOI or null, found "x"',
                "for example",
            ),
            (
                {"confidence_threshold": 2},
                "/confidence_threshold",
                "a number from 0 to 1 or null, found 2",
                "0.82",
            ),
            (
                {"search": {"screened": -1}},
                "/search/screened",
                "a whole number of 0 or more",
                "for example 14",
            ),
            ({"search": {"screened": 1.5}}, "/search/screened", "found 1.5", "for example 14"),
            ({"search": []}, "/search", "expected an object or null, found a list", "leave `search` out"),
            ({"gate": {"status": "VERFIED"}}, "/gate/status", "expected one of", "did you mean `VERIFIED`?"),
            (
                {"gate": {"evaluated_at": "now"}},
                "/gate/evaluated_at",
                "a date and time with its time zone",
                "+00:00",
            ),
            ({"sources": ["a b"]}, "/sources/0", "'a b' is neither a key, a DOI", "for example"),
            ({"sources": [{"dio": "x"}]}, "/sources/0/dio", "no field `dio`", "did you mean `doi`?"),
            ({"sources": [{"doi": "x", "key": "y"}]}, "/sources/0", "exactly one of", "for example"),
            ({"sources": [{"type": "book"}]}, "/sources/0", "needs an 'id'", "for example"),
            ({"sources": [{"key": 7}]}, "/sources/0/key", "expected text that is not blank, found 7", ""),
            ({"lead_source": 7}, "/lead_source", "expected a source or null, found 7", "arxiv:2402.18571v3"),
            (
                {"claims": 7},
                "/claims",
                "expected a list or an object with `file`, found 7",
                "leave `claims` out",
            ),
            ({"claims": ["a"]}, "/claims/0", 'an object with `text`, `verified`, found "a"', ""),
            (
                {"claims": [claim(verified="true")]},
                "/claims/0/verified",
                'true or false, found "true"',
                "true",
            ),
            ({"claims": [claim(id="a b")]}, "/claims/0/id", "a name of up to 64 letters", 'for example "c7"'),
            ({"claims": [claim(Text="a")]}, "/claims/0/Text", "no field `Text`", "did you mean `text`?"),
            ({"authors": [{"name": "A", "orcid": "x"}]}, "/authors/0/orcid", "has the form", "0000-0002"),
            (
                {"benchmark": {"model": "m", "benchmark": "b", "entries": []}},
                *("/benchmark/entries", "the list is empty", ""),
            ),
            (
                {"gate": {"artifacts": [{"type": "log", "path": "a", "sha256": "A"}]}},
                *("/gate/artifacts/0/sha256", "expected a SHA-256 checksum: 64 hex digits, lower case", ""),
            ),
            (
                {
                    "corrections": [
                        {"event_id": "1", "corrected_at": "x", "correction_type": "CLAIM", "public_note": "n"}
                    ]
                },
                *(
                    "/corrections/0/corrected_at",
                    "a date and time with its time zone or a date",
                    "for example",
                ),
            ),
            (
                {"quality_dimensions": {"novelty": {"level": "high"}}},
                "/quality_dimensions/novelty/level",
                "",
                "`HIGH`",
            ),
            ({"title": "x" * 100 + "\n", "question": ["q"]}, "/question", "found a list", ""),
        ],
    )
    def test_one_problem_in_our_words_at_its_place(self, changes, pointer, message, hint):
        problem = only(problems_of(**changes))
        assert problem.where.pointer == pointer
        assert message in problem.message
        assert hint in problem.hint
        assert problem.where.line

    def test_a_long_value_is_quoted_in_part(self):
        message = only(problems_of(id="x" * 500)).message
        assert "x" * 50 in message
        assert len(message) < 120

    def test_an_unknown_field_is_placed_at_its_key(self):
        text = '{"tilte"  :\n 5, ' + json.dumps(minimal())[1:]
        assert place(only(problems_of(text=text))) == (1, 2, "/tilte")

    def test_a_claim_id_that_was_given_twice(self):
        claims = [claim("a", id="c1"), claim("b", id="c2"), claim("c", id="c1")]
        problem = only(problems_of(claims=claims))
        assert (problem.code, problem.where.pointer) == ("duplicate-claim-id", "/claims/2/id")
        assert "`c1`" in problem.message

    def test_no_word_is_pydantics(self):
        # Every field of every part, given something it cannot be.
        wrong = {name: {"no": [object.__name__]} for name in json_schema()["properties"]}
        problems = problems_of(**wrong)
        assert {problem.where.pointer.split("/")[1] for problem in problems} == wrong.keys()
        for problem in problems:
            assert not set(problem.message.lower().split()) & {
                "input",
                "valid",
                "instance",
                "validation",
                "pydantic",
            }

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["key", "type", "id", "text", "a/b", "file"]), inner)
            ),
        )
    )
    def test_no_value_anywhere_is_more_than_a_problem(self, value):
        for name in ("title", "sources", "lead_source", "claims", "gate", "supersedes", "authors"):
            try:
                loaded = load(**{name: value})
            except RecordError as error:
                pointers = [problem.where.pointer for problem in error.problems]
            else:
                pointers = [] if loaded.record.short_id == "11111111" else ["another record"]
            assert [pointer for pointer in pointers if not pointer.startswith("/" + name)] == []


class TestDocument:
    def test_the_place_of_a_character(self):
        text = Document("a.json", "ab\ncd", line=7)
        assert [(text.at(offset).line, text.at(offset).column) for offset in (0, 1, 3, 4)] == [
            *((7, 1), (7, 2), (8, 1), (8, 2))
        ]

    @given(
        st.dictionaries(
            st.text(min_size=1, max_size=3), st.integers(0, 9) | st.lists(st.integers()), min_size=1
        ),
        st.booleans(),
        st.sampled_from([None, 0, 1, "\t"]),
    )
    def test_every_key_leads_to_its_value(self, pairs, ascii_only, indent):
        text = json.dumps(pairs, indent=indent, ensure_ascii=ascii_only)
        lines = text.split("\n")
        for key, value in pairs.items():
            at_value, at_key = (
                Document("a.json", text).where(pointer_of([key]), key=which) for which in (False, True)
            )
            assert (
                json.JSONDecoder().raw_decode("\n".join(lines[at_value.line - 1 :]), at_value.column - 1)[0]
                == value
            )
            assert json.JSONDecoder().raw_decode(lines[at_key.line - 1], at_key.column - 1)[0] == key

    def test_a_place_in_a_large_text_is_found_quickly(self):
        text = json.dumps(minimal(claims=[claim(f"Claim {index}.") for index in range(20_000)]), indent=1)
        start = time.process_time()
        document = Document("a.json", text)
        assert document.where("/claims/19999/text").line == text.count("\n") - 4
        assert time.process_time() - start < 1


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
            ("text,verfied\na,1\n", 1, "no field `verfied`"),
            ("text\na\n", 1, "the column `verified` is missing"),
            ("text,verified,text\na,1,b\n", 1, "the column `text` stands there twice"),
            ("text,verified,\na,1,\n", 1, "no field ``"),
        ],
    )
    def test_a_csv_file_that_is_no_table_of_claims(self, tmp_path, text, line, message):
        problems = self.problems(tmp_path, text)
        assert message in problems[0].message
        assert (problems[0].where.line, Path(problems[0].where.file).name) == (line, "claims.csv")

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
        with pytest.raises(SetupError, match=r"pip install \"reportgen\[parquet\]\""):
            load(tmp_path, claims=self.write(tmp_path, b"", "claims.parquet"))

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("/etc/passwd", "is not a path relative to the record"),
            ("C:\\claims.csv", "is not a path relative to the record"),
            ("a\0b.csv", "is not a path relative to the record"),
            ("../claims.csv", "leaves the record's folder"),
            ("a\\..\\..\\claims.csv", "leaves the record's folder"),
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
        code = (
            "import sys, pathlib; from reportgen.record import read_record;"
            f"read_record(pathlib.Path({str(SAMPLES[0])!r})); assert 'pandas' not in sys.modules"
        )
        assert os.spawnl(os.P_WAIT, sys.executable, sys.executable, "-c", code) == 0


GOOD = [
    {},
    {"claims": [claim()]},
    {"claims": {"file": "claims.csv"}},
    {
        "sources": [
            "a",
            {"doi": "10.1000/a"},
            {"type": "book", "id": "a", "title": "A"},
            "https://example.org",
        ]
    },
    {"doi": "https://doi.org/10.1000/a", "supersedes": "10.1000/b", "superseded_by": None},
    {"review": {"score": 7, "reviewers": [{"role": "challenger", "score": 7.5}]}},
    {"gate": {"status": "VERIFIED", "evaluated_at": "2026-06-10T06:30:49.25Z"}},
    {
        "corrections": [
            {"event_id": "1", "corrected_at": "2026-06-10", "correction_type": "CLAIM", "public_note": "n"}
        ]
    },
    {
        "benchmark": {
            "model": "m",
            "benchmark": "b",
            "entries": [{"source": "a", "score_pct": 29.8, "year": 2023}],
        }
    },
    {"kind": "math-result", "math": {"statement": "s", "state": "FALSIFIED", "cpu_seconds": 0.02}},
    {"quality_dimensions": {"novelty": {"level": "LOW", "score": None}}, "external_record": "registered"},
]
BAD = [
    *(
        {"title": ...},
        {"title": " "},
        {"titel": "a"},
        {"id": "fbca8ee9d3404bba9b15625d1df52d32"},
        {"date": "soon"},
    ),
    *({"date": 1717200000}, {"kind": "essay"}, {"schema": "v1"}, {"language": "?"}, {"doi": "10.1"}),
    *(
        {"claims": [{"text": "a"}]},
        {"claims": [claim(id="")]},
        {"claims": [claim(id=None)]},
        {"claims": [claim(verified=1)]},
    ),
    *(
        {"claims": {"fil": "a"}},
        {"claims": {"file": "a", "x": 1}},
        {"claims": [claim(confidence=1.5)]},
        {"claims": "a"},
    ),
    *({"sources": [{"doi": "10.1000/a", "key": "a"}]}, {"sources": [{"type": "book"}]}, {"sources": [{}]}),
    *({"sources": [7]}, {"sources": "a"}, {"corrections": None}, {"review": {"score": 11}}, {"review": {}}),
    *(
        {"gate": {"status": "verified"}},
        {"gate": {"evaluated_at": "2026-06-10"}},
        {"search": {"screened": -1}},
    ),
    *(
        {"gate": {"artifacts": [{"type": "log", "path": "a", "sha256": "A" * 64}]}},
        {"confidence_threshold": "0.5"},
    ),
    *({"benchmark": {"model": "m", "benchmark": "b", "entries": []}}, {"math": {"statement": "s"}}),
    *(
        {"quality_dimensions": {"fame": {}}},
        {"evidence_counts": {"artifact_inspected": 1.5}},
        {"external_record": ""},
    ),
    {
        "corrections": [
            {"event_id": "1", "corrected_at": "soon", "correction_type": "CLAIM", "public_note": "n"}
        ]
    },
]


class TestSchema:
    def validator(self):
        checker = jsonschema.FormatChecker(["uuid", "date"])
        return jsonschema.Draft202012Validator(json_schema(), format_checker=checker)

    def test_the_published_copy_is_the_one_made_from_the_models(self):
        published = (ROOT / "schema" / "record.schema.json").read_text(encoding="utf-8")
        assert published == json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"

    def test_it_is_a_schema_that_knows_every_field_and_no_other(self):
        schema = json_schema()
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"].startswith("https://")
        assert schema["title"]
        parts = [schema, *(part for part in schema["$defs"].values() if part.get("type") == "object")]
        assert len(parts) > 15
        for part in parts:
            assert part["additionalProperties"] is False
            assert part["description"]

    def test_a_change_to_it_changes_no_other(self):
        json_schema()["properties"].clear()
        assert json_schema()["properties"]

    @pytest.mark.parametrize("changes", GOOD, ids=str)
    def test_the_reader_and_the_schema_take(self, changes, tmp_path):
        (tmp_path / "claims.csv").write_text("text,verified\na,1\n")
        assert load(tmp_path, **changes).record.title
        assert [error.message for error in self.validator().iter_errors(minimal(**changes))] == []

    @pytest.mark.parametrize("changes", BAD, ids=str)
    def test_the_reader_and_the_schema_refuse(self, changes):
        assert problems_of(**changes)
        assert not self.validator().is_valid(minimal(**changes))

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_a_published_record_is_valid(self, path):
        assert self.validator().is_valid(json.loads(path.read_text()))


def test_every_reading_code_is_documented_in_lower_case_words():
    assert all(
        code == code.lower() and " " not in code and summary for code, summary in READING_CODES.items()
    )
    source = "".join(path.read_text() for path in (ROOT / "src/reportgen/record").glob("*.py"))
    assert [code for code in READING_CODES if source.count(f'"{code}"') < 2] == []
