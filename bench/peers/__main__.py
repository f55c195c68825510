"""Make reports with another tool: ``python -m peers NAME OUTPUT WORKERS RECORD...``.

One worker is this process; of more, each is a process with the tool ready, given one record after the other.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

# After what the project's environment has, so that all tools share its matplotlib.
sys.path.append(str(Path(__file__).parents[2] / ".tools/bench"))

from peers import peer
from peers.content import read_content

if TYPE_CHECKING:
    from peers import Peer


@cache
def tool(name: str) -> Peer:
    """Make a tool ready, once a process."""
    return peer(name)


def report(name: str, output: Path, record: Path) -> None:
    """Write the PDF of one record, named as the record."""
    with tempfile.TemporaryDirectory(prefix="peer-") as work:
        folder = Path(work)
        for file, data in tool(name).files(read_content(record)).items():
            (folder / file).write_bytes(data)
        shutil.move(tool(name).make(folder), output / f"{record.stem}.pdf")


def main(name: str, output: str, workers: str, *records: str) -> None:
    """Write one PDF a record."""
    Path(output).mkdir(parents=True, exist_ok=True)
    if workers == "1":
        for record in records:
            report(name, Path(output), Path(record))
        return
    with ProcessPoolExecutor(int(workers)) as pool:
        for future in [pool.submit(report, name, Path(output), Path(record)) for record in records]:
            future.result()


if __name__ == "__main__":
    main(*sys.argv[1:])
