from modeltranslation.translator import TranslationOptions, register

from .models import HouseRule, SavedReply


@register(HouseRule)
class HouseRuleTranslation(TranslationOptions):
    fields = ("title", "text")


@register(SavedReply)
class SavedReplyTranslation(TranslationOptions):
    fields = ("title", "text")
