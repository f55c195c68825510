"""The XMP packet, written whole, with the extension schemas that PDF/A asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from reportgen.pdf.finish.metadata import TRAINED_ALGORITHMIC_MEDIA, Metadata, readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAMESPACES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# Schemas that PDF/A-3 does not know: title, then property -> (value type, category, description).
_EXTENSIONS: Mapping[str, tuple[str, Mapping[str, tuple[str, str, str]]]] = {
    "pdfuaid": (
        "PDF/UA identification schema",
        {"part": ("Integer", "internal", "The part of ISO 14289 that the document conforms to")},
    ),
    "prism": (
        "PRISM basic metadata",
        {
            "doi": ("Text", "external", "The digital object identifier of the report"),
            "url": ("URI", "external", "The address of the report"),
        },
    ),
    "Iptc4xmpExt": (
        "IPTC extension schema",
        {
            "DigitalSourceType": ("Text", "external", "How the content came to be, a term of IPTC NewsCodes"),
            "AISystemUsed": ("Text", "external", "The system that generated the content"),
            "AISystemVersionUsed": ("Text", "external", "The version of that system"),
        },
    ),
}

for _prefix, _uri in _NAMESPACES.items():
    ET.register_namespace(_prefix, _uri)


def xmp_packet(metadata: Metadata) -> bytes:
    """Return the XMP packet of a PDF/A-3a and PDF/UA-1 report, in UTF-8."""
    meta = ET.Element(_name("x:xmpmeta"))
    rdf = ET.SubElement(meta, _name("rdf:RDF"))
    description = ET.SubElement(rdf, _name("rdf:Description"), {_name("rdf:about"): ""})
    _collections(description, metadata)
    simple = _simple_properties(metadata)
    for name, value in simple.items():
        if value:
            ET.SubElement(description, _name(name)).text = readable(value)
    used = {name.partition(":")[0] for name, value in simple.items() if value}
    _extension_schemas(description, [prefix for prefix in _EXTENSIONS if prefix in used])
    ET.indent(meta, " ")
    body = ET.tostring(meta, encoding="unicode")
    return (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n{body}\n<?xpacket end="r"?>\n'
    ).encode()


def _collections(description: ET.Element, metadata: Metadata) -> None:
    _alternatives(description, "dc:title", metadata.title, metadata.languages[0])
    _collection(description, "dc:creator", "Seq", metadata.authors)
    described_in = metadata.description_language or metadata.languages[0]
    _alternatives(description, "dc:description", metadata.description, described_in)
    _collection(description, "dc:subject", "Bag", metadata.keywords)
    _collection(description, "dc:publisher", "Bag", [metadata.publisher])
    _collection(description, "dc:date", "Seq", [metadata.date.isoformat()])
    _collection(description, "dc:language", "Bag", metadata.languages)
    _collection(description, "dc:type", "Bag", ["Text"])  # of DCMI's types
    _alternatives(description, "dc:rights", metadata.license)
    names = [metadata.identifier, f"doi:{metadata.doi}" if metadata.doi else None]
    _collection(description, "xmp:Identifier", "Bag", names)


def _simple_properties(metadata: Metadata) -> dict[str, str | None]:
    generated = metadata.machine_generated
    return {
        "dc:format": "application/pdf",
        "dc:identifier": f"doi:{metadata.doi}" if metadata.doi else metadata.identifier,
        "xmp:CreateDate": metadata.xmp_date,
        "xmp:ModifyDate": metadata.xmp_date,
        "xmp:MetadataDate": metadata.xmp_date,
        "xmp:CreatorTool": metadata.creator_tool,
        "xmpMM:DocumentID": metadata.identifier,
        "xmpMM:InstanceID": metadata.instance,
        "xmpMM:VersionID": metadata.version,
        "xmpRights:Marked": "True" if metadata.license else None,
        "xmpRights:WebStatement": metadata.license_url,
        "pdf:Producer": metadata.producer,
        "pdf:Keywords": ", ".join(metadata.keywords),
        "pdfaid:part": "3",
        "pdfaid:conformance": "A",
        "pdfuaid:part": "1",
        "prism:doi": metadata.doi,
        "prism:url": metadata.doi_url,
        "Iptc4xmpExt:DigitalSourceType": TRAINED_ALGORITHMIC_MEDIA if generated else None,
        "Iptc4xmpExt:AISystemUsed": metadata.generator if generated else None,
        "Iptc4xmpExt:AISystemVersionUsed": metadata.generator_version if generated else None,
    }


def _extension_schemas(description: ET.Element, prefixes: Iterable[str]) -> None:
    schemas = ET.SubElement(ET.SubElement(description, _name("pdfaExtension:schemas")), _name("rdf:Bag"))
    for prefix in prefixes:
        title, properties = _EXTENSIONS[prefix]
        schema = _resource(
            schemas, "pdfaSchema", {"schema": title, "namespaceURI": _NAMESPACES[prefix], "prefix": prefix}
        )
        listed = ET.SubElement(ET.SubElement(schema, _name("pdfaSchema:property")), _name("rdf:Seq"))
        for name, (value_type, category, text) in properties.items():
            fields = {"name": name, "valueType": value_type, "category": category, "description": text}
            _resource(listed, "pdfaProperty", fields)


def _resource(parent: ET.Element, prefix: str, fields: Mapping[str, str]) -> ET.Element:
    item = ET.SubElement(parent, _name("rdf:li"), {_name("rdf:parseType"): "Resource"})
    for field, value in fields.items():
        ET.SubElement(item, _name(f"{prefix}:{field}")).text = value
    return item


def _collection(description: ET.Element, name: str, kind: str, values: Iterable[str | None]) -> None:
    if kept := [readable(value) for value in values if value]:
        items = ET.SubElement(ET.SubElement(description, _name(name)), _name(f"rdf:{kind}"))
        for value in kept:
            ET.SubElement(items, _name("rdf:li")).text = value


def _alternatives(description: ET.Element, name: str, value: str | None, language: str = "") -> None:
    """Write a text as that of no stated language, which readers ask for first, and in its own."""
    if value:
        items = ET.SubElement(ET.SubElement(description, _name(name)), _name("rdf:Alt"))
        for each in filter(None, ("x-default", language)):
            ET.SubElement(items, _name("rdf:li"), {_XML_LANG: each}).text = readable(value)


def _name(qualified: str) -> str:
    prefix, _, local = qualified.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"
