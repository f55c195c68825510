from __future__ import annotations

from collections import Counter

import pikepdf
import pytest

from fixtures import write_record
from page_text import read
from pictures import printed
from reportgen import validate
from reportgen.base.errors import Level
from reportgen.base.settings import Settings
from reportgen.content.exhibits import TEXT_WIDTH_MM
from reportgen.pipeline.batch.inputs import names_in
from reportgen.pipeline.build import build_report
from reportgen.pipeline.compose import compose_report
from reportgen.text.inline import plain_text
from reportgen.text.report import blocks_in
from reportgen.text.tree import CrossReference, Figure, Paragraph, Table
from verapdf.validator import require
from verapdf.validator import validate as archival

CSV = "Study,n,Effect\nWei 2022,1200,0.456\nLund 2023,80,1.2\nX,,\n"
OWN = {
    "tables": [
        {
            "id": "tbl-own",
            "file": "own.csv",
            "caption": "The *studies*.",
            "note": "Made up.",
            "columns": ["Study", {"name": "Effect", "heading": "Size", "decimals": 2}],
        }
    ],
    "figures": [{"id": "fig-own", "file": "own.svg", "caption": "Shapes.", "alt": "Green", "width": "50%"}],
}


def project(folder, text: str, **changes):
    (folder / "own.csv").write_text(CSV)
    (folder / "wide.csv").write_text(
        "\n".join([",".join(f"c{number}" for number in range(40)), ",".join(["1234567"] * 40)])
    )
    (folder / "own.svg").write_bytes(printed()["shapes.svg"])
    record = write_record(folder / "record.json", sections=[{"title": "T", "text": text}], **(OWN | changes))
    return record, Settings(root=folder, output=folder / "out")


def blocks(folder, text: str, kind: type, **changes):
    tree = compose_report(*project(folder, text, **changes)).tree
    return [
        block
        for block in blocks_in(tree.sections)
        if isinstance(block, kind) and (kind is not Table or block.caption)
    ]


def test_a_caption_keeps_the_words_of_every_block(tmp_path):
    caption = (
        "# Head\n\nWords^[Noted.]\n\n- one\n\n```\ncode\n```\n\n$$x$$\n\nTerm\n: Value\n\n| a |\n|---|\n| 1 |"
    )
    (table,) = blocks(tmp_path, "Text.", Table, tables=[{**OWN["tables"][0], "caption": caption}])
    said = "Head Words1 one code $$x$$ Term Value a 1 1 Noted. Made up."
    assert plain_text(table.caption) == said


def test_a_table_prints_the_columns_that_are_chosen(tmp_path):
    (table,) = blocks(tmp_path, "Text.", Table)
    assert [plain_text(column.heading) for column in table.columns] == ["Study", "Size"]
    assert [column.align for column in table.columns] == ["left", "right"]
    assert [[plain_text(cell) for cell in row.cells] for row in table.rows] == [
        ["Wei 2022", "0.46"],
        ["Lund 2023", "1.20"],
        ["X", ""],
    ]
    assert plain_text(table.caption) == "The studies. Made up."
    assert table.label == "Table 1."


def test_numbers_that_are_not_rounded_stand_as_they_are(tmp_path):
    tables = blocks(tmp_path, "![All](own.csv)", Table)
    assert [plain_text(row.cells[1]) for row in tables[0].rows] == ["1200", "80", ""]


def test_what_no_text_places_stands_at_the_end(tmp_path):
    (figure,) = [
        each for each in blocks(tmp_path, "![](#tbl-own)\n\nLast words.", Figure) if each.id == "fig-own"
    ]
    assert (figure.alt, figure.width) == ("Green", TEXT_WIDTH_MM / 2)
    tree = compose_report(*project(tmp_path, "![](#tbl-own)\n\nLast words.")).tree
    order = [block for block in blocks_in(tree.sections) if isinstance(block, (Paragraph, Table, Figure))]
    ids = [block.id or plain_text(getattr(block, "content", "")) for block in order]
    assert ids.index("tbl-own") < ids.index("Last words.") < ids.index("fig-own")


def test_references_print_numbers_and_lead_there(tmp_path):
    record, settings = project(tmp_path, "See @tbl-own, [@fig-own] and @eq-a.\n\n$$a+b$$ {#eq-a}")
    built = build_report(record, settings)
    assert "See Table 1, Figure 1 and Equation (1)." in " ".join(read(built.pdf).split())
    tree = compose_report(record, settings).tree
    links = [
        part.anchor
        for block in blocks_in(tree.sections)
        if isinstance(block, Paragraph)
        for part in block.content
        if isinstance(part, CrossReference)
    ]
    assert links == ["tbl-own", "fig-own", "eq-a"]


@pytest.mark.parametrize(
    ("text", "changes", "code"),
    [
        ("![x](none.png)", {}, "image-missing"),
        ("![](#fig-none)", {}, "image-missing"),
        ("Text.", {"figures": [{"id": "fig-own", "file": "own.svg", "caption": "A."}]}, "figure-without-alt"),
        ("![A caption.](own.svg)", {}, "figure-without-alt"),
        ("# H {#tbl-own}", {}, "anchor-twice"),
        ("![](#fig-own)\n\n![](#fig-own)", {}, "placed-twice"),
        ("![](#tbl-own)", {"summary": "In brief.\n\n![](#tbl-own)"}, "placed-twice"),
        ("![Wide.](wide.csv)", {}, "table-too-wide"),
        ("See [@fig-none].", {}, "reference-leads-nowhere"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, text, changes, code):
    assert code in [problem.code for problem in validate(*project(tmp_path, text, **changes))]


@pytest.mark.parametrize(
    "image",
    [
        '![A.](own.svg "Green")',
        "![A.](own.svg){alt='Green'}",
        "![A.](own.csv)",
        "![A.](none.svg)",
        "![](#fig-own), see @fig-own and [](#fig-own)",
    ],
)
def test_a_figure_with_words_for_those_who_do_not_see_it_is_none_without(tmp_path, image):
    codes = [problem.code for problem in validate(*project(tmp_path, image))]
    assert not {"figure-without-alt", "placed-twice"} & set(codes)


@pytest.mark.parametrize("name", ["tbl-none", "fig-none"])
def test_an_exhibit_that_is_not_there_is_a_warning_and_a_reference_to_it_an_error(tmp_path, name):
    text = f"Before ![](#{name}) behind, @{name}."
    record, settings = project(tmp_path, text)
    problems = {problem.code: problem.level for problem in validate(record, settings)}
    assert problems["image-missing"] is Level.WARNING
    assert "reference-leads-nowhere" not in problems
    assert f"Before ![](#{name}) behind, @{name}." in " ".join(
        read(build_report(record, settings).pdf).split()
    )
    problems = {problem.code: problem.level for problem in validate(*project(tmp_path, f"[@{name}]"))}
    assert problems["reference-leads-nowhere"] is Level.ERROR


def test_an_image_that_is_not_there_is_printed_as_it_stands(tmp_path):
    built = build_report(*project(tmp_path, "Before ![a *word*](none.png){#fig-x width=60%} behind."))
    assert "Before ![a *word*](none.png){#fig-x width=60%} behind." in " ".join(read(built.pdf).split())


def test_a_run_over_many_records_knows_the_files_that_they_show(tmp_path):
    record, _ = project(tmp_path, "![x](figures/a.png 'T') [l](b.pdf) ![y](https://example.org/c.png)")
    assert {"own.csv", "own.svg", "figures/a.png"} <= set(names_in(record, record.read_bytes()))
    assert not [name for name in names_in(record, record.read_bytes()) if "://" in name]


def test_a_rounded_number_keeps_its_plus_and_has_a_minus(tmp_path):
    column = {"name": "n", "decimals": 1}
    (tmp_path / "signs.csv").write_text("n\n+1.54\n-2.25\n−0.125\n3\n", encoding="utf-8")
    own = {"id": "tbl-own", "file": "signs.csv", "caption": "Signs", "columns": [column], "note": "Made up"}
    (table,) = blocks(tmp_path, "![](#tbl-own)", Table, tables=[own | {"source": "doi:10.1000/xyz123"}])
    assert [plain_text(each.cells[0]) for each in table.rows] == ["+1.5", "−2.3", "−0.1", "3.0"]
    assert table.columns[0].align == "right"
    assert plain_text(table.caption).startswith("Signs. Made up. ")


@pytest.mark.parametrize("nothing", ["", "n.a.", "n. a.", "N/A", "NA", "–", "-", "NaN"])
def test_numbers_stand_to_the_right_and_have_a_minus_where_some_are_missing(tmp_path, nothing):
    lines = ["name,n", "a-b,-0.35", "c,1e-5", f'd,"{nothing}"']
    (tmp_path / "some.csv").write_text("\n".join(lines), encoding="utf-8")
    (table,) = blocks(
        tmp_path, "![](#tbl-own)", Table, tables=[{**OWN["tables"][0], "file": "some.csv", "columns": []}]
    )
    assert [column.align for column in table.columns] == ["left", "right"]
    cells = [plain_text(cell) for row in table.rows for cell in row.cells]
    assert cells == ["a-b", "\u22120.35", "c", "1e\u22125", "d", nothing]


def test_a_column_with_words_or_with_dashes_alone_stands_to_the_left(tmp_path):
    (tmp_path / "some.csv").write_text("n,m\n1,-\nfew,-\n", encoding="utf-8")
    (table,) = blocks(
        tmp_path, "![](#tbl-own)", Table, tables=[{**OWN["tables"][0], "file": "some.csv", "columns": []}]
    )
    assert [column.align for column in table.columns] == ["left", "left"]


def test_the_source_of_a_table_or_a_figure_is_a_reference_though_nothing_else_names_it(tmp_path):
    own = {"id": "fig-own", "file": "own.svg", "caption": "A.", "alt": "a", "source": "doi:10.1000/xyz123"}
    (figure,) = blocks(tmp_path, "![](#fig-own)", Figure, figures=[own])
    assert plain_text(figure.caption) == "A. [1]"
    record, settings = project(tmp_path, "Words.", figures=[own | {"source": "nowhere"}])
    assert "/figures/0/source" in [problem.where.pointer for problem in validate(record, settings)]


@pytest.mark.parametrize(
    "text",
    [
        "![A.](own.svg)\n\n![B.](own.svg)",
        "[before ![A.](own.svg) behind](https://example.org)",
        "*[![A.](own.svg)](https://example.org)*",
    ],
    ids=["twice", "in-a-link", "alone-in-a-link"],
)
def test_a_picture_may_stand_twice_and_in_a_link(tmp_path, text):
    record, settings = project(tmp_path, text)
    build_report(record, settings)
    captions = [plain_text(figure.caption) for figure in blocks(tmp_path, text, Figure)]
    # Behind those of the text stands the record's own, which no text places.
    assert captions == [*["A.", "B."][: text.count("own.svg")], "Shapes."]


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_a_head_holds_what_other_cells_hold_on_every_page_of_its_table(tmp_path, engine):
    heads = "Effect $d$ [@doi:10.1000/xyz123]^[A note.] | [Link](https://example.org) `code`"
    text = f"| {heads} |\n|---|---|\n" + "| $e$ | 2 |\n" * 120
    own = {**OWN["tables"][0], "columns": [{"name": "Study", "heading": "Study $s_1$"}]}
    record, settings = project(tmp_path, text, tables=[own])
    built = build_report(record, settings.model_copy(update={"engine": engine}))
    assert read(built.pdf).count("Link code") > 2
    with pikepdf.open(built.pdf) as pdf:
        roles = Counter(str(each.get("/S")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary))
    assert roles["/Formula"] == 122
    require()
    assert [verdict.failures for verdict in archival([built.pdf])] == [(), ()]
