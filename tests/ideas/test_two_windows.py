"""One text changed in two windows at once: the second says so, and no word is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from contributions import actions as review
from contributions.forms import PicturesForm
from contributions.models import Dossier, Picture, Revision, Status
from contributions.revisions import version_of_words
from feedback.actions import write_remark
from ideas.actions import change_comment
from ideas.models import Initiative
from tests import scenes
from tests.contributions.changing import revise, with_picture
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]

CHANGED_ELSEWHERE = "This text was changed in another window or on another device"


@pytest.fixture
def browser(initiative: Initiative) -> Client:
    client = Client()
    client.force_login(initiative.author)
    return client


@pytest.fixture
def initiative() -> Initiative:
    return scenes.initiative("A bench on the square")


def address(initiative: Initiative) -> str:
    with translation.override("en"):
        return reverse("ideas:edit", args=[initiative.pk, initiative.address_slug])


def opened(initiative: Initiative, **written: Any) -> dict[str, Any]:
    """Return what a window sends that was opened now, with what somebody writes in it."""
    initiative = Initiative.objects.get(pk=initiative.pk)
    return {
        "title": initiative.title,
        "text": initiative.text,
        "language": initiative.language,
        "area": initiative.area_id,
        "theme": initiative.theme_id,
        "started_from": version_of_words(initiative),
        **written,
    }


def waiting(initiative: Initiative) -> Revision:
    return Revision.objects.get(dossier=initiative.dossier_id, state="waiting")


def test_the_form_says_which_words_it_began_with(browser: Client, initiative: Initiative):
    page = browser.get(address(initiative)).content.decode()

    assert f'name="started_from" value="{version_of_words(initiative)}"' in page


def test_the_second_window_shows_both_and_keeps_every_word(browser: Client, initiative: Initiative):
    first = opened(initiative, title="A lamp on the square")
    second = opened(initiative, title="Two benches on the square", help_wanted="Wood")
    assert browser.post(address(initiative), first).status_code == 302

    response = browser.post(address(initiative), second)

    assert response.status_code == 409
    page = words(response)
    assert CHANGED_ELSEWHERE in page
    assert "A lamp" in page
    html = response.content.decode()
    assert 'value="Two benches on the square"' in html
    assert ">Wood</textarea>" in " ".join(html.split()).replace("> ", ">").replace("\n", "")
    assert waiting(initiative).data["title"] == "A lamp on the square"


def test_who_goes_on_with_their_own_words_sends_them_from_that_page(
    browser: Client, initiative: Initiative
):
    second = opened(initiative, title="Two benches")
    browser.post(address(initiative), opened(initiative, title="A lamp"))
    page = browser.post(address(initiative), second).content.decode()
    now = page.partition('name="started_from" value="')[2].partition('"')[0]

    response = browser.post(address(initiative), {**second, "started_from": now})

    assert response.status_code == 302
    assert waiting(initiative).data["title"] == "Two benches"
    # The other one is not lost either.
    assert Revision.objects.get(state="dropped").data["title"] == "A lamp"


def test_who_takes_what_stands_there_finds_it_in_the_form(browser: Client, initiative: Initiative):
    browser.post(address(initiative), opened(initiative, title="A lamp"))

    page = browser.get(f"{address(initiative)}?opnieuw").content.decode()

    assert 'value="A lamp"' in page


def test_the_same_form_sent_twice_is_no_quarrel(browser: Client, initiative: Initiative):
    form = opened(initiative, title="A lamp")

    answers = [browser.post(address(initiative), form).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert Revision.objects.count() == 1


def test_a_change_that_was_accepted_meanwhile_is_what_its_author_began_with(
    browser: Client, initiative: Initiative
):
    revise(initiative, title="A lamp")
    form = opened(initiative, **Revision.objects.get().data) | {"title": "A lamp and a bench"}
    form = {name: value for name, value in form.items() if value is not None}
    review.accept_revision(
        dossier=Dossier.objects.get(pk=initiative.dossier_id), by=scenes.moderator()
    )

    # Nobody wrote other words: there is nothing to choose between.
    assert browser.post(address(initiative), form).status_code == 302
    assert waiting(initiative).data["title"] == "A lamp and a bench"


def test_a_text_that_waits_for_its_first_review_has_two_windows_too():
    initiative = scenes.initiative("A bench", status=Status.SUBMITTED)
    browser = Client()
    browser.force_login(initiative.author)
    second = opened(initiative, text="Two.")
    assert browser.post(address(initiative), opened(initiative, text="One.")).status_code == 302

    response = browser.post(address(initiative), second)

    assert response.status_code == 409
    initiative.refresh_from_db()
    assert initiative.text == "One."


def test_a_picture_from_the_other_window_keeps_its_description(
    browser: Client, initiative: Initiative
):
    second = opened(initiative, title="A lamp")
    revise(initiative, pictures=with_picture("The old tree"))

    response = browser.post(address(initiative), second)

    # The words are the same in both, so nothing has to be chosen.
    assert response.status_code == 302
    assert "picture_descriptions" in waiting(initiative).data
    assert waiting(initiative).data["picture_descriptions"] == {}
    assert Picture.objects.get().description == "The old tree"
    assert Picture.objects.get().revision == waiting(initiative)


@pytest.mark.parametrize("told", ["", "x", "0" * 32, "é" * 5000])
def test_a_form_that_says_nonsense_is_answered_with_a_page(
    browser: Client, initiative: Initiative, told: str
):
    response = browser.post(
        address(initiative), opened(initiative, title="A lamp", started_from=told)
    )

    assert response.status_code in (302, 409)


def test_a_comment_has_two_windows_too(initiative: Initiative):
    comment = scenes.comment(initiative, "What a good idea")
    browser = Client()
    browser.force_login(comment.author)
    form = {"text": "Not so good", "started_from": version_of_words(comment)}
    change_comment(
        comment=comment, by=comment.author, draft_key="", values={"text": "What a bad idea"}
    )

    with translation.override("en"):
        response = browser.post(comment.get_edit_url(), form)

    assert response.status_code == 409
    assert CHANGED_ELSEWHERE in words(response)
    assert "Not so good" in words(response)
    assert Revision.objects.get().data["text"] == "What a bad idea"


def test_a_remark_has_two_windows_too():
    remark = scenes.remark("I see this every day.")
    browser = Client()
    browser.force_login(remark.author)
    sent = {"text": "I never see this.", "started_from": version_of_words(remark)}
    pictures = PicturesForm({})
    pictures.is_valid()
    write_remark(
        remark=remark,
        by=remark.author,
        draft_key="",
        values={"text": "I see this at night."},
        form=pictures,
    )

    with translation.override("en"):
        response = browser.post(remark.get_edit_url(), sent)

    assert response.status_code == 409
    assert "I never see this." in words(response)
    assert Revision.objects.get().data["text"] == "I see this at night."
