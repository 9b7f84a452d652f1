"""What people fill in beside figures. Forms check; nothing is written here."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms import LanguageField, LineField, TextField
from contributions.plain.forms import StaffForm
from feedback.models import Recognition, Response, Trend
from feedback.models.remark import MAX_REMARK
from feedback.models.response import MAX_PART, MAX_WHO

State = Response.State


class AnswersForm(forms.Form):
    """The two questions beside a figure, for a page where they stand as a form."""

    recognition = forms.ChoiceField(
        label=_("Do you recognise this in your street?"),
        choices=Recognition.choices,
        widget=forms.RadioSelect(attrs={"class": "options--columns"}),
    )
    trend = forms.ChoiceField(
        label=_("How is it, compared with a year ago?"),
        choices=Trend.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "options--columns"}),
    )


class RemarkForm(forms.Form):
    """A few words beside a figure."""

    text = TextField(
        label=_("What do you see in your street?"),
        max_length=MAX_REMARK,
        help_text=_(
            "A few words are enough. In the language you speak best. Everybody can read it, with "
            "your name: leave out telephone numbers and addresses, and the names of others."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = LanguageField()


class ResponseForm(StaffForm):
    """What was done with what people told."""

    staff_texts = ("heard", "doing", "not_doing")

    heard = TextField(
        label=_("What did we hear?"),
        max_length=MAX_PART,
        help_text=_("In plain words, as the neighbours told it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    state = forms.ChoiceField(
        label=_("How far is it?"), choices=State.choices, widget=forms.RadioSelect
    )
    doing = TextField(
        label=_("What do we do?"),
        max_length=MAX_PART,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    who = LineField(
        label=_("Who does it?"),
        max_length=MAX_WHO,
        required=False,
        help_text=_("For example: the rent team of The Hague."),
    )
    due_date = forms.DateField(
        label=_("Before the end of which day?"),
        required=False,
        help_text=_("Everybody sees this date."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    not_doing = TextField(
        label=_("What do we not do, and why?"),
        max_length=MAX_PART,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = LanguageField(label=_("Language of the response"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        state = cleaned.get("state")
        if state == State.NOT:
            self._need(cleaned, "not_doing")
        elif state:
            self._need(cleaned, "doing", "who")
        if state in (State.PROMISED, State.DOING):
            self._need(cleaned, "due_date")
        return cleaned

    def _need(self, cleaned: dict[str, Any], *names: str) -> None:
        for name in names:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Please fill this in."))

    def clean_due_date(self) -> datetime.date | None:
        due_date: datetime.date | None = self.cleaned_data["due_date"]
        return check_year(due_date)


def check_year(date: datetime.date | None) -> datetime.date | None:
    """Refuse a date that nobody means: a slip of the finger in the year."""
    if date is not None and not 2020 <= date.year <= 2099:
        raise forms.ValidationError(_("Look at the year of this date."))
    return date


class StateForm(StaffForm):
    """How far it is with what was promised."""

    staff_texts = ("not_doing",)

    state = forms.ChoiceField(
        label=_("How far is it now?"), choices=State.choices, widget=forms.RadioSelect
    )
    due_date = forms.DateField(
        label=_("Another date"),
        required=False,
        help_text=_("Only if the first date is not met. Everybody sees it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    not_doing = TextField(
        label=_("If it is not done after all: why?"),
        max_length=MAX_PART,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_due_date(self) -> datetime.date | None:
        due_date: datetime.date | None = self.cleaned_data["due_date"]
        return check_year(due_date)
