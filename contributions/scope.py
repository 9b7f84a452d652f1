"""What a role's grants reach: areas with all that lies in them, and languages."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from accounts.models import User
from areas.models import is_within

NOTHING = Q(pk__in=[])


def within_grants(
    user: User | AnonymousUser, role: str, *, area: str = "area", read_in: str = ""
) -> Q:
    """Return the filter on ``area`` and ``language`` that a user's current grants of a role give.

    A grant without an area reaches all areas, one without a language all languages. A user
    without the role reaches nothing.

    Args:
        area: the column of the area, where it is another row's.
        read_in: a language that the grants must be for, in place of the rows' own.
    """
    if not user.is_authenticated:
        return NOTHING
    grants = [
        grant
        for grant in user.current_grants
        if grant.role == role and (not read_in or grant.language in ("", read_in))
    ]
    if not grants:
        return NOTHING
    granted_areas = {grant.area_id for grant in grants if grant.area_id is not None}
    parents = user.area_parents if granted_areas else {}
    reach = {
        granted: [pk for pk in parents if is_within(pk, granted, parents)]
        for granted in granted_areas
    }
    scope = Q()
    for grant in grants:
        part = Q(pk__isnull=False)
        if grant.area_id is not None:
            part &= Q(**{f"{area}__in": reach[grant.area_id]})
        if grant.language and not read_in:
            part &= Q(language=grant.language)
        scope |= part
    return scope
