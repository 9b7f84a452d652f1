"""The pages about what people are told."""

from .following import follow, unfollow
from .inbox import inbox, open_one, read, read_all
from .preferences import preferences, preferences_by_mail
from .stopping import stop

__all__ = [
    "follow",
    "inbox",
    "open_one",
    "preferences",
    "preferences_by_mail",
    "read",
    "read_all",
    "stop",
    "unfollow",
]
