"""Giving support, and taking it back while others can give theirs."""

import datetime
from contextlib import nullcontext
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.sql import UpdateQuery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import AddressNotConfirmed, NotPossibleNow, Refused
from contributions.deadlines import today
from contributions.models import Channel
from ideas.models import Comment, Initiative, Progress, Support
from ideas.models.initiative import InitiativeQuerySet
from ideas.notices import tell_if_half, tell_leaders, tell_of_support


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
        # Nearly every support does not cross, and is neither the first nor the one at half.
        if not (person.is_confirmed and _given_at_once(given)):
            with transaction.atomic():
                _count(_lock_visible(initiative_pk, person), person, now)
                given.save(force_insert=True)
    except IntegrityError:
        # It stood there already; what was counted is undone. Anything else is no such thing.
        if not Support.objects.filter(initiative_id=initiative_pk, person=person).exists():
            raise


def _given_at_once(given: Support) -> bool:
    """Count and keep a support that everybody may give and that tells nobody anything.

    Return whether it was one. What checks it also locks the row.
    """
    if connection.vendor != "postgresql":
        with transaction.atomic():
            gathering = _gathering(given.initiative_id, today(given.created_at))
            if not gathering.update(support_count=F("support_count") + 1):
                return False
            given.save(force_insert=True)
            return True
    statement, values = _giving(today(given.created_at))
    # One statement is a transaction by itself; inside another one it is undone by itself.
    alone = transaction.atomic() if connection.in_atomic_block else nullcontext()
    with alone, connection.cursor() as cursor:
        cursor.execute(
            statement,
            [
                *(given.initiative_id if one == _INITIATIVE else one for one in values),
                *(given.person_id, given.channel, given.created_at),
            ],
        )
        return bool(cursor.rowcount)


#: Stands where the number of an initiative goes.
_INITIATIVE = -1


def _gathering(initiative_pk: int, day: datetime.date) -> InitiativeQuerySet:
    """Return the initiative where everybody may give a support that tells nobody anything.

    It does not cross, and is neither the first nor the one at half (``notifying.reached``).
    """
    ordinary = Initiative.objects.visible_to(AnonymousUser()).filter(
        pk=initiative_pk,
        progress=Progress.OPEN,
        closes_on__gte=day,
        support_missing__gt=1,
        support_count__gt=0,
    )
    after_it = 2 * (F("support_count") + 1)
    return ordinary.exclude(threshold__gte=after_it - 1, threshold__lte=after_it)


@lru_cache(maxsize=2)
def _giving(day: datetime.date) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that counts and keeps a support given on a day, and its first values.

    Put together once: that takes several times as long as answering it.
    """
    query: Any = _gathering(_INITIATIVE, day).query.chain(UpdateQuery)
    query.add_update_values({"support_count": F("support_count") + 1})
    counting, values = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    statement = (
        f"WITH counted AS ({counting} RETURNING ideas_initiative.id) "  # noqa: S608  (no values)
        "INSERT INTO ideas_support (initiative_id, person_id, channel, created_at) "
        "SELECT counted.id, %s, %s, %s FROM counted"
    )
    return statement, values


def _count(initiative: Initiative, person: User, now: datetime.datetime) -> None:
    """Count a support for a locked initiative, which may cross by it."""
    if not person.is_confirmed:
        raise AddressNotConfirmed
    if not initiative.is_open_at(now):
        raise ClosedForSupport
    initiative.support_count += 1
    initiative.save(update_fields=["support_count", *_cross_if_enough(initiative, now)])
    tell_of_support(initiative, person, now)


def _cross_if_enough(initiative: Initiative, now: datetime.datetime) -> list[str]:
    """Let an initiative cross its threshold, once; return the fields that this changed."""
    enough = initiative.support_count >= initiative.threshold
    if not enough or initiative.crossed_at is not None or not initiative.is_open_at(now):
        return []
    _cross(initiative, now)
    return ["progress", "crossed_at", "answer_due_date"]


def _cross(initiative: Initiative, now: datetime.datetime) -> None:
    """Start the answer clock: it runs once, whatever happens to the supports afterwards."""
    if initiative.area is None:
        raise NotPossibleNow
    weeks = datetime.timedelta(weeks=initiative.area.answer_weeks)
    initiative.progress = Progress.IN_CONSIDERATION
    initiative.crossed_at = now
    initiative.answer_due_date = today(now) + weeks
    tell_leaders("support_enough", initiative.pk, initiative, by=None, now=now)


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
        # What was given to a double, and not counted a second time, goes as well.
        doubles = Initiative.objects.filter(merged_into=initiative_pk, supports__person=person)
        behind = list(doubles.values_list("pk", flat=True))
        if behind:
            _lock_in_order([initiative_pk, *behind])
        initiative = _lock_visible(initiative_pk, person)
        if not initiative.is_open_at(now):
            raise ClosedForSupport
        own = Support.objects.filter(person=person)
        taken, _rows = own.filter(initiative=initiative).delete()
        if taken:
            own.filter(initiative__in=behind).delete()
            Initiative.objects.filter(pk__in=behind).update(support_count=F("support_count") - 1)
            initiative.support_count -= taken
            initiative.save(update_fields=["support_count"])
        return initiative


def _lock_in_order(pks: list[int]) -> None:
    """Lock several initiatives by number, as ``merging`` does, so that none waits for another."""
    list(Initiative.objects.locked().filter(pk__in=pks).order_by("pk").values_list("pk"))


def _lock_visible(initiative_pk: int, person: User) -> Initiative:
    # Nobody supports a double, its author neither: the one that it was joined with goes on.
    seen = Initiative.objects.visible_to(person).filter(merged_into__isnull=True)
    initiative = seen.locked().filter(pk=initiative_pk).first()
    if initiative is None:
        raise NotFound
    return initiative


def recount(*, initiative_pk: int) -> bool:
    """Set an initiative's counters to what stands in the tables; return whether they differed."""
    with transaction.atomic():
        initiative = Initiative.objects.locked().get(pk=initiative_pk)
        before = (initiative.support_count, initiative.comment_count)
        initiative.support_count = Support.objects.filter(initiative=initiative).count()
        count_comments(initiative)
        if (initiative.support_count, initiative.comment_count) == before:
            return False
        initiative.save(update_fields=["support_count", "comment_count"])
        return True


def count_support(initiative: Initiative, now: datetime.datetime) -> list[str]:
    """Count the supports of a locked initiative, and let it cross; return the fields to save."""
    before = initiative.support_count
    initiative.support_count = Support.objects.filter(initiative=initiative).count()
    crossed = _cross_if_enough(initiative, now)
    tell_if_half(initiative, before, now)
    return ["support_count", *crossed]


def count_comments(initiative: Initiative) -> list[str]:
    """Count the published comments of a locked initiative; return the fields to save."""
    initiative.comment_count = Comment.objects.filter(initiative=initiative).published().count()
    return ["comment_count"]
