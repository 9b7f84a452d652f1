"""A push service on this machine, and browsers that can read what it gets."""

import base64
import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from areas.fetching import Fetcher
from tests.areas.wijken import make_certificate

SITE_KEY = ec.generate_private_key(ec.SECP256R1())


def text(told: bytes) -> str:
    """Return bytes as base64url without its ends."""
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


#: The settings of a site that has push.
KEYS = {
    "PUSH_PUBLIC_KEY": text(point(SITE_KEY)),
    "PUSH_PRIVATE_KEY": text(SITE_KEY.private_numbers().private_value.to_bytes(32, "big")),
    "PUSH_CONTACT": "mailto:beheer@buurten.example",
}


class Browser:
    """A browser that was told an address of a push service, and its keys."""

    def __init__(self, endpoint: str = "https://push.example/abc") -> None:
        self.endpoint = endpoint
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"0123456789abcdef"

    @property
    def told(self) -> dict[str, str]:
        """Return what it tells the site."""
        return {
            "endpoint": self.endpoint,
            "p256dh": text(point(self.key)),
            "auth": text(self.secret),
        }

    def reads(self, body: bytes) -> dict[str, Any]:
        """Return a message, as only this browser can read it."""
        words = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        message: dict[str, Any] = json.loads(words)
        return message


@dataclass
class Service:
    """A push service, and what was handed to it."""

    address: str
    certificate: Path
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def browser(self, name: str = "abc") -> Browser:
        return Browser(f"{self.address}/{name}")

    def road(self, **limits: Any) -> Fetcher:
        """Return what believes this service and may go to this machine."""
        tls = ssl.create_default_context(cafile=str(self.certificate))
        open_road = {"is_allowed": lambda _address: True, "tls": tls, "seconds": 3}
        return Fetcher(**{**open_road, **limits})


Answer = Callable[[str], tuple[int, dict[str, str]]]


def takes_all(path: str) -> tuple[int, dict[str, str]]:
    return 201, {}


@contextmanager
def running(folder: Path, answer: Answer = takes_all, *, drips: bool = False) -> Iterator[Service]:
    """Run a push service that answers each path as it is told to, or a letter now and then."""
    certificate, key = make_certificate(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.got.append((self.path, dict(self.headers), body))
            if drips:
                with suppress(OSError):
                    for letter in "HTTP/1.1 201 Created for you" * 2:
                        self.wfile.write(letter.encode())
                        time.sleep(0.2)
                return
            status, headers = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def do_GET(self) -> None:
            service.got.append((self.path, dict(self.headers), b""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    service = Service(f"https://localhost:{server.server_address[1]}", certificate)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
