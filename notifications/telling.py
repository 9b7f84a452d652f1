"""What the readers of some notifications may be told, asked anew each time."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils import translation

from accounts.models import User
from notifications.kinds import About, kind_named
from notifications.models import Notification


def told(notifications: Iterable[Notification]) -> dict[int, About]:
    """Return what each reader is told, by the notification's number.

    What its reader may not see (any more) is left out, and so is what fails to load alone: queries
    grow with the kinds and languages among them, not with readers. Events and recipients of the
    notifications are read already.
    """
    groups: dict[tuple[str, str], list[Notification]] = defaultdict(list)
    for one in notifications:
        groups[one.event.kind, one.recipient.language].append(one)
    found: dict[int, About] = {}
    for (name, language), ones in groups.items():
        kind = kind_named(name)
        if kind is None:
            continue
        with translation.override(language):
            subjects = kind.load({one.event.subject_id for one in ones}, language)
            for one in ones:
                tell = subjects.get(one.event.subject_id)
                about = tell(one.recipient) if tell else None
                if about is not None:
                    found[one.pk] = about
    return found


def told_to(person: User, notifications: Iterable[Notification], language: str) -> dict[int, About]:
    """Return what one reader is told on a page in a language, by the notification's number."""
    person.language, before = language, person.language
    ones = list(notifications)
    for one in ones:
        one.recipient = person
    try:
        return told(ones)
    finally:
        person.language = before
