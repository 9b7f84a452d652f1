"""Sample reports: neighbours who think that something should not stand there."""

import datetime
from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser

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
    known = [one.pk for one in initiatives.values()]
    on_the_site = Initiative.objects.visible_to(AnonymousUser()).filter(pk__in=known).order_by("pk")
    comments = list(
        Comment.objects.visible_to(AnonymousUser())
        .filter(
            initiative__in=on_the_site.order_by().values("pk"),
            published_at__lt=now - datetime.timedelta(days=2),
        )
        .order_by("-pk")[:2]
    )
    idea = on_the_site[0]
    hours = datetime.timedelta(hours=1)
    _report(idea, None, "untrue", "Dit klopt niet helemaal, denk ik.", "nl", now - 5 * hours)
    neighbour = next(one for one in people if not idea.is_of(one))
    _report(idea, neighbour, "other", "Ktoś musi to sprawdzić.", "pl", now - 4 * hours)
    if len(comments) == 2:
        reader = next(one for one in people if not comments[0].is_of(one))
        _report(comments[0], reader, "threat", "Zo praat je niet.", "nl", now - 3 * hours)
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
