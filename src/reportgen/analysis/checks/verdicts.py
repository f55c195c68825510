"""Checks of the verdicts: the review, the gate and its artifacts, and who answers for it."""

from __future__ import annotations

import errno
import re
import statistics
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from reportgen.analysis.checks.subject import error, warning
from reportgen.base.foreign import LARGEST_ARTIFACT, sha256_of
from reportgen.record import path_inside, project_of
from reportgen.record.model import Artifact, GateStatus, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.analysis.checks.subject import Finding, Subject
    from reportgen.record.model import Generator

_MEAN_TOLERANCE = 0.05
_MACHINE = re.compile(
    r"(?:chat-?gpt|gpt|claude|gemini|llama|mistral|mixtral|qwen|deep-?seek|grok|copilot|perplexity)"
    r"(?:[\s.-]*+(?:v?\d[\w.]*+|ai|pro|ultra|flash|mini|turbo|opus|sonnet|haiku|instruct|chat|large|max|plus))*+",
    re.IGNORECASE,
)
_MACHINE_IN_WORDS = re.compile(
    r"\b(?:language model|llm|chatbot|ai (?:system|assistant|agent|model))\b", re.IGNORECASE
)


@error(
    "review-mean",
    "correct the score or the reviewers' scores; they may differ by 0.05",
)
def review_mean(subject: Subject) -> Iterator[Finding]:
    """Compare the score with the mean of the reviewers' scores."""
    if (mean := _mean(subject)) is not None:
        score, exact = mean
        # A hair above the tolerance is what binary fractions add to it.
        if abs(score - exact) > _MEAN_TOLERANCE + 1e-9:
            yield "/review/score", f"the score is {score}, the reviewers' mean is {exact:.4f}"


@warning(
    "score-near-edge",
    "the tier follows from the score as given: give it unrounded, and check that this tier is meant",
)
def score_near_edge(subject: Subject) -> Iterator[Finding]:
    """Find scores that print as an edge of a tier, and edges between the score and its reviewers' mean.

    A score that is an edge exactly may have been rounded to it, unless its reviewers show that it was not.
    """
    review = subject.record.review
    if review is None:
        return
    mean = _mean(subject)
    for edge in subject.knowledge.tier_edges:
        if mean and (review.score >= edge) != (mean[1] >= edge):
            message = (
                f"the edge {edge} of a tier lies between the score {review.score} and the mean {mean[1]:.4f}"
            )
            yield "/review/score", message
        elif round(review.score, 2) == edge and not (mean and review.score == edge):
            yield "/review/score", f"{review.score} is, or rounds to, {edge}, the edge of a tier"


def _mean(subject: Subject) -> tuple[float, float] | None:
    """Return the score and the exact mean of the reviewers, where there are any."""
    review = subject.record.review
    if review is None or not review.reviewers:
        return None
    # As decimals, so that 7.5, 7.4 and 7.6 have the mean 7.5 and not a hair less.
    scores = [Decimal(repr(reviewer.score)) for reviewer in review.reviewers]
    return review.score, float(statistics.mean(scores))


@error(
    "gate-without-artifact",
    "attach what was checked to `gate.artifacts`, or set the status to UNVERIFIED",
)
def gate_without_artifact(subject: Subject) -> Iterator[Finding]:
    """Find a VERIFIED verdict with nothing attached."""
    gate = subject.record.gate
    if gate and gate.status is GateStatus.VERIFIED and not gate.artifacts:
        yield "/gate/status", "the gate says VERIFIED and names no artifact"


@error(
    "gate-without-evidence",
    "attach the evidence to `gate.artifacts`, or give the counterexample in `math`",
)
def gate_without_evidence(subject: Subject) -> Iterator[Finding]:
    """Find a FALSIFIED verdict with neither an artifact nor a counterexample."""
    record = subject.record
    is_falsified = record.gate is not None and record.gate.status is GateStatus.FALSIFIED
    has_artifact = record.gate is not None and bool(record.gate.artifacts)
    has_counterexample = record.math is not None and record.math.counterexample is not None
    if is_falsified and not has_artifact and not has_counterexample:
        yield "/gate/status", "the gate says FALSIFIED and shows no evidence"


@error(
    "artifact-outside",
    "keep artifacts in the project and name them by a path relative to the record",
)
def artifact_outside(subject: Subject) -> Iterator[Finding]:
    """Find artifact paths that are absolute or leave the record's project."""
    for pointer, _, found in _artifacts(subject):
        if isinstance(found, ValueError):
            yield f"{pointer}/path", str(found)


@error(
    "artifact-missing",
    "put the file there, or correct the path",
)
def artifact_missing(subject: Subject) -> Iterator[Finding]:
    """Find artifact paths with no file."""
    for pointer, artifact, found in _artifacts(subject):
        if not isinstance(found, ValueError) and not _is_file(found):
            yield f"{pointer}/path", f"there is no file {artifact.path}"


@error(
    "artifact-changed",
    "restore the file that was checked, or have the new one checked and give its checksum",
)
def artifact_changed(subject: Subject) -> Iterator[Finding]:
    """Find artifacts that are not the bytes the record names."""
    artifacts = tuple(_artifacts(subject))
    if not artifacts:
        return
    checksums = _Checksums(project_of(subject.loaded.folder))
    for pointer, artifact, found in artifacts:
        if isinstance(found, ValueError) or not _is_file(found):
            continue
        try:
            checksum = checksums.of(found)
        except OSError as error:
            yield f"{pointer}/sha256", f"{artifact.path} cannot be checked: {error.strerror or error}"
            continue
        if checksum != artifact.sha256:
            yield f"{pointer}/sha256", f"the SHA-256 of {artifact.path} is {checksum}"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # its name is longer than any may be
        return False


@dataclass
class _Checksums:
    """The checksums of a record's artifacts: each file is hashed once, under however many names."""

    project: Path
    bytes_left: int = LARGEST_ARTIFACT
    known: dict[tuple[int, int], str] = field(default_factory=dict)

    def of(self, path: Path) -> str:
        """Hash a file as `sha256_of` does.

        Raises:
            OSError: as there; or the artifacts are larger together than one may be.

        """
        status = path.stat()
        file = (status.st_dev, status.st_ino)
        if file not in self.known:
            if status.st_size > self.bytes_left:
                limit = f"the artifacts are larger than {LARGEST_ARTIFACT // 1_000_000} MB together"
                raise OSError(errno.EFBIG, limit, str(path))
            self.known[file] = sha256_of(path, root=self.project, most_bytes=self.bytes_left)
            self.bytes_left -= status.st_size
        return self.known[file]


def _artifacts(subject: Subject) -> Iterator[tuple[str, Artifact, Path | ValueError]]:
    gate, folder = subject.record.gate, subject.loaded.folder
    artifacts = gate.artifacts if gate else ()
    project = project_of(folder) if artifacts else folder
    for index, artifact in enumerate(artifacts):
        found: Path | ValueError
        try:
            found = path_inside(folder, artifact.path, project)
        except ValueError as refused:
            found = refused
        yield f"/gate/artifacts/{index}", artifact, found


@error(
    "kind-without-part",
    "add the part, or choose another kind",
)
def kind_without_part(subject: Subject) -> Iterator[Finding]:
    """Find a meta-analysis without a benchmark or outcomes, and a math-result without mathematics."""
    record = subject.record
    if record.kind is Kind.META_ANALYSIS and record.benchmark is None and not record.outcomes:
        yield "/kind", "a meta-analysis needs `outcomes` or `benchmark`"
    if record.kind is Kind.MATH_RESULT and record.math is None:
        yield "/kind", "a math-result needs `math`"


@warning(
    "search-numbers",
    "check the numbers; they are printed as they stand",
)
def search_numbers(subject: Subject) -> Iterator[Finding]:
    """Find more papers screened than retrieved, more included than screened, and a search after the report."""
    search = subject.record.search
    if search is None:
        return
    steps = [
        ("papers_retrieved", search.papers_retrieved),
        ("screened", search.screened),
        ("included", search.included),
    ]
    given = [(name, count) for name, count in steps if count is not None]
    for (before, more), (name, count) in pairwise(given):
        if count > more:
            yield f"/search/{name}", f"{count} {name}, but only {more} {before}"
    if search.searched_on is not None and search.searched_on > subject.record.date:
        yield "/search/searched_on", f"the search of {search.searched_on} is later than the report"


@error(
    "superseded-by-itself",
    "name the other version, or leave the field out",
)
def superseded_by_itself(subject: Subject) -> Iterator[Finding]:
    """Find a report that names its own id or DOI as its predecessor or successor."""
    record = subject.record
    own = {str(record.id), (record.doi or "").lower()}
    for name in ("supersedes", "superseded_by"):
        other = getattr(record, name)
        if other is not None and str(other).lower() in own:
            yield f"/{name}", "this is the report itself"


def looks_like_machine(name: str, generator: Generator | None) -> bool:
    """Tell whether a name is that of an AI system, or of the machine that wrote the record."""
    is_generator = generator is not None and name.strip().casefold() == generator.name.strip().casefold()
    return is_generator or bool(_MACHINE.fullmatch(name.strip()) or _MACHINE_IN_WORDS.search(name))


@warning(
    "author-is-machine",
    "authors answer for the report; name the machine in `generator`",
)
def author_is_machine(subject: Subject) -> Iterator[Finding]:
    """Find authors that are named as machines are, or as the record's own generator is."""
    generator = subject.record.generator
    for index, author in enumerate(subject.record.authors):
        if looks_like_machine(author.name, generator):
            yield f"/authors/{index}/name", f"“{author.name}” looks like an AI system"


CHECKS = (
    review_mean,
    score_near_edge,
    gate_without_artifact,
    gate_without_evidence,
    artifact_outside,
    artifact_missing,
    artifact_changed,
    kind_without_part,
    search_numbers,
    superseded_by_itself,
    author_is_machine,
)
