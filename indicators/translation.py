from modeltranslation.translator import TranslationOptions, register

from .models import Intervention, TargetGroup, Theme


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ("short_name", "name", "aim")


@register(TargetGroup)
class TargetGroupTranslation(TranslationOptions):
    fields = ("name",)


@register(Intervention)
class InterventionTranslation(TranslationOptions):
    fields = ("name",)
