"""One tap, and the page says what now happens."""

import pytest
from playwright.sync_api import Page, expect

from ideas.models import Initiative, Support
from tests import scenes
from tests.browser.conftest import Visit
from tests.browser.steps import heading, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def initiative() -> Initiative:
    return scenes.initiative("A lamp in the alley")


def address(of: Initiative) -> str:
    return f"/en/initiatieven/{of.pk}-{of.address_slug}/"


def count(page: Page) -> str:
    return page.locator("#support-box .big-number").inner_text()


def test_the_count_changes_where_one_stands(visit: Visit, initiative: Initiative):
    page = visit(scenes.person(), width=1280)
    page.goto(address(initiative))
    page.evaluate("window.stayed = true")
    page.locator("#support-box").get_by_role("button", name="I support this").click()

    box = page.locator("#support-box")
    expect(box).to_contain_text("You support this. Thank you!")
    assert count(page) == "1"
    # Said to who does not see it, and the focus is where the hand was.
    expect(page.locator("#support-said")).to_have_text("Thank you: your support counts.")
    expect(page.locator("#support-said")).to_have_attribute("role", "status")
    expect(box.get_by_role("button", name="Take my support back")).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.locator("#support-said")).to_have_text("You took your support back.")
    expect(box.get_by_role("button", name="I support this")).to_be_focused()
    assert count(page) == "0"
    assert page.evaluate("window.stayed")
    assert not Support.objects.exists()


def test_the_bar_of_a_phone_and_the_box_agree(visit: Visit, initiative: Initiative):
    page = visit(scenes.person())
    page.goto(address(initiative))
    bar = page.locator("#support-bar")
    bar.get_by_role("button", name="I support this").click()

    expect(bar).to_contain_text("You support this. Thank you!")
    assert count(page) == "1"
    # The button that was pressed is gone: the focus is not lost with it.
    expect(bar.get_by_role("link", name="Change")).to_be_focused()


def test_support_needs_no_scripts(visit: Visit, initiative: Initiative):
    page = visit(scenes.person(), javascript=False, width=1280)
    page.goto(address(initiative))
    press(page, "I support this")
    expect(page.get_by_role("status").first).to_contain_text("Thank you: your support counts.")
    assert count(page) == "1"
    press(page, "Take my support back")
    expect(page.get_by_role("status").first).to_contain_text("You took your support back.")
    assert count(page) == "0"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visitor_signs_in_and_comes_back_to_support(
    visit: Visit, initiative: Initiative, javascript: bool
):
    page = visit(javascript=javascript)
    page.goto(address(initiative))
    press(page, "I support this")
    heading(page, "Do you support this idea?")
    press(page, "Go on with my e-mail address")
    sign_in(page)
    heading(page, "Do you support this idea?")
    press(page, "I support this")

    heading(page, "A lamp in the alley")
    expect(page.locator("#support-box")).to_contain_text("You support this. Thank you!")
    assert Support.objects.get().person.email == "fatima@buurten.example"


def test_who_is_offline_is_told_so_and_tries_again(visit: Visit, initiative: Initiative):
    page = visit(scenes.person(), width=1280, may_complain=True)
    page.goto(address(initiative))
    button = page.locator("#support-box").get_by_role("button", name="I support this")
    blocked = "**/steun/"
    page.route(blocked, lambda route: route.fulfill(status=500))
    button.click()
    alert = page.get_by_role("alert")
    expect(alert).to_have_text("That did not work. Look whether you are online, and try again.")
    page.unroute(blocked)
    button.click()
    expect(page.locator("#support-box")).to_contain_text("You support this. Thank you!")
    expect(alert).to_have_count(0)


def test_the_session_that_is_over_leads_to_the_sign_in_and_not_into_the_box(
    visit: Visit, initiative: Initiative
):
    page = visit(scenes.person(), width=1280)
    page.goto(address(initiative))
    page.context.clear_cookies(name="sessionid")
    page.locator("#support-box").get_by_role("button", name="I support this").click()
    heading(page, "Sign in")
