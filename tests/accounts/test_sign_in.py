"""Signing in: one form for everyone, an address goes in, a code comes by mail."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import redis
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import actions, limits
from accounts.models import User
from accounts.tasks import MailNotSent, send_mail

from .conftest import newest_code

pytestmark = pytest.mark.django_db

PAGE = "/nl/account/inloggen/"
CODE_PAGE = "/nl/account/inloggen/code/"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def without_what_is_random(html: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html.decode())


def test_a_known_and_an_unknown_address_get_the_same_answers(
    client: Client, resident: User
) -> None:
    stranger = Client()
    for email, browser in ((resident.email, client), ("vreemd@example.org", stranger)):
        browser.answers = [  # type: ignore[attr-defined]
            browser.post(PAGE, {"email": email}),
            browser.get(CODE_PAGE),
            browser.post(CODE_PAGE, {"code": "12"}),
        ]
    for known, unknown in zip(client.answers, stranger.answers, strict=True):  # type: ignore[attr-defined]
        assert known.status_code == unknown.status_code
        assert known.headers.get("Location") == unknown.headers.get("Location")
        assert without_what_is_random(known.content) == without_what_is_random(
            unknown.content
        ).replace("vreemd@", "buur@")


def test_a_known_and_an_unknown_address_get_the_same_mail(client: Client, resident: User) -> None:
    client.post(PAGE, {"email": resident.email})
    Client().post(PAGE, {"email": "vreemd@example.org"})
    known, unknown = mail.outbox
    without_code = [
        re.sub(r"\d{6}", "", f"{m.subject}{m.body}{m.alternatives[0][0]}") for m in (known, unknown)
    ]
    assert without_code[0] == without_code[1]


def test_nobody_looks_up_an_account_before_the_code_is_confirmed(
    client: Client, resident: User, django_assert_num_queries: Any
) -> None:
    def statements(email: str) -> list[str]:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            Client().post(PAGE, {"email": email})
        # The worker's part, the language of the mail, happens elsewhere.
        return [q["sql"] for q in queries if "accounts_user" in q["sql"]]

    assert len(statements(resident.email)) == len(statements("vreemd@example.org")) == 1


def test_an_unknown_address_leaves_no_row_until_its_code_is_confirmed(
    client: Client, ask_for_code: Callable[..., str]
) -> None:
    code = ask_for_code("nieuw@example.org")
    assert not User.objects.exists()
    client.post(CODE_PAGE, {"code": code})
    user = User.objects.get()
    assert user.email == "nieuw@example.org"
    assert user.has_confirmed_address
    assert not user.has_usable_password()
    assert is_signed_in(client)


def test_a_known_person_gets_no_second_account(
    client: Client, resident: User, sign_in: Callable[..., str]
) -> None:
    sign_in("BUUR@example.org".lower())
    assert User.objects.get() == resident
    assert client.session["_auth_user_id"] == str(resident.pk)


def test_capitals_in_an_address_make_no_second_account(client: Client, resident: User) -> None:
    client.post(PAGE, {"email": " Buur@Example.ORG "})
    client.post(CODE_PAGE, {"code": newest_code(resident.email)})
    assert User.objects.count() == 1
    assert is_signed_in(client)


def test_the_code_may_be_typed_with_spaces(
    client: Client, ask_for_code: Callable[..., str]
) -> None:
    code = ask_for_code("nieuw@example.org")
    client.post(CODE_PAGE, {"code": f" {code[:3]} {code[3:]}"})
    assert is_signed_in(client)


def test_a_wrong_code_says_so_and_the_right_one_still_works(
    client: Client, ask_for_code: Callable[..., str]
) -> None:
    code = ask_for_code("nieuw@example.org")
    response = client.post(CODE_PAGE, {"code": wrong(code)})
    assert "code" in response.context["form"].errors
    assert not is_signed_in(client)
    client.post(CODE_PAGE, {"code": code})
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", ["", "abcdef", "１２３４５６", "\x00", "0" * 5000, "12345"])
def test_what_is_not_a_code_gets_a_sentence(
    client: Client, ask_for_code: Callable[..., str], typed: str
) -> None:
    ask_for_code("nieuw@example.org")
    response = client.post(CODE_PAGE, {"code": typed})
    assert response.status_code == 200
    assert response.context["form"].errors["code"]
    assert not is_signed_in(client)


def test_after_five_wrong_codes_the_right_one_no_longer_works(
    client: Client, ask_for_code: Callable[..., str]
) -> None:
    code = ask_for_code("nieuw@example.org")
    for _ in range(5):
        client.post(CODE_PAGE, {"code": wrong(code)})
    response = client.post(CODE_PAGE, {"code": code})
    assert response.context["form"].errors["code"]
    assert not is_signed_in(client)


def test_a_session_put_back_gives_no_new_attempts(
    client: Client, ask_for_code: Callable[..., str]
) -> None:
    code = ask_for_code("nieuw@example.org")
    before = dict(client.session)
    for _ in range(5):
        client.post(CODE_PAGE, {"code": wrong(code)})
    session = client.session
    session.update(before)
    session.save()
    client.post(CODE_PAGE, {"code": code})
    assert not is_signed_in(client)


def test_a_new_code_replaces_the_old_one(client: Client, ask_for_code: Callable[..., str]) -> None:
    old = ask_for_code("nieuw@example.org")
    response = client.post(CODE_PAGE, {"resend": "1"}, follow=True)
    assert response.context["messages"]
    new = newest_code("nieuw@example.org")
    if new != old:
        client.post(CODE_PAGE, {"code": old})
        assert not is_signed_in(client)
    client.post(CODE_PAGE, {"code": new})
    assert is_signed_in(client)


def test_a_code_is_valid_for_a_quarter_of_an_hour(
    client: Client, ask_for_code: Callable[..., str]
) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        code = ask_for_code("nieuw@example.org")
    with time_machine.travel(start + timedelta(minutes=15, seconds=1), tick=False):
        response = client.post(CODE_PAGE, {"code": code})
        assert response.context["form"].errors["code"]
        assert not is_signed_in(client)
        client.post(CODE_PAGE, {"resend": "1"})
        client.post(CODE_PAGE, {"code": newest_code("nieuw@example.org")})
        assert is_signed_in(client)


def test_a_code_works_once(client: Client, ask_for_code: Callable[..., str]) -> None:
    code = ask_for_code("nieuw@example.org")
    client.post(CODE_PAGE, {"code": code})
    client.post("/nl/account/uitloggen/")
    response = client.post(CODE_PAGE, {"code": code})
    assert response["Location"] == PAGE
    assert not is_signed_in(client)


def test_a_code_works_only_in_the_browser_that_asked_for_it(
    ask_for_code: Callable[..., str],
) -> None:
    code = ask_for_code("nieuw@example.org")
    other = Client()
    other.post(PAGE, {"email": "ander@example.org"})
    other.post(CODE_PAGE, {"code": code})
    if code != newest_code("ander@example.org"):
        assert not is_signed_in(other)


def test_the_code_itself_is_not_kept_in_the_session(
    client: Client, ask_for_code: Callable[..., str]
) -> None:
    code = ask_for_code("nieuw@example.org")
    assert code not in str(dict(client.session))


def test_somebody_can_go_back_and_use_another_address(client: Client) -> None:
    client.post(PAGE, {"email": "tikfout@example.org"})
    response = client.get(PAGE)
    assert response.status_code == 200
    assert response.context["form"]["email"].value() == "tikfout@example.org"
    client.post(PAGE, {"email": "goed@example.org"})
    client.post(CODE_PAGE, {"code": newest_code("goed@example.org")})
    assert User.objects.get().email == "goed@example.org"


def test_the_code_page_without_a_code_under_way_leads_to_the_form(client: Client) -> None:
    assert client.get(CODE_PAGE)["Location"] == PAGE


@pytest.mark.parametrize(
    "typed", ["", "geen adres", "a@b", "x" * 300 + "@example.org", "a@example.org\x00", "<b>@x.nl"]
)
def test_what_is_not_an_address_gets_a_sentence_and_no_mail(client: Client, typed: str) -> None:
    response = client.post(PAGE, {"email": typed})
    assert response.status_code == 200
    assert response.context["form"].errors["email"]
    assert not mail.outbox


def test_one_mailbox_gets_three_codes_a_minute_and_ten_an_hour(client: Client) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(3):
            assert client.post(PAGE, {"email": "buur@example.org"}).status_code == 302
        response = client.post(PAGE, {"email": "buur@example.org"})
        assert response.status_code == 429
        assert response.context["form"].non_field_errors()
        assert response.context["form"]["email"].value() == "buur@example.org"
        for minute in range(1, 20):
            clock.move_to(start + timedelta(minutes=2 * minute), tick=False)
            client.post(PAGE, {"email": "buur@example.org"})
    assert len(mail.outbox) == 10


def test_sending_again_counts_too(client: Client) -> None:
    client.post(PAGE, {"email": "buur@example.org"})
    client.post(CODE_PAGE, {"resend": "1"})
    client.post(CODE_PAGE, {"resend": "1"})
    response = client.post(CODE_PAGE, {"resend": "1"})
    assert response.status_code == 429
    assert len(mail.outbox) == 3


def test_the_limit_is_the_same_for_an_unknown_address(client: Client, resident: User) -> None:
    for email in (resident.email, "vreemd@example.org"):
        statuses = [client.post(PAGE, {"email": email}).status_code for _ in range(4)]
        assert statuses == [302, 302, 302, 429]


def test_a_forged_forwarded_address_shifts_no_limit(client: Client) -> None:
    statuses = [
        client.post(
            PAGE, {"email": f"a{n}@example.org"}, headers={"X-Forwarded-For": f"10.1.1.{n}"}
        ).status_code
        for n in range(61)
    ]
    assert statuses.count(429) == 1


@pytest.mark.parametrize(
    ("proxies", "header", "seen"),
    [
        (0, "10.9.9.9", "127.0.0.1"),
        (1, "10.9.9.9, 203.0.113.7", "203.0.113.7"),
        (2, "10.9.9.9, 203.0.113.7, 192.0.2.1", "203.0.113.7"),
        # Somebody who passed by a proxy: their word counts for nothing.
        (2, "10.9.9.9", "127.0.0.1"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8::7]:4711", "2001:db8::7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "nonsense", "0.0.0.0"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_network_is_what_our_own_outermost_proxy_saw(
    rf: Any, settings: Any, proxies: int, header: str, seen: str
) -> None:
    from accounts.adapter import AccountAdapter

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", headers={"X-Forwarded-For": header})
    assert AccountAdapter(request).get_client_ip(request) == seen


def test_without_the_cache_signing_in_waits_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> bool:
        raise redis.ConnectionError

    monkeypatch.setattr(limits.ratelimit, "consume", away)
    response = client.post(PAGE, {"email": "buur@example.org"})
    assert response.status_code == 503
    assert not mail.outbox


@pytest.mark.redis
def test_with_redis_away_no_code_and_no_password_can_be_tried(
    client: Client, settings: Any, resident: User, ask_for_code: Callable[..., str]
) -> None:
    code = ask_for_code(resident.email)
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert client.post(CODE_PAGE, {"code": code}).status_code == 503
    pair = {"email": resident.email, "password": "x"}
    assert client.post(f"{PAGE}wachtwoord/", pair).status_code == 503
    assert not is_signed_in(client)
    assert client.get(PAGE).status_code == 200


def test_what_a_visitor_wrote_first_survives_signing_in(
    client: Client, ask_for_code: Callable[..., str]
) -> None:
    session = client.session
    session["draft_key"] = "mijn-concept"
    session.save()
    before = client.session.session_key
    code = ask_for_code("nieuw@example.org")
    client.post(CODE_PAGE, {"code": code})
    assert client.session["draft_key"] == "mijn-concept"
    assert client.session.session_key != before
    store = import_module(settings.SESSION_ENGINE).SessionStore
    assert not store().exists(before)


def test_one_arrives_where_one_was_heading(sign_in: Callable[..., str]) -> None:
    target = "/nl/initiatieven/nieuw/7/controle/"
    assert sign_in("nieuw@example.org", f"?next={target}") == target


def test_a_resent_code_still_leads_where_one_was_heading(
    client: Client, ask_for_code: Callable[..., str]
) -> None:
    ask_for_code("nieuw@example.org", "?next=/nl/wijk/")
    client.post(CODE_PAGE, {"resend": "1"})
    response = client.post(CODE_PAGE, {"code": newest_code("nieuw@example.org")})
    assert response["Location"] == "/nl/wijk/"


@pytest.mark.parametrize(
    "target",
    [
        "//elders.example",
        "///elders.example",
        "https://elders.example/",
        "https://testserver/nl/",
        "/\\elders.example",
        "\\\\elders.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "elders.example",
        "/nl/\x00",
        "/nl/%0d%0aLocation:x\r\n",
        " //elders.example",
    ],
)
def test_nobody_is_sent_elsewhere(
    client: Client, resident: User, sign_in: Callable[..., str], target: str
) -> None:
    from urllib.parse import quote

    assert sign_in(resident.email, f"?next={quote(target)}") == "/nl/account/"
    # Somebody who is signed in already is not sent there either.
    assert client.get(PAGE, {"next": target})["Location"] == "/nl/account/"


def test_the_first_time_one_is_asked_who_one_is_and_can_skip_it(
    client: Client, sign_in: Callable[..., str]
) -> None:
    path = sign_in("nieuw@example.org")
    assert path == "/nl/account/profiel/?welkom=1"
    assert 'href="/nl/account/"' in client.get(path).content.decode()
    client.post("/nl/account/uitloggen/")
    assert sign_in("nieuw@example.org") == "/nl/account/"


def test_a_newcomer_keeps_the_language_of_the_page(client: Client) -> None:
    client.post("/pl/account/inloggen/", {"email": "nowy@example.org"})
    client.post("/pl/account/inloggen/code/", {"code": newest_code("nowy@example.org")})
    assert User.objects.get().language == "pl"


def test_the_mail_comes_in_the_language_its_reader_chose(client: Client, resident: User) -> None:
    User.objects.update(language="en")
    client.post(PAGE, {"email": resident.email})
    html = str(mail.outbox[0].alternatives[0][0])
    assert '<html lang="en"' in html


def test_mails_link_to_the_configured_site_whatever_the_host_header_says(
    client: Client, resident: User
) -> None:
    client.post(PAGE, {"email": resident.email}, headers={"Host": "localhost"})
    message = mail.outbox[0]
    for text in (str(message.body), str(message.alternatives[0][0])):
        assert "https://buurten.example/" in text
        assert "localhost" not in text


def test_mails_track_nobody(client: Client, resident: User) -> None:
    client.post(PAGE, {"email": resident.email})
    html = str(mail.outbox[0].alternatives[0][0])
    assert "<img" not in html
    assert set(re.findall(r'(?:href|src)="([^"]+)"', html)) == {"https://buurten.example/"}


def test_a_mail_server_that_refuses_leaves_no_address_in_the_logs(
    resident: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise SMTPRecipientsRefused({resident.email: (550, b"no")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with pytest.raises(MailNotSent) as raised:
        send_mail.run("sign_in_code", resident.email, "nl", {"code": "123456"})
    assert resident.email not in repr(raised.value)
    assert raised.value.__suppress_context__


def test_a_closed_account_cannot_be_entered_and_only_its_owner_learns_that(
    client: Client, resident: User, ask_for_code: Callable[..., str]
) -> None:
    User.objects.update(is_active=False)
    code = ask_for_code(resident.email)
    response = client.post(CODE_PAGE, {"code": code}, follow=True)
    assert response.status_code == 403
    assert response.redirect_chain[-1][0] == "/nl/account/gesloten/"
    assert not is_signed_in(client)
    assert User.objects.count() == 1


def test_signing_out_takes_a_button(client: Client, resident: User) -> None:
    client.force_login(resident)
    assert client.get("/nl/account/uitloggen/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/nl/account/uitloggen/").status_code == 302
    assert not is_signed_in(client)


def test_a_forged_form_from_elsewhere_signs_nobody_in(resident: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(PAGE, {"email": resident.email}).status_code == 403
    assert not mail.outbox


def test_the_address_counts_as_confirmed_for_an_account_made_on_the_server(
    client: Client, resident: User, sign_in: Callable[..., str]
) -> None:
    assert not resident.has_confirmed_address
    sign_in(resident.email)
    assert resident.has_confirmed_address
    assert EmailAddress.objects.get().primary


def test_has_confirmed_address_is_one_query(resident: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert not resident.has_confirmed_address


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_confirmations_at_once_open_one_account() -> None:
    def confirm(_: int) -> int:
        try:
            return actions.open_account(email="nieuw@example.org", language="nl")[0].pk
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        people = set(pool.map(confirm, range(20)))
    assert len(people) == User.objects.count() == 1
    assert EmailAddress.objects.count() == 1
