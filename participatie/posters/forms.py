"""What somebody chooses who asks for a sheet."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participatie.posters.models import LANGUAGES_AT_MOST, Sheet


class SheetForm(forms.Form):
    sheet = forms.ChoiceField(
        label=gettext_lazy("What do you want to make?"),
        choices=Sheet.choices,
        widget=forms.RadioSelect,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Which languages does your street read?"),
        help_text=gettext_lazy("Choose one to four languages. The first of them stands on top."),
        choices=settings.CONTENT_LANGUAGES,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "options--columns"}),
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )

    def clean_languages(self) -> list[str]:
        """Return the languages in the order of the list, each once."""
        wanted: list[Any] = self.cleaned_data["languages"]
        chosen = [code for code, _name in settings.CONTENT_LANGUAGES if code in wanted]
        if len(chosen) > LANGUAGES_AT_MOST:
            raise ValidationError(_("Choose four languages at most: more do not fit."))
        return chosen
