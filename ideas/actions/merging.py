"""Doubles: joining one initiative with another, and taking that back.

Locks are taken in one order, whoever calls: first the comments that move, by number, then the
initiatives, by number. A moderator who decides about a comment locks it and then counts on its
initiative, so the other order would let the two wait for each other.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from contributions.actions import NotAllowed, NotPossibleNow, Refused
from contributions.search.documents import forget_document, write_document
from ideas.actions.supporting import count_comments, count_support
from ideas.models import Comment, Initiative, Merger, Progress, Support
from ideas.models.comment import CommentQuerySet
from ideas.models.merger import TAKEN_APART_IN
from ideas.permissions import can_merge


class WithItself(Refused):
    message = _("An idea can't be joined with itself. Choose another one.")


class JoinedAlready(Refused):
    message = _("One of the two was joined with another idea already. Choose one from the list.")


class NotBothOnTheSite(Refused):
    message = _("Only ideas that are on the site can be joined.")


class NotGathering(Refused):
    message = _(
        "Only an idea that still gathers support can go into another one. Once there is an answer "
        "or a date for it, people count on that: join the other idea with this one instead."
    )


class NotOpenForMore(Refused):
    message = _("The other idea takes no support any more. Choose one that does.")


class WhyMissing(Refused):
    message = _("Write why. Who shared the idea reads it.")


class NotJoined(Refused):
    message = _("These ideas are not joined any more.")


class JoinedTooLongAgo(Refused):
    message = _("This was joined more than 30 days ago: by now people count on it.")


class AnsweredByNow(Refused):
    message = _("The idea that this was joined with has its answer by now. It counts for both.")


def check_pair(double: Initiative, into: Initiative, *, by: User, now: datetime.datetime) -> None:
    """Say why an initiative cannot be joined with another one, by raising it.

    Raises:
        WithItself, JoinedAlready, NotBothOnTheSite, NotGathering, NotOpenForMore: as they say.
        NotAllowed: the person is no programme office for both, or wrote one of them.
    """
    if double.pk == into.pk:
        raise WithItself
    if not (can_merge(by, double) and can_merge(by, into)):
        raise NotAllowed
    if double.merged_into_id is not None or into.merged_into_id is not None:
        raise JoinedAlready
    if not (double.is_published and into.is_published):
        raise NotBothOnTheSite
    if double.progress != Progress.OPEN or not double.is_open_at(now):
        raise NotGathering
    if not into.is_open_at(now):
        raise NotOpenForMore


@on_the_record
def merge(
    *,
    double: Initiative,
    into: Initiative,
    by: User,
    reason: str,
    now: datetime.datetime | None = None,
) -> Merger:
    """Join a double with the initiative that goes on: supports and comments go along.

    Each person counts once: a support stays behind, uncounted, where its giver supports the other
    one already. What was joined with the double before is joined with the other one from now on.
    Crossing the threshold by this starts the answer clock, once.

    Raises:
        WhyMissing: there is no reason.
        NotPossibleNow: a comment came in at this moment.
        Refused: as ``check_pair`` says.
    """
    now = now or timezone.now()
    if not reason.strip():
        raise WhyMissing
    with transaction.atomic():
        moving = Comment.objects.filter(initiative=double.pk)
        comments = _locked_comments(moving)
        followers = Initiative.objects.filter(merged_into=double.pk)
        family = {double.pk, into.pk, *followers.values_list("pk", flat=True)}
        locked = _locked_in_order(family)
        if double.pk not in locked or into.pk not in locked:
            raise NotPossibleNow
        double, into = locked[double.pk], locked[into.pk]
        check_pair(double, into, by=by, now=now)
        # What came while this one waited for the locks is not locked: asked again, it is.
        if not family.issuperset(followers.values_list("pk", flat=True)):
            raise NotPossibleNow
        if not comments.issuperset(moving.values_list("pk", flat=True)):
            raise NotPossibleNow
        merger = Merger.objects.create(
            double=double, into=into, made_by=by, made_at=now, reason=reason.strip()
        )
        followers.update(merged_into=into)
        Initiative.objects.filter(pk=double.pk).update(merged_into=into)
        _bring_supports(double, into)
        moving.filter(written_under__isnull=True).update(written_under=double)
        moving.update(initiative=into)
        for one in (double, into):
            _count(one, now)
        forget_document(double)
        return merger


def _bring_supports(double: Initiative, into: Initiative) -> None:
    counted_there = Support.objects.filter(initiative=into).values("person")
    given = Support.objects.filter(initiative=double).exclude(person__in=counted_there)
    given.filter(given_to__isnull=True).update(given_to=double)
    given.update(initiative=into)


@on_the_record
def undo_merger(
    *, double: Initiative, by: User, now: datetime.datetime | None = None
) -> Initiative:
    """Give a double back what came from it: its supports, its comments and its own doubles.

    A clock that was started goes on: a crossing stays, as when support is taken back.

    Raises:
        NotAllowed: the person is no programme office here, or wrote one of the two.
        NotJoined: it is not joined, or not any more.
        JoinedTooLongAgo: the thirty days are over.
        AnsweredByNow: the other one has its answer.
        NotPossibleNow: a comment came in at this moment.
    """
    now = now or timezone.now()
    with transaction.atomic():
        root_pk = Initiative.objects.values_list("merged_into", flat=True).get(pk=double.pk)
        if root_pk is None:
            raise NotJoined
        own = _with_own_doubles(double.pk)
        moving = Comment.objects.filter(
            Q(written_under__in=own) | Q(parent__written_under__in=own), initiative=root_pk
        )
        comments = _locked_comments(moving)
        of_root = Initiative.objects.filter(merged_into=root_pk)
        family = {root_pk, *of_root.values_list("pk", flat=True)}
        locked = _locked_in_order(family)
        merger = Merger.objects.standing().filter(double=double.pk).first()
        if double.pk not in locked or locked[double.pk].merged_into_id != root_pk or not merger:
            raise NotJoined
        double, root = locked[double.pk], locked[root_pk]
        _check_undo(merger, double, root, by=by, now=now)
        if own != _with_own_doubles(double.pk) or not comments.issuperset(
            moving.values_list("pk", flat=True)
        ):
            raise NotPossibleNow
        Merger.objects.filter(pk=merger.pk).update(undone_at=now, undone_by=by)
        _give_back(double, own, comments)
        _count_by_others(root)
        for one in locked.values():
            _count(one, now)
        double.refresh_from_db()
        if double.is_published:
            write_document(double)
        return double


def _check_undo(
    merger: Merger, double: Initiative, root: Initiative, *, by: User, now: datetime.datetime
) -> None:
    if not (can_merge(by, double) and can_merge(by, root)):
        raise NotAllowed
    if not root.is_published:
        # Nobody reads it there: it would be lost with the other one.
        return
    if not merger.can_be_undone_at(now):
        raise JoinedTooLongAgo
    if root.progress not in TAKEN_APART_IN:
        raise AnsweredByNow


def _give_back(double: Initiative, own: set[int], comments: set[int]) -> None:
    """Move what came from a double and its own doubles back to it."""
    Initiative.objects.filter(pk__in=own - {double.pk}).update(merged_into=double)
    Initiative.objects.filter(pk=double.pk).update(merged_into=None)
    here = Support.objects.filter(initiative=double).values("person")
    came = Support.objects.filter(given_to__in=own).exclude(initiative__in=own)
    came.exclude(person__in=here).update(initiative=double)
    Support.objects.filter(given_to=double, initiative=double).update(given_to=None)
    Comment.objects.filter(pk__in=comments).update(initiative=double)
    Comment.objects.filter(initiative=double, written_under=double).update(written_under=None)


def _count_by_others(root: Initiative) -> None:
    """Count who gave support to two doubles, of which one went, by the other from now on."""
    for double in Initiative.objects.filter(merged_into=root).order_by("pk"):
        _bring_supports(double, root)


def _with_own_doubles(pk: int) -> set[int]:
    """Return an initiative's number, with those of its doubles and of theirs."""
    found = {pk}
    while True:
        next_ones = Merger.objects.standing().filter(into__in=found).exclude(double__in=found)
        more = set(next_ones.values_list("double", flat=True))
        if not more:
            return found
        found |= more


def _locked_comments(moving: CommentQuerySet) -> set[int]:
    return {comment.pk for comment in moving.locked().order_by("pk")}


def _locked_in_order(pks: Iterable[int]) -> dict[int, Initiative]:
    rows = Initiative.objects.locked().select_related("area").filter(pk__in=pks).order_by("pk")
    return {row.pk: row for row in rows}


def _count(initiative: Initiative, now: datetime.datetime) -> None:
    """Set the counters of a locked initiative to what stands in the tables."""
    initiative.refresh_from_db(fields=["merged_into"])
    written = count_support(initiative, now)
    written += count_comments(initiative)
    initiative.save(update_fields=written)
