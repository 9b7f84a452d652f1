"""How an initiative comes further: the answer, the work, or the end of its time."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contributions.actions import NotAllowed, NotPossibleNow, submit
from contributions.deadlines import today
from contributions.models import Dossier
from ideas.models import Initiative, OfficialAnswer, Progress
from ideas.permissions import can_answer, can_report_progress

#: How an initiative comes further. Support moves it by itself; the rest is the programme office's.
PROGRESS: dict[Progress, frozenset[Progress]] = {
    Progress.OPEN: frozenset({Progress.IN_CONSIDERATION, Progress.ANSWERED, Progress.EXPIRED}),
    Progress.IN_CONSIDERATION: frozenset({Progress.ANSWERED}),
    Progress.ANSWERED: frozenset({Progress.IN_PROGRESS, Progress.DONE}),
    Progress.IN_PROGRESS: frozenset({Progress.DONE}),
    Progress.DONE: frozenset(),
    Progress.EXPIRED: frozenset(),
}


def answer(
    *,
    initiative: Initiative,
    by: User,
    outcome: str,
    text: str,
    language: str,
    now: datetime.datetime | None = None,
) -> OfficialAnswer:
    """Give the official answer, published at once; supporting ends there.

    Raises:
        NotAllowed: the person has no grant of the programme office here.
        NotPossibleNow: it was answered or hidden in the meantime.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = Initiative.objects.locked().select_related("area").get(pk=initiative.pk)
        if not locked.is_published or Progress.ANSWERED not in PROGRESS[Progress(locked.progress)]:
            raise NotPossibleNow
        if not can_answer(by, locked):
            raise NotAllowed
        official = OfficialAnswer.objects.create(
            dossier=Dossier.objects.create(kind=OfficialAnswer.kind),
            initiative=locked,
            author=by,
            entered_by=by,
            language=language,
            area=locked.area,
            outcome=outcome,
            text=text,
        )
        official = submit(contribution=official, by=by, now=now)
        locked.progress = Progress.ANSWERED
        locked.save(update_fields=["progress"])
        return official


def report_progress(*, initiative: Initiative, by: User, to: str) -> Initiative:
    """Say that work on an answered initiative began, or that it is done.

    Raises:
        NotAllowed: the person has no grant of the programme office here.
        NotPossibleNow: it does not follow from where the initiative stands.
    """
    with transaction.atomic():
        locked = Initiative.objects.locked().select_related("area").get(pk=initiative.pk)
        if (
            to not in (Progress.IN_PROGRESS, Progress.DONE)
            or to not in PROGRESS[Progress(locked.progress)]
        ):
            raise NotPossibleNow
        if not can_report_progress(by, locked):
            raise NotAllowed
        if locked.official_answer.outcome == OfficialAnswer.Outcome.NOT:
            raise NotPossibleNow
        locked.progress = to
        locked.save(update_fields=["progress"])
        return locked


def expire(*, now: datetime.datetime) -> int:
    """Close the initiatives whose last day to gather support is over; return how many."""
    return Initiative.objects.closing_before(today(now)).update(progress=Progress.EXPIRED)
