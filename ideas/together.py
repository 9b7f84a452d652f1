"""What the page of an initiative shows of who does it, and what a reader can do to help."""

import datetime
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from ideas.models import CoInitiator, HelpOffer, Initiative, Invitation
from ideas.permissions import can_invite, takes_help


@dataclass(frozen=True)
class Together:
    """Who joined the author, and which doors open for the reader."""

    people: list[User] = field(default_factory=list)
    can_offer_help: bool = False
    can_invite: bool = False
    has_joined: bool = False

    @property
    def names(self) -> SafeString:
        """The names of who joined, each in the direction of its own script."""
        return format_html_join(", ", "<bdi>{}</bdi>", ((one.public_name,) for one in self.people))


def has_co_initiators() -> Exists:
    """Return what says of each initiative in a query whether somebody joined its author."""
    return Exists(CoInitiator.objects.standing().filter(initiative=OuterRef("pk")))


def together_of(
    initiative: Initiative, reader: User | AnonymousUser, now: datetime.datetime
) -> Together:
    """Return what a reader sees, of an initiative read with ``has_co_initiators`` and its author.

    One query, and only where somebody joined.
    """
    if not initiative.is_published:
        return Together()
    people = []
    if cast("Any", initiative).has_co_initiators:
        joined = CoInitiator.objects.standing().filter(initiative=initiative)
        people = [one.user for one in joined.select_related("user").order_by("pk")]
    has_joined = reader in people
    return Together(
        people=people,
        can_offer_help=not has_joined and may_offer(reader, initiative, now),
        can_invite=can_invite(reader, initiative, now),
        has_joined=has_joined,
    )


def may_offer(reader: User | AnonymousUser, initiative: Initiative, now: datetime.datetime) -> bool:
    """Say whether a reader finds the way to offer help; one who told no age is asked there."""
    is_author = reader.is_authenticated and initiative.author_id == reader.pk
    return not is_known_young(reader) and not is_author and takes_help(initiative, now)


def is_known_young(reader: User | AnonymousUser) -> bool:
    """Say whether somebody told to be under 16."""
    return reader.is_authenticated and reader.age_band == User.AgeBand.FROM_12


@dataclass(frozen=True)
class Waiting:
    """What one's own page says about doing things together."""

    has_invitations: bool
    has_conversations: bool


def waiting_for(person: User, now: datetime.datetime) -> Waiting:
    """Return whether somebody was invited, and whether they have conversations (one query).

    The page behind it looks more closely: this says only whether to lead there.
    """
    mine = HelpOffer.objects.filter(helper=person).values("pk")
    led = HelpOffer.objects.filter(initiative__author=person).values("pk")
    joined = HelpOffer.objects.filter(initiative__co_initiators__user=person).values("pk")
    invited = Invitation.objects.answerable(now).filter(email=person.email).values("pk")
    found = User.objects.filter(pk=person.pk).values_list(
        Exists(invited), Exists(mine) | Exists(led) | Exists(joined)
    )
    has_invitations, has_conversations = found.get()
    return Waiting(
        has_invitations=bool(has_invitations) and not is_known_young(person),
        has_conversations=bool(has_conversations) and not person.is_under_16,
    )
