"""What the programme office tells of the work, and who does it."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from areas.models import Area, is_within
from contributions.actions import Refused, keep_why_hard, submit
from contributions.models import Dossier
from ideas.actions.office import (
    MilestonesOpen,
    begin,
    check_work_is_promised,
    lock_for_office,
    move,
    note,
)
from ideas.models import (
    Department,
    Initiative,
    Milestone,
    OfficeAct,
    Progress,
    ProgressReport,
)
from ideas.notices import tell_around
from ideas.permissions import can_hand_over, can_report, can_work_on


class NotThisDepartment(Refused):
    message = _("This department does not work here. Choose another one.")


class WorksOnItAlready(Refused):
    message = _("This department works on it already.")


@on_the_record
def begin_work(
    *, initiative: Initiative, by: User, now: datetime.datetime | None = None
) -> Initiative:
    """Say that work on an answered initiative began.

    Raises:
        NotAllowed: the person has no grant of the programme office here, or wrote the idea.
        NotPossibleNow: it is not answered, or done.
        NoWorkPromised: the answer says no, or later.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = lock_for_office(initiative, by=by, may=can_work_on)
        check_work_is_promised(locked)
        if act := begin(locked, by=by, now=now):
            tell_around("work_step", act.pk, locked, by=by, now=now)
        return locked


@on_the_record
def report(
    *,
    initiative: Initiative,
    by: User,
    text: str,
    language: str,
    closes: bool = False,
    why_hard: str = "",
    now: datetime.datetime | None = None,
) -> ProgressReport:
    """Tell how the work goes; it is on the site at once.

    Args:
        why_hard: why the text is hard to read, where it is; kept for colleagues.
        closes: the work is done, and this tells what came of it.

    Raises:
        HardWithoutReason: the text is hard to read, and nobody says why.
        NotAllowed: the person has no grant of the programme office here, or wrote the idea.
        NotPossibleNow: it is not answered, or somebody closed it just before.
        NoWorkPromised: it says that something is done which the answer does not promise.
        MilestonesOpen: it closes the work while milestones are still to come.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = lock_for_office(initiative, by=by, may=can_work_on if closes else can_report)
        if closes:
            check_work_is_promised(locked)
            if Milestone.objects.filter(initiative=locked).still_open().exists():
                raise MilestonesOpen
            move(locked, Progress.DONE)
        made = ProgressReport.objects.create(
            dossier=Dossier.objects.create(kind=ProgressReport.kind),
            initiative=locked,
            author=by,
            entered_by=by,
            language=language,
            area=locked.area,
            text=text,
            closes=closes,
        )
        keep_why_hard(
            dossier=made.dossier,
            act="ideas.report",
            parts=(text,),
            language=language,
            why=why_hard,
            by=by,
            now=now,
        )
        made = submit(contribution=made, by=by, now=now)
        tell_around("work_report", made.pk, locked, by=by, now=now)
        return made


def departments_for(initiative: Initiative) -> list[Department]:
    """Return the departments that work where an initiative is: of its municipality, or of all."""
    parents = Area.objects.parents()
    return [
        one
        for one in Department.objects.filter(is_in_use=True).select_related("municipality")
        if one.municipality_id is None
        or (
            initiative.area_id is not None
            and is_within(initiative.area_id, one.municipality_id, parents)
        )
    ]


@on_the_record
def hand_over(
    *,
    initiative: Initiative,
    by: User,
    department: Department,
    text: str = "",
    language: str = "",
    why_hard: str = "",
    now: datetime.datetime | None = None,
) -> OfficeAct:
    """Hand an initiative over to a department; every promised date stays as it is.

    Args:
        text: a note that everybody reads.
        why_hard: why the text is hard to read, where it is; kept for colleagues.

    Raises:
        HardWithoutReason: the text is hard to read, and nobody says why.
        NotAllowed: the person has no grant of the programme office here, or wrote the idea.
        NotPossibleNow: it gathers support still, or is done.
        NotThisDepartment: it works elsewhere, or takes on nothing any more.
        WorksOnItAlready: it is there.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = lock_for_office(initiative, by=by, may=can_hand_over)
        if department not in departments_for(locked):
            raise NotThisDepartment
        if locked.department_id == department.pk:
            raise WorksOnItAlready
        locked.department = department
        locked.save(update_fields=["department"])
        keep_why_hard(
            dossier=locked.dossier,
            act="ideas.hand_over",
            parts=(text,),
            language=language,
            why=why_hard,
            by=by,
            now=now,
        )
        act = note(
            locked,
            OfficeAct.Kind.HANDED_OVER,
            by=by,
            now=now,
            department=department,
            text=text,
            language=language if text else "",
        )
        tell_around("work_step", act.pk, locked, by=by, now=now)
        return act
