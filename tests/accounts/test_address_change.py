"""Moving to another e-mail address is confirmed at both ends."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts import actions
from accounts.models import User

from .conftest import newest_code

pytestmark = [pytest.mark.django_db, pytest.mark.either]

PAGE = "/nl/account/e-mail/"
CODES = "/nl/account/e-mail/codes/"
OLD, NEW = "buur@example.org", "verhuisd@example.org"


@pytest.fixture(autouse=True)
def signed_in(client: Client) -> User:
    user, _ = actions.open_account(email=OLD, language="nl")
    client.force_login(user)
    return user


def codes() -> dict[str, str]:
    return {"old_code": newest_code(OLD), "new_code": newest_code(NEW)}


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_with_both_codes_the_account_moves(client: Client, signed_in: User) -> None:
    client.post(PAGE, {"email": NEW})
    assert client.post(CODES, codes()).status_code == 302
    signed_in.refresh_from_db()
    assert signed_in.email == NEW
    assert signed_in.has_confirmed_address
    assert EmailAddress.objects.get().email == NEW
    # The old address is told.
    assert mail.outbox[-1].to == [OLD]


@pytest.mark.parametrize("end", ["old_code", "new_code"])
def test_one_code_alone_moves_nothing(client: Client, signed_in: User, end: str) -> None:
    client.post(PAGE, {"email": NEW})
    typed = codes()
    typed[end] = wrong(typed[end])
    response = client.post(CODES, typed)
    assert set(response.context["form"].errors) == {end}
    signed_in.refresh_from_db()
    assert signed_in.email == OLD


def test_the_codes_of_the_two_ends_cannot_be_swapped(client: Client, signed_in: User) -> None:
    client.post(PAGE, {"email": NEW})
    right = codes()
    if right["old_code"] != right["new_code"]:
        client.post(CODES, {"old_code": right["new_code"], "new_code": right["old_code"]})
        signed_in.refresh_from_db()
        assert signed_in.email == OLD


def test_five_attempts_use_the_codes_up(client: Client, signed_in: User) -> None:
    client.post(PAGE, {"email": NEW})
    right = codes()
    for _ in range(5):
        client.post(CODES, {**right, "new_code": wrong(right["new_code"])})
    client.post(CODES, right)
    signed_in.refresh_from_db()
    assert signed_in.email == OLD


def test_an_address_in_use_answers_alike_until_its_mailbox_is_read(
    client: Client, signed_in: User
) -> None:
    other = User.objects.create_user(NEW)
    response = client.post(PAGE, {"email": NEW})
    assert response["Location"] == CODES
    response = client.post(CODES, codes(), follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    signed_in.refresh_from_db()
    assert signed_in.email == OLD
    assert signed_in.has_confirmed_address
    assert User.objects.get(email=NEW) == other


def test_the_same_address_is_not_a_change(client: Client) -> None:
    response = client.post(PAGE, {"email": OLD.upper()})
    assert response.context["form"].errors["email"]
    assert not mail.outbox


def test_strangers_mailboxes_cannot_be_flooded(client: Client) -> None:
    statuses = [client.post(PAGE, {"email": f"x{n}@example.org"}).status_code for n in range(8)]
    assert 429 in statuses
    assert statuses.count(302) <= 5


def test_codes_asked_for_before_a_move_do_nothing_after_it(client: Client, signed_in: User) -> None:
    client.post(PAGE, {"email": NEW})
    typed = codes()
    actions.change_address(user=signed_in, email="elders@example.org")
    assert client.post(CODES, typed)["Location"] == PAGE
    signed_in.refresh_from_db()
    assert signed_in.email == "elders@example.org"


def test_a_visitor_is_sent_to_the_sign_in_page(client: Client) -> None:
    client.logout()
    assert client.get(PAGE)["Location"].startswith("/nl/account/inloggen/")
    assert client.get(CODES)["Location"].startswith("/nl/account/inloggen/")
