"""What real bibliographies hold is printed: one small entry for each way in which some of it used to be lost."""

from __future__ import annotations

import pytest

from references import entry_of_item, library_of, printed, printed_bib

ARTICLE = "@article{x, author = {Falk, Ines}, title = {T}, journal = {J}, year = 1999, "


@pytest.mark.parametrize(
    ("bib", "reference"),
    [
        # initials
        (
            "@misc{x, author = {Lowe, H.G.W. and Adeyemi, TO and Белов, АН}, title = {T}}",
            "H. G. W. Lowe, T. O. Adeyemi and А. Н. Белов. T.",
        ),
        ("@misc{x, author = {Lund, M. K and Ruiz, Ana B C}, title = {T}}", "M. K. Lund and A. B. C. Ruiz. T."),
        ("@misc{x, author = {Brink, Jo ten and Rosa, Ana M. da}, title = {T}}", "J. ten Brink and A. M. da Rosa. T."),
        # inheritance
        (
            """@inbook{x, crossref = {Whole}, title = {Part}, pages = {5--9}}
@book{whole, author = {Ek, Per}, title = {Whole}, year = 2001, publisher = {Fell}, series = {Notes}, number = 4}""",
            "P. Ek. Part. In: Whole, no. 4 in Notes, pp. 5–9. Fell, 2001.",
        ),
        (
            """@inbook{x, author = {Oy, Ann}, crossref = {w}, title = {Part}}
@book{w, author = {Ek, Per}, title = {Whole}, subtitle = {Again}, year = 2001}""",
            "A. Oy. Part. In: Whole: Again, by P. Ek. 2001.",
        ),
        (
            """@article{x, crossref = {ISSUE}, author = {Oy, Ann}, title = {Part}, pages = 3}
@article{issue, journal = {Herd Letters}, volume = 8, number = 2, year = 1990}""",
            "A. Oy. Part. Herd Letters 8(2): 3. 1990.",
        ),
        (
            """@inproceedings{x, crossref = {v}, author = {Oy, Ann}, title = {Part}}
@proceedings{v, crossref = {mv}, title = {Day One}, volume = 1}
@mvproceedings{mv, title = {Whole Week}, date = {2012}, volumes = 3}""",
            "A. Oy. Part. In: Day One, vol. 1 of Whole Week, 3 vols. 2012.",
        ),
        (
            """@book{x, author = {Oy, Ann}, title = {T}, xdata = {house, Town}}
@xdata{house, publisher = {Fell}} @xdata{town, location = {Bergen}, date = {2003}}""",
            "A. Oy. T. Bergen: Fell, 2003.",
        ),
        (
            "@book{x, title = {T}, publisher = {xdata=house-publisher}} @xdata{house, publisher = {Fell}}",
            "T. Fell.",
        ),
        (
            """@set{x, entryset = {a, B}}
@article{a, author = {Oy, Ann}, title = {One}, journaltitle = {J}, date = {1961}}
@article{b, author = {Ek, Per}, title = {Two}, journaltitle = {K}, date = {1962}}""",
            "(a) A. Oy. One. J. 1961. (b) P. Ek. Two. K. 1962.",
        ),
        # comments within entries
        (
            """@article{x,  % typed in, see {shelf 3}
  author = {Falk, Ines}, % sure
  % title = {An old "title},
  title = "At 50% of it", % and "this
  journal = {J}, year = 1999 % last
}""",
            "I. Falk. At 50% of it. J. 1999.",
        ),
        ("@comment{ later: @misc{y, title = {Y}} } \n@misc{x, title = {Kept}}", "Kept."),
        # identifiers
        (
            ARTICLE + r"doi = {10.1000/1234(1999)005{\textless}0007:ATAT{\textgreater}2.0.CO;2}}",
            "I. Falk. T. J. 1999. doi:10.1000/1234(1999)005<0007:ATAT>2.0.CO;2.",
        ),
        (
            ARTICLE + "doi = {10.1000/1234(1999)005$<$0007:ATAT$>$2.0.CO;2}}",
            "I. Falk. T. J. 1999. doi:10.1000/1234(1999)005<0007:ATAT>2.0.CO;2.",
        ),
        (ARTICLE + "doi = {10.1000%2Fab%3C1%3E}}", "I. Falk. T. J. 1999. doi:10.1000/ab<1>."),
        (ARTICLE + r"doi = {10.1000/a\_1}, url = {https://dx.doi.org/10.1000/a\_1}}", "I. Falk. T. J. 1999. doi:10.1000/a_1."),
        (ARTICLE + "doi = {10/gabc12}}", "I. Falk. T. J. 1999. doi:10/gabc12."),
        (
            r"@misc{x, title = {T}, url = {https://x.org/{\textasciitilde}me/a{\_}b{\%}20c{\#}d?e=1{\&}f=2}}",
            "T. https://x.org/~me/a_b%20c#d?e=1&f=2.",
        ),
        (
            ARTICLE + "doi = {10.1000/b}, eprint = {https://press.example/b.pdf}}",
            "I. Falk. T. J. 1999. doi:10.1000/b, https://press.example/b.pdf.",
        ),
        (
            "@book{x, title = {T}, city = {Lund}, publisher = {Fell}, isbn = {9780201134476 0-306-40615-2 (pbk)}, year = 2000}",
            "T. Lund: Fell, 2000. ISBN 9780201134476, ISBN 0306406152.",
        ),
        (
            "@book{x, title = {T}, isbn = {978-0-306-40615-7; 0306406152}}",
            "T. ISBN 9780306406157.",
        ),
        # names in other scripts and forms
        (
            "@misc{x, author = {李, 小龙 and 山田, 太郎 and 이, 영희 and スミス, ジョン}, title = {T}}",
            "李小龙, 山田太郎, 이영희 and ジョン・スミス. T.",
        ),
        (
            "@misc{x, author = {family=Vries, given=Jan, prefix=de, useprefix=true and given={Eva}, family={Berg}, suffix={III}}, title = {T}}",
            "J. de Vries and E. Berg, III. T.",
        ),
        ("@misc{x, author = {Oak, Sam, and Elm, Tom, and Ash, Kim}, title = {T}}", "S. Oak, T. Elm and K. Ash. T."),
        # people beside the authors
        (
            """@incollection{x, author = {Oy, Ann}, title = {Part}, booktitle = {Whole}, editor = {Ek, Per and Lie, Siv and others},
  translator = {Ng, Mei}, series = {Notes}, number = 9, pages = {1--2}, publisher = {Fell}, address = {Bergen}, year = 1981}""",
            "A. Oy. Part. Trans. by M. Ng. In: Whole, ed. by P. Ek, S. Lie and others, no. 9 in Notes, pp. 1–2. Bergen: Fell, 1981.",
        ),
        (
            "@book{x, author = {Oy, Ann}, editor = {Ek, Per}, title = {T}, translator = {Ng, Mei}, introduction = {Lie, Siv}, year = 1960}",
            "A. Oy. T. Ed. by P. Ek; trans. by M. Ng; with an introduction by S. Lie. 1960.",
        ),
        (
            "@book{x, editor = {Ek, Per}, editora = {Lie, Siv}, editoratype = {compiler}, title = {T}}",
            "Ed. by P. Ek. T. Comp. by S. Lie.",
        ),
        (
            "@article{x, author = {Oy, Ann and others}, collaboration = {MINI}, title = {T}, journal = {J}, volume = 7, pages = {1--29}, year = 2012}",
            "A. Oy and others (MINI). T. J 7: 1–29. 2012.",
        ),
        ("@patent{x, author = {Oy, Ann}, holder = {{Fell Ltd}}, title = {T}, number = {US123}, type = {patentus}, date = {2001}}", "A. Oy. T. Holder: Fell Ltd. U.S. patent US123, 2001."),
        # numbers
        (
            "@inproceedings{x, author = {Oy, Ann}, title = {Part}, booktitle = {Whole}, series = {Lecture Notes}, volume = 812, pages = {1--5}, year = 2007}",
            "A. Oy. Part. In: Whole, vol. 812 of Lecture Notes, pp. 1–5. 2007.",
        ),
        ("@book{x, title = {T}, series = {Notes}, number = 3, year = 2007}", "T. No. 3 in Notes, 2007."),
        ("@book{x, title = {T}, maintitle = {Main}, volume = 2, year = 2007}", "T. Vol. 2 of Main, 2007."),
        ("@book{x, title = {T}, edition = {Third}, year = 1973}", "T. 3rd ed., 1973."),
        ("@book{x, title = {T}, edition = {12}, year = 1973}", "T. 12th ed., 1973."),
        ("@book{x, title = {T}, edition = {2nd}, year = 1973}", "T. 2nd ed., 1973."),
        ("@book{x, title = {T}, edition = {Revised and enlarged}, year = 1973}", "T. Revised and enlarged, 1973."),
        ("@book{x, title = {T}, booktitle = {T}, year = 1973}", "T. 1973."),
        ("@inproceedings{x, title = {Part}, booktitle = {Whole}, pages = {4}}", "Part. In: Whole, p. 4."),
        ("@inproceedings{x, title = {Part}, booktitle = {Whole}, articleno = {17}, numpages = 14}", "Part. In: Whole, art. 17. 14 pp."),
        ("@article{x, title = {T}, journal = {J}, volume = 5, eid = {100}, pages = {100}}", "T. J 5, art. 100."),
        ("@article{x, title = {T}, journal = {J}, number = 3}", "T. J, no. 3."),
        ("@inbook{x, author = {Oy, Ann}, title = {T}, chapter = 4, pages = {10--20}, publisher = {Fell}, year = 2001}", "A. Oy. T. Chap. 4, pp. 10–20, Fell, 2001."),
        # words of TeX and of ADS
        (r"@article{x, title = {T}, journal = {\mnras}, volume = 5}", "T. Monthly Notices of the Royal Astronomical Society 5."),
        (r"@article{x, title = {T}, journal = \apjl, volume = 5}", "T. Astrophysical Journal, Letters 5."),
        (
            r"""@preamble{ "\newcommand{\noopsort}[1]{} " # "\newcommand{\both}[2]{#2, #1}" }
@book{x, title = {\both{b}{a}}, year = "{\noopsort{1973b}}1981"}""",
            "a, b. 1981.",
        ),
        (r"@book{x, title = {T}, year = {\noopsort{1973}1975}}", "T. 1975."),
        (
            r"@inproceedings{x, title = {Part}, booktitle = {The 21\textsuperscript{st} Meeting and the 2\textsuperscript{\`eme} Colloque}}",
            "Part. In: The 21st Meeting and the 2ème Colloque.",
        ),
        # dates and states
        ("@online{x, author = {{Some Body}}, title = {T}, url = {https://x.org/}, urldate = {2020-01-27}}", "Some Body. T. https://x.org/, accessed 27 January 2020."),
        ("@misc{x, title = {T}, url = {https://x.org/}, urldate = {Last accessed on 3 May 2020}}", "T. https://x.org/, accessed 3 May 2020."),
        ("@article{x, title = {T}, journal = {J}, year = 2011, month = September}", "T. J. September 2011."),
        ("@article{x, title = {T}, journal = {J}, pubstate = {inpress}}", "T. J. In press."),
        (r"@book{x, title = {T}, year = {[2021] \copyright 2021}, pages = {xii+34}}", "T. xii+34 pp., [2021] ©2021."),
        (
            "@inproceedings{x, title = {T}, eventtitle = {Meeting}, venue = {Lund}, eventdate = {2012-05-02/2012-05-04}, year = 2012}",
            "T. Meeting, Lund, 2 May 2012 – 4 May 2012. 2012.",
        ),
        (
            "@book{x, title = {T}, origtitle = {U}, origlanguage = {danish}, origlocation = {Aarhus}, origpublisher = {Old}, origdate = {1850}, year = 2001}",
            "T. 2001. Originally published: U, danish, Aarhus: Old, 1850.",
        ),
        # formulas
        ("@article{x, title = {From CH{$_4$} and N$_2$ to H$_2O$}, journal = {J}}", "From CH₄ and N₂ to H${}_2O$. J."),
        (r"@article{x, title = {The $^{14}$C age at 30$^\circ$, R$^{2/3}$ and DNA$_{\textrm{2}}$}, journal = {J}}", "The ¹⁴C age at 30°, R2/3 and DNA₂. J."),
    ],
)  # fmt: skip
def test_nothing_that_is_read_is_lost(bib, reference):
    assert printed_bib(bib, "x") == reference


@pytest.mark.parametrize(
    ("bib", "code", "words"),
    [
        ("@misc{x, title = {T}, keywords = {a}, keywords = {b}}", "bib-repeated-field", "the first is used"),
        ("@misc{x, title = {T}, crossref = {nowhere}}", "bib-crossref", "nowhere"),
        ("@misc{x, title = {T}, xdata = {nowhere}}", "bib-crossref", "nowhere"),
        ("@set{x, entryset = {nowhere, y}} @misc{y, title = {Y}}", "bib-crossref", "nowhere"),
        ("@misc{x, author = {B. Bee, C. Sea, D. Dee}, title = {T}}", "bib-name", "several people"),
        ("@misc{x, author = {Bee, B.; Sea, C.}, title = {T}}", "bib-name", "several people"),
        ("@misc{x, title = {T}, colour = {red}}", "bib-field", "colour"),
        ("@misc{x, keywords = {only}}", "bib-empty", "nothing to print"),
    ],
)
def test_what_cannot_be_printed_is_told(bib, code, words):
    entry = library_of(bib).entry("x")
    (problem,) = entry.problems
    assert problem.code == code
    assert words in problem.message


def test_a_comment_block_says_which_entries_it_hides():
    library = library_of("@comment{ aside:\n@book{old, title = {Old}}\n}\n@book{new, title = {New}}")
    assert library.keys == ("new",)
    (problem,) = library.problems
    assert (problem.code, problem.where.line) == ("bib-commented", 1)
    assert "old" in problem.message


def test_a_file_of_comments_alone_is_empty():
    assert library_of("% nothing yet\n").keys == ()
    assert library_of("% nothing yet\n").problems == ()


def test_crossref_of_an_entry_by_itself_ends():
    assert printed_bib("@misc{x, title = {T}, crossref = {X}}") == "T."


@pytest.mark.parametrize(
    ("item", "reference"),
    [
        (
            {
                "type": "chapter",
                "title": "Part",
                "author": [{"family": "Oy", "given": "Ann"}],
                "editor": [{"family": "Ek", "given": "Per"}],
                "translator": [{"family": "Ng", "given": "Mei"}],
                "container-title": "Whole",
                "collection-title": "Notes",
                "collection-number": 12,
                "volume": 2,
                "edition": "3",
                "publisher": "Fell",
                "publisher-place": "Bergen",
                "page": "10-20",
                "issued": "1999",
            },
            "A. Oy. Part. Trans. by M. Ng. In: Whole, ed. by P. Ek, vol. 2, no. 12 in Notes, pp. 10–20. 3rd ed., Bergen: Fell, 1999.",
        ),
        ({"type": "paper-conference", "title": "T", "event": "Meeting", "event-place": "Lund"}, "T. Meeting, Lund."),
        ({"type": "paper-conference", "title": "T", "event": {"name": "Meeting", "location": "Lund"}}, "T. Meeting, Lund."),
        ({"type": "report", "title": "T", "genre": "News", "number": "7-1", "publisher": "Bureau"}, "T. News 7-1, Bureau."),
        ({"type": "article-journal", "title": "T", "container-title": "J", "PMCID": "PMC3154"}, "T. J. PMC3154."),
        ({"type": "patent", "title": "T", "number": "US12", "authority": "Office"}, "T. US12, Office."),
        ({"type": "article-journal", "title": ["T"], "subtitle": ["Sub"], "container-title": ["J"]}, "T: Sub. J."),
        ({"type": "article-journal", "title": "T", "container-title": "J", "status": "in press"}, "T. J. In press."),
        ({"type": "book", "title": "T", "issued": {"date-parts": [[1950]], "season": "1"}}, "T. Spring 1950."),
        ({"type": "book", "title": "T", "issued": {"date-parts": [["1723"]], "circa": True}}, "T. c. 1723."),
        ({"type": "book", "title": "T", "issued": {"date-parts": [[-44]]}}, "T. 44 BC."),
        ({"type": "book", "title": "T", "issued": "2001", "original-date": {"date-parts": [[1850]]}}, "T. 2001. Originally published: 1850."),
        ({"type": "software", "title": "T", "version": "0.3", "issued": "2022"}, "T. Version 0.3, 2022."),
        ({"type": "article-journal", "title": "10<sup>th</sup> <i>E. coli</i> &amp; a < b"}, "10th E. coli & a < b."),
    ],
)  # fmt: skip
def test_nothing_of_an_item_is_lost(item, reference):
    assert printed(entry_of_item(**item)) == reference
