from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from notifications import mails, privacy, pushing, sending
        from notifications.kinds import Channel

        privacy.declare()
        sending.register(Channel.MAIL, mails.courier)
        sending.register(Channel.PUSH, pushing.Pushing)
