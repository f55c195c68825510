"""One report with every chart: none is missing, each is archival, and each brings its values."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO

import pytest

from fixtures import FOLDER
from reportgen.base.settings import Settings
from reportgen.pipeline.build import make_report
from reportgen.pipeline.compose import compose_report
from reportgen.text.tree import DefinitionList, Figure, Table
from reportgen.trust.verify import Comparison, extract, verify
from verapdf.validator import require, validate

RECORD = FOLDER / "every_chart.json"
CHARTS = [
    "fig-spread",
    "fig-forest-1",
    "fig-forest-2",
    "fig-confidence",
    "fig-calibration",
    "fig-evidence",
    "fig-flow",
    "fig-years",
    "fig-reviewers",
]
ROWS = {
    "fig-flow": ["stage,detail,papers", "found,,216"],
    "fig-years": ["year,sources", "2017,1"],
    "fig-spread": ["source,year,score_pct,protocol", "[1] Wei 2017,2017,63.2,5-shot"],
    "fig-forest-1": [
        "source,group,value,lower,upper,n,weight",
        "[1] Wei 2017,images,0.74,0.61,0.9,1200,41.5",
    ],
    "fig-forest-2": ["source,group,value,lower,upper,n,weight", "[2] Okafor 2019,,-0.31,-0.5,-0.12,,"],
    "fig-confidence": ["claim,verdict,confidence", "C1,supported,0.93"],
    "fig-calibration": ["claim,confidence,supported", "C1,0.93,True"],
    "fig-evidence": ["claim,source,stance", "C1,[4] Lindqvist 2020,supports"],
    "fig-reviewers": ["reviewer,score", "methods,8.0"],
}


def composed(folder, **changes):
    record = {**json.loads(RECORD.read_text(encoding="utf-8")), **changes}
    return compose_report(folder / "record.json", Settings(root=folder), raw=json.dumps(record).encode())


def sentences(text):
    """Cut a text into its sentences, without what ends them."""
    return [one.strip(" .") for one in re.split(r"\.\s", text)]


def blocks_of(made):
    return [block for section in made.tree.sections for block in section.blocks]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_chart_is_planned_captioned_and_told_in_other_words(tmp_path, language):
    made = composed(tmp_path, language=language)
    assert [chart.name for chart in made.inputs.figures.printed] == CHARTS
    for chart in made.inputs.figures.printed:
        said, heard = sentences(chart.caption), sentences(chart.alt)
        assert len(heard) > 1
        assert [one for one in said if any(one in other or other in one for other in heard)] == []
        assert any(character.isdigit() for character in chart.caption)
        assert f"report-{chart.name}.csv" in heard[-1]


def test_no_chart_is_lettered_with_a_character_that_has_no_meaning(tmp_path):
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    words = [{**each, "word": f"{each['word']} \ue000"} for each in record["confidence_words"]]
    outcomes = [{**each, "name": f"{each['name']} \ue000"} for each in record["outcomes"]]
    made = composed(tmp_path, confidence_words=words, outcomes=outcomes)
    drawn = [repr(chart.drawing) for chart in made.inputs.figures.printed]
    assert any("U+E000" in each for each in drawn)
    assert [each for each in drawn if "ue000" in each] == []


def test_figures_stand_in_the_order_in_which_they_are_planned(tmp_path):
    made = composed(tmp_path)
    names = [block.id for block in blocks_of(made) if isinstance(block, Figure)]
    assert [name for name in names if name in CHARTS] == CHARTS


def test_what_the_flow_draws_no_list_and_no_table_repeats(tmp_path):
    def pointers(**changes):
        blocks = blocks_of(composed(tmp_path, **changes))
        listed = {item.at for block in blocks if isinstance(block, DefinitionList) for item in block.items}
        return listed | {row.at for block in blocks if isinstance(block, Table) for row in block.rows}

    said = {"/search/papers_retrieved", "/search/screened", "/search/included"}
    assert not said & pointers()
    assert "/search/excluded/0" not in pointers()
    alone = {"screened": 185, "excluded": [{"reason": "no comparison", "n": 150}]}
    assert "/search/excluded/0" in pointers(search=alone)


def test_evidence_that_only_supports_is_not_mapped(tmp_path):
    claims = json.loads(RECORD.read_text(encoding="utf-8"))["claims"]
    for claim in claims:
        claim["evidence"] = [{**each, "stance": "supports"} for each in claim["evidence"]]
    made = composed(tmp_path, claims=claims)
    assert "fig-evidence" not in [chart.name for chart in made.inputs.figures.printed]


def test_only_verdicts_of_people_calibrate(tmp_path):
    claims = json.loads(RECORD.read_text(encoding="utf-8"))["claims"]
    for claim in claims:
        claim["verdict_by"] = {"type": "model"}
    made = composed(tmp_path, claims=claims)
    assert "fig-calibration" not in [chart.name for chart in made.inputs.figures.printed]


def test_every_chart_brings_its_values_and_the_report_is_built_again_from_the_record_alone(compiled):
    path = compiled("every_chart").pdf
    files = extract(path)
    assert {name for name in files if name.startswith("report-fig-")} == {
        f"report-{name}.csv" for name in CHARTS
    }
    for name, rows in ROWS.items():
        text = files[f"report-{name}.csv"].decode()
        assert text.splitlines()[: len(rows)] == rows
        assert len({len(row) for row in csv.reader(StringIO(text))}) == 1
    assert verify(path).outcome is Comparison.IDENTICAL


def test_every_chart_passes_verapdf_in_both_engines(compiled, tmp_path):
    require()
    other = tmp_path / "luatex.pdf"
    other.write_bytes(make_report(RECORD, Settings(root=RECORD.parent, engine="luatex")).pdf)
    verdicts = validate([compiled("every_chart").pdf, other], "3a,ua1")
    assert len(verdicts) == 4
    assert [verdict for verdict in verdicts if not verdict.passed] == []
