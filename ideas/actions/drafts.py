"""How many drafts somebody may keep."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from contributions.actions import Refused
from contributions.drafts import MAX_DRAFTS_PER_ACCOUNT
from contributions.models import ContributionQuerySet, Status


class TooManyDrafts(Refused):
    message = _("You have many drafts already. Finish one of them first, or sign in.")


class DraftsToFinish(Refused):
    message = _("You have many drafts already. Finish one of them first.")


def check_drafts(own: ContributionQuerySet[Any]) -> None:
    """Refuse one draft too many of a person whose row is locked."""
    if own.filter(status=Status.DRAFT).count() >= MAX_DRAFTS_PER_ACCOUNT:
        raise DraftsToFinish
