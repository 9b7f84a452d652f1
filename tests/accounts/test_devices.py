"""Where somebody is signed in: seen on one page, and ended from it."""

import datetime
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import Device, User

from .factor_steps import SAFETY, is_signed_in, sign_in_by_code

pytestmark = [pytest.mark.django_db, pytest.mark.either]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1"


def browser(agent: str, email: str) -> Client:
    client = Client(headers={"User-Agent": agent})
    sign_in_by_code(client, email)
    return client


def test_each_device_has_a_name_and_no_ip_address(resident: User) -> None:
    here = browser(FIREFOX, resident.email)
    browser(EDGE, resident.email)
    browser(IPHONE, resident.email)
    page = here.get(SAFETY).content.decode()
    for name in ("Firefox on Linux", "Edge on Windows", "Safari on iPhone"):
        assert name in page
    assert {field.name for field in Device._meta.fields} == {
        "id",
        "user",
        "session",
        "browser",
        "system",
        "started_at",
        "last_seen_date",
    }


@pytest.mark.parametrize("agent", ["", "curl/8", "x" * 100_000, "\x7f\xff<script>"])
def test_a_browser_may_say_what_it_likes(resident: User, agent: str) -> None:
    assert browser(agent, resident.email).get(SAFETY).status_code == 200


def test_an_ended_device_is_signed_out_at_its_next_request(resident: User) -> None:
    here, there = browser(FIREFOX, resident.email), browser(EDGE, resident.email)
    other = Device.objects.get(browser="Edge")
    here.post(f"/en/account/veiligheid/apparaat/{other.pk}/uit/")
    assert there.get("/en/account/profiel/").status_code == 302
    assert not is_signed_in(there)
    assert is_signed_in(here)
    assert "Edge" not in here.get(SAFETY).content.decode()


def test_all_other_devices_are_ended_at_once(resident: User) -> None:
    here = browser(FIREFOX, resident.email)
    others = [browser(EDGE, resident.email) for _ in range(3)]
    here.post("/en/account/veiligheid/apparaten/uit/")
    assert not any(is_signed_in(other) for other in others)
    assert is_signed_in(here)


def test_nobody_ends_the_device_of_another(resident: User) -> None:
    browser(FIREFOX, resident.email)
    theirs = Device.objects.get()
    stranger = browser(EDGE, "vreemd@example.org")
    response = stranger.post(f"/en/account/veiligheid/apparaat/{theirs.pk}/uit/")
    # The same answer as for one that is not there.
    missing = stranger.post("/en/account/veiligheid/apparaat/999999999/uit/")
    assert response["Location"] == missing["Location"]
    assert Device.objects.filter(pk=theirs.pk).exists()


def test_signing_out_forgets_the_device(resident: User) -> None:
    here = browser(FIREFOX, resident.email)
    here.post("/en/account/uitloggen/")
    assert not Device.objects.exists()


def test_a_device_that_is_used_stays_and_its_day_is_noted_once(
    resident: User, django_assert_num_queries: Any
) -> None:
    here = browser(FIREFOX, resident.email)
    began = Device.objects.get()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=10)):
        here.get("/en/account/profiel/")
        now = Device.objects.get()
        assert now.started_at == began.started_at
        assert now.last_seen_date == began.last_seen_date + datetime.timedelta(days=10)
        left = Session.objects.get(pk=now.session_id).expire_date - timezone.now()
        assert left > datetime.timedelta(days=13)
        before = Session.objects.get(pk=now.session_id).expire_date
    with time_machine.travel(timezone.now() + datetime.timedelta(days=10, minutes=1)):
        here.get("/en/account/profiel/")
        assert Session.objects.get(pk=now.session_id).expire_date == before


def test_a_device_that_is_no_longer_used_goes_with_its_session(resident: User) -> None:
    from participatie.tasks import clear_sessions

    browser(FIREFOX, resident.email)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15)):
        clear_sessions()
    assert not Device.objects.exists()


def test_another_password_ends_the_other_devices_and_keeps_this_one(resident: User) -> None:
    here, there = browser(FIREFOX, resident.email), browser(EDGE, resident.email)
    started_at = Device.objects.get(browser="Firefox").started_at
    here.post("/en/account/wachtwoord/kiezen/", {"password": "vier losse woorden samen"})
    assert there.get("/en/account/profiel/").status_code == 302
    kept = Device.objects.get()
    assert (kept.browser, kept.started_at) == ("Firefox", started_at)
    assert kept.session_id == here.session.session_key


def test_another_address_ends_the_other_devices(resident: User) -> None:
    from .conftest import newest_code

    here, there = browser(FIREFOX, resident.email), browser(EDGE, resident.email)
    old = resident.email
    here.post("/en/account/e-mail/", {"email": "nieuw@example.org"})
    codes = {"old_code": newest_code(old), "new_code": newest_code("nieuw@example.org")}
    here.post("/en/account/e-mail/codes/", codes)
    assert User.objects.get(pk=resident.pk).email == "nieuw@example.org"
    assert is_signed_in(here)
    assert not is_signed_in(there)
