"""No page or mail in a listed language shows a sentence, a date or an amount of another one."""

import datetime
import re
import time
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_ALT
from django.utils.formats import date_format, number_format
from django.utils.html import escape

from accounts import mails
from accounts.freshness import FRESH_KEY
from accounts.models import User
from areas.dates import in_words, in_words_with_year, month_in_words, with_weekday
from budgets.money import in_euros
from ideas.models import Department
from participatie import catalogues
from tests.browser import street as streets
from tests.browser.street import Kind, Street
from tests.neighbourhood import undone

#: Words that stand in nearly every sentence of a language, and in no other one that is listed.
EVERYDAY = {
    "en": "the you your and with this that not from what who how have been will can they there",
    "nl": "het niet wij jij jouw van voor zijn wordt deze ook naar maar hebben kun kunt geen",
    "pl": "nie jest się twój twoje czy przez jeszcze które który aby dla został",
    "bg": "не се да на за от твоя това или",
    "ro": "și este sunt pentru acest această ce cine poți sau din",
}
_WORDS = {code: set(words.split()) for code, words in EVERYDAY.items()}
WORD = re.compile(r"[^\W\d_]+")
#: What code fills in, and what templates are written in.
LEFT_OVER = re.compile(r"%\(\w+\)|%[sd]\b|\{\w*\}|\{\{|\{%|&(?:amp|lt|gt|quot|#\d+);|\bNone\b")
#: Dates as machines and Americans write them.
MACHINE_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b|\b[A-Z][a-z]+ \d{1,2}, \d{4}\b|\b[ap]\.m\.")
#: Between thousands, and before cents.
MARKS = {"nl": ".,", "en": ",.", "pl": "\N{NO-BREAK SPACE},", "bg": "\N{NO-BREAK SPACE},"}
MARKS["ro"] = MARKS["nl"]
NUMBER = re.compile(r"(?<![\d.,:/-])\d{1,3}([.,])\d{3}(?![\d.,:/-])")
EUROS = re.compile(r"€\s?[\d.,\s]*\d|\d[\d.,\s]*\s?€")
CYRILLIC = re.compile(r"[а-яА-Я]")
LATIN = re.compile(r"[a-zA-Z]{2,}")
#: What somebody said or called something, in the marks of each language.
QUOTED = re.compile(r"[“„«][^“”„«»]*[”“»]|\"[^\"]*\"")
#: Names on the site that are the same in every language, and addresses.
FIXED = re.compile(r"https?://\S+|\S+@\S+|\b[a-z]\w*(?:\.\w+)+\b|Regio Deal Den Haag-Rijswijk")
#: Attributes that are read out or shown.
ATTRIBUTES = ("title", "alt", "aria-label", "placeholder", "label", "data-confirm")


class Piece(NamedTuple):
    """A piece of text of a page that is said to be in the page's own language."""

    text: str
    is_name: bool
    """Whether it is set apart as somebody's or something's name."""


class Reader(HTMLParser):
    """Finds the pieces of a page in its own language; what says another one is left out."""

    VOID = frozenset({"base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
    SILENT = frozenset({"script", "style", "template", "textarea", "code", "pre"})

    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=True)
        self.language = language
        self.pieces: list[Piece] = []
        self._open: list[tuple[str, str, bool, bool]] = [("", language, False, False)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        _tag, language, is_silent, is_name = self._open[-1]
        language = told.get("lang") or language
        # A text of which nobody said the language is a participant's.
        is_name = is_name or tag in ("bdi", "title") or told.get("dir") == "auto"
        is_silent = is_silent or tag in self.SILENT
        if told.get("dir") == "ltr" and tag != "html":
            # Codes and addresses.
            is_silent = True
        if language == self.language and not is_silent:
            for name in ATTRIBUTES:
                self._add(told.get(name) or "", is_name=is_name or name == "alt")
            if tag == "input" and told.get("type") in ("submit", "button"):
                self._add(told.get("value") or "", is_name=is_name)
        if tag not in self.VOID:
            self._open.append((tag, language, is_silent, is_name))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        _tag, language, is_silent, is_name = self._open[-1]
        if language == self.language and not is_silent:
            self._add(data, is_name=is_name)

    def _add(self, text: str, *, is_name: bool) -> None:
        if text := re.sub(r"[^\S\N{NO-BREAK SPACE}]+", " ", text).strip():
            self.pieces.append(Piece(text, is_name))


def pieces(page: str, language: str) -> list[Piece]:
    reader = Reader(language)
    reader.feed(page)
    return reader.pieces


@cache
def untranslated(language: str) -> set[str]:
    """Return the English sentences that are said in other words in a language."""
    if language == catalogues.SOURCE_LANGUAGE:
        return set()
    found = set()
    for message in catalogues.read(language):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        found.update(one for one in ids if one and one not in said)
    # What says something else in another place is the right word here.
    right = {
        form
        for message in catalogues.read(language)
        for form in ([message.string] if isinstance(message.string, str) else message.string)
    }
    return found - right


@cache
def _months(language: str) -> tuple[set[str], set[str]]:
    """Return the names of months as they stand alone, and as they stand in a date."""
    with translation.override(language):
        alone = {str(name) for name in MONTHS.values()}
        return alone, {str(name) for name in MONTHS_ALT.values()}


def wrong_dates(text: str, language: str) -> Iterator[str]:
    """Yield what is wrong with the dates in a text."""
    if MACHINE_DATE.search(text):
        yield "a date as no reader writes it"
    alone, in_dates = _months(language)
    for name in re.findall(r"\b\d{1,2} (\w+)", text):
        if name.lower() in {one.lower() for one in alone - in_dates}:
            yield f"“{name}” is not bent"
        if language != "en" and name in {one.capitalize() for one in alone | in_dates}:
            yield f"“{name}” has a capital"


def wrong_numbers(text: str, language: str) -> Iterator[str]:
    """Yield what is wrong with the numbers and amounts in a text."""
    thousands, _cents = MARKS[language]
    for mark in NUMBER.findall(text):
        if mark != thousands:
            yield f"“{mark}” between thousands"
    for amount in EUROS.findall(text):
        if amount.startswith("€") != (language in ("nl", "en")):
            yield f"“{amount}” has its sign on the wrong side"


def faults(page: str, language: str, english: set[str]) -> list[str]:
    """Return what is wrong with the words of a page in a language."""
    found = []
    foreign = set().union(*_WORDS.values()) - _WORDS[language]
    for text, is_name in pieces(page, language):
        problems = [f"left over: {one}" for one in LEFT_OVER.findall(text)]
        problems += wrong_dates(text, language)
        problems += wrong_numbers(text, language)
        if any(part in english for part in text.split(" · ")):
            problems.append("not translated")
        if not is_name:
            text = FIXED.sub("", QUOTED.sub("", text))
            said = [word.lower() for word in WORD.findall(text)]
            mixed = [word for word in said if word in foreign]
            if mixed:
                problems.append(f"words of another language: {mixed}")
            if language == "bg" and not CYRILLIC.search(text) and len(LATIN.findall(text)) > 3:
                problems.append("not in Cyrillic letters")
        found += [f"{problem} in “{text}”" for problem in problems]
    return found


@pytest.mark.parametrize(
    ("language", "words", "is_refused"),
    [
        ("bg", "<p>Share an idea</p>", True),
        ("bg", "<p>Сподели идея</p>", False),
        ("bg", "<p>Сподели идея с the neighbours</p>", True),
        ("bg", "<p>Сподели „What you said“</p>", False),
        ("bg", '<p lang="nl">Wat zij niet zeggen</p>', False),
        ("bg", "<p><bdi>What is the name of this</bdi></p>", False),
        ("pl", "<button>Share an idea</button>", True),
        ("pl", '<a title="Share an idea">→</a>', True),
        ("pl", "<title>Share an idea · Betere Buurten</title>", True),
        ("pl", "<p>Czekamy na %(count)s</p>", True),
        ("pl", "<p>Czekamy na {name}</p>", True),
        ("pl", "<p>26 Marzec 2026</p>", True),
        ("pl", "<p>26 marzec 2026</p>", True),
        ("pl", "<p>26 marca 2026</p>", False),
        ("pl", "<p>od 2026-03-26</p>", True),
        ("pl", "<p>1.250 osób</p>", True),
        ("pl", "<p>€ 12</p>", True),
        ("pl", "<p>1\N{NO-BREAK SPACE}250,50\N{NO-BREAK SPACE}€</p>", False),
        ("ro", "<p>26 Martie 2026</p>", True),
        ("en", "<p>March 26, 2026</p>", True),
        ("en", "<p>€ 1.250</p>", True),
        ("en", "<p>€ 1,250.50 on 26 March 2026 at 14:00</p>", False),
        ("nl", "<p>Deel een idee: € 1.250,50</p>", False),
    ],
)
def test_the_reader_knows_another_language_when_it_sees_it(
    language: str, words: str, is_refused: bool
) -> None:
    assert bool(faults(words, language, untranslated(language))) is is_refused


# --- Dates, numbers and amounts ---

SAID = {
    "nl": ("26 maart", "26 maart 2026", "26 maart (donderdag)", "maart 2026", "€ 1.250,50"),
    "en": ("26 March", "26 March 2026", "26 March (Thursday)", "March 2026", "€ 1,250.50"),
    "pl": ("26 marca", "26 marca 2026", "26 marca (czwartek)", "marzec 2026", "1 250,50 €"),
    "bg": ("26 март", "26 март 2026", "26 март (четвъртък)", "март 2026", "1 250,50 €"),
    "ro": ("26 martie", "26 martie 2026", "26 martie (joi)", "martie 2026", "1.250,50 €"),
}


@pytest.mark.parametrize("language", settings.LISTED_LANGUAGES)
def test_dates_and_amounts_are_in_the_form_of_the_reader(language: str) -> None:
    day = datetime.date(2026, 3, 26)
    with translation.override(language):
        said = (
            in_words(day),
            in_words_with_year(day),
            with_weekday(day),
            month_in_words(day),
            in_euros(125_050).replace("\N{NO-BREAK SPACE}", " "),
        )
        # As the admin and everything of Django's own writes them.
        short = date_format(day, "SHORT_DATE_FORMAT")
        whole = number_format(1_234_567, 0, force_grouping=True)
        clock = date_format(datetime.datetime(2026, 3, 26, 14, 5), "TIME_FORMAT")  # noqa: DTZ001
    assert said == SAID[language]
    assert re.fullmatch(r"26\D0?3\D(20)?26", short), short
    thousands = MARKS[language][0]
    assert whole == f"1{thousands}234{thousands}567"
    assert clock == "14:05"


# --- Mails ---

#: What fills a mail in, where that is more than the site and the code.
FILLED = {"code": "123456", "new_email": "buur@voorbeeld.test", "provider": "DigiD"}
CHANGES = ("app_added", "app_removed", "passkey_added", "passkey_removed", "codes_made")
CHANGES += ("linked", "unlinked", "reset")
OTHERS: dict[str, dict[str, Any]] = {
    "ideas/mails/invitation": {},
    "ideas/mails/help_message": {},
    "contributions/mails/report_outcome": {"sentences": []},
}


@pytest.mark.parametrize("language", settings.LISTED_LANGUAGES)
def test_no_mail_shows_words_of_another_language(language: str) -> None:
    english = untranslated(language)
    letters = [
        mails.compose(kind, to="buur@voorbeeld.test", language=language, context={**FILLED, **more})
        for kind in mails.KINDS
        for more in ([{"what": what} for what in CHANGES] if kind == "safety_changed" else [{}])
    ] + [
        mails.written(template, to="buur@voorbeeld.test", language=language, context=context)
        for template, context in OTHERS.items()
    ]
    found = []
    for letter in letters:
        plain = "".join(
            f"<p>{line}</p>" for line in (letter.subject, *str(letter.body).split("\n"))
        )
        for words in (plain, str(letter.alternatives[0][0])):
            found += faults(words, language, english)
    assert found == []


# --- Pages ---

#: What nobody marked for translation is seen best in the language with its own letters: every kind
#: of page is read in it, and the others share the kinds between them.
EVERY_KIND_IN = "bg"


def languages_of(number: int) -> list[str]:
    """Return the languages in which the kind of page with a number is read."""
    others = [code for code in settings.LISTED_LANGUAGES if code != EVERY_KIND_IN]
    return [EVERY_KIND_IN, others[number % len(others)]]


def browser(person: User | None) -> Client:
    """Return the browser of a visitor, or of somebody who signed in a moment ago."""
    client = Client()
    if person:
        client.force_login(person)
        session = client.session
        session[FRESH_KEY] = time.time()
        session.save()
    return client


def page_of(client: Client, address: str, method: str = "GET") -> str:
    """Return a page, without what the test client keeps of its templates: that takes longest."""
    path, _mark, query = address.partition("?")
    environ = client._base_environ(  # type: ignore[attr-defined]
        PATH_INFO=unquote(path),
        QUERY_STRING=query,
        REQUEST_METHOD=method,
        HTTP_ORIGIN="http://testserver",
    )
    return client.handler(environ).content.decode()  # type: ignore[attr-defined, no-any-return]


def pages_of(street: Street, kind: Kind, language: str, client: Client) -> Iterator[str]:
    """Yield a page of a kind, and what it answers where its form is sent empty."""
    address = street.address(kind.view, kind.of, language=language) + kind.query
    yield page_of(client, address)
    if kind.first is streets._send_empty:
        with undone():
            yield page_of(client, address, "POST")


@pytest.mark.django_db
@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="no engine changes the words of a page"
)
def test_no_page_shows_words_dates_or_numbers_of_another_language() -> None:
    street = streets.build()
    clients = {"": browser(None)}
    clients.update({name: browser(person) for name, person in street.people.items()})
    # Names of Dutch offices stay as they are.
    names = [escape(name) for name in Department.objects.values_list("name", flat=True)]
    found: dict[str, str] = {}
    for number, kind in enumerate(streets.PAGES):
        for language in languages_of(number):
            for page in pages_of(street, kind, language, clients[kind.who]):
                assert f'<html lang="{language}"' in page, f"{kind.name} is no page"
                for name in names:
                    page = page.replace(name, "–")
                for fault in faults(page, language, untranslated(language)):
                    found.setdefault(f"{language}: {fault}", kind.name)
    assert not found, "\n".join(f"{fault} ({name})" for fault, name in found.items())
