"""Rules for every HTTP client here: one deadline for a whole exchange, bounded bodies, no stranger's way inside.

The timeouts of an HTTP library count from byte to byte, so a server that sends one a second is never late. Here each
wait, for a name's addresses in turn, TLS, headers and body, gets what is left until the deadline.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

_PIECE = 65_536
"""Bytes sent between two looks at the clock."""


class ForbiddenPlaceError(httpx.RequestError):
    """A server led to an address that only this machine, or the network it is in, can reach."""


class Deadline:
    """When the exchange that is under way must have ended; ``elapsed`` is a clock that never goes back."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._end = 0.0

    def begin(self, seconds: float) -> None:
        """Let an exchange begin that may take so long."""
        self._end = self._elapsed() + seconds

    @property
    def left(self) -> float:
        """Return the seconds left; none, or fewer, when it is over."""
        return self._end - self._elapsed()

    def within(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        """Return how long one step may wait.

        Raises:
            TimeoutException: as the class given, the deadline is over.

        """
        left = self.left
        if left <= 0:
            raise late("its answer does not end")
        return left if timeout is None else min(timeout, left)


def read_body(response: httpx.Response, most_bytes: int, deadline: Deadline) -> bytes:
    """Read a body as it is sent; of one that is longer than ``most_bytes``, at least one byte more than that.

    Raises:
        httpx.RequestError: it is compressed, which nobody asked for, does not end, or breaks off.

    """
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        raise httpx.DecodingError(
            "its answer is compressed, which was not asked for", request=response.request
        )
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > most_bytes:
            break
        if deadline.left <= 0:
            raise httpx.ReadTimeout("its answer does not end", request=response.request)
    return bytes(body)


class Wire(httpx.BaseTransport):
    """Carries the requests of one client to the host of the URL ``home``, and to public addresses where that leads.

    Each must be answered before the deadline. ``proxied`` lets the environment name a proxy.
    """

    def __init__(self, home: str, deadline: Deadline, *, proxied: bool) -> None:
        self._home = httpx.URL(home).raw_host.decode("ascii")
        self._deadline = deadline
        self._proxied = proxied
        self._trusted = httpx.create_ssl_context()
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and give its answer, whose body is read later."""
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        with _told_as_httpx():
            answer = self._pool(url).handle_request(
                httpcore.Request(
                    request.method,
                    target,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, url: httpx.URL) -> httpcore.ConnectionPool:
        proxy = _proxy_for(url) if self._proxied else ""
        host = url.raw_host.decode("ascii")
        if proxy and host != self._home and _is_inside(host):
            raise ForbiddenPlaceError(_led_inside(host))
        if proxy not in self._pools:
            self._pools[proxy] = self._opened(proxy)
        return self._pools[proxy]

    def _opened(self, proxy: str) -> httpcore.ConnectionPool:
        if not proxy:
            return httpcore.ConnectionPool(
                self._trusted, network_backend=_Network(self._home, self._deadline)
            )
        try:
            read = httpx.Proxy(proxy)
        except (ValueError, httpx.InvalidURL):
            read = None
        if read is None or read.url.scheme not in ("http", "https"):
            raise httpx.ProxyError("the environment names a proxy that is not one for HTTP")
        url = httpcore.URL(
            scheme=read.url.raw_scheme, host=read.url.raw_host, port=read.url.port, target=b"/"
        )
        network = _Network(url.host.decode("ascii"), self._deadline)
        return httpcore.HTTPProxy(
            url, proxy_auth=read.raw_auth, ssl_context=self._trusted, network_backend=network
        )


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _told_as_httpx():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Network(httpcore.NetworkBackend):
    """Connects to the host that the user chose, and else to public addresses only."""

    def __init__(self, own: str, deadline: Deadline) -> None:
        self._own = own
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *args: Any, **options: Any
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        # Looked up only once, so that the address that is judged is the one that is reached.
        for address in _addresses(host, port):
            if host != self._own and _is_inside(address):
                raise ForbiddenPlaceError(_led_inside(host))
            wait = self._deadline.within(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._sockets.connect_tcp(address, port, wait, *args, **options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Stream(stream, self._deadline)
        raise failed


class _Stream(httpcore.NetworkStream):
    """One connection, no step of which outlasts the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            wait = self._deadline.within(timeout, httpcore.WriteTimeout)
            self._stream.write(buffer[start : start + _PIECE], wait)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = self._deadline.within(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, wait), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@contextmanager
def _told_as_httpx() -> Iterator[None]:
    """Tell the errors of the library below by those of the same name that its callers know."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.UnsupportedProtocol,
    ) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    return [str(address[0]) for *_, address in found]


def _is_inside(host: str) -> bool:
    """Tell whether a host is, by its address or name, this machine or one that only its network reaches."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
    mapped = getattr(address, "ipv4_mapped", None) or address
    return not mapped.is_global or mapped.is_multicast


def _led_inside(host: str) -> str:
    return f"it leads to {host[:255]}, which is no public address"


def _proxy_for(url: httpx.URL) -> str:
    proxies = urllib.request.getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all") or ""
    if not proxy or urllib.request.proxy_bypass(url.raw_host.decode("ascii")):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"
