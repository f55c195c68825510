"""A small working project, as ``reportgen init`` lays it out."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import path_within
from reportgen.base.paths import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

_RECORD = {
    "schema": "reportgen-record-v1",
    "id": "0d2c5a8e-5a0f-4c36-9d1e-3f6f4f1b2a70",
    "title": "Does early stopping change the calibration of small classifiers?",
    "date": "2026-01-15",
    "license": "CC-BY-4.0",
    "question": "Does early stopping improve or harm the calibration of small image classifiers?",
    "search": {"databases": ["arXiv"], "searched_on": "2026-01-10", "papers_retrieved": 2, "included": 2},
    "sources": [{"key": "example2024calibration"}, {"key": "example2023stopping"}],
    "claims": [
        {
            "text": "Early stopping lowers the expected calibration error on two data sets.",
            "verified": True,
            "confidence": 0.71,
            "sources": [{"key": "example2024calibration"}],
            "locator": "Section 4, Table 2",
        },
        {
            "text": "The effect vanishes when the learning rate is tuned after stopping.",
            "verified": False,
            "confidence": 0.34,
            "sources": [{"key": "example2023stopping"}],
        },
    ],
    "confidence_threshold": 0.5,
    "review": {"score": 7.6},
    "sections": [
        {
            "title": "What the sources agree on",
            "text": "Both report *lower* calibration error after early stopping [@example2024calibration].",
        }
    ],
}

_BIB = """\
% One entry for each source; `reportgen bib check` reads this file as reportgen does.
@article{example2024calibration,
  author  = {Example, Ada and Sample, Bo},
  title   = {Calibration of small classifiers under early stopping},
  journal = {Journal of Examples},
  year    = {2024},
  volume  = {3},
  pages   = {11--29}
}
@misc{example2023stopping,
  author = {Sample, Bo},
  title  = {Stopping early, tuning late},
  year   = {2023},
  url    = {https://example.org/stopping}
}
"""

_SETTINGS = """\
# House settings of these reports; every line may be left out.
id_prefix = "DEMO"
# name_pattern = "{date}-{id8}-{slug}.pdf"
# paper = "letter"

# Whose reports these are: fill the name in, it is printed on each.
[publisher]
name = "..."
# url = "https://example.org"

# The house rules that they follow: "plain", or "assignee" with gate, ladder and tiers.
[policy]
name = "{policy}"

# The level of a check may be changed: error, warning or ignore.
[levels]
# text-cut = "error"
"""

_WORKFLOW = """\
name: reports
on: [push, pull_request]
permissions:
  contents: read
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - run: >-
          sudo apt-get update && sudo apt-get install -y --no-install-recommends
          texlive-latex-base texlive-latex-recommended texlive-luatex texlive-fonts-recommended
          tex-gyre fonts-texgyre fonts-freefont-otf fonts-wqy-microhei fonts-symbola fonts-hosny-amiri
          bubblewrap
      - uses: actions/setup-python@v6
        with: { python-version: "3.12" }
      # Set the repository variable REPORTGEN to the reportgen you trust: a wheel, or a repository at a commit.
      - run: pip install "$REPORTGEN"
        env:
          REPORTGEN: ${{ vars.REPORTGEN }}
      # With the reports of an earlier run only those are built whose record, sources or settings changed.
      - uses: actions/cache@v5
        with:
          path: |
            out
            ~/.cache/reportgen
          key: reports-${{ hashFiles('records/**', 'bib/**', 'reportgen.toml') }}
          restore-keys: reports-
      - run: reportgen batch records --report results.xml
      - uses: actions/upload-artifact@v5
        if: ${{ !cancelled() }}
        with:
          name: reports
          path: |
            out
            results.xml
"""


def init_project(folder: Path, policy: str = "plain") -> list[Path]:
    """Write the files of a new project and give their paths; nothing that exists is touched.

    Raises:
        OutputError: one of the files is there already, or cannot be written.

    """
    files = {
        folder / "records" / "example.json": json.dumps(_RECORD, indent=2, ensure_ascii=False) + "\n",
        folder / "bib" / "references.bib": _BIB,
        folder / "reportgen.toml": _SETTINGS.replace("{policy}", policy),
        folder / ".github" / "workflows" / "reports.yml": _WORKFLOW,
        folder / ".gitignore": "/out/\n",
    }
    taken = [path for path in files if os.path.lexists(path)]
    if taken:
        message = f"{', '.join(map(str, taken))} exist already; nothing was written"
        raise OutputError([Problem("init-exists", Level.ERROR, Where(), message, "name a new folder")])
    try:
        places = {path_within(folder, path): content for path, content in files.items()}
        for path, content in places.items():
            write_atomically(path, content.encode())
    except OSError as error:
        raise OutputError([Problem("output", Level.ERROR, Where(str(folder)), str(error))]) from error
    return list(files)
