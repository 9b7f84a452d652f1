"""The roles that somebody can be granted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody may do beyond what every resident may.

    A seat in a council is a grant of its own (``jongerenraad.Membership``).
    """

    MESSENGER = "messenger", _("Trusted messenger")
    MODERATOR = "moderator", _("Moderator")
    PROGRAMME_OFFICE = "programme_office", _("Programme office")
    STEERING_GROUP = "steering_group", _("Steering group")
    CORE_TEAM = "core_team", _("Core team")
    MUNICIPAL_COUNCIL = "municipal_council", _("Municipal council")
    ADMINISTRATOR = "administrator", _("Administrator")


#: Who reads the summaries of staff: what many people said, without any of them in it.
SUMMARY_READERS = frozenset(
    {Role.PROGRAMME_OFFICE, Role.STEERING_GROUP, Role.CORE_TEAM, Role.MUNICIPAL_COUNCIL}
)
