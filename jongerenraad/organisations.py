"""In whose name members may write, and which of them decide for others."""

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
