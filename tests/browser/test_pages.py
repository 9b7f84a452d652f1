"""Every kind of page, in three scripts, on the narrowest telephone and on a desk."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Page

from participatie import catalogues
from tests.browser.conftest import Visit
from tests.browser.street import PERSONAL, PUBLIC, Kind, Street, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# High enough for a whole page: what the bar at the bottom covers for a moment is not too small.
TALL = 9000
LANGUAGES = {"nl": "ltr", "bg": "ltr", "ar": "rtl"}

# What the code fills in, and marks around words: they stay as they are.
FIXED = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;)")
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابشدعفغهيجكلمنوبقرستوفوخيز")


def in_arabic_letters(sentence: str) -> str:
    """Return a sentence that nobody can read, in the letters and the length of a real one."""
    return "".join(
        part if FIXED.fullmatch(part) else part.lower().translate(LETTERS)
        for part in FIXED.split(sentence)
    )


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: Any) -> Iterator[None]:
    """Give the site a catalogue from right to left, made from its own sentences."""
    catalogue = Catalog(locale="ar")
    for message in catalogues.sentences():
        if message.id:
            forms = (message.id,) if isinstance(message.id, str) else message.id
            words = in_arabic_letters(forms[-1])
            string = words if len(forms) == 1 else (words,) * catalogue.num_plurals
            catalogue.add(message.id, string, context=message.context)
    folder: Path = tmp_path_factory.mktemp("locale")
    path = folder / "ar" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    with override_settings(LOCALE_PATHS=[folder, *settings.LOCALE_PATHS]):
        yield


@pytest.fixture
def street(arabic: None, transactional_db: None) -> Street:
    return build()


# Boxes that stick out, but for what a scroll box of its own cuts off.
STICKING_OUT = """() => {
    const width = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
        .filter((one) => {
            const box = one.getBoundingClientRect();
            return box.width && (box.right > width + 1 || box.left < -1);
        })
        .map((one) => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`)
        .slice(0, 8);
}"""

# What can be tapped and is too small for a thumb; a link in a line of text is as high as its line.
TOO_SMALL = """() => {
    const label = (one) => one.labels?.[0]?.closest('.option, .queue__choose') ?? one;
    const inText = (one) => {
        if (getComputedStyle(one).display !== 'inline') return false;
        const around = one.closest('p, li, dd, figcaption, td, div, q, blockquote');
        return around && around.textContent.trim().length > one.textContent.trim().length + 1;
    };
    const found = [];
    for (const one of document.querySelectorAll(
        'a[href], button, summary, select, textarea, input:not([type="hidden"])'
    )) {
        const target = label(one);
        const { width, height } = target.getBoundingClientRect();
        if (!width || !target.checkVisibility({ visibilityProperty: true })) continue;
        if (inText(one)) continue;
        if (one.closest('.nl-skip-link, .card, .leaflet-container')) continue;
        const least = one.matches(
            '.nl-button, summary, select, textarea, .menu__list *, .site-nav a, .logo, .tile, input'
        ) && !one.matches('[data-keys-switch]') ? 44 : 24;
        if (Math.round(height) < least || Math.round(width) < 24) {
            found.push(`${least}: ${one.outerHTML.slice(0, 90)} is ${width} by ${height}`);
        }
    }
    return found;
}"""


def faults(page: Page) -> list[str]:
    """Return what axe finds, with the place of each."""
    found = Axe().run(
        page,
        options={
            "resultTypes": ["violations"],
            "runOnly": {"type": "tag", "values": list(RULES)},
        },
    )
    return [
        f"{violation['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


class Rounds:
    """Goes round the pages, each seen by those for whom it is, and notes what is wrong where."""

    def __init__(self, visit: Visit, street: Street, **device: Any) -> None:
        self.visit, self.street, self.device = visit, street, device
        self.pages: dict[str, Page] = {}
        self.found: dict[str, list[str]] = {}

    def go(self, kinds: list[Kind], language: str = "nl") -> Iterator[Page]:
        for kind in kinds:
            if kind.who not in self.pages:
                self.pages[kind.who] = self.visit(self.street.people.get(kind.who), **self.device)
            self.page, self.name = self.pages[kind.who], kind.name
            kind.open(self.page, self.street, language)
            yield self.page

    def note(self, what: str, wrong: list[str]) -> None:
        if wrong:
            self.found[f"{self.name}, {what}"] = wrong

    def finish(self) -> None:
        lines = [f"{where}: {line}" for where, wrong in self.found.items() for line in wrong]
        assert not lines, "\n".join(lines)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kinds", [PUBLIC, PERSONAL], ids=["public", "personal"])
def test_the_pages_are_there_for_everybody(
    visit: Visit, street: Street, kinds: list[Kind], language: str
):
    rounds = Rounds(visit, street)
    for page in rounds.go(kinds, language):
        root = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        rounds.note("language", [] if root == [language, LANGUAGES[language]] else root)
        page.set_viewport_size({"width": 320, "height": TALL})
        rounds.note("sticks out at 320", page.evaluate(STICKING_OUT))
        rounds.note("too small for a thumb", page.evaluate(TOO_SMALL))
        rounds.note("axe at 320", faults(page))
        page.set_viewport_size({"width": 1280, "height": TALL})
        rounds.note("sticks out at 1280", page.evaluate(STICKING_OUT))
        rounds.note("axe at 1280", faults(page))
    rounds.finish()


IN_THE_DARK = ("home", "list", "map", "idea", "idea with its answer", "step one with errors",
               "last look", "queue", "review", "sign-in")  # fmt: skip


def test_the_pages_are_as_readable_in_the_dark(visit: Visit, street: Street):
    rounds = Rounds(visit, street, color_scheme="dark")
    kinds = [kind for kind in (*PUBLIC, *PERSONAL) if kind.name in IN_THE_DARK]
    assert len(kinds) == len(IN_THE_DARK)
    for page in rounds.go(kinds):
        rounds.note("axe in the dark", faults(page))
    rounds.finish()


def test_no_two_pages_have_the_same_title(visit: Visit, street: Street):
    # The same list and the same choice of areas, once more with choices; another receipt.
    again = ("list with", "areas compared", "map of", "promises kept", "receipt with")
    kinds = [kind for kind in PUBLIC if not kind.name.startswith(again)]
    titles = [page.title() for page in Rounds(visit, street).go(kinds)]
    assert sorted(set(titles)) == sorted(titles)


def test_what_is_wrong_with_a_page_is_found(visit: Visit):
    page = visit(width=320)
    page.set_content(
        """<html lang="nl"><title>Fout</title><main><h1>Fout</h1>
        <img src="data:," width="500" height="10"><button>x</button>
        <p style="color: #ccc; background: #fff">Bleek</p></main>"""
    )
    assert any("IMG" in line for line in page.evaluate(STICKING_OUT))
    assert any("button" in line for line in page.evaluate(TOO_SMALL))
    assert {line.partition(":")[0] for line in faults(page)} >= {"image-alt", "color-contrast"}
