"""The reference of the exit codes, from their explanations."""

from __future__ import annotations

from reportgen.explanations import exit_codes

INTRODUCTION = """# Exit codes

This page is made from the program, by `./run reference`; `reportgen explain 3` says the same of one. Of several records
the first failure decides, but for `batch`, which ends with 1 where any record failed, unless nothing but the
settings, or the trust in a project, was wrong.

| code | meaning | who acts | what to do |
|---|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    rows = (
        f"| {each.number} | {each.means} | {each.actor} | {each.remedy} |" for each in exit_codes().values()
    )
    return INTRODUCTION + "\n".join(rows) + "\n"
