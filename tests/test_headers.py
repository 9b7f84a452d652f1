"""What holds for every address alike: headers, cookies, and that reading changes nothing."""

import gzip
import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

from accounts.models import RoleAct
from ideas.models import Initiative
from participatie.headers import PERMISSIONS_POLICY, permissions_policy
from tests import scenes
from tests.neighbourhood import NOT_SIGNED_IN, ROLES, Neighbourhood, build, undone
from tests.test_doors import DOORS, FEW, NO_POST, Door, good_form

pytestmark = [pytest.mark.django_db, pytest.mark.either]

ADMIN_PAGES = ("", "login/", "jsi18n/", "accounts/user/", "participatie/page/", "bestaat-niet/")
#: Pages on which somebody may speak into their device.
RECORDS_A_VOICE = ("decisions:appeal", "decisions:appeal_measure", "contributions:speak")
#: Pages that show nothing but what everybody may read, to whoever comes by.
PUBLIC = (
    "front_door",
    "accessibility",
    "security_txt",
    "health_live",
    "health_ready",
    "home",
    "areas",
    "area of testwijk",
    "page of contact",
    "picture of published/320",
    "ideas:list",
    "ideas:map",
    "ideas:map_points of everywhere",
    "ideas:map_borders",
    "ideas:detail of published",
    "ideas:support of published",
)


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Neighbourhood]:
    with django_db_blocker.unblock(), undone():
        yield build()


def one_per_view() -> list[Door]:
    return list({door.view: door for door in reversed(DOORS)}.values())


def answers(town: Neighbourhood, role: str) -> Iterator[tuple[str, HttpResponseBase]]:
    """Yield what somebody gets at each kind of address, found or not, and in the admin."""
    for door in one_per_view():
        address = town.address(door.view, door.of)
        for method in ("get", "post"):
            with undone():
                yield f"{method} {door}", getattr(town.client(role), method)(address)
    for page in ADMIN_PAGES:
        with undone():
            yield f"admin {page}", town.client(role).get(f"/nl/beheer/{page}")
    yield "nothing", town.client(role).get("/nl/bestaat-niet/")
    yield "forged", town.client(role).get("/nl/", headers={"Host": "evil.example"})


# --- Headers ---


#: Mails have their styles in their tags. The page that shows one to staff runs nothing.
SHOWS_A_MAIL = "outbox:mail"


def test_the_page_of_a_mail_runs_nothing_and_stands_in_pages_of_this_site_alone(
    town: Neighbourhood,
) -> None:
    for name, response in answers(town, "office"):
        if SHOWS_A_MAIL in name:
            policy = response["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src" not in policy
            assert "sandbox" in policy
            assert "frame-ancestors 'self'" in policy
            assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("role", [*FEW, "office"])
def test_every_answer_carries_the_strict_headers(town: Neighbourhood, role: str) -> None:
    for name, response in answers(town, role):
        assert response.status_code < 500, name
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        shows_a_mail = SHOWS_A_MAIL in name
        if not shows_a_mail:
            assert "unsafe" not in policy, name
            assert "frame-ancestors 'none'" in policy, name
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["Referrer-Policy"] == "same-origin", name
        policies = [PERMISSIONS_POLICY]
        if any(f" {view} " in f"{name} " for view in RECORDS_A_VOICE):
            policies.append(permissions_policy("microphone=(self)"))
        assert response["Permissions-Policy"] in policies, name
        # A forged host is turned away before the middleware that sets this older word for it.
        if not shows_a_mail:
            assert response.get("X-Frame-Options") == ("DENY" if name != "forged" else None), name
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", name
        # No cache that people share keeps what one of them got.
        kept, varies = response.get("Cache-Control", ""), response.get("Vary", "")
        assert "public" not in kept, name
        assert "s-maxage" not in kept, name
        assert "*" not in varies, name
        if role not in NOT_SIGNED_IN and response.status_code == 200:
            assert "private" in kept or "Cookie" in varies, name


PERSONAL = re.compile(
    r"account_home|accounts:|account_|moderation:|ideas:(?:edit|take_away|answer|comment|draft_)"
)


def test_personal_pages_are_kept_by_no_cache_at_all(town: Neighbourhood) -> None:
    seen = 0
    for door in DOORS:
        role = next((role for role in ROLES if door.get[role] == 200), "")
        if PERSONAL.match(door.view) and role:
            with undone():
                response = town.client(role).get(town.address(door.view, door.of))
            assert "no-store" in response["Cache-Control"], str(door)
            assert "private" in response["Cache-Control"], str(door)
            seen += 1
    assert seen > 20


@pytest.mark.parametrize("door", PUBLIC)
def test_who_only_reads_gets_no_cookie(town: Neighbourhood, door: str) -> None:
    row = next(row for row in DOORS if str(row) == door)
    assert row.get["visitor"] in (200, 302)
    response = town.client("visitor").get(town.address(row.view, row.of))
    assert not response.cookies


def test_cookies_of_a_session_are_out_of_reach_of_scripts_and_of_other_sites(
    town: Neighbourhood,
) -> None:
    password = "vier losse woorden samen"
    with undone():
        person = scenes.person(password=password)
        client = Client()
        entered = client.post(
            town.address("account_login_password"), {"email": person.email, "password": password}
        )
        told = client.post(
            town.address("accounts:profile"),
            {"kind": "resident", "age_band": "27-54", "language": "pl"},
        )
    session = entered.cookies[settings.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert told.cookies[settings.LANGUAGE_COOKIE_NAME]["samesite"] == "Lax"


FORGED = {
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "host=evil.example;proto=https",
    "X-Host": "evil.example",
    "X-Original-URL": "/nl/moderatie/",
    "X-Rewrite-URL": "/nl/moderatie/",
    "X-Forwarded-Proto": "https",
    "X-HTTP-Method-Override": "DELETE",
}


@pytest.mark.parametrize("role", ["visitor", "moderator"])
def test_forged_headers_of_a_proxy_change_nothing(town: Neighbourhood, role: str) -> None:
    for door in one_per_view():
        address = town.address(door.view, door.of)
        with undone():
            plain = town.client(role).get(address)
        with undone():
            forged = town.client(role).get(address, headers=FORGED)
        assert forged.status_code == plain.status_code, str(door)
        assert forged.get("Location") == plain.get("Location"), str(door)
        if not forged.streaming:
            assert b"evil.example" not in forged.content, str(door)
            assert len(forged.content) == len(plain.content), str(door)


def test_a_forged_address_does_not_shift_the_limit_on_what_strangers_begin(
    town: Neighbourhood,
) -> None:
    text = {"title": "Een bank", "text": "Op het plein.", "language": "nl"}
    met = []
    with undone():
        for number in range(31):
            forged = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
            met.append(Client().post("/nl/initiatieven/nieuw/", text, headers=forged).status_code)
    assert met == [302] * 30 + [422]


# --- Reading changes nothing ---


def digest() -> dict[str, str]:
    """Return a fingerprint of each table but that of the sessions."""
    prints = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - {"django_session"}):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr(row) for row in cursor.fetchall())
            prints[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return prints


@pytest.mark.parametrize(
    "role",
    ["writer", "author", "young", "moderator", "office", "administrator"],
)
def test_following_links_changes_nothing(town: Neighbourhood, role: str) -> None:
    """Scanners of mail, and browsers that look ahead, open every link that somebody could."""
    with undone():
        client = town.client(role)
        # A session without a device, as tests make them, gets one on the page that lists them.
        client.get(town.address("account_safety"))
        before, acts = digest(), RoleAct.objects.count()
        for door in DOORS:
            if door.get[role] != 404:
                # Also a link that pretends to be the form.
                client.get(town.address(door.view, door.of), good_form(town, door, role))
        if role in ("office", "administrator"):
            for model in admin.site._registry:
                for page in ("changelist", "add", "change", "delete", "history"):
                    client.get(town.admin_address(model, page), {"post": "yes"})
        after = digest()
        # That staff took a file along is on the record of acts.
        assert {table for table in after if after[table] != before[table]} <= {
            RoleAct._meta.db_table
        }
        for act in RoleAct.objects.order_by("pk").values_list("act", flat=True)[acts:]:
            assert ".export_" in act


def test_one_page_changes_something_when_it_is_opened_a_draft_becomes_ones_own_after_sign_in(
    town: Neighbourhood,
) -> None:
    with undone():
        before = digest()
        client = town.client("writer")
        session = client.session
        person = town.people["resident"]
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()

        response = client.get(town.address("ideas:draft_what", "draft in a browser"))

        assert response.status_code == 200
        after = digest()
        assert {table for table in after if after[table] != before[table]} == {"ideas_initiative"}
        assert Initiative.objects.get(title="zqhelddraft").author == person


#: What is let in by its signed address, sent by a mailbox that has no token of ours (RFC 8058), and
#: by its signature, sent by the service that sends our mail; tests/notifications/test_links.py and
#: test_mail_webhook.py beside it try what else is sent there.
SENT_WITHOUT_BROWSERS = ("notifications:stop", "mail_webhook")


@pytest.mark.parametrize("role", ["visitor", "author", "moderator", "office"])
def test_a_form_from_another_site_is_refused_everywhere(town: Neighbourhood, role: str) -> None:
    client = town.client(role, enforce_csrf_checks=True)
    before = digest()
    for door in DOORS:
        if door.post != NO_POST and door.view not in SENT_WITHOUT_BROWSERS:
            response = client.post(town.address(door.view, door.of), good_form(town, door, role))
            assert response.status_code == 403, str(door)
    for model in admin.site._registry:
        assert client.post(town.admin_address(model, "add")).status_code == 403
    for page in ("login/", "logout/"):
        assert client.post(f"/nl/beheer/{page}").status_code == 403
    assert digest() == before


# --- Where one is led ---

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "\n//evil.example/",
    "http:evil.example",
    "http:///evil.example",
    "https:\\\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "/nl/\r\nX-Injected: yes",
    "//user@evil.example/",
    "//testserver@evil.example/",
    "/%5Cevil.example/\x00",
    "https://testserver.evil.example/",
    "https://buurten.example@evil.example/",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_page_leads_to_another_site(town: Neighbourhood, target: str) -> None:
    password = "vier losse woorden samen"
    profile = {"kind": "resident", "age_band": "27-54", "language": "pl"}
    with undone():
        person = scenes.person(password=password)
        signed_in = town.client("resident")
        staff = town.client("office")
        login = "/nl/account/inloggen/"
        led = [
            signed_in.get(login, {"next": target}),
            signed_in.get(f"{login}wachtwoord/", {"next": target}),
            town.client("visitor").post(
                f"{login}wachtwoord/", {"email": person.email, "password": password, "next": target}
            ),
            signed_in.post("/nl/account/profiel/", {**profile, "next": target}),
            signed_in.post("/nl/account/profiel/", profile, query_params={"next": target}),
            staff.get("/nl/beheer/login/", {"next": target}),
            town.client("visitor").get("/nl/beheer/login/", {"next": target}),
            signed_in.post("/nl/account/uitloggen/", {"next": target}),
            town.client("visitor").get("/", {"next": target}),
        ]
        shown = town.client("visitor").get(login, {"next": target})
    for response in led:
        assert response.status_code == 302
        assert re.match(r"/(?![/\\])", response["Location"]), response["Location"]
        assert "evil.example" not in response["Location"].partition("?")[0]
        assert "X-Injected" not in response
    # Nor does the sign-in page hand it on in a link of its own.
    assert "evil.example" not in shown.content.decode().partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize(
    "path", ["/xx/", "/de/", "/de/initiatieven/", "/nl-be/", "/NL/", "/tr/initiatieven/", "/en-gb/"]
)
def test_a_language_that_is_not_routed_has_no_pages(town: Neighbourhood, path: str) -> None:
    response = town.client("visitor").get(path)
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_pages_come_compressed_and_pictures_as_they_are(town: Neighbourhood) -> None:
    browser = town.client("visitor", headers={"Accept-Encoding": "gzip, br"})
    page = browser.get(town.address("area", "testwijk"))
    assert page["Content-Encoding"] == "gzip"
    assert b"<h1" in gzip.decompress(page.content)
    picture = browser.get(town.address("picture", "published/0"))
    assert "Content-Encoding" not in picture
    assert "Content-Encoding" not in town.client("visitor").get(town.address("home"))
