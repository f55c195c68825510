from __future__ import annotations

import io
import os
import subprocess
import sys

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

import reportgen
from fixtures import write_record
from logos import svg
from pictures import GREEN, RED, printed, refused, saved, turned_jpeg
from reportgen.base.errors import RecordError
from reportgen.base.settings import Settings
from reportgen.pdf.pictures import PictureError, read_picture
from reportgen.pdf.pictures.raster import LONGEST_SIDE
from reportgen.pipeline.build import build_report, make_report
from reportgen.trust.verify import Comparison, extract, verify
from verapdf.validator import require, validate

PRINTED, REFUSED = printed(), refused()


def picture(name: str, content: bytes | None = None):
    return read_picture("picture-1", f".{name.rpartition('.')[2]}", content or PRINTED[name])


def seen(page: bytes, scale: float = 2):
    with pypdfium2.PdfDocument(page) as document:
        return document[0].render(scale=scale).to_pil().convert("RGB")


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("name", ["plain.jpg", "palette.png", "profile.png"])
def test_colours_stand_where_they_stood(name):
    page = seen(picture(name).pdf)
    left, right = page.getpixel((10, page.height // 2)), page.getpixel((page.width - 10, page.height // 2))
    assert near(left, GREEN)
    assert near(right, RED)


def test_colours_for_print_become_those_of_screens():
    made = picture("cmyk.jpg")
    assert b"DeviceCMYK" not in made.pdf
    assert near(seen(made.pdf).getpixel((10, 10)), GREEN)


def test_what_a_camera_turned_stands_upright():
    made = picture("turned.jpeg")
    assert made.height == 2 * made.width
    page = seen(made.pdf)
    assert near(page.getpixel((page.width // 2, 10)), GREEN)
    assert near(page.getpixel((page.width // 2, page.height - 10)), RED)


def test_sixteen_bits_keep_their_shades():
    page = seen(picture("sixteen-bits.png").pdf)
    middle = page.getpixel((page.width // 2, page.height // 2))[0]
    assert page.getpixel((2, 2))[0] < 20
    assert 100 < middle < 156
    assert page.getpixel((page.width - 3, 2))[0] > 235


def test_what_shines_through_does_so_on_paper():
    with pikepdf.open(io.BytesIO(picture("alpha.png").pdf)) as pdf:
        assert "/SMask" in pdf.pages[0].Resources.XObject.Im


@pytest.mark.parametrize("name", ["plain.jpg", "turned.jpeg"])
def test_what_a_file_tells_of_its_maker_is_left_out(name):
    assert b"SECRET" in PRINTED[name]
    assert b"SECRET" not in picture(name).pdf


def test_a_plain_jpeg_keeps_its_very_pixels():
    with pikepdf.open(io.BytesIO(picture("plain.jpg").pdf)) as pdf:
        raw = pdf.pages[0].Resources.XObject.Im.read_raw_bytes()
    given = Image.open(io.BytesIO(PRINTED["plain.jpg"]))
    assert Image.open(io.BytesIO(raw)).tobytes() == given.tobytes()


def test_more_pixels_than_paper_shows_are_made_fewer():
    large = saved(Image.new("RGB", (LONGEST_SIDE * 2, 100)), "PNG")
    with pikepdf.open(io.BytesIO(picture("large.png", large).pdf)) as pdf:
        assert pdf.pages[0].Resources.XObject.Im.Width == LONGEST_SIDE


@pytest.mark.parametrize("name", ["plot.svg", "plot-type3.pdf", "plot-truetype.pdf"])
def test_a_plot_stays_lines(name):
    made = picture(name)
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        images = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        ]
    assert images == []
    page = seen(made.pdf).convert("L")
    assert page.getextrema()[0] < 60
    # The frame and its title reach all over the page: nothing was drawn beside it.
    left, top, right, bottom = page.point(lambda value: 255 * (value < 200)).getbbox()
    assert left < page.width * 0.2
    assert right > page.width * 0.8
    assert top < page.height * 0.2
    assert bottom > page.height * 0.8


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_printed_is_an_error_that_says_why(name):
    content, said = REFUSED[name]
    with pytest.raises(ValueError, match=said):
        picture(name, content)


def test_the_same_file_makes_the_same_page():
    assert picture("turned.jpeg").pdf == picture("turned.jpeg", turned_jpeg()).pdf


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """A report that shows every picture."""
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "figures").mkdir()
    for name, content in PRINTED.items():
        (folder / "figures" / name).write_bytes(content)
    text = "\n\n".join(f'![{name}](figures/{name} "It shows {name}."){{width=40%}}' for name in PRINTED)
    record = write_record(folder / "record.json", sections=[{"title": "Pictures", "text": text}])
    return build_report(record, Settings(root=folder, output=folder / "out"))


def test_every_picture_is_archival_and_accessible(everything):
    require()
    assert [verdict.failures for verdict in validate([everything.pdf])] == [(), ()]


def test_pictures_travel_inside_and_the_report_is_built_again_with_them(everything):
    files = extract(everything.pdf)
    assert {name: files[f"figures/{name}"] for name in PRINTED} == PRINTED
    assert verify(everything.pdf).outcome is Comparison.IDENTICAL


def test_each_is_a_figure_with_its_words(everything):
    with pikepdf.open(everything.pdf) as pdf:
        alts = {
            str(each.get("/Alt"))
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        }
    assert {f"It shows {name}." for name in PRINTED} <= alts


def test_an_error_names_the_field_that_shows_the_picture(tmp_path):
    (tmp_path / "cut.jpg").write_bytes(REFUSED["cut.jpg"][0])
    figure = {"id": "fig-a", "file": "cut.jpg", "caption": "A."}
    record = write_record(tmp_path / "record.json", figures=[figure])
    with pytest.raises(RecordError) as caught:
        make_report(record, Settings(root=tmp_path))
    (problem,) = (each for each in caught.value.problems if each.level == "error")
    assert problem in reportgen.validate(record, Settings(root=tmp_path))
    assert (problem.code, problem.where.pointer) == ("picture", "/figures/0/file")
    assert problem.where.line
    assert "as JPEG" in problem.hint


@pytest.mark.parametrize(
    ("name", "content", "said", "hint"),
    [
        ("a.png", b"\x89PNG\r\n", "it is damaged", "save it anew: as PNG"),
        ("a.png", PRINTED["plain.jpg"], "its content is that of a JPEG", "save it anew: as PNG"),
        ("a.png", REFUSED["bomb.png"][0], "million pixels", "pixels a side"),
        ("a.svg", REFUSED["text.svg"][0], "<text>", "save it anew: as PDF"),
    ],
    ids=["damaged", "misnamed", "bomb", "text"],  # workers must know them by the same names
)
def test_a_picture_that_cannot_be_printed_says_how_to_save_it(name, content, said, hint):
    with pytest.raises(PictureError, match=said) as caught:
        picture(name, content)
    assert hint in caught.value.hint
    assert "0x" not in str(caught.value)


KINDS = {
    "scatter": lambda axes: (axes.scatter([0, 1, 2], [0, 1, 2]), axes.set_xlim(-0.5, 1)),
    "errorbar": lambda axes: axes.errorbar([1, 2, 3], [1, 2, 3], yerr=0.5, fmt="o", capsize=3),
    "fill": lambda axes: (axes.fill_between([1, 2, 3], [1, 2, 3], [2, 3, 5], alpha=0.3), axes.set_ylim(1, 3)),
    "bar": lambda axes: axes.bar([1, 2, 3], [3, 1, 2], yerr=0.2),
    "box": lambda axes: axes.boxplot([[1, 2, 3, 9], [2, 3, 4, 5]]),
    "mesh": lambda axes: axes.pcolormesh([[1, 2], [3, 4]]),
    "contour": lambda axes: axes.contourf([[1, 2, 5], [3, 4, 1], [0, 2, 2]]),
    "hist": lambda axes: axes.hist([1, 2, 2, 3, 3, 3]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_plot_in_svg_looks_as_it_does_as_pdf(kind):
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    pages = []
    with rc_context({"svg.fonttype": "path"}):
        figure = Figure(figsize=(4, 3))
        KINDS[kind](figure.add_subplot())
        for form in ("svg", "pdf"):
            out = io.BytesIO()
            figure.savefig(out, format=form)
            pages.append(seen(picture(f"a.{form}", out.getvalue()).pdf).resize((200, 150)).convert("L"))
    difference = ImageStat.Stat(ImageChops.difference(*pages))
    assert ImageStat.Stat(pages[1]).extrema[0][0] < 200
    assert difference.mean[0] < 4


@pytest.mark.parametrize(
    "clip",
    [
        '<clipPath id="clip-0"><rect width="100" height="100"/></clipPath>',
        '<clipPath id="clip-0"><path d="M0 0h100v100h-100z"/></clipPath>',
        '<clipPath id="clip-0"><path clip-rule="evenodd" d="M0 0h200v100h-200z M100 0h100v100h-100z"/></clipPath>',
    ],
    ids=["rect", "path", "even-odd"],
)
@pytest.mark.parametrize("clipped", ["g", "rect"])
def test_a_clip_leaves_out_what_lies_outside_it(clip, clipped):
    shape = '<rect width="200" height="100" fill="#c80000" {}/>'
    said = "clip-path=\"url('#clip-0')\""
    inside = shape.format(said) if clipped == "rect" else f"<g {said}>{shape.format('')}</g>"
    page = seen(picture("a.svg", svg(clip + inside)).pdf)
    assert near(page.getpixel((page.width // 4, page.height // 2)), RED)
    assert page.getpixel((page.width * 3 // 4, page.height // 2)) == (255, 255, 255)


def test_a_picture_of_many_pixels_says_nothing_beside(tmp_path):
    code = "from reportgen.pdf.pictures import PictureError, read_picture as r; r('x', '.png', open('many.png', 'rb').read())"
    (tmp_path / "many.png").write_bytes(saved(Image.new("1", (15_000, 6_200)), "PNG"))
    made = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={**os.environ, "REPORTGEN_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        check=True,
    )
    assert made.stderr == b""


def test_letters_that_are_numbered_anew_look_as_they_did():
    given = PRINTED["plot-truetype.pdf"]
    with pikepdf.open(io.BytesIO(given)) as pdf:
        zero = [
            font
            for font in pdf.objects
            if isinstance(font, pikepdf.Dictionary)
            and font.get("/Subtype") == "/CIDFontType2"
            and any(font.CIDToGIDMap.read_bytes()[:2])
        ]
    assert zero
    made = picture("plot-truetype.pdf").pdf
    assert seen(made).tobytes() == seen(given).tobytes()
    with pypdfium2.PdfDocument(made) as document:
        assert "Efficient, fluffy" in document[0].get_textpage().get_text_range()
