"""A mail server that counts what it gets and throws it away: python -m tests.bench.mail_sink

Writes its port, and for each line that it reads how many mails it took so far.
"""

import socket
import sys
from typing import Any

from aiosmtpd.controller import Controller


class Sink:
    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken += len(envelope.rcpt_tos)
        return "250 OK"


def main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    for _line in sys.stdin:
        print(sink.taken, flush=True)
    controller.stop()


if __name__ == "__main__":
    main()
