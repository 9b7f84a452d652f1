from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JongerenraadConfig(AppConfig):
    name = "jongerenraad"
    verbose_name = _("Councils")

    def ready(self) -> None:
        from accounts import organisations, record, second_factor
        from jongerenraad import kinds, notifications, privacy, waiting
        from jongerenraad.models import Membership
        from jongerenraad.organisations import (
            councils_written_for,
            deciding_in_office,
            seats_acted_by,
        )
        from jongerenraad.voting import votes_waiting

        for kind in (kinds.GENERAL, kinds.PERSON, kinds.BY_LAWS):
            kinds.register(kind)
        waiting.register("votes", votes_waiting)
        organisations.register("councils", councils_written_for)
        second_factor.register("councils", deciding_in_office, model=Membership, person="person")
        record.register_seats(seats_acted_by)
        privacy.declare()
        notifications.declare()
