"""Wijken and buurten in the format of PDOK, and a site that gives them."""

import datetime
import ipaddress
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from areas.fetching import Fetcher


def square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    """Return a square as a geometry."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def row(code: str, geometry: Any) -> dict[str, Any]:
    """Return a feature as PDOK gives it, with a number that is missing."""
    told = {"wijkcode": code if code.startswith("WK") else f"WK{code[2:8]}"}
    if code.startswith("BU"):
        told["buurtcode"] = code
    return {
        "type": "Feature",
        "id": f"uuid-{code}",
        "properties": {**told, "gemeentecode": "GM0518", "water": "NEE", "aantal_inwoners": -99997},
        "geometry": geometry,
    }


def page(*rows: Any, following: str = "", **more: Any) -> dict[str, Any]:
    links = [{"rel": "self", "href": "/"}]
    if following:
        links.append({"rel": "next", "href": following})
    return {"type": "FeatureCollection", "features": list(rows), "links": links, **more}


Answer = Callable[[str], tuple[int, dict[str, str], bytes]]


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "site.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


class Site:
    """A site on this machine, and what was asked of it."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.address = f"https://localhost:{port}"
        self.certificate = certificate
        self.asked: list[str] = []

    def fetcher(self, **limits: Any) -> Fetcher:
        """Return a fetcher that believes this site and may go to this machine."""
        tls = ssl.create_default_context(cafile=str(self.certificate))
        return Fetcher(**{"is_allowed": lambda _address: True, "tls": tls, **limits})


@contextmanager
def site(
    folder: Path, answer: Callable[[Site, str], tuple[int, dict[str, str], bytes]]
) -> Iterator[Site]:
    """Run a site that answers each path."""
    certificate, key = make_certificate(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            running.asked.append(self.path)
            status, headers, body = answer(running, self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    running = Site(server.server_address[1], certificate)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()


def as_json(told: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/geo+json"}, json.dumps(told).encode()
