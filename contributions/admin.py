from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from contributions.actions import replace_house_rule
from contributions.checks.word_lists import tidied
from contributions.kinds import all_kinds
from contributions.models import HouseRule, NoMachine, SavedReply, WordList
from contributions.requests import signed_in


class HouseRuleForm(forms.ModelForm[HouseRule]):
    """A house rule's words; a code is given once, and belongs to one rule for good."""

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if HouseRule.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a rule with this code: change that one."))
        return code


@admin.register(HouseRule)
class HouseRuleAdmin(TranslationAdmin[HouseRule]):
    """House rules in force; saving other words makes a new version, the old one stays on record."""

    form = HouseRuleForm
    list_display = ("title", "code", "version", "valid_from", "valid_until")
    list_filter = (("valid_until", admin.EmptyFieldListFilter),)
    exclude = ("version", "valid_from", "valid_until")

    def get_readonly_fields(self, request: HttpRequest, obj: HouseRule | None = None) -> list[str]:
        return ["code"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: HouseRule | None = None) -> bool:
        in_force = obj is None or obj.valid_until is None
        return in_force and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: HouseRule | None = None) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: HouseRule,
        form: forms.ModelForm[HouseRule],
        change: bool,
    ) -> None:
        if not change:
            obj.save()
        elif form.changed_data:
            replace_house_rule(rule=obj)


@admin.register(SavedReply)
class SavedReplyAdmin(TranslationAdmin[SavedReply]):
    """Explanations that moderators use again, in every language."""

    list_display = ("title", "order", "is_offered")
    list_editable = ("order", "is_offered")


class WordListForm(forms.ModelForm[WordList]):
    """Words and phrases, one on each line."""

    #: More than anybody reads through; looking for them takes no longer than for a few.
    MAX_LINES = 2000
    MAX_LINE = 100

    language = forms.ChoiceField(label=_("Language"), choices=settings.CONTENT_LANGUAGES)
    words = forms.CharField(
        label=_("Words, one on each line"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 30}),
        help_text=_(
            "Whole words, or a few words that stand beside each other. Capitals and accents make "
            "no difference. Write each form of a word on a line of its own. A change holds from "
            "the next text on."
        ),
    )

    def clean_words(self) -> str:
        words = tidied(self.cleaned_data["words"])
        lines = words.splitlines()
        if len(lines) > self.MAX_LINES:
            raise forms.ValidationError(
                _("A list takes %(number)s lines at most.") % {"number": self.MAX_LINES}
            )
        for line in lines:
            if len(line) > self.MAX_LINE:
                raise forms.ValidationError(_("This line is too long: %(line)s") % {"line": line})
        return words


@admin.register(WordList)
class WordListAdmin(admin.ModelAdmin[WordList]):
    """Lists of words that checks look for: they mark a text for a moderator, and reject nothing."""

    form = WordListForm
    fields = ("purpose", "language", "words")
    list_display = ("purpose", "language", "changed_at", "changed_by")
    list_filter = ("purpose", "language")

    def get_readonly_fields(self, request: HttpRequest, obj: WordList | None = None) -> list[str]:
        return ["purpose", "language"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: WordList | None = None) -> bool:
        # A list that is not there would be loaded again; an empty one stays empty.
        return False

    def save_model(
        self, request: HttpRequest, obj: WordList, form: forms.ModelForm[WordList], change: bool
    ) -> None:
        obj.changed_at = timezone.now()
        obj.changed_by = signed_in(request)
        obj.save()


class NoMachineForm(forms.ModelForm[NoMachine]):
    """Where no machine translates: an area, a kind of text, or both."""

    kind = forms.ChoiceField(
        label=_("Kind of text"), required=False, help_text=_("Empty: all kinds.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kinds = [(one.name, one.label) for one in all_kinds() if one.translated_fields]
        kind.choices = [("", "—"), *kinds]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        same = NoMachine.objects.filter(
            area=cleaned.get("area"), kind=cleaned.get("kind", "")
        ).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("This is said already."))
        return cleaned


@admin.register(NoMachine)
class NoMachineAdmin(admin.ModelAdmin[NoMachine]):
    """The switch of machine translation: each row turns it off for an area, a kind, or both."""

    form = NoMachineForm
    fields = ("area", "kind")
    list_display = ("__str__", "area", "kind")
    list_select_related = ("area",)
