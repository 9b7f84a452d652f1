"""Who was told what, for tests of what happens in the apps."""

from typing import Any

from accounts.models import User
from notifications.actions import go_on_telling
from notifications.kinds import About
from notifications.models import Event, Notification
from notifications.telling import told


def let_workers_tell() -> None:
    """Do what workers would: tell everybody of all that happened."""
    for pk in list(Event.objects.filter(told_at__isnull=True).values_list("pk", flat=True)):
        while go_on_telling(event_pk=pk):
            pass


def hearers(kind: str, subject: Any = None) -> list[int]:
    """Return the numbers of the people who were told of something, as often as they were."""
    let_workers_tell()
    found = Notification.objects.filter(event__kind=kind)
    if subject is not None:
        found = found.filter(event__subject_id=getattr(subject, "pk", subject))
    return sorted(found.values_list("recipient", flat=True))


def numbers(*people: User | None) -> list[int]:
    """Return the numbers of people, in order."""
    return sorted(person.pk for person in people if person is not None)


def heard(kind: str, by: User, subject: Any = None) -> About | None:
    """Return what somebody reads now of the last thing of a kind; None where they may not."""
    let_workers_tell()
    found = Notification.objects.filter(event__kind=kind, recipient=by)
    if subject is not None:
        found = found.filter(event__subject_id=getattr(subject, "pk", subject))
    last = found.select_related("event", "recipient").order_by("-pk").first()
    assert last is not None, f"{by.pk} was not told of {kind}"
    return told([last]).get(last.pk)
