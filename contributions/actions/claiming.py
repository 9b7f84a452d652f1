"""Who is reading a text: for a while nobody else decides about it."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.record import on_the_record
from contributions.actions.queueing import let_go
from contributions.actions.refusals import NotAllowed, NotPossibleNow, ReadByColleague
from contributions.kinds import contribution_of
from contributions.models import Dossier
from contributions.models.dossier import DossierQuerySet
from contributions.review import can_review, has_a_part

#: A reader whom more of these are not theirs to decide about is given nothing.
SKIPPED_AT_MOST = 200


def leave_to_reader(dossier: Dossier, by: User, now: datetime.datetime) -> None:
    """Refuse where a colleague is reading a locked dossier.

    Raises:
        ReadByColleague: with who it is, and until when.
    """
    reader = dossier.reader_at(now)
    if reader is None or reader.pk == by.pk or dossier.claimed_until is None:
        return
    raise ReadByColleague(
        _("%(name)s is reading this until %(time)s. You can decide about it after that.")
        % {
            "name": reader.public_name,
            "time": time_format(timezone.localtime(dossier.claimed_until), "H:i"),
        }
    )


@on_the_record
def claim(*, dossier: Dossier, by: User, now: datetime.datetime | None = None) -> Dossier:
    """Start reading what waits; what somebody was reading before is free again.

    Raises:
        NotAllowed: it is not theirs to decide about.
        NotPossibleNow: it does not wait any more.
        ReadByColleague: a colleague was first.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = _locked(dossier)
        if not _may_decide(by, locked):
            raise NotAllowed
        if locked.waiting_since is None:
            raise NotPossibleNow
        leave_to_reader(locked, by, now)
        _hold(locked, by, now)
        return locked


@on_the_record
def release(*, dossier: Dossier, by: User) -> None:
    """Stop reading: a colleague can take it at once. What is not claimed stays as it is."""
    with transaction.atomic():
        locked = _locked(dossier)
        if locked.claimed_by_id == by.pk:
            let_go(locked)
            locked.save(update_fields=["claimed_by", "claimed_until"])


@on_the_record
def claim_next(
    *,
    by: User,
    among: DossierQuerySet | None = None,
    after: Dossier | None = None,
    now: datetime.datetime | None = None,
) -> Dossier | None:
    """Start reading the next text that nobody reads, and return it; None where there is none.

    Rows that a colleague is taking at this moment are passed over, so that nobody waits and no two
    get the same one.

    Args:
        among: what to choose from; all that waits for this reader unless told.
        after: the text that they come from: first what stands behind it, then from the beginning.
    """
    now = now or timezone.now()
    waiting = (
        (Dossier.objects.reviewable_by(by) if among is None else among)
        .waiting()
        .read_by_nobody(now)
    )
    starts = [waiting]
    if after is not None:
        waiting = waiting.exclude(pk=after.pk)
        behind = (
            [waiting.behind(after.is_urgent, after.waiting_since, after.pk)]
            if after.waiting_since
            else []
        )
        starts = [*behind, waiting]
    with transaction.atomic():
        for start in starts:
            skipped: list[int] = []
            while len(skipped) < SKIPPED_AT_MOST:
                found = start.exclude(pk__in=skipped).locked_if_free().first()
                if found is None:
                    break
                if _may_decide(by, found):
                    _hold(found, by, now)
                    return found
                skipped.append(found.pk)
    return None


def _locked(dossier: Dossier) -> Dossier:
    locked = Dossier.objects.select_for_update(no_key=True).filter(pk=dossier.pk).first()
    if locked is None:
        raise NotPossibleNow
    return locked


def _may_decide(by: User, dossier: Dossier) -> bool:
    contribution = contribution_of(dossier)
    contribution.dossier = dossier
    return can_review(by, contribution) and not has_a_part(by, dossier)


def _hold(dossier: Dossier, by: User, now: datetime.datetime) -> None:
    # Passed over where a second window of the same person is at it: nobody waits for nobody.
    others = Dossier.objects.filter(claimed_by=by).exclude(pk=dossier.pk).locked_if_free()
    Dossier.objects.filter(pk__in=[other.pk for other in others]).update(
        claimed_by=None, claimed_until=None
    )
    dossier.claimed_by = by
    dossier.claimed_until = now + datetime.timedelta(minutes=settings.CLAIM_MINUTES)
    dossier.save(update_fields=["claimed_by", "claimed_until"])
