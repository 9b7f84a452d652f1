"""Small kinds of notifications, and things to follow, that tests declare for themselves."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from areas.models import Area
from ideas.models import Initiative
from indicators.models import Theme
from notifications import kinds
from notifications.actions import notify
from notifications.kinds import About, Category, Followable, Followed, NotificationKind, Telling
from notifications.models import Delivery, Event, Notification
from tests import scenes

#: A kind about an initiative, which whoever may see the initiative may be told of.
BENCH = "test_bench"
#: A kind that is told whatever somebody chose.
DECIDED = "test_decided"


def _tell(initiative: Initiative, reader: User) -> About | None:
    if not Initiative.objects.visible_to(reader).filter(pk=initiative.pk).exists():
        return None
    return _about(initiative)


def _about(initiative: Initiative) -> About:
    return About(
        path=f"/nl/initiatieven/{initiative.pk}-{initiative.address_slug}/",
        values={"title": initiative.title},
        quote=initiative.text,
        quote_language=initiative.language,
    )


def load_visible(numbers: Collection[int], _language: str) -> Mapping[int, Telling]:
    """Return what everybody may see of some initiatives, in one query."""
    found = Initiative.objects.visible_to(AnonymousUser()).filter(pk__in=numbers)
    return {one.pk: partial(lambda about, _reader: about, _about(one)) for one in found}


def kind(name: str, **fields: object) -> NotificationKind:
    return NotificationKind(
        **{
            "name": name,
            "label": "Somebody moved a bench",
            "category": Category.FOLLOWED,
            "concerns": "Who follows it",
            "subject": "A bench moved: %(title)s",
            "sentence": "The bench of “%(title)s” stands somewhere else now.",
            "load": load_visible,
            "sample": {"title": "A bench"},
            **fields,
        }  # type: ignore[arg-type]
    )


def _followed(model: type, path: Callable[[object], str]) -> Callable[..., Mapping[int, Followed]]:
    def load(numbers: Collection[int], reader: User) -> Mapping[int, Followed]:
        rows = (
            Initiative.objects.visible_to(reader).published()
            if model is Initiative
            else model._default_manager.all()
        )
        return {one.pk: Followed(str(one), path(one)) for one in rows.filter(pk__in=numbers)}

    return load


FOLLOWABLE = {
    "initiative": Followable(
        "initiative", "Initiative", _followed(Initiative, lambda one: one.get_absolute_url())
    ),
    "area": Followable(
        "area", "Neighbourhood", _followed(Area, lambda one: f"/nl/wijk/{one.slug}/")
    ),
    "theme": Followable(
        "theme", "Theme", _followed(Theme, lambda one: f"/nl/initiatieven/?theme={one.slug}")
    ),
}


@contextmanager
def declared() -> Iterator[None]:
    """Declare them for a while; what the apps declare themselves is left alone."""
    before = dict(kinds._kinds), dict(kinds._followable)
    kinds.register(
        kind(BENCH),
        kind(
            DECIDED,
            category=Category.ABOUT_YOU,
            label="Your idea was decided about",
            must_be_told=True,
        ),
    )
    for name, thing in FOLLOWABLE.items():
        if kinds.followable_named(name) is None:
            kinds.register_followable(thing)
    try:
        yield
    finally:
        for registry, was in zip((kinds._kinds, kinds._followable), before, strict=True):
            registry.clear()
            registry.update(was)


def initiative(*args: Any, **fields: Any) -> Initiative:
    """Return an initiative of whose publication nobody was told."""
    before = set(Event.objects.values_list("pk", flat=True))
    made = scenes.initiative(*args, **fields)
    new = Event.objects.exclude(pk__in=before)
    Delivery.objects.filter(notification__event__in=new).delete()
    Notification.objects.filter(event__in=new).delete()
    new.delete()
    return made


def told(person: User, about: Initiative, *, of: str = BENCH, occasion: str = "") -> Notification:
    """Tell somebody of something about an initiative, and return the row of their inbox."""
    notify(of, about.pk, to=[person.pk], occasion=occasion)
    return Notification.objects.get(
        event=Event.objects.get(kind=of, subject_id=about.pk, occasion=occasion), recipient=person
    )
