"""The report as an RO-Crate: valid, linked data that expands, with everything that the report claims and cites."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from pyld import jsonld

from exported import HOSTILE, PDF, RECORDS, hostile_record, publication, written
from reportgen.base.characters import normalise
from reportgen.exports import FileFacts
from reportgen.exports.cited import sources_of
from reportgen.pipeline.publish import write_formats
from standards import CRATE_CONTEXT, crate_context, crate_issues

ADDRESS = "https://example.org/reports/x/"
# What a crate should say and a record does not know: where people work and can be reached, what a licence allows.
UNKNOWN = (
    "affiliation",
    "ROR",
    "contactPoint",
    "ORCID",
    "have a URL",
    "License entities SHOULD have a description",
)


def loader(address, _):
    """Return the one context that a crate may ask for."""
    assert address == CRATE_CONTEXT
    return {"contextUrl": None, "documentUrl": address, "document": crate_context()}


def crate_of(made) -> dict:
    return json.loads(written("ro-crate", made))


def entities_of(made) -> dict[str, dict]:
    graph = crate_of(made)["@graph"]
    found = {each["@id"]: each for each in graph}
    assert len(found) == len(graph)
    return found


CASES = [(name, url) for name in RECORDS for url in ("", ADDRESS)] + [(name, "") for name in HOSTILE]


@pytest.mark.parametrize(
    ("name", "url"), CASES, ids=lambda value: {"": "attached", ADDRESS: "detached"}.get(value, value)
)
def test_a_crate_names_every_claim_and_source_and_leads_nowhere_else(name, url):
    made = publication(RECORDS[name] if name in RECORDS else hostile_record(name), url)
    found = entities_of(made)
    claims = [each for each in found.values() if each["@type"] == "Claim"]
    assert [each["text"] for each in claims] == [normalise(each.text) for each in made.inputs.record.claims]
    titles = {each.entry.title for each in sources_of(made) if each.entry.title}
    assert titles <= {each.get("name") for each in found.values()}
    outside = {"https://w3id.org/ro/crate/1.2"}
    assert set(referred(crate_of(made)["@graph"])) <= {*found, *outside}
    root = found[url or "./"]
    assert root["name"].startswith(normalise(made.inputs.record.title))
    assert root.get("creativeWorkStatus", "") == made.tree.warning
    assert found[root["hasPart"]["@id"]]["sha256"] == PDF.sha256


def referred(value):
    """Yield the names that entities refer to."""
    if isinstance(value, list):
        for part in value:
            yield from referred(part)
    elif isinstance(value, dict):
        if value.keys() == {"@id"}:
            yield value["@id"]
        for part in value.values():
            yield from referred(part)


@pytest.mark.parametrize("name", ["whole_report", "fbca8ee9"])
def test_a_crate_expands_with_every_term_known(name):
    crate = crate_of(publication(RECORDS[name]))
    expanded = jsonld.expand(crate, {"documentLoader": loader, "base": ADDRESS})
    assert len(expanded) == len(crate["@graph"])
    terms = {term for entity in crate["@graph"] for term in entity if not term.startswith("@")}
    terms |= {entity["@type"] for entity in crate["@graph"]}
    assert terms <= set(crate_context()["@context"])


def test_an_attached_crate_passes_the_validator(tmp_path):
    folder = tmp_path / "crate"
    folder.mkdir()
    (folder / PDF.name).write_bytes(b"abc")
    (folder / "ro-crate-metadata.json").write_bytes(written("ro-crate", publication(RECORDS["whole_report"])))
    issues = crate_issues(folder, tmp_path, "recommended")
    assert issues
    assert [issue for issue in issues if not any(word in issue for word in UNKNOWN)] == []


def test_a_detached_crate_passes_the_validator(tmp_path):
    crate = tmp_path / "report-ro-crate-metadata.json"
    crate.write_bytes(written("ro-crate", replace(publication(RECORDS["5eed0003"], ADDRESS), stem="report")))
    assert crate_issues(crate, tmp_path, "required") == []


def test_no_licence_is_said_and_none_is_made_up():
    made = publication(RECORDS["one_claim"])
    made = replace(made, inputs=replace(made.inputs, license=None))
    assert entities_of(made)["./"]["license"] == "no licence stated"
    own = replace(made, inputs=replace(made.inputs, license="ask us"))
    assert entities_of(own)["./"]["license"] == "ask us"


def test_a_crate_is_written_last_and_describes_the_other_files():
    made = replace(publication(RECORDS["one_claim"]), pdf=None)
    files = write_formats(made, ("ro-crate", "bibtex", "jats"))
    assert [*files] == [f"{made.stem}{ending}" for ending in (".bib", ".jats.xml", "-ro-crate-metadata.json")]
    crate = json.loads(files[f"{made.stem}-ro-crate-metadata.json"])
    described = {each["name"]: each for each in crate["@graph"] if each["@type"] == "File"}
    assert {name: each["sha256"] for name, each in described.items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name in described
    }
    assert len(described) == 2


def test_a_file_of_a_format_that_its_name_does_not_tell_is_described_without():
    made = replace(publication(RECORDS["one_claim"]), files=(FileFacts("notes.odd", 4, "0" * 64),))
    assert "encodingFormat" not in entities_of(made)["notes.odd"]
    assert entities_of(made)["notes.odd"]["contentSize"] == "4"
