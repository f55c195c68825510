"""The metadata of a finished report: its XMP packet and document information."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    import datetime as dt

TRAINED_ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)")
_CREATIVE_COMMONS_ZERO = "CC0-1.0"
_LISTED_BY_SPDX = re.compile(
    r"0BSD|Apache-2\.0|BSD-[23]-Clause|CDLA-Permissive-2\.0|FAL-1\.3|GFDL-1\.3-or-later|GPL-[23]\.0-or-later"
    r"|MIT|MPL-2\.0|ODbL-1\.0|ODC-By-1\.0|PDDL-1\.0"
)
_LINE_SPACE = re.compile(r"[ \t\r\n]+")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The description of one report; texts may hold any characters.

    ``date`` is the only source of dates. ``identifier`` is a URI such as ``urn:uuid:...``, the same for all
    versions, and ``instance`` one for what this version says; ``doi`` has no prefix; ``license`` is an SPDX id.
    ``language`` is that of the fixed words, ``text_language`` that of the title, ``description_language`` that of
    the description, all BCP 47. ``generator`` names the machine that wrote the text, ``producer`` the program
    that made the PDF.

    """

    title: str
    authors: tuple[str, ...]
    date: dt.date
    identifier: str
    producer: str
    instance: str | None = None
    version: str | None = None
    language: str = "en"
    text_language: str = ""
    description_language: str = ""
    keywords: tuple[str, ...] = ()
    description: str | None = None
    publisher: str | None = None
    license: str | None = None
    doi: str | None = None
    generator: str | None = None
    generator_version: str | None = None
    machine_generated: bool = True

    @property
    def creator_tool(self) -> str:
        """Return the name and version of what wrote the text; without one, the producer."""
        named = " ".join(part for part in (self.generator, self.generator_version) if part)
        return readable(named) or readable(self.producer)

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of the report, that of its text first."""
        return tuple(dict.fromkeys(filter(None, (self.text_language, self.language))))

    @property
    def doi_url(self) -> str | None:
        """Return the address that the DOI leads to."""
        return f"https://doi.org/{self.doi}" if self.doi else None

    @property
    def license_url(self) -> str | None:
        """Return the address of the licence text, for the licences whose address is certain."""
        if self.license is None:
            return None
        if self.license == _CREATIVE_COMMONS_ZERO:
            return "https://creativecommons.org/publicdomain/zero/1.0/"
        if found := _CREATIVE_COMMONS.fullmatch(self.license):
            return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
        is_listed = _LISTED_BY_SPDX.fullmatch(self.license)
        return f"https://spdx.org/licenses/{self.license}.html" if is_listed else None

    @property
    def xmp_date(self) -> str:
        """Return midnight UTC of the report's date, as XMP writes it."""
        return f"{self.date.isoformat()}T00:00:00+00:00"

    @property
    def pdf_date(self) -> str:
        """Return midnight UTC of the report's date, as PDF writes it."""
        return f"D:{self.date.isoformat().replace('-', '')}000000Z"


def instance_of(record: UUID, version: str, sha256: str) -> str:
    """Name what one version of a record says, always by the same name."""
    return uuid5(record, f"{version} {sha256}").urn


def readable(text: str) -> str:
    """Put a text on one line and show each character that XML cannot hold as U+FFFD."""
    return _NOT_IN_XML.sub("\ufffd", _LINE_SPACE.sub(" ", text).strip(" "))
