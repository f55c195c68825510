from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Name

import tagged_documents as documents
from latex_text import set_text
from reportgen.base.errors import TemplateError, TypesetError
from reportgen.pdf.finish import finish
from reportgen.text.structure import Element
from structure_faults import structure_faults
from tagged_documents import ATTACHMENTS, ENGINES, METADATA, Node, drawn, squeezed

MARK = b"/RG <</MCID %d>> BDC\nBT /F1 12 Tf 20 700 Td (%b) Tj ET\nEMC\n"


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def document(engine):
    return documents.sample_document(engine)


@pytest.fixture(scope="module")
def report_path(document, tmp_path_factory):
    path, report = documents.finished(document, tmp_path_factory.mktemp("finished"))
    assert report.loose_text == ()
    return path


@pytest.fixture(scope="module")
def report(document, tmp_path_factory):
    return documents.finished(document, tmp_path_factory.mktemp("again"))[1]


@pytest.fixture(scope="module")
def structure(report_path):
    return documents.read_structure(report_path.read_bytes())


@pytest.fixture
def pdf(report_path):
    with pikepdf.open(report_path) as opened:
        yield opened


def pages_with(pdf_bytes: bytes, text: str) -> set[int]:
    return {piece.page for piece in documents.text_objects(pdf_bytes) if text in piece.text}


def run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def finish_drawn(raw: bytes, root: Element):
    return finish(raw, root, METADATA, ())


def p(*children: Element | int, **attributes: str) -> Element:
    return Element("P", attributes, children)


def tree(*children: Element | int) -> Element:
    return Element("Document", {}, children)


class TestStructure:
    def test_roles_are_those_of_the_source_in_its_order(self, document, structure):
        source = [role for role, _ in documents.roles_and_leaves(document.numbered.root)]
        assert [node.role for node in structure.walk()] == source
        assert {"H1", "H2", "H3", "LI", "LBody", "TH", "Note", "Formula", "Figure", "BlockQuote"} <= set(
            source
        )

    def test_reading_order_is_the_order_of_the_source(self, document, structure):
        texts = documents.leaf_texts(document.numbered)
        assert len(texts) > 150
        read = squeezed(structure.text)
        position = 0
        for text in texts.values():
            position = read.find(text, position)
            assert position >= 0, text
            position += len(text)

    def test_words_are_apart_within_a_leaf_and_where_lines_and_pages_break(self, report_path):
        spoken = documents.spoken(report_path)
        assert documents.words("three", 900) in spoken
        assert "one29 with emphasis and link0 link1" in spoken
        assert "link14 link15 then two0" in spoken

    def test_rules_are_artifacts(self, report_path):
        marks = documents.strokes(report_path)
        assert len(marks) > 5
        assert set(marks) == {"Artifact"}

    def test_every_text_is_in_a_leaf_or_an_artifact(self, report_path):
        pieces = documents.text_objects(report_path.read_bytes())
        assert len(pieces) > 300
        for piece in pieces:
            assert (piece.mcid >= 0) != ("Artifact" in piece.marks), piece

    def test_no_fault_is_found(self, report_path):
        assert structure_faults(report_path.read_bytes()) == []

    def test_table_rows_have_a_header_cell_and_equal_length(self, structure):
        (table,) = structure.all("Table")
        assert [node.role for node in table.children] == ["THead", "TBody"]
        rows = table.all("TR")
        assert len(rows) == 41
        assert [[cell.role for cell in row.children] for row in rows[1:]] == [["TH", "TD", "TD"]] * 40
        scopes = [cell.layout["Scope"] for row in rows for cell in row.all("TH")]
        assert scopes == ["/Column"] * 3 + ["/Row"] * 40

    def test_repeated_table_head_is_an_artifact(self, report_path, structure):
        pages = pages_with(report_path.read_bytes(), "Confidence")
        assert len(pages) > 1
        (table,) = structure.all("Table")
        assert table.text.count("Confidence") == 1

    def test_a_leaf_over_the_page_end_has_pieces_on_both_pages_and_the_note_stays_apart(self, structure):
        (long,) = [node for node in structure.all("P") if "three0" in node.text]
        assert long.pages == sorted(long.pages)
        assert len(set(long.pages)) > 1
        (note,) = structure.all("Note")
        assert squeezed(note.text) == "What the note says."
        assert "note says" not in long.text

    def test_attributes_reach_the_pdf(self, structure):
        (formula,), (figure,), (note,) = (
            structure.all("Formula"),
            structure.all("Figure"),
            structure.all("Note"),
        )
        assert formula.entries["Alt"] == "a plus b equals the sum of x i"
        assert figure.entries["Alt"] == "Two bars, the red one higher"
        assert note.entries["ID"] == "note-000001"
        assert [node.entries["Lang"] for node in structure.walk() if "Lang" in node.entries] == ["fr"]
        assert [node.entries["T"] for node in structure.all("H2")] == ["Middle", "End"]

    def test_figure_has_the_box_it_is_drawn_in(self, structure):
        (figure,) = structure.all("Figure")
        left, bottom, right, top = figure.layout["BBox"]
        assert (right - left, top - bottom) == pytest.approx((100, 50), abs=0.2)
        assert left == pytest.approx(62.4, abs=1)
        assert 50 < bottom < 800

    def test_roles_unknown_to_pdf_are_mapped(self, pdf):
        assert pdf.Root.StructTreeRoot.RoleMap == {"/Title": Name.P, "/Em": Name.Span, "/Strong": Name.Span}


class TestLinks:
    def test_each_annotation_belongs_to_its_link(self, pdf, document):
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        annotations = [annotation for page in pdf.pages for annotation in page.get("/Annots", ())]
        links = [element for element in document.numbered.root.walk() if element.role == "Link"]
        assert len(annotations) > len(links)
        for annotation in annotations:
            element = parents[int(annotation.StructParent)]
            assert Name.Link == element.S
            assert annotation.objgen in [
                kid.Obj.objgen for kid in element.K if not isinstance(kid, int) and "/Obj" in kid
            ]
            assert annotation.F == 4
            assert "/RG" not in annotation

    def test_tagged_text_used_again_in_the_page_head_is_furniture_there(self, engine, tmp_path):
        link = documents.tag("Link", "address", uri="https://example.org/")
        both = documents.tag("P", f"both {link}", id="both")
        head = f"\\newcommand\\Both{{{both}}}\\renewcommand\\RunningLeft{{\\Both}}\n"
        body = f"{head}\\Both\\par\n{documents.paragraph(documents.words('word', 1500))}"
        path, _ = documents.finished(documents.compose(body, engine), tmp_path)
        with pikepdf.open(path) as pdf:
            assert pages_with(path.read_bytes(), "address") == set(range(len(pdf.pages)))
            assert sum(len(page.get("/Annots", ())) for page in pdf.pages) == 1
        assert structure_faults(path.read_bytes()) == []

    def test_a_link_broken_over_lines_is_one_element(self, structure):
        (link,) = [node for node in structure.all("Link") if "link0" in node.text]
        assert squeezed(link.text) == documents.words("link", 16)
        assert len(link.annotations) > 1
        address = "https://example.org/a_b%20c#d&e~f$%28g%29%5Ch"
        assert {target for target, _ in link.annotations} == {address}

    def test_links_say_where_they_lead(self, structure):
        said = {link.annotations[0][1] for link in structure.all("Link")}
        assert said == {"An address", "Reference 1", "#claim-3"}

    def test_a_link_over_a_page_end_leaves_the_page_head_alone(self, engine, tmp_path):
        link = documents.tag("Link", documents.words("word", 1500), uri="https://example.org/")
        head = "\\renewcommand\\RunningLeft{Words of the page head}\n"
        document = documents.compose(head + documents.paragraph("See ", link, "."), engine)
        path, _ = documents.finished(document, tmp_path)
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) > 1
            for page in pdf.pages:
                rows = [(float(annotation.Rect[1]), float(annotation.Rect[3])) for annotation in page.Annots]
                assert len(rows) > 5
                assert max(top for _, top in rows) < float(page.MediaBox[3]) - 65
                assert min(bottom for bottom, _ in rows) > 75


class TestNavigation:
    def test_every_id_is_a_named_place(self, pdf, document):
        ids = {e.attributes["id"] for e in document.numbered.root.walk() if "id" in e.attributes}
        assert "claim-39" in ids
        places = pikepdf.NameTree(pdf.Root.Names.Dests)
        assert ids == set(places)
        for name in ids:
            page, kind, _, top, _ = places[name].D
            assert page.Type == Name.Page
            assert kind == Name.XYZ
            assert 40 < float(top) < 830

    def test_a_place_stands_above_its_text(self, report_path, pdf):
        place = pikepdf.NameTree(pdf.Root.Names.Dests)["ref-1"].D
        page = [page.obj.objgen for page in pdf.pages].index(place[0].objgen)
        words = run(
            "pdftotext", "-bbox", "-f", str(page + 1), "-l", str(page + 1), report_path, "-"
        ).splitlines()
        (line,) = [line for line in words if ">reference.<" in line]
        height = float(pdf.pages[page].MediaBox[3])
        top = height - float(line.split('yMin="')[1].split('"')[0])
        assert 0 < float(place[3]) - top < 15

    def test_outline_nests_as_the_headings(self, pdf):
        with pdf.open_outline() as outline:
            (beginning,) = outline.root
            assert beginning.title == "Beginning"
            assert [item.title for item in beginning.children] == ["Middle", "End"]
            (table,) = beginning.children[0].children
            assert (table.title, str(table.destination)) == ("Table", "table")
            assert beginning.children[0].destination[0].Type == Name.Page  # no id: its page

    def test_catalogue_says_how_to_show_and_read_the_document(self, pdf):
        assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
        assert pdf.Root.MarkInfo.Marked is True
        assert pdf.Root.Lang == "en"
        assert pdf.pages[1].label == "2"
        assert {page.Tabs for page in pdf.pages} == {Name.S}
        assert pdf.pdf_version == "1.7"


class TestText:
    def test_copied_text_has_its_words(self, report_path):
        poppler = subprocess.run(
            ["pdftotext", report_path, "-"], capture_output=True, text=True, check=True
        ).stdout
        expected = documents.words("three", 100)
        assert expected in squeezed(poppler)
        assert "The one reference." in poppler
        pdfium = squeezed("".join(piece.text for piece in documents.text_objects(report_path.read_bytes())))
        assert expected in pdfium

    def test_right_to_left_and_east_asian_text_is_copied_in_logical_order(self, tmp_path):
        hebrew, arabic = "שלום עולם גדול", "السلام عليكم يا صديقي"
        chinese = "数据表明可信度与样本数量有关"
        body = "".join(
            documents.paragraph(set_text(text)) for text in ("Latin words.", hebrew, arabic, chinese)
        )
        document = documents.compose(body, "auto")
        assert document.engine == "luatex"
        path, report = documents.finished(document, tmp_path)
        poppler = run("pdftotext", path, "-")
        pdfium = documents.page_text(path.read_bytes())
        for text in ("Latin words.", hebrew, arabic, chinese):
            assert text in poppler
            assert text in pdfium
        assert structure_faults(path.read_bytes()) == []
        assert report.loose_text == ()

    def test_a_divided_word_is_not_torn_apart(self, engine, tmp_path):
        text = " ".join(["interna\\-tionali\\-sation character\\-istically, then"] * 30)
        narrow = "\\pretolerance=-1\\hyphenpenalty=0\\exhyphenpenalty=0\\hsize=50mm "
        path, _ = documents.finished(documents.compose(narrow + documents.paragraph(text), engine), tmp_path)
        assert "\u00ad\n" in run("pdftotext", "-raw", path, "-")
        assert text.replace("\\-", "") in run("pdfinfo", "-struct-text", path).replace("\u00ad", "")

    def test_a_word_broken_without_hyphen_is_not_torn_apart(self, engine, tmp_path):
        joint = "\\TagJoint\\penalty300\\hskip0pt plus 0.5em\\relax "
        body = documents.paragraph("Starting ", joint.join(["abcdefgh/"] * 40), " end")
        path, _ = documents.finished(documents.compose(body, engine), tmp_path)
        assert documents.spoken(path) == f"Starting {'abcdefgh/' * 40} end"

    def test_spaces_at_a_change_of_font_are_shown(self, engine, tmp_path):
        text = (
            "one \\textbf{two} three {\\small four} {\\color{accent}five} six\\enspace\\mbox{seven}\\enspace"
        )
        document = documents.compose(documents.paragraph(f"{text} eight"), engine)
        path, _ = documents.finished(document, tmp_path)
        assert documents.spoken(path) == "one two three four five six seven eight"


class TestIdentity:
    def test_same_input_gives_the_same_bytes(self, document, report_path, tmp_path):
        assert documents.finished(document, tmp_path, "other.pdf")[0].read_bytes() == report_path.read_bytes()

    def test_a_path_and_its_bytes_give_the_same(self, document, report_path, tmp_path):
        raw = tmp_path / "raw.pdf"
        raw.write_bytes(document.raw)
        again = finish(raw, document.numbered.root, METADATA, ATTACHMENTS)
        assert again.pdf == report_path.read_bytes()

    def test_another_title_gives_another_id(self, document, report_path):
        renamed = replace(METADATA, title="Another")
        other = finish(document.raw, document.numbered.root, renamed, ATTACHMENTS)
        with pikepdf.open(io.BytesIO(other.pdf)) as one, pikepdf.open(report_path) as two:
            assert one.trailer.ID != two.trailer.ID

    def test_nothing_tells_of_the_machine_it_was_made_on(self, document, report_path, pdf):
        content = pdf.Root.Metadata.read_bytes() + report_path.read_bytes() + str(pdf.trailer.Info).encode()
        assert b"reportgen 0.0" in content
        for trace in (b"/usr", b"/tmp", b"PTEX", b"TeX Live", b"/home"):
            assert trace not in content

    def test_the_words_of_all_pages_have_tags(self, report, report_path):
        assert report.pdf == report_path.read_bytes()
        assert report.loose_text == ()


class TestFaults:
    def test_a_lost_leaf_is_an_error_that_names_its_field(self):
        root = tree(p(0), p(1, at="/claims/7/text"))
        with pytest.raises(TypesetError) as caught:
            finish_drawn(drawn(MARK % (0, b"here")), root)
        (problem,) = caught.value.problems
        assert problem.code == "tag-count"
        assert problem.where.pointer == "/claims/7/text"
        assert "is not in the PDF" in problem.message

    def test_a_leaf_inside_an_artifact_is_lost(self):
        with pytest.raises(TypesetError, match="not in the PDF"):
            finish_drawn(drawn(b"/Artifact BMC\n" + MARK % (0, b"x") + b"EMC"), tree(p(0)))

    def test_a_doubled_leaf_is_an_error(self):
        with pytest.raises(TypesetError, match="2 times"):
            finish_drawn(drawn(MARK % (0, b"here"), MARK % (0, b"there")), tree(p(0)))

    def test_a_leaf_nobody_knows_is_an_error(self):
        with pytest.raises(TypesetError, match="mark 5"):
            finish_drawn(drawn(MARK % (0, b"a") + MARK % (5, b"b")), tree(p(0)))

    @pytest.mark.parametrize(
        ("stream", "message"),
        [
            (b"EMC\n", "ends before it begins"),
            (b"/Artifact BMC\n0 0 9 9 re f\n", "an artifact does not end"),
            (b"/Span <</Lang (en)>> BDC\n" + MARK % (0, b"x") + b"EMC", "inside a mark of another package"),
        ],
    )
    def test_unbalanced_marks_are_errors(self, stream, message):
        with pytest.raises(TypesetError, match=message):
            finish_drawn(drawn(stream), tree(p(0)))

    def test_a_missing_place_is_an_error(self):
        with pytest.raises(TypesetError, match="named places nowhere"):
            finish_drawn(drawn(MARK % (0, b"x")), tree(p(0, id="nowhere")))

    @pytest.mark.parametrize("leaf", [0, 9])
    def test_an_annotation_that_is_no_link_of_the_tree_is_an_error(self, leaf):
        with pytest.raises(TypesetError, match="belongs to no link"):
            finish_drawn(drawn(MARK % (0, b"x"), links={leaf: "https://example.org/"}), tree(p(0)))

    def test_words_outside_the_structure_are_reported_by_page(self):
        loose = MARK % (1, b"in") + b"BT /F1 9 Tf 9 9 Td (out) Tj ET\n"
        raw = drawn(MARK % (0, b"in"), loose, b"/Artifact BMC\nBT (head) Tj ET\nEMC\nBT ( ) Tj ET")
        assert finish_drawn(raw, tree(p(0), p(1))).loose_text == (2,)

    @pytest.mark.parametrize("raw", [b"", b"%PDF-1.7 and nothing", Path("nowhere.pdf")])
    def test_an_unreadable_pdf_is_an_error(self, raw):
        with pytest.raises(TypesetError, match="cannot be read"):
            finish(raw, tree(p(0)), METADATA, ())

    def test_a_tree_against_the_rules_is_refused_before_the_pdf_is_read(self):
        with pytest.raises(TemplateError, match="alternative text"):
            finish(b"", tree(Element("Figure", {}, (0,))), METADATA, ())


class TestSmallTrees:
    def test_images_get_the_box_of_all_that_is_drawn(self):
        raw = io.BytesIO()
        with pikepdf.open(io.BytesIO(drawn(b""))) as pdf:
            image = pdf.make_stream(b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
            image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
            form = pdf.make_stream(b"0 0 1 1 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
            form.Matrix, form.StructParents, form.StructParent = [2, 0, 0, 2, 0, 0], 3, 4
            pdf.pages[0].Resources.XObject = pikepdf.Dictionary(Im=image, Fm=form)
            pdf.pages[0].Contents = pdf.make_stream(
                b"/RG <</MCID 0>> BDC\nq 30 0 0 40 100 200 cm /Im Do Q\nq 10 0 0 10 50 210 cm /Fm Do Q\nEMC\n"
                b"/RG <</MCID 1>> BDC\n0 0 5 5 re f\nEMC\n/RG <</MCID 2>> BDC\n/Im Do\nEMC\n"
            )
            pdf.save(raw)
        figures = (Element("Figure", {"alt": "both"}, (0,)), Element("Figure", {"alt": "path"}, (1,)))
        finished = finish_drawn(raw.getvalue(), tree(*figures, p(2))).pdf
        both, path, _ = documents.read_structure(finished).children
        assert both.layout["BBox"] == [50, 200, 130, 240]
        assert "BBox" not in path.layout
        with pikepdf.open(io.BytesIO(finished)) as pdf:
            assert not {"/StructParent", "/StructParents"} & pdf.pages[0].Resources.XObject.Fm.keys()

    def test_an_empty_element_stays_in_the_tree(self):
        report = finish_drawn(drawn(MARK % (0, b"x")), tree(p(0), Element("TD", {}, ())))
        read = documents.read_structure(report.pdf)
        assert [child.role for child in read.children] == ["P", "TD"]

    def test_a_pdf_without_headings_links_or_attachments_is_finished(self):
        report = finish_drawn(drawn(MARK % (0, b"x")), tree(p(0)))
        with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
            assert "/Annots" not in pdf.pages[0]
            assert "/Dests" not in pdf.Root.get("/Names", {})
            assert "/AF" not in pdf.Root
            assert "/Outlines" not in pdf.Root or "/First" not in pdf.Root.Outlines

    @settings(max_examples=25)
    @given(st.text(max_size=30))
    def test_any_text_can_be_an_alternative_and_a_title(self, text):
        raw = drawn(MARK % (0, b"x"))
        root = tree(Element("Formula", {"alt": text, "lang": "he"}, (0,)))
        report = finish(raw, root, replace(METADATA, title=text), ())
        with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
            alternative = str(pdf.Root.StructTreeRoot.K.K[0].Alt)
            assert alternative == str(pdf.trailer.Info.get("/Title", ""))


def test_reader_of_structure_sees_what_is_there(structure):
    assert isinstance(structure, Node)
    assert len(structure.text) > 3000
