"""A council's fund of a year, as the programme office sets it up: its by-laws and closing dates.

Money is not put in here but by an action, which writes it on the ledger.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import ClosingDate, Fund
from .money import EuroField


class FundForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The by-laws of a fund; its amounts are typed in euros."""

    largest_grant = EuroField(label=_("Largest grant"))
    fast_lane_limit = EuroField(
        label=_("Chair and treasurer decide together up to"),
        zero_allowed=True,
        help_text=_("0: the council votes on every application."),
    )
    two_approvals_above = EuroField(
        label=_("A payment above this needs two approvals"),
        zero_allowed=True,
        help_text=_("0: every payment needs two."),
    )

    class Meta:
        model = Fund
        fields = (
            "council",
            "year",
            "largest_grant",
            "fast_lane_limit",
            "two_approvals_above",
            "share_per_area_percent",
            "report_days",
            "last_grant_date",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        year = cleaned.get("year") if "year" in self.fields else self.instance.year
        last = cleaned.get("last_grant_date")
        if last and year and last.year != year:
            self.add_error("last_grant_date", _("Choose a day in the year of the fund."))
        largest, fast = cleaned.get("largest_grant"), cleaned.get("fast_lane_limit")
        if largest is not None and fast is not None and fast > largest:
            self.add_error(
                "fast_lane_limit", _("This cannot be more than the largest grant: lower it.")
            )
        return cleaned


class ClosingDates(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The closing dates of a fund: in its year, and no later than money can be given."""

    def clean(self) -> None:
        super().clean()
        fund = self.instance
        for form in self.forms:
            date = getattr(form, "cleaned_data", {}).get("date")
            if date is None or form.cleaned_data.get("DELETE"):
                continue
            if fund.year and date.year != fund.year:
                form.add_error("date", ValidationError(_("Choose a day in the year of the fund.")))
            elif fund.last_grant_date and date > fund.last_grant_date:
                form.add_error(
                    "date",
                    ValidationError(_("Choose a day on which money can still be given.")),
                )


class ClosingDateInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ClosingDate
    formset = ClosingDates
    extra = 1


@admin.register(Fund)
class FundAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = FundForm
    list_display = ("council", "year", "last_grant_date")
    list_filter = ("council", "year")
    list_select_related = ("council",)
    inlines = (ClosingDateInline,)

    def get_readonly_fields(self, request: Any, obj: Fund | None = None) -> tuple[str, ...]:
        # Its money and its applications are of that council and that year.
        return () if obj is None else ("council", "year")
