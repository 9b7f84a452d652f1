"""How a dossier comes to wait for a moderator, and stops waiting."""

import datetime

from contributions.deadlines import today, working_days_later
from contributions.models import (
    Contribution,
    Decision,
    Dossier,
    Revision,
)

Outcome = Decision.Outcome
Review = Dossier.Review


def queue(dossier: Dossier, review: str, *, now: datetime.datetime, working_days: int) -> None:
    """Let a dossier wait; one that waits already keeps its place, however often it is changed."""
    dossier.review = review
    if dossier.waiting_since is None:
        dossier.waiting_since = now
        dossier.promised_date = working_days_later(today(now), working_days)
    dossier.save()


def leave_queue(dossier: Dossier) -> None:
    dossier.review = Review.NONE
    dossier.review_reasons = []
    dossier.waiting_since = None
    dossier.promised_date = None
    dossier.save()


def drop_revision(dossier: Dossier, now: datetime.datetime) -> None:
    Revision.objects.filter(dossier=dossier, state=Revision.State.WAITING).update(
        state=Revision.State.DROPPED, closed_at=now
    )


def leave_queue_of_revision(contribution: Contribution, *, now: datetime.datetime) -> None:
    """Drop the change that waits for a locked text, whose author will not come back to it.

    A text that nobody read yet goes on waiting for that.
    """
    dossier = contribution.dossier
    drop_revision(dossier, now)
    if dossier.review != Review.REVISION:
        return
    if was_read(dossier):
        leave_queue(dossier)
    else:
        dossier.review = Review.AFTER
        dossier.save(update_fields=["review"])


def was_read(dossier: Dossier) -> bool:
    """Say whether a person ever decided that the published text may stand."""
    return Decision.objects.filter(
        dossier=dossier,
        automatic=False,
        outcome__in=[
            Outcome.PUBLISHED,
            Outcome.KEPT,
            Outcome.RESTORED,
            Outcome.WARNED,
            Outcome.REVISION_ACCEPTED,
        ],
    ).exists()
