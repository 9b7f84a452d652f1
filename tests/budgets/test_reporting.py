"""Telling what came of it: the report, the receipts, what is left, and what is claimed back."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from budgets import documents, ledger
from budgets.actions import reporting
from budgets.actions.reporting import (
    AmountDoesNotFit,
    NotBegunYet,
    ReceiptOfAnother,
    ReferenceMissing,
    ReportUnfinished,
    SameReceipt,
)
from budgets.audit import audit
from budgets.models import Account, Application, Fund, Receipt, Stage
from contributions.actions import NotPossibleNow, publish, send_back
from contributions.forms import PicturesForm
from contributions.models import Status
from jongerenraad.models import Council, Office
from tests import councils, money, scenes
from tests.budgets import doing

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def council() -> Council:
    return councils.council()


@pytest.fixture
def fund(council: Council) -> Fund:
    return money.filled(council, 10_000_00)


def holder(of: Application, office: str = Office.TREASURER) -> User:
    return councils.holder(of.fund.council, office)


def photo(colour: str = "white") -> documents.Drawn:
    return documents.draw(scenes.picture_file(colour=colour, size=(300, 400)))


def add(of: Application, cents: int, drawn: documents.Drawn | None = None) -> Receipt:
    return reporting.add_receipt(
        application=of, by=of.author, drawn=drawn or photo(), description="Ballen", cents=cents
    )


def returned(of: Application) -> int:
    return ledger.balances(of.fund)[Account.RETURNED]


def hand_in(of: Application, **told: object) -> None:
    reporting.hand_in_report(application=of, by=of.author, **told)


# --- When, and with what ---


def test_nobody_reports_before_the_first_day_and_from_then_on_everybody_does(
    council: Council, fund: Fund
) -> None:
    """A plan may be over before its last day."""
    first = timezone.localdate() + datetime.timedelta(days=3)
    last = first + datetime.timedelta(days=30)
    application = money.application(council, Stage.PAID, starts_date=first, ends_date=last)
    doing.write_report(application, application.author)
    midnight = timezone.make_aware(datetime.datetime.combine(first, datetime.time()))
    with pytest.raises(NotBegunYet):
        hand_in(application, now=midnight - datetime.timedelta(seconds=1))
    hand_in(application, now=midnight)
    assert doing.fresh(application).stage == Stage.REPORTED
    ways = list(application.changes.order_by("-pk").values_list("act", "to_stage")[:2])
    assert ways == [("hand_in_report", "reported"), ("fall_due", "report_due")]


@pytest.mark.parametrize("missing", ["did", "met", "learned"])
def test_a_report_needs_each_of_its_sentences(council: Council, fund: Fund, missing: str) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    with pytest.raises(ReportUnfinished):
        hand_in(application)
    doing.write_report(application, application.author, **{missing: ""})
    with pytest.raises(ReportUnfinished):
        hand_in(application)
    assert doing.fresh(application).stage == Stage.REPORT_DUE
    doing.write_report(application, application.author)
    hand_in(application)


def test_a_report_needs_a_photo(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    form = PicturesForm({})
    assert form.is_valid()
    words = {"did": "We speelden.", "met": "Dertig.", "learned": "Meer water."}
    reporting.write_report(
        application=application, by=application.author, values=words, language="nl", form=form
    )
    with pytest.raises(ReportUnfinished):
        hand_in(application)
    doing.write_report(application, application.author)
    with pytest.raises(ReportUnfinished):
        # A form without the new photo: there is a report already, so none was sent.
        hand_in(application)


@pytest.mark.parametrize("came_back", ["from the council", "from a moderator"])
def test_a_report_that_came_back_does_not_lose_a_sentence(
    council: Council, fund: Fund, came_back: str
) -> None:
    application = money.application(council, Stage.REPORTED)
    report = application.report
    if came_back == "from the council":
        reporting.send_report_back(
            application=application, by=holder(application), reason="Welke bon?"
        )
    else:
        send_back(
            dossier=report.dossier, by=scenes.moderator(), rule=scenes.house_rule(), reason="Naam."
        )
    with pytest.raises(ReportUnfinished):
        doing.write_report(application, application.author, met="")
    report.refresh_from_db()
    assert report.met == "Dertig kinderen."


# --- Receipts ---


def test_the_same_receipt_counts_once(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    add(application, 10_00)
    with pytest.raises(SameReceipt):
        add(application, 20_00)
    assert reporting.spent(application) == 10_00
    assert application.documents.count() == 1


def test_a_receipt_of_another_plan_does_not_count_here(council: Council, fund: Fund) -> None:
    add(money.application(council, Stage.REPORT_DUE), 10_00)
    with pytest.raises(ReceiptOfAnother):
        add(money.application(council, Stage.REPORT_DUE), 10_00)


def test_a_photo_saved_anew_without_loss_is_the_same_receipt(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    add(application, 10_00, documents.draw(scenes.picture_file(encoding="PNG", size=(300, 400))))
    anew = scenes.picture_file(encoding="PNG", size=(300, 400), compress_level=1)
    with pytest.raises(SameReceipt):
        add(application, 10_00, documents.draw(anew))


def test_a_quote_is_no_receipt_yet(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    documents.keep(application, "quote", photo())
    add(application, 10_00)


def test_a_receipt_that_was_taken_away_can_come_again(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    receipt = add(application, 10_00)
    reporting.take_receipt_away(receipt=receipt, by=application.author)
    with pytest.raises(NotPossibleNow):
        reporting.take_receipt_away(receipt=receipt, by=application.author)
    add(application, 12_00)
    assert reporting.spent(application) == 12_00


def test_nobody_takes_a_receipt_out_of_a_report_that_was_handed_in(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.REPORTED)
    receipt = application.receipts.get()
    with pytest.raises(NotPossibleNow):
        reporting.take_receipt_away(receipt=receipt, by=application.author)
    with pytest.raises(NotPossibleNow):
        add(application, 1, photo("red"))


def test_forty_receipts_are_enough(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    for number in range(reporting.MAX_RECEIPTS):
        add(application, 1, documents.Drawn(b"x", str(number)))
    with pytest.raises(reporting.TooManyReceipts):
        add(application, 1, documents.Drawn(b"x", "another"))


# --- What is left ---


@pytest.mark.parametrize(
    ("spent", "left"),
    [(0, 500_00), (1, 499_99), (499_99, 1), (500_00, 0), (500_01, 0), (9_999_99, 0)],
)
def test_what_is_on_no_receipt_is_left_over_to_the_cent(
    council: Council, fund: Fund, spent: int, left: int
) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    money.report(application, spent=spent)
    assert returned(application) == left
    if left:
        with pytest.raises(ReferenceMissing):
            reporting.close_report(application=application, by=holder(application))
        assert doing.fresh(application).stage == Stage.REPORTED
    reporting.close_report(
        application=application, by=holder(application), reference="TERUG" if left else ""
    )
    assert returned(application) == 0
    assert ledger.balances(fund)[Account.AVAILABLE] == 9_500_00 + left
    assert not audit(fund).faults


def test_a_report_sent_back_is_worked_out_anew_each_time(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    money.report(application, spent=300_00)
    assert returned(application) == 200_00
    for extra, left in ((50_00, 150_00), (150_00, 0), (25_00, 0)):
        reporting.send_report_back(
            application=application, by=holder(application), reason="Een bon mist."
        )
        application.refresh_from_db()
        assert application.stage == Stage.REPORT_DUE
        assert returned(application) == 0
        assert ledger.balances(fund)[Account.PAID] == 500_00
        add(application, extra, photo(f"#0000{extra // 100:02x}"))
        doing.write_report(application, application.author)
        hand_in(application)
        assert returned(application) == left
        assert not audit(fund).faults
    assert application.changes.filter(act="send_report_back").exclude(reason="").count() == 3


# --- Claims ---


@pytest.mark.parametrize("cents", [0, -1, 500_01, 10**15])
def test_no_more_is_claimed_than_was_paid(council: Council, fund: Fund, cents: int) -> None:
    application = money.application(council, Stage.OVERDUE)
    with pytest.raises(AmountDoesNotFit):
        reporting.claim_back(
            application=application,
            by=holder(application, Office.CHAIR),
            cents=cents,
            reason="Geen verslag.",
        )
    assert doing.fresh(application).stage == Stage.OVERDUE


def test_what_is_left_over_already_is_not_claimed_as_well(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    money.report(application, spent=300_00)

    def claim(cents: int) -> None:
        reporting.claim_back(
            application=application,
            by=holder(application, Office.CHAIR),
            cents=cents,
            reason="Niet voor het plan.",
        )

    with pytest.raises(AmountDoesNotFit):
        claim(500_01)
    claim(300_00)
    balances = ledger.balances(fund)
    assert (balances[Account.RETURNED], balances[Account.RECOVERED]) == (200_00, 300_00)
    with pytest.raises(ReferenceMissing):
        # Nothing of the claim came in, but what was left over did.
        reporting.settle_claim(application=application, by=money.office(), received=0, reference="")
    reporting.settle_claim(
        application=application, by=money.office(), received=100_00, reference="TERUG"
    )
    balances = ledger.balances(fund)
    assert balances[Account.AVAILABLE] == 9_500_00 + 200_00 + 100_00
    assert balances[Account.PAID] == 200_00
    assert not audit(fund).faults


def test_what_is_left_over_and_never_came_back_is_claimed_too(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    money.report(application, spent=0)
    assert ledger.balances(fund)[Account.RETURNED] == 500_00

    reporting.claim_back(
        application=application,
        by=holder(application, Office.CHAIR),
        cents=500_00,
        reason="Er kwam niets terug.",
    )

    balances = ledger.balances(fund)
    assert (balances[Account.RETURNED], balances[Account.RECOVERED]) == (0, 500_00)
    assert not audit(fund).faults
    reporting.settle_claim(application=application, by=money.office(), received=0, reference="")
    assert ledger.balances(fund)[Account.PAID] == 500_00


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(claimed=st.integers(1, 500_00), part=st.integers(0, 100))
def check_settling(application: Application, fund: Fund, claimed: int, part: int) -> None:
    received = claimed * part // 100
    with doing.undone():
        reporting.claim_back(
            application=application,
            by=holder(application, Office.CHAIR),
            cents=claimed,
            reason="Geen verslag.",
        )
        for wrong in (-1, claimed + 1):
            with pytest.raises(AmountDoesNotFit):
                reporting.settle_claim(
                    application=application, by=money.office(), received=wrong, reference="T"
                )
        reporting.settle_claim(
            application=application, by=money.office(), received=received, reference="T"
        )
        balances = ledger.balances(fund)
        assert balances[Account.AVAILABLE] == 9_500_00 + received
        assert balances[Account.PAID] == 500_00 - received
        assert balances[Account.RECOVERED] == 0
        assert not audit(fund).faults


def test_of_a_claim_any_part_comes_in_and_the_rest_stays_spent(
    council: Council, fund: Fund
) -> None:
    check_settling(money.application(council, Stage.OVERDUE), fund)


def test_money_that_came_in_has_a_reference(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.RECOVERY)
    with pytest.raises(ReferenceMissing):
        reporting.settle_claim(application=application, by=money.office(), received=1, reference="")
    reporting.settle_claim(application=application, by=money.office(), received=0, reference="")
    assert doing.fresh(application).stage == Stage.CLOSED


def test_a_claim_is_not_closed_as_if_it_were_a_report(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.RECOVERY)
    assert isinstance(
        doing.try_it("close_report", application, holder(application)), NotPossibleNow
    )
    reported = money.application(council, Stage.REPORTED)
    assert isinstance(doing.try_it("settle_claim", reported, money.office()), NotPossibleNow)


# --- The calendar ---


def at_noon(date: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time(12)))


def test_a_plan_is_over_the_day_after_its_last_and_late_the_day_after_the_promise(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.PAID)
    last, due = application.ends_date, application.report_due_date
    a_day = datetime.timedelta(days=1)
    for date, moved, stage in (
        (last, 0, Stage.PAID),
        (last + a_day, 1, Stage.REPORT_DUE),
        (last + a_day, 0, Stage.REPORT_DUE),
        (due, 0, Stage.REPORT_DUE),
        (due + a_day, 1, Stage.OVERDUE),
        (due + a_day, 0, Stage.OVERDUE),
        (due + 400 * a_day, 0, Stage.OVERDUE),
    ):
        assert reporting.let_time_pass(now=at_noon(date)) == moved
        assert doing.fresh(application).stage == stage
    assert application.changes.filter(act__startswith="fall_").count() == 2


def test_the_day_changes_at_midnight_in_amsterdam(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORT_DUE)
    midnight = timezone.make_aware(
        datetime.datetime.combine(
            application.report_due_date + datetime.timedelta(days=1), datetime.time()
        )
    )
    assert reporting.let_time_pass(now=midnight - datetime.timedelta(seconds=1)) == 0
    assert reporting.let_time_pass(now=midnight) == 1


def test_a_year_that_nobody_looked_is_made_up_in_one_night(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.PAID)
    assert reporting.let_time_pass(now=timezone.now() + datetime.timedelta(days=365)) == 2
    assert doing.fresh(application).stage == Stage.OVERDUE


def test_a_late_report_is_asked_for_and_can_still_be_handed_in(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.OVERDUE)
    reporting.ask_for_report(application=application, by=holder(application))
    assert doing.fresh(application).asked_at is not None
    money.report(doing.fresh(application))
    assert doing.fresh(application).stage == Stage.REPORTED


def test_a_report_is_read_by_moderators_as_every_text_is(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.REPORTED)
    report = application.report
    assert report.status == Status.SUBMITTED
    publish(dossier=report.dossier, by=scenes.moderator())
    report.refresh_from_db()
    assert report.status == Status.PUBLISHED
    reporting.send_report_back(application=application, by=holder(application), reason="Bon?")
    doing.write_report(application, application.author)
    report.refresh_from_db()
    # What is being changed is not what was read.
    assert report.status == Status.WITHDRAWN
