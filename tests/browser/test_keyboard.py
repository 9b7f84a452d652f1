"""The main tasks with nothing but Tab, Enter, Space and the arrows."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from ideas.models import Initiative, Support
from tests import scenes
from tests.browser.conftest import Visit
from tests.browser.steps import TEXT, TITLE, heading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What marks the focus: an outline on the element, on its ::after (cards) or on its label (choices).
MARKED = """() => {
    const one = document.activeElement;
    const drawn = (element, part) => {
        const style = getComputedStyle(element, part);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    const box = one.getBoundingClientRect();
    const label = one.closest('.option');
    return one === document.body ? 'nothing has the focus'
        : !(drawn(one) || drawn(one, '::after') || (label && drawn(label)))
        ? `no outline: ${one.outerHTML.slice(0, 120)}`
        : box.bottom < 0 || box.top > innerHeight ? `out of sight: ${one.outerHTML.slice(0, 120)}`
        : '';
}"""

# What lies on top of the element with the focus: a bar at the bottom of a phone.
HIDDEN = """() => {
    const one = document.activeElement.closest('.option') ?? document.activeElement;
    const box = one.getBoundingClientRect();
    // Of a field of many lines the first one, where typing begins.
    const line = box.top + Math.min(box.height / 2, 24);
    const top = document.elementFromPoint(box.left + box.width / 2, line);
    return top && !one.contains(top) && !top.contains(one)
        ? `${one.outerHTML.slice(0, 80)} is under ${top.outerHTML.slice(0, 80)}` : '';
}"""


def still(visit: Visit, person: User | None = None, *, width: int = 390) -> Page:
    """Open a browser in which nothing moves: what is scrolled to is there at once."""
    return visit(person, width=width, reduced_motion="reduce")


def tab_to(page: Page, words: str, *, most: int = 60) -> None:
    """Press Tab until something with these words has the focus, looking at each stop."""
    for _press in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(MARKED) == ""
        assert page.evaluate(HIDDEN) == ""
        focused = page.evaluate(
            "[document.activeElement.labels?.[0]?.textContent, document.activeElement.textContent]"
            ".filter(Boolean).join(' ')"
        )
        if words in " ".join(focused.split()):
            return
    pytest.fail(f"Tab never came to “{words}”")


def at(page: Page, name: str) -> None:
    heading(page, name)
    page.wait_for_selector("html.js")


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_home_page_to_support(visit: Visit, width: int):
    for number in range(3):
        scenes.initiative(f"A lamp in alley {number}")
    page = still(visit, scenes.person(), width=width)
    page.goto("/en/")
    at(page, "What makes your street better?")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    tab_to(page, "All initiatives")
    page.keyboard.press("Enter")
    at(page, "Initiatives")
    tab_to(page, "A lamp in alley 1")
    page.keyboard.press("Enter")
    at(page, "A lamp in alley 1")
    tab_to(page, "I support this")
    page.keyboard.press("Enter")
    expect(page.locator("#support-said")).to_have_text("Thank you: your support counts.")
    assert page.evaluate(MARKED) == ""
    assert Support.objects.count() == 1


def test_an_idea_is_posted_with_the_keyboard(visit: Visit):
    scenes.area()
    scenes.theme()
    page = still(visit, scenes.person())
    page.goto("/en/initiatieven/nieuw/")
    at(page, "Share an idea")
    tab_to(page, "Tell about it")
    page.keyboard.type(TEXT)
    tab_to(page, "Next: where is it?")
    page.keyboard.press("Enter")

    # A title is missing: the summary has the focus, and its link leads to the field.
    expect(page.get_by_role("group", name="Something is not right yet")).to_be_focused()
    assert page.evaluate(MARKED) == ""
    tab_to(page, "What is your idea?")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What is your idea?")).to_be_focused()
    assert page.evaluate(HIDDEN) == ""
    page.keyboard.type(TITLE)
    page.keyboard.press("Enter")

    at(page, "Where is it?")
    tab_to(page, "In which neighbourhood?")
    page.keyboard.press("ArrowDown")
    tab_to(page, "gezond")
    page.keyboard.press("Space")
    tab_to(page, "Next: who are you?")
    page.keyboard.press("Enter")
    at(page, "Who are you?")
    tab_to(page, "Next: check it")
    page.keyboard.press("Enter")
    at(page, "Is this how you want it?")
    tab_to(page, "Place my idea")
    page.keyboard.press("Space")
    at(page, TITLE)
    assert Initiative.objects.get().text == TEXT


@pytest.mark.parametrize("menu", ["Language:", "My page"])
def test_a_menu_opens_and_closes_with_keys_and_gives_the_focus_back(visit: Visit, menu: str):
    page = still(visit, scenes.person(), width=1280)
    page.goto("/en/")
    at(page, "What makes your street better?")
    tab_to(page, menu)
    page.keyboard.press("Enter")
    fold = page.locator("details[open]")
    expect(fold).to_have_count(1)
    page.keyboard.press("Tab")
    assert page.evaluate(MARKED) == ""
    assert page.evaluate("document.activeElement.closest('.menu__list') !== null")
    page.keyboard.press("Escape")
    expect(fold).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_choice_above_the_list_keeps_the_focus(visit: Visit):
    scenes.area()
    scenes.initiative("A lamp in the alley", where=scenes.area("elders"))
    page = still(visit)
    page.goto("/en/initiatieven/")
    at(page, "Initiatives")
    tab_to(page, "Neighbourhood")
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**area=testwijk**")
    expect(page.locator("#list-count")).to_contain_text("No initiatives found")
    expect(page.get_by_label("Neighbourhood")).to_be_focused()
