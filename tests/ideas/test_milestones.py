"""Milestones, reports and hand-overs: what follows an answer, and what everybody reads of it."""

import datetime
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from areas.models import Area
from contributions.actions import NotPossibleNow
from contributions.models import Status
from ideas import actions
from ideas.clock import said
from ideas.models import (
    Department,
    Initiative,
    Milestone,
    MilestoneState,
    OfficeAct,
    Progress,
    ProgressReport,
)
from tests import scenes
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]

REASON = "The benches come later."


@pytest.fixture
def officer() -> User:
    return scenes.granted(Role.PROGRAMME_OFFICE)


@pytest.fixture
def browser(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def initiative(officer: User) -> Initiative:
    return answered(officer)


def answered(officer: User, outcome: str = "adopted", **fields: object) -> Initiative:
    made = scenes.initiative(**fields)  # type: ignore[arg-type]
    day = in_days(30) if outcome == "later" else None
    actions.answer(
        initiative=made,
        by=officer,
        outcome=outcome,
        text="Yes.",
        language="nl",
        new_answer_date=day,
    )
    made.refresh_from_db()
    return made


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def url(initiative: Initiative, name: str, *more: int) -> str:
    return reverse(f"ideas:{name}", args=[initiative.pk, initiative.address_slug, *more])


def planned(initiative: Initiative, by: User, days: int = 20, *, ago: int = 0) -> Milestone:
    """Plan a milestone for a day from now, some days ago."""
    return actions.plan_milestone(
        initiative=initiative,
        by=by,
        title="The benches are ordered",
        planned_date=in_days(days),
        language="en",
        now=timezone.now() - datetime.timedelta(days=ago),
    )


def public(initiative: Initiative) -> str:
    return words(Client().get(initiative.get_absolute_url()))


# --- Planning ---


def test_a_milestone_is_a_promise_that_everybody_reads_at_once(
    initiative: Initiative, browser: Client
):
    told = {"title": "The benches are ordered", "planned_date": in_days(20), "language": "en"}

    page = browser.post(url(initiative, "plan_milestone"), told, follow=True)

    assert "The milestone is on the site." in words(page)
    shown = public(initiative)
    assert "This is the next milestone." in shown
    assert "The benches are ordered" in shown
    assert said(in_days(20), timezone.localdate()) in shown
    assert ": 20 days to go." in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 121),
        ("planned_date", ""),
        ("planned_date", "2020-01-01"),
        ("planned_date", "soon"),
        ("planned_date", "99999-01-01"),
    ],
)
def test_a_milestone_has_words_and_a_day_to_come(
    initiative: Initiative, browser: Client, field: str, value: str
):
    told = {"title": "Ordered", "planned_date": in_days(20), field: value}

    assert browser.post(url(initiative, "plan_milestone"), told).status_code == 422
    assert not Milestone.objects.exists()


@pytest.mark.parametrize("outcome", ["not", "later"])
def test_of_what_is_not_done_nothing_is_planned(officer: User, browser: Client, outcome: str):
    initiative = answered(officer, outcome)

    assert browser.get(url(initiative, "plan_milestone")).status_code == 404
    with pytest.raises(actions.NoWorkPromised):
        planned(initiative, officer)


def test_an_idea_has_twenty_milestones_at_most(initiative: Initiative, officer: User):
    for _number in range(actions.MAX_MILESTONES):
        planned(initiative, officer)

    with pytest.raises(actions.TooManyMilestones):
        planned(initiative, officer)


# --- How far it is ---


@pytest.mark.parametrize(("before", "after"), list(product(MilestoneState, repeat=2)))
def test_a_milestone_goes_only_where_the_table_says(
    initiative: Initiative, officer: User, before: MilestoneState, after: MilestoneState
):
    milestone = planned(initiative, officer)
    done = timezone.localdate() if before == MilestoneState.DONE else None
    Milestone.objects.filter(pk=milestone.pk).update(state=before, done_date=done)

    def change() -> Milestone:
        return actions.change_milestone(
            milestone=milestone,
            by=officer,
            state=after,
            planned_date=milestone.planned_date,
            reason=REASON,
            language="en",
        )

    if after in actions.MILESTONE_STATES[before]:
        assert change().state == after
        act = OfficeAct.objects.filter(kind="state").last()
        assert act is not None
        assert (act.from_state, act.to_state, act.by) == (before, after, officer)
    else:
        with pytest.raises(
            actions.NothingChanged if before == after else NotPossibleNow  # type: ignore[arg-type]
        ):
            change()


def change(browser: Client, milestone: Milestone, **told: object) -> object:
    milestone.refresh_from_db()
    form = {
        "state": milestone.state,
        "planned_date": milestone.planned_date,
        "seen": milestone.version,
        **told,
    }
    return browser.post(url(milestone.initiative, "milestone", milestone.pk), form)


def test_who_moves_a_date_says_why_and_everybody_reads_it(
    initiative: Initiative, officer: User, browser: Client
):
    milestone = planned(initiative, officer)

    without = change(browser, milestone, planned_date=in_days(40))
    with_reason = change(browser, milestone, planned_date=in_days(40), reason=REASON)

    assert (without.status_code, with_reason.status_code) == (422, 302)  # type: ignore[attr-defined]
    assert "Tell the neighbourhood why." in words(without)  # type: ignore[arg-type]
    shown = public(initiative)
    assert ": moved from " in shown
    assert REASON in shown
    assert ": 40 days to go." in shown


def test_what_is_dropped_says_why_and_keeps_its_place(
    initiative: Initiative, officer: User, browser: Client
):
    milestone = planned(initiative, officer)

    assert change(browser, milestone, state="dropped").status_code == 422  # type: ignore[attr-defined]
    change(browser, milestone, state="dropped", reason=REASON)

    shown = public(initiative)
    assert "This will not happen." in shown
    assert REASON in shown
    assert "This is the next milestone." not in shown


def test_what_is_done_or_dropped_keeps_the_day_that_was_promised(
    initiative: Initiative, officer: User, browser: Client
):
    milestone = planned(initiative, officer)

    response = change(browser, milestone, state="done", planned_date=in_days(3), reason=REASON)

    assert response.status_code == 409  # type: ignore[attr-defined]
    milestone.refresh_from_db()
    assert milestone.state == MilestoneState.PLANNED


def test_a_late_milestone_says_so(initiative: Initiative, officer: User):
    planned(initiative, officer, days=-4, ago=10)

    shown = public(initiative)

    assert ": not done yet." in shown
    assert ": that is 4 days ago, and it is not there yet." in shown


def test_a_promise_holds_until_the_end_of_its_day(initiative: Initiative, officer: User):
    planned(initiative, officer, days=0)

    shown = public(initiative)

    assert ": that is today." in shown
    assert "not done yet" not in shown


def test_done_after_its_day_tells_both_days(initiative: Initiative, officer: User, browser: Client):
    milestone = planned(initiative, officer, days=-4, ago=10)

    change(browser, milestone, state="done")

    shown = public(initiative)
    assert "Done on " in shown
    assert "It was promised before the end of " in shown


def test_work_that_begins_brings_its_idea_along(
    initiative: Initiative, officer: User, browser: Client
):
    milestone = planned(initiative, officer)

    change(browser, milestone, state="under_way")

    initiative.refresh_from_db()
    assert initiative.progress == Progress.IN_PROGRESS
    assert [act.kind for act in OfficeAct.objects.all()] == ["planned", "state", "began"]


def test_a_change_of_what_somebody_just_changed_is_refused_and_kept(
    initiative: Initiative, officer: User, browser: Client
):
    milestone = planned(initiative, officer)
    change(browser, milestone, state="under_way")

    late = change(browser, milestone, seen=1, planned_date=in_days(50), reason=REASON)

    assert late.status_code == 409  # type: ignore[attr-defined]
    assert REASON in words(late)  # type: ignore[arg-type]
    milestone.refresh_from_db()
    assert milestone.planned_date == in_days(20)


@pytest.mark.parametrize("seen", ["", "0", "x", "9" * 30, "\x00"])
def test_a_form_without_its_version_is_asked_for_again(
    initiative: Initiative, officer: User, browser: Client, seen: str
):
    milestone = planned(initiative, officer)

    response = change(browser, milestone, state="done", seen=seen)

    assert response.status_code == 422  # type: ignore[attr-defined]


def test_a_milestone_of_another_idea_is_not_found_under_this_one(
    initiative: Initiative, officer: User, browser: Client
):
    other = planned(answered(officer), officer)

    assert browser.get(url(initiative, "milestone", other.pk)).status_code == 404


# --- Reports, and the end ---


def test_a_report_is_looked_at_and_stands_on_the_page(initiative: Initiative, browser: Client):
    told = {"text": "The **lamps** are there.", "language": "en"}

    looked = browser.post(url(initiative, "report"), {**told, "look": "1"})
    assert "The lamps are there." in words(looked)
    assert not ProgressReport.objects.exists()

    placed = browser.post(url(initiative, "report"), told, follow=True)
    assert "The report is on the site." in words(placed)
    assert "The lamps are there." in public(initiative)
    initiative.refresh_from_db()
    assert initiative.progress == Progress.ANSWERED


def test_what_is_done_says_what_came_of_it(initiative: Initiative, officer: User, browser: Client):
    milestone = planned(initiative, officer)
    told = {"text": "Thirty people sit there.", "closes": "on", "language": "en"}

    refused = browser.post(url(initiative, "report"), told)
    assert refused.status_code == 422
    assert "There are milestones still to come." in words(refused)
    assert "Thirty people sit there." in words(refused)
    assert not ProgressReport.objects.exists()

    change(browser, milestone, state="done")
    assert browser.post(url(initiative, "report"), told).status_code == 302
    initiative.refresh_from_db()
    assert initiative.progress == Progress.DONE
    shown = public(initiative)
    assert "This is done. Thank you for thinking along!" in shown
    assert "What came of it" in shown
    # The work is over, and only what it brought can still be told.
    assert browser.get(url(initiative, "milestone", milestone.pk)).status_code == 404
    assert browser.get(url(initiative, "change_answer")).status_code == 404
    again = browser.post(url(initiative, "report"), {**told, "text": "A year later."})
    assert again.status_code == 302
    assert [one.closes for one in ProgressReport.objects.order_by("pk")] == [True, False]


def test_of_what_is_not_done_nobody_says_that_it_is(officer: User, browser: Client):
    initiative = answered(officer, "not")

    browser.post(url(initiative, "report"), {"text": "Done.", "closes": "on", "language": "en"})

    initiative.refresh_from_db()
    assert initiative.progress == Progress.ANSWERED
    with pytest.raises(actions.NoWorkPromised):
        actions.report(initiative=initiative, by=officer, text="Done.", language="en", closes=True)


def test_a_hidden_report_and_one_under_a_hidden_idea_are_nowhere(
    initiative: Initiative, officer: User
):
    made = actions.report(initiative=initiative, by=officer, text="Gone.", language="en")
    person = scenes.person()
    assert ProgressReport.objects.visible_to(person).exists()

    scenes.bring(made, Status.HIDDEN)
    assert "Gone." not in public(initiative)

    other = answered(officer)
    actions.report(initiative=other, by=officer, text="Gone.", language="en")
    scenes.bring(other, Status.HIDDEN)
    assert not ProgressReport.objects.visible_to(person).exists()


def test_milestones_not_needed_for_an_answer_that_says_no_are_settled_first(
    initiative: Initiative, officer: User, browser: Client
):
    planned(initiative, officer)
    official = initiative.official_answer

    with pytest.raises(actions.MilestonesOpen):
        actions.change_answer(
            official=official, by=officer, outcome="not", text="No.", language="en"
        )


# --- Handing over ---


@pytest.fixture
def department() -> Department:
    return Department.objects.create(name="Parks", contact="zq-contact")


def test_everybody_sees_which_department_works_on_it_and_the_clock_runs_on(
    initiative: Initiative, officer: User, browser: Client, department: Department
):
    planned(initiative, officer)
    told = {"department": department.pk, "text": "They order the benches.", "language": "en"}

    page = browser.post(url(initiative, "hand_over"), told, follow=True)

    assert "zq-contact" in words(page)
    shown = public(initiative)
    assert "The department Parks works on this." in shown
    assert "They order the benches." in shown
    assert ": 20 days to go." in shown
    assert "zq-contact" not in shown


def test_what_waits_for_an_answer_can_be_handed_over_too(browser: Client, department: Department):
    waiting = scenes.initiative(where=scenes.area(support_threshold=1))
    scenes.supporters(1, of=waiting)
    due = Initiative.objects.get(pk=waiting.pk).answer_due_date

    browser.post(url(waiting, "hand_over"), {"department": department.pk})

    waiting.refresh_from_db()
    assert (waiting.department, waiting.answer_due_date) == (department, due)
    assert "The department Parks works on this." in public(waiting)


def test_a_department_works_in_its_own_municipality(officer: User, browser: Client):
    city, town = (
        scenes.area(slug, kind=Area.Kind.MUNICIPALITY, accepts_contributions=False)
        for slug in ("city", "town")
    )
    initiative = answered(officer, where=scenes.area("quarter", parent=city))
    here = Department.objects.create(name="Here", municipality=city)
    there = Department.objects.create(name="Elsewhere", municipality=town)
    over = Department.objects.create(name="Over", is_in_use=False)

    page = words(browser.get(url(initiative, "hand_over")))

    assert "Here" in page
    assert "Elsewhere" not in page
    for other in (there.pk, over.pk, 10**30, "x", ""):
        response = browser.post(url(initiative, "hand_over"), {"department": other})
        assert response.status_code == 422
    for other in (there, over):
        with pytest.raises(actions.NotThisDepartment):
            actions.hand_over(initiative=initiative, by=officer, department=other)
    assert actions.hand_over(initiative=initiative, by=officer, department=here)
    with pytest.raises(actions.WorksOnItAlready):
        actions.hand_over(initiative=initiative, by=officer, department=here)


def test_without_departments_the_page_says_what_to_do(initiative: Initiative, browser: Client):
    page = browser.get(url(initiative, "hand_over"))

    assert "No department works in this neighbourhood yet" in words(page)
