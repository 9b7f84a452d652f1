"""Two dozen officers at once: one of them answers, changes, plans the last or closes."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Role, User
from contributions.actions import NotPossibleNow, Refused
from ideas import actions
from ideas.models import (
    Department,
    Initiative,
    Milestone,
    OfficeAct,
    OfficialAnswer,
    Progress,
    ProgressReport,
)
from tests import scenes
from tests.races import CALLERS, at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officers() -> list[User]:
    return [scenes.granted(Role.PROGRAMME_OFFICE) for _number in range(CALLERS)]


@pytest.fixture
def initiative(officers: list[User]) -> Initiative:
    made = scenes.initiative()
    _answer(made, officers[0], "Yes.")
    return made


def _answer(initiative: Initiative, by: User, text: str) -> OfficialAnswer:
    return actions.answer(initiative=initiative, by=by, outcome="adopted", text=text, language="en")


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def planned(initiative: Initiative, by: User, days: int = 20) -> Milestone:
    return actions.plan_milestone(
        initiative=initiative, by=by, title="Step", planned_date=in_days(days), language="en"
    )


def done(calls: list[Callable[[], Any]], *, refused: type[Refused] = NotPossibleNow) -> int:
    """Run the calls at once and return how many were done; the others got their sentence."""
    results = at_once(calls)
    failed = [one for one in results if isinstance(one, Exception)]
    assert {type(one) for one in failed} <= {refused}, failed
    return len(results) - len(failed)


def test_one_of_two_dozen_answers(officers: list[User]):
    initiative = scenes.initiative()

    assert done([lambda by=by: _answer(initiative, by, f"From {by.pk}") for by in officers]) == 1

    answer = OfficialAnswer.objects.get()
    assert answer.text == f"From {answer.author_id}"


def test_one_of_two_dozen_who_read_the_same_answer_changes_it(
    initiative: Initiative, officers: list[User]
):
    official = OfficialAnswer.objects.get()
    seen = actions.version_of_answer(official)

    def change(by: User) -> OfficialAnswer:
        return actions.change_answer(
            official=official,
            by=by,
            outcome="not",
            text=f"No, says {by.pk}.",
            language="en",
            seen=seen,
        )

    assert done([lambda by=by: change(by) for by in officers]) == 1
    assert [act.text for act in OfficeAct.objects.all()] == ["Yes."]


def test_two_dozen_changes_one_after_another_each_keep_the_one_before(
    initiative: Initiative, officers: list[User]
):
    official = OfficialAnswer.objects.get()

    def change(by: User) -> OfficialAnswer:
        text = f"No, says {by.pk}."
        return actions.change_answer(
            official=official, by=by, outcome="not", text=text, language="en"
        )

    assert done([lambda by=by: change(by) for by in officers]) == CALLERS
    told = {act.text for act in OfficeAct.objects.all()} | {OfficialAnswer.objects.get().text}
    assert told == {"Yes."} | {f"No, says {by.pk}." for by in officers}


def test_one_of_two_dozen_who_saw_the_same_milestone_changes_it(
    initiative: Initiative, officers: list[User]
):
    milestone = planned(initiative, officers[0])

    def move(number: int) -> Milestone:
        return actions.change_milestone(
            milestone=milestone,
            by=officers[number],
            state="planned",
            planned_date=in_days(30 + number),
            reason="It rains.",
            seen=1,
        )

    assert done([lambda number=number: move(number) for number in range(CALLERS)]) == 1
    act = OfficeAct.objects.get(kind="moved")
    milestone.refresh_from_db()
    assert (milestone.version, milestone.planned_date) == (2, act.to_date)


def test_done_and_dropped_at_once_is_one_of_the_two(initiative: Initiative, officers: list[User]):
    milestone = planned(initiative, officers[0])

    def end(by: User, state: str) -> Milestone:
        return actions.change_milestone(
            milestone=milestone,
            by=by,
            state=state,
            planned_date=milestone.planned_date,
            reason="It rains.",
            seen=1,
        )

    states = ["done", "dropped"] * (CALLERS // 2)
    calls = [
        lambda by=by, state=state: end(by, state)
        for by, state in zip(officers, states, strict=True)
    ]
    assert done(calls) == 1
    assert OfficeAct.objects.filter(kind="state").count() == 1


def test_there_are_never_more_than_twenty_milestones(initiative: Initiative, officers: list[User]):
    assert (
        done(
            [lambda by=by: planned(initiative, by) for by in officers],
            refused=actions.TooManyMilestones,
        )
        == actions.MAX_MILESTONES
    )
    assert Milestone.objects.count() == OfficeAct.objects.count() == actions.MAX_MILESTONES


def test_the_work_is_closed_once_and_with_no_milestone_to_come(
    initiative: Initiative, officers: list[User]
):
    def close(by: User) -> ProgressReport:
        return actions.report(
            initiative=initiative, by=by, text="Done.", language="en", closes=True
        )

    half = CALLERS // 2
    results = at_once(
        [lambda by=by: close(by) for by in officers[:half]]
        + [lambda by=by: planned(initiative, by) for by in officers[half:]]
    )

    failed = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, NotPossibleNow | actions.MilestonesOpen) for one in failed), failed
    initiative.refresh_from_db()
    closed = ProgressReport.objects.filter(closes=True).count()
    assert closed == (initiative.progress == Progress.DONE)
    # Either it is closed, or something is still to come of it.
    assert bool(closed) != Milestone.objects.exists()


def test_a_department_gets_it_once(initiative: Initiative, officers: list[User]):
    department = Department.objects.create(name="Parks")

    def hand_over(by: User) -> OfficeAct:
        return actions.hand_over(initiative=initiative, by=by, department=department)

    calls = [lambda by=by: hand_over(by) for by in officers]
    assert done(calls, refused=actions.WorksOnItAlready) == 1
    assert OfficeAct.objects.filter(kind="handed_over").count() == 1
