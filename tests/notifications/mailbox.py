"""A real mail server on this machine, which keeps what it is handed, refuses, and goes away."""

import email
import email.policy
import socket
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

TAKEN = "250 OK"


class Mailbox:
    """Keeps what came in, in the order in which it came."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.received: list[tuple[str, bytes]] = []
        #: Says what is answered to a mail for an address.
        self.answer: Callable[[str], str] = lambda _address: TAKEN
        self.server: Controller | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        answer = self.answer(address)
        if answer.startswith("250"):
            self.received.append((address, envelope.content))
        return answer

    def up(self) -> None:
        self.server = Controller(self, hostname="127.0.0.1", port=self.port)
        self.server.start()

    def down(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None

    @property
    def counts(self) -> Counter[str]:
        return Counter(address for address, _content in self.received)

    @property
    def addresses(self) -> list[str]:
        return [address for address, _content in self.received]

    def message(self, number: int = -1) -> EmailMessage:
        content = self.received[number][1]
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def text(self, number: int = -1) -> str:
        body = self.message(number).get_body(("plain",))
        assert body is not None
        return body.get_content()

    def html(self, number: int = -1) -> str:
        body = self.message(number).get_body(("html",))
        assert body is not None
        return body.get_content()
