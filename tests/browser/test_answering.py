"""Answering beside a figure, where one stands, with and without scripts and an account."""

import pytest
from playwright.sync_api import expect

from areas.models import Area
from feedback.models import Experience, Remark
from tests import scenes
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/en/wijk/testwijk/"


@pytest.fixture(autouse=True)
def figure() -> None:
    city = Area.objects.create(slug="stad", name="Stad", kind=Area.Kind.MUNICIPALITY)
    scenes.area(parent=city)
    scenes.measured(51.4)
    scenes.measured(30.8, where=city)


def test_one_tap_counts_where_one_stands_and_the_focus_stays(visit: Visit):
    page = visit(scenes.person())
    page.goto(PAGE)
    page.evaluate("window.stayed = true")
    panel = page.locator("#cijfer-rondkomen")
    panel.get_by_role("button", name="Yes").press("Enter")

    expect(panel.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    expect(panel.get_by_role("button", name="Yes")).to_be_focused()
    expect(page.locator("#answer-said")).to_have_text("Thank you: your answer counts.")
    panel.get_by_role("button", name="Worse").click()
    expect(panel.get_by_role("button", name="Worse")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.stayed")
    row = Experience.objects.get()
    assert (row.recognition, row.trend) == ("yes", "worse")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visitor_answers_without_an_account(visit: Visit, javascript: bool):
    page = visit(javascript=javascript)
    page.goto(PAGE)
    page.locator("#cijfer-rondkomen").get_by_role("button", name="No", exact=True).click()
    button = page.locator("#cijfer-rondkomen").get_by_role("button", name="No", exact=True)
    expect(button).to_have_attribute("aria-pressed", "true")
    page.goto(PAGE)
    expect(button).to_have_attribute("aria-pressed", "true")
    assert Experience.objects.get().person is None


def test_a_resident_tells_more_with_a_picture_and_makes_it_an_idea(visit: Visit):
    page = visit(scenes.person("Anna"), javascript=False)
    page.goto(f"{PAGE}rondkomen/")
    page.get_by_role("link", name="Tell more").click()
    page.get_by_label("A little").check()
    page.get_by_label("What do you see in your street?").fill("People put things back.")
    page.get_by_role("button", name="Place my text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What you told")
    assert Remark.objects.get().experience

    page.get_by_role("button", name="Make it an idea").click()
    expect(page.get_by_label("Tell about it")).to_have_value("People put things back.")
    page.get_by_label("What is your idea?").fill("A cupboard with food")
    page.get_by_role("button", name="Next: where is it?").click()
    expect(page.get_by_label("This idea is about the figure")).to_be_checked()
