"""Search for inputs that break reportgen, on every processor, or run one again: `./run fuzz --help`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

_HERE = Path(__file__).parent
os.environ.setdefault("REPORTGEN_CACHE", str(_HERE.parents[1] / ".pytest_cache" / "reportgen"))
sys.path[:0] = [str(_HERE), str(_HERE.parent / "support")]


def main() -> int:
    from fuzzers import FUZZERS

    parser = argparse.ArgumentParser(prog="./run fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, help="how long to search [5]")
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), help="begin with other examples [the time]"
    )
    parser.add_argument(
        "--only", metavar="WORDS", default="", help="only the fuzzers whose names hold these words"
    )
    parser.add_argument(
        "--into", type=Path, default=Path(".fuzz"), help="folder for inputs that fail [.fuzz]"
    )
    parser.add_argument(
        "--jobs", type=int, default=len(os.sched_getaffinity(0)), help="processes [one a processor]"
    )
    parser.add_argument("--replay", type=Path, metavar="FILE", help="run an input that failed once more")
    given = parser.parse_args()
    if given.replay:
        return _replay(given.replay)
    names = [name for name in FUZZERS if given.only in name]
    if not names:
        parser.error(f"the fuzzers are: {', '.join(FUZZERS)}")
    return _search(given, names)


def _replay(path: Path) -> int:
    from search import replay

    judged = replay(path)
    print(judged.ended.out + judged.ended.err)
    print(
        f"exit code {judged.ended.code}, {judged.ended.seconds:.1f} s, {judged.ended.memory // 1_000_000} MB"
    )
    print("\n".join(judged.flaws) or "nothing is wrong with that")
    return bool(judged.flaws)


def _search(given: argparse.Namespace, names: list[str]) -> int:
    from search import search, table

    deadline = time.time() + given.minutes * 60
    outcomes: Counter[tuple[str, str]] = Counter()
    flaws: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        numbers = range(given.seed, given.seed + given.jobs)
        jobs = [pool.submit(search, given.into, deadline, names, number) for number in numbers]
        for job in jobs:
            found = job.result()
            outcomes += found[0]
            flaws += found[1]
    print(table(outcomes))
    for (name, flaw), count in sorted(flaws.items()):
        print(f"FAILED {count:6}  {name}: {flaw}")
    print(f"{sum(outcomes.values())} examples, {sum(flaws.values())} failed, seed {given.seed}")
    return bool(flaws)


if __name__ == "__main__":
    sys.exit(main())
