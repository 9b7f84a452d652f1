"""What is typed to start and to end a shared device."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.card_forms import is_simple
from contributions.forms import LineField


def _code_widget() -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": "off", "inputmode": "numeric", "dir": "ltr", "data-pin": "true"}
    )


class CodeToEndField(forms.CharField):
    """A code of six digits that ends a shared device."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=_code_widget(), **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and not re.fullmatch(r"[0-9]{6}", text.strip()):
            raise ValidationError(_("This code is a number of six digits."))
        return text.strip()


class StartForm(forms.Form):
    name = LineField(
        label=_("Name of this device"),
        max_length=40,
        help_text=_("So that you know it in your list, such as “tablet at the library”."),
    )
    code = CodeToEndField(
        label=_("A code to end it"),
        help_text=_("Six digits. Remember them: who uses the device must not end it."),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if is_simple(code):
            raise ValidationError(
                _("Others guess this code soon. Choose one that is no row of numbers.")
            )
        return code


class EndForm(forms.Form):
    code = CodeToEndField(
        label=_("The code to end it"), help_text=_("Who started this device chose it.")
    )
