"""News about an initiative, told by those who carry it on."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import (
    Refused,
    change_pictures,
    editing,
    propose_revision,
    submit,
)
from contributions.forms import PicturesForm
from contributions.models import Dossier, Status
from contributions.pictures import atomic_with_files
from ideas.actions.commenting import SENT_AGAIN_WITHIN
from ideas.actions.drafts import check_drafts
from ideas.models import Initiative, Update
from ideas.permissions import can_write_news


class NotInitiator(Refused):
    message = _("Only who carries this idea on can tell news about it, and only while it is here.")


def _check_initiator(initiative: Initiative, by: User, now: datetime.datetime) -> None:
    # Locked, so that nobody takes it off the site meanwhile.
    locked = Initiative.objects.locked().filter(pk=initiative.pk).first()
    if locked is None or not can_write_news(by, locked, now):
        raise NotInitiator


def write_update(
    *,
    initiative: Initiative,
    author: User,
    text: str,
    language: str,
    form: PicturesForm,
    now: datetime.datetime | None = None,
) -> Update:
    """Begin news as a draft, with its pictures. The same words sent again are not other news.

    Raises:
        NotInitiator: the person does not carry this initiative on, or it is not on the site.
        DraftsToFinish: the account holds thirty drafts.
    """
    now = now or timezone.now()
    with atomic_with_files():
        # Two of one sender wait for each other here, so that the second one finds the first.
        User.objects.select_for_update(no_key=True).get(pk=author.pk)
        _check_initiator(initiative, author, now)
        own = Update.objects.filter(author=author)
        same = own.filter(
            initiative=initiative,
            text=text,
            status__in=[Status.DRAFT, Status.SUBMITTED, Status.PUBLISHED],
            created_at__gt=now - SENT_AGAIN_WITHIN,
        )
        if sent_before := same.select_related("initiative").first():
            return sent_before
        check_drafts(own)
        update = Update.objects.create(
            dossier=Dossier.objects.create(kind=Update.kind),
            initiative=initiative,
            author=author,
            entered_by=author,
            language=language,
            text=text,
            area=initiative.area,
            created_at=now,
        )
        change_pictures(
            contribution=update, remove=[], descriptions={}, add=form.new_pictures, now=now
        )
        return update


def change_update(*, update: Update, by: User, values: dict[str, Any], form: PicturesForm) -> None:
    """Save changed news: in place while nobody else reads it, else as a change that waits.

    Raises:
        NotAllowed: it is someone else's.
        NotPossibleNow: it was hidden or rejected in the meantime.
    """
    if update.is_published:
        data = {
            **update.fields_of_revision(),
            **values,
            "pictures_removed": [str(picture.key) for picture in form.removed()],
            "picture_descriptions": form.descriptions(),
        }
        propose_revision(contribution=update, by=by, data=data, new_pictures=form.new_pictures)
        return
    now = timezone.now()
    with editing(update, by=by, now=now) as locked:
        for name, value in values.items():
            setattr(locked, name, value)
        change_pictures(
            contribution=locked,
            remove=form.removed(),
            descriptions=form.descriptions(),
            add=form.new_pictures,
            now=now,
        )


def hand_in_update(*, update: Update, by: User, now: datetime.datetime | None = None) -> Update:
    """Post news. Posting it twice is not an error.

    Raises:
        NotInitiator: the person does not carry the initiative on any more, or it is not here.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = Update.objects.locked_with_dossier().get(pk=update.pk)
        if locked.author_id == by.pk and locked.status in (Status.SUBMITTED, Status.PUBLISHED):
            return locked
        _check_initiator(update.initiative, by, now)
        return submit(contribution=update, by=by, now=now)
