"""What the page of an initiative tells of its answer and the work, read in two queries at most."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language

from accounts.models import User
from contributions.deadlines import today
from ideas.clock import Clock, next_promise
from ideas.models import (
    Department,
    Initiative,
    Milestone,
    OfficeAct,
    OfficialAnswer,
    Progress,
    ProgressReport,
)

Kind = OfficeAct.Kind

#: Before an answer there is nothing of it, but for a department that works on one.
_ANSWERED = (Progress.ANSWERED, Progress.IN_PROGRESS, Progress.DONE)


@dataclass
class Planned:
    """A milestone with what became of it; ``is_late`` on the day that it is looked at."""

    milestone: Milestone
    is_late: bool
    changes: list[OfficeAct] = field(default_factory=list)


@dataclass
class Followed:
    """All that is told on the page of an initiative besides the answer itself."""

    clock: Clock | None = None
    department: Department | None = None
    milestones: list[Planned] = field(default_factory=list)
    hand_overs: list[OfficeAct] = field(default_factory=list)
    earlier_answers: list[OfficeAct] = field(default_factory=list)
    reports: list[ProgressReport] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(
            self.clock
            or self.department
            or self.milestones
            or self.hand_overs
            or self.earlier_answers
            or self.reports
        )


def follow(
    initiative: Initiative,
    answer: OfficialAnswer | None,
    user: User | AnonymousUser,
    now: datetime.datetime,
) -> Followed:
    """Return what a user may read of the work on a published initiative.

    Args:
        answer: the official answer, if the user may read it; with it go the earlier ones.
    """
    date = today(now)
    followed = Followed(department=initiative.department)
    is_answered = initiative.progress in _ANSWERED
    if is_answered or followed.department:
        acts = list(
            OfficeAct.objects.filter(initiative=initiative).select_related(
                "milestone", "department"
            )
        )
        _sort_out(followed, acts, date)
        if answer is None:
            followed.earlier_answers = []
    if is_answered:
        followed.reports = list(
            ProgressReport.objects.visible_to(user)
            .published()
            .filter(initiative=initiative)
            .in_language(get_language() or "")
            .order_by("published_at", "pk")
        )
    # An answer that is waited for stands in the note above, with its date.
    if is_answered:
        promised = [one.milestone for one in followed.milestones]
        followed.clock = next_promise(initiative, answer, promised, date)
    return followed


def _sort_out(followed: Followed, acts: Sequence[OfficeAct], date: datetime.date) -> None:
    planned: dict[int, Planned] = {}
    for act in acts:
        if act.kind == Kind.HANDED_OVER:
            followed.hand_overs.append(act)
        elif act.kind == Kind.EARLIER_ANSWER:
            followed.earlier_answers.append(act)
        elif act.milestone is not None:
            milestone = act.milestone
            late = milestone.is_open and milestone.planned_date < date
            one = planned.setdefault(milestone.pk, Planned(milestone, late))
            if act.kind != Kind.PLANNED:
                one.changes.append(act)
    followed.milestones = sorted(
        planned.values(), key=lambda one: (one.milestone.planned_date, one.milestone.pk)
    )
