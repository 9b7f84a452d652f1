"""Which language a text is written in, among those the platform knows."""

from functools import cache

from django.conf import settings
from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: Below this many letters a guess is worth less than the language of the page.
ENOUGH_LETTERS = 25
#: Below this many nobody is told that they chose the wrong language…
LETTERS_TO_CONTRADICT = 60
#: …nor where the chosen one is nearly as likely: so far apart are the logarithms of the two.
SURE = 40.0
#: As much of a text is read for that.
LOOKED_AT = 8_000


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


def another_language(text: str, *, than: str) -> str:
    """Return the code of the language a text surely is in, if that is not the one it should be."""
    text = text[:LOOKED_AT]
    if sum(character.isalpha() for character in text) < LETTERS_TO_CONTRADICT:
        return ""
    likely = dict(_identifier().rank(text))
    best = max(likely, key=lambda code: likely[code])
    if best == than or likely[best] - likely.get(than, likely[best] - 2 * SURE) < SURE:
        return ""
    return str(best)
