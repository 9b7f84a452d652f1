from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from .models import Department


@admin.register(Department)
class DepartmentAdmin(TranslationAdmin[Department]):
    list_display = ("name", "municipality", "is_in_use")
    list_filter = ("is_in_use", "municipality")
    list_select_related = ("municipality",)
    search_fields = ("name",)
