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

from contributions.loading import POLICY_WORDS
from contributions.plain.measuring import Sentence, flesch_douma, sentences, syllables
from contributions.plain.policy_words import PolicyWords
from participatie import catalogues

ROOT = Path(settings.BASE_DIR)
LOWEST_READABILITY = 65
MOST_WORDS_IN_A_SENTENCE = 25

# What the code fills in is one short word on the screen.
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")
TAG = re.compile(r"<[^>]+>")

# Words that may stand in an answer of the office, but not in our own texts.
NOT_OURS = [
    ("petitie\npetities", "steun"),
    ("allochto*", "bewoner"),
    ("bezwaar\nbezwaren\nbezwaarschrift*", "herbeoordeling"),
    ("signaal\nsignalen", "ervaring"),
    ("u\nuw\nuzelf", "je, jouw, jezelf"),
]
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
        for line in path.read_text(encoding="utf-8").splitlines():
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


def whole(text: str) -> list[Sentence]:
    """Return the full sentences of a text; labels and headings are none."""
    return [sentence for sentence in sentences(text) if sentence.is_whole]


def readability(texts: list[str]) -> float:
    """Return the Flesch-Douma score of all full sentences together."""
    return flesch_douma([sentence for text in texts for sentence in whole(text)])


def policy_words() -> PolicyWords:
    """Return the words of policy that staff begin with, and what else is not ours to say."""
    rows = json.loads(POLICY_WORDS.read_text(encoding="utf-8"))["nl"]
    ours = [("\n".join([word, *forms]), instead) for word, instead, *forms in rows]
    return PolicyWords([*ours, *NOT_OURS])


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
    assert syllables(word) == expected


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
    assert whole("naam op het scherm") == []
    asked, told = whole("Wie ben je? Vertel het.")
    assert (asked.words, told.words) == (("Wie", "ben", "je"), ("Vertel", "het"))
    assert [one.words for one in whole("Dit is “klaar.” Mooi!")] == [
        ("Dit", "is", "klaar"),
        ("Mooi",),
    ]


@pytest.mark.parametrize("source", SOURCES)
def test_dutch_is_easy_to_read(source: str) -> None:
    score = readability([text.words for text in SOURCES[source]()])
    assert score >= LOWEST_READABILITY, f"{source}: {score:.0f}"


@pytest.mark.parametrize("source", SOURCES)
def test_no_sentence_is_long(source: str) -> None:
    too_long = [
        f"{text.where}: {sentence.text}"
        for text in SOURCES[source]()
        for sentence in whole(text.words)
        if len(sentence.words) > MOST_WORDS_IN_A_SENTENCE
    ]
    assert not too_long, "\n".join(too_long)


@pytest.mark.parametrize("source", SOURCES)
def test_no_words_of_the_office(source: str) -> None:
    found, look_for = [], policy_words()
    for text in SOURCES[source]():
        found += [
            f"{text.where}: not “{said.word}” but {said.instead}"
            for said in look_for.said_in(text.words)
        ]
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
    found = list(policy_words().said_in(sentence))
    assert bool(found or SHORTENED.search(sentence)) is is_refused


@pytest.mark.parametrize("original", FIXED)
def test_the_words_people_meet_most_are_those_of_the_glossary(
    original: str | tuple[str, str],
) -> None:
    context, sentence = (None, original) if isinstance(original, str) else original
    message = catalogues.read("nl").get(sentence, context)
    assert message is not None
    assert message.string == FIXED[original]
