from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipatieConfig(AppConfig):
    name = "participatie"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from participatie import notifications
        from participatie.posters import subjects
        from participatie.privacy import held

        held.declare()
        notifications.declare()
        subjects.register(subjects.INITIATIVE, subjects.AREA)
