"""Run one job with a probe in the place of TeX, as the user that is named, and print how it ended as JSON."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource  # noqa: F401 - whoever this process becomes may not be able to import it
import sys
from pathlib import Path

import platformdirs  # noqa: F401 - the same

from reportgen.base.errors import ReportgenError
from reportgen.base.settings import Limits
from reportgen.pdf.typeset import ENGINES
from reportgen.pdf.typeset.sandbox import Job, run_tex
from reportgen.pdf.typeset.walls import walls_fault

given = json.loads(sys.argv[1])
if given["user"] != os.getuid():
    for folder in (os.environ["REPORTGEN_CACHE"], os.environ["TMPDIR"]):
        os.chown(folder, given["user"], given["user"])
    os.setgroups([])
    os.setresgid(given["user"], given["user"], given["user"])
    os.setresuid(given["user"], given["user"], given["user"])
job = Job(
    ENGINES["pdftex"],
    (given["mark"],),
    {"probe.json": json.dumps(given["probe"] | {"parent": os.getpid()}).encode()},
    ("report.log", "report.pdf"),
    dt.date(2026, 5, 30),
    Limits(**given["limits"]),
    links={"report.fmt": Path(given["format"])},
)
answer = {"fault": walls_fault()}
try:
    done = run_tex(job)
    answer |= {
        "status": done.outcome.returncode,
        "timed_out": done.outcome.timed_out,
        "output": done.outcome.output,
        "log": done.text("report.log"),
        "pdf": len(done.results["report.pdf"]),
    }
except ReportgenError as error:
    answer |= {"code": error.problems[0].code, "message": error.problems[0].message}
print(json.dumps(answer))
