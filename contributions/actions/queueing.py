"""How a dossier comes to wait for a moderator, and stops waiting."""

import datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from contributions.actions.hearing import first_waiting
from contributions.deadlines import today, working_days_later
from contributions.models import (
    Contribution,
    Decision,
    Dossier,
    Mark,
    Report,
    Revision,
)
from contributions.review import Reason

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
    """Let a dossier wait no longer, unless no decision answered yet what else came in.

    That is what somebody reported, or a recording that nobody listened to.
    """
    dossier.review = Review.NONE
    dossier.review_reasons = []
    dossier.waiting_since = None
    dossier.promised_date = None
    dossier.is_urgent = False
    dossier.passed_to = None
    dossier.passed_to_office = False
    let_go(dossier)
    reported = Report.objects.open().filter(dossier=dossier).order_by("created_at").first()
    if reported is not None and dossier.area is not None:
        queue(
            dossier,
            Review.REPORTED,
            now=reported.created_at,
            working_days=dossier.area.review_working_days,
        )
    elif dossier.area is not None and (spoken := first_waiting(dossier)) is not None:
        dossier.review_reasons = [str(Reason.RECORDING)]
        queue(
            dossier,
            Review.AFTER,
            now=spoken.made_at,
            working_days=dossier.area.review_working_days,
        )
    else:
        dossier.save()


def let_go(dossier: Dossier) -> None:
    """End a claim on a locked dossier, without saving it."""
    dossier.claimed_by = None
    dossier.claimed_until = None


def wait_as(dossier: Dossier, waited: dict[str, Any] | None) -> None:
    """Let a dossier wait as it did before a decision (``moving.waited_as``): in its old place."""
    leave_queue(dossier)
    if waited is None:
        return
    dossier.review = waited["review"]
    dossier.review_reasons = waited["review_reasons"]
    dossier.waiting_since = parse_datetime(waited["waiting_since"])
    dossier.promised_date = parse_date(waited["promised_date"])
    dossier.is_urgent = waited["is_urgent"]
    dossier.passed_to_id = waited.get("passed_to")
    dossier.passed_to_office = waited.get("passed_to_office", False)
    dossier.save()


def drop_revision(dossier: Dossier, now: datetime.datetime) -> None:
    """Let the change that waits be overtaken, and what checks found in it be forgotten."""
    Mark.objects.filter(dossier=dossier, revision__state=Revision.State.WAITING).delete()
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
        let_go(dossier)
        dossier.save(update_fields=["review", "claimed_by", "claimed_until"])


def was_read(dossier: Dossier) -> bool:
    """Say whether a person ever decided that the published text may stand, and did not undo it."""
    return Decision.objects.filter(
        dossier=dossier,
        automatic=False,
        undone_by__isnull=True,
        outcome__in=[
            Outcome.PUBLISHED,
            Outcome.KEPT,
            Outcome.RESTORED,
            Outcome.WARNED,
            Outcome.REVISION_ACCEPTED,
        ],
    ).exists()
