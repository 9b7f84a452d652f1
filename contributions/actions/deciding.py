"""What a moderator decides about a text."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from accounts.record import on_the_record
from contributions.actions.claiming import leave_to_reader
from contributions.actions.hearing import play_what_waits
from contributions.actions.moving import locked_row, move, publish_row, record
from contributions.actions.queueing import drop_revision, leave_queue
from contributions.actions.refusals import (
    HasAPart,
    NotAllowed,
    NotPossibleNow,
    ReasonMissing,
    Refused,
    ReportedMeanwhile,
    TextChanged,
)
from contributions.kinds import contribution_of, kind_of
from contributions.models import (
    Contribution,
    Decision,
    Dossier,
    HouseRule,
    Picture,
    Report,
    Revision,
    SpokenText,
    Status,
)
from contributions.review import can_review, has_a_part
from contributions.search.documents import forget_document

Outcome = Decision.Outcome
Review = Dossier.Review


def row_for_review(
    dossier: Dossier,
    by: User,
    seen: str | None,
    now: datetime.datetime,
    *,
    words_alone: bool = False,
) -> Contribution:
    """Lock a text that somebody decides about; what a colleague is reading is left to them.

    Args:
        seen: the ``version_of`` the text that was read, to refuse a decision about another one.
        words_alone: whether only the words on the site count, for what goes against them: else
            every new report, and every change that its author asks for, would keep them there.
    """
    locked = locked_row(contribution_of(dossier))
    if not can_review(by, locked):
        raise NotAllowed
    if has_a_part(by, locked.dossier):
        raise HasAPart
    leave_to_reader(locked.dossier, by, now)
    if seen is not None:
        stands = version_of(locked)
        is_same = _are_the_words(seen, stands) if words_alone else seen == stands
        if not is_same:
            raise _refusal(seen, stands)
    return locked


def _are_the_words(seen: str, stands: str) -> bool:
    """Say whether two versions tell of the same words on the site, that nobody answered since."""
    before, now = seen.split(), stands.split()
    was_answered = now[1] == Review.NONE and before[1:2] != [Review.NONE]
    return before[:3:2] == now[:3:2] and not was_answered


def _refusal(seen: str, stands: str) -> Refused:
    """Return why a decision about one reading of a text is refused, given both versions."""
    before, now = seen.split(), stands.split()
    if len(before) == len(now) and before[:1] == now[:1] and before[2:-1] == now[2:-1]:
        # Only the rest differs: what is reviewed, which may have begun with a report, and reports.
        told = before[-1] if before[-1].isascii() and before[-1].isdecimal() else "0"
        came_in = len(told) < 19 and int(now[-1]) > int(told)
        if came_in and now[1] in (before[1], Review.REPORTED):
            return ReportedMeanwhile()
    return TextChanged() if before[:2] == now[:2] else NotPossibleNow()


def version_of(contribution: Contribution) -> str:
    """Return what tells one reading of a contribution from another: a decision names the one read.

    It changes with the status, with what is to be reviewed, with the text, with a waiting revision,
    with every recording and with every report that comes in.
    """
    return versions_of([contribution])[contribution.dossier_id]


def versions_of(contributions: Sequence[Contribution]) -> dict[int, str]:
    """Return the ``version_of`` of each of several, by the dossier's number (three queries)."""
    dossiers = [one.dossier_id for one in contributions]
    changed = [one.dossier_id for one in contributions if one.dossier.review == Review.REVISION]
    waiting = Revision.objects.filter(dossier__in=changed, state=Revision.State.WAITING)
    revisions = dict(waiting.values_list("dossier", "created_at")) if changed else {}
    open_reports = Report.objects.open().filter(dossier__in=dossiers).order_by()
    reports = dict(open_reports.values_list("dossier").annotate(Max("pk")))
    spoken = SpokenText.objects.filter(dossier__in=dossiers).order_by()
    recordings = dict(spoken.values_list("dossier").annotate(Max("pk")))
    return {
        one.dossier_id: _version(
            one,
            revisions.get(one.dossier_id),
            recordings.get(one.dossier_id),
            reports.get(one.dossier_id, 0),
        )
        for one in contributions
    }


def _version(
    text: Contribution, revision: datetime.datetime | None, recording: int | None, report: int
) -> str:
    changed = text.changed_at.isoformat()
    came_in = revision.isoformat() if revision else "-"
    if recording is not None:
        came_in += f"/{recording}"
    return f"{text.status} {text.dossier.review} {changed} {came_in} {report}"


@on_the_record
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
        locked = row_for_review(dossier, by, seen, now)
        if locked.status != Status.SUBMITTED:
            raise NotPossibleNow
        decision = publish_row(locked, Outcome.PUBLISHED, by=by, now=now)
        leave_queue(locked.dossier)
        return decision


@on_the_record
def keep(
    *, dossier: Dossier, by: User, seen: str | None = None, now: datetime.datetime | None = None
) -> Decision:
    """Say that a text that was published at once, or reported, may stay, as who has read it."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        waits = locked.dossier.review in (Review.AFTER, Review.REPORTED)
        if locked.status != Status.PUBLISHED or not waits:
            raise NotPossibleNow
        decision = record(locked, Outcome.KEPT, locked.status, by=by, now=now)
        play_what_waits(locked.dossier, now=now)
        leave_queue(locked.dossier)
        return decision


@on_the_record
def send_back(
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
    """Return a submitted text to its author, with what to change."""
    now = now or timezone.now()
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        before = move(locked, Status.RETURNED)
        locked.save()
        decision = record(
            locked,
            Outcome.RETURNED,
            before,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
        )
        leave_queue(locked.dossier)
        return decision


@on_the_record
def reject(
    *,
    dossier: Dossier,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Refuse a submitted text, under a house rule and with a reason."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        before = move(locked, Status.REJECTED)
        locked.save()
        decision = record(
            locked,
            Outcome.REJECTED,
            before,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
        )
        leave_queue(locked.dossier)
        return decision


@on_the_record
def hide(
    *,
    dossier: Dossier,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Take a published text off the site, under a house rule and with a reason."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now, words_alone=True)
        before = move(locked, Status.HIDDEN)
        decision = record(
            locked,
            Outcome.HIDDEN,
            before,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
        )
        kind_of(locked).on_unpublished(locked)
        locked.save()
        forget_document(locked)
        drop_revision(locked.dossier, now)
        leave_queue(locked.dossier)
        return decision


@on_the_record
def restore(
    *,
    dossier: Dossier,
    by: User,
    reason: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Show a hidden text again."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        if locked.status != Status.HIDDEN:
            raise NotPossibleNow
        decision = publish_row(
            locked,
            Outcome.RESTORED,
            by=by,
            now=now,
            reason=reason,
            words_language=words_language,
        )
        leave_queue(locked.dossier)
        return decision


@on_the_record
def warn(
    *,
    dossier: Dossier,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Warn the author of a published text, which may stay: it counts as read."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now, words_alone=True)
        if locked.status != Status.PUBLISHED or locked.dossier.review == Review.REVISION:
            raise NotPossibleNow
        decision = record(
            locked,
            Outcome.WARNED,
            locked.status,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
        )
        leave_queue(locked.dossier)
        return decision


#: As long as a text stands so, its pictures can be hidden and shown again one by one.
PICTURES_JUDGED_IN = frozenset({Status.SUBMITTED, Status.PUBLISHED, Status.HIDDEN})


@on_the_record
def hide_picture(
    *,
    dossier: Dossier,
    picture: Picture,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Take one picture off the site; its text stays as it is, and goes on waiting if it did."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now, words_alone=True)
        found = _locked_picture(locked, picture, is_hidden=False)
        found.hidden_at = now
        found.save(update_fields=["hidden_at"])
        decision = record(
            locked,
            Outcome.PICTURE_HIDDEN,
            locked.status,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
            picture=found,
        )
        # What waited for the reports about it alone waits for nothing any more.
        reported = Report.objects.open().filter(dossier=locked.dossier_id)
        if locked.dossier.review == Review.REPORTED and not reported.exists():
            leave_queue(locked.dossier)
        return decision


@on_the_record
def show_picture(
    *,
    dossier: Dossier,
    picture: Picture,
    by: User,
    reason: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Show a hidden picture again."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        found = _locked_picture(locked, picture, is_hidden=True)
        return show_picture_row(
            locked, found, by=by, now=now, reason=reason, words_language=words_language
        )


def show_picture_row(
    locked: Contribution,
    picture: Picture,
    *,
    by: User,
    now: datetime.datetime,
    reason: str,
    words_language: str,
) -> Decision:
    """Show a hidden picture of a locked text again, and put that on the record."""
    picture.hidden_at = None
    picture.save(update_fields=["hidden_at"])
    return record(
        locked,
        Outcome.PICTURE_RESTORED,
        locked.status,
        by=by,
        now=now,
        reason=reason,
        words_language=words_language,
        picture=picture,
    )


def _locked_picture(locked: Contribution, picture: Picture, *, is_hidden: bool) -> Picture:
    """Return a picture of a locked text as it is by now, if it can still be decided about."""
    found = Picture.objects.filter(
        pk=picture.pk, dossier=locked.dossier, removed_at__isnull=True
    ).first()
    if (
        found is None
        or (found.hidden_at is not None) != is_hidden
        or locked.status not in PICTURES_JUDGED_IN
    ):
        raise NotPossibleNow
    return found
