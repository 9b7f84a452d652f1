"""What somebody chooses who leaves."""

from django import forms
from django.utils.translation import gettext_lazy as _

STAY, GO = "stay", "go"


class LeaveForm(forms.Form):
    texts = forms.ChoiceField(
        label=_("What becomes of your published texts?"),
        choices=[
            (STAY, _("They stay, without my name. Neighbours can still read them.")),
            (GO, _("They go, with their pictures.")),
        ],
        widget=forms.RadioSelect,
    )

    @property
    def texts_stay(self) -> bool:
        """Whether the texts stay, of a form that is valid."""
        return bool(self.cleaned_data["texts"] == STAY)
