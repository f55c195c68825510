"""Every record that must compile does, and its pages say what the record says."""

from __future__ import annotations

import json
import re
import subprocess
from itertools import pairwise

import pytest

from fixtures import CASES, SAMPLES, write_record
from page_text import count, is_reordered, read, words_of
from reportgen.base import numbers
from reportgen.base.settings import Settings, find_settings
from reportgen.pipeline.build import build_report
from reportgen.pipeline.compose import compose_report
from reportgen.text.inline import plain_text
from reportgen.text.report import blocks_in
from reportgen.text.tree import Heading

SAMPLE_NAMES = [f"sample_{path.stem}" for path in sorted(SAMPLES.glob("[0-9a-f]*.json"))]
ORDINARY = [name for name in CASES if not name.startswith("hostile")]


def record_of(report):
    from reportgen.record import read_record

    return read_record(report.record).record


def parts(text):
    """Split a long text into sentences: a page may end between two of them."""
    return re.findall(r".{1,400}?(?:[.!?。](?=\s|$|[^\x00-\x7f])|$)|.{1,400}", text, re.DOTALL)


@pytest.mark.parametrize("name", ORDINARY)
def test_a_record_compiles_without_an_error(compiled, name):
    report = compiled(name)
    record = record_of(report)
    assert report.pdf.name.startswith(f"{record.date}-{record.short_id}-")
    assert not [problem for problem in report.problems if problem.level == "error"]
    assert not [problem for problem in report.problems if problem.code.startswith("overfull")]


@pytest.mark.parametrize("name", [name for name in ORDINARY if name != "two_thousand_claims"])
def test_every_claim_stands_whole_in_the_text_layer(compiled, name):
    report = compiled(name)
    record = record_of(report)
    texts = [record.title, record.question, *record.limitations]
    for each in record.claims:
        texts += [text for text in (each.text, each.quote, each.locator, each.note) if text]
    lost = [
        part for text in texts if "$" not in text for part in parts(text) if not stands(part, report.text)
    ]
    assert lost == []


def stands(text, page):
    if is_reordered(text) or re.search("[\u0900-\u0dff]", text):
        return all(word in page for word in words_of(text) if word.isascii())
    return count(text, page) > 0


def test_two_thousand_claims_are_all_there(compiled):
    report = compiled("two_thousand_claims")
    labels = re.findall(r"^C(\d+) [<>]?[01]\.\d+$", report.text, re.MULTILINE)
    assert sorted(int(label) for label in labels) == list(range(1, 2001))
    claims = record_of(report).claims
    assert all(stands(part, report.text) for each in claims[::97] for part in parts(each.text))
    assert re.search(r"Figure 1\..* 2000 claims", report.text)


@pytest.mark.parametrize("name", ["long_texts", "unbroken_words"])
def test_nothing_of_a_text_larger_than_its_place_is_beyond_the_paper(compiled, name):
    import pypdfium2

    document = pypdfium2.PdfDocument(compiled(name).pdf)
    for page in document:
        width, height = page.get_size()
        inside = page.get_textpage().get_text_bounded(left=20, bottom=20, right=width - 20, top=height - 20)
        anywhere = page.get_textpage().get_text_range()
        assert re.sub(r"\W", "", inside) == re.sub(r"\W", "", anywhere) != ""
    document.close()


@pytest.mark.parametrize("name", ["one_claim", "verified", "corrected", "reviewers", "rich_sections"])
def test_no_section_is_empty(compiled, name):
    report = compiled(name)
    tree = compose_report(report.record, find_settings(report.record.parent)).tree
    for section in tree.sections:
        headings = [block for block in section.blocks if isinstance(block, Heading)]
        assert all(count(plain_text(heading.content), report.text) for heading in headings)
        for above, below in pairwise((*section.blocks, None)):
            if isinstance(above, Heading):
                assert below is not None
                assert not isinstance(below, Heading) or below.level > above.level
    assert sum(isinstance(block, Heading) for block in blocks_in(tree.bands)) > 8


class TestSection6OfTheFormat:
    """The flaws of the published originals: absent, or reported by a code."""

    @pytest.mark.parametrize("name", SAMPLE_NAMES)
    def test_a_cut_text_is_reported_and_marked(self, compiled, name):
        report = compiled(name)
        record = record_of(report)
        cut = [each.text for each in record.claims if len(each.text) == 120]
        found = [problem for problem in report.problems if problem.code == "text-cut"]
        assert len(found) == len(cut)
        assert count("[…]", report.text) == len(cut) + bool(cut)

    @pytest.mark.parametrize("name", SAMPLE_NAMES)
    def test_words_and_numbers_are_consistent(self, compiled, name):
        report = compiled(name)
        text, record = report.text, record_of(report)
        assert not re.search(r"[?!]\.(\s|$)", text)
        assert "Abstract: Abstract" not in text
        assert "This paper examines" not in text
        assert not re.search(r"\b0 claims", text)
        assert not re.search(r"\d{4}-\d{2}-\d{2}", text)
        assert "$" not in text
        score = record.review.score
        assert set(re.findall(r"([\d.]+) of 10\b(?! papers)", text)) == {numbers.short_score(score, (), ".")}
        verified = sum(each.verified for each in record.claims)
        assert re.search(rf"\b{verified if record.claims else 'not published'}\b", text)

    @pytest.mark.parametrize("name", SAMPLE_NAMES)
    def test_identity_stands_in_the_report(self, compiled, name):
        text, record = compiled(name).text, record_of(compiled(name))
        assert f"SRCH:{record.short_id.upper()}" in text
        unstated = record.external_record == "registered"
        otherwise = "DOI: registered, not named" if unstated else "DOI: not registered."
        assert count(f"doi:{record.doi}" if record.doi else otherwise, text) >= 1
        assert f"{record.date.day} {record.date:%B %Y}" in text
        assert re.search(r"Quality tier\.\s", text)
        assert re.search(r"Verification level\s+\d of 7\s", text)

    @pytest.mark.parametrize("name", SAMPLE_NAMES)
    def test_label_and_value_do_not_run_together(self, compiled, name):
        text = compiled(name).text
        for label in ("Review score", "Verification level", "Claims", "Literature", "Provenance."):
            assert re.search(rf"{label}(?=\s)", text), label
            assert not re.search(rf"{label}\w", text), label

    @pytest.mark.parametrize("name", SAMPLE_NAMES)
    def test_references_are_numbered_and_each_is_cited_or_said_not_to_be(self, compiled, name):
        report = compiled(name)
        references = report.text.split("\nSources\n", 1)[1].split("\nAppendix: how", 1)[0]
        entries = re.split(r"^\[(\d+)\] ", references, flags=re.MULTILINE)[1:]
        numbers, bodies = entries[::2], entries[1::2]
        assert [int(number) for number in numbers] == list(range(1, len(numbers) + 1))
        assert len(numbers) == len(record_of(report).sources)
        assert all(re.search(r"Cited\s+by|Listed,\s+not\s+cited|Quoted", body) for body in bodies)

    def test_claims_have_a_chart(self, compiled):
        assert "Figure 1." in compiled("sample_fbca8ee9").text
        assert "Figure" not in compiled("sample_0ff0b073").text

    def test_a_doi_does_not_raise_reproducibility(self, compiled):
        text = compiled("sample_0ff0b073").text
        assert re.search(r"Reproducibility status\s+high", text)
        assert count("A DOI preserves the report; it does not make the result reproducible.", text) == 1

    def test_a_title_of_a_background_is_quoted_not_told(self, compiled):
        report = compiled("sample_0ff0b073")
        assert "heading-doubled" in report.codes
        assert "Background" in report.text


def test_a_record_without_claims_has_no_table_of_them(compiled):
    text = compiled("no_claims").text
    assert "there is no claim to verify" in text
    assert "Claims\nnone\n" in text
    assert "No. Claim" not in text
    assert "It only lists" not in text


def test_one_claim_is_told_in_the_singular(compiled):
    text = compiled("one_claim").text
    assert "One claim was extracted, with its source." in text
    assert "the expected calibration error falls from 0.081 to 0.049" in text
    assert "Section 4, Table 2" in text
    assert "Measured on the validation split only." in text


def test_counts_without_claims_are_told_as_such(compiled):
    text = " ".join(compiled("aggregates_only").text.split())
    assert "Twelve claims were extracted; they are not published, only their number is." in text
    assert "3 corroborated across sources (reached, 3 claims)" in text
    assert "4 artifacts inspected (reached, 1 claim)" in text
    assert "Flagship candidate" in text
    assert "It only lists" not in text


def test_every_script_prints_and_needs_the_engine_that_has_it(compiled):
    report = compiled("every_script")
    assert "missing-glyph" not in report.codes
    for word in (
        "Žluťoučký",
        "ψυχοφθόρα",
        "ἔννεπε",
        "французских",
        "ћирилица",
        "機械学習",
        "数据集上",
        "초기",
        "😀",
        "☃",
    ):
        assert word in report.text, word
    for word in ("עצירה", "מוקדמת", "שלום", "يقلل", "العربية"):
        assert word in report.text, word


def test_a_citation_stays_whole_after_a_text_from_right_to_left(tmp_path):
    import pypdfium2

    record = CASES["every_script"].lay_out(tmp_path)
    settings = find_settings(record.parent, output=tmp_path / "out", style={"group_claims": "none"})
    document = pypdfium2.PdfDocument(build_report(record, settings).pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    hebrew = next(line for line in text.splitlines() if "מוקדמת" in line)
    assert "[1]" in hebrew


def test_marks_stand_over_the_letters_they_belong_to(compiled):
    import pypdfium2

    document = pypdfium2.PdfDocument(compiled("every_script").pdf)
    letters, marks = [], []
    for page in document:
        text = page.get_textpage()
        for index in range(text.count_chars()):
            character = text.get_text_range(index, 1)
            if character and character in "محد":
                letters.append(text.get_charbox(index))
            elif character and character in "\u064f\u064e\u0651":
                marks.append(text.get_charbox(index))
    left, _, right, _ = marks[0]
    low = min(marks, key=lambda box: box[0])[0]
    high = max(marks, key=lambda box: box[2])[2]
    near = [box for box in letters if abs(box[1] - marks[0][1]) < 20 and abs(box[0] - left) < 40]
    document.close()
    assert len(marks) >= 3
    assert right - left < 12
    assert min(box[0] for box in near) - 1 <= low
    assert high <= max(box[2] for box in near) + 1


def test_a_language_without_words_of_its_own_is_set_in_its_own_letters(compiled):
    report = compiled("russian")
    assert report.codes >= {"language-unsupported"}
    assert "Limits of this report" in report.text
    assert "Воспроизводимость иссле\nдования" in report.text, "its words divide at the ends of lines"


def test_formulas_are_set_and_prices_are_not(compiled):
    report = compiled("mathematics")
    assert [problem.where.pointer for problem in report.problems if problem.code == "math-literal"] == [
        "/question",
        "/claims/2/text",
        "/claims/3/text",
    ]
    assert count("at a cost of $5 to $6 a run?", report.text) == 1
    assert count(r"$\input{secret}$ nor $x^^5cy$ nor $\begin{array}x\end{array}$", report.text) == 1
    assert r"\mathcal" not in report.text
    assert r"\frac" not in report.text


def test_corrections_are_listed_with_their_dates_and_fields(compiled):
    text = compiled("corrected").text
    assert "Corrections: two, the last on 1 July 2026." in text
    assert count("The claim named the wrong data set; it names the right one now.", text) == 1
    assert count("claims[0].text, claims[0].quote", text) == 1
    assert count("This report supersedes doi:10.5281/zenodo.20999000.", text) == 1


@pytest.mark.parametrize("length", [76, 84])
def test_a_licence_does_not_part_at_its_hyphens(tmp_path, length):
    path = write_record(tmp_path / "record.json", version="v" * length, license="CC-BY-4.0")
    assert "·\nCC-BY-4.0\n" in read(build_report(path, Settings(root=tmp_path)).pdf)


def test_a_superseded_report_says_so_first(compiled):
    text = compiled("superseded").text
    assert text.index("superseded by") < text.index("A report that was replaced")
    assert count("2f6f7b4e-9d0c-4b0e-8f5a-0a1b2c3d4e5f", text) >= 1


def test_a_meta_analysis_compares_reported_scores(compiled):
    text = compiled("meta_analysis").text
    assert count("Three sources report scores of Fixture-7B on MMLU, from 58.0 % to 63.2 %.", text) == 1
    assert count("5.2 percentage points apart", text) == 1
    assert text.index("63.2") < text.index("61.05")
    assert "0-shot, own harness" in text


def test_a_mathematical_result_states_what_is_known(compiled):
    text = compiled("math_result").text
    assert "Formal proof verified" in text
    assert count("theorem euler (n : ℕ) (h : n ≤ 39) :", text) == 1
    assert "<;> norm_num -- forty cases" in text
    falsified = compiled("falsified").text
    assert re.search(r"Verification gate\.\s+Found false", falsified)
    assert count("The counterexample was checked by hand.", falsified) == 1


def test_a_verified_gate_names_its_artifact(compiled):
    text = compiled("verified").text
    record = json.loads(compiled("verified").record.read_text())
    assert "sealed-run.log" in text
    assert count(record["gate"]["artifacts"][0]["sha256"], text) == 1
    assert re.search(r"Verification level\s+6 of 7", text)


@pytest.mark.parametrize("name", ["claims_in_csv", "claims_in_json_lines", "claims_in_parquet"])
def test_claims_kept_in_a_file_are_claims(compiled, name):
    text = compiled(name).text
    assert "Three claims were extracted" in text
    assert re.findall(r"^C(\d) (?:0\.\d+|none)$", text, re.MULTILINE) == ["1", "2", "3"]


def test_csv_and_json_lines_give_the_same_pages(compiled):
    csv, lines = compiled("claims_in_csv").text, compiled("claims_in_json_lines").text
    between = re.compile(r"\nNo\. Claim(.*)\nSources\n", re.DOTALL)
    assert between.search(csv)[1] == between.search(lines)[1]


def test_reviewers_are_named_with_their_scores(compiled):
    text = compiled("reviewers").text
    assert count("The score of 7.5 of 10 is the mean of three reviews.", text) == 1
    assert re.search(r"Statistician\s+7\.0\n", text)
    assert re.search(r"Statistician\s+The intervals are missing\.", text)


def test_sections_hold_lists_links_code_formulas_and_citations(compiled):
    report = compiled("rich_sections")
    text = report.text
    assert count("stop(patience=3, min_delta=1e-4)", text) == 1
    assert count("https://example.org/plain_text", text) == 1
    assert re.search(r"early stopping \[1, 2\]", text)
    assert re.search(r"• second point\s+• nested point with", text)
    assert re.search(r"1\. one\s+2\. two\s+3\. three", text)
    assert "Where they differ & why: 50% #1" in text
    assert "https://example.org/docs?a=1&b=2#top" in links_of(report.pdf)


def test_a_word_of_code_is_not_divided_with_a_hyphen_of_its_own(compiled):
    assert "https://example.org/plain_text" in re.sub(r"\n", "", compiled("rich_sections").text)


def links_of(pdf):
    import pikepdf

    with pikepdf.open(pdf) as opened:
        return {
            str(note.A.URI)
            for page in opened.pages
            for note in page.get("/Annots", [])
            if "/URI" in note.get("/A", {})
        }


def test_forty_sources_are_numbered_and_cited(compiled):
    text = compiled("forty_sources").text
    assert "fewer-sources-than-retrieved" in compiled("forty_sources").codes
    assert re.search(r"^\[40\] ", text, re.MULTILINE)
    assert count("papers found, 12 are not named, so the selection cannot be checked.", text) == 1


def test_a_title_of_300_characters_is_set_smaller_and_whole(compiled):
    report = compiled("long_title")
    title = record_of(report).title
    assert len(title) == 300
    assert count(title, report.text) == 2, "as the title, and in the entry that cites the report"
    assert "\\TitleSmall" in report.tex


def test_paper_and_engine_follow_the_settings(compiled):
    def page_and_producer(name):
        done = subprocess.run(["pdfinfo", compiled(name).pdf], capture_output=True, text=True, check=True)
        return re.search(r"Page size: +([\d.]+) x ([\d.]+)", done.stdout).groups()

    assert page_and_producer("letter") == ("612", "792")
    assert page_and_producer("one_claim") == ("595.276", "841.89")
    assert "luahbtex" in manifest_of(compiled("luatex_forced").pdf)["tools"]["engine"].lower()
    assert "pdftex" in manifest_of(compiled("one_claim").pdf)["tools"]["engine"].lower()


def manifest_of(pdf):
    import pikepdf

    with pikepdf.open(pdf) as opened:
        return json.loads(opened.attachments["manifest.json"].get_file().read_bytes())


def test_the_engine_changes_no_word(compiled):
    lua, pdf = (" ".join(compiled(name).text.split()) for name in ("luatex_forced", "one_claim"))
    assert re.sub(r"\W", "", lua) == re.sub(r"\W", "", pdf)


def test_the_kept_tex_lies_in_a_folder_of_its_report(compiled):
    report = compiled("mathematics")
    stem = report.pdf.stem
    assert {file.relative_to(report.pdf.parent).as_posix() for file in report.files} == {
        f"{stem}.pdf",
        f"{stem}/{stem}.tex",
        f"{stem}/fig-confidence.pdf",
    }
