"""Mathematics as people write it in TeX: what in a text is a formula, and what a formula says.

A source is cut into tokens (`tokens`), which are read by tables of signs and commands (`signs`, `commands`) into a tree
of frozen values (`tree`). Every output is written from that tree, so that nothing of the source reaches it unread. A
text without mathematics loads nothing of what reads it.
"""

from reportgen.text.mathematics.candidates import (
    Candidate,
    Formula,
    candidate_at,
    formula_problem,
    keep_apart,
    parse_formula,
    problem_of,
    split_formulas,
    without_formulas,
)
from reportgen.text.mathematics.lost import lost_backslashes
from reportgen.text.mathematics.tokens import LONGEST, NotMathematics

__all__ = [
    "LONGEST",
    "Candidate",
    "Formula",
    "NotMathematics",
    "candidate_at",
    "formula_problem",
    "keep_apart",
    "lost_backslashes",
    "parse_formula",
    "problem_of",
    "split_formulas",
    "without_formulas",
]
