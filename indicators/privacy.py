"""What this app holds of people: who of the staff brought which figures."""

from django.utils.translation import gettext_lazy as _

from accounts.holdings import Holding, register, register_nothing
from indicators.models import ImportRun

_OFFICE = "figures, brought in for the office"

HOLDINGS = (
    Holding(
        ImportRun,
        _("Files with figures that you brought in for the office"),
        own=("created_by",),
        numbers=("applied_by",),
        kept=dict.fromkeys(("file_name", "content", "refused"), _OFFICE),
    ),
)
_MODELS = (
    "budgetline", "edition", "indicator", "intervention", "indicator_interventions",
    "indicator_target_groups", "measurement", "target", "targetgroup", "theme",
)  # fmt: skip


def declare() -> None:
    """Declare it, at start-up."""
    register(*HOLDINGS)
    register_nothing({f"indicators.{name}": "figures, and words of the office" for name in _MODELS})
