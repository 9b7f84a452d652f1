"""What an author does with a text that nobody else reads yet."""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from contributions.actions.checking import mark_text, with_reasons_of_checks
from contributions.actions.moving import locked_row
from contributions.actions.refusals import (
    EditedElsewhere,
    NotAllowed,
    NotPossibleNow,
    TooManyPictures,
)
from contributions.actions.taking_part import check_may_write
from contributions.kinds import kind_of
from contributions.models import (
    Contribution,
    Decision,
    Picture,
    Revision,
    Status,
)
from contributions.models.picture import MAX_PICTURES
from contributions.pictures import (
    Encoded,
    NewPicture,
    atomic_with_files,
    forget_files,
    write_file,
)
from contributions.revisions import latest_change, version_of_words
from contributions.tasks import make_picture_sizes
from contributions.text import clean_line

C = TypeVar("C", bound=Contribution)


#: Texts that nobody else reads yet are changed in place; a published one only by a revision.
EDITED_IN_PLACE = frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.WITHDRAWN})


def may_edit(
    contribution: Contribution,
    *,
    by: User | AnonymousUser,
    draft_key: str = "",
    has_slip: bool = False,
) -> bool:
    """Say whether a text is a person's own, or a draft that this browser holds the key of.

    Args:
        has_slip: whether they hold the slip of what they told, which nobody took into an account.
    """
    if contribution.author_id is not None:
        return contribution.author_id == by.pk
    if has_slip:
        return True
    return (
        contribution.status == Status.DRAFT
        and bool(draft_key)
        and contribution.draft_key == draft_key
    )


@contextmanager
def editing(
    contribution: C,
    *,
    by: User | AnonymousUser,
    draft_key: str = "",
    has_slip: bool = False,
    started_from: str = "",
    now: datetime.datetime | None = None,
) -> Iterator[C]:
    """Change a text that is not published: yields the locked row and saves it afterwards.

    Its ``changed_at`` moves, so that a moderator who read the words before cannot decide on them.
    Once it was handed in, a change of its words is kept on the record.

    Args:
        has_slip: whether somebody without an account holds the slip of it (``may_edit``).
        started_from: the ``version_of_words`` that the author began with, if the form told it.

    Raises:
        NotAllowed: it is someone else's.
        MeasureHolds: it waits for a moderator, and the person may not write now.
        NotPossibleNow: it was published or rejected in the meantime.
        EditedElsewhere: the words were changed since, and these are others.
    """
    with atomic_with_files():
        locked = locked_row(contribution)
        if not may_edit(locked, by=by, draft_key=draft_key, has_slip=has_slip):
            raise NotAllowed
        if locked.status not in EDITED_IN_PLACE:
            raise NotPossibleNow
        if locked.status == Status.SUBMITTED:
            # What a moderator reads; other people's eyes do not meet a draft, so it can be written.
            check_may_write(by, now or timezone.now())
        is_on_record = locked.status != Status.DRAFT and kind_of(locked).revise is not None
        before = locked.fields_of_revision() if is_on_record else {}
        is_stale = is_on_record and started_from not in ("", version_of_words(locked))
        yield locked
        locked.changed_at = now or timezone.now()
        locked.save()
        data = locked.fields_of_revision() if is_on_record else {}
        if data != before and (by.is_authenticated or has_slip):
            if is_stale:
                raise EditedElsewhere
            Revision.objects.create(
                dossier=locked.dossier,
                data=data,
                before=before,
                state=Revision.State.MADE,
                created_by=by if by.is_authenticated else None,
                created_at=locked.changed_at,
                closed_at=locked.changed_at,
            )
        if locked.status == Status.RETURNED:
            # Another look at its return could bring these words on the site.
            mark_text(locked, now=locked.changed_at)
        if locked.status == Status.SUBMITTED:
            dossier = locked.dossier
            dossier.area = locked.area
            dossier.language = locked.language
            reasons = mark_text(locked, now=locked.changed_at)
            dossier.review_reasons = with_reasons_of_checks(dossier.review_reasons, reasons)
            dossier.save()


def attach_picture(
    *, contribution: Contribution, encoded: Encoded, description: str, revision: Revision | None
) -> Picture:
    """Add a picture to a locked contribution; its smaller sizes follow in the background.

    Args:
        contribution: a row locked by ``editing``, or by the caller who makes the ``revision`` in
            ``atomic_with_files``.

    Raises:
        TooManyPictures: there are five already.
    """
    pictures = Picture.objects.filter(dossier=contribution.dossier)
    if pictures.current().count() >= MAX_PICTURES:
        raise TooManyPictures
    last = pictures.aggregate(last=Max("position"))["last"] or 0
    picture = Picture(
        dossier=contribution.dossier,
        revision=revision,
        description=clean_line(description)[:300],
        width=encoded.width,
        height=encoded.height,
        position=last + 1,
    )
    write_file(picture, encoded)
    picture.save()
    # With the broker away the picture is kept all the same: the sweep finds it later.
    transaction.on_commit(partial(make_picture_sizes.delay, picture.pk), robust=True)
    return picture


def change_pictures(
    *,
    contribution: Contribution,
    remove: Iterable[Picture],
    descriptions: dict[str, str],
    add: Iterable[NewPicture],
    now: datetime.datetime,
) -> None:
    """Change the pictures of a locked contribution that nobody else reads yet.

    A picture taken away before anybody read it is gone for good; one that stood on the site is
    kept out of sight with the record. Pictures of a change that did not become the text come along.

    Raises:
        TooManyPictures: there would be more than five.
    """
    pictures = Picture.objects.filter(dossier=contribution.dossier)
    if change := latest_change(contribution):
        change.pictures.update(revision=None)
    for picture in remove:
        # What a person decided about the text or the picture, somebody may look at again.
        decided_on = Decision.objects.filter(dossier=contribution.dossier, automatic=False)
        if contribution.published_at is None and not decided_on.exists():
            pictures.filter(pk=picture.pk).delete()
            transaction.on_commit(partial(forget_files, picture))
        else:
            pictures.filter(pk=picture.pk).update(removed_at=now)
    for key, description in descriptions.items():
        pictures.filter(key=key).update(description=description)
    for new in add:
        attach_picture(
            contribution=contribution,
            encoded=new.encoded,
            description=new.description,
            revision=None,
        )


def claim_draft(*, draft: C, by: User, draft_key: str) -> C:
    """Make a draft that was written without an account a person's own.

    Raises:
        NotAllowed: the draft has an author, or another browser holds its key.
    """
    with transaction.atomic():
        locked = locked_row(draft)
        if locked.author_id == by.pk:
            return locked
        if locked.author_id or not draft_key or locked.draft_key != draft_key:
            raise NotAllowed
        locked.author = by
        locked.draft_key = ""
        locked.save(update_fields=["author", "draft_key"])
        return locked
