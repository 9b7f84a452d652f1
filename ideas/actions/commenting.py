"""Comments under an initiative."""

import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contributions.actions import (
    NotPossibleNow,
    claim_draft,
    editing,
    propose_revision,
    submit,
)
from contributions.drafts import MAX_DRAFTS_PER_KEY
from contributions.models import Dossier, Status
from contributions.revisions import latest_change
from ideas.actions.drafts import TooManyDrafts, check_drafts
from ideas.models import Comment, Initiative

#: The same comment within this time was sent twice by accident.
SENT_AGAIN_WITHIN = datetime.timedelta(minutes=10)


def write_comment(
    *,
    initiative: Initiative,
    author: User | None,
    draft_key: str,
    text: str,
    language: str,
    stance: str = "",
    parent: Comment | None = None,
    now: datetime.datetime | None = None,
) -> Comment:
    """Begin a comment as a draft, before or after signing in.

    The same comment sent again is not another one: the first is returned, wherever it stands.

    Raises:
        NotPossibleNow: the initiative, or the comment it answers, is not published.
        TooManyDrafts: a browser without an account holds ten of them.
        DraftsToFinish: an account holds thirty.
    """
    now = now or timezone.now()
    with transaction.atomic():
        # Two of one sender wait for each other here, so that the second one finds the first.
        if author:
            User.objects.select_for_update(no_key=True).get(pk=author.pk)
            own = Comment.objects.filter(author=author)
        else:
            own = Comment.objects.held_by(draft_key)
        # Nobody joins it with another one meanwhile: the comment would stay behind.
        initiative = Initiative.objects.locked().get(pk=initiative.pk)
        if not initiative.is_published:
            raise NotPossibleNow
        if parent is not None and not _is_answerable(parent, initiative):
            raise NotPossibleNow
        same = own.filter(
            initiative=initiative,
            parent=parent,
            stance="" if parent else stance,
            text=text,
            status__in=[Status.DRAFT, Status.SUBMITTED, Status.PUBLISHED],
            created_at__gt=now - SENT_AGAIN_WITHIN,
        )
        if sent_before := same.select_related("initiative").first():
            return sent_before
        if author:
            check_drafts(own)
        elif own.count() >= MAX_DRAFTS_PER_KEY:
            raise TooManyDrafts
        return Comment.objects.create(
            dossier=Dossier.objects.create(kind=Comment.kind),
            initiative=initiative,
            parent=parent,
            author=author,
            entered_by=author,
            draft_key="" if author else draft_key,
            language=language,
            stance="" if parent else stance,
            text=text,
            area=initiative.area,
            created_at=now,
        )


def _is_answerable(parent: Comment, initiative: Initiative) -> bool:
    answerable = Comment.objects.published().filter(initiative=initiative, parent__isnull=True)
    return answerable.filter(pk=parent.pk).exists()


def change_comment(
    *,
    comment: Comment,
    by: User | AnonymousUser,
    draft_key: str,
    values: dict[str, Any],
    started_from: str = "",
) -> bool:
    """Save a changed comment: in place while nobody reads it yet, else as a waiting change.

    Args:
        started_from: the ``version_of_words`` that the author began with, if the form told it.

    Returns:
        Whether there was something to change: a comment that stands there as it was sent, because
        it was sent twice, asks nobody to read it again.

    Raises:
        EditedElsewhere: the words were changed since, and these are others.
    """
    with transaction.atomic():
        locked = Comment.objects.locked_with_dossier().get(pk=comment.pk)
        if locked.is_published and by.is_authenticated:
            data = {**locked.fields_of_revision(), **values}
            if data == locked.fields_of_revision() and latest_change(locked) is None:
                return False
            propose_revision(contribution=locked, by=by, data=data, started_from=started_from)
            return True
        with editing(locked, by=by, draft_key=draft_key, started_from=started_from) as draft:
            for name, value in values.items():
                setattr(draft, name, value)
        return True


def hand_in_comment(
    *, comment: Comment, by: User, draft_key: str = "", now: datetime.datetime | None = None
) -> Comment:
    """Post a comment: a draft is claimed first. Posting it twice is not an error.

    Raises:
        NotPossibleNow: the initiative was taken off the site in the meantime.
    """
    with transaction.atomic():
        if comment.author_id is None:
            comment = claim_draft(draft=comment, by=by, draft_key=draft_key)
        locked = Comment.objects.locked_with_dossier().get(pk=comment.pk)
        if locked.author_id == by.pk and locked.status in (Status.SUBMITTED, Status.PUBLISHED):
            return locked
        # After the comment, as everybody locks the two: see ideas/actions/merging.py.
        initiative = Initiative.objects.locked().get(pk=locked.initiative_id)
        if not initiative.is_published:
            raise NotPossibleNow
        return submit(contribution=comment, by=by, now=now)
