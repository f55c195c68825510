"""Asking git for a revision, and saying of one that is not there what brings it. Nothing is fetched here."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reportgen.base.programs import PROGRAMS
from reportgen.base.suggestions import suggest

# A hook sets these to paths that count from its own folder; git finds them anew from the records'.
_OF_A_HOOK = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}
# Objects that a clone left out are fetched when they are asked for, by programs that the clone itself may name.
_FETCH_NOTHING = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
_IN_ENGLISH = {"LC_ALL": "C"}
_BRANCH = re.compile(r"(?!-)(?!HEAD$)[\w.-]+(/[\w.-]+)*")
_HASH = re.compile("[0-9a-f]{7,64}")
_IN_CI = "in GitHub Actions `fetch-depth: 0` of actions/checkout, in GitLab CI `GIT_DEPTH: 0`"
_NOT_FETCHED = re.compile("lazy fetching disabled|promisor remote|transport '.*' not allowed")
_OTHER_OWNER = "dubious ownership"


class GitError(ValueError):
    """What git said, where it did not do what it was asked."""


@dataclass(frozen=True)
class Checkout:
    """A checkout of git, by its topmost folder."""

    top: Path

    @classmethod
    def around(cls, folder: Path) -> Checkout:
        """Find the checkout that a folder lies in.

        Raises:
            GitError: it lies in none, or git cannot be run.

        """
        try:
            return cls(Path(_git(folder, "rev-parse", "--show-toplevel").removesuffix("\n")))
        except GitError as error:
            if _OTHER_OWNER not in str(error):
                raise
            found = re.search("'(.*)'", str(error))
            place = found[1] if found else folder
            cure = f"git config --global --add safe.directory {shlex.quote(str(place))}"
            raise GitError(f"the checkout {place} is another user's: if you trust it, `{cure}`") from error

    def base(self, revision: str) -> str:
        """Return the commit at which this branch left a revision, by its hash: what came there since is not ours.

        Raises:
            GitError: the revision is not in this clone, or has no ancestor in common with HEAD; it says what to do.

        """
        there = self._commit(revision)
        if there is None and ".." in revision:
            raise GitError(f"`{revision}` is a range: name one revision, the one that it begins with")
        if there is None:
            raise GitError(self._missing(revision))
        if self._commit("HEAD") is None:
            raise GitError("HEAD is no commit yet: commit something first")
        try:
            return self.ask("merge-base", there, "HEAD").split()[0]
        except GitError as error:
            said = f"`{revision}` and HEAD have no common ancestor"
            if self._is_shallow:
                raise GitError(f"{said} in this clone, {self._shallow(revision)}") from error
            raise GitError(f"{said}: name a revision that this branch began from") from error

    def ask(self, *arguments: str) -> str:
        """Run git in the topmost folder; return what it prints.

        Raises:
            GitError: it fails.

        """
        return _git(self.top, *arguments)

    def _commit(self, revision: str) -> str | None:
        try:
            return self.ask("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").strip()
        except GitError:
            return None

    def _missing(self, revision: str) -> str:
        """Say that a revision is not in this clone, and what was meant or brings it."""
        if not revision:
            return "name a revision, such as `main`"
        if not revision.strip("0"):
            return f"`{revision}`: zeros stand for a branch that is new: name the one that it began from"
        said = f"`{revision}` names no commit of this clone"
        remotes = self._refs("refs/remotes")
        if remote := next((name for name in remotes if name.partition("/")[2] == revision), None):
            return f"{said}: did you mean `{remote}`?"
        if self._is_shallow:
            return f"`{revision}` is not in this clone, {self._shallow(revision)}"
        if close := suggest(revision, [*self._refs("refs/heads", "refs/tags"), *remotes]):
            return f"{said}: did you mean `{close}`?"
        return said + self._where_it_was_made(revision)

    def _where_it_was_made(self, revision: str) -> str:
        """Say what brings a commit or a branch that only the repository of the clone may have."""
        if self._remote and _HASH.fullmatch(revision):
            return f": if it was pushed, `git fetch {self._remote} {revision}` brings it"
        if self._remote and _BRANCH.fullmatch(revision):
            branch = self._branch(revision)
            fetch = f"git fetch {self._refspec(branch)}"
            return f": if it is a branch there, `{fetch}` brings it as `{self._remote}/{branch}`"
        return ""

    def _refs(self, *kinds: str) -> list[str]:
        return self.ask("for-each-ref", "--format=%(refname:short)", *kinds).splitlines()

    def _shallow(self, revision: str) -> str:
        """Say what brings the history of a revision into a clone that holds the newest commits only."""
        if not self._remote or _HASH.fullmatch(revision) or not _BRANCH.fullmatch(revision):
            return f"which is shallow: fetch it, `git fetch --unshallow`; {_IN_CI}"
        branch = self._branch(revision)
        named = f"{self._remote}/{branch}"
        then = "" if revision == named else f", and name `{named}`"
        return f"which is shallow: fetch it, `git fetch --unshallow {self._refspec(branch)}`{then}; {_IN_CI}"

    @cached_property
    def _is_shallow(self) -> bool:
        return self.ask("rev-parse", "--is-shallow-repository").strip() == "true"

    @cached_property
    def _remote(self) -> str:
        """Return the name of the repository that this is a clone of, the first of several; "" where there is none."""
        # What is said is pasted into a shell: a stranger's name must mean nothing there.
        names = [name for name in self.ask("remote").splitlines() if _BRANCH.fullmatch(name)]
        return "origin" if "origin" in names else next(iter(names), "")

    def _branch(self, revision: str) -> str:
        return revision.removeprefix(f"{self._remote}/")

    def _refspec(self, branch: str) -> str:
        # A clone of one branch keeps no other by itself: where it is kept has to be said.
        return f"{self._remote} {branch}:refs/remotes/{self._remote}/{branch}"


def _git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    environment |= _FETCH_NOTHING | _IN_ENGLISH
    command = [PROGRAMS["git"].path or "git", "-C", str(folder), "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from error
    if done.returncode:
        raise GitError(_said(os.fsdecode(done.stderr)))
    return os.fsdecode(done.stdout)


def _said(errors: str) -> str:
    """Return what git failed of; warnings may stand before it."""
    lines = errors.strip().splitlines() or ["failed"]
    said = f"git: {next((line for line in lines if line.startswith('fatal:')), lines[0])}"
    if _NOT_FETCHED.search(errors):
        return (
            f"{said}; this is a partial clone, which lacks it: clone with `--filter=blob:none` or no filter"
        )
    return said
