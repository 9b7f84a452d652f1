"""A change to a published text: asked for by its author, decided about by a moderator."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.record import on_the_record
from contributions.actions.checking import (
    mark_change,
    take_over_marks,
    with_reasons_of_checks,
)
from contributions.actions.closing import close_as_gone
from contributions.actions.deciding import row_for_review
from contributions.actions.moving import locked_row, record
from contributions.actions.queueing import drop_revision, leave_queue, let_go, queue, was_read
from contributions.actions.refusals import (
    EditedElsewhere,
    NotAllowed,
    NotPossibleNow,
    ReasonMissing,
)
from contributions.actions.taking_part import check_may_write
from contributions.actions.writing import attach_picture, may_edit
from contributions.kinds import kind_of
from contributions.machine.asking import ask_at_once
from contributions.models import (
    Contribution,
    Decision,
    Dossier,
    HouseRule,
    Picture,
    Revision,
    Status,
)
from contributions.pictures import (
    NewPicture,
    atomic_with_files,
)
from contributions.revisions import latest_change, version_of_words, words_before
from contributions.search.documents import write_document

Outcome = Decision.Outcome
Review = Dossier.Review


def propose_revision(
    *,
    contribution: Contribution,
    by: User | AnonymousUser,
    data: dict[str, Any],
    new_pictures: Iterable[NewPicture] = (),
    has_slip: bool = False,
    started_from: str = "",
    now: datetime.datetime | None = None,
) -> Revision:
    """Ask for a change to one's published text; the approved one stays until a moderator agrees.

    A change that waits is overtaken and stays on the record: a moderator reads the last one.
    Pictures of a change that was not taken over come along with the next one. The same change sent
    twice is one.

    Args:
        data: the fields as they should become, with ``pictures_removed`` (keys) and
            ``picture_descriptions`` (by key) where pictures change too.
        new_pictures: pictures that come with the change.
        has_slip: whether somebody without an account holds the slip of it (``may_edit``).
        started_from: the ``version_of_words`` that the author began with, if the form told it.

    Raises:
        NotAllowed: it is someone else's.
        MeasureHolds: the person may not write now.
        NotPossibleNow: it is not on the site.
        EditedElsewhere: the text, or the change of it that waits, became another one since.
        TooManyPictures: there would be more than five.
    """
    now = now or timezone.now()
    new_pictures = list(new_pictures)
    with atomic_with_files():
        locked = locked_row(contribution)
        if not may_edit(locked, by=by, has_slip=has_slip):
            raise NotAllowed
        check_may_write(by, now)
        if locked.status != Status.PUBLISHED or locked.area is None:
            raise NotPossibleNow
        earlier = latest_change(locked)
        waits = earlier is not None and earlier.state == Revision.State.WAITING
        if earlier and waits and earlier.data == data and not new_pictures:
            return earlier
        if started_from not in ("", version_of_words(locked)):
            raise EditedElsewhere
        drop_revision(locked.dossier, now)
        revision = Revision.objects.create(
            dossier=locked.dossier,
            created_by=by if by.is_authenticated else None,
            created_at=now,
            data=data,
            before=words_before(locked, data),
        )
        if earlier:
            earlier.pictures.update(revision=revision)
        for new in new_pictures:
            attach_picture(
                contribution=locked,
                encoded=new.encoded,
                description=new.description,
                revision=revision,
            )
        dossier = locked.dossier
        reasons = mark_change(locked, revision)
        dossier.review_reasons = with_reasons_of_checks(dossier.review_reasons, reasons)
        queue(
            dossier,
            Review.REVISION,
            now=now,
            working_days=locked.area.review_working_days,
        )
        return revision


def _waiting_revision(contribution: Contribution) -> Revision:
    revision = Revision.objects.filter(
        dossier=contribution.dossier, state=Revision.State.WAITING
    ).first()
    if revision is None or contribution.status != Status.PUBLISHED:
        raise NotPossibleNow
    return revision


@on_the_record
def accept_revision(
    *, dossier: Dossier, by: User, seen: str | None = None, now: datetime.datetime | None = None
) -> Decision:
    """Let a waiting change take the place of the published text."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        revision = _waiting_revision(locked)
        take_over(locked, revision, now)
        decision = record(locked, Outcome.REVISION_ACCEPTED, locked.status, by=by, now=now)
        leave_queue(locked.dossier)
        return decision


def take_over(locked: Contribution, revision: Revision, now: datetime.datetime) -> None:
    """Let an open change take the place of a locked text, and close it."""
    kind = kind_of(locked)
    if kind.revise is None:
        raise NotPossibleNow
    # What it takes the place of, also where it waited since before this was kept.
    revision.before = words_before(locked, revision.data)
    kind.revise(locked, revision.data)
    locked.changed_at = now
    locked.save()
    write_document(locked)
    ask_at_once(locked, now=now)
    _revise_pictures(locked.dossier, revision.data, now)
    take_over_marks(revision)
    revision.state = Revision.State.ACCEPTED
    revision.closed_at = now
    revision.save()
    locked.dossier.area = locked.area
    locked.dossier.language = locked.language


def take_over_after_all(
    locked: Contribution, returned: Revision, *, now: datetime.datetime
) -> None:
    """Let a change that was not taken over take the place of a locked text after all.

    The change of then stays on the record as it was: a row with the same words is accepted.
    """
    again = Revision(
        dossier=locked.dossier,
        data=returned.data,
        created_by=returned.created_by,
        created_at=now,
    )
    again.save()
    returned.pictures.update(revision=again)
    take_over(locked, again, now)


@on_the_record
def return_revision(
    *,
    dossier: Dossier,
    by: User,
    reason: str,
    rule: HouseRule | None = None,
    facts: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Leave the published text as it is, and tell the author what to change in the new one."""
    now = now or timezone.now()
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        revision = _waiting_revision(locked)
        revision.before = words_before(locked, revision.data)
        revision.state = Revision.State.RETURNED
        revision.closed_at = now
        revision.save()
        decision = record(
            locked,
            Outcome.REVISION_RETURNED,
            locked.status,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
        )
        if was_read(locked.dossier):
            leave_queue(locked.dossier)
        else:
            # The text under it was published by itself: somebody still has to read that one.
            locked.dossier.review = Review.AFTER
            let_go(locked.dossier)
            locked.dossier.save(update_fields=["review", "claimed_by", "claimed_until"])
        return decision


def _revise_pictures(dossier: Dossier, data: dict[str, Any], now: datetime.datetime) -> None:
    pictures = Picture.objects.filter(dossier=dossier)
    removed = list(data.get("pictures_removed", []))
    pictures.filter(key__in=removed, removed_at__isnull=True).update(removed_at=now)
    close_as_gone(dossier, now=now, pictures=pictures.filter(key__in=removed))
    for key, description in data.get("picture_descriptions", {}).items():
        pictures.filter(key=key).update(description=description)
