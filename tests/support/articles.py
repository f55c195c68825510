"""A report as an article in JATS, read back: valid, and with everything that the report prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from reportgen.base.characters import normalise
from reportgen.latex.render import render_body
from reportgen.text.report import Claim, blocks_in
from reportgen.text.tree import Equation, Figure, Table
from standards import jats_errors

if TYPE_CHECKING:
    from reportgen.exports import Publication

NOT_BROKEN = re.compile(r"\s+")


def words_of(element: etree._Element) -> str:
    """Return the words of an element, those of its attributes, too, without white space."""
    alts = " ".join(
        value for each in element.iter() for value in (each.get("alt"), each.get("language")) if value
    )
    return NOT_BROKEN.sub("", "".join(element.itertext()) + alts)


def assert_article_whole(made: Publication, content: bytes) -> None:
    """Check that an article is valid and holds every claim, section, table, figure, formula and reference."""
    assert jats_errors(content) == []
    article, tree = etree.fromstring(content), made.tree
    words = words_of(article)
    # Date, keywords and identifiers have elements of their own, and are looked for there.
    printed = [each for each in render_body(tree).printed if each.pointer not in ("", "/title")]
    assert len(printed) > 3
    _assert_front(made, article)
    assert [each.text for each in printed if NOT_BROKEN.sub("", normalise(each.text)) not in words] == []
    blocks = [*blocks_in(tree.bands)]
    claims = [block for block in blocks if isinstance(block, Claim)]
    items = article.findall(".//list-item[@specific-use='claim']")
    assert [item.findtext("label") for item in items] == [claim.label for claim in claims]
    references = made.inputs.bibliography.references
    assert [ref.findtext("label") for ref in article.iter("ref")] == [
        f"[{each.number}]" for each in references
    ]
    for kind, name in ((Table, "table-wrap"), (Figure, "fig"), (Equation, "disp-formula")):
        assert len(article.findall(f".//{name}")) == sum(isinstance(block, kind) for block in blocks)
    assert {reference.get("rid") for reference in article.iter("xref")} - {None} <= {
        each.get("id") for each in article.iter()
    }


def _assert_front(made: Publication, article: etree._Element) -> None:
    record = made.inputs.record
    assert article.find(".//pub-date").get("iso-8601-date") == record.date.isoformat()
    assert [*map(words_of, article.iter("kwd"))] == [_same(word) for word in record.keywords]
    assert _same(made.tree.warning) in words_of(article.find(".//article-title"))
    found = [each.text for each in article.iter("contrib-id")]
    assert found == [f"https://orcid.org/{each.orcid}" for each in made.inputs.authors if each.orcid]
    related = " ".join(
        each.get("{http://www.w3.org/1999/xlink}href") for each in article.iter("related-article")
    )
    for other in (record.supersedes, record.superseded_by, record.translation_of):
        assert str(other or "") in related
    if record.funding:
        assert _same(record.funding) in words_of(article.find(".//funding-statement"))


def _same(text: str) -> str:
    return NOT_BROKEN.sub("", normalise(text))
