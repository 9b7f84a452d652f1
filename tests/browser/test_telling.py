"""A messenger writes down what somebody tells, without a line; the slip does the rest."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from contributions.models import AssistedSession, Status, Telling
from ideas.models import Initiative, Support
from tests import scenes, talks
from tests.browser.conftest import Visit
from tests.browser.steps import heading, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def neighbourhood(db: None, settings: object) -> None:
    settings.ASSISTED_CHECK_SHARE = 0  # type: ignore[attr-defined]
    scenes.area()
    scenes.theme()
    scenes.house_rule()


def fill_in(page: Page, title: str = talks.TITLE) -> None:
    page.get_by_label("What is the idea, in one line?").fill(title)
    page.get_by_label("What does the person tell?").fill(talks.TEXT)
    page.get_by_label("gezond").check()
    page.get_by_label("First name").fill("Ileana")
    page.get_by_label("The person says that they are 16 or older").check()
    page.get_by_label("I asked this person aloud").check()


def opened(page: Page) -> None:
    page.goto("/en/gesprekken/")
    press(page, "Open a talk")
    heading(page, "Open a talk")
    page.get_by_label("Where are you?").fill("The table in the library")
    page.get_by_label("In which language do people tell?").select_option("ro")
    page.get_by_label("In which neighbourhood?").select_option(label="Testwijk")
    press(page, "Open the talk")
    heading(page, "The table in the library")


def kept(page: Page) -> int:
    return int(page.evaluate("Object.keys(localStorage).length"))


def in_dutch(page: Page, told: Initiative) -> None:
    """Let a contact person say in Dutch what somebody told in Romanian."""
    page.goto(f"/en/vertaling/{told.dossier_id}/schrijven/?taal=nl")
    heading(page, "Translate this text")
    page.get_by_label("Title").fill("Een tafel in het park")
    page.get_by_label("Story").fill("In het park kunnen we nergens samen eten.")
    press(page, "Send my translation")


def test_what_is_told_without_a_line_arrives_once_and_belongs_to_who_told_it(visit: Visit):
    messenger, reader = talks.messenger(), scenes.moderator(language="ro")
    page = visit(messenger, may_complain=True)
    opened(page)

    page.context.set_offline(True)
    fill_in(page)
    press(page, "Write it down")
    box = page.locator("[data-kept-entries]")
    expect(box).to_contain_text("Kept on this device")
    expect(box).to_contain_text(talks.TITLE)
    # For the next person.
    expect(page.get_by_label("What does the person tell?")).to_have_value("")
    assert not Initiative.objects.exists()

    page.context.set_offline(False)
    expect(box.get_by_role("link", name="Show the slip")).to_be_visible()
    expect(page.locator("[data-kept-status]")).to_have_text("It is in.")
    assert kept(page) == 0
    told = Initiative.objects.get()
    assert (told.language, told.text, told.entered_by) == ("ro", talks.TEXT, messenger)
    box.get_by_role("link", name="Show the slip").click()
    heading(page, "A slip for who told it")
    slip = page.locator(".slip")
    expect(slip).to_have_attribute("lang", "ro")
    code = re.sub(r"\D", "", slip.locator(".slip__digits").inner_text())
    assert len(code) == 12

    review = visit(reader, width=1280)
    review.goto(f"/en/moderatie/{told.dossier_id}/")
    expect(review.get_by_role("main")).to_contain_text("A new contact person")
    press(review, "Publish")
    heading(review, "Review")
    told.refresh_from_db()
    assert told.status == Status.PUBLISHED

    in_dutch(visit(talks.messenger(language="nl")), told)
    neighbour = visit(scenes.person(), width=1280)
    neighbour.goto(told.get_absolute_url().replace("/en/", "/nl/"))
    heading(neighbour, "Een tafel in het park")
    main = neighbour.get_by_role("main")
    expect(main).to_contain_text("Vertaald door een contactpersoon in jouw taal.")
    expect(neighbour.locator("#story")).to_have_attribute("lang", "nl")
    main.get_by_text("Lees het origineel").click()
    expect(main.locator("details [lang=ro].prose").last).to_contain_text(talks.TEXT[:20])
    neighbour.locator("#support-box").get_by_role("button", name="Ik steun dit").click()
    expect(neighbour.locator("#support-box")).to_contain_text("Je steunt dit")
    assert Support.objects.get().initiative == told

    mine = visit()
    mine.goto(f"/en/bewijsje/{code}/")
    press(mine, "Show what I told")
    heading(mine, "What you told")
    press(mine, "Take it into my account")
    sign_in(mine, "ileana@buurten.example")
    heading(mine, "Take it into your account?")
    press(mine, "Yes, it is mine")
    heading(mine, talks.TITLE)
    told.refresh_from_db()
    assert told.author == User.objects.get(email="ileana@buurten.example")
    assert Telling.objects.get().claimed_by == told.author
    expect(mine.get_by_role("main")).to_contain_text("Told to messenger, contact person")


def test_an_entry_survives_a_closed_page_and_a_server_that_answers_twice(visit: Visit):
    page = visit(talks.messenger(), may_complain=True)
    opened(page)
    address = page.url
    # It arrives, and its answer is lost on the way.
    page.route(
        address,
        lambda route: (
            (route.fetch(), route.abort()) if route.request.method == "POST" else route.continue_()
        ),
    )
    fill_in(page)
    press(page, "Write it down")
    expect(page.locator("[data-kept-status]")).to_have_text(re.compile("Kept on this device"))
    assert Initiative.objects.count() == 1
    assert kept(page) == 1

    page.unroute(address)
    page.goto("/en/gesprekken/")
    box = page.locator("[data-kept-entries]")
    expect(box.get_by_role("link", name="Show the slip")).to_be_visible()
    assert Initiative.objects.count() == 1
    assert kept(page) == 0


def test_what_stands_behind_one_that_failed_arrives_with_it_and_once(visit: Visit):
    page = visit(talks.messenger(), may_complain=True)
    opened(page)
    address = page.url
    page.route(
        address,
        lambda route: (
            route.fulfill(status=503) if route.request.method == "POST" else route.continue_()
        ),
    )
    for title in (talks.TITLE, "O masă lungă în parc"):
        fill_in(page, title)
        press(page, "Write it down")
        expect(page.locator("[data-kept-entries]")).to_contain_text(title)
    assert kept(page) == 2
    entries = page.evaluate("Object.values(localStorage).map((one) => JSON.parse(one).tries)")
    assert min(entries) >= 1

    page.unroute(address)
    page.goto("/en/gesprekken/")
    slips = page.locator("[data-kept-entries]").get_by_role("link", name="Show the slip")
    expect(slips).to_have_count(2)
    assert kept(page) == 0
    assert Initiative.objects.count() == 2


def test_what_was_typed_is_still_there_after_the_page_was_closed(visit: Visit):
    page = visit(talks.messenger())
    opened(page)
    page.get_by_label("What does the person tell?").fill("Jumătate de poveste")
    page.goto("/en/")
    page.go_back()
    expect(page.get_by_label("What does the person tell?")).to_have_value("Jumătate de poveste")


def test_signing_out_asks_first_and_leaves_nothing(visit: Visit):
    page = visit(talks.messenger(), may_complain=True)
    opened(page)
    page.context.set_offline(True)
    fill_in(page)
    press(page, "Write it down")
    expect(page.locator("[data-kept-entries]")).to_contain_text(talks.TITLE)
    page.route("**/gesprekken/**", lambda route: route.abort())
    page.context.set_offline(False)

    asked: list[str] = []

    def answer(dialog: object, yes: bool) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        dialog.accept() if yes else dialog.dismiss()  # type: ignore[attr-defined]

    page.once("dialog", lambda dialog: answer(dialog, False))
    page.locator("details[data-menu] summary", has_text="My page").click()
    page.get_by_role("button", name="Sign out").click()
    assert "was not sent yet" in asked[0]
    assert kept(page) == 1
    page.once("dialog", lambda dialog: answer(dialog, True))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/en/")
    assert kept(page) == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_it_works_with_and_without_scripts(visit: Visit, javascript: bool):
    page = visit(talks.messenger(), javascript=javascript)
    opened(page)
    fill_in(page)
    press(page, "Write it down")
    if javascript:
        page.locator("[data-kept-entries]").get_by_role("link", name="Show the slip").click()
    heading(page, "A slip for who told it")
    assert Initiative.objects.count() == 1
    press(page, "Back to the talk")
    expect(page.get_by_role("main")).to_contain_text(talks.TITLE)
    press(page, "Close the talk")
    assert AssistedSession.objects.get().closed_at is not None
