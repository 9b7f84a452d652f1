"""What people fill in about money. Forms check; nothing is written here."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from areas.models import Area
from areas.municipalities import neighbourhood_choices
from budgets import by_laws, ledger
from budgets.actions.applying import MAX_LINES, MINORS, Cost
from budgets.documents import Drawn, draw
from budgets.models import Account, Application, GrantReport, Recusal
from budgets.models.application import MAX_PART, MAX_TITLE, MAX_WHAT
from budgets.models.report import MAX_SENTENCE
from budgets.money import EuroField, in_euros
from contributions.deadlines import today
from contributions.forms import LanguageField, LineField, TextField
from contributions.language import guess_language
from contributions.pictures import PictureRefused
from jongerenraad.models import Membership

#: Lines that the page offers beyond those filled in; saving gives more.
SPARE_LINES = 3
MAX_REASON = 2000


def _date_widget() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DocumentField(forms.FileField):
    """A photo or PDF of a quote or receipt, drawn anew."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
        )
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Drawn | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return draw(file)
        except PictureRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


# --- Applying, step by step ---


class PlanForm(forms.Form):
    """Step one: what somebody wants to do, for whom, where and when."""

    title = LineField(label=_("What is your plan called?"), max_length=MAX_TITLE)
    what = TextField(
        label=_("What do you want to do?"),
        max_length=MAX_WHAT,
        help_text=_(
            "Tell it as you would tell a friend. When the council gives money, everybody can read "
            "this: leave out names, telephone numbers and addresses."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    for_whom = TextField(
        label=_("For whom is it?"),
        max_length=MAX_PART,
        required=False,
        help_text=_("For example: girls of 12 to 16 in our street, about twenty."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(
        label=_("In which neighbourhood?"),
        queryset=Area.objects.none(),
        empty_label=_("Choose a neighbourhood"),
    )
    starts_date = forms.DateField(label=_("First day"), widget=_date_widget())
    ends_date = forms.DateField(
        label=_("Last day"),
        widget=_date_widget(),
        help_text=_("Is it one day? Then fill in the same day."),
    )
    language = LanguageField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.ModelChoiceField)
        area.queryset = Area.objects.accepting_contributions()
        area.choices = neighbourhood_choices(_("Choose a neighbourhood"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_date"), cleaned.get("ends_date")
        if first and last and last < first:
            self.add_error("ends_date", _("The last day comes before the first. Change one."))
        latest = today(timezone.now()) + datetime.timedelta(days=731)
        for name, day in (("starts_date", first), ("ends_date", last)):
            if day and day > latest:
                self.add_error(name, _("That is more than two years from now."))
        return cleaned


class WordsForm(forms.Form):
    """The words of a plan, where a moderator asked to change them."""

    title = LineField(label=_("What is your plan called?"), max_length=MAX_TITLE)
    what = TextField(
        label=_("What do you want to do?"),
        max_length=MAX_WHAT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    for_whom = TextField(
        label=_("For whom is it?"),
        max_length=MAX_PART,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    own_contribution = TextField(
        label=_("What do you bring in yourselves?"),
        required=False,
        max_length=MAX_PART,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CostsForm(forms.Form):
    """Step two: what it costs, line by line, and what they bring in themselves."""

    own_contribution = TextField(
        label=_("What do you bring in yourselves?"),
        required=False,
        max_length=MAX_PART,
        help_text=_("Time, things, a place, money of your own. It may be nothing."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    quote = DocumentField(
        label=_("Add a quote"),
        required=False,
        help_text=_("A photo, a screenshot or a PDF of what a shop or somebody asks for it."),
    )

    def __init__(self, *args: Any, costs: list[Cost] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        costs = costs or []
        self.count = min(MAX_LINES, max(len(costs) + SPARE_LINES, self._sent()))
        for number in range(1, self.count + 1):
            cost = costs[number - 1] if number <= len(costs) else None
            self.fields[f"description_{number}"] = LineField(
                label=_("What is it for?"),
                required=False,
                max_length=120,
                initial=cost.description if cost else "",
                # As the amount: what the browser puts back by itself would stand beside another's.
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
            self.fields[f"amount_{number}"] = EuroField(
                label=_("Amount"),
                required=False,
                initial=cost.cents if cost else None,
            )

    def _sent(self) -> int:
        """Return how many lines the browser sent: what was typed on a longer page is not lost."""
        if not self.is_bound:
            return 0
        return sum(f"description_{number}" in self.data for number in range(1, MAX_LINES + 1))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number in range(1, self.count + 1):
            description = cleaned.get(f"description_{number}")
            amount = cleaned.get(f"amount_{number}")
            if amount and not description:
                self.add_error(f"description_{number}", _("Write what this amount is for."))
            elif description and not amount and f"amount_{number}" not in self.errors:
                self.add_error(f"amount_{number}", _("Write what this costs."))
        return cleaned

    def costs(self) -> list[Cost]:
        """Return the lines that are whole; those with an error are not among them."""
        found = []
        for number in range(1, self.count + 1):
            description = self.cleaned_data.get(f"description_{number}")
            amount = self.cleaned_data.get(f"amount_{number}")
            if description and amount:
                found.append(Cost(description, amount))
        return found

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the two fields of each line, for the template."""
        return [
            (self[f"description_{number}"], self[f"amount_{number}"])
            for number in range(1, self.count + 1)
        ]


#: The same as in the file, as the applicant says it.
_RECIPIENTS = [
    (Application.Recipient.APPLICANT, _("I do")),
    (Application.Recipient.ADULT, _("an adult I know")),
    (Application.Recipient.ORGANISATION, _("an organisation")),
]


_GETS_THERE = _("Fill this in, so that the money can get there.")


class RecipientForm(forms.Form):
    """Step three: who receives the money; for whoever is under 18 that is somebody else."""

    recipient = forms.ChoiceField(
        label=_("Who receives the money?"),
        widget=forms.RadioSelect,
        choices=_RECIPIENTS,
    )
    recipient_name = LineField(
        label=_("The name of who receives it"),
        required=False,
        max_length=120,
        help_text=_("Only the council and the programme office see it. No bank account here."),
    )
    recipient_email = forms.EmailField(
        label=_("Their e-mail address"),
        required=False,
        max_length=254,
        help_text=_("The municipality asks them to which account the money goes."),
        # Somebody else's: the browser must not offer one's own.
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    shows_name = forms.BooleanField(
        label=_("My name on this site may stand beside the plan"), required=False
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_minor = person.age_band in MINORS
        if self.is_minor:
            recipient = self.fields["recipient"]
            assert isinstance(recipient, forms.ChoiceField)
            recipient.choices = [
                (value, label)
                for value, label in _RECIPIENTS
                if value != Application.Recipient.APPLICANT
            ]
            recipient.help_text = _(
                "You are under 18, so an adult or an organisation receives it for you. The plan "
                "stays yours."
            )
            for name in ("recipient_name", "recipient_email"):
                field = self.fields[name]
                field.required = True
                field.error_messages["required"] = _GETS_THERE
        if person.is_under_16:
            # Under 16 nobody's name stands there, whatever they agree to.
            del self.fields["shows_name"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        other = cleaned.get("recipient") not in (None, "", Application.Recipient.APPLICANT)
        for name in ("recipient_name", "recipient_email"):
            if other and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _GETS_THERE)
        cleaned.setdefault("shows_name", False)
        return cleaned


# --- What can be done with an application ---


class ActForm(forms.Form):
    """What an act needs to know; each gets the application and who does it."""

    def __init__(self, *args: Any, application: Application, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        self.person = person


class NothingForm(ActForm):
    """Nothing to fill in: the button says it all."""


class ReasonForm(ActForm):
    reason = TextField(
        label=_("Your words"), max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 5})
    )


class VoteForm(ActForm):
    """What is put to the vote: how much, with which explanation, until when."""

    cents = EuroField(label=_("How much do you propose?"))
    text = TextField(
        label=_("Explanation for the members"),
        required=False,
        max_length=2000,
        help_text=_("Everybody can read this after the vote."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    closes_on = forms.DateField(label=_("Until which day can members vote?"), widget=_date_widget())
    closes_time = forms.TimeField(
        label=_("Until what time?"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        initial=datetime.time(20, 0),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.free = by_laws.free(self.application.fund, besides=self.application)
        self.left_for_area = by_laws.free_for_area(
            self.application.fund, self.application.area_id, besides=self.application
        )
        requested = self.application.requested or 0
        self.most = max(
            0, min(requested, self.application.fund.largest_grant, self.free, self.left_for_area)
        )
        self.is_short = self.most < requested
        self.fields["cents"].initial = self.most or requested
        self.fields["closes_on"].initial = min(
            today(timezone.now()) + datetime.timedelta(days=7),
            self.application.fund.last_grant_date,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        date, time = cleaned.pop("closes_on", None), cleaned.pop("closes_time", None)
        if date and time:
            cleaned["closes_at"] = timezone.make_aware(datetime.datetime.combine(date, time))
        cleaned["language"] = guess_language(
            cleaned.get("text", ""), otherwise=get_language() or "nl"
        )
        return cleaned


class AsideForm(ActForm):
    """Why a member takes no part; the chair can say it of another member."""

    person_aside: "forms.ModelChoiceField[Membership]" = forms.ModelChoiceField(
        label=_("Who steps aside?"), queryset=Membership.objects.none(), empty_label=None
    )
    ground = forms.ChoiceField(
        label=_("Why?"),
        widget=forms.RadioSelect,
        choices=[
            (Recusal.Ground.HOUSEHOLD, Recusal.Ground.HOUSEHOLD.label),
            (Recusal.Ground.OTHER, Recusal.Ground.OTHER.label),
        ],
    )
    reason = LineField(label=_("In a few words"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.now()
        members = (
            Membership.objects.current(now)
            .voting()
            .filter(term__council=self.application.fund.council)
            .select_related("person")
        )
        own = members.filter(person=self.person).first()
        who = self.fields["person_aside"]
        assert isinstance(who, forms.ModelChoiceField)
        if own is not None and own.office == "chair":
            who.queryset = members.order_by("first_name")
            who.initial = own.pk
        else:
            del self.fields["person_aside"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        member = cleaned.pop("person_aside", None)
        cleaned["person"] = member.person if member else None
        if cleaned.get("ground") == Recusal.Ground.OTHER and not cleaned.get("reason"):
            self.add_error("reason", _("Write in a few words why."))
        return cleaned


class CloseForm(ActForm):
    """Closing a report; with money left over, the reference with which it came back."""

    reference = LineField(
        label=_("Reference with which finance received what was left"),
        max_length=60,
        help_text=_("From the statement of the municipality's finance."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.returned = ledger.held_for(self.application)[Account.RETURNED]
        if not self.returned:
            del self.fields["reference"]


class ClaimForm(ActForm):
    cents = EuroField(label=_("How much is claimed back?"))
    reason = TextField(
        label=_("Why?"), max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = ledger.held_for(self.application)
        most = held[Account.PAID] + held[Account.RETURNED]
        self.fields["cents"].initial = most
        self.fields["cents"].help_text = _("At most %(amount)s.") % {"amount": in_euros(most)}


class SettleForm(ActForm):
    received = EuroField(label=_("How much came in?"), zero_allowed=True)
    reference = LineField(
        label=_("Reference with which finance received it"), required=False, max_length=60
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        claimed = ledger.held_for(self.application)[Account.RECOVERED]
        self.fields["received"].help_text = _("At most %(amount)s; 0 if nothing came.") % {
            "amount": in_euros(claimed)
        }


# --- Reporting ---


class ReportForm(forms.Form):
    """Three sentences."""

    did = TextField(
        label=_("What did you do?"),
        max_length=MAX_SENTENCE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    met = TextField(
        label=_("Who came?"),
        max_length=MAX_SENTENCE,
        required=False,
        help_text=_("How many people, how old, from where? No names."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    learned = TextField(
        label=_("What would you do again, and what not?"),
        max_length=MAX_SENTENCE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @staticmethod
    def told_before(report: GrantReport | None) -> dict[str, str]:
        if report is None:
            return {}
        return {"did": report.did, "met": report.met, "learned": report.learned}


class ReceiptForm(forms.Form):
    """A receipt: what for, how much, and its photo. Empty as a whole, nothing is added."""

    description = LineField(label=_("What did you buy?"), required=False, max_length=120)
    amount = EuroField(label=_("Amount on the receipt"), required=False)
    file = DocumentField(label=_("Photo of the receipt"), required=False)

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("description", "amount", "file"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        told = [name for name in ("description", "amount", "file") if cleaned.get(name)]
        if told and not self.errors:
            missing = {
                "description": _("Write what you bought."),
                "amount": _("Type the amount that stands on the receipt."),
                "file": _("Add a photo of the receipt."),
            }
            for name, sentence in missing.items():
                if name not in told:
                    self.add_error(name, sentence)
        if self.errors and cleaned.get("file"):
            # A browser does not send it along again.
            self.add_error("file", _("Choose the photo of the receipt again."))
        return cleaned


# --- Money in and out ---


class DepositForm(forms.Form):
    cents = EuroField(label=_("How much comes into the fund?"))
    note = LineField(
        label=_("Where it comes from"),
        max_length=300,
        help_text=_("For example: the decision of the municipality, with its number."),
    )
    # Made with the page, so that sending it twice puts the money in once.
    key = forms.UUIDField(widget=forms.HiddenInput)
    # A page from before New Year's Eve puts it into the fund that it named.
    year = forms.IntegerField(widget=forms.HiddenInput, min_value=2000, max_value=2200)


class PaidFileForm(forms.Form):
    file = forms.FileField(
        label=_("File with payments"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("A CSV file with the columns order, amount, reference and date."),
    )
