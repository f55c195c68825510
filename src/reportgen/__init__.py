"""Turn a record of claims into a report worth publishing.

A record is the path of a JSON file, its bytes, plain values or a `Record`; docs/reference/api.md has each function.

    >>> from reportgen import build, validate, verify
    >>> record = {
    ...     "schema": "reportgen-record-v1",
    ...     "id": "11111111-2222-4333-8444-555555555555",
    ...     "title": "Calibration of small classifiers",
    ...     "date": "2026-05-30",
    ...     "question": "Does early stopping change calibration?",
    ...     "claims": [{"text": "Early stopping lowers the error.", "confidence": 0.8}],
    ... }
    >>> for problem in validate(record):
    ...     print(problem.where.pointer, problem.message)
    /claims/0/verified the field `verified` is missing
    >>> record["claims"][0]["verified"] = True
    >>> report = build(record, output="out")
    >>> print(report.path)
    out/2026-05-30-11111111-calibration-of-small-classifiers.pdf
    >>> verify(report.pdf).identical
    True
"""

from typing import TYPE_CHECKING

__all__ = [
    "Problem",
    "Record",
    "ReportgenError",
    "Settings",
    "__version__",
    "build",
    "build_batch",
    "load",
    "validate",
    "verify",
]

__version__ = "0.2.0"
DISTRIBUTION = "reportgen-claims"
"""What the package is installed as."""

if TYPE_CHECKING:
    from reportgen.api import build, build_batch, load, validate, verify
    from reportgen.base.errors import Problem, ReportgenError
    from reportgen.base.settings import Settings
    from reportgen.record.model import Record
else:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from reportgen import api  # not before a name is asked for: it imports all else

        return getattr(api, name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
