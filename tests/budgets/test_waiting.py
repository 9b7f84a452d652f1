"""What waits for a member, and which buttons somebody sees: no more and no less than they may."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from budgets import acts
from budgets.actions import paying, reporting
from budgets.models import Application, Fund, Stage
from budgets.standpoint import Standpoint, for_acts
from budgets.waiting import of_applications
from jongerenraad.models import Choice, Council, Office
from tests import councils, money
from tests.budgets import doing

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def council() -> Council:
    return councils.council()


@pytest.fixture
def fund(council: Council) -> Fund:
    return money.filled(council)


def waits_for(council: Council, office: str) -> list[str]:
    """Return the titles of what waits for who holds an office (of members the first)."""
    membership = councils.holder(council, office).memberships.get()
    return [one.title for one in of_applications(membership, timezone.now())]


def buttons(of: Application, person: User) -> set[str]:
    loaded = for_acts(Application.objects.all()).get(pk=of.pk)
    return {act.name for act in acts.offered_to(Standpoint.of(person, loaded, timezone.now()))}


OFFICES = (Office.CHAIR, Office.SECRETARY, Office.TREASURER, Office.MEMBER)


@pytest.mark.parametrize(
    ("stage", "offices"),
    [
        (Stage.DRAFT, set()),
        (Stage.SUBMITTED, {Office.SECRETARY, Office.TREASURER}),
        (Stage.RETURNED, set()),
        (Stage.CHECKED, {Office.CHAIR, Office.SECRETARY, Office.TREASURER}),
        (Stage.IN_DELIBERATION, set()),
        (Stage.GRANTED, set()),
        (Stage.DECLINED, set()),
        (Stage.AGREED, {Office.TREASURER}),
        (Stage.ORDERED, set()),
        (Stage.PAID, set()),
        (Stage.REPORT_DUE, set()),
        (Stage.OVERDUE, {Office.SECRETARY, Office.TREASURER}),
        (Stage.REPORTED, {Office.SECRETARY, Office.TREASURER}),
        (Stage.RECOVERY, set()),
        (Stage.CLOSED, set()),
        (Stage.WITHDRAWN, set()),
    ],
)
def test_an_application_waits_for_those_whose_turn_it_is(
    council: Council, fund: Fund, stage: str, offices: set[str]
) -> None:
    money.application(council, stage, cents=200_00)
    assert {office for office in OFFICES if waits_for(council, office)} == offices


def test_what_was_done_does_not_wait_any_more(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.AGREED)
    paying.prepare_order(application=application, by=councils.holder(council, Office.TREASURER))
    assert not waits_for(council, Office.TREASURER)
    assert waits_for(council, Office.CHAIR)
    assert waits_for(council, Office.SECRETARY)
    late = money.application(council, Stage.OVERDUE, "Te laat")
    reporting.ask_for_report(application=late, by=councils.holder(council, Office.TREASURER))
    assert "Te laat" not in waits_for(council, Office.TREASURER)


def test_a_payment_waits_for_a_member_only_where_an_officer_is_missing(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.AGREED, author=councils.holder(council))
    paying.prepare_order(application=application, by=councils.holder(council, Office.TREASURER))
    assert waits_for(council, Office.MEMBER)
    assert not waits_for(council, Office.CHAIR)


@pytest.mark.parametrize("outcome", ["adopted", "rejected", "no quorum"])
def test_what_a_vote_leaves_to_do_waits_for_chair_and_secretary(
    council: Council, fund: Fund, outcome: str
) -> None:
    application = money.application(council, Stage.IN_DELIBERATION)
    if outcome == "adopted":
        Fund.objects.update(largest_grant=1)
    choice = Choice.DISAGREE if outcome == "rejected" else Choice.AGREE
    doing.count(application, choice, voters=0 if outcome == "no quorum" else None)
    offices = {office for office in OFFICES if waits_for(council, office)}
    assert offices == {Office.CHAIR, Office.SECRETARY}


def test_the_longest_waiting_comes_first_and_other_councils_stay_out(
    council: Council, fund: Fund
) -> None:
    money.application(council, Stage.SUBMITTED, "Eerste")
    money.application(council, Stage.SUBMITTED, "Tweede")
    other = councils.council("partnerraad")
    money.filled(other)
    money.application(other, Stage.SUBMITTED, "Van anderen")
    assert waits_for(council, Office.SECRETARY) == ["Eerste", "Tweede"]


def test_asking_what_waits_costs_the_same_however_much_it_is(
    council: Council, fund: Fund, django_assert_max_num_queries: Any
) -> None:
    membership = councils.holder(council, Office.CHAIR).memberships.get()
    for number in range(2):
        for _again in range(3):
            money.application(council, Stage.CHECKED, f"Plan {number}")
            money.application(council, Stage.IN_DELIBERATION, cents=1_00)
        with django_assert_max_num_queries(10):
            assert len(list(of_applications(membership, timezone.now()))) == 3 * (number + 1)


# --- A button stands there exactly where the action would do it ---

#: The buttons, by the acts of tests/budgets/doing.py.
BUTTONS = {
    "akkoord": "agree",
    "controleren": "check",
    "terugsturen": "send_back",
    "snel-geven": "approve_fast",
    "geven": "give_after_vote",
    "afwijzen": "decline",
    "opnieuw": "put_back",
    "betaling-klaarzetten": "prepare_order",
    "betaling-goedkeuren": "approve_order",
    "vragen": "ask_for_report",
    "afronden": "close_report",
    "verslag-terugsturen": "send_report_back",
    "terugvorderen": "claim_back",
    "vordering-afronden": "settle_claim",
    "intrekken": "take_back",
}


def test_every_button_is_compared() -> None:
    # Who may open a vote the vote itself decides; stepping aside is not about an office.
    assert acts.BY_NAME.keys() - BUTTONS.keys() == {"in-stemming", "opzij"}


@pytest.mark.parametrize("stage", Stage.values)
@pytest.mark.parametrize("near", ["nobody", "the chair asks", "the treasurer steps aside"])
def test_a_button_stands_there_for_those_who_may_and_for_nobody_else(
    council: Council, fund: Fund, stage: str, near: str
) -> None:
    told = {"author": councils.holder(council)} if near == "the chair asks" else {}
    application = money.application(council, stage, cents=200_00, **told)
    people = {office: councils.holder(council, office) for office in OFFICES}
    people |= {"applicant": application.author, "office": money.office()}
    if near == "the treasurer steps aside":
        treasurer = people[Office.TREASURER]
        application.recusals.create(person=treasurer, ground="household", recorded_by=treasurer)
    if stage == Stage.AGREED:
        preparer = Office.SECRETARY if near == "the treasurer steps aside" else Office.TREASURER
        compare(application, people)
        paying.prepare_order(application=application, by=people[preparer])
    compare(application, people)


def compare(application: Application, people: dict[str, User]) -> None:
    for role, person in people.items():
        shown = buttons(application, person)
        for name, act in BUTTONS.items():
            with doing.undone():
                refused = doing.try_it(act, application, person)
            assert (name in shown) == (refused is None), (role, name, refused)
