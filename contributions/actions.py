"""Everything that changes the status of a contribution.

Each verb locks the row first and checks after, and writes its decision in the same transaction.
Nothing else in the project writes a status.
"""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.deadlines import today, working_days_later
from contributions.kinds import contribution_of, kind_of
from contributions.models import (
    AuthorAct,
    Contribution,
    Decision,
    Dossier,
    HouseRule,
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
from contributions.review import Reason, can_review, reasons_to_review
from contributions.revisions import latest_change, version_of_words, words_before
from contributions.search.documents import forget_document, write_document
from contributions.tasks import make_picture_sizes
from contributions.text import clean_line

Outcome = Decision.Outcome
Review = Dossier.Review
C = TypeVar("C", bound=Contribution)

#: Which status may follow which. "Returned", "rejected" and "hidden" are decisions of a moderator;
#: "submitted" and "withdrawn" are the author's.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED}),
    Status.SUBMITTED: frozenset(
        {Status.PUBLISHED, Status.RETURNED, Status.REJECTED, Status.WITHDRAWN}
    ),
    Status.PUBLISHED: frozenset({Status.HIDDEN, Status.WITHDRAWN}),
    Status.RETURNED: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
    Status.REJECTED: frozenset(),
    Status.HIDDEN: frozenset({Status.PUBLISHED}),
    Status.WITHDRAWN: frozenset({Status.SUBMITTED}),
}


class Refused(Exception):
    """An act that cannot be done; its message is a sentence for the person who tried.

    Args:
        message: the sentence, where it depends on the case; else the one of the class.
    """

    message: Promise | str = _("This cannot be done.")

    def __init__(self, message: Promise | str | None = None) -> None:
        super().__init__(message)
        if message is not None:
            self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotPossibleNow(Refused):
    message = _("This can't be done any more: someone was just before you. Look at the page again.")


class NotAllowed(Refused):
    message = _("You may not do this.")


class AddressNotConfirmed(Refused):
    message = _("Confirm your e-mail address first. Then you can post.")


class TextChanged(Refused):
    message = _("The author changed the text while you read it. Read it again, then decide.")


class EditedElsewhere(Refused):
    message = _(
        "This text was changed in another window or on another device while you wrote. Nothing "
        "of what you wrote is lost: compare the two, then choose."
    )


class ReasonMissing(Refused):
    message = _("Write to the author why, and choose the house rule.")


class AgeUnknown(Refused):
    message = _("Tell us your age group first.")


class TooManyPictures(Refused):
    message = _("You can add five pictures at most.")


#: Texts that nobody else reads yet are changed in place; a published one only by a revision.
EDITED_IN_PLACE = frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.WITHDRAWN})


def _locked(contribution: C) -> C:
    queryset: Any = type(contribution)._default_manager.all()
    locked: C | None = (
        queryset.locked_with_dossier().select_related("area").filter(pk=contribution.pk).first()
    )
    if locked is None:
        raise NotPossibleNow
    return locked


def _move(contribution: Contribution, to: Status) -> Status:
    """Change the status of a locked row, and return what it was."""
    before = Status(contribution.status)
    if to not in TRANSITIONS[before]:
        raise NotPossibleNow
    contribution.status = to
    return before


def _queue(dossier: Dossier, review: str, *, now: datetime.datetime, working_days: int) -> None:
    """Let a dossier wait; one that waits already keeps its place, however often it is changed."""
    dossier.review = review
    if dossier.waiting_since is None:
        dossier.waiting_since = now
        dossier.promised_date = working_days_later(today(now), working_days)
    dossier.save()


def _leave_queue(dossier: Dossier) -> None:
    dossier.review = Review.NONE
    dossier.review_reasons = []
    dossier.waiting_since = None
    dossier.promised_date = None
    dossier.save()


def _drop_revision(dossier: Dossier, now: datetime.datetime) -> None:
    Revision.objects.filter(dossier=dossier, state=Revision.State.WAITING).update(
        state=Revision.State.DROPPED, closed_at=now
    )


def leave_queue_of_revision(contribution: Contribution, *, now: datetime.datetime) -> None:
    """Drop the change that waits for a locked text, whose author will not come back to it.

    A text that nobody read yet goes on waiting for that.
    """
    dossier = contribution.dossier
    _drop_revision(dossier, now)
    if dossier.review != Review.REVISION:
        return
    if _was_read(dossier):
        _leave_queue(dossier)
    else:
        dossier.review = Review.AFTER
        dossier.save(update_fields=["review"])


def may_edit(contribution: Contribution, *, by: User | AnonymousUser, draft_key: str = "") -> bool:
    """Say whether a text is a person's own, or a draft that this browser holds the key of."""
    if contribution.author_id is not None:
        return contribution.author_id == by.pk
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
    started_from: str = "",
    now: datetime.datetime | None = None,
) -> Iterator[C]:
    """Change a text that is not published: yields the locked row and saves it afterwards.

    Its ``changed_at`` moves, so that a moderator who read the words before cannot decide on them.
    Once it was handed in, a change of its words is kept on the record.

    Args:
        started_from: the ``version_of_words`` that the author began with, if the form told it.

    Raises:
        NotAllowed: it is someone else's.
        NotPossibleNow: it was published or rejected in the meantime.
        EditedElsewhere: the words were changed since, and these are others.
    """
    with atomic_with_files():
        locked = _locked(contribution)
        if not may_edit(locked, by=by, draft_key=draft_key):
            raise NotAllowed
        if locked.status not in EDITED_IN_PLACE:
            raise NotPossibleNow
        is_on_record = locked.status != Status.DRAFT and kind_of(locked).revise is not None
        before = locked.fields_of_revision() if is_on_record else {}
        is_stale = is_on_record and started_from not in ("", version_of_words(locked))
        yield locked
        locked.changed_at = now or timezone.now()
        locked.save()
        data = locked.fields_of_revision() if is_on_record else {}
        if data != before and by.is_authenticated:
            if is_stale:
                raise EditedElsewhere
            Revision.objects.create(
                dossier=locked.dossier,
                data=data,
                before=before,
                state=Revision.State.MADE,
                created_by=by,
                created_at=locked.changed_at,
                closed_at=locked.changed_at,
            )
        if locked.status == Status.SUBMITTED:
            locked.dossier.area = locked.area
            locked.dossier.language = locked.language
            locked.dossier.save(update_fields=["area", "language"])


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
        if contribution.published_at is None:
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
        locked = _locked(draft)
        if locked.author_id == by.pk:
            return locked
        if locked.author_id or not draft_key or locked.draft_key != draft_key:
            raise NotAllowed
        locked.author = by
        locked.draft_key = ""
        locked.save(update_fields=["author", "draft_key"])
        return locked


def submit(*, contribution: C, by: User, now: datetime.datetime | None = None) -> C:
    """Hand in a draft, or a returned or withdrawn text; publish it at once where that is allowed.

    Raises:
        NotAllowed: it is someone else's.
        AddressNotConfirmed: the person has no confirmed e-mail address.
        AgeUnknown: the person's age group is not known, or has not been confirmed for a year.
        NotPossibleNow: its status does not allow it.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = _locked(contribution)
        if locked.author_id != by.pk:
            raise NotAllowed
        if not by.has_confirmed_address:
            raise AddressNotConfirmed
        kind = kind_of(locked)
        if kind.reviewed and by.needs_age(now):
            raise AgeUnknown
        before = _move(locked, Status.SUBMITTED)
        if locked.area is None:
            raise NotPossibleNow
        locked.submitted_at = now
        locked.changed_at = now
        locked.save()
        _note(locked, AuthorAct.Act.HANDED_IN, by=by, now=now)
        dossier = locked.dossier
        dossier.area = locked.area
        dossier.language = locked.language
        reasons = (
            reasons_to_review(author=by, area=locked.area, language=locked.language, now=now)
            if kind.reviewed
            else []
        )
        if kind.reviewed and before in (Status.RETURNED, Status.WITHDRAWN):
            # It may have become another text in the meantime, with the supports of the first.
            reasons.append(Reason.CAME_BACK)
        if reasons:
            dossier.review_reasons = [str(reason) for reason in reasons]
            _queue(dossier, Review.BEFORE, now=now, working_days=locked.area.review_working_days)
        else:
            _publish(locked, Outcome.PUBLISHED, by=None, now=now)
            if kind.reviewed:
                _queue(dossier, Review.AFTER, now=now, working_days=locked.area.review_working_days)
            else:
                dossier.save()
        return locked


def _publish(
    contribution: Contribution, outcome: Outcome, *, by: User | None, now: datetime.datetime
) -> Decision:
    before = _move(contribution, Status.PUBLISHED)
    if contribution.published_at is None:
        contribution.published_at = now
    decision = _record(contribution, outcome, before, by=by, now=now)
    kind_of(contribution).on_published(contribution, now)
    contribution.save()
    write_document(contribution)
    return decision


def _record(
    contribution: Contribution,
    outcome: Outcome,
    before: Status | str,
    *,
    by: User | None,
    now: datetime.datetime,
    rule: HouseRule | None = None,
    reason: str = "",
    facts: str = "",
) -> Decision:
    return Decision.objects.create(
        dossier=contribution.dossier,
        outcome=outcome,
        from_status=before,
        to_status=contribution.status,
        rule=rule,
        reason=reason,
        facts=facts,
        automatic=by is None,
        decided_by=by,
        decided_at=now,
    )


def _for_review(dossier: Dossier, by: User, seen: str | None) -> Contribution:
    locked = _locked(contribution_of(dossier))
    if not can_review(by, locked):
        raise NotAllowed
    if seen is not None and seen != version_of(locked):
        same_state = seen.split()[:2] == version_of(locked).split()[:2]
        raise TextChanged if same_state else NotPossibleNow
    return locked


def version_of(contribution: Contribution) -> str:
    """Return what tells one reading of a contribution from another: a decision names the one read.

    It changes with the status, with what is to be reviewed, with the text and with a waiting
    revision.
    """
    changed = contribution.changed_at.isoformat()
    review = contribution.dossier.review
    revision = (
        Revision.objects.filter(dossier=contribution.dossier_id, state=Revision.State.WAITING)
        .values_list("created_at", flat=True)
        .first()
        if review == Review.REVISION
        else None
    )
    return f"{contribution.status} {review} {changed} {revision.isoformat() if revision else '-'}"


def publish(
    *, dossier: Dossier, by: User, seen: str | None = None, now: datetime.datetime | None = None
) -> Decision:
    """Let a submitted text stand, as a moderator.

    Args:
        seen: the ``version_of`` the text that was read, to refuse a decision about another one.

    Raises:
        NotAllowed: the moderator is not granted this area and language, or wrote it.
        NotPossibleNow, TextChanged: it was decided or changed in between.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = _for_review(dossier, by, seen)
        if locked.status != Status.SUBMITTED:
            raise NotPossibleNow
        decision = _publish(locked, Outcome.PUBLISHED, by=by, now=now)
        _leave_queue(locked.dossier)
        return decision


def keep(
    *, dossier: Dossier, by: User, seen: str | None = None, now: datetime.datetime | None = None
) -> Decision:
    """Say that a text that was published at once may stay, as a moderator who has read it."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = _for_review(dossier, by, seen)
        if locked.status != Status.PUBLISHED or locked.dossier.review != Review.AFTER:
            raise NotPossibleNow
        decision = _record(locked, Outcome.KEPT, locked.status, by=by, now=now)
        _leave_queue(locked.dossier)
        return decision


def send_back(
    *,
    dossier: Dossier,
    by: User,
    reason: str,
    rule: HouseRule | None = None,
    facts: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Return a submitted text to its author, with what to change."""
    now = now or timezone.now()
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = _for_review(dossier, by, seen)
        before = _move(locked, Status.RETURNED)
        locked.save()
        decision = _record(
            locked, Outcome.RETURNED, before, by=by, now=now, rule=rule, reason=reason, facts=facts
        )
        _leave_queue(locked.dossier)
        return decision


def reject(
    *,
    dossier: Dossier,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Refuse a submitted text, under a house rule and with a reason."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = _for_review(dossier, by, seen)
        before = _move(locked, Status.REJECTED)
        locked.save()
        decision = _record(
            locked, Outcome.REJECTED, before, by=by, now=now, rule=rule, reason=reason, facts=facts
        )
        _leave_queue(locked.dossier)
        return decision


def hide(
    *,
    dossier: Dossier,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Take a published text off the site, under a house rule and with a reason."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = _for_review(dossier, by, seen)
        before = _move(locked, Status.HIDDEN)
        decision = _record(
            locked, Outcome.HIDDEN, before, by=by, now=now, rule=rule, reason=reason, facts=facts
        )
        kind_of(locked).on_unpublished(locked)
        locked.save()
        forget_document(locked)
        _drop_revision(locked.dossier, now)
        _leave_queue(locked.dossier)
        return decision


def restore(
    *,
    dossier: Dossier,
    by: User,
    reason: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Show a hidden text again."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = _for_review(dossier, by, seen)
        if locked.status != Status.HIDDEN:
            raise NotPossibleNow
        return _publish(locked, Outcome.RESTORED, by=by, now=now)


def withdraw(*, contribution: C, by: User, now: datetime.datetime | None = None) -> C:
    """Take one's own text off the site; it can be handed in again later."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = _locked(contribution)
        if locked.author_id != by.pk:
            raise NotAllowed
        before = _move(locked, Status.WITHDRAWN)
        if before == Status.PUBLISHED:
            kind_of(locked).on_unpublished(locked)
            forget_document(locked)
        locked.save()
        _note(locked, AuthorAct.Act.WITHDRAWN, by=by, now=now)
        _drop_revision(locked.dossier, now)
        _leave_queue(locked.dossier)
        return locked


def _note(
    contribution: Contribution, act: AuthorAct.Act, *, by: User, now: datetime.datetime
) -> None:
    """Put an author's act on the record, beside what moderators decide."""
    AuthorAct.objects.create(dossier=contribution.dossier, act=act, by=by, done_at=now)


def propose_revision(
    *,
    contribution: Contribution,
    by: User,
    data: dict[str, Any],
    new_pictures: Iterable[NewPicture] = (),
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
        started_from: the ``version_of_words`` that the author began with, if the form told it.

    Raises:
        NotAllowed: it is someone else's.
        NotPossibleNow: it is not on the site.
        EditedElsewhere: the text, or the change of it that waits, became another one since.
        TooManyPictures: there would be more than five.
    """
    now = now or timezone.now()
    new_pictures = list(new_pictures)
    with atomic_with_files():
        locked = _locked(contribution)
        if locked.author_id != by.pk:
            raise NotAllowed
        if locked.status != Status.PUBLISHED or locked.area is None:
            raise NotPossibleNow
        earlier = latest_change(locked)
        waits = earlier is not None and earlier.state == Revision.State.WAITING
        if earlier and waits and earlier.data == data and not new_pictures:
            return earlier
        if started_from not in ("", version_of_words(locked)):
            raise EditedElsewhere
        _drop_revision(locked.dossier, now)
        revision = Revision.objects.create(
            dossier=locked.dossier,
            created_by=by,
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
        _queue(
            locked.dossier,
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


def accept_revision(
    *, dossier: Dossier, by: User, seen: str | None = None, now: datetime.datetime | None = None
) -> Decision:
    """Let a waiting change take the place of the published text."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = _for_review(dossier, by, seen)
        revision = _waiting_revision(locked)
        kind = kind_of(locked)
        if kind.revise is None:
            raise NotPossibleNow
        # What it takes the place of, also where it waited since before this was kept.
        revision.before = words_before(locked, revision.data)
        kind.revise(locked, revision.data)
        locked.changed_at = now
        locked.save()
        write_document(locked)
        _revise_pictures(locked.dossier, revision.data, now)
        revision.state = Revision.State.ACCEPTED
        revision.closed_at = now
        revision.save()
        locked.dossier.area = locked.area
        locked.dossier.language = locked.language
        decision = _record(locked, Outcome.REVISION_ACCEPTED, locked.status, by=by, now=now)
        _leave_queue(locked.dossier)
        return decision


def return_revision(
    *,
    dossier: Dossier,
    by: User,
    reason: str,
    rule: HouseRule | None = None,
    facts: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Leave the published text as it is, and tell the author what to change in the new one."""
    now = now or timezone.now()
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = _for_review(dossier, by, seen)
        revision = _waiting_revision(locked)
        revision.before = words_before(locked, revision.data)
        revision.state = Revision.State.RETURNED
        revision.closed_at = now
        revision.save()
        decision = _record(
            locked,
            Outcome.REVISION_RETURNED,
            locked.status,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
        )
        if _was_read(locked.dossier):
            _leave_queue(locked.dossier)
        else:
            # The text under it was published by itself: somebody still has to read that one.
            locked.dossier.review = Review.AFTER
            locked.dossier.save(update_fields=["review"])
        return decision


def _was_read(dossier: Dossier) -> bool:
    """Say whether a person ever decided that the published text may stand."""
    return Decision.objects.filter(
        dossier=dossier,
        automatic=False,
        outcome__in=[
            Outcome.PUBLISHED,
            Outcome.KEPT,
            Outcome.RESTORED,
            Outcome.REVISION_ACCEPTED,
        ],
    ).exists()


def _revise_pictures(dossier: Dossier, data: dict[str, Any], now: datetime.datetime) -> None:
    pictures = Picture.objects.filter(dossier=dossier)
    for key in data.get("pictures_removed", []):
        pictures.filter(key=key, removed_at__isnull=True).update(removed_at=now)
    for key, description in data.get("picture_descriptions", {}).items():
        pictures.filter(key=key).update(description=description)


def replace_house_rule(*, rule: HouseRule, now: datetime.datetime | None = None) -> HouseRule:
    """Put a changed rule in force as a new version; the old one keeps its words.

    Args:
        rule: a rule in force, with its new words set and not saved.
    """
    now = now or timezone.now()
    with transaction.atomic():
        old = HouseRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
        if old.valid_until is not None:
            raise NotPossibleNow
        old.valid_until = now
        old.save(update_fields=["valid_until"])
        rule.pk = None
        rule._state.adding = True
        rule.version = old.version + 1
        rule.valid_from = now
        rule.valid_until = None
        rule.save()
        return rule
