"""A form in which staff write for everybody: it tells how hard the text is to read, and asks why.

Forms of residents are no such forms, and show nothing of it.
"""

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.actions import HardWithoutReason
from contributions.forms import TextField
from contributions.language import guess_language
from contributions.models import HardText, PolicyWord
from contributions.models.plain import MAX_WHY_HARD
from contributions.plain.limits import LOWEST_SCORE, Limits, limits_of
from contributions.plain.policy_words import PolicyWords, policy_words_of
from contributions.plain.reading import Reading, Verdict, one_text, read

#: The name of the field for the reason, and of the button that only looks at the text.
WHY_HARD, LOOK = "why_hard", "look_at_words"


def policy_words_in(language: str) -> PolicyWords:
    """Return the words of policy of a language as staff keep them now (one query)."""
    rows = PolicyWord.objects.filter(language=language).values_list("word", "forms", "instead")
    return policy_words_of(tuple((f"{word}\n{forms}", instead) for word, forms, instead in rows))


def language_in(chosen: str, parts: list[str]) -> str:
    """Return the language that was chosen for a text, or the one its first part looks like."""
    if chosen in dict(settings.CONTENT_LANGUAGES):
        return chosen
    first = next(filter(None, parts), "")
    return guess_language(first, otherwise=get_language() or "nl")


class BoundHint(forms.BoundField):
    """The panel of a form, with what it shows."""

    form: "StaffForm"

    @property
    def reading(self) -> Reading:
        return self.form.reading

    @property
    def limits(self) -> Limits:
        return limits_of(self.reading.language)

    @property
    def form_language(self) -> str:
        """Return what the text is written in, where the form does not ask."""
        return self.form.text_language

    @property
    def lowest_score(self) -> int:
        return LOWEST_SCORE

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the names of the fields that it looks at."""
        return self.form.staff_texts

    @property
    def trigger(self) -> str:
        """Return when htmx asks again: when typing pauses, and when the language is another."""
        typed = [f"input delay:700ms from:#{self.form[name].id_for_label}" for name in self.texts]
        if "language" in self.form.fields:
            typed.append(f"change from:#{self.form['language'].id_for_label}")
        return ", ".join(typed)


class HintField(TextField):
    """The reason why a text is hard to read, in the panel that tells how hard it is."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Why must it be hard to read?"),
            required=False,
            max_length=MAX_WHY_HARD,
            help_text=_(
                "For example: these are the words of a law. Only colleagues read your reason."
            ),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.template_name = "contributions/plain/panel.html"

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundHint:
        return BoundHint(form, self, field_name)


class StaffForm(forms.Form):
    """A form with texts of staff; the fields in ``staff_texts`` are read as one text.

    Args:
        language: what the text is written in, where the form does not ask.
    """

    staff_texts: ClassVar[tuple[str, ...]] = ("text",)

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text_language = language
        names = list(self.fields)
        self.fields[WHY_HARD] = HintField()
        names.insert(names.index(self.staff_texts[-1]) + 1, WHY_HARD)
        self.order_fields(names)

    @cached_property
    def reading(self) -> Reading:
        """Return how hard the text is to read as it was filled in, or as it stood before."""
        parts = [str(self[name].value() or "") for name in self.staff_texts]
        if not any(parts):
            return Reading(self.text_language, Verdict.NOTHING)
        chosen = str(self["language"].value() or "") if "language" in self.fields else ""
        language = language_in(self.text_language or chosen, parts)
        return read(one_text(*parts), language, policy_words_in(language))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.reading.is_hard:
            cleaned[WHY_HARD] = ""
        elif not cleaned.get(WHY_HARD) and WHY_HARD not in self.errors:
            self.add_error(WHY_HARD, HardWithoutReason.message)
        return cleaned


class HintForm(StaffForm):
    """What somebody is writing in any form with texts of staff, for the panel beside it."""

    staff_texts = ("words",)
    words = TextField(required=False)
    language = forms.CharField(required=False)


def why_hard_now(dossier_pk: int) -> str:
    """Return the last reason that was given for the text of a dossier (one query)."""
    last = HardText.objects.filter(dossier=dossier_pk).values_list("reason", flat=True).first()
    return last or ""


def told_in(request: HttpRequest, initial: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what a form of staff begins with: what was sent, or what only is to be looked at.

    Who only looks how plain the words are gets the form back as it was filled in, and no errors.
    """
    if request.method != "POST":
        return {"initial": initial or {}}
    if LOOK in request.POST:
        return {"initial": {**(initial or {}), **request.POST.dict()}}
    return {"data": request.POST, "initial": initial or {}}
