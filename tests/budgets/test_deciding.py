"""Who does what with an application, and what the by-laws and the money let the council give."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import User
from budgets import by_laws, ledger
from budgets.actions import applying, deciding, paying, reporting
from budgets.actions.deciding import ApprovedBefore, NoFastLane
from budgets.audit import audit
from budgets.by_laws import AgainstTheByLaws, Shortage
from budgets.models import Account, Application, Fund, Stage
from contributions.actions import NotAllowed, NotPossibleNow, Refused
from jongerenraad.actions.votes import NotTheChair, SteppedAside, cast_vote, close_vote, open_vote
from jongerenraad.models import Choice, Council, Matter, Office, Seat
from tests import councils, money, scenes
from tests.budgets import doing

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def council() -> Council:
    return councils.council()


@pytest.fixture
def fund(council: Council) -> Fund:
    return money.filled(council)


def holder(of: Application | Council, office: str = Office.CHAIR) -> User:
    return councils.holder(of if isinstance(of, Council) else of.fund.council, office)


def aside(of: Application, person: User, **told: str) -> None:
    deciding.step_aside(
        application=of, person=person, by=person, **{"ground": "household", "reason": "", **told}
    )


# --- Who ---

#: In which stage each act is tried, and by whom alone it succeeds.
WHO = {
    "write": (Stage.RETURNED, {"applicant"}),
    "hand_in": (Stage.RETURNED, {"applicant"}),
    "agree": (Stage.GRANTED, {"applicant"}),
    "take_back": (Stage.AGREED, {"applicant"}),
    "check": (Stage.SUBMITTED, {"secretary", "treasurer"}),
    "send_back": (Stage.CHECKED, {"secretary", "treasurer"}),
    "put_to_vote": (Stage.CHECKED, {"chair"}),
    "approve_fast": (Stage.CHECKED, {"chair", "treasurer"}),
    "prepare_order": (Stage.AGREED, {"treasurer"}),
    "approve_order": (Stage.AGREED, {"chair", "secretary"}),
    "read_paid": (Stage.ORDERED, {"programme office"}),
    "write_report": (Stage.REPORT_DUE, {"applicant"}),
    "add_receipt": (Stage.REPORT_DUE, {"applicant"}),
    "hand_in_report": (Stage.REPORT_DUE, {"applicant"}),
    "send_report_back": (Stage.REPORTED, {"secretary", "treasurer"}),
    "ask_for_report": (Stage.OVERDUE, {"secretary", "treasurer"}),
    "close_report": (Stage.REPORTED, {"secretary", "treasurer"}),
    "claim_back": (Stage.OVERDUE, {"chair", "secretary"}),
    "settle_claim": (Stage.RECOVERY, {"programme office"}),
    "give_after_vote": (Stage.IN_DELIBERATION, {"chair", "secretary"}),
    "decline": (Stage.IN_DELIBERATION, {"chair", "secretary"}),
    "put_back": (Stage.IN_DELIBERATION, {"chair", "secretary"}),
}


def made_ready(act: str, of: Application) -> None:
    """Bring about what an act needs beside the stage."""
    if act == "approve_order":
        paying.prepare_order(application=of, by=holder(of, Office.TREASURER))
    elif act == "hand_in_report":
        assert of.author is not None
        doing.write_report(of, of.author)
    elif act == "decline":
        doing.count(of, Choice.DISAGREE)
    elif act == "put_back":
        doing.count(of, voters=0)
    elif act == "give_after_vote":
        Fund.objects.filter(pk=of.fund_id).update(largest_grant=1_00)
        doing.count(of)
        Fund.objects.filter(pk=of.fund_id).update(largest_grant=1_000_00)


def test_every_act_is_tried_by_everybody() -> None:
    assert WHO.keys() == doing.ACTS.keys()


@pytest.mark.parametrize("act", WHO)
def test_an_act_is_for_those_whose_it_is_and_changes_nothing_by_anybody_else(
    council: Council, fund: Fund, act: str
) -> None:
    stage, allowed = WHO[act]
    application = money.application(council, stage, cents=200_00)
    people = doing.people_around(council, application)
    made_ready(act, application)
    assert doing.fresh(application).stage == stage
    for role, person in people.items():
        before = doing.everything(application)
        with doing.undone():
            refused = doing.try_it(act, application, person)
            if role in allowed:
                assert refused is None, (role, str(refused))
            else:
                assert isinstance(refused, NotAllowed | NotTheChair), (role, refused)
                assert doing.everything(application) == before


@pytest.mark.parametrize(
    "act", [act for act, (_stage, who) in WHO.items() if who & set(Office.values)]
)
@pytest.mark.parametrize("how", ["stepped aside", "is the applicant"])
def test_an_officer_does_nothing_about_an_application_that_is_near_to_them(
    council: Council, fund: Fund, act: str, how: str
) -> None:
    stage, allowed = WHO[act]
    for office in sorted(allowed):
        with doing.undone():
            application = money.application(council, stage, cents=200_00)
            made_ready(act, application)
            person = holder(council, office)
            if how == "stepped aside":
                aside(application, person)
            else:
                Application.objects.filter(pk=application.pk).update(author=person)
            before = doing.everything(application)
            refused = doing.try_it(act, application, person)
            assert isinstance(refused, NotAllowed), (office, refused)
            assert doing.everything(application) == before


def test_somebody_of_the_office_does_not_settle_their_own_claim(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.RECOVERY)
    clerk = money.office()
    Application.objects.filter(pk=application.pk).update(author=clerk)
    assert isinstance(doing.try_it("settle_claim", application, clerk), NotAllowed)


def test_a_member_who_is_the_applicant_steps_aside_in_the_vote(
    council: Council, fund: Fund
) -> None:
    member = holder(council, Office.MEMBER)
    application = money.application(council, Stage.IN_DELIBERATION, author=member)
    matter = deciding.vote_on(application)
    assert matter is not None
    (elector,) = matter.electors.filter(stepped_aside=True)
    assert elector.membership.person == member
    assert elector.reason


def test_a_housemate_who_stepped_aside_has_no_vote_and_the_reason_is_kept(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.CHECKED)
    member = holder(council, Office.MEMBER)
    aside(application, member, reason="Mijn zus")
    money.put_to_vote(application)
    matter = deciding.vote_on(application)
    assert matter is not None
    (elector,) = matter.electors.filter(stepped_aside=True)
    assert "Mijn zus" in elector.reason
    assert matter.electorate == 4


def test_somebody_steps_aside_once_and_only_who_sits_in_the_council(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.CHECKED)
    member = holder(council, Office.MEMBER)
    aside(application, member)
    with pytest.raises(deciding.KnownAsRecused):
        aside(application, member)
    with pytest.raises(NotAllowed):
        aside(application, scenes.person())
    with pytest.raises(deciding.NoMember):
        deciding.step_aside(
            application=application,
            person=scenes.person(),
            by=holder(council),
            ground="household",
            reason="",
        )
    with pytest.raises(NotAllowed):
        deciding.step_aside(
            application=application,
            person=holder(council),
            by=holder(council, Office.TREASURER),
            ground="household",
            reason="",
        )


@pytest.mark.parametrize("act", [deciding.send_back, deciding.decline, reporting.send_report_back])
def test_what_is_refused_without_a_reason_is_not_refused(
    council: Council, fund: Fund, act: object
) -> None:
    application = money.application(council)
    with pytest.raises(deciding.SaysNotWhy):
        act(application=application, by=holder(council, Office.SECRETARY), reason="")


# --- The fast lane ---


def test_chair_and_treasurer_give_a_small_amount_together(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.CHECKED, cents=250_00)
    assert not deciding.approve_fast(application=application, by=holder(council))
    with pytest.raises(ApprovedBefore):
        deciding.approve_fast(application=application, by=holder(council))
    assert doing.fresh(application).stage == Stage.CHECKED
    assert deciding.approve_fast(application=application, by=holder(council, Office.TREASURER))
    assert doing.fresh(application).granted == 250_00
    assert ledger.balances(fund)[Account.RESERVED] == 250_00


def test_one_cent_above_the_limit_is_too_large_for_the_fast_lane(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.CHECKED, cents=250_01)
    with pytest.raises(NoFastLane):
        deciding.approve_fast(application=application, by=holder(council))


def test_a_limit_of_zero_means_that_there_is_no_fast_lane(council: Council, fund: Fund) -> None:
    Fund.objects.update(fast_lane_limit=0)
    application = money.application(council, Stage.CHECKED, cents=1)
    with pytest.raises(NoFastLane):
        deciding.approve_fast(application=application, by=holder(council))


def test_an_approval_of_what_came_back_does_not_count_for_what_was_changed(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.CHECKED, cents=100_00)
    deciding.approve_fast(application=application, by=holder(council))
    secretary, author = holder(council, Office.SECRETARY), application.author
    deciding.send_back(application=application, by=secretary, reason="Waar?")
    applying.write(
        application=application, by=author, values={}, costs=[applying.Cost("Meer", 240_00)]
    )
    applying.hand_in(application=application, by=author)
    deciding.check(application=application, by=secretary)
    assert not deciding.approve_fast(application=application, by=holder(council, Office.TREASURER))
    assert doing.fresh(application).stage == Stage.CHECKED
    # The record tells of both all the same.
    assert application.changes.filter(act="approve_fast").count() == 2


def test_an_approval_does_not_count_once_its_giver_stepped_aside(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.CHECKED, cents=100_00)
    deciding.approve_fast(application=application, by=holder(council))
    aside(application, holder(council))
    assert not deciding.approve_fast(application=application, by=holder(council, Office.TREASURER))
    assert doing.fresh(application).stage == Stage.CHECKED


def test_the_fast_lane_leaves_what_the_council_is_voting_about(council: Council) -> None:
    money.filled(council, 300_00)
    money.application(council, Stage.IN_DELIBERATION, cents=200_00)
    small = money.application(council, Stage.CHECKED, cents=100_01)
    with pytest.raises(Shortage):
        deciding.approve_fast(application=small, by=holder(council))


# --- The by-laws ---


def test_a_request_above_the_largest_grant_is_not_handed_in(council: Council) -> None:
    money.filled(council, largest_grant=500_00)
    applying.hand_in(application=(ok := money.draft(council, cents=500_00)), by=ok.author)
    draft = money.draft(council, cents=500_01)
    with pytest.raises(AgainstTheByLaws):
        applying.hand_in(application=draft, by=draft.author)
    assert doing.fresh(draft).stage == Stage.DRAFT


@pytest.mark.parametrize("cents", [0, -1, 500_01, 10**12])
def test_an_amount_that_nobody_asked_for_is_not_put_to_the_vote(
    council: Council, fund: Fund, cents: int
) -> None:
    application = money.application(council, Stage.CHECKED, cents=500_00)
    with pytest.raises(AgainstTheByLaws):
        deciding.put_to_vote(
            application=application,
            by=holder(council),
            cents=cents,
            text="",
            language="nl",
            closes_at=timezone.now() + doing.SOON,
        )
    assert not Matter.objects.exists()


def test_by_laws_that_became_stricter_hold_for_the_vote_and_for_the_fast_lane(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.CHECKED, cents=200_00)
    Fund.objects.update(largest_grant=199_99)
    with pytest.raises(AgainstTheByLaws):
        money.put_to_vote(doing.fresh(application))
    with pytest.raises(AgainstTheByLaws):
        deciding.approve_fast(application=application, by=holder(council))


def test_an_area_gets_its_share_to_the_cent_and_no_more(council: Council) -> None:
    # A quarter of 1.000,03 is 250,0075: rounded down.
    money.filled(council, 1_000_03, share_per_area_percent=25)
    fits = money.application(council, Stage.CHECKED, cents=250_00)
    money.put_to_vote(fits)
    doing.count(fits)
    assert doing.fresh(fits).stage == Stage.GRANTED
    more = money.application(council, Stage.CHECKED, cents=1)
    with pytest.raises(AgainstTheByLaws):
        money.put_to_vote(more)
    elsewhere = money.application(council, Stage.CHECKED, cents=1, where=scenes.area("andere"))
    money.put_to_vote(elsewhere)


def test_a_withdrawn_grant_frees_the_share_of_its_area(council: Council) -> None:
    money.filled(council, 1_000_00, share_per_area_percent=25)
    first = money.application(council, Stage.GRANTED, cents=250_00)
    applying.take_back(application=first, by=first.author)
    money.application(council, Stage.GRANTED, cents=250_00)


def test_two_open_votes_do_not_promise_the_same_share_of_an_area(council: Council) -> None:
    fund = money.filled(council, 1_000_00, share_per_area_percent=25)
    money.application(council, Stage.IN_DELIBERATION, cents=200_00)
    second = money.application(council, Stage.CHECKED, cents=50_01)
    with pytest.raises(AgainstTheByLaws):
        money.put_to_vote(second)
    assert by_laws.free_for_area(fund, second.area_id) == 50_00


def test_a_shortage_is_seen_before_the_vote_with_what_other_votes_claim(council: Council) -> None:
    fund = money.filled(council, 1_000_00)
    money.application(council, Stage.IN_DELIBERATION, cents=700_00)
    second = money.application(council, Stage.CHECKED, cents=300_01)
    with pytest.raises(Shortage) as short:
        money.put_to_vote(second)
    assert short.value.free == 300_00
    assert "300" in str(short.value)
    assert by_laws.free(fund) == 300_00
    money.put_to_vote(second, 300_00)
    assert by_laws.free(fund) == 0


def test_what_was_withdrawn_or_voted_down_is_free_for_the_next_vote(council: Council) -> None:
    fund = money.filled(council, 1_000_00)
    withdrawn = money.application(council, Stage.IN_DELIBERATION, cents=700_00)
    applying.take_back(application=withdrawn, by=withdrawn.author)
    assert by_laws.free(fund) == 1_000_00
    money.application(council, Stage.DECLINED, cents=700_00)
    assert by_laws.free(fund) == 1_000_00


def test_no_vote_closes_after_the_fund_does(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.CHECKED)
    Fund.objects.update(last_grant_date=timezone.localdate())
    with pytest.raises(AgainstTheByLaws):
        deciding.put_to_vote(
            application=doing.fresh(application),
            by=holder(council),
            cents=1_00,
            text="",
            language="nl",
            closes_at=timezone.now() + datetime.timedelta(days=1),
        )
    assert doing.fresh(application).stage == Stage.CHECKED


def test_nothing_is_given_after_the_last_day_or_from_the_fund_of_last_year(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.CHECKED, cents=100_00)
    year = timezone.localdate().year
    for now in (
        datetime.datetime(year + 1, 1, 1, 12, tzinfo=datetime.UTC),
        datetime.datetime(year + 1, 6, 1, 12, tzinfo=datetime.UTC),
    ):
        with pytest.raises(AgainstTheByLaws):
            by_laws.check_grant(application, 1_00, now)
    # The last second of the year in Amsterdam, and the first of the next.
    last = datetime.datetime(year, 12, 31, 22, 59, 59, tzinfo=datetime.UTC)
    by_laws.check_grant(application, 1_00, last)
    with pytest.raises(AgainstTheByLaws):
        by_laws.check_grant(application, 1_00, last + datetime.timedelta(seconds=1))


# --- What follows from a vote ---


def test_an_adopted_vote_gives_the_money_and_says_that_the_council_did(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.GRANTED)
    change = application.changes.get(to_stage=Stage.GRANTED)
    assert (change.act, change.by) == ("vote", None)
    assert ledger.balances(fund)[Account.RESERVED] == 500_00


def test_an_adopted_vote_that_cannot_be_given_stands_and_the_chair_gives_it_later(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.IN_DELIBERATION)
    Fund.objects.update(largest_grant=100_00)
    doing.count(application)
    matter = deciding.vote_on(application)
    assert matter is not None
    assert matter.outcome == "adopted"
    assert doing.fresh(application).stage == Stage.IN_DELIBERATION
    with pytest.raises(AgainstTheByLaws):
        deciding.give_after_vote(application=application, by=holder(council))
    Fund.objects.update(largest_grant=500_00)
    deciding.give_after_vote(application=application, by=holder(council))
    assert doing.fresh(application).stage == Stage.GRANTED
    with pytest.raises(NotPossibleNow):
        deciding.give_after_vote(application=application, by=holder(council))
    assert not audit(fund).faults


def test_a_vote_counted_while_the_money_is_gone_waits_too(council: Council) -> None:
    fund = money.filled(council, 1_000_00)
    application = money.application(council, Stage.IN_DELIBERATION, cents=600_00)
    other = money.application(council, Stage.CHECKED, cents=400_00)
    ledger.post(
        fund=fund, act="reserve", cents=401_00, key="aside", application=other, now=timezone.now()
    )
    doing.count(application)
    assert doing.fresh(application).stage == Stage.IN_DELIBERATION
    assert doing.fresh(application).granted is None
    with pytest.raises(ledger.NotEnough):
        deciding.give_after_vote(application=application, by=holder(council))


def test_what_was_voted_down_is_declined_with_a_reason(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.IN_DELIBERATION)
    doing.count(application, Choice.DISAGREE)
    assert doing.fresh(application).stage == Stage.IN_DELIBERATION
    for act in ("give_after_vote", "put_back"):
        assert isinstance(doing.try_it(act, application, holder(council)), NotPossibleNow)
    deciding.decline(application=application, by=holder(council), reason="Te duur.")
    assert doing.fresh(application).stage == Stage.DECLINED
    assert application.changes.get(to_stage=Stage.DECLINED).reason == "Te duur."


def again(first: Matter) -> Matter:
    return open_vote(
        council=first.council,
        kind=first.kind,
        question="",
        text="",
        language="nl",
        closes_at=first.closes_at + datetime.timedelta(days=1),
        by=councils.holder(first.council),
        aside={},
        second_of=first,
        now=first.closes_at + datetime.timedelta(minutes=1),
    )


def counted(matter: Matter, *, voters: int | None = None) -> None:
    """Let members agree in a vote that was opened later than now, and count it."""
    for person in councils.electorate(matter.council)[:voters]:
        cast_vote(matter=matter, by=person, choice=Choice.AGREE, now=matter.opened_at)
    close_vote(matter=matter, now=matter.closes_at)


def without_quorum(council: Council, cents: int = 500_00) -> tuple[Application, Matter]:
    application = money.application(council, Stage.IN_DELIBERATION, cents=cents)
    doing.count(application, voters=1)
    first = deciding.vote_on(application)
    assert first is not None
    assert first.outcome == "no_quorum"
    return application, first


def test_a_second_vote_after_one_without_quorum_gives_the_money(
    council: Council, fund: Fund
) -> None:
    application, first = without_quorum(council)
    second = again(first)
    assert deciding.vote_on(application) == second
    # While it is open nothing else can be done.
    for act in ("put_back", "decline", "give_after_vote"):
        assert isinstance(doing.try_it(act, application, holder(council)), NotPossibleNow)
    counted(second, voters=2)
    assert doing.fresh(application).stage == Stage.GRANTED
    assert doing.fresh(application).granted == 500_00


def test_without_quorum_twice_it_waits_for_a_new_vote(council: Council, fund: Fund) -> None:
    application, first = without_quorum(council)
    second = again(first)
    counted(second, voters=0)
    deciding.put_back(application=application, by=holder(council))
    assert doing.fresh(application).stage == Stage.CHECKED
    money.put_to_vote(doing.fresh(application), 300_00)
    doing.count(application)
    assert doing.fresh(application).stage == Stage.PARTLY_GRANTED
    assert doing.fresh(application).granted == 300_00


def test_there_is_no_second_vote_on_an_earlier_amount_while_another_vote_runs(
    council: Council, fund: Fund
) -> None:
    application, first = without_quorum(council)
    deciding.put_back(application=application, by=holder(council))
    with pytest.raises(NotPossibleNow):
        again(first)
    money.put_to_vote(doing.fresh(application), 300_00)
    with pytest.raises(NotPossibleNow):
        again(first)
    doing.count(application)
    assert doing.fresh(application).granted == 300_00


def test_what_was_withdrawn_while_the_vote_was_open_gets_nothing(
    council: Council, fund: Fund
) -> None:
    application = money.application(council, Stage.IN_DELIBERATION)
    applying.take_back(application=application, by=application.author)
    doing.count(application)
    assert doing.fresh(application).stage == Stage.WITHDRAWN
    assert ledger.balances(fund)[Account.RESERVED] == 0
    assert isinstance(doing.try_it("give_after_vote", application, holder(council)), NotPossibleNow)
    assert not audit(fund).faults


def test_the_secretary_puts_to_the_vote_what_the_chair_asks(council: Council, fund: Fund) -> None:
    application = money.application(council, Stage.CHECKED, author=holder(council))
    refused = doing.try_it("put_to_vote", application, holder(council))
    assert isinstance(refused, NotAllowed)
    assert doing.try_it("put_to_vote", application, holder(council, Office.SECRETARY)) is None


@pytest.mark.parametrize(
    "closes_in",
    [datetime.timedelta(0), datetime.timedelta(days=-1), datetime.timedelta(days=61)],
)
def test_a_vote_that_closes_at_no_good_time_moves_nothing(
    council: Council, closes_in: datetime.timedelta
) -> None:
    money.filled(council)
    application = money.application(council, Stage.CHECKED)
    with pytest.raises(Refused):
        deciding.put_to_vote(
            application=application,
            by=holder(council),
            cents=1_00,
            text="",
            language="nl",
            closes_at=timezone.now() + closes_in,
        )
    assert doing.fresh(application).stage == Stage.CHECKED
    assert not Matter.objects.exists()


def test_an_applicant_who_became_a_member_steps_aside_of_the_second_vote(
    council: Council, fund: Fund
) -> None:
    application, first = without_quorum(council)
    seat = Seat.objects.create(council=council, number=50)
    councils.seated(seat, term=council.terms.get(), person=application.author)
    second = again(first)
    with pytest.raises(SteppedAside):
        cast_vote(matter=second, by=application.author, choice=Choice.AGREE, now=second.opened_at)


def test_who_stepped_aside_since_the_first_vote_does_so_in_the_second(
    council: Council, fund: Fund
) -> None:
    application, first = without_quorum(council)
    member = holder(council, Office.MEMBER)
    aside(application, member)
    second = again(first)
    with pytest.raises(SteppedAside):
        cast_vote(matter=second, by=member, choice=Choice.AGREE, now=second.opened_at)


def test_a_second_vote_closes_before_the_fund_does(council: Council, fund: Fund) -> None:
    _application, first = without_quorum(council)
    Fund.objects.filter(pk=fund.pk).update(last_grant_date=timezone.localdate(first.closed_at))
    with pytest.raises(AgainstTheByLaws):
        again(first)


def test_what_was_voted_for_and_can_never_be_given_goes_to_a_new_vote() -> None:
    council = councils.council()
    fund = money.filled(council)
    application = money.application(council, Stage.IN_DELIBERATION, cents=400_00)
    fund.largest_grant = 100_00
    fund.save()
    money.vote(application, Choice.AGREE)
    application.refresh_from_db()
    chair = councils.holder(council, Office.CHAIR)
    assert application.stage == Stage.IN_DELIBERATION

    deciding.put_back(application=application, by=chair)

    application.refresh_from_db()
    assert application.stage == Stage.CHECKED


def test_what_was_voted_for_and_can_be_given_is_given() -> None:
    council = councils.council()
    fund = money.filled(council)
    application = money.application(council, Stage.IN_DELIBERATION, cents=400_00)
    fund.largest_grant = 100_00
    fund.save()
    money.vote(application, Choice.AGREE)
    fund.largest_grant = 500_00
    fund.save()

    with pytest.raises(deciding.CanBeGiven):
        deciding.put_back(application=application, by=councils.holder(council, Office.CHAIR))
