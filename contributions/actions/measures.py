"""Measures about an account: a pause, or the end of taking part. Texts on the site stay."""

import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.record import on_the_record, roles_of
from contributions.actions.moving import UNDO_WITHIN, locked_row
from contributions.actions.refusals import (
    NotAllowed,
    NotPossibleNow,
    ReasonMissing,
    Refused,
)
from contributions.actions.undoing import follows_undoing
from contributions.deadlines import today
from contributions.kinds import contribution_of
from contributions.models import Appeal, Decision, Measure
from contributions.review import can_review
from notifications.actions import notify

SHORTEST_DAYS = 1
LONGEST_DAYS = 90

Outcome = Decision.Outcome
Kind = Measure.Kind
#: Decisions that a measure can come with.
MEASURED = frozenset({Outcome.REJECTED, Outcome.HIDDEN, Outcome.WARNED})


class WrongTerm(Refused):
    message = _("A pause takes 1 to 90 days.")


class HasRole(Refused):
    message = _(
        "This person has a role here. An administrator ends the role first; then taking part can "
        "be ended."
    )


class NobodyToMeasure(Refused):
    message = _("This text has no author with an account, so no account can be paused or ended.")


@on_the_record
def pause(
    *, decision: Decision, by: User, days: int, now: datetime.datetime | None = None
) -> Measure:
    """Pause the account of a text's author with a decision about that text, until a day is over.

    Args:
        decision: the one that rejects, hides or warns; it gives the rule, the facts and the reason.
        days: 1 to 90; the day of today does not count.

    Raises:
        WrongTerm, NobodyToMeasure.
        NotAllowed: somebody else took the decision.
        NotPossibleNow: a measure came with it already, or it was taken back.
    """
    now = now or timezone.now()
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        raise WrongTerm
    last = today(now) + datetime.timedelta(days=days)
    return _measure(decision, by, now, kind=Kind.PAUSE, ends_at=_end_of(last))


@on_the_record
def end(*, decision: Decision, by: User, now: datetime.datetime | None = None) -> Measure:
    """End the taking part of a text's author; of a moderator it is a request for a second yes.

    An administrator's holds at once. Like every decision it needs a moderator's grant there.

    Raises:
        HasRole: the person acts for others here.
        NobodyToMeasure, NotAllowed, NotPossibleNow: as for ``pause``.
    """
    now = now or timezone.now()
    agreed: dict[str, object] = {}
    if by.has_role(Role.ADMINISTRATOR):
        agreed = {"agreed_by": by, "agreed_at": now}
    return _measure(decision, by, now, kind=Kind.END, **agreed)


def _measure(
    decision: Decision, by: User, now: datetime.datetime, *, kind: str, **fields: object
) -> Measure:
    with transaction.atomic():
        # The text first, as everywhere: whoever takes the decision back has it locked.
        author = locked_row(contribution_of(decision.dossier)).author
        if author is None:
            raise NobodyToMeasure
        # One measure after another about the same person, and none about who was given a role.
        person = User.objects.select_for_update(no_key=True).get(pk=author.pk)
        if decision.decided_by_id != by.pk or person.pk == by.pk:
            raise NotAllowed
        if decision.outcome not in MEASURED or decision.rule is None:
            raise NotPossibleNow
        if Measure.objects.filter(decision=decision).exists() or _was_taken_back(decision):
            raise NotPossibleNow
        if kind == Kind.END:
            _check_has_no_role(person, now)
        made = Measure.objects.create(
            kind=kind,
            person=person,
            rule=decision.rule,
            reason=decision.reason,
            facts=decision.facts,
            dossier=decision.dossier,
            decision=decision,
            decided_by=by,
            starts_at=now,
            **fields,
        )
        if not made.agreed_by_is_missing:
            _tell(made, by, now, not_before=now + UNDO_WITHIN)
        return made


def _tell(
    measure: Measure,
    by: User,
    now: datetime.datetime,
    *,
    not_before: datetime.datetime | None = None,
) -> None:
    to = [measure.person_id]
    notify("measure_taken", measure.pk, to=to, by=by, not_before=not_before, now=now)


def _was_taken_back(decision: Decision) -> bool:
    return (
        Decision.objects.filter(undoes=decision).exists()
        or Appeal.objects.filter(decision=decision, outcome=Appeal.Outcome.GRANTED).exists()
    )


def _check_has_no_role(person: User, now: datetime.datetime) -> None:
    """Refuse for who acts for others here, by a role or a seat: that ends first."""
    if roles_of(person, now):
        raise HasRole


def _end_of(day: datetime.date) -> datetime.datetime:
    """Return the moment at which a day is over in Amsterdam."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), zone)


def can_manage(user: User, measure: Measure) -> bool:
    """Say whether a user may agree with a measure or lift it: a moderator of that text's scope."""
    if measure.dossier is None or measure.person_id == user.pk:
        return False
    contribution = contribution_of(measure.dossier)
    # A measure outlives its text: also of one that was emptied since, somebody can be let in.
    return can_review(user, contribution, also_emptied=True)


def can_agree(user: User, measure: Measure) -> bool:
    """Say whether a user's yes would be a second one."""
    return measure.is_asked and measure.decided_by_id != user.pk and can_manage(user, measure)


@on_the_record
def agree(*, measure: Measure, by: User, now: datetime.datetime | None = None) -> Measure:
    """Give the second yes to an end: from now on it holds.

    Raises:
        NotAllowed: it is the first moderator's own, or outside the grants.
        NotPossibleNow: somebody agreed or said no before.
        HasRole: the person was given a role since.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = _locked(measure)
        if not locked.is_asked:
            raise NotPossibleNow
        if not can_agree(by, locked):
            raise NotAllowed
        _check_has_no_role(
            User.objects.select_for_update(no_key=True).get(pk=locked.person_id), now
        )
        locked.agreed_by, locked.agreed_at, locked.starts_at = by, now, now
        locked.save(update_fields=["agreed_by", "agreed_at", "starts_at"])
        _tell(locked, by, now)
        return locked


@on_the_record
def lift(
    *, measure: Measure, by: User, reason: str, now: datetime.datetime | None = None
) -> Measure:
    """Let somebody write again before the term is over, with a reason; or say no to an end.

    Raises:
        ReasonMissing.
        NotAllowed: it lies outside the grants, or is about oneself.
        NotPossibleNow: it does not hold any more.
    """
    now = now or timezone.now()
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = _locked(measure)
        if not can_manage(by, locked):
            raise NotAllowed
        if not (locked.is_in_force(now) or locked.is_asked):
            raise NotPossibleNow
        return lift_row(locked, by=by, reason=reason, now=now)


def lift_row(locked: Measure, *, by: User, reason: str, now: datetime.datetime) -> Measure:
    """Lift a locked measure: what was looked at again needs no more than the judge's word."""
    locked.lifted_at, locked.lifted_by, locked.lifted_because = now, by, reason
    locked.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    return locked


def lift_those_of(decision: Decision, *, by: User, reason: str, now: datetime.datetime) -> None:
    """Lift what came with a decision that is taken back, in the transaction that does so."""
    rows = Measure.objects.select_for_update(no_key=True).filter(
        decision=decision, lifted_at__isnull=True
    )
    for one in rows:
        if one.ends_at is None or now < one.ends_at:
            lift_row(one, by=by, reason=reason, now=now)


@follows_undoing
def _lift_with_it(decision: Decision, undone: Decision) -> None:
    """Nobody stays paused by a decision that was undone."""
    assert undone.decided_by is not None
    lift_those_of(decision, by=undone.decided_by, reason=undone.reason, now=undone.decided_at)


def _locked(measure: Measure) -> Measure:
    return Measure.objects.select_for_update(no_key=True, of=("self",)).get(pk=measure.pk)
