from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minimal_record import claim, load, minimal, only, place, problems_of
from reportgen.base.errors import RecordError, pointer_of
from reportgen.base.foreign import DEEPEST_NESTING
from reportgen.record import files, json_schema, read_record
from reportgen.record.document import JsonDocument

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "records").glob("[0-9a-f]*.json"))


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
        assert loaded.where("/title/deeper").column == loaded.where("/title").column

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
            ('{"a": "\\alpha"}', 1, 8, "double the backslash"),
            ('{"a": "\\upsilon"}', 1, 9, "double the backslash"),
        ],
    )
    def test_text_that_is_not_json(self, text, line, column, hint):
        problem = only(problems_of(text=text))
        assert (problem.code, *place(problem)) == ("json-syntax", line, column, "")
        assert hint in problem.hint

    @pytest.mark.parametrize("text", ["[]", '"x"', "1", "null", '[{"a": 1}]'])
    def test_json_that_is_not_one_object(self, text):
        assert only(problems_of(text=text)).code == "not-a-record"

    @pytest.mark.parametrize(
        ("name", "raw", "what", "hint"),
        [
            (
                "references.bib",
                b"@misc{a, title={A}}",
                "a bibliography",
                "`reportgen bib check references.bib`",
            ),
            ("trials.csv", b"a,b\n1,2\n", "a table", "as its `claims`, or in `tables`"),
            ("report.pdf", b"%PDF-1.7\n%\xe2\xe3\n", "a PDF", "`reportgen extract report.pdf`"),
            ("notes.md", b"# Notes\n", "a text", "`reportgen new`"),
            ("empty.md", b"", "a text", "`reportgen new`"),
            (
                "reportgen.toml",
                b'id_prefix = "A"\n',
                "a file of settings",
                "with each record of their folder",
            ),
            ("figure.PNG", b"\x89PNG\r\n", "a picture", "in `figures`"),
        ],
    )
    def test_a_file_of_another_kind_is_told_what_it_is(self, name, raw, what, hint):
        with pytest.raises(RecordError) as caught:
            read_record(Path(name), raw=raw)
        problem = only(caught.value.problems)
        assert (problem.code, problem.message) == (
            "not-a-record",
            f"this is no record: by its name it is {what}",
        )
        assert hint in problem.hint

    def test_a_record_is_read_under_any_name(self):
        assert read_record(Path("record.txt"), raw=json.dumps(minimal()).encode()).record.title

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
        assert read_record(Path("record.json"), raw=text.encode()).record.title == "a 😀"

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
            ({"xyzzy": 1}, "/xyzzy", "no field `xyzzy`", "`reportgen explain record` lists the 49"),
            ({"x/y~z": 1}, "/x~1y~0z", "no field `x/y~z`", "`reportgen explain record`"),
            ({"title": 5}, "/title", "expected text that is not blank, found 5", 'in quotes: "5"'),
            ({"title": "  "}, "/title", 'expected text that is not blank, found "  "', "for example"),
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
            ({"doi": "10.1"}, "/doi", "'10.1' is not a DOI such as", "a DOI begins with"),
            ({"doi": 7}, "/doi", "expected a DOI or null, found 7", "for example"),
            (
                {"keywords": "a, b"},
                "/keywords",
                'expected a list, found "a, b"',
                'for example ["calibration"',
            ),
            ({"keywords": ["a", None]}, "/keywords/1", "expected text that is not blank, found null", ""),
            ({"corrections": None}, "/corrections", "expected a list, found null", "leave `corrections` out"),
            (
                {"background": "text"},
                "/background",
                "expected an object with `text` or null",
                'as {"text": "text"}',
            ),
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
            (
                {"sources": [{"key": 7}]},
                "/sources/0/key",
                "expected text that is not blank, found 7",
                'in quotes: "7"',
            ),
            ({"lead_source": 7}, "/lead_source", "expected a source or null, found 7", "arxiv:2402.18571v3"),
            (
                {"claims": 7},
                "/claims",
                "expected a list or an object with `file`, found 7",
                "leave `claims` out",
            ),
            (
                {"claims": ["a"]},
                "/claims/0",
                'an object with `text`, found "a"',
                '{"text": "a", "verdict": "not-checked"}',
            ),
            (
                {"claims": [claim(verified="true")]},
                "/claims/0/verified",
                'true or false, found "true"',
                "without quotes: true",
            ),
            ({"claims": [claim(id="a b")]}, "/claims/0/id", "a name of up to 64 letters", 'for example "c7"'),
            ({"claims": [claim(Text="a")]}, "/claims/0/Text", "no field `Text`", "did you mean `text`?"),
            (
                {
                    "benchmark": {
                        "model": "m",
                        "benchmark": "b",
                        "entries": [{"source": "a", "score_pct": "29.8"}],
                    }
                },
                *(
                    "/benchmark/entries/0/score_pct",
                    'a number from 0 to 100, found "29.8"',
                    "without quotes: 29.8",
                ),
            ),
            (
                {"authors": [{"name": 5}]},
                "/authors/0/name",
                "expected text that is not blank, found 5",
                'in quotes: "5"',
            ),
            ({"authors": [{"name": "A", "orcid": "x"}]}, "/authors/0/orcid", "has the form", "0000-0002"),
            (
                {"benchmark": {"model": "m", "benchmark": "b", "entries": []}},
                *("/benchmark/entries", "the list is empty", ""),
            ),
            (
                {"gate": {"artifacts": [{"type": "log", "path": "a", "sha256": "A"}]}},
                *(
                    "/gate/artifacts/0/sha256",
                    "expected a SHA-256 checksum: 64 hex digits, lower case",
                    "for example",
                ),
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
            ({"title": "x" * 100 + "\n", "question": ["q"]}, "/question", "found a list", "for example"),
        ],
    )
    def test_one_problem_in_our_words_at_its_place(self, changes, pointer, message, hint):
        problem = only(problems_of(**changes))
        assert problem.where.pointer == pointer
        assert message in problem.message
        assert hint in problem.hint
        assert bool(hint) == bool(problem.hint)
        assert problem.where.line

    def test_a_long_value_is_quoted_in_part(self):
        message = only(problems_of(id="x" * 500)).message
        assert "x" * 50 in message
        assert len(message) < 120

    def test_an_unknown_field_is_placed_at_its_key(self):
        text = '{"tilte"  :\n 5, ' + json.dumps(minimal())[1:]
        assert place(only(problems_of(text=text))) == (1, 2, "/tilte")

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [("titel", "title"), ("heading", "title"), ("questoin", "question")],
    )
    def test_a_field_under_another_name_is_not_told_to_be_missing_too(self, wrong, right):
        record = minimal()
        record[wrong] = record.pop(right)
        problem = only(problems_of(text=json.dumps(record)))
        assert (problem.code, problem.where.pointer) == ("unknown-field", f"/{wrong}")
        assert f"`{right}`" in problem.hint

    @pytest.mark.parametrize("wrong", ["verdikt", "label", "verifed"])
    def test_a_verdict_under_another_name_is_not_told_to_be_missing_too(self, wrong):
        problem = only(problems_of(claims=[{"text": "One.", wrong: "supported"}]))
        assert (problem.code, problem.where.pointer) == ("unknown-field", f"/claims/0/{wrong}")

    def test_a_word_that_is_none_of_a_fields_is_answered_with_those_it_has(self):
        problem = only(problems_of(claims=[{"text": "One.", "verdict": "proven"}]))
        assert problem.hint == "`reportgen explain claims.verdict` says what each means"
        assert all(f"`{word}`" in problem.message for word in ("supported", "refuted", "not-checked"))

    def test_what_is_missing_beside_an_unknown_field_is_told(self):
        problems = problems_of(claims=[{"text": "One.", "colour": "red"}])
        assert {problem.code for problem in problems} == {"missing-field", "unknown-field"}

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
        text = JsonDocument("a.json", "ab\ncd", line=7)
        assert [(text.at(offset).line, text.at(offset).column) for offset in (0, 1, 3, 4)] == [
            *((7, 1), (7, 2), (8, 1), (8, 2))
        ]

    @given(
        st.dictionaries(
            st.text(min_size=1, max_size=3), st.integers(0, 9) | st.lists(st.integers()), min_size=1
        ),
        st.booleans(),
        st.sampled_from(
            [{}, {"indent": 0}, {"indent": "\t"}, {"separators": (",", ":")}, {"separators": (" ,", "\n: ")}]
        ),
    )
    def test_every_key_leads_to_its_value(self, pairs, ascii_only, layout):
        text = "\n" + json.dumps(pairs, ensure_ascii=ascii_only, **layout)
        lines = text.split("\n")
        for key, value in pairs.items():
            at_value, at_key = (
                JsonDocument("a.json", text).where(pointer_of([key]), key=which) for which in (False, True)
            )
            assert (
                json.JSONDecoder().raw_decode("\n".join(lines[at_value.line - 1 :]), at_value.column - 1)[0]
                == value
            )
            assert json.JSONDecoder().raw_decode(lines[at_key.line - 1], at_key.column - 1)[0] == key

    def test_a_place_in_a_large_text_is_found_quickly(self):
        text = json.dumps(minimal(claims=[claim(f"Claim {index}.") for index in range(20_000)]), indent=1)
        start = time.process_time()
        document = JsonDocument("a.json", text)
        assert document.where("/claims/19999/text").line == text.count("\n") - 3
        assert time.process_time() - start < 1
