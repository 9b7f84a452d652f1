"""A published idea is changed: its author, a moderator, and what both read afterwards."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from contributions.models import Revision
from ideas.models import Initiative
from tests import scenes
from tests.browser.conftest import Visit
from tests.browser.steps import heading, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

with_and_without_scripts = pytest.mark.parametrize("javascript", [True, False])
FAR = "There is a wall, a tree and a road beside it, and nobody who comes by can rest. " * 4


@pytest.fixture
def idea() -> Initiative:
    return scenes.initiative(
        "A bench on the square",
        author=scenes.person("Zoë Verzonnen"),
        text=f"We need a bench.\n\n{FAR}\n\nMy mother can sit on it.",
    )


def change(page: Page, idea: Initiative, text: str) -> None:
    page.goto(f"/en/initiatieven/{idea.pk}-{idea.slug}/")
    page.get_by_role("link", name="Change my idea").click()
    page.get_by_label("Tell about it").fill(text)
    press(page, "Send my change")


def opened(page: Page, summary: str) -> None:
    """Open a fold-out from the keyboard."""
    fold = page.locator("summary", has_text=summary).first
    fold.focus()
    expect(fold).to_be_focused()
    page.keyboard.press("Enter")


def reads(page: Page, *, gone: str, come: str) -> None:
    """See a difference in its two signs, and in the words for who sees neither."""
    taken, brought = page.locator("del", has_text=gone), page.locator("ins", has_text=come)
    expect(taken.last).to_be_visible()
    expect(brought.last).to_be_visible()
    assert "line-through" in taken.last.evaluate("one => getComputedStyle(one).textDecorationLine")
    assert "underline" in brought.last.evaluate("one => getComputedStyle(one).textDecorationLine")
    expect(taken.last).to_contain_text("removed:")
    expect(brought.last).to_contain_text("added:")


@with_and_without_scripts
def test_a_change_is_read_as_a_difference_from_its_author_to_the_history(
    visit: Visit, idea: Initiative, javascript: bool
):
    author = visit(idea.author, javascript=javascript, width=320)
    change(author, idea, idea.text.replace("a bench", "two lamps"))
    opened(author, "See what your change alters")
    reads(author, gone="a bench", come="two lamps")

    moderator = visit(
        scenes.granted(Role.MODERATOR, user=scenes.person("Mila Moderator")),
        javascript=javascript,
        width=1280,
    )
    moderator.goto("/en/moderatie/")
    moderator.get_by_role("link", name="A bench on the square").click()
    heading(moderator, "A bench on the square")
    reads(moderator, gone="a bench", come="two lamps")
    # What stayed is folded, and a key opens it.
    fold = moderator.locator(".difference__fold").first
    expect(fold.locator("div")).to_be_hidden()
    opened(moderator, "words that stay the same")
    expect(fold.locator("div")).to_be_visible()
    press(moderator, "Take the change over")
    heading(moderator, "Review")
    idea.refresh_from_db()
    assert "two lamps" in idea.text

    moderator.goto(f"/en/bericht/{idea.dossier_id}/geschiedenis/")
    for who in ("Zoë Verzonnen", "Mila Moderator"):
        expect(moderator.get_by_text(who).first).to_be_visible()
    author.goto(f"/en/initiatieven/{idea.pk}-x/")
    author.get_by_role("link", name="History of this text").click()
    heading(author, "History")
    expect(author.get_by_text("A moderator", exact=True).first).to_be_visible()
    expect(author.get_by_text("Mila Moderator")).to_have_count(0)
    expect(author.locator("time").first).to_be_visible()
    opened(author, "See what changes")
    reads(author, gone="a bench", come="two lamps")


@with_and_without_scripts
def test_two_windows_at_once_lose_no_word(visit: Visit, idea: Initiative, javascript: bool):
    phone = visit(idea.author, javascript=javascript, width=320)
    computer = visit(idea.author, javascript=javascript, width=1280)
    for page in (phone, computer):
        page.goto(f"/en/initiatieven/{idea.pk}-{idea.slug}/wijzigen/")
    phone.get_by_label("Tell about it").fill("We need a lamp.")
    press(phone, "Send my change")
    computer.get_by_label("Tell about it").fill("We need a swing.")
    press(computer, "Send my change")

    expect(computer.get_by_role("group", name="This text was changed in another")).to_be_visible()
    reads(computer, gone="lamp", come="swing")
    expect(computer.get_by_label("Tell about it")).to_have_value("We need a swing.")
    computer.get_by_role("button", name="Go on with what I wrote").click()

    computer.wait_for_url(f"**/initiatieven/{idea.pk}-*/")
    waiting = Revision.objects.get(state="waiting")
    assert waiting.data["text"] == "We need a swing."
    assert Revision.objects.get(state="dropped").data["text"] == "We need a lamp."


def test_who_takes_what_stands_there_gets_it_and_not_what_the_browser_kept(
    visit: Visit, idea: Initiative
):
    phone, computer = visit(idea.author), visit(idea.author, width=1280)
    for page in (phone, computer):
        page.goto(f"/en/initiatieven/{idea.pk}-{idea.slug}/wijzigen/")
        page.wait_for_selector("html.js")
    phone.get_by_label("Tell about it").fill("We need a lamp.")
    press(phone, "Send my change")
    computer.get_by_label("Tell about it").fill("We need a swing.")
    press(computer, "Send my change")
    computer.get_by_role("link", name="Take what stands there now").click()

    computer.wait_for_url("**?opnieuw")
    computer.wait_for_selector("html.js")
    expect(computer.get_by_label("Tell about it")).to_have_value("We need a lamp.")
