"""From where on a text is hard to read, by language (docs/adr/0038)."""

from dataclasses import dataclass

#: A score of fewer words says more about one word than about the text: it gets hints alone.
ENOUGH_WORDS = 25
#: Below this score of Flesch-Douma a Dutch text is hard: Douma calls 60 to 70 "normal"…
LOWEST_SCORE = 60
#: …and below this one very hard.
VERY_LOW_SCORE = 45
#: So many times the limit of a language without a score is very hard.
VERY_MUCH = 1.3


@dataclass(frozen=True)
class Limits:
    """What one language takes.

    Args:
        long_sentence: the words of a sentence from which on it is quoted as long.
        long_word: the letters of a word from which on it is named as long.
        mean_sentence: most words in a sentence, on average.
        mean_word: most letters in a word, on average; ``None`` where nobody measured it.
    """

    long_sentence: int = 20
    long_word: int = 15
    mean_sentence: float = 17
    mean_word: float | None = None


#: Our own pages have 4.1 letters in a word of English, 5.3 of Polish, 4.6 of Bulgarian and 4.7 of
#: Romanian; each may take a letter and a quarter more. Polish and Bulgarian have no small words
#: where English has "a" and "to": their sentences are shorter in words.
LIMITS = {
    "nl": Limits(long_sentence=20, long_word=15),
    "en": Limits(long_sentence=20, long_word=13, mean_sentence=17, mean_word=5.4),
    "pl": Limits(long_sentence=17, long_word=14, mean_sentence=14, mean_word=6.6),
    "bg": Limits(long_sentence=18, long_word=14, mean_sentence=15, mean_word=5.9),
    "ro": Limits(long_sentence=20, long_word=14, mean_sentence=17, mean_word=5.9),
}
OTHERS = Limits()


def limits_of(language: str) -> Limits:
    """Return what a language takes."""
    return LIMITS.get(language, OTHERS)
