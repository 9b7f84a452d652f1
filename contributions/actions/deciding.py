"""What a moderator decides about a text."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contributions.actions.claiming import leave_to_reader
from contributions.actions.moving import locked_row, move, publish_row, record
from contributions.actions.queueing import drop_revision, leave_queue
from contributions.actions.refusals import NotAllowed, NotPossibleNow, ReasonMissing, TextChanged
from contributions.kinds import contribution_of, kind_of
from contributions.models import (
    Contribution,
    Decision,
    Dossier,
    HouseRule,
    Revision,
    Status,
)
from contributions.review import can_review
from contributions.search.documents import forget_document

Outcome = Decision.Outcome
Review = Dossier.Review


def row_for_review(
    dossier: Dossier, by: User, seen: str | None, now: datetime.datetime
) -> Contribution:
    """Lock a text that somebody decides about; what a colleague is reading is left to them."""
    locked = locked_row(contribution_of(dossier))
    if not can_review(by, locked):
        raise NotAllowed
    leave_to_reader(locked.dossier, by, now)
    if seen is not None and seen != version_of(locked):
        same_state = seen.split()[:2] == version_of(locked).split()[:2]
        raise TextChanged if same_state else NotPossibleNow
    return locked


def version_of(contribution: Contribution) -> str:
    """Return what tells one reading of a contribution from another: a decision names the one read.

    It changes with the status, with what is to be reviewed, with the text and with a waiting
    revision.
    """
    changed = contribution.changed_at.isoformat()
    review = contribution.dossier.review
    revision = (
        Revision.objects.filter(dossier=contribution.dossier_id, state=Revision.State.WAITING)
        .values_list("created_at", flat=True)
        .first()
        if review == Review.REVISION
        else None
    )
    return f"{contribution.status} {review} {changed} {revision.isoformat() if revision else '-'}"


def publish(
    *, dossier: Dossier, by: User, seen: str | None = None, now: datetime.datetime | None = None
) -> Decision:
    """Let a submitted text stand, as a moderator.

    Args:
        seen: the ``version_of`` the text that was read, to refuse a decision about another one.

    Raises:
        NotAllowed: the moderator is not granted this area and language, or wrote it.
        NotPossibleNow, TextChanged: it was decided or changed in between.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        if locked.status != Status.SUBMITTED:
            raise NotPossibleNow
        decision = publish_row(locked, Outcome.PUBLISHED, by=by, now=now)
        leave_queue(locked.dossier)
        return decision


def keep(
    *, dossier: Dossier, by: User, seen: str | None = None, now: datetime.datetime | None = None
) -> Decision:
    """Say that a text that was published at once may stay, as a moderator who has read it."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        if locked.status != Status.PUBLISHED or locked.dossier.review != Review.AFTER:
            raise NotPossibleNow
        decision = record(locked, Outcome.KEPT, locked.status, by=by, now=now)
        leave_queue(locked.dossier)
        return decision


def send_back(
    *,
    dossier: Dossier,
    by: User,
    reason: str,
    rule: HouseRule | None = None,
    facts: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Return a submitted text to its author, with what to change."""
    now = now or timezone.now()
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        before = move(locked, Status.RETURNED)
        locked.save()
        decision = record(
            locked, Outcome.RETURNED, before, by=by, now=now, rule=rule, reason=reason, facts=facts
        )
        leave_queue(locked.dossier)
        return decision


def reject(
    *,
    dossier: Dossier,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Refuse a submitted text, under a house rule and with a reason."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        before = move(locked, Status.REJECTED)
        locked.save()
        decision = record(
            locked, Outcome.REJECTED, before, by=by, now=now, rule=rule, reason=reason, facts=facts
        )
        leave_queue(locked.dossier)
        return decision


def hide(
    *,
    dossier: Dossier,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Take a published text off the site, under a house rule and with a reason."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        before = move(locked, Status.HIDDEN)
        decision = record(
            locked, Outcome.HIDDEN, before, by=by, now=now, rule=rule, reason=reason, facts=facts
        )
        kind_of(locked).on_unpublished(locked)
        locked.save()
        forget_document(locked)
        drop_revision(locked.dossier, now)
        leave_queue(locked.dossier)
        return decision


def restore(
    *,
    dossier: Dossier,
    by: User,
    reason: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Show a hidden text again."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        if locked.status != Status.HIDDEN:
            raise NotPossibleNow
        decision = publish_row(locked, Outcome.RESTORED, by=by, now=now)
        leave_queue(locked.dossier)
        return decision
