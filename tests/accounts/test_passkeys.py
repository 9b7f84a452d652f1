"""Passkeys: added, shown, refused; with a key made of software instead of a browser."""

import datetime
import json
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from accounts import factors, passkeys
from accounts.models import User
from tests import scenes

from .factor_steps import (
    BY_PASSKEY,
    OPTIONS,
    PASSKEY,
    SAFETY,
    STEP_TWO,
    SoftKey,
    add_passkey,
    is_signed_in,
    show_passkey,
    sign_in_by_code,
)

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def key() -> SoftKey:
    return SoftKey()


@pytest.fixture
def at_home(client: Client, resident: User) -> Client:
    sign_in_by_code(client, resident.email)
    return client


def test_a_passkey_alone_signs_its_holder_in(at_home: Client, resident: User, key: SoftKey) -> None:
    assert b"<li>" in add_passkey(at_home, key).content  # the recovery codes
    elsewhere = Client()
    response = show_passkey(elsewhere, key, next="/en/account/profiel/")
    assert response["Location"] == "/en/account/profiel/"
    assert elsewhere.session["_auth_user_id"] == str(resident.pk)


def test_a_passkey_counts_as_both_factors(client: Client, key: SoftKey, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    moderator = scenes.moderator()
    sign_in_by_code(client, moderator.email)
    add_passkey(client, key)
    elsewhere = Client()
    show_passkey(elsewhere, key)
    assert elsewhere.get("/en/moderatie/").status_code == 200


def test_after_a_code_by_mail_a_passkey_is_the_second_step(
    at_home: Client, resident: User, key: SoftKey
) -> None:
    add_passkey(at_home, key)
    elsewhere = Client()
    assert sign_in_by_code(elsewhere, resident.email) == STEP_TWO
    assert b"data-passkey" in elsewhere.get(STEP_TWO).content
    options = elsewhere.post(OPTIONS, {"step": "1"}).json()
    assert len(options["publicKey"]["allowCredentials"]) == 1
    elsewhere.post(STEP_TWO, {"credential": key.show(options)})
    assert is_signed_in(elsewhere)


def test_the_passkey_of_another_is_no_second_step(
    at_home: Client, resident: User, key: SoftKey
) -> None:
    add_passkey(at_home, key)
    stranger, theirs = Client(), SoftKey()
    sign_in_by_code(stranger, "vreemd@example.org")
    add_passkey(stranger, theirs)
    elsewhere = Client()
    sign_in_by_code(elsewhere, resident.email)
    options = elsewhere.post(OPTIONS, {"step": "1"}).json()
    response = elsewhere.post(STEP_TWO, {"credential": theirs.show(options)})
    assert response.status_code == 200
    assert not is_signed_in(elsewhere)


def test_what_another_passkey_signed_is_refused(at_home: Client, key: SoftKey) -> None:
    add_passkey(at_home, key)
    forged = SoftKey(id=key.id, holder=key.holder)
    elsewhere = Client()
    response = show_passkey(elsewhere, forged)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize(
    "made",
    [
        SoftKey(origin="https://evil.example"),
        SoftKey(origin="http://buurten.example"),
        SoftKey(origin="https://login.buurten.example"),
        SoftKey(site="evil.example"),
        SoftKey(verifies_holder=False),
    ],
    ids=["other site", "no TLS", "other part of the site", "other key", "holder unseen"],
)
def test_what_was_made_for_another_site_or_without_its_holder_is_refused(
    at_home: Client, made: SoftKey
) -> None:
    response = add_passkey(at_home, made)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Authenticator.objects.exists()


def test_a_passkey_that_did_not_check_its_holder_signs_nobody_in(
    at_home: Client, key: SoftKey
) -> None:
    add_passkey(at_home, key)
    key.verifies_holder = False
    elsewhere = Client()
    show_passkey(elsewhere, key)
    assert not is_signed_in(elsewhere)


def test_an_answer_is_taken_once(at_home: Client, key: SoftKey) -> None:
    add_passkey(at_home, key)
    first, second = Client(), Client()
    sent = key.show(first.post(OPTIONS).json())
    assert first.post(BY_PASSKEY, {"credential": sent}).status_code == 302
    first.post("/en/account/uitloggen/")
    for browser in (first, second):
        assert browser.post(BY_PASSKEY, {"credential": sent}).status_code == 200
        assert not is_signed_in(browser)


def test_an_answer_that_took_too_long_is_refused(at_home: Client, key: SoftKey) -> None:
    add_passkey(at_home, key)
    elsewhere = Client()
    sent = key.show(elsewhere.post(OPTIONS).json())
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        elsewhere.post(BY_PASSKEY, {"credential": sent})
    assert not is_signed_in(elsewhere)


def test_what_was_asked_to_make_one_does_not_show_one(at_home: Client, key: SoftKey) -> None:
    add_passkey(at_home, key)
    options = at_home.post(OPTIONS, {"make": "1"}).json()
    sent = key.show(options)
    request = at_home.get(SAFETY).wsgi_request
    with pytest.raises(passkeys.PasskeyRefused):
        passkeys.shown(request, sent)


def test_a_removed_passkey_signs_nobody_in(at_home: Client, key: SoftKey) -> None:
    add_passkey(at_home, key)
    row = Authenticator.objects.get(type="webauthn")
    at_home.post(f"{PASSKEY}{row.pk}/weg/")
    elsewhere = Client()
    show_passkey(elsewhere, key)
    assert not is_signed_in(elsewhere)


def test_nobody_removes_the_passkey_of_another(at_home: Client, key: SoftKey) -> None:
    add_passkey(at_home, key)
    row = Authenticator.objects.get(type="webauthn")
    stranger = Client()
    sign_in_by_code(stranger, "vreemd@example.org")
    stranger.post(f"{PASSKEY}{row.pk}/weg/")
    assert Authenticator.objects.filter(pk=row.pk).exists()


def test_a_closed_account_is_not_opened_by_its_passkey(
    at_home: Client, resident: User, key: SoftKey
) -> None:
    add_passkey(at_home, key)
    User.objects.filter(pk=resident.pk).update(is_active=False)
    elsewhere = Client()
    assert show_passkey(elsewhere, key)["Location"] == "/en/account/gesloten/"
    assert not is_signed_in(elsewhere)


def test_a_passkey_is_made_only_shortly_after_showing_who_one_is(
    client: Client, at_home: Client
) -> None:
    assert Client().post(OPTIONS, {"make": "1"}).status_code == 403
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        assert at_home.post(OPTIONS, {"make": "1"}).status_code == 403


def test_ten_passkeys_are_enough(at_home: Client, resident: User, key: SoftKey) -> None:
    for number in range(factors.MAX_PASSKEYS):
        Authenticator.objects.create(
            user=resident, type="webauthn", data={"name": str(number), "credential": {}}
        )
    with pytest.raises(factors.TooManyPasskeys):
        factors.add_passkey(user=resident, name="one more", credential={})


def test_the_name_of_a_passkey_is_shown_and_its_last_use(at_home: Client, key: SoftKey) -> None:
    add_passkey(at_home, key, name="<b>Phone</b>")
    page = at_home.get(SAFETY).content.decode()
    assert "&lt;b&gt;Phone&lt;/b&gt;" in page
    assert Authenticator.objects.get(type="webauthn").last_used_at is None
    show_passkey(Client(), key)
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None


def test_a_passkey_without_a_name_is_not_added(at_home: Client, key: SoftKey) -> None:
    assert add_passkey(at_home, key, name="").context["form"].errors["name"]
    assert not Authenticator.objects.exists()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=8,
)


@effort(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    sent=st.one_of(
        st.text(max_size=200),
        json_values.map(json.dumps),
        st.fixed_dictionaries(
            {
                "id": st.sampled_from(["", "AAAA", "é"]),
                "rawId": st.sampled_from(["", "AAAA", "é"]),
                "type": st.just("public-key"),
                "response": json_values
                | st.fixed_dictionaries(
                    {
                        "userHandle": st.sampled_from(
                            ["MQ", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"]
                        ),
                        "clientDataJSON": st.sampled_from(["", "e30", "bnVsbA"]),
                        "authenticatorData": st.sampled_from(["", "AAAA"]),
                        "signature": st.sampled_from(["", "AAAA"]),
                    }
                ),
            }
        ).map(json.dumps),
    )
)
def test_whatever_a_browser_sends_is_refused_with_a_sentence(client: Client, sent: str) -> None:
    from django.core.cache import cache

    cache.clear()
    client.post(OPTIONS)
    response = client.post(BY_PASSKEY, {"credential": sent})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not is_signed_in(client)


def test_too_many_tries_with_a_passkey_wait(client: Client) -> None:
    statuses = [client.post(OPTIONS).status_code for _ in range(31)]
    assert statuses[-1] == 429
    assert client.post(BY_PASSKEY, {"credential": "{}"}).status_code == 429
