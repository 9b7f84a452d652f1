from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = _("Reviewing")

    def ready(self) -> None:
        from moderation import notifications

        notifications.declare()
