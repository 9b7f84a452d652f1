"""In whose name members may write."""

import datetime
from collections.abc import Iterable

from accounts.models import Organisation, User
from jongerenraad.models import Membership, Office


def councils_written_for(person: User, now: datetime.datetime) -> Iterable[Organisation]:
    """Return the councils in whose name a person may write: as their chair or secretary."""
    offices = Membership.objects.current(now).filter(
        person=person, office__in=[Office.CHAIR, Office.SECRETARY]
    )
    return Organisation.objects.filter(council__in=offices.values("term__council"))
