"""Values that make reading slow: each is read in time that grows as the value does, or refused by place."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

import reportgen.base.foreign
from growth import assert_linear, seconds
from minimal_record import claim, load, minimal, only, problems_of
from reportgen.analysis.checks import check
from reportgen.analysis.checks.verdicts import looks_like_machine
from reportgen.analysis.validation import judge
from reportgen.base.identifiers import Identifier
from reportgen.base.settings import Settings
from reportgen.pipeline.batch.inputs import names_in
from reportgen.record import path_inside
from reportgen.record.fields import MOST_OF_A_KIND
from reportgen.record.model import MOST_ARTIFACTS
from reportgen.sources import cite, load_library
from reportgen.sources.csl import read_item
from reportgen.sources.entry import language_tag
from reportgen.sources.library import Library
from reportgen.sources.lock import lock_bytes, lock_item

DEFAULT = Settings()


def judged(**changes):
    loaded = load(**changes)
    return judge(loaded, cite(loaded.record, load_library([])), DEFAULT, strict=False)


@pytest.mark.parametrize("piece", ["1", "v1", "1.", "pro", " ", "-", "1 ", "pro-", "llm\n", "a "])
@pytest.mark.parametrize("stem", ["gpt", "claude ", ""])
def test_a_name_like_a_machine_s_is_read_in_linear_time(stem, piece):
    looks_like_machine(f"{stem}{piece * 12}!", None)  # what is exponential would not come back from the next
    assert_linear(lambda text: looks_like_machine(f"{stem}{text}!", None), piece)


@pytest.mark.parametrize(
    ("name", "is_machine"),
    [
        ("GPT-4", True),
        ("gpt-4.1-mini", True),
        ("Claude 3.5 Sonnet", True),
        ("claude-opus-4", True),
        ("ChatGPT", True),
        ("Llama v3.1 Instruct", True),
        ("The AI system of the house", True),
        ("gpt111!", False),
        ("Claude Monet", False),
        ("Max Plus", False),
        ("Gemini Ganesan", False),
    ],
)
def test_a_machine_s_name_is_told_from_a_person_s(name, is_machine):
    assert looks_like_machine(name, None) is is_machine


@pytest.mark.parametrize("piece", [",", "; ", "\u2003", ", \u2003", " 97", "\u200397"])
def test_an_isbn_of_separators_is_read_in_linear_time(piece):
    assert_linear(lambda text: read_item({"id": "a", "type": "book", "ISBN": text}, "a"), piece)


@pytest.mark.parametrize("between", [" ", ", ", "; ", "\u2003", ",", " ; "])
def test_two_isbns_in_one_field_are_two(between):
    entry, problems = read_item(
        {"id": "a", "type": "book", "ISBN": f"9780262035613{between}978-0-387-31073-2"}, "a"
    )
    assert [each.value for each in entry.identifiers] == ["9780262035613", "9780387310732"]
    assert problems == ()


@pytest.mark.parametrize("piece", ["!", "! ", "\n", "a", "a ", "\u2003", "[a](http://", "[a](https://b ", "[", "](", "<b ", "**", "$"])  # fmt: skip
def test_a_heading_and_a_text_of_one_sign_again_and_again_are_compared_in_linear_time(piece):
    assert_linear(lambda text: check(load(title=f"{text}a"), {}), piece)
    section = lambda text: [{"title": f"{text}a", "text": f"{text * 2}x"}]  # noqa: E731
    assert_linear(lambda text: check(load(sections=section(text)), {}), piece)


@pytest.mark.parametrize(
    ("title", "text", "is_doubled"),
    [
        ("Results", "Results: all is well.", True),
        ("Results", "**results**\n\nAll is well.", True),
        ("(Results)", "Results) \n all is well.", True),
        ("Results", "  RESULTS \n\n  All is well.", True),
        ("Results", "Results are good.", False),
        ("Results", "Resul", False),
        ("!", "!: not a word", False),
    ],
)
def test_a_repeated_heading_is_found(title, text, is_doubled):
    found = check(load(sections=[{"title": title, "text": text}]), {})
    assert ("heading-doubled" in [each.code for each in found]) is is_doubled


def test_links_in_a_title_that_never_close_are_read_in_linear_time():
    assert_linear(lambda text: check(load(title=text), {}), "[a](http://", 60_000)


def test_a_link_in_a_title_is_still_found_after_addresses_that_never_close():
    found = check(load(title="[a](http:// [b](https://example.org/b) c"), {})
    assert "raw-markup" in [each.code for each in found]


@pytest.mark.parametrize("piece", ["x", "é", "1", "x-", "x1", "x ", "\na", "$x", "\\a", "*a", "_", "`", "<b", "@a", "[", ":", "。", "http://", "Abstract "])  # fmt: skip
@pytest.mark.parametrize("end", ["", " here.", "\nhere"], ids=["whole", "sentence", "line"])
def test_a_text_of_one_piece_again_and_again_is_judged_in_linear_time(piece, end):
    def judge_text(text: str) -> None:
        judged(
            title=text[:2_000] + end,
            claims=[claim(text + end)],
            sections=[{"title": "A", "text": text + end}],
        )

    assert_linear(judge_text, piece, 6_000)


@pytest.mark.parametrize("tag", ["de" + "-a" * 50, "de" + "-a" * 100_000], ids=["102-characters", "long"])
def test_a_long_language_tag_is_a_wrong_value(tag):
    problem = only(problems_of(language=tag))
    assert (problem.code, problem.where.pointer) == ("wrong-value", "/language")
    assert language_tag(tag) == ""


def test_a_language_tag_of_all_its_parts_is_read():
    assert load(language="de-Latn-DE-1996-u-co-phonebk-x-private").record.language.startswith("de")


def test_numbers_just_short_enough_before_one_that_is_too_long_are_passed_in_linear_time():
    text = '{"a": [' + ("1" * 4300 + ",") * 200 + "1" * 4301 + "]}"
    assert seconds(lambda text: problems_of(text=text), text) < 2  # each digit a start is six seconds
    problem = only(problems_of(text=text))
    assert (problem.code, problem.where.column) == ("json-number", 8 + 4301 * 200)


@pytest.mark.parametrize("source", ["arxiv:2402.18571v{}", {"arxiv": "2402.18571v{}"}, "https://arxiv.org/abs/2402.18571v{}"])  # fmt: skip
@pytest.mark.parametrize("version", ["1" * 5_000, "12345", "0"], ids=["5000-digits", "five-digits", "zero"])
def test_an_arxiv_version_that_none_has_is_no_version(source, version):
    text = json.dumps(source).replace("{}", version)
    if "https" in text:
        assert load(sources=[json.loads(text)]).record.sources[0].identifier.kind == "url"
    else:
        problem = only(problems_of(sources=[json.loads(text)]))
        assert (problem.code, problem.where.pointer) == ("wrong-value", "/sources/0")
        assert "is not an arXiv id" in problem.message


def locked(folder: Path, *names: str) -> Path:
    path = folder / "references.lock.json"
    day = load().record.date
    item = {"id": "a", "type": "article", "title": "A"}
    path.write_bytes(lock_bytes({name: lock_item({**item, "title": name}, day, "x") for name in names}))
    return path


@pytest.mark.parametrize(
    "version", ["foo", "", "²", "1" * 5_000, "-1", "1_0", " 1", "0"], ids=lambda version: ascii(version[:5])
)
def test_a_locked_version_that_is_no_number_is_no_match(tmp_path, version):
    library = load_library([], locked(tmp_path, f"arxiv:2402.18571v{version}"))
    assert library.find(Identifier("arxiv", "2402.18571")) is None


def test_of_locked_versions_the_latest_is_found(tmp_path):
    names = [f"arxiv:2402.18571v{version}" for version in ("9", "foo", "10", "2")]
    library = load_library([], locked(tmp_path, *names))
    assert library.find(Identifier("arxiv", "2402.18571")).title == "arxiv:2402.18571v10"


def test_papers_are_looked_for_among_many_locked_versions_in_linear_time():
    item = lock_item({"id": "a", "type": "article"}, load().record.date, "x")

    def find_all(text: str) -> None:
        library = Library(locked={f"arxiv:2402.{10_000 + n}v1": item for n in range(len(text))})
        assert not any(library.find(Identifier("arxiv", f"2501.{10_000 + n}")) for n in range(len(text)))

    assert_linear(find_all, "x", 2_000)


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({f"unknown{n}": 1 for n in range(1_200)}, 1_200),
        ({"generator": {"name": "x"} | {f"u{n}": 1 for n in range(1_200)}}, 1_200),
        ({"keywords": [1] * 1_200}, 1_200),
        ({"claims": [{"text": "x"}] * 1_200}, 1_200),
        ({"claims": [{"text": "x", "verified": "perhaps", "extra": 1}] * 1_100}, 2_200),
        ({"sources": [{}] * 1_200}, 1_200),
    ],
    ids=["keys", "keys-in-a-part", "values", "missing-fields", "two-kinds", "sources"],
)
def test_very_many_problems_of_a_kind_are_told_to_a_thousand_and_the_rest_counted(changes, count):
    found = problems_of(**changes)
    told = [each for each in found if "problems of this kind" not in each.message]
    more = [int(each.message.split()[5]) for each in found if each not in told]
    assert len(told) + sum(more) == count
    assert len(more) == len(told) / MOST_OF_A_KIND
    assert all(each.where.pointer and each.where.line for each in found)


def test_a_thousand_problems_are_all_told():
    assert len(problems_of(**{f"unknown{n}": 1 for n in range(MOST_OF_A_KIND)})) == MOST_OF_A_KIND


def test_an_unknown_key_as_long_as_a_file_is_refused_in_linear_time():
    assert_linear(lambda text: problems_of(**{text: 1}), "licens", 100_000)


def artifact(name: str, content: bytes = b"x"):
    return {"type": "log", "path": name, "sha256": hashlib.sha256(content).hexdigest()}


def test_more_artifacts_than_a_record_may_have_are_one_problem():
    problem = only(problems_of(gate={"artifacts": [artifact("a")] * (MOST_ARTIFACTS + 1)}))
    assert (problem.code, problem.where.pointer) == ("wrong-value", "/gate/artifacts")
    assert "1001 members, and 1000 is the most" in problem.message


def test_of_more_artifacts_than_a_record_may_have_a_batch_asks_for_no_file():
    content = json.dumps(minimal(gate={"artifacts": [artifact("a")] * (MOST_ARTIFACTS + 1)}))
    assert len(names_in(Path("record.json"), content.encode())) == MOST_ARTIFACTS


@pytest.fixture
def hashed(monkeypatch):
    """Count the files that are hashed, and hash them."""
    paths = []
    real = reportgen.base.foreign.hashlib.file_digest

    def digest(file, name):
        paths.append(file.name)
        return real(file, name)

    monkeypatch.setattr(reportgen.base.foreign.hashlib, "file_digest", digest)
    return paths


def artifact_problems(folder: Path, *artifacts):
    found = check(load(folder, gate={"artifacts": list(artifacts)}), {})
    return [(each.code, each.where.pointer, each.message) for each in found if "artifact" in each.code]


def test_an_artifact_named_a_thousand_times_by_many_names_is_hashed_once(tmp_path, hashed):
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to("a")
    os.link(tmp_path / "a", tmp_path / "hard")
    names = ["a", "./a", "link", "hard", ".//a"] * (MOST_ARTIFACTS // 5)
    assert artifact_problems(tmp_path, *map(artifact, names)) == []
    assert len(hashed) == 1


def test_artifacts_of_more_bytes_together_than_one_may_have_are_placed_problems(tmp_path, hashed):
    for name in ("a", "b", "c"):
        with (tmp_path / name).open("wb") as file:
            file.write(b"x")
            if name == "b":
                file.truncate(10_000_000_000)  # a file of holes: it takes no room
    found = artifact_problems(tmp_path, artifact("a"), artifact("b"), artifact("c"))
    message = "b cannot be checked: the artifacts are larger than 10000 MB together"
    assert found == [("artifact-changed", "/gate/artifacts/1/sha256", message)]
    assert len(hashed) == 2


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3_000, "a" * 300 + "/b"], ids=["name", "path", "folder"])
def test_an_artifact_of_a_name_that_no_file_can_have_is_missing(tmp_path, name):
    found = artifact_problems(tmp_path, artifact(name))
    assert [(code, pointer) for code, pointer, _ in found] == [("artifact-missing", "/gate/artifacts/0/path")]
    assert path_inside(tmp_path, name)


BIB_FIELDS = ["isbn", "eprint", "url", "doi", "howpublished", "journal", "pages", "month", "date", "year", "language", "title"]  # fmt: skip


@pytest.mark.parametrize(
    "piece", [" ", "\u2003", "\n", " \n", ", ", "[a", "-", "[", "\\url ", "arxiv:", "abs/"]
)
def test_the_fields_of_a_bib_entry_are_read_in_linear_time(tmp_path, piece):
    def read(text: str) -> None:
        values = ",\n".join(f"{name} = {{x{text}x}}" for name in BIB_FIELDS)
        (tmp_path / "a.bib").write_text(f"@article{{a,\n{values}\n}}", encoding="utf-8")
        library = load_library([tmp_path / "a.bib"])
        assert library.entry("a") is not None
        library.find(Identifier("doi", "10.1000/a"))

    assert_linear(read, piece, 4_000)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/\n   a", "https://example.org/a"),
        ("https://example.org/ \n\n a\\_b", "https://example.org/a_b"),
    ],
)
def test_an_address_broken_over_lines_is_one(tmp_path, text, address):
    (tmp_path / "a.bib").write_text(f"@misc{{a, title = {{A}}, url = {{{text}}}}}", encoding="utf-8")
    assert [each.value for each in load_library([tmp_path / "a.bib"]).entry("a").identifiers] == [address]
