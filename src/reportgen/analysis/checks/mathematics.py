"""Checks of mathematics in texts: what is printed as dollars, and what a backslash was lost of."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from reportgen.analysis.checks.subject import error, warning
from reportgen.text.mathematics import lost_backslashes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.analysis.checks.subject import Finding, Subject

_MOST_NAMED = 5


@warning(
    "math-literal",
    "write mathematics in the TeX that the format knows, or a currency as a word",
)
def math_literal(subject: Subject) -> Iterator[Finding]:
    """Find dollars, and what looks like a formula, that are printed as they stand."""
    known = subject.knowledge
    for field in subject.texts:
        ask = known.markdown_math_problem if field.markdown else known.math_problem
        may_hold_some = field.markdown or "$" in field.text or "\\" in field.text
        if field.prose and may_hold_some and (problem := ask(field.text)):
            yield field.pointer, problem


@error(
    "backslash-lost",
    "double the backslash: `\\\\times`",
)
def backslash_lost(subject: Subject) -> Iterator[Finding]:
    """Find the control characters that a single backslash leaves of a command."""
    for field in subject.texts:
        if found := dict.fromkeys(lost_backslashes(field.text) if field.prose else ()):
            names = ", ".join(f"\\{name}" for name in islice(found, _MOST_NAMED))
            yield field.pointer, f"a backslash is lost: the text was to say {names}"


CHECKS = (math_literal, backslash_lost)
