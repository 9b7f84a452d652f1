"""What somebody fills in who reports a text or a picture. The form checks; nothing is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import AddressField
from accounts.models import User
from contributions.forms import TextField
from contributions.models import Report
from contributions.models.report import MAX_WORDS


class ReportForm(forms.Form):
    """What is wrong, in a few words, and where the outcome may go.

    Args:
        person: who reports; one without an account types an address, if they want to.
        has_pictures: whether there is a picture that can be meant.
    """

    category = forms.ChoiceField(
        label=_("What is wrong?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = TextField(
        label=_("Explain it"),
        required=False,
        max_length=MAX_WORDS,
        help_text=_("In the language you speak best. Only moderators read this."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = AddressField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_(
            "Only to tell you the outcome: one e-mail, then we forget the address. Moderators and "
            "the author do not see it."
        ),
    )
    tell = forms.BooleanField(required=False, label=_("Send me the outcome by e-mail"))

    def __init__(
        self, *args: Any, person: User | None, has_pictures: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = [
            (value, label)
            for value, label in Report.Category.choices
            if has_pictures or value != Report.Category.PICTURE
        ]
        del self.fields["email" if person else "tell"]
        if person and person.email is None:
            # Who signs in by a card finds the outcome on their own page.
            del self.fields["tell"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_other = cleaned.get("category") == Report.Category.OTHER
        if is_other and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("Say in a few words what is wrong."))
        return cleaned

    @property
    def address(self) -> str:
        """Return where the outcome goes, of a form that is valid; nothing for nowhere."""
        if self.person is None:
            return str(self.cleaned_data["email"] or "")
        return (self.person.email or "") if self.cleaned_data.get("tell") else ""
