"""What the programme office asks contact persons with, and what they tell back with."""

import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from areas.models import Area
from contributions.deadlines import today
from contributions.forms import LanguageField, TextField
from indicators.models import TargetGroup
from participatie.messenger_models import MAX_ANSWER, MAX_REQUEST
from participatie.messengers import can_ask

LONGEST = datetime.timedelta(days=366)


def _date_field(**options: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class QuestionForm(forms.Form):
    """A question to contact persons: to whom, where, and until when."""

    text = TextField(
        label=_("What do you ask?"),
        max_length=MAX_REQUEST,
        help_text=_(
            "Such as: we have not yet heard young Bulgarians in Laak. How do they look for a home? "
            "Contact persons read your own words: they are not translated."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = LanguageField(label=_("Language of the question"))
    languages = forms.MultipleChoiceField(
        label=_("To contact persons for which languages?"),
        help_text=_("Without a choice it goes to all."),
        required=False,
        choices=settings.CONTENT_LANGUAGES,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "options--columns"}),
    )
    areas = forms.ModelMultipleChoiceField(
        label=_("In which areas?"),
        help_text=_("Without a choice it goes to all."),
        required=False,
        queryset=Area.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "options--columns"}),
    )
    target_group = forms.ModelChoiceField(
        label=_("About whom?"),
        required=False,
        queryset=TargetGroup.objects.all(),
        empty_label=_("Everybody"),
    )
    starts_date = _date_field(label=_("From which day?"))
    ends_date = _date_field(label=_("Until the end of which day?"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        areas = cast("forms.ModelMultipleChoiceField[Area]", self.fields["areas"])
        areas.queryset = Area.objects.order_by("name")
        self.fields["starts_date"].initial = today(timezone.now())

    def clean_areas(self) -> list[Area]:
        chosen = list(self.cleaned_data["areas"])
        if not can_ask(self.by, chosen):
            raise forms.ValidationError(_("Choose areas that you work for."))
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_date"), cleaned.get("ends_date")
        if ends and ends < today(timezone.now()):
            self.add_error("ends_date", _("This day is over. Choose a later one."))
        elif starts and ends and ends < starts:
            self.add_error("ends_date", _("The last day comes after the first one."))
        elif starts and ends and ends - starts > LONGEST:
            self.add_error("ends_date", _("A question stands for a year at most."))
        return cleaned


class ToldForm(forms.Form):
    """What a contact person heard."""

    text = TextField(
        label=_("What did you hear?"),
        max_length=MAX_ANSWER,
        help_text=_(
            "A few words are enough, in the language you speak best. Only the programme office "
            "reads this. Leave out the names and addresses of people."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    language = LanguageField()
    is_done = forms.BooleanField(label=_("I have asked around: this is all"), required=False)
