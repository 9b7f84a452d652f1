"""Telling more beside a figure: reviewed like any text, and the ground of an initiative."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from contributions import actions as review
from contributions.models import Dossier, Picture, Status
from feedback import actions
from feedback.models import Experience, Remark
from ideas.models import Initiative
from tests import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.either]

TELL = "/en/wijk/testwijk/rondkomen/vertel/"
TOLD = {
    "recognition": "yes",
    "trend": "worse",
    "text": "People put things back at the till.",
    "language": "en",
}


@pytest.fixture(autouse=True)
def asked() -> None:
    scenes.measured(51.4)


@pytest.fixture
def resident() -> tuple[Client, User]:
    browser, person = Client(), scenes.person("Anna")
    browser.force_login(person)
    return browser, person


def test_a_newcomer_tells_and_a_moderator_reads_it_first(resident: tuple[Client, User]) -> None:
    browser, person = resident
    reader = scenes.moderator()
    response = browser.post(TELL, TOLD, follow=True)
    remark = Remark.objects.get()
    assert remark.status == Status.SUBMITTED
    assert "A moderator reads this before others see it" in response.content.decode()
    figure = "/en/wijk/testwijk/rondkomen/"
    assert b"at the till" not in Client().get(figure).content
    assert Client().get(f"/en/ervaringen/{remark.pk}/").status_code == 404

    moderator = Client()
    moderator.force_login(reader)
    item = moderator.get(f"/en/moderatie/{remark.dossier_id}/").content.decode()
    assert "at the till" in item
    assert "Figure rondkomen" in item

    scenes.bring(remark, Status.PUBLISHED)
    shown = Client().get(figure).content.decode()
    assert "at the till" in shown
    assert "Anna" in shown
    assert b"Read what neighbours tell" in Client().get("/en/wijk/testwijk/").content

    scenes.bring(remark, Status.HIDDEN)
    assert b"at the till" not in Client().get(figure).content
    assert b"Read what neighbours tell" not in Client().get("/en/wijk/testwijk/").content
    assert Experience.objects.get().person == person


def test_a_visitor_writes_first_and_signs_in_last() -> None:
    browser = Client()
    response = browser.post(TELL, TOLD)
    remark = Remark.objects.get()
    assert response["Location"] == f"/en/account/inloggen/?next=/en/ervaringen/{remark.pk}/"
    assert (remark.status, remark.author) == (Status.DRAFT, None)
    assert Experience.objects.get().person is None

    person = scenes.person()
    browser.force_login(person)
    session = browser.session
    session["draft_key"] = Remark.objects.get().draft_key
    session.save()
    page = browser.get(remark.get_edit_url())
    assert b"at the till" in page.content
    browser.post(remark.get_edit_url(), {"text": TOLD["text"], "language": "en"})

    remark.refresh_from_db()
    experience = Experience.objects.get()
    assert (remark.status, remark.author, remark.experience) == (
        Status.SUBMITTED,
        person,
        experience,
    )
    assert experience.person == person


def test_nobody_opens_anothers_draft() -> None:
    Client().post(TELL, TOLD)
    remark = Remark.objects.get()
    other = Client()
    other.force_login(scenes.person())
    for browser in (Client(), other):
        assert browser.get(remark.get_edit_url()).status_code == 404
        assert browser.post(remark.get_edit_url(), {"text": "x"}).status_code == 404


def test_one_text_in_each_quarter_and_whoever_comes_again_goes_on_with_it(
    resident: tuple[Client, User],
) -> None:
    browser, person = resident
    browser.post(TELL, TOLD)
    remark = Remark.objects.get()
    assert browser.get(TELL)["Location"] == remark.get_edit_url()
    second = scenes.remark("Another", author=person, status=Status.DRAFT)
    with pytest.raises(actions.AlreadyTold):
        actions.hand_in_remark(remark=second, by=person)
    second.refresh_from_db()
    assert second.text == "Another"


def test_a_change_of_a_published_text_waits(resident: tuple[Client, User]) -> None:
    browser, person = resident
    remark = scenes.remark("First words", author=person)
    browser.post(remark.get_edit_url(), {"text": "Other words", "language": "nl"})
    figure = Client().get("/en/wijk/testwijk/rondkomen/").content.decode()
    assert "First words" in figure
    assert "Other words" not in figure
    review.accept_revision(dossier=Dossier.objects.get(pk=remark.dossier_id), by=scenes.moderator())
    assert b"Other words" in Client().get("/en/wijk/testwijk/rondkomen/").content


def test_a_picture_comes_along_and_stays_private_until_it_is_read(
    resident: tuple[Client, User],
) -> None:
    browser, _person = resident
    browser.post(TELL, {**TOLD, "new_1": scenes.picture_file(), "new_description_1": "A till"})
    picture = Picture.objects.get()
    address = reverse("picture", kwargs={"key": picture.key, "width": 0})
    assert Client().get(address).status_code == 404
    assert browser.get(address).status_code == 200
    scenes.bring(Remark.objects.get(), Status.PUBLISHED)
    assert Client().get(address).status_code == 200
    assert b"A till" in Client().get("/en/wijk/testwijk/rondkomen/").content


def test_who_is_under_16_is_read_first_and_stands_under_a_made_up_name() -> None:
    young = scenes.trusted(scenes.person("Realname", age_band="12-15"))
    remark = scenes.remark("We may not even be here", author=young, status=Status.SUBMITTED)
    assert remark.status == Status.SUBMITTED
    scenes.bring(remark, Status.PUBLISHED)
    shown = Client().get("/en/wijk/testwijk/rondkomen/").content.decode()
    assert young.pseudonym in shown
    assert "Realname" not in shown


def test_it_can_be_taken_back_and_the_answer_still_counts(resident: tuple[Client, User]) -> None:
    browser, person = resident
    remark = scenes.remark(author=person)
    browser.post(f"{remark.get_edit_url()}intrekken/")
    remark.refresh_from_db()
    assert remark.status == Status.WITHDRAWN
    assert Experience.objects.count() == 1
    assert b"every day" not in Client().get("/en/wijk/testwijk/rondkomen/").content
    assert b"What I told beside the figures" in browser.get("/en/account/").content


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": ""}, "Please fill this in."),
        ({"text": "x" * 1001}, "1000"),
        ({"recognition": ""}, "Choose one of these."),
        ({"recognition": "maybe"}, "maybe"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    resident: tuple[Client, User], change: dict[str, str], says: str
) -> None:
    response = resident[0].post(TELL, {**TOLD, **change})
    assert response.status_code == 422
    body = response.content.decode()
    assert says in body
    assert change.get("text", TOLD["text"])[:30] in body
    assert not Remark.objects.exists()


def test_scripts_stay_words(resident: tuple[Client, User]) -> None:
    remark = scenes.remark("<script>alert(1)</script> [x](javascript:alert(1))")
    shown = Client().get("/en/wijk/testwijk/rondkomen/").content.decode()
    assert "<script>alert(1)" not in shown
    assert 'href="javascript' not in shown
    assert remark.text.startswith("<script>")


@pytest.mark.parametrize("address", ["nergens/rondkomen", "testwijk/niets", "testwijk/buren"])
def test_one_tells_only_where_and_what_is_asked(address: str, resident: Any) -> None:
    scenes.indicator("buren", may_be_asked=False)
    assert resident[0].get(f"/en/wijk/{address}/vertel/").status_code == 404
    assert resident[0].post(f"/en/wijk/{address}/vertel/", TOLD).status_code == 404


def test_it_becomes_an_initiative_with_its_words_place_theme_and_figure(
    resident: tuple[Client, User],
) -> None:
    browser, person = resident
    remark = scenes.remark("No lamp works here.", author=person, language="en")
    response = browser.post("/en/wijk/testwijk/rondkomen/initiatief/", {"remark": str(remark.pk)})
    idea = Initiative.objects.get()
    assert response["Location"] == f"/en/initiatieven/nieuw/{idea.pk}/wat/"
    assert (idea.text, idea.area, idea.theme, idea.indicator, idea.language, idea.author) == (
        "No lamp works here.",
        scenes.area(),
        scenes.theme(),
        scenes.indicator(),
        "en",
        person,
    )
    browser.post(
        response["Location"], {"title": "A lamp", "text": "No lamp works.", "language": "en"}
    )
    where = {"area": idea.area_id, "theme": idea.theme_id, "about_figure": "on"}
    browser.post(f"/en/initiatieven/nieuw/{idea.pk}/waar/", where)
    actions.idea_actions.hand_in(initiative=idea, by=person)
    scenes.bring(idea, Status.PUBLISHED)
    for page in ("/en/wijk/testwijk/", "/en/wijk/testwijk/rondkomen/"):
        assert "A lamp" in Client().get(page).content.decode()
    idea.refresh_from_db()
    assert "Figure rondkomen" in Client().get(idea.get_absolute_url()).content.decode()


def test_a_visitor_begins_one_too_and_may_say_that_it_is_about_something_else() -> None:
    browser = Client()
    response = browser.post(
        "/en/wijk/testwijk/rondkomen/initiatief/", headers={"Origin": "http://testserver"}
    )
    assert response.status_code == 302
    idea = Initiative.objects.get()
    assert idea.author is None
    where = {"area": idea.area_id, "theme": idea.theme_id}
    browser.post(f"/en/initiatieven/nieuw/{idea.pk}/waar/", where)
    idea.refresh_from_db()
    assert idea.indicator is None


def test_anothers_words_do_not_go_along(resident: tuple[Client, User]) -> None:
    remark = scenes.remark("Not yours")
    response = resident[0].post(
        "/en/wijk/testwijk/rondkomen/initiatief/", {"remark": str(remark.pk)}
    )
    assert response.status_code == 404
    assert not Initiative.objects.exists()


def test_texts_of_an_office_are_not_reviewed() -> None:
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    assert scenes.response(by=office).status == Status.PUBLISHED
