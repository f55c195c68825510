"""The repository and its token: the token comes from the environment or the keyring, never from anywhere else."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable, Generator  # noqa: TC003  # mypy and readers; httpx calls it
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, TypeVar

import httpx

from reportgen import __version__
from reportgen.base.errors import Level, Problem, RepositoryError, SettingsError, Where
from reportgen.record.registration import is_loopback

if TYPE_CHECKING:
    from reportgen.base.settings import Settings

SANDBOX = "https://sandbox.zenodo.org/api"
ZENODO = "https://zenodo.org/api"
SERVICE = "reportgen"
_TRUSTED = frozenset({"zenodo.org", "sandbox.zenodo.org"})
_LONG_ENOUGH = 6  # bytes of a token whose base64 is no chance meeting
_Value = TypeVar("_Value")
_BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750, section 2.1


class Token:
    """A secret that prints as ``***`` and cannot be pickled; only ``Bearer`` below reads it."""

    __slots__ = ("__reveal", "__traces")

    def __init__(self, text: str) -> None:
        # In a closure: what prints the attributes of an object, or all locals of a frame, does not see it.
        self.__reveal = _enclosed(text.strip())
        self.__traces = _enclosed(_traces(text.strip()))

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is not written down")

    def __bool__(self) -> bool:
        return bool(self.__reveal())

    def check(self) -> Token:
        """Return the token itself, if it is made as tokens are.

        Raises:
            RepositoryError: it holds what no token holds; the message does not quote it.

        """
        if not _BEARER.fullmatch(self.__reveal()):
            message = "the token for the repository holds characters that no token has"
            hint = "copy it again from the repository's page, alone on its line"
            raise _error("token-malformed", message, hint)
        return self

    def hidden_in(self, body: bytes) -> bytes:
        """Return what a server said without the token, should it have quoted that, plainly or in an encoding."""
        return self.__traces().sub(b"***", body) if self else body

    def _text(self) -> str:
        return self.__reveal()


def _enclosed(value: _Value) -> Callable[[], _Value]:
    return lambda: value


def _traces(token: str) -> re.Pattern[bytes]:
    """Make the pattern of a token as text, in JSON, URLs and HTML, in hexadecimal and in base64."""
    raw = token.encode("utf-8", "surrogatepass")
    # What stands before a text moves its base64 by one or two bytes, and spoils the characters at both ends.
    moved = [
        base64.b64encode(b"\0" * shift + raw)[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
        for shift in range(3)
    ]
    both = [*moved, *(text.translate(bytes.maketrans(b"+/", b"-_")) for text in moved)]
    forms = [raw, raw.hex().encode(), *(both if len(raw) >= _LONG_ENOUGH else ())]
    return re.compile(
        b"|".join(b"".join(map(_written, form)) for form in dict.fromkeys(forms)), re.IGNORECASE
    )


def _written(byte: int) -> bytes:
    """Make the pattern of one byte in all ways that JSON, URLs and HTML have to write it."""
    escaped = rf"(?:%|\\u0025)(?:25)*{byte:02x}|\\u00{byte:02x}|&#(?:0*{byte}|x0*{byte:x});?"
    plain = (rb"\\?" if byte in b"/" else b"") + re.escape(bytes([byte]))
    return b"(?:%b|%b)" % (plain, escaped.encode())


class Bearer(httpx.Auth):
    """Puts the token on a request, if that goes to the repository's own origin."""

    def __init__(self, access: Access) -> None:
        self._token = access.token
        self._origin = origin(httpx.URL(access.base))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the header; a request to anywhere else goes without."""
        if origin(request.url) == self._origin:
            request.headers["Authorization"] = f"Bearer {self._token._text()}"  # noqa: SLF001  # the one place
        yield request


@dataclass(frozen=True, slots=True)
class Access:
    """Base URL of the records interface without a slash at its end, the token for it, and the name we go by."""

    base: str
    token: Token
    user_agent: str

    @property
    def host(self) -> str:
        """Return host and port, as messages and the keyring name them."""
        return httpx.URL(self.base).netloc.decode("ascii")


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Return scheme, host and port, with the port that the scheme implies left out."""
    return url.scheme, url.host, url.port


def base_url(configured: str, *, url: str | None = None, sandbox: bool = False) -> str:
    """Tell which repository is meant: by option, by ``ZENODO_URL``, or by the settings, in this order.

    Raises:
        SettingsError: it is no URL, or not https, which only this machine itself may do without.

    """
    chosen = url or (SANDBOX if sandbox else os.environ.get("ZENODO_URL") or configured)
    try:
        parsed = httpx.URL(chosen)
        host, secret = parsed.host, bool(parsed.userinfo)
    except (httpx.InvalidURL, ValueError):
        host, secret = "", False
    # What it holds is quoted only where it cannot be a password.
    if not host or secret or parsed.query or parsed.fragment or parsed.scheme not in ("http", "https"):
        message = "the repository's address is not a plain URL such as " + ZENODO
        raise SettingsError([Problem("repository-url", Level.ERROR, Where(), message)])
    if parsed.scheme == "http" and not is_loopback(host):
        message = f"{parsed} is not https: the token would be sent in the open"
        raise SettingsError([Problem("repository-url", Level.ERROR, Where(), message, "write https://")])
    return str(parsed).rstrip("/")


def find_access(settings: Settings, *, url: str | None = None, sandbox: bool = False) -> Access:
    """Find the repository and the token: ``ZENODO_TOKEN``, or the keyring's entry for service reportgen and host.

    A host that only ``reportgen.toml`` names gets the environment's token if it is Zenodo's: a settings file that
    came with the records must not say where a token goes.

    Raises:
        SettingsError: the address is wrong.
        RepositoryError: there is no token, with the code ``token-missing``.

    """
    base = base_url(settings.zenodo.url, url=url, sandbox=sandbox)
    host = httpx.URL(base).netloc.decode("ascii")
    is_named = bool(url or sandbox or os.environ.get("ZENODO_URL"))
    given = Token(os.environ.get("ZENODO_TOKEN", ""))
    token = given if is_named or host in _TRUSTED else Token("")
    if found := token or _from_keyring(host):
        return Access(base, found.check(), user_agent(settings.publisher.url))
    if given:
        message = f"ZENODO_TOKEN is not sent to {host}, which only reportgen.toml names"
        raise _error("token-missing", message, f"set ZENODO_URL={base} as well if the token belongs there")
    hint = f"set ZENODO_TOKEN, or keep the token with `keyring set {SERVICE} {host}`"
    raise _error("token-missing", f"there is no token for {host}", hint)


def user_agent(contact: str | None) -> str:
    """Return the name we go by, with an address of the publisher: repositories hold unnamed programs back."""
    is_sendable = contact and contact.isascii() and contact.isprintable()
    return f"reportgen/{__version__}" + (f" (+{contact})" if is_sendable else "")


def _from_keyring(host: str) -> Token:
    """Read the token for a host; an empty one where there is none, or no keyring."""
    try:
        keyring, errors = import_module("keyring"), import_module("keyring.errors")
    except ImportError:
        return Token("")
    failed = ""
    try:
        return Token(keyring.get_password(SERVICE, host) or "")
    except errors.NoKeyringError:
        return Token("")
    except errors.KeyringError as error:
        failed = type(error).__name__
    # Outside of the handler: a chain would lead to frames that may hold the token.
    raise _error("token-missing", f"the keyring does not answer: {failed}", "set ZENODO_TOKEN")


def _error(code: str, message: str, hint: str) -> RepositoryError:
    return RepositoryError([Problem(code, Level.ERROR, Where(), message, hint)])
