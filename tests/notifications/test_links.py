"""The links in mails: they need no sign-in, and are good for one thing alone."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.actions import change_address
from accounts.models import User
from notifications import actions, tokens
from notifications.kinds import Channel
from notifications.links import preferences_url, stop_url
from notifications.models import Choice, Follow, Preference
from notifications.wishes import wishes_of
from tests import scenes
from tests.notifications import stand_ins
from tests.notifications.test_preferences import FORM

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PURPOSES = ["about_you", "followed", "neighbourhood", "tasks", "letter", "follow:area:1"]


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with stand_ins.declared():
        yield


@pytest.fixture
def anna() -> User:
    person = scenes.person("Anna")
    person.language = "en"
    person.save()
    return person


@pytest.fixture
def stranger() -> Client:
    """A browser, a mailbox or a scanner that knows nobody, and that is asked for every token."""
    return Client(enforce_csrf_checks=True)


def path_of(url: str) -> str:
    assert url.startswith(settings.SITE_URL)
    return url.removeprefix(settings.SITE_URL)


def follow_area(person: User) -> str:
    """Let somebody follow an area, and return the purpose of the link that ends it."""
    area = scenes.area()
    actions.follow(person=person, kind="area", subject_id=area.pk)
    return tokens.purpose_of_follow("area", area.pk)


def everything() -> tuple[Any, ...]:
    """Return all that can be chosen, to see that nothing of it changed."""
    return tuple(
        list(model._default_manager.order_by("pk").values())
        for model in (Preference, Choice, Follow, User, Session)
    )


def later(moment: datetime.timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock of signatures stand later."""
    now = timezone.now().timestamp() + moment.total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: now)


# --- Their addresses ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "pl", "ar"])
def test_they_are_whole_and_in_the_language_of_the_person(anna: User, language: str) -> None:
    anna.language = language
    for url in (stop_url(anna, "followed"), preferences_url(anna)):
        assert url.startswith(f"{settings.SITE_URL}/{language}/voor-jou/")
        assert str(anna.email) not in url


# --- Stopping -------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_scanner_that_follows_a_link_changes_nothing(
    anna: User, stranger: Client, purpose: str
) -> None:
    follow_area(anna)
    before = everything()
    for method in ("get", "head", "get"):
        response = getattr(stranger, method)(path_of(stop_url(anna, purpose)))
        assert response.status_code == 200
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
    assert everything() == before


def test_the_button_stops_a_kind_of_mail_and_nothing_else(anna: User, stranger: Client) -> None:
    actions.choose(person=anna, fields={"pace": "at_once"}, choices={("followed", "mail"): True})
    address = path_of(stop_url(anna, "neighbourhood"))
    text = stranger.get(address).content.decode()
    assert "Your neighbourhood" in text
    assert text.count('<form method="post">') == 1
    response = stranger.post(address)
    assert response.status_code == 200
    assert "You get no more e-mails of this kind: <strong>Your neighbourhood" in (
        response.content.decode()
    )
    wishes = wishes_of([anna.pk])[anna.pk]
    chose = {category: wishes.chose(category, Channel.MAIL) for category in PURPOSES[:4]}
    assert chose == {"about_you": True, "followed": True, "neighbourhood": False, "tasks": True}
    assert wishes.preference.pace == "at_once"


def test_stopping_the_letter_leaves_what_is_about_oneself(anna: User, stranger: Client) -> None:
    response = stranger.post(path_of(stop_url(anna, tokens.LETTER)))
    assert "You get no weekly letter any more." in response.content.decode()
    wishes = wishes_of([anna.pk])[anna.pk]
    assert wishes.preference.pace == "about_me"
    assert wishes.chose("about_you", Channel.MAIL)


def test_following_is_undone_from_the_mail(anna: User, stranger: Client) -> None:
    purpose = follow_area(anna)
    actions.follow(person=anna, kind="theme", subject_id=scenes.theme().pk)
    url = stop_url(anna, purpose)
    stranger.post(path_of(url))
    assert [one.kind for one in Follow.objects.all()] == ["theme"]


@pytest.mark.parametrize("content", ["form", "multipart"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_mailbox_stops_it_with_one_click(
    anna: User, stranger: Client, purpose: str, content: str
) -> None:
    """RFC 8058: a POST with one field, no cookie, no token, and no answer that leads elsewhere."""
    address = path_of(stop_url(anna, purpose))
    if content == "form":
        response = stranger.post(
            address,
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
    else:
        response = stranger.post(address, ONE_CLICK)
    assert response.status_code == 200
    assert not response.cookies
    assert not Session.objects.exists()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_twice_is_once(anna: User, stranger: Client, purpose: str) -> None:
    address = path_of(stop_url(anna, purpose))
    first = stranger.post(address, ONE_CLICK)
    after = everything()
    again = stranger.post(address, ONE_CLICK)
    assert (again.status_code, again.content) == (200, first.content)
    assert everything() == after


def _on_again(person: User, purpose: str) -> None:
    if purpose == tokens.LETTER:
        actions.choose(person=person, fields={"pace": "weekly"})
    elif purpose.startswith("follow:"):
        actions.follow(person=person, kind="area", subject_id=scenes.area().pk)
    else:
        actions.choose(person=person, fields={}, choices={(purpose, "mail"): True})


@pytest.mark.parametrize("purpose", ["about_you", "followed", "neighbourhood", "letter", "follow"])
def test_an_old_mail_does_not_undo_what_was_turned_on_again_since(
    anna: User, stranger: Client, purpose: str
) -> None:
    if purpose == "follow":
        purpose = follow_area(anna)
    old = path_of(stop_url(anna, purpose))
    stranger.post(old)
    _on_again(anna, purpose)
    before = everything()
    response = stranger.post(old, ONE_CLICK)
    assert response.status_code == 200
    assert "You turned this on again after this e-mail was sent." in response.content.decode()
    assert everything() == before
    # The link of a newer mail does.
    assert "It is stopped" in stranger.post(path_of(stop_url(anna, purpose))).content.decode()


def test_going_back_to_what_the_pace_says_is_turning_it_on_too(
    anna: User, stranger: Client
) -> None:
    old = path_of(stop_url(anna, "followed"))
    stranger.post(old)
    actions.choose(person=anna, fields={}, choices={})
    assert "Nothing changed" in stranger.post(old).content.decode()
    assert not Choice.objects.exists()


@pytest.mark.parametrize("purpose", ["followed", "letter"])
def test_what_else_was_chosen_since_does_not_keep_a_link_from_stopping(
    anna: User, stranger: Client, purpose: str
) -> None:
    actions.choose(person=anna, fields={}, choices={("followed", "mail"): True})
    address = path_of(stop_url(anna, purpose))
    actions.choose(person=anna, fields={"quiet_from": 21}, choices={("followed", "mail"): True})
    actions.pause(person=anna, paused=True)
    assert "It is stopped" in stranger.post(address).content.decode()


@pytest.mark.parametrize(("purpose", "pace"), [
    ("followed", "about_me"), ("neighbourhood", "about_me"),
    ("about_you", "at_once"), ("about_you", "about_me"), ("tasks", "at_once"),
])  # fmt: skip
def test_another_pace_keeps_no_link_from_stopping_what_came_at_the_old_one_too(
    anna: User, stranger: Client, purpose: str, pace: str
) -> None:
    address = path_of(stop_url(anna, purpose))
    actions.choose(person=anna, fields={"pace": pace})
    assert "It is stopped" in stranger.post(address, ONE_CLICK).content.decode()
    assert not wishes_of([anna.pk])[anna.pk].chose(purpose, Channel.MAIL)


@pytest.mark.parametrize(("purpose", "pace"), [("followed", "at_once"), ("letter", "weekly")])
def test_a_pace_that_asks_for_more_holds_against_an_old_mail(
    anna: User, stranger: Client, purpose: str, pace: str
) -> None:
    old = path_of(stop_url(anna, purpose))
    actions.choose(person=anna, fields={"pace": "about_me"})
    actions.choose(person=anna, fields={"pace": pace})
    assert "Nothing changed" in stranger.post(old).content.decode()
    assert Preference.objects.get().pace == pace


# --- Links that are none --------------------------------------------------------------------------


def forged(person: User) -> dict[str, str]:
    good = tokens.make(person, "followed")
    body, _colon, rest = good.partition(":")
    other = tokens.make(scenes.person("Bilal"), "followed").partition(":")[0]
    return {
        "nothing": "x",
        "cut off": good[:-4],
        "changed": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "of another": f"{other}:{rest}",
        "without a signature": body,
        "signed for something else": signing.dumps([person.pk, "followed", 1], salt="else"),
        "of another shape": signing.dumps({"a": 1}, salt="notifications.tokens"),
        "of nobody": signing.dumps([10**9, "followed", 1, ""], salt="notifications.tokens"),
        "for no address": signing.dumps([person.pk, "followed", 1], salt="notifications.tokens"),
        "long": "A" * 3000,
    }


def test_a_forged_link_opens_nothing(anna: User, stranger: Client) -> None:
    follow_area(anna)
    tried = forged(anna)
    before = everything()
    for what, token in tried.items():
        for page in ("stop", "voorkeuren"):
            address = f"/en/voor-jou/{page}/{token}/"
            for response in (stranger.get(address), Client().post(address, ONE_CLICK)):
                assert response.status_code == 404, what
                assert "This link does not work" in response.content.decode()
    assert everything() == before


def test_a_link_is_good_for_its_purpose_alone(anna: User, stranger: Client) -> None:
    stop, choose = stop_url(anna, "followed"), preferences_url(anna)
    crossed = (stop.replace("/stop/", "/voorkeuren/"), choose.replace("/voorkeuren/", "/stop/"))
    for url in crossed:
        assert stranger.get(path_of(url)).status_code == 404
        assert stranger.post(path_of(url), ONE_CLICK).status_code in (403, 404)
    assert not Preference.objects.exists()


@pytest.mark.parametrize("purpose", ["follow:area:", "follow::1", "follow:area:x", "follow:area:-1",
                                     "follow:area:٣", "follow", "nothing", ""])  # fmt: skip
def test_a_purpose_that_is_none_stops_nothing(anna: User, stranger: Client, purpose: str) -> None:
    assert stranger.post(path_of(stop_url(anna, purpose)), ONE_CLICK).status_code == 404


def test_a_link_that_is_too_old_says_so_and_where_to_go(
    anna: User, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = [path_of(stop_url(anna, "followed")), path_of(preferences_url(anna))]
    later(datetime.timedelta(days=179), monkeypatch)
    assert [stranger.get(url).status_code for url in urls] == [200, 200]
    later(datetime.timedelta(days=181), monkeypatch)
    for url in urls:
        response = stranger.get(url)
        assert response.status_code == 410
        text = response.content.decode()
        assert "This link is too old" in text
        assert 'href="/en/voor-jou/voorkeuren/"' in text
    assert stranger.post(urls[0], ONE_CLICK).status_code == 410
    assert not Choice.objects.exists()


def test_the_links_of_who_left_open_nothing(anna: User, stranger: Client) -> None:
    urls = [path_of(stop_url(anna, "followed")), path_of(preferences_url(anna))]
    User.objects.filter(pk=anna.pk).update(left_at=timezone.now(), is_active=False)
    assert [stranger.get(url).status_code for url in urls] == [404, 404]


def test_the_links_in_mails_to_an_address_that_somebody_left_open_nothing(
    anna: User, stranger: Client
) -> None:
    before = [path_of(stop_url(anna, "followed")), path_of(preferences_url(anna))]
    change_address(user=anna, email="anna-elsewhere@buurten.example")
    assert [stranger.get(url).status_code for url in before] == [404, 404]
    assert stranger.post(before[0], ONE_CLICK).status_code == 404
    assert not Choice.objects.exists()
    now = [path_of(stop_url(anna, "followed")), path_of(preferences_url(anna))]
    assert [stranger.get(url).status_code for url in now] == [200, 200]


# --- The preferences without signing in -----------------------------------------------------------


def test_the_page_shows_choices_and_nothing_else_about_a_person(
    anna: User, stranger: Client
) -> None:
    anna.display_name = "Anna Zqname"
    anna.save()
    follow_area(anna)
    idea = stand_ins.initiative("Zqtitle", author=anna)
    stand_ins.told(anna, idea)
    text = stranger.get(path_of(preferences_url(anna))).content.decode()
    assert "What you hear of" in text
    for secret in (anna.email, "Zqname", anna.pseudonym, "Testwijk", "Zqtitle", "My page"):
        assert str(secret) not in text


def test_what_is_chosen_there_holds_and_nobody_is_signed_in(anna: User) -> None:
    browser = Client()
    address = path_of(preferences_url(anna))
    response = browser.post(address, {**FORM, "pace": "at_once", "language": "en"})
    assert response.status_code == 302
    assert response["Location"] == address
    assert "Your choices are stored" in browser.get(address).content.decode()
    assert Preference.objects.get(person=anna).pace == "at_once"
    browser.post(address, {"act": "pause"})
    assert Preference.objects.get().is_paused
    assert not Session.objects.exists()
    assert "sessionid" not in browser.cookies
    assert browser.get("/en/account/").status_code == 302


def test_it_asks_for_the_token_of_its_own_form(anna: User, stranger: Client) -> None:
    address = path_of(preferences_url(anna))
    assert stranger.post(address, FORM).status_code == 403
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', stranger.get(address).content.decode()
    )
    assert token
    sent = {**FORM, "language": "en", "csrfmiddlewaretoken": token[1]}
    assert stranger.post(address, sent).status_code == 302


def test_looking_at_it_changes_nothing(anna: User, stranger: Client) -> None:
    before = everything()
    stranger.get(path_of(preferences_url(anna)))
    assert everything() == before


def test_it_changes_the_choices_of_its_person_alone(anna: User) -> None:
    bilal = scenes.person("Bilal")
    browser = Client()
    browser.force_login(bilal)
    browser.post(path_of(preferences_url(anna)), {**FORM, "pace": "at_once", "language": "en"})
    assert [one.person_id for one in Preference.objects.all()] == [anna.pk]
