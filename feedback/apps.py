from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Experiences")

    def ready(self) -> None:
        from contributions.kinds import register
        from feedback import kinds, notifications, privacy

        for kind in (kinds.REMARK, kinds.RESPONSE):
            register(kind)
        privacy.declare()
        notifications.declare()
