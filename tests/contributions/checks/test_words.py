"""Addresses of mail, pages and streets; the language, the loudness and the words of a text."""

import pytest

from contributions.checks.addresses import look_for_address
from contributions.checks.found import Piece
from contributions.checks.links import look_for_email, look_for_links
from contributions.checks.style import look_for_another_language, look_for_shouting
from contributions.checks.word_lists import look_for_words, phrases_of, tidied

DUTCH = "Er is geen plek om te zitten op het plein. Ik wil met mijn buren een bankje bouwen."
POLISH = "Brakuje miejsca do siedzenia na placu. Chcę zbudować ławkę razem z moimi sąsiadami."


def found(look, text: str, **piece: bool) -> list[str]:
    return [one.excerpt for one in look(Piece("Story", text, **piece))]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Mail jan@voorbeeld.nl.", "jan@voorbeeld.nl"),
        ("jan.de-vries+wijk@post.voorbeeld.co.uk", "jan.de-vries+wijk@post.voorbeeld.co.uk"),
        ("jan (at) voorbeeld.nl", "jan@voorbeeld.nl"),
        ("<jan@voorbeeld.nl>", "jan@voorbeeld.nl"),
        ("ян@пример.бг", "ян@пример.бг"),
    ],
)
def test_mail_addresses_are_found(text: str, address: str):
    assert found(look_for_email, text) == [address]


@pytest.mark.parametrize("text", ["10 @ 2 euro", "@buurthuis", "a@b", "@@@@", "kom @ 12.30"])
def test_an_at_sign_alone_is_no_mail_address(text: str):
    assert found(look_for_email, text) == []


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Kijk op https://voorbeeld.nl/pagina?a=1.", "https://voorbeeld.nl/pagina?a=1"),
        ("[hier](http://voorbeeld.nl)", "http://voorbeeld.nl"),
        ("Zie www.voorbeeld.test!", "www.voorbeeld.test"),
        ("Zie voorbeeld.nl, daar staat het", "voorbeeld.nl"),
        ("t.me/buurtgroep", "t.me/buurtgroep"),
        ("HTTPS://VOORBEELD.NL", "HTTPS://VOORBEELD.NL"),
    ],
)
def test_links_are_found(text: str, link: str):
    assert found(look_for_links, text) == [link]


@pytest.mark.parametrize(
    "text",
    [
        "Op het plein.De buren komen.",
        "o.a. bankjes, d.w.z. twee",
        "Mail jan@voorbeeld.nl",
        "en/of, 1.5 km",
        "Doe mee.nu kan het",
    ],
)
def test_a_full_stop_is_no_link(text: str):
    assert found(look_for_links, text) == []


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Ik woon op Hoefkade 123a.", "Hoefkade 123a"),
        ("ik woon hoefkade 123", "hoefkade 123"),
        ("Paul Krugerlaan 12-3", "Krugerlaan 12-3"),
        ("op de Haagweg 4 bis", "Haagweg 4 bis"),
        ("in de Van der Vennestraat 50", "Vennestraat 50"),
        ("Hobbemaplein 7, op de hoek", "Hobbemaplein 7"),
        ("Laan van Meerdervoort 1200", "Laan van Meerdervoort 1200"),
        ("Grote Markt 10", "Grote Markt 10"),
        ("Hoefkade nummer 12", "Hoefkade nummer 12"),
        ("Hoefkade, nr. 12", "Hoefkade, nr. 12"),
        ("Mieszkam na ul. Wolnej 5", "ul. Wolnej 5"),
        ("Живея на ул. Хубава 5", "ул. Хубава 5"),
        ("2526 BS 123", "2526 BS 123"),
        ("2512 AB, nr 4", "2512 AB, nr 4"),
    ],
)
def test_a_street_with_a_house_number_is_found(text: str, street: str):
    assert found(look_for_address, text) == [street]


@pytest.mark.parametrize(
    "text",
    [
        "Plein 1940 was mooi",
        "Het Plein 1813",
        "Hobbemaplein 2024",
        "de markt van 1950",
        "top 10 van de wijk",
        "in de straat 20 auto's",
        "op deze weg 50 km per uur",
        "Op de Hoefkade 30 km rijden",
        "Op de Hoefkade 12 bomen planten",
        "Op de Hoefkade, 12 mei",
        "een winkelstraat 3 keer per jaar",
        "het speelplein 2 uur open",
        "De blokkade 3 uur lang",
        "een vaste baan 40 uur",
        "Het kost 15 euro op de markt",
        "€ 20 per straat",
        "2512 AB Den Haag",
        "Hoefkade. 12 mensen kwamen",
        "van 2012 tot 2014",
        "in 1984 AB",
    ],
)
def test_years_prices_and_counts_are_no_house_number(text: str):
    assert found(look_for_address, text) == []


def test_where_a_street_is_asked_for_it_is_no_secret():
    assert found(look_for_address, "Hoefkade 12", names_place=True) == []


@pytest.mark.parametrize(
    ("text", "chosen", "told"),
    [
        (POLISH, "nl", ["pl"]),
        (POLISH, "pl", []),
        (DUTCH, "nl", []),
        (DUTCH, "bg", ["nl"]),
        ("Bankje op het plein", "pl", []),
        (
            "Er wonen veel Poolse buren uit Kraków, Łódź, Gdańsk en Wrocław in deze straat.",
            "nl",
            [],
        ),
    ],
)
def test_another_language_is_told_where_it_is_sure(text: str, chosen: str, told: list[str]):
    looked = look_for_another_language([Piece("Title", ""), Piece("Story", text)], chosen)
    assert [one.excerpt for one in looked] == told


@pytest.mark.parametrize(
    ("text", "loud"),
    [
        ("WAAROM DOET NIEMAND HIER IETS", ["WAAROM DOET NIEMAND HIER IETS"]),
        ("Zeg: DIT IS ECHT SCHANDALIG GEWOON! Toch?", ["DIT IS ECHT SCHANDALIG GEWOON"]),
        ("ЗАЩО НИКОЙ НЕ ПРАВИ НИЩО", ["ЗАЩО НИКОЙ НЕ ПРАВИ НИЩО"]),
        ("De GGD en de NS en VVE DE HOEK", []),
        ("NIET DOEN", []),
        ("Gewoon een zin.", []),
        ("هل يمكن لنا أن نجلس هنا كل يوم", []),
    ],
)
def test_many_capitals_in_a_row_are_shouting(text: str, loud: list[str]):
    assert found(look_for_shouting, text) == loud


LIST = phrases_of("sufferd\nmijn man slaat\nžít\ndon't hit")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Jij SUFFERD!", ["SUFFERD"]),
        ("Jij súfferd", ["súfferd"]),
        ("sufferds zijn er niet, noch oersufferd", []),
        ("Mijn  man,\nslaat mij", ["Mijn man, slaat"]),
        ("mijn lieve man slaat", []),
        ("zit", ["zit"]),
        ("dont hit, don’t hit", ["dont hit", "don’t hit"]),
        ("mijn man", []),
    ],
)
def test_whole_words_and_phrases_are_found_without_regard_to_accents_and_capitals(
    text: str, words: list[str]
):
    looked = look_for_words(Piece("Story", text), "rude", [LIST])
    assert [one.excerpt for one in looked] == words


def test_a_list_is_tidied():
    assert tidied("  twee   woorden \n\n—\ntwee woorden\nnog een\r\n") == "twee woorden\nnog een"
