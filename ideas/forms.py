"""What people fill in about initiatives. Forms check; nothing is written here."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import AddressField
from accounts.models import Organisation
from areas.models import Area
from areas.municipalities import neighbourhood_choices
from contributions.forms import LanguageField, LineField, TextField
from ideas.models import Comment, Initiative
from ideas.models.comment import MAX_COMMENT
from ideas.models.help import MAX_MESSAGE
from ideas.models.initiative import MAX_HELP, MAX_TEXT, MAX_TITLE
from ideas.models.merger import MAX_WHY
from ideas.models.update import MAX_UPDATE
from indicators.models import Indicator, TargetGroup, Theme


class WhatForm(forms.Form):
    """Step one: what somebody wants."""

    title = LineField(
        label=_("What is your idea?"),
        max_length=MAX_TITLE,
        help_text=_("In one line. For example: a bench and a light on our square."),
    )
    text = TextField(
        label=_("Tell about it"),
        max_length=MAX_TEXT,
        help_text=_(
            "What do you see in your street? What do you want to do, what do you need? Write "
            "in the language you speak best. Everybody can read this: leave out telephone numbers "
            "and addresses."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    language = LanguageField()

    @staticmethod
    def told_before(initiative: Initiative) -> dict[str, Any]:
        """Return what stands in an initiative, as the values to start from."""
        return {
            "title": initiative.title,
            "text": initiative.text,
            "language": initiative.language,
        }


class GroupsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Target groups by their number."""

    def clean(self, value: Any) -> Any:
        # A number that no column holds is no choice; SQLite would break on it.
        if any(len(str(number)) > 18 for number in value or []):
            raise forms.ValidationError(
                self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": ""}
            )
        return super().clean(value)


class WhereForm(forms.Form):
    """Step two: where it is, what it is about and for whom.

    ``offers_place`` is false for somebody under 16, who is never asked for an exact place.
    ``figure`` is what the idea came out of; its author may say that it is about something else.
    """

    area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(
        label=_("In which neighbourhood?"),
        queryset=Area.objects.none(),
        empty_label=_("Choose a neighbourhood"),
    )
    address_line = LineField(
        label=_("Which street or place?"),
        required=False,
        max_length=120,
        help_text=_("For example: the corner of the square. Never your own house number."),
    )
    latitude = forms.DecimalField(
        label=_("Latitude of the pin"),
        required=False,
        min_value=-90,
        max_value=90,
        widget=forms.HiddenInput,
    )
    longitude = forms.DecimalField(
        label=_("Longitude of the pin"),
        required=False,
        min_value=-180,
        max_value=180,
        widget=forms.HiddenInput,
    )
    theme: "forms.ModelChoiceField[Theme]" = forms.ModelChoiceField(
        label=_("What is it about?"),
        queryset=Theme.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    about_figure = forms.BooleanField(required=False, initial=True)
    target_groups = GroupsField(
        label=_("Who is it for?"),
        queryset=TargetGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked means: for everybody."),
    )

    def __init__(
        self,
        *args: Any,
        offers_place: bool = True,
        figure: Indicator | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.figure = figure
        if figure is None:
            del self.fields["about_figure"]
        else:
            self.fields["about_figure"].label = _("This idea is about the figure “%(name)s”") % {
                "name": figure.name
            }
        if not offers_place:
            for name in ("address_line", "latitude", "longitude"):
                del self.fields[name]
        area, theme, groups = (self.fields[n] for n in ("area", "theme", "target_groups"))
        assert isinstance(area, forms.ModelChoiceField)
        assert isinstance(theme, forms.ModelChoiceField)
        assert isinstance(groups, forms.ModelMultipleChoiceField)
        area.queryset = Area.objects.accepting_contributions()
        theme.queryset = Theme.objects.all()
        groups.queryset = TargetGroup.objects.all()
        area.choices = neighbourhood_choices(_("Choose a neighbourhood"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.figure is not None:
            cleaned["indicator"] = self.figure if cleaned.pop("about_figure", False) else None
        if "address_line" not in self.fields:
            cleaned["address_line"] = ""
        if "latitude" in self.errors or "longitude" in self.errors:
            # Half a pin says nothing: the one that was kept before stays.
            cleaned.pop("latitude", None)
            cleaned.pop("longitude", None)
            return cleaned
        pin = (cleaned.get("latitude"), cleaned.get("longitude"))
        if None in pin:
            cleaned["latitude"] = cleaned["longitude"] = None
        else:
            # Five decimals are about a metre: enough for a bench.
            cleaned["latitude"], cleaned["longitude"] = (
                Decimal(number).quantize(Decimal("0.00001")) for number in pin if number is not None
            )
        return cleaned

    @staticmethod
    def told_before(initiative: Initiative) -> dict[str, Any]:
        """Return what stands in an initiative, as the values to start from."""
        return {
            "area": initiative.area_id,
            "address_line": initiative.address_line,
            "latitude": initiative.latitude,
            "longitude": initiative.longitude,
            "theme": initiative.theme_id,
            "target_groups": [group.pk for group in initiative.target_groups.all()],
        }


class HelpForm(forms.Form):
    """What help somebody looks for: asked in step three, beside who they are."""

    help_wanted = TextField(
        label=_("What help do you look for?"),
        required=False,
        max_length=MAX_HELP,
        help_text=_("For example: somebody who can sew, a room, a little money for the start."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NameForm(forms.Form):
    """In whose name somebody writes: asked of those who may write in another than their own.

    ``ended`` is the organisation of the draft where that right is over.
    """

    on_behalf_of = forms.ChoiceField(
        label=_("In whose name?"),
        required=False,
        help_text=_(
            "If you choose an organisation, everybody sees its name instead of yours. Only "
            "moderators and the programme office see that you wrote it."
        ),
        error_messages={
            "invalid_choice": _("You can't write in this name. Choose one of these names.")
        },
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        organisations: list[Organisation],
        chosen: Organisation | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {str(one.pk): one for one in organisations}
        self.ended = chosen if chosen and chosen not in organisations else None
        self.initial["on_behalf_of"] = str(chosen.pk) if chosen and not self.ended else ""
        field = self.fields["on_behalf_of"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("My own name")),
            *((pk, one.name) for pk, one in self.organisations.items()),
        ]

    def clean_on_behalf_of(self) -> Organisation | None:
        return self.organisations.get(self.cleaned_data["on_behalf_of"])


class CommentForm(forms.Form):
    """A comment, or an answer to one."""

    stance = forms.ChoiceField(
        label=_("What do you think?"),
        choices=Comment.Stance.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    text = TextField(
        label=_("Your comment"),
        max_length=MAX_COMMENT,
        help_text=_("In the language you speak best. Everybody can read it, with your name."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = LanguageField(label=_("Language of your comment"))
    parent = forms.ModelChoiceField(
        queryset=Comment.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, answerable: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        if answerable is not None:
            parent.queryset = answerable
        parent.error_messages["invalid_choice"] = _(
            "The comment that you answer was taken away. Your text is still here."
        )


class InvitationForm(forms.Form):
    """Whom somebody asks to join."""

    email = AddressField(
        label=_("E-mail address of who you invite"),
        help_text=_(
            "We send one e-mail to this address, with your name on the site and your idea. We "
            "forget the address after the answer, or after 14 days."
        ),
        # Somebody else's: the browser must not fill in one's own.
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class MessageForm(forms.Form):
    """One message about help."""

    text = TextField(
        label=_("Your message"),
        max_length=MAX_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = help_text


class UpdateForm(forms.Form):
    """News about an initiative."""

    text = TextField(
        label=_("What is the news?"),
        max_length=MAX_UPDATE,
        help_text=_(
            "What happened, what comes next, when can neighbours come along? Everybody can read "
            "it: leave out telephone numbers and home addresses."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    language = LanguageField(label=_("Language of the news"))


class DoubleForm(forms.Form):
    """Which idea another one is the double of."""

    zoek = LineField(
        label=_("Words of its title, its number or its address"), required=False, max_length=200
    )


class MergeForm(forms.Form):
    """Why two ideas are joined."""

    reason = TextField(
        label=_("Why are they the same idea?"),
        max_length=MAX_WHY,
        help_text=_("The people who shared the two ideas read this."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FilterForm(forms.Form):
    """The choices above the list; each of them may be left open."""

    area = forms.ChoiceField(label=_("Neighbourhood"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    group = forms.ChoiceField(label=_("For whom"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False)

    def __init__(
        self, *args: Any, choices: dict[str, list[tuple[str, Any]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options
