"""One number has one printed form in tables, sentences and charts."""

from __future__ import annotations

import json
import re

import pytest

from fixtures import source
from minimal_record import claim, minimal
from reportgen.base.settings import Settings
from reportgen.latex.render import render_body
from reportgen.pipeline import build


class EndError(Exception):
    """The body is rendered; what follows says the same numbers."""


@pytest.fixture(scope="module")
def body_of(tmp_path_factory):
    """Take a changed minimal record through every stage before the choice of fonts."""
    folder = tmp_path_factory.mktemp("numbers")

    def render(**changes):
        bodies = []

        def keep(*arguments):
            bodies.append(render_body(*arguments).numbered.tex)
            raise EndError

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(build, "render_body", keep)
            raw = json.dumps(minimal(**changes)).encode()
            with pytest.raises(EndError):
                build.make_report(folder / "record.json", Settings(root=folder), raw=raw)
        return bodies[0].replace("\\textless{}", "<").replace("\\textgreater{}", ">")

    return render


DRAWN = re.compile(r"\\Gauge\{.*?mm\}\{.*?mm\}\{.*?\}\{(?:\\GaugeMark(?:\{[^{}]*\})+)*\}")


def confidences(tex):
    """Find the numbers from 0 to 1 that have two decimals or more, each with the sign before it.

    What is drawn says nothing by its coordinates.
    """
    assert DRAWN.search(tex)
    return set(re.findall(r"(?<![\d.,])[<>]?[01][.,]\d{2,}", DRAWN.sub("", tex)))


def review(*scores):
    mean = sum(scores) / len(scores)
    return {"score": mean, "reviewers": [{"role": f"r{n}", "score": s} for n, s in enumerate(scores)]}


def test_a_confidence_just_below_the_threshold_is_below_it_everywhere(body_of):
    claims = [claim(confidence=0.79996, verified=False)] * 5
    body = body_of(claims=claims, confidence_threshold=0.8)
    assert body.count("<0.8000") >= 7  # five claims, brief, caption
    assert not re.search(r"(?<!<)0\.8000", body)


def test_a_score_just_below_a_tier_is_below_it_everywhere(body_of):
    body = body_of(claims=[claim(confidence=0.5)], review=review(7.4999, 7.4999))
    assert body.count("7.49") >= 4  # strip, side, appendix, chart
    assert not re.search(r"\b7\.50(?!mm)", body)


def test_near_certainty_is_not_certainty_in_any_place(body_of):
    body = body_of(claims=[claim(confidence=0.99999), claim("More.", confidence=0.00001)])
    assert {"<1.0000", ">0.0000"} <= confidences(body)
    assert not re.search(r"(?<!<)1\.00|(?<!>)0\.000", body)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("value", [0.5, 0.075, 0.12345, 0.79996, 0.80004, 0.99999, 0.00001])
def test_a_value_has_one_form_in_every_place(body_of, value, language):
    body = body_of(claims=[claim(confidence=value)], language=language, confidence_threshold=0.8)
    assert len(confidences(body) - {"0.80", "0,80"}) == 1


def test_claims_without_any_confidence_have_no_column_for_it(body_of):
    column = "{Confidence and verdict}"
    assert column not in body_of(claims=[claim(), claim("b")])
    assert column in body_of(claims=[claim(confidence=0.4), claim("b")])


def test_a_median_over_a_group_of_claims_has_no_more_decimals_than_it_needs(body_of):
    values = (0.52, 0.66, 0.07, 0.16)
    claims = [
        claim(confidence=value, verified=False, sources=[f"source{int(value > 0.5)}"]) for value in values
    ]
    found = confidences(body_of(claims=claims, sources=[source(0), source(1)]))
    assert {"0.59", "0.115"} <= found
    assert not any(number.endswith("00") for number in found)
