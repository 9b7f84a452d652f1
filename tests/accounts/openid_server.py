"""A small OpenID Connect provider that answers whatever a test wants: also what is wrong."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CLIENT = "buurten"


@dataclass
class Forge:
    """What the provider answers with.

    Attributes:
        claims: of the token, over those that are right.
        header: of the token, over what is right.
        signer: with which key it is signed: "rsa", "ec", "other" (unknown to the site), "secret"
            (one that everybody knows) or "none".
        answers: whole answers by path, in place of the right ones: status and body.
    """

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    signer: str = "rsa"
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, list[str]], str]] = field(default_factory=list)
    nonce: str = ""
    keys: dict[str, Any] = field(
        default_factory=lambda: {
            "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
            "ec": ec.generate_private_key(ec.SECP256R1()),
            "other": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        }
    )

    def published(self) -> list[dict[str, Any]]:
        rsa_key = jwt.algorithms.RSAAlgorithm.to_jwk(self.keys["rsa"].public_key(), as_dict=True)
        ec_key = jwt.algorithms.ECAlgorithm.to_jwk(self.keys["ec"].public_key(), as_dict=True)
        return [{**rsa_key, "kid": "rsa"}, {**ec_key, "kid": "ec", "use": "sig"}]

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "somebody",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.signer == "none":
            return jwt.encode(claims, None, algorithm="none")
        if self.signer == "secret":
            # Signed with what everybody can read, as if it were a secret.
            return _signed_with_secret(claims)
        algorithm = "ES256" if self.signer == "ec" else "RS256"
        header = {"kid": "rsa" if self.signer == "other" else self.signer, **self.header}
        return jwt.encode(claims, self.keys[self.signer], algorithm=algorithm, headers=header)

    def answer(self, path: str) -> tuple[int, bytes]:
        if path in self.answers:
            return self.answers[path]
        right: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            },
            "/keys": {"keys": self.published()},
        }
        if path == "/token":
            return 200, json.dumps({"id_token": self.token(), "token_type": "Bearer"}).encode()
        return (200, json.dumps(right[path]).encode()) if path in right else (404, b"")


def _signed_with_secret(claims: dict[str, Any]) -> str:
    import hmac

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    header = {"alg": "HS256", "kid": "rsa"}
    body = ".".join(part(json.dumps(one).encode()) for one in (header, claims))
    return f"{body}.{part(hmac.digest(b'buurten', body.encode(), 'sha256'))}"


@contextmanager
def running(forge: Forge) -> Iterator[Forge]:
    """Run the provider on this machine; its address is ``forge.issuer``."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            sent = parse_qs(self.rfile.read(size).decode())
            path = urlsplit(self.path).path
            forge.asked.append((path, sent, self.headers.get("Authorization", "")))
            status, body = forge.answer(path)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body.decode())
                body = b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    forge.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join(2)
