"""What people choose about being told; checking only, nothing is written here."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import interface_languages
from accounts.models import User
from notifications.kinds import Category, Channel, all_kinds
from notifications.models import Notification, Preference

#: Columns of ``Preference`` that the form fills.
COLUMNS = ("pace", "quiet", "quiet_from", "quiet_until", "letter_day", "letter_hour")

_CHOOSE = {
    "required": gettext_lazy("Choose one of these."),
    "invalid_choice": gettext_lazy("We do not know this choice. Choose one of these."),
}


def channels_on_offer() -> list[Channel]:
    """Return the channels that people can choose about here: push only where it is set up."""
    return [Channel.MAIL, *([Channel.PUSH] if getattr(settings, "PUSH_PUBLIC_KEY", "") else [])]


@dataclass(frozen=True)
class CategoryFields:
    """What somebody chooses about one category, with what it is."""

    label: str
    kinds: list[str]
    fields: list[forms.BoundField]


class PreferencesForm(forms.Form):
    """How much somebody wants to hear, when, by which way and in which language."""

    pace = forms.ChoiceField(
        label=gettext_lazy("How much do you want to hear?"),
        choices=Preference.Pace.choices,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    letter_day = forms.TypedChoiceField(
        label=gettext_lazy("Day of the weekly letter"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        error_messages=_CHOOSE,
    )
    letter_hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the weekly letter"), coerce=int, error_messages=_CHOOSE
    )
    quiet = forms.BooleanField(
        label=gettext_lazy("Send me nothing in the hours below"), required=False
    )
    quiet_from = forms.TypedChoiceField(
        label=gettext_lazy("Quiet from"), coerce=int, error_messages=_CHOOSE
    )
    quiet_until = forms.TypedChoiceField(
        label=gettext_lazy("Quiet until"), coerce=int, error_messages=_CHOOSE
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of our e-mails and of the site"), error_messages=_CHOOSE
    )

    def __init__(
        self,
        data: Any,
        *,
        person: User,
        preference: Preference,
        choices: Mapping[tuple[str, str], bool],
    ) -> None:
        now = {name: getattr(preference, name) for name in COLUMNS}
        super().__init__(data, initial={**now, "language": person.language})
        hours = [(hour, time_format(datetime.time(hour), "TIME_FORMAT")) for hour in range(24)]
        for name in ("letter_hour", "quiet_from", "quiet_until"):
            self._field(name).choices = hours
        self._field("language").choices = _languages(person)
        self.categories = _categories_of(person, choices)
        for category in self.categories:
            for channel in channels_on_offer():
                self.fields[_name(category, channel)] = forms.ChoiceField(
                    label=channel.label,
                    choices=_ways(channel),
                    required=False,
                    initial=_written(choices.get((category, channel))),
                    error_messages=_CHOOSE,
                )

    def _field(self, name: str) -> forms.ChoiceField:
        return cast(forms.ChoiceField, self.fields[name])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if cleaned.get("quiet") and begins is not None and begins == ends:
            same = _("This is the hour at which they begin. Choose another one, or no quiet hours.")
            self.add_error("quiet_until", ValidationError(same))
        return cleaned

    def chosen_fields(self) -> dict[str, Any]:
        """Return what was chosen of the columns of ``Preference``."""
        return {name: self.cleaned_data[name] for name in COLUMNS}

    def chosen(self, before: Mapping[tuple[str, str], bool]) -> dict[tuple[str, str], bool]:
        """Return what differs from the pace; of what is not on offer, as it was."""
        on_offer = channels_on_offer()
        offered = {
            (category.value, channel) for category in self.categories for channel in on_offer
        }
        kept = {key: wanted for key, wanted in before.items() if key not in offered}
        for category in self.categories:
            for channel in on_offer:
                if typed := self.cleaned_data[_name(category, channel)]:
                    kept[category.value, channel.value] = typed == "yes"
        return kept

    def by_category(self) -> Iterator[CategoryFields]:
        """Give the choices about each category, with what of it can be chosen."""
        for category in self.categories:
            yield CategoryFields(
                label=str(category.label),
                kinds=[
                    str(kind.label)
                    for kind in all_kinds()
                    if kind.category == category and not kind.must_be_told
                ],
                fields=[self[_name(category, channel)] for channel in channels_on_offer()],
            )

    def differs(self) -> bool:
        """Say whether something about a category stands there that is not as the pace has it."""
        names = [_name(category, channel) for category in self.categories for channel in Channel]
        return any(self[name].value() or self[name].errors for name in names if name in self.fields)


def _categories_of(person: User, choices: Mapping[tuple[str, str], bool]) -> Sequence[Category]:
    """Return what somebody can choose about: tasks are for who has a role, or was told of one."""
    chosen = {category for category, _channel in choices}
    tasks = [kind.name for kind in all_kinds() if kind.category == Category.TASKS]
    has_tasks = (
        Category.TASKS in chosen
        or bool(person.current_grants)
        or Notification.objects.filter(recipient=person, event__kind__in=tasks).exists()
    )
    return [one for one in Category if one != Category.TASKS or has_tasks]


def _name(category: str, channel: str) -> str:
    return f"{category}_{channel}"


def _ways(channel: Channel) -> list[tuple[str, Any]]:
    never = {
        Channel.MAIL: gettext_lazy("Never by e-mail"),
        Channel.PUSH: gettext_lazy("Never on my phone or computer"),
    }
    return [
        ("", gettext_lazy("As I chose above")),
        ("yes", gettext_lazy("At once")),
        ("no", never[channel]),
    ]


def _written(wanted: bool | None) -> str:
    return "" if wanted is None else "yes" if wanted else "no"


def _languages(person: User) -> list[tuple[str, Any]]:
    """Return the listed languages, and the one that is theirs already."""
    offered = interface_languages()
    if person.language in dict(offered):
        return offered
    return [*offered, (person.language, dict(settings.LANGUAGES).get(person.language, "–"))]
