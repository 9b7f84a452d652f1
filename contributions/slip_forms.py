"""What somebody fills in who holds a slip. Forms check; nothing is written here."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from contributions import slips
from contributions.forms import LineField, TextField
from contributions.kinds import kind_of
from contributions.models import Contribution


class CodeForm(forms.Form):
    """The code of a slip."""

    code = forms.CharField(
        label=_("The code on your slip"),
        max_length=100,
        help_text=_("Twelve digits, in three groups of four."),
        # A slip is used once in a while, and never by the next one at this device.
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = slips.normalise(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _("A code has twelve digits. Look at your slip again: 1234 5678 9012.")
            )
        return code


class WordsForm(forms.Form):
    """The words that somebody told, of whatever kind: the fields that are free to fill in."""

    def __init__(
        self, *args: Any, text: Contribution, words: dict[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for free in kind_of(text).free_fields:
            # What was told can be said in other words, and not taken out; nor is a place asked.
            if free.names_place or not words.get(free.name):
                continue
            column = type(text)._meta.get_field(free.name)
            assert isinstance(column, models.CharField | models.TextField)
            told: dict[str, Any] = {
                "label": free.label,
                "max_length": column.max_length,
                "initial": words[free.name],
            }
            self.fields[free.name] = (
                TextField(widget=forms.Textarea(attrs={"rows": 7}), **told)
                if isinstance(column, models.TextField)
                else LineField(**told)
            )
