"""An answer that is no success, as an error that says what was refused and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reportgen.base.errors import Level, Problem, RepositoryError, Where
from reportgen.delivery.zenodo.answers import read_problems

if TYPE_CHECKING:
    from reportgen.delivery.zenodo.answers import Answer

GONE = frozenset({404, 410})
DENIED = frozenset({401, 403})
CONFLICT = 412


class _Meaning(NamedTuple):
    code: str
    hint: str


_MEANINGS = {
    404: _Meaning(
        "repository-gone", "it was deleted, or belongs to another repository; see `reportgen zenodo status`"
    ),
    410: _Meaning("repository-gone", "it was deleted on the repository; see `reportgen zenodo status`"),
    412: _Meaning("draft-changed", "somebody changed the draft meanwhile; look at it there, then run again"),
    413: _Meaning("repository-full", "the repository takes no file of this size"),
}
_REFUSED = _Meaning("repository-refused", "")


def refusal(host: str, what: str, answer: Answer) -> RepositoryError:
    """Make the error for an answer to a call, with one problem for each field that it complains of.

    ``what`` says what was asked, as in "draft 17 cannot be saved".
    """
    meaning = _MEANINGS.get(answer.status, _REFUSED)
    whole = problem(host, meaning.code, f"{what}: it answers {answer.message}", meaning.hint)
    return RepositoryError([whole, *read_problems(answer.json)])


def denial(host: str, what: str, answer: Answer, *, token_is_known: bool) -> RepositoryError:
    """Make the error for a 401 or 403, which the repository gives alike for a wrong token and a foreign record."""
    if not token_is_known:
        message = "it does not know the token"
        hint = (
            "make a new one there, with the scopes deposit:write and deposit:actions; the sandbox has its own"
        )
        return RepositoryError([problem(host, "token-refused", message, hint)])
    hint = "it belongs to another account, or the token lacks the scope deposit:write or deposit:actions"
    return RepositoryError([problem(host, "repository-denied", f"{what}: it answers {answer.message}", hint)])


def problem(host: str, code: str, message: str, hint: str = "") -> Problem:
    """Make a problem that names the repository."""
    return Problem(code, Level.ERROR, Where(), f"{host}: {message}", hint)
