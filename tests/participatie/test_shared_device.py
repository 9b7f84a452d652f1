"""A device that one person after another uses: who comes next finds nothing of who was there."""

import datetime
import re
from http.cookies import SimpleCookie
from typing import Any

import pytest
import time_machine
from django.conf import settings as live
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import cards
from accounts.actions import tell_age
from accounts.models import Device, Role, RoleAct, User
from contributions.models import Translation
from contributions.translations import digest_of
from ideas.models import Comment, Initiative, Support
from participatie.privacy.leaving import leave
from participatie.shared_devices import devices
from participatie.shared_devices.devices import took_part
from participatie.shared_devices.models import SharedDevice
from tests import scenes
from tests.contributions.changing import revise

pytestmark = pytest.mark.django_db

START = "/en/gedeeld/"
CHOOSE = "/en/gedeeld/kiezen/"
THANKS = "/en/gedeeld/bedankt/"
STOP = "/en/gedeeld/stoppen/"
BEGIN = "/en/gedeeld/beginnen/"
CODE = "407193"
PIN = "4927"


def page(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def messenger(db: None) -> User:
    return scenes.granted(Role.MESSENGER, language="pl")


@pytest.fixture
def tablet(client: Client, messenger: User) -> Client:
    """A browser that a messenger made a shared device."""
    client.force_login(messenger)
    response = client.post(BEGIN, {"name": "Tablet in the library", "code": CODE})
    assert response["Location"] == START
    return client


def somebody_with_a_card(messenger: User) -> tuple[User, str]:
    key = cards.new_key()
    cards.give_card(by=messenger, language="pl", area=None, key=key)
    code = cards.code_for(by=messenger, key=key)
    card = cards.choose_first_pin(code=code, pin=PIN)
    return tell_age(user=card.user, age_band="27-54"), code


def come_in(tablet: Client, messenger: User) -> User:
    """Let somebody sign in with a card on the tablet."""
    person, code = somebody_with_a_card(messenger)
    tablet.post("/en/account/inloggen/pasje/", {"code": code, "pin": PIN})
    assert is_signed_in(tablet)
    return person


def is_signed_in(tablet: Client) -> bool:
    return "_auth_user_id" in tablet.session


def write_a_draft(tablet: Client) -> Initiative:
    words = {"title": "A bench", "text": "There is no place to sit.", "language": "en"}
    assert tablet.post("/en/initiatieven/nieuw/", words).status_code == 302
    return Initiative.objects.get(title="A bench")


def support_address(idea: Initiative) -> str:
    return f"/en/initiatieven/{idea.pk}-{idea.address_slug}/steun/"


# --- Starting and ending --------------------------------------------------------------------------


def test_who_starts_it_is_signed_out_and_the_browser_is_marked(
    tablet: Client, messenger: User
) -> None:
    assert not is_signed_in(tablet)
    assert not Device.objects.filter(user=messenger).exists()
    cookie = tablet.cookies[live.SHARED_DEVICE_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    row = SharedDevice.objects.get()
    assert CODE not in str(SharedDevice.objects.values().get())
    assert cookie.value.split(":")[0] not in str(SharedDevice.objects.values().get())
    act = RoleAct.objects.get(act="participatie.start")
    assert (act.by, act.about_pk) == (messenger, row.pk)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.CORE_TEAM, None])
def test_others_start_none(client: Client, role: str | None) -> None:
    client.force_login(scenes.granted(role) if role else scenes.person())
    assert client.get(BEGIN).status_code == 404
    assert client.post(BEGIN, {"name": "Mine", "code": CODE}).status_code == 404
    assert not SharedDevice.objects.exists()


def test_a_code_that_others_guess_is_refused(client: Client, messenger: User) -> None:
    client.force_login(messenger)
    for code, said in (("123456", "Others guess this code soon."), ("12", "six digits")):
        response = client.post(BEGIN, {"name": "Tablet", "code": code})
        assert said in page(response)
        assert 'value="Tablet"' in page(response)


def test_elsewhere_the_pages_of_a_shared_device_do_not_exist(client: Client) -> None:
    for address in (START, CHOOSE, THANKS, STOP, "/en/gedeeld/verder/"):
        assert client.get(address).status_code == 404


def test_the_code_of_who_started_it_ends_it(tablet: Client) -> None:
    assert "This is not the code" in page(tablet.post(STOP, {"code": "111112"}))
    response = tablet.post(STOP, {"code": CODE})
    assert response["Location"] == "/en/"
    assert SharedDevice.objects.get().ended_at is not None
    assert tablet.get(CHOOSE).status_code == 404
    assert "no-store" not in tablet.get("/en/").headers.get("Cache-Control", "")


def test_codes_are_not_tried_without_end(tablet: Client) -> None:
    answers = [tablet.post(STOP, {"code": "111112"}).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert SharedDevice.objects.running().exists()


def test_who_started_it_ends_it_from_elsewhere_and_so_does_the_office(
    tablet: Client, messenger: User
) -> None:
    row = SharedDevice.objects.get()
    address = f"/en/gedeeld/{row.pk}/stoppen/"
    other, desk = Client(), Client()
    other.force_login(scenes.granted(Role.MESSENGER, language="ro"))
    desk.force_login(messenger)
    assert "Tablet in the library" not in page(other.get(BEGIN))
    assert other.post(address).status_code == 404
    assert "Tablet in the library" in page(desk.get(BEGIN))

    office = Client()
    office.force_login(scenes.granted(Role.PROGRAMME_OFFICE))
    assert "Tablet in the library" in page(office.get(BEGIN))
    assert office.post(address).status_code == 302
    assert desk.post(address).status_code == 302, "Twice is no error."

    response = tablet.get("/en/")
    assert response.cookies[live.SHARED_DEVICE_COOKIE].value == ""
    assert "I am done" not in page(response)


def test_a_cookie_that_somebody_made_up_marks_nothing(client: Client) -> None:
    client.cookies = SimpleCookie({live.SHARED_DEVICE_COOKIE: "key:1wOq:made-up"})
    assert client.get(CHOOSE).status_code == 404


def test_a_device_ends_with_the_account_of_who_started_it(tablet: Client, messenger: User) -> None:
    leave(person=messenger, texts_stay=False)
    assert tablet.get(CHOOSE).status_code == 404


# --- A visit --------------------------------------------------------------------------------------


def test_it_begins_with_a_language_each_in_its_own_name(tablet: Client) -> None:
    shown = page(tablet.get(START))
    for name, address in (("Polski", "/pl/gedeeld/kiezen/"), ("English", CHOOSE)):
        assert re.search(rf'href="{address}"[^>]*>{name}<', shown)
    choices = page(tablet.get(CHOOSE))
    for words in ("Share an idea", "Support an idea", "Tell what you see", "Sign in with a card"):
        assert words in choices


def test_it_reads_from_right_to_left(tablet: Client, settings: Any) -> None:
    settings.LISTED_LANGUAGES = [*settings.LISTED_LANGUAGES, "ar"]
    assert 'lang="ar"' in page(tablet.get(START))
    assert 'dir="rtl"' in page(tablet.get("/ar/gedeeld/kiezen/"))


def test_no_page_may_be_kept_and_no_form_is_filled_in_by_the_browser(tablet: Client) -> None:
    for address in ("/en/", "/en/account/inloggen/", "/en/initiatieven/nieuw/", CHOOSE):
        response = tablet.get(address)
        assert response["Cache-Control"] == "no-store, private"
        shown = page(response)
        assert set(re.findall(r'autocomplete="([^"]*)"', shown)) <= {"off"}
        assert all("autocomplete=" in one for one in re.findall(r"<form[^>]*>", shown))
    assert 'autocomplete="email"' in page(Client().get("/en/account/inloggen/"))


def test_ways_that_leave_something_behind_are_closed_and_not_offered(
    tablet: Client, messenger: User
) -> None:
    for address in (
        "/en/account/inloggen/wachtwoord/",
        "/en/account/wachtwoord/vergeten/",
        "/en/beheer/",
    ):
        assert tablet.get(address, follow=True).redirect_chain[-1] == (CHOOSE, 302)
    shown = page(tablet.get("/en/account/inloggen/"))
    assert "passkey" not in shown
    assert "password" not in shown
    come_in(tablet, messenger)
    response = tablet.post("/en/account/gegevens/meenemen/")
    assert response["Location"] == CHOOSE
    assert "Use one of your own." in page(tablet.get(CHOOSE))


def test_nobody_works_there_by_a_role(tablet: Client) -> None:
    tablet.force_login(scenes.moderator())
    assert tablet.get("/en/moderatie/")["Location"] == CHOOSE
    assert not is_signed_in(tablet)
    assert "a device of your own" in page(tablet.get(CHOOSE))


def test_support_ends_a_visit_with_thanks(tablet: Client, messenger: User) -> None:
    idea = scenes.initiative()
    person = come_in(tablet, messenger)
    response = tablet.post(support_address(idea))
    assert response["Location"] == THANKS
    assert Support.objects.filter(person=person).count() == 1
    assert not is_signed_in(tablet)
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert "You are signed out" in page(tablet.get(THANKS))


def test_so_it_does_where_a_part_of_a_page_was_asked_for(tablet: Client, messenger: User) -> None:
    idea = scenes.initiative()
    come_in(tablet, messenger)
    response = tablet.post(support_address(idea), headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == THANKS
    assert not is_signed_in(tablet)


def test_handing_in_ends_a_visit_and_what_was_refused_does_not(
    tablet: Client, messenger: User
) -> None:
    idea = scenes.initiative()
    person = come_in(tablet, messenger)
    comments = f"/en/initiatieven/{idea.pk}-{idea.address_slug}/reacties/"
    assert tablet.post(comments, {"text": ""}).status_code == 422
    assert is_signed_in(tablet)

    sent = {"text": "A good idea, I come along.", "language": "en", "stance": ""}
    response = tablet.post(comments, sent)
    assert response["Location"] == THANKS, page(response)
    assert Comment.objects.filter(author=person).exclude(status="draft").count() == 1
    assert not is_signed_in(tablet)


def test_a_translation_ends_a_visit(tablet: Client, messenger: User) -> None:
    idea = scenes.initiative(language="nl")
    person = come_in(tablet, messenger)
    write = f"/en/vertaling/{idea.dossier_id}/schrijven/"
    words = {"title": "Ławka", "text": "Nie ma gdzie usiąść."}
    sent = {"language": "pl", "seen": digest_of(idea), **words}

    response = tablet.post(write, sent)

    assert response["Location"] == THANKS, page(response)
    assert Translation.objects.get().made_by == person
    assert not is_signed_in(tablet)


def test_a_change_of_a_text_on_the_site_ends_a_visit(tablet: Client, messenger: User) -> None:
    person = come_in(tablet, messenger)
    idea = scenes.initiative(author=person)
    now = timezone.now()
    assert not took_part(person, now)
    revise(idea, text="Two benches are better.")
    assert took_part(person, now)


def test_who_asks_for_help_in_a_text_is_told_where_it_is(
    tablet: Client,
) -> None:
    assert "112, 113" in page(tablet.get(f"{THANKS}?hulp=1"))
    assert "112, 113" not in page(tablet.get(THANKS)).partition("<footer")[0]


def test_the_start_page_forgets_whoever_was_there(tablet: Client, messenger: User) -> None:
    draft = write_a_draft(tablet)
    come_in(tablet, messenger)
    assert SharedDevice.objects.get().draft_key != ""
    tablet.cookies["browser"] = "somebody"

    response = tablet.get(START)

    assert not is_signed_in(tablet)
    assert not Initiative.objects.filter(pk=draft.pk).exists()
    assert SharedDevice.objects.get().draft_key == ""
    assert response.cookies["browser"].value == ""
    assert response.cookies[live.LANGUAGE_COOKIE_NAME].value == ""
    assert response["Clear-Site-Data"] == '"cache", "storage"'


def test_a_draft_that_was_taken_into_an_account_stays_there(
    tablet: Client, messenger: User
) -> None:
    draft = write_a_draft(tablet)
    person = come_in(tablet, messenger)
    tablet.get(f"/en/initiatieven/nieuw/{draft.pk}/wat/")
    tablet.get(START)
    assert Initiative.objects.get(pk=draft.pk).author == person


def test_without_scripts_the_time_of_a_visit_ends_on_the_server(
    tablet: Client, messenger: User, settings: Any
) -> None:
    settings.SHARED_PLACE_SECONDS = 100
    come_in(tablet, messenger)
    draft = write_a_draft(tablet)
    Initiative.objects.filter(pk=draft.pk).update(author=None, draft_key="k" * 43)
    SharedDevice.objects.update(draft_key="k" * 43)
    session = tablet.session
    session["draft_key"] = "k" * 43
    session.save()
    assert 'http-equiv="refresh" content="100; url=/en/gedeeld/"' in page(tablet.get(CHOOSE))

    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=126)):
        response = tablet.get("/en/account/")
        assert response["Location"] == START
        assert not Initiative.objects.filter(pk=draft.pk).exists()
        assert "My page" not in page(tablet.get(CHOOSE))


def test_a_touch_gives_the_time_again(tablet: Client, messenger: User, settings: Any) -> None:
    settings.SHARED_PLACE_SECONDS = 100
    come_in(tablet, messenger)
    begun = timezone.now()
    for minute in range(1, 5):
        with time_machine.travel(begun + datetime.timedelta(minutes=minute)):
            response = tablet.get("/en/gedeeld/verder/")
            assert response.status_code == 204
            assert is_signed_in(tablet)


def test_drafts_of_who_has_no_account_end_with_the_visit_too(tablet: Client, settings: Any) -> None:
    settings.SHARED_PLACE_SECONDS = 100
    write_a_draft(tablet)
    left = Session.objects.get(pk=tablet.session.session_key).expire_date - timezone.now()
    assert left < datetime.timedelta(seconds=126), "Not the thirty days of other browsers."


def test_devices_that_are_not_shared_pay_nothing(
    client: Client, django_assert_num_queries: Any
) -> None:
    from django.test import RequestFactory

    with django_assert_num_queries(0):
        assert devices.of(RequestFactory().get("/")) is None


def test_what_is_kept_for_a_second_is_not_mixed_up_with_pages_of_shared_devices(
    tablet: Client, settings: Any
) -> None:
    settings.KEPT_PAGE_SECONDS = 60
    scenes.initiative()
    visitor = Client()
    for browser, is_shared in ((visitor, False), (tablet, True), (visitor, False), (tablet, True)):
        assert ("I am done" in page(browser.get("/en/initiatieven/"))) == is_shared
