"""What follows when an account moves to another address: the app that keeps it declares it once."""

import datetime
from collections.abc import Callable

from .models import User

_followers: dict[str, Callable[[User, datetime.datetime], None]] = {}


def register(name: str, moves: Callable[[User, datetime.datetime], None]) -> None:
    """Declare it; called once at start-up, in the app's ``ready``.

    It is called in the transaction of the move, before the person's row is locked: who chooses
    something locks that row after their own too.
    """
    _followers[name] = moves


def tell(person: User, now: datetime.datetime) -> None:
    """Tell that a person moves to another address; it is undone where that fails."""
    for moves in _followers.values():
        moves(person, now)
