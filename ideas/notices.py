"""Telling people of what happens with an initiative, in the transaction in which it happens."""

import datetime
from collections import defaultdict
from collections.abc import Collection

from accounts.models import User
from ideas.models import CoInitiator, Comment, Initiative, Update
from notifications.actions import notify


def leaders_of(initiatives: Collection[Initiative]) -> dict[int, set[int]]:
    """Return who wrote each initiative or joined who did, by its number (one query)."""
    found: dict[int, set[int]] = defaultdict(set)
    for initiative in initiatives:
        if initiative.author_id is not None:
            found[initiative.pk].add(initiative.author_id)
    joined = CoInitiator.objects.standing().filter(
        initiative__in=[initiative.pk for initiative in initiatives]
    )
    for pk, person in joined.values_list("initiative", "user"):
        found[pk].add(person)
    return found


def tell_leaders(
    kind: str, subject_id: int, initiative: Initiative, *, by: User | None, now: datetime.datetime
) -> None:
    """Tell who leads an initiative."""
    notify(kind, subject_id, to=leaders_of([initiative])[initiative.pk], by=by, now=now)


def tell_around(
    kind: str,
    subject_id: int,
    initiative: Initiative,
    *,
    by: User | None,
    now: datetime.datetime,
    occasion: str = "",
) -> None:
    """Tell who leads an initiative, as what is their own, and all who support or follow it."""
    leaders = leaders_of([initiative])[initiative.pk]
    notify(f"own_{kind}", subject_id, to=leaders, by=by, occasion=occasion, now=now)
    notify(kind, subject_id, by=by, occasion=occasion, now=now)


def tell_of_initiative(initiative: Initiative, now: datetime.datetime) -> None:
    """Tell the neighbourhood of a new initiative, and who follows its area or theme."""
    for kind in ("new_here", "new_followed"):
        notify(kind, initiative.pk, by=initiative.author, now=now)


def tell_of_comment(comment: Comment, now: datetime.datetime) -> None:
    """Tell who is answered, and who leads the initiative: of one comment nobody hears twice."""
    answered = comment.parent.author_id if comment.parent else None
    notify("comment_answered", comment.pk, to=[answered], by=comment.author, now=now)
    leaders = leaders_of([comment.initiative])[comment.initiative_id]
    notify("comment", comment.pk, to=leaders - {answered}, by=comment.author, now=now)


def tell_of_update(update: Update, now: datetime.datetime) -> None:
    """Tell all who support or follow an initiative of news about it."""
    tell_around("news", update.pk, update.initiative, by=update.author, now=now)


def tell_of_support(initiative: Initiative, giver: User, now: datetime.datetime) -> None:
    """Tell who leads an initiative of the support that it has, where that is worth telling.

    Who gave it is on no record of it: nobody sees whose support is whose.
    """
    kind = reached(initiative.support_count, initiative.threshold)
    if kind:
        people = leaders_of([initiative])[initiative.pk] - {giver.pk}
        notify(kind, initiative.pk, to=people, now=now)


def tell_if_half(initiative: Initiative, before: int, now: datetime.datetime) -> None:
    """Tell who leads an initiative where many supports at once bring it past half, not further."""
    is_past_half = 2 * before < initiative.threshold <= 2 * initiative.support_count
    if is_past_half and not initiative.has_enough_support and initiative.is_open_at(now):
        tell_leaders("support_half", initiative.pk, initiative, by=None, now=now)


def reached(count: int, threshold: int) -> str:
    """Return the kind that tells of a support, by the number that there are with it."""
    if threshold <= 2 * count < threshold + 2 and count < threshold:
        return "support_half"
    return "support_first" if count == 1 < threshold else ""
