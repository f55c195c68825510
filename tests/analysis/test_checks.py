from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minimal_record import claim, load
from reportgen.analysis.checks import CHECKS, Knowledge, apply_levels, check
from reportgen.base.errors import Level, Problem, Where
from reportgen.record import read_record
from reportgen.text.markup import anchors, cited_keys, mentioned_keys, printed_as_they_stand, unread_equations

ROOT = Path(__file__).parents[2]
codes = st.sampled_from(["text-cut", "review-mean", "elsewhere"])
problems = st.builds(Problem, codes, st.sampled_from(Level), st.just(Where()), st.just("message"))
levels = st.dictionaries(codes, st.sampled_from(["error", "warning", "ignore"]))


def found(code, folder=Path(), knowledge=None, **changes):
    """Return pointer and message of each problem of one code."""
    everything = check(load(folder, **changes), {}, (), knowledge or Knowledge())
    return [(each.where.pointer, each.message) for each in everything if each.code == code]


def section(text):
    return {"title": "S", "text": text}


READERS = Knowledge(
    printed_as_they_stand=printed_as_they_stand,
    cited_keys=cited_keys,
    mentioned_keys=mentioned_keys,
    anchors=anchors,
    unread_equations=unread_equations,
    known_keys=lambda: ("known", "agarwal2018"),
    is_cited=lambda key: key == "known",
)


def pointers(code, folder=Path(), knowledge=None, **changes):
    return [pointer for pointer, _ in found(code, folder, knowledge, **changes)]


class TestTable:
    def test_every_check_has_a_code_of_its_own_and_words_for_people(self):
        assert len(CHECKS) == 48
        for code, each in CHECKS.items():
            assert code == each.code == each.find.__name__.replace("_", "-")
            assert each.hint
            assert each.find.__doc__

    def test_the_levels_are_those_of_the_format(self):
        assert {code for code, each in CHECKS.items() if each.level is Level.ERROR} == {
            *("counts-disagree", "evidence-above-claims", "duplicate-citation-key"),
            *("anchor-twice", "placed-twice", "reference-leads-nowhere", "backslash-lost"),
            *("review-mean", "gate-without-artifact", "gate-without-evidence", "artifact-outside"),
            *("artifact-missing", "artifact-changed", "correction-before-report", "corrections-out-of-order"),
            *("kind-without-part", "superseded-by-itself"),
            *("gate-check", "outcome-unlisted", "guarantor", "confidence-words"),
        }

    def test_a_sound_record_has_no_problem(self):
        loaded = load(
            sources=["arxiv:2402.18571v3"],
            search={"papers_retrieved": 1},
            claims=[claim(sources=["arxiv:2402.18571"], confidence=0.9)],
            confidence_threshold=0.5,
            review={"score": 7.83, "reviewers": [{"role": "a", "score": 7.8}, {"role": "b", "score": 7.86}]},
            sections=[{"title": "Results", "text": "It *falls* [@a]. See $x^2$."}],
            authors=[{"name": "Ada Example"}],
            corrections=[
                {
                    "event_id": "1",
                    "corrected_at": "2026-06-01",
                    "correction_type": "CLAIM",
                    "public_note": "One.",
                }
            ],
        )
        assert check(loaded, {}) == []

    def test_a_problem_has_its_place_its_level_and_its_hint(self):
        (problem,) = check(load(language="ja"), {})
        assert (problem.code, problem.level, problem.hint) == (
            "language-unsupported",
            Level.WARNING,
            CHECKS["language-unsupported"].hint,
        )
        assert (problem.where.line, problem.where.column, problem.where.pointer) == (7, 14, "/language")

    def test_problems_are_in_the_order_of_their_places_with_those_of_others_among_them(self, tmp_path):
        (tmp_path / "claims.csv").write_text("text,verified\nno end-,1\n")
        loaded = load(tmp_path, language="ja", claims={"file": "claims.csv"}, title="**Bold**")
        other = Problem("missing-entry", Level.ERROR, loaded.where("/question"), "message")
        result = check(loaded, {}, [other])
        assert [problem.where.pointer for problem in result] == [
            *("/title", "/question", "/language", "/claims/0", "/claims/0/text")
        ]
        assert Path(result[-1].where.file).name == "claims.csv"

    def test_the_flaws_of_the_published_records_are_found(self):
        texts = {}
        for name in ("0ff0b073", "5eed0003", "795ca78a", "fbca8ee9"):
            result = check(read_record(ROOT / "records" / f"{name}.json"), {})
            texts[name] = sorted({(problem.code, problem.where.pointer) for problem in result})
        assert texts == {
            "0ff0b073": [
                ("heading-doubled", "/background/text"),
                ("score-near-edge", "/review/score"),
            ],
            "5eed0003": [
                ("fewer-sources-than-retrieved", "/search/papers_retrieved"),
                ("source-never-cited", "/sources/0"),
                ("source-never-cited", "/sources/1"),
                ("text-cut", "/claims/0/text"),
                ("text-cut", "/claims/1/text"),
                ("text-cut", "/claims/7/text"),
            ],
            "795ca78a": [
                ("fewer-sources-than-retrieved", "/search/papers_retrieved"),
                ("score-near-edge", "/review/score"),
            ],
            "fbca8ee9": [
                ("fewer-sources-than-retrieved", "/search/papers_retrieved"),
                ("source-never-cited", "/sources/0"),
                ("source-never-cited", "/sources/2"),
                ("text-cut", "/claims/0/text"),
                ("text-cut", "/claims/6/text"),
            ],
        }


class TestLevels:
    def test_a_project_sets_the_level_of_a_check(self):
        loaded = load(language="ja", supersedes="11111111-2222-4333-8444-555555555555")
        levels = {"language-unsupported": "error", "superseded-by-itself": "ignore"}
        assert [(each.code, each.level) for each in check(loaded, levels)] == [
            ("language-unsupported", Level.ERROR)
        ]
        levels = {"superseded-by-itself": "warning"}
        assert [each.level for each in check(loaded, levels)] == [Level.WARNING, Level.WARNING]

    def test_strictness_makes_errors_of_warnings_but_not_of_what_is_ignored(self):
        given = [Problem(code, Level.WARNING, Where(), "") for code in ("a", "b", "c")]
        levels = {"a": "ignore", "b": "warning"}
        assert [(each.code, each.level) for each in apply_levels(given, levels, strict=True)] == [
            ("b", Level.ERROR),
            ("c", Level.ERROR),
        ]

    @given(st.lists(problems), levels, st.booleans())
    def test_setting_levels_twice_is_setting_them_once(self, given, chosen, strict):
        levels = chosen
        once = apply_levels(given, levels)
        assert apply_levels(once, levels) == once
        strictly = apply_levels(given, levels, strict=strict)
        assert apply_levels(once, levels, strict=strict) == strictly
        assert [each.code for each in strictly] == [
            each.code for each in given if chosen.get(each.code) != "ignore"
        ]


class TestTexts:
    @pytest.mark.parametrize("length", [120, 200, 280, 600])
    def test_texts_that_share_a_length_at_which_programs_cut(self, length):
        text = "a" * length
        claims = [claim(text), claim(text + "a"), claim("b" + text[1:])]
        assert pointers("text-cut", claims=claims) == ["/claims/0/text", "/claims/2/text"]
        assert f"exactly {length} characters" in found("text-cut", claims=claims)[0][1]
        assert found("text-cut", claims=claims[:2]) == []

    @pytest.mark.parametrize("end", [".", "?", "!”"])
    def test_texts_of_such_a_length_that_end_as_sentences_do_are_whole(self, end):
        claims = [claim(start * (120 - len(end)) + end) for start in "ab"]
        assert len(claims[0]["text"]) == 120
        assert found("text-cut", claims=claims) == []

    @pytest.mark.parametrize(
        ("end", "longer"),
        [
            ("train", "training"),
            ("develop", "developments"),
            ("class", "classification"),
            ("Modell", "Modellbildung, nicht Bildung"),
            ("apprentissage", "apprentissages"),
        ],
    )
    def test_a_whole_word_that_begins_a_longer_one_is_not_cut(self, end, longer):
        text = f"{'Early stopping lowers the error of the method. ' * 3}What remains is the {end}"
        assert found("text-cut", claims=[claim(text), claim(f"It is about {longer}.")]) == []

    @pytest.mark.parametrize(
        "text",
        [
            "It falls.",
            "It falls",
            "ending in a comma,",
            "1.5",
            "落ちる",
            "يقع",
            "It falls [@a]",
            "Two:\n\n- one",
        ],
    )
    def test_a_missing_full_stop_is_no_evidence(self, text):
        sections = [{"title": "T", "text": text}]
        assert found("text-cut", claims=[claim(text)], background={"text": text}, sections=sections) == []

    @pytest.mark.parametrize(
        ("end", "is_cut"),
        [
            *(("calib", True), ("hyper-", True), ("calibration", False), ("calibratio", False)),
            *(("error", False), ("unheard", False), ("calib.", False), ("Calib", True)),
        ],
    )
    def test_a_text_that_ends_inside_a_word(self, end, is_cut):
        text = f"{'Early stopping of the training lowers the error. ' * 3}It changes the {end}"
        told = found("text-cut", claims=[claim(text), claim("What is a calibration, and the error?")])
        assert [pointer for pointer, _ in told] == (["/claims/0/text"] if is_cut else [])
        assert all("inside a word" in message for _, message in told)

    def test_a_long_word_of_a_script_without_spaces_is_not_cut(self):
        assert found("text-cut", claims=[claim("機械" * 60), claim("機械" * 80)]) == []

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "Abstract: Abstract The rapid evolution.",
                "Abstract The rapid evolution.",
                "ABSTRACT Large models fall.",
            ),
            *(
                "Abstract\nLarge Models.",
                "abstract. It falls.",
                "Summary: it falls.",
                "Introduction — it falls.",
            ),
        ],
    )
    def test_a_background_that_opens_with_a_heading(self, text):
        assert pointers("heading-doubled", background={"text": text}) == ["/background/text"]

    @pytest.mark.parametrize("name", ["abstract", "summary"])
    @pytest.mark.parametrize("text", ["Abstract: Abstract The error falls.", "Summary: it falls."])
    def test_a_written_abstract_or_summary_that_opens_with_a_heading(self, name, text):
        assert pointers("heading-doubled", **{name: text}) == [f"/{name}"]

    @pytest.mark.parametrize(
        "text",
        [
            "Abstract reasoning falls.",
            "Abstract Syntax Trees fall.",
            "Summary statistics.",
            "The abstract: no.",
        ],
    )
    def test_a_background_that_only_begins_with_such_a_word(self, text):
        assert found("heading-doubled", background={"text": text}) == []

    def test_titles_and_sections_that_say_a_heading_twice(self):
        sections = [
            {"title": "Abstract: abstract", "text": "It falls."},
            {"title": "Results", "text": "Results: it falls."},
            {"title": "Results", "text": "**Results**\nIt falls."},
            {"title": "Results", "text": "Results show that it falls."},
            {"title": "C++ (new)", "text": "c++ (new)\nIt falls."},
            {"title": "Other", "text": "Note: Note that it falls."},
        ]
        assert pointers("heading-doubled", title="Impact: Impact of length", sections=sections) == [
            *("/title", "/sections/0/title", "/sections/1/text", "/sections/2/text", "/sections/4/text"),
            "/sections/5/text",
        ]
        assert found("heading-doubled", title="Speech-speech: models of speech") == []

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("It **really** falls.", "Markdown emphasis"),
            ("It __really__ falls.", "Markdown emphasis"),
            ("See [this](https://example.org/a).", "a Markdown link"),
            ("## Results", "a Markdown heading"),
            ("A\n# B", "a Markdown heading"),
            ("The `falls` function.", "Markdown code"),
            ("```python", "Markdown code"),
            ("\\textbf{falls}", "TeX"),
            ("by 37.5\\% exactly", "TeX"),
            ("CO<sub>2</sub> falls", "HTML"),
            ('<a href="x">y</a>', "HTML"),
        ],
    )
    def test_markup_in_plain_text(self, text, kind):
        changes = {"title": text, "question": text, "claims": [claim(text, note=text)], "limitations": [text]}
        results = found("raw-markup", **changes)
        assert sorted(pointer for pointer, _ in results) == [
            *("/claims/0/note", "/claims/0/text", "/limitations/0", "/question", "/title")
        ]
        assert all(message.startswith(kind) for _, message in results)

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "2 * 3 ** 4",
                "2**3**4",
                "snake_case__name__x",
                "a < b and c > d",
                "#1 of 3",
                "f(x)[1](2)",
                "C:\\temp",
            ),
            *(
                "$R = v1 * \\frac{a}{b}$ and $\\mathrm{x}$",
                "5% of 10 & more",
                "don`t",
                "p < 0.05",
                "<https://a.b>",
            ),
        ],
    )
    def test_plain_text_that_only_looks_like_markup(self, text):
        assert found("raw-markup", claims=[claim(text)]) == []

    def test_markup_is_meant_in_sections_code_names_and_addresses(self):
        assert (
            found(
                "raw-markup",
                sections=[{"title": "T", "text": "It **falls** and `code`."}],
                kind="math-result",
                math={"statement": "s", "state": "FALSIFIED", "lean4_source": "theorem `x` \\foo{a} **b**"},
                sources=[
                    {"id": "a", "type": "book", "title": "The <i>E. coli</i> genome"},
                    "https://a.b/**c**",
                ],
                corrections=[
                    {
                        "event_id": "**1**",
                        "corrected_at": "2026-06-01",
                        "correction_type": "CLAIM",
                        "public_note": "One.",
                        "affected_fields": ["claims[0].`text`"],
                    }
                ],
            )
            == []
        )

    def test_markup_without_meaning_is_a_warning_where_markdown_is_read(self):
        sections = [{"title": "T", "text": "Fine."}, {"title": "\\x", "text": "\\foo{a} and <b>b</b>."}]
        assert found("section-markup", knowledge=READERS, sections=sections, title="\\foo{a}") == [
            ("/sections/1/text", "HTML is printed as it stands: <b>"),
            ("/sections/1/text", "TeX is printed as it stands: \\foo{"),
        ]
        assert {CHECKS["section-markup"].level} == {Level.WARNING}

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            (
                "| a | b |\n|---|\n| 1 | 2 |",
                "a table whose rows do not fit its head is printed as it stands: | a | b |",
            ),
            (
                "|a|b|\n|-|-|\n|1|2|\n|3|4|5|",
                "a row of a table that has more cells than its head is printed as it stands: |3|4|5|",
            ),
            ("<!-- a note", "HTML is printed as it stands: <!--"),
            ("An <a href=x>.", "HTML is printed as it stands: <a href=x>"),
        ],
    )
    def test_what_is_printed_as_it_stands_is_said(self, text, what):
        assert found("section-markup", knowledge=READERS, sections=[section(text)]) == [
            ("/sections/0/text", what)
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "p<0.05, a<b, x <y and z> 1, 1 < 2 > 0, <|end|>, <https://a.org>",
            "H<sub>2</sub>O and<br>more",
            "`<b>\\input{x}` and $\\frac{1}{2}$ and \\(\\frac12\\)",
            "```\n<b> \\input{x}\n| a |\n|---|---|\n```",
            "| a | b |\n|---|---|\n| 1 | |\n| 2 |",
            "List\\<String\\>, R&amp;D",
        ],
    )
    def test_markdown_with_a_meaning_is_no_problem(self, text):
        assert found("section-markup", knowledge=READERS, sections=[section(text)]) == []

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("As shown [@k1]", "a citation"),
            ("As shown [see @k1, p. 3; @k2]", "a citation"),
            ("As shown [-@k1]", "a citation"),
            ("More in @tbl-trials", "a reference"),
            ("It holds[^1]", "a note"),
            ("![Desks](desks.svg)", "a Markdown image"),
        ],
    )
    def test_what_refers_from_a_text_that_is_no_markdown(self, text, kind):
        for changes, pointer in (
            ({"title": text}, "/title"),
            ({"sections": [{"title": text, "text": "A."}]}, "/sections/0/title"),
            ({"claims": [claim(text)]}, "/claims/0/text"),
        ):
            problems = check(load(**changes), {})
            told = [each for each in problems if each.code == "raw-markup"]
            assert [(each.where.pointer, each.message.startswith(kind)) for each in told] == [(pointer, True)]
            assert "such as that of a section" in told[0].hint

    @pytest.mark.parametrize(
        "text",
        ["Write to [a@b.org]", "[sic] and [3]", "At 5 @ 3 each", "@dataclass", "a [b] (c)", "x[^2", "!"],
    )
    def test_what_refers_to_nothing_is_no_markup(self, text):
        assert found("raw-markup", title=text) == []

    def test_one_name_for_two_places_is_an_error(self):
        texts = ["# A {#sec-a}\n\n$$x$$ {#eq-a}", "$$y$$ {#eq-a}\n\n`{#sec-a}`"]
        assert found("anchor-twice", knowledge=READERS, sections=list(map(section, texts))) == [
            ("/sections/1/text", "an earlier place has the name `eq-a`")
        ]

    def test_a_reference_in_brackets_that_leads_nowhere_is_an_error(self):
        text = "# A {#sec-a}\n\nSee [@sec-a], [@claim-c1], @fig-none and [@eq-none; @key]."
        claims = [claim(id="c1")]
        assert found(
            "reference-leads-nowhere", knowledge=READERS, sections=[section(text)], claims=claims
        ) == [("/sections/0/text", "no place in the report is called `eq-none`")]

    def test_a_word_behind_the_sign_at_that_is_no_key(self):
        text = "# A {#sec-a}\n\n@sec-a, @known, @dataclass, `@code`, a@b.org, @claim-c1 and @claim-c2."
        found_ = found(
            "mention-literal", knowledge=READERS, sections=[section(text)], claims=[claim(id="c1")]
        )
        assert found_ == [
            ("/sections/0/text", "@dataclass is printed as it stands: nothing has that key"),
            ("/sections/0/text", "@claim-c2 is printed as it stands: no place in the report is called that"),
        ]

    @pytest.mark.parametrize(
        ("written", "hint"),
        [
            ("@tbl-trial", "did you mean `@tbl-trials`?"),
            ("@fig-trials", "did you mean `@tbl-trials`?"),
            ("[@tbl-trial]", "did you mean `@tbl-trials`?"),
            ("@eq-poled", "did you mean `@eq-pooled`?"),
            ("@claim-short", "did you mean `@claim-short-term`?"),
            ("@claim-c2", "a claim is named by its `id`: `@claim-c1` is the one with `id: c1`"),
            ("@fig-costs", CHECKS["reference-leads-nowhere"].hint),
            ("@agarwal2008", "did you mean `@agarwal2018`?"),
            ("@dataclass", CHECKS["mention-literal"].hint),
            ("A note.[^latter]", "did you mean `[^later]`?"),
            ("A note.[^other]", CHECKS["section-markup"].hint),
        ],
    )
    def test_what_leads_nowhere_is_told_what_was_meant(self, written, hint):
        text = f"# T {{#tbl-trials}}\n\n$$x$$ {{#eq-pooled}}\n\nNo.[^later] {written}\n\n[^later]: A note."
        claims = [claim("a", id="c1"), claim("b", id="short-term")]
        problems = check(load(sections=[section(text)], claims=claims), {}, (), READERS)
        assert [each.hint for each in problems if each.where.pointer.startswith("/sections")] == [hint]

    def test_a_reference_to_an_equation_that_is_not_understood(self):
        text = "$$\\foo{x}$$ {#eq-pooled}\n\nSee @eq-pooled and [@eq-pooled]."
        expected = "@eq-pooled is printed as it stands: its equation is not understood, and has no number"
        changes = {"knowledge": READERS, "sections": [section(text)]}
        assert found("mention-literal", **changes) == [("/sections/0/text", expected)]
        assert found("reference-leads-nowhere", **changes) == []

    def test_a_dollar_that_opens_no_formula(self):
        asked = []

        def problem(text):
            asked.append(text)
            return "a lone dollar" if "5" in text else None

        knowledge = Knowledge(math_problem=problem, markdown_math_problem=problem)
        changes = {"title": "It costs $5", "claims": [claim("$x$"), claim("5")], "version": "1"}
        sections = [{"title": "T", "text": "Or $5."}]
        assert sorted(found("math-literal", knowledge=knowledge, sections=sections, **changes)) == [
            ("/sections/0/text", "a lone dollar"),
            ("/title", "a lone dollar"),
        ]
        assert set(asked) == {"It costs $5", "$x$", "Or $5."}

    @pytest.mark.parametrize(
        ("character", "name"),
        [
            ("\x00", "U+0000 control"),
            ("\x1b", "U+001B control"),
            ("\x7f", "U+007F control"),
            ("\x85", "U+0085 control"),
            ("\r", "U+000D control"),
            ("\u200b", "U+200B ZERO WIDTH SPACE"),
            ("\u00ad", "U+00AD SOFT HYPHEN"),
            ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
            ("\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE"),
            ("\u2028", "U+2028 LINE SEPARATOR"),
            ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ],
    )
    def test_a_character_that_a_reader_cannot_see(self, character, name):
        text = f"a{character}b{character}"
        assert found("control-character", claims=[claim("x"), claim(text)]) == [
            ("/claims/1/text", f"the text holds {name}")
        ]

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("The area is $a \times b$.", "\\times"),
            ("the loss \frac{a}{b} and \beta", "\\frac, \\beta"),
            ("an angle \theta, a gradient \nabla f, p \neq q", "\\theta, \\nabla, \\neq"),
            ("rate $\nu=2$, density $\rho>1$, lag $\tau$", "\\nu, \\rho, \\tau"),
            ("\\(x \to y\\)", "\\to"),
            ("\begin{align}a \ne b\\end{align}", "\\begin"),
        ],
    )
    def test_a_backslash_that_became_a_control_character(self, text, names):
        assert found("backslash-lost", claims=[claim("x"), claim(text)]) == [
            ("/claims/1/text", f"a backslash is lost: the text was to say {names}")
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "a\tan apple\nnot a word\r\nright",
            "$5 or\nso and $6",
            "- a\n\tto b\n\ttop",
            "$a\n\\times b$",
            "\\times, $\\frac{a}{b}$",
        ],
    )
    def test_tabs_and_lines_that_stand_before_words(self, text):
        assert found("backslash-lost", claims=[claim(text)]) == []

    def test_invisible_characters_are_found_in_sources_and_code_too(self):
        changes = {
            "sources": ["ke\u200by", {"id": "a", "type": "book", "author": [{"family": "A\u202e"}]}],
            "license": "MIT\u200b",
        }
        assert sorted(pointers("control-character", **changes)) == [
            *("/license", "/sources/0", "/sources/1/author/0/family")
        ]

    @pytest.mark.parametrize("text", ["a\tb\nc\r\nd", "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم", "٠\u0600", "é\u0301"])
    def test_characters_that_writing_needs(self, text):
        assert found("control-character", claims=[claim(text)]) == []

    @pytest.mark.parametrize(
        ("language", "is_known"), [("en", True), ("de-AT", True), ("FR", True), ("ja", False), ("eng", False)]
    )
    def test_the_languages_of_the_fixed_texts(self, language, is_known):
        assert pointers("language-unsupported", language=language) == ([] if is_known else ["/language"])


class TestClaims:
    @pytest.mark.parametrize(
        ("verified", "confidence", "message"),
        [
            (True, 0.49, "marked verified with a confidence of 0.49, below the threshold of 0.5"),
            (False, 0.51, "marked not verified with a confidence of 0.51, above the threshold of 0.5"),
        ],
    )
    def test_a_mark_that_the_threshold_contradicts(self, verified, confidence, message):
        claims = [claim(), claim("b", verified=verified, confidence=confidence)]
        expected = [("/claims/1/verified", message)]
        assert found("verified-against-threshold", claims=claims, confidence_threshold=0.5) == expected
        assert found("verified-against-threshold", claims=claims) == []

    @pytest.mark.parametrize(
        ("verified", "confidence"), [(True, 0.5), (False, 0.5), (True, 0.9), (False, 0.1)]
    )
    def test_a_mark_that_the_threshold_bears_out(self, verified, confidence):
        claims = [claim(verified=verified, confidence=confidence)]
        assert found("verified-against-threshold", claims=claims, confidence_threshold=0.5) == []

    def test_a_claim_without_a_source(self):
        claims = [claim("a", sources=["x"]), claim("b")]
        assert pointers("claim-without-source", claims=claims) == ["/claims/1"]
        assert pointers("claim-without-source", claims=claims, lead_source="y") == []

    def test_a_claim_that_nobody_has_checked_needs_no_source(self):
        unchecked = {"text": "Naps help.", "verdict": "not-checked"}
        assert pointers("claim-without-source", claims=[claim("a"), unchecked]) == ["/claims/0"]

    @pytest.mark.parametrize(
        ("changes", "warned"),
        [
            ({"verdict": "supported", "evidence": ["contradicts"]}, True),
            ({"verdict": "supported", "evidence": ["contradicts", "mentions"]}, True),
            ({"verified": True, "evidence": ["contradicts"]}, True),
            ({"verdict": "supported", "evidence": ["contradicts", "supports"]}, False),
            ({"verdict": "supported", "sources": ["y"], "evidence": ["contradicts"]}, False),
            ({"verdict": "supported", "evidence": ["mentions"]}, False),
            ({"verdict": "supported"}, False),
            ({"verdict": "refuted", "evidence": ["supports"]}, True),
            ({"verdict": "refuted", "evidence": ["supports", "contradicts"]}, False),
            ({"verdict": "refuted", "evidence": [None]}, False),
            ({"verdict": "refuted", "evidence": ["supports", None]}, False),
            ({"verdict": "refuted", "sources": ["y"]}, False),
            ({"verdict": "mixed", "evidence": ["contradicts"]}, False),
            ({"verdict": "insufficient", "evidence": ["supports"]}, False),
        ],
        ids=str,
    )
    def test_a_verdict_that_all_the_evidence_speaks_against(self, changes, warned):
        stances = changes.get("evidence", [])
        evidence = [{"source": "x"} | ({"stance": each} if each else {}) for each in stances]
        claims = [{"text": "Naps help.", **changes, "evidence": evidence}]
        assert pointers("verdict-against-evidence", claims=claims) == ["/claims/0"] * warned

    @pytest.mark.parametrize(
        ("counts", "names"),
        [
            ({"extracted": 2, "grounded": 1, "verified": 1}, []),
            ({"extracted": 2}, []),
            ({"extracted": 3}, ["extracted"]),
            ({"extracted": 3, "grounded": 2, "verified": 2}, ["extracted", "grounded", "verified"]),
        ],
    )
    def test_counts_that_are_not_those_of_the_claims(self, counts, names):
        claims = [claim("a", sources=["x"]), claim("b", verified=False)]
        expected = [f"/claim_counts/{name}" for name in names]
        assert pointers("counts-disagree", claims=claims, claim_counts=counts) == expected

    @pytest.mark.parametrize(
        ("counts", "names"),
        [
            ({"extracted": 2, "grounded": 2, "verified": 2}, []),
            ({"extracted": 0}, []),
            ({"extracted": 2, "grounded": 3, "verified": 3}, ["grounded", "verified"]),
        ],
    )
    def test_aggregates_that_are_larger_than_their_whole(self, counts, names):
        assert pointers("counts-disagree", claim_counts=counts) == [f"/claim_counts/{name}" for name in names]

    @pytest.mark.parametrize(
        "changes", [{"claims": [claim("a"), claim("b")]}, {"claim_counts": {"extracted": 2}}], ids=str
    )
    def test_no_evidence_is_counted_of_more_claims_than_there_are(self, changes):
        evidence = {"artifact_inspected": 3, "sandbox_executed": 2}
        assert found("evidence-above-claims", evidence_counts=evidence, **changes) == [
            ("/evidence_counts/artifact_inspected", "3 of 2 claims")
        ]


class TestSources:
    @pytest.mark.parametrize(
        ("sources", "is_fewer"),
        [([], True), (["a", "b"], True), (["a", "b", "a"], True), (["a", "b", "c"], False)],
    )
    def test_fewer_sources_than_papers_retrieved(self, sources, is_fewer):
        expected = ["/search/papers_retrieved"] if is_fewer else []
        assert (
            pointers("fewer-sources-than-retrieved", sources=sources, search={"papers_retrieved": 3})
            == expected
        )
        assert pointers("fewer-sources-than-retrieved", sources=sources, search={"screened": 9}) == []

    @pytest.mark.parametrize(
        "citing",
        [
            {"claims": [claim(sources=["https://doi.org/10.1000/A"])]},
            {"claims": [claim()], "lead_source": "10.1000/a"},
            {"background": {"text": "It falls.", "source": "10.1000/a"}},
            {
                "benchmark": {
                    "model": "m",
                    "benchmark": "b",
                    "entries": [{"source": "10.1000/a", "score_pct": 1}],
                }
            },
            {"sections": [{"title": "T", "text": "It falls [@known2024]."}]},
        ],
    )
    def test_every_part_of_a_record_can_cite_a_source(self, citing):
        knowledge = Knowledge(
            works={("key", "known2024"): ("doi", "10.1000/a")},
            cited_keys=lambda text: ["known2024"] if "known2024" in text else [],
        )
        sources = ["10.1000/a", "other"]
        results = found("source-never-cited", knowledge=knowledge, sources=sources, **citing)
        assert results == [("/sources/1", "nothing cites other")]

    def test_a_lead_source_that_no_claim_falls_back_on_is_not_cited(self):
        claims = [claim(sources=["a"])]
        assert pointers("source-never-cited", sources=["a", "b"], lead_source="b", claims=claims) == [
            "/sources/1"
        ]

    def test_two_items_with_one_id_say_the_same(self):
        book = {"id": "a", "type": "book", "title": "A"}
        other = {**book, "title": "B"}
        claims = [claim(sources=[book]), claim("b", sources=[other])]
        assert pointers("duplicate-citation-key", sources=[book, book, other], claims=claims) == [
            *("/sources/2", "/claims/1/sources/0")
        ]

    def test_a_title_that_is_the_question(self):
        changes = {"title": "Does it fall", "question": "Does it fall?"}
        assert found("title-not-own", **changes) == [("/title", "the title is the research question")]

    def test_a_title_that_is_a_sources(self):
        titles = {("doi", "10.1000/a"): "Calibration of “Small” Classifiers"}
        knowledge = Knowledge(titles=titles)
        assert pointers("title-not-own", knowledge=knowledge, sources=["10.1000/A"]) == ["/title"]
        assert pointers("title-not-own", knowledge=knowledge, sources=["10.1000/b"]) == []
        item = {"id": "a", "type": "book", "title": "CALIBRATION of small classifiers."}
        for changes in (
            {"claims": [claim(sources=[item])]},
            {"lead_source": item},
            {"background": {"text": "It falls.", "source": item}},
            {"benchmark": {"model": "m", "benchmark": "b", "entries": [{"source": item, "score_pct": 1}]}},
        ):
            assert pointers("title-not-own", **changes) == ["/title"]


class TestReview:
    def review(self, score, *reviewers):
        return {"score": score, "reviewers": [{"role": "r", "score": each} for each in reviewers]}

    @pytest.mark.parametrize(
        ("score", "reviewers", "is_off"),
        [
            (8.0, [7.9, 8.1, 8.0], False),
            (8.05, [8.0, 8.0], False),
            (7.95, [8.0, 8.0], False),
            (8.051, [8.0, 8.0], True),
            (7.9, [8.0, 8.0], True),
            (3.0, [], False),
        ],
    )
    def test_the_score_is_the_mean_of_the_reviewers(self, score, reviewers, is_off):
        assert pointers("review-mean", review=self.review(score, *reviewers)) == (
            ["/review/score"] if is_off else []
        )

    @pytest.mark.parametrize(
        ("score", "reviewers", "is_near"),
        [
            (7.499, [], True),
            (7.4951, [], True),
            (7.503, [], True),
            (7.5, [], True),
            (8.5, [], True),
            (4.996, [], True),
            (7.49, [], False),
            (7.51, [], False),
            (9.0, [], False),
            (7.5, [7.4, 7.5, 7.5], True),
            (7.5, [7.5, 7.5, 7.6], False),
            (7.5, [7.4, 7.5, 7.6], False),
            (7.46, [7.5, 7.5], True),
            (7.503, [7.5, 7.51], True),
            (9.0, [9.0], False),
        ],
    )
    def test_a_score_at_the_edge_of_a_tier(self, score, reviewers, is_near):
        expected = ["/review/score"] if is_near else []
        assert pointers("score-near-edge", review=self.review(score, *reviewers)) == expected


class TestGate:
    def gate(self, status="VERIFIED", path="log.txt"):
        checksum = hashlib.sha256(b"log").hexdigest()
        return {"status": status, "artifacts": [{"type": "log", "path": path, "sha256": checksum}]}

    def codes(self, folder, **changes):
        return {(each.code, each.where.pointer) for each in check(load(folder, **changes), {})}

    def test_verified_needs_an_artifact(self):
        expected = {("gate-without-artifact", "/gate/status")}
        assert self.codes(Path(), gate={"status": "VERIFIED"}) == expected
        assert self.codes(Path(), gate={"status": "UNVERIFIED"}) == set()

    def test_the_artifact_that_was_checked(self, tmp_path):
        (tmp_path / "log.txt").write_bytes(b"log")
        assert self.codes(tmp_path, gate=self.gate()) == set()

    def test_an_artifact_that_has_changed(self, tmp_path):
        (tmp_path / "log.txt").write_bytes(b"another")
        assert self.codes(tmp_path, gate=self.gate()) == {("artifact-changed", "/gate/artifacts/0/sha256")}

    @pytest.mark.parametrize("path", ["none.txt", "."])
    def test_an_artifact_that_is_no_file(self, tmp_path, path):
        assert self.codes(tmp_path, gate=self.gate(path=path)) == {
            ("artifact-missing", "/gate/artifacts/0/path")
        }

    @pytest.mark.parametrize("path", ["/etc/hostname", "../log.txt", "link.txt", "D:log.txt"])
    def test_an_artifact_outside(self, tmp_path, path):
        folder = tmp_path / "records"
        folder.mkdir()
        (tmp_path / "log.txt").write_bytes(b"log")
        (folder / "link.txt").symlink_to(tmp_path / "log.txt")
        assert self.codes(folder, gate=self.gate(path=path)) == {
            ("artifact-outside", "/gate/artifacts/0/path")
        }

    @pytest.mark.parametrize("status", ["UNVERIFIED", "FALSIFIED"])
    def test_artifacts_are_looked_at_whatever_the_verdict(self, tmp_path, status):
        expected = {("artifact-missing", "/gate/artifacts/0/path")}
        assert self.codes(tmp_path, gate=self.gate(status=status)) == expected

    def test_falsified_needs_evidence(self, tmp_path):
        (tmp_path / "log.txt").write_bytes(b"log")
        gate = {"status": "FALSIFIED"}
        math = {"statement": "s", "state": "FALSIFIED"}
        expected = {("gate-without-evidence", "/gate/status")}
        assert self.codes(tmp_path, gate=gate) == expected
        assert self.codes(tmp_path, gate=gate, math=math) == expected
        assert self.codes(tmp_path, gate=gate, math={**math, "counterexample": "n = 27"}) == set()
        assert self.codes(tmp_path, gate=self.gate("FALSIFIED")) == set()


class TestHistory:
    def events(self, *moments):
        event = {"correction_type": "CLAIM", "public_note": "One claim."}
        return [{**event, "event_id": moment, "corrected_at": moment} for moment in moments]

    def test_no_correction_comes_before_the_report(self):
        events = self.events("2026-05-29", "2026-05-30", "2026-05-30T00:30:00+02:00")
        assert pointers("correction-before-report", corrections=events) == ["/corrections/0/corrected_at"]

    def test_corrections_are_in_the_order_of_their_dates(self):
        events = self.events("2026-06-02", "2026-06-01", "2026-06-01", "2026-06-03")
        assert pointers("corrections-out-of-order", corrections=events) == ["/corrections/1/corrected_at"]

    @pytest.mark.parametrize("name", ["supersedes", "superseded_by"])
    def test_no_report_replaces_itself(self, name):
        own = "11111111-2222-4333-8444-555555555555"
        assert pointers("superseded-by-itself", **{name: own}) == [f"/{name}"]
        assert pointers("superseded-by-itself", doi="10.1000/A", **{name: "10.1000/a"}) == [f"/{name}"]
        assert pointers("superseded-by-itself", doi="10.1000/a", **{name: "10.1000/b"}) == []
        assert pointers("superseded-by-itself") == []


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (
            "meta-analysis",
            {"benchmark": {"model": "m", "benchmark": "b", "entries": [{"source": "a", "score_pct": 1}]}},
        ),
        ("math-result", {"math": {"statement": "s", "state": "FALSIFIED"}}),
    ],
)
def test_a_kind_needs_the_part_it_is_about(kind, part):
    assert pointers("kind-without-part", kind=kind) == ["/kind"]
    assert pointers("kind-without-part", kind=kind, **part) == []
    assert pointers("kind-without-part", **part) == []


@pytest.mark.parametrize(
    ("name", "is_machine"),
    [
        *(
            (name, True)
            for name in ("ChatGPT", "GPT-4o", "Claude", "Claude 3.5 Sonnet", "gemini-1.5-pro", "Llama 3")
        ),
        *(
            (name, True)
            for name in ("A Large Language Model", "Example AI Assistant", "Kernel", "DeepSeek-V3")
        ),
        *(
            (name, False)
            for name in ("Claude Shannon", "Jean-Claude", "Ada Example", "Gemini Group", "Ai Weiwei")
        ),
    ],
)
def test_an_author_is_a_person_or_an_organisation(name, is_machine):
    authors = [{"name": "Ada Example"}, {"name": name}]
    expected = ["/authors/1/name"] if is_machine else []
    assert pointers("author-is-machine", authors=authors, generator={"name": "kernel"}) == expected


class TestRepetition:
    def test_the_same_claim_twice_and_whether_the_verdicts_differ(self):
        repeated = [claim("One  stands."), claim("Another."), claim("one stands.", verified=False)]
        ((pointer, message),) = found("claim-repeated", claims=repeated)
        assert pointer == "/claims/2/text"
        assert "claim 1, with the other verdict" in message
        assert found("claim-repeated", claims=[claim("One."), claim("Two.")]) == []


class TestSearch:
    def test_more_of_a_later_step_than_of_the_one_before(self):
        search = {"papers_retrieved": 5, "screened": 9, "included": 10}
        assert pointers("search-numbers", search=search) == ["/search/screened", "/search/included"]
        assert pointers("search-numbers", search={"papers_retrieved": 5, "included": 6}) == [
            "/search/included"
        ]
        assert pointers("search-numbers", search={"papers_retrieved": 5, "screened": 5, "included": 5}) == []

    def test_a_search_after_the_report(self):
        assert pointers("search-numbers", search={"searched_on": "2030-01-01"}) == ["/search/searched_on"]
        assert pointers("search-numbers", search={"searched_on": "2026-05-30"}) == []


@pytest.mark.parametrize(
    ("end", "is_cut"),
    [
        ("and then ...", True),
        ("and then…", True),
        ("and then… ", True),
        ("it says “so [...]”.", False),
        ("[…]", False),
    ],
)
def test_a_text_that_ends_in_dots_is_cut(end, is_cut):
    given = {
        "claims": [claim(f"It rose, {end}")],
        "background": {"text": f"It fell, {end}"},
        "summary": f"All {end}",
    }
    assert len(found("text-cut", **given)) == (3 if is_cut else 0)
