from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from .models import BudgetLine, Indicator, Intervention, Measurement, Target, TargetGroup, Theme


@admin.register(Theme)
class ThemeAdmin(TranslationAdmin[Theme]):
    list_display = ("short_name", "name", "order")


@admin.register(TargetGroup)
class TargetGroupAdmin(TranslationAdmin[TargetGroup]):
    list_display = ("name", "order")


@admin.register(Intervention)
class InterventionAdmin(TranslationAdmin[Intervention]):
    list_display = ("name", "theme", "number")
    list_filter = ("theme",)
    list_select_related = ("theme",)


@admin.register(BudgetLine)
class BudgetLineAdmin(TranslationAdmin[BudgetLine]):
    list_display = ("name", "theme", "number", "amount_cents")
    list_filter = ("theme",)
    list_select_related = ("theme",)


@admin.register(Indicator)
class IndicatorAdmin(TranslationAdmin[Indicator]):
    list_display = ("name", "theme", "unit", "better", "may_be_asked", "order")
    list_filter = ("theme", "unit", "may_be_asked")
    list_select_related = ("theme",)
    search_fields = ("name", "slug")
    filter_horizontal = ("target_groups", "interventions")


@admin.register(Measurement)
class MeasurementAdmin(TranslationAdmin[Measurement]):
    list_display = ("indicator", "area", "period", "value", "low", "high", "text", "status")
    list_filter = ("status", "indicator__theme", "area")
    list_select_related = ("indicator", "area")
    search_fields = ("indicator__name", "indicator__slug", "area__name")


@admin.register(Target)
class TargetAdmin(TranslationAdmin[Target]):
    list_display = ("indicator", "area", "target_group", "year", "value")
    list_filter = ("indicator", "area")
    list_select_related = ("indicator", "area", "target_group")
