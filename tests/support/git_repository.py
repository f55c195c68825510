"""A repository of a real git, as a team has it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

_AS = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


class Repository:
    """A folder in git, with all that lies in it committed to `main`."""

    def __init__(self, folder: Path, *, is_new: bool = True) -> None:
        self.folder = folder
        if is_new:
            self.git("init", "-q", "-b", "main")
            self.commit()

    def clone(self, to: Path) -> Repository:
        """Clone it: every file has a new time stamp."""
        self.git("clone", "-q", str(self.folder), str(to))
        return Repository(to, is_new=False)

    def git(self, *arguments: str, may_fail: bool = False) -> str:
        command = ["git", *_AS, *arguments]
        ended = subprocess.run(command, cwd=self.folder, check=False, capture_output=True, text=True)
        assert may_fail or ended.returncode == 0, (arguments, ended.stdout, ended.stderr)
        return ended.stdout

    @property
    def status(self) -> str:
        """Return what git finds changed, "" where that is nothing."""
        return self.git("status", "--porcelain")

    def commit(self) -> None:
        """Commit the folder as it is."""
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", "a step")

    def switch(self, branch: str) -> None:
        """Go to a branch; one that is not `main` begins here."""
        self.git("checkout", "-q", *(() if branch == "main" else ("-B",)), branch)

    def merge(self, branch: str) -> list[str]:
        """Merge a branch, and give the paths that git leaves to people."""
        self.git("merge", "-q", "--no-edit", branch, may_fail=True)
        return self.conflicts()

    def conflicts(self) -> list[str]:
        return self.git("diff", "--name-only", "--diff-filter=U", "-z").split("\0")[:-1]

    def take_sides(self, random: Random) -> None:
        """Settle each conflict by one side or the other."""
        for path in self.conflicts():
            self.git("checkout", random.choice(("--ours", "--theirs")), "--", path, may_fail=True)
            if (self.folder / path).exists():
                self.git("add", "--", path)
            else:
                self.git("rm", "-q", "--cached", "--", path, may_fail=True)
