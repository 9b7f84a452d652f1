"""Mail on one's own machine: nothing leaves it, and the sign-in code can be read."""

import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend as FileBackend


class TerminalAndFileBackend(FileBackend):
    """Keeps each message as a file in EMAIL_FILE_PATH and shows its text on the terminal."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            lines = [
                "",
                f"  Mail to {', '.join(message.to)}: {message.subject}",
                *(f"  | {line}" for line in str(message.body).strip().splitlines()),
                "",
            ]
            sys.stdout.write("\n".join(lines))
            sys.stdout.flush()
        return super().send_messages(email_messages) or 0


def forget_mail_to(address: str) -> None:
    """Delete the files with mail to an address, where mail is kept in files at all."""
    folder = Path(settings.EMAIL_FILE_PATH) if settings.EMAIL_FILE_PATH else None
    if folder is None or not folder.is_dir():
        return
    for file in folder.glob("*.log"):
        if address.encode() in file.read_bytes():
            file.unlink(missing_ok=True)
