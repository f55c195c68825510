"""What must be settled before a report is published, and how many may be published in a day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minimal_record import claim, load, only
from reportgen.analysis.derive import derive
from reportgen.base.author import Author
from reportgen.base.errors import RecordError
from reportgen.base.services import Zenodo
from reportgen.base.settings import Publisher, Settings
from reportgen.delivery.zenodo import policy
from reportgen.delivery.zenodo.policy import ALWAYS, WINDOW, prepublication_check, publications
from reportgen.explanations import explanations
from reportgen.record.registration import Deposit, Stage, lock_path, write_deposit

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
ZENODO = "https://zenodo.org/api"
DEPOSIT = Deposit(ZENODO, "11111111-2222-4333-8444-555555555555", "1", "7", doi="10.5281/zenodo.7")
SOUND = {
    "authors": [{"name": "Doe, Jane"}],
    "license": "CC-BY-4.0",
    "generator": {"name": "Machine", "statement": "It wrote the text; Jane Doe read every claim."},
    "claims": [claim(sources=["arxiv:2402.18571"])],
    "review": {"score": 7.0},
    "gate": {"status": "VERIFIED", "artifacts": [{"type": "log", "path": "a", "sha256": "0" * 64}]},
}
# For everyone who asks about the day, the lock files of nobody.
EMPTY = Path(__file__).parents[1] / "data"


def found(deposit=DEPOSIT, settings=None, moment=NOW, **changes):
    settings = settings or Settings(root=EMPTY)
    record = load(**{**SOUND, **changes}).record
    return prepublication_check(
        record,
        derive(record, settings.id_prefix, settings.tier_claims, settings.policy),
        settings,
        deposit,
        moment.isoformat(),
    )


def house(**zenodo):
    return Settings(root=EMPTY, zenodo=Zenodo(**zenodo))


def test_a_sound_report_may_be_published():
    assert found() == []


CASES = {
    "creator-is-machine": (
        "error",
        "/authors/1/name",
        {"authors": [{"name": "Doe, Jane"}, {"name": "GPT-5"}]},
    ),
    "creator-is-publisher": ("warning", "/authors", {"authors": []}),
    "no-ai-statement": ("error", "/generator/statement", {"generator": {"name": "Machine"}}),
    "no-publisher": ("error", "", {"settings": Settings(root=EMPTY, policy={"name": "plain"})}),
    "no-doi": ("error", "", {"deposit": replace(DEPOSIT, doi="")}),
    "sandbox-doi": ("error", "", {"deposit": replace(DEPOSIT, doi="10.5072/zenodo.7")}),
    "other-version": ("error", "/version", {"version": "2"}),
    "no-licence": ("error", "/license", {"license": ...}),
    "licence-unlisted": ("warning", "/license", {"license": "House licence 3"}),
    "quarantined": ("error", "/review/score", {"review": {"score": 4.99}}),
    "retracted": (
        "error",
        "/corrections",
        {
            "corrections": [
                {
                    "event_id": "e",
                    "corrected_at": "2026-07-01",
                    "correction_type": "CLAIM",
                    "kind": "retraction",
                    "public_note": "The data were wrong.",
                }
            ]
        },
    ),
    "superseded": ("error", "/superseded_by", {"superseded_by": "10.5281/zenodo.9"}),
    "falsified": (
        "warning",
        "/gate/status",
        {"gate": {"status": "FALSIFIED", "reason": "A counterexample."}},
    ),
    "unverified": ("warning", "/gate/status", {"gate": ...}),
    "no-content": ("error", "/claims", {"claims": []}),
    "daily-cap": ("error", "", {"settings": house(daily_cap=0)}),
}


@pytest.mark.parametrize("name", CASES)
def test_each_thing_to_settle_is_found_alone_with_its_place_and_a_next_step(name):
    level, pointer, changes = CASES[name]
    problem = only(found(**changes))
    assert (problem.code, problem.level, problem.where.pointer) == (f"zenodo-{name}", level, pointer)
    assert problem.hint


def test_no_other_code_exists():
    source = Path(policy.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r'_(?:error|warning)\(\s*"([a-z-]+)"', source))
    assert codes == CASES.keys()
    assert {f"zenodo-{name}" for name in CASES} >= ALWAYS


@pytest.mark.parametrize("name", CASES)
def test_the_settings_change_a_level_but_not_what_the_policy_itself_asks(name):
    _, _, changes = CASES[name]
    code = f"zenodo-{name}"
    settings = changes.get("settings", Settings(root=EMPTY)).model_copy(update={"levels": {code: "ignore"}})
    codes = {problem.code for problem in found(**{**changes, "settings": settings})}
    assert (code in codes) == (code in ALWAYS)
    assert explanations()[code].settable == (code not in ALWAYS)


def test_the_machine_that_wrote_the_record_is_no_creator():
    codes = [problem.code for problem in found(authors=[{"name": "machine"}])]
    assert codes == ["zenodo-creator-is-machine"]


def test_authors_of_the_house_are_looked_at_where_the_record_names_none():
    settings = Settings(root=EMPTY, authors=(Author(name="ChatGPT 5"),))
    assert only(found(authors=[], settings=settings)).code == "zenodo-creator-is-machine"
    people = Settings(root=EMPTY, authors=(Author(name="Roe, Richard"),))
    assert found(authors=[], settings=people) == []


def test_a_publisher_that_is_a_machine_cannot_stand_in():
    settings = Settings(root=EMPTY, publisher=Publisher(name="Claude"))
    codes = {problem.code for problem in found(authors=[], settings=settings)}
    assert codes == {"zenodo-creator-is-publisher", "zenodo-creator-is-machine"}


def test_the_statement_of_the_house_counts_for_every_record_but_not_a_blank_one():
    assert found(generator={"name": "Machine"}, settings=house(ai_statement="Two people read it.")) == []
    blank = found(generator={"name": "Machine"}, settings=house(ai_statement=" \n"))
    assert only(blank).code == "zenodo-no-ai-statement"


def test_a_sandbox_doi_on_a_sandbox_is_as_it_should_be():
    for host in ("https://sandbox.zenodo.org/api", "http://127.0.0.1:5000/api"):
        assert found(replace(DEPOSIT, host=host, doi="10.5072/zenodo.7")) == []


def test_a_report_without_claims_may_have_a_text():
    assert found(claims=[], sections=[{"title": "A", "text": "It is so."}]) == []


def test_with_several_things_to_settle_all_are_said():
    codes = [problem.code for problem in found(license=..., generator=..., review={"score": 1.0})]
    assert codes == ["zenodo-no-ai-statement", "zenodo-no-licence", "zenodo-quarantined"]


def ago(**time):
    return (NOW - dt.timedelta(**time)).isoformat()


def published(folder, name, *moments, host=ZENODO):
    last, *before = moments
    deposit = replace(
        DEPOSIT, host=host, stage=Stage.PUBLISHED, published_at=last, published_before=tuple(before)
    )
    write_deposit(lock_path(folder / f"{name}.json"), deposit)


class TestDay:
    def cap(self, folder, cap, moment=NOW):
        settings = Settings(root=folder, zenodo=Zenodo(daily_cap=cap))
        return found(settings=settings, moment=moment)

    def test_as_many_as_the_cap_are_published_in_24_hours_and_no_more(self, tmp_path):
        published(tmp_path, "a", ago(hours=23))
        assert self.cap(tmp_path, 2) == []
        published(tmp_path, "b", ago(minutes=1))
        problem = only(self.cap(tmp_path, 2))
        assert "2 reports were published" in problem.message
        assert problem.hint.startswith("the next may follow after 2026-11-20T13:00+00:00")
        assert self.cap(tmp_path, 2, NOW + dt.timedelta(hours=1)) == []

    def test_the_default_is_small(self):
        assert Settings().zenodo.daily_cap == 5

    def test_folders_below_count_and_hidden_ones_and_other_repositories_do_not(self, tmp_path):
        for folder in ("a/b", ".git"):
            (tmp_path / folder).mkdir(parents=True)
            published(tmp_path / folder, "x", ago(hours=1))
        published(tmp_path, "y", ago(hours=1), host="https://sandbox.zenodo.org/api")
        write_deposit(tmp_path / "draft.zenodo.json", DEPOSIT)
        assert len(publications(tmp_path, ZENODO, NOW)) == 1

    def test_earlier_versions_of_one_report_count(self, tmp_path):
        published(tmp_path, "a", ago(hours=1), ago(hours=2), ago(hours=30))
        assert len(publications(tmp_path, ZENODO, NOW)) == 2

    def test_time_zones_make_no_difference(self, tmp_path):
        moment = NOW - WINDOW + dt.timedelta(minutes=1)
        published(tmp_path, "a", moment.astimezone(dt.timezone(dt.timedelta(hours=13))).isoformat())
        assert len(publications(tmp_path, ZENODO, NOW)) == 1

    @given(st.lists(st.integers(0, 48), max_size=6))
    def test_the_count_is_that_of_the_moments_within_24_hours(self, tmp_path_factory, hours):
        folder = tmp_path_factory.mktemp("day")
        for number, each in enumerate(hours):
            published(folder, str(number), ago(hours=each))
        assert len(publications(folder, ZENODO, NOW)) == sum(each < 24 for each in hours)

    def test_a_lock_file_that_cannot_be_read_is_said_and_not_passed_over(self, tmp_path):
        (tmp_path / "a.zenodo.json").write_text("{")
        with pytest.raises(RecordError):
            self.cap(tmp_path, 5)


def test_the_page_on_the_policy_names_every_code_and_its_level():
    page = (Path(__file__).parents[2] / "docs/explanation/zenodo-policy.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(zenodo-[a-z-]+)` \| (error|warning)", page, re.MULTILINE))
    assert rows == {f"zenodo-{name}": level for name, (level, _, _) in CASES.items()}
    always = set(re.findall(r"^\| `(zenodo-[a-z-]+)` \| error, always", page, re.MULTILINE))
    assert always == ALWAYS
