"""What it means for an address when the service that sends our mail tells of one.

Anymail puts what services say into words of its own, and these decide:

- "complained": its reader called a mail unwanted. The address is stopped.
- "bounced" and "rejected", for a reason that lies in the address (invalid, bounced, blocked): it is
  stopped. So is one that the service has on a list of its own ("spam", "unsubscribed"): it sends
  nothing there any more, whatever we hand it.
- "deferred", and every other reason ("timed out", "other"): it may go another time, or it was about
  the mail and not about the address. Nothing is stopped, nor by "failed", "unsubscribed" (our mails
  have a way out of their own) or any word for what went well.

Anymail calls soft bounces of most services "bounced" as well, and "blocked" also a mail that was
refused because of its words or because of us. Where a service says so itself, its own word goes
before: otherwise one full mailbox would be lost for good, and one mistake in our own domain would
stop everybody.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from anymail.signals import EventType, RejectReason

from accounts.models import User

BOUNCED, COMPLAINED = "bounced", "complained"

_IN_THE_ADDRESS = (RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.BLOCKED)
_UNWANTED = (RejectReason.SPAM, RejectReason.UNSUBSCRIBED)

#: The clocks of others may go ahead of ours by so much.
AHEAD = datetime.timedelta(hours=1)
_LONGEST_ADDRESS = 254

_SOFT = ("Transient", "Undetermined")
#: By service: where it says what kind of bounce it is, and which of these end no address. What
#: SparkPost numbers otherwise than 10, 30 and 90 is soft, about the mail, or about its sender.
_NOT_FOR_GOOD: dict[str, tuple[tuple[tuple[str, ...], tuple[Any, ...]], ...]] = {
    "amazon_ses": ((("bounce", "bounceType"), _SOFT),),
    "brevo": ((("event",), ("soft_bounce",)),),
    "mailersend": ((("data", "type"), ("soft_bounced",)),),
    "mailjet": (
        (("hard_bounce",), (False,)),
        (("error_related_to",), ("content", "spam", "policy", "mailjet", "system")),
    ),
    "mandrill": ((("event",), ("soft_bounce",)),),
    "postmark": (
        (("Type",), ("SoftBounce", "Blocked", "DMARCPolicy", "VirusNotification", "Unconfirmed")),
    ),
    "resend": ((("data", "bounce", "type"), _SOFT),),
    "sendgrid": ((("type",), ("blocked", "expired")),),
    "sparkpost": (
        (
            ("msys", "message_event", "bounce_class"),
            tuple(map(str, (1, *range(20, 26), 40, *range(50, 55), 70))),
        ),
    ),
}


@dataclass(frozen=True)
class Returned:
    """An address that no mail goes to any more, why, and when that was found."""

    address: str
    why: str
    at: datetime.datetime


def returned(events: Iterable[Any], service: str, now: datetime.datetime) -> list[Returned]:
    """Return the addresses that events end, each with the newest that does."""
    newest: dict[str, Returned] = {}
    for event in events:
        why, address = why_to_stop(event, service), _address_of(event)
        at = _moment_of(event, now)
        if why and address and at and (address not in newest or newest[address].at < at):
            newest[address] = Returned(address, why, at)
    return list(newest.values())


def why_to_stop(event: Any, service: str) -> str:
    """Return why no mail goes to the address of an event any more; nothing where it does."""
    kind, reason = event.event_type, event.reject_reason
    if kind == EventType.COMPLAINED:
        return COMPLAINED
    if kind not in (EventType.BOUNCED, EventType.REJECTED) or _not_for_good(event, service):
        return ""
    if kind == EventType.REJECTED and reason in _UNWANTED:
        return COMPLAINED
    # Some services give no reason with a bounce, and say in other words when it is a soft one.
    without_reason = kind == EventType.BOUNCED and reason is None
    return BOUNCED if reason in _IN_THE_ADDRESS or without_reason else ""


def _not_for_good(event: Any, service: str) -> bool:
    """Say whether a service itself calls an event soft, or about something else."""
    return any(
        _at(event.esp_event, path) in words for path, words in _NOT_FOR_GOOD.get(service, ())
    )


def _at(told: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _address_of(event: Any) -> str:
    """Return the address as accounts write it; nothing where it can be nobody's."""
    address = event.recipient
    if not isinstance(address, str) or len(address) > _LONGEST_ADDRESS:
        return ""
    # No database takes what does not print: a zero byte, half a character.
    return User.objects.normalize_email(address) if address.isprintable() else ""


def _moment_of(event: Any, now: datetime.datetime) -> datetime.datetime | None:
    """Return when it happened; None where that is not told, and so nobody knows what came since."""
    at = event.timestamp
    if not isinstance(at, datetime.datetime) or at.tzinfo is None or at > now + AHEAD:
        return None
    return at
