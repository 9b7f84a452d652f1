"""Signing in with somebody else's sign-in: the whole way, and every answer that is not right."""

import base64
import hashlib
import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Identity, User
from accounts.openid import claims, provider

from .conftest import newest_code
from .factor_steps import SAFETY, STEP_TWO, add_app, app_code, is_signed_in, sign_in_by_code
from .openid_server import CLIENT, Forge, running

pytestmark = [pytest.mark.django_db, pytest.mark.either]

SIGN_IN = "/en/account/inloggen/"
START = "/en/account/inloggen/met/"
ADDRESS = "/en/account/inloggen/met/adres/"
UNLINK = "/en/account/inloggen/met/los/"
BACK = "/openid/terug/"
#: Passes the eleven-test, and is nobody's: the number of the examples.
BSN = "999990019"


def offer(settings: Any, issuer: str) -> None:
    settings.OPENID_ISSUER = issuer
    settings.OPENID_CLIENT_ID = CLIENT
    settings.OPENID_CLIENT_SECRET = "not much of one"
    settings.OPENID_NAME = "Stadspas"


@pytest.fixture
def forge(settings: Any) -> Iterator[Forge]:
    with running(Forge()) as one:
        offer(settings, one.issuer)
        yield one


@pytest.fixture
def mock(settings: Any) -> Iterator[str]:
    """Run oidc-provider-mock, which asks for a nonce."""
    people = [
        oidc_provider_mock.User(
            sub="anna", claims={"email": "anna@example.org", "email_verified": True}
        ),
        oidc_provider_mock.User(sub="without-mail", claims={}),
    ]
    with oidc_provider_mock.run_server_in_thread(require_nonce=True, user_claims=people) as server:
        issuer = f"http://localhost:{server.server_port}"
        offer(settings, issuer)
        yield issuer


def leave(client: Client, query: str = "") -> dict[str, str]:
    """Press the button; return what the address at the provider asks for."""
    cache.delete("openid")
    response = client.post(START, {"next": query} if query else {})
    assert response.status_code == 200, response
    address = response.headers["Refresh"].removeprefix("0; url=")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    return {**asked, "address": address}


def come_back(client: Client, forge: Forge, **query: str) -> Any:
    """Go to the forged provider and come back with what it answers."""
    asked = leave(client)
    forge.nonce = forge.nonce or asked["nonce"]
    return client.get(BACK, {"code": "a-code", "state": asked["state"], **query})


def agree(address: str, sub: str, **form: str) -> str:
    """Sign in at the mock; return the path and query of the way back."""
    response = requests.post(address, data={"sub": sub, **form}, allow_redirects=False, timeout=5)
    found = urlsplit(response.headers["Location"])
    assert f"{found.scheme}://{found.netloc}{found.path}" == f"https://buurten.example{BACK}"
    return f"{BACK}?{found.query}"


# --- The whole way, with a provider of somebody else's making ---


def test_a_newcomer_gets_an_account_and_comes_back_to_it(client: Client, mock: str) -> None:
    address = leave(client)["address"]
    response = client.get(agree(address, "anna"))
    assert response["Location"] == "/en/account/profiel/?welkom=1"
    user = User.objects.get()
    assert user.email == "anna@example.org"
    assert user.has_confirmed_address
    elsewhere = Client()
    elsewhere.get(agree(leave(elsewhere)["address"], "anna"))
    assert elsewhere.session["_auth_user_id"] == str(user.pk)
    assert User.objects.count() == 1


def test_a_newcomer_without_an_address_tells_one_and_confirms_it(client: Client, mock: str) -> None:
    response = client.get(agree(leave(client)["address"], "without-mail"))
    assert response["Location"] == ADDRESS
    assert not User.objects.exists()
    client.post(ADDRESS, {"email": "bram@example.org"})
    client.post("/en/account/inloggen/code/", {"code": newest_code("bram@example.org")})
    assert is_signed_in(client)
    elsewhere = Client()
    elsewhere.get(agree(leave(elsewhere)["address"], "without-mail"))
    assert is_signed_in(elsewhere)
    assert User.objects.get().email == "bram@example.org"


def test_whoever_declines_there_reads_that_nothing_changed(client: Client, mock: str) -> None:
    asked = leave(client)
    # The mock leaves the state out of a refusal, which no provider may (RFC 6749, 4.1.2.1).
    response = client.get(f"{agree(asked['address'], '', action='deny')}&state={asked['state']}")
    assert response.status_code == 403
    assert not is_signed_in(client)


def test_the_way_there_is_protected(client: Client, forge: Forge) -> None:
    asked = leave(client)
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"https://buurten.example{BACK}"
    assert asked["code_challenge_method"] == "S256"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert len(asked["state"]) >= 40
    forge.nonce = asked["nonce"]
    client.get(BACK, {"code": "a-code", "state": asked["state"]})
    sent, secret = next((sent, head) for path, sent, head in forge.asked if path == "/token")
    digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
    assert secret.startswith("Basic ")
    assert "not much" not in json.dumps(sent)


def test_after_signing_in_one_arrives_where_one_was_going(client: Client, forge: Forge) -> None:
    Identity.objects.create(user=known(), pseudonym=name_of(forge))
    asked = leave(client, "/en/account/profiel/")
    forge.nonce = asked["nonce"]
    response = client.get(BACK, {"code": "a-code", "state": asked["state"]})
    assert response["Location"] == "/en/account/profiel/"


def test_nobody_is_led_to_another_site(client: Client, forge: Forge) -> None:
    Identity.objects.create(user=known(), pseudonym=name_of(forge))
    asked = leave(client, "https://evil.example/")
    forge.nonce = asked["nonce"]
    response = client.get(BACK, {"code": "a-code", "state": asked["state"]})
    assert response["Location"].startswith("/en/account/")


def known(email: str = "buur@example.org") -> User:
    return User.objects.filter(email=email).first() or User.objects.create_user(email)


def name_of(forge: Forge, sub: str = "somebody") -> str:
    from accounts import sealing

    return next(sealing.pseudonyms_of(forge.issuer, sub))


def test_the_second_step_is_asked_after_this_way_as_well(client: Client, forge: Forge) -> None:
    user = known()
    sign_in_by_code(client, user.email)
    secret, _codes = add_app(client)
    Identity.objects.create(user=user, pseudonym=name_of(forge))
    elsewhere = Client()
    assert come_back(elsewhere, forge)["Location"] == STEP_TWO
    assert not is_signed_in(elsewhere)
    elsewhere.post(STEP_TWO, {"code": app_code(secret, steps=1)})
    assert is_signed_in(elsewhere)


def test_a_role_that_needs_a_second_factor_needs_it_this_way_too(
    client: Client, forge: Forge, settings: Any, administrator: User
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    Identity.objects.create(user=administrator, pseudonym=name_of(forge))
    come_back(client, forge)
    assert client.get("/en/beheer/")["Location"] == SAFETY


# --- Answers that are not right ---

HOUR = 3600
NOW = int(timezone.now().timestamp())
WRONG_TOKENS: dict[str, dict[str, Any]] = {
    "nonce of another attempt": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "nonce that is no text": {"claims": {"nonce": ["a"]}},
    "for another site": {"claims": {"aud": "another"}},
    "for nobody": {"claims": {"aud": None}},
    "for several, not saying which asked": {"claims": {"aud": [CLIENT, "another"]}},
    "asked for by another": {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    "from another provider": {"claims": {"iss": "https://evil.example"}},
    "from nobody": {"claims": {"iss": None}},
    "too old": {"claims": {"exp": NOW - HOUR, "iat": NOW - 2 * HOUR}},
    "without an end": {"claims": {"exp": None}},
    "of tomorrow": {"claims": {"iat": NOW + 24 * HOUR}},
    "about nobody": {"claims": {"sub": None}},
    "about an empty name": {"claims": {"sub": ""}},
    "about a number": {"claims": {"sub": 5}},
    "signed by another": {"signer": "other"},
    "signed with what everybody knows": {"signer": "secret"},
    "not signed": {"signer": "none"},
    "with a key that is not there": {"header": {"kid": "unknown"}},
}


@pytest.mark.parametrize("wrong", WRONG_TOKENS)
def test_a_token_that_is_not_right_signs_nobody_in(
    client: Client, forge: Forge, wrong: str
) -> None:
    Identity.objects.create(user=known(), pseudonym=name_of(forge))
    for name, value in WRONG_TOKENS[wrong].items():
        setattr(forge, name, value)
    response = come_back(client, forge)
    assert response.status_code == 400
    assert not is_signed_in(client)
    assert User.objects.count() == 1
    # The answer is used up: trying it again leads nowhere.
    assert "openid" not in client.session


@pytest.mark.parametrize("signer", ["rsa", "ec"])
def test_a_token_that_is_right_does(client: Client, forge: Forge, signer: str) -> None:
    Identity.objects.create(user=known(), pseudonym=name_of(forge))
    forge.signer = signer
    come_back(client, forge)
    assert is_signed_in(client)


@pytest.mark.parametrize("state", ["", "wrong", "é", "x" * 5000])
def test_an_answer_with_another_state_is_refused(client: Client, forge: Forge, state: str) -> None:
    response = come_back(client, forge, state=state)
    assert response.status_code == 400
    assert not is_signed_in(client)
    assert not any(path == "/token" for path, _sent, _head in forge.asked)


def test_an_answer_in_a_browser_that_asked_nothing_is_refused(client: Client, forge: Forge) -> None:
    asked = leave(client)
    forge.nonce = asked["nonce"]
    response = Client().get(BACK, {"code": "a-code", "state": asked["state"]})
    assert response.status_code == 400


def test_an_answer_is_taken_once(client: Client, forge: Forge) -> None:
    asked = leave(client)
    forge.nonce = asked["nonce"]
    query = {"code": "a-code", "state": asked["state"]}
    assert client.get(BACK, query).status_code == 302
    assert client.get(BACK, query).status_code == 400


def test_an_answer_that_took_too_long_is_refused(client: Client, forge: Forge) -> None:
    asked = leave(client)
    forge.nonce = asked["nonce"]
    import datetime

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        response = client.get(BACK, {"code": "a-code", "state": asked["state"]})
    assert response.status_code == 400


@pytest.mark.parametrize("query", [{"code": ""}, {"code": "x" * 5000}, {"iss": "https://evil"}])
def test_an_answer_without_a_good_code_is_refused(
    client: Client, forge: Forge, query: dict[str, str]
) -> None:
    assert come_back(client, forge, **query).status_code == 400


@pytest.mark.parametrize(
    ("error", "status"),
    [("access_denied", 403), ("server_error", 503), ("<script>", 403), ("", 403)],
)
def test_an_error_of_the_provider_gets_a_sentence(
    client: Client, forge: Forge, error: str, status: int
) -> None:
    said = {"error": error, "error_description": "zqdescription"}
    response = come_back(client, forge, **said)
    assert response.status_code == status
    assert b"zqdescription" not in response.content
    assert b"<script>" not in response.content


BROKEN: dict[str, tuple[int, bytes]] = {
    "an error": (500, b"oops"),
    "no JSON": (200, b"<html>"),
    "a list": (200, b"[]"),
    "nothing": (200, b""),
    "deep": (200, b"[" * 100_000),
    "too much": (200, b'{"a": "' + b"x" * 300_000 + b'"}'),
    "another place": (302, b"http://127.0.0.1:1/"),
    "another issuer": (200, b'{"issuer": "https://evil.example"}'),
}


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_provider_that_does_not_answer_well_gives_a_sentence(
    client: Client, forge: Forge, path: str, broken: str
) -> None:
    forge.answers[path] = BROKEN[broken]
    response = client.post(START)
    if path.startswith("/token") or path == "/keys":
        response = come_back(client, forge)
    assert response.status_code in (400, 503)
    assert not is_signed_in(client)
    assert not User.objects.exists()


def test_a_provider_that_is_gone_gives_a_sentence(client: Client, settings: Any) -> None:
    offer(settings, "http://127.0.0.1:9")
    assert client.post(START).status_code == 503


@pytest.mark.parametrize(
    "place", ["http://evil.example/token", "ftp://127.0.0.1/", "https://a:b@evil.example/", "//x"]
)
def test_a_provider_leads_to_no_place_without_tls(client: Client, forge: Forge, place: str) -> None:
    assert not provider.is_safe(place)
    told = {
        "issuer": forge.issuer,
        "authorization_endpoint": f"{forge.issuer}/authorize",
        "token_endpoint": place,
        "jwks_uri": f"{forge.issuer}/keys",
    }
    forge.answers["/.well-known/openid-configuration"] = (200, json.dumps(told).encode())
    assert client.post(START).status_code == 503


def test_new_keys_of_the_provider_are_found(client: Client, forge: Forge) -> None:
    Identity.objects.create(user=known(), pseudonym=name_of(forge))
    come_back(client, forge)
    forge.keys["rsa"] = Forge().keys["rsa"]
    forge.header, forge.nonce = {"kid": "newer"}, ""
    forge.answers["/keys"] = (
        200,
        json.dumps({"keys": [{**forge.published()[0], "kid": "newer"}]}).encode(),
    )
    elsewhere = Client()
    come_back(elsewhere, forge)
    assert is_signed_in(elsewhere)


def test_made_up_names_of_keys_do_not_make_us_ask_all_day(client: Client, forge: Forge) -> None:
    forge.header = {"kid": "unknown"}
    for _ in range(5):
        forge.nonce = ""
        come_back(client, forge)
    assert sum(path == "/keys" for path, _sent, _head in forge.asked) == 2


def test_too_many_tries_wait(client: Client, forge: Forge) -> None:
    statuses = [client.get(BACK).status_code for _ in range(31)]
    assert statuses[0] == 400
    assert statuses[-1] == 429


def test_where_no_provider_is_set_there_is_nothing(client: Client, settings: Any) -> None:
    settings.OPENID_ISSUER = ""
    assert client.post(START).status_code == 404
    assert client.get(BACK).status_code == 404
    assert START.encode() not in client.get(SIGN_IN).content


# --- Accounts are never joined by themselves ---


def test_the_address_of_an_account_is_never_joined_silently(client: Client, forge: Forge) -> None:
    known("buur@example.org")
    forge.claims = {"email": "Buur@Example.org", "email_verified": True}
    response = come_back(client, forge)
    assert response.status_code == 409
    assert not is_signed_in(client)
    assert not Identity.objects.exists()


def test_an_address_that_the_provider_did_not_check_is_asked_for(
    client: Client, forge: Forge
) -> None:
    for said in (False, None, "true", 1):
        forge.claims, forge.nonce = {"email": "buur@example.org", "email_verified": said}, ""
        assert come_back(Client(), forge)["Location"] == ADDRESS
    assert not User.objects.exists()


def test_whoever_types_the_address_of_their_account_signs_in_and_links_by_hand(
    client: Client, forge: Forge
) -> None:
    user = known("buur@example.org")
    come_back(client, forge)
    client.post(ADDRESS, {"email": user.email})
    response = client.post("/en/account/inloggen/code/", {"code": newest_code(user.email)})
    assert response["Location"] == SAFETY
    assert is_signed_in(client)
    assert not Identity.objects.exists()


def test_the_next_person_at_this_browser_is_not_given_the_identity(
    client: Client, forge: Forge
) -> None:
    come_back(client, forge)
    client.get(SIGN_IN)
    sign_in_by_code(client, "ander@example.org")
    assert not Identity.objects.exists()


def test_an_account_is_linked_from_within_and_told_by_mail(client: Client, forge: Forge) -> None:
    user = known()
    sign_in_by_code(client, user.email)
    assert come_back(client, forge)["Location"] == SAFETY
    assert Identity.objects.get().user == user
    assert mail.outbox[-1].to == [user.email]
    forge.nonce = ""
    elsewhere = Client()
    come_back(elsewhere, forge)
    assert is_signed_in(elsewhere)


def test_an_identity_of_another_account_is_not_taken_over(client: Client, forge: Forge) -> None:
    other = known("ander@example.org")
    Identity.objects.create(user=other, pseudonym=name_of(forge))
    sign_in_by_code(client, known().email)
    assert come_back(client, forge).status_code == 409
    assert Identity.objects.get().user == other


def test_a_link_that_another_person_began_is_not_finished(client: Client, forge: Forge) -> None:
    sign_in_by_code(client, known().email)
    asked = leave(client)
    forge.nonce = asked["nonce"]
    attempt = client.session["openid"]
    stranger = Client()
    sign_in_by_code(stranger, "vreemd@example.org")
    session = stranger.session
    session["openid"] = attempt
    session.save()
    response = stranger.get(BACK, {"code": "a-code", "state": asked["state"]})
    assert response.status_code == 403
    assert not Identity.objects.exists()


def test_linking_asks_who_one_is_first(client: Client, forge: Forge) -> None:
    client.force_login(known())
    assert client.post(START)["Location"].startswith("/en/account/bevestigen/")
    assert client.post(UNLINK)["Location"].startswith("/en/account/bevestigen/")


def test_a_link_is_removed_and_a_code_by_mail_remains(client: Client, forge: Forge) -> None:
    user = known()
    Identity.objects.create(user=user, pseudonym=name_of(forge))
    sign_in_by_code(client, user.email)
    client.post(UNLINK)
    assert not Identity.objects.exists()
    elsewhere = Client()
    assert come_back(elsewhere, forge)["Location"] == ADDRESS
    sign_in_by_code(elsewhere, user.email)
    assert is_signed_in(elsewhere)


def test_a_closed_account_stays_closed(client: Client, forge: Forge) -> None:
    user = known()
    Identity.objects.create(user=user, pseudonym=name_of(forge))
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert come_back(client, forge)["Location"] == "/en/account/gesloten/"
    assert not is_signed_in(client)


# --- What is kept, and what never is ---


def test_nothing_of_a_citizen_service_number_reaches_a_row_a_session_or_a_log(
    client: Client, forge: Forge, caplog: pytest.LogCaptureFixture
) -> None:
    from django.apps import apps
    from django.contrib.sessions.models import Session

    caplog.set_level(logging.DEBUG)
    forge.claims = {
        "sub": f"s00000000:{BSN}",
        "email": f"{BSN}@example.org",
        "email_verified": True,
        "bsn": BSN,
        "name": f"Jan {BSN}",
        "address": {"bsn": BSN},
    }
    assert come_back(client, forge)["Location"] == ADDRESS
    client.post(ADDRESS, {"email": "jan@example.org"})
    client.post("/en/account/inloggen/code/", {"code": newest_code("jan@example.org")})
    rows = [
        repr(list(model._default_manager.values()))
        for model in apps.get_models()
        if model._default_manager is not None
    ]
    sessions = [repr(session.get_decoded()) for session in Session.objects.all()]
    assert Identity.objects.exists()
    for text in (*rows, *sessions, caplog.text):
        assert BSN not in text


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (BSN, True),
        ("99999001 9", True),
        ("9999.90.019", True),
        ("s00000000:999990019", True),
        ("00999990019", True),
        ("bsn=999990019;x", True),
        ("10000008", True),  # of eight digits: the first is a nought that was left out
        ("999990018", False),
        ("1234567", False),
        ("000000000", False),
        ("a@example.org", False),
        ("", False),
    ],
)
def test_what_looks_like_a_citizen_service_number(text: str, holds: bool) -> None:
    assert claims.holds_bsn(text) is holds


def test_only_the_claims_of_the_settings_are_looked_at(settings: Any) -> None:
    settings.OPENID_CLAIMS = ["email"]
    told = {"email": "a@example.org", "email_verified": True, "name": "Anna", "x": {"y": 1}}
    assert claims.allowed(told) == {"email": "a@example.org"}


def test_the_name_kept_of_an_identity_says_nothing_and_moves_with_the_key(
    client: Client, forge: Forge, settings: Any
) -> None:
    user = known()
    old = name_of(forge)
    assert re.fullmatch("[0-9a-f]{64}", old)
    Identity.objects.create(user=user, pseudonym=old)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "een heel andere sleutel"
    come_back(client, forge)
    assert is_signed_in(client)
    assert Identity.objects.get().pseudonym == name_of(forge) != old


def test_two_providers_may_use_the_same_name() -> None:
    from accounts import sealing

    one = next(sealing.pseudonyms_of("https://a.example", "b"))
    assert one != next(sealing.pseudonyms_of("https://a.exampl", "eb"))
    assert one != next(sealing.pseudonyms_of("https://b.example", "b"))
