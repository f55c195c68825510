"""PDFs of strangers, given to `verify` and `extract`: nothing runs, nothing is written elsewhere, all is bounded."""

from __future__ import annotations

import io
import json
import os
import re
import zlib

import pikepdf
import pytest

from forged_reports import RECORD, forge, manifest_of, stream_of
from minimal_record import minimal
from reportgen.base.errors import TemplateError
from reportgen.base.own_templates import read_own_templates
from reportgen.base.style import Style
from reportgen.latex.render import render_preamble
from reportgen.pdf.carried import MOST_FILES

NOT_A_REPORT, ALTERED, NOT_TRUSTED = 12, 10, 16


@pytest.fixture
def world(tmp_path):
    """A folder with a PDF in it, and a file above that belongs to its victim."""
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "downloads").mkdir()
    return tmp_path / "downloads"


@pytest.fixture
def attacked(world, reportgen):
    """Run a command on a PDF; the victim's files must be as they were, and no fault ours."""

    def attack(*arguments):
        before = sorted(path for path in world.parent.rglob("*"))
        ended = reportgen(*arguments, folder=world)
        assert (world.parent / "victim").read_text() == "precious"
        assert [path for path in before if not os.path.lexists(path)] == []
        new = set(world.parent.rglob("*")) - set(before)
        assert {path for path in new if not path.is_relative_to(world)} == set()
        assert "Traceback" not in ended.err
        return ended

    return attack


def claims_named(name) -> dict[str, bytes]:
    record = {**minimal(), "claims": {"file": name}}
    return {"record.json": json.dumps(record).encode(), "claims.csv": b"text,verified\nA claim.,true\n"}


def assign(name, value):
    return lambda manifest: manifest.update({name: value})


def deep(text: str = "[", depth: int = 200_000) -> bytes:
    return (text * depth).encode()


MANIFESTS = {
    "files-a-list": assign("files", []),
    "files-a-string": assign("files", "x"),
    "files-a-number": assign("files", 3),
    "files-null": assign("files", None),
    "file-without-hash": assign("files", {"record.json": {"bytes": 1}}),
    "file-without-size": assign("files", {"record.json": {"sha256": "0" * 64}}),
    "file-a-number": assign("files", {"record.json": 7}),
    "size-negative": assign("files", {"record.json": {"sha256": "0" * 64, "bytes": -1}}),
    "size-text": assign("files", {"record.json": {"sha256": "0" * 64, "bytes": "9"}}),
    "size-huge": assign("files", {"record.json": {"sha256": "0" * 64, "bytes": 10**15}}),
    "settings-a-list": assign("settings", []),
    "settings-null": assign("settings", None),
    "tools-a-list": assign("tools", []),
    "engine-a-number": assign("tools", {"engine": 1, "reportgen": "1"}),
    "tools-nested": assign("tools", {"engine": {}}),
    "doi-a-number": assign("doi", 5),
    "sandbox-text": assign("sandbox", "yes"),
    "schema-another": assign("schema", "reportgen-manifest-v9"),
    "schema-a-list": assign("schema", []),
    "a-list": lambda manifest: [manifest],
    "a-string": lambda manifest: "manifest",
    "null": lambda manifest: 0,
    "empty": b"",
    "not-json": b"{",
    "not-utf-8": b"\xff\xfe\x00",
    "nested-lists": deep(),
    "nested-objects": deep('{"a":'),
    "nested-whole": deep() + b"]" * 200_000,
    "number-of-5000-digits": b'{"schema": ' + b"9" * 5000 + b"}",
    "six-megabytes": b'"' + b"x" * 6_000_000 + b'"',
}


@pytest.mark.parametrize("name", MANIFESTS)
@pytest.mark.parametrize("command", ["verify", "extract"])
def test_a_hostile_manifest_is_no_report_12(world, attacked, command, name):
    ended = attacked(command, forge(world / "x.pdf", manifest=MANIFESTS[name]))
    assert ended.code in (NOT_A_REPORT, ALTERED)
    assert "x.pdf" in ended.err


SETTINGS = {
    "unknown": {"colour": "red"},
    "bad-value": {"paper": "a17"},
    "levels-null": {"levels": None},
    "levels-a-list": {"levels": []},
    "authors-a-number": {"authors": 3},
    "publisher-a-list": {"publisher": []},
    "root": {"root": "/"},
    "trust": {"trust_templates": True},
    "output": {"output": "/tmp"},
    "templates": {"templates": "/etc"},
    "bib": {"bib": ["/etc"]},
    "limits": {"limits": {"seconds": 10**9}},
    "unsandboxed": {"allow_unsandboxed": True},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_no_report_names_is_an_alteration_10(world, attacked, name):
    ended = attacked("verify", forge(world / "x.pdf", manifest=assign("settings", SETTINGS[name])))
    assert ended.code == ALTERED
    assert "setting" in ended.err


RECORDS = {
    "absent": None,
    "empty": b"",
    "a-list": b"[]",
    "null": b"null",
    "not-json": b"{'a': 1}",
    "not-utf-8": b"\xff",
    "nested": deep(),
    "half-a-character": b'{"title": "\\ud800"}',
    "twice-a-key": b'{"id": 1, "id": 2}',
    "claims-a-number": json.dumps({**minimal(), "claims": 3}).encode(),
    "claims-without-file": json.dumps({**minimal(), "claims": {}}).encode(),
    "claims-file-a-number": json.dumps({**minimal(), "claims": {"file": 3}}).encode(),
    "claims-file-absent": json.dumps({**minimal(), "claims": {"file": "none.csv"}}).encode(),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_that_made_no_report_is_an_alteration_10(world, attacked, name):
    content = RECORDS[name]
    ended = attacked("verify", forge(world / "x.pdf", {} if content is None else {"record.json": content}))
    assert ended.code == ALTERED
    assert "record.json" in ended.err


NAMES = {
    "climbing": "../victim",
    "climbing-twice": "a/../../victim",
    "absolute": "/tmp/reportgen-was-here",
    "backslashes": "..\\victim",
    "drive": "C:\\victim",
    "hidden": ".bashrc",
    "hidden-folder": ".git/hooks/post-checkout",
    "hidden-deep": "a/.envrc",
    "empty-part": "a//b",
    "dot": "./a",
    "ends-in-a-slash": "a/",
    "300-characters": "x" * 300,
    "300-bytes": "é" * 150,
    "newline": "a\nb",
    "escape": "a\x1b[2Jb",
    "right-to-left-override": "a\u202efdp.exe",
    "forty-folders": "/".join("a" * 40),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ["verify", "extract"])
def test_a_name_that_leads_elsewhere_is_refused_10(world, attacked, command, name):
    ended = attacked(command, forge(world / "x.pdf", {"record.json": RECORD, NAMES[name]: b"evil"}))
    assert ended.code == ALTERED
    assert "\x1b" not in ended.err


def test_a_name_that_is_a_file_and_a_folder_is_refused_10(world, attacked):
    ended = attacked("extract", forge(world / "x.pdf", {"a": b"1", "a/b": b"2"}))
    assert ended.code == ALTERED
    assert not (world / "x").exists()


CLAIMS_FILES = {
    "climbing": "../../victim/claims.csv",
    "absolute": "/tmp/claims.csv",
    "hidden": ".ssh/claims.csv",
    "climbing-inside": "a/../../claims.csv",
    "backslashes": "..\\..\\claims.csv",
    "steering": "a\x1b/claims.csv",
}


@pytest.mark.parametrize("name", CLAIMS_FILES)
def test_claims_files_are_laid_out_nowhere_else_10(world, attacked, name):
    ended = attacked("verify", forge(world / "x.pdf", claims_named(CLAIMS_FILES[name])))
    assert ended.code == ALTERED


def test_a_claims_file_in_a_folder_is_laid_out_there_and_rebuilt_10(world, attacked):
    ended = attacked("verify", forge(world / "x.pdf", claims_named("data/claims.csv")))
    assert ended.code == ALTERED
    assert "different" in ended.out


TEMPLATES = {
    "globals": "((( tag.__globals__['__builtins__']['__import__']('os').system('touch pwned') )))",
    "classes": "((( ''.__class__.__mro__[1].__subclasses__() )))",
    "init": "((( report.__init__.__globals__ )))",
    "format": "((( '{0.__class__.__init__.__globals__}'.format(report) )))",
    "format-map": "((( '{x.__class__}'.format_map({'x': report}) )))",
    "by-name": "((( report['__class__'] )))",
    "change": "((( report.claims.append(1) )))",
    "self": "((( self._TemplateReference__context )))",
    "function-code": "((( tag.__code__ )))",
    "generator": "((( (x for x in [1]).gi_frame )))",
    "include-outside": "((* include '../../../../etc/passwd' *))",
    "include-absolute": "((* include '/etc/passwd' *))",
    "import-module": "((* import 'os' as os *))((( os.system('touch pwned') )))",
    "endless-range": "((* for x in range(10 ** 10) *))x((* endfor *))",
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_inside_a_pdf_are_not_rendered_16(world, attacked, name):
    files = {"record.json": RECORD, "templates/latex/report.tex.j2": TEMPLATES[name].encode()}
    ended = attacked("verify", forge(world / "x.pdf", files))
    assert ended.code == NOT_TRUSTED
    assert "templates/latex/report.tex.j2" in ended.out
    assert not (world / "pwned").exists()


@pytest.mark.parametrize("name", TEMPLATES)
def test_even_trusted_templates_reach_no_python_6(world, monkeypatch, name):
    monkeypatch.chdir(world)
    (world / "latex").mkdir()
    (world / "latex/preamble.tex.j2").write_text(TEMPLATES[name])
    with pytest.raises(TemplateError):
        render_preamble(engine="pdftex", style=Style(), own=read_own_templates(world))
    assert not (world / "pwned").exists()


def test_a_template_is_one_wherever_the_claims_file_says_it_lies_16(world, attacked):
    record = {**minimal(), "claims": {"file": "templates/latex/sections/x.tex.j2"}}
    files = {"record.json": json.dumps(record).encode(), "x.tex.j2": b"((( 1 )))"}
    assert attacked("verify", forge(world / "x.pdf", files)).code == NOT_TRUSTED


def test_lua_in_a_preamble_inside_a_pdf_does_not_run_16(world, attacked):
    lua = b"\\directlua{io.open('pwned', 'w'):close()}"
    files = {"record.json": RECORD, "templates/latex/preamble.tex.j2": lua}
    ended = attacked("verify", forge(world / "x.pdf", files, assign("tools", {"engine": "This is LuaHBTeX"})))
    assert ended.code == NOT_TRUSTED
    assert not (world / "pwned").exists()


def bomb(name: str, megabytes: int):
    def plant(pdf: pikepdf.Pdf) -> None:
        packer = zlib.compressobj(9)
        packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()
        stream_of(pdf, name).write(packed, filter=pikepdf.Name.FlateDecode)

    return plant


def packed_twice(pdf: pikepdf.Pdf) -> None:
    content = zlib.compress(zlib.compress(bytes(50_000_000)))
    filters = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
    stream_of(pdf, "record.json").write(content, filter=filters)


def packed_otherwise(name: str):
    def plant(pdf: pikepdf.Pdf) -> None:
        stream_of(pdf, "record.json").write(b"x", filter=pikepdf.Name(name))

    return plant


def without_stream(pdf: pikepdf.Pdf) -> None:
    specification = pdf.attachments["record.json"].obj
    specification.EF = pikepdf.Dictionary()


def named_tree_in_a_circle(pdf: pikepdf.Pdf) -> None:
    tree = pdf.make_indirect(pikepdf.Dictionary())
    tree.Kids = pikepdf.Array([tree])
    pdf.Root.Names.EmbeddedFiles = tree


def named_tree_of_nonsense(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.EmbeddedFiles = pikepdf.Array([1, 2, 3])


INSIDE = {
    "bomb-in-the-record": bomb("record.json", 500),
    "bomb-in-the-manifest": bomb("manifest.json", 500),
    "bomb-packed-twice": packed_twice,
    "lzw": packed_otherwise("/LZWDecode"),
    "jpeg": packed_otherwise("/DCTDecode"),
    "crypt": packed_otherwise("/Crypt"),
    "no-such-filter": packed_otherwise("/NoSuchDecode"),
    "file-without-a-stream": without_stream,
    "name-tree-in-a-circle": named_tree_in_a_circle,
    "name-tree-of-nonsense": named_tree_of_nonsense,
}


@pytest.mark.parametrize("name", INSIDE)
@pytest.mark.parametrize("command", ["verify", "extract"])
def test_what_is_packed_to_harm_is_not_unpacked_10_or_12(world, attacked, command, name):
    forge(world / "x.pdf", change=INSIDE[name], compress_streams=False)
    assert attacked(command, world / "x.pdf").code in (ALTERED, NOT_A_REPORT)


def test_too_many_files_are_no_report_12(world, attacked):
    files = {"record.json": RECORD, **{f"{number}.txt": b"" for number in range(MOST_FILES + 1)}}
    for command in ("verify", "extract"):
        assert attacked(command, forge(world / "x.pdf", files)).code == NOT_A_REPORT


def test_a_bomb_in_an_object_stream_is_bounded_12(world, attacked, monkeypatch):
    monkeypatch.setattr("reportgen.trust.verify.MEGABYTES", 300)
    forge(world / "x.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    content = (world / "x.pdf").read_bytes()
    packed = zlib.compress(b"1 0 " + b" " * 900_000_000, 1)
    head = b"9999 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(
        packed
    )
    start = content.rindex(b"xref") if b"\nxref" in content else len(content)
    with (world / "x.pdf").open("wb") as file:
        file.write(content[:start] + head + packed + b"\nendstream\nendobj\n")
    assert attacked("verify", world / "x.pdf").code == NOT_A_REPORT


def test_a_pdf_that_takes_for_ever_is_given_up_12(world, attacked, monkeypatch):
    monkeypatch.setattr("reportgen.trust.verify.SECONDS", 1)
    monkeypatch.setattr("reportgen.trust.verify.read_carried", lambda path: [0 for _ in iter(int, 1)])
    ended = attacked("verify", forge(world / "x.pdf"))
    assert ended.code == NOT_A_REPORT
    # By the processor, or on a busy machine by the clock.
    assert re.search("more than [15] s", ended.err)


@pytest.mark.parametrize("password", ["secret", ""])
def test_an_encrypted_pdf_is_no_report_12(world, attacked, password):
    forge(world / "x.pdf", encryption=pikepdf.Encryption(owner="owner", user=password))
    for command in ("verify", "extract"):
        assert attacked(command, world / "x.pdf").code == NOT_A_REPORT


def whole_report() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        manifest = json.dumps(manifest_of({"record.json": RECORD})).encode()
        for name, data in {"record.json": RECORD, "manifest.json": manifest}.items():
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename="x")
        pdf.save(made)
    return made.getvalue()


@pytest.mark.parametrize("part", [0.0, 0.01, 0.3, 0.6, 0.9, 0.99])
def test_a_pdf_that_was_cut_is_told_10_or_12(world, attacked, part):
    content = whole_report()
    (world / "x.pdf").write_bytes(content[: int(len(content) * part)])
    assert attacked("extract", world / "x.pdf").code in (0, ALTERED, NOT_A_REPORT)
    assert attacked("verify", world / "x.pdf").code in (ALTERED, NOT_A_REPORT)


def fifo(path):
    os.mkfifo(path)


def sparse(path):
    with path.open("wb") as file:
        file.truncate(50_000_000_000)


PLACES = {
    "pipe": fifo,
    "endless-device": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(),
    "link-to-itself": lambda path: path.symlink_to("x.pdf"),
    "fifty-gigabytes": sparse,
    "absent": lambda path: None,
}


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("command", ["verify", "extract"])
def test_what_is_no_file_is_no_report_12(world, attacked, command, name):
    PLACES[name](world / "x.pdf")
    assert attacked(command, world / "x.pdf").code in (2, NOT_A_REPORT)


class TestExtracting:
    def test_nothing_that_is_there_is_replaced_9(self, world, attacked):
        forge(world / "x.pdf", {"record.json": RECORD, "Makefile": b"evil:"})
        (world / "Makefile").write_text("all:")
        ended = attacked("extract", world / "x.pdf", "-o", world)
        assert ended.code == 9
        assert (world / "Makefile").read_text() == "all:"
        assert not (world / "record.json").exists()

    def test_a_folder_that_leads_elsewhere_is_not_written_through_9(self, world, attacked):
        (world / "out").mkdir()
        (world / "out" / "templates").symlink_to(world.parent)
        forge(world / "x.pdf", {"record.json": RECORD, "templates/new.tex": b"evil"})
        ended = attacked("extract", world / "x.pdf", "-o", world / "out")
        assert ended.code == 9
        assert not (world.parent / "new.tex").exists()

    def test_a_pdf_without_a_suffix_needs_a_folder_2(self, world, attacked):
        forge(world / "nosuffix")
        assert attacked("extract", world / "nosuffix").code == 2
        assert attacked("extract", world / "nosuffix", "-o", world / "inside").code == 0

    def test_a_second_time_writes_the_same_0(self, world, attacked):
        forge(world / "x.pdf")
        assert [attacked("extract", world / "x.pdf").code for _ in range(2)] == [0, 0]
        assert (world / "x" / "record.json").read_bytes() == RECORD
