"""What somebody wants to be told, and how: the one place that decides it, for every channel."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from accounts.models import User
from notifications.kinds import Category, Channel, NotificationKind
from notifications.models import Choice, Preference, PushSubscription

#: What goes out at once, whatever the pace.
AT_EVERY_PACE = (Category.ABOUT_YOU, Category.TASKS)


def must_go(kind: NotificationKind, channel: str) -> bool:
    """Say whether one goes out whatever somebody chose: by mail, while a phone need not ring."""
    return kind.must_be_told and channel == Channel.MAIL


@dataclass(frozen=True)
class Wishes:
    """What one person chose, with what holds for who chose nothing."""

    preference: Preference
    choices: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    has_address: bool = True
    has_push: bool = False
    may_sign_in: bool = True

    def at_once(self, kind: NotificationKind) -> list[Channel]:
        """Return the channels by which a notification goes out at once."""
        return [channel for channel in Channel if self.wants(kind, channel)]

    def wants(self, kind: NotificationKind, channel: Channel) -> bool:
        """Say whether one goes out by a channel: asked as it is written, and as it is sent."""
        if not self.reaches(channel) or (kind.has_own_mail and channel == Channel.MAIL):
            return False
        if must_go(kind, channel):
            return True
        return self.is_sent_anything and self.chose(kind.category, channel)

    @property
    def is_sent_anything(self) -> bool:
        """Say whether more is sent than what must be told: not to who is kept out of the site."""
        return self.may_sign_in and not self.preference.is_paused

    def reaches(self, channel: Channel) -> bool:
        """Say whether anything can go out by a channel at all."""
        if channel == Channel.PUSH:
            return self.has_push
        return self.has_address and self.preference.mail_stopped_at is None

    def chose(self, category: str, channel: str) -> bool:
        """Return what somebody chose, or what follows from their pace."""
        chosen = self.choices.get((category, channel))
        if chosen is not None:
            return chosen
        return self.preference.pace == Preference.Pace.AT_ONCE or category in AT_EVERY_PACE

    def in_letter(self, kind: NotificationKind) -> bool:
        """Say whether one can stand in the weekly letter: what went out at once does not."""
        if not kind.in_letter or self.preference.pace != Preference.Pace.WEEKLY:
            return False
        return self.choices.get((kind.category, Channel.MAIL)) is not False

    def not_before(
        self, kind: NotificationKind, channel: str, now: datetime.datetime
    ) -> datetime.datetime:
        """Return when one may go out first: what must be told does not wait for the morning."""
        if must_go(kind, channel):
            return now
        return self.preference.quiet_ends_at(now) or now


def is_mailed(person: User, category: Category) -> bool:
    """Say whether somebody gets mails of a category now: other mails than ours ask it too.

    What keeps an account safe does not ask it, nor does a code to sign in: it is asked for.
    """
    wishes = wishes_of([person.pk])[person.pk]
    wants = wishes.is_sent_anything and wishes.chose(category, Channel.MAIL)
    return wants and wishes.reaches(Channel.MAIL)


def wishes_of(people: Iterable[int]) -> dict[int, Wishes]:
    """Return what some people want, by their number, in four queries at most."""
    pks = set(people)
    preferences = {one.pk: one for one in Preference.objects.filter(pk__in=pks)}
    choices: dict[int, dict[tuple[str, str], bool]] = defaultdict(dict)
    for one in Choice.objects.filter(person__in=pks):
        choices[one.person_id][one.category, one.channel] = one.wanted
    people_here = User.objects.filter(pk__in=pks, left_at__isnull=True)
    with_address: set[int] = set()
    may_sign_in: set[int] = set()
    for pk, email, is_active in people_here.values_list("pk", "email", "is_active"):
        if email is not None:
            with_address.add(pk)
        if is_active:
            may_sign_in.add(pk)
    with_push: set[int] = set()
    if settings.PUSH_PRIVATE_KEY:
        here = PushSubscription.objects.filter(
            person__in=pks, person__is_active=True, person__left_at__isnull=True
        )
        with_push = set(here.values_list("person", flat=True))
    return {
        pk: Wishes(
            preference=preferences.get(pk) or Preference(person_id=pk),
            choices=choices.get(pk, {}),
            has_address=pk in with_address,
            has_push=pk in with_push,
            may_sign_in=pk in may_sign_in,
        )
        for pk in pks
    }
