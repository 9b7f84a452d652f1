from modeltranslation.translator import TranslationOptions, register

from .models import HouseRule


@register(HouseRule)
class HouseRuleTranslation(TranslationOptions):
    fields = ("title", "text")
