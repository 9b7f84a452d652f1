"""Make the pair of keys by which push services know this site."""

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management.base import BaseCommand


def _text(told: bytes) -> str:
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


class Command(BaseCommand):
    help = "Print a new pair of keys for messages on phones and computers, as lines for .env."
    # It needs no database, and runs before there is one.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        private = key.private_numbers().private_value.to_bytes(32, "big")
        self.stdout.write(f"PUSH_PUBLIC_KEY={_text(public)}")
        self.stdout.write(f"PUSH_PRIVATE_KEY={_text(private)}")
