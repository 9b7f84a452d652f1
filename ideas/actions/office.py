"""What all acts of the programme office have in common: how they begin, and the record."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import NotAllowed, NotPossibleNow, Refused
from contributions.deadlines import today
from ideas.actions.progressing import PROGRESS
from ideas.models import Initiative, OfficeAct, OfficialAnswer, Progress
from ideas.permissions import is_office_of


class DayIsOver(Refused):
    message = _("This day is over. Choose one that is still to come.")


class ReasonMissing(Refused):
    message = _("Tell the neighbourhood why.")


class NoWorkPromised(Refused):
    message = _("The answer does not say that we do this. Change the answer first.")


class MilestonesOpen(Refused):
    message = _("There are milestones still to come. Say first of each what becomes of it.")


def lock_for_office(
    initiative: Initiative, *, by: User, may: Callable[[User, Initiative], bool]
) -> Initiative:
    """Lock an initiative until the transaction ends, for who may do something with it.

    Args:
        may: the question of ``ideas.permissions`` that the act asks.

    Raises:
        NotAllowed: the person is not the programme office here, or wrote it.
        NotPossibleNow: it stands elsewhere by now.
    """
    locked = Initiative.objects.locked().select_related("area").filter(pk=initiative.pk).first()
    if locked is None:
        raise NotPossibleNow
    if not may(by, locked):
        is_gone = not locked.is_published or locked.merged_into_id is not None
        raise NotPossibleNow if is_gone or is_office_of(by, locked) else NotAllowed
    return locked


def check_work_is_promised(initiative: Initiative) -> None:
    """Raise ``NoWorkPromised`` where the answer is missing, off the site, or says no or later."""
    answer = OfficialAnswer.objects.published().filter(initiative=initiative).first()
    if answer is None or not answer.promises_work:
        raise NoWorkPromised


def check_is_to_come(date: datetime.date | None, now: datetime.datetime) -> None:
    """Raise ``DayIsOver`` for a promise that nobody could keep any more."""
    if date is not None and date < today(now):
        raise DayIsOver


def begin(initiative: Initiative, *, by: User, now: datetime.datetime) -> OfficeAct | None:
    """Let the work on a locked initiative begin, if it has not yet; return what says so."""
    if initiative.progress == Progress.IN_PROGRESS:
        return None
    move(initiative, Progress.IN_PROGRESS)
    return note(initiative, OfficeAct.Kind.BEGAN, by=by, now=now)


def move(initiative: Initiative, to: Progress) -> None:
    """Bring a locked initiative further.

    Raises:
        NotPossibleNow: it does not follow from where it stands.
    """
    if to not in PROGRESS[Progress(initiative.progress)]:
        raise NotPossibleNow
    initiative.progress = to
    initiative.save(update_fields=["progress"])


def note(
    initiative: Initiative, kind: str, *, by: User | None, now: datetime.datetime, **fields: Any
) -> OfficeAct:
    """Put an act on the record, in the transaction that does it."""
    return OfficeAct.objects.create(initiative=initiative, kind=kind, by=by, at=now, **fields)
