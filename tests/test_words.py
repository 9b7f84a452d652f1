"""Our own Dutch reads easily: short sentences, everyday words, and "je" instead of "u".

Readability is measured with the formula of Flesch-Douma; B1 is about 65 and higher.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

from participatie import catalogues

ROOT = Path(settings.BASE_DIR)
LOWEST_READABILITY = 65
MOST_WORDS_IN_A_SENTENCE = 25

# Longest first: what is written with several letters may still be one sound.
SOUNDS = re.compile(
    r"eeu|ieu|aai|ooi|oei|aa|ee|éé|ie|oo|óó|oe|uu|eu|ui|ij|ei|ai|au|ou|(?<!q)u|[aeioyáàâäéèêëíîïóôöúûü]"
)
WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*")
# What the code fills in is one short word on the screen.
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")
TAG = re.compile(r"<[^>]+>")
SENTENCE_END = re.compile(r"(?<=[.!?…])[”\"')*_]*\s+")
MARKDOWN_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
MARKDOWN_MARKS = re.compile(r"^(?:#+|[-*]|\d+\.|>)\s+|[*_`]{1,2}", re.MULTILINE)

# Words of the office, and what a neighbour says instead.
OFFICE_WORDS = {
    r"particip\w*": "meedoen, meedenken",
    r"(?:ge)?facilite\w*": "helpen, zorgen voor",
    r"(?:ge)?realise\w*|gerealiseerd\w*|realisatie": "doen, maken",
    r"(?:ge)?implemente\w*|geïmplementeerd\w*|implementatie\w*": "beginnen met, invoeren",
    r"(?:ge)?continue\w*|monitoren|monitoring|evaluer\w*": "doorgaan, volgen, terugkijken",
    r"stakeholders?|indieners?|insprekers?": "wie het idee deelde, bewoner, ondernemer",
    r"burgers?|allochto\w+": "bewoner",
    r"doelgroep\w*": "voor wie",
    r"draagvlak|petities?": "steun",
    r"bezwaar|bezwaren|bezwaarschrift\w*": "herbeoordeling",
    r"signalen|signaal": "ervaring",
    r"conform": "volgens",
    r"middels": "met",
    r"betreffende|inzake|omtrent|aangaande": "over",
    r"teneinde": "om",
    r"indien": "als",
    r"tevens": "ook",
    r"derhalve|aldus": "dus",
    r"reeds": "al",
    r"dient te|dienen te": "moet",
    r"alsmede|alsook": "en",
    r"u|uw|uzelf": "je, jouw, jezelf",
}
SHORTENED = re.compile(
    r"(?<!\w)(?:m\.b\.t\.|d\.m\.v\.|i\.v\.m\.|t\.b\.v\.|n\.a\.v\.|o\.a\.|i\.p\.v\.|bijv\.|bv\.|evt\."
    r"|a\.u\.b\.|t/m\b|etc\.|enz\.)",
    re.IGNORECASE,
)

# The words that people meet most stay the ones of the glossary.
FIXED = {
    "Your neighbourhood": "Jouw wijk",
    "Your area": "Jouw wijk",
    "Share an idea": "Deel een idee",
    "I support this": "Ik steun dit",
    "Initiatives": "Initiatieven",
    "What makes your street better?": "Wat maakt jouw straat beter?",
    "Almost enough support": "Bijna genoeg steun",
    ("menu", "Review"): "Beoordelen",
}


class Text(NamedTuple):
    """One text of ours, and where it stands."""

    where: str
    words: str


def of_catalogue() -> Iterator[Text]:
    for message in catalogues.read("nl"):
        if message.id:
            original = message.id if isinstance(message.id, str) else message.id[0]
            forms = [message.string] if isinstance(message.string, str) else message.string
            for form in forms:
                yield Text(f"locale/nl: {original}", PLACEHOLDER.sub("drie", TAG.sub("", form)))


def of_pages() -> Iterator[Text]:
    for path in sorted((ROOT / "participatie/reference/pages").glob("*/nl.md")):
        text = MARKDOWN_LINK.sub(r"\1", path.read_text(encoding="utf-8"))
        for line in MARKDOWN_MARKS.sub("", text).splitlines():
            if line.strip():
                yield Text(path.relative_to(ROOT).as_posix(), line.strip())


def of_house_rules() -> Iterator[Text]:
    path = ROOT / "contributions/reference/house_rules.json"
    for rule in json.loads(path.read_text(encoding="utf-8")):
        yield Text(f"{path.name}: {rule['code']}", rule["title"]["nl"])
        yield Text(f"{path.name}: {rule['code']}", rule["text"]["nl"])


def of_saved_replies() -> Iterator[Text]:
    path = ROOT / "contributions/reference/saved_replies.json"
    for reply in json.loads(path.read_text(encoding="utf-8")):
        yield Text(path.name, reply["title"]["nl"])
        yield Text(path.name, reply["text"]["nl"])


def of_figures() -> Iterator[Text]:
    path = ROOT / "indicators/reference/figures/nl.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    for slug, texts in told["indicators"].items():
        for text in texts.values():
            yield Text(f"{path.name}: {slug}", PLACEHOLDER.sub("drie", text))
    for key, texts in told["measurements"].items():
        yield Text(f"{path.name}: {key}", texts.get("note", ""))


SOURCES = {
    "figures": of_figures,
    "catalogue": of_catalogue,
    "pages": of_pages,
    "house rules": of_house_rules,
    "saved replies": of_saved_replies,
}


def sentences(text: str) -> list[list[str]]:
    """Return the words of each full sentence; labels and headings are none."""
    found = []
    for piece in SENTENCE_END.split(text.strip()):
        words = WORD.findall(piece)
        if words and piece.rstrip("”\"')*_ ")[-1:] in set(".!?…:"):
            found.append(words)
    return found


def sounds(word: str) -> int:
    """Return how many syllables a Dutch word has."""
    return max(len(SOUNDS.findall(word.lower())), 1)


def readability(texts: list[str]) -> float:
    """Return the Flesch-Douma score of all full sentences together."""
    found = [sentence for text in texts for sentence in sentences(text)]
    words = [word for sentence in found for word in sentence]
    per_sentence = len(words) / len(found)
    per_word = sum(map(sounds, words)) / len(words)
    return 206.84 - 77 * per_word - 0.93 * per_sentence


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("wijk", 1),
        ("straat", 1),
        ("nieuwe", 2),
        ("mooie", 2),
        ("ideeën", 3),
        ("gemeente", 3),
        ("beoordelen", 4),
        ("bijeenkomst", 3),
        ("initiatief", 5),
        ("één", 1),
        ("tv", 1),
    ],
)
def test_syllables_are_counted_as_people_say_them(word: str, expected: int) -> None:
    assert sounds(word) == expected


def test_the_measure_knows_a_neighbour_from_an_office() -> None:
    neighbour = "Heb je een idee? Deel het. Je buren lezen het en steunen het."
    office = (
        "Conform de participatieverordening worden belanghebbenden in de gelegenheid gesteld "
        "middels een inspraakprocedure zienswijzen betreffende voorgenomen besluitvorming in te "
        "dienen."
    )
    assert readability([neighbour]) > 90
    assert readability([office]) < 20


def test_labels_do_not_count_as_sentences() -> None:
    assert sentences("naam op het scherm") == []
    assert sentences("Wie ben je? Vertel het.") == [["Wie", "ben", "je"], ["Vertel", "het"]]
    assert sentences("Dit is “klaar.” Mooi!") == [["Dit", "is", "klaar"], ["Mooi"]]


@pytest.mark.parametrize("source", SOURCES)
def test_dutch_is_easy_to_read(source: str) -> None:
    score = readability([text.words for text in SOURCES[source]()])
    assert score >= LOWEST_READABILITY, f"{source}: {score:.0f}"


@pytest.mark.parametrize("source", SOURCES)
def test_no_sentence_is_long(source: str) -> None:
    too_long = [
        f"{text.where}: {' '.join(words)}"
        for text in SOURCES[source]()
        for words in sentences(text.words)
        if len(words) > MOST_WORDS_IN_A_SENTENCE
    ]
    assert not too_long, "\n".join(too_long)


@pytest.mark.parametrize("source", SOURCES)
def test_no_words_of_the_office(source: str) -> None:
    found = []
    for text in SOURCES[source]():
        for pattern, instead in OFFICE_WORDS.items():
            for word in re.findall(rf"(?<![\w-])(?:{pattern})(?![\w-])", text.words, re.IGNORECASE):
                found.append(f"{text.where}: not “{word}” but {instead}")
        found += [
            f"{text.where}: “{short}” is not written out" for short in SHORTENED.findall(text.words)
        ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("sentence", "is_refused"),
    [
        ("Wij faciliteren bewoners.", True),
        ("Wilt u participeren?", True),
        ("Dit is gerealiseerd.", True),
        ("Meer info m.b.t. je wijk.", True),
        ("We doen dit samen met je buren.", False),
        ("Je burgerservicenummer vragen we niet.", False),
    ],
)
def test_the_list_of_office_words_refuses_what_it_should(sentence: str, is_refused: bool) -> None:
    patterns = [rf"(?<![\w-])(?:{pattern})(?![\w-])" for pattern in OFFICE_WORDS]
    found = [p for p in patterns if re.search(p, sentence, re.IGNORECASE)]
    assert bool(found or SHORTENED.search(sentence)) is is_refused


@pytest.mark.parametrize("original", FIXED)
def test_the_words_people_meet_most_are_those_of_the_glossary(
    original: str | tuple[str, str],
) -> None:
    context, sentence = (None, original) if isinstance(original, str) else original
    message = catalogues.read("nl").get(sentence, context)
    assert message is not None
    assert message.string == FIXED[original]
