"""Which language a text is written in."""

import pytest
from django.conf import settings
from django.template import Context, Template

from contributions.forms import LanguageField
from contributions.language import ENOUGH_LETTERS, guess_language

SENTENCES = {
    "nl": "Er is geen plek om te zitten op ons plein. Ik wil graag een bankje maken met de buren.",
    "en": "There is nowhere to sit on our square. I would like to build a bench with neighbours.",
    "pl": "Na naszym placu nie ma gdzie usiąść. Chciałbym zrobić ławkę razem z sąsiadami.",
    "bg": "На нашия площад няма къде да се седне. Искам да направя пейка заедно със съседите.",
    "ro": "În piața noastră nu este unde să stai jos. Vreau să fac o bancă împreună cu vecinii.",
    "hu": "A terünkön nincs hová leülni. Szeretnék egy padot készíteni a szomszédokkal együtt.",
    "el": "Στην πλατεία μας δεν υπάρχει πού να καθίσεις. Θέλω να φτιάξω ένα παγκάκι.",
    "tr": "Meydanımızda oturacak yer yok. Komşularla birlikte bir bank yapmak istiyorum.",
    "uk": "На нашій площі немає де посидіти. Я хочу зробити лавку разом із сусідами.",
    "ar": "لا يوجد مكان للجلوس في ساحتنا. أريد أن أصنع مقعدا مع الجيران.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_each_language_of_the_neighbourhoods_is_recognised(code: str):
    assert guess_language(SENTENCES[code], otherwise="xx") == code


def test_every_language_of_the_platform_is_tried():
    assert set(SENTENCES) == {code for code, _name in settings.CONTENT_LANGUAGES}


@pytest.mark.parametrize("text", ["", "   ", "Hoi!", "123 456 789 " * 20, "👩‍👧 🌳 🚲" * 20])
def test_too_few_letters_are_taken_for_the_language_of_the_page(text: str):
    assert guess_language(text, otherwise="bg") == "bg"


def test_letters_count_and_not_signs():
    text = "een bank op ons plein graag"
    assert sum(character.isalpha() for character in text) < ENOUGH_LETTERS
    assert guess_language(text + "!" * 100, otherwise="xx") == "xx"


@pytest.mark.parametrize("text", ["Norsk bokmål er et språk som ingen her har på listen sin i dag"])
def test_a_language_that_is_not_on_the_platform_is_taken_for_one_that_is(text: str):
    assert guess_language(text, otherwise="nl") in SENTENCES


def test_the_field_offers_them_all_and_may_be_left_open():
    field = LanguageField()

    assert [code for code, _name in field.choices] == ["", *SENTENCES]
    assert field.clean("") == ""
    assert field.clean("bg") == "bg"


@pytest.mark.parametrize("code", ["xx", "nl'--", "NL", "nl\x00"])
def test_the_field_takes_nothing_else(code: str):
    with pytest.raises(Exception, match=r"."):
        LanguageField().clean(code)


def test_a_language_is_shown_by_its_own_name_and_direction():
    page = Template(
        "{% load contribution_text %}{{ code|own_language_name }} {{ code|language_direction }}"
    )

    assert page.render(Context({"code": "ar"})) == "العربية rtl"
    assert page.render(Context({"code": "pl"})) == "Polski ltr"
    assert page.render(Context({"code": "xx"})) == "xx ltr"
