"""Every write about notifications that has a rule or more than one row."""

from .bouncing import stop_addresses
from .choosing import choose, pause, stop_mail, try_mail_again
from .following import NotThere, follow, unfollow
from .notifying import go_on_telling, notify
from .pushing import EndpointRefused, subscribe, unsubscribe
from .reading import mark_all_read, mark_read
from .retrying import NotForYou, retry, retry_kind
from .stopping import NothingToStop, can_stop, stop
from .writing_letters import open_rounds, write_letters

__all__ = [
    "EndpointRefused",
    "NotForYou",
    "NotThere",
    "NothingToStop",
    "can_stop",
    "choose",
    "follow",
    "go_on_telling",
    "mark_all_read",
    "mark_read",
    "notify",
    "open_rounds",
    "pause",
    "retry",
    "retry_kind",
    "stop",
    "stop_addresses",
    "stop_mail",
    "subscribe",
    "try_mail_again",
    "unfollow",
    "unsubscribe",
    "write_letters",
]
