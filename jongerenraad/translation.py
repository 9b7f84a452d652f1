from modeltranslation.translator import TranslationOptions, register

from .models import Council


@register(Council)
class CouncilTranslation(TranslationOptions):
    fields = ("name", "intro")
