"""What somebody follows, as they find it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from accounts.models import User
from notifications.kinds import About, followable_named
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


def with_own_follows(
    abouts: Mapping[int, About], notifications: Sequence[Notification]
) -> dict[int, About]:
    """Return what readers are told with only what each of them follows of it (one query).

    Args:
        abouts: by the number of the notification.
    """
    possible = {thing for about in abouts.values() for thing in about.followed}
    if not possible:
        return dict(abouts)
    rows = Follow.objects.filter(
        person__in={one.recipient_id for one in notifications},
        kind__in={kind for kind, _pk in possible},
        subject_id__in={pk for _kind, pk in possible},
    )
    theirs = set(rows.values_list("person", "kind", "subject_id"))
    readers = {one.pk: one.recipient_id for one in notifications}
    return {
        pk: replace(
            about, followed=[one for one in about.followed if (readers[pk], *one) in theirs]
        )
        for pk, about in abouts.items()
    }


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
