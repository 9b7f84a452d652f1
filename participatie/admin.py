from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from modeltranslation.admin import TranslationAdmin

from participatie.models import Page


@admin.register(Page)
class PageAdmin(TranslationAdmin[Page]):
    list_display = ("title", "slug", "order", "changed_at")
    exclude = ("changed_at",)

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> list[str]:
        # Every page of the site links to these addresses.
        return ["slug"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Page, form: object, change: bool) -> None:
        obj.changed_at = timezone.now()
        obj.save()
