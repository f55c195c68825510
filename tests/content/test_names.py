"""Names in the house style: initials as their owners write them, and the family name whole."""

from __future__ import annotations

import pytest

from references import library_of, printed
from reportgen.content.names import written_name

# As written in a .bib file, and as printed.
NAMES = [
    ("Knoll, Anna", "A. Knoll"),
    ("Anna Knoll", "A. Knoll"),
    ("Knoll, Anna Maria", "A. M. Knoll"),
    ("Knoll, A. M.", "A. M. Knoll"),
    ("Knoll, A.M.", "A. M. Knoll"),
    ("Knoll, A.M.B.C.", "A. M. B. C. Knoll"),
    ("Knoll, AM", "A. M. Knoll"),
    ("Knoll, A M", "A. M. Knoll"),
    ("Knoll, A", "A. Knoll"),
    ("Knoll, Anna M", "A. M. Knoll"),
    ("KNOLL, ANNA", "A. KNOLL"),
    ("KNOLL, LI", "L. KNOLL"),
    ("Knoll, Jean-Paul", "J.-P. Knoll"),
    ("Knoll, J.-P.", "J.-P. Knoll"),
    ("Knoll, Ji-woo", "J.-w. Knoll"),
    ("Knoll, Yu. A.", "Yu. A. Knoll"),
    ("Knoll, Chr.", "Chr. Knoll"),
    ("Колль, Анна Петровна", "А. П. Колль"),
    ("Колль, АП", "А. П. Колль"),
    ("Παππά, Ελένη", "Ε. Παππά"),
    # particles
    ("van der Berg, Jan", "J. van der Berg"),
    ("Jan van der Berg", "J. van der Berg"),
    ("Berg, Jan van der", "J. van der Berg"),
    ("de la Cruz, Inés", "I. de la Cruz"),
    ("Cruz, María de los Ángeles", "M. de los Á. Cruz"),
    ("von Tal, Ute", "U. von Tal"),
    ("d'Arcy, Noémie", "N. d'Arcy"),
    ("Souza, Lu M. da", "L. M. da Souza"),
    ("al-Kindī, Yūsuf ibn Mūsā", "Y. ibn M. al-Kindī"),
    ("bint Rashid, Leila", "L. bint Rashid"),
    ("hooks, bell", "bell hooks"),
    # suffixes
    ("King, Jr., Martin Luther", "M. L. King, Jr."),
    ("Ford, III, W. Kent", "W. K. Ford, III"),
    ("{Ford}, Jr., W. Kent", "W. K. Ford, Jr."),
    ("van Tal, Sr., Ute", "U. van Tal, Sr."),
    # Spanish, Portuguese, Icelandic, Dutch, Hungarian, Vietnamese, Turkish, Nordic
    ("Gómez Paz, Álvaro", "Á. Gómez Paz"),
    ("Ortega y Luna, José", "J. Ortega y Luna"),
    ("Sigurðardóttir, Þóra Björk", "Þ. B. Sigurðardóttir"),
    ("Jónsson, Ægir", "Æ. Jónsson"),
    ("Vos, IJsbrand", "IJ. Vos"),
    ("Nagy, Ágnes", "Á. Nagy"),
    ("Nguyễn, Thị Ánh", "T. Á. Nguyễn"),
    ("Yıldız, İpek", "İ. Yıldız"),
    (r"{\O}stby, {\'E}milie", "É. Østby"),
    # scripts without case
    ("王, 小明", "王小明"),
    ("欧阳, 娜娜", "欧阳娜娜"),
    ("佐藤, はなこ", "佐藤はなこ"),
    ("김, 민준", "김민준"),
    ("スミス, ジョン", "ジョン・スミス"),
    ("الخوري, ليلى", "ليلى الخوري"),
    ("כהן, נועה", "נועה כהן"),
    ("शर्मा, अनिल", "अनिल शर्मा"),
    # organisations, and names of one part
    ("{World Sample Organization}", "World Sample Organization"),
    ("{CERN}", "CERN"),
    ("{Barnes and Oak}", "Barnes and Oak"),
    ("Plato", "Plato"),
    ("{\\'E}cole", "École"),
    # biblatex's extended form
    ("family=Jansen, given=Koos, prefix=de, useprefix=true", "K. de Jansen"),
    ("family=Jansen, given=Koos, prefix=de, useprefix=false", "K. de Jansen"),
    ("given={Hans}, family={Harm}, prefix={von}, suffix={Jr.}", "H. von Harm, Jr."),
    ("family={World Sample Body}", "World Sample Body"),
    ("family={Paz Luna}, given={Ana Sofía}, given-i={AS}", "A. S. Paz Luna"),
]  # fmt: skip


def test_the_table_has_names_enough():
    assert len(NAMES) >= 60
    assert len({written for written, _ in NAMES}) == len(NAMES)


@pytest.mark.parametrize(("written", "name"), NAMES)
def test_a_name_is_printed_whole_but_for_its_given_names(written, name):
    entry = library_of(f"@misc{{x, author = {{{written}}}, title = {{T}}}}").entry("x")
    assert entry.problems == ()
    assert [written_name(each) for each in entry.names["author"]] == [name]


LISTED = {
    "en": "A. Knoll, 王小明 and CERN. T. Ed. by J. van der Berg and others.",
    "de": "A. Knoll, 王小明 und CERN. T. Hg. von J. van der Berg u. a.",
    "fr": "A. Knoll, 王小明 et CERN. T. Sous la dir. de J. van der Berg et al.",
}


@pytest.mark.parametrize(("language", "reference"), LISTED.items())
@pytest.mark.parametrize("others", ["others", "et al."])
def test_names_are_listed_in_the_words_of_a_language(language, reference, others):
    bib = f"""@book{{x, author = {{Knoll, Anna and 王, 小明 and {{CERN}}}}, title = {{T}},
  editor = {{Berg, Jan van der and {others}}}}}"""
    assert printed(library_of(bib).entry("x"), language).replace("\u202f", " ") == reference


@pytest.mark.parametrize(("written", "name"), NAMES)
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_name_reads_the_same_in_every_language(language, written, name):
    entry = library_of(f"@misc{{x, author = {{{written}}}, title = {{T}}}}").entry("x")
    said = printed(entry, language)
    assert said == f"{name}{'' if name.endswith('.') else '.'} T."
