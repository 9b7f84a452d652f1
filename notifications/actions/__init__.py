"""Every write about notifications that has a rule or more than one row."""

from .choosing import choose, pause, stop_mail
from .following import follow, unfollow
from .notifying import go_on_telling, notify
from .reading import mark_all_read, mark_read
from .writing_letters import open_rounds, write_letters

__all__ = [
    "choose",
    "follow",
    "go_on_telling",
    "mark_all_read",
    "mark_read",
    "notify",
    "open_rounds",
    "pause",
    "stop_mail",
    "unfollow",
    "write_letters",
]
