"""Posting an idea as people do it: on a telephone, with scripts and without."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from contributions.models import Picture, Status
from ideas.models import Initiative
from tests import scenes
from tests.browser.conftest import Visit
from tests.browser.steps import (
    TEXT,
    TITLE,
    heading,
    photo,
    press,
    sign_in,
    tell_what,
    tell_where,
    tell_who,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

with_and_without_scripts = pytest.mark.parametrize("javascript", [True, False])


@pytest.fixture(autouse=True)
def neighbourhood(db: None) -> None:
    scenes.area()
    scenes.theme()


@with_and_without_scripts
def test_a_visitor_posts_an_idea_in_three_steps(visit: Visit, javascript: bool):
    page = visit(javascript=javascript)
    page.goto("/en/")
    press(page, "Share an idea")
    tell_what(page)
    page.get_by_label("Picture 1").set_input_files(photo())
    page.get_by_label("What can be seen in it?").first.fill("An empty square")
    press(page, "Next: where is it?")
    tell_where(page)
    press(page, "Next: who are you?")
    tell_who(page)
    press(page, "Next: check it")
    heading(page, "Is this how you want it?")
    expect(page.get_by_alt_text("An empty square")).to_be_visible()
    press(page, "Go on with my e-mail address")
    sign_in(page)
    heading(page, "Is this how you want it?")
    expect(page.get_by_role("article")).to_contain_text(TEXT)
    press(page, "Place my idea")

    expect(page.get_by_role("status").first).to_contain_text("We have received your idea")
    placed = Initiative.objects.get()
    assert (placed.title, placed.status) == (TITLE, Status.SUBMITTED)
    assert placed.author is not None
    assert placed.author.public_name == "Fatima"
    assert Picture.objects.get().description == "An empty square"
    if javascript:
        page.wait_for_function("Object.keys(localStorage).length === 0")


@with_and_without_scripts
def test_an_error_takes_nothing_away_and_says_what_to_do(visit: Visit, javascript: bool):
    page = visit(javascript=javascript)
    page.goto("/en/initiatieven/nieuw/")
    page.get_by_label("Tell about it").fill(TEXT)
    press(page, "Next: where is it?")

    summary = page.get_by_role("group", name="Something is not right yet")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text("What is your idea? Please fill this in.")
    assert page.get_by_label("Tell about it").input_value() == TEXT
    title = page.get_by_label("What is your idea?")
    expect(title).to_have_attribute("aria-invalid", "true")
    summary.get_by_role("link").click()
    if javascript:
        expect(title).to_be_focused()
    title.fill(TITLE)
    press(page, "Next: where is it?")
    heading(page, "Where is it?")


@with_and_without_scripts
def test_the_way_back_shows_what_was_told(visit: Visit, javascript: bool):
    page = visit(javascript=javascript)
    page.goto("/en/initiatieven/nieuw/")
    tell_what(page)
    press(page, "Next: where is it?")
    tell_where(page)
    page.get_by_label("Which street or place?").fill("by the fountain")
    press(page, "Next: who are you?")
    tell_who(page)

    page.go_back()
    heading(page, "Where is it?")
    expect(page.get_by_label("Which street or place?")).to_have_value("by the fountain")
    press(page, "Back")
    heading(page, "Share an idea")
    expect(page.get_by_label("Tell about it")).to_have_value(TEXT)


WRITTEN = "A text that took me all evening."


@with_and_without_scripts
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_text_arrives_although_the_session_is_over(
    visit: Visit, signed_in: bool, javascript: bool
):
    page = visit(scenes.person() if signed_in else None, javascript=javascript)
    page.goto("/en/initiatieven/nieuw/")
    tell_what(page)
    press(page, "Next: where is it?")
    heading(page, "Where is it?")
    press(page, "Back")
    heading(page, "Share an idea")
    Session.objects.all().delete()
    page.get_by_label("Tell about it").fill(WRITTEN)
    press(page, "Next: where is it?")

    heading(page, "Where is it?")
    assert Initiative.objects.latest("pk").text == WRITTEN
    if javascript:
        page.wait_for_function("Object.keys(localStorage).length === 0")


def test_what_was_not_sent_comes_back_after_the_session_is_over(visit: Visit):
    page = visit(may_complain=True)
    page.goto("/en/initiatieven/nieuw/")
    tell_what(page)
    press(page, "Next: where is it?")
    heading(page, "Where is it?")
    press(page, "Back")
    heading(page, "Share an idea")
    Session.objects.all().delete()
    page.get_by_label("Tell about it").fill(WRITTEN)
    expect(page.get_by_text("Kept on this device.")).to_be_visible()

    page.goto("/en/initiatieven/nieuw/")
    expect(page.get_by_label("Tell about it")).to_have_value(WRITTEN)
    expect(page.get_by_label("What is your idea?")).to_have_value(TITLE)
    expect(page.get_by_text("What you typed before is back.")).to_be_visible()


def test_a_change_comes_back_when_somebody_is_signed_in_again(visit: Visit):
    neighbour = scenes.person("Anna")
    initiative = scenes.initiative(author=neighbour)
    page = visit(neighbour)
    page.goto(f"/en/initiatieven/{initiative.pk}-{initiative.address_slug}/wijzigen/")
    heading(page, "Change your idea")
    Session.objects.all().delete()
    page.get_by_label("Tell about it").fill(WRITTEN)
    press(page, "Send my change")
    sign_in(page, neighbour.email)

    heading(page, "Change your idea")
    expect(page.get_by_label("Tell about it")).to_have_value(WRITTEN)


def test_a_field_that_nobody_filled_in_yet_looks_like_any_other(visit: Visit):
    page = visit()
    page.goto("/en/initiatieven/nieuw/")
    language, text = page.get_by_label("Language of your text"), page.get_by_label("Tell about it")

    def border(of: object) -> str:
        return str(of.evaluate("field => getComputedStyle(field).borderTopColor"))  # type: ignore[attr-defined]

    assert border(text) == border(language)
    text.focus()
    focused = border(text)
    press(page, "Next: where is it?")
    expect(page.get_by_role("group", name=re.compile("not right"))).to_be_visible()
    assert border(text) not in (border(language), focused)
