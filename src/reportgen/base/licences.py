"""Licences by the identifiers of SPDX, of which packaging holds the list."""

from __future__ import annotations

from reportgen.base.suggestions import suggest

COMMON = (
    *("CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0", "CC-BY-ND-4.0"),
    *(
        "CC0-1.0",
        "CC-BY-3.0",
        "MIT",
        "Apache-2.0",
        "BSD-3-Clause",
        "GPL-3.0-or-later",
        "ODbL-1.0",
        "PDDL-1.0",
    ),
)
"""What most reports have: they need not wait for the list, and one of them is meant by most slips."""
SPDX = "https://spdx.org/licenses/"
"""Where each licence of the list has its page."""
LICENCE_HINT = (
    "write it as https://spdx.org/licenses does, such as CC-BY-4.0; one of your own as LicenseRef-House"
)
_LONGEST_QUOTE = 60


def licence_problem(text: str) -> tuple[str, str] | None:
    """Say that a text is no expression of SPDX, such as `MIT OR Apache-2.0`, and what to write; None where it is."""
    if text in COMMON:
        return None
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        shown = text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
        return f"`{shown}` is no SPDX identifier: programs cannot tell what readers may do", _meant(text)
    return None


def _meant(text: str) -> str:
    known = suggest(text, COMMON) if len(text) <= _LONGEST_QUOTE else None
    return f"did you mean `{known}`?" if known else LICENCE_HINT


def is_spdx(text: str) -> bool:
    """Tell whether a text is the identifier of one licence of the list, in the letters that its page has."""
    if licence_problem(text) is not None or " " in text or text.startswith("LicenseRef-"):
        return False
    from packaging.licenses import canonicalize_license_expression

    return text in COMMON or canonicalize_license_expression(text) == text
