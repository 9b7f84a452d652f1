"""What people do with their second factors, in tests: an app, and a passkey without a browser."""

import base64
import hashlib
import hmac
import json
import os
import re
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.cache import cache
from django.test import Client
from fido2 import cbor

from tests.accounts.conftest import newest_code

SAFETY = "/en/account/veiligheid/"
APP = "/en/account/veiligheid/app/"
PASSKEY = "/en/account/veiligheid/passkey/"
STEP_TWO = "/en/account/inloggen/stap-twee/"
OPTIONS = "/en/account/inloggen/passkey/vraag/"
BY_PASSKEY = "/en/account/inloggen/passkey/"


def app_code(secret: str, *, steps: int = 0) -> str:
    """Return what an app shows, ``steps`` half minutes from now (RFC 6238, reckoned by hand)."""
    counter = int(time.time()) // 30 + steps
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def sign_in_by_code(client: Client, email: str, *, query: str = "") -> str:
    """Sign in with a code by mail; return where one arrives."""
    cache.clear()
    client.post(f"/en/account/inloggen/{query}", {"email": email})
    response = client.post("/en/account/inloggen/code/", {"code": newest_code(email)})
    assert response.status_code == 302, response.content
    return str(response["Location"])


def add_app(client: Client) -> tuple[str, list[str]]:
    """Add an app; return its secret and the recovery codes that are shown."""
    page = client.get(APP).content.decode()
    letters = re.search(r'class="letters"[^>]*>([A-Z2-7 ]+)<', page)
    assert letters, page
    secret = letters[1].replace(" ", "")
    response = client.post(APP, {"code": app_code(secret)})
    codes = re.findall(r"<li>(\d{4} \d{4})</li>", response.content.decode())
    return secret, codes


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class SoftKey:
    """A passkey in a few lines: signs what a browser would send (WebAuthn, section 7)."""

    origin: str = "https://buurten.example"
    site: str = "buurten.example"
    verifies_holder: bool = True
    id: bytes = field(default_factory=lambda: os.urandom(16))
    holder: bytes = b""
    _key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _data(self, *, with_key: bool) -> bytes:
        flags = 0x01 | (0x04 if self.verifies_holder else 0) | (0x40 if with_key else 0)
        data = hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + bytes(4)
        if with_key:
            point = self._key.public_key().public_numbers()
            public = {1: 2, 3: -7, -1: 1}
            public |= {-2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
            data += bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor.encode(public)
        return data

    def _client_data(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _sent(self, response: dict[str, bytes]) -> str:
        return json.dumps(
            {
                "id": _b64(self.id),
                "rawId": _b64(self.id),
                "type": "public-key",
                "response": {name: _b64(value) for name, value in response.items()},
                "clientExtensionResults": {},
            }
        )

    def make(self, options: dict[str, Any]) -> str:
        """Return what a browser sends when it made this passkey."""
        asked = options["publicKey"]
        user = asked["user"]["id"]
        self.holder = base64.urlsafe_b64decode(user + "=" * (-len(user) % 4))
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(with_key=True)}
        return self._sent(
            {
                "clientDataJSON": self._client_data("webauthn.create", asked["challenge"]),
                "attestationObject": cbor.encode(attestation),
            }
        )

    def show(self, options: dict[str, Any]) -> str:
        """Return what a browser sends when this passkey was shown."""
        client_data = self._client_data("webauthn.get", options["publicKey"]["challenge"])
        data = self._data(with_key=False)
        signed = data + hashlib.sha256(client_data).digest()
        return self._sent(
            {
                "clientDataJSON": client_data,
                "authenticatorData": data,
                "signature": self._key.sign(signed, ec.ECDSA(SHA256())),
                "userHandle": self.holder,
            }
        )


def add_passkey(client: Client, key: SoftKey, name: str = "My telephone") -> Any:
    """Add a passkey; return the response."""
    options = client.post(OPTIONS, {"make": "1"}).json()
    return client.post(PASSKEY, {"name": name, "credential": key.make(options)})


def show_passkey(client: Client, key: SoftKey, **form: str) -> Any:
    """Sign in with a passkey; return the response."""
    options = client.post(OPTIONS).json()
    return client.post(BY_PASSKEY, {"credential": key.show(options), **form})
