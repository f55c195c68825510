"""The names and words of other tools, by what they are called in a record.

Each is what a tool, a data set or a person wrote who had not read the list of fields. A name stands under the
field that holds the same thing, counted from the object that it stands in; `fold` takes away case and underscores.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reportgen.base.suggestions import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOWHERE = ""
"""The field of what no part of a report prints."""

FIELDS: Mapping[str, Mapping[str, str]] = {
    "record": {
        "sources": "references bibliography citations works_cited refs source_urls visited_urls papers",
        "abstract": "abstract_text synopsis description",
        "summary": "tldr conclusion conclusions answer brief key_message key_findings takeaway result",
        "question": "query research_question prompt user_query",
        "title": "title_text name headline heading report_title",
        "date": "created_at created timestamp generated_at published publication_date report_date updated_at day",
        "id": "report_id record_id research_id task_id uuid",
        "kind": "type report_type",
        "authors": "author creators creator contributors",
        "generator.name": "model tool generated_by model_name provider",
        "generator.run.cost": "cost total_cost total_cost_usd research_costs",
        "language": "lang locale",
        "license": "rights copyright",
        "keywords": "tags subjects topics",
        "external_record": "url link homepage",
        "claims": "statements assertions facts findings",
        "claims.confidence": "confidence certainty",
        "claims.evidence": "evidence contexts",
        "sections": "content body text markdown report report_text full_text introduction methods discussion",
        "background": "context motivation",
        "limitations": "limits caveats weaknesses risk_factors_and_limitations",
        "conflicts_of_interest": "competing_interests coi declaration_of_interest",
        "data_availability": "data_statement availability data_access",
        "search.queries": "queries search_queries query_domains",
        "search.databases": "databases",
        "review.score": "score rating overall",
        "review.reviewers": "reviewers reviews",
        "gate.status": "status verification verification_status",
        _NOWHERE: "token_counts tokens duration timing_info docx_path pdf_path cached tool_history",
    },
    "claims": {
        "text": "claim statement content sentence assertion claim_text fact",
        "sources": "references citations refs source cites source_urls urls url doi cited_doc_ids",
        "confidence": "probability certainty confidence_score score",
        "verdict": "label status rating judgement assessment truth_value",
        "verified": "is_verified supported is_supported",
        "verdict_by": "verified_by checked_by annotator",
        "quote": "quotation excerpt snippet passage cited_text source_text raw_content",
        "locator": "page pages page_number location",
        "evidence": "contexts supporting_evidence passages snippets",
        "evidence.relevance": "relevance relevance_score",
        "note": "comment justification explanation reasoning rationale details",
        "theme": "topic category group section",
        "id": "claim_id key number",
    },
    "claims.evidence": {
        "source": "url doi key citation reference document link source_url",
        "quote": "text passage snippet excerpt content cited_text sentence context",
        "locator": "page pages page_number location name",
        "stance": "label relation polarity verdict",
        "relevance": "score similarity relevance_score confidence",
    },
    "authors": {
        "name": "full_name display_name author",
        "given": "first_name forename given_name given_names",
        "family": "last_name surname family_name",
        "affiliation": "institution organisation organization affiliations university",
        "email": "mail email_address",
        "orcid": "orcid_id",
        "roles": "role contribution contributions credit",
    },
    "source": {
        "url": "link href source_url address",
        "arxiv": "arxiv_id eprint",
        "pmid": "pubmed pubmed_id",
        "doi": "doi_url",
        "key": "bibkey cite_key citation_key ref",
    },
    "search": {
        "queries": "query search_terms keywords terms search_queries",
        "databases": "database sources engines",
        "searched_on": "date searched_at search_date",
        "papers_retrieved": "papers_found results n_results hits found retrieved",
        "duplicates_removed": "duplicates",
        "screened": "papers_screened n_screened",
        "included": "papers_included n_included",
        "criteria": "inclusion_criteria eligibility eligibility_criteria",
    },
    "search.databases": {
        "found": "hits results n n_results count",
        "searched_on": "date searched_at",
        "query": "queries search_string search_terms",
        "name": "database title",
    },
    "search.excluded": {"n": "count number", "reason": "why name"},
    "review": {"score": "rating overall grade", "reviewers": "reviews", "method": "protocol procedure"},
    "review.reviewers": {
        "role": "name reviewer",
        "score": "rating overall grade",
        "note": "comment comments",
    },
    "generator": {
        "name": "model tool model_name",
        "version": "model_version",
        "statement": "description note",
        "run.cost": "cost total_cost",
        "run.id": "run_id",
        "run.tools": "tools",
    },
    "sections": {
        "title": "heading name header section_title",
        "text": "content body markdown paragraphs",
        "appendix": "is_appendix",
    },
    "gate": {
        "status": "verdict result state",
        "reason": "message explanation",
        "evaluated_at": "date timestamp checked_at",
    },
    "corrections": {"public_note": "note description message", "corrected_at": "date timestamp"},
}
"""By kind of object, the fields and what else they are called."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "claims.verdict": {
        "supported": "true|yes|supports|confirmed|verified|correct|entailed|entailment|SUPPORT|proved",
        "refuted": "false|contradicted|contradict|refutes|disproved|incorrect|contradiction|wrong",
        "mixed": "conflicting|conflicting evidence|conflicting evidence/cherrypicking|partially supported|"
        "mixture|disputed|partly true|half true",
        "insufficient": "NEI|not enough information|not enough info|not enough evidence|inconclusive|unknown|"
        "unclear|unsupported|not supported|neutral|unproven",
        "not-checked": "unverified|unchecked|pending|skipped|not verified",
    },
    "claims.evidence.stance": {
        "supports": "support|supported|for|entailment|supporting|pro",
        "contradicts": "contradict|refutes|refuted|against|opposes|contradiction|contrasting|con",
        "mentions": "neutral|mention|background|mentioning|not enough info",
    },
    "claims.confidence_kind": {
        "model-stated": "self-reported|llm|verbalized|model",
        "classifier": "nli|entailment",
        "lexical": "overlap|similarity",
    },
    "claims.verdict_by.type": {
        "person": "human|expert|annotator",
        "model": "llm|ai|machine",
        "gate": "test|ci",
    },
    "authors.type": {
        "person": "human|individual|Personal",
        "organization": "organisation|org|institution|Organizational|group",
    },
    "kind": {
        "synthesis": "review|literature review|systematic review|report|research report|detailed report",
        "meta-analysis": "meta|benchmark",
        "math-result": "math|proof|theorem|mathematics",
    },
    "corrections.correction_type": {
        "METADATA": "title|author|authors|identifier|typo",
        "ARTIFACT": "data|dataset|code|file|figure|table",
        "CLAIM": "claims|verdict|text|content|result",
        "BENCHMARK": "benchmark score",
        "PROVENANCE": "generator|method|search",
        "QUALITY_ASSESSMENT": "review|score|quality",
    },
    "gate.status": {"VERIFIED": "pass|passed|ok|true", "UNVERIFIED": "pending|not run|unknown|none"},
}
"""By field, its words and how else they are said."""


def kind_of(parts: tuple[str | int, ...]) -> str:
    """Return what kind of object stands at a place: `claims` for one of the claims, `record` for the whole."""
    names = [part for part in parts if isinstance(part, str)]
    if names and names[-1] in ("source", "sources", "lead_source"):
        return "source"
    return ".".join(names) or "record"


@cache
def _folded(kind: str, *, words: bool) -> Mapping[str, str]:
    table, mark = (WORDS, "|") if words else (FIELDS, None)
    return {fold(name): ours for ours, names in table.get(kind, {}).items() for name in names.split(mark)}


def field_meant(name: str, kind: str) -> str | None:
    """Return the field that holds what another tool calls ``name``; '' where none does, None where nothing is known."""
    return _folded(kind, words=False).get(fold(name))


def word_meant(word: str, place: str) -> str | None:
    """Return the word of a field for what others call ``word``, or None."""
    return _folded(place, words=True).get(fold(word))
