"""What the programme office fills in about an initiative. Forms check; nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms import LanguageField, LineField, TextField
from contributions.plain.forms import StaffForm
from ideas.models import Department, Milestone, MilestoneState, OfficialAnswer
from ideas.models.answer import MAX_ANSWER
from ideas.models.following import MAX_MILESTONE, MAX_REASON, MAX_REPORT


def day_field(**kwargs: Any) -> forms.DateField:
    """Return a field for a day, which browsers show as a calendar."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


class AnswerForm(StaffForm):
    """The official answer, and the change of one: ``seen`` names the one that was read."""

    outcome = forms.ChoiceField(
        label=_("What is the answer?"),
        choices=OfficialAnswer.Outcome.choices,
        widget=forms.RadioSelect,
    )
    new_answer_date = day_field(
        label=_("Before the end of which day is there a new answer?"),
        required=False,
        help_text=_("Only if the answer is “later”. Everybody sees this day, and how far it is."),
    )
    text = TextField(
        label=_("Explain it to the neighbourhood"),
        max_length=MAX_ANSWER,
        help_text=_(
            "What did we hear? What do we do, who does it and when? What do we not do, and why?"
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    language = LanguageField(label=_("Language of the answer"))
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_later = cleaned.get("outcome") == OfficialAnswer.Outcome.LATER
        if is_later and not cleaned.get("new_answer_date") and "new_answer_date" not in self.errors:
            self.add_error(
                "new_answer_date", _("Say before the end of which day there is a new answer.")
            )
        return cleaned


class MilestoneForm(StaffForm):
    """A step of the work that is promised."""

    staff_texts = ("title",)

    title = LineField(
        label=_("What happens?"),
        max_length=MAX_MILESTONE,
        help_text=_("In one line. For example: the benches are ordered."),
    )
    planned_date = day_field(
        label=_("Before the end of which day?"), help_text=_("Everybody sees this date.")
    )
    language = LanguageField()


class MilestoneChangeForm(StaffForm):
    """How far a milestone is, and another date for it; the choices are what may follow."""

    staff_texts = ("reason",)

    state = forms.ChoiceField(label=_("How far is it now?"), widget=forms.RadioSelect)
    planned_date = day_field(
        label=_("Before the end of which day?"), help_text=_("Everybody sees this date.")
    )
    reason = TextField(
        label=_("Why is it different from what was promised?"),
        required=False,
        max_length=MAX_REASON,
        help_text=_("Needed if the date moves or if it will not happen. Everybody reads this."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = LanguageField()
    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, milestone: Milestone, may_become: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (state.value, state.label)
            for state in MilestoneState
            if state == milestone.state or state in may_become
        ]


class ReportForm(StaffForm):
    """What the office tells of the work."""

    text = TextField(
        label=_("What happened?"),
        max_length=MAX_REPORT,
        help_text=_(
            "What was done since the last time? What went well, what did not? What comes next?"
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    closes = forms.BooleanField(
        label=_("It is done: this is the last report, and it says what came of the idea"),
        required=False,
    )
    language = LanguageField()

    def __init__(self, *args: Any, may_close: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_close:
            del self.fields["closes"]


class HandOverForm(StaffForm):
    """To which department the work goes."""

    department = forms.ModelChoiceField(
        label=_("Which department works on it from now on?"),
        queryset=Department.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    text = TextField(
        label=_("What do you want to say with it?"),
        required=False,
        max_length=MAX_REASON,
        help_text=_("Everybody reads this. Leave out names of colleagues and telephone numbers."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = LanguageField()

    def __init__(self, *args: Any, departments: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Department.objects.filter(pk__in=[one.pk for one in departments])


class PromisesFilterForm(forms.Form):
    """The choices above a list of promises; each of them may be left open."""

    area = forms.ChoiceField(label=_("Neighbourhood"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    what = forms.ChoiceField(label=_("What was promised"), required=False)

    def __init__(
        self, *args: Any, choices: dict[str, list[tuple[str, Any]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options
