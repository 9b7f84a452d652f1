"""What somebody fills in who translates a text. The forms check; nothing is written."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from contributions.actions.translating import TooManyWords
from contributions.forms import LineField, TextField
from contributions.models import Contribution
from contributions.translations import is_too_long, original_words, translated_fields

MAX_REASON = 1000


class TranslationForm(forms.Form):
    """A field for each part of a text that says something.

    Args:
        contribution: the text.
        language: the one it is translated into.
    """

    language = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, contribution: Contribution, language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.original: Mapping[str, str] = original_words(contribution)
        self.told_language = contribution.language
        for one in translated_fields(contribution):
            if one.name not in self.original:
                continue
            column = contribution._meta.get_field(one.name)
            several = isinstance(column, models.TextField)
            rows = min(20, 3 + len(self.original[one.name]) // 80)
            attributes = {"lang": language, "dir": "auto"}
            self.fields[one.name] = (
                TextField(
                    label=str(one.label), widget=forms.Textarea(attrs={**attributes, "rows": rows})
                )
                if several
                else LineField(label=str(one.label), widget=forms.TextInput(attrs=attributes))
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, source in self.original.items():
            if is_too_long(cleaned.get(name) or "", source):
                self.add_error(name, str(TooManyWords.message))
        return cleaned

    def words(self) -> dict[str, str]:
        """Return the words of a form that is valid, by field."""
        return {name: self.cleaned_data[name] for name in self.original}

    def parts(self) -> Iterator[tuple[str, str, forms.BoundField]]:
        """Yield what each part is called, what the text says there, and the field for it."""
        for name, text in self.original.items():
            yield str(self.fields[name].label), text, self[name]


class DeclineForm(forms.Form):
    """Why a neighbour's translation is not taken over."""

    reason = TextField(
        label=_("What is wrong with it?"),
        max_length=MAX_REASON,
        help_text=_("Who translated it reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write to the translator why you do not take it over.")},
    )
