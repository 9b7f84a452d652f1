from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from .models import Intervention, TargetGroup, Theme


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
