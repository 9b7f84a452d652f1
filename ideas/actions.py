"""Every write on initiatives that has a rule."""

import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import (
    AddressNotConfirmed,
    NotAllowed,
    NotPossibleNow,
    Refused,
    change_pictures,
    claim_draft,
    editing,
    propose_revision,
    submit,
    withdraw,
)
from contributions.deadlines import today
from contributions.drafts import MAX_DRAFTS_PER_ACCOUNT, MAX_DRAFTS_PER_KEY
from contributions.forms import PicturesForm
from contributions.models import Channel, ContributionQuerySet, Dossier, Revision, Status
from contributions.pictures import atomic_with_files
from contributions.revisions import latest_change
from ideas.models import Comment, Initiative, OfficialAnswer, Progress, Support
from ideas.permissions import can_answer, can_report_progress, can_write_for

#: How an initiative comes further. Support moves it by itself; the rest is the programme office's.
PROGRESS: dict[Progress, frozenset[Progress]] = {
    Progress.OPEN: frozenset({Progress.IN_CONSIDERATION, Progress.ANSWERED, Progress.EXPIRED}),
    Progress.IN_CONSIDERATION: frozenset({Progress.ANSWERED}),
    Progress.ANSWERED: frozenset({Progress.IN_PROGRESS, Progress.DONE}),
    Progress.IN_PROGRESS: frozenset({Progress.DONE}),
    Progress.DONE: frozenset(),
    Progress.EXPIRED: frozenset(),
}


#: The same comment within this time was sent twice by accident.
SENT_AGAIN_WITHIN = datetime.timedelta(minutes=10)


class ClosedForSupport(Refused):
    message = _("You can't support this any more: the time for it is over.")


class TooManyDrafts(Refused):
    message = _("You have many drafts already. Finish one of them first, or sign in.")


class DraftsToFinish(Refused):
    message = _("You have many drafts already. Finish one of them first.")


class Incomplete(Refused):
    message = _("Something is still missing: fill in the title, the story, the place and theme.")


class NotInThisName(Refused):
    message = _("You can't write in the name of this organisation any more.")


class NotFound(Refused):
    message = _("We can't find this. Perhaps it was taken away.")


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
            _check_drafts(Initiative.objects.filter(author=author))
        return Initiative.objects.create(
            dossier=Dossier.objects.create(kind=Initiative.kind),
            author=author,
            entered_by=entered_by or author,
            draft_key="" if author else draft_key,
            language=language,
        )


def _check_drafts(own: ContributionQuerySet[Any]) -> None:
    """Refuse one draft too many of a person whose row is locked."""
    if own.filter(status=Status.DRAFT).count() >= MAX_DRAFTS_PER_ACCOUNT:
        raise DraftsToFinish


def write(
    *,
    initiative: Initiative,
    by: User | AnonymousUser,
    draft_key: str,
    values: dict[str, Any],
    now: datetime.datetime | None = None,
) -> Initiative:
    """Save fields of an initiative that is not published.

    Args:
        values: new values by field name; what is not named stays.

    Raises:
        NotAllowed: it is someone else's.
        NotInThisName: the person may not write in the name that it stands in.
        NotPossibleNow: it was published in the meantime, or its name is not a draft's to choose.
    """
    now = now or timezone.now()
    values = dict(values)
    groups = values.pop("target_groups", None)
    title = values.pop("title", None)
    with editing(initiative, by=by, draft_key=draft_key, now=now) as locked:
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
    now: datetime.datetime | None = None,
) -> Revision:
    """Ask for a change to a published initiative: it waits, the approved text stays.

    Raises:
        NotInThisName: the person may no longer write in the name that it stands in.
    """
    now = now or timezone.now()
    # A name is chosen in a draft and stays: there is no other one to wait for.
    _check_name(initiative, by, now)
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
    return propose_revision(
        contribution=initiative, by=by, data=data, new_pictures=form.new_pictures, now=now
    )


def rework(
    *,
    initiative: Initiative,
    by: User,
    values: dict[str, Any],
    form: PicturesForm,
) -> Initiative:
    """Change an initiative that is not on the site; one that was returned goes in again."""
    with atomic_with_files():
        write_pictures(initiative=initiative, by=by, draft_key="", form=form)
        changed = write(initiative=initiative, by=by, draft_key="", values=values)
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
    """
    now = now or timezone.now()
    _check_name(initiative, by, now)
    return withdraw(contribution=initiative, by=by, now=now)


def give_support(
    *,
    initiative_pk: int,
    person: User,
    channel: str = Channel.WEB,
    now: datetime.datetime | None = None,
) -> Initiative:
    """Add a person's support, once; crossing the threshold starts the public answer clock.

    The initiative's row is locked until the end, so that the counter counts what stands there and
    exactly one support crosses. Giving it twice is not an error.

    Raises:
        NotFound: the person may not see this initiative.
        AddressNotConfirmed: the account's e-mail address is not confirmed.
        ClosedForSupport: it is answered, expired or past its last day.
    """
    now = now or timezone.now()
    with transaction.atomic():
        initiative = _lock_visible(initiative_pk, person)
        if not person.has_confirmed_address:
            raise AddressNotConfirmed
        if not initiative.is_open_at(now):
            raise ClosedForSupport
        try:
            with transaction.atomic():
                Support.objects.create(
                    initiative=initiative, person=person, channel=channel, created_at=now
                )
        except IntegrityError:
            return initiative
        initiative.support_count += 1
        written = ["support_count"]
        if initiative.support_count >= initiative.threshold and initiative.crossed_at is None:
            _cross(initiative, now)
            written += ["progress", "crossed_at", "answer_due_date"]
        initiative.save(update_fields=written)
        return initiative


def _cross(initiative: Initiative, now: datetime.datetime) -> None:
    """Start the answer clock: it runs once, whatever happens to the supports afterwards."""
    if initiative.area is None:
        raise NotPossibleNow
    weeks = datetime.timedelta(weeks=initiative.area.answer_weeks)
    initiative.progress = Progress.IN_CONSIDERATION
    initiative.crossed_at = now
    initiative.answer_due_date = today(now) + weeks


def take_back_support(
    *, initiative_pk: int, person: User, now: datetime.datetime | None = None
) -> Initiative:
    """Take one's support back, as long as others can give theirs; a crossing stays.

    Raises:
        NotFound: the person may not see this initiative.
        ClosedForSupport: it is answered, expired or past its last day.
    """
    now = now or timezone.now()
    with transaction.atomic():
        initiative = _lock_visible(initiative_pk, person)
        if not initiative.is_open_at(now):
            raise ClosedForSupport
        taken, _rows = Support.objects.filter(initiative=initiative, person=person).delete()
        if taken:
            initiative.support_count -= taken
            initiative.save(update_fields=["support_count"])
        return initiative


def _lock_visible(initiative_pk: int, person: User) -> Initiative:
    initiative = (
        Initiative.objects.visible_to(person)
        .locked()
        .select_related("area")
        .filter(pk=initiative_pk)
        .first()
    )
    if initiative is None:
        raise NotFound
    return initiative


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
    if not initiative.is_published:
        raise NotPossibleNow
    if parent is not None and (
        parent.initiative_id != initiative.pk
        or parent.parent_id is not None
        or not parent.is_published
    ):
        raise NotPossibleNow
    with transaction.atomic():
        # Two of one sender wait for each other here, so that the second one finds the first.
        if author:
            User.objects.select_for_update(no_key=True).get(pk=author.pk)
            own = Comment.objects.filter(author=author)
        else:
            Initiative.objects.locked().get(pk=initiative.pk)
            own = Comment.objects.held_by(draft_key)
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
            _check_drafts(own)
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


def change_comment(
    *,
    comment: Comment,
    by: User | AnonymousUser,
    draft_key: str,
    values: dict[str, Any],
) -> bool:
    """Save a changed comment: in place while nobody reads it yet, else as a waiting change.

    Returns:
        Whether there was something to change: a comment that stands there as it was sent, because
        it was sent twice, asks nobody to read it again.
    """
    with transaction.atomic():
        locked = Comment.objects.locked_with_dossier().get(pk=comment.pk)
        if locked.is_published and by.is_authenticated:
            data = {**locked.fields_of_revision(), **values}
            if data == locked.fields_of_revision() and latest_change(locked) is None:
                return False
            propose_revision(contribution=locked, by=by, data=data)
            return True
        with editing(locked, by=by, draft_key=draft_key) as draft:
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
        initiative = Initiative.objects.get(pk=comment.initiative_id)
        if not initiative.is_published:
            raise NotPossibleNow
        return submit(contribution=comment, by=by, now=now)


def answer(
    *,
    initiative: Initiative,
    by: User,
    outcome: str,
    text: str,
    language: str,
    now: datetime.datetime | None = None,
) -> OfficialAnswer:
    """Give the official answer, published at once; supporting ends there.

    Raises:
        NotAllowed: the person has no grant of the programme office here.
        NotPossibleNow: it was answered or hidden in the meantime.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = Initiative.objects.locked().select_related("area").get(pk=initiative.pk)
        if (
            locked.status != Status.PUBLISHED
            or Progress.ANSWERED not in PROGRESS[Progress(locked.progress)]
        ):
            raise NotPossibleNow
        if not can_answer(by, locked):
            raise NotAllowed
        official = OfficialAnswer.objects.create(
            dossier=Dossier.objects.create(kind=OfficialAnswer.kind),
            initiative=locked,
            author=by,
            entered_by=by,
            language=language,
            area=locked.area,
            outcome=outcome,
            text=text,
        )
        official = submit(contribution=official, by=by, now=now)
        locked.progress = Progress.ANSWERED
        locked.save(update_fields=["progress"])
        return official


def report_progress(*, initiative: Initiative, by: User, to: str) -> Initiative:
    """Say that work on an answered initiative began, or that it is done.

    Raises:
        NotAllowed: the person has no grant of the programme office here.
        NotPossibleNow: it does not follow from where the initiative stands.
    """
    with transaction.atomic():
        locked = Initiative.objects.locked().select_related("area").get(pk=initiative.pk)
        if (
            to not in (Progress.IN_PROGRESS, Progress.DONE)
            or to not in PROGRESS[Progress(locked.progress)]
        ):
            raise NotPossibleNow
        if not can_report_progress(by, locked):
            raise NotAllowed
        if locked.official_answer.outcome == OfficialAnswer.Outcome.NOT:
            raise NotPossibleNow
        locked.progress = to
        locked.save(update_fields=["progress"])
        return locked


def expire(*, now: datetime.datetime) -> int:
    """Close the initiatives whose last day to gather support is over; return how many."""
    return Initiative.objects.closing_before(today(now)).update(progress=Progress.EXPIRED)


def recount(*, initiative_pk: int) -> bool:
    """Set an initiative's counters to what stands in the tables; return whether they differed."""
    with transaction.atomic():
        initiative = Initiative.objects.locked().get(pk=initiative_pk)
        supports = Support.objects.filter(initiative=initiative).count()
        comments = Comment.objects.filter(initiative=initiative).published().count()
        if (initiative.support_count, initiative.comment_count) == (supports, comments):
            return False
        initiative.support_count = supports
        initiative.comment_count = comments
        initiative.save(update_fields=["support_count", "comment_count"])
        return True
