"""The ledger: whole groups, nothing changed, nothing below zero, and everything done once."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets import ledger
from budgets.ledger import CannotReverse, KeyReused, NotEnough, NotEnoughHeld, post, reverse
from budgets.models import Account, Act, Application, Balance, Entry, Fund, Posting, StageChange
from budgets.models.application import RecordIsKept
from budgets.models.fund import MOST_CENTS
from budgets.models.ledger import AppendOnly
from tests import councils
from tests.budgets.books import act_on, application, filled, key
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund() -> Fund:
    return filled()


@pytest.fixture
def request_for_money(fund: Fund) -> Application:
    return application(fund)


def insert_entry(posting: uuid.UUID, account: str, cents: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_entry (posting_id, account, cents) VALUES (%s, %s, %s)",
            [in_database(posting), account, cents],
        )


def insert_posting(posting: uuid.UUID, fund: Fund, act: str = "deposit") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_posting (id, fund_id, act, key, note, made_at)"
            " VALUES (%s, %s, %s, %s, '', '2026-01-01 12:00:00')",
            [in_database(posting), fund.pk, act, key()],
        )


def in_database(identity: uuid.UUID) -> Any:
    return identity if connection.vendor == "postgresql" else identity.hex


# --- What each act does ---


@pytest.mark.parametrize("act", [act for act in Act if act != Act.REVERSAL])
def test_each_act_takes_money_from_one_account_to_another(act: Act) -> None:
    fund = filled(0)
    request = application(fund)
    ways = {
        Act.DEPOSIT: [],
        Act.RESERVE: [Act.DEPOSIT],
        Act.RELEASE: [Act.DEPOSIT, Act.RESERVE],
        Act.PAY: [Act.DEPOSIT, Act.RESERVE],
        Act.GIVE_BACK: [Act.DEPOSIT, Act.RESERVE, Act.PAY],
        Act.RECEIVE_BACK: [Act.DEPOSIT, Act.RESERVE, Act.PAY, Act.GIVE_BACK],
        Act.CLAIM: [Act.DEPOSIT, Act.RESERVE, Act.PAY],
        Act.RECEIVE_CLAIM: [Act.DEPOSIT, Act.RESERVE, Act.PAY, Act.CLAIM],
        Act.WRITE_OFF: [Act.DEPOSIT, Act.RESERVE, Act.PAY, Act.CLAIM],
    }
    for before in ways[act]:
        act_on(request, before, 10_00)
    balances = ledger.balances(fund)
    act_on(request, act, 10_00)
    origin, destination = ledger.MOVES[act]
    balances[origin] -= 10_00
    balances[destination] += 10_00
    assert ledger.balances(fund) == ledger.recompute(fund) == balances


def test_a_new_fund_has_nothing_on_any_account() -> None:
    fund = filled(0)
    assert ledger.balances(fund) == dict.fromkeys(Account, 0)
    assert ledger.recompute(fund) == dict.fromkeys(Account, 0)
    assert ledger.differences(fund) == []


def test_a_posting_says_who_did_what_for_which_application_and_why(
    fund: Fund, request_for_money: Application
) -> None:
    treasurer = councils.holder(fund.council, "treasurer")
    made = act_on(request_for_money, Act.RESERVE, 50_00, by=treasurer, note="For the balls")
    made = Posting.objects.get(pk=made.pk)
    assert (made.made_by, made.application, made.note) == (
        treasurer,
        request_for_money,
        "For the balls",
    )
    assert dict(made.entries.values_list("account", "cents")) == {
        "available": -50_00,
        "reserved": 50_00,
    }


def test_what_is_held_for_an_application_is_its_own(
    fund: Fund, request_for_money: Application
) -> None:
    other = application(fund)
    act_on(request_for_money, Act.RESERVE, 100_00)
    act_on(other, Act.RESERVE, 30_00)
    act_on(other, Act.PAY, 20_00)
    assert ledger.held_for(request_for_money)[Account.RESERVED] == 100_00
    assert ledger.held_for(other) == {
        Account.RESERVED: 10_00,
        Account.PAID: 20_00,
        Account.RETURNED: 0,
        Account.RECOVERED: 0,
    }


# --- What is refused ---


def test_more_than_there_is_cannot_be_promised(fund: Fund, request_for_money: Application) -> None:
    with pytest.raises(NotEnough):
        act_on(request_for_money, Act.RESERVE, 1_000_01)
    act_on(request_for_money, Act.RESERVE, 1_000_00)
    with pytest.raises(NotEnough):
        act_on(request_for_money, Act.RESERVE, 1)
    assert ledger.balances(fund)[Account.AVAILABLE] == 0
    assert Posting.objects.count() == 2


def test_one_application_is_not_paid_from_what_was_promised_to_another(
    fund: Fund, request_for_money: Application
) -> None:
    act_on(application(fund), Act.RESERVE, 500_00)
    act_on(request_for_money, Act.RESERVE, 10_00)
    for act in (Act.PAY, Act.RELEASE):
        with pytest.raises(NotEnoughHeld):
            act_on(request_for_money, act, 10_01)
    act_on(request_for_money, Act.PAY, 10_00)


@pytest.mark.parametrize(
    "cents", [0, -1, MOST_CENTS + 1, 10**12, 1.0, 12.5, "12", None, True, float("nan"), 1e9]
)
def test_what_is_no_amount_of_cents_never_reaches_the_ledger(fund: Fund, cents: Any) -> None:
    with pytest.raises(ValueError, match="Not an amount"):
        post(fund=fund, act=Act.DEPOSIT, cents=cents, key=key())
    assert Posting.objects.count() == 1


def test_an_act_names_what_it_is_about(fund: Fund, request_for_money: Application) -> None:
    with pytest.raises(ValueError, match="deposit"):
        post(fund=fund, act=Act.RESERVE, cents=1, key=key())
    with pytest.raises(ValueError, match="deposit"):
        post(fund=fund, act=Act.DEPOSIT, cents=1, key=key(), application=request_for_money)
    with pytest.raises(ValueError, match="reverse"):
        post(fund=fund, act=Act.REVERSAL, cents=1, key=key())
    with pytest.raises(ValueError, match="steal"):
        post(fund=fund, act="steal", cents=1, key=key())
    with pytest.raises(ValueError, match="no key"):
        post(fund=fund, act=Act.DEPOSIT, cents=1, key="")
    with pytest.raises(ValueError, match="too long"):
        post(fund=fund, act=Act.DEPOSIT, cents=1, key="x" * 101)


def test_last_years_fund_pays_nothing_of_this_year(
    fund: Fund, request_for_money: Application
) -> None:
    before = councils.fund(fund.council, year=fund.year - 1)
    post(fund=before, act=Act.DEPOSIT, cents=100_00, key=key())
    with pytest.raises(ValueError, match="another fund"):
        post(fund=before, act=Act.RESERVE, cents=1, key=key(), application=request_for_money)


def test_a_refusal_inside_a_larger_act_leaves_nothing_behind(
    fund: Fund, request_for_money: Application
) -> None:
    def grant_too_much() -> None:
        with transaction.atomic():
            act_on(request_for_money, Act.RESERVE, 900_00)
            act_on(request_for_money, Act.RESERVE, 200_00)

    with pytest.raises(NotEnough):
        grant_too_much()
    assert ledger.balances(fund)[Account.AVAILABLE] == 1_000_00
    assert ledger.differences(fund) == []


# --- Doing it twice is doing it once ---


def test_the_same_act_with_the_same_key_is_done_once(
    fund: Fund, request_for_money: Application
) -> None:
    first = act_on(request_for_money, Act.RESERVE, 700_00, key="grant-1")
    again = act_on(request_for_money, Act.RESERVE, 700_00, key="grant-1", note="Again")
    assert first.pk == again.pk
    assert again.note == ""
    assert ledger.balances(fund)[Account.RESERVED] == 700_00


def test_a_key_that_named_something_else_is_refused(
    fund: Fund, request_for_money: Application
) -> None:
    act_on(request_for_money, Act.RESERVE, 10_00, key="grant-1")
    act_on(application(fund), Act.RESERVE, 10_00)
    elsewhere = councils.fund(fund.council, year=fund.year + 1)
    others: list[Callable[[], Posting]] = [
        lambda: act_on(request_for_money, Act.RESERVE, 10_01, key="grant-1"),
        lambda: act_on(request_for_money, Act.PAY, 10_00, key="grant-1"),
        lambda: act_on(request_for_money, Act.DEPOSIT, 10_00, key="grant-1"),
        lambda: act_on(application(fund), Act.RESERVE, 10_00, key="grant-1"),
        lambda: post(fund=elsewhere, act=Act.DEPOSIT, cents=10_00, key="grant-1"),
        lambda: reverse(posting=Posting.objects.all()[0], by=None, note="", key="grant-1"),
    ]
    for other in others:
        with pytest.raises(KeyReused):
            other()
    assert ledger.differences(fund) == []


# --- Corrections ---


def test_a_posting_is_undone_by_its_opposite(fund: Fund, request_for_money: Application) -> None:
    before = ledger.balances(fund)
    wrong = act_on(request_for_money, Act.RESERVE, 10_00)
    undone = reverse(posting=wrong, by=None, note="A slip", key="undo")
    assert undone.act == Act.REVERSAL
    assert wrong.reversed_by == undone
    assert undone.application == request_for_money
    assert ledger.balances(fund) == ledger.recompute(fund) == before
    assert reverse(posting=wrong, by=None, note="A slip", key="undo").pk == undone.pk


def test_a_posting_is_undone_once_and_a_reversal_never(
    fund: Fund, request_for_money: Application
) -> None:
    wrong = act_on(request_for_money, Act.RESERVE, 10_00)
    undone = reverse(posting=wrong, by=None, note="", key=key())
    for posting in (wrong, undone):
        with pytest.raises(CannotReverse):
            reverse(posting=posting, by=None, note="", key=key())


def test_what_has_gone_on_cannot_be_undone(fund: Fund, request_for_money: Application) -> None:
    deposit = Posting.objects.get(fund=fund)
    promise = act_on(request_for_money, Act.RESERVE, 10_00)
    act_on(application(fund), Act.RESERVE, 10_00)
    with pytest.raises(NotEnough):
        reverse(posting=deposit, by=None, note="", key=key())
    act_on(request_for_money, Act.PAY, 10_00)
    with pytest.raises(NotEnoughHeld):
        reverse(posting=promise, by=None, note="", key=key())


# --- What the models and the database refuse ---


def test_the_models_refuse_to_change_or_delete_what_is_on_the_ledger(fund: Fund) -> None:
    posting = Posting.objects.get(fund=fund)
    for row in (posting, posting.entries.first()):
        with pytest.raises(AppendOnly):
            row.save()
        with pytest.raises(AppendOnly):
            row.delete()
    for rows in (Posting.objects.all(), Entry.objects.all()):
        with pytest.raises(AppendOnly):
            rows.delete()
    with pytest.raises(AppendOnly):
        Posting.objects.update(note="x")
    with pytest.raises(AppendOnly):
        Entry.objects.update(cents=1)


def change_on_record(request: Application) -> StageChange:
    return StageChange.objects.create(
        application=request, act="hand_in", from_stage="draft", to_stage="submitted"
    )


def test_the_models_refuse_to_change_what_happened(request_for_money: Application) -> None:
    row = change_on_record(request_for_money)
    with pytest.raises(RecordIsKept):
        row.save()
    with pytest.raises(RecordIsKept):
        row.delete()
    with pytest.raises(RecordIsKept):
        StageChange.objects.update(reason="x")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE budgets_posting SET note = 'other'",
        "UPDATE budgets_posting SET made_at = '2020-01-01 00:00:00'",
        "UPDATE budgets_entry SET cents = cents",
        "UPDATE budgets_entry SET cents = 2 * cents",
        "UPDATE budgets_stagechange SET reason = 'other'",
    ],
)
def test_the_database_itself_refuses_a_change(
    request_for_money: Application, statement: str
) -> None:
    change_on_record(request_for_money)
    with (
        pytest.raises(IntegrityError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.postgresql
@pytest.mark.parametrize("table", ["budgets_entry", "budgets_posting", "budgets_stagechange"])
def test_the_database_itself_refuses_a_deletion(request_for_money: Application, table: str) -> None:
    change_on_record(request_for_money)
    with (
        pytest.raises(IntegrityError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([], "two entries"),
        ([("available", 5)], "two entries"),
        ([("available", 5), ("source", -4)], "sum to zero"),
        ([("available", 5), ("reserved", 5), ("source", -9)], "sum to zero"),
    ],
)
def test_the_database_itself_refuses_a_group_that_is_not_whole(
    fund: Fund, entries: list[tuple[str, int]], why: str
) -> None:
    @transaction.atomic
    def close() -> None:
        for account, cents in entries:
            insert_entry(identity, account, cents)
        insert_posting(identity, fund)

    identity = uuid.uuid4()
    with pytest.raises(IntegrityError, match=why):
        close()
    assert Posting.objects.count() == 1


def test_the_database_takes_a_group_that_is_whole(fund: Fund) -> None:
    identity = uuid.uuid4()
    with transaction.atomic():
        insert_entry(identity, "available", 9)
        insert_entry(identity, "reserved", -4)
        insert_entry(identity, "source", -5)
        insert_posting(identity, fund)
    assert Posting.objects.get(pk=identity).entries.count() == 3


def test_the_database_itself_refuses_an_entry_in_a_closed_group(fund: Fund) -> None:
    posting = Posting.objects.get(fund=fund)
    for add in (
        lambda: insert_entry(posting.pk, "paid", 5),
        lambda: Entry.objects.create(posting=posting, account="paid", cents=5),
    ):
        with pytest.raises(IntegrityError, match="takes no more"), transaction.atomic():
            add()


@pytest.mark.parametrize(
    ("account", "cents"), [("available", 0), ("pocket", 5)], ids=["nothing", "unknown account"]
)
def test_the_database_itself_refuses_an_entry_without_sense(account: str, cents: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_entry(uuid.uuid4(), account, cents)


def test_the_database_itself_refuses_a_balance_below_zero(fund: Fund) -> None:
    with pytest.raises(IntegrityError, match="balance_is_not_below_zero"), transaction.atomic():
        Balance.objects.filter(fund=fund, account="available").update(cents=-1)


def test_the_database_itself_refuses_to_undo_a_posting_twice(
    fund: Fund, request_for_money: Application
) -> None:
    wrong = act_on(request_for_money, Act.RESERVE, 10_00)
    reverse(posting=wrong, by=None, note="", key=key())
    second = Posting(fund=fund, act=Act.REVERSAL, reverses=wrong, key=key())
    Entry.objects.create(posting_id=second.pk, account="available", cents=1)
    Entry.objects.create(posting_id=second.pk, account="reserved", cents=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)
    with pytest.raises(IntegrityError):
        connection.check_constraints()
    transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_entries_without_a_posting_fail_at_the_end_of_the_transaction() -> None:
    def leave_a_group_open() -> None:
        with transaction.atomic():
            insert_entry(identity, "available", 5)
            insert_entry(identity, "source", -5)
            reached.append("the end")

    identity = uuid.uuid4()
    reached: list[str] = []
    with pytest.raises(IntegrityError):
        leave_a_group_open()
    assert reached == ["the end"]
    assert not Entry.objects.filter(posting_id=identity).exists()


# --- Any order of acts ---

ACTS = st.one_of(
    st.tuples(
        st.sampled_from([act for act in Act if act != Act.REVERSAL]),
        st.integers(0, 2),
        st.one_of(st.integers(1, 60), st.sampled_from([100, 1_000, MOST_CENTS])),
        st.integers(0, 25),
    ),
    st.tuples(st.just(Act.REVERSAL), st.integers(0, 30), st.just(0), st.integers(0, 25)),
)


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, max_size=40))
def test_any_order_of_acts_keeps_the_ledger_right(fund: Fund, acts: list[Any]) -> None:
    with transaction.atomic():
        requests = [application(fund) for _number in range(3)]
        for act, which, cents, name in acts:
            before = snapshot()
            balances = ledger.balances(fund)
            try:
                done(fund, requests, act, which, cents, f"key-{name}")
            except (NotEnough, KeyReused, CannotReverse):
                assert snapshot() == before
                assert ledger.balances(fund) == balances
            assert before.items() <= snapshot().items()
            holds(fund, requests)
        transaction.set_rollback(True)


def done(
    fund: Fund, requests: list[Application], act: str, which: int, cents: int, name: str
) -> None:
    if act != Act.REVERSAL:
        act_on(requests[which], act, cents, key=name)
    else:
        postings = list(Posting.objects.filter(fund=fund).order_by("made_at", "pk"))
        reverse(posting=postings[which % len(postings)], by=None, note="", key=name)


def snapshot() -> dict[Any, Any]:
    """Return every row of the ledger as it is."""
    rows = [*Posting.objects.values(), *Entry.objects.values()]
    return {row["id"]: tuple(row.items()) for row in rows}


def holds(fund: Fund, requests: list[Application]) -> None:
    balances = ledger.balances(fund)
    assert sum(balances.values()) == 0
    assert all(cents >= 0 for account, cents in balances.items() if account != Account.SOURCE)
    assert balances == ledger.recompute(fund)
    held = [ledger.held_for(request) for request in requests]
    assert all(cents >= 0 for one in held for cents in one.values())
    for account in ledger.OF_AN_APPLICATION:
        assert balances[account] == sum(one[account] for one in held)


def test_an_act_costs_the_same_queries_over_ten_years_of_work(
    fund: Fund, request_for_money: Application, django_assert_max_num_queries: Any
) -> None:
    for _number in range(2):
        for _again in range(10):
            act_on(request_for_money, Act.RESERVE, 1)
        with django_assert_max_num_queries(14):
            act_on(request_for_money, Act.PAY, 1)


# --- At the same moment ---


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_thousand_grants_at_once_never_overspend() -> None:
    fund = filled(300_00)
    requests = [application(fund) for _number in range(10)]

    def grant(number: int) -> bool:
        try:
            act_on(requests[number % 10], Act.RESERVE, 1_00, key=f"grant-{number}")
        except NotEnough:
            return False
        return True

    granted = at_once(
        [
            lambda caller=caller: sum(grant(number) for number in range(caller, 1000, 25))
            for caller in range(25)
        ]
    )
    assert sum(granted) == 300
    assert ledger.balances(fund)[Account.AVAILABLE] == 0
    assert ledger.balances(fund)[Account.RESERVED] == 300_00
    assert ledger.differences(fund) == []
    assert Posting.objects.filter(fund=fund, act=Act.RESERVE).count() == 300


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_one_application_that_is_paid_by_two_dozen_at_once_is_paid_what_it_holds() -> None:
    fund = filled(1_000_00)
    request, other = application(fund), application(fund)
    act_on(other, Act.RESERVE, 500_00)
    act_on(request, Act.RESERVE, 50_00)
    results = at_once([lambda: act_on(request, Act.PAY, 10_00) for _number in range(CALLERS)])
    assert sum(isinstance(one, Posting) for one in results) == 5
    assert sum(isinstance(one, NotEnoughHeld) for one in results) == CALLERS - 5
    assert ledger.held_for(request)[Account.RESERVED] == 0
    assert ledger.differences(fund) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_same_act_by_two_dozen_at_once_is_done_once() -> None:
    fund = filled(1_000_00)
    request = application(fund)
    results = at_once(
        [
            lambda: act_on(request, Act.RESERVE, 10_00, key="the-same")
            for _number in range(CALLERS + 1)
        ]
    )
    assert len({one.pk for one in results}) == 1
    assert ledger.balances(fund)[Account.RESERVED] == 10_00


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_key_used_for_many_funds_at_once_names_one_act() -> None:
    council = councils.council(members=3)
    funds = [councils.fund(council, year=2030 + number) for number in range(CALLERS)]
    results = at_once(
        [
            lambda fund=fund: post(fund=fund, act=Act.DEPOSIT, cents=1, key="the-same")
            for fund in funds
        ]
    )
    assert sum(isinstance(one, Posting) for one in results) == 1
    assert sum(isinstance(one, KeyReused) for one in results) == CALLERS - 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_posting_that_two_dozen_undo_at_once_is_undone_once() -> None:
    fund = filled(1_000_00)
    request = application(fund)
    wrong = act_on(request, Act.RESERVE, 10_00)
    act_on(request, Act.RESERVE, 500_00)
    results = at_once(
        [
            lambda name=f"undo-{number}": reverse(posting=wrong, by=None, note="", key=name)
            for number in range(CALLERS)
        ]
    )
    assert sum(isinstance(one, Posting) for one in results) == 1
    assert sum(isinstance(one, CannotReverse) for one in results) == CALLERS - 1
    assert ledger.balances(fund)[Account.RESERVED] == 500_00


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_nobody_slips_an_entry_into_a_group_that_another_is_closing() -> None:
    fund = filled(1_000_00)
    identity = uuid.uuid4()

    def close() -> None:
        with transaction.atomic():
            insert_entry(identity, "available", 5)
            insert_entry(identity, "source", -5)
            insert_posting(identity, fund)

    def slip_in() -> None:
        with transaction.atomic():
            insert_entry(identity, "paid", 7)

    results = at_once([slip_in] * 10 + [close] + [slip_in] * 10)
    assert [one for one in results if one is None] == [None]
    assert Posting.objects.get(pk=identity).entries.count() == 2
