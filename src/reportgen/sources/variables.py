"""The variables of an entry: those of CSL 1.0.2, and what biblatex has beyond them; which are printed, which are not.

Whatever is neither here nor known to a reader is unknown, and told so.
"""

from __future__ import annotations

TEXTS = (
    "title", "container-title", "collection-title", "collection-number", "volume", "volume-title", "number", "issue",
    "page", "chapter-number", "part-number", "part-title", "section", "supplement-number", "printing-number",
    "edition", "version", "number-of-pages", "number-of-volumes", "publisher", "publisher-place", "event-title",
    "event-place", "original-title", "original-publisher", "original-publisher-place", "reviewed-title",
    "reviewed-genre", "medium", "genre", "status", "archive", "archive_collection", "archive_location",
    "archive-place", "authority", "call-number", "dimensions", "division", "jurisdiction", "scale", "note",
    "ISSN", "PMCID",
    # Beyond CSL: Crossref's, and biblatex's.
    "article-number", "collaboration", "main-title", "original-language",
)  # fmt: skip
"""Printed as text. Formats write an event's title as ``event``, too."""
NAMES = (
    "author", "chair", "collection-editor", "compiler", "composer", "container-author", "contributor", "curator",
    "director", "editor", "editorial-director", "editor-translator", "executive-producer", "guest", "host",
    "illustrator", "interviewer", "narrator", "organizer", "original-author", "performer", "producer", "recipient",
    "reviewed-author", "script-writer", "series-creator", "translator",
    # Beyond CSL: biblatex's.
    "annotator", "commentator", "introduction", "foreword", "afterword", "holder", "founder", "continuator",
    "redactor", "reviser", "collaborator",
)  # fmt: skip
DATES = ("issued", "accessed", "available-date", "event-date", "original-date", "submitted")
IDENTIFIERS = ("DOI", "PMID", "ISBN", "URL")

WITHHELD = {
    "abstract": "a summary, not a description",
    "annote": "a note for oneself",
    "keyword": "for searching",
    "references": "the works it cites",
    "source": "where the description was found",
    "license": "what may be done with the work",
    "title-short": "the title is printed",
    "container-title-short": "the title is printed",
    "citation-key": "a name in another program",
    "citation-label": "a label of another style",
    "citation-number": "a number of another list",
    "first-reference-note-number": "a number of another document",
    "locator": "belongs to a citation",
    "page-first": "the pages are printed",
    "year-suffix": "belongs to another list",
}
"""Variables of CSL that are never printed, and why."""
REGISTRY = frozenset((
    "indexed", "reference-count", "content-domain", "created", "is-referenced-by-count", "prefix",
    "member", "reference", "deposited", "score", "resource", "subject", "published", "published-print",
    "published-online", "published-other", "journal-issue", "relation", "link", "short-container-title",
    "short-title", "alternative-id", "references-count", "funder", "assertion", "update-policy",
    "issn-type", "isbn-type", "approved", "accepted", "posted", "institution", "group-title", "subtype",
    "clinical-trial-number", "copyright", "categories", "custom", "shortTitle", "journalAbbreviation", "system_id",
    "aliases", "free-to-read", "content-created", "content-updated", "edition-number", "degree",
    "intermediate-title", "_graph", "version-label", "schema",
))  # fmt: skip
"""What registries and programs add to an item for their own ends."""
