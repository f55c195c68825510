from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import write_record
from minimal_record import claim
from page_text import read
from reportgen.analysis.validation import validate_record
from reportgen.base.errors import TemplateError
from reportgen.base.paths import packaged_folder
from reportgen.base.settings import find_settings
from reportgen.pipeline.build import build_report
from reportgen.text.own_words import _GONE
from reportgen.text.wording import LANGUAGES, wording_for
from reportgen.trust.verify import Comparison, verify

FOLDER = packaged_folder("templates") / "locale"


def wording(toml, language="en", name=None):
    own = {f"locale/{name or language}.toml": toml.encode() if isinstance(toml, str) else toml}
    return wording_for(language, FOLDER, own, Path("/house"))


def problems(toml, **options):
    with pytest.raises(TemplateError) as caught:
        wording(toml, **options)
    assert {problem.code for problem in caught.value.problems} == {"locale"}
    return caught.value.problems


def test_only_what_a_house_names_is_replaced():
    own = wording('[heading]\ngate = "Reproduction"\n[brief]\nfound.other = "{n} works were found."\n')
    packaged = wording_for("en", FOLDER)
    assert own.t.heading.gate == "Reproduction"
    assert own.say("brief.found", 3) == "3 works were found."
    assert own.say("brief.found", 1) == packaged.say("brief.found", 1)
    assert {**own.t.heading.table, "gate": ""} == {**packaged.t.heading.table, "gate": ""}
    assert packaged.t.heading.gate == "Verification gate"


def test_another_languages_words_are_not_touched():
    assert wording('[heading]\ngate = "X"\n', language="de", name="en") == wording_for("de", FOLDER)


def test_the_words_of_charts_are_a_houses_too():
    assert (
        wording('[charts]\nconfidence = "certainty"\n', name="charts.en").t.charts.table["confidence"]
        == "certainty"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_packaged_text_may_stand_as_it_is(language):
    for name in (language, f"charts.{language}"):
        content = (FOLDER / f"{name}.toml").read_bytes()
        assert wording(content, language=language, name=name).t.table == wording_for(language, FOLDER).t.table


@pytest.mark.parametrize(
    ("toml", "pointer", "said", "hint"),
    [
        ('[heading]\ngaet = "X"\n', "/heading/gaet", "there is no text heading.gaet", "did you mean `gate`?"),
        ('[headng]\ngate = "X"\n', "/headng", "there is no text headng", "did you mean `heading`?"),
        (
            '[brief.found]\nmany = "X"\n',
            "/brief/found/many",
            "no text brief.found.many",
            "one, other",
        ),
        ('[title]\nversion = "{v}"\n', "/title/version", "{v} stands in it, but only {version} can", ""),
        ('[title]\nversion = "{version.__class__}"\n', "/title/version", "{version.__class__}", ""),
        ('[title]\nversion = "{version!r:>99999999}"\n', "/title/version", "only {version} is filled in", ""),
        ('[title]\nversion = "{0}{}"\n', "/title/version", "{0} stands in it", ""),
        ('[title]\nversion = "{version"\n', "/title/version", "cannot be filled", ""),
        (
            '[title]\nlicense_missing = "{doi}"\n',
            "/title/license_missing",
            "no value can be filled into it",
            "",
        ),
        ("[title]\nversion = 3\n", "/title/version", "a text is expected", ""),
        ('[title]\nversion = " "\n', "/title/version", "blank", ""),
        ('[title]\nversion = "a\\u202Eb"\n', "/title/version", "steers", ""),
        ('title = "X"\n', "/title", "a table is expected", ""),
        ('[brief]\nfound = "X"\n', "/brief/found", "a table is expected, with one and other", ""),
        ('[format]\nmonths = ["X"]\n', "/format/months", "a list of 12 texts", ""),
        ('[format]\ndecimal = "dot"\n', "/format/decimal", "one character", ""),
        ('[charts.at_threshold]\none = "{count}"\n', "/charts/at_threshold/one", "only {n} can", ""),
    ],
)
def test_what_cannot_be_filled_or_printed_is_named_with_its_place(toml, pointer, said, hint):
    (problem,) = problems(toml)
    assert (problem.where.file, problem.where.pointer) == ("/house/locale/en.toml", pointer)
    assert said in problem.message
    assert hint in problem.hint


def test_what_is_no_toml_is_said():
    assert "cannot be read" in problems("[heading\n")[0].message
    assert "cannot be read" in problems(b"\xff")[0].message


def test_every_fault_is_told_at_once():
    assert len(problems('[heading]\na = "X"\nb = "Y"\n[title]\nversion = 1\n')) == 3


def test_a_language_of_its_own_is_whole_or_names_what_it_lacks():
    (problem,) = problems('[heading]\ngate = "Puerta"\n', language="es")
    assert "this language lacks" in problem.message
    assert "format.date" in problem.message
    whole = {
        f"locale/{name}es.toml": (FOLDER / f"{name}en.toml")
        .read_bytes()
        .replace(b"Verification gate", b"Puerta")
        for name in ("", "charts.")
    }
    made = wording_for("es-MX", FOLDER, whole)
    assert (made.language, made.t.heading.gate) == ("es", "Puerta")


def test_a_heading_that_nothing_prints_leads_to_the_one_that_is_printed():
    (problem,) = problems('[heading]\nreferences = "Works"\n')
    assert "no text heading.references" in problem.message
    assert problem.hint == "the heading is `heading.sources`"


def test_every_word_that_a_hint_leads_to_is_there():
    packaged = wording_for("en", FOLDER)
    named = [path for hint in _GONE.values() for path in re.findall(r"`([a-z_.]+)`", hint)]
    assert len(named) > len(_GONE)
    for path in named:
        table, key = path.split(".")
        assert packaged.t[table][key]


def test_the_houses_own_tiers_get_words_and_no_other_tier_does():
    toml = '[tier]\n"Solid" = "Belastbar"\n'
    own = wording_for("de", FOLDER, {"locale/de.toml": toml.encode()}, Path("/house"), ("Solid", "Tentative"))
    assert own.named("tier", "Solid") == "Belastbar"
    assert own.named("tier", "Tentative") == "Tentative"
    assert "Tentative" not in own.t.tier.table
    assert "no text tier.Solid" in problems(toml)[0].message


@given(st.text(max_size=30))
def test_any_text_is_filled_or_refused(text):
    from json import dumps

    toml = f"[title]\nversion = {dumps(text)}\n"
    try:
        made = wording(toml)
    except TemplateError as error:
        assert error.problems[0].code == "locale"
    else:
        assert isinstance(made.say("title.version", version="1"), str)


def test_the_example_of_the_documentation_is_one():
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "house-style.md").read_text()
    example, *others = [
        text for text in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "locale/en.toml" in text
    ]
    assert all(map(wording, others))
    own = wording(example)
    assert own.t.tier.WATCHLIST == "Needs a second reading"
    assert own.say("brief.found", 1) == "One work was found."


class TestReport:
    @pytest.fixture
    def project(self, tmp_path):
        (tmp_path / "locale").mkdir()
        (tmp_path / "reportgen.toml").write_text('[publisher]\nname = "House"\n')
        return tmp_path

    def words(self, project, toml, language="en"):
        (project / "locale" / f"{language}.toml").write_text(toml)
        return write_record(
            project / "record.json", claims=[claim(sources=["arxiv:2402.18571"])], language=language
        )

    def test_it_is_printed_with_the_houses_words_and_verified_with_them(self, project):
        record = self.words(
            project, '[heading]\nlimits = "What \\\\input /etc/passwd & $x we do not know #1"\n'
        )
        built = build_report(record, find_settings(project))
        assert "What \\input /etc/passwd & $x we do not know #1" in read(built.pdf)
        assert verify(built.pdf).outcome is Comparison.IDENTICAL

    def test_validation_finds_what_is_wrong_with_them(self, project):
        record = self.words(project, '[heading]\nlimitz = "X"\n')
        with pytest.raises(TemplateError, match=r"no text heading\.limitz"):
            validate_record(record, find_settings(project))

    def test_a_language_that_the_house_speaks_is_not_warned_of(self, project):
        for name in ("", "charts."):
            (project / "locale" / f"{name}es.toml").write_bytes((FOLDER / f"{name}en.toml").read_bytes())
        record = write_record(project / "record.json", language="es")
        assert validate_record(record, find_settings(project)) == []

    def test_a_link_out_of_the_project_is_not_followed(self, project, tmp_path_factory):
        from reportgen.base.errors import SettingsError

        secret = tmp_path_factory.mktemp("elsewhere") / "secret.toml"
        secret.write_text('[heading]\nlimitations = "secret"\n')
        (project / "locale" / "en.toml").symlink_to(secret)
        record = write_record(project / "record.json")
        with pytest.raises(SettingsError, match="outside"):
            build_report(record, find_settings(project))
