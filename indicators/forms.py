"""What staff fill in about figures. Forms check; nothing is written here."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """A file of measurements."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "With these columns: indicator, area, period, value, low, high, text, status. You "
            "first see what would change. Nothing comes in before you say so."
        ),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
