"""Kinds that only tests know, about subjects that need no rows, and who is told of them."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from accounts.models import User
from notifications import kinds
from notifications.actions import notify
from notifications.kinds import About, Category, NotificationKind
from notifications.models import Delivery, Notification
from tests import scenes

TITLE = "Een bankje bij de speeltuin"

#: What a test changes: the subjects that nobody may see, and what each is called.
hidden: set[int] = set()
titles: dict[int, str] = {}
quotes: dict[int, str] = {}
#: The numbers of subjects with which something goes wrong as they are read.
raising: set[int] = set()


def load(pks: Iterable[int], language: str, path: str = "/{language}/idee/{pk}/") -> Any:
    # A query, as a real kind has one: the tests of numbers of queries count it.
    list(User.objects.filter(pk__in=[]).values_list("pk"))
    return {pk: partial(_tell, pk, language, path) for pk in pks}


def _tell(pk: int, language: str, path: str, reader: User) -> About | None:
    if pk in raising:
        raise ValueError("the words of somebody")
    if pk in hidden:
        return None
    return About(
        path=path.format(language=language, pk=pk),
        values={"title": titles.get(pk, TITLE), "name": "Fatima"},
        quote=quotes.get(pk, "Dan kunnen ouders zitten terwijl de kinderen spelen."),
        quote_language="nl",
    )


def kind(name: str, category: Category, **fields: Any) -> NotificationKind:
    words: dict[str, Any] = {
        "label": name,
        "concerns": "somebody",
        "subject": "Told: %(title)s",
        "sentence": "%(name)s told something about %(title)s.",
        "sample": {"title": TITLE, "name": "Fatima"},
        "load": load,
    }
    return NotificationKind(name=name, category=category, **{**words, **fields})


DECIDED = kind("test_decided", Category.ABOUT_YOU, must_be_told=True)
REPLIED = kind("test_replied", Category.ABOUT_YOU)
FOLLOWED = kind("test_followed", Category.FOLLOWED)
LIKED = kind(
    "test_liked",
    Category.FOLLOWED,
    many="%(count)s people like %(title)s",
    load=partial(load, path="/{language}/idee/1/#like-{pk}"),
)
NEAR = kind("test_near", Category.NEIGHBOURHOOD)
ALL = (DECIDED, REPLIED, FOLLOWED, LIKED, NEAR)


def declared(patch: Callable[[dict[str, Any], str, Any], None]) -> None:
    """Make the kinds known, by something that forgets them again."""
    for one in ALL:
        patch(kinds._kinds, one.name, one)
    for kept in (hidden, titles, quotes, raising):
        kept.clear()


def told(
    person: User, of: NotificationKind = REPLIED, subject: int = 1, **about: Any
) -> Notification:
    """Tell somebody of something."""
    notify(of.name, subject, to=[person.pk], **about)
    found = Notification.objects.filter(event__kind=of.name, event__subject_id=subject)
    return found.filter(recipient=person).latest("pk")


def delivery(of: Notification) -> Delivery:
    return Delivery.objects.get(notification=of, channel="mail")


def a_crowd(count: int, **fields: Any) -> list[User]:
    """Return many people with addresses."""
    last = scenes.person().pk
    User.objects.bulk_create(
        User(
            email=f"crowd{last}-{number}@buurten.example",
            pseudonym=f"Crowd {last}-{number}",
            password="!",
            **fields,
        )
        for number in range(count)
    )
    return list(User.objects.filter(pk__gt=last).order_by("pk"))
