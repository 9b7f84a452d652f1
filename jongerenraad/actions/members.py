"""Who sits in a council: appointed and ended by the programme office, under the council's lock."""

import datetime
import uuid

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from contributions.actions import NotAllowed, NotPossibleNow, Refused, check_may_write
from contributions.deadlines import today
from jongerenraad.actions.portraits import forget_portrait
from jongerenraad.models import Council, Membership, Office, Seat, Term
from jongerenraad.permissions import can_manage_members

log = structlog.get_logger(__name__)

#: Offices that one member holds at a time.
SINGLE_OFFICES = (Office.CHAIR, Office.SECRETARY, Office.TREASURER)


class NotOneself(Refused):
    message = _("You can't appoint yourself. Ask a colleague.")


class AccountClosed(Refused):
    message = _("This account is closed, so nobody can sign in with it.")


class TermIsOver(Refused):
    message = _("This term is over. Choose the present one or the next.")


class SeatMissing(Refused):
    message = _("A member has a seat of this council, and a mentor has none. Choose again.")


class SeatTaken(Refused):
    message = _("Somebody sits on this seat already. End that membership first.")


class SitsAlready(Refused):
    message = _("This person sits in the council already.")


class OfficeHeld(Refused):
    message = _("Somebody holds this office already. Give that member another office first.")


class MentorsHaveNoOffice(Refused):
    message = _(
        "A mentor has no seat and a member has one. End this membership and appoint the person "
        "again."
    )


class NameMissing(Refused):
    message = _("Fill in a first name.")


class ReasonMissing(Refused):
    message = _("Write why this membership ends.")


class EndedAlready(Refused):
    message = _("This membership has ended already.")


def lock_council(council: Council) -> Council:
    """Lock a council until the transaction ends: who sits in it changes for one at a time."""
    return Council.objects.select_for_update(no_key=True).get(pk=council.pk)


@on_the_record
def appoint(
    *,
    term: Term,
    person: User,
    office: str,
    first_name: str,
    by: User,
    seat: Seat | None = None,
    now: datetime.datetime | None = None,
) -> Membership:
    """Give somebody a seat for a term, or let them help as a mentor (without a seat).

    Raises:
        NotAllowed: ``by`` is not of the programme office.
        NotOneself, AccountClosed, NameMissing: this person cannot be appointed like this.
        TermIsOver: the term ended.
        SeatMissing: a member without a seat of this council, or a mentor with one.
        SeatTaken, SitsAlready, OfficeHeld: somebody was before.
    """
    if not can_manage_members(by):
        raise NotAllowed
    if by.pk == person.pk:
        raise NotOneself
    if not person.is_active:
        raise AccountClosed
    if not first_name:
        raise NameMissing
    with transaction.atomic():
        lock_council(term.council)
        now = now or timezone.now()
        if term.ends_date < today(now):
            raise TermIsOver
        _check_seat(term, seat, office)
        _check_free(term, seat, person, office)
        try:
            with transaction.atomic():
                membership = Membership.objects.create(
                    term=term,
                    seat=seat,
                    person=person,
                    office=office,
                    first_name=first_name,
                    appointed_by=by,
                    starts_at=now,
                )
        except IntegrityError:
            raise NotPossibleNow from None
    log.info("member_appointed", membership=membership.pk, by=by.pk)
    return membership


def _check_seat(term: Term, seat: Seat | None, office: str) -> None:
    if office not in Office.values or (seat is None) != (office == Office.MENTOR):
        raise SeatMissing
    if seat is not None and seat.council_id != term.council_id:
        raise SeatMissing


def _check_free(term: Term, seat: Seat | None, person: User, office: str) -> None:
    held = Membership.objects.filter(term=term, ends_at__isnull=True)
    if held.filter(person=person).exists():
        raise SitsAlready
    if seat is not None and held.filter(seat=seat).exists():
        raise SeatTaken
    if office in SINGLE_OFFICES and held.filter(office=office).exists():
        raise OfficeHeld


@on_the_record
def change_office(
    *, membership: Membership, office: str, by: User, now: datetime.datetime | None = None
) -> Membership:
    """Give a member another office: the old row ends and a new one goes on on the same seat.

    Raises:
        NotAllowed: ``by`` is not of the programme office.
        NotOneself: it is one's own office.
        EndedAlready: the membership is over.
        MentorsHaveNoOffice: from or to a mentor, who has no seat.
        OfficeHeld: somebody else holds it.
    """
    if not can_manage_members(by):
        raise NotAllowed
    if by.pk == membership.person_id:
        raise NotOneself
    with transaction.atomic():
        lock_council(membership.term.council)
        now = now or timezone.now()
        before = _locked(membership, now)
        if office not in Office.values or Office.MENTOR in (office, before.office):
            raise MentorsHaveNoOffice
        if office == before.office:
            return before
        held = Membership.objects.filter(term=before.term_id, ends_at__isnull=True)
        if office in SINGLE_OFFICES and held.filter(office=office).exists():
            raise OfficeHeld
        portrait = (before.portrait_key, before.portrait.name, before.portrait_agreed_at)
        before.portrait_key = uuid.uuid4()
        before.portrait, before.portrait_agreed_at = "", None
        before.ends_at, before.ended_by = now, by
        before.save()
        after = Membership(
            term=before.term,
            seat=before.seat,
            person=before.person,
            office=office,
            first_name=before.first_name,
            appointed_by=by,
            starts_at=now,
        )
        after.portrait_key, after.portrait, after.portrait_agreed_at = portrait
        after.save()
    log.info("office_changed", membership=after.pk, by=by.pk)
    return after


@on_the_record
def step_down(
    *, membership: Membership, by: User, reason: str = "", now: datetime.datetime | None = None
) -> Membership:
    """End a membership: by the programme office, with a reason, or by the member, who needs none.

    The picture goes with it.

    Raises:
        NotAllowed: it is somebody else's, and ``by`` is not of the programme office.
        ReasonMissing: the office gives no reason.
        EndedAlready: it is over.
    """
    is_own = by.pk == membership.person_id
    if not is_own and not can_manage_members(by):
        raise NotAllowed
    if not is_own and not reason:
        raise ReasonMissing
    with transaction.atomic():
        lock_council(membership.term.council)
        now = now or timezone.now()
        locked = _locked(membership, now)
        locked.ends_at, locked.ended_by, locked.end_reason = now, by, reason
        forget_portrait(locked)
        locked.save()
    log.info("membership_ended", membership=locked.pk, by=by.pk)
    return locked


def change_first_name(
    *, membership: Membership, by: User, first_name: str, now: datetime.datetime | None = None
) -> Membership:
    """Let a member choose the first name that everybody sees.

    Raises:
        NotAllowed: it is somebody else's.
        NameMissing: there is none.
        MeasureHolds: a measure keeps the person from writing.
        EndedAlready: the membership is over.
    """
    if by.pk != membership.person_id:
        raise NotAllowed
    if not first_name:
        raise NameMissing
    now = now or timezone.now()
    check_may_write(by, now)
    with transaction.atomic():
        locked = _locked(membership, now)
        locked.first_name = first_name
        locked.save(update_fields=["first_name"])
        return locked


def _locked(membership: Membership, now: datetime.datetime) -> Membership:
    locked = (
        Membership.objects.select_for_update(no_key=True, of=("self",))
        .select_related("term", "person", "seat")
        .get(pk=membership.pk)
    )
    if locked.ends_at is not None or locked.term.ends_date < today(now):
        raise EndedAlready
    return locked
