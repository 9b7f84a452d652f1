"""What follows when somebody shows other names: the app that reads names declares it once."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from .models import User


@dataclass(frozen=True)
class Follower:
    """What is done around a change of somebody's names, in the same transaction.

    Args:
        lock: locks what it keeps of a person, before the person's row is locked.
        changed: follows once the names, or the age that says whether they show, are stored.
    """

    lock: Callable[[User], None]
    changed: Callable[[User, datetime.datetime], None]


_followers: dict[str, Follower] = {}


def register(name: str, follower: Follower) -> None:
    """Declare it; called once at start-up, in the app's ``ready``."""
    _followers[name] = follower


def lock_around(person: User) -> None:
    """Lock what others keep of a person's names."""
    for follower in _followers.values():
        follower.lock(person)


def tell(person: User, now: datetime.datetime) -> None:
    """Tell that a person's names were stored."""
    for follower in _followers.values():
        follower.changed(person, now)
