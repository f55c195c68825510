"""The fields and types of BibTeX and biblatex: which variable each field is, and why some are not printed.

A field is one of: a text, a list of names, a date; what goes into a variable together with others (``Special``);
used; or withheld for a reason. What is none of these is unknown.
"""

from __future__ import annotations

import re
from functools import cache

# Each type with CSL's, and the genre that BibTeX's styles print for it.
TYPES = {
    "article": ("article-journal", ""), "book": ("book", ""), "mvbook": ("book", ""), "inbook": ("chapter", ""),
    "bookinbook": ("chapter", ""), "suppbook": ("chapter", ""), "booklet": ("pamphlet", ""),
    "collection": ("book", ""), "mvcollection": ("book", ""), "incollection": ("chapter", ""),
    "suppcollection": ("chapter", ""), "manual": ("book", ""), "misc": ("document", ""),
    "online": ("webpage", ""), "electronic": ("webpage", ""), "www": ("webpage", ""),
    "patent": ("patent", ""), "periodical": ("periodical", ""), "suppperiodical": ("article-journal", ""),
    "proceedings": ("book", ""), "mvproceedings": ("book", ""), "inproceedings": ("paper-conference", ""),
    "conference": ("paper-conference", ""), "reference": ("book", ""), "mvreference": ("book", ""),
    "inreference": ("entry-encyclopedia", ""), "report": ("report", ""),
    "techreport": ("report", "Technical report"), "set": ("collection", ""), "thesis": ("thesis", ""),
    "phdthesis": ("thesis", "PhD thesis"), "mastersthesis": ("thesis", "Master’s thesis"),
    "unpublished": ("manuscript", ""), "dataset": ("dataset", ""), "software": ("software", ""),
    "standard": ("standard", ""), "review": ("review", ""), "artwork": ("graphic", ""), "audio": ("song", ""),
    "bibnote": ("document", ""), "commentary": ("chapter", ""), "image": ("graphic", ""),
    "jurisdiction": ("legal_case", ""), "legislation": ("legislation", ""), "legal": ("treaty", ""),
    "letter": ("personal_communication", ""), "movie": ("motion_picture", ""), "music": ("song", ""),
    "performance": ("performance", ""), "video": ("motion_picture", ""), "custom": ("document", ""),
    "customa": ("document", ""), "customb": ("document", ""), "customc": ("document", ""),
    "customd": ("document", ""), "custome": ("document", ""), "customf": ("document", ""),
    "xdata": ("document", ""), "talk": ("speech", ""), "presentation": ("speech", ""), "webpage": ("webpage", ""),
    "game": ("software", ""), "preprint": ("article", ""),
}  # fmt: skip
SUBTYPES = {"magazine": "article-magazine", "newspaper": "article-newspaper"}
IN_JOURNAL = frozenset(
    ["article-journal", "article-magazine", "article-newspaper", "periodical", "review", "review-book"]
)
"""CSL's types whose number is that of an issue, and whose volume is the journal's."""
IN_SERIES = frozenset(["book", "chapter", "paper-conference", "entry-encyclopedia", "pamphlet", "collection"])
"""CSL's types whose number is that of a volume in a series."""
GENRES = {
    "phdthesis": "PhD thesis", "mathesis": "Master’s thesis", "bathesis": "Bachelor’s thesis",
    "techreport": "Technical report", "resreport": "Research report", "candthesis": "Candidate’s thesis",
    "software": "Computer software", "datacd": "Data CD", "audiocd": "Audio CD", "patent": "Patent",
    "patentde": "German patent", "patenteu": "European patent", "patentfr": "French patent",
    "patentuk": "British patent", "patentus": "U.S. patent", "patreq": "Patent request",
    "patreqde": "German patent request", "patreqeu": "European patent request",
    "patreqfr": "French patent request", "patrequk": "British patent request", "patrequs": "U.S. patent request",
}  # fmt: skip
"""What the keys of biblatex's ``type`` field stand for."""
TEXTS = {
    "series": "collection-title", "volume": "volume", "chapter": "chapter-number", "part": "part-number",
    "version": "version", "volumes": "number-of-volumes", "pagetotal": "number-of-pages",
    "numpages": "number-of-pages", "issn": "ISSN", "eissn": "ISSN", "pmcid": "PMCID", "library": "archive",
    "call-number": "call-number", "eventtitle": "event-title", "venue": "event-place", "origtitle": "original-title",
    "origpublisher": "original-publisher", "origlocation": "original-publisher-place",
    "origlanguage": "original-language", "collaboration": "collaboration", "section": "section",
    "division": "division", "medium": "medium",
    "authority": "authority", "jurisdiction": "jurisdiction", "scale": "scale", "dimensions": "dimensions",
}  # fmt: skip
JOINED = {
    "publisher": ("publisher", "institution", "school", "organization"),
    "publisher-place": ("address", "location", "city"),
    "article-number": ("eid", "articleno", "article-number"),
    "status": ("pubstate", "status"),
}
"""Variables that several fields may give: they are joined, each text once."""
NAMES = {
    "author": "author", "editor": "editor", "bookauthor": "container-author", "translator": "translator",
    "holder": "holder", "annotator": "annotator", "commentator": "commentator", "introduction": "introduction",
    "foreword": "foreword", "afterword": "afterword", "director": "director", "composer": "composer",
    "illustrator": "illustrator", "interviewer": "interviewer", "recipient": "recipient", "compiler": "compiler",
    "contributor": "contributor", "advisor": "contributor", "supervisor": "contributor",
}  # fmt: skip
TYPED_EDITORS = ("editor", "editora", "editorb", "editorc")
EDITOR_TYPES = {
    "editor": "editor", "compiler": "compiler", "founder": "founder", "continuator": "continuator",
    "redactor": "redactor", "reviser": "reviser", "collaborator": "collaborator", "organizer": "organizer",
    "director": "director", "producer": "producer", "translator": "translator", "illustrator": "illustrator",
    "composer": "composer", "chair": "chair", "curator": "curator", "series": "collection-editor",
    "serieseditor": "collection-editor",
}  # fmt: skip
"""What biblatex's ``editortype`` makes of an editor; of another type is a contributor."""
DATES = {
    "eventdate": "event-date", "origdate": "original-date", "urldate": "accessed", "accessed": "accessed",
    "access-date": "accessed", "lastaccessed": "accessed", "lastchecked": "accessed", "lastvisited": "accessed",
    "urlaccessdate": "accessed", "submitted": "submitted",
}  # fmt: skip
NOTES = (
    "titleaddon", "maintitleaddon", "booktitleaddon", "journaltitleaddon", "issuetitleaddon", "eventtitleaddon",
    "nameaddon", "authoraddon", "howpublished", "reprinttitle", "note", "addendum",
)  # fmt: skip
TITLES = {
    "title": "subtitle", "booktitle": "booksubtitle", "maintitle": "mainsubtitle", "issuetitle": "issuesubtitle",
    "journaltitle": "journalsubtitle", "journal": "journalsubtitle",
}  # fmt: skip
SPECIAL = frozenset((
    *TITLES, *TITLES.values(), *NOTES, *TYPED_EDITORS, "date", "year", "month", "day", "number", "issue",
    "pages", "page",
    "edition", "type", "language", "langid", "hyphenation", "doi", "eprint", "eprinttype", "archiveprefix",
    "eprintclass", "primaryclass", "pmid", "isbn", "url",
))  # fmt: skip
USED = {
    "crossref": "what the whole says is printed with the part", "xdata": "what it holds is printed",
    "entryset": "the members are printed", "entrysubtype": "says which kind of article it is",
    "editortype": "says what the editors did", "editoratype": "says what they did", "editorbtype": "says what they did",
    "editorctype": "says what they did", "options": "says how names are written",
    "useprefix": "says how names are written",
    "key": "a name to sort by", "xref": "a relation to another entry", "sortname": "a name to sort by",
    "sorttitle": "a title to sort by", "sortkey": "a key to sort by", "sortyear": "a year to sort by",
    "sortshorthand": "a label to sort by", "presort": "a key to sort by", "langidopts": "belongs to the language",
    "authortype": "belongs to the names", "bookpagination": "the unit of the pages",
}  # fmt: skip
_SHORT, _OWN, _TOOL = "the full form is printed", "a field of a style of one's own", "kept by another program"
_PRIVATE, _CATALOGUE = "a note for oneself", "a number of a catalogue"
WITHHELD = {
    "abstract": "a summary, not a description", "keywords": "for searching", "keyword": "for searching",
    "annote": _PRIVATE, "annotation": _PRIVATE, "comment": _PRIVATE, "comments": _PRIVATE, "review": _PRIVATE,
    "file": "a file of this machine", "pdf": "a file of this machine", "ps": "a file of this machine",
    "localfile": "a file of this machine", "shorttitle": _SHORT, "shortjournal": _SHORT, "shortauthor": _SHORT,
    "shorteditor": _SHORT, "shortseries": _SHORT, "journalabbr": _SHORT, "journal-iso": _SHORT,
    "shorthand": "a label of another style", "shorthandintro": "a label of another style",
    "label": "a label of another style", "indextitle": "for an index", "indexsorttitle": "for an index",
    "related": "other entries are not followed", "relatedtype": "other entries are not followed",
    "relatedstring": "other entries are not followed", "relatedoptions": "other entries are not followed",
    "pagination": "the unit of places that are cited", "gender": "for words of other styles",
    "execute": "is never run", "ids": "other keys of the entry", "mrnumber": _CATALOGUE, "mrclass": _CATALOGUE,
    "mrreviewer": _CATALOGUE, "zblnumber": _CATALOGUE, "zbl": _CATALOGUE, "lccn": _CATALOGUE, "isrn": _CATALOGUE,
    "oclc": _CATALOGUE, "coden": _CATALOGUE, "ismn": _CATALOGUE, "iswc": _CATALOGUE, "bibcode": _CATALOGUE,
    "fjournal": "the journal is printed", "copyright": "what may be done with the work",
    "license": "what may be done with the work", "contents": "a summary, not a description",
    "intype": "a word of other styles", "affiliation": "where the authors work",
    "readstatus": _TOOL, "timestamp": _TOOL, "owner": _TOOL, "bibsource": _TOOL, "biburl": _TOOL, "added-at": _TOOL,
    "interhash": _TOOL, "intrahash": _TOOL, "groups": _TOOL, "creationdate": _TOOL, "modificationdate": _TOOL,
    "date-added": _TOOL, "date-modified": _TOOL, "__markedentry": _TOOL, "priority": _TOOL, "ranking": _TOOL,
    "qualityassured": _TOOL, "relevance": _TOOL, "printed": _TOOL, "rating": _TOOL, "read": _TOOL,
    "citeulike-article-id": _TOOL, "posted-at": _TOOL, "adsurl": _TOOL, "adsnote": _TOOL, "unique-id": _TOOL,
    "da": _TOOL, "description": _TOOL, "username": _TOOL, "lastmodified": _TOOL, "acmid": _TOOL, "issue_date": _TOOL,
    "document_type": _TOOL, "source": "where the description was found", "author_keywords": "for searching",
    "keywords-plus": "for searching", "research-areas": "for searching", "tags": "for searching",
    "funding-acknowledgement": "belongs to the work itself", "funding-text": "belongs to the work itself",
    "cited-references": "the works it cites", "references": "the works it cites", "ee": _TOOL, "slaccitation": _TOOL,
    "reportnumber": _CATALOGUE, "web-of-science-categories": "for searching", "doc-delivery-number": _TOOL,
    "journal-iso4": _SHORT, "number-of-cited-references": _TOOL, "times-cited": _TOOL, "usage-count-since-2013": _TOOL,
}  # fmt: skip
"""Fields that are not printed, and why."""
_FAMILIES = (
    (re.compile(r"[\w-]+\+an(?::\w+)?"), "a note on parts of a field"),
    (re.compile(r"(?:user|list|verb|name)[a-z](?:type)?|nameaddon[a-z]|custom[a-z]"), _OWN),
    (
        re.compile(
            r"(?:mendeley|bdsk|citeulike|jabref|zotero|opt(?!ions$)|x-|researcherid|orcid|usage-count)[\w-]*"
        ),
        _TOOL,
    ),
)


@cache
def withheld(name: str) -> str:
    """Say why a field is not printed; '' where it is printed, used or unknown."""
    return WITHHELD.get(name) or next((why for family, why in _FAMILIES if family.fullmatch(name)), "")


PRINTED = frozenset(
    (*TEXTS, *(name for names in JOINED.values() for name in names), *NAMES, *DATES, *SPECIAL)
)
"""Every field that is printed where it has something to say."""
# What the whole does not hand to its parts: biblatex's list, and what identifies or describes the whole alone.
NOT_INHERITED = frozenset((
    "crossref", "xref", "xdata", "entryset", "entrysubtype", "execute", "label", "options", "presort", "related",
    "relatedoptions", "relatedstring", "relatedtype", "shorthand", "shorthandintro", "sortkey", "ids", "key",
    "doi", "eprint", "eprinttype", "archiveprefix", "eprintclass", "primaryclass", "pmid", "pmcid", "url", "urldate",
    "pages", "page", "pagetotal", "numpages", "eid", "articleno", "abstract", "keywords", "file", "annote",
    "annotation", "chapter", "type", "shorttitle", "indextitle", "sorttitle",
))  # fmt: skip
_WHOLE = (("title", "booktitle"), ("subtitle", "booksubtitle"), ("titleaddon", "booktitleaddon"))
_MAIN = (("title", "maintitle"), ("subtitle", "mainsubtitle"), ("titleaddon", "maintitleaddon"))
_JOURNAL = (("title", "journaltitle"), ("subtitle", "journalsubtitle"), ("titleaddon", "journaltitleaddon"))


def inheritance(whole: str, part: str) -> tuple[tuple[str, str], ...]:
    """Return the fields of a whole that are another field of its part, as biblatex maps them."""
    if whole.startswith("mv"):
        return _MAIN
    if whole == "periodical":
        return _JOURNAL
    if part == "article":
        return ()
    if part in ("inbook", "bookinbook", "suppbook"):
        return (*_WHOLE, ("author", "bookauthor"), ("author", "author"))
    return _WHOLE
