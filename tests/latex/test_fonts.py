from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from few_faces import ARABIC, HAN, LATIN, SERIF
from reportgen.base.errors import SetupError
from reportgen.latex import fonts
from reportgen.latex.fonts import FontPlan, declare_faces, mark_font_runs, plan_fonts
from reportgen.text.faces import (
    TEXT_FACES,
    face_for,
)


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("plain, “quoted” – naïve §5 ±2 € ≤ x", FontPlan("pdftex")),
        ("a lone α, and Ω.\n", FontPlan("pdftex")),
        ("λόγος", FontPlan("luatex", (SERIF,))),
        ("αβ", FontPlan("luatex", (SERIF,))),
        ("10²", FontPlan("luatex", unprintable=())),
        ("中文 and Ж", FontPlan("luatex", (SERIF, HAN))),
        ("مرحبا", FontPlan("luatex", (ARABIC,), bidirectional=True)),
        ("ก", FontPlan("luatex", unprintable=("ก",))),
        ("control \x01\x03", FontPlan("pdftex")),
    ],
)
@pytest.mark.usefixtures("four_faces")
def test_the_engine_and_faces_follow_from_the_characters(text, plan):
    assert plan_fonts(text) == plan


@pytest.mark.usefixtures("four_faces")
def test_an_engine_that_is_asked_for_is_taken():
    assert plan_fonts("plain", engine="luatex") == FontPlan("luatex")
    assert plan_fonts("中 ok", engine="pdftex") == FontPlan("pdftex", unprintable=("中",))


@pytest.mark.parametrize("text_faces", [{}, dict.fromkeys(TEXT_FACES[1:], LATIN)])
def test_luatex_without_its_text_faces_is_a_matter_of_the_machine(monkeypatch, text_faces):
    monkeypatch.setattr(fonts, "installed_faces", lambda: text_faces)
    with pytest.raises(SetupError, match=r"texgyrepagella-regular\.otf.*fonts-texgyre"):
        plan_fonts("plain", engine="luatex")
    assert plan_fonts("plain").engine == "pdftex"


@pytest.mark.usefixtures("four_faces")
def test_one_face_draws_a_letter_and_its_marks():
    assert face_for("é") is LATIN
    assert face_for("x\u0304") is None
    assert face_for("α\u0301") is SERIF
    # A sign that falls apart into a base and a mark has no face of its own in these fonts.
    plan = plan_fonts("\u2add\u0338")
    assert plan.unprintable == ("\u0338",)
    assert mark_font_runs("\u2add\u0338", plan) == "\\FontRun{rgfreeserif}{\u2add}\\FontRun{framed}{\u0338}"


@pytest.mark.parametrize(
    ("tex", "marked"),
    [
        ("plain", "plain"),
        ("aж", "a<s>ж</>"),
        ("жя ж, ж", "<s>жя ж</>, <s>ж</>"),
        ("ж  ж", "<s>ж</>  <s>ж</>"),
        ("ж中ж", "<s>ж</><h>中</><s>ж</>"),
        ("x ж y", "x <s>ж</> y"),
        ("ж ", "<s>ж</> "),
        ("α\u0301é", "<s>α\u0301</>é"),
        ("\\emph{ж} ж", "\\emph{<s>ж</>} <s>ж</>"),
    ],
)
@pytest.mark.usefixtures("four_faces")
def test_runs_that_the_text_face_lacks_are_wrapped(tex, marked):
    plan = FontPlan("luatex", (SERIF, HAN))
    short = {"s": "\\FontRun{rgfreeserif}{", "h": "\\FontRun{rgwqymicrohei}{"}
    expected = re.sub(r"<([sh])>", lambda match: short[match[1]], marked).replace("</>", "}")
    assert mark_font_runs(tex, plan) == expected


@given(st.text("aé жя中 \\{}\u0301", max_size=30))
def test_wrapping_changes_no_character(tex):
    plan = plan_fonts(tex, engine="luatex")
    assert re.sub(r"\\FontRun\{rg[a-z]+\}\{([^{}\\]*)\}", r"\1", mark_font_runs(tex, plan)) == tex


def test_the_replacement_character_is_written_by_number():
    plan = plan_fonts("a\ufffdb")
    assert "\ufffd" not in mark_font_runs("a\ufffdb", plan)
    assert 'char"FFFD{}' in mark_font_runs("a\ufffdb", plan)


def test_faces_are_declared_with_their_shaping():
    assert declare_faces(FontPlan("pdftex")) == ""
    assert declare_faces(FontPlan("luatex", (SERIF, ARABIC, HAN))) == (
        "\\DeclareRunFace{rgfreeserif}{[FreeSerif.otf]}{mode=node}\n"
        "\\DeclareRunFace{rgamiriregular}{[Amiri-Regular.ttf]}{mode=harf;script=arab}\n"
        "\\DeclareRunFace{rgwqymicrohei}{[wqy-microhei.ttc](0)}{mode=node}\n"
    )
    assert declare_faces(FontPlan("luatex", (), bidirectional=True)) == "\\UseDirections\n"
