"""Milestones: what is promised after an answer, and what becomes of it."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from contributions.actions import NotPossibleNow, Refused, keep_why_hard
from contributions.deadlines import today
from ideas.actions.answering import NothingChanged
from ideas.actions.office import (
    ReasonMissing,
    begin,
    check_is_to_come,
    check_work_is_promised,
    lock_for_office,
    note,
)
from ideas.models import Initiative, Milestone, MilestoneState, OfficeAct
from ideas.models.following import OPEN_STATES
from ideas.notices import tell_around
from ideas.permissions import can_work_on

#: More than this nobody reads; the work then wants a plan of its own.
MAX_MILESTONES = 20

#: What may become of a milestone. Back from its end it comes with a reason.
MILESTONE_STATES: dict[MilestoneState, frozenset[MilestoneState]] = {
    MilestoneState.PLANNED: frozenset(
        {MilestoneState.UNDER_WAY, MilestoneState.DONE, MilestoneState.DROPPED}
    ),
    MilestoneState.UNDER_WAY: frozenset({MilestoneState.DONE, MilestoneState.DROPPED}),
    MilestoneState.DONE: frozenset({MilestoneState.UNDER_WAY}),
    MilestoneState.DROPPED: frozenset({MilestoneState.PLANNED}),
}


class TooManyMilestones(Refused):
    message = _("This idea has twenty milestones: that is the most.")


@on_the_record
def plan_milestone(
    *,
    initiative: Initiative,
    by: User,
    title: str,
    planned_date: datetime.date,
    language: str,
    why_hard: str = "",
    now: datetime.datetime | None = None,
) -> Milestone:
    """Promise a step of the work before the end of a day; everybody sees it at once.

    Args:
        why_hard: why the text is hard to read, where it is; kept for colleagues.

    Raises:
        HardWithoutReason: the text is hard to read, and nobody says why.
        NotAllowed: the person has no grant of the programme office here, or wrote the idea.
        NotPossibleNow: it is not answered, done, or off the site.
        NoWorkPromised: the answer says no, or later.
        DayIsOver: the day lies behind us.
        TooManyMilestones: there are twenty.
    """
    now = now or timezone.now()
    check_is_to_come(planned_date, now)
    with transaction.atomic():
        locked = lock_for_office(initiative, by=by, may=can_work_on)
        check_work_is_promised(locked)
        if Milestone.objects.filter(initiative=locked).count() >= MAX_MILESTONES:
            raise TooManyMilestones
        milestone = Milestone.objects.create(
            initiative=locked,
            title=title,
            language=language,
            planned_date=planned_date,
            created_at=now,
        )
        keep_why_hard(
            dossier=locked.dossier,
            act="ideas.plan_milestone",
            parts=(title,),
            language=language,
            why=why_hard,
            by=by,
            now=now,
        )
        act = note(
            locked,
            OfficeAct.Kind.PLANNED,
            by=by,
            now=now,
            milestone=milestone,
            to_state=milestone.state,
            to_date=planned_date,
        )
        tell_around("work_step", act.pk, locked, by=by, now=now)
        return milestone


@on_the_record
def change_milestone(
    *,
    milestone: Milestone,
    by: User,
    state: str,
    planned_date: datetime.date,
    reason: str = "",
    language: str = "",
    seen: int | None = None,
    why_hard: str = "",
    now: datetime.datetime | None = None,
) -> Milestone:
    """Say how far a milestone is, or move its date; work that begins brings the initiative along.

    Args:
        why_hard: why the text is hard to read, where it is; kept for colleagues.
        reason: why, for everybody to read; needed where a promise is not kept as it was given.
        seen: the ``version`` that was read, to leave another's change as it is.

    Raises:
        HardWithoutReason: the text is hard to read, and nobody says why.
        NotAllowed: the person has no grant of the programme office here, or wrote the idea.
        NotPossibleNow: somebody was just before, or the state does not follow from where it stands.
        NothingChanged: neither the state nor the date is another.
        ReasonMissing: the date moves, it is dropped or it comes back, and nobody says why.
        DayIsOver: the new date lies behind us.
    """
    now = now or timezone.now()
    with transaction.atomic():
        initiative = lock_for_office(milestone.initiative, by=by, may=can_work_on)
        if state in OPEN_STATES or state == MilestoneState.DONE:
            # Also of one that was closed when the answer became another.
            check_work_is_promised(initiative)
        locked = Milestone.objects.select_for_update(no_key=True).get(pk=milestone.pk)
        if seen is not None and seen != locked.version:
            raise NotPossibleNow
        before = Milestone(state=locked.state, planned_date=locked.planned_date)
        _check_change(before, state, planned_date, reason, now)
        locked.state, locked.planned_date = state, planned_date
        locked.done_date = today(now) if state == MilestoneState.DONE else None
        locked.version += 1
        locked.save(update_fields=["state", "planned_date", "done_date", "version"])
        keep_why_hard(
            dossier=initiative.dossier,
            act="ideas.change_milestone",
            parts=(reason,),
            language=language,
            why=why_hard,
            by=by,
            now=now,
        )
        act = _note_change(
            initiative, locked, before, by=by, now=now, reason=reason, language=language
        )
        tell_around("work_step", act.pk, initiative, by=by, now=now)
        if state in (MilestoneState.UNDER_WAY, MilestoneState.DONE):
            begin(initiative, by=by, now=now)
        return locked


def _check_change(
    before: Milestone,
    state: str,
    planned_date: datetime.date,
    reason: str,
    now: datetime.datetime,
) -> None:
    is_moved = planned_date != before.planned_date
    if state == before.state and not is_moved:
        raise NothingChanged
    if state != before.state and state not in MILESTONE_STATES[MilestoneState(before.state)]:
        raise NotPossibleNow
    comes_back = not before.is_open and state in OPEN_STATES
    if is_moved and state not in OPEN_STATES:
        # What is done or dropped keeps the date that was promised.
        raise NotPossibleNow
    if is_moved or comes_back:
        check_is_to_come(planned_date, now)
    if (is_moved or comes_back or state == MilestoneState.DROPPED) and not reason:
        raise ReasonMissing


def _note_change(
    initiative: Initiative,
    milestone: Milestone,
    before: Milestone,
    *,
    by: User,
    now: datetime.datetime,
    reason: str,
    language: str,
) -> OfficeAct:
    told = {"milestone": milestone, "text": reason, "language": language if reason else ""}
    dates = {"from_date": before.planned_date, "to_date": milestone.planned_date}
    states = {"from_state": before.state, "to_state": milestone.state}
    kind = OfficeAct.Kind.MOVED if milestone.state == before.state else OfficeAct.Kind.STATE
    return note(initiative, kind, by=by, now=now, **told, **dates, **states)
