from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from fixtures import write_record
from minimal_record import claim
from page_text import read
from reportgen.base.errors import SetupError
from reportgen.base.settings import FILE_NAME, Settings, find_settings
from reportgen.pipeline.build import build_report
from reportgen.text.families import chosen_families, installed_families, tex_families
from reportgen.trust.verify import Comparison, verify

ACCENTS = "Ångström, naïve, Łódź and 3 ≤ 4."
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "house-style.md"


def house(**faces):
    return Settings(style={"faces": faces})


def families_of(settings):
    return chosen_families(settings.style.faces, settings.engine, settings.root)


def report(folder, toml, **changes):
    (folder / FILE_NAME).write_text(toml, encoding="utf-8")
    changes = {"title": "Calibration", "question": f"Is it so: {ACCENTS}?", **changes}
    return build_report(write_record(folder / "record.json", **changes), find_settings(folder), keep_tex=True)


def fonts_of(pdf):
    import pikepdf

    with pikepdf.open(pdf) as opened:
        return {
            str(item.BaseFont).partition("+")[2]
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item and item.get("/Type") == "/Font"
        }


@pytest.mark.parametrize("name", ["TeX Gyre Termes", "tgtermes", "tex gyre  termes"])
def test_a_family_goes_by_its_own_name_and_by_that_of_its_package(name):
    (family,) = families_of(house(text=name))
    assert (family.role, family.tex) == ("rm", "qtm")
    assert [(series, shape) for series, shape, _ in family.shapes] == [
        ("m", "n"), ("b", "n"), ("m", "it"), ("b", "it"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["TeX Gyre Adventur", "tgadventorr", "TeXGyre-Adventer"])
def test_a_slip_in_the_name_of_a_family_gets_the_one_that_was_meant(name):
    with pytest.raises(SetupError) as caught:
        families_of(house(text=name, mono="TeX Gyre Cursur"))
    first, second = caught.value.problems
    assert "did you mean `TeX Gyre Adventor`?" in first.hint
    assert "did you mean `TeX Gyre Cursor`?" in second.hint


def test_what_a_family_lacks_is_known():
    (family,) = families_of(house(mono="LM Mono 12"))
    assert (family.tex, family.missing) == ("", (("b", "n"), ("m", "it"), ("b", "it")))


@pytest.mark.parametrize(
    ("faces", "engine", "said"),
    [
        ({"text": "Nonesuch"}, "auto", "“Nonesuch” is not installed"),
        ({"sans": "Symbola \\evil"}, "auto", "not installed"),
        ({"mono": "DejaVu Sans Mono"}, "pdftex", "has no family"),
        ({"text": "Amiri Quran"}, "auto", "lacks Latin letters"),
    ],
)
def test_a_family_that_cannot_be_set_is_named_with_its_place(faces, engine, said):
    with pytest.raises(SetupError) as caught:
        families_of(Settings(style={"faces": faces}, engine=engine))
    (problem,) = caught.value.problems
    assert said in problem.message
    assert problem.where.pointer == f"/style/faces/{next(iter(faces))}"


def test_both_kinds_of_families_are_listed():
    assert {"TeX Gyre Pagella", "TeX Gyre Termes", "TeX Gyre Heros", "TeX Gyre Cursor"} <= set(tex_families())
    assert {"DejaVu Serif", "FreeSans"} <= installed_families().keys()


@pytest.mark.parametrize("family", tex_families())
def test_a_family_of_tex_prints_what_pdftex_is_trusted_with(tmp_path, family):
    built = report(tmp_path, f'[style.faces]\ntext = "{family}"\n')
    assert any(font.startswith(family.replace(" ", "")) for font in fonts_of(built.pdf))
    assert ACCENTS in read(built.pdf)


def test_an_installed_family_is_set_by_luatex_and_verified(tmp_path):
    toml = '[style.faces]\ntext = "DejaVu Serif"\nsans = "FreeSans"\nmono = "LM Mono 12"\n'
    claims = [claim("One.", confidence=0.4), claim("Two.", confidence=0.6)]
    built = report(tmp_path, toml, title="Calibration 校正 of *models*", claims=claims)
    fonts = fonts_of(built.pdf)
    assert {"DejaVuSerif", "DejaVuSerif-Bold", "FreeSans", "WenQuanYiMicroHei"} <= fonts
    assert not [font for font in fonts if "Pagella" in font or "Heros" in font]  # in charts, too
    assert ACCENTS in read(built.pdf)
    assert verify(built.pdf).outcome is Comparison.IDENTICAL


def test_the_example_of_the_documentation_is_a_style(tmp_path):
    (example,) = [
        text for text in re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL) if "tgadventor" in text
    ]
    assert tomllib.loads(example)["style"]["faces"]
    built = report(tmp_path, example)
    tex = next(built.pdf.parent.rglob("*.tex")).read_text()
    assert r"\definecolor{accent}{HTML}{7A1F2B}" in tex
    assert r"\definecolor{ink}{HTML}{202020}" in tex
    assert "letterpaper" in tex
    assert {"TeXGyreTermes-Regular", "TeXGyreAdventor-Regular"} <= fonts_of(built.pdf)


def test_a_pale_colour_is_a_warning_with_its_place(tmp_path):
    built = report(tmp_path, '[style]\naccent = "#AAAAFF"\n')
    (problem,) = [one for one in built.problems if one.code == "colour-pale"]
    assert (problem.where.file, problem.where.pointer) == (str(tmp_path / FILE_NAME), "/style/accent")
