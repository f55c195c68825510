"""What a record holds of a whole report is printed, in its place and in the words of its language."""

from __future__ import annotations

import json
import re

import pytest

from fixtures import FOLDER, source, write_record
from minimal_record import claim
from reportgen.base.settings import Settings
from reportgen.base.style import Style
from reportgen.exports.markdown import render_markdown
from reportgen.html.render import render_page
from reportgen.pipeline.compose import compose_report
from reportgen.text.inline import plain_text
from reportgen.text.report import ClaimGroup, ClaimList, Section, Title, blocks_in
from reportgen.text.tree import Heading, Link, Paragraph

WRITE = {"html": render_page, "markdown": lambda tree, own, _: render_markdown(tree, own)}
ORDER = (
    *(
        "Does early stopping",
        "In brief",
        "Limits",
        "Abstract",
        "What the studies agree on",
        "## Claims",
        "## Sources",
    ),
    *("Declarations", "## Appendix A", "## Appendix:"),
)


def composed(folder, **changes):
    return compose_report(write_record(folder / "record.json", **changes), Settings())


def page(folder, **changes):
    """Return a report as Markdown, without the signs that keep its words from being read as markup."""
    return told(composed(folder, **changes))


def told(report):
    write = WRITE["markdown"]
    return re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", write(report.tree, None, Style()))


def whole(folder, **changes):
    record = json.loads((FOLDER / "whole_report.json").read_text(encoding="utf-8"))
    return page(folder, **{**record, **changes})


def test_the_answer_comes_first_and_the_appendices_last(tmp_path):
    text = whole(tmp_path)
    places = [text.index(each) for each in ORDER]
    assert places == sorted(places)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_text_of_the_record_is_printed(tmp_path, language):
    record = json.loads((FOLDER / "whole_report.json").read_text(encoding="utf-8"))
    text = whole(tmp_path, language=language)
    plain = re.sub(r"[*`$<>\[\]]", "", text)
    fields = [
        *("subtitle", "funding", "conflicts_of_interest", "acknowledgements", "data_availability", "ethics"),
    ]
    said = [re.sub(r"[*`$<>\[\]]", "", record[name]) for name in fields]
    said[4] = "All data are at https://example.org/data"
    said += [each for use in record["ai_use"] for each in use.values()]
    said += [each[name] for each in record["human_review"] for name in ("who", "what")]
    said += [record["generator"]["run"][name] for name in ("id", "cost")]
    digits = record["generator"]["run"]["settings_sha256"]
    said.append(f"{digits[:8]}…{digits[-8:]}")
    said += [each["reason"] for each in record["search"]["excluded"]]
    said += [each["word"] for each in record["confidence_words"]]
    said += [value for each in record["outcomes"] for value in each.values() if isinstance(value, str)]
    said += [
        part["quote"] for each in record["claims"] for part in each.get("evidence", []) if "quote" in part
    ]
    said += [each["theme"] for each in record["claims"] if "theme" in each]
    said += [each["public_note"] for each in record["corrections"]]
    said += [record["gate"]["checks"][0][name] for name in ("id", "command")]
    assert len(said) > 30
    assert [each for each in said if each not in plain] == []


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("by", ["none", "source"])
def test_every_paragraph_begins_as_a_sentence_does(tmp_path, language, by):
    record = json.loads((FOLDER / "whole_report.json").read_text(encoding="utf-8"))
    path = write_record(tmp_path / "record.json", **{**record, "language": language})
    report = compose_report(path, Settings(style={"group_claims": by}))
    # What stands in the appendices are the record's own words.
    sections = [section for section in report.tree.sections if section.name != "appendices"]
    blocks = list(blocks_in(tuple(sections)))
    said = [plain_text(block.content) for block in blocks if isinstance(block, Paragraph)]
    said += [plain_text(block.counted) for block in blocks if isinstance(block, ClaimGroup)]
    assert len(said) > 40
    assert [text for text in said if text[:1].islower()] == []


def test_without_any_text_the_report_says_that_it_answers_nothing(tmp_path):
    silent = "This report does not answer its question."
    assert silent in page(tmp_path)
    for name in ("summary", "abstract"):
        assert silent not in page(tmp_path, **{name: "It does."})


def test_an_abstract_is_the_record_s_own_and_describes_the_report(tmp_path):
    heading = "## Abstract"
    without = composed(tmp_path, claims=[claim()])
    assert heading not in told(without)
    assert without.tree.description.startswith(
        "This report does not answer its question. It only lists claims."
    )
    assert "One claim was extracted, but it names no source." in without.tree.description
    report = composed(tmp_path, claims=[claim()], abstract="We *asked*.\n\n- one\n- two")
    assert heading in told(report)
    assert report.tree.description == "We asked. one two"


class TestClaims:
    def test_both_ways_of_writing_evidence_give_one_report(self, tmp_path):
        sources = [source(1), source(2)]
        short = claim(sources=["source1", "source2"], quote="Said.", locator="p. 1", id="c")
        long = claim(
            id="c",
            evidence=[{"source": "source1", "quote": "Said.", "locator": "p. 1"}, {"source": "source2"}],
        )
        first, second = (composed(tmp_path, sources=sources, claims=[each]) for each in (short, long))
        hashes = r"\b[0-9a-f]{8}…[0-9a-f]{8}\b"
        assert re.sub(hashes, "", told(first)) == re.sub(hashes, "", told(second))

    def test_what_contradicts_is_not_cited_as_support(self, tmp_path):
        evidence = [{"source": "source2", "stance": "contradicts", "quote": "No."}]
        text = page(
            tmp_path,
            sources=[source(1), source(2)],
            claims=[{"text": "It holds.", "verdict": "refuted", "evidence": evidence}],
        )
        line = next(line for line in text.splitlines() if "It holds." in line)
        assert "[" not in line.partition("It holds.")[2]
        assert "no source" not in line
        assert re.search(r"Contradicted by:(?:</em>)? \[.*2.*“No.”", text)

    @pytest.mark.parametrize(
        ("verdict", "shown"),
        [
            ("supported", "✓ supported"),
            ("refuted", "× refuted"),
            ("mixed", "** mixed"),
            ("not-checked", "** not checked"),
            ("insufficient", "** not enough evidence"),
        ],
    )
    def test_a_verdict_has_its_word_and_only_a_settled_one_a_mark(self, tmp_path, verdict, shown):
        text = page(tmp_path, claims=[{"text": "a", "verdict": verdict}])
        assert shown in text
        assert f"Verdicts: {shown.lstrip('✓×* ')} (1)." in text

    def test_words_for_confidence_are_the_record_s(self, tmp_path):
        words = [{"word": "likely", "from": 0.66}, {"word": "possible", "from": 0.2}]
        given = [claim(str(value), confidence=value) for value in (0.1, 0.2, 0.65, 0.66, 1)]
        text = page(tmp_path, claims=given, confidence_words=words)
        shown = re.findall(r"(\d\.\d\d)\**(?:, (likely|possible))?\. \d", text)
        assert shown == [
            ("0.10", ""),
            ("0.20", "possible"),
            ("0.65", "possible"),
            ("0.66", "likely"),
            ("1.00", "likely"),
        ]

    def test_a_calibrated_confidence_is_not_said_to_be_none(self, tmp_path):
        meaning = {"confidence_kind": "calibrated", "confidence_of": "the claim holds"}
        text = page(tmp_path, claims=[claim(confidence=0.4, **meaning)])
        assert "a calibrated probability: the claim holds" in text
        assert "not been calibrated" not in text
        assert "not been calibrated" in page(tmp_path, claims=[claim(confidence=0.4)])

    @pytest.mark.parametrize("output", WRITE)
    def test_where_no_claim_has_a_confidence_nothing_is_said_of_it(self, tmp_path, output):
        def shown(**changes):
            text = WRITE[output](composed(tmp_path, sources=[source(1)], **changes).tree, None, Style())
            return re.search(r"[Cc]onfidence|[Mm]edian|none<|none\. b", text)

        assert not shown(claims=[claim(sources=["source1"]), claim("b")])
        assert shown(claims=[claim(confidence=0.4, sources=["source1"]), claim("b")])

    def test_a_confidence_that_few_claims_have_is_said_of_them_all(self, tmp_path):
        text = page(tmp_path, claims=[claim(confidence=0.7), claim("b")])
        said = "Both are marked verified, and the system’s own confidence in them is 0.70 (scale 0 to 1)."
        assert f"{said} One has no confidence." in text

    def test_who_reached_a_verdict_is_named_with_what_it_is(self, tmp_path):
        by = {"type": "model", "name": "Judge", "at": "2026-05-01"}
        text = page(tmp_path, claims=[claim(verdict_by=by), claim("b", verdict_by={"type": "person"})])
        assert "Verdict by: Judge (model), 1 May 2026" in text
        assert "Verdict by: person\n" in text


class TestOutcomes:
    def outcome(self, **changes):
        return {
            "name": "error",
            "measure": "difference",
            "entries": [{"source": "source1", "value": -0.5, "lower": -1, "upper": 0}],
            **changes,
        }

    def test_nothing_is_pooled_that_the_record_does_not_pool(self, tmp_path):
        text = page(tmp_path, sources=[source(1)], outcomes=[self.outcome()])
        assert "−1.0 to 0.0" in text
        assert "These effects are not pooled." in text
        assert "Pooled" not in text

    def test_a_pooled_effect_is_the_record_s_own(self, tmp_path):
        pooled = {"value": -0.4, "lower": -0.9, "upper": 0.1, "note": "95% intervals"}
        text = page(tmp_path, sources=[source(1)], outcomes=[self.outcome(pooled=pooled)])
        assert re.search(r"Pooled.*−0\.4.*−0\.9 to 0\.1", text)
        assert "The pooled effect is quoted, not computed here. 95% intervals.\n" in text
        assert "pools none" not in text

    def test_the_numbers_of_one_outcome_have_as_many_decimals_as_the_most_precise(self, tmp_path):
        effects = [(2.5, -1, 3.125, 40), (-1, -2.75, 0, 60.5)]
        entries = [
            {"source": "source1", "value": value, "lower": lower, "upper": upper, "weight": weight, "n": 12}
            for value, lower, upper, weight in effects
        ]
        text = page(tmp_path, sources=[source(1)], outcomes=[self.outcome(entries=entries)])
        assert re.search(r"12 .*40\.0 .*2\.500 .*−1\.000 to 3\.125", text)
        assert re.search(r"12 .*60\.5 .*−1\.000 .*−2\.750 to 0\.000", text)

    def test_a_number_of_another_size_is_written_as_it_is(self, tmp_path):
        entry = {"source": "source1", "value": 1e-20, "lower": 0.1 + 0.2, "upper": 1e20}
        text = page(tmp_path, sources=[source(1)], outcomes=[self.outcome(entries=[entry])])
        assert re.search(r"1e−20 .*0\.3 to 1e\+20", text)


def test_what_a_database_does_not_say_is_a_dash(tmp_path):
    databases = [{"name": "One", "found": 3}, {"name": "Two", "searched_on": "2026-05-01"}]
    text = page(tmp_path, search={"databases": databases})
    assert re.search(r"One +\| +3 +\| +– +\|", text)
    assert re.search(r"Two +\| +– +\| +1 May 2026 +\|", text)


@pytest.mark.parametrize("name", ["supersedes", "superseded_by", "translation_of"])
def test_another_report_that_has_a_doi_is_led_to(tmp_path, name):
    parts = [
        content
        for block in blocks_in(composed(tmp_path, **{name: "10.5281/zenodo.7"}).tree.sections)
        if isinstance(block, (Paragraph, Title))
        for content in ((block.content,) if isinstance(block, Paragraph) else (*block.notices, *block.facts))
    ]
    links = [part for content in parts for part in content if isinstance(part, Link)]
    assert Link(("doi:10.5281/zenodo.7",), "https://doi.org/10.5281/zenodo.7") in links
    assert "10.5281" not in "".join(part for content in parts for part in content if isinstance(part, str))


@pytest.mark.parametrize(
    ("search", "found", "missing"),
    [
        (
            {"papers_retrieved": 151},
            "The search found 151 papers.",
            "Of the 151 papers found, 150 are not named",
        ),
        (
            {"papers_retrieved": 151, "included": 3},
            "The search found 151 papers; 3 of them were included.",
            "Of the three papers included, two are not named",
        ),
    ],
)
def test_papers_that_are_not_listed_are_those_that_count(tmp_path, search, found, missing):
    text = page(tmp_path, sources=[source(1)], search=search)
    assert found in text
    assert missing in text


class TestStanding:
    def test_a_retraction_is_said_before_all_else(self, tmp_path):
        text = whole(tmp_path)
        notice = "This report was retracted on 1 July 2026: The data of two studies were the same."
        assert text.index(notice) < text.index("# Early stopping")

    @pytest.mark.parametrize("checked", [False, True])
    def test_a_verdict_without_checks_is_the_record_s(self, tmp_path, checked):
        checks = [{"id": "a", "type": "proof", "command": "lean"}] if checked else []
        text = page(tmp_path, gate={"status": "UNVERIFIED", "checks": checks})
        assert ("The verdict is stated by the record." in text) is not checked
        assert ("One check is listed here" in text) is checked


def test_appendices_have_letters_and_references_lead_to_them(tmp_path):
    sections = [
        {"title": "First", "text": "See @sec-deep."},
        *({"title": f"Extra {n}", "text": f"# Below {{#sec-n{n}}}", "appendix": True} for n in range(27)),
        {"title": "Last", "text": "# Deep {#sec-deep}\n\nWords.", "appendix": True},
    ]
    report = composed(tmp_path, sections=sections)
    (appendices,) = [
        each for each in report.tree.sections if isinstance(each, Section) and each.name == "appendices"
    ]
    numbers = [each.number for each in blocks_in(appendices) if isinstance(each, Heading)]
    assert numbers[:2] == ["Appendix A", "A.1"]
    assert numbers[-4:] == ["Appendix AA", "AA.1", "Appendix AB", "AB.1"]
    assert "Section AB.1" in told(report)


def test_what_a_house_leaves_out_is_not_printed(tmp_path):
    record = json.loads((FOLDER / "whole_report.json").read_text(encoding="utf-8"))
    path = write_record(tmp_path / "record.json", **record)
    report = compose_report(path, Settings(style={"sections": ["title", "brief", "references"]}))
    headings = re.findall(r"^## (.*)", told(report), re.MULTILINE)
    assert headings == ["In brief", "Sources"]


class TestGroups:
    CLAIMS = (
        claim("One.", theme="error", sources=["source2"]),
        claim("Two.", theme="cost"),
        claim("Three.", theme="error", sources=["source1"]),
        claim("Four.", sources=["source2"]),
    )

    def headings(self, folder, by, **changes):
        changes = {"sources": [source(1), source(2)], "claims": list(self.CLAIMS), **changes}
        path = write_record(folder / "record.json", **changes)
        report = compose_report(path, Settings(style={"group_claims": by}))
        (section,) = [each for each in report.tree.sections if each.name == "claims"]
        (listed,) = [each for each in section.blocks if isinstance(each, ClaimList)]
        shown = [(plain_text(each.title), [one.label for one in each.claims]) for each in listed.groups]
        return shown, told(report)

    def test_claims_stand_in_the_order_of_the_record_where_the_house_wants_no_groups(self, tmp_path):
        shown, text = self.headings(tmp_path, "none")
        assert shown == [("", ["C1", "C2", "C3", "C4"])]
        assert "Theme: error" in text

    def test_by_theme(self, tmp_path):
        claims = [*self.CLAIMS, claim("Five.", theme="cost")]
        shown, text = self.headings(tmp_path, "theme", claims=claims)
        assert shown == [("error", ["C1", "C3"]), ("cost", ["C2", "C5"]), ("Other claims", ["C4"])]
        assert "Theme:" not in text

    def test_by_source(self, tmp_path):
        shown, text = self.headings(tmp_path, "source")
        assert [labels for _, labels in shown] == [["C3"], ["C1", "C4"], ["C2"]]
        titles = [title for title, _ in shown]
        assert "Study number 1" in titles[0]
        assert "Study number 2" in titles[1]
        assert titles[2] == "No source named"
        assert "Two claims, two verified." in text
        assert "Theme: error" in text

    def test_by_source_a_claim_that_its_source_contradicts_stands_with_that_source(self, tmp_path):
        against = claim("Five.", evidence=[{"source": "source1", "stance": "contradicts"}], verdict="refuted")
        del against["verified"]
        shown, _ = self.headings(tmp_path, "source", claims=[*self.CLAIMS, against])
        assert [labels for _, labels in shown] == [["C3", "C5"], ["C1", "C4"], ["C2"]]

    def test_one_group_needs_no_heading(self, tmp_path):
        assert self.headings(tmp_path, "theme", claims=[claim(), claim("b")])[0] == [("", ["C1", "C2"])]

    def test_groups_of_one_are_none(self, tmp_path):
        given = [claim(theme="error"), claim("b", theme="cost")]
        assert self.headings(tmp_path, "theme", claims=given)[0] == [("", ["C1", "C2"])]
