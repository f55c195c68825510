"""Hostile texts in every field come out as typed, run nothing, and reach nothing outside the work folder."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from fixtures import CASES, accepted_urls, hostile_names, in_code, write_record
from hostile import BIB_ENTRIES, FILE_NAMES, TEXTS, URLS
from minimal_record import claim, minimal
from page_text import count, is_reordered, read, words_of
from reportgen.base.errors import ReportgenError
from reportgen.base.settings import Publisher, Settings
from reportgen.pipeline.build import build_report

GROUPS = dict(enumerate(hostile_names()))
# Codes and names of things, not texts: they are checked against a list, or not printed.
NOT_PRINTED = {
    "schema",
    "id",
    "date",
    "level",
    "stance",
    "state",
    "status",
    "event_id",
    "correction_type",
    "corrected_at",
}


def strings(value, path=()):
    """Yield every text of a record that a report prints, but for those of its sources."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, child in value.items():
            if name not in NOT_PRINTED and not {"sources", "source"} & {*path, name}:
                yield from strings(child, (*path, name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from strings(child, (*path, index))


def parts(path, text):
    if "lean4_source" in path:
        return [line for line in text.splitlines() if line.strip()]
    return text.split(" ¶ ")


def test_the_corpus_is_large_and_its_texts_differ():
    assert len(TEXTS) >= 60
    assert len({*TEXTS.values()}) == len(TEXTS)


@pytest.mark.parametrize("group", GROUPS)
def test_every_text_in_every_field_reads_back_as_typed(compiled, group):
    report = compiled(f"hostile_{group}")
    record = json.loads(report.record.read_bytes().decode("utf-8", "surrogatepass"))
    expected = Counter(part for path, text in strings(record) for part in parts(path, text))
    assert set(expected) >= {TEXTS[name] for name in GROUPS[group]} - {
        TEXTS["line-separators"],
        TEXTS["newlines"],
    }
    lost = {}
    for text, times in expected.items():
        if is_reordered(text):
            found = min(
                len(re.findall(re.escape(word), report.text)) for word in words_of(text) if word.isascii()
            )
        else:
            found = count(text, report.text)
        if found < times:
            lost[text] = (found, times)
    assert lost == {}


def test_every_text_in_a_source_reads_back_as_typed(compiled):
    report = compiled("hostile_items")
    decoded = {"html"}  # CSL-JSON is written with entities, so those are read
    for name, text in TEXTS.items():
        if name not in decoded and not is_reordered(text):
            assert count(text, report.text) >= 4, name


def test_every_text_reads_back_as_typed_from_code_in_a_section(compiled):
    report = compiled("hostile_sections")
    texts = [text for text in in_code().values() if not is_reordered(text)]
    assert len(texts) > 60
    assert [text for text in texts if not count(f"Code {text} ends.", report.text)] == []


def test_hidden_and_steering_characters_are_shown(compiled):
    pages = "".join(compiled(f"hostile_{group}").text for group in GROUPS)
    for code in ("0000", "001B", "202E", "2066", "FFF9", "E0041", "FDD0", "FFFF"):
        assert f"<U+{code}>" in pages, code
    # What no font has is in a frame, with the character itself behind it.
    assert [code for code in (0x378, 0xE000, 0xF0000) if chr(code) not in pages] == []
    assert "\u202e" not in pages
    assert "\u2066" not in pages


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("hostile")])
def test_no_link_leaves_the_web_and_nothing_runs(compiled, name):
    import pikepdf

    with pikepdf.open(compiled(name).pdf) as pdf:
        actions = [
            item.A if "/A" in item else item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and ("/A" in item or "/S" in item)
        ]
        kinds = {str(action.S) for action in actions if "/S" in action}
        assert not kinds & {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Movie", "/Rendition"}
        addresses = {str(action.URI) for action in actions if "/URI" in action}
        assert all(re.match(r"https?://[^/]", address) for address in addresses)
        assert "/OpenAction" not in pdf.Root or "/S" not in pdf.Root.OpenAction
        assert "/AA" not in pdf.Root


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("hostile")])
def test_nothing_outside_the_work_folder_is_read_or_written(compiled, name):
    report = compiled(name)
    root = next(line for line in Path("/etc/passwd").read_text().splitlines() if line)
    assert root not in report.text
    assert [*Path.cwd().glob("canary-*"), *report.record.parent.rglob("canary-*")] == []


def test_a_file_planted_beside_the_record_is_not_read(tmp_path):
    secret = tmp_path / "canary.tex"
    secret.write_text("CANARYSECRET")
    os.utime(secret, (1, 1))
    texts = [
        rf"\input{{{secret}}}",
        rf"\input {secret} ",
        rf"$\input{{{secret}}}$",
        rf"^^5cinput{{{secret}}}",
    ]
    record = write_record(
        tmp_path / "record.json", title=texts[0], claims=[claim(text) for text in texts], limitations=texts
    )
    built = build_report(record, Settings(root=tmp_path), keep_tex=True)
    assert "CANARYSECRET" not in read(built.pdf)
    assert count(texts[0], read(built.pdf)) >= 3
    assert secret.stat().st_mtime == 1
    assert {path.name for path in tmp_path.iterdir()} == {"canary.tex", "record.json", "out"}


class TestAddresses:
    @pytest.mark.parametrize("name", URLS)
    def test_a_source_is_a_web_address_or_refused_by_its_field(self, name, tmp_path):
        url = URLS[name]
        path = write_record(tmp_path / "record.json", sources=[{"url": url}])
        from reportgen.record import read_record

        if url in accepted_urls():
            assert read_record(path).record.sources[0].identifier.url.startswith("http")
        else:
            with pytest.raises(ReportgenError) as refused:
                read_record(path)
            assert [problem.where.pointer for problem in refused.value.problems] == ["/sources/0"]
            assert refused.value.exit_code == 3

    def test_scripts_and_files_are_no_addresses(self):
        assert not {URLS[name] for name in ("javascript", "file", "data", "no-host")} & {*accepted_urls()}

    def test_an_accepted_address_is_printed_whole_and_linked(self, compiled):
        report = compiled("hostile_urls")
        for url in accepted_urls():
            if not is_reordered(url):
                assert count(url, report.text) >= 2, url


@pytest.fixture(scope="module")
def hostile_bibliography(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bib")
    (folder / "bib").mkdir()
    (folder / "bib" / "hostile.bib").write_text(BIB_ENTRIES)
    keys = re.findall(r"^@\w+\{(bib-[\w-]+)", BIB_ENTRIES, re.MULTILINE)
    assert len(keys) == 4
    claims = [claim(f"Says {key}.", sources=[key]) for key in keys]
    record = write_record(folder / "record.json", sources=keys, claims=claims)
    return read(build_report(record, Settings(root=folder)).pdf)


class TestBibliography:
    def test_entries_print_what_they_say(self, hostile_bibliography):
        for part in (
            r"\input{/etc/passwd} and \write18",
            "100% of & # _ $ {braces} and",
            "J. Müller, É. Zola",
            "<script>alert(1)</script>",
            "((( 7*7 )))",
            "https://example.org/a_b%20c?d=e&f#g",
            "中村 修二",
        ):
            assert count(part, hostile_bibliography) >= 1, part
        assert "not an entry" not in hostile_bibliography

    def test_others_becomes_and_others(self, hostile_bibliography):
        assert count("A. Lovelace and others", hostile_bibliography) == 1

    def test_what_cannot_be_read_is_a_coded_problem(self, tmp_path):
        (tmp_path / "bib").mkdir()
        (tmp_path / "bib" / "broken.bib").write_text(
            "@article{broken, title = {never closed\n\n@misc{ok, title={x}}\n"
        )
        record = write_record(tmp_path / "record.json", sources=["broken"])
        with pytest.raises(ReportgenError) as refused:
            build_report(record, Settings(root=tmp_path))
        codes = {problem.code for problem in refused.value.problems if problem.level == "error"}
        assert "unknown-key" in codes


@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_record_may_have_any_name(name, tmp_path, run):
    path = write_record(tmp_path / FILE_NAMES[name], question="")
    ended = run("validate", "--", path.name, cwd=tmp_path)
    assert ended.code == 3
    assert "question" in ended.err
    _, help_row = ended.err.removesuffix("\n").split("\n")  # the name has no row of its own
    assert help_row.startswith("  help: ")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_record_with_a_hostile_name_compiles(tmp_path):
    path = write_record(tmp_path / FILE_NAMES["tex"], claims=[claim()])
    built = build_report(path, Settings(root=tmp_path))
    assert built.pdf.parent == tmp_path / "out"


@pytest.mark.parametrize(
    "name", ["../up.csv", "/etc/passwd", "-x.csv\0", "a/../../b.jsonl", "claims.tex", "C:\\c.csv"]
)
def test_claims_are_read_from_the_record_s_folder_only(name, tmp_path):
    from reportgen.record import read_record

    path = write_record(tmp_path / "record.json", claims={"file": name})
    with pytest.raises(ReportgenError) as refused:
        read_record(path)
    assert {problem.where.pointer for problem in refused.value.problems} == {"/claims/file"}


def test_hostile_settings_print_as_typed(tmp_path):
    names = [TEXTS["jinja"], TEXTS["format"], TEXTS["input"], TEXTS["active"]]
    settings = Settings(
        root=tmp_path, publisher=Publisher(name=" ¶ ".join(names), url="https://a.example/{0}%s#~_")
    )
    record = write_record(
        tmp_path / "record.json", title=TEXTS["format"], generator={"name": TEXTS["format"], "version": "{0}"}
    )
    text = read(build_report(record, settings).pdf)
    for name in names:
        assert count(name, text) >= 2, name
    assert count(TEXTS["format"], text) >= 6
    assert count("https://a.example/{0}%s#~_", text) == 1


@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("/title", {"title": "A \udc80 title"}),
        ("/claims/0/text", {"claims": [claim("half \ud83d of it")]}),
        ("/search/queries/0", {"search": {"queries": ["\udfff"]}}),
    ],
)
def test_half_a_character_is_refused_by_its_field(pointer, changes, tmp_path):
    path = tmp_path / "record.json"
    path.write_text(json.dumps(minimal(**changes)))
    with pytest.raises(ReportgenError) as refused:
        build_report(path, Settings(root=tmp_path))
    assert [(problem.code, problem.where.pointer) for problem in refused.value.problems] == [
        ("json-surrogate", pointer)
    ]
    assert not (tmp_path / "out").exists()
