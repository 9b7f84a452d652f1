"""What members and the programme office fill in. Forms check; nothing is written here."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import AddressField
from accounts.models import User
from accounts.names import NameField, check_person
from contributions.dates import in_words_with_year
from contributions.forms import LanguageField, LineField, TextField
from contributions.pictures import Encoded, PictureRefused, encode
from jongerenraad.actions.portraits import LARGEST_SIDE
from jongerenraad.kinds import kinds_opened_here
from jongerenraad.models import Choice, Council, Membership, Office, Seat, Term
from jongerenraad.models.matter import MAX_QUESTION, MAX_TEXT, MAX_WORD


class VoteForm(forms.Form):
    """A vote; which of the three buttons was pressed is the choice."""

    choice = forms.ChoiceField(
        choices=Choice.choices,
        error_messages={
            "required": _("First choose: agree, disagree or no opinion."),
            "invalid_choice": _("First choose: agree, disagree or no opinion."),
        },
    )
    word = TextField(
        label=_("Do you want to say why?"),
        required=False,
        max_length=MAX_WORD,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ClosingForm(forms.Form):
    """When a vote closes, and who steps aside."""

    closes_date = forms.DateField(
        label=_("Until which day can members vote?"),
        help_text=_("At most 60 days from now."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    closes_time = forms.TimeField(
        label=_("Until what time?"),
        help_text=_("The time in the Netherlands."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, members: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(members)
        for member in self.members:
            self.fields[self._aside(member)] = LineField(
                label=_("%(name)s steps aside, because") % {"name": member.shown_name},
                required=False,
                max_length=200,
            )

    @staticmethod
    def _aside(member: Membership) -> str:
        return f"aside_{member.pk}"

    def clean_closes_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["closes_date"]
        if not 2020 <= date.year <= 2099:
            raise forms.ValidationError(_("Look at the year of this date."))
        return date

    def closes_at(self) -> datetime.datetime:
        """Return the moment that was filled in, on the clocks of Amsterdam."""
        return timezone.make_aware(
            datetime.datetime.combine(
                self.cleaned_data["closes_date"], self.cleaned_data["closes_time"]
            ),
            timezone.get_default_timezone(),
        )

    def aside(self) -> dict[int, str]:
        """Return who steps aside, by membership, with the reason."""
        return {
            member.pk: reason
            for member in self.members
            if (reason := self.cleaned_data[self._aside(member)])
        }

    def aside_fields(self) -> Iterator[forms.BoundField]:
        """Yield the fields of who steps aside, for the template."""
        for member in self.members:
            yield self[self._aside(member)]

    def has_aside(self) -> bool:
        """Say whether anything about somebody who steps aside is filled in or wrong."""
        return any(field.value() or field.errors for field in self.aside_fields())


class OpenVoteForm(ClosingForm):
    """A question to vote on."""

    question = LineField(
        label=_("What do you vote on?"),
        max_length=MAX_QUESTION,
        help_text=_("One question that can be answered with agree or disagree."),
    )
    text = TextField(
        label=_("What should members know?"),
        max_length=MAX_TEXT,
        required=False,
        help_text=_("Everybody can read this after the vote."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    kind = forms.ChoiceField(label=_("What kind of decision is it?"), widget=forms.RadioSelect)
    language = LanguageField()

    field_order = ("question", "text", "kind", "closes_date", "closes_time", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [
            (
                one.name,
                _("%(kind)s (a secret vote)") % {"kind": one.label} if one.is_secret else one.label,
            )
            for one in kinds_opened_here()
        ]


class MinorityViewForm(forms.Form):
    """What those who were outvoted want to be read beside the result."""

    text = TextField(
        label=_("What does the minority think?"),
        max_length=MAX_TEXT,
        help_text=_("Everybody can read this, and it can't be changed afterwards. Name nobody."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    language = LanguageField()


class FirstNameField(NameField):
    """The first name that everybody sees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=kwargs.pop("label", _("First name")), max_length=40, **kwargs)

    def validate(self, value: str | None) -> None:
        super().validate(value)
        if value:
            check_person(value)


class FirstNameForm(forms.Form):
    first_name = FirstNameField(
        label=_("Your first name"),
        help_text=_("Everybody sees it on the page of the council. Under 16 we show a pseudonym."),
    )


class PortraitForm(forms.Form):
    """A member's picture, and that everybody may see it."""

    picture = forms.FileField(
        label=_("Your picture"),
        allow_empty_file=True,
        help_text=_("Only you in it, please. You can take it away at any time."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    agrees = forms.BooleanField(label=_("I agree that everybody can see this picture of me."))

    encoded: Encoded

    def clean_picture(self) -> Any:
        file = self.cleaned_data["picture"]
        try:
            self.encoded = encode(file, largest_side=LARGEST_SIDE)
        except PictureRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file


class StepDownForm(forms.Form):
    reason = LineField(
        label=_("Do you want to say why?"),
        required=False,
        max_length=200,
        help_text=_("Only the programme office reads it."),
    )


class EndForm(forms.Form):
    reason = LineField(
        label=_("Why does this membership end?"),
        max_length=200,
        help_text=_("For the record. It is on no page for everybody."),
    )


class OfficeForm(forms.Form):
    office = forms.ChoiceField(
        label=_("Office"),
        choices=[choice for choice in Office.choices if choice[0] != Office.MENTOR],
        widget=forms.RadioSelect,
    )


class TermField(forms.ModelChoiceField[Term]):
    """A term, by its days."""

    def label_from_instance(self, obj: Term) -> str:
        return _("%(first)s to %(last)s") % {
            "first": in_words_with_year(obj.starts_date),
            "last": in_words_with_year(obj.ends_date),
        }


class SeatField(forms.ModelChoiceField[Seat]):
    """A seat, by its number and area."""

    def label_from_instance(self, obj: Seat) -> str:
        area = obj.area.name if obj.area else _("all areas")
        told = {"number": obj.number, "area": area}
        if getattr(obj, "is_taken", False):
            return _("Seat %(number)s: %(area)s (taken)") % told
        return _("Seat %(number)s: %(area)s") % told


class AppointForm(forms.Form):
    """Who is appointed: by the address of an account, for a list would show everybody's."""

    email = AddressField(
        label=_("E-mail address of the person"),
        help_text=_("Somebody who has signed in here before."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    first_name = FirstNameField(help_text=_("Everybody sees it. The member can change it."))
    office = forms.ChoiceField(label=_("Office"), choices=Office.choices, widget=forms.RadioSelect)
    seat = SeatField(
        label=_("Seat"),
        queryset=Seat.objects.none(),
        required=False,
        empty_label=_("No seat: a mentor"),
    )
    term = TermField(label=_("Term"), queryset=Term.objects.none(), empty_label=None)

    def __init__(self, *args: Any, council: Council, day: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seat, term = self.fields["seat"], self.fields["term"]
        assert isinstance(seat, SeatField)
        assert isinstance(term, TermField)
        sitting = Membership.objects.current(timezone.now()).filter(seat=OuterRef("pk"))
        seat.queryset = council.seats.select_related("area").annotate(is_taken=Exists(sitting))
        term.queryset = council.terms.filter(ends_date__gte=day).order_by("starts_date")
        self.person: User | None = None

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.person = User.objects.filter(email=email).first()
        if self.person is None:
            raise forms.ValidationError(
                _("Nobody with this address has an account. Ask them to sign in once.")
            )
        return email
