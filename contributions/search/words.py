"""Words as search knows them: folded, cut back to their stems, and as terms of the index."""

import itertools
import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import Any

import snowballstemmer

#: Raise it when the terms of a text become others: the sweep then makes all documents anew.
EDITION = 1
#: No language writes a longer word; what goes on longer is cut there.
LONGEST_WORD = 40

#: For Dutch two, which know each other's gaps: one "fietspaden", the other "bankjes" and "huizen".
#: Bulgarian and Ukrainian have none: their words are folded only.
_STEMMERS: dict[str, tuple[str, ...]] = {
    "nl": ("dutch", "dutch_porter"),
    "en": ("english",),
    "pl": ("polish",),
    "ro": ("romanian",),
    "hu": ("hungarian",),
    "el": ("greek",),
    "tr": ("turkish",),
    "ar": ("arabic",),
}
#: Letters of their own in Unicode that people type, or read, as another one.
_ALIKE = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŋ": "n", "ґ": "г", "ى": "ي", "ة": "ه", "ـ": "", "'": "", "’": "",
    }
)  # fmt: skip


def _marks() -> str:
    """Return the marks that stand on letters, as ranges for a class of a regular expression."""
    ranges: list[tuple[int, int]] = []
    for number in range(0x300, sys.maxunicode if sys.maxunicode < 0x10000 else 0x10000):
        if unicodedata.category(chr(number)).startswith("M"):
            if ranges and ranges[-1][1] == number - 1:
                ranges[-1] = (ranges[-1][0], number)
            else:
                ranges.append((number, number))
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


#: Letters and digits with the marks on them; an apostrophe between two letters belongs to the word.
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_marks()}]|['’](?=[^\W_]))*")
_stemming = Lock()


def words_in(text: str) -> Iterator[re.Match[str]]:
    """Find the words of a text, each with its place."""
    return _WORD.finditer(text)


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, in its order, accents and all."""
    return [match[0].lower() for match in words_in(unicodedata.normalize("NFKC", text))]


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """Return a word without capitals, accents and other things that people leave out."""
    small = unicodedata.normalize("NFKC", word[: 4 * LONGEST_WORD]).casefold()
    bare = unicodedata.normalize("NFKD", small.translate(_ALIKE))
    kept = "".join(c for c in bare if not unicodedata.category(c).startswith("M"))
    # Once more: an accent may have kept a letter from being known.
    return re.sub(r"[\W_]", "", kept.translate(_ALIKE))[:LONGEST_WORD]


def folded_text(text: str) -> str:
    """Return a text as folded words with one space between, and at both ends, for phrases."""
    return f" {' '.join(filter(None, map(folded, words_of(text))))} "


def pairs_of(folded_words: str) -> set[str]:
    """Return the pairs of words that stand beside each other in a folded text, as terms.

    A phrase is looked for by its pairs: the index then knows which few texts can hold it.
    """
    words = folded_words.split()
    return {f"{word}_{following}" for word, following in itertools.pairwise(words)}


@cache
def _stemmers(language: str) -> tuple[Any, ...]:
    return tuple(snowballstemmer.stemmer(name) for name in _STEMMERS.get(language, ()))


@lru_cache(maxsize=100_000)
def terms(word: str, language: str) -> frozenset[str]:
    """Return the terms of the index under which a word stands, or is looked for, in a language.

    They are the folded word, which finds it in any language, and the stems of the language with
    its code before them. Two words mean the same where they share a term.
    """
    plain = folded(word)
    if not plain:
        return frozenset()
    small = unicodedata.normalize("NFC", word.lower())[:LONGEST_WORD].replace("’", "'")
    # Of "auto's" and "Den Haag'da" also what stands without the ending behind the apostrophe.
    bare = max(small.split("'"), key=len)
    forms = {small.replace("'", ""), plain, bare}
    # A stemmer keeps the word it is at work on, so it serves one caller at a time.
    with _stemming:
        stems = {stemmer.stemWord(form) for stemmer in _stemmers(language) for form in forms}
    kept = {folded(stem) for stem in stems} | {plain, folded(bare)}
    return frozenset({plain, *(f"{language}:{stem}" for stem in kept if stem)})
