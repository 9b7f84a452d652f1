"""What of the work budget waits for a member."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from budgets import acts
from budgets.models import Application, Stage
from budgets.standpoint import Standpoint, for_acts, officers_of
from jongerenraad.models import Membership, Office
from jongerenraad.waiting import Waiting

#: In which stages the officers have something to do.
WAITS_IN = (
    Stage.SUBMITTED,
    Stage.CHECKED,
    Stage.IN_DELIBERATION,
    Stage.AGREED,
    Stage.REPORTED,
    Stage.OVERDUE,
)
#: What is offered but does not wait: nobody has to.
NO_DUTY = frozenset({"opzij", "terugsturen", "verslag-terugsturen", "terugvorderen", "intrekken"})
MOST_LOOKED_AT = 60
OFFICERS = (Office.CHAIR, Office.SECRETARY, Office.TREASURER)


def of_applications(membership: Membership, now: datetime.datetime) -> Iterator[Waiting]:
    """Yield what a member has to do with applications, the longest waiting first."""
    council = membership.term.council
    waiting = for_acts(
        Application.objects.filter(
            fund__council=council,
            # An ordinary member approves a payment where an officer steps aside.
            stage__in=WAITS_IN if membership.office in OFFICERS else [Stage.AGREED],
        )
    ).order_by("stage_since", "pk")[:MOST_LOOKED_AT]
    officers = officers_of(council, now)
    for application in waiting:
        at = Standpoint(membership.person, application, now, membership, officers)
        offered = [act for act in acts.offered_to(at) if act.name not in NO_DUTY]
        if offered:
            yield Waiting(
                title=application.title,
                url=application.get_absolute_url(),
                action=_("Look at it"),
                detail=str(offered[0].label),
                language=application.language,
            )
