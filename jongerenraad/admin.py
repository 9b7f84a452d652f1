"""What the programme office keeps of councils: the by-laws, the terms and the seats.

Who sits where, and everything about votes, is not made here: those have rules of their own.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from accounts.models import Organisation
from jongerenraad.models import Council, Seat, Term


class CouncilForm(forms.ModelForm[Council]):
    """A council; its address and the name in which it writes are given once."""

    writes_as = forms.CharField(
        label=_("writes on the site as"),
        max_length=100,
        help_text=_("The name that stands beside what the council posts."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["writes_as"].initial = self.instance.organisation.name

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        for page in ("", "leden/", "stemmingen/"):
            if not _leads_to_a_council(f"/nl/{slug}/{page}"):
                raise forms.ValidationError(
                    _("This address is taken by another page. Choose another one.")
                )
        return slug

    def clean_writes_as(self) -> str:
        name: str = self.cleaned_data["writes_as"]
        others = Organisation.objects.filter(name=name)
        if self.instance.pk:
            others = others.exclude(pk=self.instance.organisation_id)
        if others.exists():
            raise forms.ValidationError(_("Another organisation has this name already."))
        return name


def _leads_to_a_council(path: str) -> bool:
    try:
        return resolve(path).namespace == "jongerenraad"
    except Resolver404:
        return False


@admin.register(Council)
class CouncilAdmin(TranslationAdmin[Council]):
    form = CouncilForm
    list_display = ("name", "slug", "quorum_percent", "second_quorum_percent", "second_vote_days")
    exclude = ("organisation",)
    view_on_site = False

    def get_readonly_fields(self, request: HttpRequest, obj: Council | None = None) -> list[str]:
        return ["slug"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: Council, form: forms.ModelForm[Council], change: bool
    ) -> None:
        name = form.cleaned_data["writes_as"]
        if change:
            Organisation.objects.filter(pk=obj.organisation_id).update(name=name)
        else:
            obj.organisation = Organisation.objects.create(
                name=name, kind=Organisation.Kind.COUNCIL
            )
        obj.save()


@admin.register(Term)
class TermAdmin(admin.ModelAdmin[Term]):
    list_display = ("council", "starts_date", "ends_date")
    list_filter = ("council",)
    list_select_related = ("council",)

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> list[str]:
        return ["council"] if obj else []


@admin.register(Seat)
class SeatAdmin(admin.ModelAdmin[Seat]):
    list_display = ("number", "council", "area")
    list_filter = ("council", "area")
    list_select_related = ("council", "area")

    def get_readonly_fields(self, request: HttpRequest, obj: Seat | None = None) -> list[str]:
        return ["council"] if obj else []
