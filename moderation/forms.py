"""What a moderator fills in. The form checks; the decision is an action of contributions."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions.measures import LONGEST_DAYS, SHORTEST_DAYS
from contributions.forms import LineField, TextField
from contributions.models import Dossier, HouseRule, Picture, SavedReply, SpokenText
from contributions.spoken_forms import RecordingChoice
from moderation.decisions import (
    ABOUT_PICTURE,
    ABOUT_RECORDING,
    AGAINST,
    WITH_MEASURE,
    WITH_REASON,
    pictures_judged,
    recordings_judged,
)


class PictureField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the pictures of a text, named by its description."""

    def label_from_instance(self, obj: Picture) -> str:
        return obj.description or now_("Picture %(number)s") % {"number": obj.position}


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

    reply: "forms.ModelChoiceField[SavedReply]" = forms.ModelChoiceField(
        label=_("Saved reply"),
        queryset=SavedReply.objects.filter(is_offered=True),
        required=False,
        empty_label=_("No saved reply"),
        help_text=_("It is put into the explanation, in the author's language. You can change it."),
    )
    open_next = forms.BooleanField(label=_("And open the next one"), required=False)

    words_language = forms.ChoiceField(
        label=_("Language of your explanation"), required=False, choices=settings.CONTENT_LANGUAGES
    )
    picture: "forms.ModelChoiceField[Picture]" = PictureField(
        label=_("Which picture?"),
        queryset=Picture.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    recording: "forms.ModelChoiceField[SpokenText]" = RecordingChoice(
        label=_("Which recording?"),
        queryset=SpokenText.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    pause_days = forms.IntegerField(
        label=_("Pause the account for how many days?"),
        required=False,
        min_value=SHORTEST_DAYS,
        max_value=LONGEST_DAYS,
        help_text=_("Leave this empty for no pause. One week is a good beginning; 90 is the most."),
    )
    ends_account = forms.BooleanField(
        label=_("End this person's taking part"),
        required=False,
        help_text=_("A second moderator has to agree. Until then nothing happens to the account."),
    )

    def __init__(
        self,
        *args: Any,
        offered: list[str],
        dossier: Dossier | None = None,
        is_opened: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        #: Whether its fold-out stands open.
        self.is_opened = is_opened or self.is_bound
        self.fields["words_language"].initial = get_language()
        rule = self.fields["rule"]
        assert isinstance(rule, forms.ModelChoiceField)
        rule.queryset = HouseRule.objects.in_force(timezone.now())
        # Here and not in ``clean``, so that the page does not call optional what is needed.
        decision = self["decision"].value()
        self.fields["reason"].required = decision in WITH_REASON
        rule.required = decision in AGAINST
        picture = self.fields["picture"]
        assert isinstance(picture, forms.ModelChoiceField)
        if dossier is not None and decision in ABOUT_PICTURE:
            picture.queryset = pictures_judged(dossier, decision)
            picture.required = True
        recording = self.fields["recording"]
        assert isinstance(recording, forms.ModelChoiceField)
        if dossier is not None and decision in ABOUT_RECORDING:
            recording.queryset = recordings_judged(dossier, decision)
            recording.required = True
        self.offers_measure = decision in WITH_MEASURE
        if rule.required:
            rule.empty_label = _("Choose a house rule")

    def reply_chosen(self) -> SavedReply | None:
        """Return the saved reply that the form was shown with, if it is one that is offered."""
        number = str(self.initial.get("reply", ""))
        if not (number.isascii() and number.isdecimal() and len(number) <= 18):
            return None
        return SavedReply.objects.filter(is_offered=True, pk=int(number)).first()

    def read_again(self, seen: str) -> None:
        """Let the next sending decide about what the page shows now, and keep what was typed."""
        self.data = {**dict(self.data.items()), "seen": seen}

    def clean_decision(self) -> str:
        decision: str = self.cleaned_data["decision"]
        if decision not in self.offered:
            raise forms.ValidationError(_("This can't be decided about it now."))
        return decision

    def clean_words_language(self) -> str:
        return self.cleaned_data["words_language"] or get_language() or settings.LANGUAGE_CODE


class NoteForm(forms.Form):
    """A note to colleagues, and to whom the text goes with it: a moderator, or the office."""

    OFFICE = "office"

    note = TextField(
        label=_("Note"),
        max_length=2000,
        error_messages={"required": _("Write a note: what should they look at?")},
        help_text=_(
            "For colleagues. No page shows it to the author; the file with all we keep about "
            "them does."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    to = forms.ChoiceField(label=_("Pass it on to"), required=False)

    def __init__(self, *args: Any, colleagues: list[User], may_pass: bool, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "note_%s")
        super().__init__(*args, **kwargs)
        self.colleagues = {str(one.pk): one for one in colleagues}
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = [("", _("Nobody: it is a note"))]
        if may_pass:
            to.choices += [(key, one.public_name) for key, one in self.colleagues.items()]
            to.choices += [(self.OFFICE, _("The programme office"))]

    @property
    def passes_on(self) -> bool:
        return bool(self.cleaned_data["to"])

    @property
    def colleague(self) -> User | None:
        """Return to whom it goes; nobody where that is the office."""
        return self.colleagues.get(self.cleaned_data["to"])


class JudgementForm(forms.Form):
    """What a second moderator says: who was right, and why."""

    outcome = forms.ChoiceField(
        label=_("Your judgement"),
        choices=[
            ("granted", _("The author is right: put it right now")),
            ("refused", _("The decision stays")),
        ],
        widget=forms.RadioSelect,
    )
    reason = TextField(
        label=_("Explanation for the author"),
        max_length=2000,
        error_messages={"required": _("Write to the author why. They read exactly these words.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    words_language = forms.ChoiceField(
        label=_("Language of your explanation"), choices=settings.CONTENT_LANGUAGES
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def read_again(self, seen: str) -> None:
        """Let the next sending judge what the page shows now, and keep what was typed."""
        self.data = {**dict(self.data.items()), "seen": seen}


class LiftForm(forms.Form):
    """Why a measure is lifted before its time, or why an end is not agreed with."""

    reason = TextField(
        label=_("Why?"),
        max_length=2000,
        help_text=_("The person reads exactly these words."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
