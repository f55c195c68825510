"""Time finishing within whole reports: CPU time of the stage for ten and for 2,000 claims."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from records import write

from reportgen import build
from reportgen.settings import find_settings

RUNS = 4


def main() -> None:
    """Measure and print the median, the first run left out."""
    finish, times = build.finish, []

    def timed(*arguments: object) -> object:
        start = time.process_time()
        result = finish(*arguments)
        times.append(time.process_time() - start)
        return result

    build.finish = timed
    with tempfile.TemporaryDirectory() as folder:
        for claims in (10, 2000):
            (record,) = write(Path(folder) / str(claims), 1, claims)
            times.clear()
            for _ in range(RUNS):
                build.make_report(record, find_settings(record.parent))
            print(f"finishing, {claims:5} claims: {sorted(times[1:])[1] * 1000:7.0f} ms")


if __name__ == "__main__":
    main()
