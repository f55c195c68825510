"""Time a site of many reports: made, made again unchanged, and searched: `python bench/site.py [RECORDS]`.

The reports' PDFs are stand-ins of a few kilobytes, since building PDFs is not what is timed: `reportgen batch` is told
that it built them. Run it alone on a quiet machine.
"""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from records import write_project

from reportgen.analysis.validation import cite_record, library_of
from reportgen.pipeline import outputs
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.run import run_batch
from reportgen.pipeline.batch.worker import Result, Task
from reportgen.record import read_record
from reportgen.sources import cited_hash

RECORDS, CLAIMS = 10_000, 10
STAND_IN = b"%PDF-1.7\n" + bytes(4000)
_TICKS = os.sysconf("SC_CLK_TCK")
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WORDS = ("calibration", "alignment throughput", "gradient", "BENCH:C6A53877")


def stand_in(task: Task) -> Result:
    """Give a record a PDF that is none, and say what it cites, as a worker does."""
    record = read_record(task.source_path, raw=task.raw).record
    library = library_of(task.settings)
    name = outputs.report_name(record, task.settings.name_pattern)
    return Result(name, STAND_IN + task.raw, (), cited_hash(cite_record(record, library), library))


def lay_out(folder: Path, records: int) -> None:
    """Write the records and their stand-ins."""
    write_project(folder, records, CLAIMS)
    pool.build_one = stand_in
    here = Path.cwd()
    os.chdir(folder)
    for _ in run_batch(find_sources(["records"]), Options(jobs=1)):
        pass
    os.chdir(here)


def build(folder: Path) -> tuple[float, float, float]:
    """Build the site; give wall and processor seconds, and the most memory of all its processes at once."""
    command = [
        sys.executable,
        "-m",
        "reportgen",
        "site",
        "records",
        "-q",
        "--base-url",
        "https://example.org/r/",
        "-j",
        "2",
    ]
    start, most, used = time.perf_counter(), 0.0, {}
    with (folder / "site.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        while process.poll() is None:
            family = _family(process.pid)
            used |= family
            most = max(most, sum(map(_memory, family)))
            time.sleep(0.1)
    if process.returncode:
        sys.exit((folder / "site.log").read_text()[-2000:])
    return time.perf_counter() - start, sum(used.values()), most


def _family(root: int) -> dict[int, float]:
    """Return a process and all below it, each with the seconds of processor time that it has used itself."""
    parents, seconds = {}, {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            number = int(entry.parent.name)
            parents[number], seconds[number] = int(fields[1]), (int(fields[11]) + int(fields[12])) / _TICKS
    family, found = set(), {root}
    while found:
        family |= found
        found = {child for child, parent in parents.items() if parent in family} - family
    return {each: seconds[each] for each in family if each in seconds}


def _memory(process: int) -> float:
    """Return the memory of a process in megabytes, what it shares with others divided among them."""
    with suppress(OSError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0.0


def search(site: Path) -> list[tuple[str, float, int]]:
    """Open the list in a browser and search it; give the milliseconds and the bytes of each step."""
    from playwright.sync_api import sync_playwright

    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), _QUIET)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        loaded = []
        page.on("requestfinished", lambda request: loaded.append(request))  # noqa: PLW0108 - it marks what it is given
        start = time.perf_counter()
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html", wait_until="networkidle")
        rows.append(("first load", (time.perf_counter() - start) * 1000, _bytes(loaded)))
        page.focus("#words")
        page.wait_for_load_state("networkidle")
        for words in WORDS:
            loaded.clear()
            first, whole = page.evaluate(_ANSWER, words)
            rows.append((f"{words}: first reports shown", first, 0))
            rows.append((f"{words}: all reports counted", whole, _bytes(loaded)))
        browser.close()
    server.shutdown()
    return rows


# As most hosts do, it answers many requests over one connection.
_QUIET = {"log_message": lambda *_: None, "protocol_version": "HTTP/1.1"}
_ANSWER = """async (words) => {
  const list = document.getElementById("found-list"), input = document.getElementById("words");
  const count = document.getElementById("found-count"), form = document.getElementById("search");
  const until = (element, holds) => new Promise((done) => new MutationObserver((_, it) => {
    if (holds()) { it.disconnect(); done(performance.now() - start); }
  }).observe(element, { childList: true }));
  list.replaceChildren();
  const start = performance.now();
  input.value = words;
  const first = until(list, () => list.children.length);
  const whole = until(count, () => count.textContent !== form.dataset.searching);
  form.requestSubmit();
  return Promise.all([first, whole]);
}"""


def _bytes(requests: list[Any]) -> int:
    """Return how many bytes the answers to requests had."""
    sizes = [request.sizes() for request in list(requests)]
    return sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)


def main() -> None:
    """Measure and print."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        os.environ["REPORTGEN_CACHE"] = f"{work}/cache"
        folder = Path(work) / "project"
        lay_out(folder, records)
        print(f"{f'{records:,} reports of {CLAIMS} claims':34}{'wall s':>9}{'CPU s':>9}{'MB':>7}")
        for label in ("built", "built again, nothing changed"):
            wall, used, memory = build(folder)
            print(f"{label:34}{wall:9.1f}{used:9.1f}{memory:7.0f}", flush=True)
        files = [path for path in (folder / "site").rglob("*") if path.is_file()]
        megabytes = sum(path.stat().st_size for path in files) / 1e6
        print(f"{len(files):,} files, {megabytes:,.0f} MB, the stand-ins included\n")
        print(f"{'in Chromium':34}{'ms':>9}{'kB':>9}")
        for label, milliseconds, size in search(folder / "site"):
            print(f"{label:34}{milliseconds:9.0f}{size / 1000:9.1f}")


if __name__ == "__main__":
    main()
