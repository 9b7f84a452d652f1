"""Votes for tests, opened and brought to an end by the same actions as the pages."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import User
from jongerenraad.actions.votes import cast_vote, close_vote, open_vote
from jongerenraad.models import Council, Matter, Membership, Office
from tests import councils

A_WEEK = datetime.timedelta(days=7)


def opened(of: Council, **changes: Any) -> Matter:
    """Return a vote that the chair opened, an open one about something general."""
    now = changes.pop("now", None) or timezone.now()
    told = {
        "council": of,
        "kind": "general",
        "question": "Do we meet on Wednesdays?",
        "text": "",
        "language": "en",
        "closes_at": now + A_WEEK,
        "by": changes.pop("by", None) or councils.holder(of),
        "aside": {},
        "now": now,
        **changes,
    }
    return open_vote(**told)


def membership(of: Council, office: str = Office.CHAIR) -> Membership:
    return Membership.objects.get(term__council=of, office=office, ends_at=None)


def vote(matter: Matter, people: Iterable[User], choice: str = "agree", **told: Any) -> None:
    for person in people:
        cast_vote(matter=matter, by=person, choice=choice, **told)


def closed(matter: Matter, **choices: int) -> Matter:
    """Let so many vote each choice (agree=3, …), and count."""
    people = iter(councils.electorate(matter.council))
    for choice, number in choices.items():
        vote(matter, [next(people) for _one in range(number)], choice)
    return close_vote(matter=matter, now=matter.closes_at)
