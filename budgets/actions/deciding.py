"""What the council does with an application: check it, step aside, vote on it, give or decline."""

import datetime
from collections.abc import Iterable

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from budgets import by_laws, ledger
from budgets.models import Account, Act, Application, Approval, Deliberation, Fund, Recusal, Stage
from budgets.money import in_euros
from budgets.permissions import CHECKERS, FAST_LANE, acts_as, is_recused
from budgets.stages import changing, move, note
from contributions.actions import NotAllowed, NotPossibleNow, Refused
from contributions.dates import in_words_with_year
from contributions.deadlines import today
from jongerenraad.actions.votes import open_vote
from jongerenraad.models import Matter, Membership, Office, Outcome, Subject
from jongerenraad.permissions import membership_of

log = structlog.get_logger(__name__)

MONEY = "money"


class SaysNotWhy(Refused):
    message = _("Write why. The applicant reads it.")


class NoFastLane(Refused):
    message = _("This amount is too large to give without a vote.")


class ApprovedBefore(Refused):
    message = _("You approved this already. Somebody else has to approve it as well.")


class KnownAsRecused(Refused):
    message = _("It is on the record already that this member steps aside.")


class CanBeGiven(Refused):
    message = _("The council voted for this, and it can be given. So give it.")


class NoMember(Refused):
    message = _("Only a member of the council can step aside.")


def _checker(by: User, application: Application, now: datetime.datetime) -> Membership:
    seat = acts_as(by, application, CHECKERS, now)
    if seat is None:
        raise NotAllowed
    return seat


@on_the_record
def check(*, application: Application, by: User, now: datetime.datetime | None = None) -> None:
    """Say that an application is complete and fits the by-laws, as secretary or treasurer.

    Raises:
        NotAllowed: somebody else, or who steps aside.
        NotPossibleNow: it does not wait for a check.
    """
    now = now or timezone.now()
    with changing(application) as locked:
        seat = _checker(by, locked, now)
        move(locked, Stage.CHECKED, act="check", by=by, office=seat.office, now=now)


@on_the_record
def send_back(
    *, application: Application, by: User, reason: str, now: datetime.datetime | None = None
) -> None:
    """Give an application back to its applicant, with what to change.

    Raises:
        SaysNotWhy: without a reason.
        NotAllowed, NotPossibleNow: see ``check``.
    """
    now = now or timezone.now()
    if not reason:
        raise SaysNotWhy
    with changing(application) as locked:
        seat = _checker(by, locked, now)
        move(
            locked,
            Stage.RETURNED,
            act="send_back",
            by=by,
            office=seat.office,
            reason=reason,
            now=now,
        )


@on_the_record
def step_aside(
    *,
    application: Application,
    person: User,
    ground: str,
    reason: str,
    by: User,
    now: datetime.datetime | None = None,
) -> Recusal:
    """Record that a member takes no part in an application: said by themselves or by the chair.

    Once the council votes the electorate is fixed; later acts are closed to them all the same.

    Raises:
        NotAllowed: neither the member nor the chair.
        NoMember: the person sits in no seat of the council.
        KnownAsRecused: it is on the record.
    """
    now = now or timezone.now()
    with changing(application) as locked:
        council = locked.fund.council
        own = membership_of(by, council, now)
        if own is None or (by.pk != person.pk and own.office != Office.CHAIR):
            raise NotAllowed
        if membership_of(person, council, now) is None:
            raise NoMember
        try:
            with transaction.atomic():
                return Recusal.objects.create(
                    application=locked,
                    person=person,
                    ground=ground,
                    reason=reason,
                    recorded_by=by,
                    recorded_at=now,
                )
        except IntegrityError as error:
            raise KnownAsRecused from error


def those_aside(application: Application, now: datetime.datetime) -> dict[int, str]:
    """Return who steps aside of a vote on an application: the membership's number and why."""
    recused = {one.person_id: one for one in application.recusals.all()}
    members = (
        Membership.objects.current(now).voting().filter(term__council=application.fund.council)
    )
    aside: dict[int, str] = {}
    for member in members:
        if member.person_id == application.author_id:
            aside[member.pk] = str(Recusal.Ground.APPLICANT.label)
        elif found := recused.get(member.person_id):
            aside[member.pk] = f"{found.get_ground_display()}: {found.reason}".rstrip(": ")[:200]
    return aside


@on_the_record
def put_to_vote(
    *,
    application: Application,
    by: User,
    cents: int,
    text: str,
    language: str,
    closes_at: datetime.datetime,
    now: datetime.datetime | None = None,
) -> Matter:
    """Let the council vote on giving an amount, in cents, to a checked application.

    The money must be there beside what the council is voting on already, so that no vote promises
    what is not there.

    Raises:
        NotPossibleNow: it does not wait for a vote.
        AgainstTheByLaws, Shortage: the amount cannot be given.
        jongerenraad.actions.votes: what ``open_vote`` refuses, such as who opens it.
    """
    now = now or timezone.now()
    with changing(application, money=True) as locked:
        seat = membership_of(by, locked.fund.council, now)
        if seat is None or is_recused(by, locked):
            raise NotAllowed
        by_laws.check_grant(locked, cents, now)
        _check_closing(locked.fund, closes_at)
        by_laws.check_free(locked, cents)
        move(locked, Stage.IN_DELIBERATION, act="put_to_vote", by=by, office=seat.office, now=now)
        matter = open_vote(
            council=locked.fund.council,
            kind=MONEY,
            question=_question(locked, cents),
            text=text,
            language=language,
            closes_at=closes_at,
            by=by,
            aside=those_aside(locked, now),
            now=now,
        )
        Deliberation.objects.create(application=locked, matter=matter, cents=cents)
        return matter


def _check_closing(fund: Fund, closes_at: datetime.datetime) -> None:
    """Raise where the vote closes too late to give what it gives."""
    if not fund.gives_on(today(closes_at)):
        raise by_laws.AgainstTheByLaws(
            _("Let the vote close before the fund does: on %(date)s at the latest.")
            % {"date": in_words_with_year(fund.last_grant_date)}
        )


def vote_again(
    matter: Matter, closes_at: datetime.datetime, now: datetime.datetime
) -> dict[int, str]:
    """Return who steps aside of a second vote: who is near to the plan and became a member since.

    Raises:
        NotPossibleNow: the application does not wait for this vote any more.
        AgainstTheByLaws: it closes after the fund does.
    """
    deliberation = deliberation_of(matter)
    if deliberation is None:
        return {}
    application = deliberation.application
    if application.stage != Stage.IN_DELIBERATION or vote_on(application) != matter:
        raise NotPossibleNow
    _check_closing(application.fund, closes_at)
    return those_aside(application, now)


def _question(application: Application, cents: int) -> str:
    """Return what is voted on, without the applicant's words: not everybody may read those."""
    return gettext("%(amount)s for a plan in %(area)s") % {
        "amount": in_euros(cents),
        "area": application.area,
    }


def subjects(matters: Iterable[Matter], viewer: User | AnonymousUser) -> dict[int, Subject]:
    """Return the plans that votes are about, as far as somebody may see them (two queries)."""
    firsts = {matter.pk: matter.second_of_id or matter.pk for matter in matters}
    deliberations = {
        one.matter_id: one
        for one in Deliberation.objects.filter(matter__in=firsts.values()).select_related(
            "application__area"
        )
    }
    visible = Application.objects.visible_to(viewer).select_related("fund__council")
    plans = visible.in_bulk([one.application_id for one in deliberations.values()])
    found = {}
    for pk, first in firsts.items():
        if (deliberation := deliberations.get(first)) is None:
            continue
        plan = plans.get(deliberation.application_id)
        found[pk] = Subject(
            title=plan.title if plan else "",
            url=plan.get_absolute_url() if plan else "",
            language=plan.language if plan else "",
            question=_question(deliberation.application, deliberation.cents),
        )
    return found


def deliberation_of(matter: Matter) -> Deliberation | None:
    """Return the deliberation that a vote belongs to, also where it is the second vote on it."""
    return (
        Deliberation.objects.filter(matter__in=[matter.pk, matter.second_of_id])
        .select_related("application__fund")
        .first()
    )


def follow_vote(matter: Matter, now: datetime.datetime) -> None:
    """Give what the council voted for, in the transaction that writes the result.

    What was voted down waits for the reason in words; what was not valid for a second vote. Where
    giving fails all the same (the by-laws changed in between) the vote stands, and the chair sees
    that it waits.
    """
    deliberation = deliberation_of(matter)
    if deliberation is None or matter.outcome != Outcome.ADOPTED:
        return
    try:
        with changing(deliberation.application, money=True) as locked:
            if locked.stage == Stage.IN_DELIBERATION and vote_on(locked) == matter:
                _give(locked, deliberation.cents, act="vote", decided_at=matter.closes_at, now=now)
    except Refused as refused:
        log.warning(
            "grant waits after its vote",
            application_id=deliberation.application_id,
            refusal=type(refused).__name__,
        )


def _give(
    application: Application,
    cents: int,
    *,
    act: str,
    decided_at: datetime.datetime,
    now: datetime.datetime,
    by: User | None = None,
    office: str = "",
) -> None:
    """Reserve the money and grant, for a locked application of a locked fund.

    What was decided before the fund closed is given, also where it is written down after.
    """
    by_laws.check_grant(application, cents, decided_at)
    application.granted = cents
    whole = cents == application.requested
    to = Stage.GRANTED if whole else Stage.PARTLY_GRANTED
    move(application, to, act=act, by=by, office=office, now=now)
    ledger.post(
        fund=application.fund,
        act=Act.RESERVE,
        cents=cents,
        key=f"grant:{application.pk}",
        application=application,
        by=by,
        now=now,
    )


def vote_on(application: Application) -> Matter | None:
    """Return the vote of the latest deliberation on an application, or the second one on it.

    An older deliberation can still get a second vote; nothing follows from it any more.
    """
    latest = application.deliberations.order_by("-pk").first()
    if latest is None:
        return None
    return Matter.objects.filter(second_of=latest.matter_id).first() or latest.matter


@on_the_record
def give_after_vote(
    *, application: Application, by: User, now: datetime.datetime | None = None
) -> None:
    """Give what was voted for but could not be given when the vote closed, as the chair.

    Raises:
        NotAllowed, NotPossibleNow: somebody else, or no vote was won.
        AgainstTheByLaws, NotEnough: it still cannot be given.
    """
    now = now or timezone.now()
    with changing(application, money=True) as locked:
        seat = acts_as(by, locked, (Office.CHAIR, Office.SECRETARY), now)
        if seat is None:
            raise NotAllowed
        matter = vote_on(locked)
        if matter is None or matter.outcome != Outcome.ADOPTED:
            raise NotPossibleNow
        deliberation = deliberation_of(matter)
        if deliberation is None or locked.stage != Stage.IN_DELIBERATION:
            raise NotPossibleNow
        _give(
            locked,
            deliberation.cents,
            act="vote",
            decided_at=matter.closes_at,
            by=by,
            office=seat.office,
            now=now,
        )


@on_the_record
def decline(
    *, application: Application, by: User, reason: str, now: datetime.datetime | None = None
) -> None:
    """Tell the applicant why the council voted against, as chair or secretary.

    Raises:
        SaysNotWhy: without a reason.
        NotAllowed: somebody else.
        NotPossibleNow: the council did not vote against it.
    """
    now = now or timezone.now()
    if not reason:
        raise SaysNotWhy
    with changing(application) as locked:
        seat = acts_as(by, locked, (Office.CHAIR, Office.SECRETARY), now)
        if seat is None:
            raise NotAllowed
        matter = vote_on(locked)
        if matter is None or matter.outcome != Outcome.REJECTED:
            raise NotPossibleNow
        move(
            locked, Stage.DECLINED, act="decline", by=by, office=seat.office, reason=reason, now=now
        )


def _can_be_given(application: Application, matter: Matter) -> bool:
    deliberation = deliberation_of(matter)
    if deliberation is None:
        return False
    try:
        by_laws.check_grant(application, deliberation.cents, matter.closes_at)
    except by_laws.AgainstTheByLaws:
        return False
    return ledger.balances(application.fund)[Account.AVAILABLE] >= deliberation.cents


@on_the_record
def put_back(*, application: Application, by: User, now: datetime.datetime | None = None) -> None:
    """Let an application wait for a new vote, as chair or secretary.

    After a vote without enough votes, or one that was won and cannot be carried out.

    Raises:
        NotAllowed, NotPossibleNow: somebody else, or no such vote.
        CanBeGiven: what was voted for can be given.
    """
    now = now or timezone.now()
    with changing(application, money=True) as locked:
        seat = acts_as(by, locked, (Office.CHAIR, Office.SECRETARY), now)
        if seat is None:
            raise NotAllowed
        matter = vote_on(locked)
        if matter is None or matter.outcome not in (Outcome.NO_QUORUM, Outcome.ADOPTED):
            raise NotPossibleNow
        if matter.outcome == Outcome.ADOPTED and _can_be_given(locked, matter):
            raise CanBeGiven
        move(locked, Stage.CHECKED, act="put_back", by=by, office=seat.office, now=now)


@on_the_record
def approve_fast(
    *, application: Application, by: User, now: datetime.datetime | None = None
) -> bool:
    """Approve a small amount without a vote: chair and treasurer together give it.

    Returns:
        Whether it is granted now; the first of the two still waits for the other.

    Raises:
        NotAllowed: neither chair nor treasurer, or who steps aside.
        NoFastLane: it is more than the by-laws allow for this.
        ApprovedBefore: by the same person, or in the same office.
        NotPossibleNow, AgainstTheByLaws, Shortage: it cannot be given.
    """
    now = now or timezone.now()
    with changing(application, money=True) as locked:
        seat = acts_as(by, locked, FAST_LANE, now)
        if seat is None:
            raise NotAllowed
        if locked.stage != Stage.CHECKED or locked.requested is None:
            raise NotPossibleNow
        if locked.requested > locked.fund.fast_lane_limit:
            raise NoFastLane
        by_laws.check_grant(locked, locked.requested, now)
        by_laws.check_free(locked, locked.requested)
        approve(locked, Approval.Purpose.FAST_LANE, locked.requested, by, seat.office, now)
        given = standing_approvals(locked, Approval.Purpose.FAST_LANE).filter(
            cents=locked.requested
        )
        if set(given.values_list("office", flat=True)) >= set(FAST_LANE):
            _give(
                locked,
                locked.requested,
                act="fast_lane",
                decided_at=now,
                by=by,
                office=seat.office,
                now=now,
            )
            return True
        note(locked, act="approve_fast", by=by, office=seat.office, now=now)
        return False


def standing_approvals(application: Application, purpose: str) -> QuerySet[Approval]:
    """Return the approvals that count: not those of who stepped aside since."""
    aside = application.recusals.values("person")
    return application.approvals.filter(purpose=purpose).exclude(person__in=aside)


def approve(
    application: Application,
    purpose: str,
    cents: int,
    by: User,
    office: str,
    now: datetime.datetime,
) -> Approval:
    """Put a signature under a locked application; raises ``ApprovedBefore``."""
    try:
        with transaction.atomic():
            return Approval.objects.create(
                application=application,
                purpose=purpose,
                cents=cents,
                person=by,
                office=office,
                given_at=now,
            )
    except IntegrityError as error:
        raise ApprovedBefore from error
