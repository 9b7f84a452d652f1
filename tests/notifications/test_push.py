"""Messages on phones and computers: who gets them, and where the site is not led."""

import io
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import signing
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone
from py_vapid import Vapid02

from accounts import devices
from accounts.models import Device, Role, User
from areas.fetching import Fetcher
from notifications import actions, kinds, pushing, sending
from notifications.kinds import About, Category, Channel, NotificationKind
from notifications.models import Delivery, Preference, PushSubscription
from notifications.wishes import wishes_of
from participatie.shared_devices import devices as shared
from tests import scenes
from tests.notifications import push_service
from tests.notifications.push_service import KEYS, Browser, Service

pytestmark = pytest.mark.django_db

ON, OFF = "/en/account/op-dit-toestel/aan/", "/en/account/op-dit-toestel/uit/"
TITLE = 'A bench, "soon"'
State = Delivery.State


@pytest.fixture(autouse=True)
def push_is_on() -> Iterator[None]:
    with override_settings(**KEYS):
        yield


def found_at(*addresses: str) -> Any:
    """Return a look-up that finds these, whatever is looked for."""
    return lambda _host, port, **_how: [
        (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
        for one in addresses
    ]


@pytest.fixture
def on_the_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every name be found at a public address; nothing goes there in a test."""
    monkeypatch.setattr(socket, "getaddrinfo", found_at("93.184.216.34"))


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with push_service.running(tmp_path) as here:
        monkeypatch.setattr(pushing, "road", here.road)
        yield here


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> NotificationKind:
    """Declare a kind about something that everybody may see."""
    made = NotificationKind(
        name="tried",
        label="Something was tried",
        category=Category.ABOUT_YOU,
        concerns="Who tries it",
        subject="Tried: %(title)s",
        sentence="It was tried.\nLook at it now.",
        load=lambda pks, language: {
            pk: lambda _reader, pk=pk: About(
                f"/{language}/x/{pk}/", {"title": TITLE}, quote="secret words"
            )
            for pk in pks
        },
        sample={"title": "A bench"},
    )
    monkeypatch.setattr(kinds, "_kinds", {made.name: made})
    return made


@pytest.fixture
def decision(kind: NotificationKind, monkeypatch: pytest.MonkeyPatch) -> NotificationKind:
    """Let it be a kind that must be told."""
    made = replace(kind, must_be_told=True)
    monkeypatch.setitem(kinds._kinds, made.name, made)
    return made


def without_quiet_hours(person: User) -> User:
    Preference.objects.update_or_create(person=person, defaults={"quiet": False})
    return person


def told_on(person: User, browser: Browser) -> PushSubscription:
    client = Client()
    client.force_login(person)
    response = client.post(ON, browser.told)
    assert response.status_code == 204, response.content
    return PushSubscription.objects.get(person=person, endpoint=browser.endpoint)


def notified(person: User) -> Delivery:
    actions.notify("tried", 1, to=[person.pk])
    return Delivery.objects.get(notification__recipient=person, channel=Channel.PUSH)


def sent(delivery: Delivery) -> Delivery:
    sending.send_waiting(Channel.PUSH)
    delivery.refresh_from_db()
    return delivery


class TestBeingTold:
    def test_a_message_arrives_that_only_the_browser_can_read(
        self, service: Service, kind: NotificationKind
    ):
        person, browser = without_quiet_hours(scenes.person(language="en")), service.browser()
        row = told_on(person, browser)
        delivery = notified(person)

        assert sent(delivery).state == State.SENT

        ((path, headers, body),) = service.got
        assert path == "/abc"
        assert b"bench" not in body
        assert browser.reads(body) == {
            "title": f"Tried: {TITLE}",
            "body": "It was tried. Look at it now.",
            "path": "/en/x/1/",
            "tag": f"n{delivery.notification_id}",
            "lang": "en",
            "dir": "ltr",
        }
        assert headers["Content-Encoding"] == "aes128gcm"
        assert headers["Topic"] == f"n{delivery.notification_id}"
        assert Vapid02.verify(headers["Authorization"])
        row.refresh_from_db()
        assert row.last_used_at is not None

    def test_all_browsers_of_a_person_are_told_and_nobody_elses(
        self, service: Service, kind: NotificationKind
    ):
        person, other = without_quiet_hours(scenes.person()), scenes.person()
        for name in ("phone", "computer"):
            told_on(person, service.browser(name))
        told_on(other, service.browser("other"))

        sent(notified(person))

        assert sorted(path for path, *_ in service.got) == ["/computer", "/phone"]

    def test_a_long_title_fits(self, service: Service, kind: NotificationKind):
        about = About("/x/", {"title": "Ж" * 5000})
        message = pushing.message_of(kind, about, language="bg", tag="n1")
        assert len(message) < 3000

    @pytest.mark.parametrize(
        ("status", "state", "kept"),
        [
            (201, State.SENT, True),
            (202, State.SENT, True),
            (404, State.FAILED, False),
            (410, State.FAILED, False),
            (429, State.WAITING, True),
            (500, State.WAITING, True),
            (503, State.WAITING, True),
            (400, State.FAILED, True),
            (403, State.FAILED, True),
        ],
    )
    def test_what_the_service_answers_decides(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        kind: NotificationKind,
        status: int,
        state: str,
        kept: bool,
    ):
        with push_service.running(tmp_path, lambda _path: (status, {})) as here:
            monkeypatch.setattr(pushing, "road", here.road)
            person = without_quiet_hours(scenes.person())
            told_on(person, here.browser())
            delivery = sent(notified(person))
        assert (delivery.state, PushSubscription.objects.exists()) == (state, kept)

    def test_an_expired_browser_is_dropped_and_the_other_one_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: NotificationKind
    ):
        with push_service.running(
            tmp_path, lambda path: (410 if path == "/old" else 201, {})
        ) as here:
            monkeypatch.setattr(pushing, "road", here.road)
            person = without_quiet_hours(scenes.person())
            for name in ("old", "new"):
                told_on(person, here.browser(name))
            assert sent(notified(person)).state == State.SENT
        assert PushSubscription.objects.get().endpoint.endswith("/new")

    def test_who_is_told_on_the_phone_is_not_told_twice_since_the_computer_is_away(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: NotificationKind
    ):
        with push_service.running(
            tmp_path, lambda path: (503 if path == "/computer" else 201, {})
        ) as here:
            monkeypatch.setattr(pushing, "road", here.road)
            person = without_quiet_hours(scenes.person())
            for name in ("computer", "phone"):
                told_on(person, here.browser(name))
            assert sent(notified(person)).state == State.SENT

    def test_of_a_decision_the_mail_goes_at_once_and_the_phone_wakes_nobody(
        self, service: Service, decision: NotificationKind, time_machine: Any
    ):
        time_machine.move_to("2026-11-30T22:30:00Z", tick=True)
        person = scenes.person()
        told_on(person, service.browser())
        pushed = notified(person)
        mailed = Delivery.objects.get(notification=pushed.notification, channel=Channel.MAIL)
        assert mailed.next_try_at < timezone.now()
        assert sent(pushed).state == State.WAITING
        time_machine.move_to("2026-12-01T06:00:01Z", tick=True)
        assert sent(pushed).state == State.SENT

    def test_of_a_decision_that_was_read_on_the_site_no_phone_tells(
        self, service: Service, decision: NotificationKind
    ):
        person = without_quiet_hours(scenes.person())
        told_on(person, service.browser())
        pushed = notified(person)
        actions.mark_read(person=person, pk=pushed.notification_id)
        assert (sent(pushed).state, pushed.why) == (State.DROPPED, "read on the site")

    def test_without_keys_there_is_no_push(self, service: Service, kind: NotificationKind):
        person = without_quiet_hours(scenes.person())
        told_on(person, service.browser())
        delivery = notified(person)
        with override_settings(PUSH_PUBLIC_KEY="", PUSH_PRIVATE_KEY=""):
            assert not wishes_of([person.pk])[person.pk].has_push
            client = Client()
            client.force_login(person)
            assert client.post(ON, service.browser("b").told).status_code == 404
            assert sent(delivery).state == State.DROPPED
        assert service.got == []

    def test_the_command_makes_keys_that_fit(self):
        out = io.StringIO()
        call_command("make_push_keys", stdout=out)
        made = dict(line.split("=", 1) for line in out.getvalue().split())
        signer = Vapid02.from_string(made["PUSH_PRIVATE_KEY"])
        claims = {"aud": "https://push.example", "sub": "mailto:a@b.example"}
        assert made["PUSH_PUBLIC_KEY"] in signer.sign(claims)["Authorization"]


PRIVATE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "2002:a9fe:a9fe::",
)  # fmt: skip
BAD_ADDRESSES = (
    "", "push", "/x", "http://push.example/x", "ftp://push.example/x", "file:///etc/passwd",
    "//push.example/x", "https://", "https:///x", "https://user@push.example/x",
    "https://user:word@push.example/x", "https://push.example:80/x", "https://push.example:8443/x",
    "https://push.example:22/x", "https://push.example:99999/x", "https://push.example:x/x",
    "https://push.example/x y", "https://push.example/x\r\nHost: elders", "https://push.example/é",
    "https://[::1", "javascript:alert(1)", "https://push.example/" + "a" * 1000,
)  # fmt: skip


class TestWhereItDoesNotGo:
    @pytest.mark.parametrize("address", PRIVATE)
    def test_a_name_that_leads_to_a_machine_that_is_not_public_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, address: str
    ):
        monkeypatch.setattr(socket, "getaddrinfo", found_at(address))
        self._is_refused("https://push.example/x")

    @pytest.mark.parametrize("address", PRIVATE)
    def test_one_such_address_among_public_ones_is_enough(
        self, monkeypatch: pytest.MonkeyPatch, address: str
    ):
        monkeypatch.setattr(socket, "getaddrinfo", found_at("93.184.216.34", address))
        self._is_refused("https://push.example/x")

    @pytest.mark.parametrize(
        "host",
        ["127.0.0.1", "[::1]", "localhost", "169.254.169.254", "[::ffff:127.0.0.1]", "2130706433",
         "0x7f000001", "0177.0.0.1", "127.1", "0", "10.0.0.1"],
    )  # fmt: skip
    def test_this_machine_and_its_network_are_refused_whatever_they_are_called(self, host: str):
        self._is_refused(f"https://{host}/x")

    @pytest.mark.parametrize("address", BAD_ADDRESSES)
    @pytest.mark.usefixtures("on_the_internet")
    def test_what_is_no_plain_https_address_is_refused(self, address: str):
        self._is_refused(address)

    def _is_refused(self, endpoint: str) -> None:
        client = Client()
        client.force_login(scenes.person())
        response = client.post(ON, Browser(endpoint).told)
        assert response.status_code == 422
        assert "cannot be used for messages" in response.content.decode()
        assert not PushSubscription.objects.exists()

    def test_a_name_that_leads_elsewhere_later_is_not_gone_to(
        self, service: Service, kind: NotificationKind, monkeypatch: pytest.MonkeyPatch
    ):
        person = without_quiet_hours(scenes.person())
        monkeypatch.setattr(socket, "getaddrinfo", found_at("93.184.216.34"))
        told_on(person, service.browser())
        # As in life: only public addresses. The name now leads to the service on this machine.
        monkeypatch.setattr(pushing, "road", lambda: Fetcher(tls=service.road().tls, seconds=2))
        monkeypatch.setattr(socket, "getaddrinfo", found_at("127.0.0.1"))

        delivery = sent(notified(person))

        assert (delivery.state, delivery.why) == (State.FAILED, "refused")
        assert service.got == []

    def test_the_connection_goes_to_the_very_address_that_was_judged(
        self, service: Service, kind: NotificationKind, monkeypatch: pytest.MonkeyPatch
    ):
        """A name with two faces: the second look-up would lead somewhere else."""
        person = without_quiet_hours(scenes.person())
        told_on(person, service.browser())
        asked: list[str] = []
        faces = iter(["127.0.0.1"])

        def two_faces(host: str, port: int, **how: Any) -> Any:
            asked.append(host)
            return found_at(next(faces))(host, port, **how)

        gone_to: list[Any] = []
        connect = socket.create_connection

        def watched(address: Any, *args: Any, **how: Any) -> socket.socket:
            gone_to.append(address)
            made = socket.socket(socket.AF_INET)
            made.settimeout(3)
            made.connect(address)
            return made

        monkeypatch.setattr(socket, "getaddrinfo", two_faces)
        monkeypatch.setattr(socket, "create_connection", watched)
        assert sent(notified(person)).state == State.SENT
        monkeypatch.setattr(socket, "create_connection", connect)
        assert asked == ["localhost"], "It is looked up once."
        assert gone_to == [("127.0.0.1", urlsplit(service.address).port)]

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_not_followed(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        kind: NotificationKind,
        status: int,
    ):
        with push_service.running(
            tmp_path, lambda _path: (status, {"Location": "/inside"})
        ) as here:
            monkeypatch.setattr(pushing, "road", here.road)
            person = without_quiet_hours(scenes.person())
            told_on(person, here.browser())
            assert sent(notified(person)).state == State.FAILED
        assert [path for path, *_ in here.got] == ["/abc"]

    def test_a_service_that_says_nothing_makes_the_message_wait_and_no_other(
        self, service: Service, kind: NotificationKind, monkeypatch: pytest.MonkeyPatch
    ):
        slow, other = (without_quiet_hours(scenes.person()) for _ in range(2))
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            for name in ("a", "b", "c"):
                told_on(slow, Browser(f"https://localhost:{port}/{name}"))
            told_on(other, service.browser())
            monkeypatch.setattr(pushing, "road", lambda: service.road(seconds=1))
            actions.notify("tried", 1, to=[slow.pk, other.pk])
            began = timezone.now()
            sending.send_waiting(Channel.PUSH)
            took = timezone.now() - began
        # It waited for it once, not three times.
        assert took.total_seconds() < 2.5
        states = dict(Delivery.objects.filter(channel=Channel.PUSH).values_list(
            "notification__recipient", "state"
        ))  # fmt: skip
        assert states == {slow.pk: State.WAITING, other.pk: State.SENT}

    def test_many_silent_services_of_one_person_take_no_time_from_others(
        self, service: Service, kind: NotificationKind, monkeypatch: pytest.MonkeyPatch
    ):
        slow, other = (without_quiet_hours(scenes.person()) for _ in range(2))
        with ExitStack() as open_ones:
            for _number in range(5):
                silent = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
                told_on(slow, Browser(f"https://localhost:{silent.getsockname()[1]}/"))
            told_on(other, service.browser())
            monkeypatch.setattr(pushing, "road", lambda: service.road(seconds=1))
            actions.notify("tried", 1, to=[slow.pk, other.pk])
            began = timezone.now()
            sending.send_waiting(Channel.PUSH)
            took = timezone.now() - began
        assert took.total_seconds() < 3.5
        assert len(service.got) == 1

    def test_a_silent_service_from_before_keeps_no_phone_of_now_waiting(
        self, service: Service, kind: NotificationKind, monkeypatch: pytest.MonkeyPatch
    ):
        person = without_quiet_hours(scenes.person())
        with ExitStack() as open_ones:
            for _number in range(pushing.SILENT_AT_MOST):
                silent = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
                told_on(person, Browser(f"https://localhost:{silent.getsockname()[1]}/"))
            PushSubscription.objects.update(last_used_at=timezone.now())
            told_on(person, service.browser())
            monkeypatch.setattr(pushing, "road", lambda: service.road(seconds=1))
            assert sent(notified(person)).state == State.SENT

    def test_a_service_that_says_a_letter_now_and_then_is_cut_off(
        self, tmp_path: Path, service: Service
    ):
        """Each letter would begin a time-out anew."""
        with push_service.running(tmp_path, drips=True) as here:
            began = timezone.now()
            with pytest.raises(Exception, match=r"does not answer|too long"):
                here.road(seconds=1).post(f"{here.address}/x", b"x", {})
            took = (timezone.now() - began).total_seconds()
        assert took < 2.5

    def test_a_batch_ends_in_time_and_the_rest_waits(
        self, service: Service, kind: NotificationKind, monkeypatch: pytest.MonkeyPatch
    ):
        person = without_quiet_hours(scenes.person())
        told_on(person, service.browser())
        monkeypatch.setattr(pushing, "BATCH_SECONDS", -1)
        delivery = sent(notified(person))
        assert (delivery.state, delivery.tries) == (State.WAITING, 0)
        assert service.got == []


@pytest.mark.usefixtures("on_the_internet")
class TestTurningItOn:
    def test_a_visitor_signs_in_first_and_a_form_without_a_token_is_refused(self):
        assert "inloggen" in Client().post(ON, Browser().told)["Location"]
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(scenes.person())
        assert strict.post(ON, Browser().told).status_code == 403
        assert strict.post(OFF, Browser().told).status_code == 403

    @pytest.mark.parametrize(
        "told",
        [
            {"p256dh": ""},
            {"auth": ""},
            {"auth": "a" * 21},
            {"auth": "a" * 5000},
            {"p256dh": "a" * 87},
            {"p256dh": push_service.text(b"\x04" + b"\x01" * 64)},
            {"p256dh": "ключ"},
            {"p256dh": "%00" * 20},
        ],
    )
    def test_keys_that_are_none_are_refused(self, told: dict[str, str]):
        client = Client()
        client.force_login(scenes.person())
        assert client.post(ON, {**Browser().told, **told}).status_code == 422
        assert not PushSubscription.objects.exists()

    def test_the_same_browser_again_changes_nothing(self):
        person, browser = scenes.person(), Browser()
        first = told_on(person, browser)
        again = told_on(person, browser)
        assert again.pk == first.pk

    def test_ten_browsers_are_enough(self):
        person = scenes.person()
        for number in range(10):
            told_on(person, Browser(f"https://push.example/{number}"))
        client = Client()
        client.force_login(person)
        response = client.post(ON, Browser("https://push.example/11").told)
        assert response.status_code == 422
        assert "10 devices" in response.content.decode()
        assert PushSubscription.objects.filter(person=person).count() == 10
        # One of the ten may come again.
        told = PushSubscription.objects.first()
        assert told is not None
        again = {"endpoint": told.endpoint, "p256dh": told.p256dh, "auth": told.auth}
        assert client.post(ON, again).status_code == 204

    def test_a_browser_has_one_subscription_at_a_time(self):
        client, person = Client(), scenes.person()
        client.force_login(person)
        for name in ("old", "new"):
            client.post(ON, Browser(f"https://push.example/{name}").told)
        assert PushSubscription.objects.get().endpoint == "https://push.example/new"

    def test_the_tenth_browser_may_get_another_address(self):
        person, client = scenes.person(), Client()
        for number in range(9):
            told_on(person, Browser(f"https://push.example/{number}"))
        client.force_login(person)
        assert client.post(ON, Browser("https://push.example/old").told).status_code == 204
        assert client.post(ON, Browser("https://push.example/new").told).status_code == 204
        assert PushSubscription.objects.filter(person=person).count() == 10
        assert not PushSubscription.objects.filter(endpoint="https://push.example/old").exists()

    def test_too_many_tries_are_refused_with_a_sentence(self):
        client = Client()
        client.force_login(scenes.person())
        statuses = [client.post(ON, Browser("x").told).status_code for _ in range(21)]
        assert statuses == [422] * 20 + [429]

    def test_a_browser_that_somebody_else_used_comes_to_who_uses_it_now(self):
        browser, before, now = Browser(), scenes.person(), scenes.person()
        told_on(before, browser)
        told_on(now, browser)
        assert PushSubscription.objects.get().person == now

    def test_who_knows_anothers_address_alone_takes_nothing_away(self):
        owner, thief = scenes.person(), scenes.person()
        told_on(owner, Browser())
        client = Client()
        client.force_login(thief)
        assert client.post(ON, Browser().told).status_code == 422
        client.post(OFF, Browser().told)
        assert PushSubscription.objects.get().person == owner

    def test_it_is_turned_off_again(self):
        person, browser = scenes.person(), Browser()
        told_on(person, browser)
        client = Client()
        client.force_login(person)
        assert client.post(OFF, browser.told).status_code == 204
        assert not PushSubscription.objects.exists()

    def test_who_signs_out_on_a_device_is_told_nothing_there(self):
        person, here = scenes.person(), Client()
        here.force_login(person)
        here.post(ON, Browser().told)
        elsewhere = told_on(person, Browser("https://push.example/elsewhere"))

        here.post("/en/account/uitloggen/")

        assert PushSubscription.objects.get() == elsewhere

    def test_a_device_that_is_signed_out_from_elsewhere_is_told_nothing(self):
        person = scenes.person()
        row = told_on(person, Browser())
        devices.end(Device.objects.get(pk=row.device_id))
        assert not PushSubscription.objects.exists()

    def test_a_shared_device_is_never_told_anything(self):
        person, client = scenes.person(), Client()
        key = shared.new_key()
        shared.start(by=scenes.granted(Role.MESSENGER), name="Tablet", code="123456", key=key)
        client.force_login(person)
        client.cookies[settings.SHARED_DEVICE_COOKIE] = signing.get_cookie_signer(
            salt=settings.SHARED_DEVICE_COOKIE
        ).sign(key)
        assert client.post(ON, Browser().told).status_code == 302
        assert not PushSubscription.objects.exists()


class TestTheBrowsersSide:
    def test_the_worker_is_given_at_the_root_and_asked_for_anew(self, client: Client):
        response = client.get("/sw.js")
        assert response["Content-Type"].startswith("text/javascript")
        assert response["Cache-Control"] == "no-cache"
        assert not response.cookies
        assert "worker-src 'self'" in response["Content-Security-Policy"]
        assert "self.addEventListener('push'" in response.content.decode()

    @pytest.mark.usefixtures("on_the_internet")
    def test_the_page_offers_it_and_knows_whether_it_is_on(self):
        person, client = scenes.person(), Client()
        client.force_login(person)
        request = RequestFactory().get("/en/")
        request.user, request.session = person, client.session
        offered = render_to_string("notifications/_push.html", request=request)
        assert f'data-push="{KEYS["PUSH_PUBLIC_KEY"]}"' in offered
        assert "hidden" in offered
        assert "data-push-is-on" not in offered

        client.post(ON, Browser().told)

        assert "data-push-is-on" in render_to_string("notifications/_push.html", request=request)
        with override_settings(PUSH_PUBLIC_KEY="", PUSH_PRIVATE_KEY=""):
            assert not render_to_string("notifications/_push.html", request=request).strip()
        request.shared_device = object()
        assert not render_to_string("notifications/_push.html", request=request).strip()
