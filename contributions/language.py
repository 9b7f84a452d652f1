"""Which language a text is written in, among those the platform knows."""

from functools import cache

from django.conf import settings
from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: Below this many letters a guess is worth less than the language of the page.
ENOUGH_LETTERS = 25


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([code for code, _name in settings.CONTENT_LANGUAGES])
    return identifier


def guess_language(text: str, *, otherwise: str) -> str:
    """Return the code of the language a text is probably in, or ``otherwise`` if it is short."""
    if sum(character.isalpha() for character in text) < ENOUGH_LETTERS:
        return otherwise
    code, _score = _identifier().classify(text)
    return str(code)
