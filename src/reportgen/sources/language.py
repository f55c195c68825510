"""Languages by the names babel and BibLaTeX use, as BCP 47 tags."""

from __future__ import annotations

import re

from reportgen.base.values import LONGEST_LANGUAGE

_TAGS = {
    "english": "en", "american": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB",
    "german": "de", "ngerman": "de", "austrian": "de-AT", "french": "fr", "spanish": "es",
    "italian": "it", "portuguese": "pt", "brazilian": "pt-BR", "dutch": "nl", "danish": "da",
    "swedish": "sv", "norwegian": "no", "norsk": "nb", "nynorsk": "nn", "finnish": "fi",
    "polish": "pl", "czech": "cs", "slovak": "sk", "hungarian": "hu", "magyar": "hu",
    "russian": "ru", "ukrainian": "uk", "greek": "el", "turkish": "tr", "chinese": "zh",
    "japanese": "ja", "korean": "ko", "arabic": "ar", "hebrew": "he", "latin": "la",
}  # fmt: skip
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def language_tag(text: str) -> str:
    """Give the tag for a language's name, or for a tag itself; '' when the text is neither."""
    return _TAGS.get(text.lower(), text if len(text) <= LONGEST_LANGUAGE and _TAG.fullmatch(text) else "")
