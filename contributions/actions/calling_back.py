"""The second person who asks whether somebody told it like this."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.record import on_the_record
from contributions.actions.moving import locked_row
from contributions.actions.queueing import queue
from contributions.actions.refusals import NotAllowed, NotPossibleNow
from contributions.kinds import contribution_of
from contributions.models import Dossier, Status, Telling
from contributions.models.assisted import READ_AFTER_THE_TALK
from contributions.review import Reason

CallBack = Telling.CallBack
OUTCOMES = (CallBack.CONFIRMED, CallBack.DENIED, CallBack.NOT_REACHED)


@on_the_record
def note_call_back(
    *, telling: Telling, by: User, outcome: str, now: datetime.datetime | None = None
) -> Telling:
    """Keep what came of a call, and forget the telephone number.

    Where the person did not tell it like this, a moderator reads it, also when it is on the site.

    Raises:
        NotAllowed: the person held the talk, or has no role there.
        NotPossibleNow: somebody else called already, it is off the site, or it is no outcome.
    """
    now = now or timezone.now()
    if outcome not in OUTCOMES:
        raise NotPossibleNow
    with transaction.atomic():
        # The text first, as everywhere: who decides about it locks that one.
        text = locked_row(contribution_of(telling.dossier))
        fresh = (
            Telling.objects.select_for_update(no_key=True, of=("self",))
            .select_related("session")
            .get(pk=telling.pk)
        )
        if fresh.call_back != CallBack.WAITING or text.status not in READ_AFTER_THE_TALK:
            raise NotPossibleNow
        if text.is_of(by) or not Telling.objects.to_call_back(by).filter(pk=fresh.pk).exists():
            raise NotAllowed
        fresh.call_back = outcome
        fresh.checked_by = by
        fresh.checked_at = now
        fresh.telephone = ""
        fresh.save(update_fields=["call_back", "checked_by", "checked_at", "telephone"])
        dossier = text.dossier
        if outcome == CallBack.DENIED:
            if Reason.NOT_CONFIRMED not in dossier.review_reasons:
                dossier.review_reasons = [*dossier.review_reasons, str(Reason.NOT_CONFIRMED)]
            if text.status == Status.PUBLISHED and text.area is not None:
                waits = dossier.waiting_since is not None
                queue(
                    dossier,
                    dossier.review if waits else Dossier.Review.AFTER,
                    now=now,
                    working_days=text.area.review_working_days,
                )
            else:
                dossier.save(update_fields=["review_reasons"])
        elif outcome == CallBack.CONFIRMED:
            dossier.review_reasons = [
                reason for reason in dossier.review_reasons if reason != Reason.NOT_CONFIRMED
            ]
            dossier.save(update_fields=["review_reasons"])
        return fresh
