"""What is typed about cards: checking only, nothing is written here."""

import re
from itertools import pairwise
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from areas.models import Area
from areas.municipalities import neighbourhood_choices

from .cards import CODE_DIGITS, NUMBER_DIGITS, new_key
from .forms import interface_languages
from .models import User
from .permissions import can_give_cards, can_reset_pins

PIN_DIGITS = (4, 8)

#: Said to who is signed in of a PIN that is wrong, or of a card that is locked.
WRONG_PIN = _(
    "This is not your PIN. After five wrong PINs your card does not work any more. Who gave it to "
    "you can make another one."
)


def digits_in(text: str) -> str:
    """Return the digits of what somebody typed over, without what stood between them."""
    return "".join(character for character in text if character in "0123456789")


def _digits_widget(**more: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={
            "autocomplete": "off",
            "inputmode": "numeric",
            "autocapitalize": "off",
            "spellcheck": "false",
            "dir": "ltr",
            **more,
        }
    )


class PinInput(forms.TextInput):
    """Digits that stay covered, and that no page shows again.

    No field for a password: browsers offer to keep those, and would hand it to whoever comes next.
    """

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


def _pin_widget() -> PinInput:
    return PinInput(
        attrs={
            "autocomplete": "off",
            "inputmode": "numeric",
            "dir": "ltr",
            "data-pin": "true",
            "spellcheck": "false",
        }
    )


class CardCodeField(forms.CharField):
    """The twelve digits of a card."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("widget", _digits_widget(**{"data-card-code": "true"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        digits = digits_in(text)
        if text and len(digits) != CODE_DIGITS:
            raise ValidationError(_("The code on the card is a number of twelve digits."))
        return digits


class PinField(forms.CharField):
    """A PIN that somebody has: only its shape is looked at."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", _pin_widget())
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        least, most = PIN_DIGITS
        if text and not re.fullmatch(rf"[0-9]{{{least},{most}}}", text.strip()):
            raise ValidationError(_("A PIN is a number of four to eight digits."))
        return text.strip()


def is_simple(pin: str) -> bool:
    """Say whether a PIN is among those that people try first: 1111, 1234, 1212, a year."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = any(
        len(pin) % size == 0 and pin == pin[:size] * (len(pin) // size)
        for size in range(1, len(pin) // 2 + 1)
    )
    is_year = len(pin) == 4 and pin[:2] in ("19", "20")
    return repeats or is_year or (len(steps) == 1 and steps <= {1, 9})


class NewPinField(PinField):
    """A PIN that somebody chooses."""

    def clean(self, value: Any) -> str:
        pin = super().clean(value)
        if pin and is_simple(pin):
            raise ValidationError(
                _("Others guess this PIN soon. Choose one that is no row of numbers and no year.")
            )
        return pin


class CardSignInForm(forms.Form):
    code = CardCodeField(
        label=_("Code on your card"), help_text=_("Twelve digits. Spaces do not matter.")
    )
    pin = PinField(
        label=_("Your PIN"),
        help_text=_("Four to eight digits. Is your card new? Then choose a PIN now."),
    )


class NewPinForm(forms.Form):
    """Another PIN for a card that somebody signs in with."""

    pin = NewPinField(
        label=_("Your new PIN"),
        help_text=_("Four to eight digits that only you know. Do not write them on the card."),
    )
    pin_again = PinField(label=_("The same PIN once more"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        pin, again = cleaned.get("pin"), cleaned.get("pin_again")
        if pin and again and pin != again:
            self.add_error("pin_again", _("This is another PIN than above. Type the same one."))
        return cleaned


class FirstPinForm(NewPinForm):
    """The first PIN of a new card; its code comes along, so that nothing is kept in between."""

    code = CardCodeField(
        label=_("Code on your card"), help_text=_("Twelve digits. Spaces do not matter.")
    )
    field_order = ("code", "pin", "pin_again")


class PinForm(forms.Form):
    """The PIN of who is signed in, asked once more."""

    pin = PinField(label=_("Your PIN"), help_text=_("The PIN of your card."))


class MakeCardForm(forms.Form):
    """What whoever gives a card says of the person: no name, and nothing else of them."""

    language = forms.ChoiceField(
        label=_("Language of the person"), help_text=_("The card is printed in this language.")
    )
    area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(
        label=_("Neighbourhood of the person"),
        queryset=Area.objects.none(),
        required=False,
        help_text=_("Only if they want to say it. They can change it later."),
    )
    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": new_key(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.giver = giver
        cast(forms.ChoiceField, self.fields["language"]).choices = [
            (code, name)
            for code, name in interface_languages()
            if can_give_cards(giver, language=code)
        ]
        area = cast("forms.ModelChoiceField[Area]", self.fields["area"])
        area.queryset = Area.objects.accepting_contributions()
        area.choices = neighbourhood_choices(_("Not told"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        area, language = cleaned.get("area"), cleaned.get("language", "")
        if area and language and not can_give_cards(self.giver, area=area, language=language):
            self.add_error("area", _("You give no cards in this neighbourhood."))
        return cleaned


class ReplaceCardForm(forms.Form):
    number = forms.CharField(
        label=_("Card number"),
        max_length=30,
        widget=_digits_widget(),
        help_text=_(
            "Nine digits. They stand on the strip of the card and under “Sign-in and safety”."
        ),
    )
    forgot_pin = forms.BooleanField(
        required=False,
        label=_("The person forgot the PIN and chooses another one"),
        help_text=_("Look first whether it is really their account: ask what they did with it."),
    )
    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": new_key(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if not can_reset_pins(giver):
            del self.fields["forgot_pin"]

    def clean_number(self) -> str:
        digits = digits_in(self.cleaned_data["number"])
        if len(digits) != NUMBER_DIGITS:
            raise ValidationError(_("A card number is a number of nine digits."))
        return digits
