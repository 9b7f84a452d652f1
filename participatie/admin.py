from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from participatie.models import Departure, Page

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Manage the site")


@admin.register(Page)
class PageAdmin(TranslationAdmin[Page]):
    list_display = ("title", "slug", "order", "changed_at")
    exclude = ("changed_at",)

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> list[str]:
        # Every page of the site links to these addresses.
        return ["slug"] if obj else []

    def view_on_site(self, obj: Page) -> str:
        return obj.get_absolute_url()

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Page, form: object, change: bool) -> None:
        obj.changed_at = timezone.now()
        obj.save()


@admin.register(Departure)
class DepartureAdmin(admin.ModelAdmin[Departure]):
    """How far each departure is; of whoever left there is only a number."""

    list_display = ("person_id", "texts_stay", "asked_at", "first_pass_at", "second_pass_at")
    fields = (
        "person_id", "texts_stay", "asked_at", "first_pass_at", "second_pass_at", "tries",
        "tried_at",
    )  # fmt: skip
    readonly_fields = ("person_id",)
