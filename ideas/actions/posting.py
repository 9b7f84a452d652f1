"""Writing an initiative: from the first word of a draft to taking it off the site."""

import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import (
    NotPossibleNow,
    Refused,
    change_pictures,
    editing,
    propose_revision,
    submit,
    withdraw,
)
from contributions.drafts import MAX_DRAFTS_PER_KEY
from contributions.forms import PicturesForm
from contributions.models import Dossier, Revision, Status
from contributions.pictures import atomic_with_files
from contributions.revisions import latest_change, version_of_words
from ideas.actions.drafts import TooManyDrafts, check_drafts
from ideas.models import Initiative
from ideas.permissions import can_write_for


class Incomplete(Refused):
    message = _("Something is still missing: fill in the title, the story, the place and theme.")


class NotInThisName(Refused):
    message = _("You can't write in the name of this organisation any more.")


class WasJoined(Refused):
    message = _(
        "This idea was joined with another one, so it stays as it is. Do you not agree? Tell the "
        "programme office."
    )


def start_draft(
    *, author: User | None, draft_key: str, language: str, entered_by: User | None = None
) -> Initiative:
    """Begin an initiative, before or after signing in.

    Raises:
        TooManyDrafts: a browser without an account holds ten drafts.
        DraftsToFinish: an account holds thirty.
    """
    if author is None and Initiative.objects.held_by(draft_key).count() >= MAX_DRAFTS_PER_KEY:
        raise TooManyDrafts
    with transaction.atomic():
        if author:
            User.objects.select_for_update(no_key=True).get(pk=author.pk)
            check_drafts(Initiative.objects.filter(author=author))
        return Initiative.objects.create(
            dossier=Dossier.objects.create(kind=Initiative.kind),
            author=author,
            entered_by=entered_by or author,
            draft_key="" if author else draft_key,
            language=language,
        )


def write(
    *,
    initiative: Initiative,
    by: User | AnonymousUser,
    draft_key: str,
    values: dict[str, Any],
    started_from: str = "",
    now: datetime.datetime | None = None,
) -> Initiative:
    """Save fields of an initiative that is not published.

    Args:
        values: new values by field name; what is not named stays.
        started_from: the ``version_of_words`` that the author began with, if the form told it.

    Raises:
        EditedElsewhere: the words were changed since, and these are others.
        NotAllowed: it is someone else's.
        NotInThisName: the person may not write in the name that it stands in.
        NotPossibleNow: it was published in the meantime, or its name is not a draft's to choose.
    """
    now = now or timezone.now()
    values = dict(values)
    groups = values.pop("target_groups", None)
    title = values.pop("title", None)
    with editing(
        initiative, by=by, draft_key=draft_key, started_from=started_from, now=now
    ) as locked:
        is_draft = locked.status == Status.DRAFT
        if "on_behalf_of" in values and not is_draft:
            raise NotPossibleNow
        if title is not None:
            locked.set_title(title)
        for name, value in values.items():
            setattr(locked, name, value)
        # The words of a draft are kept whatever became of the right: handing it in asks again.
        if "on_behalf_of" in values or not is_draft:
            _check_name(locked, by, now)
        if groups is not None:
            locked.target_groups.set(groups)
    return locked


def _check_name(initiative: Initiative, by: User | AnonymousUser, now: datetime.datetime) -> None:
    if not can_write_for(by, initiative.on_behalf_of, now):
        raise NotInThisName


def _check_not_joined(initiative: Initiative) -> None:
    """Lock an initiative and see that it was not joined: while it waited, it may have been."""
    locked = Initiative.objects.locked_with_dossier().get(pk=initiative.pk)
    if locked.merged_into_id is not None:
        raise WasJoined


def write_pictures(
    *,
    initiative: Initiative,
    by: User | AnonymousUser,
    draft_key: str,
    form: PicturesForm,
) -> None:
    """Keep what a checked form says about the pictures of an initiative that is not published.

    What was right in the form is kept also where a file in it was refused.
    """
    removed, descriptions = form.removed(), form.descriptions()
    if not (removed or descriptions or form.new_pictures or latest_change(initiative)):
        return
    now = timezone.now()
    with editing(initiative, by=by, draft_key=draft_key, now=now) as locked:
        change_pictures(
            contribution=locked,
            remove=removed,
            descriptions=descriptions,
            add=form.new_pictures,
            now=now,
        )


def revise(
    *,
    initiative: Initiative,
    by: User,
    values: dict[str, Any],
    form: PicturesForm,
    started_from: str = "",
    now: datetime.datetime | None = None,
) -> Revision:
    """Ask for a change to a published initiative: it waits, the approved text stays.

    Args:
        started_from: the ``version_of_words`` that the author began with, if the form told it.

    Raises:
        EditedElsewhere: the words were changed since, and these are others.
        NotInThisName: the person may no longer write in the name that it stands in.
        WasJoined: it was joined with another one.
    """
    now = now or timezone.now()
    # A name is chosen in a draft and stays: there is no other one to wait for.
    _check_name(initiative, by, now)
    with transaction.atomic():
        _check_not_joined(initiative)
        return propose_revision(
            contribution=initiative,
            by=by,
            data=data_of_change(initiative, values, form),
            new_pictures=form.new_pictures,
            started_from=started_from,
            now=now,
        )


def data_of_change(
    initiative: Initiative, values: dict[str, Any], form: PicturesForm
) -> dict[str, Any]:
    """Return what a revision holds of checked forms: numbers of what was chosen, not rows."""
    data = initiative.fields_of_revision()
    for name, value in values.items():
        if name == "target_groups":
            data[name] = sorted(group.pk for group in value)
        elif isinstance(value, Model):
            data[name] = value.pk
        else:
            data[name] = str(value) if isinstance(value, Decimal) else value
    data["pictures_removed"] = [str(picture.key) for picture in form.removed()]
    data["picture_descriptions"] = form.descriptions()
    return data


def rework(
    *,
    initiative: Initiative,
    by: User,
    values: dict[str, Any],
    form: PicturesForm,
    started_from: str = "",
) -> Initiative:
    """Change an initiative that is not on the site; one that was returned goes in again.

    Args:
        started_from: the ``version_of_words`` that the author began with, if the form told it.

    Raises:
        EditedElsewhere: the words were changed since, and these are others.
    """
    with atomic_with_files():
        locked = Initiative.objects.locked_with_dossier().get(pk=initiative.pk)
        # Asked before the pictures: with them the text is a newer one than a change that it had.
        if started_from == version_of_words(locked):
            started_from = ""
        write_pictures(initiative=initiative, by=by, draft_key="", form=form)
        changed = write(
            initiative=initiative, by=by, draft_key="", values=values, started_from=started_from
        )
        if changed.status in (Status.RETURNED, Status.WITHDRAWN):
            changed = hand_in(initiative=changed, by=by)
        return changed


def hand_in(
    *, initiative: Initiative, by: User, now: datetime.datetime | None = None
) -> Initiative:
    """Submit an initiative; one by somebody under 16 loses its pin and address for good.

    Raises:
        Incomplete: title, story, neighbourhood or theme is missing.
        NotInThisName: the person may no longer write in the name that it stands in.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = Initiative.objects.locked_with_dossier().get(pk=initiative.pk)
        if not locked.is_complete:
            raise Incomplete
        _check_name(locked, by, now)
        if by.is_under_16:
            write(
                initiative=initiative,
                by=by,
                draft_key="",
                values={"latitude": None, "longitude": None, "address_line": ""},
                now=now,
            )
        return submit(contribution=initiative, by=by, now=now)


def take_away(
    *, initiative: Initiative, by: User, now: datetime.datetime | None = None
) -> Initiative:
    """Take one's initiative off the site.

    Raises:
        NotInThisName: it stays in the name of an organisation that the person no longer writes for.
        WasJoined: it was joined with another one.
    """
    now = now or timezone.now()
    _check_name(initiative, by, now)
    with transaction.atomic():
        _check_not_joined(initiative)
        return withdraw(contribution=initiative, by=by, now=now)
