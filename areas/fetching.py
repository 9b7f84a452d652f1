"""Asks and tells another site, without being led to a machine that is nobody's business.

Only https, only to addresses that the whole internet can reach. A name is looked up once, every
address behind it is judged, and the connection goes to the very address that was judged: a name
that leads elsewhere a moment later leads nowhere. The same is done again after each redirect; what
is handed over follows none.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread, Timer
from typing import Any
from urllib.parse import urljoin, urlsplit

_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 64 * 1024


class NotFetched(Exception):
    """An address that gave no answer to use; its message says why."""


class NotAllowed(NotFetched):
    """An address that is not gone to at all."""


def is_public(address: str) -> bool:
    """Say whether an IP address is one that the whole internet can reach."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        # Ways to write an IPv4 address in IPv6 lead to that same machine.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner:
            return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    # Reserved: of IPv6 also the old way to write an IPv4 address in it (::127.0.0.1).
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _Connection(http.client.HTTPSConnection):
    """A connection to an address that was judged, under the name that it was found by."""

    def __init__(self, host: str, port: int, *, to: str, timeout: float, tls: ssl.SSLContext):
        super().__init__(host, port, timeout=timeout, context=tls)
        self._to, self._tls = to, tls

    def connect(self) -> None:
        plain = socket.create_connection((self._to, self.port), self.timeout)
        try:
            self.sock = self._tls.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
        except BaseException:
            plain.close()
            raise
        self.sock.do_handshake()

    @contextmanager
    def cut_at(self, until: float) -> Iterator[None]:
        """End it at a moment, whatever it is at: a time-out alone begins anew with each byte."""
        timer = Timer(_left(until), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.close()

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                # Of the socket beneath: nobody waits for the other side to say goodbye.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


@dataclass(frozen=True)
class Fetcher:
    """How far to go for an answer.

    Attributes:
        max_bytes: the largest answer that is read.
        seconds: how long one answer may take, from the first look-up to the last byte.
        max_redirects: how often it may send us on.
        is_allowed: says of an IP address whether we may go there.
        ports: the ports that it goes to; empty for any.
        tls: whom to believe about names.
    """

    max_bytes: int = 20_000_000
    seconds: float = 60
    max_redirects: int = 4
    is_allowed: Callable[[str], bool] = is_public
    ports: Collection[int] = ()
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def json(self, address: str) -> Any:
        """Return what an address answers, read as JSON.

        Raises:
            NotFetched: it may not be asked, does not answer in time, or answers something else.
        """
        until = time.monotonic() + self.seconds
        for _turn in range(self.max_redirects + 1):
            try:
                body, moved_to = self._ask(address, until)
            except (OSError, http.client.HTTPException) as error:
                raise NotFetched(f"{_named(address)} does not answer: {error}") from error
            if not moved_to:
                try:
                    return json.loads(body)
                except (ValueError, RecursionError) as error:
                    raise NotFetched(f"{_named(address)} does not answer with JSON.") from error
            address = joined(address, moved_to)
        raise NotFetched(f"It sends us on more than {self.max_redirects} times.")

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Hand something over; return the status of the answer, of which nothing else is used.

        Raises:
            NotAllowed: it may not be gone to.
            NotFetched: it does not answer in time.
        """
        until = time.monotonic() + self.seconds
        host, port, path = self._parts(address)
        try:
            to = self._judged(host, port, until)
            connection = _Connection(host, port, to=to, timeout=_left(until), tls=self.tls)
            with connection.cut_at(until):
                connection.request("POST", path, body=body, headers=dict(headers))
                return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise NotFetched(f"{_named(address)} does not answer: {error}") from error

    def judge(self, address: str) -> None:
        """Look whether an address may be gone to, without going there.

        Raises:
            NotAllowed: it may not.
            NotFetched: it was not found.
        """
        host, port, _path = self._parts(address)
        try:
            self._judged(host, port, time.monotonic() + self.seconds)
        except OSError as error:
            raise NotFetched(f"{_named(address)} is not found.") from error

    def _ask(self, address: str, until: float) -> tuple[bytes, str]:
        """Return the body of an answer, or where it sends us instead."""
        host, port, path = self._parts(address)
        to = self._judged(host, port, until)
        connection = _Connection(host, port, to=to, timeout=_left(until), tls=self.tls)
        with connection.cut_at(until):
            headers = {"Accept": "application/geo+json, application/json"}
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            if response.status in _REDIRECTS:
                if moved_to := response.getheader("Location", ""):
                    return b"", moved_to
                raise NotFetched(f"{_named(address)} sends us on and does not say where.")
            if response.status != http.HTTPStatus.OK:
                raise NotFetched(f"{_named(address)} answers with {response.status}.")
            return self._body(connection, response, until), ""

    def _parts(self, address: str) -> tuple[str, int, str]:
        host, port, path = _parts(address)
        if self.ports and port not in self.ports:
            raise NotAllowed(f"{host} is not gone to at port {port}.")
        return host, port, path

    def _judged(self, host: str, port: int, until: float) -> str:
        addresses = _looked_up(host, port, until)
        # One bad address among good ones is a trick: then none is used.
        if not addresses or not all(self.is_allowed(one) for one in addresses):
            raise NotAllowed(f"{host} is not an address on the public internet.")
        return addresses[0]

    def _body(
        self, connection: _Connection, response: http.client.HTTPResponse, until: float
    ) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            # A server that gives a byte now and then is cut off as well.
            if connection.sock is not None:
                connection.sock.settimeout(_left(until))
            part = response.read1(_CHUNK)
            if not part:
                return b"".join(parts)
            size += len(part)
            if size > self.max_bytes:
                raise NotFetched(f"The answer is larger than {self.max_bytes} bytes.")
            parts.append(part)


def joined(address: str, to: str) -> str:
    """Return where a link on an address leads.

    Raises:
        NotFetched: it is no link.
    """
    try:
        return urljoin(address, to)
    except ValueError as error:
        raise NotFetched(f"{_named(address)} sends us to what is no address.") from error


def _looked_up(host: str, port: int, until: float) -> list[str]:
    """Return the addresses behind a name, in time: whoever owns it can let it take long."""
    found: list[str] = []
    trouble: list[OSError] = []

    def look() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            trouble.append(error)
        else:
            found.extend(str(entry[4][0]).partition("%")[0] for entry in entries)

    thread = Thread(target=look, daemon=True)
    thread.start()
    thread.join(_left(until))
    if trouble:
        raise trouble[0]
    _left(until)
    return list(found)


def _parts(address: str) -> tuple[str, int, str]:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 443
        host.encode("idna")
    except (ValueError, UnicodeError) as error:
        raise NotAllowed("This is no address.") from error
    if parts.scheme != "https" or not host or parts.username is not None:
        raise NotAllowed("Only an https address without a name and password is read.")
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    if not target.isascii() or any(character <= " " for character in target):
        raise NotAllowed("This is no address.")
    return host, port, target


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise NotFetched("The answer takes too long.")
    return left


def _named(address: str) -> str:
    return urlsplit(address).hostname or "It"
