"""Every write about notifications that has a rule or more than one row."""

from .choosing import choose, pause, stop_mail
from .following import follow, unfollow
from .notifying import go_on_telling, notify
from .pushing import EndpointRefused, subscribe, unsubscribe
from .reading import mark_all_read, mark_read

__all__ = [
    "EndpointRefused",
    "choose",
    "follow",
    "go_on_telling",
    "mark_all_read",
    "mark_read",
    "notify",
    "pause",
    "stop_mail",
    "subscribe",
    "unfollow",
    "unsubscribe",
]
