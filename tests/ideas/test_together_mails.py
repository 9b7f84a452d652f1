"""Mails are rows: a killed worker loses none, and none goes twice that was marked as sent."""

import datetime
import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from contributions.models.mailing import LOST_AFTER, MAX_MAIL_TRIES
from ideas import mails, tasks
from ideas.models import HelpNotice, Invitation
from notifications.actions import choose, pause, stop_mail
from notifications.models import Event
from tests import scenes
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


class Mailbox:
    """Keeps what a mail server was handed."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append((envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A mail server of this test's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = Mailbox()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    try:
        yield kept
    finally:
        server.stop()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What the sweep asks a worker for."""
    found: list[tuple[str, int]] = []
    for name in ("send_invitation", "send_help_notice"):
        task = getattr(tasks, name)
        monkeypatch.setattr(task, "delay", lambda pk, name=name: found.append((name, pk)))
    return found


def after(tries: int) -> datetime.datetime:
    """Return a moment at which the sweep takes up what was tried so often."""
    return timezone.now() + LOST_AFTER * 2**tries + datetime.timedelta(seconds=1)


def test_an_invitation_and_a_message_arrive_at_a_mail_server(mailbox: Mailbox):
    initiative = scenes.initiative("Een bank „hier”", author=scenes.person("Anna"))
    invitation = scenes.invited(initiative, "buur@voorbeeld.test", language="pl")
    scenes.offered(initiative, "Ik heb een boor.\nEn tijd.", helper=scenes.person("Bilal"))

    tasks.send_invitation(invitation.pk)
    tasks.send_help_notice(HelpNotice.objects.get().pk)

    (invited, first), (told, second) = mailbox.received
    assert (invited, told) == (["buur@voorbeeld.test"], [initiative.author.email])
    for message in (first, second):
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Reply-To"] is None
        assert "„hier”" in message["Subject"]
    text = first.get_body(("plain",)).get_content()
    assert f"https://buurten.example/pl/uitnodiging/{invitation.token}/" in text
    assert "Anna" in text
    assert "> Ik heb een boor." in second.get_body(("plain",)).get_content()
    assert invitation.token in first.get_body(("html",)).get_content()


def test_a_mail_is_in_the_language_of_its_reader(mailbox: Mailbox):
    initiative = scenes.initiative(author=scenes.person(language="bg"))
    invitation = scenes.invited(initiative, scenes.person(language="ro").email, language="nl")
    scenes.offered(initiative)

    tasks.send_invitation(invitation.pk)
    tasks.send_help_notice(HelpNotice.objects.get().pk)

    texts = [message.get_body(("plain",)).get_content() for _to, message in mailbox.received]
    assert "/ro/uitnodiging/" in texts[0]
    assert "/bg/hulp/" in texts[1]


def test_what_was_marked_as_sent_is_not_sent_again():
    scenes.offered(scenes.initiative())
    pk = HelpNotice.objects.get().pk

    for _time in range(3):
        tasks.send_help_notice(pk)
    assert not mails.send_help_notice(pk, now=after(MAX_MAIL_TRIES))

    assert len(mail.outbox) == 1
    assert HelpNotice.objects.get().mailed_at is not None


def test_the_sweep_finds_the_mails_of_a_worker_that_was_killed(
    asked: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
):
    initiative = scenes.initiative()
    invitation = scenes.invited(initiative)
    scenes.offered(initiative)
    notice = HelpNotice.objects.get()

    def killed(self: EmailMultiAlternatives) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", killed)
        with pytest.raises(SystemExit):
            tasks.send_invitation(invitation.pk)
        with pytest.raises(SystemExit):
            tasks.send_help_notice(notice.pk)
        assert tasks.sweep_mails() == 0
    later = after(1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert tasks.sweep_mails() == 2
    assert asked == [("send_invitation", invitation.pk), ("send_help_notice", notice.pk)]

    tasks.send_invitation(invitation.pk)
    tasks.send_help_notice(notice.pk)

    assert len(mail.outbox) == 2
    assert tasks.sweep_mails() == 0


def test_the_sweep_finds_what_no_worker_was_ever_asked_for(asked: list[tuple[str, int]]):
    """The broker was away when it was written."""
    invitation = scenes.invited(
        scenes.initiative(), now=timezone.now() - LOST_AFTER - datetime.timedelta(seconds=1)
    )
    assert tasks.sweep_mails() == 1
    assert asked == [("send_invitation", invitation.pk)]


def test_a_mail_server_that_refuses_is_asked_ever_later_and_then_no_more(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    invitation = scenes.invited(scenes.initiative(), "buur@voorbeeld.test")

    def refused(self: EmailMultiAlternatives) -> None:
        raise SMTPRecipientsRefused({"buur@voorbeeld.test": (550, b"no such buur@voorbeeld.test")})

    monkeypatch.setattr(EmailMultiAlternatives, "send", refused)
    moment = timezone.now()
    for tries in range(MAX_MAIL_TRIES):
        assert not mails.send_invitation(invitation.pk, now=moment)
        moment += LOST_AFTER * 2 ** (tries + 1) + datetime.timedelta(seconds=1)
        due = Invitation.objects.lost_at(moment).exists()
        assert due == (tries + 1 < MAX_MAIL_TRIES)

    assert not Invitation.objects.lost_at(moment + datetime.timedelta(days=9)).exists()
    assert "buur@voorbeeld.test" not in caplog.text
    # The invitation itself still holds: it stands on one's own page.
    assert Invitation.objects.get().outcome == ""


def test_an_invitation_that_was_answered_is_not_mailed():
    initiative = scenes.initiative()
    scenes.joined(initiative)
    tasks.send_invitation(Invitation.objects.get().pk)
    assert mail.outbox == []


def test_a_closed_account_gets_no_mail():
    initiative = scenes.initiative()
    scenes.offered(initiative)
    initiative.author.is_active = False
    initiative.author.save()
    tasks.send_help_notice(HelpNotice.objects.get().pk)
    assert mail.outbox == []


def test_an_address_from_which_mail_came_back_gets_none():
    author, invited = scenes.person("Anna"), scenes.person("Bilal")
    initiative = scenes.initiative(author=author)
    invitation = scenes.invited(initiative, invited.email)
    scenes.offered(initiative)
    for person in (author, invited):
        stop_mail(person=person, why="bounced")

    tasks.send_invitation(invitation.pk)
    tasks.send_help_notice(HelpNotice.objects.get().pk)

    assert mail.outbox == []
    invitation.refresh_from_db()
    assert invitation.mailed_at, "It stands in their inbox, and is not tried again and again."
    assert Event.objects.filter(kind="invited", subject_id=invitation.pk).exists()


@pytest.mark.parametrize("chosen", ["a pause", "no mail about themselves"])
def test_who_chose_to_get_none_finds_it_on_the_site(chosen: str):
    author, invited = scenes.person(), scenes.person()
    initiative = scenes.initiative(author=author)
    invitation = scenes.invited(initiative, invited.email)
    scenes.offered(initiative)
    for person in (author, invited):
        if chosen == "a pause":
            pause(person=person, paused=True)
        else:
            choose(person=person, fields={}, choices={("about_you", "mail"): False})

    tasks.send_invitation(invitation.pk)
    tasks.send_help_notice(HelpNotice.objects.get().pk)

    assert mail.outbox == []
    invitation.refresh_from_db()
    assert invitation.mailed_at
    assert Event.objects.filter(kind="invited", subject_id=invitation.pk).exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_take_up_one_mail_at_once_one_sends_it():
    scenes.offered(scenes.initiative())
    pk = HelpNotice.objects.get().pk

    at_once([lambda: tasks.send_help_notice(pk)] * CALLERS)

    assert len(mail.outbox) == 1
