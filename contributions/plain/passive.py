"""Sentences in which nobody does anything: "er wordt besloten", "it was decided".

They are guessed from the shape of words, so they are told as a hint and count for nothing. Dutch
and English say it with a word of their own beside a participle; other languages are left alone.
"""

import re
from collections.abc import Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DUTCH_BE = frozenset({"is", "zijn", "was", "waren"})
_DUTCH_BECOME = frozenset({"word", "wordt", "worden", "werd", "werden", "geworden"})
# What follows the stem: a "t" after the letters of 't kofschip, else a "d".
_DUTCH_WEAK = re.compile(r"(?:ge|be|ver|ont|her)\w{2,}(?:(?<=[tkfschpx])t|d)")
_DUTCH_SPLIT = re.compile(
    r"(?:aan|achter|af|bij|binnen|door|goed|in|klaar|mede|mee|na|om|onder|op|over|plaats|samen"
    r"|stil|tegen|terug|toe|uit|vast|voor|voort|vrij|weg)ge\w{2,}(?:d|t|en|aan)"
)
_DUTCH_STRONG = _words(
    "gegeven genomen gedaan geschreven besproken afgesproken gekozen gehouden gevonden gelaten "
    "gekregen verkregen gesloten besloten gelezen gezien bekeken getroffen betrokken geholpen "
    "vergeten geboden geroepen gevraagd gebracht gemaakt gedragen gesproken gewonnen verloren "
    "onderzocht ondernomen onderschreven overwogen verzonden gezonden beschreven verwezen bewezen "
    "gewezen gestoken verdeeld onderhouden ontvangen voldaan begrepen"
)
_NO_PARTICIPLES = _words(
    "gebied geld beleid geluid geweld gezond gemiddeld bericht gedicht gezicht gewicht gerecht "
    "verband verstand bestand verkeerd bekend bereid benieuwd bezorgd verdrietig geschikt "
    "gebeurd begroot gewend geduld verschilt vergelijkend volgend bestaand verwacht "
    "geïnteresseerd gestopt verhuisd gegroeid veranderd geslaagd gelukt geweest "
    "gestart"
)

_ENGLISH_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_ENGLISH_DONE = _words(
    "given made done taken held kept built sent told found shown written seen chosen brought "
    "bought paid put set met left lost said heard known begun drawn driven cut read"
)
_NOT_DONE = _words(
    "interested worried pleased tired bored excited used need feed seed speed indeed hundred "
    "scared married"
)


def is_passive(words: Sequence[str], language: str) -> bool:
    """Say whether a sentence looks as if it does not say who acts."""
    small = [word.lower() for word in words]
    if language == "nl":
        return _is_passive_dutch(small)
    return language == "en" and _is_passive_english(small)


def _is_passive_dutch(words: list[str]) -> bool:
    if not (_DUTCH_BECOME | _DUTCH_BE).intersection(words):
        return False
    return any(map(_is_dutch_participle, words))


def _is_dutch_participle(word: str) -> bool:
    if word in _DUTCH_STRONG or _DUTCH_SPLIT.fullmatch(word):
        return True
    is_noun = word.endswith(("heid", "teit", "stand", "bied"))
    return not is_noun and word not in _NO_PARTICIPLES and bool(_DUTCH_WEAK.fullmatch(word))


def _is_passive_english(words: list[str]) -> bool:
    for number, word in enumerate(words):
        if word in _ENGLISH_BE:
            for following in words[number + 1 : number + 4]:
                is_done = following in _ENGLISH_DONE or (
                    len(following) > 4 and following.endswith("ed") and following not in _NOT_DONE
                )
                if is_done:
                    return True
    return False
