"""Notes of moderators to each other, and passing a text on."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.record import on_the_record
from contributions.actions.claiming import leave_to_reader
from contributions.actions.moving import locked_row
from contributions.actions.queueing import let_go
from contributions.actions.refusals import (
    NotAllowed,
    NotAReader,
    NoteMissing,
    NotPossibleNow,
)
from contributions.kinds import contribution_of
from contributions.models import Dossier, Note
from contributions.review import can_review, colleagues_for


@on_the_record
def write_note(
    *, dossier: Dossier, by: User, text: str, now: datetime.datetime | None = None
) -> Note:
    """Leave a note beside a text, for who reads it next; no page shows it to its author.

    Raises:
        NotAllowed: it is not theirs to decide about.
        NoteMissing: there are no words.
    """
    if not text.strip():
        raise NoteMissing
    if not can_review(by, contribution_of(dossier)):
        raise NotAllowed
    return Note.objects.create(
        dossier=dossier, text=text, written_by=by, written_at=now or timezone.now()
    )


@on_the_record
def pass_on(
    *,
    dossier: Dossier,
    by: User,
    text: str,
    to: User | None,
    now: datetime.datetime | None = None,
) -> Note:
    """Pass on what waits, with a note; it keeps its place in the queue and its promise.

    Args:
        to: a moderator who may decide about it; None for the programme office.

    Raises:
        NotAllowed, NotPossibleNow, NoteMissing, ReadByColleague
        NotAReader: it is not theirs to decide about.
    """
    now = now or timezone.now()
    if not text.strip():
        raise NoteMissing
    with transaction.atomic():
        contribution = locked_row(contribution_of(dossier))
        locked = contribution.dossier
        if not can_review(by, contribution):
            raise NotAllowed
        if locked.waiting_since is None:
            raise NotPossibleNow
        leave_to_reader(locked, by, now)
        if to is not None and to not in colleagues_for(contribution, besides=by):
            raise NotAReader
        locked.passed_to = to
        locked.passed_to_office = to is None
        let_go(locked)
        locked.save()
        return Note.objects.create(
            dossier=locked,
            text=text,
            written_by=by,
            written_at=now,
            passed_to=to,
            passed_to_office=to is None,
        )
