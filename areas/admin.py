from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from .models import Area, BorderImport


@admin.register(Area)
class AreaAdmin(TranslationAdmin[Area]):
    list_display = ("name", "kind", "parent", "accepts_contributions", "support_threshold")
    list_filter = ("kind", "accepts_contributions")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")


@admin.register(BorderImport)
class BorderImportAdmin(admin.ModelAdmin[BorderImport]):
    """What each reading of borders brought: to look at, never to change."""

    list_display = ("imported_at", "source", "year", "rows_read", "rows_added", "rows_changed")
