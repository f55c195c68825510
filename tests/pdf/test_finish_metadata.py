from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import struct
from dataclasses import replace
from uuid import UUID
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pikepdf import Name, NameTree
from PIL import Image, ImageCms

from reportgen.pdf.finish import Attachment, finish
from reportgen.pdf.finish.colour import srgb_profile
from reportgen.pdf.finish.embedding import attach
from reportgen.pdf.finish.metadata import Metadata, instance_of, readable
from reportgen.pdf.finish.xmp import xmp_packet
from reportgen.text.structure import Element
from tagged_documents import ATTACHMENTS, METADATA, drawn

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
PRISM = "{http://prismstandard.org/namespaces/basic/2.0/}"
MM = "{http://ns.adobe.com/xap/1.0/mm/}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
PLAIN = Metadata("T", ("A",), dt.date(2026, 5, 30), "urn:uuid:1", "reportgen 0", machine_generated=False)


def description(metadata: Metadata) -> ET.Element:
    return ET.fromstring(xmp_packet(metadata).decode())[0][0]


def value(metadata: Metadata, name: str) -> str | list[str] | None:
    found = description(metadata).find(name)
    if found is None:
        return None
    return [item.text or "" for item in found[0]] if len(found) else found.text


def languages(metadata: Metadata, name: str) -> list[str]:
    found = description(metadata).find(name)
    return [item.get("{http://www.w3.org/XML/1998/namespace}lang", "") for item in found[0]]


@pytest.fixture(scope="module")
def finished():
    raw = drawn(b"/RG <</MCID 0>> BDC\nBT /F1 9 Tf (x) Tj ET\nEMC")
    root = Element("Document", {}, (Element("P", {}, (0,)),))
    with pikepdf.open(io.BytesIO(finish(raw, root, METADATA, ATTACHMENTS).pdf)) as pdf:
        yield pdf


class TestXmp:
    def test_it_holds_the_whole_description(self):
        assert value(METADATA, DC + "title") == [METADATA.title] * 2
        assert value(METADATA, DC + "creator") == list(METADATA.authors)
        assert value(METADATA, DC + "description") == [METADATA.description] * 2
        assert value(METADATA, DC + "subject") == list(METADATA.keywords)
        assert value(METADATA, DC + "publisher") == ["The Publisher"]
        assert value(METADATA, DC + "language") == ["en"]
        assert value(METADATA, DC + "date") == ["2026-05-30"]
        assert value(METADATA, DC + "rights") == ["CC-BY-4.0"]
        assert value(METADATA, DC + "type") == ["Text"]
        assert value(METADATA, DC + "identifier") == "doi:10.5281/zenodo.1"
        assert value(PLAIN, DC + "identifier") == PLAIN.identifier
        assert value(METADATA, XMP + "Identifier") == [METADATA.identifier, "doi:10.5281/zenodo.1"]
        assert value(METADATA, XMP + "CreatorTool") == "Machine 7"
        assert value(METADATA, RIGHTS + "WebStatement") == "https://creativecommons.org/licenses/by/4.0/"
        assert value(METADATA, "{http://prismstandard.org/namespaces/basic/2.0/}doi") == "10.5281/zenodo.1"
        assert value(METADATA, PRISM + "url") == "https://doi.org/10.5281/zenodo.1"

    def test_titles_and_descriptions_say_their_language(self):
        metadata = replace(METADATA, language="en", text_language="ja", description_language="en")
        assert value(metadata, DC + "language") == ["ja", "en"]
        assert languages(metadata, DC + "title") == ["x-default", "ja"]
        assert languages(metadata, DC + "description") == ["x-default", "en"]
        assert languages(METADATA, DC + "title") == ["x-default", "en"]

    def test_versions_share_a_document_and_are_told_apart(self):
        record = UUID(int=7)
        first, second = (
            replace(METADATA, version=version, instance=instance_of(record, version, "00"))
            for version in ("1", "2")
        )
        for version in (first, second):
            assert value(version, MM + "DocumentID") == METADATA.identifier
            assert value(version, MM + "VersionID") == version.version
        assert value(first, MM + "InstanceID") == instance_of(record, "1", "00")
        assert value(first, MM + "InstanceID") != value(second, MM + "InstanceID")
        assert instance_of(record, "1", "00") != instance_of(record, "1", "01")

    def test_it_claims_both_standards(self):
        assert value(PLAIN, "{http://www.aiim.org/pdfa/ns/id/}part") == "3"
        assert value(PLAIN, "{http://www.aiim.org/pdfa/ns/id/}conformance") == "A"
        assert value(PLAIN, "{http://www.aiim.org/pdfua/ns/id/}part") == "1"

    def test_machine_generation_is_stated_only_where_it_is_so(self):
        term = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
        assert value(METADATA, IPTC + "DigitalSourceType") == term
        assert value(METADATA, IPTC + "AISystemUsed") == "Machine"
        assert value(METADATA, IPTC + "AISystemVersionUsed") == "7"
        assert value(replace(METADATA, generator=None), IPTC + "AISystemUsed") is None
        assert b"Iptc4xmpExt" not in xmp_packet(replace(METADATA, machine_generated=False))

    def test_what_is_not_known_is_left_out(self):
        names = {element.tag.partition("}")[2] for element in description(PLAIN)}
        assert not names & {
            "description",
            "subject",
            "publisher",
            "rights",
            "doi",
            "WebStatement",
            "Keywords",
        }
        assert value(PLAIN, XMP + "CreatorTool") == "reportgen 0"

    def test_each_property_that_pdf_a_does_not_know_is_declared(self):
        packet = xmp_packet(METADATA).decode()
        declared = set(re.findall(r"<pdfaProperty:name>(\w+)<", packet))
        assert declared == {"part", "doi", "url", "DigitalSourceType", "AISystemUsed", "AISystemVersionUsed"}
        assert re.findall(r"<pdfaSchema:prefix>(\w+)<", packet) == ["pdfuaid", "prism", "Iptc4xmpExt"]
        assert re.findall(r"<pdfaSchema:prefix>(\w+)<", xmp_packet(PLAIN).decode()) == ["pdfuaid"]

    @given(st.text())
    @example("a\x00b\x1bc")
    @example("lone \ud800 surrogate")
    @example("]]> <rdf:li> &amp; \u2028 \U0010ffff")
    def test_any_text_comes_back_as_it_is_readable(self, text):
        metadata = replace(METADATA, title=text, authors=(text, "B"), generator=text)
        assert value(metadata, DC + "title") == ([readable(text)] * 2 if text else None)
        assert "B" in (value(metadata, DC + "creator") or ())

    def test_the_packet_is_marked_as_such(self):
        packet = xmp_packet(METADATA).decode()
        assert packet.startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>')
        assert packet.rstrip().endswith('<?xpacket end="r"?>')


class TestReadable:
    @given(st.text())
    def test_it_is_one_line_that_xml_can_hold_and_stays_so(self, text):
        line = readable(text)
        ET.fromstring(f"<a>{line.translate(str.maketrans({'<': '', '&': '', '>': ''}))}</a>")
        assert not set("\t\r\n") & set(line)
        assert readable(line) == line

    @given(st.text())
    def test_nothing_disappears_but_space(self, text):
        kept = [character for character in text if character not in " \t\r\n"]
        assert len([character for character in readable(text) if character != " "]) == len(kept)


class TestLicense:
    @pytest.mark.parametrize(
        ("license_id", "url"),
        [
            ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
            ("CC-BY-NC-SA-3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
            ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
            ("MIT", "https://spdx.org/licenses/MIT.html"),
            ("CC-BY-4.0 with luck", None),
            ("All rights reserved", None),
            (None, None),
        ],
    )
    def test_only_certain_addresses_are_given(self, license_id, url):
        assert replace(METADATA, license=license_id).license_url == url


class TestInformation:
    def test_it_says_the_same_as_the_packet(self, finished):
        packet = finished.Root.Metadata.read_bytes()
        assert packet == xmp_packet(METADATA)
        entries = finished.trailer.Info
        assert str(entries.Title) == METADATA.title
        assert str(entries.Author) == ", ".join(METADATA.authors)
        assert str(entries.Subject) == METADATA.description
        assert str(entries.Keywords) == value(METADATA, "{http://ns.adobe.com/pdf/1.3/}Keywords")
        assert str(entries.Creator) == value(METADATA, XMP + "CreatorTool")
        assert str(entries.Producer) == value(METADATA, "{http://ns.adobe.com/pdf/1.3/}Producer")
        assert str(entries.CreationDate) == str(entries.ModDate) == "D:20260530000000Z"
        assert value(METADATA, XMP + "CreateDate") == "2026-05-30T00:00:00+00:00"
        assert "/Filter" not in finished.Root.Metadata

    def test_early_dates_keep_their_digits(self):
        assert replace(METADATA, date=dt.date(987, 1, 2)).pdf_date == "D:09870102000000Z"


class TestAttachments:
    def test_each_is_named_associated_and_whole(self, finished):
        names = NameTree(finished.Root.Names.EmbeddedFiles)
        assert set(names) == {attachment.name for attachment in ATTACHMENTS}
        assert [file.objgen for file in finished.Root.AF] == [names[a.name].objgen for a in ATTACHMENTS]
        for attachment in ATTACHMENTS:
            file = names[attachment.name]
            stream = file.EF.UF
            assert file.EF.F.objgen == stream.objgen
            assert str(file.UF) == attachment.name
            assert str(file.F).isascii()
            assert file.AFRelationship == Name("/" + attachment.relationship)
            assert str(file.Desc) == attachment.description
            assert stream.read_bytes() == attachment.data
            assert stream.Subtype == Name("/" + attachment.media_type)
            assert stream.Params.Size == len(attachment.data)
            assert bytes(stream.Params.CheckSum) == hashlib.md5(attachment.data).digest()
            assert str(stream.Params.ModDate) == "D:20260530000000Z"

    def test_two_of_one_name_are_refused(self):
        with pytest.raises(ValueError, match="same name"):
            attach(pikepdf.new(), [ATTACHMENTS[0], ATTACHMENTS[0]], METADATA.pdf_date)

    def test_names_of_other_trees_stay(self):
        pdf = pikepdf.new()
        pdf.Root.Names = pikepdf.Dictionary(Dests=NameTree.new(pdf).obj)
        attach(pdf, [Attachment("a", b"", "text/plain", "Supplement", "")], METADATA.pdf_date)
        assert set(pdf.Root.Names.keys()) == {"/Dests", "/EmbeddedFiles"}


class TestColour:
    def test_the_profile_is_the_output_intent(self, finished):
        (intent,) = finished.Root.OutputIntents
        assert intent.S == Name.GTS_PDFA1
        assert intent.DestOutputProfile.read_bytes() == srgb_profile()
        assert intent.DestOutputProfile.N == 3

    def test_it_gives_the_colours_of_srgb(self):
        ours = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
        theirs = ImageCms.createProfile("sRGB")
        steps = range(0, 256, 51)
        colours = Image.new("RGB", (216, 1))
        colours.putdata([(red, green, blue) for red in steps for green in steps for blue in steps])
        shown = ImageCms.profileToProfile(colours, ours, theirs)
        differences = [abs(a - b) for a, b in zip(shown.tobytes(), colours.tobytes(), strict=True)]
        assert max(differences) <= 1

    def test_its_tables_are_inside_it(self):
        profile = srgb_profile()
        assert struct.unpack(">I", profile[:4])[0] == len(profile)
        (count,) = struct.unpack(">I", profile[128:132])
        assert count == 9
        for tag in range(count):
            name, offset, size = struct.unpack(">4sII", profile[132 + 12 * tag : 144 + 12 * tag])
            assert offset % 4 == 0
            assert offset + size <= len(profile), name
        assert profile[36:40] == b"acsp"
