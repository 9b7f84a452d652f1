"""Saying what one thinks: written first, signed in last."""

import pytest
from playwright.sync_api import expect

from contributions.models import Status
from ideas.models import Comment
from tests import scenes
from tests.browser.conftest import Visit
from tests.browser.steps import heading, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visitor_comments(visit: Visit, javascript: bool):
    initiative = scenes.initiative("A lamp in the alley")
    neighbour = scenes.person("Anna")
    page = visit(javascript=javascript)
    page.goto(f"/en/initiatieven/{initiative.pk}-{initiative.address_slug}/")
    press(page, "Say what you think")
    heading(page, "Comments")
    page.get_by_label("I am for this").check()
    page.get_by_label("Your comment", exact=False).first.fill("My daughter walks there at night.")
    press(page, "Go on with my e-mail address")
    sign_in(page, neighbour.email)
    heading(page, "Your comment")
    expect(page.get_by_label("I am for this")).to_be_checked()
    press(page, "Place my comment")

    expect(page.get_by_role("status").first).to_be_visible()
    comment = Comment.objects.get()
    assert (comment.author, comment.stance) == (neighbour, "for")
    assert comment.text == "My daughter walks there at night."
    assert comment.status in (Status.SUBMITTED, Status.PUBLISHED)
    if javascript:
        page.wait_for_function("Object.keys(localStorage).length === 0")
