from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdeasConfig(AppConfig):
    name = "ideas"
    verbose_name = _("Initiatives")

    def ready(self) -> None:
        from contributions.kinds import register
        from ideas import kinds, notifications, privacy

        for kind in (
            kinds.INITIATIVE,
            kinds.COMMENT,
            kinds.UPDATE,
            kinds.ANSWER,
            kinds.REPORT,
        ):
            register(kind)
        privacy.declare()
        notifications.declare()
