"""Undoing a decision: within ten minutes, by who took it, while nothing else happened since.

Each outcome says once, in ``undoing_of``, how it is put back. Where the text waited before, it
waits again in its old place (``Decision.waited_as``). Only here a status goes back
(``moving.PUT_BACK``). What hangs on a decision (reports, measures) joins by ``follows_undoing``.
"""

import datetime
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import Role, User
from accounts.record import on_the_record
from contributions.actions.checking import forget_marks, mark_change, mark_text
from contributions.actions.hearing import wait_again
from contributions.actions.moving import PUT_BACK, UNDO_WITHIN, locked_row, move, record
from contributions.actions.queueing import wait_as
from contributions.actions.refusals import GoneOnSince, NotAllowed, UndoneTooLate
from contributions.kinds import contribution_of, kind_of
from contributions.models import (
    Appeal,
    AuthorAct,
    Contribution,
    Decision,
    Dossier,
    Picture,
    Revision,
    SpokenText,
    Status,
)
from contributions.review import can_review
from contributions.search.documents import forget_document, write_document

Outcome = Decision.Outcome
State = Revision.State
#: Puts a locked text back to how it was before a decision, without saving it.
PuttingBack = Callable[[Contribution, Decision, datetime.datetime], None]
#: What else follows, in the same transaction: the decision that was undone, and the one that undid.
Following = Callable[[Decision, Decision], None]

#: Outcomes that nobody undoes, and why; each other one has its way back.
NEVER_UNDONE: dict[Outcome, str] = {
    Outcome.UNDONE: "The text waits as it did before, so the decision is taken anew.",
}

_ways: dict[str, PuttingBack] = {}
_following: list[Following] = []


def undoing_of(*outcomes: Outcome) -> Callable[[PuttingBack], PuttingBack]:
    """Declare how decisions with these outcomes are put back."""

    def declare(way: PuttingBack) -> PuttingBack:
        _ways.update(dict.fromkeys(outcomes, way))
        return way

    return declare


def is_undoable(outcome: str) -> bool:
    """Say whether decisions with an outcome can be put back."""
    return outcome in _ways


def follows_undoing(following: Following) -> Following:
    """Declare what else follows when any decision is undone, before its text waits again."""
    _following.append(following)
    return following


def undoable_by(person: User, now: datetime.datetime) -> Decision | None:
    """Return somebody's newest decision, if it is not too late to undo it (one query)."""
    newest = (
        Decision.objects.filter(decided_by=person, decided_at__gt=now - UNDO_WITHIN)
        .select_related("dossier", "undone_by")
        .annotate(was_appealed=Exists(_appeals_on(OuterRef("pk"))))
        .order_by("-decided_at", "-pk")
        .first()
    )
    if newest is None or hasattr(newest, "undone_by"):
        return None
    if newest.was_appealed:  # type: ignore[attr-defined]  # annotated above
        return None
    return newest if is_undoable(newest.outcome) else None


@on_the_record
def undo(*, decision: Decision, by: User, now: datetime.datetime | None = None) -> Decision:
    """Undo one's own decision; returns the decision that undoes it.

    Raises:
        NotAllowed: somebody else took it, or it is not theirs to decide about any more.
        UndoneTooLate: it was taken more than ten minutes ago.
        GoneOnSince: something else happened to the text since, or it was undone already.
    """
    now = now or timezone.now()
    with transaction.atomic():
        text = locked_row(contribution_of(decision.dossier))
        if decision.decided_by_id != by.pk or not _may_decide(by, text, decision):
            raise NotAllowed
        way = _ways.get(decision.outcome)
        if way is None or _has_gone_on(text, decision):
            raise GoneOnSince
        if now >= decision.decided_at + UNDO_WITHIN:
            raise UndoneTooLate
        before = text.status
        way(text, decision, now)
        text.save()
        undone = record(text, Outcome.UNDONE, before, by=by, now=now, undoes=decision)
        for following in _following:
            following(decision, undone)
        # While one of its files is decided about, a text goes on waiting, and may be passed on.
        of_a_file = decision.picture_id is not None or decision.spoken_id is not None
        if not of_a_file or text.dossier.waiting_since is None:
            wait_as(text.dossier, decision.waited_as)
        return undone


def _may_decide(by: User, text: Contribution, decision: Decision) -> bool:
    if can_review(by, text):
        return True
    # With the decision it was not the office's any more; it is again once that is undone.
    was_passed = bool(decision.waited_as and decision.waited_as.get("passed_to_office"))
    return (
        was_passed
        and text.area is not None
        and by.has_role(Role.PROGRAMME_OFFICE, area=text.area, language=text.language)
        and not text.is_of(by)
    )


def _has_gone_on(text: Contribution, decision: Decision) -> bool:
    """Say whether anything happened to a locked text after a decision."""
    since = decision.decided_at
    newest = Decision.objects.filter(dossier=text.dossier).order_by("-pk").first()
    return (
        newest is None
        or newest.pk != decision.pk
        or text.status != decision.to_status
        or text.changed_at > since
        or _waits_for_something_else(text.dossier, decision)
        or Revision.objects.filter(dossier=text.dossier, created_at__gt=since).exists()
        or AuthorAct.objects.filter(dossier=text.dossier, done_at__gt=since).exists()
        or _appeals_on(decision.pk).exists()
    )


def _appeals_on(decision: int | OuterRef) -> QuerySet[Appeal]:
    """Return who disagrees with a decision or its measure, or was put right by that decision.

    What one moderator was found wrong in, no other one takes back with a button.
    """
    return Appeal.objects.filter(
        Q(decision=decision) | Q(measure__decision=decision) | Q(put_right_by=decision)
    )


def _waits_for_something_else(dossier: Dossier, decision: Decision) -> bool:
    # A report that the decision left open, or the text under a change, waited before.
    if dossier.waiting_since is None or dossier.waiting_since < decision.decided_at:
        return False
    waited = decision.waited_as
    return waited is None or parse_datetime(waited["waiting_since"]) != dossier.waiting_since


@undoing_of(Outcome.PUBLISHED)
def _take_off_again(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    move(text, Status(decision.from_status), table=PUT_BACK)
    if text.published_at == decision.decided_at:
        text.published_at = None
    kind_of(text).on_unpublished(text)
    forget_document(text)


@undoing_of(Outcome.WARNED)
def _let_wait(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    """Change nothing but its place in the queue."""


@undoing_of(Outcome.KEPT)
def _let_recordings_wait_too(
    text: Contribution, decision: Decision, now: datetime.datetime
) -> None:
    try:
        with transaction.atomic():
            wait_again(decision)
    except IntegrityError as another:
        # Another recording took the place of one of them since.
        raise GoneOnSince from another


@undoing_of(Outcome.RETURNED, Outcome.REJECTED)
def _take_in_again(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    move(text, Status(decision.from_status), table=PUT_BACK)


@undoing_of(Outcome.HIDDEN)
def _show_again(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    move(text, Status(decision.from_status), table=PUT_BACK)
    kind_of(text).on_published(text, now)
    write_document(text)
    # The change that waited went with it.
    _let_change_wait_again(text, State.DROPPED, decision)


@undoing_of(Outcome.PICTURE_HIDDEN)
def _show_picture_again(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    _set_hidden_at(decision, None, was=decision.decided_at)


@undoing_of(Outcome.PICTURE_RESTORED)
def _hide_picture_again(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    hidden = Decision.objects.filter(
        picture=decision.picture_id,
        outcome=Outcome.PICTURE_HIDDEN,
        pk__lt=decision.pk,
        undone_by__isnull=True,
    ).last()
    _set_hidden_at(decision, hidden.decided_at if hidden else decision.decided_at, was=None)


def _set_hidden_at(
    decision: Decision, moment: datetime.datetime | None, *, was: datetime.datetime | None
) -> None:
    """Hide or show the picture of a decision, if it is as that decision left it."""
    assert decision.picture_id is not None
    pictures = Picture.objects.filter(pk=decision.picture_id, removed_at__isnull=True)
    as_left = pictures.filter(hidden_at=was) if was else pictures.filter(hidden_at__isnull=True)
    if not as_left.update(hidden_at=moment):
        raise GoneOnSince


@undoing_of(Outcome.RECORDING_HIDDEN)
def _play_again(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    _set_recording(decision, was=decision.decided_at, hidden_at=None)


@undoing_of(Outcome.RECORDING_RESTORED)
def _silence_again(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    hidden = Decision.objects.filter(
        spoken=decision.spoken_id,
        outcome=Outcome.RECORDING_HIDDEN,
        pk__lt=decision.pk,
        undone_by__isnull=True,
    ).last()
    _set_recording(
        decision, was=None, hidden_at=hidden.decided_at if hidden else decision.decided_at
    )


def _set_recording(
    decision: Decision, *, was: datetime.datetime | None, hidden_at: datetime.datetime | None
) -> None:
    """Hide or play the recording of a decision, if it is as that decision left it."""
    assert decision.spoken_id is not None
    found = SpokenText.objects.judged().filter(pk=decision.spoken_id, hidden_at=was).first()
    if found is None:
        raise GoneOnSince
    found.hidden_at = hidden_at
    if hidden_at and found.heard_at == decision.decided_at:
        # Nobody had listened to it before.
        found.heard_at = None
    try:
        with transaction.atomic():
            found.save(update_fields=["hidden_at", "heard_at"])
            SpokenText.objects.filter(
                dossier=found.dossier_id,
                language=found.language,
                removed_at=decision.decided_at,
                heard_at__isnull=False,
            ).update(removed_at=None)
    except IntegrityError as another:
        # Another recording took its place since.
        raise GoneOnSince from another


@undoing_of(Outcome.RESTORED)
def _hide_again(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    move(text, Status(decision.from_status), table=PUT_BACK)
    kind_of(text).on_unpublished(text)
    forget_document(text)


@undoing_of(Outcome.REVISION_RETURNED)
def _take_change_in_again(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    if _let_change_wait_again(text, State.RETURNED, decision) is None:
        raise GoneOnSince


@undoing_of(Outcome.REVISION_ACCEPTED)
def _put_words_back(text: Contribution, decision: Decision, now: datetime.datetime) -> None:
    change = _let_change_wait_again(text, State.ACCEPTED, decision)
    kind = kind_of(text)
    if change is None or change.before is None or kind.revise is None:
        raise GoneOnSince
    kind.revise(text, change.before)
    # The moment from which the words stood that stand there again.
    text.changed_at = (
        Revision.objects.filter(
            dossier=text.dossier,
            state__in=(State.ACCEPTED, State.MADE),
            closed_at__lt=change.created_at,
        ).aggregate(last=Max("closed_at"))["last"]
        or text.submitted_at
        or text.created_at
    )
    pictures = Picture.objects.filter(dossier=text.dossier)
    pictures.filter(
        key__in=change.data.get("pictures_removed", []), removed_at=decision.decided_at
    ).update(removed_at=None)
    for key, description in change.before.get("picture_descriptions", {}).items():
        pictures.filter(key=key).update(description=description)
    # Those of the change had become those of the text.
    mark_text(text, now=text.changed_at)
    mark_change(text, change)
    text.dossier.area, text.dossier.language = text.area, text.language
    write_document(text)


def _let_change_wait_again(
    text: Contribution, closed_as: State, decision: Decision
) -> Revision | None:
    """Let the change wait that a decision closed: as a new row, for a closed one stays as it is.

    Checks look it over anew: where it was dropped, what they had found was forgotten.
    """
    closed = Revision.objects.filter(
        dossier=text.dossier, state=closed_as, closed_at=decision.decided_at
    ).first()
    if closed is None or not closed.data:
        return None
    again = Revision.objects.create(
        dossier=text.dossier,
        data=closed.data,
        before=closed.before,
        created_by=closed.created_by,
        created_at=closed.created_at,
    )
    closed.pictures.update(revision=again)
    forget_marks(text.dossier, revision=closed)
    mark_change(text, again)
    return again
