"""Texts in several languages and scripts, and a plain oracle of what a search finds in them."""

import datetime
import unicodedata

from django.utils import timezone

from contributions.search.queries import Query
from contributions.search.words import folded, terms, words_of
from ideas.models import Initiative
from tests import scenes

#: Name, language, title and story, the newest first.
TEXTS = [
    ("bench", "nl", "Een bankje op het plein", "Ouderen willen **zitten** in de schaduw."),
    ("trees", "nl", "Meer bomen in de straat", "Bij elke boom hoort een bankje."),
    ("cafe", "nl", "Café in het buurthuis", "Koffie drinken en samen eten, elke week."),
    ("lights", "nl", "Licht op het fietspad", "Het is donker bij de bomen naast het plein."),
    ("square", "en", "A bench on the square", "Neighbours meet beneath the trees."),
    ("lawki", "pl", "Ławki przy szkole", "Dzieci i rodzice chcą gdzieś siedzieć."),
    ("zolw", "pl", "Zażółć gęślą jaźń", "Ławka dla każdego, bank ziemi i drzewa."),
    ("peika", "bg", "Пейка на площада", "Съседите искат да седят под дърветата."),
    ("banca", "ro", "O bancă în parc", "Copiii și părinții vor să stea la umbră."),
    ("tree_ar", "ar", "شجرة في الشارع", "نريد مكانا للجلوس تحت الأشجار."),
    ("park", "tr", "Yeni PARKIN ışıkları", "Işık ve İyi bir park istiyoruz."),
    ("parts", "nl", "Samen koken", "Samen eten. Koken kan iedereen, in de keuken van het huis."),
    ("order", "nl", "Op het dak", "Het dak op met zonnepanelen; koken samen doen we beneden."),
    ("old", "nl", "Oud plein", "Een bankje, een boom en een plein: bankje bankje bankje."),
    ("marks", "nl", "100% groen & <b>veilig</b>", "C'est l'été: auto's weg, foo_bar en x'); --."),
]  # fmt: skip


def plant() -> dict[str, Initiative]:
    """Publish all of them, a minute apart."""
    now = timezone.now()
    author = scenes.trusted(scenes.person("Anna"))
    Initiative.objects.all().delete()
    return {
        name: scenes.initiative(
            title,
            text=text,
            language=language,
            author=author,
            now=now - datetime.timedelta(minutes=number),
        )
        for number, (name, language, title, text) in enumerate(TEXTS)
    }


def oracle(query: Query) -> list[str]:
    """Return the names of what a search finds, in order, by reading every text."""
    found = []
    for number, (name, language, title, text) in enumerate(TEXTS):
        in_title, below = _terms(title, language), _terms(text.replace("*", ""), language)
        groups = [
            {folded(word)} if part.is_phrase else terms(word, query.language)
            for part in query.parts
            for word in part.words
        ]
        if not all(group & (in_title | below) for group in groups):
            continue
        if not all(_holds(part.words, title, text) for part in query.parts if part.is_phrase):
            continue
        hits = [bool(group & in_title) for group in groups]
        tier = 0 if all(hits) else 1 if any(hits) else 2
        found.append((tier, number, name))
    return [name for _tier, _number, name in sorted(found)]


def _terms(text: str, language: str) -> set[str]:
    return {term for word in words_of(text) for term in terms(word, language)}


def _holds(phrase: tuple[str, ...], *texts: str) -> bool:
    wanted = [folded(word) for word in phrase]
    for text in texts:
        stand = [folded(word) for word in words_of(unicodedata.normalize("NFC", text))]
        starts = range(len(stand) - len(wanted) + 1)
        if any(stand[at : at + len(wanted)] == wanted for at in starts):
            return True
    return False
