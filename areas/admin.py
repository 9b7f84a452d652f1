from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from .models import Area


@admin.register(Area)
class AreaAdmin(TranslationAdmin[Area]):
    list_display = ("name", "kind", "parent", "accepts_contributions", "support_threshold")
    list_filter = ("kind", "accepts_contributions")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")
