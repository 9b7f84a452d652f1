"""An office writes for everybody, and hears while it writes how plain that is."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from contributions.models import HardText, PolicyWord
from ideas.models import OfficialAnswer
from tests import scenes
from tests.browser.conftest import Visit
from tests.contributions.test_plain import EASY, HARD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHY = "These are the words of the law."


def test_the_hint_follows_what_is_typed_and_the_reason_stays(visit: Visit):
    PolicyWord.objects.create(language="nl", word="conform", instead="volgens")
    initiative = scenes.initiative()
    page = visit(scenes.granted(Role.PROGRAMME_OFFICE))
    page.goto(f"{initiative.get_absolute_url()}antwoord/".replace("/nl/", "/en/"))
    text, reason = page.get_by_label("Explain it"), page.get_by_label("Why must it be hard")
    verdict = page.locator("#plain-verdict")
    expect(reason).to_have_count(0)
    expect(page.get_by_role("button", name="Look how easy")).to_have_count(0)

    # Recognising a language for the first time takes a while.
    page.get_by_label("Language of the answer").select_option("nl")
    text.fill(HARD["nl"])
    expect(verdict).to_have_text("Very hard to read.", timeout=20_000)
    expect(page.locator("#plain-found")).to_contain_text("Conform → volgens")
    reason.fill(WHY)
    text.press("End")
    text.press_sequentially(" Middels")
    expect(page.locator("#plain-found")).to_contain_text("Who does it?")
    expect(reason).to_have_value(WHY)

    text.fill(EASY["nl"])
    expect(verdict).to_have_text("Easy to read.")
    expect(reason).to_have_count(0)
    text.fill(HARD["nl"])
    expect(reason).to_have_value(WHY)
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Put the answer on the site").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(initiative.title)
    assert HardText.objects.get().reason == WHY
    assert OfficialAnswer.objects.get().text == HARD["nl"]


def test_without_scripts_a_button_tells_the_same(visit: Visit):
    scenes.measured(51.4)
    page = visit(scenes.granted(Role.PROGRAMME_OFFICE), javascript=False)
    page.goto("/en/wijk/testwijk/rondkomen/antwoord/")
    page.get_by_label("What did we hear?").fill(HARD["nl"])
    page.get_by_role("button", name="Look how easy it is to read").click()

    expect(page.locator("#plain-verdict")).to_have_text("Very hard to read.")
    expect(page.get_by_label("What did we hear?")).to_have_value(HARD["nl"])
    expect(page.get_by_label("Why must it be hard to read?")).to_be_visible()
    expect(page.locator("[data-error-summary]")).to_have_count(0)
