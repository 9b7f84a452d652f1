"""What waits for a member of all that is voted on."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from jongerenraad.kinds import with_subjects
from jongerenraad.models import Elector, Membership
from jongerenraad.waiting import Waiting


def votes_waiting(membership: Membership, now: datetime.datetime) -> Iterator[Waiting]:
    """Yield the open votes that a member has not given yet, the first to close first."""
    found = (
        Elector.objects.filter(
            membership__person=membership.person_id,
            matter__council=membership.term.council_id,
            matter__closed_at__isnull=True,
            matter__closes_at__gt=now,
            stepped_aside=False,
            has_voted=False,
        )
        .select_related("matter__council")
        .order_by("matter__closes_at", "pk")
    )
    if not membership.votes:
        return
    matters = with_subjects([elector.matter for elector in found], membership.person)
    for matter in matters:
        yield Waiting(
            title=(matter.subject.title if matter.subject else "") or matter.shown_question,
            url=matter.get_absolute_url(),
            action=_("Vote"),
            detail=matter.shown_question if matter.subject and matter.subject.title else "",
            due=matter.closes_at,
            language=matter.subject.language
            if matter.subject and matter.subject.title
            else matter.question_language,
        )
