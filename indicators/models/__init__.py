"""What the deal is about, the figures that say how it goes, and how they came in."""

from .deal import BudgetLine, Intervention, TargetGroup, Theme
from .edition import Edition
from .figure import Indicator, Measurement, Target
from .import_run import ImportRun

__all__ = [
    "BudgetLine",
    "Edition",
    "ImportRun",
    "Indicator",
    "Intervention",
    "Measurement",
    "Target",
    "TargetGroup",
    "Theme",
]
