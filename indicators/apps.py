from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("Themes and figures")

    def ready(self) -> None:
        from indicators import privacy

        privacy.declare()
