"""A report proves itself: what it carries, its hashes, the rebuild, byte identity."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

from minimal_record import claim, minimal
from pictures import printed
from reportgen import DISTRIBUTION, __version__
from reportgen.base.settings import Settings, find_settings
from reportgen.cli import cli
from reportgen.pdf import attachments
from reportgen.pipeline.build import Report, make_report
from reportgen.sources import cite, load_library, used_bibtex, used_lock
from reportgen.sources.lock import lock_item, write_lock
from reportgen.trust import reproduce
from reportgen.trust.verify import (
    AlteredError,
    Comparison,
    ForeignError,
    _other_tool,
    differing_objects,
    extract,
    extract_to,
    verify,
)

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "records" / "fbca8ee9.json"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample record's PDF, built with the repository's settings."""
    path = tmp_path_factory.mktemp("verify") / "report.pdf"
    path.write_bytes(make_report(RECORD, find_settings(RECORD.parent)).pdf)
    return path


def build(folder: Path, record: dict, settings: Settings | None = None) -> Report:
    path = folder / "record.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return make_report(path, settings or Settings(root=folder))


def changed(source: Path, target: Path, change) -> Path:
    """Save a copy of a PDF with something changed inside."""
    with pikepdf.open(source) as pdf:
        change(pdf)
        pdf.save(target)
    return target


def test_files_come_out_byte_for_byte(report, tmp_path):
    written = extract_to(report, tmp_path / "inside")
    assert (tmp_path / "inside" / "record.json").read_bytes() == RECORD.read_bytes()
    names = {path.name for path in written}
    tables = {"report-claims.csv", "report-fig-confidence.csv"}
    assert names == {"record.json", "references.bib", "report.tex", "manifest.json", *tables}


def test_manifest_names_every_file_by_its_hash(report):
    files = extract(report)
    manifest = json.loads(files["manifest.json"])
    for name, about in manifest["files"].items():
        assert about["sha256"] == hashlib.sha256(files[name]).hexdigest()
        assert about["bytes"] == len(files[name])
    assert manifest["record"] == "fbca8ee9-d340-4bba-9b15-625d1df52d32"
    assert manifest["tools"]["engine"].startswith("pdfTeX")


def test_claims_come_out_as_a_table(report):
    lines = extract(report)["report-claims.csv"].decode().splitlines()
    assert lines[0] == "id,label,text,verified,confidence,references,verdict,theme,outcome"
    assert len(lines) == 11
    assert lines[7].endswith("True,0.22,2,,,")


def test_the_values_of_a_chart_come_out_as_a_table(report):
    lines = extract(report)["report-fig-confidence.csv"].decode().splitlines()
    assert lines[0] == "claim,verdict,confidence"
    assert len(lines) == 11
    assert lines[7] == "C7,verified,0.22"


def test_a_table_of_the_record_may_have_the_name_of_a_charts_values(tmp_path):
    name = "report-fig-confidence.csv"
    (tmp_path / name).write_text("a\n4\n")
    tables = [{"id": "tbl-a", "file": name, "caption": "A"}]
    path = tmp_path / "report.pdf"
    claims = [claim(confidence=0.5)] * 5
    path.write_bytes(build(tmp_path, minimal(tables=tables, claims=claims)).pdf)
    files = extract(path)
    assert files[name] == b"a\n4\n"
    assert files["report-fig-confidence-2.csv"].startswith(b"claim,verdict,confidence\n")
    assert verify(path).outcome is Comparison.IDENTICAL


def test_a_report_is_rebuilt_identically(report):
    assert verify(report).outcome is Comparison.IDENTICAL


def test_claims_file_templates_settings_and_lock_travel_inside(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "claims.csv").write_text("text,verified,confidence\nOne claim stands.,true,0.5\n")
    (tmp_path / "mine" / "latex" / "sections").mkdir(parents=True)
    disclosure = (ROOT / "templates" / "latex" / "section.tex.j2").read_text(encoding="utf-8")
    own = disclosure + "((( tag('P', 'A house sentence.') )))\\par\n"
    (tmp_path / "mine" / "latex" / "sections" / "disclosure.tex.j2").write_text(own, encoding="utf-8")
    item = {"id": "x", "type": "article", "title": "A fetched title", "DOI": "10.1000/182"}
    day = dt.date(2026, 1, 1)
    write_lock(
        tmp_path / "references.lock.json", {"doi:10.1000/182": lock_item(item, day, "https://doi.org/")}
    )
    settings = Settings(
        root=tmp_path, templates=Path("mine"), trust_templates=True, id_prefix="HOUSE", paper="letter"
    )
    record = minimal(claims={"file": "data/claims.csv"}, sources=["10.1000/182"], lead_source="10.1000/182")
    path = tmp_path / "report.pdf"
    path.write_bytes(build(tmp_path, record, settings).pdf)
    shutil.rmtree(tmp_path / "mine")
    files = extract(path)
    assert files["templates/latex/sections/disclosure.tex.j2"].decode() == own
    assert "data/claims.csv" in files
    assert b"A fetched title" in files["references.lock.json"]
    untold = verify(path)
    assert (untold.outcome, untold.differences) == (
        Comparison.OWN_TEMPLATES,
        ("templates/latex/sections/disclosure.tex.j2",),
    )
    assert verify(path, trust_templates=True).outcome is Comparison.IDENTICAL


def test_a_claims_file_may_have_the_name_of_the_table(tmp_path):
    (tmp_path / "report-claims.csv").write_text("text,verified\nOne claim stands.,true\n")
    path = tmp_path / "report.pdf"
    path.write_bytes(build(tmp_path, minimal(claims={"file": "report-claims.csv"})).pdf)
    assert {"report-claims.csv", "report-claims-2.csv"} <= extract(path).keys()
    assert verify(path).outcome is Comparison.IDENTICAL


def test_files_elsewhere_in_the_project_travel_inside_under_names_of_their_own(tmp_path):
    records = tmp_path / "records"
    for folder in ("records/data", "records/above-1", "data", "record"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "reportgen.toml").touch()
    claims = "text,verified\nOne claim stands.,true\n"
    tables = {"data/t.csv": "a\n1\n", "../data/t.csv": "a\n2\n", "above-1/data/t.csv": "a\n3\n"}
    tables |= {"../record/t.csv": "a\n4\n", "report-claims.csv": "a\n5\n", "claims.csv": "a\n6\n"}
    for name, text in {**tables, "data/claims.csv": claims}.items():
        (records / name).parent.mkdir(parents=True, exist_ok=True)
        (records / name).write_text(text)
    (tmp_path / "shapes.svg").write_bytes(printed()["shapes.svg"])
    record = minimal(
        claims={"file": "data/claims.csv"},
        figures=[{"id": "fig-a", "file": "../shapes.svg", "caption": "Shapes.", "alt": "Shapes."}],
        tables=[{"id": f"tbl-{n}", "file": name, "caption": f"{n}."} for n, name in enumerate(tables)],
        sections=[{"title": "T", "text": "![One more](../data/t.csv)"}],
    )
    path = tmp_path / "report.pdf"
    path.write_bytes(build(records, record, Settings(root=tmp_path)).pdf)
    shutil.rmtree(records)
    files = extract(path)
    assert not [name for name in files if ".." in name]
    assert {name: text.encode() for name, text in tables.items()} == {
        name: files[inside]
        for name, inside in {
            **{name: name for name in ("data/t.csv", "report-claims.csv", "claims.csv")},
            "../data/t.csv": "above-1/data/t.csv",
            "above-1/data/t.csv": "above-0/above-1/data/t.csv",
            "../record/t.csv": "above-1/record/t.csv",
        }.items()
    }
    assert files["data/claims.csv"].decode() == claims
    assert files["above-1/shapes.svg"] == printed()["shapes.svg"]
    assert len(extract_to(path, tmp_path / "inside")) == len(files)
    assert verify(path).outcome is Comparison.IDENTICAL


def test_a_verified_gate_is_rebuilt_without_its_artifact(tmp_path):
    (tmp_path / "proof.lean").write_text("theorem t : True := trivial\n")
    digest = hashlib.sha256((tmp_path / "proof.lean").read_bytes()).hexdigest()
    gate = {"status": "VERIFIED", "artifacts": [{"type": "proof", "path": "proof.lean", "sha256": digest}]}
    path = tmp_path / "report.pdf"
    path.write_bytes(build(tmp_path, minimal(gate=gate, claims=[claim()], lead_source="10.1000/182")).pdf)
    assert verify(path).outcome is Comparison.IDENTICAL


@pytest.mark.parametrize("part", range(8))
def test_any_changed_byte_is_found(report, tmp_path, monkeypatch, part):
    original = report.read_bytes()
    monkeypatch.setattr(
        "reportgen.trust.verify.make_report", lambda *_, **__: Report("x.pdf", original, {}, (), "")
    )
    path = tmp_path / "altered.pdf"
    for place in range(part, len(original), len(original) // 6):
        content = bytearray(original)
        content[place] ^= 0x20
        path.write_bytes(content)
        try:
            verdict = verify(path)
        except (AlteredError, ForeignError) as error:
            assert str(path) in str(error)
        else:
            assert verdict.outcome is Comparison.DIFFERENT
            assert verdict.differences


def test_a_swapped_record_is_found(report, tmp_path):
    def swap(pdf: pikepdf.Pdf) -> None:
        name = "record.json"
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, b"{}", filename=name)

    with pytest.raises(AlteredError, match=r"record\.json"):
        verify(changed(report, tmp_path / "swapped.pdf", swap))


def test_a_file_more_or_less_is_found(report, tmp_path):
    def add(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["more.txt"] = pikepdf.AttachedFileSpec(pdf, b"more", filename="more.txt")

    def take(pdf: pikepdf.Pdf) -> None:
        del pdf.attachments["references.bib"]

    with pytest.raises(AlteredError, match="not in its manifest"):
        extract(changed(report, tmp_path / "more.pdf", add))
    with pytest.raises(AlteredError, match="is missing"):
        extract(changed(report, tmp_path / "less.pdf", take))


def test_a_file_name_cannot_lead_out_of_the_folder(report, tmp_path):
    def climb(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["../up.txt"] = pikepdf.AttachedFileSpec(pdf, b"up", filename="../up.txt")

    with pytest.raises(AlteredError, match="is named"):
        extract_to(changed(report, tmp_path / "climb.pdf", climb), tmp_path / "inside")
    assert not (tmp_path / "up.txt").exists()


def test_what_is_no_report_is_said_to_be_none(tmp_path):
    text = tmp_path / "text.pdf"
    text.write_text("no PDF at all")
    empty = tmp_path / "empty.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(empty)
    for path, message in ((text, "no PDF"), (empty, "manifest"), (tmp_path / "absent.pdf", "No such file")):
        with pytest.raises(ForeignError, match=message):
            verify(path)


def test_a_foreign_manifest_is_no_report(tmp_path):
    path = tmp_path / "foreign.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments["manifest.json"] = pikepdf.AttachedFileSpec(pdf, b"[1]", filename="manifest.json")
        pdf.save(path)
    with pytest.raises(ForeignError, match="manifest"):
        extract(path)


def test_other_tools_are_named_instead_of_a_verdict(report, monkeypatch):
    real = attachments.tools
    monkeypatch.setattr(
        "reportgen.trust.verify.tools", lambda engine, **kind: {**real(engine, **kind), "pikepdf": "0.1"}
    )
    monkeypatch.setattr(
        "reportgen.trust.verify.make_report", lambda *_, **__: Report("x.pdf", b"other", {}, (), "")
    )
    verdict = verify(report)
    assert verdict.outcome is Comparison.OTHER_TOOLS
    assert any("pikepdf" in difference and "0.1" in difference for difference in verdict.differences)


def test_a_processor_of_styles_that_is_not_here_is_named_with_the_command():
    said = _other_tool("citeproc-py", "0.9.0", None)
    assert "which is not installed here; install it with `pip install 'reportgen-claims[styles]'`" in said
    assert _other_tool("pikepdf", "9", "10") == "pikepdf: the report was made with 9, here is 10"


def test_all_that_the_project_depends_on_counts_as_a_tool():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    everywhere = [each for each in map(Requirement, project["dependencies"]) if each.marker is None]
    needs = {each.name: version(each.name) for each in everywhere}
    assert {"pydantic", "pylatexenc"} <= needs.keys()
    assert attachments._libraries() == {"reportgen": __version__, **needs}
    assert project["name"] == DISTRIBUTION


def test_differences_are_named_by_object(report):
    with pikepdf.open(report) as pdf:
        pdf.Root.Lang = "fr"
        pdf.save(report.with_name("lang.pdf"))
    found = differing_objects(report.read_bytes(), report.with_name("lang.pdf").read_bytes())
    assert any("Catalog" in line for line in found)
    assert differing_objects(report.read_bytes(), report.read_bytes())[0].startswith("bytes outside")


def test_a_bare_number_among_the_objects_is_compared_too(tmp_path):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Answer = pdf.make_indirect(pikepdf.Object.parse(b"42"))
        pdf.save(tmp_path / "one.pdf")
        pdf.Root.Answer = pdf.make_indirect(pikepdf.Object.parse(b"43"))
        pdf.save(tmp_path / "two.pdf")
    assert differing_objects((tmp_path / "one.pdf").read_bytes(), (tmp_path / "two.pdf").read_bytes())


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_two_worlds_give_the_same_bytes(engine, tmp_path):
    settings = find_settings(RECORD.parent, engine=engine)
    twice = reproduce.check_reproducible(RECORD, settings)
    assert twice == make_report(RECORD, settings).pdf


def test_a_build_that_uses_the_clock_is_caught(tmp_path, monkeypatch):
    results = iter([b"%PDF-1", b"%PDF-2"])
    monkeypatch.setattr(reproduce, "_build", lambda *_: next(results))
    monkeypatch.setattr(reproduce, "differing_objects", lambda *_: ["object 7 (Info)"])
    with pytest.raises(reproduce.NotReproducibleError, match="object 7"):
        reproduce.check_reproducible(RECORD, Settings())


def test_a_failing_build_is_said_to_fail(tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    with pytest.raises(reproduce.NotReproducibleError, match="build"):
        reproduce.check_reproducible(broken, Settings(root=tmp_path))


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_the_clock_does_not_reach_the_pdf(tmp_path, engine):
    faketime = shutil.which("faketime")
    if faketime is None:
        assert os.environ.get("CI") != "true", "the clock must be changed here: faketime is missing"
        pytest.skip("THE CLOCK WAS NOT CHANGED: faketime is not installed; ./run setup installs it")
    out = tmp_path / "later"
    compile_it = [sys.executable, "-m", "reportgen", "compile", "-q", "--engine", engine, str(RECORD)]
    command = [faketime, "2031-01-01 12:00:00", *compile_it, "-o", str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (later,) = out.glob("*.pdf")
    assert later.read_bytes() == make_report(RECORD, find_settings(RECORD.parent, engine=engine)).pdf


def pdf_of(engine: str) -> bytes:
    return make_report(RECORD, find_settings(RECORD.parent, engine=engine)).pdf


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_two_workers_at_once_make_what_one_makes(engine):
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        together = list(pool.map(pdf_of, [engine] * 4))
    assert set(together) == {pdf_of(engine)}


def test_commands_say_it_and_end_with_their_code(report, tmp_path):
    run = CliRunner().invoke
    good = run(cli, ["verify", str(report)])
    assert (good.exit_code, "identical" in good.output) == (0, True)
    out = run(cli, ["extract", str(report), "-o", str(tmp_path / "x")])
    assert out.exit_code == 0
    assert str(tmp_path / "x" / "record.json") in out.output
    (tmp_path / "bad.pdf").write_bytes(report.read_bytes() + b"% one more line\n")
    bad = run(cli, ["verify", str(tmp_path / "bad.pdf")])
    assert (bad.exit_code, "bytes outside every object" in bad.output) == (10, True)
    foreign = subprocess.run(
        [sys.executable, "-m", "reportgen", "verify", str(RECORD)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (foreign.returncode, "not-a-pdf" in foreign.stderr) == (12, True)


def test_used_entries_read_the_same_again(tmp_path):
    bib = tmp_path / "all.bib"
    bib.write_text(
        '@string{j = "Journal of Tests"}\n'
        '@article{one, author={van der Berg, Ana and {CERN}}, title={On {\\"U}ber & 50\\% {DNA}}, journal=j # { B},'
        " year=2020, month=jan, pages={1--9}, url={https://x.org/a_b%20c}}\n"
        "@inproceedings{part, author={B, C}, title={A part}, crossref={whole}}\n"
        "@proceedings{whole, title={The whole}, booktitle={The whole}, year={2021}}\n"
        "@misc{unused, title={Unused}}\n",
        encoding="utf-8",
    )
    from minimal_record import load

    record = load(tmp_path, sources=["one", "part"]).record
    library = load_library([bib])
    bibliography = cite(record, library)
    written = used_bibtex(bibliography, library)
    assert b"unused" not in written
    again = tmp_path / "again.bib"
    again.write_bytes(written)
    second = cite(record, load_library([again]))
    entries = [reference.entry for reference in bibliography.references]
    assert [reference.entry for reference in second.references] == entries
    assert all(entries)
    assert used_lock(bibliography, library) == b""
