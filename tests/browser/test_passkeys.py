"""Passkeys and the second step in a real browser, with an authenticator that it plays itself."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Device, User
from tests import scenes
from tests.accounts.factor_steps import app_code
from tests.browser import steps
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAFETY = "/en/account/veiligheid/"


@pytest.fixture(autouse=True)
def this_site(server: LiveServer, settings: Any) -> Iterator[None]:
    """A passkey belongs to the address of the settings."""
    settings.SITE_URL = server.url
    cache.clear()
    return


def with_authenticator(page: Page) -> Any:
    """Give a browser a key that its holder opens, as a telephone with a finger on it does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session, made["authenticatorId"]


def sign_out(page: Page) -> None:
    page.goto("/en/account/uitloggen/")
    steps.press(page, "Sign out")
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def enter(page: Page, email: str) -> None:
    page.goto("/en/account/inloggen/")
    steps.sign_in(page, email)


def test_a_passkey_is_made_and_signs_in_by_itself(visit: Visit) -> None:
    person = scenes.person("Anna")
    page = visit()
    with_authenticator(page)
    enter(page, person.email)
    page.goto(SAFETY)
    steps.press(page, "Add a passkey")
    page.get_by_label("A name for this passkey").fill("My telephone")
    steps.press(page, "Make a passkey")
    steps.heading(page, "Your recovery codes")
    expect(page.locator(".codes li")).to_have_count(10)
    with page.expect_download() as download:
        steps.press(page, "Store them as a file")
    stored = download.value.path().read_text().split("\n")
    assert stored == page.locator(".codes li").all_inner_texts()
    steps.press(page, "I have stored them")
    expect(page.get_by_text("My telephone").first).to_be_visible()

    sign_out(page)
    page.goto("/en/account/inloggen/?next=/en/account/profiel/")
    steps.press(page, "Sign in with a passkey")
    steps.heading(page, "My profile")


def test_a_passkey_is_the_second_step_after_a_code(visit: Visit) -> None:
    person = scenes.person("Bram")
    page = visit()
    with_authenticator(page)
    enter(page, person.email)
    page.goto("/en/account/veiligheid/passkey/")
    steps.press(page, "Make a passkey")
    steps.heading(page, "Your recovery codes")
    sign_out(page)
    enter(page, person.email)
    steps.heading(page, "The second step")
    steps.press(page, "Use your passkey")
    expect(page.get_by_text("My page").first).to_be_visible()


def test_a_browser_without_the_passkey_says_that_it_did_not_work(visit: Visit) -> None:
    page = visit()
    session, authenticator = with_authenticator(page)
    # Whoever cancels, or has no passkey here, is told so by the browser in the same way.
    session.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
    )
    page.goto("/en/account/inloggen/")
    steps.press(page, "Sign in with a passkey")
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_without_scripts_there_is_no_button_that_does_nothing(visit: Visit) -> None:
    person = scenes.person("Cato")
    page = visit(person, javascript=False)
    page.goto("/en/account/profiel/")
    page.get_by_role("link", name="Sign-in and safety").click()
    steps.heading(page, "Sign-in and safety")
    outside = visit(javascript=False)
    outside.goto("/en/account/inloggen/")
    expect(outside.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def test_a_moderator_sets_up_an_app_and_comes_in_with_it_and_with_a_recovery_code(
    visit: Visit, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    moderator: User = scenes.moderator()
    # Without scripts: everything but passkeys works without them.
    page = visit(javascript=False)
    enter(page, moderator.email)
    steps.heading(page, "Sign-in and safety")
    expect(page.get_by_text("Your role needs a second step")).to_be_visible()
    page.goto("/en/moderatie/")
    steps.heading(page, "Sign-in and safety")
    steps.press(page, "Add an app")
    secret = page.locator(".letters").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows now").fill(app_code(secret))
    steps.press(page, "Add this app")
    steps.heading(page, "Your recovery codes")
    codes = page.locator(".codes li").all_inner_texts()
    page.goto("/en/moderatie/")
    expect(page).to_have_url(re.compile("/en/moderatie/$"))

    sign_out(page)
    enter(page, moderator.email)
    steps.heading(page, "The second step")
    page.get_by_label("Code from your app").fill(app_code(secret, steps=1))
    steps.press(page, "Sign in")
    page.goto("/en/moderatie/")
    expect(page).to_have_url(re.compile("/en/moderatie/$"))

    other = visit(javascript=False)
    enter(other, moderator.email)
    other.get_by_label("Code from your app").fill(codes[0])
    steps.press(other, "Sign in")
    expect(other.get_by_text("You used a recovery code.")).to_be_visible()
    assert Device.objects.count() == 2

    page.goto(SAFETY)
    steps.press(page, "Sign out all other devices")
    expect(page.get_by_text("All other devices are signed out.")).to_be_visible()
    other.goto("/en/moderatie/")
    steps.heading(other, "Sign in")
