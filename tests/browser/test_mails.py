"""What a phone shows of the mails that people get."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from accounts.models import User
from notifications import letters
from notifications.kinds import About, Category, all_kinds

LONG = "Een buurtmoestuin met hoge bakken, een waterpomp en een schuilplek voor als het regent"
#: A phone of which there are many.
PHONE = {"width": 390, "height": 844}


def full_letter(language: str) -> str:
    """Return the letter of who has more news than it holds, all of it with long titles."""
    pieces = [
        letters.Piece(
            kind,
            About(
                path=f"/{number}/",
                values={
                    name: value if isinstance(value, int) else LONG
                    for name, value in kind.sample.items()
                },
                quote=LONG,
                quote_language="nl",
                picture="/nl/",
                followed={("initiative", 1): LONG} if kind.category == Category.FOLLOWED else {},
            ),
        )
        for number in range(2)
        for kind in all_kinds()
        if kind.in_letter
    ]
    message = letters.compose(User(pk=1, email="anna@voorbeeld.test", language=language), pieces)
    return str(message.alternatives[0][0])


@pytest.mark.parametrize("language", [*settings.LISTED_LANGUAGES, "ar"])
def test_the_fullest_letter_is_one_screen_of_a_phone(browser: Browser, language: str) -> None:
    page = browser.new_page(viewport=PHONE)
    page.set_content(full_letter(language))
    measured = page.evaluate(
        """() => ({
            wide: document.scrollingElement.scrollWidth,
            button: document.querySelector('.press').getBoundingClientRect().bottom,
        })"""
    )
    page.close()

    assert measured["wide"] <= PHONE["width"]
    assert measured["button"] <= PHONE["height"]
