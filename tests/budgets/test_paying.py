"""Orders, the eyes that look at them, and the file in which finance tells what it paid."""

import datetime

import pytest
from django.utils import timezone, translation

from accounts.models import User
from budgets import ledger
from budgets.actions import deciding, paying
from budgets.actions.deciding import ApprovedBefore
from budgets.actions.paying import OrderedBefore, approve_order, prepare_order
from budgets.audit import audit
from budgets.models import Account, Application, Fund, PaymentImport, PaymentOrder, Stage
from budgets.payments_file import MAX_FILE_BYTES, MAX_ROWS, NotAPaymentsFile, read_rows
from budgets.standpoint import Standpoint
from contributions.actions import NotAllowed, NotPossibleNow
from jongerenraad.actions.members import change_office
from jongerenraad.models import Council, Membership, Office
from tests import councils, money
from tests.budgets import doing

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def council() -> Council:
    return councils.council()


@pytest.fixture
def fund(council: Council) -> Fund:
    return money.filled(council)


def holder(council: Council, office: str = Office.CHAIR) -> User:
    return councils.holder(council, office)


def members(council: Council) -> list[User]:
    """Return the ordinary members."""
    return councils.electorate(council)[3:]


def ordered(council: Council, cents: int = 500_00) -> PaymentOrder:
    application = money.application(council, Stage.ORDERED, cents=cents)
    return PaymentOrder.objects.get(application=application)


def stage_of(order: PaymentOrder) -> str:
    return doing.fresh(order.application).stage


# --- Two pairs of eyes ---


def test_the_treasurer_prepares_once_and_never_approves(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.AGREED)
    treasurer = holder(council, Office.TREASURER)
    prepare_order(application=application, by=treasurer)
    with pytest.raises(OrderedBefore):
        prepare_order(application=application, by=treasurer)
    with pytest.raises(NotAllowed):
        approve_order(application=application, by=treasurer)


def test_who_prepared_does_not_approve_in_another_office_either(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.AGREED)
    treasurer = holder(council, Office.TREASURER)
    prepare_order(application=application, by=treasurer)
    seat = treasurer.memberships.get()
    doing.vacate(council, Office.CHAIR)
    doing.end(seat)
    councils.seated(seat.seat, term=seat.term, office=Office.CHAIR, person=treasurer)
    with pytest.raises(NotAllowed):
        approve_order(application=application, by=treasurer)


def test_one_approval_does_up_to_the_limit_and_two_above_it(council: Council) -> None:
    money.filled(council, two_approvals_above=500_00)
    for cents, first_is_enough in ((500_00, True), (500_01, False)):
        application = money.application(council, Stage.AGREED, cents=cents)
        prepare_order(application=application, by=holder(council, Office.TREASURER))
        assert approve_order(application=application, by=holder(council)) is first_is_enough
        if not first_is_enough:
            with pytest.raises(ApprovedBefore):
                approve_order(application=application, by=holder(council))
            assert approve_order(application=application, by=holder(council, Office.SECRETARY))
        assert doing.fresh(application).stage == Stage.ORDERED


def test_nobody_approves_what_was_not_prepared_or_was_approved(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.AGREED)
    with pytest.raises(NotPossibleNow):
        approve_order(application=application, by=holder(council))
    money.order(application)
    with pytest.raises(NotPossibleNow):
        approve_order(application=application, by=holder(council, Office.SECRETARY))


def test_a_member_does_not_stand_in_while_chair_and_secretary_are_there(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.AGREED)
    prepare_order(application=application, by=holder(council, Office.TREASURER))
    with pytest.raises(NotAllowed):
        approve_order(application=application, by=members(council)[0])


def test_a_member_stands_in_for_a_chair_who_asks_and_the_secretary_approves_too(
    council: Council,
) -> None:
    money.filled(council, two_approvals_above=0)
    chair = holder(council)
    application = money.application(council, Stage.AGREED, author=chair)
    prepare_order(application=application, by=holder(council, Office.TREASURER))
    first, second = members(council)
    with pytest.raises(NotAllowed):
        approve_order(application=application, by=chair)
    assert not approve_order(application=application, by=first)
    with pytest.raises(NotAllowed):
        # The secretary is there: one member stands in for one officer.
        approve_order(application=application, by=second)
    assert approve_order(application=application, by=holder(council, Office.SECRETARY))


def test_two_members_stand_in_where_the_chair_asks_and_the_secretary_left(
    council: Council,
) -> None:
    money.filled(council, two_approvals_above=0)
    application = money.application(council, Stage.AGREED, author=holder(council))
    prepare_order(application=application, by=holder(council, Office.TREASURER))
    first, second = members(council)
    doing.vacate(council, Office.SECRETARY)
    assert not approve_order(application=application, by=first)
    with pytest.raises(ApprovedBefore):
        approve_order(application=application, by=first)
    assert approve_order(application=application, by=second)


def test_the_secretary_prepares_what_the_treasurer_asks_and_then_does_not_approve(
    council: Council,
) -> None:
    money.filled(council, two_approvals_above=0)
    treasurer, secretary = holder(council, Office.TREASURER), holder(council, Office.SECRETARY)
    application = money.application(council, Stage.AGREED, author=treasurer)
    with pytest.raises(NotAllowed):
        prepare_order(application=application, by=treasurer)
    prepare_order(application=application, by=secretary)
    with pytest.raises(NotAllowed):
        approve_order(application=application, by=secretary)
    assert not approve_order(application=application, by=holder(council))
    assert approve_order(application=application, by=members(council)[0])


def test_an_approval_does_not_count_once_its_giver_stepped_aside(council: Council) -> None:
    money.filled(council, two_approvals_above=0)
    application = money.application(council, Stage.AGREED)
    prepare_order(application=application, by=holder(council, Office.TREASURER))
    chair = holder(council)
    assert not approve_order(application=application, by=chair)
    deciding.step_aside(
        application=application, person=chair, by=chair, ground="household", reason=""
    )
    assert not approve_order(application=application, by=holder(council, Office.SECRETARY))
    assert approve_order(application=application, by=members(council)[0])


def test_what_was_withdrawn_after_it_was_prepared_is_not_ordered(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.AGREED)
    prepare_order(application=application, by=holder(council, Office.TREASURER))
    assert doing.try_it("take_back", application, application.author) is None
    with pytest.raises(NotPossibleNow):
        approve_order(application=application, by=holder(council))
    assert paying.hand_over(council=council, by=money.office()) == []
    assert ledger.balances(fund)[Account.AVAILABLE] == 40_000_00


def test_councils_whose_names_begin_the_same_have_orders_of_their_own(
    council: Council, fund: Fund
) -> None:
    other = councils.council("jongerenraad-delft")
    money.filled(other)
    numbers = {ordered(council).number, ordered(other).number, ordered(council).number}
    assert len(numbers) == 3


def test_finance_gets_each_order_once(council: Council, fund: Fund) -> None:
    order = ordered(council)
    with pytest.raises(NotAllowed):
        paying.hand_over(council=council, by=holder(council))
    assert paying.hand_over(council=council, by=money.office()) == [order]
    assert paying.hand_over(council=council, by=money.office()) == []


# --- The file ---


def day(days: int = 0) -> str:
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


def row(order: PaymentOrder, /, **told: str) -> tuple[str, str, str, str]:
    values = {
        "order": order.number,
        "amount": f"{order.cents // 100},{order.cents % 100:02d}",
        "reference": f"REF-{order.pk}",
        "date": day(),
        **told,
    }
    return values["order"], values["amount"], values["reference"], values["date"]


def read(council: Council, content: bytes) -> PaymentImport:
    with translation.override("en"):
        return paying.read_paid(
            council=council, file_name="betaald.csv", content=content, by=money.office()
        )


def read_rows_of(council: Council, *rows: tuple[str, str, str, str]) -> PaymentImport:
    return read(council, money.paid_file(*rows))


def why(run: PaymentImport) -> list[str]:
    return [one["why"] for one in run.refused]


def test_each_row_stands_for_itself_and_the_good_ones_are_paid(
    council: Council, fund: Fund
) -> None:
    first, second, third = ordered(council), ordered(council), ordered(council, 1_00)
    run = read_rows_of(
        council,
        row(first),
        ("NIETS-1", "1,00", "REF-X", day()),
        row(second, amount="500,01"),
        row(third),
    )
    assert (run.rows_read, run.rows_paid, run.rows_known) == (4, 2, 0)
    assert [one["line"] for one in run.refused] == ["3", "4"]
    assert why(run) == [
        "There is no order with this number.",
        "The order is for €\u00a0500.00, the file says €\u00a0500.01.",
    ]
    assert [stage_of(one) for one in (first, second, third)] == ["paid", "ordered", "paid"]
    assert ledger.balances(fund)[Account.PAID] == 501_00
    assert not audit(fund).faults


def test_the_same_file_read_again_changes_nothing_and_says_so(council: Council, fund: Fund) -> None:
    content = money.paid_file(row(ordered(council)), row(ordered(council)))
    read(council, content)
    balances = ledger.balances(fund)
    run = read(council, content)
    assert (run.rows_read, run.rows_paid, run.rows_known, run.refused) == (2, 0, 2, [])
    assert ledger.balances(fund) == balances


def test_an_order_twice_in_one_file_is_paid_once(council: Council, fund: Fund) -> None:
    order = ordered(council)
    run = read_rows_of(council, row(order), row(order), row(order, reference="ANDERS"))
    assert (run.rows_paid, run.rows_known) == (1, 1)
    assert why(run) == [
        f"This order was paid before, with reference REF-{order.pk}. Was it paid twice?"
    ]
    assert ledger.balances(fund)[Account.PAID] == 500_00


def test_a_reference_is_of_one_order_only(council: Council, fund: Fund) -> None:
    first, second = ordered(council), ordered(council)
    run = read_rows_of(council, row(first, reference="A"), row(second, reference="A"))
    assert run.rows_paid == 1
    assert why(run) == ["This reference belongs to another order already."]
    assert stage_of(second) == Stage.ORDERED
    # With its own reference it is paid all the same.
    assert read_rows_of(council, row(second, reference="B")).rows_paid == 1


def test_an_order_of_another_council_is_unknown(council: Council, fund: Fund) -> None:
    other = councils.council("partnerraad")
    money.filled(other)
    run = read_rows_of(council, row(theirs := ordered(other)))
    assert why(run) == ["There is no order with this number."]
    assert stage_of(theirs) == Stage.ORDERED


def test_what_was_not_approved_is_not_paid(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.AGREED)
    order = prepare_order(application=application, by=holder(council, Office.TREASURER))
    assert why(read_rows_of(council, row(order))) == ["This order was not approved."]


def test_a_day_that_has_to_come_or_came_too_early_is_refused(council: Council, fund: Fund) -> None:
    order = ordered(council)
    run = read_rows_of(
        council, row(order, date=day(1)), row(order, date=day(-1)), row(order, date="0001-01-01")
    )
    assert why(run) == [
        "The day of payment still has to come.",
        "The day of payment comes before the day of approval.",
        "The day of payment comes before the day of approval.",
    ]


@pytest.mark.parametrize(
    "date",
    ["2026-02-30", "30-02-2026", "2026-13-01", "2026-00-00", "31/12/2026", "vandaag", "",
     "20261231", "2026-1-1", "99999-01-01", "0000-01-01", "2026-01-01T00:00", "-2026-01-01"],
)  # fmt: skip
def test_a_day_that_is_none_is_refused(date: str) -> None:
    assert said(date=date) == "Write the date of payment as 2026-03-31."


def test_a_day_may_be_written_the_dutch_way() -> None:
    (read,) = read_rows(money.paid_file(("A-1", "1,00", "R", "31-3-2026")))
    assert read.date == datetime.date(2026, 3, 31)


def said(**told: str) -> str:
    """Return why a row with one odd cell is refused."""
    values = {"order": "A-1", "amount": "1,00", "reference": "R", "date": "2026-03-31", **told}
    cells = tuple(f'"{value}"' for value in values.values())
    with translation.override("en"):
        (found,) = read_rows(money.paid_file(cells))
    return getattr(found, "why", "")


@pytest.mark.parametrize(
    "amount",
    ["-1,00", "0", "0,00", "NaN", "Infinity", "1e9", "1E2", "999999999999", "1.250", "1,234",
     "1,00,00", "", "een", "€", "0x10", "1_000", "=1+1", "١٢"],
)  # fmt: skip
def test_an_amount_that_is_none_is_refused_with_a_sentence(amount: str) -> None:
    assert said(amount=amount).endswith(".")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"order": ""}, "The number of the order is missing."),
        ({"order": " \t"}, "The number of the order is missing."),
        ({"reference": ""}, "The reference of the payment is missing."),
        ({"reference": "\u202e"}, "The reference of the payment is missing."),
        ({"reference": "R" * 61}, "The reference of the payment is too long."),
        ({"reference": "R" * 60}, ""),
    ],
)
def test_a_row_says_what_it_lacks(told: dict[str, str], sentence: str) -> None:
    assert said(**told) == sentence


def test_a_cell_that_a_spreadsheet_would_calculate_is_only_text(
    council: Council, fund: Fund
) -> None:
    order = ordered(council)
    run = read_rows_of(
        council,
        row(order, order='=HYPERLINK("x")'.replace('"', "")),
        row(order, reference="=cmd|' /C calc'!A0", order="'" + order.number),
    )
    assert run.rows_paid == 1
    assert why(run) == ["There is no order with this number."]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\xef\xbb\xbf",
        "order;amount;reference;date\nA;1,00;caf\u00e9;2026-01-01".encode("latin-1"),
        "order;amount;reference;date".encode("utf-16"),
        bytes(range(256)) * 10,
        b"PK\x03\x04" + b"\0" * 100,
        b"order;amount;reference\nA;1,00;R",
        b"number;sum;mark;day\nA;1,00;R;2026-01-01",
        b"\0order;amount;reference;date\nA;1,00;R;2026-01-01",
        b'order;amount;reference;date\n"A;1,00;R;2026-01-01',
        b"order;amount;reference;date\n" + b"A" * 200_000 + b";1,00;R;2026-01-01",
        b"order;amount;reference;date\n" + b"A;1,00;R;2026-01-01\n" * MAX_ROWS,
        b"order;amount;reference;date\n" + b" " * MAX_FILE_BYTES,
    ],
    ids=lambda content: f"{content[:12]!r} {len(content)}",
)
def test_a_file_that_is_none_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(NotAPaymentsFile):
        read_rows(content)


@pytest.mark.parametrize(
    "content",
    [
        b"order;amount;reference;date\nA-1;1,00;R;2026-03-31",
        b"\xef\xbb\xbforder;amount;reference;date\r\nA-1;1,00;R;2026-03-31\r\n\r\n",
        b'order,amount,reference,date\nA-1,"1,00",R,2026-03-31',
        b"datum;kenmerk;BEDRAG ; opdracht;iban\n31-03-2026;R;1.00;A-1;x",
        b"order;amount;reference;date\rA-1;1,00;R;2026-03-31",
        b"order;amount;reference;date\nA\0-1;1,00;R\0;2026-03-31",
        b"order;amount;reference;date\nA-1;1,00;R;2026-03-31" + b";x" * 10_000,
        b'order;amount;reference;date\n"A-1\n";1,00;"R";2026-03-31',
    ],
)
def test_a_file_is_read_as_spreadsheets_write_it(content: bytes) -> None:
    (read,) = read_rows(content)
    assert (read.order, read.cents, read.reference) == ("A-1", 1_00, "R")
    assert read.date == datetime.date(2026, 3, 31)


def test_a_row_with_too_few_cells_is_refused_alone() -> None:
    rows = read_rows(b"order;amount;reference;date\nA-1\n;;;\nA-2;1,00;R;2026-03-31")
    assert [type(one).__name__ for one in rows] == ["Refusal", "PaidRow"]
    assert [one.line for one in rows] == [2, 4]


def test_as_many_rows_as_may_be_are_counted_and_named_up_to_a_number(
    council: Council, fund: Fund
) -> None:
    rows = [("NIETS", "1,00", f"R{number}", "2026-01-01") for number in range(700)]
    run = read_rows_of(council, *rows)
    assert run.rows_read == 700
    assert len(run.refused) == paying.MOST_REFUSALS


def test_only_the_office_reads_a_file_and_a_heading_alone_pays_nothing(
    council: Council, fund: Fund
) -> None:
    with pytest.raises(NotAllowed):
        paying.read_paid(
            council=council, file_name="x", content=money.paid_file(), by=holder(council)
        )
    run = read_rows_of(council)
    assert (run.rows_read, run.rows_paid) == (0, 0)


def test_the_report_is_promised_from_the_last_day_or_from_a_late_payment(
    council: Council, fund: Fund
) -> None:
    today = timezone.localdate()
    later = today + datetime.timedelta(days=20)
    application = money.application(council, Stage.PAID, ends_date=later)
    assert application.report_due_date == later + datetime.timedelta(days=30)
    late = money.application(council, Stage.ORDERED)
    long_ago = today - datetime.timedelta(days=90)
    Application.objects.filter(pk=late.pk).update(starts_date=long_ago, ends_date=long_ago)
    money.pay(late)
    assert doing.fresh(late).report_due_date == today + datetime.timedelta(days=30)


def test_a_member_approves_where_the_secretary_signed_and_became_the_chair(
    council: Council, fund: Fund
) -> None:
    """Neither can sign then: the chair did, and the office of the secretary did."""
    application = money.application(council, Stage.AGREED, cents=2_000_00)
    secretary, member = holder(council, Office.SECRETARY), members(council)[0]
    prepare_order(application=application, by=holder(council, Office.TREASURER))
    approve_order(application=application, by=secretary)
    office = money.office()
    doing.vacate(council, Office.CHAIR)
    for person, into in ((secretary, Office.CHAIR), (member, Office.SECRETARY)):
        seat = Membership.objects.current(timezone.now()).get(person=person)
        change_office(membership=seat, office=into, by=office)
    for person in (secretary, member):
        with pytest.raises(ApprovedBefore):
            approve_order(application=application, by=person)
    able = members(council)[0]
    assert Standpoint.of(able, doing.fresh(application), timezone.now()).may_approve
    assert approve_order(application=application, by=able)
