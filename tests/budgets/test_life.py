"""An application from the idea to the closed report, and every stage on the way."""

import pytest

from budgets import ledger
from budgets.audit import audit
from budgets.models import Account, Stage
from tests import councils, money

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stage", Stage.values)
def test_an_application_comes_to_every_stage_and_the_ledger_agrees(stage: str) -> None:
    council = councils.council()
    fund = money.filled(council)

    application = money.application(council, stage)

    assert application.stage == stage
    assert not ledger.differences(fund)
    assert sum(ledger.balances(fund).values()) == 0
    assert not audit(fund).faults


def test_what_is_left_over_flows_back_into_the_fund() -> None:
    council = councils.council()
    fund = money.filled(council, 1_000_00)
    application = money.application(council, Stage.REPORT_DUE, cents=500_00)

    money.report(application, spent=420_50)
    assert ledger.balances(fund)[Account.RETURNED] == 79_50

    from budgets.actions import reporting
    from jongerenraad.models import Office

    reporting.close_report(
        application=application,
        by=councils.holder(council, Office.TREASURER),
        reference="TERUG-1",
    )
    assert ledger.balances(fund)[Account.AVAILABLE] == 579_50
    assert ledger.balances(fund)[Account.RETURNED] == 0
