"""Giving support, and taking it back while others can give theirs."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import AddressNotConfirmed, NotPossibleNow, Refused
from contributions.deadlines import today
from contributions.models import Channel
from ideas.models import Comment, Initiative, Progress, Support


class ClosedForSupport(Refused):
    message = _("You can't support this any more: the time for it is over.")


class NotFound(Refused):
    message = _("We can't find this. Perhaps it was taken away.")


def give_support(
    *,
    initiative_pk: int,
    person: User,
    channel: str = Channel.WEB,
    now: datetime.datetime | None = None,
) -> None:
    """Add a person's support, once; crossing the threshold starts the public answer clock.

    The initiative's row is locked until the end, so that the counter counts what stands there and
    exactly one support crosses. Giving it twice is not an error.

    Raises:
        NotFound: the person may not see this initiative.
        AddressNotConfirmed: the account's e-mail address is not confirmed.
        ClosedForSupport: it is answered, expired or past its last day.
    """
    now = now or timezone.now()
    given = Support(initiative_id=initiative_pk, person=person, channel=channel, created_at=now)
    try:
        with transaction.atomic():
            # Nearly every support does not cross: one statement locks, checks and counts it.
            if not (person.has_confirmed_address and _counted_at_once(initiative_pk, now)):
                _count(_lock_visible(initiative_pk, person), person, now)
            given.save(force_insert=True)
    except IntegrityError:
        # It stood there already; what was counted is undone. Anything else is no such thing.
        if not Support.objects.filter(initiative_id=initiative_pk, person=person).exists():
            raise


def _counted_at_once(initiative_pk: int, now: datetime.datetime) -> bool:
    """Count a support that everybody may give and that does not cross; say whether it was one."""
    gathering = Initiative.objects.visible_to(AnonymousUser()).filter(
        pk=initiative_pk,
        progress=Progress.OPEN,
        closes_on__gte=today(now),
        support_missing__gt=1,
    )
    return gathering.update(support_count=F("support_count") + 1) == 1


def _count(initiative: Initiative, person: User, now: datetime.datetime) -> None:
    """Count a support for a locked initiative, which may cross by it."""
    if not person.has_confirmed_address:
        raise AddressNotConfirmed
    if not initiative.is_open_at(now):
        raise ClosedForSupport
    initiative.support_count += 1
    if initiative.support_count >= initiative.threshold and initiative.crossed_at is None:
        _cross(initiative, now)
    initiative.save(update_fields=["support_count", "progress", "crossed_at", "answer_due_date"])


def _cross(initiative: Initiative, now: datetime.datetime) -> None:
    """Start the answer clock: it runs once, whatever happens to the supports afterwards."""
    if initiative.area is None:
        raise NotPossibleNow
    weeks = datetime.timedelta(weeks=initiative.area.answer_weeks)
    initiative.progress = Progress.IN_CONSIDERATION
    initiative.crossed_at = now
    initiative.answer_due_date = today(now) + weeks


def take_back_support(
    *, initiative_pk: int, person: User, now: datetime.datetime | None = None
) -> Initiative:
    """Take one's support back, as long as others can give theirs; a crossing stays.

    Raises:
        NotFound: the person may not see this initiative.
        ClosedForSupport: it is answered, expired or past its last day.
    """
    now = now or timezone.now()
    with transaction.atomic():
        initiative = _lock_visible(initiative_pk, person)
        if not initiative.is_open_at(now):
            raise ClosedForSupport
        taken, _rows = Support.objects.filter(initiative=initiative, person=person).delete()
        if taken:
            initiative.support_count -= taken
            initiative.save(update_fields=["support_count"])
        return initiative


def _lock_visible(initiative_pk: int, person: User) -> Initiative:
    initiative = Initiative.objects.visible_to(person).locked().filter(pk=initiative_pk).first()
    if initiative is None:
        raise NotFound
    return initiative


def recount(*, initiative_pk: int) -> bool:
    """Set an initiative's counters to what stands in the tables; return whether they differed."""
    with transaction.atomic():
        initiative = Initiative.objects.locked().get(pk=initiative_pk)
        supports = Support.objects.filter(initiative=initiative).count()
        comments = Comment.objects.filter(initiative=initiative).published().count()
        if (initiative.support_count, initiative.comment_count) == (supports, comments):
            return False
        initiative.support_count = supports
        initiative.comment_count = comments
        initiative.save(update_fields=["support_count", "comment_count"])
        return True
