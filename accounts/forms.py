"""What people type about themselves and to sign in; checking only, nothing is written here."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from areas.models import Area
from areas.municipalities import neighbourhood_choices

from .models import User
from .names import NameField, check_person

# Asked, and never stored: who is younger than 12 gets a kind answer instead of an account.
TOO_YOUNG = "0-11"


class AddressField(forms.EmailField):
    """An e-mail address as it is stored: in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 254)
        kwargs.setdefault("widget", forms.EmailInput(attrs={"autocomplete": "email"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str | None:
        return User.objects.normalize_email(super().to_python(value))


class CodeField(forms.CharField):
    """The digits of a code; what people put between them while typing over is left out."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={
                    "autocomplete": "one-time-code",
                    "inputmode": "numeric",
                    "autocapitalize": "off",
                    "spellcheck": "false",
                }
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        digits = "".join(character for character in text if character in "0123456789")
        if text and not digits:
            raise ValidationError(_("The code is a number of six digits."))
        return digits


class SignInForm(forms.Form):
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("We send a code to this address. Other people never see it."),
    )


class CodeForm(forms.Form):
    code = CodeField(label=_("Code from the e-mail"), help_text=_("Six digits."))


class FactorForm(forms.Form):
    """A code of an app, or a recovery code; which of them it is shows from its length."""

    code = CodeField(
        label=_("Code from your app"),
        help_text=_("Six digits. No app at hand? Type one of your recovery codes instead."),
    )


class AppForm(forms.Form):
    code = CodeField(
        label=_("Code that the app shows now"),
        help_text=_("Six digits, so that we know that the app works."),
    )


class PasskeyForm(forms.Form):
    name = NameField(
        label=_("A name for this passkey"),
        max_length=40,
        help_text=_("So that you know it again, such as “my telephone”. Only you see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("credential"):
            # Not hung on the field, which nobody sees.
            raise ValidationError(_("The passkey could not be made. Try it again."))
        return cleaned


class PasswordSignInForm(forms.Form):
    email = AddressField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        max_length=500,
        strip=False,
        help_text=_("At least 8 characters. A few words in a row are strong and easy to keep."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password


class ChangePasswordForm(NewPasswordForm):
    old_password = forms.CharField(
        label=_("Password you have now"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    field_order = ("old_password", "password")

    def clean_old_password(self) -> str:
        old_password: str = self.cleaned_data["old_password"]
        if not self.user.check_password(old_password):
            raise ValidationError(_("This is not the password you have now."))
        return old_password


class NewAddressForm(forms.Form):
    email = AddressField(
        label=_("New e-mail address"),
        help_text=_("We use it to sign you in and to write to you. Other people never see it."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email == self.user.email:
            raise ValidationError(_("This is the address you have now."))
        return email


class AddressCodesForm(forms.Form):
    old_code = CodeField(label=_("Code sent to the address you have now"))
    new_code = CodeField(label=_("Code sent to the new address"))

    def __init__(self, *args: Any, has_old: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_old:
            del self.fields["old_code"]


def _age_choices(empty_label: Any) -> list[tuple[str, Any]]:
    return [("", empty_label), (TOO_YOUNG, _("Younger than 12 years")), *User.AgeBand.choices]


class AgeForm(forms.Form):
    """The one question that nobody posts without answering; ``actions.tell_age`` stores it.

    ``user`` is the person who is signed in, or None for a visitor who writes first.
    """

    age_band = forms.ChoiceField(
        label=_("Your age"),
        help_text=_(
            "To protect young people, and to count whether all ages are heard. Nobody else sees "
            "it. We ask again every year and never for your date of birth."
        ),
    )

    age_is_required = True

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        if user is not None:
            kwargs["initial"] = {**self.told_before(user), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        age = cast(forms.ChoiceField, self.fields["age_band"])
        age.required = self.age_is_required
        age.choices = _age_choices(
            _("Choose your age") if self.age_is_required else _("I would rather not say")
        )

    def told_before(self, user: User) -> dict[str, Any]:
        """Return what the person filled in earlier, as the values to start from."""
        return {"age_band": user.age_band}

    def clean_age_band(self) -> str:
        age_band: str = self.cleaned_data["age_band"]
        if age_band == TOO_YOUNG:
            raise ValidationError(
                _(
                    "You can take part here when you are 12. Your idea still counts: ask somebody "
                    "at home, at school or in the community centre to share it together with you."
                )
            )
        return age_band


class WhoYouAreForm(AgeForm):
    """Who somebody is on screen, asked when they first post; ``actions.introduce`` stores it."""

    display_name = NameField(
        label=_("Your name on screen"),
        max_length=60,
        required=False,
        help_text=_(
            "So that neighbours know who speaks. Everybody can read it; a first name is enough. "
            "If you leave it empty, or are under 16, you get a made-up name."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    kind = forms.ChoiceField(
        label=_("You take part as"),
        choices=User.Kind.choices,
        initial=User.Kind.RESIDENT,
        help_text=_("So that we can see whether both are heard. Shown only with a business name."),
        widget=forms.RadioSelect,
    )
    business_name = NameField(
        label=_("Name of your business"),
        max_length=80,
        required=False,
        help_text=_("Only for entrepreneurs. Everybody can read it, instead of your own name."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    field_order: tuple[str, ...] = ("display_name", "kind", "business_name", "age_band")

    def told_before(self, user: User) -> dict[str, Any]:
        return {
            **super().told_before(user),
            "display_name": user.display_name,
            "kind": user.kind,
            "business_name": user.business_name,
        }

    def clean_display_name(self) -> str:
        name: str = self.cleaned_data["display_name"]
        check_person(name)
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == User.Kind.RESIDENT:
            cleaned["business_name"] = ""
        return cleaned


def interface_languages() -> list[tuple[str, str]]:
    """Return the languages that the site is listed in, each under its own name."""
    names = dict(settings.LANGUAGES)
    return [(code, names[code]) for code in settings.LISTED_LANGUAGES if code in names]


class ProfileForm(WhoYouAreForm):
    """Everything somebody can tell about themselves; each of it may stay untold."""

    area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(
        label=_("Your neighbourhood"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("I would rather not say"),
        help_text=_("So that you see what happens near you first. Other people do not see it."),
    )
    language = forms.ChoiceField(
        label=_("Language of the site and of our e-mails"),
        help_text=_("So that we write in words you like to read. Other people do not see it."),
    )

    age_is_required = False
    field_order = ("display_name", "kind", "business_name", "area", "age_band", "language")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        area = cast("forms.ModelChoiceField[Area]", self.fields["area"])
        area.queryset = Area.objects.accepting_contributions()
        area.choices = neighbourhood_choices(_("I would rather not say"))
        cast(forms.ChoiceField, self.fields["language"]).choices = interface_languages()

    def told_before(self, user: User) -> dict[str, Any]:
        return {**super().told_before(user), "area": user.area_id, "language": user.language}
