"""The service that sends our mail tells what came back: which addresses get no more of it."""

import base64
import datetime
import hashlib
import hmac
import json
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent
from django.core import mail
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tasks
from accounts.actions import change_address
from accounts.models import User
from notifications import actions, mail_service
from notifications.bounces import returned, why_to_stop
from notifications.kinds import Channel
from notifications.models import Delivery, Preference
from notifications.sending import send_waiting
from notifications.wishes import wishes_of
from tests import scenes
from tests.notifications import stand_ins
from tests.races import CALLERS, at_once

PAGE = "/mail/webhook/"
KEY = "a-key-that-mailgun-signs-with"
SECRET = "postmark:a-long-random-word"
ADDRESS = "anna@buur.test"

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    person = scenes.person("Anna")
    User.objects.filter(pk=person.pk).update(
        email=ADDRESS, created_at=timezone.now() - datetime.timedelta(days=30)
    )
    person.refresh_from_db()
    return person


@pytest.fixture
def mailgun(settings: Any) -> None:
    settings.MAIL_WEBHOOK, settings.MAIL_WEBHOOK_KEY = "mailgun", KEY


@pytest.fixture
def postmark(settings: Any) -> None:
    settings.MAIL_WEBHOOK, settings.MAIL_WEBHOOK_SECRET = "postmark", SECRET


def hours_ago(hours: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(hours=hours)


def told_by_mailgun(
    event: str = "failed", *, key: str = KEY, at: datetime.datetime | None = None, **more: Any
) -> dict[str, Any]:
    """Return a message as Mailgun signs it: its key, over the moment and a word."""
    stamp, token = str(int(timezone.now().timestamp())), "a" * 50
    signed = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event,
        "severity": "permanent",
        "reason": "bounce",
        "recipient": ADDRESS,
        "timestamp": (at or timezone.now()).timestamp(),
        **more,
    }
    if event != "failed":
        del data["severity"], data["reason"]
    signature = {"timestamp": stamp, "token": token, "signature": signed}
    return {"signature": signature, "event-data": data}


def told_by_postmark(
    record: str = "Bounce", kind: str = "HardBounce", email: Any = ADDRESS, **more: Any
) -> dict[str, Any]:
    at = timezone.now().isoformat()
    return {"RecordType": record, "Type": kind, "Email": email, "BouncedAt": at, "ID": 1, **more}


def send(body: Any, *, secret: str = "", **headers: str) -> Any:
    """Send a message as a service does, with nothing of a browser's."""
    if secret:
        encoded = base64.b64encode(secret.encode()).decode()
        headers["HTTP_AUTHORIZATION"] = f"Basic {encoded}"
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return strict.post(PAGE, content, content_type="application/json", **headers)  # type: ignore[arg-type]


def why_stopped(person: User) -> str:
    """Return why no mail goes to somebody; nothing where it does."""
    kept = Preference.objects.filter(person=person, mail_stopped_at__isnull=False).first()
    return kept.mail_stopped_why if kept else ""


# --- What stops an address ------------------------------------------------------------------------


@pytest.mark.usefixtures("mailgun")
class TestMailgun:
    def test_a_mail_that_came_back_for_good_stops_its_address(self, anna: User):
        answer = send(told_by_mailgun())

        assert answer.status_code == 200
        assert not answer.content
        assert not answer.cookies
        assert why_stopped(anna) == "bounced"
        assert not wishes_of([anna.pk])[anna.pk].reaches(Channel.MAIL)

    def test_so_does_a_complaint(self, anna: User):
        assert send(told_by_mailgun("complained")).status_code == 200
        assert why_stopped(anna) == "complained"

    @pytest.mark.parametrize(
        "told",
        [
            {"severity": "temporary"},
            {"severity": "temporary", "reason": "generic"},
            # Tried for hours, or refused because of the mail: it says nothing of the address.
            {"reason": "old"},
            {"event": "rejected"},
            {"event": "delivered"},
            {"event": "unsubscribed"},
            {"event": "something new"},
        ],
    )
    def test_what_may_go_another_time_stops_nothing(self, anna: User, told: dict[str, str]):
        assert send(told_by_mailgun(**told)).status_code == 200
        assert not why_stopped(anna)

    def test_capitals_are_the_same_address(self, anna: User):
        send(told_by_mailgun(recipient="Anna@BUUR.test"))
        assert why_stopped(anna) == "bounced"

    def test_an_address_of_nobody_is_left_alone(self, anna: User):
        assert send(told_by_mailgun(recipient="somebody@else.test")).status_code == 200
        assert not Preference.objects.exists()

    def test_told_twice_changes_nothing(self, anna: User):
        send(told_by_mailgun())
        before = Preference.objects.values().get()

        assert send(told_by_mailgun("complained")).status_code == 200

        assert Preference.objects.values().get() == before


@pytest.mark.django_db(transaction=True)
def test_of_many_that_tell_it_at_once_one_stops_it(anna: User):
    Preference.objects.create(person=anna)
    stopped = at_once([lambda: actions.stop_mail(person=anna, why="bounced")] * CALLERS)
    assert sorted(stopped) == [False] * (CALLERS - 1) + [True]


@pytest.mark.usefixtures("postmark")
class TestPostmark:
    def test_a_hard_bounce_stops_its_address(self, anna: User):
        assert send(told_by_postmark(), secret=SECRET).status_code == 200
        assert why_stopped(anna) == "bounced"

    @pytest.mark.parametrize(
        ("record", "kind", "why"),
        [
            ("SpamComplaint", "SpamComplaint", "complained"),
            ("Bounce", "BadEmailAddress", "bounced"),
            ("Bounce", "ManuallyDeactivated", "bounced"),
            # Anymail calls this one "bounced" too: Postmark says itself that it is soft.
            ("Bounce", "SoftBounce", ""),
            ("Bounce", "Transient", ""),
            ("Bounce", "DnsError", ""),
            # About our own domain: it would stop everybody.
            ("Bounce", "DMARCPolicy", ""),
            ("Bounce", "Blocked", ""),
            ("Bounce", "AutoResponder", ""),
            ("Delivery", "", ""),
        ],
    )
    def test_its_other_words(self, anna: User, record: str, kind: str, why: str):
        assert send(told_by_postmark(record, kind), secret=SECRET).status_code == 200
        assert why_stopped(anna) == why


def event(kind: str, reason: str | None, raw: Any = None) -> AnymailTrackingEvent:
    return AnymailTrackingEvent(
        event_type=kind, reject_reason=reason, esp_event=raw, recipient=ADDRESS, timestamp=None
    )


@pytest.mark.parametrize(
    ("service", "raw", "why"),
    [
        ("amazon_ses", {"bounce": {"bounceType": "Permanent"}}, "bounced"),
        ("amazon_ses", {"bounce": {"bounceType": "Transient"}}, ""),
        ("brevo", {"event": "hard_bounce"}, "bounced"),
        ("brevo", {"event": "soft_bounce"}, ""),
        ("mailersend", {"data": {"type": "hard_bounced"}}, "bounced"),
        ("mailersend", {"data": {"type": "soft_bounced"}}, ""),
        ("mailjet", {"hard_bounce": True, "error_related_to": "recipient"}, "bounced"),
        ("mailjet", {"hard_bounce": False, "error_related_to": "recipient"}, ""),
        ("mailjet", {"hard_bounce": True, "error_related_to": "spam"}, ""),
        ("mandrill", {"event": "hard_bounce"}, "bounced"),
        ("mandrill", {"event": "soft_bounce"}, ""),
        ("resend", {"data": {"bounce": {"type": "Permanent"}}}, "bounced"),
        ("resend", {"data": {"bounce": {"type": "Transient"}}}, ""),
        ("sendgrid", {"type": "bounce"}, "bounced"),
        ("sendgrid", {"type": "blocked"}, ""),
        ("sparkpost", {"msys": {"message_event": {"bounce_class": "10"}}}, "bounced"),
        ("sparkpost", {"msys": {"message_event": {"bounce_class": "22"}}}, ""),
        ("postal", {"payload": {"bounce": {}}}, "bounced"),
        ("sendgrid", {"type": ["odd"]}, "bounced"),
        ("sendgrid", "odd", "bounced"),
    ],
)
def test_what_each_service_calls_soft_is_soft(service: str, raw: Any, why: str):
    assert why_to_stop(event("bounced", "bounced", raw), service) == why


@pytest.mark.parametrize(
    ("kind", "reason", "why"),
    [
        ("bounced", "invalid", "bounced"),
        ("bounced", None, "bounced"),
        ("bounced", "timed_out", ""),
        ("bounced", "spam", ""),
        ("bounced", "other", ""),
        ("rejected", "blocked", "bounced"),
        ("rejected", "spam", "complained"),
        ("rejected", "unsubscribed", "complained"),
        ("rejected", "other", ""),
        ("rejected", None, ""),
        ("complained", None, "complained"),
        ("deferred", "bounced", ""),
        ("failed", "bounced", ""),
        ("unsubscribed", "unsubscribed", ""),
    ],
)
def test_what_words_of_anymail_mean(kind: str, reason: str | None, why: str):
    assert why_to_stop(event(kind, reason), "mailgun") == why


def test_the_newest_of_one_address_counts():
    one, other = event("bounced", "bounced"), event("complained", None)
    one.timestamp, other.timestamp = hours_ago(2), hours_ago(1)
    now = timezone.now()
    for order in ((one, other), (other, one)):
        (found,) = returned(order, "mailgun", now)
        assert (found.why, found.at) == ("complained", other.timestamp)


# --- What is older than what somebody chose -------------------------------------------------------


@pytest.mark.usefixtures("mailgun")
class TestReplays:
    def test_an_old_event_does_not_undo_that_somebody_tries_again(self, anna: User):
        body = told_by_mailgun(at=hours_ago(1))
        send(body)
        assert why_stopped(anna)
        actions.try_mail_again(person=anna)

        assert send(body).status_code == 200

        assert not why_stopped(anna)

    def test_a_new_one_stops_it_again(self, anna: User):
        actions.try_mail_again(person=anna, now=hours_ago(1))
        send(told_by_mailgun())
        assert why_stopped(anna) == "bounced"

    def test_what_came_back_before_there_was_an_account_is_not_of_it(self, anna: User):
        User.objects.filter(pk=anna.pk).update(created_at=hours_ago(1))
        send(told_by_mailgun(at=hours_ago(2)))
        assert not why_stopped(anna)

    def test_who_moves_to_another_address_gets_mail_there(self, anna: User):
        send(told_by_mailgun())
        change_address(user=anna, email="new@buur.test")

        assert not why_stopped(anna)
        send(told_by_mailgun(recipient=ADDRESS))
        send(told_by_mailgun(recipient="new@buur.test", at=hours_ago(1)))
        assert not why_stopped(anna), "Neither the address of before, nor who had this one before."
        send(told_by_mailgun(recipient="new@buur.test"))
        assert why_stopped(anna) == "bounced"

    @pytest.mark.parametrize("hours", [-2, -24 * 365])
    def test_what_has_not_happened_yet_is_not_believed(self, anna: User, hours: int):
        send(told_by_mailgun(at=hours_ago(hours)))
        assert not why_stopped(anna)

    def test_nor_is_what_does_not_tell_when(self, anna: User):
        body = told_by_mailgun()
        del body["event-data"]["timestamp"]
        assert send(body).status_code == 200
        assert not why_stopped(anna)


# --- Who may tell it ------------------------------------------------------------------------------


@pytest.mark.usefixtures("mailgun")
def test_what_mailgun_did_not_sign_is_refused(anna: User):
    assert send(told_by_mailgun(key="another")).status_code == 403
    unsigned = told_by_mailgun()
    del unsigned["signature"]
    assert send(unsigned).status_code == 403
    assert not why_stopped(anna)


@pytest.mark.usefixtures("postmark")
@pytest.mark.parametrize("secret", ["postmark:other", "other", ":", "None", SECRET.upper()])
def test_another_password_is_refused(anna: User, secret: str):
    assert send(told_by_postmark(), secret=secret).status_code == 403
    assert not why_stopped(anna)


@pytest.mark.usefixtures("postmark")
def test_without_a_password_one_is_asked_for(anna: User):
    answer = send(told_by_postmark())
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="mail"')
    assert send(told_by_postmark(), HTTP_AUTHORIZATION="Bearer x").status_code == 403
    assert not why_stopped(anna)


@pytest.mark.usefixtures("mailgun")
def test_with_a_password_too_both_are_asked_for(anna: User, settings: Any):
    settings.MAIL_WEBHOOK_SECRET = SECRET
    assert send(told_by_mailgun(), secret="postmark:x").status_code == 403
    assert send(told_by_mailgun(key="another"), secret=SECRET).status_code == 403
    assert not why_stopped(anna)
    assert send(told_by_mailgun(), secret=SECRET).status_code == 200
    assert why_stopped(anna)


def test_nothing_is_there_while_it_is_off_or_open_to_everybody(anna: User, settings: Any):
    assert send(told_by_mailgun()).status_code == 404
    settings.MAIL_WEBHOOK = "postmark"
    settings.MAIL_WEBHOOK_KEY = KEY
    assert send(told_by_postmark()).status_code == 404, "Postmark signs nothing."
    settings.MAIL_WEBHOOK = "no such service"
    assert send(told_by_mailgun()).status_code == 404
    assert not why_stopped(anna)


@pytest.mark.usefixtures("postmark")
def test_a_service_may_look_whether_it_is_there_and_nobody_gets_a_page(client: Client):
    assert client.head(PAGE).status_code == 200
    assert client.get(PAGE).status_code == 405
    assert client.put(PAGE).status_code == 405


# --- What cannot be read --------------------------------------------------------------------------


@pytest.mark.usefixtures("postmark")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"words"',
        b"[" * 100_000,
        b'{"RecordType": ["Bounce"]}',
        b'{"RecordType": "Bounce", "Type": {}}',
        b'{"RecordType": "Bounce", "Type": "HardBounce", "BouncedAt": 7}',
        b'{"RecordType": "Bounce", "Type": "HardBounce", "BouncedAt": "2026-99-99T00:00:00Z"}',
        b'{"RecordType": "Inbound", "FromFull": {}}',
    ],
)
def test_rubbish_is_refused_with_a_sentence(anna: User, body: bytes):
    answer = send(body, secret=SECRET)
    assert answer.status_code == 400
    assert answer.content == b"That cannot be read."


@pytest.mark.usefixtures("mailgun")
def test_so_is_rubbish_where_a_signature_should_be(anna: User):
    odd = told_by_mailgun()
    odd["signature"]["token"] = "\u2603"
    for body in (odd, [], {"signature": []}, {"signature": {}}):
        assert send(body).status_code in (400, 403)
    signed = told_by_mailgun()
    for rubbish in ({}, [], None, {"event": "failed", "timestamp": "NaN"}):
        assert send({**signed, "event-data": rubbish}).status_code == 400


@pytest.mark.usefixtures("postmark")
@pytest.mark.parametrize(
    "address",
    [None, 7, {}, ["anna@buur.test"], "", "anna@buur.test\0", "\ud800", "x" * 300, "no address"],
)
def test_an_odd_address_is_nobodys(anna: User, address: Any):
    assert send(told_by_postmark(email=address), secret=SECRET).status_code == 200
    assert not why_stopped(anna)


@pytest.mark.usefixtures("postmark")
def test_more_than_any_service_sends_is_not_read(anna: User, settings: Any):
    body = told_by_postmark(Details="x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    assert send(body, secret=SECRET).status_code == 413
    assert not why_stopped(anna)


@pytest.mark.usefixtures("mailgun")
def test_nor_is_it_as_a_file(anna: User, settings: Any, tmp_path: Any):
    large = tmp_path / "large"
    large.write_bytes(b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    with large.open("rb") as file:
        assert Client().post(PAGE, {"attachment-1": file}).status_code == 413


# --- Several at once ------------------------------------------------------------------------------


def told_by_sendgrid(address: str, **more: Any) -> dict[str, Any]:
    at = int(timezone.now().timestamp())
    return {"event": "bounce", "type": "bounce", "email": address, "timestamp": at, **more}


@pytest.fixture
def sendgrid(settings: Any) -> None:
    settings.MAIL_WEBHOOK, settings.MAIL_WEBHOOK_SECRET = "sendgrid", SECRET


@pytest.mark.usefixtures("sendgrid")
def test_one_odd_event_takes_none_of_the_others_with_it(anna: User):
    bo, cem = scenes.person("Bo"), scenes.person("Cem")
    User.objects.update(created_at=hours_ago(1))
    body = [
        told_by_sendgrid(ADDRESS),
        7,
        {},
        told_by_sendgrid("nobody@buur.test"),
        told_by_sendgrid(str(bo.email), event="spamreport"),
        told_by_sendgrid(str(cem.email), timestamp="yesterday"),
    ]
    assert send(body, secret=SECRET).status_code == 200
    assert [why_stopped(person) for person in (anna, bo, cem)] == ["bounced", "complained", ""]


@pytest.mark.usefixtures("sendgrid")
def test_who_has_no_account_costs_no_queries(anna: User):
    def queries(count: int) -> int:
        body = [told_by_sendgrid(f"{number}@else.test") for number in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert send(body, secret=SECRET).status_code == 200
        return len(asked)

    assert queries(2000) == queries(1) == 1


@pytest.mark.usefixtures("sendgrid")
def test_nothing_but_odd_events_is_refused():
    assert send([7, {}], secret=SECRET).status_code == 400
    assert send([], secret=SECRET).status_code == 200


@pytest.mark.usefixtures("mailgun")
def test_no_line_of_the_log_holds_an_address(anna: User, capfd: Any, caplog: Any):
    send(told_by_mailgun())
    send(told_by_mailgun(key="another"))
    send({**told_by_mailgun(), "event-data": {"recipient": ADDRESS}})
    said = "".join([*capfd.readouterr(), caplog.text])
    assert "mail_stopped" in said
    assert "mail_webhook_refused" in said
    assert "buur.test" not in said


# --- What follows ---------------------------------------------------------------------------------


def test_a_mail_that_waited_does_not_go_and_a_code_to_sign_in_does(
    anna: User, mailgun: None, monkeypatch: pytest.MonkeyPatch
):
    with stand_ins.declared():
        one = stand_ins.told(anna, stand_ins.initiative(), of=stand_ins.DECIDED)
        send(told_by_mailgun())
        waiting = Delivery.objects.get(notification=one, channel=Channel.MAIL)
        send_waiting(Channel.MAIL)
        waiting.refresh_from_db()
    assert (waiting.state, waiting.why) == (Delivery.State.DROPPED, "not wanted")
    assert not mail.outbox

    monkeypatch.setattr(tasks.send_mail, "delay", tasks.send_mail)
    Client().post("/en/account/inloggen/", {"email": ADDRESS})
    (code,) = mail.outbox
    assert code.to == [ADDRESS]


def test_the_inbox_says_it_at_its_top_with_one_button(anna: User):
    browser = Client()
    browser.force_login(anna)
    inbox = "/en/voor-jou/"
    said = "We send you no e-mails now"
    assert said not in browser.get(inbox).content.decode()

    actions.stop_mail(person=anna, why="bounced")

    page = browser.get(inbox).content.decode()
    assert said in page
    assert page.count('value="try_again"') == 1
    assert 'action="/en/voor-jou/voorkeuren/"' in page
    browser.post("/en/voor-jou/voorkeuren/", {"act": "try_again"})
    assert said not in browser.get(inbox).content.decode()


# --- Before the site starts -----------------------------------------------------------------------


def complaints() -> list[str]:
    return [str(one.msg) for one in run_checks() if str(one.id).startswith("notifications.")]


@pytest.mark.parametrize("service", ["mailgun", "postmark", "sendgrid", "brevo", "mailjet"])
def test_a_webhook_that_everybody_could_call_does_not_start(settings: Any, service: str):
    settings.MAIL_WEBHOOK = service
    (sentence,) = complaints()
    assert "everybody could call it" in sentence
    assert ("MAIL_WEBHOOK_KEY" in sentence) == (service in ("mailgun", "sendgrid"))
    settings.MAIL_WEBHOOK_SECRET = "colon missing"
    assert complaints() == ["MAIL_WEBHOOK_SECRET is a user and a password with a colon between."]


def test_one_that_is_guarded_does(settings: Any):
    assert complaints() == []
    settings.MAIL_WEBHOOK, settings.MAIL_WEBHOOK_SECRET = "postmark", SECRET
    assert complaints() == []
    settings.MAIL_WEBHOOK, settings.MAIL_WEBHOOK_KEY = "mailgun", KEY
    assert complaints() == []
    settings.MAIL_WEBHOOK_SECRET = ""
    assert complaints() == []


def test_a_service_that_nobody_knows_does_not_start(settings: Any):
    settings.MAIL_WEBHOOK = "pigeon"
    (sentence,) = complaints()
    assert "mailgun" in sentence
    assert "postmark" in sentence


@pytest.mark.parametrize("service", ["mailgun", "postal", "amazon_ses"])
def test_what_anymail_cannot_use_is_said(settings: Any, service: str):
    """A key that it wants beside the password, one in odd letters, a package that is not here."""
    settings.MAIL_WEBHOOK, settings.MAIL_WEBHOOK_SECRET = service, SECRET
    settings.MAIL_WEBHOOK_KEY = "\u2603" if service == "mailgun" else ""
    (sentence,) = complaints()
    assert f"MAIL_WEBHOOK={service} cannot be used" in sentence


def test_every_service_that_signs_is_one_that_anymail_knows():
    assert set(mail_service.SIGNING_KEYS) <= set(mail_service.services())
