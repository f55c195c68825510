"""Mathematics in every field of a report: set where it is some, printed as it stands where it is none."""

from __future__ import annotations

import json
import re

import pytest

from minimal_record import claim, minimal
from page_text import read
from reportgen.base.settings import Settings
from reportgen.pipeline.build import build_report

WORK = {
    "id": "work",
    "type": "article-journal",
    "title": "H$_2$O and \\(\\alpha^2\\) in N$_2$-rich gas",
    "author": [{"family": "Abe", "given": "Kim"}],
    "issued": {"date-parts": [[2023]]},
}
SECTION = r"""The CO$_2$/H$_2$O ratio and N$_2$-rich gas reach 10$^{-3}$--10$^{-2}$ bar; $^{13}$C and $^{238}_{92}$U.

Here $T_{\rm kin}=20$ K, $M=3\,M_\odot$ with $z\gtrsim7$, $\|W\|_F \le \boldsymbol{\mu}$ and $10~\mathrm{km}$.

The score \(s = a/b\) grows, and

\[ E = mc^2 \] {#eq-energy}

holds, as does

\begin{align}
a &= \sqrt{b} \\
  &= \sum_{i=1}^{n} c_i
\end{align} {#eq-lines}

by @eq-energy and [@eq-lines]. The loss is $$\mathcal{L} = \frac{1}{N}\sum_{i} (y_i - \hat{y}_i)^2$$ at last.

| a | b |
|---|---|
| $x^2$ and US$5 | \(\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}\) |
"""
MONEY = (
    "The firm paid US$20 million, compared with US$ 35 million before; from $40 per tonne to CA$ 30, "
    "A$5 or HK$6, R$ 7, NZ$8-NZ$9, €5, £6 and 9$."
)
REFUSED = "What $\\nope{x} + y$ is, and\u00a0$x}$and \\(\\nope\\), is told."


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_mathematics_stands_in_every_field(tmp_path, engine):
    record = minimal(
        title="All of \\(x^2\\) and $\\alpha$",
        question="Which $$\\sum_i x_i$$ is it?",
        summary="In short, CO$_2$ and \\(y\\).",
        sources=[WORK],
        claims=[
            claim("The loss is \\[L = \\sum_i a_i\\] of H$_2$O.", sources=["work"]),
            claim(MONEY),
            claim(REFUSED),
        ],
        sections=[
            {"title": "Synthesis of $x$", "text": SECTION},
            {"title": "Costs", "text": MONEY + "\n\n" + REFUSED},
        ],
    )
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    built = build_report(path, Settings(root=tmp_path, engine=engine))
    problems = [
        problem.code for problem in built.problems if problem.level == "error" or "overfull" in problem.code
    ]
    assert problems == []
    text = re.sub(r"\s+", " ", read(built.pdf)).replace("- ", "-")
    for money in (
        "US$20 million, compared with US$ 35 million before",
        "from $40 per tonne to CA$ 30",
        "and 9$.",
    ):
        assert text.count(money) == 2
    for refused in ("$\\nope{x} + y$", "$x}$and", "\\(\\nope\\)"):
        assert text.replace(" ", "").count(refused.replace(" ", "")) == 2
    assert "by Equation (1) and Equation (2)" in text
    bare = text.replace(" ", "")
    assert "E=mc2(1)" in bare
    assert "TheCO2/H2OratioandN2-richgas" in bare
    assert "H2Oandα2inN2-richgas" in bare
    warned = {problem.where.pointer for problem in built.problems if problem.code == "math-literal"}
    assert warned == {"/claims/1/text", "/claims/2/text", "/sections/0/text", "/sections/1/text"}


@pytest.mark.parametrize("engine", ["pdftex", "luatex"])
def test_words_and_formulas_without_a_blank_stay_on_the_page(tmp_path, engine):
    texts = ["..ax^25a$$.$$" * 120, "a$x$.\\)" * 150, "b$\\alpha$" * 200]
    record = tmp_path / "record.json"
    record.write_text(json.dumps(minimal(title=texts[2][:600], claims=[claim(text) for text in texts])))
    made = build_report(record, Settings(root=tmp_path, engine=engine))
    assert [each for each in made.problems if each.code in ("overfull", "text-lost")] == []
