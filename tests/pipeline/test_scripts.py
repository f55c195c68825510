"""Scripts that are shaped: what stands on the page is what HarfBuzz makes of each word, in five places of a report."""

from __future__ import annotations

import json
import re
import subprocess
from itertools import pairwise

import pytest

from drawn_glyphs import drawn, shaped, times_drawn
from fixtures import source
from minimal_record import claim, minimal
from reportgen.base.errors import Level, RecordError
from reportgen.base.settings import find_settings
from reportgen.pdf.text_check import extract_text
from reportgen.pipeline.build import make_report
from reportgen.text import syllables
from reportgen.text.faces import face_for, installed_faces, script_faces, unprintable
from reportgen.text.syllables import UNSPACED, break_places
from script_lines import LINES
from verapdf.validator import require, validate

PLACES = 5
"""Title, claim, section, table cell and reference."""
SHAPED_HERE = [name for name in LINES if name not in {"Arabic", "Hebrew"}]


def record(folder, name="record", lines=LINES):
    """Write a record with every line in five places."""
    texts = list(lines.values())
    rows = "\n".join(f"| {number} | {text} |" for number, text in enumerate(texts))
    path = folder / f"{name}.json"
    made = minimal(
        title=" · ".join(texts),
        claims=[claim(text, sources=[source(number, title=text)]) for number, text in enumerate(texts, 1)],
        sections=[{"title": text, "text": text} for text in texts]
        + [{"title": "Table", "text": f"| n | line |\n|---|---|\n{rows}\n"}],
    )
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripts")
    report = make_report(record(folder), find_settings(folder))
    path = folder / "report.pdf"
    path.write_bytes(report.pdf)
    return path


def words_of(line):
    """Yield what a line is shaped in: words, and in scripts without blanks what no line break parts."""
    for word in re.findall(r"[^\W\d_][^\s?,।།؟]*", line):
        if UNSPACED.fullmatch(word):
            places = [0, *break_places(word), len(word)]
            yield from (word[start:end] for start, end in pairwise(places))
        else:
            yield word


@pytest.mark.parametrize("name", SHAPED_HERE)
def test_every_word_is_drawn_as_harfbuzz_shapes_it(built, name):
    glyphs = drawn(built)
    faces = script_faces(name).files
    for word in words_of(LINES[name]):
        times = sum(times_drawn(shaped(face.path, word), glyphs.get(face.path.stem, ())) for face in faces)
        assert times >= PLACES, (word, times)


def test_arabic_words_are_joined_as_harfbuzz_joins_them(built):
    face = installed_faces()["Amiri-Regular.ttf"]
    glyphs = drawn(built)["Amiri-Regular"]
    for word in words_of(LINES["Arabic"]):
        assert times_drawn(shaped(face.path, word), glyphs) >= PLACES, word


def test_hebrew_letters_stand_from_right_to_left(built):
    glyphs = drawn(built)["FreeSerif"]
    for word in words_of(LINES["Hebrew"]):
        assert times_drawn(shaped(face_for("א").path, word), glyphs) >= PLACES, word


def read_text(*command):
    return re.sub(r"\s+", "", subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("name", SHAPED_HERE)
def test_readers_find_the_line_as_it_is_written(built, name):
    wanted = re.sub(r"\s+", "", LINES[name])
    assert read_text("pdftotext", "-raw", str(built), "-").count(wanted) >= PLACES - 1
    assert re.sub(r"\s+", "", extract_text(built.read_bytes())).count(wanted) >= PLACES


def test_it_is_an_archival_and_accessible_pdf(built):
    require()
    assert [verdict.failures for verdict in validate([built])] == [(), ()]


EMOJI = "Family 👨‍👩‍👧 flags 🇫🇷🏴󠁧󠁢󠁳󠁣󠁴󠁿 thumb 👍🏽 keycap 1️⃣ heart ❤️ or ❤︎ end."


def test_joined_emoji_are_read_whole_and_no_line_parts_them(tmp_path):
    claims = [claim(f"{'x' * length} {EMOJI}") for length in range(1, 60, 6)]
    path = tmp_path / "record.json"
    path.write_text(json.dumps(minimal(claims=claims)), encoding="utf-8")
    report = make_report(path, find_settings(tmp_path))
    (tmp_path / "report.pdf").write_bytes(report.pdf)
    read = subprocess.run(
        ["pdftotext", tmp_path / "report.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    for sign in EMOJI.split()[1::2]:
        assert read.count(sign) >= len(claims), sign


UNKNOWN = "\U0001fac3\U00031350\U00013450\ue000\u0378"


def test_what_no_font_has_is_a_number_in_a_frame_with_a_warning(tmp_path):
    path = tmp_path / "record.json"
    unknown = "".join(unprintable(UNKNOWN))
    assert len(unknown) >= 3
    path.write_text(json.dumps(minimal(claims=[claim(f"Here {unknown} it is.")])), encoding="utf-8")
    report = make_report(path, find_settings(tmp_path))
    told = [problem for problem in report.problems if problem.code == "missing-glyph"]
    assert [(each.level, each.where.pointer) for each in told] == [(Level.WARNING, "/claims/0/text")]
    assert f"Here{unknown}itis." in re.sub(r"\s", "", extract_text(report.pdf))
    (tmp_path / "report.pdf").write_bytes(report.pdf)
    require()
    assert [verdict.failures for verdict in validate([tmp_path / "report.pdf"])] == [(), ()]
    with pytest.raises(RecordError, match="missing-glyph"):
        make_report(path, find_settings(tmp_path), strict=True)


PARAGRAPHS = {
    "Thai": "การนอนหลับพักผ่อนอย่างเพียงพอช่วยให้สมองจัดเก็บความทรงจำได้ดีขึ้นและช่วยให้เรียนรู้สิ่งใหม่ได้เร็วขึ้น",
    "Khmer": "ការគេងគ្រប់គ្រាន់ជួយឱ្យខួរក្បាលរក្សាទុកការចងចាំបានល្អប្រសើរនិងរៀនអ្វីថ្មីបានលឿនជាងមុន",
    "Myanmar": "လုံလောက်စွာအိပ်စက်ခြင်းသည်ဦးနှောက်အားမှတ်ဉာဏ်များကိုပိုမိုကောင်းမွန်စွာသိမ်းဆည်းနိုင်ရန်ကူညီသည်",
    "Lao": "ການນອນຫຼັບພັກຜ່ອນໃຫ້ພຽງພໍຊ່ວຍໃຫ້ສະໝອງເກັບຄວາມຊົງຈຳໄດ້ດີຂຶ້ນ",
    "Tibetan": "གཉིད་འདང་ངེས་ཤིག་ཉལ་ན་ཀླད་པས་དྲན་པ་ལེགས་པར་ཉར་ཚགས་བྱེད་ཐུབ་པ་དང་",
}


@pytest.mark.parametrize("dictionary", [True, False])
def test_long_paragraphs_without_blanks_stay_inside_the_margins(tmp_path, monkeypatch, dictionary):
    if not dictionary:
        monkeypatch.setattr(syllables, "dictionary_places", lambda _: None)
    path = tmp_path / "record.json"
    sections = [{"title": name, "text": text * 8} for name, text in PARAGRAPHS.items()]
    path.write_text(json.dumps(minimal(sections=sections)), encoding="utf-8")
    report = make_report(path, find_settings(tmp_path))
    assert [problem for problem in report.problems if problem.code == "overfull"] == []
