"""Who does an idea of the sample together, and a conversation about help."""

import datetime
from typing import Any

from accounts.models import User
from ideas import actions
from ideas.models import HelpNotice, Initiative, Invitation


def load(
    *,
    rows: list[dict[str, Any]],
    initiatives: dict[str, Initiative],
    authors: list[User],
    now: datetime.datetime,
) -> None:
    """Let somebody join, and let somebody else offer help and be answered."""
    for row in rows:
        initiative = Initiative.objects.select_related("author").get(
            pk=initiatives[row["initiative"]].pk
        )
        if initiative.author is None:
            raise ValueError(f"{initiative} has no author")
        _join(initiative, initiative.author, authors[row["joined"]], now)
        _talk(initiative, initiative.author, authors[row["helper"]], row["messages"], now)
    # These were read long ago: nobody is to be written to now.
    Invitation.objects.filter(mailed_at__isnull=True).update(mailed_at=now)
    HelpNotice.objects.filter(mailed_at__isnull=True).update(mailed_at=now)


def _join(initiative: Initiative, author: User, joined: User, now: datetime.datetime) -> None:
    invitation = actions.invite(
        initiative=initiative, by=author, email=joined.email or "", language="nl", now=now
    )
    actions.accept_invitation(token=invitation.token, by=joined, now=now)


def _talk(
    initiative: Initiative,
    author: User,
    helper: User,
    messages: list[dict[str, Any]],
    now: datetime.datetime,
) -> None:
    first, *answers = messages
    offer = actions.offer_help(
        initiative=initiative, by=helper, now=_moment(first, now), **_words(first)
    )
    for told in answers:
        by = helper if told["from_helper"] else author
        actions.write_message(offer=offer, by=by, now=_moment(told, now), **_words(told))


def _moment(told: dict[str, Any], now: datetime.datetime) -> datetime.datetime:
    return now - datetime.timedelta(days=told["days_ago"])


def _words(told: dict[str, Any]) -> dict[str, str]:
    return {"text": told["text"], "language": told["language"]}
