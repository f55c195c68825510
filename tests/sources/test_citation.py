"""Numbers, anchors, back-references and problems of one record's references."""

from __future__ import annotations

import datetime as dt
import json
import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references import library_of
from reportgen.base.characters import is_blank
from reportgen.base.errors import Level
from reportgen.base.identifiers import Identifier
from reportgen.record.model import Record, SourceReference
from reportgen.sources import Library, cite, load_library
from reportgen.sources.lock import lock_item, write_lock

BIB = r"""
@misc{wang, title = {Arithmetic Control}, eprint = {2402.18571}, archiveprefix = {arXiv}}
@article{scipy, title = {SciPy}, doi = {10.1038/s41592-019-0686-2}}
@article{both, title = {Both}, doi = {10.1000/both}, eprint = {2301.00001}, archiveprefix = {arXiv}}
@misc{twin, title = {Twin}, doi = {10.1000/both}}
@misc{odd, title = {\nosuch{x}}, pmid = 99}
@misc{pinned, title = {Pinned}, eprint = {2302.00002v2}, archiveprefix = {arXiv}}
@misc{broken title = {x}}
@misc{again, title = {1}}
@misc{again, title = {2}}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bib")
    (folder / "a.bib").write_text(BIB, encoding="utf-8")
    return load_library([folder])


def record(**fields):
    base = {
        "schema": "reportgen-record-v1",
        "id": str(UUID(int=1)),
        "title": "T",
        "date": "2026-05-30",
        "question": "Q?",
    }
    return Record.model_validate(base | fields)


def claim(text, *sources):
    return {"text": text, "verified": False, "sources": list(sources)}


def names(bibliography):
    return [str(reference.identifier) for reference in bibliography.references]


def codes(bibliography):
    return [(problem.code, problem.where.pointer) for problem in bibliography.problems]


def test_works_are_numbered_in_the_order_the_record_names_them(library):
    bibliography = cite(
        record(
            sources=["url:https://x.org/1", "scipy"],
            lead_source="url:https://x.org/2",
            background={"text": "B", "source": "url:https://x.org/3"},
            kind="meta-analysis",
            benchmark={
                "model": "m",
                "benchmark": "b",
                "entries": [{"source": "url:https://x.org/4", "score_pct": 1.0}],
            },
            claims=[claim("A.", "url:https://x.org/5", "scipy"), claim("B.")],
            sections=[{"title": "S", "text": "See [@wang]."}],
        ),
        library,
        ["wang", "scipy"],
    )
    assert names(bibliography) == [
        "https://x.org/1",
        "scipy",
        "https://x.org/2",
        "https://x.org/3",
        "https://x.org/4",
        "https://x.org/5",
        "wang",
    ]
    assert [reference.number for reference in bibliography.references] == [1, 2, 3, 4, 5, 6, 7]
    one, scipy, lead, background, benchmark, five, wang = bibliography.references
    assert (one.uses, one.cited, one.cited_by) == ({"listed"}, False, ())
    assert (scipy.uses, scipy.cited, scipy.cited_by) == ({"listed", "claim", "text"}, True, (0,))
    assert (lead.uses, lead.cited, lead.cited_by) == ({"lead", "claim"}, True, (1,))
    assert (background.uses, background.cited) == ({"background"}, True)
    assert (benchmark.uses, benchmark.cited) == ({"benchmark"}, True)
    assert (five.uses, five.cited, five.cited_by) == ({"claim"}, True, (0,))
    assert (wang.uses, wang.cited) == ({"text"}, True)
    assert bibliography.numbers_of_claim(0) == (2, 6)
    assert bibliography.numbers_of_claim(1) == (3,)
    assert bibliography.of_claim(0) == (scipy, five)


def test_a_claim_without_any_source_cites_nothing(library):
    bibliography = cite(record(claims=[claim("A.")]), library)
    assert (bibliography.references, bibliography.numbers_of_claim(0), bibliography.problems) == ((), (), ())


def test_a_lead_source_without_claims_counts_as_cited(library):
    (reference,) = cite(record(lead_source="wang"), library).references
    assert reference.cited


@pytest.mark.parametrize(
    "sources",
    [
        [
            "wang",
            "arxiv:2402.18571v3",
            "http://arxiv.org/abs/2402.18571v3",
            {"doi": "10.48550/arXiv.2402.18571"},
        ],
        ["arxiv:2402.18571v3", "wang"],
        ["https://arxiv.org/pdf/2402.18571v3", "arxiv:2402.18571"],
    ],
)
def test_one_work_is_one_reference_with_its_pinned_version(library, sources):
    bibliography = cite(record(sources=sources, claims=[claim("A.", *sources)]), library)
    (reference,) = bibliography.references
    assert reference.identifier == Identifier("arxiv", "2402.18571", 3)
    assert reference.entry.title == "Arithmetic Control"
    assert reference.url == "https://arxiv.org/abs/2402.18571v3"
    assert bibliography.numbers_of_claim(0) == (1,)
    assert bibliography.problems == ()
    for source in record(sources=sources).sources:
        assert bibliography.lookup(source) is reference


def test_a_doi_and_an_arxiv_id_of_one_entry_are_one_work_and_so_is_its_twin(library):
    bibliography = cite(record(sources=["arxiv:2301.00001", "scipy", "twin", "doi:10.1000/BOTH"]), library)
    assert names(bibliography) == ["arXiv:2301.00001", "scipy"]


def test_a_later_source_can_show_that_two_earlier_ones_are_one_work():
    item = {"id": "bridge", "type": "article", "DOI": "10.1000/z", "number": "arXiv:2303.00003"}
    bibliography = cite(record(sources=["doi:10.1000/z", "arxiv:2303.00003", item]), Library())
    assert names(bibliography) == ["doi:10.1000/z"]


def test_the_version_an_entry_states_is_pinned(library):
    bibliography = cite(record(sources=["pinned", "arxiv:2302.00002"]), library)
    (reference,) = bibliography.references
    assert reference.entry.identifier("arxiv").version == 2
    assert codes(bibliography) == []
    assert len(cite(record(sources=["pinned", "arxiv:2302.00002v1"]), library).references) == 2


def test_conflicting_versions_are_listed_by_version(library):
    sources = ["arxiv:2402.18571v3", "scipy", "arxiv:2402.18571v1", "wang"]
    bibliography = cite(record(sources=sources, claims=[claim("A.", "arxiv:2402.18571v1")]), library)
    assert names(bibliography) == ["arXiv:2402.18571v3", "scipy", "arXiv:2402.18571v1", "wang"]
    assert [reference.entry.key for reference in bibliography.references] == ["wang", "scipy", "wang", "wang"]
    assert bibliography.numbers_of_claim(0) == (3,)
    assert [code for code, _ in codes(bibliography)] == ["version-conflict"] * 3
    assert bibliography.lookup("wang").number == 4
    assert bibliography.lookup("arxiv:2402.18571v1").number == 3


def test_anchors_come_from_keys_and_identifiers_and_stay_when_others_are_added(library):
    sources = [
        "wang",
        "arxiv:2602.00426v1",
        "doi:10.1038/a_(b)",
        "https://x.org/a/b?c=d",
        "isbn:9780201134476",
    ]
    anchors = [reference.anchor for reference in cite(record(sources=sources), library).references]
    assert anchors == [
        "ref-wang",
        "ref-arxiv-2602.00426v1",
        "ref-doi-10.1038-a_-b",
        "ref-url-x.org-a-b-c-d",
        "ref-isbn-9780201134476",
    ]
    backwards = cite(record(sources=["pmid:1", *reversed(sources)]), library)
    assert [reference.anchor for reference in backwards.references][:0:-1] == anchors


def test_anchors_of_awkward_names_are_distinct():
    sources = [{"key": key} for key in ("König", "Konig", "konig", "李", "a+b", "a*b", "k" * 200)]
    anchors = [reference.anchor for reference in cite(record(sources=sources), Library()).references]
    assert anchors[1] == "ref-Konig"
    assert len({anchor.lower() for anchor in anchors}) == len(anchors)
    assert all(len(anchor) < 110 for anchor in anchors)


KEYS = st.text(
    alphabet=st.characters(exclude_categories=["Z", "C"], exclude_characters='{}"#%~,\\'), min_size=1
)
KEYS = KEYS.filter(lambda key: not re.match(r"\w+:", key) and not is_blank(key))


@given(st.lists(KEYS, min_size=1, max_size=8, unique=True))
def test_anchors_are_ascii_unique_and_as_many_as_references(keys):
    bibliography = cite(record(sources=[{"key": key} for key in keys]), Library())
    anchors = [reference.anchor for reference in bibliography.references]
    assert len({anchor.lower() for anchor in anchors}) == len(keys)
    assert all(re.fullmatch(r"ref-[A-Za-z0-9._-]+", anchor) for anchor in anchors)
    assert [bibliography.lookup(key).number for key in keys] == list(range(1, len(keys) + 1))


SOURCES = st.sampled_from(
    (
        "wang",
        "arxiv:2402.18571",
        "arxiv:2402.18571v3",
        "arxiv:2402.18571v1",
        "scipy",
        "twin",
        "both",
        "doi:10.1000/both",
        "https://x.org/1",
        "pmid:7",
        "nobody",
    )
)


@given(
    st.lists(SOURCES, max_size=6),
    st.none() | SOURCES,
    st.lists(st.lists(SOURCES, max_size=3), max_size=5),
    st.lists(SOURCES, max_size=3),
)
def test_every_source_has_a_reference_and_back_references_agree(library, sources, lead, claims, text):
    fields = {"lead_source": lead} if lead else {}
    given_ = record(sources=sources, claims=[claim(f"C{n}.", *c) for n, c in enumerate(claims)], **fields)
    bibliography = cite(given_, library, text)
    references = bibliography.references
    assert [reference.number for reference in references] == list(range(1, len(references) + 1))
    for index, one in enumerate(given_.claims):
        tied = one.sources or ((given_.lead_source,) if lead else ())
        assert {bibliography.lookup(source).number for source in tied} == set(
            bibliography.numbers_of_claim(index)
        )
        assert all(index in reference.cited_by for reference in bibliography.of_claim(index))
    assert all("listed" in bibliography.lookup(source).uses for source in given_.sources)
    assert all("text" in bibliography.lookup(key).uses for key in text)


def test_an_inline_item_defines_an_entry_that_keys_and_identifiers_mean(library):
    item = {"id": "mine", "type": "article-journal", "title": "Mine", "DOI": "10.1000/mine"}
    bibliography = cite(
        record(claims=[claim("A.", "doi:10.1000/MINE"), claim("B.", {"key": "mine"}), claim("C.", item)]),
        library,
        ["mine"],
    )
    (reference,) = bibliography.references
    assert reference.entry.title == "Mine"
    assert reference.cited_by == (0, 1, 2)
    assert reference.anchor == "ref-mine"
    assert bibliography.problems == ()


def test_an_inline_item_comes_before_the_library_and_says_so(library):
    item = {"id": "wang", "type": "book", "title": "Another"}
    bibliography = cite(record(sources=[item, "wang"]), library)
    assert [reference.entry.title for reference in bibliography.references] == ["Another"]
    assert codes(bibliography) == [("item-shadows-entry", "/sources/0")]


def test_an_inline_item_comes_before_the_librarys_entry_of_the_same_work(library):
    item = {"id": "mine", "type": "article", "title": "Mine", "DOI": "10.1038/s41592-019-0686-2"}
    bibliography = cite(record(sources=["doi:10.1038/s41592-019-0686-2"], lead_source=item), library)
    assert [reference.entry.title for reference in bibliography.references] == ["Mine"]


def test_of_two_items_of_one_id_the_first_is_used():
    one, two = ({"id": "x", "type": "book", "title": title} for title in ("1", "2"))
    bibliography = cite(record(sources=[one, one, two]), Library())
    assert [reference.entry.title for reference in bibliography.references] == ["1"]


def test_an_item_that_cannot_be_read_is_an_error_and_printed_as_its_id():
    bibliography = cite(record(sources=[{"id": "x", "type": "book", "title": {}}]), Library())
    assert [problem.level for problem in bibliography.problems][:1] == [Level.ERROR]
    assert "csl-field" in dict(codes(bibliography))
    assert bibliography.references[0].entry is None


def test_an_unknown_key_is_an_error_at_its_place_with_a_suggestion(library):
    bibliography = cite(
        record(
            sources=["wangg"],
            sections=[{"title": "A", "text": "no"}, {"title": "B", "text": "[@SciPyy; @QQ]"}],
        ),
        library,
        ["SciPyy", "QQ"],
    )
    assert codes(bibliography) == [
        ("unknown-key", "/sources/0"),
        ("unknown-key", "/sections/1/text"),
        ("unknown-key", "/sections/1/text"),
    ]
    assert "did you mean 'wang'?" in bibliography.problems[0].hint
    assert "did you mean 'scipy'?" in bibliography.problems[1].hint
    assert "keys are known, searched in" in bibliography.problems[2].hint
    assert all(problem.level is Level.ERROR for problem in bibliography.problems)
    assert bibliography.references[0].entry is None
    assert bibliography.unresolved == ()


def test_a_key_cited_in_a_text_that_is_not_given_points_at_the_sections(library):
    assert codes(cite(record(), library, ["no such key"])) == [("unknown-key", "/sections")]


def test_the_suggestion_also_comes_from_items_and_survives_an_empty_library():
    bibliography = cite(
        record(sources=[{"id": "smith2020", "type": "book", "title": "T"}, "smith2021"]), Library()
    )
    assert bibliography.problems[0].hint == "did you mean 'smith2020'?"
    assert "searched in no folder" in cite(record(sources=["x"]), Library()).problems[0].hint


def test_a_key_whose_entry_is_broken_says_why(library):
    bibliography = cite(record(sources=["broken"]), library)
    assert [code for code, _ in codes(bibliography)] == ["unknown-key"]
    assert cite(record(sources=["again"]), library).problems[0].code == "bib-duplicate-key"


def test_a_broken_entry_that_swallowed_its_key_is_named(tmp_path):
    (tmp_path / "a.bib").write_text("@misc{open, title = {abc,\n@misc{next, title = {x}}", encoding="utf-8")
    bibliography = cite(record(sources=["open"]), load_library([tmp_path]))
    assert [problem.code for problem in bibliography.problems] == ["bib-syntax", "unknown-key"]
    assert bibliography.problems[1].hint == "repair the entry"


@pytest.mark.parametrize(
    ("source", "fetchable"),
    [("doi:10.1000/none", True), ("arxiv:2602.00426v1", True), ("pmid:5", False), ("https://x.org", False)],
)
def test_a_source_without_metadata_is_a_warning_and_printed_as_itself(library, source, fetchable):
    bibliography = cite(record(sources=[source], claims=[claim("A.", source)]), library)
    (reference,), (problem,) = bibliography.references, bibliography.problems
    assert reference.entry is None
    assert reference.url
    assert (problem.code, problem.level, problem.where.pointer) == (
        "source-unresolved",
        Level.WARNING,
        "/sources/0",
    )
    assert ("reportgen bib fetch" in problem.hint) == fetchable
    assert bibliography.unresolved == (reference.identifier,)


def test_problems_of_cited_entries_come_along_others_do_not(library):
    (problem,) = cite(record(sources=["odd", "pmid:99"]), library).problems
    assert (problem.code, problem.where.line) == ("bib-latex", 6)


RETRACTED = {
    "id": "x",
    "type": "article",
    "title": "A study",
    "DOI": "10.1000/x",
    "updated-by": [{"type": "retraction", "DOI": "10.1000/n"}],
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"claims": [claim("A.", "x")]},
        {"claims": [claim("A.", "x") | {"note": "Small data sets only."}]},
        {"claims": [claim("A.", "x") | {"note": "The study was retracted."}, claim("B.", "10.1000/x")]},
        {"claims": [claim("A.") | {"note": "The study was retracted."}]},
        {"limitations": ["One of the studies was retracted."]},
        {"limitations": ["We rely on doi:10.1000/x."]},
    ],
)
def test_a_retracted_source_without_a_note_is_an_error(changes):
    bibliography = cite(record(sources=[RETRACTED], **changes), Library())
    assert codes(bibliography) == [("source-retracted", "/sources/0")]
    (problem,) = bibliography.problems
    assert problem.level is Level.ERROR
    assert "10.1000/n" in problem.message


@pytest.mark.parametrize(
    "changes",
    [
        {"sources": [RETRACTED | {"note": "Retracted in 2024"}]},
        {"sources": [RETRACTED | {"note": "撤稿: 10.1000/N"}]},
        {"claims": [claim("A.", "x") | {"note": "Die Arbeit wurde zurückgezogen."}]},
        {"limitations": ["The study (doi:10.1000/X) was withdrawn."]},
    ],
)
def test_a_note_that_says_so_is_enough(changes):
    assert codes(cite(record(**{"sources": [RETRACTED], **changes}), Library())) == []


def test_locked_metadata_resolves_each_version_by_itself(tmp_path):
    lock = tmp_path / "lock.json"
    items = {
        f"arxiv:2402.18571v{n}": {
            "id": "p",
            "type": "article",
            "title": f"v{n}",
            "number": f"arXiv:2402.18571v{n}",
        }
        for n in (1, 2)
    }
    write_lock(lock, {key: lock_item(item, dt.date(2026, 1, 1), "u") for key, item in items.items()})
    bibliography = cite(record(sources=["arxiv:2402.18571v2", "arxiv:2402.18571v1"]), load_library([], lock))
    assert [reference.entry.title for reference in bibliography.references] == ["v2", "v1"]


def test_keys_used_are_known_for_the_lint(library):
    assert cite(record(sources=["doi:10.1038/s41592-019-0686-2", "pmid:1"]), library).keys == {"scipy"}


def test_a_source_that_is_not_the_records_is_not_found(library):
    bibliography = cite(record(sources=["arxiv:2402.18571v3"]), library)
    assert bibliography.lookup("wang").number == 1
    for other in (SourceReference.model_validate("scipy"), "arxiv:2402.18571v9", "no such"):
        with pytest.raises(KeyError, match="not among the references"):
            bibliography.lookup(other)


def test_two_thousand_claims_of_one_source_are_quick(library):
    claims = [claim(f"Claim {n}.", "wang", f"https://x.org/{n % 50}") for n in range(2000)]
    bibliography = cite(record(claims=claims), library)
    assert len(bibliography.references) == 51
    assert len(bibliography.lookup("wang").cited_by) == 2000


def test_the_sample_records_resolve_against_the_shipped_bibliography(request):
    root = request.config.rootpath
    library = load_library([root / "bib"])
    seen = {}
    for path in sorted((root / "records").glob("*.json")):
        sample = Record.model_validate(json.loads(path.read_text(encoding="utf-8")))
        bibliography = cite(sample, library)
        assert all(problem.code == "source-unresolved" for problem in bibliography.problems)
        seen[path.stem] = [
            reference.entry.key if reference.entry else None for reference in bibliography.references
        ]
    assert seen["fbca8ee9"] == [None, "wang2024dpa", "yuan2023rrhf"]
    assert len(seen) >= 4


@pytest.mark.parametrize(
    ("doi", "is_near"),
    [("10.1000/colour.202", True), ("10.1000/COLUOR.2020", True), ("10.1000/colour.19", False)],
)
def test_a_doi_one_slip_off_that_of_an_entry_is_seen(doi, is_near):
    near = library_of("@misc{x, title = {T}, doi = {10.1000/colour.2020}}")
    (problem,) = cite(record(sources=[f"doi:{doi}"], claims=[claim("A.", f"doi:{doi}")]), near).problems
    assert problem.code == "source-unresolved"
    assert ("an entry has 10.1000/colour.2020" in problem.hint) is is_near
