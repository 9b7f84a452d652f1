"""What a trusted messenger fills in at a talk. Forms check; nothing is written here."""

import re
import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from areas.models import Area
from areas.municipalities import neighbourhood_choices
from contributions.actions import Entry
from contributions.forms import LineField, TextField
from contributions.models.assisted import MAX_FIRST_NAME, MAX_PLACE, MAX_TELEPHONE
from contributions.permissions import can_hold_talk
from ideas.models.initiative import MAX_TEXT, MAX_TITLE
from indicators.models import Theme

_KEY = re.compile(r"[\w-]{16,43}", re.ASCII)
#: E.164: fifteen digits at most.
_TELEPHONE = re.compile(r"\+?\d{8,15}")


class SessionForm(forms.Form):
    """Where and in which language a talk is held."""

    place = LineField(
        label=_("Where are you?"),
        max_length=MAX_PLACE,
        help_text=_("For example: the table in the library. Never whose home it is."),
    )
    language = forms.ChoiceField(label=_("In which language do people tell?"))
    area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(
        label=_("In which neighbourhood?"),
        queryset=Area.objects.none(),
        empty_label=_("Choose a neighbourhood"),
    )

    def __init__(self, *args: Any, messenger: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.messenger = messenger
        granted = [one for one in messenger.current_grants if one.role == Role.MESSENGER]
        spoken = {one.language for one in granted}
        language, area = self.fields["language"], self.fields["area"]
        assert isinstance(language, forms.ChoiceField)
        assert isinstance(area, forms.ModelChoiceField)
        language.choices = [one for one in settings.CONTENT_LANGUAGES if one[0] in spoken]
        reached = {
            one.pk
            for one in Area.objects.accepting_contributions()
            if messenger.has_role(Role.MESSENGER, area=one)
        }
        area.queryset = Area.objects.filter(pk__in=reached)
        area.choices = _only(neighbourhood_choices(_("Choose a neighbourhood")), reached)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        area, language = cleaned.get("area"), cleaned.get("language")
        if area and language and not can_hold_talk(self.messenger, area, language):
            self.add_error(
                "language",
                _("You are not a contact person in this language here. Ask the programme office."),
            )
        return cleaned


def _only(choices: list[tuple[Any, Any]], reached: set[int]) -> list[tuple[Any, Any]]:
    """Return the choices of a field that asks for a neighbourhood, without those out of reach."""
    kept: list[tuple[Any, Any]] = []
    for value, label in choices:
        if not isinstance(label, list):
            kept.append((value, label))
        elif inside := [one for one in label if one[0] in reached]:
            kept.append((value, inside))
    return kept


class TellingForm(forms.Form):
    """What one person tells."""

    title = LineField(
        label=_("What is the idea, in one line?"),
        max_length=MAX_TITLE,
    )
    text = TextField(
        label=_("What does the person tell?"),
        max_length=MAX_TEXT,
        help_text=_(
            "In their own words and their own language. Everybody can read this: leave out names, "
            "telephone numbers and addresses."
        ),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    theme: "forms.ModelChoiceField[Theme]" = forms.ModelChoiceField(
        label=_("What is it about?"),
        queryset=Theme.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    first_name = LineField(
        label=_("First name"),
        required=False,
        max_length=MAX_FIRST_NAME,
        help_text=_(
            "Not on the site. You, moderators and who calls back see it. Empty is fine too."
        ),
        # Somebody else's: the browser must not fill in one's own.
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_16 = forms.BooleanField(
        label=_("The person says that they are 16 or older"),
        required=False,
        help_text=_("Not asked or younger? Leave it empty: a moderator reads it first."),
    )
    telephone = LineField(
        label=_("Telephone number"),
        required=False,
        max_length=MAX_TELEPHONE,
        help_text=_(
            "Some people are called once by somebody else, who asks if it was written down well. "
            "We keep the number for that alone, and of nobody else."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    agrees = forms.BooleanField(
        label=_("I asked this person aloud, and they agree that it comes on the site"),
        error_messages={"required": _("Ask first whether they agree, and tick it.")},
    )
    key = forms.CharField(required=False, max_length=43, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme = self.fields["theme"]
        assert isinstance(theme, forms.ModelChoiceField)
        theme.queryset = Theme.objects.all()
        # Another one each time that the page is drawn; a device that works without a line makes
        # its own.
        self.initial.setdefault("key", secrets.token_urlsafe(24))

    def clean_key(self) -> str:
        told = str(self.cleaned_data["key"])
        if not _KEY.fullmatch(told):
            raise forms.ValidationError(
                _("Something went wrong on this page. Send it once more: what you typed is kept.")
            )
        return told

    def clean_telephone(self) -> str:
        told = re.sub(r"[\s().-]", "", self.cleaned_data["telephone"])
        if told and not (told.isascii() and _TELEPHONE.fullmatch(told)):
            raise forms.ValidationError(_("A telephone number has 8 to 15 digits."))
        return told

    def entry(self, *, is_late: bool) -> Entry:
        """Return what comes with the words of a checked form."""
        told = self.cleaned_data
        return Entry(
            key=told["key"],
            digest="",
            first_name=told["first_name"],
            is_16=told["is_16"],
            has_consent=told["agrees"],
            telephone=told["telephone"],
            is_late=is_late,
        )

    def values(self) -> dict[str, Any]:
        """Return the words of a checked form."""
        return {name: self.cleaned_data[name] for name in ("title", "text", "theme")}


class CallBackForm(forms.Form):
    """What came of a call."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[
            ("confirmed", _("Yes, the person told it like this")),
            ("denied", _("No, the person did not tell it like this")),
            ("missed", _("I could not reach the person")),
        ],
        widget=forms.RadioSelect,
    )
