"""A password is an option; a code by mail always works."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.freshness import FRESH_KEY
from accounts.models import User

from .conftest import newest_code

pytestmark = pytest.mark.django_db

PAGE = "/nl/account/inloggen/wachtwoord/"
CHOOSE = "/nl/account/wachtwoord/kiezen/"
CHANGE = "/nl/account/wachtwoord/"
FORGOTTEN = "/nl/account/wachtwoord/vergeten/"
PASSWORD = "fiets lamp zolder"
OTHER = "duin tram appelmoes"


@pytest.fixture
def with_password(resident: User) -> User:
    resident.set_password(PASSWORD)
    resident.save()
    return resident


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_opens_the_account_and_leads_on(client: Client, with_password: User) -> None:
    pair = {"email": "Buur@example.org", "password": PASSWORD}
    response = client.post(f"{PAGE}?next=/nl/wijk/", pair)
    assert response["Location"] == "/nl/wijk/"
    assert is_signed_in(client)


def test_a_password_leads_nobody_elsewhere(client: Client, with_password: User) -> None:
    pair = {"email": with_password.email, "password": PASSWORD}
    assert client.post(f"{PAGE}?next=//elders.example", pair)["Location"] == "/nl/account/"


def test_a_draft_survives_signing_in_with_a_password(client: Client, with_password: User) -> None:
    session = client.session
    session["draft_key"] = "mijn-concept"
    session.save()
    before = client.session.session_key
    client.post(PAGE, {"email": with_password.email, "password": PASSWORD})
    assert client.session["draft_key"] == "mijn-concept"
    assert client.session.session_key != before


def test_wrong_pairs_answer_alike_whether_the_address_is_known(
    client: Client, with_password: User
) -> None:
    no_password = User.objects.create_user("code@example.org")
    errors = {
        str(client.post(PAGE, {"email": email, "password": "fout"}).context["form"].errors)
        for email in (with_password.email, "vreemd@example.org", no_password.email)
    }
    assert len(errors) == 1
    assert not is_signed_in(client)


def test_after_five_wrong_passwords_the_right_one_waits(
    client: Client, with_password: User
) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        for _ in range(5):
            client.post(PAGE, {"email": with_password.email, "password": "fout"})
        pair = {"email": with_password.email, "password": PASSWORD}
        response = client.post(PAGE, pair, headers={"X-Forwarded-For": "10.0.0.9"})
        assert response.status_code == 429
        assert not is_signed_in(client)
        # Neither another spelling of the host nor of the address starts a new count.
        pair["email"] = "BUUR@example.org"
        assert client.post(PAGE, pair, headers={"Host": "localhost"}).status_code == 429
    with time_machine.travel(start + timedelta(minutes=6), tick=False):
        assert client.post(PAGE, pair).status_code == 302


def test_a_successful_sign_in_gives_no_new_attempts(client: Client, with_password: User) -> None:
    for _ in range(4):
        client.post(PAGE, {"email": with_password.email, "password": "fout"})
    Client().post(PAGE, {"email": with_password.email, "password": PASSWORD})
    client.post(PAGE, {"email": with_password.email, "password": "fout"})
    response = client.post(PAGE, {"email": with_password.email, "password": PASSWORD})
    assert response.status_code == 429


def test_a_closed_account_stays_closed_for_its_password(
    client: Client, with_password: User
) -> None:
    User.objects.update(is_active=False)
    client.post(PAGE, {"email": with_password.email, "password": PASSWORD})
    assert not is_signed_in(client)


def test_the_admins_own_form_checks_no_passwords(client: Client, with_password: User) -> None:
    response = client.post(
        "/nl/beheer/login/", {"username": with_password.email, "password": PASSWORD}
    )
    assert response["Location"].startswith("/nl/account/inloggen/?next=")
    assert not is_signed_in(client)


def just_signed_in(client: Client, person: User) -> None:
    client.force_login(person)
    session = client.session
    session[FRESH_KEY] = time.time()
    session.save()


def test_somebody_without_a_password_can_choose_one(client: Client, resident: User) -> None:
    just_signed_in(client, resident)
    assert client.get(CHANGE)["Location"] == CHOOSE
    assert client.post(CHOOSE, {"password": PASSWORD}).status_code == 302
    resident.refresh_from_db()
    assert resident.check_password(PASSWORD)
    assert is_signed_in(client)
    assert mail.outbox[0].to == [resident.email]


def test_who_signed_in_long_ago_shows_who_they_are_before_choosing_one(
    client: Client, resident: User
) -> None:
    """Whoever finds the device of somebody else lying there gets no lasting way in."""
    client.force_login(resident)
    response = client.post(CHOOSE, {"password": PASSWORD})
    assert response["Location"].startswith("/nl/account/bevestigen/")
    resident.refresh_from_db()
    assert not resident.has_usable_password()


@pytest.mark.parametrize("weak", ["", "kort", "12345678901", "password", "buur@example.org"])
def test_a_weak_password_is_refused_with_a_reason(
    client: Client, resident: User, weak: str
) -> None:
    just_signed_in(client, resident)
    response = client.post(CHOOSE, {"password": weak})
    assert response.context["form"].errors["password"]
    resident.refresh_from_db()
    assert not resident.has_usable_password()


def test_changing_a_password_asks_for_the_one_there_is(client: Client, with_password: User) -> None:
    client.force_login(with_password)
    assert client.get(CHOOSE)["Location"] == CHANGE
    wrong = client.post(CHANGE, {"old_password": "fout", "password": OTHER})
    assert wrong.context["form"].errors["old_password"]
    client.post(CHANGE, {"old_password": PASSWORD, "password": OTHER})
    with_password.refresh_from_db()
    assert with_password.check_password(OTHER)


def test_changing_a_password_signs_other_devices_out(client: Client, with_password: User) -> None:
    other = Client()
    other.force_login(with_password)
    client.force_login(with_password)
    client.post(CHANGE, {"old_password": PASSWORD, "password": OTHER})
    assert client.get("/nl/account/profiel/").status_code == 200
    assert other.get("/nl/account/profiel/").status_code == 302


def test_guessing_the_old_password_is_limited(client: Client, with_password: User) -> None:
    client.force_login(with_password)
    attempts = [client.post(CHANGE, {"old_password": "x", "password": OTHER}) for _ in range(6)]
    assert [a.status_code for a in attempts] == [200] * 5 + [429]


def test_a_forgotten_password_is_replaced_after_a_code(client: Client, with_password: User) -> None:
    client.post(FORGOTTEN, {"email": with_password.email})
    response = client.post("/nl/account/inloggen/code/", {"code": newest_code(with_password.email)})
    assert response["Location"] == CHOOSE
    client.post(CHOOSE, {"password": OTHER})
    with_password.refresh_from_db()
    assert with_password.check_password(OTHER)


def test_somebody_signed_in_who_forgot_it_signs_in_again_by_code(
    client: Client, with_password: User
) -> None:
    client.force_login(with_password)
    client.post(FORGOTTEN)
    assert not is_signed_in(client)
    client.post("/nl/account/inloggen/code/", {"code": newest_code(with_password.email)})
    assert client.post(CHOOSE, {"password": OTHER}).status_code == 302


def test_long_after_a_code_the_old_password_is_asked_again(
    client: Client, with_password: User, sign_in: Callable[..., str]
) -> None:
    sign_in(with_password.email)
    assert client.get(CHOOSE).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get(CHOOSE)["Location"] == CHANGE


def test_a_forgotten_password_answers_alike_for_an_unknown_address(client: Client) -> None:
    response = client.post(FORGOTTEN, {"email": "vreemd@example.org"})
    assert response["Location"] == "/nl/account/inloggen/code/"
    assert len(mail.outbox) == 1
    assert not User.objects.exists()
