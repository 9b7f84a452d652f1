"""The tables of this app."""

from .delivery import Delivery, Outgoing, OutgoingQuerySet
from .letter import Letter, LetterRound
from .notification import Event, Notification
from .preference import Choice, Follow, Preference
from .push import PushSubscription

__all__ = [
    "Choice",
    "Delivery",
    "Event",
    "Follow",
    "Letter",
    "LetterRound",
    "Notification",
    "Outgoing",
    "OutgoingQuerySet",
    "Preference",
    "PushSubscription",
]
