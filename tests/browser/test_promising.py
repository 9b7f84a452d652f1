"""The programme office promises, and a resident sees the clock: from the answer to what is late."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from ideas.models import Milestone, OfficialAnswer
from tests import scenes
from tests.browser.conftest import Visit
from tests.browser.steps import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def in_days(days: int) -> str:
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_office_answers_plans_and_moves_and_everybody_sees_the_clock(
    visit: Visit, javascript: bool
):
    idea = scenes.initiative("A bench on the square")
    page = visit(scenes.granted(Role.PROGRAMME_OFFICE), javascript=javascript)
    page.goto(f"/en/initiatieven/{idea.pk}-{idea.address_slug}/")

    press(page, "Write the answer")
    page.get_by_label("We are going to do this", exact=True).check()
    page.get_by_label("Explain it to the neighbourhood").fill("We place **two** benches.")
    press(page, "See how it will look")
    expect(page.get_by_text("It is not on the site yet.")).to_be_visible()
    expect(page.locator("#antwoord")).to_contain_text("We place two benches.")
    assert not OfficialAnswer.objects.exists()
    # What was seen is mended before it stands there.
    page.get_by_label("Explain it to the neighbourhood").fill("We place three benches.")
    press(page, "Put the answer on the site")
    expect(page.locator("#antwoord")).to_contain_text("We place three benches.")

    press(page, "Plan a milestone")
    page.get_by_label("What happens?").fill("The benches are ordered")
    page.get_by_label("Before the end of which day?").fill(in_days(12))
    press(page, "Put the milestone on the site")
    expect(page.get_by_text(": 12 days to go.")).to_be_visible()

    page.get_by_role("link", name=re.compile("Change ?: The benches are ordered")).click()
    page.get_by_label("Before the end of which day?").fill(in_days(30))
    press(page, "Let everybody see it")
    expect(page.get_by_text("Tell the neighbourhood why.").first).to_be_visible()
    page.get_by_label("Why is it different").fill("The wood comes later.")
    press(page, "Let everybody see it")

    resident = visit(scenes.person(), javascript=javascript)
    resident.goto(f"/en/initiatieven/{idea.pk}-{idea.address_slug}/")
    expect(resident.get_by_text(": 30 days to go.")).to_be_visible()
    expect(resident.get_by_text("The wood comes later.")).to_be_visible()
    # Days pass, and nobody did it.
    Milestone.objects.update(planned_date=timezone.localdate() - datetime.timedelta(days=3))
    resident.goto("/en/beloftes/?state=late")
    expect(resident.get_by_text("that is 3 days ago, and it is not there yet.")).to_be_visible()
    press(resident, "A bench on the square")
    expect(resident.get_by_text("not done yet.", exact=False).first).to_be_visible()


def test_the_list_follows_the_choices_and_a_keyboard_reaches_all_of_it(visit: Visit):
    idea = scenes.initiative("A bench on the square")
    officer = scenes.granted(Role.PROGRAMME_OFFICE)
    page = visit(officer)
    page.goto(f"/en/initiatieven/{idea.pk}-{idea.address_slug}/antwoord/")
    page.get_by_label("Not now, later").focus()
    page.keyboard.press("Space")
    page.get_by_label("Before the end of which day is there a new answer?").fill(in_days(9))
    page.get_by_label("Explain it to the neighbourhood").fill("There is no money yet.")
    page.get_by_role("button", name="Put the answer on the site").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The answer is on the site.")).to_be_visible()

    page.goto("/en/opvolging/")
    page.evaluate("window.stayed = true")
    state = page.get_by_label("State")
    state.select_option("late")
    expect(page.get_by_text("Nothing that was promised fits these choices.")).to_be_visible()
    expect(state).to_have_value("late")
    state.select_option("due")
    expect(page.get_by_text(": 9 days to go.")).to_be_visible()
    assert page.evaluate("window.stayed")
    # The file goes along with the choices.
    link = page.get_by_role("link", name="As a file for a spreadsheet (CSV)")
    expect(link).to_have_attribute("href", "/en/opvolging/lijst.csv?state=due")
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("As a file"):
            break
    else:
        pytest.fail("The keyboard does not reach the file.")
