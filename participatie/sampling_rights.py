"""Decisions that their authors do not agree with, and an account that is paused for a week."""

import datetime

from accounts.models import Role, User
from contributions import actions as review
from contributions.models import Decision, HouseRule, Status
from ideas.models import Initiative


def load(*, moderator: User, second: User, now: datetime.datetime) -> None:
    """Let one author wait for another look, and one be warned, paused and heard.

    Nobody but the first moderator reads the neighbourhood of what was hidden: the office sees that
    it waits for somebody.
    """
    _disagree(now)
    _pause(moderator, second, now)


def _disagree(now: datetime.datetime) -> None:
    hidden = (
        Initiative.objects.filter(status=Status.HIDDEN).exclude(author=None).order_by("pk").first()
    )
    decision = Decision.objects.filter(dossier=hidden.dossier_id).last() if hidden else None
    if hidden is None or hidden.author is None or decision is None:
        return
    review.appeal(
        about=decision,
        by=hidden.author,
        words=(
            "Ik noem nergens een naam of een adres. Iedereen in de straat weet wat er gebeurt en "
            "niemand doet iets. Kijk er alsjeblieft nog eens naar."
        ),
        now=min(decision.decided_at + datetime.timedelta(days=3), now),
    )


def _pause(moderator: User, second: User, now: datetime.datetime) -> None:
    rule = HouseRule.objects.filter(valid_until__isnull=True).order_by("order", "code").first()
    text = (
        Initiative.objects.published()
        .filter(area__in=_reached_by(second), language="nl", author__grants__isnull=True)
        .exclude(author=None)
        .exclude(dossier__review="revision")
        .order_by("pk")
        .first()
    )
    if rule is None or text is None or text.author is None:
        return
    when = now - datetime.timedelta(days=2)
    warning = review.warn(
        dossier=text.dossier,
        by=moderator,
        rule=rule,
        reason=(
            "Onder drie ideeën van anderen schreef je dat hun plan dom is. Je mag het oneens zijn. "
            "Zeg dan wat jij anders zou doen. Neem een paar dagen rust; daarna ben je weer welkom."
        ),
        facts="“Wat een dom plan”, drie keer",
        words_language="nl",
        now=when,
    )
    measure = review.pause(decision=warning, by=moderator, days=7, now=when)
    review.appeal(
        about=measure,
        by=text.author,
        words="Eén keer was ik boos, dat klopt. Een week vind ik te lang.",
        now=now - datetime.timedelta(days=1),
    )


def _reached_by(moderator: User) -> list[int]:
    """Return the neighbourhoods that a moderator reads in Dutch."""
    areas = {
        one.area.pk: one.area
        for one in Initiative.objects.published().select_related("area")
        if one.area is not None
    }
    fresh = User.objects.get(pk=moderator.pk)
    return [
        pk for pk, area in areas.items() if fresh.has_role(Role.MODERATOR, area=area, language="nl")
    ]
