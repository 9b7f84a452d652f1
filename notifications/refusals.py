"""What it means when a mail server, or a service that sends mail, does not take one."""

from smtplib import (
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused

#: Everything that sending one mail can fail with, other than by a mistake of ours.
ERRORS = (SMTPException, OSError, AnymailError)

#: The service is not available, and closes the connection (RFC 5321, 4.2.3).
_CLOSING = 421


class Away(Exception):
    """The other side takes nothing now: all the rest waits as well."""


class NotNow(Exception):
    """The other side did not take this one now: it is tried again later."""


class Never(Exception):
    """The other side will never take this one; says why in a word of ours."""


class Broken(NotNow):
    """The connection broke off over this one: twice in a row, and the other side is away."""


def refusal_of(error: Exception) -> Away | NotNow | Never:
    """Return what an error of a mail server means for the mail at hand.

    Nothing of what the server answered is kept: it repeats the address.
    """
    name = type(error).__name__
    if isinstance(error, AnymailError):
        return _of_a_service(error, name)
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _answer in error.recipients.values()]
        return _by_code(max(codes, default=_CLOSING), name)
    if isinstance(error, SMTPSenderRefused):
        # That is about us and would hold for every mail: a full disk, a missing sign-in.
        return Away(name)
    if isinstance(error, SMTPResponseException):
        return _by_code(error.smtp_code, name)
    if isinstance(error, SMTPNotSupportedError):
        return Never("address")
    if isinstance(error, SMTPServerDisconnected | OSError):
        return Broken(name)
    return NotNow(name)


def _by_code(code: int, name: str) -> Away | NotNow | Never:
    """RFC 5321, 4.2.1: what begins with 4 may go another time, what begins with 5 never will."""
    if code == _CLOSING:
        return Away(name)
    return Never("refused") if code >= 500 else NotNow(name)


def _of_a_service(error: AnymailError, name: str) -> Away | NotNow | Never:
    if isinstance(error, AnymailRecipientsRefused):
        return Never("refused")
    if isinstance(error, AnymailAPIError):
        # 400 and 422 are about this mail; a wrong key or a fault of theirs is not.
        return Never("refused") if error.status_code in (400, 422) else Away(name)
    return Never("address")
