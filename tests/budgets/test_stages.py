"""Which stage follows which: every act in every stage, and any acts by anybody in any order."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from budgets import ledger
from budgets.actions import reporting
from budgets.audit import audit
from budgets.models import Account, Application, Fund, Stage, StageChange
from budgets.models.application import RecordIsKept
from budgets.stages import TRANSITIONS, changing, move
from contributions.actions import NotPossibleNow
from jongerenraad.actions.votes import close_vote
from jongerenraad.models import Choice, Council, Office
from tests import councils, money
from tests.budgets import doing

pytestmark = [pytest.mark.django_db, pytest.mark.either]

#: To which stage each act leads from where; one that stays does something all the same.
LEADS = {
    "write": {Stage.DRAFT: Stage.DRAFT, Stage.RETURNED: Stage.RETURNED},
    "hand_in": {Stage.DRAFT: Stage.SUBMITTED, Stage.RETURNED: Stage.SUBMITTED},
    "agree": {Stage.GRANTED: Stage.AGREED, Stage.PARTLY_GRANTED: Stage.AGREED},
    "take_back": dict.fromkeys(
        [
            Stage.SUBMITTED,
            Stage.RETURNED,
            Stage.CHECKED,
            Stage.IN_DELIBERATION,
            Stage.GRANTED,
            Stage.PARTLY_GRANTED,
            Stage.AGREED,
        ],
        Stage.WITHDRAWN,
    ),
    "check": {Stage.SUBMITTED: Stage.CHECKED},
    "send_back": {Stage.SUBMITTED: Stage.RETURNED, Stage.CHECKED: Stage.RETURNED},
    "put_to_vote": {Stage.CHECKED: Stage.IN_DELIBERATION},
    # The vote is still open.
    "give_after_vote": {},
    "decline": {},
    "put_back": {},
    "approve_fast": {Stage.CHECKED: Stage.CHECKED},
    "prepare_order": {Stage.AGREED: Stage.AGREED},
    # Nothing was prepared.
    "approve_order": {},
    "read_paid": {Stage.ORDERED: Stage.PAID},
    "write_report": {stage: stage for stage in reporting.TOLD_IN},
    "add_receipt": {stage: stage for stage in reporting.TOLD_IN},
    # The report was written where it had to come again: a draft is written by an act of its own.
    "hand_in_report": {},
    "send_report_back": {Stage.REPORTED: Stage.REPORT_DUE},
    "ask_for_report": {Stage.OVERDUE: Stage.OVERDUE},
    "close_report": {Stage.REPORTED: Stage.CLOSED},
    "claim_back": {Stage.OVERDUE: Stage.RECOVERY, Stage.REPORTED: Stage.RECOVERY},
    "settle_claim": {Stage.RECOVERY: Stage.CLOSED},
}
BY = {
    "write": "applicant",
    "hand_in": "applicant",
    "agree": "applicant",
    "take_back": "applicant",
    "write_report": "applicant",
    "add_receipt": "applicant",
    "hand_in_report": "applicant",
    "check": Office.SECRETARY,
    "send_back": Office.SECRETARY,
    "send_report_back": Office.SECRETARY,
    "ask_for_report": Office.SECRETARY,
    "close_report": Office.TREASURER,
    "prepare_order": Office.TREASURER,
    "read_paid": "office",
    "settle_claim": "office",
}


def who_does(act: str, of: Application) -> User:
    by = BY.get(act, Office.CHAIR)
    if by == "applicant":
        assert of.author is not None
        return of.author
    return money.office() if by == "office" else councils.holder(of.fund.council, by)


def test_the_table_knows_every_act_and_only_ways_that_are_in_the_dict() -> None:
    assert LEADS.keys() == doing.ACTS.keys()
    for ways in LEADS.values():
        for before, after in ways.items():
            assert before == after or after in TRANSITIONS[before]


@pytest.mark.parametrize("stage", Stage.values)
def test_each_act_leads_where_the_table_says_or_changes_nothing(stage: str) -> None:
    council = councils.council()
    fund = money.filled(council)
    application = money.application(council, stage, cents=200_00)
    for act, ways in LEADS.items():
        by = who_does(act, application)
        before = doing.everything(application)
        with doing.undone():
            refused = doing.try_it(act, application, by)
            after = doing.everything(application)
            if stage in ways:
                assert refused is None, (act, stage, str(refused))
                assert after["application"]["stage"] == ways[stage]
                if act not in ("write", "write_report", "add_receipt"):
                    (change,) = after["changes"][len(before["changes"]) :]
                    assert (change["from_stage"], change["to_stage"]) == (stage, ways[stage])
                    assert change["by_id"] == by.pk
                assert not audit(fund).faults
            else:
                # A payment that is in already is known, and nothing more.
                assert refused is not None or act == "read_paid", (act, stage)
                assert after == before, act


@pytest.mark.parametrize("stage", Stage.values)
def test_a_way_that_is_not_in_the_dict_is_refused_whatever_act_asks_for_it(stage: str) -> None:
    acts = {act for ways in TRANSITIONS.values() for act in ways.values()} | {"nonsense"}
    for to in Stage:
        for act in acts - {TRANSITIONS[Stage(stage)].get(to)}:
            application = Application(stage=stage)
            with pytest.raises(NotPossibleNow):
                move(application, to, act=act, now=timezone.now())
            assert application.stage == stage


def test_what_is_over_stays_over() -> None:
    ends = {stage for stage, ways in TRANSITIONS.items() if not ways}
    assert ends == {Stage.DECLINED, Stage.CLOSED, Stage.WITHDRAWN}
    assert TRANSITIONS.keys() == set(Stage)


def test_an_application_that_moved_to_another_fund_is_not_changed_under_the_old_ones_lock() -> None:
    council = councils.council()
    money.filled(council)
    application = money.draft(council)
    seen = Application.objects.get(pk=application.pk)
    application.fund = councils.fund(council, year=2090)
    application.save()
    with pytest.raises(NotPossibleNow), changing(seen, money=True):
        pass


# --- The record ---


@pytest.fixture
def record() -> StageChange:
    council = councils.council()
    money.filled(council)
    return money.application(council).changes.get()


def test_the_record_is_never_changed_or_deleted_by_code(record: StageChange) -> None:
    record.reason = "Anders"
    for act in (
        record.save,
        record.delete,
        StageChange.objects.all().delete,
        lambda: StageChange.objects.update(reason="Anders"),
        lambda: StageChange.objects.bulk_update([record], ["reason"]),
    ):
        with pytest.raises(RecordIsKept):
            act()


def test_nor_by_the_database(record: StageChange) -> None:
    statements = [f"UPDATE budgets_stagechange SET reason = 'Anders' WHERE id = {record.pk}"]
    if connection.vendor == "postgresql":
        statements.append(f"DELETE FROM budgets_stagechange WHERE id = {record.pk}")
    for statement in statements:
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize("to", [Stage.RETURNED, Stage.DECLINED, Stage.RECOVERY])
def test_what_goes_against_somebody_stands_there_with_a_reason(
    record: StageChange, to: str
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StageChange.objects.create(
            application=record.application, act="x", from_stage="submitted", to_stage=to
        )


# --- Anything by anybody ---

CLOCK = ("tomorrow", "much later")
VOTES = ("all agree", "all disagree", "nobody votes")
ROLES = ("applicant", "chair", "secretary", "treasurer", "member", "mentor", "office", "resident")


def let_happen(event: str, of: Application) -> None:
    """Let what nobody decides alone happen: days pass, or a vote is held and counted."""
    if event in CLOCK:
        days = 1 if event == "tomorrow" else 400
        reporting.let_time_pass(now=timezone.now() + datetime.timedelta(days=days))
        return
    matter = of.deliberations.order_by("-pk").values_list("matter", flat=True).first()
    if matter is None:
        return
    found = of.deliberations.get(matter=matter).matter
    if found.is_closed:
        return
    if event == "nobody votes":
        close_vote(matter=found, now=found.closes_at)
    else:
        doing.count(of, Choice.AGREE if event == "all agree" else Choice.DISAGREE)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    stage=st.sampled_from([Stage.DRAFT, Stage.SUBMITTED, Stage.AGREED, Stage.REPORT_DUE]),
    steps=st.lists(
        st.one_of(
            # Those who may, so that it goes far, and anybody.
            st.sampled_from([(act, "") for act in sorted(doing.ACTS)]),
            st.tuples(st.sampled_from(sorted(doing.ACTS)), st.sampled_from(ROLES)),
            st.tuples(st.sampled_from(CLOCK + VOTES), st.just("")),
        ),
        min_size=5,
        max_size=40,
    ),
)
def check_any_acts(council: Council, fund: Fund, stage: str, steps: list[tuple[str, str]]) -> None:
    with doing.undone():
        application = money.application(council, stage, cents=200_00)
        roles = {
            "applicant": application.author,
            "chair": councils.holder(council, Office.CHAIR),
            "secretary": councils.holder(council, Office.SECRETARY),
            "treasurer": councils.holder(council, Office.TREASURER),
            "member": councils.holder(council, Office.MEMBER),
            "mentor": councils.holder(council, Office.MENTOR),
            "office": money.office(),
            "resident": money.office().__class__.objects.create_user(email="r@voorbeeld.test"),
        }
        for act, role in steps:
            before = doing.everything(application)
            if act in CLOCK + VOTES:
                let_happen(act, doing.fresh(application))
            else:
                by = roles[role] if role else who_does(act, application)
                if doing.try_it(act, application, by) is not None:
                    assert doing.everything(application) == before, (act, role)
            after = doing.everything(application)
            assert after["changes"][: len(before["changes"])] == before["changes"]
            check_record(application)
            assert not audit(fund).faults
            assert ledger.balances(fund)[Account.AVAILABLE] >= 0


def check_record(application: Application) -> None:
    """See that every move is on the record, by a way of the dict, with who and why."""
    at = Stage.DRAFT
    for change in application.changes.order_by("pk"):
        assert change.from_stage == at
        to = Stage(change.to_stage)
        assert to == at or TRANSITIONS[at][to] == change.act
        assert (change.by is None) == (change.act in ("vote", "fall_due", "fall_overdue"))
        if change.to_stage in (Stage.RETURNED, Stage.DECLINED, Stage.RECOVERY):
            assert change.reason
        if change.act == "send_report_back":
            assert change.reason
        at = to
    assert doing.fresh(application).stage == at


def test_any_acts_by_anybody_in_any_order_keep_to_the_dict_and_to_the_ledger() -> None:
    council = councils.council(members=5)
    councils.seated(None, term=council.terms.get(), office=Office.MENTOR)
    fund = money.filled(council, 1_000_00)
    check_any_acts(council, fund)
