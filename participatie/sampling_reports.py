"""Sample reports: neighbours who think that something should not stand there."""

import datetime
from collections.abc import Mapping

from accounts.models import User
from contributions import actions as review
from contributions.models import Contribution, Dossier, Report
from ideas.models import Comment, Initiative


def load(
    *,
    initiatives: Mapping[str, Initiative],
    people: list[User],
    moderator: User,
    now: datetime.datetime,
) -> None:
    """Let an idea and a comment be reported, and a moderator keep another comment."""
    on_the_site = [one for one in initiatives.values() if one.is_published]
    comments = list(
        Comment.objects.published().filter(initiative__in=on_the_site).order_by("-pk")[:2]
    )
    idea = on_the_site[-1]
    hours = datetime.timedelta(hours=1)
    _report(idea, None, "untrue", "Dit klopt niet helemaal, denk ik.", "nl", now - 5 * hours)
    _report(idea, people[0], "other", "Ktoś musi to sprawdzić.", "pl", now - 4 * hours)
    if len(comments) == 2:
        _report(comments[0], people[1], "threat", "Zo praat je niet.", "nl", now - 3 * hours)
        kept = comments[1]
        _report(kept, None, "spam", "Dit lijkt reclame.", "nl", now - 30 * hours)
        review.keep(
            dossier=Dossier.objects.get(pk=kept.dossier_id), by=moderator, now=now - 2 * hours
        )


def _report(
    thing: Contribution,
    by: User | None,
    category: str,
    words: str,
    language: str,
    now: datetime.datetime,
) -> Report:
    made, _new = review.report(
        contribution=thing,
        picture=None,
        by=by,
        key=review.key_of_reporter(by, "a browser of the sample"),
        category=category,
        words=words,
        email="",
        language=language,
        now=now,
    )
    return made
