"""What waits for a member: each app that has something to do for members declares it once."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jongerenraad.models import Membership


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a member.

    Args:
        title: what it is about.
        url: where it is done.
        action: what to do there, in a word or two ("Vote").
        detail: a sentence beside it.
        due: when it has to be done, or None.
        language: the language of the title, where a resident wrote it.
    """

    title: str
    url: str
    action: str
    detail: str = ""
    due: datetime.datetime | datetime.date | None = None
    language: str = ""


Source = Callable[[Membership, datetime.datetime], Iterable[Waiting]]

_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Declare what can wait for members; called once at start-up, in the app's ``ready``."""
    _sources[name] = source


def waiting_for(membership: Membership, now: datetime.datetime) -> list[Waiting]:
    """Return all that waits for a member, in the order in which the sources were declared."""
    return [one for source in _sources.values() for one in source(membership, now)]
