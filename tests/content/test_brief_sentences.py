"""The sentences that stand behind the answer: each fits its record, in every language."""

from __future__ import annotations

import re

import pytest

from fixtures import source, write_record
from minimal_record import claim
from reportgen.base.settings import Settings
from reportgen.content.sentences import brief_sentences, limits, no_answer
from reportgen.pipeline.compose import compose_report
from reportgen.text.inline import plain_text
from reportgen.text.tree import Cite

SEARCH = {"papers_retrieved": 15}


def inputs(folder, policy=None, **changes):
    settings = Settings(policy=policy or {})
    return compose_report(write_record(folder / "record.json", **changes), settings).inputs


def said(folder, **changes):
    return [plain_text(each) for each in brief_sentences(inputs(folder, **changes))]


def claims(*marks, confidence=None, sources=()):
    more = {"sources": list(sources)} if sources else {}
    more |= {} if confidence is None else {"confidence": confidence}
    return [claim(text=f"Claim {index}.", verified=mark, **more) for index, mark in enumerate(marks)]


LED = {"search": SEARCH, "sources": [source(1)], "lead_source": source(1)}
EXTRACTED = {
    "en": [
        "The search found 15 papers. One claim was extracted, but it names no source; the record assigns it to [1].",
        (
            "The search found 15 papers. Two claims were extracted, but neither names a source; the record assigns both to "
            "[1]."
        ),
        (
            "The search found 15 papers. Three claims were extracted, but none names a source; the record assigns all of "
            "them to [1]."
        ),
    ],
    "de": [
        (
            "Die Suche ergab 15 Arbeiten. Eine Aussage wurde extrahiert, aber sie nennt keine Quelle; der Datensatz ordnet "
            "sie [1] zu."
        ),
        (
            "Die Suche ergab 15 Arbeiten. Zwei Aussagen wurden extrahiert, aber keine der beiden nennt eine Quelle; der "
            "Datensatz ordnet beide [1] zu."
        ),
        (
            "Die Suche ergab 15 Arbeiten. Drei Aussagen wurden extrahiert, aber keine nennt eine Quelle; der Datensatz "
            "ordnet sie alle [1] zu."
        ),
    ],
    "fr": [
        (
            "La recherche a donné 15 articles. Une affirmation a été extraite, mais elle ne cite aucune source ; la notice "
            "la rattache à [1]."
        ),
        (
            "La recherche a donné 15 articles. Deux affirmations ont été extraites, mais ni l’une ni l’autre ne cite de "
            "source ; la notice les rattache toutes deux à [1]."
        ),
        (
            "La recherche a donné 15 articles. Trois affirmations ont été extraites, mais aucune ne cite de source ; la "
            "notice les rattache toutes à [1]."
        ),
    ],
}


@pytest.mark.parametrize("language", sorted(EXTRACTED))
@pytest.mark.parametrize("number", [1, 2, 3])
def test_search_and_claims_agree_in_number_and_gender(tmp_path, language, number):
    first, *_ = brief_sentences(inputs(tmp_path, language=language, claims=claims(*[True] * number), **LED))
    assert re.sub("\\s", " ", plain_text(first)) == EXTRACTED[language][number - 1]
    (cited,) = (part for part in first if isinstance(part, Cite))
    assert [each.label for each in cited.references] == ["1"]


@pytest.mark.parametrize(
    ("search", "sentence"),
    [
        ({"papers_retrieved": 0}, "The search found no papers."),
        ({"papers_retrieved": 1}, "The search found one paper."),
        ({"papers_retrieved": 12}, "The search found twelve papers."),
        ({"papers_retrieved": 13}, "The search found 13 papers."),
        ({"papers_retrieved": 12345}, "The search found 12\u202f345 papers."),
        (
            {"papers_retrieved": 12, "included": 3},
            "The search found twelve papers; three of them were included.",
        ),
        ({"papers_retrieved": 48, "included": 3}, "The search found 48 papers; 3 of them were included."),
        ({"papers_retrieved": 48, "included": 1}, "The search found 48 papers; one of them was included."),
        ({"papers_retrieved": 3, "included": 3}, "The search found three papers; all were included."),
        ({"papers_retrieved": 3, "included": 0}, "The search found three papers; none was included."),
    ],
)
def test_the_search_is_counted_in_words_up_to_twelve(tmp_path, search, sentence):
    first, *_ = said(tmp_path, search=search, claims=claims(True))
    assert first.startswith(f"{sentence} One claim was extracted")


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        ([True], "It is marked verified."),
        ([False], "It is not marked verified."),
        ([True] * 2, "Both are marked verified."),
        ([False] * 2, "Neither is marked verified."),
        ([True] * 9, "All nine are marked verified."),
        ([False] * 9, "None is marked verified."),
        ([True] + [False] * 8, "One of the nine is marked verified."),
        ([True] * 3 + [False] * 6, "Three of the nine are marked verified."),
        ([True] * 3 + [False] * 12, "3 of the 15 are marked verified."),
    ],
)
def test_verdicts_are_counted(tmp_path, marks, sentence):
    assert said(tmp_path, claims=claims(*marks))[1] == sentence


def test_a_low_confidence_is_set_against_the_verdicts_and_a_high_one_is_not(tmp_path):
    low, high = (
        [claim(text=str(each), verified=True, confidence=each) for each in pair]
        for pair in ((0.18, 0.36), (0.8, 0.9))
    )
    assert said(tmp_path, claims=low)[1] == (
        "Both are marked verified, although the system’s own confidence in them is only 0.18 to 0.36 (median 0.27; "
        "scale 0 to 1)."
    )
    assert said(tmp_path, claims=high)[1] == (
        "Both are marked verified, and the system’s own confidence in them is 0.80 to 0.90 (median 0.85; scale 0 to 1)."
    )
    # A threshold says what is low.
    assert "although" in said(tmp_path, claims=high, confidence_threshold=0.88)[1]
    assert "although" not in said(tmp_path, claims=low, confidence_threshold=0.1)[1]


def test_no_system_is_named_where_no_machine_made_the_report(tmp_path):
    sentences = said(tmp_path, policy={"name": "plain"}, claims=claims(True, True, confidence=0.9))
    assert sentences == [
        "This report makes two claims, but neither names a source.",
        "Both are marked verified, and the confidence stated for them is 0.90 (scale 0 to 1).",
    ]


def test_verdicts_in_words_are_listed(tmp_path):
    listed = [
        claim(text=str(index), verdict=each) for index, each in enumerate(["supported", "refuted", "refuted"])
    ]
    for each in listed:
        del each["verified"]
    assert said(tmp_path, claims=listed)[1] == "Verdicts: supported (1), refuted (2)."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"claims": claims(True, sources=[source(1)])},
            "Verification stopped at level 2 of 7: the claim names its source. Nothing has been proved or reproduced.",
        ),
        (
            {"claims": claims(True, True), **LED},
            (
                "Verification stopped at level 2 of 7: every claim is assigned to a source. Nothing has been proved or "
                "reproduced."
            ),
        ),
        (
            {"claims": claims(True, True)},
            "Verification stopped at level 1 of 7: no claim is tied to a source. Nothing has been proved or reproduced.",
        ),
        (
            {"claims": claims(True, True), "evidence_counts": {"independently_reproduced": 1}},
            (
                "Verification stopped at level 6 of 7: one claim was reproduced independently. The verification gate was not "
                "passed."
            ),
        ),
    ],
)
def test_the_level_is_said_with_its_ground(tmp_path, changes, sentence):
    assert said(tmp_path, **changes)[-1] == sentence


def test_scores_are_rounded_alike_unless_that_makes_them_the_same(tmp_path):
    def last(*scores):
        entries = [{"source": source(1), "score_pct": score} for score in scores]
        benchmark = {"model": "M", "benchmark": "B", "entries": entries}
        return said(tmp_path, kind="meta-analysis", claims=[], sources=[source(1)], benchmark=benchmark)[0]

    assert last(29.8, 69.69) == "One source reports two scores of M on B, from 29.8\u202f% to 69.7\u202f%."
    assert last(69.68, 69.69) == "One source reports two scores of M on B, from 69.68\u202f% to 69.69\u202f%."
    assert last(69.69) == "One source reports a score of M on B: 69.69\u202f%."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"claims": claims(True)}, "This report does not answer its question. It only lists claims."),
        ({"claim_counts": {"extracted": 3}}, "This report does not answer its question."),
        ({"claims": claims(True), "summary": "Yes."}, ""),
        ({"claims": claims(True), "sections": [{"title": "A", "text": "B"}]}, ""),
    ],
)
def test_a_report_without_an_answer_says_so(tmp_path, changes, sentence):
    assert plain_text(no_answer(inputs(tmp_path, **changes))) == sentence


def test_limits_are_those_that_follow_and_then_the_records_own_with_their_pointers(tmp_path):
    found = limits(inputs(tmp_path, claims=claims(True), limitations=["Few papers."]))
    assert found[-1] == ("Few papers.", "/limitations/0")
    assert len(found) > 1


def test_a_report_of_named_people_is_not_said_to_be_a_machines(tmp_path):
    changes = {"claims": claims(True, confidence=0.9), "authors": [{"name": "Ada Lovelace"}]}
    told = [text for text, _ in limits(inputs(tmp_path, **changes))]
    assert not any("machine" in text for text in told)
    assert "the confidence stated for it" in said(tmp_path, **changes)[1]
    told = [text for text, _ in limits(inputs(tmp_path, **changes, generator={"name": "Writer 3"}))]
    assert any("machine" in text for text in told)


def test_confidences_of_several_kinds_are_given_no_common_range(tmp_path):
    kinds = [
        claim(str(index), confidence=0.5, confidence_kind=kind)
        for index, kind in enumerate(["classifier", "lexical"])
    ]
    assert said(tmp_path, claims=kinds)[1] == "Both are marked verified."


def test_counts_without_claims_take_one_item(tmp_path):
    first, second = said(tmp_path, claim_counts={"extracted": 10})
    assert (
        first
        == "Ten claims were extracted; they are not published, only their number is. How many were verified is not stated."
    )
    assert second.startswith("Verification stopped at level 2 of 7: every claim counts as tied to a source.")


@pytest.mark.parametrize(
    ("search", "listed", "sentence"),
    [
        (
            {"papers_retrieved": 15},
            3,
            "Of the 15 papers found, 12 are not named, so the selection cannot be checked.",
        ),
        (
            {"papers_retrieved": 4},
            3,
            "Of the four papers found, one is not named, so the selection cannot be checked.",
        ),
        (
            {"papers_retrieved": 2},
            0,
            "Neither of the two papers found is named, so the selection cannot be checked.",
        ),
        (
            {"papers_retrieved": 48, "included": 5},
            3,
            "Of the five papers included, two are not named, so the selection cannot be checked.",
        ),
        ({"papers_retrieved": 48, "included": 3}, 3, ""),
    ],
)
def test_papers_that_are_not_named_are_a_limit(tmp_path, search, listed, sentence):
    sources = [source(number) for number in range(1, listed + 1)]
    found = [
        text for text, _ in limits(inputs(tmp_path, search=search, sources=sources, claims=claims(True)))
    ]
    assert [text for text in found if "selection" in text] == ([sentence] if sentence else [])


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_no_sentence_speaks_of_a_machine_or_names_a_code_in_any_language(tmp_path, language):
    gate = {"status": "UNVERIFIED", "reason": "EVIDENCE_MISSING"}
    report = inputs(
        tmp_path, {"name": "plain"}, language=language, claims=claims(True, False, confidence=0.4), gate=gate
    )
    text = " ".join([*map(plain_text, brief_sentences(report)), *(each for each, _ in limits(report))])
    assert not re.search(r"machine|Maschine|[A-Z]{2,}_|\{", text)
