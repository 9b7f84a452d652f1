"""The official answer: given once, and changed in the open."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from contributions.actions import NotPossibleNow, Refused, keep_why_hard, submit
from contributions.deadlines import today
from contributions.machine.asking import ask_at_once
from contributions.models import Dossier
from ideas.actions.office import (
    MilestonesOpen,
    check_is_to_come,
    lock_for_office,
    move,
    note,
)
from ideas.models import WORKED_ON, Initiative, Milestone, OfficeAct, OfficialAnswer, Progress
from ideas.notices import tell_around
from ideas.permissions import can_answer, can_work_on

LATER = OfficialAnswer.Outcome.LATER


class NewDateMissing(Refused):
    message = _("Say before the end of which day there is a new answer.")


class NothingChanged(Refused):
    message = _("You changed nothing.")


@on_the_record
def answer(
    *,
    initiative: Initiative,
    by: User,
    outcome: str,
    text: str,
    language: str,
    new_answer_date: datetime.date | None = None,
    why_hard: str = "",
    now: datetime.datetime | None = None,
) -> OfficialAnswer:
    """Give the official answer, published at once; supporting ends there.

    Args:
        why_hard: why the text is hard to read, where it is; kept for colleagues.
        new_answer_date: with "later": the last day for a new answer. The clock runs towards it.

    Raises:
        HardWithoutReason: the text is hard to read, and nobody says why.
        NotAllowed: the person has no grant of the programme office here, or wrote it.
        NotPossibleNow: it was answered or hidden in the meantime.
        NewDateMissing, DayIsOver: "later" without a day to come.
    """
    now = now or timezone.now()
    new_answer_date = _checked_date(outcome, new_answer_date, now)
    with transaction.atomic():
        locked = lock_for_office(initiative, by=by, may=can_answer)
        official = OfficialAnswer.objects.create(
            dossier=Dossier.objects.create(kind=OfficialAnswer.kind),
            initiative=locked,
            author=by,
            entered_by=by,
            language=language,
            area=locked.area,
            outcome=outcome,
            text=text,
            new_answer_date=new_answer_date,
            given_date=today(now),
        )
        official = submit(contribution=official, by=by, now=now)
        keep_why_hard(
            dossier=official.dossier,
            act="ideas.answer",
            parts=(text,),
            language=language,
            why=why_hard,
            by=by,
            now=now,
        )
        move(locked, Progress.ANSWERED)
        tell_around("answer", official.pk, locked, by=by, now=now)
        return official


@on_the_record
def change_answer(
    *,
    official: OfficialAnswer,
    by: User,
    outcome: str,
    text: str,
    language: str,
    new_answer_date: datetime.date | None = None,
    seen: str | None = None,
    why_hard: str = "",
    now: datetime.datetime | None = None,
) -> OfficialAnswer:
    """Put another answer in the place of one; the earlier words stay readable on the record.

    An answer that no longer promises work takes the initiative back from "being done".

    Args:
        why_hard: why the text is hard to read, where it is; kept for colleagues.
        seen: the ``version_of_answer`` that was read, to leave another's change as it is.

    Raises:
        HardWithoutReason: the text is hard to read, and nobody says why.
        NotAllowed: the person has no grant of the programme office here, or wrote the idea.
        NotPossibleNow: somebody changed it in the meantime, or the work is done.
        NothingChanged: it is the same answer.
        MilestonesOpen: it promises no work any more, and milestones are still to come.
        NewDateMissing, DayIsOver: "later" without a day to come.
    """
    now = now or timezone.now()
    new_answer_date = _checked_date(outcome, new_answer_date, now)
    with transaction.atomic():
        initiative = lock_for_office(official.initiative, by=by, may=can_work_on)
        locked = (
            OfficialAnswer.objects.published().locked_with_dossier().filter(pk=official.pk).first()
        )
        if locked is None or (seen is not None and seen != version_of_answer(locked)):
            raise NotPossibleNow
        told = (outcome, text, new_answer_date)
        if told == (locked.outcome, locked.text, locked.new_answer_date):
            raise NothingChanged
        if outcome not in WORKED_ON:
            if Milestone.objects.filter(initiative=initiative).still_open().exists():
                raise MilestonesOpen
            if initiative.progress == Progress.IN_PROGRESS:
                move(initiative, Progress.ANSWERED)
        note(
            initiative,
            OfficeAct.Kind.EARLIER_ANSWER,
            by=locked.author,
            now=locked.changed_at,
            outcome=locked.outcome,
            text=locked.text,
            language=locked.language,
            to_date=locked.new_answer_date,
        )
        locked.outcome, locked.text, locked.new_answer_date = told
        locked.language = locked.dossier.language = language
        locked.author = by
        locked.changed_at = now
        locked.save()
        locked.dossier.save(update_fields=["language"])
        keep_why_hard(
            dossier=locked.dossier,
            act="ideas.change_answer",
            parts=(text,),
            language=language,
            why=why_hard,
            by=by,
            now=now,
        )
        ask_at_once(locked, now=now)
        tell_around("answer", locked.pk, initiative, by=by, occasion=now.isoformat(), now=now)
        return locked


def version_of_answer(official: OfficialAnswer) -> str:
    """Return what tells one state of an answer from another."""
    return official.changed_at.isoformat()


def _checked_date(
    outcome: str, date: datetime.date | None, now: datetime.datetime
) -> datetime.date | None:
    """Return the day of the next answer, which only "later" has."""
    if outcome != LATER:
        return None
    if date is None:
        raise NewDateMissing
    check_is_to_come(date, now)
    return date
