"""Words that say nothing about what somebody looks for: left aside beside ones that do."""

from functools import cache

from contributions.search.words import folded

_STOP_WORDS = {
    "nl": "de het een en of in op aan van voor met bij te tot naar uit over om door als is zijn was"
    " er dit dat die deze ik je jij we wij ze mijn jouw ons onze niet geen ook maar",
    "en": "the a an and or in on at of for with by to from about as is are was be it this that"
    " these those i you we they my your our not no also but",
    "pl": "i w we z ze na do o od po za u dla przez przy oraz lub albo jest są to ten ta te tego"
    " się nie a ale jak że ja ty my mój twój nasz",
    "bg": "и в във с със на за от до по при през или е са се това този тази тези аз ти ние не но"
    " да как че мой твой наш",
    "ro": "și sau în la de din pe cu pentru prin este sunt o un una al ale cel cea acest această"
    " eu tu noi nu dar ca că să meu tău nostru",
    "hu": "a az egy és vagy van nem hogy ez itt ott de is",
    "el": "ο η το οι τα του της των και ή σε στο στη στην με για από είναι να δεν",
    "tr": "ve veya bir bu şu o da de ile için mi ne",
    "uk": "і й та в у з із на до за від по при або є це цей ця не але що як",
    "ar": "في من على إلى عن مع و أو هذا هذه هو هي لا ما أن",
}


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the folded stop words of a language."""
    return frozenset(map(folded, _STOP_WORDS.get(language, "").split()))
