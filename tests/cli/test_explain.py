"""``reportgen explain``: everything that a message can name is explained, and what is not known is said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from reportgen.base.settings import _NOT_IN_FILE, Settings
from reportgen.cli import cli
from reportgen.cli.explain import explain_command, find_topics
from reportgen.cli.explained import PAGES_OF_WORDS, page_of
from reportgen.explanations import exit_codes, explanations
from reportgen.record import json_schema
from reportgen.record.schema import schema_of

ROOT = Path(__file__).parents[2]
EXPLAINED = explanations()


def paths(schema: dict[str, Any], whole: dict[str, Any], path: str = "") -> set[str]:
    """List every path of fields in a schema, whatever stands between them."""
    if reference := schema.get("$ref"):
        schema = whole["$defs"][reference.rpartition("/")[2]]
    found = set()
    for name, field in schema.get("properties", {}).items():
        below = f"{path}.{name}" if path else name
        found |= {below, *paths(field, whole, below)}
    for part in (schema.get("items"), *schema.get("anyOf", [])):
        found |= paths(part, whole, path) if part else set()
    return found


def test_every_field_of_a_record_is_explained():
    schema = json_schema()
    every = paths(schema, schema)
    assert {"claims.evidence.source.doi", "claims.file", "search.databases.name"} < every
    for path in every:
        field = find_topics(path)["field"]
        assert (field.path, bool(field.means), bool(field.values)) == (path, True, True)


def test_every_setting_is_found():
    schema = schema_of(Settings)
    every = {path for path in paths(schema, schema) if path not in _NOT_IN_FILE}
    assert {"style.faces.text", "levels", "policy.tiers.name"} < every
    for path in every:
        assert find_topics(path)["setting"].values
    assert not any(find_topics(path) for path in _NOT_IN_FILE)


@pytest.mark.parametrize("code", EXPLAINED)
def test_every_code_is_explained(reportgen, code):
    ended = reportgen("explain", code)
    assert (ended.code, ended.err) == (0, "")
    parts = ("Level", "Why", "Wrong", "Right", "What to do")
    assert [part for part in parts if not re.search(rf"^{part}\b", ended.out, re.MULTILINE)] == []
    words = " ".join(ended.out.split())
    explained = EXPLAINED[code]
    assert words.startswith(code)
    assert all(
        " ".join(text.split())[1:] in words for text in (explained.means, explained.why, explained.remedy)
    )
    assert f"codes.md#{code}\n" in ended.out


@pytest.mark.parametrize("number", exit_codes())
def test_every_exit_code_is_explained(reportgen, number):
    words = " ".join(reportgen("explain", str(number)).out.split())
    explained = exit_codes()[number]
    assert words.startswith(f"{number}: {explained.word}")
    assert all(text[1:] in words for text in (explained.means, explained.actor, explained.remedy))


def test_a_field_is_named_as_messages_name_it(reportgen):
    said = reportgen("explain", "claims[3].confidence").out
    assert (
        said
        == reportgen("explain", "claims.confidence").out
        == reportgen("explain", "claims[].confidence").out
    )
    assert re.search("values +a number from 0 to 1\n +needed +may be left out\n +example +0.82\n", said)


def test_a_field_says_whether_it_must_be_there_and_what_is_below_it(reportgen):
    assert re.search("needed +must be there\n", reportgen("explain", "claims.text").out)
    assert "one of `verified`, `verdict` must be there" in reportgen("explain", "claims.verdict").out
    assert re.search("^  claims.evidence +What supports", reportgen("explain", "claims").out, re.MULTILINE)
    assert re.search(
        r"^  title +The title.*\(must\n? +be there\)", reportgen("explain", "record").out, re.MULTILINE
    )


def test_a_field_says_what_its_members_are(reportgen):
    assert re.search("values +a list, each member a source\n", reportgen("explain", "sources").out)
    assert re.search("values +an object with `schema`", reportgen("explain", "record").out)


def test_a_field_says_what_each_of_its_words_means(reportgen):
    for what in ("claims.verdict", "authors.roles"):
        schema = json_schema()["$defs"][{"claims.verdict": "Verdict", "authors.roles": "CreditRole"}[what]]
        listed = reportgen("explain", what).out.partition("\nWhat each word means\n")[2]
        words = " ".join(listed.split())
        for word, meaning in zip(schema["enum"], schema["enumDescriptions"], strict=True):
            assert f"{word} {meaning}" in words


def test_a_setting_says_its_default(reportgen):
    assert re.search('default +"#0B5394"\n', reportgen("explain", "style.accent").out)
    assert re.search("^  limits ", reportgen("explain", "settings").out, re.MULTILINE)


def test_a_name_of_two_things_explains_both(reportgen):
    assert list(find_topics("license")) == ["field", "setting"]
    assert reportgen("explain", "license").out.count("\nMore: ") == 2


@pytest.mark.parametrize(
    ("page", "word"), [(page, word) for page, words in PAGES_OF_WORDS.items() for word in words.split()]
)
def test_a_word_of_the_documentation_leads_to_its_page(page, word):
    assert find_topics(word) == {}
    assert page_of(word) == page_of(f"{word.capitalize()}s") == page
    first = PAGES_OF_WORDS[page].split()[0]
    assert first in (ROOT / page).read_text(encoding="utf-8").casefold()


def test_a_word_that_is_no_field_names_the_page_that_tells_of_it(reportgen):
    ended = reportgen("explain", "footnotes")
    assert ended.code == 2
    assert "'footnotes' is no code, field or setting: docs/reference/markdown.md tells of it" in ended.err


def test_the_level_says_how_it_is_set_or_that_it_cannot_be(reportgen):
    warning = " ".join(reportgen("explain", "claim-repeated").out.split())
    assert '`claim-repeated = "ignore"` sets another one (or "error"); --strict makes it an error.' in warning
    assert "no setting changes that" in reportgen("explain", "json-syntax").out


def test_without_a_name_every_code_is_listed_by_question(reportgen):
    said = reportgen("explain").out
    assert re.findall("^  ([a-z0-9-]+)  ", said, re.MULTILINE) == list(EXPLAINED)
    for question in {each.question for each in EXPLAINED.values()}:
        assert said.count(f"\n{question}\n") == 1


def test_json_holds_the_same(reportgen):
    (found,) = json.loads(reportgen("explain", "unknown-field", "--format", "json").out)
    assert found["kind"] == "code"
    assert found["why"] == EXPLAINED["unknown-field"].why
    assert found["example"]["wrong"] == EXPLAINED["unknown-field"].example.wrong
    every = json.loads(reportgen("explain", "--format", "json").out)
    assert [each["code"] for each in every] == list(EXPLAINED)
    (record,) = json.loads(reportgen("explain", "record", "--format", "json").out)
    assert {"path": "title"}.items() <= next(
        each for each in record["below"] if each["path"] == "title"
    ).items()


@pytest.mark.parametrize(
    ("what", "proposed"),
    [
        ("unknown_feild", "'unknown-field'"),
        ("confidence", "'claims.confidence'"),
        ("claims.confidense", "'claims.confidence'"),
        ("style.acent", "'style.accent'"),
    ],
)
def test_a_near_miss_proposes_what_was_meant(reportgen, what, proposed):
    ended = reportgen("explain", what)
    assert (ended.code, ended.out) == (2, "")
    assert f"Did you mean {proposed}" in ended.err


def test_what_is_nothing_like_anything_says_where_the_lists_are(reportgen):
    ended = reportgen("explain", "xyzzy")
    assert ended.code == 2
    assert "Did you mean" not in ended.err
    assert "`reportgen explain` lists the codes" in ended.err


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_paragraphs_are_as_wide_as_the_terminal_and_no_wider_than_is_easy_to_read(
    reportgen, monkeypatch, columns
):
    monkeypatch.setenv("COLUMNS", str(columns))
    said = reportgen("explain", "file-too-large").out
    longest = max(len(line) for line in said.splitlines() if not line.startswith("More: "))
    assert min(columns, 100) - 15 <= longest <= min(columns, 100)


def test_headings_are_coloured_on_a_terminal_alone(reportgen):
    coloured = CliRunner().invoke(explain_command, ["unknown-field"], color=True).output
    assert "\x1b[31m\x1b[1munknown-field\x1b[0m\n" in coloured
    assert "\x1b[1mWhy\x1b[0m\n" in coloured
    assert "\x1b" not in reportgen("explain", "unknown-field").out


def test_the_shell_completes_all_that_can_be_explained():
    complete = ShellComplete(cli, {}, "reportgen", "_REPORTGEN_COMPLETE")
    (found,) = complete.get_completions(["explain"], "unknown-fi")
    assert (found.value, found.help) == ("unknown-field", EXPLAINED["unknown-field"].means)
    offered = {each.value for each in complete.get_completions(["explain"], "")}
    assert {"unknown-field", "claims.text", "record", "style.accent", "16"} < offered


def test_the_help_of_the_program_names_the_exit_codes():
    listed = dict(re.findall(r"(?:^|\s)(\d+) ([a-z-]+(?: [a-z-]+)*)", cli.epilog.partition("Exit codes:")[2]))
    assert {int(number): word for number, word in listed.items()} == {
        number: each.word for number, each in exit_codes().items()
    }


def test_a_level_is_explained_by_its_code(reportgen):
    said = reportgen("explain", "levels.source-never-cited").out
    assert said == reportgen("explain", "source-never-cited").out


@pytest.mark.parametrize("command", ["batch", "bib fetch", "completion"])
def test_a_command_has_its_own_help(reportgen, command):
    ended = reportgen("explain", command)
    assert ended.code == 2
    assert f"`reportgen {command} --help`" in " ".join(ended.err.split())
