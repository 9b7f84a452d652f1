"""The admin of this site: whatever somebody changes there is on the record of acts."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from .record import note_act

#: More names of fields than this are not kept of one change.
FIELDS_AT_MOST = 40


class OnTheRecord(ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Notes each row that was added, changed or deleted: which, and the names of the fields."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        form.instance.changed_in_admin = list(form.changed_data)[:FIELDS_AT_MOST]
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        note_act(by=request.user, act="admin.add", about=obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        fields = getattr(obj, "changed_in_admin", None)
        note_act(
            by=request.user,
            act="admin.change",
            about=obj,
            details={} if fields is None else {"fields": fields},
        )
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Model]) -> Any:
        for row in queryset:
            note_act(by=request.user, act="admin.delete", about=row)
        return super().log_deletions(request, queryset)

    def response_action(self, *args: Any, **kwargs: Any) -> Any:
        # What is on the record was done, and what was done is on the record.
        with transaction.atomic():
            return super().response_action(*args, **kwargs)


class RecordedSite(AdminSite):
    """Makes every page of the admin keep the record, also one whose app knows nothing of it."""

    def register(
        self,
        model_or_iterable: "type[Model] | Iterable[type[Model]]",
        admin_class: Any = None,
        **options: Any,
    ) -> None:
        pages = admin_class or ModelAdmin
        recorded = type(
            pages.__name__, (OnTheRecord, pages), {"__module__": pages.__module__, **options}
        )
        super().register(model_or_iterable, recorded)
