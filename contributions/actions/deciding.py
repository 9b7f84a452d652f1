"""What a moderator decides about a text."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contributions.actions.moving import locked_row, move, publish_row, record
from contributions.actions.queueing import drop_revision, leave_queue
from contributions.actions.refusals import NotAllowed, NotPossibleNow, ReasonMissing, TextChanged
from contributions.kinds import contribution_of, kind_of
from contributions.models import (
    Contribution,
    Decision,
    Dossier,
    HouseRule,
    Picture,
    Revision,
    Status,
)
from contributions.review import can_review
from contributions.search.documents import forget_document

Outcome = Decision.Outcome
Review = Dossier.Review


def row_for_review(dossier: Dossier, by: User, seen: str | None) -> Contribution:
    locked = locked_row(contribution_of(dossier))
    if not can_review(by, locked):
        raise NotAllowed
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
        locked = row_for_review(dossier, by, seen)
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
        locked = row_for_review(dossier, by, seen)
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
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Return a submitted text to its author, with what to change."""
    now = now or timezone.now()
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen)
        before = move(locked, Status.RETURNED)
        locked.save()
        decision = record(
            locked,
            Outcome.RETURNED,
            before,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
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
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Refuse a submitted text, under a house rule and with a reason."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen)
        before = move(locked, Status.REJECTED)
        locked.save()
        decision = record(
            locked,
            Outcome.REJECTED,
            before,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
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
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Take a published text off the site, under a house rule and with a reason."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen)
        before = move(locked, Status.HIDDEN)
        decision = record(
            locked,
            Outcome.HIDDEN,
            before,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
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
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Show a hidden text again."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen)
        if locked.status != Status.HIDDEN:
            raise NotPossibleNow
        return publish_row(
            locked,
            Outcome.RESTORED,
            by=by,
            now=now,
            reason=reason,
            words_language=words_language,
        )


def warn(
    *,
    dossier: Dossier,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Warn the author of a published text, which may stay: it counts as read."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen)
        if locked.status != Status.PUBLISHED or locked.dossier.review == Review.REVISION:
            raise NotPossibleNow
        decision = record(
            locked,
            Outcome.WARNED,
            locked.status,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
        )
        leave_queue(locked.dossier)
        return decision


#: As long as a text stands so, its pictures can be hidden and shown again one by one.
PICTURES_JUDGED_IN = frozenset({Status.SUBMITTED, Status.PUBLISHED, Status.HIDDEN})


def hide_picture(
    *,
    dossier: Dossier,
    picture: Picture,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Take one picture off the site; its text stays as it is, and goes on waiting if it did."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen)
        found = _locked_picture(locked, picture, is_hidden=False)
        found.hidden_at = now
        found.save(update_fields=["hidden_at"])
        return record(
            locked,
            Outcome.PICTURE_HIDDEN,
            locked.status,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
            picture=found,
        )


def show_picture(
    *,
    dossier: Dossier,
    picture: Picture,
    by: User,
    reason: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Show a hidden picture again."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen)
        found = _locked_picture(locked, picture, is_hidden=True)
        return show_picture_row(
            locked, found, by=by, now=now, reason=reason, words_language=words_language
        )


def show_picture_row(
    locked: Contribution,
    picture: Picture,
    *,
    by: User,
    now: datetime.datetime,
    reason: str,
    words_language: str,
) -> Decision:
    """Show a hidden picture of a locked text again, and put that on the record."""
    picture.hidden_at = None
    picture.save(update_fields=["hidden_at"])
    return record(
        locked,
        Outcome.PICTURE_RESTORED,
        locked.status,
        by=by,
        now=now,
        reason=reason,
        words_language=words_language,
        picture=picture,
    )


def _locked_picture(locked: Contribution, picture: Picture, *, is_hidden: bool) -> Picture:
    """Return a picture of a locked text as it is by now, if it can still be decided about."""
    found = Picture.objects.filter(
        pk=picture.pk, dossier=locked.dossier, removed_at__isnull=True
    ).first()
    if (
        found is None
        or (found.hidden_at is not None) != is_hidden
        or locked.status not in PICTURES_JUDGED_IN
    ):
        raise NotPossibleNow
    return found
