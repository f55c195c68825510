"""Where things stand on a page whose words are longer than most: each keeps to its own place."""

from __future__ import annotations

import random
from itertools import pairwise

import pdfplumber
import pytest

from fixtures import source, words, write_record
from minimal_record import claim
from page_measures import POINTS, overlapping, pages_of
from reportgen.base.settings import find_settings
from reportgen.content import SECTIONS
from reportgen.pipeline.build import build_report

TEXT_WIDTH = 166 * POINTS
WORDS = [
    {"word": "about as likely as not in the judgement of all who were asked", "from": 0},
    {"word": "virtually certain beyond any doubt that a reasonable person has", "from": 0.5},
]


@pytest.fixture
def build(tmp_path):
    def build(style=None, publisher=None, house=None, **changes):
        path = write_record(tmp_path / "record.json", **{"sources": [source(0)], **changes})
        settings = {"style": style, "publisher": publisher, **(house or {})}
        given = {name: value for name, value in settings.items() if value}
        return build_report(path, find_settings(tmp_path, output=tmp_path / "out", **given))

    return build


@pytest.fixture
def pages(build):
    return lambda **changes: pages_of(build(**changes).pdf)


@pytest.mark.parametrize("claims", [12_345, 123_456_789])
def test_the_cells_of_the_status_strip_keep_to_their_shares_of_it(pages, claims):
    search = {"papers_retrieved": claims, "screened": claims, "included": 1}
    counts = {"extracted": claims, "grounded": 14, "verified": 7_654}
    page = pages(language="de", claim_counts=counts, search=search)[0]
    left = (page.width - TEXT_WIDTH) / 2
    assert max(word.right for word in page.words) <= left + TEXT_WIDTH + 1
    starts = [
        next(word.left for word in page.words if word.text == label and word.top < 300)
        for label in ("Bewertung", "Verifikationsstufe", "Aussagen", "Literatur")
    ]
    gaps = [after - before for before, after in pairwise(starts)]
    assert max(gaps) - min(gaps) < 3


def test_what_stands_beside_a_claim_has_its_room(pages):
    claims = [
        claim(f"No {number}.", confidence=number / 40, sources=["source0"], verified=number < 20)
        for number in range(40)
    ]
    for page in pages(claims=claims, confidence_words=WORDS, confidence_threshold=0.5):
        assert overlapping(page) == []


def test_no_page_ends_before_what_stands_beside_a_claim(pages):
    text = (
        "One of the claims whose text goes on for three lines and more, as most of them do when somebody wrote it "
        * 4
    )
    claims = [
        claim(
            f"{text[: 90 + 13 * (number % 25)]} {number}.",
            confidence=0.9,
            sources=["source0"],
            verified=False,
        )
        for number in range(60)
    ]
    for page in pages(claims=claims, confidence_words=WORDS, confidence_threshold=0.5):
        lowest = max(word.bottom for word in page.words if word.text != "–")
        assert lowest <= page.height - 25 * POINTS + 4


def test_a_figure_across_the_page_is_no_line_that_is_too_wide(build):
    scores = [
        {
            "source": "source0",
            "score_pct": 40 + 2 * number,
            "year": 2000 + number,
            "protocol": f"protocol {number}",
        }
        for number in range(14)
    ]
    benchmark = {"model": "GPT-4", "benchmark": "MATH", "entries": scores}
    report = build(kind="meta-analysis", benchmark=benchmark)
    assert "overfull" not in {problem.code for problem in report.problems}


@pytest.mark.parametrize("lines", range(10, 15))
def test_no_column_of_small_type_runs_over_the_foot_of_its_page(build, lines):
    limits = [f"Limit {number} of this report, said in a line." for number in range(lines)]
    report = build(limitations=limits)
    assert [problem for problem in report.problems if problem.code == "overfull-page"] == []


def test_a_figure_in_a_list_is_as_wide_as_its_words(build, tmp_path):
    (tmp_path / "wide.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 9"><rect width="30" height="9"/></svg>'
    )
    text = '1. An item.\n\n   ![Wide.](wide.svg "A bar."){#fig-wide width=100%}\n'
    report = build(sections=[{"title": "Drawn", "text": text}])
    assert "overfull" not in {problem.code for problem in report.problems}


ARABIC = "انخفض المعدل بنسبة 12.5% لدى 485 مشاركا في الدراسة مقارنة بالنموذج السابق"
JAPANESE = "早期停止は小さなモデルの較正誤差を減らすことが示されている。"


def test_what_supports_a_claim_leaves_its_side_free_whichever_way_it_runs(pages):
    latin = "It fell by an eighth in all the groups, which were measured again until the end of this line."
    claims = [
        claim(text, sources=["source0"], quote=quote, note=note, confidence=0.9, verified=False)
        for text, quote, note in ((ARABIC, latin, JAPANESE), (latin, ARABIC, ARABIC))
    ]
    for page in pages(claims=claims, confidence_words=WORDS, confidence_threshold=0.5):
        assert overlapping(page) == []


def test_running_heads_name_themes_of_any_script(build):
    themes = (ARABIC, JAPANESE)
    claims = [
        claim(f"{number}. {words(number, 400)}", theme=themes[number // 15], sources=["source0"])
        for number in range(30)
    ]
    assert build(style={"group_claims": "theme"}, claims=claims).pdf.is_file()


def test_heads_keep_within_the_text_whatever_the_house_is_called_and_the_report_is(build):
    name = "The International Consortium for the Long and Careful Evaluation of Calibration in Systems that Learn"
    event = {
        "event_id": "c1",
        "corrected_at": "2026-06-10",
        "correction_type": "METADATA",
        "public_note": "Wrong.",
    }
    report = build(
        publisher={"name": name, "url": "https://example.org"},
        claims=[claim(f"{number}. {words(number, 300)}", sources=["source0"]) for number in range(20)],
        corrections=[event | {"kind": "retraction"}],
        superseded_by="10.5281/zenodo.2222222",
    )
    with pdfplumber.open(report.pdf) as document:
        for page in document.pages:
            edge = (float(page.width) + TEXT_WIDTH) / 2 + 1
            assert [word["text"] for word in page.extract_words() if word["x1"] > edge] == []


def test_no_page_ends_with_the_title_of_a_group_of_claims(build):
    title = "A study of calibration whose title goes on for so long that two lines of small type are hardly enough"
    sources = [source(number, title=f"{title} {number}") for number in range(60)]
    notes = [{"note": words(number, 70)} if number % 4 == 0 else {} for number in range(120)]
    claims = [
        claim(
            f"Short {number}.",
            sources=[f"source{number // 2}"],
            confidence=0.5,
            quote=words(number, 130 if number // 2 % 3 else 220),
            **note,
        )
        for number, note in enumerate(notes)
    ]
    pages = pages_of(build(sources=sources, claims=claims).pdf)
    lowest = [max(word.bottom for word in page.words) for page in pages]
    last = [
        " ".join(word.text for word in page.words if word.bottom > bottom - 3)
        for page, bottom in zip(pages, lowest, strict=True)
    ]
    assert [line for line in last if "claims," in line] == []


FULL = {
    "abstract": "An abstract of a few words, which is said in the column of the text.",
    "background": {"text": "What was known before, in the column of the text, at some length. " * 6},
    "limitations": ["One limit of all that is said here.", "Another one."],
    "search": {"databases": ["Scopus"], "searched_on": "2026-01-01", "papers_retrieved": 41, "included": 3},
    "review": {"score": 7.4, "reviewers": [{"role": role, "score": 7.4} for role in ("Reader", "Editor")]},
    "claims": [claim(f"No {number}.", confidence=number / 5, sources=["source0"]) for number in range(4)],
}
ANY_ORDER = random.Random(14)


@pytest.mark.parametrize(
    "order",
    [
        ["question", "brief", "status", "side", "claims", "references"],
        ["question", "limitations", "status", "side", "claims"],
        ["abstract", "limitations", "references", "side", "claims"],
        ["brief", "claims", "background", "side", "references"],
        ["abstract", "quality", "side", "references"],
        *(ANY_ORDER.sample(others, len(others)) for others in [[*SECTIONS][1:]] * 3),
    ],
    ids=lambda order: " ".join(order[:4]),
)
def test_no_order_of_sections_sets_one_over_another(pages, order):
    for page in pages(**FULL, style={"sections": ["title", *order]}):
        assert overlapping(page) == []


def test_what_stands_across_the_page_keeps_out_of_the_column_beside_the_text(pages):
    row = "| " + " | ".join(["some words that need room"] * 6) + " |"
    table = f"{row}\n|{'---|' * 6}\n{row}"
    (page, *_) = pages(
        **FULL,
        sections=[{"title": "Wide", "text": table}],
        style={"sections": ["title", "results", "side", "claims"]},
    )
    assert overlapping(page) == []


def test_what_is_taller_than_a_page_is_told_of_the_file_that_holds_the_record(build, tmp_path):
    own = tmp_path / "templates" / "latex"
    own.mkdir(parents=True)
    (own / "question.tex.j2").write_text(
        "\\vbox to 60cm{((* tag 'P', id=it.id, at=it.at *))((( flow(it.content) )))((* endtag *))}\n"
    )
    report = build(
        question="Why?", house={"root": tmp_path, "templates": own.parent, "trust_templates": True}
    )
    (problem,) = {each for each in report.problems if each.code == "overfull-page"}
    assert problem.where.file == str(tmp_path / "record.json")
    assert "row of a table" in problem.hint
