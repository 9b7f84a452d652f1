from django.apps import AppConfig
from django.forms import ChoiceField, Field, ModelChoiceField
from django.utils.translation import gettext_lazy as _


class ContributionsConfig(AppConfig):
    name = "contributions"
    verbose_name = _("Contributions")

    def ready(self) -> None:
        # Every form of the site says it in these words, to whoever forgot something.
        Field.default_error_messages["required"] = _("Please fill this in.")
        for choices in (ChoiceField, ModelChoiceField):
            choices.default_error_messages["required"] = _("Choose one of these.")

        from contributions import notifications, privacy, shown_names

        privacy.declare()
        shown_names.declare()
        notifications.declare()
