from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from contributions.actions import replace_house_rule
from contributions.checks.word_lists import tidied
from contributions.kinds import all_kinds, contribution_of
from contributions.models import (
    HardText,
    HouseRule,
    NoMachine,
    PolicyWord,
    SavedReply,
    WordList,
)
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


class PolicyWordForm(forms.ModelForm[PolicyWord]):
    """A word of policy, with its other forms, and what a neighbour says."""

    MAX_FORMS = 50
    MAX_FORM = 100

    language = forms.ChoiceField(label=_("Language"), choices=settings.CONTENT_LANGUAGES)
    forms = forms.CharField(
        label=_("Other forms, one on each line"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Whole words, or a few words that stand beside each other. A star at the end of one "
            "word stands for any ending: “buurt*”. Capitals and accents make no difference."
        ),
    )

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if not tidied(word):
            raise ValidationError(_("This holds no word."))
        return " ".join(word.split()).lower()

    def clean_forms(self) -> str:
        words = tidied(self.cleaned_data["forms"])
        lines = words.splitlines()
        if len(lines) > self.MAX_FORMS:
            raise ValidationError(
                _("A list takes %(number)s lines at most.") % {"number": self.MAX_FORMS}
            )
        for line in lines:
            if len(line) > self.MAX_FORM:
                raise ValidationError(_("This line is too long: %(line)s") % {"line": line})
            if len(line.strip("* ")) < 3 and line.endswith("*"):
                raise ValidationError(
                    _("This would find very many words: %(line)s") % {"line": line}
                )
        return words


@admin.register(PolicyWord)
class PolicyWordAdmin(admin.ModelAdmin[PolicyWord]):
    """Words of policy that staff are shown a plainer word for, while they write."""

    form = PolicyWordForm
    fields = ("language", "word", "forms", "instead")
    list_display = ("word", "language", "instead")
    list_filter = ("language",)
    search_fields = ("word", "forms", "instead")


@admin.register(HardText)
class HardTextAdmin(admin.ModelAdmin[HardText]):
    """Texts of staff that went on the site hard to read, each with its reason; only to look at."""

    list_display = ("written_at", "act", "language", "score", "reason")
    list_filter = ("language", "act")
    fields = (
        "written_at",
        "written_by",
        "act",
        "on_the_site",
        "language",
        "score",
        "words_in_sentence",
        "letters_in_word",
        "reason",
    )
    readonly_fields = fields

    @admin.display(description=_("text"))
    def on_the_site(self, row: HardText) -> SafeString:
        """Lead to the text; its own page says who may see it."""
        return format_html(
            '<a href="{}">{}</a>',
            contribution_of(row.dossier).get_absolute_url(),
            _("Look at it on the site"),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: HardText | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: HardText | None = None) -> bool:
        return False


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
