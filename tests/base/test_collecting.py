"""How often Python searches for values that hold one another."""

from __future__ import annotations

import gc
import subprocess
import sys

from reportgen.pipeline.batch.pool import WarmPool

PROGRAM = """
import atexit, gc, sys
sys.argv[1:] = ["--version"]
atexit.register(lambda: print(gc.get_threshold()[0] > 50_000, gc.get_freeze_count() > 1_000))
from reportgen.cli import main
main()
"""


def test_it_searches_seldom_in_the_command_line():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True True"


def test_it_searches_seldom_in_workers():
    with WarmPool(1) as pool:
        assert pool.submit(gc.get_threshold).result()[0] > 50_000
        assert pool.submit(gc.get_freeze_count).result() > 1_000
