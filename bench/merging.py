"""Time `reportgen batch --merge`: ten folders of 1,000 reports each, 50 kB a report, put together into one.

Prints wall time, the processor's time and the peak memory of a first merge, and of the same one again, which finds all
in its place: `./run bench merging`.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from reportgen.pipeline.batch.entries import Ingredients, StateEntry, entry_bytes, json_bytes
from reportgen.pipeline.batch.state import entry_file, value_file

FOLDERS = 10
REPORTS = 1_000
BYTES = 50_000
MADE_WITH = {"paper": json.dumps("a4"), "pikepdf": "10.0"}
LIMIT = 5.0
"""Seconds that a first merge may take."""


def write_shard(folder: Path, rng: random.Random) -> None:
    """Write an output folder as a shard leaves it."""
    key = hashlib.sha256(json_bytes(MADE_WITH)).hexdigest()
    value_file(folder, key).parent.mkdir(parents=True)
    value_file(folder, key).write_bytes(json_bytes(MADE_WITH))
    for _ in range(REPORTS):
        identity, content = uuid.UUID(int=rng.getrandbits(128), version=4), rng.randbytes(BYTES)
        pdf, digest = (
            f"2026-05-30-{identity.hex[:8]}-a-title-of-some-words.pdf",
            hashlib.sha256(content).hexdigest(),
        )
        made_from = Ingredients(digest, "", "", digest, digest, key, key)
        entry = StateEntry(pdf, str(identity), "1", f"records/{identity}.json", BYTES, digest, made_from)
        (folder / pdf).write_bytes(content)
        entry_file(folder, pdf).write_bytes(entry_bytes(entry))


def measure(command: list[str]) -> tuple[float, float, float]:
    """Return the wall time and the processor's time of a command in seconds, and its peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name, f"s{number}") for number in range(1, FOLDERS + 1)]
        for folder in folders:
            write_shard(folder, rng)
        out = Path(name, "out")
        command = [sys.executable, "-m", "reportgen", "batch", "--merge", *map(str, folders), "-o", str(out)]
        what = f"merge of {FOLDERS * REPORTS:,} reports"
        print(f"{what:28}{'wall s':>8}{'limit':>8}{'CPU s':>8}{'MB':>8}")
        for label, limit in (("into a new folder", f"{LIMIT:g}"), ("the same again", "")):
            wall, cpu, peak = measure(command)
            print(f"{label:28}{wall:8.2f}{limit:>8}{cpu:8.2f}{peak:8.0f}")
        if len(list(out.glob("*.pdf"))) != FOLDERS * REPORTS:
            sys.exit("not every report was merged")


if __name__ == "__main__":
    main()
