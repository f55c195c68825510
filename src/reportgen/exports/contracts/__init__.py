"""The public JSON contracts that published reports follow, one module a contract.

Each is a model that its JSON Schema is made from, and a function that fills it from the values that the PDF prints.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reportgen.exports.contracts.contract import Contract

_NAMES = (
    "paper-manifest",
    "verification-levels",
    "quality-tiers",
    "quality-dimensions",
    "gate-verdict",
    "correction-record",
    "source-provenance",
    "review-monitor",
    "benchmark-evidence",
    "math-result",
)


def _place(name: str) -> str:
    module = name.replace("-", "_")
    return f"{__name__}.{module}:{module.upper()}"


CONTRACTS: Final = {name: _place(name) for name in _NAMES}
"""The contracts by name: where each is defined, so that none is imported before it is asked for."""


def contract_named(name: str) -> Contract:
    """Return a contract by its name in `CONTRACTS`."""
    found: Contract = resolve_name(CONTRACTS[name])
    return found
