"""Following an initiative, an area or a theme: one tap, and undone as easily."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from areas.models import Area
from contributions import kept_pages
from ideas import actions as ideas
from ideas.models import Initiative
from notifications import actions
from notifications.actions import choose
from notifications.kinds import kind_named
from notifications.letters import Piece, compose
from notifications.models import Follow, Notification
from notifications.sending import send_waiting, told_but_for_broken
from tests import scenes
from tests.notifications import stand_ins
from tests.notifications.hearing import hearers, let_workers_tell
from tests.notifications.mailbox import Mailbox

pytestmark = pytest.mark.django_db

PREFERENCES = "/en/voor-jou/voorkeuren/"


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with stand_ins.declared():
        yield


@pytest.fixture
def anna() -> User:
    return scenes.person("Anna")


@pytest.fixture
def browser(anna: User) -> Client:
    client = Client()
    client.force_login(anna)
    return client


@pytest.fixture
def idea() -> Initiative:
    return stand_ins.initiative("A bench on the corner")


def address(kind: str, subject_id: int) -> str:
    return f"/en/voor-jou/volgen/{kind}/{subject_id}/"


def places(idea: Initiative) -> dict[str, tuple[str, int]]:
    """Return where each thing can be followed: its page, and its number."""
    return {
        "initiative": (f"/en/initiatieven/{idea.pk}-{idea.address_slug}/", idea.pk),
        "area": (f"/en/wijk/{idea.area.slug}/", idea.area_id),
        "theme": (f"/en/initiatieven/?theme={idea.theme.slug}", idea.theme_id),
    }


@pytest.mark.parametrize("kind", ["initiative", "area", "theme"])
def test_each_page_has_one_button_that_follows_and_one_that_undoes_it(
    browser: Client, anna: User, idea: Initiative, kind: str
) -> None:
    page, number = places(idea)[kind]
    text = browser.get(page).content.decode()
    assert f'action="{address(kind, number)}"' in text
    response = browser.post(address(kind, number))
    assert response.status_code == 302
    followed = Follow.objects.get()
    assert (followed.person, followed.kind, followed.subject_id) == (anna, kind, number)
    browser.post(address(kind, number))
    text = browser.get(page).content.decode()
    assert "You follow this" in text
    assert f'action="{address(kind, number)}stop/"' in text
    browser.post(f"{address(kind, number)}stop/")
    assert not Follow.objects.exists()


@pytest.mark.parametrize("kind", ["initiative", "area", "theme"])
def test_a_visitor_signs_in_last_and_comes_back_to_be_asked_once_more(
    anna: User, idea: Initiative, kind: str
) -> None:
    visitor = Client()
    page, number = places(idea)[kind]
    shown = visitor.get(page)
    text = shown.content.decode()
    assert f'href="{address(kind, number)}"' in text
    assert "csrfmiddlewaretoken" not in text, "What is kept for all holds no token."
    assert not shown.cookies
    asked = visitor.get(address(kind, number)).content.decode()
    back = quote(address(kind, number), safe="")
    assert f'href="/en/account/inloggen/?next={back}"' in asked
    for path in ("", "stop/"):
        sent = visitor.post(f"{address(kind, number)}{path}")
        assert sent["Location"] == f"/en/account/inloggen/?next={address(kind, number)}"
    assert not Follow.objects.exists()


def test_looking_at_the_question_follows_nothing(browser: Client, idea: Initiative) -> None:
    text = browser.get(address("initiative", idea.pk)).content.decode()
    assert "Do you want to follow this?" in text
    assert "A bench on the corner" in text
    assert not Follow.objects.exists()
    assert browser.get(f"{address('initiative', idea.pk)}stop/").status_code == 405


def test_htmx_gets_the_button_alone(browser: Client, idea: Initiative) -> None:
    for path, said in (("", "You follow this"), ("stop/", "You follow this no more.")):
        response = browser.post(
            f"{address('initiative', idea.pk)}{path}", headers={"HX-Request": "true"}
        )
        text = response.content.decode()
        assert text.strip().startswith(f'<div class="follow" id="follow-initiative-{idea.pk}">')
        assert said in text
        assert 'name="csrfmiddlewaretoken"' in text
    visitor = Client().post(address("initiative", idea.pk), headers={"HX-Request": "true"})
    assert visitor["HX-Redirect"].startswith("/en/account/inloggen/")


@pytest.mark.parametrize("status", ["hidden", "withdrawn"])
def test_what_one_may_not_see_cannot_be_followed(
    browser: Client, idea: Initiative, status: str
) -> None:
    scenes.bring(idea, status)
    assert browser.get(address("initiative", idea.pk)).status_code == 404
    assert browser.post(address("initiative", idea.pk)).status_code == 404
    assert not Follow.objects.exists()


@pytest.mark.parametrize("thing", ["person/1", "initiative/0", "initiative/999999", "initiative/x"])
def test_what_is_nothing_to_follow_is_not_there(browser: Client, anna: User, thing: str) -> None:
    for path in ("", "stop/"):
        response = browser.post(f"/en/voor-jou/volgen/{thing}/{path}")
        gone = thing == "initiative/999999" and path
        assert response.status_code == (302 if gone else 404)
    assert browser.get(f"/en/voor-jou/volgen/{thing}/").status_code == 404


def test_a_form_from_elsewhere_follows_nothing(anna: User, idea: Initiative) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anna)
    assert strict.post(address("initiative", idea.pk)).status_code == 403


# --- The list of what one follows -----------------------------------------------------------------


def test_the_preferences_list_what_one_follows_with_undo(
    browser: Client, anna: User, idea: Initiative
) -> None:
    for kind, (_page, number) in places(idea).items():
        actions.follow(person=anna, kind=kind, subject_id=number)
    text = browser.get(PREFERENCES).content.decode()
    for name in ("A bench on the corner", "Testwijk", "gezond"):
        assert name in text
    undo = f"{address('area', idea.area_id)}stop/"
    assert f'action="{undo}"' in text
    response = browser.post(undo, {"from_preferences": "1"})
    assert response["Location"] == f"{PREFERENCES}#follow"
    assert {one.kind for one in Follow.objects.all()} == {"initiative", "theme"}


def test_what_may_not_be_seen_any_more_keeps_its_name_to_itself_and_can_be_undone(
    browser: Client, anna: User, idea: Initiative
) -> None:
    actions.follow(person=anna, kind="initiative", subject_id=idea.pk)
    scenes.bring(idea, "hidden")
    text = browser.get(PREFERENCES).content.decode()
    assert "A bench on the corner" not in text
    assert "Not to be seen any more" in text
    response = browser.post(f"{address('initiative', idea.pk)}stop/")
    assert response["Location"] == PREFERENCES
    assert not Follow.objects.exists()


def test_what_another_follows_is_nobodys_business(
    browser: Client, anna: User, idea: Initiative
) -> None:
    bilal = scenes.person("Bilal")
    actions.follow(person=bilal, kind="initiative", subject_id=idea.pk)
    assert "You follow nothing yet." in browser.get(PREFERENCES).content.decode()
    browser.post(f"{address('initiative', idea.pk)}stop/")
    assert Follow.objects.get().person == bilal


def test_the_list_costs_as_much_with_many(browser: Client, anna: User) -> None:
    costs = []
    for size in (2, 40):
        for number in range(size):
            made = stand_ins.initiative(f"Idea {size} {number}")
            actions.follow(person=anna, kind="initiative", subject_id=made.pk)
        with CaptureQueriesContext(connection) as queries:
            browser.get(PREFERENCES)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 10, costs


# --- Pages kept for all ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["initiative", "theme"])
def test_a_page_kept_for_all_knows_who_follows(idea: Initiative, settings: Any, kind: str) -> None:
    settings.KEPT_PAGE_SECONDS = 60
    page, number = places(idea)[kind]
    people = [scenes.person("Bilal"), scenes.person("Cem")]
    browsers = []
    for person in people:
        client = Client()
        client.force_login(person)
        browsers.append(client)
    actions.follow(person=people[0], kind=kind, subject_id=number)
    try:
        for _twice in range(2):
            shown = [
                "You follow this" in client.get(page).content.decode()
                for client in (*browsers, Client())
            ]
            assert shown == [True, False, False]
        browsers[1].post(address(kind, number))
        browsers[0].post(f"{address(kind, number)}stop/")
        # Messages are gone with the first look.
        for client in browsers:
            client.get("/en/")
        shown = ["You follow this" in client.get(page).content.decode() for client in browsers]
        assert shown == [False, True]
    finally:
        kept_pages.for_readers.clear()
        kept_pages.for_visitors.clear()


def test_an_odd_theme_in_the_address_breaks_nothing(browser: Client, settings: Any) -> None:
    settings.KEPT_PAGE_SECONDS = 60
    for theme in ("%00", "%27", "x" * 500, "niets"):
        response = browser.get(f"/en/initiatieven/?theme={theme}")
        assert response.status_code == 400
        assert not re.search("You follow this|Hear of new ideas", response.content.decode())


# --- From a mail ----------------------------------------------------------------------------------


@pytest.fixture
def everything_at_once(anna: User) -> None:
    choose(person=anna, fields={"pace": "at_once", "quiet": False})


def way_out(mailbox: Mailbox, word: str) -> str:
    """Return the path of the link that ends following, from the words of the last mail."""
    found = re.search(
        rf"Stop following \({re.escape(word)}\):\s+https://[^/]+(/\S+)", mailbox.text()
    )
    assert found, mailbox.text()
    return found[1]


@pytest.mark.usefixtures("everything_at_once")
def test_following_an_initiative_ends_by_the_link_in_its_mail(
    mailbox: Mailbox, anna: User, idea: Initiative
) -> None:
    User.objects.filter(pk=anna.pk).update(language="en")
    actions.follow(person=anna, kind="initiative", subject_id=idea.pk)
    other = Follow.objects.create(person=anna, kind="theme", subject_id=scenes.theme().pk)
    scenes.update(idea)
    let_workers_tell()
    send_waiting("mail")

    page = way_out(mailbox, idea.title)
    assert page.startswith("/en/voor-jou/stop/")
    # A scanner of mail opens every link.
    assert "Stop following this?" in Client().get(page).content.decode()
    assert Follow.objects.count() == 2
    Client().post(page)

    assert Follow.objects.get() == other
    assert f'href="https://buurten.example{page}"' in mailbox.html()


@pytest.mark.usefixtures("everything_at_once")
def test_so_does_following_an_area_or_a_theme(mailbox: Mailbox, anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(language="en")
    district = scenes.area("district", kind=Area.Kind.DISTRICT)
    actions.follow(person=anna, kind="area", subject_id=district.pk)
    scenes.initiative("Nieuw", where=scenes.area("binnen", parent=district))
    let_workers_tell()
    send_waiting("mail")

    Client().post(way_out(mailbox, district.name))

    assert not Follow.objects.exists()


@pytest.mark.usefixtures("everything_at_once")
def test_who_supports_and_does_not_follow_finds_no_such_link(
    mailbox: Mailbox, anna: User, idea: Initiative
) -> None:
    User.objects.filter(pk=anna.pk).update(language="en")
    ideas.give_support(initiative_pk=idea.pk, person=anna)
    scenes.update(idea)
    let_workers_tell()
    send_waiting("mail")

    assert "Stop following" not in mailbox.text() + mailbox.html()


def test_the_weekly_letter_has_the_link_beside_what_is_followed(
    anna: User, idea: Initiative
) -> None:
    User.objects.filter(pk=anna.pk).update(language="en")
    actions.follow(person=anna, kind="initiative", subject_id=idea.pk)
    made = scenes.update(idea)

    assert hearers("news", made) == [anna.pk]
    own = list(Notification.objects.filter(event__kind="news").select_related("event", "recipient"))
    abouts, _broken = told_but_for_broken(own)
    kind = kind_named("news")
    assert kind is not None
    letter = compose(User.objects.get(pk=anna.pk), [Piece(kind, abouts[own[0].pk])])
    assert f"Stop following ({idea.title}): https://" in str(letter.body)
    assert "Stop following</a>" in str(letter.alternatives[0][0])
