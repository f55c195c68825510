"""What each type of work is called in the citation formats: one table for all of them."""

from __future__ import annotations

from typing import Final, NamedTuple


class WorkType(NamedTuple):
    """The names of a type of work: in BibTeX, in RIS, in CITATION.cff and in JATS."""

    bibtex: str
    ris: str
    cff: str
    jats: str


_OTHER = WorkType("misc", "GEN", "generic", "other")
_ARTICLE, _BOOK = WorkType("article", "JOUR", "article", "journal"), WorkType("book", "BOOK", "book", "book")
_LAW, _WEB = WorkType("legislation", "STAT", "statute", "other"), WorkType("online", "ELEC", "website", "web")
_TYPES: Final = {
    "article": WorkType("unpublished", "UNPB", "article", "preprint"),
    "article-journal": _ARTICLE,
    "article-magazine": WorkType("article", "MGZN", "magazine-article", "journal"),
    "article-newspaper": WorkType("article", "NEWS", "newspaper-article", "newspaper"),
    "bill": WorkType("legislation", "BILL", "bill", "other"),
    "book": _BOOK,
    "chapter": WorkType("incollection", "CHAP", "book", "book"),
    "classic": _BOOK,
    "collection": WorkType("collection", "EDBOOK", "edited-work", "book"),
    "dataset": WorkType("dataset", "DATA", "data", "data"),
    "entry-dictionary": WorkType("inreference", "DICT", "dictionary", "book"),
    "entry-encyclopedia": WorkType("inreference", "ENCYC", "encyclopedia", "book"),
    "graphic": WorkType("artwork", "ART", "art", "other"),
    "hearing": WorkType("jurisdiction", "HEAR", "hearing", "other"),
    "legal_case": WorkType("jurisdiction", "CASE", "legal-case", "other"),
    "legislation": _LAW,
    "manuscript": WorkType("unpublished", "UNPB", "unpublished", "working-paper"),
    "map": WorkType("misc", "MAP", "map", "other"),
    "motion_picture": WorkType("movie", "MPCT", "film-broadcast", "other"),
    "musical_score": WorkType("music", "MUSIC", "music", "other"),
    "pamphlet": WorkType("booklet", "PAMP", "pamphlet", "other"),
    "paper-conference": WorkType("inproceedings", "CPAPER", "conference-paper", "conf-proc"),
    "patent": WorkType("patent", "PAT", "patent", "patent"),
    "periodical": WorkType("periodical", "SER", "serial", "journal"),
    "personal_communication": WorkType("letter", "PCOMM", "personal-communication", "other"),
    "post": _WEB,
    "post-weblog": WorkType("online", "BLOG", "blog", "web"),
    "regulation": _LAW,
    "report": WorkType("report", "RPRT", "report", "report"),
    "review": WorkType("article", "JOUR", "article", "journal"),
    "review-book": _ARTICLE,
    "software": WorkType("software", "COMP", "software", "software"),
    "song": WorkType("audio", "SOUND", "sound-recording", "other"),
    "speech": WorkType("unpublished", "SLIDE", "slides", "other"),
    "standard": WorkType("standard", "STAND", "standard", "standard"),
    "thesis": WorkType("thesis", "THES", "thesis", "thesis"),
    "treaty": WorkType("legal", "STAT", "legal-rule", "other"),
    "webpage": _WEB,
}


def work_type(csl: str) -> WorkType:
    """Return what a type of CSL is called in the formats."""
    return _TYPES.get(csl, _OTHER)
