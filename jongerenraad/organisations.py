"""In whose name members may write, which of them decide for others, and what they act by."""

import datetime
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from accounts.models import Organisation, User
from jongerenraad.models import Membership, Office


def councils_written_for(person: User, now: datetime.datetime) -> Iterable[Organisation]:
    """Return the councils in whose name a person may write: as their chair or secretary."""
    offices = Membership.objects.current(now).filter(
        person=person, office__in=[Office.CHAIR, Office.SECRETARY]
    )
    return Organisation.objects.filter(council__in=offices.values("term__council"))


def deciding_in_office(now: datetime.datetime) -> Q:
    """Say of whom an office in a council lets them decide about votes and money."""
    offices = Membership.objects.current(now).filter(
        person=OuterRef("pk"), office__in=[Office.CHAIR, Office.SECRETARY, Office.TREASURER]
    )
    return Q(Exists(offices))


def seats_acted_by(person: User, now: datetime.datetime) -> Iterable[str]:
    """Return the codes of what a person is in councils, for the record of acts (one query)."""
    offices = Membership.objects.current(now).filter(person=person).order_by()
    return [f"council_{office}" for office in offices.values_list("office", flat=True).distinct()]
