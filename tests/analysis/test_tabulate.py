from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from minimal_record import claim, load
from reportgen.analysis.tabulate import SourceSummary, by_source, claims_csv

CLAIMS = [
    claim("One.", verified=True, confidence=0.7),
    claim("Two; with “quotes”, and\nlines.", verified=False, confidence=None),
    claim("Three.", verified=True, confidence=0.9),
]
NUMBERS = [(1, 2), (), (2,)]


def test_claims_are_grouped_by_source():
    assert by_source(load(claims=CLAIMS).record.claims, lambda index: NUMBERS[index]) == (
        SourceSummary(1, claims=1, verified=1, median=0.7, lowest=0.7, highest=0.7),
        SourceSummary(2, claims=2, verified=2, median=0.8, lowest=0.7, highest=0.9),
    )


def test_a_source_without_confidences_has_none():
    claims = load(claims=[CLAIMS[1]]).record.claims
    assert by_source(claims, lambda _: (3,)) == (SourceSummary(3, 1, 0, None, None, None),)
    assert by_source((), lambda _: ()) == ()


@given(
    st.lists(
        st.tuples(st.sets(st.integers(1, 4)), st.booleans(), st.none() | st.floats(0, 1)),
        min_size=1,
        max_size=8,
    )
)
def test_each_source_counts_the_claims_that_cite_it(claims):
    given_claims = [claim(f"Claim {i}.", verified=v, confidence=c) for i, (_, v, c) in enumerate(claims)]
    numbers = [sorted(references) for references, _, _ in claims]
    found = by_source(load(claims=given_claims).record.claims, lambda index: numbers[index])
    assert [each.reference for each in found] == sorted({number for each in numbers for number in each})
    for each in found:
        citing = [claim for claim in claims if each.reference in claim[0]]
        assert (each.claims, each.verified) == (len(citing), sum(verified for _, verified, _ in citing))
        known = [confidence for _, _, confidence in citing if confidence is not None]
        assert (each.lowest, each.highest) == ((min(known), max(known)) if known else (None, None))


def test_the_csv_holds_every_claim_whole():
    content = claims_csv(load(claims=CLAIMS).record.claims, NUMBERS.__getitem__).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [row["text"] for row in rows] == [each["text"] for each in CLAIMS]
    assert [row["label"] for row in rows] == ["C1", "C2", "C3"]
    assert [row["verified"] for row in rows] == ["True", "False", "True"]
    assert [row["references"] for row in rows] == ["1;2", "", "2"]
    assert [row["confidence"] for row in rows] == ["0.7", "", "0.9"]
    assert "\r" not in content
