"""Who may ask for another look at what, until when; and who may give it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import Q

from accounts.models import Role, RoleGrant, User
from areas.models import Area, is_within
from contributions.deadlines import today
from contributions.kinds import contribution_of
from contributions.models import Appeal, Contribution, Decision, Measure, Report

#: Decisions about which another look can be asked for.
AGAINST = Decision.AGAINST


def last_day(decided_at: datetime.datetime) -> datetime.date:
    """Return the last day on which another look can be asked for."""
    return today(decided_at) + datetime.timedelta(days=settings.APPEAL_DAYS)


def told_at(about: Decision | Measure) -> datetime.datetime:
    """Return when a person could first read a decision or a measure."""
    return about.decided_at if isinstance(about, Decision) else about.starts_at


def people_involved(appeal: Appeal) -> set[int]:
    """Return who can never judge an appeal: who filed it, decided there, or reported the text."""
    return _involved([appeal])[appeal.pk]


def _involved(appeals: Sequence[Appeal]) -> dict[int, set[int]]:
    """Return the same for many appeals, by their keys (two queries)."""
    dossiers = {pk for appeal in appeals if (pk := dossier_of(appeal))}
    found: dict[int | None, set[int]] = defaultdict(set)
    for dossier, person in Decision.objects.filter(
        dossier__in=dossiers, decided_by__isnull=False
    ).values_list("dossier_id", "decided_by_id"):
        found[dossier].add(person or 0)
    for dossier, person in Report.objects.filter(
        dossier__in=dossiers, reporter__isnull=False
    ).values_list("dossier_id", "reporter_id"):
        found[dossier].add(person or 0)
    involved = {}
    for appeal in appeals:
        people = {appeal.filed_by_id, *found[dossier_of(appeal)]}
        if appeal.measure is not None:
            people.add(appeal.measure.decided_by_id)
            people.add(appeal.measure.agreed_by_id or 0)
        involved[appeal.pk] = people
    return involved


def dossier_of(appeal: Appeal) -> int | None:
    """Return the key of the dossier that an appeal is about."""
    about = appeal.decision or appeal.measure
    return about.dossier_id if about else None


def contribution_about(appeal: Appeal) -> Contribution | None:
    """Return the text that an appeal is about, directly or through a measure."""
    about = appeal.decision or appeal.measure
    return contribution_of(about.dossier) if about and about.dossier else None


def covers(user: User, appeal: Appeal) -> bool:
    """Say whether an appeal lies within a moderator's areas and languages."""
    return user.has_role(Role.MODERATOR, area=appeal.area, language=appeal.language)


def can_judge(user: User, appeal: Appeal) -> bool:
    """Say whether a user may judge an appeal: a moderator there who had no part in it at all."""
    contribution = contribution_about(appeal)
    return (
        covers(user, appeal)
        and user.pk not in people_involved(appeal)
        and not (contribution is not None and contribution.is_of(user))
    )


def without_a_judge(appeals: Sequence[Appeal], now: datetime.datetime) -> set[int]:
    """Return the keys of the appeals that no moderator of today can judge.

    A fixed number of queries, however many appeals there are.
    """
    if not appeals:
        return set()
    grants = list(
        RoleGrant.objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now),
            role=Role.MODERATOR,
            starts_at__lte=now,
            user__is_active=True,
        )
    )
    parents = Area.objects.parents()
    involved = _involved(appeals)
    return {
        appeal.pk
        for appeal in appeals
        if not any(
            grant.user_id not in involved[appeal.pk] and _reaches(grant, appeal, parents)
            for grant in grants
        )
    }


def _reaches(grant: RoleGrant, appeal: Appeal, parents: dict[int, int | None]) -> bool:
    in_area = grant.area_id is None or (
        appeal.area_id is not None and is_within(appeal.area_id, grant.area_id, parents)
    )
    return in_area and grant.language in ("", appeal.language)


def held_back(appeals: Iterable[Appeal], user: User) -> set[int]:
    """Return the keys of the appeals that a moderator had a part in, and so does not judge."""
    listed = list(appeals)
    involved = _involved(listed)
    return {appeal.pk for appeal in listed if user.pk in involved[appeal.pk]}
