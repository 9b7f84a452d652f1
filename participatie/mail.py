"""Mail on one's own machine: nothing leaves it, and the sign-in code can be read."""

import sys
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend as TerminalBackend
from django.core.mail.backends.filebased import EmailBackend as FileBackend


class TerminalAndFileBackend(FileBackend):
    """Writes each message to a file in EMAIL_FILE_PATH and to the terminal."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        TerminalBackend(stream=sys.stdout).send_messages(email_messages)
        return super().send_messages(email_messages) or 0
