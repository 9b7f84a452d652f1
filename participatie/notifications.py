"""What people can follow on the pages that bring several apps together."""

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from areas.models import Area
from notifications.kinds import Followable, Followed, register_followable


def _areas(pks: Collection[int], reader: User) -> Mapping[int, Followed]:
    return {
        area.pk: Followed(area.name, reverse("area", args=[area.slug]))
        for area in Area.objects.filter(pk__in=pks)
    }


def declare() -> None:
    """Declare what can be followed, at start-up."""
    register_followable(Followable("area", _("neighbourhood"), _areas))
