from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from accounts import moving
        from notifications import actions, checks, mails, privacy, pushing, sending
        from notifications.kinds import Channel

        privacy.declare()
        sending.register(Channel.MAIL, mails.courier)
        sending.register(Channel.PUSH, pushing.Pushing)
        # What came back from the address that somebody had says nothing of the one they have now.
        moving.register("mail", lambda person, now: actions.try_mail_again(person=person, now=now))
        register(checks.mail_webhook_is_safe)
