"""manage.py ledger: agrees to the cent, or names each difference and fails."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from budgets import ledger
from budgets.audit import audit, stage_fault
from budgets.ledger import post, reverse
from budgets.models import Account, Act, Balance, Fund, Posting, Stage
from tests import councils
from tests.budgets.books import act_on, application, filled, key

pytestmark = pytest.mark.django_db


def told(*args: str, fails: bool = False, **options: Any) -> str:
    """Return what the command says, in lines with plain spaces."""
    out = io.StringIO()
    if fails:
        with pytest.raises(CommandError):
            call_command("ledger", *args, stdout=out, **options)
    else:
        call_command("ledger", *args, stdout=out, **options)
    return out.getvalue().replace("\u00a0", " ")


@pytest.fixture
def fund() -> Fund:
    """Return a fund with an application at every kind of stage, as the acts leave them."""
    made = filled(40_000_00)
    application(made)
    application(made, stage=Stage.SUBMITTED)
    application(made, stage=Stage.DECLINED)
    ways = {
        Stage.GRANTED: [],
        Stage.ORDERED: [],
        Stage.PAID: [(Act.PAY, 100_00)],
        Stage.OVERDUE: [(Act.PAY, 100_00)],
        Stage.REPORTED: [(Act.PAY, 100_00), (Act.GIVE_BACK, 12_34)],
        Stage.RECOVERY: [(Act.PAY, 100_00), (Act.CLAIM, 40_00)],
        Stage.CLOSED: [(Act.PAY, 100_00), (Act.GIVE_BACK, 5_01), (Act.RECEIVE_BACK, 5_01)],
    }
    for stage, acts in ways.items():
        request = application(made, stage=stage, granted=100_00)
        act_on(request, Act.RESERVE, 100_00)
        for act, cents in acts:
            act_on(request, act, cents)
    return made


def test_a_fund_that_is_right_takes_one_line(fund: Fund) -> None:
    assert told() == (
        f"{fund}: € 40,000.00 put in = available € 39,305.01, reserved € 200.00, "
        "paid € 442.65, returned € 12.34, recovered € 40.00 (17 postings): agrees\n"
    )


def test_the_command_takes_one_council_and_one_year(fund: Fund) -> None:
    councils.fund(fund.council, year=fund.year + 1)
    other = councils.fund(councils.council("partnerraad", members=3))
    assert len(told().splitlines()) == 3
    assert len(told("--council", "jongerenraad").splitlines()) == 2
    assert told("--council", "partnerraad").startswith(f"{other}: € 0.00 put in")
    assert len(told("--year", str(fund.year)).splitlines()) == 2
    assert len(told("--council", "jongerenraad", "--year", str(fund.year)).splitlines()) == 1


def test_without_funds_there_is_nothing_to_say_and_a_fund_that_is_not_there_fails() -> None:
    assert told() == ""
    assert told("--year", "1999", fails=True) == ""
    assert told("--council", "nobody", fails=True) == ""


def test_a_balance_that_is_a_cent_off_is_named(fund: Fund) -> None:
    Balance.objects.filter(fund=fund, account="available").update(cents=39_305_02)
    said = told(fails=True)
    assert ": 1 differences\n" in said
    assert "  - available: the balance is € 39,305.02, its entries say € 39,305.01\n" in said
    assert ledger.differences(fund) == [(Account.AVAILABLE, 39_305_02, 39_305_01)]


def test_a_balance_that_is_not_there_is_named(fund: Fund) -> None:
    Balance.objects.filter(fund=fund, account="paid").delete()
    assert "paid: the balance is € 0.00, its entries say € 442.65" in told(fails=True)


def test_an_application_that_is_not_where_its_money_is_is_named(fund: Fund) -> None:
    request = application(fund, stage=Stage.GRANTED, granted=100_00)
    assert (
        f"  - application {request.pk} (granted), granted € 100.00: reserved € 0.00, paid € 0.00,"
        " returned € 0.00, recovered € 0.00; exactly what was granted should be promised\n"
    ) in told(fails=True)
    posting = act_on(request, Act.RESERVE, 100_00)
    told()
    reverse(posting=posting, by=None, note="", key=key())
    told(fails=True)


def test_a_group_that_got_past_the_triggers_is_named(fund: Fund) -> None:
    connection.check_constraints()  # PostgreSQL changes no table that it still has to check
    with connection.cursor() as cursor:
        on = " ON {}" if connection.vendor == "postgresql" else ""
        for trigger, table in (
            ("budgets_entry_group_is_open", "budgets_entry"),
            ("budgets_posting_group_is_whole", "budgets_posting"),
        ):
            cursor.execute(f"DROP TRIGGER {trigger}{on.format(table)}")
    posting = Posting.objects.filter(act=Act.DEPOSIT).get()
    posting.entries.create(account="paid", cents=3)
    elsewhere = councils.fund(fund.council, year=fund.year + 1)
    astray = Posting(fund=elsewhere, application=application(fund), act=Act.RESERVE, key="astray")
    astray.save(force_insert=True)
    faults = [fault.replace("\u00a0", " ") for fault in audit(fund).faults]
    assert f"posting {posting.key}: 3 entries that sum to € 0,03" in faults
    assert "of no application: reserved € 0,00, paid € 0,03, returned € 0,00, recovered € 0,00; " \
        "everything promised should be of one" in faults  # fmt: skip
    faults = [fault.replace("\u00a0", " ") for fault in audit(elsewhere).faults]
    assert "posting astray: 0 entries that sum to € 0,00" in faults
    assert "posting astray: about an application for another fund" in faults


@pytest.mark.parametrize("stage", Stage)
def test_each_stage_says_what_is_held(stage: Stage) -> None:
    """Try every way in which 3 cents can lie on the four accounts, or be gone from them."""
    for reserved in range(4):
        for paid in range(4):
            for returned in range(4):
                for recovered in range(4):
                    held = {
                        Account.RESERVED: reserved,
                        Account.PAID: paid,
                        Account.RETURNED: returned,
                        Account.RECOVERED: recovered,
                    }
                    amounts = (reserved, paid, returned, recovered)
                    assert (stage_fault(stage, 3, held) == "") == is_right(stage, *amounts)


def is_right(stage: Stage, reserved: int, paid: int, returned: int, recovered: int) -> bool:
    if stage in ("granted", "partly_granted", "agreed", "ordered"):
        return reserved == 3 and paid + returned + recovered == 0
    if stage in ("paid", "report_due", "overdue"):
        return paid == 3 and reserved + returned + recovered == 0
    if stage == "reported":
        return paid + returned == 3 and reserved + recovered == 0
    if stage == "recovery":
        return paid + returned + recovered == 3 and reserved == 0
    if stage == "closed":
        return paid <= 3 and reserved + returned + recovered == 0
    return reserved + paid + returned + recovered == 0


def test_an_audit_takes_the_same_queries_however_much_there_is(
    fund: Fund, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(10):
        audit(fund)
    for _number in range(5):
        request = application(fund, stage=Stage.GRANTED, granted=1_00)
        act_on(request, Act.RESERVE, 1_00)
        post(fund=fund, act=Act.DEPOSIT, cents=1, key=key())
    with django_assert_num_queries(10):
        assert audit(fund).faults == []
