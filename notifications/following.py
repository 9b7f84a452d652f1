"""What somebody follows, as they find it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q

from accounts.models import User
from notifications.kinds import About, Category, followable_named, kind_named
from notifications.models import Follow, Notification


@dataclass(frozen=True)
class Following:
    """One thing that somebody follows; without a name where they may not see it any more."""

    kind: str
    subject_id: int
    word: str
    label: str = ""
    path: str = ""


def follows(person: User, kind: str, subject_id: int) -> bool:
    """Say whether a person follows a thing (one query)."""
    own = Follow.objects.filter(person=person, kind=kind, subject_id=subject_id)
    return own.exists()


def followed_by(person: User) -> list[Following]:
    """Return all that a person follows, the newest first, in one query and those of each kind.

    What they may not see any more is there without its name, so that it can be undone.
    """
    rows = list(Follow.objects.filter(person=person).order_by("-pk"))
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        numbers[row.kind].append(row.subject_id)
    things = {
        kind: thing.load(pks, person)
        for kind, pks in numbers.items()
        if (thing := followable_named(kind)) is not None
    }
    found = []
    for row in rows:
        declared = followable_named(row.kind)
        if declared is None:
            # An older version knew it.
            continue
        seen = things[row.kind].get(row.subject_id)
        found.append(
            Following(
                row.kind,
                row.subject_id,
                str(declared.label),
                seen.label if seen else "",
                seen.path if seen else "",
            )
        )
    return found


def told_for_following(
    notifications: Iterable[Notification], abouts: Mapping[int, About]
) -> dict[int, About]:
    """Return what is told with only that left in ``followed`` which its reader follows.

    One query, and none where nothing of it comes from following. What is told whether its reader
    follows something or not keeps nothing there: to follow it no more would stop none of it.
    """
    found = dict(abouts)
    ones = [one for one in notifications if one.pk in found and found[one.pk].followed]
    offers = {one.pk: found[one.pk].followed if _by_following(one) else {} for one in ones}
    things = {thing for offered in offers.values() for thing in offered}
    rows = _rows({one.recipient_id for one in ones}, things) if things else set()
    for one in ones:
        followed = {
            thing: label
            for thing, label in offers[one.pk].items()
            if (one.recipient_id, *thing) in rows
        }
        found[one.pk] = replace(found[one.pk], followed=followed)
    return found


def _by_following(notification: Notification) -> bool:
    kind = kind_named(notification.event.kind)
    return kind is not None and kind.category == Category.FOLLOWED


def _rows(people: set[int], things: set[tuple[str, int]]) -> set[tuple[int, str, int]]:
    """Return which of some people follow which of some things."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for kind, subject_id in things:
        numbers[kind].add(subject_id)
    which = Q(pk__in=[])
    for kind, pks in numbers.items():
        which |= Q(kind=kind, subject_id__in=pks)
    rows = Follow.objects.filter(which, person__in=people)
    return set(rows.values_list("person", "kind", "subject_id"))
