"""What administrators look for in the record of acts, and how its rows are told."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, RoleAct, User
from accounts.records import RecordQuerySet

PAGE_SIZE = 50
#: Rows that are read from the database at once.
CHUNK = 1000

_NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class ActsForm(forms.Form):
    """Who, by which role, did what, and when; without a choice all of it."""

    person = forms.CharField(
        label=gettext_lazy("Person"),
        help_text=gettext_lazy("The number of an account, or its whole e-mail address."),
        required=False,
        max_length=254,
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        choices=[
            ("", gettext_lazy("All roles and seats")),
            *Role.choices,
            ("council_", gettext_lazy("A seat in a council")),
        ],
    )
    act = forms.RegexField(
        r"^[\w.]*$",
        label=gettext_lazy("Act"),
        help_text=gettext_lazy("Such as contributions.hide; contributions. finds all of them."),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "known-acts", "autocomplete": "off"}),
    )
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_person(self) -> User | None:
        told = self.cleaned_data["person"].strip()
        if not told:
            return None
        if _NUMBER.fullmatch(told):
            found = User.objects.filter(pk=int(told)).first()
        else:
            found = User.objects.filter(email=User.objects.normalize_email(told)).first()
        if found is None:
            raise ValidationError(_("Nobody with this number or address has an account."))
        return found

    def chosen(self) -> RecordQuerySet[RoleAct]:
        """Return the acts that fit what was chosen, the latest first."""
        acts: RecordQuerySet[RoleAct] = RoleAct.objects.select_related("by").order_by("-pk")
        told = self.cleaned_data
        if told["person"]:
            acts = acts.filter(by=told["person"])
        if told["role"]:
            acts = acts.filter(roles__contains=told["role"])
        if told["act"]:
            part = "act__startswith" if told["act"].endswith(".") else "act"
            acts = acts.filter(**{part: told["act"]})
        if told["since"]:
            acts = acts.filter(done_at__gte=_midnight(told["since"]))
        if told["until"]:
            acts = acts.filter(done_at__lt=_midnight(told["until"] + datetime.timedelta(days=1)))
        return acts

    def codes(self) -> dict[str, Any]:
        """Return what was chosen as numbers and codes, for the record of the export."""
        told = self.cleaned_data
        chosen = {
            "person": told["person"].pk if told["person"] else None,
            "role": told["role"],
            "act": told["act"],
            **{name: told[name].isoformat() if told[name] else "" for name in ("since", "until")},
        }
        return {name: value for name, value in chosen.items() if value}


def _midnight(date: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time.min))


def page_of(acts: RecordQuerySet[RoleAct], after: str) -> tuple[list[RoleAct], str]:
    """Return a page of acts and the cursor of the next one; one that is none begins anew."""
    if _NUMBER.fullmatch(after):
        acts = acts.filter(pk__lt=int(after))
    found = list(acts[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return shown, str(shown[-1].pk) if len(found) > PAGE_SIZE else ""


def heading() -> list[str]:
    """Return the names of the columns, in the language of the page."""
    return [_("Number"), _("When"), _("Person"), _("Roles"), _("Act"), _("About"), _("Details")]


def rows(acts: RecordQuerySet[RoleAct]) -> Iterator[list[object]]:
    """Yield a row for each act, with the person's number alone."""
    for act in acts.select_related(None).iterator(chunk_size=CHUNK):
        when = timezone.localtime(act.done_at).isoformat(timespec="seconds")
        about = f"{act.about} {act.about_pk or ''}".strip()
        yield [act.pk, when, act.by_id, act.roles, act.act, about, details_of(act)]


def details_of(act: RoleAct) -> str:
    """Return the details of an act in one line."""
    told = []
    for name, value in act.details.items():
        words = ", ".join(map(str, value)) if isinstance(value, list) else value
        told.append(f"{name}: {words}")
    return "; ".join(told)
