"""Who somebody is to an application: what its page asks to know which buttons it shows.

It reads what hangs on the application as it was loaded, so that a list of many asks the database
no more often than a page with one (``for_acts``). The actions ask again, under a lock.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet

from accounts.models import User
from budgets.models import Application, Approval, PaymentOrder
from budgets.permissions import APPROVERS, is_office, stands_in
from jongerenraad.models import Council, Matter, Membership, Office
from jongerenraad.permissions import membership_of


def for_acts(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Load with applications what a standpoint asks about."""
    return applications.select_related("fund__council", "area", "author", "order").prefetch_related(
        "recusals", "approvals", "deliberations__matter__second"
    )


def officers_of(council: Council, now: datetime.datetime) -> list[Membership]:
    """Return the current members in an office that prepares or approves payments."""
    return list(
        Membership.objects.current(now).filter(
            term__council=council, office__in=(*APPROVERS, Office.TREASURER)
        )
    )


@dataclass(frozen=True)
class Standpoint:
    """A person before an application, at a moment."""

    person: User
    application: Application
    now: datetime.datetime
    seat: Membership | None
    officers: Sequence[Membership]

    @classmethod
    def of(cls, person: User, application: Application, now: datetime.datetime) -> Self:
        council = application.fund.council
        seat = membership_of(person, council, now)
        return cls(person, application, now, seat, officers_of(council, now) if seat else [])

    @property
    def is_applicant(self) -> bool:
        return self.application.author_id == self.person.pk

    @property
    def is_office(self) -> bool:
        return is_office(self.person)

    @property
    def is_recused(self) -> bool:
        return self._recused(self.person.pk)

    def _recused(self, person_id: int) -> bool:
        return self.application.author_id == person_id or any(
            one.person_id == person_id for one in self.application.recusals.all()
        )

    def acts_as(self, *offices: str) -> bool:
        """Say whether the person holds one of the offices and does not step aside."""
        return self.seat is not None and self.seat.office in offices and not self.is_recused

    def has_approved(self, purpose: str) -> bool:
        return any(
            one.person_id == self.person.pk and one.purpose == purpose
            for one in self.application.approvals.all()
        )

    @property
    def order(self) -> PaymentOrder | None:
        return getattr(self.application, "order", None)

    @property
    def may_approve(self) -> bool:
        """Say the same as ``permissions.approves``, with what was loaded."""
        order = self.order
        if order is None or order.prepared_by_id == self.person.pk:
            return False
        if self.has_approved(Approval.Purpose.ORDER):
            return False
        if self.acts_as(*APPROVERS):
            return True
        given = [
            one for one in self.application.approvals.all() if one.purpose == Approval.Purpose.ORDER
        ]
        standing = [one for one in given if not self._recused(one.person_id)]
        return self.acts_as(Office.MEMBER) and stands_in(
            self.person, order, given, standing, self._able(*APPROVERS)
        )

    @property
    def may_prepare(self) -> bool:
        """Say the same as ``permissions.prepares``, with what was loaded."""
        if self.acts_as(Office.TREASURER):
            return True
        return self.acts_as(Office.SECRETARY) and not self._able(Office.TREASURER)

    def _able(self, *offices: str) -> list[Membership]:
        """Return who holds one of the offices and does not step aside."""
        return [
            one
            for one in self.officers
            if one.office in offices and not self._recused(one.person_id)
        ]

    @property
    def proposed(self) -> int:
        """What the council votes on last, in cents."""
        given = max(self.application.deliberations.all(), key=lambda one: one.pk, default=None)
        return given.cents if given else 0

    @property
    def vote(self) -> Matter | None:
        """The latest vote on it, a second one included."""
        matters = [one.matter for one in self.application.deliberations.all()]
        if not matters:
            return None
        latest = max(matters, key=lambda matter: matter.pk)
        return getattr(latest, "second", None) or latest
