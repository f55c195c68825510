from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.identifiers import Identifier, identify


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arxiv:2402.18571v3", Identifier("arxiv", "2402.18571", 3)),
        ("arXiv: 2402.18571", Identifier("arxiv", "2402.18571")),
        ("2402.18571", Identifier("arxiv", "2402.18571")),
        ("hep-th/9901001v2", Identifier("arxiv", "hep-th/9901001", 2)),
        ("math.GT/0309136", Identifier("arxiv", "math.GT/0309136")),
        ("http://arxiv.org/abs/2402.18571v3", Identifier("arxiv", "2402.18571", 3)),
        ("https://arxiv.org/pdf/2402.18571v3.pdf", Identifier("arxiv", "2402.18571", 3)),
        ("https://www.arxiv.org/abs/2402.18571?context=cs", Identifier("arxiv", "2402.18571")),
        ("https://doi.org/10.48550/arXiv.2402.18571", Identifier("arxiv", "2402.18571")),
        ("10.48550/arXiv.unusual", Identifier("doi", "10.48550/arXiv.unusual")),
        ("doi:10.1007/s11704-026-60308-3", Identifier("doi", "10.1007/s11704-026-60308-3")),
        ("10.1007/s11704-026-60308-3", Identifier("doi", "10.1007/s11704-026-60308-3")),
        ("https://doi.org/10.1038/s41592-019-0686-2", Identifier("doi", "10.1038/s41592-019-0686-2")),
        ("http://dx.doi.org/10.1000%2Fa%3Cb", Identifier("doi", "10.1000/a<b")),
        ("https://doi.org/nothing", Identifier("url", "https://doi.org/nothing")),
        ("pmid:032015543", Identifier("pmid", "32015543")),
        ("https://pubmed.ncbi.nlm.nih.gov/32015543/", Identifier("pmid", "32015543")),
        ("https://pubmed.ncbi.nlm.nih.gov/0/", Identifier("url", "https://pubmed.ncbi.nlm.nih.gov/0/")),
        ("isbn:978-0-13-110362-7", Identifier("isbn", "9780131103627")),
        ("isbn:0-8044-2957-X", Identifier("isbn", "080442957X")),
        ("url:https://example.org/a", Identifier("url", "https://example.org/a")),
        ("https://example.org/a?b=c#d", Identifier("url", "https://example.org/a?b=c#d")),
        ("key:wang2024dpa", Identifier("key", "wang2024dpa")),
        ("wang2024dpa", Identifier("key", "wang2024dpa")),
    ],
)
def test_every_form_of_the_format_is_recognised(text, expected):
    assert identify(f"  {text} ") == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "a b",
            "doi:10.1",
            "arxiv:bad",
            "pmid:0",
            "pmid:٣٤",
            "isbn:9780131103628",
            "isbn:080442957",
            "isbn:1",
        ),
        *("ftp://example.org/a", "https://", "https://[broken/", "https://?q", "back\\slash", "per%cent"),
    ],
)
def test_what_names_nothing_is_refused_with_what_was_expected(text):
    with pytest.raises(ValueError, match=r"is (not|neither) a"):
        identify(text)


def test_two_references_to_one_work_have_one_identity():
    assert identify("10.1000/ABC").identity == identify("https://doi.org/10.1000/abc").identity
    assert identify("2402.18571v1").identity == identify("http://arxiv.org/abs/2402.18571v3").identity
    assert identify("Key").identity != identify("key").identity


@pytest.mark.parametrize(
    ("text", "shown", "url"),
    [
        ("10.1000/a", "doi:10.1000/a", "https://doi.org/10.1000/a"),
        ("10.1000/a<b>#c?d%e", "doi:10.1000/a<b>#c?d%e", "https://doi.org/10.1000/a%3Cb%3E%23c%3Fd%25e"),
        ("2402.18571v3", "arXiv:2402.18571v3", "https://arxiv.org/abs/2402.18571v3"),
        ("2402.18571", "arXiv:2402.18571", "https://arxiv.org/abs/2402.18571"),
        ("pmid:7", "PMID 7", "https://pubmed.ncbi.nlm.nih.gov/7/"),
        ("isbn:9780131103627", "ISBN 9780131103627", None),
        ("https://example.org/", "https://example.org/", "https://example.org/"),
        ("wang2024dpa", "wang2024dpa", None),
    ],
)
def test_an_identifier_is_shown_and_linked(text, shown, url):
    assert (str(identify(text)), identify(text).url) == (shown, url)


# U+FFFD stands for what could not be decoded, so an address that holds it is left as it is written.
@given(st.from_regex(r"10\.[0-9]{4,9}/[^\s\ufffd]{1,20}", fullmatch=True))
def test_the_address_of_a_doi_leads_back_to_it(doi):
    found = identify(doi, "doi")
    assert identify(found.url).identity == found.identity


@given(st.text(max_size=40))
def test_any_text_is_an_identifier_or_a_value_error(text):
    try:
        found = identify(text)
    except ValueError:
        return
    assert found.value
    assert found.kind != "key" or "://" not in found.value
