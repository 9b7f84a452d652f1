"""The same act, and acts that exclude each other, by two dozen at once."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from budgets import documents, ledger
from budgets.actions import applying, deciding, paying, reporting
from budgets.audit import audit
from budgets.models import (
    Account,
    Act,
    Application,
    Deliberation,
    Fund,
    PaymentOrder,
    Posting,
    Stage,
    StageChange,
)
from contributions.actions import NotPossibleNow, Refused
from jongerenraad.actions.votes import close_vote
from jongerenraad.models import Choice, Council, Matter, Office
from tests import councils, money, scenes
from tests.budgets import doing
from tests.races import CALLERS, at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def council() -> Council:
    return councils.council()


@pytest.fixture
def fund(council: Council) -> Fund:
    return money.filled(council)


def done(results: list[Any]) -> int:
    """Return how many acts were done; a failure that is no refusal fails the test."""
    failed = [one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert not failed, failed
    return sum(not isinstance(one, Exception) for one in results)


def many(act: Callable[[], Any], times: int = CALLERS) -> list[Any]:
    return at_once([act] * times)


def test_an_application_that_is_handed_in_by_two_dozen_at_once_is_handed_in_once(
    council: Council, fund: Fund
) -> None:
    draft = money.draft(council)
    results = many(lambda: applying.hand_in(application=draft, by=draft.author))
    assert done(results) == 1
    assert StageChange.objects.filter(application=draft).count() == 1
    assert draft.dossier.decisions.count() <= 1


def test_two_dozen_approvals_at_once_are_one_and_the_order_goes_out_once(council: Council) -> None:
    money.filled(council, two_approvals_above=0)
    application = money.application(council, Stage.AGREED)
    treasurer = councils.holder(council, Office.TREASURER)
    assert done(many(lambda: paying.prepare_order(application=application, by=treasurer))) == 1
    chair, secretary = councils.holder(council), councils.holder(council, Office.SECRETARY)
    assert done(many(lambda: paying.approve_order(application=application, by=chair))) == 1
    assert doing.fresh(application).stage == Stage.AGREED
    results = many(lambda: paying.approve_order(application=application, by=secretary))
    assert done(results) == 1
    assert results.count(True) == 1
    assert StageChange.objects.filter(to_stage=Stage.ORDERED).count() == 1


def test_chair_and_treasurer_who_approve_in_the_same_second_give_once(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.CHECKED, cents=100_00)
    people = [councils.holder(council), councils.holder(council, Office.TREASURER)]
    results = at_once(
        [
            lambda by=people[number % 2]: deciding.approve_fast(application=application, by=by)
            for number in range(CALLERS)
        ]
    )
    assert done(results) == 2
    assert results.count(True) == 1
    assert ledger.balances(fund)[Account.RESERVED] == 100_00


def test_orders_prepared_at_once_have_numbers_of_their_own(council: Council, fund: Fund) -> None:
    treasurer = councils.holder(council, Office.TREASURER)
    applications = [
        money.application(council, Stage.CHECKED, cents=1_00) for _number in range(CALLERS)
    ]
    for one in applications:
        deciding.approve_fast(application=one, by=councils.holder(council))
        deciding.approve_fast(application=one, by=treasurer)
        applying.agree(application=one, by=one.author)
    results = at_once(
        [
            lambda one=one: paying.prepare_order(application=one, by=treasurer)
            for one in applications
        ]
    )
    assert done(results) == CALLERS
    numbers = sorted(PaymentOrder.objects.values_list("number", flat=True))
    assert [int(number[-4:]) for number in numbers] == list(range(1, CALLERS + 1))


def test_two_dozen_votes_opened_at_once_promise_no_more_than_there_is(council: Council) -> None:
    fund = money.filled(council, 1_000_00)
    applications = [
        money.application(council, Stage.CHECKED, cents=100_00) for _number in range(CALLERS)
    ]
    results = at_once([lambda one=one: money.put_to_vote(one) for one in applications])
    assert done(results) == 10
    assert sum(one.cents for one in Deliberation.objects.all()) == 1_000_00
    assert Matter.objects.count() == 10
    # All are won in the same second, and every one of them can be given.
    for deliberation in Deliberation.objects.select_related("matter"):
        for person in councils.electorate(council):
            deciding_vote(deliberation.matter, person)
    closing = [
        lambda matter=matter: close_vote(matter=matter, now=matter.closes_at)
        for matter in Matter.objects.all()
    ]
    assert done(at_once(closing * 2)) == 20
    assert Application.objects.filter(stage=Stage.GRANTED).count() == 10
    assert ledger.balances(fund)[Account.AVAILABLE] == 0
    assert not audit(fund).faults


def deciding_vote(matter: Matter, person: Any) -> None:
    from jongerenraad.actions.votes import cast_vote

    cast_vote(matter=matter, by=person, choice=Choice.AGREE)


def test_one_application_put_to_the_vote_by_two_dozen_at_once_has_one_vote(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.CHECKED)
    assert done(many(lambda: money.put_to_vote(application))) == 1
    assert Matter.objects.count() == 1


def test_a_file_of_payments_read_by_many_at_once_is_paid_once(council: Council, fund: Fund) -> None:
    orders = [
        PaymentOrder.objects.get(application=money.application(council, Stage.ORDERED))
        for _number in range(4)
    ]
    office = money.office()
    today = timezone.localdate().isoformat()
    content = money.paid_file(
        *((order.number, "500,00", f"REF-{order.pk}", today) for order in orders)
    )
    results = many(
        lambda: paying.read_paid(council=council, file_name="x", content=content, by=office), 20
    )
    assert done(results) == 20
    assert sum(run.rows_paid for run in results) == 4
    assert sum(run.rows_known for run in results) == 4 * 19
    assert not any(run.refused for run in results)
    assert Posting.objects.filter(act=Act.PAY).count() == 4
    assert ledger.balances(fund)[Account.PAID] == 2_000_00


def test_one_reference_told_for_many_orders_at_once_pays_one(council: Council, fund: Fund) -> None:
    orders = [
        PaymentOrder.objects.get(application=money.application(council, Stage.ORDERED, cents=1_00))
        for _number in range(20)
    ]
    office = money.office()
    today = timezone.localdate().isoformat()
    results = at_once(
        [
            lambda order=order: paying.read_paid(
                council=council,
                file_name="x",
                content=money.paid_file((order.number, "1,00", "DEZELFDE", today)),
                by=office,
            )
            for order in orders
        ]
    )
    assert done(results) == 20
    assert sum(run.rows_paid for run in results) == 1
    assert sum(len(run.refused) for run in results) == 19
    assert ledger.balances(fund)[Account.PAID] == 1_00


def test_a_receipt_sent_by_two_dozen_at_once_counts_once(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    other = money.application(council, Stage.REPORT_DUE)
    drawn = documents.draw(scenes.picture_file(size=(300, 400)))
    results = at_once(
        [
            lambda to=(application, other)[number % 2]: reporting.add_receipt(
                application=to, by=to.author, drawn=drawn, description="Bal", cents=1_00
            )
            for number in range(CALLERS)
        ]
    )
    assert done(results) == 1
    assert reporting.spent(application) + reporting.spent(other) == 1_00


def test_a_receipt_taken_away_by_two_dozen_at_once_is_gone_once(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    money.receipt(application, 1_00)
    receipt = application.receipts.get()
    results = many(lambda: reporting.take_receipt_away(receipt=receipt, by=application.author))
    assert done(results) == 1
    assert not application.documents.exists()


def test_a_report_handed_in_by_two_dozen_at_once_gives_back_once(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    doing.write_report(application, application.author)
    results = many(lambda: reporting.hand_in_report(application=application, by=application.author))
    assert done(results) == 1
    assert ledger.balances(fund)[Account.RETURNED] == 500_00


@pytest.mark.parametrize("round_", range(4))
def test_a_withdrawal_in_the_second_that_the_vote_is_counted_leaves_no_money_behind(
    council: Council, fund: Fund, round_: int
) -> None:
    application = money.application(council, Stage.IN_DELIBERATION)
    matter = deciding.vote_on(application)
    assert matter is not None
    for person in councils.electorate(council):
        deciding_vote(matter, person)
    results = at_once(
        [
            lambda: applying.take_back(application=application, by=application.author),
            lambda: close_vote(matter=matter, now=matter.closes_at),
        ]
        * 10
    )
    assert done(results) == 1 + 10
    assert doing.fresh(application).stage == Stage.WITHDRAWN
    assert ledger.balances(fund)[Account.AVAILABLE] == 40_000_00
    assert not audit(fund).faults


def test_a_withdrawal_and_an_approval_at_once_exclude_each_other(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.AGREED)
    paying.prepare_order(application=application, by=councils.holder(council, Office.TREASURER))
    chair = councils.holder(council)
    results = at_once(
        [
            lambda: applying.take_back(application=application, by=application.author),
            lambda: paying.approve_order(application=application, by=chair),
        ]
        * 10
    )
    assert done(results) == 1
    assert doing.fresh(application).stage in (Stage.WITHDRAWN, Stage.ORDERED)
    assert not audit(fund).faults


def test_the_calendar_moves_each_application_once(council: Council, fund: Fund) -> None:
    for _number in range(3):
        money.application(council, Stage.PAID)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    results = many(lambda: reporting.let_time_pass(now=tomorrow))
    assert done(results) == CALLERS
    assert sum(results) == 3
    assert StageChange.objects.filter(act="fall_due").count() == 3


def test_a_claim_settled_by_two_dozen_at_once_comes_in_once(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.RECOVERY)
    office = money.office()
    results = many(
        lambda: reporting.settle_claim(
            application=application, by=office, received=200_00, reference="TERUG"
        )
    )
    assert done(results) == 1
    assert sum(isinstance(one, NotPossibleNow) for one in results) == CALLERS - 1
    assert ledger.balances(fund)[Account.AVAILABLE] == 40_000_00 - 300_00
