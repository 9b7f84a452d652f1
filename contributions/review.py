"""Whether a text is read by a moderator before others see it, and why."""

import datetime
from enum import StrEnum

from django.db.models import Q

from accounts.models import Role, RoleGrant, User
from areas.models import Area
from contributions.drafts import NOBODYS_KEY
from contributions.kinds import all_kinds
from contributions.models import Contribution, Status

#: A new account is trusted after this many of its texts stand published.
TRUSTED_AFTER = 3


class Reason(StrEnum):
    NEW_ACCOUNT = "new_account"
    UNDER_16 = "under_16"
    LANGUAGE_UNREAD = "language_unread"
    CAME_BACK = "came_back"


def reasons_to_review(
    *, author: User, area: Area, language: str, now: datetime.datetime
) -> list[Reason]:
    """Return why a text waits for a moderator; an empty list means that it can stand at once."""
    reasons = []
    if author.is_under_16:
        reasons.append(Reason.UNDER_16)
    if published_by(author) < TRUSTED_AFTER:
        reasons.append(Reason.NEW_ACCOUNT)
    if not is_read_by_someone(area=area, language=language, now=now, besides=author):
        reasons.append(Reason.LANGUAGE_UNREAD)
    return reasons


def published_by(author: User) -> int:
    """Count a person's published texts, of all kinds that moderators read."""
    return sum(
        kind.model._default_manager.filter(author=author, status=Status.PUBLISHED).count()
        for kind in all_kinds()
        if kind.reviewed
    )


def is_read_by_someone(*, area: Area, language: str, now: datetime.datetime, besides: User) -> bool:
    """Say whether a moderator with a current grant reads this language in this area.

    Args:
        besides: the author, who never decides about their own text.
    """
    parents = Area.objects.parents()
    around = []
    current: int | None = area.pk
    while current is not None and current not in around:
        around.append(current)
        current = parents.get(current)
    grants = RoleGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        Q(area__isnull=True) | Q(area__in=around),
        language__in=["", language],
        role=Role.MODERATOR,
        starts_at__lte=now,
        user__is_active=True,
    )
    return grants.exclude(user=besides).exists()


def can_review(user: User, contribution: Contribution, *, also_emptied: bool = False) -> bool:
    """Say whether a user may decide about a contribution: never about one's own.

    Nothing is left to decide of what was emptied, when its author left or its time was over.

    Args:
        also_emptied: for what hangs on a text and outlives its words.
    """
    return (
        contribution.area is not None
        and (also_emptied or contribution.draft_key != NOBODYS_KEY)
        and user.has_role(Role.MODERATOR, area=contribution.area, language=contribution.language)
        and not contribution.is_of(user)
    )
