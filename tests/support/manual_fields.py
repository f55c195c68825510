"""The types of entry that BibTeX's and biblatex's manuals describe, each with the fields they name for it."""

from __future__ import annotations

GENERIC = "abstract addendum annotation doi eprint eprintclass eprinttype file keywords language library note pubstate url urldate"
_TITLE = "title subtitle titleaddon"
_BOOK = (
    f"{_TITLE} maintitle mainsubtitle maintitleaddon author editor editora editorb editorc annotator commentator translator"
    " origlanguage afterword foreword introduction volume part edition volumes series number publisher location isbn eid"
    " chapter pages pagetotal date"
)
_PART = f"{_BOOK} booktitle booksubtitle booktitleaddon bookauthor"
_EVENT = "eventtitle eventtitleaddon eventdate venue organization"
BIBLATEX = {
    "article": f"author journaltitle journalsubtitle journaltitleaddon {_TITLE} editor editora editorb editorc annotator"
    " commentator translator origlanguage series volume number issue issuetitle issuesubtitle issuetitleaddon month pages eid"
    " version issn date",
    "book": _BOOK,
    "mvbook": f"author editor {_TITLE} translator origlanguage edition volumes series number publisher location isbn pagetotal date",
    "inbook": _PART,
    "bookinbook": _PART,
    "suppbook": _PART,
    "booklet": f"author editor {_TITLE} howpublished type eid chapter pages pagetotal location date",
    "collection": _BOOK.replace(" author ", " "),
    "incollection": _PART.replace(" bookauthor", ""),
    "suppcollection": _PART.replace(" bookauthor", ""),
    "dataset": f"author editor {_TITLE} edition type series number version organization publisher location date",
    "manual": f"author editor {_TITLE} edition type series number version organization publisher location isbn eid chapter pages"
    " pagetotal date",
    "misc": f"author editor {_TITLE} howpublished type version organization location date month year",
    "online": f"author editor {_TITLE} version organization date month year",
    "patent": f"author {_TITLE} number holder type version location date month year",
    "periodical": f"editor editora editorb editorc {_TITLE} issuetitle issuesubtitle issuetitleaddon series volume number issue"
    " date month year issn",
    "suppperiodical": f"author journaltitle {_TITLE} volume number pages date",
    "proceedings": f"editor {_TITLE} maintitle mainsubtitle maintitleaddon {_EVENT} volume part volumes series number publisher"
    " location isbn eid chapter pages pagetotal date",
    "inproceedings": f"author editor {_TITLE} booktitle booksubtitle booktitleaddon maintitle mainsubtitle maintitleaddon"
    f" {_EVENT} volume part volumes series number publisher location isbn eid chapter pages date",
    "reference": _BOOK.replace(" author ", " "),
    "inreference": _PART,
    "report": f"author {_TITLE} type institution number version location isrn eid chapter pages pagetotal date",
    "thesis": f"author {_TITLE} type institution location isbn eid chapter pages pagetotal date",
    "unpublished": f"author {_TITLE} type howpublished {_EVENT} location isbn date month year",
    "software": f"author editor {_TITLE} howpublished type version organization location date",
    "artwork": f"author {_TITLE} medium dimensions location date",
    "audio": f"author {_TITLE} publisher date",
    "movie": f"director {_TITLE} publisher date",
    "music": f"author composer {_TITLE} publisher date",
    "performance": f"author {_TITLE} venue date",
    "review": f"author {_TITLE} journaltitle volume number pages date",
    "standard": f"author {_TITLE} organization number edition date",
    "jurisdiction": f"{_TITLE} authority number date",
    "letter": f"author recipient {_TITLE} date",
}
BIBTEX = {
    "article": "author title journal year volume number pages month note key",
    "book": "author editor title publisher year volume number series address edition month note key",
    "booklet": "title author howpublished address month year note key",
    "conference": "author title booktitle year editor volume number series pages address month organization publisher note",
    "inbook": "author editor title chapter pages publisher year volume number series type address edition month note",
    "incollection": "author title booktitle publisher year editor volume number series type chapter pages address edition month"
    " note",
    "inproceedings": "author title booktitle year editor volume number series pages address month organization publisher note",
    "manual": "title author organization address edition month year note",
    "mastersthesis": "author title school year type address month note",
    "misc": "author title howpublished month year note annote",
    "phdthesis": "author title school year type address month note",
    "proceedings": "title year editor volume number series address month organization publisher note",
    "techreport": "author title institution year type number address month note",
    "unpublished": "author title note month year",
}
