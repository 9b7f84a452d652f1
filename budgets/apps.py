from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetsConfig(AppConfig):
    name = "budgets"
    verbose_name = _("Work budget")

    def ready(self) -> None:
        import contributions.kinds
        import jongerenraad.kinds
        import jongerenraad.waiting
        from budgets import kinds, notifications, privacy, waiting

        contributions.kinds.register(kinds.APPLICATION)
        contributions.kinds.register(kinds.REPORT)
        jongerenraad.kinds.register(kinds.MONEY_MATTER)
        jongerenraad.waiting.register("budgets", waiting.of_applications)
        privacy.declare()
        notifications.declare()
