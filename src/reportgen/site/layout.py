"""Where everything of a site lies: addresses from its root, which never move; each is a folder and ends in a slash."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from reportgen.pipeline.outputs import slug

PAGE: Final = "index.html"
ABOUT: Final = "about/"
SOURCES: Final = "source/"
SEARCH: Final = "pagefind/"
ASSETS: Final = "assets/"
_DIGITS = re.compile(r"(\d+)")


def report_address(identity: str) -> str:
    """Return where a report's newest version is led to from."""
    return f"report/{identity}/"


def version_address(identity: str, version: str) -> str:
    """Return where a version of a report lies: a version without letters or digits goes by a hash of it."""
    name = slug(version) or hashlib.sha256(version.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{report_address(identity)}v{name}/"


def is_version_address(address: str) -> bool:
    """Tell whether a version of a report lies at an address."""
    return address.startswith(report_address("")[:-1]) and address.count("/") == 3


def source_address(key: str) -> str:
    """Return where the page of a source lies."""
    return f"{SOURCES}{key}/"


def part_address(address: str, number: int) -> str:
    """Return where a part of a list that stands on several pages lies; the first is the list's own address."""
    return address if number == 1 else f"{address}page/{number}/"


def up_from(address: str) -> str:
    """Return the way from an address to the root."""
    return "../" * address.count("/")


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Return what versions are ordered by: numbers in them count as numbers, so that 10 comes after 9."""
    parts = _DIGITS.split(version.casefold())
    return tuple((1, *_number(part)) if part.isdecimal() else (0, 0, part) for part in parts if part)


def _number(digits: str) -> tuple[int, str]:
    """Return what a number is ordered by, its length first: Python reads none of more than 4,300 digits."""
    plain = "".join(str(int(digit)) for digit in digits).lstrip("0")
    return len(plain), plain
