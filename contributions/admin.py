from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from contributions.actions import replace_house_rule
from contributions.models import HouseRule, SavedReply


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
