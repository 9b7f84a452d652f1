"""A shared device in a real browser: whoever walked away is asked, and then forgotten."""

from typing import Any

import pytest
from django.conf import settings as live
from django.core import signing
from playwright.sync_api import Page, expect

from accounts.models import Role
from participatie.shared_devices import devices
from tests import scenes
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

START, CHOOSE = "/en/gedeeld/", "/en/gedeeld/kiezen/"


def shared(page: Page, base: str) -> Page:
    """Make a browser a shared device."""
    key = devices.new_key()
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    devices.start(by=office, name="Tablet", code="407193", key=key)
    name = live.SHARED_DEVICE_COOKIE
    value = signing.get_cookie_signer(salt=name).sign(key)
    page.context.add_cookies([{"name": name, "value": value, "url": base}])
    return page


def kept_in_the_browser(page: Page) -> str:
    return str(page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"))


def test_who_is_still_there_goes_on_and_who_walked_away_is_forgotten(
    visit: Visit, server: Any, settings: Any
) -> None:
    settings.SHARED_PLACE_SECONDS = 16
    person = scenes.person("Zonnebloem")
    page = shared(visit(person, width=320), server.url)
    # A machine that does much at once is slow, and no visitor waits here.
    page.set_default_timeout(30_000)
    page.goto(CHOOSE)
    expect(page.get_by_text("You are signed in as")).to_be_visible()
    page.goto("/en/initiatieven/nieuw/")
    page.locator("[name=title]").fill("A secret bench")
    assert "A secret bench" not in kept_in_the_browser(page)
    assert page.evaluate("localStorage.length") == 0

    asked = page.get_by_role("dialog")
    expect(asked).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="I am still here")).to_be_focused()
    page.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    expect(page.locator("[name=title]")).to_have_value("A secret bench")

    expect(asked).to_be_visible(timeout=20_000)
    page.wait_for_url(f"{server.url}{START}")
    assert [one["name"] for one in page.context.cookies() if "session" in one["name"]] == []
    page.go_back()
    page.wait_for_url(f"{server.url}{CHOOSE}")
    assert "A secret bench" not in page.content()
    assert "Zonnebloem" not in page.content()
    assert "nieuw" not in kept_in_the_browser(page)


@pytest.mark.parametrize("language", ["en", "bg", "ar"])
def test_its_pages_fit_a_narrow_screen_with_targets_for_a_thumb(
    visit: Visit, server: Any, language: str, settings: Any
) -> None:
    page = shared(visit(width=320), server.url)
    for address in ("", "kiezen/", "bedankt/?hulp=1", "stoppen/"):
        page.goto(f"/{language}/gedeeld/{address}")
        page.wait_for_selector("html.js")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        heights = page.locator(".tile--big").evaluate_all(
            "all => all.map((one) => one.getBoundingClientRect().height)"
        )
        assert all(height >= 90 for height in heights)
    direction = page.evaluate("document.documentElement.dir")
    assert direction == ("rtl" if language == "ar" else "ltr")


def test_the_square_of_a_card_fills_in_its_code_and_leaves_no_trace_of_it(visit: Visit) -> None:
    page = visit()
    page.goto("/en/account/inloggen/pasje/#123456789012")
    page.wait_for_selector("html.js")
    expect(page.locator("[name=code]")).to_have_value("1234 5678 9012")
    expect(page.locator("[name=pin]")).to_be_focused()
    assert "#" not in page.url
