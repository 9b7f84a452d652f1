"""Whether a text is read by a moderator before others see it, and why."""

import datetime
from collections.abc import Collection
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Role, RoleGrant, User
from areas.models import Area
from contributions.drafts import NOBODYS_KEY
from contributions.kinds import all_kinds
from contributions.models import (
    Appeal,
    Channel,
    Contribution,
    Dossier,
    Mark,
    Report,
    SpokenText,
    Status,
)

#: A new account is trusted after this many of its texts stand published.
TRUSTED_AFTER = 3


class Reason(StrEnum):
    NEW_ACCOUNT = "new_account"
    UNDER_16 = "under_16"
    LANGUAGE_UNREAD = "language_unread"
    CAME_BACK = "came_back"
    PERSONAL_DATA = "personal_data"
    LINK = "link"
    OTHER_LANGUAGE = "other_language"
    HELP = "help"
    RECORDING = "recording"
    NEW_MESSENGER = "new_messenger"
    NOT_CONFIRMED = "not_confirmed"


#: What a check found → why a moderator reads the text before others do. What is not named here
#: (capitals, rude words, near doubles) is marked only.
DELAYS: dict[str, Reason] = {
    Mark.Check.TELEPHONE: Reason.PERSONAL_DATA,
    Mark.Check.EMAIL: Reason.PERSONAL_DATA,
    Mark.Check.IBAN: Reason.PERSONAL_DATA,
    Mark.Check.BSN: Reason.PERSONAL_DATA,
    Mark.Check.ADDRESS: Reason.PERSONAL_DATA,
    Mark.Check.LINK: Reason.LINK,
    Mark.Check.LANGUAGE: Reason.OTHER_LANGUAGE,
    Mark.Check.HELP: Reason.HELP,
}


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


def reasons_to_review_told(
    *,
    messenger: User,
    is_16: bool,
    is_chosen: bool,
    area: Area,
    language: str,
    now: datetime.datetime,
) -> list[Reason]:
    """Return why what somebody told to a messenger waits for a moderator.

    The messenger is the one who is trusted, by what they wrote down before. Whoever did not say
    that they are 16 counts as younger, as everywhere.

    Args:
        is_chosen: whether a second person calls the one who told it.
    """
    reasons = []
    if not is_16:
        reasons.append(Reason.UNDER_16)
    if published_from(messenger) < TRUSTED_AFTER:
        reasons.append(Reason.NEW_MESSENGER)
    if is_chosen:
        reasons.append(Reason.NOT_CONFIRMED)
    if not is_read_by_someone(area=area, language=language, now=now, besides=messenger):
        reasons.append(Reason.LANGUAGE_UNREAD)
    return reasons


def reasons_of_checks(names: Collection[str]) -> list[Reason]:
    """Return why a text waits by what checks found in it, each reason once, in order."""
    return list(dict.fromkeys(reason for name, reason in DELAYS.items() if name in names))


def published_by(author: User) -> int:
    """Count a person's published texts, of all kinds that moderators read."""
    first, *others = (
        kind.model._default_manager.filter(author=author, status=Status.PUBLISHED)
        # What somebody told and took along later was written down by another.
        .exclude(channel=Channel.ASSISTED)
        .order_by()
        .values("pk")
        for kind in all_kinds()
        if kind.reviewed and kind.builds_trust
    )
    return first.union(*others, all=True).count()


def published_from(messenger: User) -> int:
    """Count the published texts, of all kinds, that people told to a messenger."""
    return sum(
        kind.model._default_manager.filter(
            entered_by=messenger, channel=Channel.ASSISTED, status=Status.PUBLISHED
        ).count()
        for kind in all_kinds()
        if kind.reviewed and kind.builds_trust
    )


def is_read_by_someone(*, area: Area, language: str, now: datetime.datetime, besides: User) -> bool:
    """Say whether a moderator with a current grant reads this language in this area.

    Args:
        besides: the author, who never decides about their own text.
    """
    return _grants_around(area, language, now).exclude(user=besides).exists()


def _grants_around(area: Area, language: str, now: datetime.datetime) -> QuerySet[RoleGrant]:
    """Return moderators' current grants that reach a language in an area."""
    parents = Area.objects.parents()
    around = []
    current: int | None = area.pk
    while current is not None and current not in around:
        around.append(current)
        current = parents.get(current)
    return RoleGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        Q(area__isnull=True) | Q(area__in=around),
        language__in=["", language],
        role=Role.MODERATOR,
        starts_at__lte=now,
        user__is_active=True,
    )


def can_review(user: User, contribution: Contribution, *, also_emptied: bool = False) -> bool:
    """Say whether a user may decide about a contribution: never about one's own.

    Nothing is left to decide of what was emptied, when its author left or its time was over.

    Args:
        also_emptied: for what hangs on a text and outlives its words.
    """
    return (
        contribution.area is not None
        and _is_granted(user, contribution, contribution.area)
        and (also_emptied or contribution.draft_key != NOBODYS_KEY)
        and not contribution.is_of(user)
    )


def has_a_part(user: User, dossier: Dossier) -> bool:
    """Say whether somebody decides about no text of this dossier any more, as who had a part there.

    Who reported it, until that is answered; and whose decision or measure somebody asked another
    look at, unless that was refused: a colleague decides (ADR 0034). Nor does somebody listen to
    their own voice (ADR 0037).
    """
    appealed = Appeal.objects.filter(
        Q(decision__dossier=dossier, decision__decided_by=user)
        | Q(measure__dossier=dossier, measure__decided_by=user)
    ).exclude(outcome=Appeal.Outcome.REFUSED)
    reported = Report.objects.open().filter(dossier=dossier, reporter=user)
    spoke = (
        Reason.RECORDING in dossier.review_reasons
        and SpokenText.objects.judged().filter(dossier=dossier, made_by=user).exists()
    )
    return appealed.exists() or reported.exists() or spoke


def _is_granted(user: User, contribution: Contribution, area: Area) -> bool:
    """Say whether a role reaches a text: a moderator's, or the office's to which it was passed."""
    language = contribution.language
    return user.has_role(Role.MODERATOR, area=area, language=language) or (
        user.has_role(Role.PROGRAMME_OFFICE, area=area, language=language)
        and contribution.dossier.passed_to_office
    )


def colleagues_for(contribution: Contribution, *, besides: User) -> list[User]:
    """Return the moderators who may decide about a contribution, by name (two queries)."""
    if contribution.area is None:
        return []
    now = timezone.now()
    grants = _grants_around(contribution.area, contribution.language, now)
    people = User.objects.filter(pk__in=grants.values("user")).exclude(pk=besides.pk)
    found = [person for person in people if not contribution.is_of(person)]
    return sorted(found, key=lambda person: person.public_name.casefold())
