from modeltranslation.translator import TranslationOptions, register

from .models import BudgetLine, Indicator, Intervention, Measurement, Target, TargetGroup, Theme


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ("short_name", "name", "aim")


@register(TargetGroup)
class TargetGroupTranslation(TranslationOptions):
    fields = ("name",)


@register(Intervention)
class InterventionTranslation(TranslationOptions):
    fields = ("name",)


@register(BudgetLine)
class BudgetLineTranslation(TranslationOptions):
    fields = ("name",)


@register(Indicator)
class IndicatorTranslation(TranslationOptions):
    fields = ("name", "sentence", "explanation", "source")


@register(Measurement)
class MeasurementTranslation(TranslationOptions):
    fields = ("text", "note")


@register(Target)
class TargetTranslation(TranslationOptions):
    fields = ("note",)
