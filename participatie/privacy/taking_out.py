"""Asking for a take-out of one's own data; a worker makes it."""

import datetime
from functools import partial

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import Refused
from participatie.privacy.models import TakeOut
from participatie.tasks import make_take_out

#: So often somebody can ask for a take-out.
ONE_IN = datetime.timedelta(days=1)

log = structlog.get_logger(__name__)


class AlreadyAsked(Refused):
    message = _("We are making your file already.")


class OneADay(Refused):
    message = _("You can ask for your data once a day. Try again tomorrow.")


class LeftAlready(Refused):
    message = _("This account is being emptied.")


def may_ask_again(newest: TakeOut | None, now: datetime.datetime) -> bool:
    """Say whether somebody whose newest take-out this is may ask for another one."""
    if newest is None or newest.state == TakeOut.State.FAILED:
        return True
    return not newest.is_under_way and newest.asked_at <= now - ONE_IN


def ask_take_out(*, person: User, language: str, now: datetime.datetime | None = None) -> TakeOut:
    """Ask for a take-out of one's own data; a worker makes it.

    The person's row is locked, so that of many who ask at once one is answered.

    Raises:
        AlreadyAsked: one is being made.
        OneADay: one was made within a day.
        LeftAlready: the person left.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        now = now or timezone.now()
        if locked.left_at is not None:
            raise LeftAlready
        own = TakeOut.objects.filter(person=locked)
        if own.under_way().exists():
            raise AlreadyAsked
        if own.exclude(state=TakeOut.State.FAILED).filter(asked_at__gt=now - ONE_IN).exists():
            raise OneADay
        made = TakeOut.objects.create(
            person=locked, language=language, asked_at=now, touched_at=now
        )
        transaction.on_commit(partial(make_take_out.delay, made.pk), robust=True)
    log.info("take_out_asked", take_out=made.pk)
    return made
