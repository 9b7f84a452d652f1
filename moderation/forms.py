"""What a moderator fills in. The form checks; the decision is an action of contributions."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.forms import LineField, TextField
from contributions.models import HouseRule
from moderation.decisions import AGAINST, WITH_REASON


class DecisionForm(forms.Form):
    """A decision: which one, under which rule, and why."""

    decision = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=200)
    rule: "forms.ModelChoiceField[HouseRule]" = forms.ModelChoiceField(
        label=_("House rule"),
        queryset=HouseRule.objects.none(),
        required=False,
        empty_label=_("No house rule"),
        error_messages={"required": _("Choose the house rule that this goes against.")},
        help_text=_("Needed to reject or hide. The author reads it in their own language."),
    )
    facts = LineField(
        label=_("Which words or picture is it about?"), required=False, max_length=500
    )
    reason = TextField(
        label=_("Explanation for the author"),
        required=False,
        max_length=2000,
        error_messages={"required": _("Write to the author why. They read exactly these words.")},
        help_text=_("Friendly and short: what is wrong, and what can they do about it?"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        rule = self.fields["rule"]
        assert isinstance(rule, forms.ModelChoiceField)
        rule.queryset = HouseRule.objects.in_force(timezone.now())
        # Here and not in ``clean``, so that the page does not call optional what is needed.
        decision = self["decision"].value()
        self.fields["reason"].required = decision in WITH_REASON
        rule.required = decision in AGAINST
        if rule.required:
            rule.empty_label = _("Choose a house rule")

    def read_again(self, seen: str) -> None:
        """Let the next sending decide about what the page shows now, and keep what was typed."""
        self.data = {**dict(self.data.items()), "seen": seen}

    def clean_decision(self) -> str:
        decision: str = self.cleaned_data["decision"]
        if decision not in self.offered:
            raise forms.ValidationError(_("This can't be decided about it now."))
        return decision
