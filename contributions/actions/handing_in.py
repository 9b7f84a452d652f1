"""What an author does with a whole text: hand it in, or take it away."""

import datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contributions.actions.checking import forget_marks, mark_text
from contributions.actions.closing import close_as_gone
from contributions.actions.hearing import take_away
from contributions.actions.moving import locked_row, move, publish_row
from contributions.actions.naming import show_names
from contributions.actions.queueing import drop_revision, leave_queue, queue
from contributions.actions.refusals import (
    AddressNotConfirmed,
    AgeUnknown,
    NotAllowed,
    NotPossibleNow,
)
from contributions.actions.taking_part import check_may_write
from contributions.kinds import kind_of
from contributions.models import (
    AuthorAct,
    Contribution,
    Decision,
    Dossier,
    SpokenText,
    Status,
)
from contributions.review import Reason, reasons_to_review
from contributions.search.documents import forget_document

Outcome = Decision.Outcome
Review = Dossier.Review
C = TypeVar("C", bound=Contribution)


def submit(*, contribution: C, by: User, now: datetime.datetime | None = None) -> C:
    """Hand in a draft, or a returned or withdrawn text; publish it at once where that is allowed.

    Raises:
        NotAllowed: it is someone else's.
        MeasureHolds: the person may not write now.
        AddressNotConfirmed: the person has no confirmed e-mail address.
        AgeUnknown: the person's age group is not known, or has not been confirmed for a year.
        NotPossibleNow: its status does not allow it.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = locked_row(contribution)
        if locked.author_id != by.pk:
            raise NotAllowed
        check_may_write(by, now)
        if not by.is_confirmed:
            raise AddressNotConfirmed
        kind = kind_of(locked)
        if kind.reviewed and by.needs_age(now):
            raise AgeUnknown
        reasons = (
            reasons_to_review(author=by, area=locked.area, language=locked.language, now=now)
            if kind.reviewed and locked.area is not None
            else []
        )
        put_in(locked, act=AuthorAct.Act.HANDED_IN, by=by, reasons=reasons, now=now)
        if kind.reviewed:
            # From the first contribution on, others read the names too.
            show_names(person=by, area=locked.area, language=locked.language, now=now)
        return locked


def put_in(
    locked: Contribution,
    *,
    act: AuthorAct.Act,
    by: User | None,
    reasons: list[Reason],
    now: datetime.datetime,
) -> None:
    """Bring a locked text before a moderator, or on the site at once where nothing is against it.

    Args:
        by: who does it; None for whoever holds the slip of what they told.
        reasons: why it waits, beside what its checks find and how it came back.

    Raises:
        NotPossibleNow: its status does not allow it.
    """
    kind = kind_of(locked)
    before = move(locked, Status.SUBMITTED)
    if locked.area is None:
        raise NotPossibleNow
    locked.submitted_at = now
    locked.changed_at = now
    locked.save()
    note(locked, act, by=by, now=now)
    dossier = locked.dossier
    dossier.area = locked.area
    dossier.language = locked.language
    reasons = list(reasons)
    if kind.reviewed and before in (Status.RETURNED, Status.WITHDRAWN):
        # It may have become another text in the meantime, with the supports of the first.
        reasons.append(Reason.CAME_BACK)
    if kind.reviewed:
        reasons += mark_text(locked, now=now)
    if reasons:
        dossier.review_reasons = [str(reason) for reason in reasons]
        queue(dossier, Review.BEFORE, now=now, working_days=locked.area.review_working_days)
    else:
        publish_row(locked, Outcome.PUBLISHED, by=None, now=now)
        if kind.reviewed:
            queue(dossier, Review.AFTER, now=now, working_days=locked.area.review_working_days)
        else:
            dossier.save()


def withdraw(*, contribution: C, by: User, now: datetime.datetime | None = None) -> C:
    """Take one's own text off the site; it can be handed in again later."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = locked_row(contribution)
        if locked.author_id != by.pk:
            raise NotAllowed
        take_off(locked, by=by, now=now)
        return locked


def take_off(locked: Contribution, *, by: User | None, now: datetime.datetime) -> None:
    """Take a locked text off the site, and out of the queue.

    Args:
        by: who does it; None for whoever holds the slip of what they told.

    Raises:
        NotPossibleNow: its status does not allow it.
    """
    before = move(locked, Status.WITHDRAWN)
    if before == Status.PUBLISHED:
        kind_of(locked).on_unpublished(locked)
        forget_document(locked)
    locked.save()
    note(locked, AuthorAct.Act.WITHDRAWN, by=by, now=now)
    drop_revision(locked.dossier, now)
    forget_marks(locked.dossier)
    close_as_gone(locked.dossier, now=now)
    take_away(SpokenText.objects.waiting().filter(dossier=locked.dossier), now=now)
    leave_queue(locked.dossier)


def note(
    contribution: Contribution, act: AuthorAct.Act, *, by: User | None, now: datetime.datetime
) -> None:
    """Put an author's act on the record, beside what moderators decide."""
    AuthorAct.objects.create(dossier=contribution.dossier, act=act, by=by, done_at=now)
