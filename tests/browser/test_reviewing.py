"""A moderator at work, with forty texts to go."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Role
from contributions.models import Decision, Dossier, HouseRule, Status
from ideas.models import Initiative
from tests import scenes
from tests.browser.conftest import Visit
from tests.browser.steps import heading, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

with_and_without_scripts = pytest.mark.parametrize("javascript", [True, False])


@pytest.fixture
def waiting() -> Initiative:
    return scenes.initiative("A lamp in the alley", status=Status.SUBMITTED)


def open_item(page: Page, title: str = "A lamp in the alley") -> None:
    page.goto("/en/moderatie/")
    page.get_by_role("link", name=title).click()
    heading(page, title)


def state(of: Initiative) -> str:
    of.refresh_from_db()
    return str(of.status)


@with_and_without_scripts
def test_a_text_is_published_with_one_press(visit: Visit, waiting: Initiative, javascript: bool):
    page = visit(scenes.moderator(), javascript=javascript, width=1280)
    open_item(page)
    press(page, "Publish")

    heading(page, "Review")
    expect(page.get_by_text("Everything is read")).to_be_visible()
    assert state(waiting) == Status.PUBLISHED


def test_the_queue_is_worked_through_from_the_keyboard(visit: Visit, waiting: Initiative):
    second = scenes.initiative("A slide in the park", status=Status.SUBMITTED)
    page = visit(scenes.moderator(), width=1280)
    page.goto("/en/moderatie/")
    page.wait_for_selector("html.js")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="A lamp in the alley")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    heading(page, "A slide in the park")
    page.wait_for_selector("html.js")
    page.keyboard.press("p")
    page.keyboard.press("Enter")

    heading(page, "Review")
    assert (state(waiting), state(second)) == (Status.SUBMITTED, Status.PUBLISHED)


@with_and_without_scripts
def test_a_text_goes_back_with_what_to_change(visit: Visit, waiting: Initiative, javascript: bool):
    page = visit(scenes.moderator(), javascript=javascript, width=1280)
    open_item(page)
    if javascript:
        page.wait_for_selector("html.js")
        page.keyboard.press("t")
        reason = page.get_by_label("Explanation for the author").first
        expect(page.get_by_role("group").locator(":focus")).to_be_visible()
    else:
        page.locator("summary", has_text="Send back with an explanation").click()
        reason = page.get_by_label("Explanation for the author").first
    # First without a word: the page says what is missing, and the fold-out stays open.
    press(page, "Send back with an explanation")
    expect(page.get_by_role("group", name="Something is not right yet")).to_be_focused()
    expect(reason).to_be_visible()
    reason.fill("Which alley is it? Please add the street.")
    press(page, "Send back with an explanation")

    heading(page, "Review")
    assert state(waiting) == Status.RETURNED
    assert waiting.author is not None
    author = visit(waiting.author)
    author.goto(waiting.get_absolute_url())
    expect(author.get_by_role("main")).to_contain_text("Which alley is it?")


@with_and_without_scripts
def test_a_text_is_rejected_under_a_house_rule(visit: Visit, waiting: Initiative, javascript: bool):
    rule = scenes.house_rule()
    page = visit(scenes.moderator(), javascript=javascript, width=1280)
    open_item(page)
    fold = page.locator("details", has=page.locator("summary", has_text="Reject"))
    fold.locator("summary").first.click()
    fold.get_by_label("House rule").select_option(str(HouseRule.objects.get(pk=rule.pk)))
    fold.get_by_label("Explanation for the author").fill("You call your neighbours names.")
    fold.get_by_role("button", name="Reject").click()

    heading(page, "Review")
    assert state(waiting) == Status.REJECTED
    assert Decision.objects.latest("pk").rule == rule


def test_letters_typed_into_an_explanation_decide_nothing(visit: Visit, waiting: Initiative):
    page = visit(scenes.moderator(), width=1280)
    open_item(page)
    page.wait_for_selector("html.js")
    page.keyboard.press("t")
    page.get_by_label("Explanation for the author").first.focus()
    page.keyboard.type("apt jk")
    assert page.get_by_label("Explanation for the author").first.input_value() == "apt jk"
    assert state(waiting) == Status.SUBMITTED


def tab_to(page: Page, what: Locator) -> None:
    """Press Tab until something has the focus, as somebody without a mouse does."""
    for _key in range(60):
        if what.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not come to {what}")


def test_the_queue_is_cleared_with_the_keyboard_alone(visit: Visit, waiting: Initiative):
    reader = scenes.moderator()
    rude = scenes.initiative("You are all stupid", status=Status.SUBMITTED)
    vague = scenes.initiative("Something somewhere", status=Status.SUBMITTED)
    scenes.house_rule()
    page = visit(reader, width=1280)

    def open_first(title: str) -> None:
        page.wait_for_selector("html.js")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        heading(page, title)
        page.wait_for_selector("html.js")

    page.goto("/en/moderatie/")
    open_first("A lamp in the alley")
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    heading(page, "Review")
    # A slip: it comes back, and goes once more.
    page.wait_for_selector("html.js")
    page.keyboard.press("u")
    page.keyboard.press("Enter")
    heading(page, "A lamp in the alley")
    assert state(waiting) == Status.SUBMITTED
    page.wait_for_selector("html.js")
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    heading(page, "Review")

    open_first("You are all stupid")
    page.keyboard.press("a")
    fold = page.locator("details[open]", has=page.locator("summary[data-key='a']"))
    tab_to(page, fold.get_by_label("House rule"))
    page.keyboard.press("ArrowDown")
    tab_to(page, fold.get_by_label("Explanation for the author"))
    page.keyboard.type("You call your neighbours names.")
    tab_to(page, fold.get_by_role("button", name="Reject"))
    page.keyboard.press("Enter")
    heading(page, "Review")

    open_first("Something somewhere")
    page.keyboard.press("t")
    fold = page.locator("details[open]", has=page.locator("summary[data-key='t']"))
    tab_to(page, fold.get_by_label("Explanation for the author"))
    page.keyboard.type("Which street?")
    tab_to(page, fold.get_by_role("button", name="Send back with an explanation"))
    page.keyboard.press("Enter")
    heading(page, "Review")

    # The names of who wrote it stood there at once, and are read after.
    while page.locator("[data-queue-item]").count():
        page.wait_for_selector("html.js")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-key='p']")
        page.wait_for_selector("html.js")
        page.keyboard.press("p")
        page.keyboard.press("Enter")
        heading(page, "Review")
    assert [state(one) for one in (waiting, rude, vague)] == [
        Status.PUBLISHED,
        Status.REJECTED,
        Status.RETURNED,
    ]
    assert not Dossier.objects.waiting().exists()


@with_and_without_scripts
def test_a_colleague_sees_who_is_reading_a_text(
    visit: Visit, waiting: Initiative, javascript: bool
):
    first, second = (
        scenes.granted(Role.MODERATOR, user=scenes.person(name)) for name in ("Mo", "Noor")
    )
    page = visit(first, javascript=javascript, width=1280)
    open_item(page)
    if not javascript:
        page.get_by_role("button", name="Start reading").click()
    expect(page.get_by_text("You have this text to yourself until")).to_be_visible()

    other = visit(second, javascript=javascript, width=1280)
    other.goto("/en/moderatie/")
    expect(other.get_by_text("Mo is reading this until")).to_be_visible()
    open_item(other)
    expect(other.get_by_text("A colleague is deciding about it now.")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    other.reload()
    expect(other.get_by_role("button", name="Publish")).to_be_visible()
