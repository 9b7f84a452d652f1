"""What this app holds of people, and how it lets go of them."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.holdings import Holding, register, register_nothing
from accounts.models import User
from accounts.privacy import delete_rows
from notifications.models import (
    Choice,
    Delivery,
    Event,
    Follow,
    Letter,
    Notification,
    Preference,
    PushSubscription,
)


def forget_browsers(person: User, now: datetime.datetime) -> None:
    """Tell nothing any more on the browsers of who leaves."""
    PushSubscription.objects.filter(person=person).delete()


HOLDINGS = (
    Holding(
        Delivery,
        _("What was sent to you, and when"),
        through=lambda person: Delivery.objects.filter(notification__recipient=person),
        kept={"why": "a word of ours about why it was not sent"},
        leaves=delete_rows,
    ),
    Holding(Notification, _("What you were told"), own=("recipient",), leaves=delete_rows),
    Holding(
        Letter,
        _("Your weekly letters: when they were sent"),
        own=("recipient",),
        kept={"why": "a word of ours about why it was not sent"},
        leaves=delete_rows,
    ),
    Holding(
        Preference,
        _("How you want to be told"),
        own=("person",),
        kept={"mail_stopped_why": "a word of ours about why no mail goes out"},
        leaves=delete_rows,
    ),
    Holding(Choice, _("What you want to be told of"), own=("person",), leaves=delete_rows),
    Holding(
        Follow,
        _("What you follow"),
        own=("person",),
        kept={"kind": "a word of ours: an initiative, an area or a theme"},
        leaves=delete_rows,
    ),
    Holding(
        PushSubscription,
        _("The browsers on which you are told at once"),
        own=("person",),
        secret=("endpoint", "endpoint_digest", "p256dh", "auth"),
        ends=forget_browsers,
        leaves=delete_rows,
    ),
    Holding(
        Event,
        _("What happened that others were told of"),
        numbers=("by",),
        kept={"kind": "the name of a kind", "occasion": "a date or a word of ours"},
    ),
)

NOTHING = {"notifications.letterround": "hours in which letters were looked for"}


def declare() -> None:
    register(*HOLDINGS)
    register_nothing(NOTHING)
