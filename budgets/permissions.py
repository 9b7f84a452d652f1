"""Who may do what with a council's money.

A member decides in their office, never about what they asked for themselves or what somebody of
their household asks for; whoever prepares a payment does not approve it.
"""

import datetime
from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from budgets.models import Application, Approval, PaymentOrder, Recusal, Stage
from jongerenraad.models import Council, Membership, Office
from jongerenraad.permissions import membership_of

#: Who reads an application first and whether the report is in order.
CHECKERS = (Office.SECRETARY, Office.TREASURER)
FAST_LANE = (Office.CHAIR, Office.TREASURER)
#: Who approves a payment. The treasurer prepares it, and so never approves.
APPROVERS = (Office.CHAIR, Office.SECRETARY)


def is_recused(person: User, application: Application) -> bool:
    """Say whether somebody takes no part: it is their own, or that of somebody near to them."""
    if application.author_id == person.pk:
        return True
    return Recusal.objects.filter(application=application, person=person).exists()


def acts_as(
    person: User,
    application: Application,
    offices: tuple[Office, ...],
    now: datetime.datetime,
) -> Membership | None:
    """Return the membership with which a person may act on an application, in one of the offices.

    None for who holds none of them now, and for who steps aside.
    """
    seat = membership_of(person, application.fund.council, now)
    if seat is None or seat.office not in offices or is_recused(person, application):
        return None
    return seat


def is_office(person: User | AnonymousUser) -> bool:
    """Say whether somebody is of the programme office, which keeps the money of councils.

    A grant for one area does not do: a fund is for all of them.
    """
    return person.is_authenticated and any(
        grant.role == Role.PROGRAMME_OFFICE and grant.area_id is None
        for grant in person.current_grants
    )


def can_see_the_file(
    person: User | AnonymousUser, application: Application, now: datetime.datetime
) -> bool:
    """Say whether somebody sees quotes, receipts and who receives the money."""
    if not person.is_authenticated:
        return False
    if application.author_id == person.pk:
        return True
    if application.stage == Stage.DRAFT:
        return False
    return is_office(person) or membership_of(person, application.fund.council, now) is not None


def can_see_payments(
    person: User | AnonymousUser, council: Council, now: datetime.datetime
) -> bool:
    """Say whether somebody sees the payment orders: the office, and the council's own officers."""
    if is_office(person):
        return True
    seat = membership_of(person, council, now)
    return seat is not None and seat.office in (*APPROVERS, Office.TREASURER)


def approves(
    person: User, order: PaymentOrder, application: Application, now: datetime.datetime
) -> Membership | None:
    """Return the membership with which a person may approve a payment, or None.

    Chair and secretary approve. For each of the two who can't, another voting member may stand in;
    the treasurer and who prepared the order never do.
    """
    if order.prepared_by_id == person.pk:
        return None
    if seat := acts_as(person, application, APPROVERS, now):
        return seat
    seat = acts_as(person, application, (Office.MEMBER,), now)
    if seat is None:
        return None
    given = list(
        application.approvals.filter(purpose=Approval.Purpose.ORDER).select_related("person")
    )
    standing = [one for one in given if not is_recused(one.person, application)]
    return (
        seat
        if stands_in(person, order, given, standing, _able(application, APPROVERS, now))
        else None
    )


def stands_in(
    member: User,
    order: PaymentOrder,
    given: Sequence[Approval],
    standing: Sequence[Approval],
    able: Sequence[Membership],
) -> bool:
    """Say whether an ordinary member's approval of a payment is needed.

    Args:
        given: all approvals of it.
        standing: those that count.
        able: chair and secretary, where they do not step aside. One whose office approved already
            can't, nor one who did so in another office or prepared the order.
    """
    people = {order.prepared_by_id, *(one.person_id for one in given)}
    offices = {one.office for one in given}
    coming = [one for one in able if one.person_id not in people and one.office not in offices]
    others = [one for one in standing if one.person_id != member.pk]
    return len(others) + len(coming) < len(APPROVERS)


def prepares(person: User, application: Application, now: datetime.datetime) -> Membership | None:
    """Return the membership with which a person may prepare a payment, or None.

    The treasurer does. Where the treasurer steps aside or the office is vacant the secretary does,
    and then does not approve.
    """
    if seat := acts_as(person, application, (Office.TREASURER,), now):
        return seat
    if _able(application, (Office.TREASURER,), now):
        return None
    return acts_as(person, application, (Office.SECRETARY,), now)


def _able(
    application: Application, offices: tuple[Office, ...], now: datetime.datetime
) -> list[Membership]:
    """Return who holds one of the offices now and does not step aside."""
    holders = Membership.objects.current(now).filter(
        term__council=application.fund.council, office__in=offices
    )
    return [
        one for one in holders.select_related("person") if not is_recused(one.person, application)
    ]
