"""Decisions that their authors do not agree with, and an account that is paused for a week."""

import datetime

from accounts.models import User
from contributions import actions as review
from contributions.models import Decision, HouseRule, Status
from ideas.models import Initiative


def load(
    *, initiatives: dict[str, Initiative], moderator: User, second: User, now: datetime.datetime
) -> None:
    """Let one author wait for another look, and one be warned, paused and heard.

    Nobody but the first moderator reads the neighbourhood of what was hidden: the office sees that
    it waits for somebody.
    """
    hidden = next(
        one
        for one in Initiative.objects.filter(pk__in=[i.pk for i in initiatives.values()])
        if one.status == Status.HIDDEN and one.author_id
    )
    decision = Decision.objects.filter(dossier=hidden.dossier_id).last()
    assert decision is not None
    assert hidden.author is not None
    review.appeal(
        about=decision,
        by=hidden.author,
        words=(
            "Ik noem nergens een naam of een adres. Iedereen in de straat weet wat er gebeurt en "
            "niemand doet iets. Kijk er alsjeblieft nog eens naar."
        ),
        now=decision.decided_at + datetime.timedelta(days=3),
    )
    rule = HouseRule.objects.in_force(now).order_by("order", "code").first()
    text = (
        Initiative.objects.published()
        .filter(area__in=_reached_by(second), language="nl", author__grants__isnull=True)
        .exclude(author=None)
        .exclude(dossier__review="revision")
        .order_by("pk")
        .first()
    )
    if rule is None or text is None or text.author is None:
        raise ValueError("The sample has no text of which the author can be warned")
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
        pk for pk, area in areas.items() if fresh.has_role("moderator", area=area, language="nl")
    ]
