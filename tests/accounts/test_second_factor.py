"""The second step: an app or a passkey, recovery codes, and who must have one."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts import factors, sealing
from accounts.middleware import OPEN_VIEWS
from accounts.models import Device, FactorReset, Organisation, OrganisationGrant, Role, User
from accounts.second_factor import needs_second_factor
from jongerenraad.models import Council, Office
from tests import councils, scenes
from tests.races import CALLERS, at_once

from .factor_steps import (
    APP,
    PASSKEY,
    SAFETY,
    STEP_TWO,
    SoftKey,
    add_app,
    add_passkey,
    app_code,
    is_signed_in,
    sign_in_by_code,
)

pytestmark = [pytest.mark.django_db, pytest.mark.either]

CONFIRM = "/en/account/bevestigen/"
CODES = "/en/account/veiligheid/herstelcodes/"
QUEUE = "/en/moderatie/"


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def at_home(client: Client, resident: User) -> Client:
    """A resident's browser, just signed in."""
    sign_in_by_code(client, resident.email)
    return client


# --- The app ---


def test_an_app_is_asked_for_its_code_at_the_next_sign_in(at_home: Client, resident: User) -> None:
    secret, codes = add_app(at_home)
    assert len(codes) == len(set(codes)) == 10
    elsewhere = Client()
    assert sign_in_by_code(elsewhere, resident.email) == STEP_TWO
    assert not is_signed_in(elsewhere)
    response = elsewhere.post(STEP_TWO, {"code": app_code(secret, steps=1)})
    assert response.status_code == 302
    assert is_signed_in(elsewhere)


def test_a_password_leads_to_the_second_step_as_well(at_home: Client, resident: User) -> None:
    add_app(at_home)
    resident.set_password("vier losse woorden samen")
    resident.save()
    elsewhere = Client()
    told = {"email": resident.email, "password": "vier losse woorden samen"}
    response = elsewhere.post("/en/account/inloggen/wachtwoord/", told)
    assert response["Location"] == STEP_TWO
    assert not is_signed_in(elsewhere)


def test_after_the_second_step_one_arrives_where_one_was_going(
    at_home: Client, resident: User
) -> None:
    secret, _codes = add_app(at_home)
    elsewhere = Client()
    sign_in_by_code(elsewhere, resident.email, query="?next=/en/account/profiel/")
    response = elsewhere.post(STEP_TWO, {"code": app_code(secret, steps=1)})
    assert response["Location"] == "/en/account/profiel/"


def test_the_session_gets_another_name_when_the_step_is_done(
    at_home: Client, resident: User
) -> None:
    secret, _codes = add_app(at_home)
    elsewhere = Client()
    sign_in_by_code(elsewhere, resident.email)
    before = elsewhere.session.session_key
    elsewhere.post(STEP_TWO, {"code": app_code(secret, steps=1)})
    assert elsewhere.session.session_key != before


def test_a_code_of_the_app_works_once(at_home: Client, resident: User) -> None:
    secret, _codes = add_app(at_home)
    typed = app_code(secret, steps=1)
    for expected in (True, False):
        elsewhere = Client()
        sign_in_by_code(elsewhere, resident.email)
        elsewhere.post(STEP_TWO, {"code": typed})
        assert is_signed_in(elsewhere) is expected


def test_an_older_code_does_not_work_after_a_newer_one(at_home: Client, resident: User) -> None:
    secret, _codes = add_app(at_home)
    assert factors.show(user=resident, typed=app_code(secret, steps=1))
    assert factors.show(user=resident, typed=app_code(secret, steps=0)) is None


@pytest.mark.parametrize(
    "typed", ["", "abc", "000000", "12345678", "１２３４５６", "\x00", "9" * 5000]
)
def test_what_is_no_code_gets_a_sentence(at_home: Client, resident: User, typed: str) -> None:
    add_app(at_home)
    elsewhere = Client()
    sign_in_by_code(elsewhere, resident.email)
    response = elsewhere.post(STEP_TWO, {"code": typed})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not is_signed_in(elsewhere)


def test_guessing_codes_ends_after_a_few(at_home: Client, resident: User) -> None:
    secret, _codes = add_app(at_home)
    elsewhere = Client()
    sign_in_by_code(elsewhere, resident.email)
    for _ in range(5):
        elsewhere.post(STEP_TWO, {"code": "000000"})
    elsewhere.post(STEP_TWO, {"code": app_code(secret, steps=1)})
    assert not is_signed_in(elsewhere)


def test_nobody_stands_at_the_second_step_without_the_first(client: Client) -> None:
    assert client.get(STEP_TWO)["Location"] == "/en/account/inloggen/"
    assert client.post(STEP_TWO, {"code": "123456"})["Location"] == "/en/account/inloggen/"


def test_the_second_step_waits_a_quarter_of_an_hour(at_home: Client, resident: User) -> None:
    secret, _codes = add_app(at_home)
    elsewhere = Client()
    sign_in_by_code(elsewhere, resident.email)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        response = elsewhere.post(STEP_TWO, {"code": app_code(secret)})
        assert response["Location"] == "/en/account/inloggen/"
        assert not is_signed_in(elsewhere)


def test_the_secret_of_an_app_is_not_readable_in_the_database(
    at_home: Client, resident: User
) -> None:
    secret, codes = add_app(at_home)
    kept = repr(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code.replace(" ", "") in kept for code in codes)


def test_a_new_key_of_the_site_still_opens_what_the_old_one_sealed(settings: Any) -> None:
    sealed = sealing.seal("geheim")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "een heel andere sleutel"
    assert sealing.unseal(sealed) == "geheim"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealed)


def test_a_wrong_first_code_adds_no_app(at_home: Client) -> None:
    at_home.get(APP)
    response = at_home.post(APP, {"code": "000000"})
    assert response.context["form"].errors
    assert not Authenticator.objects.exists()


def test_the_square_and_the_letters_hold_the_same_secret(at_home: Client) -> None:
    page = at_home.get(APP)
    secret = page.context["letters"].replace(" ", "")
    assert f"secret={secret}" in page.context["address"]
    assert "<svg" in page.content.decode()
    # Until its first code was right, another look does not change it.
    assert at_home.get(APP).context["letters"] == page.context["letters"]


def test_a_second_app_is_not_added(at_home: Client) -> None:
    add_app(at_home)
    assert at_home.get(APP)["Location"] == SAFETY


# --- Recovery codes ---


def test_a_recovery_code_works_once_and_says_how_many_are_left(
    at_home: Client, resident: User
) -> None:
    _secret, codes = add_app(at_home)
    elsewhere = Client()
    sign_in_by_code(elsewhere, resident.email)
    response = elsewhere.post(STEP_TWO, {"code": codes[3]}, follow=True)
    assert is_signed_in(elsewhere)
    assert "9" in str(next(iter(response.context["messages"])))
    again = Client()
    sign_in_by_code(again, resident.email)
    again.post(STEP_TWO, {"code": codes[3]})
    assert not is_signed_in(again)


def test_new_recovery_codes_end_the_old_ones(at_home: Client, resident: User) -> None:
    _secret, old = add_app(at_home)
    page = at_home.post(CODES).content.decode()
    assert old[0] not in page
    assert factors.show(user=resident, typed=old[0].replace(" ", "")) is None


def test_recovery_codes_are_shown_once(at_home: Client) -> None:
    _secret, codes = add_app(at_home)
    for address in (SAFETY, CODES):
        assert codes[0] not in at_home.get(address).content.decode()


def test_without_a_factor_there_are_no_recovery_codes(at_home: Client) -> None:
    assert at_home.post(CODES)["Location"] == SAFETY
    assert not Authenticator.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_who_show_one_recovery_code_at_once_one_gets_in() -> None:
    user = scenes.person()
    secret = factors.new_secret()
    codes = factors.add_app(user=user, secret=secret, typed=app_code(secret))
    shown = at_once([lambda: factors.show(user=user, typed=codes[0])] * CALLERS)
    assert sorted(map(str, shown)) == sorted(
        [str(factors.Shown.RECOVERY_CODE), *["None"] * (CALLERS - 1)]
    )


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_who_show_one_code_of_an_app_at_once_one_gets_in() -> None:
    user = scenes.person()
    secret = factors.new_secret()
    factors.add_app(user=user, secret=secret, typed=app_code(secret))
    typed = app_code(secret, steps=1)
    shown = at_once([lambda: factors.show(user=user, typed=typed)] * CALLERS)
    assert [one for one in shown if one is not None] == [factors.Shown.APP]


# --- A change asks who it is, and is told by mail ---


def test_a_factor_is_added_only_shortly_after_showing_who_one_is(at_home: Client) -> None:
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        for address in (APP, PASSKEY, CODES):
            assert at_home.get(address)["Location"].startswith(CONFIRM)
            assert at_home.post(address)["Location"].startswith(CONFIRM)


def test_a_code_by_mail_shows_who_one_is_again(at_home: Client, resident: User) -> None:
    from .conftest import newest_code

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        at_home.post(CONFIRM, {"send": "1"})
        wrong = at_home.post(CONFIRM, {"code": "000000"})
        assert wrong.context["form"].errors
        right = {"code": newest_code(resident.email), "next": APP}
        assert at_home.post(CONFIRM, right)["Location"] == APP
        assert at_home.get(APP).status_code == 200


def test_whoever_has_a_factor_shows_that_and_not_a_code_by_mail(at_home: Client) -> None:
    secret, _codes = add_app(at_home)
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        at_home.post(CONFIRM, {"send": "1"})
        assert not mail.outbox
        response = at_home.post(CONFIRM, {"code": app_code(secret), "next": CODES})
        assert response["Location"] == CODES


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_after_showing_who_one_is_nobody_is_led_elsewhere(at_home: Client, target: str) -> None:
    secret, _codes = add_app(at_home)
    response = at_home.post(CONFIRM, {"code": app_code(secret, steps=1), "next": target})
    assert response["Location"] == SAFETY


def test_every_change_is_told_by_mail_and_signs_out_the_other_devices(
    at_home: Client, resident: User
) -> None:
    elsewhere = Client()
    sign_in_by_code(elsewhere, resident.email)
    mail.outbox.clear()
    add_app(at_home)
    assert [message.to for message in mail.outbox] == [[resident.email]]
    assert not elsewhere.get(SAFETY).wsgi_request.user.is_authenticated
    at_home.post(CODES)
    at_home.post("/en/account/veiligheid/app/weg/")
    assert len({message.body for message in mail.outbox}) == 3
    assert not Authenticator.objects.exists()


# --- Who must have one ---


def organisation_writer() -> User:
    user = scenes.person()
    OrganisationGrant.objects.create(
        user=user,
        organisation=Organisation.objects.create(name="Winkeliers", kind="shop_street"),
        granted_by=scenes.person(),
        starts_at=timezone.now() - datetime.timedelta(days=1),
    )
    return user


@pytest.mark.parametrize(
    ("role", "must"),
    [
        (Role.MODERATOR, True),
        (Role.PROGRAMME_OFFICE, True),
        (Role.ADMINISTRATOR, True),
        (Role.STEERING_GROUP, False),
        (Role.CORE_TEAM, False),
        (Role.MUNICIPAL_COUNCIL, False),
        (Role.MESSENGER, False),
    ],
)
def test_roles_that_can_do_something_to_others_need_one(
    required: None, role: str, must: bool
) -> None:
    assert needs_second_factor(scenes.granted(role)) is must


def test_residents_need_none_and_writers_for_an_organisation_do(required: None) -> None:
    assert not needs_second_factor(scenes.person())
    assert needs_second_factor(organisation_writer())


def council_with_mentor() -> Council:
    council = councils.council()
    councils.seated(None, term=council.terms.get(), office=Office.MENTOR)
    return council


@pytest.mark.parametrize(
    ("office", "must"),
    [
        (Office.CHAIR, True),
        (Office.SECRETARY, True),
        (Office.TREASURER, True),
        (Office.MEMBER, False),
        (Office.MENTOR, False),
    ],
)
def test_offices_of_a_council_that_decide_for_others_need_one(
    required: None, office: str, must: bool
) -> None:
    person = councils.holder(council_with_mentor(), office)
    assert needs_second_factor(User.objects.get(pk=person.pk)) is must


def test_a_grant_that_is_over_asks_for_none(required: None) -> None:
    over = timezone.now() - datetime.timedelta(hours=1)
    assert not needs_second_factor(scenes.granted(Role.MODERATOR, ends_at=over))


def test_where_it_is_not_required_nobody_needs_one(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert not needs_second_factor(scenes.moderator())


def test_a_moderator_is_led_to_the_set_up_and_then_to_work(required: None, client: Client) -> None:
    moderator = scenes.moderator()
    sign_in_by_code(client, moderator.email)
    assert client.get(QUEUE)["Location"] == SAFETY
    assert client.get(SAFETY).context["must_begin"]
    secret, _codes = add_app(client)
    assert client.get(QUEUE).status_code == 200
    # And the next time with the code of the app alone: the mail is not enough.
    later = Client()
    sign_in_by_code(later, moderator.email, query=f"?next={QUEUE}")
    assert later.get(QUEUE).status_code == 302
    response = later.post(STEP_TWO, {"code": app_code(secret, steps=1)})
    assert response["Location"] == QUEUE
    assert later.get(QUEUE).status_code == 200


def _addresses(patterns: Any = None, prefix: str = "/") -> Iterator[tuple[str, str]]:
    """Yield every address of the site, with its name; a number or a word stands for what varies."""
    import re

    for entry in get_resolver().url_patterns if patterns is None else patterns:
        piece = re.sub(r"<number:\w+>|<int:\w+>", "1", str(entry.pattern))
        piece = re.sub(r"<uuid:\w+>", "12345678-1234-4234-8234-123456789abc", piece)
        piece = re.sub(r"<council:\w+>", "jongerenraad", piece)
        piece = re.sub(r"<[^>]+>", "x", piece).replace("^", "").replace("$", "")
        if isinstance(entry, URLResolver):
            yield from _addresses(entry.url_patterns, prefix + piece)
        elif isinstance(entry, URLPattern):
            yield str(entry.name), prefix + piece


@pytest.mark.parametrize("way", ["GET", "POST", "htmx"])
def test_until_it_is_set_up_nothing_else_opens_for_a_role_that_needs_one(
    required: None, client: Client, way: str
) -> None:
    person = scenes.granted(Role.ADMINISTRATOR, user=scenes.moderator())
    client.force_login(person)
    tried = 0
    for name, address in _addresses():
        if name in OPEN_VIEWS or "\\" in address or "(?P" in address:
            continue
        headers = {"HX-Request": "true"} if way == "htmx" else {}
        send = client.post if way == "POST" else client.get
        response = send(address, headers=headers)
        if response.resolver_match is None or response.resolver_match.url_name in OPEN_VIEWS:
            continue
        tried += 1
        led = response.headers.get("HX-Redirect" if way == "htmx" else "Location", "")
        assert led.endswith("/account/veiligheid/"), (name, address, response.status_code, led)
        assert not response.content
    assert tried > 80


def test_a_draft_that_stores_itself_does_not_take_the_page_for_its_answer(
    required: None, client: Client
) -> None:
    client.force_login(scenes.moderator())
    response = client.post("/en/initiatieven/nieuw/", headers={"X-Autosave": "1"})
    assert response.status_code == 403


def test_help_and_the_way_out_stay_open(required: None, client: Client) -> None:
    client.force_login(scenes.moderator())
    assert client.get("/en/account/uitloggen/").status_code == 200
    assert client.get("/gezond/").status_code == 200
    client.post("/en/account/uitloggen/")
    assert not is_signed_in(client)


def test_a_session_without_a_second_factor_is_asked_for_the_one_there_is(
    required: None, client: Client
) -> None:
    person = scenes.moderator()
    secret = factors.new_secret()
    factors.add_app(user=person, secret=secret, typed=app_code(secret))
    # As from before the role was given.
    client.force_login(person)
    assert client.get(QUEUE)["Location"] == f"{CONFIRM}?next=%2Fen%2Fmoderatie%2F"
    client.post(CONFIRM, {"code": app_code(secret, steps=1)})
    assert client.get(QUEUE).status_code == 200


def test_a_role_given_meanwhile_asks_at_the_next_page(required: None, client: Client) -> None:
    person = scenes.person()
    client.force_login(person)
    assert client.get("/en/account/").status_code == 200
    scenes.granted(Role.MODERATOR, user=person)
    assert client.get("/en/account/")["Location"] == SAFETY


def test_asking_who_needs_one_costs_a_request_no_statement(client: Client, settings: Any) -> None:
    client.force_login(scenes.person())
    counts = []
    for asked in (False, True):
        settings.SECOND_FACTOR_REQUIRED = asked
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/account/profiel/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_last_factor_stays_while_a_role_needs_it(required: None, client: Client) -> None:
    moderator = scenes.moderator()
    sign_in_by_code(client, moderator.email)
    add_app(client)
    client.post("/en/account/veiligheid/app/weg/")
    assert factors.has_factor(moderator)
    add_passkey(client, SoftKey())
    client.post("/en/account/veiligheid/app/weg/")
    assert [row.type for row in Authenticator.objects.order_by("type")] == [
        "recovery_codes",
        "webauthn",
    ]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_removals_at_once_one_factor_stays(required: None) -> None:
    person = scenes.moderator()
    rows = [
        Authenticator.objects.create(user=person, type="webauthn", data={"name": str(number)})
        for number in range(CALLERS)
    ]

    def removal(pk: int) -> Any:
        return lambda: factors.remove(user=person, kind=factors.PASSKEY, pk=pk)

    done = at_once([removal(row.pk) for row in rows])
    assert sum(isinstance(one, factors.LastFactor) for one in done) == 1
    assert Authenticator.objects.filter(user=person).count() == 1


# --- Lost everything ---


def test_an_administrator_takes_the_second_step_away_and_it_is_recorded(
    client: Client, at_home: Client, resident: User, administrator: User
) -> None:
    add_app(at_home)
    desk = Client()
    desk.force_login(administrator)
    mail.outbox.clear()
    desk.post(
        "/en/beheer/accounts/user/",
        {"action": "take_second_step_away", "_selected_action": [resident.pk]},
    )
    assert not Authenticator.objects.exists()
    made = FactorReset.objects.get()
    assert (made.user, made.reset_by) == (resident, administrator)
    assert [message.to for message in mail.outbox] == [[resident.email]]
    assert not at_home.get(SAFETY).wsgi_request.user.is_authenticated


def test_nobody_takes_their_own_second_step_away_like_that(administrator: User) -> None:
    with pytest.raises(factors.NotAnAdministrator):
        factors.reset(user=administrator, by=administrator)
    with pytest.raises(factors.NotAnAdministrator):
        factors.reset(user=administrator, by=scenes.moderator())


def test_the_command_on_the_server_does_the_same(at_home: Client, resident: User) -> None:
    add_app(at_home)
    call_command("reset_second_factor", " Buur@Example.org ")
    assert not Authenticator.objects.exists()
    assert not Device.objects.exists()
    assert FactorReset.objects.get().reset_by is None
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "niemand@example.org")
