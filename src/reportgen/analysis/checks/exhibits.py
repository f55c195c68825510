"""Checks of the record's own tables and figures: where texts place them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.analysis.checks.subject import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.analysis.checks.subject import Finding, Subject

_WORDS_ALONE = re.compile(r"/(?:tables|figures)/\d+/(?:caption|note)")
"""Texts of which the words alone are printed."""


@error(
    "placed-twice",
    "place it once, and refer to it elsewhere: `@fig-flow`",
)
def placed_twice(subject: Subject) -> Iterator[Finding]:
    """Find tables and figures of the record that its texts place more than once."""
    seen: set[str] = set()
    own = {f"#{exhibit.id}" for exhibit in subject.record.exhibits}
    for pointer, text in subject.record.markdown_texts.items():
        if _WORDS_ALONE.fullmatch(pointer):
            continue
        for name in subject.knowledge.placements(text):
            if name in seen and name in own:
                yield pointer, f"`![]({name})` stands in the report already"
            seen.add(name)


CHECKS = (placed_twice,)
